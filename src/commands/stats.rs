//! `stats`: how the work went, from the journals alone; it is sent nowhere.

use super::{Desk, Outcome};
use crate::cli::Stats;
use crate::film::stage::Stage;
use crate::film::time::{Instant, spoken};
use crate::plan::gate::Verdict;
use crate::store::format::{Op, VersionKind};
use crate::store::{journal, layout::Layout};
use crate::ui::printer;
use anyhow::Result;
use serde::Serialize;
use serde_json::json;
use std::collections::BTreeMap;
use std::path::Path;

#[derive(Debug, Default, Serialize)]
struct StageStats {
    /// Openings that were decided, and how long each waited, in seconds.
    decided: usize,
    waited_s: f64,
    longest_wait_s: f64,
    /// Openings of the gate: how many rounds it took.
    rounds: usize,
    approved: usize,
    rejected: usize,
    by: BTreeMap<String, usize>,
    regenerations: usize,
    hand_edits: usize,
    patches: usize,
    messages: usize,
    /// Runs that were left here: made last, and the film not there.
    left_here: usize,
}

#[derive(Debug, Default, Serialize)]
struct Totals {
    runs: usize,
    finished: usize,
    share_finished: f64,
    /// From `new` to the film, in seconds.
    to_film_s: Vec<f64>,
    median_to_film_s: Option<f64>,
    ratings: Vec<u8>,
    average_rating: Option<f64>,
    stages: BTreeMap<Stage, StageStats>,
}

impl Totals {
    fn at(&mut self, stage: Stage) -> &mut StageStats {
        self.stages.entry(stage).or_default()
    }
}

pub fn execute(desk: &Desk, args: Stats) -> Result<Outcome> {
    let roots = if args.all {
        desk.workspace.list()?
    } else {
        vec![desk.root(args.run.as_deref())?]
    };
    let mut totals = Totals::default();
    for stage in Stage::ALL {
        totals.stages.insert(stage, StageStats::default());
    }
    let mut warnings = Vec::new();
    for root in &roots {
        if let Err(e) = take_in(root, &mut totals) {
            if !args.all {
                return Err(e);
            }
            warnings.push(format!("{}: {e:#}", root.display()));
        }
    }
    finish(&mut totals);
    let mut outcome = Outcome::data(json!(totals), told(&totals));
    outcome.warnings = warnings;
    if let (false, [root]) = (args.all, roots.as_slice()) {
        outcome.run = root.file_name().map(|n| n.to_string_lossy().into_owned());
    }
    Ok(outcome)
}

fn take_in(root: &Path, totals: &mut Totals) -> Result<()> {
    let layout = Layout::new(root);
    let entries = journal::read(&layout.journal())?.entries;
    totals.runs += 1;
    let born = entries.first().map(|e| e.at);
    let mut opened: BTreeMap<String, (Stage, Instant)> = BTreeMap::new();
    let mut last = Stage::Outline;
    let mut film_at = None;
    for entry in &entries {
        match &entry.op {
            Op::GateOpened { stage, gate_id, .. } => {
                opened.insert(gate_id.clone(), (*stage, entry.at));
                totals.at(*stage).rounds += 1;
            }
            Op::Decided(d) => {
                totals.ratings.extend(d.rating);
                let stats = totals.at(d.stage);
                *stats.by.entry(d.by.clone()).or_default() += 1;
                match d.decision {
                    Verdict::Approve => stats.approved += 1,
                    Verdict::Reject => stats.rejected += 1,
                }
                // A gate is waited for once, however often it is decided again.
                if let Some((_, since)) = opened.remove(&d.gate_id) {
                    let waited = entry.at.seconds_since(since).max(0.0);
                    stats.decided += 1;
                    stats.waited_s += waited;
                    stats.longest_wait_s = stats.longest_wait_s.max(waited);
                }
            }
            Op::Regenerate { stage, .. } => totals.at(*stage).regenerations += 1,
            Op::Version(v) => {
                last = v.stage;
                match v.kind {
                    VersionKind::Edited => totals.at(v.stage).hand_edits += 1,
                    VersionKind::Patched => totals.at(v.stage).patches += 1,
                    _ => {}
                }
                if v.stage == Stage::Render && film_at.is_none() {
                    film_at = Some(entry.at);
                }
            }
            _ => {}
        }
    }
    for stage in Stage::ALL {
        let talk = layout.chat(stage);
        if let Ok(text) = std::fs::read_to_string(talk) {
            totals.at(stage).messages += text.lines().count();
        }
    }
    match (film_at, born) {
        (Some(film), Some(born)) => {
            totals.finished += 1;
            totals.to_film_s.push(film.seconds_since(born));
        }
        _ => totals.at(last).left_here += 1,
    }
    Ok(())
}

fn finish(totals: &mut Totals) {
    totals.share_finished = totals.finished as f64 / totals.runs.max(1) as f64;
    totals.to_film_s.sort_by(f64::total_cmp);
    totals.median_to_film_s = totals.to_film_s.get(totals.to_film_s.len() / 2).copied();
    let sum: u32 = totals.ratings.iter().map(|r| u32::from(*r)).sum();
    totals.average_rating =
        (!totals.ratings.is_empty()).then(|| f64::from(sum) / totals.ratings.len() as f64);
}

fn told(totals: &Totals) -> String {
    let rows: Vec<Vec<String>> = totals
        .stages
        .iter()
        .map(|(stage, s)| {
            let by: Vec<String> = s.by.iter().map(|(who, n)| format!("{who} {n}")).collect();
            let average = s.waited_s / s.decided.max(1) as f64;
            vec![
                stage.to_string(),
                s.rounds.to_string(),
                s.approved.to_string(),
                s.rejected.to_string(),
                if s.decided == 0 {
                    String::new()
                } else {
                    spoken(average)
                },
                by.join(", "),
                s.regenerations.to_string(),
                s.hand_edits.to_string(),
                s.patches.to_string(),
                s.left_here.to_string(),
            ]
        })
        .collect();
    let mut text = format!(
        "{} runs, {} finished ({:.0} %)",
        totals.runs,
        totals.finished,
        totals.share_finished * 100.0
    );
    if let Some(median) = totals.median_to_film_s {
        text.push_str(&format!("; from new to film {} (median)", spoken(median)));
    }
    if let Some(rating) = totals.average_rating {
        text.push_str(&format!("; rated {rating:.1} of 5"));
    }
    let header = [
        "stage",
        "rounds",
        "approved",
        "rejected",
        "waited",
        "by",
        "again",
        "edits",
        "patches",
        "left here",
    ];
    format!("{text}\n\n{}", printer::table(&header, &rows))
}
