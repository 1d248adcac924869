//! JSON patches: checked whole, applied whole or not at all.

use crate::diagnostic::{Exit, Failure, Problem, nearest};
use crate::film::audio::{Audio, CueKind, LEVEL_LIMIT_DB};
use crate::film::document;
use crate::film::outline::Outline;
use crate::film::stage::Stage;
use crate::film::storyboard::Storyboard;
use crate::film::time::{Frames, Rate, tidy};
use serde::Deserialize;
use unicode_normalization::UnicodeNormalization;
use unicode_segmentation::UnicodeSegmentation;

/// The most bytes a patch may hold.
pub const MOST_BYTES: usize = 1024 * 1024;
const MOST_REPLACEMENTS: usize = 1000;

/// The types of patches, with an example each that works on the right content.
pub const TYPES: [(&str, &str, &str); 3] = [
    (
        "text_replace",
        "change words of the script",
        r#"{"type":"text_replace","replacements":[{"old":"Good morning.","new":"Good evening."}]}"#,
    ),
    (
        "duration_adjust",
        "change the length of beats or shots",
        r#"{"type":"duration_adjust","beat_adjustments":[{"beat_id":"ext_pier_dawn","duration":8.0}]}"#,
    ),
    (
        "level_adjust",
        "make a cue, or all of it, louder or quieter",
        r#"{"type":"level_adjust","level_change_db":-3.0,"cue":"m_01"}"#,
    ),
];

#[derive(Debug, Clone, PartialEq)]
pub struct Patch {
    pub kind: Kind,
    pub stage: Option<Stage>,
    /// Applies only if the stage's content has this fingerprint.
    pub base: Option<String>,
    pub request_id: Option<String>,
    pub reason: Option<String>,
}

#[derive(Debug, Clone, PartialEq)]
pub enum Kind {
    TextReplace(Vec<Replacement>),
    DurationAdjust(Vec<Adjustment>),
    LevelAdjust { change_db: f64, cue: Option<String> },
}

#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Replacement {
    pub old: String,
    pub new: String,
    /// Counted from one.
    #[serde(default)]
    pub occurrence: Option<usize>,
    #[serde(default)]
    pub all: bool,
}

#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Adjustment {
    #[serde(default)]
    pub beat_id: Option<String>,
    #[serde(default)]
    pub shot_id: Option<String>,
    /// Seconds.
    pub duration: f64,
    /// The seconds it must have now.
    #[serde(default)]
    pub expect: Option<f64>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Typed {
    r#type: String,
    #[serde(default)]
    stage: Option<String>,
    #[serde(default)]
    base: Option<String>,
    #[serde(default)]
    request_id: Option<String>,
    #[serde(default)]
    reason: Option<String>,
    #[serde(default)]
    replacements: Option<Vec<Replacement>>,
    #[serde(default)]
    beat_adjustments: Option<Vec<Adjustment>>,
    #[serde(default)]
    level_change_db: Option<f64>,
    #[serde(default)]
    cue: Option<String>,
}

