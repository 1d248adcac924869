//! Lengths of beats and shots.

use super::{Adjustment, Outcome, unknown, with_numbers};
use crate::diagnostic::{Exit, Failure, Problem};
use crate::film::outline::Outline;
use crate::film::storyboard::Storyboard;
use crate::film::time::{Frames, Rate, tidy};

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

pub(super) fn board(
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
    let edits: Vec<(String, f64)> = touched
        .iter()
        .filter_map(|id| board.shot(id).map(|s| (id.clone(), s.seconds)))
        .collect();
    Ok(Outcome {
        text: with_numbers(text, &board, "seconds", &edits, &mut report)?,
        report,
    })
}

pub(super) fn outline(
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
    let mut edits: Vec<(String, f64)> = Vec::new();
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
        if edits.iter().any(|(known, _)| known == id) {
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
        edits.push((id.clone(), beat.seconds));
    }
    if !problems.is_empty() {
        return Err(Failure::of(Exit::Conflict, problems));
    }
    Ok(Outcome {
        text: with_numbers(text, &outline, "seconds", &edits, &mut report)?,
        report,
    })
}
