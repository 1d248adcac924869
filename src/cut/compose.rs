//! Any frame of the film, from the timeline: pictures, transitions, captions, cards.

use super::branding::{self, Branding, Emblem};
use super::canvas::Bitmap;
use super::frame::{BLACK, Frame, WHITE};
use super::picture::{Order, Picture};
use super::plate::Plate;
use super::text::{Face, Lettering};
use crate::film::assets::Assets;
use crate::film::brand::{INTRO, OUTRO};
use crate::film::caption::{Caption, caption_size, super_size};
use crate::film::format::{Format, Orientation};
use crate::film::shot::TransitionKind;
use crate::film::time::Frames;
use crate::film::timeline::{FADE_EDGE, Footage, Timeline};
use anyhow::{Context, Result};
use std::collections::BTreeMap;
use std::path::Path;
use std::thread::JoinHandle;

/// Bumped whenever the same inputs give other pixels: cached segments are then made anew.
pub const COMPOSER: u32 = 5;

/// What stands on the cards and whether captions are part of the picture.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct Dressing {
    pub title: String,
    pub byline: String,
    pub end: String,
    pub burn: bool,
    /// Whether there are any letters at all: titles, words on the picture, captions.
    pub words: bool,
    pub brand: Option<Branding>,
    /// What stands on the end card in the place of the brand's logo.
    pub emblem: Option<Emblem>,
}

/// Words that lie over pictures.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Words {
    Super,
    LowerThird,
    Caption,
}