/// Reads a patch; whatever is wrong with its form is exit 65.
pub fn parse(text: &str, file: &str) -> Result<Patch, Failure> {
    let bad = |message: String| {
        Failure::new(Exit::Invalid, message)
            .at(file, 0, 0)
            .hint("`greenlight patch types` shows an example of each")
    };
    if text.len() > MOST_BYTES {
        return Err(bad(format!(
            "a patch holds at most {MOST_BYTES} bytes, this one has {}",
            text.len()
        )));
    }
    let typed: Typed = serde_json::from_str(text).map_err(|e| {
        Failure::new(
            Exit::Invalid,
            e.to_string()
                .split(" at line ")
                .next()
                .unwrap_or("not JSON")
                .to_owned(),
        )
        .at(file, e.line(), e.column())
        .hint("`greenlight patch types` shows an example of each")
    })?;
    let stage = match &typed.stage {
        Some(name) => Some(name.parse::<Stage>().map_err(&bad)?),
        None => None,
    };
    let only = |allowed: &[&str]| -> Result<(), Failure> {
        for (name, there) in [
            ("replacements", typed.replacements.is_some()),
            ("beat_adjustments", typed.beat_adjustments.is_some()),
            ("level_change_db", typed.level_change_db.is_some()),
            ("cue", typed.cue.is_some()),
        ] {
            if there && !allowed.contains(&name) {
                return Err(bad(format!(
                    "`{name}` does not belong to a {} patch",
                    typed.r#type
                )));
            }
        }
        Ok(())
    };
    let missing = |name: &str| bad(format!("a {} patch needs `{name}`", typed.r#type));
    let kind = match typed.r#type.as_str() {
        "text_replace" => {
            only(&["replacements"])?;
            let list = typed
                .replacements
                .clone()
                .filter(|l| !l.is_empty())
                .ok_or_else(|| missing("replacements"))?;
            if list.len() > MOST_REPLACEMENTS {
                return Err(bad(format!(
                    "at most {MOST_REPLACEMENTS} replacements in one patch"
                )));
            }
            for (i, r) in list.iter().enumerate() {
                if r.old.is_empty() {
                    return Err(bad(format!("replacements[{i}]: `old` is empty")));
                }
                if r.occurrence == Some(0) || (r.occurrence.is_some() && r.all) {
                    return Err(bad(format!(
                        "replacements[{i}]: `occurrence` counts from 1, and does not go with `all`"
                    )));
                }
                if r.new.contains('\0') {
                    return Err(bad(format!("replacements[{i}]: `new` holds a zero byte")));
                }
            }
            Kind::TextReplace(list)
        }
        "duration_adjust" => {
            only(&["beat_adjustments"])?;
            let list = typed
                .beat_adjustments
                .clone()
                .filter(|l| !l.is_empty())
                .ok_or_else(|| missing("beat_adjustments"))?;
            for (i, a) in list.iter().enumerate() {
                if !a.duration.is_finite() || a.duration <= 0.0 || a.duration > 3600.0 {
                    return Err(bad(format!(
                        "beat_adjustments[{i}]: `duration` lies above 0 and up to 3600 seconds"
                    )));
                }
                if a.beat_id.is_some() == a.shot_id.is_some() {
                    return Err(bad(format!(
                        "beat_adjustments[{i}]: give either `beat_id` or `shot_id`"
                    )));
                }
            }
            Kind::DurationAdjust(list)
        }
        "level_adjust" => {
            only(&["level_change_db", "cue"])?;
            let change = typed
                .level_change_db
                .ok_or_else(|| missing("level_change_db"))?;
            if !change.is_finite() || change.abs() > LEVEL_LIMIT_DB {
                return Err(bad(format!(
                    "`level_change_db` lies between -{LEVEL_LIMIT_DB} and {LEVEL_LIMIT_DB}"
                )));
            }
            Kind::LevelAdjust {
                change_db: change,
                cue: typed.cue.clone(),
            }
        }
        other => {
            let hint = match nearest(other, TYPES.iter().map(|t| t.0)) {
                Some(name) => format!("did you mean `{name}`?"),
                None => format!("types are {}", TYPES.map(|t| t.0).join(", ")),
            };
            return Err(
                Failure::new(Exit::Invalid, format!("`{other}` is not a type of patch"))
                    .at(file, document::line_of(text, "type"), 0)
                    .hint(hint),
            );
        }
    };
    Ok(Patch {
        kind,
        stage,
        base: typed.base,
        request_id: typed.request_id,
        reason: typed.reason,
    })
}

impl Patch {
    /// The stage it changes; lengths belong to the storyboard once there is one, before to the
    /// outline.
    pub fn target(&self, has_storyboard: bool) -> Stage {
        match (&self.kind, self.stage) {
            (_, Some(stage)) => stage,
            (Kind::TextReplace(_), None) => Stage::Script,
            (Kind::LevelAdjust { .. }, None) => Stage::Audio,
            (Kind::DurationAdjust(_), None) if has_storyboard => Stage::Storyboard,
            (Kind::DurationAdjust(_), None) => Stage::Outline,
        }
    }

    pub fn type_name(&self) -> &'static str {
        match self.kind {
            Kind::TextReplace(_) => "text_replace",
            Kind::DurationAdjust(_) => "duration_adjust",
            Kind::LevelAdjust { .. } => "level_adjust",
        }
    }
}

