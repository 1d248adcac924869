//! The finished film, measured: what a viewer would trip over.

use super::encode::Encoded;
use super::segments::Segment;
use super::sound::Loudness;
use crate::film::assets::Assets;
use crate::film::audio::Mix;
use crate::film::caption::{self, Caption};
use crate::film::shot::Move;
use crate::film::timeline::Timeline;
use crate::media::probe::Probe;
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Report {
    pub seconds: f64,
    pub frames: i64,
    pub loudness: Loudness,
    /// What is outside its limits; none is a good film.
    pub faults: Vec<String>,
    pub notes: Vec<String>,
}

/// Judges a film by its container, its composed frames and its decoded sound.
pub(super) fn judge(
    timeline: &Timeline,
    assets: &Assets,
    probe: Option<&Probe>,
    parts: &[Segment],
    segments: &[Encoded],
    loudness: Loudness,
    mix: &Mix,
) -> Report {
    let rate = timeline.rate;
    let frame = 1.0 / rate.fps();
    let mut faults = Vec::new();
    let mut notes = Vec::new();
    match probe {
        Some(p) => {
            if p.video.len() != 1 || p.audio.len() != 1 {
                faults.push(format!(
                    "{} video and {} audio streams instead of one each",
                    p.video.len(),
                    p.audio.len()
                ));
            }
            if let Some(v) = p.video.first() {
                if v.frames.is_some_and(|n| n != timeline.total.0) {
                    faults.push(format!(
                        "{} frames instead of {}",
                        v.frames.unwrap_or(0),
                        timeline.total.0
                    ));
                }
                if (v.seconds - timeline.seconds()).abs() > frame {
                    faults.push(format!(
                        "the picture lasts {:.3} s instead of {:.3} s",
                        v.seconds,
                        timeline.seconds()
                    ));
                }
            }
            if let (Some(v), Some(a)) = (p.video.first(), p.audio.first())
                && (v.seconds - a.seconds).abs() > frame.max(0.030)
            {
                faults.push(format!(
                    "picture and sound differ by {:.3} s",
                    (v.seconds - a.seconds).abs()
                ));
            }
        }
        None => notes.push("ffprobe is missing, so the container was not checked".to_owned()),
    }
    let black: u32 = segments.iter().map(|s| s.facts.black).sum();
    let allowed = rate.frames(3.0).0 as u32;
    if black > allowed && i64::from(black) * 3 > timeline.total.0 {
        faults.push(format!("{black} of {} frames are black", timeline.total.0));
    }
    for (part, encoded) in parts.iter().zip(segments) {
        let Some(asset) = assets.get(&part.shows) else {
            continue;
        };
        let moves = asset.clip.is_none() && asset.movement != Move::Static;
        if !moves || f64::from(encoded.facts.still) <= rate.fps() {
            continue;
        }
        let text = format!(
            "{} should move and stands still for {:.1} s from {} on",
            part.shows,
            f64::from(encoded.facts.still) / rate.fps(),
            rate.timecode(part.start)
        );
        // No move shows on a card of one colour, and that is the person's who gave it.
        if asset.layers.is_empty() {
            notes.push(text);
        } else {
            faults.push(text);
        }
    }
    if loudness.integrated_lufs.is_finite()
        && (loudness.integrated_lufs - mix.target_lufs).abs() > 1.0
    {
        let text = format!(
            "{:.1} LUFS instead of {:.1}",
            loudness.integrated_lufs, mix.target_lufs
        );
        if loudness.integrated_lufs < -60.0 {
            faults.push("the film is silent".to_owned())
        } else {
            notes.push(text)
        }
    } else if !loudness.integrated_lufs.is_finite() {
        faults.push("the film is silent".to_owned());
    }
    if loudness.true_peak_db > mix.true_peak_db {
        faults.push(format!(
            "a true peak of {:.1} dB, above {:.1}",
            loudness.true_peak_db, mix.true_peak_db
        ));
    }
    for c in &timeline.captions {
        faults.extend(overlong(c, timeline));
    }
    for pair in timeline.captions.windows(2) {
        if pair[1].start < pair[0].end {
            faults.push(format!(
                "captions overlap at {}",
                rate.timecode(pair[1].start)
            ));
        }
    }
    let mut missing: Vec<char> = segments
        .iter()
        .flat_map(|s| s.facts.missing.chars())
        .collect();
    missing.sort_unstable();
    missing.dedup();
    if !missing.is_empty() {
        let list: Vec<String> = missing
            .iter()
            .map(|c| format!("{c} (U+{:04X})", *c as u32))
            .collect();
        faults.push(format!(
            "no font on this machine has {}: left out of the picture, whole in the subtitle files; install a font for that script, or set `captions: soft` in run.yaml",
            list.join(", ")
        ));
    }
    let fast = timeline
        .captions
        .iter()
        .filter(|c| {
            c.lines.join(" ").chars().count() as f64 / rate.seconds(c.end - c.start)
                > caption::CHARACTERS_A_SECOND * 1.25
        })
        .count();
    if fast > 0 {
        notes.push(format!(
            "{fast} captions run faster than {} characters a second",
            caption::CHARACTERS_A_SECOND
        ));
    }
    Report {
        seconds: timeline.seconds(),
        frames: timeline.total.0,
        loudness,
        faults,
        notes,
    }
}

fn overlong(c: &Caption, timeline: &Timeline) -> Option<String> {
    let width = caption::characters_a_line(timeline.format);
    (c.lines.len() > 2 || c.lines.iter().any(|l| l.chars().count() > width)).then(|| {
        format!(
            "the caption at {} does not fit: {:?}",
            timeline.rate.timecode(c.start),
            c.lines.join(" / ")
        )
    })
}