/// Composes frames in rising order; keeps the pictures it is likely to need again, and has the next
/// one loaded while the current one is filmed.
pub struct Composer<'a> {
    root: &'a Path,
    ffmpeg: &'a Path,
    timeline: &'a Timeline,
    assets: &'a Assets,
    dressing: &'a Dressing,
    /// The first frame that is not asked for.
    until: Frames,
    lettering: Lettering,
    pictures: BTreeMap<usize, Picture>,
    loading: Option<(usize, JoinHandle<Result<Picture>>)>,
    texts: BTreeMap<(Words, usize), Plate>,
    cards: BTreeMap<usize, Frame>,
    other: Frame,
    /// The brand's mark, and where it lies; looked for once.
    mark: Option<Option<(Plate, i64, i64)>>,
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
            until: Frames(0),
            lettering: match &dressing.brand {
                Some(branding) => Lettering::with(branding.fonts()),
                None => Lettering::new(),
            },
            pictures: BTreeMap::new(),
            loading: None,
            texts: BTreeMap::new(),
            cards: BTreeMap::new(),
            other: Frame::new(timeline.format.width, timeline.format.height),
            mark: None,
        }
    }

    /// Tells that all frames before this one will be asked for, in order.
    pub fn until(&mut self, end: Frames) {
        self.until = end;
    }

    /// Characters that no font had since this was last asked.
    pub(super) fn take_missing(&mut self) -> String {
        std::mem::take(&mut self.lettering.missing)
            .into_iter()
            .collect()
    }

    /// One frame as a JPEG.
    pub fn still(&mut self, at: Frames) -> Result<Vec<u8>> {
        let format = self.timeline.format;
        let mut frame = Frame::new(format.width, format.height);
        self.frame(at, &mut frame)?;
        let mut out = Vec::new();
        image::codecs::jpeg::JpegEncoder::new_with_quality(&mut out, 88)
            .encode(
                &frame.rgb(),
                format.width,
                format.height,
                image::ExtendedColorType::Rgb8,
            )
            .context("cannot write a JPEG")?;
        Ok(out)
    }

    /// Composes frame `at` of the film.
    pub fn frame(&mut self, at: Frames, out: &mut Frame) -> Result<()> {
        let timeline = self.timeline;
        let spans = &timeline.spans;
        let now = spans
            .partition_point(|s| s.start <= at)
            .checked_sub(1)
            .context("a frame before the film")?;
        // Pictures behind us are let go.
        self.pictures.retain(|i, _| *i + 1 >= now && *i <= now + 1);
        let rate = timeline.rate;
        let (span, into) = (&spans[now], at - spans[now].start);
        let left = span.length - into;
        let before = now.checked_sub(1).map(|i| &spans[i].transition);
        self.span(now, at, out)?;
        if let Some(transition) = before
            && into < transition.reach(rate)
        {
            let t = 0.5 + into.0 as f64 / (2 * transition.reach(rate).0).max(1) as f64;
            self.transition(transition.kind, now - 1, t, at, out, false)?;
        } else if left <= span.transition.reach(rate) && now + 1 < spans.len() {
            let t = 0.5 - left.0 as f64 / (2 * span.transition.reach(rate).0).max(1) as f64;
            self.transition(span.transition.kind, now + 1, t, at, out, true)?;
        }
        self.marked(now, out)?;
        self.edges(at, out);
        self.lettered(at, out)
    }

    /// Every shot of the film carries the brand's mark.
    fn marked(&mut self, index: usize, out: &mut Frame) -> Result<()> {
        let Some(branding) = &self.dressing.brand else {
            return Ok(());
        };
        let own = |id: &str| id == INTRO || id == OUTRO;
        if !matches!(&self.timeline.spans[index].what, Footage::Shot(id) if !own(id)) {
            return Ok(());
        }
        if self.mark.is_none() {
            let mark = branding.watermark(self.timeline.format)?;
            self.mark = Some(mark.map(|(bitmap, x, y)| (Plate::of(&bitmap), x, y)));
        }
        if let Some(Some((plate, x, y))) = &self.mark {
            out.stamp(plate, *x, *y);
        }
        Ok(())
    }

    fn transition(
        &mut self,
        kind: TransitionKind,
        other: usize,
        t: f64,
        at: Frames,
        out: &mut Frame,
        leaving: bool,
    ) -> Result<()> {
        let parts = |t: f64| (t.clamp(0.0, 1.0) * 256.0).round() as u32;
        let dip = parts(1.0 - (2.0 * t - 1.0).abs());
        match kind {
            TransitionKind::Cut => return Ok(()),
            TransitionKind::FadeBlack => {
                out.fade(BLACK, dip);
                return Ok(());
            }
            TransitionKind::FadeWhite => {
                out.fade(WHITE, dip);
                return Ok(());
            }
            TransitionKind::Dissolve | TransitionKind::Wipe => {}
        }
        let mut scratch = std::mem::replace(&mut self.other, Frame::new(0, 0));
        self.span(other, at, &mut scratch)?;
        if kind == TransitionKind::Dissolve {
            out.mix(&scratch, parts(if leaving { t } else { 1.0 - t }));
        } else if leaving {
            out.wipe(&scratch, t);
        } else {
            scratch.wipe(out, t);
            std::mem::swap(out, &mut scratch);
        }
        self.other = scratch;
        Ok(())
    }

    /// One span's picture, without what lies over it.
    fn span(&mut self, index: usize, at: Frames, out: &mut Frame) -> Result<()> {
        let span = &self.timeline.spans[index];
        match &span.what {
            Footage::Shot(_) => self.shot(index, at - span.start, out),
            Footage::Title | Footage::Chapter(_) | Footage::End => {
                if !self.cards.contains_key(&index) {
                    let card = self.card(index)?;
                    self.cards.insert(index, card);
                }
                if let Some(card) = self.cards.get(&index) {
                    out.bytes.copy_from_slice(&card.bytes);
                }
                Ok(())
            }
        }
    }

    fn shot(&mut self, index: usize, into: Frames, out: &mut Frame) -> Result<()> {
        if !self.pictures.contains_key(&index) {
            let picture = match self.loading.take() {
                Some((i, loading)) if i == index => loading
                    .join()
                    .unwrap_or_else(|_| Err(anyhow::anyhow!("a picture broke its loader")))?,
                other => {
                    self.loading = other;
                    Picture::load(&self.order(index)?)?
                }
            };
            self.pictures.insert(index, picture);
            self.prefetch(index + 1)?;
        }
        self.pictures
            .get_mut(&index)
            .context("a picture")?
            .frame(out, into)
    }

    /// Loads a picture beside the work, if its frames will be asked for.
    fn prefetch(&mut self, index: usize) -> Result<()> {
        let Some(span) = self.timeline.spans.get(index) else {
            return Ok(());
        };
        if self.loading.is_some()
            || self.pictures.contains_key(&index)
            || span.start >= self.until
            || !matches!(span.what, Footage::Shot(_))
        {
            return Ok(());
        }
        let order = self.order(index)?;
        self.loading = Some((index, std::thread::spawn(move || Picture::load(&order))));
        Ok(())
    }

    fn order(&self, index: usize) -> Result<Order> {
        let span = &self.timeline.spans[index];
        let Footage::Shot(id) = &span.what else {
            anyhow::bail!("a card has no footage");
        };
        let asset = self
            .assets
            .get(id)
            .with_context(|| format!("shot {id} has no footage in assets.yaml"))?;
        Ok(Order {
            root: self.root.to_owned(),
            ffmpeg: self.ffmpeg.to_owned(),
            asset: asset.clone(),
            format: self.timeline.format,
            rate: self.timeline.rate,
            length: span.length,
        })
    }

    /// A card: the nearest picture, soft and dark, with words on it.
    fn card(&mut self, index: usize) -> Result<Frame> {
        let spans = &self.timeline.spans;
        let title = spans[index].what == Footage::Title;
        let end = spans[index].what == Footage::End;
        let (w, h) = (self.timeline.format.width, self.timeline.format.height);
        let mut card = Frame::new(w, h);
        let inks = branding::inks(self.dressing.brand.as_ref());
        card.fill(super::plate::yuv(inks.card));
        // A brand's own ground is seen as it is.
        let plain = (self.dressing.brand.as_ref()).is_some_and(|b| b.brand.colours.card.is_some());
        if let Some(neighbour) = self.timeline.behind(index).filter(|_| !plain) {
            let into = match end {
                true => spans[neighbour].length,
                false => Frames(0),
            };
            self.shot(neighbour, into, &mut card)?;
            card.backdrop();
        }
        if !self.dressing.words {
            return Ok(card);
        }
        let small = w.min(h) as f32;
        let most = (f64::from(w) * 0.84) as u32;
        let (words, size) = match &spans[index].what {
            Footage::Title => (self.dressing.title.clone(), small * 0.105),
            Footage::Chapter(words) => (words.clone(), small * 0.075),
            _ => {
                let first = self.dressing.end.lines().next();
                (first.unwrap_or_default().to_owned(), small * 0.085)
            }
        };
        // What stands small below the large line.
        let below: Vec<String> = if title {
            let byline = Some(self.dressing.byline.clone());
            byline.filter(|b| !b.is_empty()).into_iter().collect()
        } else if end {
            let lines = self.dressing.end.lines().skip(1);
            lines.map(str::to_owned).collect()
        } else {
            Vec::new()
        };
        // A long title is set smaller until it fits in three lines.
        let letters = words.chars().count() as f32;
        let size = size.min((most as f32 * 2.6 / (letters * 0.52)).max(small * 0.045));
        let text = self
            .lettering
            .draw(&[words], size, Face::Title, inks.title, true, most)?;
        let lines = match below.as_slice() {
            [] => None,
            below => Some(self.lettering.draw(
                below,
                small * if title { 0.034 } else { END_LINES },
                Face::Caption,
                inks.text,
                true,
                most,
            )?),
        };
        let lift = match &lines {
            Some(_) if title => i64::from(h) / 26,
            Some(lines) => i64::from(lines.height / 2),
            None => 0,
        };
        let (high, wide) = ((small * 0.18) as u32, w / 2);
        let logo = match (&self.dressing.emblem, &self.dressing.brand) {
            _ if !end => None,
            (Some(emblem), _) => Some(emblem.logo(high, wide)?),
            (None, Some(branding)) => branding.logo(high, wide)?,
            (None, None) => None,
        };
        let fall = logo.as_ref().map_or(0, |l| i64::from(l.height / 2));
        let y = i64::from(h / 2) - i64::from(text.height / 2) - lift + fall;
        let middle = |width: u32| even(i64::from(w / 2) - i64::from(width / 2));
        card.stamp(&Plate::of(&text), middle(text.width), even(y));
        if let Some(logo) = logo {
            let above = even(y - i64::from(logo.height));
            card.stamp(&Plate::of(&logo), middle(logo.width), above);
        }
        if let Some(lines) = lines {
            let below = even(y + i64::from(text.height));
            card.stamp(&Plate::of(&lines), middle(lines.width), below);
        }
        Ok(card)
    }

    /// The film opens out of black and ends in it.
    fn edges(&self, at: Frames, out: &mut Frame) {
        let rate = self.timeline.rate;
        let reach = rate
            .frames(FADE_EDGE)
            .0
            .min(self.timeline.total.0 / 4)
            .max(1);
        let from_end = self.timeline.total.0 - 1 - at.0;
        let t = (at.0.min(from_end) as f64 / reach as f64).min(1.0);
        if t < 1.0 {
            out.fade(BLACK, ((1.0 - t) * 256.0).round() as u32);
        }
    }

    fn lettered(&mut self, at: Frames, out: &mut Frame) -> Result<()> {
        let timeline = self.timeline;
        let format = timeline.format;
        let lists = [
            (Words::Super, &timeline.supers),
            (Words::LowerThird, &timeline.lower_thirds),
            (Words::Caption, &timeline.captions),
        ];
        for (kind, list) in lists {
            if !self.dressing.words || (kind == Words::Caption && !self.dressing.burn) {
                continue;
            }
            // All lists are in order of time.
            let next = list.partition_point(|c| c.start <= at);
            for (i, caption) in list.iter().enumerate().take(next).rev().take(4) {
                if at >= caption.end {
                    continue;
                }
                if !self.texts.contains_key(&(kind, i)) {
                    let text = match kind {
                        Words::LowerThird => self.strip(caption, format)?,
                        _ => self.letter(caption, kind == Words::Super, format)?,
                    };
                    self.texts.retain(|(k, n), _| *k != kind || *n + 4 > i);
                    self.texts.insert((kind, i), Plate::of(&text));
                }
                let Some(text) = self.texts.get(&(kind, i)) else {
                    continue;
                };
                let (width, height) = (text.y.width as i64, text.y.height as i64);
                let line = match kind {
                    Words::Caption => caption_line(format),
                    Words::Super | Words::LowerThird => super_line(format),
                };
                let y = (f64::from(format.height) * line) as i64 - height;
                let x = match kind {
                    Words::LowerThird => i64::from(format.width) * 6 / 100,
                    _ => i64::from(format.width / 2) - width / 2,
                };
                out.stamp(text, even(x), even(y));
            }
        }
        Ok(())
    }

    /// A lower third: a name over what it is, beside a bar of light.
    fn strip(&mut self, caption: &Caption, format: Format) -> Result<Bitmap> {
        let small = format.width.min(format.height) as f32;
        let most = (f64::from(format.width) * 0.7) as u32;
        let warm = branding::inks(self.dressing.brand.as_ref()).accent;
        let cream = [255, 252, 244];
        let mut parts = Vec::new();
        for (i, line) in caption.lines.iter().enumerate() {
            let (face, size, color) = match i {
                0 => (Face::Title, small * 0.055, cream),
                _ => (Face::Caption, small * 0.034, warm),
            };
            let line = std::slice::from_ref(line);
            parts.push(self.lettering.draw(line, size, face, color, true, most)?);
        }
        let bar = (small * 0.007).ceil().max(2.0) as u32;
        let gap = (small * 0.004).ceil() as u32;
        // Lettering carries room for its soft edge.
        let overlap = (small * 0.022) as u32;
        let width = parts.iter().map(|p| p.width).max().unwrap_or(1);
        let height: u32 = parts.iter().map(|p| p.height).sum();
        let height =
            height - overlap.min(height / 2) * (parts.len() as u32).saturating_sub(1).min(1);
        let mut out = Bitmap::new(bar + gap + width, height);
        let mut rule = Bitmap::new(bar, height * 6 / 10);
        rule.fill(warm);
        out.stamp(&rule, 0, i64::from(height / 5));
        let mut y = 0;
        for part in &parts {
            out.stamp(part, i64::from(bar + gap), y);
            y += i64::from(part.height) - i64::from(overlap);
        }
        Ok(out)
    }

    fn letter(&mut self, caption: &Caption, is_super: bool, format: Format) -> Result<Bitmap> {
        let small = format.width.min(format.height) as f32;
        let part = if is_super {
            super_size(format)
        } else {
            caption_size(format)
        };
        let size = small * part as f32;
        let face = if is_super { Face::Title } else { Face::Caption };
        let most = (f64::from(format.width) * 0.88) as u32;
        self.lettering
            .draw(&caption.lines, size, face, [255, 252, 244], true, most)
    }
}

/// The small lines of an end card, as a part of the shorter side: their capitals are 32 lines of 1080 high.
const END_LINES: f32 = 0.042;

/// The next whole place where colour and light stand together.
fn even(at: i64) -> i64 {
    at & !1
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