/// A patch worked out, not yet kept.
#[derive(Debug, Clone, PartialEq)]
pub struct Outcome {
    pub text: String,
    /// What it did, for people.
    pub report: Vec<String>,
}

fn unfit(message: impl Into<String>) -> Failure {
    Failure::new(Exit::Conflict, message)
}

/// Applies a patch to the text of its stage's document (exit 6 if it does not fit).
pub fn apply(patch: &Patch, stage: Stage, text: &str, rate: Rate) -> Result<Outcome, Failure> {
    let file = stage.document().unwrap_or("render");
    match (&patch.kind, stage) {
        (Kind::TextReplace(list), Stage::Script) => replace(list, text),
        (Kind::TextReplace(list), _) if stage.document().is_some() => replace(list, text),
        (Kind::DurationAdjust(list), Stage::Storyboard) => {
            let board: Storyboard = document::read(text, file)?;
            adjust_board(list, board, text, rate)
        }
        (Kind::DurationAdjust(list), Stage::Outline) => {
            let outline: Outline = document::read(text, file)?;
            adjust_outline(list, outline, text)
        }
        (Kind::LevelAdjust { change_db, cue }, Stage::Audio) => {
            let audio: Audio = document::read(text, file)?;
            adjust_level(*change_db, cue.as_deref(), audio, text)
        }
        _ => Err(unfit(format!(
            "a {} patch does not work on the {stage} stage",
            patch.type_name()
        ))),
    }
}

/// A text with LF line ends in NFC, and where each of its bytes came from.
struct Folded {
    text: String,
    /// (offset in `text`, offset in the original), at every grapheme.
    marks: Vec<(usize, usize)>,
}

impl Folded {
    fn new(original: &str) -> Folded {
        let mut text = String::with_capacity(original.len());
        let mut marks = Vec::new();
        for (at, grapheme) in original.grapheme_indices(true) {
            marks.push((text.len(), at));
            if grapheme == "\r\n" || grapheme == "\r" {
                text.push('\n');
            } else {
                text.extend(grapheme.nfc());
            }
        }
        marks.push((text.len(), original.len()));
        Folded { text, marks }
    }

    /// Where an offset of `text` lies in the original, if it is at the edge of a grapheme.
    fn original(&self, at: usize) -> Option<usize> {
        self.marks
            .binary_search_by_key(&at, |m| m.0)
            .ok()
            .map(|i| self.marks[i].1)
    }
}

