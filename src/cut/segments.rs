//! The film in pieces: each keyed by all that goes into its pixels and its encoding.

use super::compose::{COMPOSER, Dressing};
use crate::film::assets::{Asset, Assets};
use crate::film::time::Frames;
use crate::film::timeline::{Footage, Timeline};
use crate::media::encode::VideoSettings;
use crate::plan::fingerprint::Fingerprint;
use crate::plan::projection::Files;
use serde_json::{Value, json};

/// A stretch of frames whose pixels depend on few things.
#[derive(Debug, Clone, PartialEq)]
pub struct Segment {
    pub start: Frames,
    pub length: Frames,
    pub key: Fingerprint,
    /// The shot it begins in, or the card.
    pub shows: String,
}

/// Parts the timeline at its cuts, and around its transitions.
pub fn divide(
    timeline: &Timeline,
    assets: &Assets,
    files: &Files,
    dressing: &Dressing,
    settings: &VideoSettings,
) -> Vec<Segment> {
    let mut borders: Vec<i64> = vec![0, timeline.total.0];
    for span in &timeline.spans {
        let cut = (span.start + span.length).0;
        if span.transition.is_cut() {
            borders.push(cut);
        } else {
            let half = span.transition.reach(timeline.rate).0;
            borders.push(cut - half);
            borders.push(cut + half);
        }
    }
    borders.retain(|b| (0..=timeline.total.0).contains(b));
    borders.sort_unstable();
    borders.dedup();
    borders
        .windows(2)
        .map(|pair| {
            let (start, length) = (Frames(pair[0]), Frames(pair[1] - pair[0]));
            let now = timeline.spans.partition_point(|s| s.start <= start);
            let span = timeline.spans.get(now.saturating_sub(1));
            Segment {
                start,
                length,
                shows: span.map_or_else(String::new, |s| s.what.name().to_owned()),
                key: key(timeline, assets, files, dressing, settings, start, length),
            }
        })
        .collect()
}

fn key(
    timeline: &Timeline,
    assets: &Assets,
    files: &Files,
    dressing: &Dressing,
    settings: &VideoSettings,
    start: Frames,
    length: Frames,
) -> Fingerprint {
    let end = start + length;
    let rate = timeline.rate;
    let touching = |a: Frames, b: Frames| a < end && b > start;
    let mut spans: Vec<Value> = Vec::new();
    let pixels = |i: usize| -> Value {
        let span = &timeline.spans[i];
        match &span.what {
            Footage::Shot(id) => {
                // Its sound and what it measures are no part of its picture.
                let asset = assets.get(id).map(|a| Asset {
                    sound_db: None,
                    score: None,
                    ..a.clone()
                });
                let hashes: Vec<Option<&Fingerprint>> = asset
                    .iter()
                    .flat_map(Asset::files)
                    .map(|f| files.get(f))
                    .collect();
                json!([asset, hashes, span.start.0 - start.0, span.length])
            }
            Footage::Title => {
                let words = dressing
                    .words
                    .then_some([&dressing.title, &dressing.byline]);
                json!(["title", words, span.start.0 - start.0])
            }
            Footage::Chapter(text) => {
                let words = dressing.words.then_some(text);
                json!(["chapter", words, span.start.0 - start.0])
            }
            Footage::End => {
                let words = dressing.words.then_some(&dressing.end);
                let mut end = vec![json!("end"), json!(words), json!(span.start.0 - start.0)];
                end.extend(dressing.emblem.iter().map(|e| json!(e)));
                json!(end)
            }
        }
    };
    for (i, span) in timeline.spans.iter().enumerate() {
        let half = span.transition.reach(rate);
        let lead = i
            .checked_sub(1)
            .map_or(Frames(0), |p| timeline.spans[p].transition.reach(rate));
        if touching(span.start - lead, span.start + span.length + half) {
            let near_end = touching(
                span.start + span.length - half,
                span.start + span.length + half,
            );
            spans.push(json!([
                pixels(i),
                if near_end {
                    json!(span.transition)
                } else {
                    Value::Null
                }
            ]));
            // A card is made of its neighbour's picture.
            if !matches!(span.what, Footage::Shot(_)) {
                spans.extend(timeline.behind(i).map(&pixels));
            }
        }
    }
    let shown = |on: bool, list: &[crate::film::caption::Caption]| -> Vec<Value> {
        list.iter()
            .filter(|c| on && touching(c.start, c.end))
            .map(|c| json!([c.start.0 - start.0, c.end.0 - start.0, c.lines]))
            .collect()
    };
    let lower = shown(dressing.words, &timeline.lower_thirds);
    if !lower.is_empty() {
        spans.push(json!({"lower_thirds": lower}));
    }
    // A kit is on every picture.
    if let Some(branding) = &dressing.brand {
        spans.push(json!({"brand": branding.key}));
    }
    let edge = rate.frames(crate::film::timeline::FADE_EDGE).0;
    Fingerprint::of(&json!([
        COMPOSER,
        settings,
        length,
        spans,
        shown(dressing.words, &timeline.supers),
        shown(dressing.words && dressing.burn, &timeline.captions),
        if start.0 < edge { Some(start) } else { None },
        if timeline.total.0 - end.0 < edge {
            Some(timeline.total - start)
        } else {
            None
        },
    ]))
}
