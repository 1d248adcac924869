//! `journal.jsonl`: appended, synced, each line with its own digest. Lines that belong to one commit
//! carry `"more":true` but for the last: they count together or not at all.

use super::disk;
use super::format::{Entry, Op};
use crate::diagnostic::{Exit, Failure};
use crate::film::time::Instant;
use anyhow::{Context, Result};
use serde_json::{Map, Value};
use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::Path;

/// The journal as read.
#[derive(Debug, Default)]
pub struct Journal {
    pub entries: Vec<Entry>,
    /// Bytes that make whole lines; what lies behind them is a torn tail.
    pub sound: u64,
    pub torn: bool,
}

/// Reads a journal. A last line without its end is torn: it is dropped and reported. A whole line
/// that is wrong, or out of order, is damage: exit 74.
pub fn read(path: &Path) -> Result<Journal> {
    let bytes = disk::read(path)?;
    let mut journal = Journal::default();
    let mut at = 0usize;
    let mut number = 0;
    let mut group: Vec<Entry> = Vec::new();
    while at < bytes.len() {
        number += 1;
        let end = bytes[at..].iter().position(|b| *b == b'\n').map(|n| at + n);
        let line = &bytes[at..end.unwrap_or(bytes.len())];
        match (decode(line), end) {
            (Ok((entry, more)), Some(e)) => {
                let before = group.last().or(journal.entries.last());
                let wanted = before.map_or(1, |b| b.seq + 1);
                if entry.seq != wanted {
                    let why = format!("line {wanted} is missing or stands twice");
                    return Err(damaged(path, number, &why).into());
                }
                group.push(entry);
                at = e + 1;
                if !more {
                    journal.entries.append(&mut group);
                    journal.sound = at as u64;
                }
            }
            (_, None) => {
                journal.torn = true;
                break;
            }
            (Err(why), Some(_)) => return Err(damaged(path, number, &why).into()),
        }
    }
    // A commit whose last line never came did not happen.
    journal.torn |= !group.is_empty();
    Ok(journal)
}

/// Which run a journal is of, by its first line alone; `None` where that cannot be read.
pub fn lineage(path: &Path) -> Option<String> {
    let mut line = Vec::new();
    let first = BufReader::new(File::open(path).ok()?).read_until(b'\n', &mut line);
    line.truncate(first.ok()?.checked_sub(1)?);
    match decode(&line).ok()?.0.op {
        Op::Created { lineage, .. } => Some(lineage),
        _ => None,
    }
}

fn damaged(path: &Path, line: usize, why: &str) -> Failure {
    Failure::new(Exit::Disk, format!("the journal is damaged: {why}"))
        .at(path.display().to_string(), line, 1)
        .hint("restore the file from a backup; nothing more is written to this run")
}

/// Appends the entries of one commit: the moment they are synced, it has happened.
pub fn append(path: &Path, entries: &[Entry]) -> Result<()> {
    let mut lines = String::new();
    for (i, entry) in entries.iter().enumerate() {
        lines.push_str(&encode(entry, i + 1 < entries.len())?);
        lines.push('\n');
    }
    disk::append(path, lines.as_bytes())
}

fn encode(entry: &Entry, more: bool) -> Result<String> {
    let mut map = Map::new();
    map.insert("seq".into(), entry.seq.into());
    map.insert("at".into(), entry.at.to_string().into());
    map.insert("actor".into(), entry.actor.clone().into());
    match &entry.op {
        Op::Other(Value::Object(fields)) => map.extend(fields.clone()),
        op => {
            if let Value::Object(fields) =
                serde_json::to_value(op).context("cannot write a journal line")?
            {
                map.extend(fields);
            }
        }
    }
    if more {
        map.insert("more".into(), true.into());
    }
    // The digest signs the line's own bytes: numbers need not survive being read and written.
    let line = Value::Object(map).to_string();
    let signed = line.strip_suffix('}').unwrap_or(&line);
    Ok(format!("{signed},{MARK}{}\"}}", digest(signed)))
}

const MARK: &str = "\"digest\":\"";

/// Reads a line; whether more of its commit follows.
fn decode(line: &[u8]) -> Result<(Entry, bool), String> {
    let text = std::str::from_utf8(line).map_err(|e| e.to_string())?;
    let (signed, tail) = text.rsplit_once(&format!(",{MARK}")).ok_or("no digest")?;
    if tail.strip_suffix("\"}") != Some(digest(signed).as_str()) {
        return Err("its digest does not fit".to_owned());
    }
    let Value::Object(mut map) = serde_json::from_str(text).map_err(|e| e.to_string())? else {
        return Err("not an object".to_owned());
    };
    map.remove("digest");
    let more = map.remove("more").is_some_and(|m| m == true);
    let seq = map.remove("seq").and_then(|v| v.as_u64()).ok_or("no seq")?;
    let at = map
        .remove("at")
        .and_then(|v| v.as_str().map(Instant::parse))
        .ok_or("no time")??;
    let actor = map
        .remove("actor")
        .and_then(|v| v.as_str().map(str::to_owned))
        .unwrap_or_default();
    let fields = Value::Object(map);
    let op = serde_json::from_value(fields.clone()).unwrap_or(Op::Other(fields));
    Ok((Entry { seq, at, actor, op }, more))
}

fn digest(signed: &str) -> String {
    blake3::hash(signed.as_bytes()).to_hex()[..16].to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unknown_lines_are_kept_and_torn_ones_dropped() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("journal.jsonl");
        let entry = |seq| Entry {
            seq,
            at: Instant::from_millis(0),
            actor: "ines".into(),
            op: Op::Other(serde_json::json!({"op": "from_the_future", "x": 1})),
        };
        append(&path, &[entry(1)]).unwrap();
        append(&path, &[entry(2), entry(3)]).unwrap();
        append(&path, &[entry(4)]).unwrap();
        let whole = disk::read(&path).unwrap();
        for cut in 0..whole.len() {
            disk::write_scratch(&path, &whole[..cut]).unwrap();
            let journal = read(&path).unwrap();
            let lines = whole[..cut].iter().filter(|b| **b == b'\n').count();
            // The second and third line are one commit.
            assert_eq!(journal.entries.len(), [0, 1, 1, 3, 4][lines]);
        }
        let mut damaged = whole;
        damaged[12] ^= 1;
        disk::write_scratch(&path, &damaged).unwrap();
        assert!(read(&path).is_err());
    }
}