fn replace(list: &[Replacement], text: &str) -> Result<Outcome, Failure> {
    let folded = Folded::new(text);
    let mut spans: Vec<(usize, usize, &str)> = Vec::new();
    let mut problems: Vec<Problem> = Vec::new();
    let mut report = Vec::new();
    for (i, r) in list.iter().enumerate() {
        let old = Folded::new(&r.old).text;
        let hits: Vec<usize> = folded
            .text
            .match_indices(&old)
            .map(|(at, _)| at)
            .filter(|at| {
                folded.original(*at).is_some() && folded.original(at + old.len()).is_some()
            })
            .collect();
        let chosen: Vec<usize> = match (hits.len(), r.occurrence, r.all) {
            (0, ..) => {
                let mut p = Problem::new(format!(
                    "replacements[{i}]: the text does not hold {:?}",
                    brief(&r.old)
                ));
                if let Some((line, near)) = near_miss(&folded.text, &old) {
                    p = p.hint(format!("line {line} holds {:?}", brief(near)));
                }
                problems.push(p);
                continue;
            }
            (_, None, true) => hits,
            (n, Some(k), _) if k <= n => vec![hits[k - 1]],
            (n, Some(k), _) => {
                problems.push(Problem::new(format!(
                    "replacements[{i}]: occurrence {k} of {n}"
                )));
                continue;
            }
            (1, None, false) => hits,
            (n, None, false) => {
                problems.push(
                    Problem::new(format!(
                        "replacements[{i}]: {:?} stands {n} times",
                        brief(&r.old)
                    ))
                    .hint("give `occurrence`, counted from 1, or `all: true`"),
                );
                continue;
            }
        };
        report.push(format!(
            "{:?} → {:?}{}",
            brief(&r.old),
            brief(&r.new),
            if chosen.len() > 1 {
                format!(", {} times", chosen.len())
            } else {
                String::new()
            }
        ));
        for at in chosen {
            if let (Some(a), Some(b)) = (folded.original(at), folded.original(at + old.len())) {
                spans.push((a, b, &r.new));
            }
        }
    }
    spans.sort_by_key(|s| (s.0, s.1));
    for pair in spans.windows(2) {
        if pair[1].0 < pair[0].1 {
            problems.push(Problem::new(format!(
                "two replacements overlap at {:?}",
                brief(&text[pair[1].0..pair[1].1])
            )));
        }
    }
    if !problems.is_empty() {
        return Err(Failure::of(Exit::Conflict, problems));
    }
    let mut out = String::with_capacity(text.len());
    let mut from = 0;
    for (a, b, new) in spans {
        out.push_str(&text[from..a]);
        out.push_str(new);
        from = b;
    }
    out.push_str(&text[from..]);
    Ok(Outcome { text: out, report })
}

fn brief(text: &str) -> String {
    let line = text.lines().next().unwrap_or("");
    if line.chars().count() > 60 {
        format!("{}…", line.chars().take(59).collect::<String>())
    } else {
        line.to_owned()
    }
}

/// The line most like what was looked for, when it is alike enough to be meant.
fn near_miss<'a>(text: &'a str, old: &str) -> Option<(usize, &'a str)> {
    let wanted: Vec<String> = words(old.lines().next().unwrap_or(""));
    if wanted.is_empty() {
        return None;
    }
    text.lines()
        .enumerate()
        .map(|(i, line)| {
            let have = words(line);
            let shared = wanted.iter().filter(|w| have.contains(w)).count();
            (shared, i + 1, line)
        })
        .filter(|(shared, ..)| shared * 2 >= wanted.len())
        .max_by_key(|(shared, i, _)| (*shared, std::cmp::Reverse(*i)))
        .map(|(_, i, line)| (i, line.trim()))
}

fn words(text: &str) -> Vec<String> {
    text.to_lowercase()
        .split(|c: char| !c.is_alphanumeric())
        .filter(|w| !w.is_empty())
        .map(str::to_owned)
        .collect()
}

fn unknown(kind: &str, id: &str, known: &[String]) -> Problem {
    let p = Problem::new(format!("there is no {kind} `{id}`"));
    match nearest(id, known.iter().map(String::as_str)) {
        Some(near) => p.hint(format!("did you mean `{near}`?")),
        None => p.hint(format!("{kind}s are {}", known.join(", "))),
    }
}

fn expects(a: &Adjustment, id: &str, now: f64) -> Option<Problem> {
    let expected = a.expect?;
    ((expected - now).abs() > 0.0005).then(|| {
        Problem::new(format!(
            "`{id}` lasts {} s now, not the {} s expected",
            tidy(now),
            tidy(expected)
        ))
    })
}

