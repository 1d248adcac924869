//! Any frame of the film, from the timeline: pictures, transitions, captions, cards.

use super::canvas::Bitmap;
use super::picture::Picture;
use super::text::{Face, Lettering};
use crate::film::assets::{Asset, Assets};
use crate::film::caption::Caption;
use crate::film::format::{Format, Orientation};
use crate::film::shot::TransitionKind;
use crate::film::time::Frames;
use crate::film::timeline::{FADE_EDGE, Footage, Span, Timeline};
use anyhow::{Context, Result};
use std::collections::BTreeMap;
use std::path::Path;

/// Bumped whenever the same inputs give other pixels: cached segments are then made anew.
pub const COMPOSER: u32 = 1;

/// What stands on the cards and whether captions are part of the picture.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct Dressing {
    pub title: String,
    pub byline: String,
    pub end: String,
    pub burn: bool,
}

/// Composes frames in rising order; keeps the pictures it is likely to need again.
pub struct Composer<'a> {
    root: &'a Path,
    ffmpeg: &'a Path,
    timeline: &'a Timeline,
    assets: &'a Assets,
    dressing: &'a Dressing,
    lettering: Lettering,
    pictures: BTreeMap<usize, Picture>,
    texts: BTreeMap<(bool, usize), Bitmap>,
    cards: BTreeMap<usize, Bitmap>,
    scratch: Bitmap,
}