/// Scales whole frames to a new sum; every share keeps at least one.
pub fn scale(frames: &[Frames], total: Frames) -> Vec<Frames> {
    let sum: i64 = frames.iter().map(|f| f.0.max(1)).sum();
    let target = total.0.max(frames.len() as i64);
    let mut out = Vec::with_capacity(frames.len());
    let (mut seen, mut given) = (0i64, 0i64);
    for (i, f) in frames.iter().enumerate() {
        seen += f.0.max(1);
        let left = (frames.len() - 1 - i) as i64;
        let upto = (i128::from(seen) * i128::from(target) / i128::from(sum.max(1))) as i64;
        let share = (upto - given).max(1).min(target - given - left).max(1);
        given += share;
        out.push(Frames(share));
    }
    out
}

fn adjust_board(
    list: &[Adjustment],
    mut board: Storyboard,
    text: &str,
    rate: Rate,
) -> Result<Outcome, Failure> {
    let beats: Vec<String> = board
        .beats
        .iter()
        .filter_map(|b| b.id.as_ref().map(ToString::to_string))
        .collect();
    let shots: Vec<String> = board.shots().map(|(_, s)| s.name().to_owned()).collect();
    let mut problems = Vec::new();
    let mut report = Vec::new();
    let mut touched: Vec<String> = Vec::new();
    for a in list {
        let wanted = rate.frames(a.duration).0.max(1);
        if let Some(id) = &a.beat_id {
            let Some(beat) = board
                .beats
                .iter_mut()
                .find(|b| b.id.as_ref().is_some_and(|i| i.as_str() == id))
            else {
                problems.push(unknown("beat", id, &beats));
                continue;
            };
            let now: Vec<Frames> = beat.shots.iter().map(|s| rate.frames(s.seconds)).collect();
            let sum: Frames = now.iter().copied().sum();
            problems.extend(expects(a, id, rate.seconds(sum)));
            if now.is_empty() {
                problems.push(Problem::new(format!("beat `{id}` has no shots")));
                continue;
            }
            let scaled = scale(&now, Frames(wanted));
            for (shot, frames) in beat.shots.iter_mut().zip(&scaled) {
                shot.seconds = tidy(rate.seconds(*frames));
                touched.push(shot.name().to_owned());
            }
            let total: Frames = scaled.into_iter().sum();
            report.push(format!(
                "{id}: {} s → {} s ({} frames)",
                tidy(rate.seconds(sum)),
                tidy(rate.seconds(total)),
                total.0
            ));
        } else if let Some(id) = &a.shot_id {
            let Some(shot) = board
                .beats
                .iter_mut()
                .flat_map(|b| &mut b.shots)
                .find(|s| s.name() == id)
            else {
                problems.push(unknown("shot", id, &shots));
                continue;
            };
            problems.extend(expects(a, id, shot.seconds));
            let new = tidy(rate.seconds(Frames(wanted)));
            report.push(format!(
                "{id}: {} s → {new} s ({wanted} frames)",
                tidy(shot.seconds)
            ));
            shot.seconds = new;
            touched.push(id.clone());
        }
    }
    for id in &touched {
        if touched.iter().filter(|t| *t == id).count() > 1 {
            problems.push(Problem::new(format!(
                "`{id}` is adjusted twice in one patch"
            )));
            break;
        }
    }
    if !problems.is_empty() {
        return Err(Failure::of(Exit::Conflict, problems));
    }
    let edits: Vec<(String, String)> = touched
        .iter()
        .filter_map(|id| board.shot(id).map(|s| (id.clone(), number(s.seconds))))
        .collect();
    Ok(Outcome {
        text: edit_text(text, &board, "seconds", &edits, &mut report)?,
        report,
    })
}

fn adjust_outline(
    list: &[Adjustment],
    mut outline: Outline,
    text: &str,
) -> Result<Outcome, Failure> {
    let beats: Vec<String> = outline
        .beats
        .iter()
        .filter_map(|b| b.id.as_ref().map(ToString::to_string))
        .collect();
    let mut problems = Vec::new();
    let mut report = Vec::new();
    let mut edits = Vec::new();
    for a in list {
        let Some(id) = &a.beat_id else {
            problems.push(
                Problem::new("the outline has no shots yet").hint("name a beat with `beat_id`"),
            );
            continue;
        };
        let Some(beat) = outline
            .beats
            .iter_mut()
            .find(|b| b.id.as_ref().is_some_and(|i| i.as_str() == id))
        else {
            problems.push(unknown("beat", id, &beats));
            continue;
        };
        problems.extend(expects(a, id, beat.seconds));
        if edits
            .iter()
            .any(|(known, _): &(String, String)| known == id)
        {
            problems.push(Problem::new(format!(
                "`{id}` is adjusted twice in one patch"
            )));
        }
        report.push(format!(
            "{id}: {} s → {} s",
            tidy(beat.seconds),
            tidy(a.duration)
        ));
        beat.seconds = tidy(a.duration);
        edits.push((id.clone(), number(beat.seconds)));
    }
    if !problems.is_empty() {
        return Err(Failure::of(Exit::Conflict, problems));
    }
    Ok(Outcome {
        text: edit_text(text, &outline, "seconds", &edits, &mut report)?,
        report,
    })
}

fn adjust_level(
    change: f64,
    cue: Option<&str>,
    mut audio: Audio,
    text: &str,
) -> Result<Outcome, Failure> {
    let known: Vec<String> = audio.cues.iter().map(|c| c.id.to_string()).collect();
    let mut report = Vec::new();
    let mut edits = Vec::new();
    let bounded = |what: &str, now: f64, limit: f64| -> Result<f64, Failure> {
        let sum = now + change;
        if sum.abs() > limit {
            Err(unfit(format!(
                "{what} would stand at {sum:+.1} dB; the limit is ±{limit:.0} dB"
            )))
        } else {
            Ok(tidy(sum))
        }
    };
    match cue {
        Some(name) => {
            let kind = match name {
                "music" => Some(CueKind::Music),
                "voice" | "voices" => Some(CueKind::Voice),
                "sound" | "sounds" => Some(CueKind::Sound),
                _ => None,
            };
            let mut any = false;
            for c in &mut audio.cues {
                if c.id.as_str() == name || Some(c.kind) == kind {
                    let new = bounded(c.id.as_str(), c.level_db, LEVEL_LIMIT_DB)?;
                    report.push(format!("{}: {:+.1} dB → {new:+.1} dB", c.id, c.level_db));
                    c.level_db = new;
                    edits.push((c.id.to_string(), number(new)));
                    any = true;
                }
            }
            if !any {
                return Err(Failure::of(
                    Exit::Conflict,
                    vec![unknown("cue", name, &known)],
                ));
            }
            Ok(Outcome {
                text: edit_text(text, &audio, "level_db", &edits, &mut report)?,
                report,
            })
        }
        None => {
            let new = tidy(audio.mix.target_lufs + change);
            if !(-40.0..=-6.0).contains(&new) {
                return Err(unfit(format!(
                    "the film would stand at {new} LUFS; it must lie between -40 and -6"
                )));
            }
            report.push(format!(
                "the whole film: {} LUFS → {new} LUFS",
                audio.mix.target_lufs
            ));
            audio.mix.target_lufs = new;
            let text = match document::set_top(text, "target_lufs", &number(new))
                .filter(|t| document::read::<Audio>(t, "").ok().as_ref() == Some(&audio))
            {
                Some(text) => text,
                None => rewritten(&audio, &mut report)?,
            };
            Ok(Outcome { text, report })
        }
    }
}

fn number(n: f64) -> String {
    let text = format!("{n}");
    if text.contains('.') {
        text
    } else {
        format!("{text}.0")
    }
}

/// Changes single numbers in a text, so that comments and order stay; the result must read as
/// intended, else the file is written anew and the report says so.
fn edit_text<T: serde::Serialize + serde::de::DeserializeOwned + PartialEq>(
    text: &str,
    intended: &T,
    key: &str,
    edits: &[(String, String)],
    report: &mut Vec<String>,
) -> Result<String, Failure> {
    let mut out = Some(text.to_owned());
    for (id, value) in edits {
        out = out.and_then(|t| document::set_in_item(&t, id, key, value));
    }
    match out.filter(|t| document::read::<T>(t, "").ok().as_ref() == Some(intended)) {
        Some(text) => Ok(text),
        None => rewritten(intended, report),
    }
}