impl<'a> Composer<'a> {
    pub fn new(
        root: &'a Path,
        ffmpeg: &'a Path,
        timeline: &'a Timeline,
        assets: &'a Assets,
        dressing: &'a Dressing,
    ) -> Composer<'a> {
        Composer {
            root,
            ffmpeg,
            timeline,
            assets,
            dressing,
            lettering: Lettering::new(),
            pictures: BTreeMap::new(),
            texts: BTreeMap::new(),
            cards: BTreeMap::new(),
            scratch: Bitmap::new(timeline.format.width, timeline.format.height),
        }
    }

    /// Characters that no font had so far.
    pub fn missing(&self) -> &[char] {
        &self.lettering.missing
    }

    /// One frame as a JPEG.
    pub fn still(&mut self, at: Frames) -> Result<Vec<u8>> {
        let mut frame = Bitmap::new(self.timeline.format.width, self.timeline.format.height);
        self.frame(at, &mut frame)?;
        let mut out = Vec::new();
        image::codecs::jpeg::JpegEncoder::new_with_quality(&mut out, 88)
            .encode(
                &frame.rgb(),
                frame.width,
                frame.height,
                image::ExtendedColorType::Rgb8,
            )
            .context("cannot write a JPEG")?;
        Ok(out)
    }

    /// Composes frame `at` of the film.
    pub fn frame(&mut self, at: Frames, out: &mut Bitmap) -> Result<()> {
        let spans = &self.timeline.spans;
        let now = spans
            .iter()
            .rposition(|s| s.start <= at)
            .context("a frame before the film")?;
        // Pictures behind us are let go.
        self.pictures.retain(|i, _| *i + 1 >= now && *i <= now + 1);
        let rate = self.timeline.rate;
        let half = |s: &Span| Frames((rate.frames(s.transition.seconds).0 + 1) / 2);
        let before = now.checked_sub(1).map(|i| (i, half(&spans[i])));
        let after = half(&spans[now]);
        self.span(now, at, out)?;
        if let Some((previous, reach)) = before
            && at - spans[now].start < reach
            && !spans[previous].transition.is_cut()
        {
            let t = 0.5 + (at - spans[now].start).0 as f64 / (2 * reach.0).max(1) as f64;
            self.transition(spans[previous].transition.kind, previous, t, at, out, false)?;
        } else {
            let end = spans[now].start + spans[now].length;
            if !spans[now].transition.is_cut() && end - at <= after && now + 1 < spans.len() {
                let t = 0.5 - (end - at).0 as f64 / (2 * after.0).max(1) as f64;
                self.transition(spans[now].transition.kind, now + 1, t, at, out, true)?;
            }
        }
        self.edges(at, out);
        self.lettered(at, out)
    }

    fn transition(
        &mut self,
        kind: TransitionKind,
        other: usize,
        t: f64,
        at: Frames,
        out: &mut Bitmap,
        leaving: bool,
    ) -> Result<()> {
        let parts = |t: f64| (t.clamp(0.0, 1.0) * 256.0).round() as u32;
        match kind {
            TransitionKind::Cut => {}
            TransitionKind::FadeBlack => out.fade(0xff00_0000, parts(1.0 - (2.0 * t - 1.0).abs())),
            TransitionKind::FadeWhite => out.fade(0xffff_ffff, parts(1.0 - (2.0 * t - 1.0).abs())),
            TransitionKind::Dissolve => {
                let mut scratch = std::mem::replace(&mut self.scratch, Bitmap::new(0, 0));
                self.span(other, at, &mut scratch)?;
                out.mix(&scratch, parts(if leaving { t } else { 1.0 - t }));
                self.scratch = scratch;
            }
            TransitionKind::Wipe => {
                let mut scratch = std::mem::replace(&mut self.scratch, Bitmap::new(0, 0));
                self.span(other, at, &mut scratch)?;
                if leaving {
                    out.wipe(&scratch, t);
                } else {
                    scratch.wipe(out, t);
                    std::mem::swap(out, &mut scratch);
                }
                self.scratch = scratch;
            }
        }
        Ok(())
    }

    /// One span's picture, without what lies over it.
    fn span(&mut self, index: usize, at: Frames, out: &mut Bitmap) -> Result<()> {
        let span = &self.timeline.spans[index];
        match &span.what {
            Footage::Shot(_) => self.shot(index, at - span.start, out),
            Footage::Title | Footage::End => {
                if !self.cards.contains_key(&index) {
                    let card = self.card(index)?;
                    self.cards.insert(index, card);
                }
                if let Some(card) = self.cards.get(&index) {
                    out.pixels.copy_from_slice(&card.pixels);
                }
                Ok(())
            }
        }
    }

    fn shot(&mut self, index: usize, into: Frames, out: &mut Bitmap) -> Result<()> {
        let span = &self.timeline.spans[index];
        if !self.pictures.contains_key(&index) {
            let asset = self.asset(index)?;
            let picture = Picture::load(
                self.root,
                self.ffmpeg,
                asset,
                self.timeline.format,
                self.timeline.rate,
            )?;
            self.pictures.insert(index, picture);
        }
        let (length, rate) = (span.length, self.timeline.rate);
        self.pictures
            .get_mut(&index)
            .context("a picture")?
            .frame(out, into, length, rate)
    }

    fn asset(&self, index: usize) -> Result<&'a Asset> {
        match &self.timeline.spans[index].what {
            Footage::Shot(id) => self
                .assets
                .get(id)
                .with_context(|| format!("shot {id} has no footage in assets.yaml")),
            _ => anyhow::bail!("a card has no footage"),
        }
    }

    /// A card: the nearest picture, soft and dark, with words on it.
    fn card(&mut self, index: usize) -> Result<Bitmap> {
        let spans = &self.timeline.spans;
        let title = spans[index].what == Footage::Title;
        let neighbour = if title {
            index + 1
        } else {
            index.saturating_sub(1)
        };
        let mut card = Bitmap::new(self.timeline.format.width, self.timeline.format.height);
        card.fill([15, 20, 40]);
        if spans
            .get(neighbour)
            .is_some_and(|s| matches!(s.what, Footage::Shot(_)))
        {
            let into = if title {
                Frames(0)
            } else {
                spans[neighbour].length
            };
            self.shot(neighbour, into, &mut card)?;
            card.backdrop();
        }
        let (w, h) = (self.timeline.format.width, self.timeline.format.height);
        let small = w.min(h) as f32;
        let most = (f64::from(w) * 0.84) as u32;
        let (words, size) = if title {
            (self.dressing.title.clone(), small * 0.105)
        } else {
            (self.dressing.end.clone(), small * 0.085)
        };
        // A long title is set smaller until it fits in three lines.
        let letters = words.chars().count() as f32;
        let size = size.min((most as f32 * 2.6 / (letters * 0.52)).max(small * 0.045));
        let text = self
            .lettering
            .draw(&[words], size, Face::Title, [250, 238, 214], true, most)?;
        let y = i64::from(h / 2)
            - i64::from(text.height / 2)
            - if title && !self.dressing.byline.is_empty() {
                i64::from(h) / 26
            } else {
                0
            };
        card.stamp(&text, i64::from(w / 2) - i64::from(text.width / 2), y, 256);
        if title && !self.dressing.byline.is_empty() {
            let line = self.lettering.draw(
                std::slice::from_ref(&self.dressing.byline),
                small * 0.034,
                Face::Caption,
                [226, 214, 192],
                true,
                most,
            )?;
            card.stamp(
                &line,
                i64::from(w / 2) - i64::from(line.width / 2),
                y + i64::from(text.height),
                256,
            );
        }
        Ok(card)
    }

    /// The film opens out of black and ends in it.
    fn edges(&self, at: Frames, out: &mut Bitmap) {
        let rate = self.timeline.rate;
        let reach = rate
            .frames(FADE_EDGE)
            .0
            .min(self.timeline.total.0 / 4)
            .max(1);
        let from_end = self.timeline.total.0 - 1 - at.0;
        let t = (at.0.min(from_end) as f64 / reach as f64).min(1.0);
        if t < 1.0 {
            out.fade(0xff00_0000, ((1.0 - t) * 256.0).round() as u32);
        }
    }

    fn lettered(&mut self, at: Frames, out: &mut Bitmap) -> Result<()> {
        let timeline = self.timeline;
        let format = timeline.format;
        for (is_super, list) in [(true, &timeline.supers), (false, &timeline.captions)] {
            if !is_super && !self.dressing.burn {
                continue;
            }
            for (i, caption) in list.iter().enumerate() {
                if at < caption.start || at >= caption.end {
                    continue;
                }
                if !self.texts.contains_key(&(is_super, i)) {
                    let text = self.letter(caption, is_super, format)?;
                    self.texts.retain(|(s, k), _| *s != is_super || *k + 2 > i);
                    self.texts.insert((is_super, i), text);
                }
                let Some(text) = self.texts.get(&(is_super, i)) else {
                    continue;
                };
                let x = i64::from(format.width / 2) - i64::from(text.width / 2);
                let line = if is_super {
                    super_line(format)
                } else {
                    caption_line(format)
                };
                let y = (f64::from(format.height) * line) as i64 - i64::from(text.height);
                out.stamp(text, x, y, 256);
            }
        }
        Ok(())
    }

    fn letter(&mut self, caption: &Caption, is_super: bool, format: Format) -> Result<Bitmap> {
        let small = format.width.min(format.height) as f32;
        let size = match (is_super, format.orientation()) {
            (true, Orientation::Wide) => small * 0.055,
            (true, _) => small * 0.046,
            (false, Orientation::Vertical) => small * 0.058,
            (false, Orientation::Square) => small * 0.048,
            (false, Orientation::Wide) => small * 0.046,
        };
        let face = if is_super { Face::Title } else { Face::Caption };
        let most = (f64::from(format.width) * 0.88) as u32;
        self.lettering
            .draw(&caption.lines, size, face, [255, 252, 244], true, most)
    }
}

/// The lower edge of captions, as a part of the height: inside the text-safe area, above what apps
/// cover in vertical films.
pub fn caption_line(format: Format) -> f64 {
    match format.orientation() {
        Orientation::Wide => 0.945,
        Orientation::Square => 0.92,
        Orientation::Vertical => 0.75,
    }
}

/// The lower edge of words on the picture: clear of the captions below.
fn super_line(format: Format) -> f64 {
    match format.orientation() {
        Orientation::Vertical => 0.60,
        Orientation::Square => 0.78,
        Orientation::Wide => 0.80,
    }
}