fn rewritten<T: serde::Serialize>(
    intended: &T,
    report: &mut Vec<String>,
) -> Result<String, Failure> {
    report.push("the file was written anew; its comments stay in the version before".to_owned());
    document::write(intended).map_err(|e| Failure::new(Exit::Other, e.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn replacements_are_exact_and_keep_all_else() {
        let text = "A\r\nGood morning.\r\nCafe\u{301} closed.\r\n";
        let patch = |json: &str| {
            apply(
                &parse(json, "p").unwrap(),
                Stage::Script,
                text,
                Rate::DEFAULT,
            )
        };
        let out = patch(r#"{"type":"text_replace","replacements":[{"old":"A\nGood","new":"B\nBad"},{"old":"Café","new":"Bar"}]}"#).unwrap();
        assert_eq!(out.text, "B\nBad morning.\r\nBar closed.\r\n");
        let e =
            patch(r#"{"type":"text_replace","replacements":[{"old":"Good mornin!","new":"x"}]}"#)
                .unwrap_err();
        assert_eq!(e.exit, Exit::Conflict);
        assert!(
            patch(r#"{"type":"text_replace","replacements":[{"old":"o","new":"x"}]}"#).is_err()
        );
        assert!(patch(r#"{"type":"text_replace","replacements":[{"old":"Good m","new":"x"},{"old":"morning","new":"y"}]}"#).is_err());
    }

    #[test]
    fn malformed_patches_are_65() {
        for json in [
            "{",
            "[]",
            r#"{"type":"text_replace"}"#,
            r#"{"type":"text_replace","replacements":[{"old":"","new":"x"}]}"#,
            r#"{"type":"nope"}"#,
            r#"{"type":"level_adjust","level_change_db":1,"x":2}"#,
            r#"{"type":"level_adjust","level_change_db":1,"level_change_db":2}"#,
            r#"{"type":"level_adjust","level_change_db":1e999}"#,
            r#"{"type":"duration_adjust","beat_adjustments":[{"beat_id":"a","duration":-1}]}"#,
        ] {
            assert_eq!(parse(json, "p").unwrap_err().exit, Exit::Invalid, "{json}");
        }
        for (_, _, example) in TYPES {
            parse(example, "p").unwrap();
        }
    }

    #[test]
    fn comments_survive_a_new_length() {
        let text = "schema: 1\nbeats:\n  - id: a   # first\n    heading: A\n    shots:\n      - id: s01_010\n        size: WS\n        seconds: 4.0  # long\n        prompt: x\n      - id: s01_020\n        seconds: 2\n        size: CU\n        prompt: y\n";
        let p = parse(
            r#"{"type":"duration_adjust","beat_adjustments":[{"beat_id":"a","duration":9}]}"#,
            "p",
        )
        .unwrap();
        let out = apply(&p, Stage::Storyboard, text, Rate::DEFAULT).unwrap();
        assert_eq!(
            out.text,
            text.replace("4.0  # long", "6.0  # long")
                .replace("seconds: 2\n", "seconds: 3.0\n")
        );
    }

    #[test]
    fn scaling_is_exact() {
        let f = |v: &[i64]| v.iter().map(|n| Frames(*n)).collect::<Vec<_>>();
        for (frames, total) in [
            (f(&[100, 50, 7]), 999),
            (f(&[1, 1, 1]), 3),
            (f(&[500, 1]), 2),
            (f(&[3, 3, 3]), 1),
        ] {
            let out = scale(&frames, Frames(total));
            assert_eq!(
                out.iter().map(|f| f.0).sum::<i64>(),
                total.max(frames.len() as i64)
            );
            assert!(out.iter().all(|f| f.0 >= 1));
        }
    }
}
