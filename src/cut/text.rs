//! Lettering: shaped text as bitmaps, from fonts that are in the binary.

use super::canvas::Bitmap;
use anyhow::Result;
use cosmic_text::fontdb::{Database, Source};
use cosmic_text::{Align, Attrs, Buffer, Family, FontSystem, Metrics, Shaping, SwashCache, Weight};
use std::sync::Arc;

const SANS: &[u8] = include_bytes!("../../templates/fonts/NotoSans-Medium.ttf");
const SERIF: &[u8] = include_bytes!("../../templates/fonts/NotoSerifDisplay-SemiBold.ttf");
const ARABIC: &[u8] = include_bytes!("../../templates/fonts/NotoSansArabic-Medium.ttf");
const HEBREW: &[u8] = include_bytes!("../../templates/fonts/NotoSansHebrew-Medium.ttf");

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Face {
    Caption,
    Title,
}

/// Fonts and their caches; one a thread.
pub struct Lettering {
    fonts: FontSystem,
    cache: SwashCache,
    with_system: bool,
    /// A brand's own fonts for large and for small words, by bytes and family.
    own: [Option<(Arc<Vec<u8>>, String)>; 2],
    /// Characters no font had.
    pub missing: Vec<char>,
}

impl Default for Lettering {
    fn default() -> Self {
        Self::new()
    }
}

fn built_in() -> Database {
    let mut db = Database::new();
    for font in [SANS, SERIF, ARABIC, HEBREW] {
        db.load_font_source(Source::Binary(Arc::new(font)));
    }
    db
}

impl Lettering {
    pub fn new() -> Lettering {
        Lettering::with([None, None])
    }

    /// Letters in a brand's fonts for large and small words, where it has some that can be read; what they lack is
    /// set in the house's own.
    pub fn with(fonts: [Option<Vec<u8>>; 2]) -> Lettering {
        let own = fonts.map(|bytes| {
            let bytes = Arc::new(bytes?);
            let mut db = Database::new();
            let ids = db.load_font_source(Source::Binary(bytes.clone()));
            let family = db.face(*ids.first()?)?.families.first()?.0.clone();
            Some((bytes, family))
        });
        let mut lettering = Lettering {
            fonts: FontSystem::new_with_locale_and_db("en".to_owned(), Database::new()),
            cache: SwashCache::new(),
            with_system: false,
            own,
            missing: Vec::new(),
        };
        lettering.fonts = FontSystem::new_with_locale_and_db("en".to_owned(), lettering.database());
        lettering
    }

    fn database(&self) -> Database {
        let mut db = built_in();
        for (bytes, _) in self.own.iter().flatten() {
            db.load_font_source(Source::Binary(bytes.clone()));
        }
        db
    }

    /// Draws lines of text, centred, `size` pixels high, with a soft dark edge that keeps them
    /// legible on any picture.
    pub fn draw(
        &mut self,
        lines: &[String],
        size: f32,
        face: Face,
        color: [u8; 3],
        edge: bool,
        most: u32,
    ) -> Result<Bitmap> {
        // Control characters have no shape.
        let text: String = lines
            .join("\n")
            .chars()
            .filter(|c| *c == '\n' || !c.is_control())
            .collect();
        let mut buffer = self.shape(&text, size, face, most);
        if !self.with_system && lacks(&buffer) {
            // Another script: the machine's own fonts may know it.
            let mut db = self.database();
            db.load_system_fonts();
            self.fonts = FontSystem::new_with_locale_and_db("en".to_owned(), db);
            self.cache = SwashCache::new();
            self.with_system = true;
            buffer = self.shape(&text, size, face, most);
        }
        let pad = (size * 0.3).ceil() as i32;
        let (mut width, mut height) = (0f32, 0f32);
        for run in buffer.layout_runs() {
            width = width.max(run.line_w);
            height = height.max(run.line_top + run.line_height);
        }
        let shift = (most as f32 - width) / 2.0;
        let (w, h) = (
            width.ceil() as i32 + 2 * pad,
            height.ceil() as i32 + 2 * pad,
        );
        let mut ink = vec![0u8; (w * h) as usize];
        for run in buffer.layout_runs() {
            for glyph in run.glyphs {
                if glyph.glyph_id == 0 {
                    let found = run
                        .text
                        .get(glyph.start..glyph.end)
                        .and_then(|t| t.chars().next())
                        .unwrap_or('?');
                    if !found.is_whitespace() && !self.missing.contains(&found) {
                        self.missing.push(found);
                    }
                    continue;
                }
                let physical = glyph.physical((0.0, 0.0), 1.0);
                let Some(image) = self.cache.get_image(&mut self.fonts, physical.cache_key) else {
                    continue;
                };
                let gx = physical.x + image.placement.left - shift.floor() as i32 + pad;
                let gy = physical.y + run.line_y.round() as i32 - image.placement.top + pad;
                let step = if image.data.len() as u32
                    >= image.placement.width * image.placement.height * 4
                {
                    4
                } else {
                    1
                };
                for y in 0..image.placement.height as i32 {
                    for x in 0..image.placement.width as i32 {
                        let at = (y * image.placement.width as i32 + x) as usize * step;
                        let a = image.data.get(at + step - 1).copied().unwrap_or(0);
                        let (px, py) = (gx + x, gy + y);
                        if (0..w).contains(&px) && (0..h).contains(&py) {
                            let p = &mut ink[(py * w + px) as usize];
                            *p = (*p).max(a);
                        }
                    }
                }
            }
        }
        let shade = if edge {
            spread(
                &ink,
                w as usize,
                h as usize,
                (size * 0.07).max(1.0) as usize,
            )
        } else {
            vec![0; ink.len()]
        };
        let mut bitmap = Bitmap::new(w as u32, h as u32);
        for (i, p) in bitmap.pixels.iter_mut().enumerate() {
            let (a, s) = (u32::from(ink[i]), u32::from(shade[i]) * 215 / 255);
            // Premultiplied: letters over their dark edge.
            let alpha = a + s * (255 - a) / 255;
            let channel = |c: u8| u32::from(c) * a / 255;
            *p = channel(color[0]) | channel(color[1]) << 8 | channel(color[2]) << 16 | alpha << 24;
        }
        Ok(bitmap)
    }

    fn shape(&mut self, text: &str, size: f32, face: Face, most: u32) -> Buffer {
        let own = match face {
            Face::Title => &self.own[0],
            Face::Caption => &self.own[1],
        };
        let own = own.as_ref().map(|(_, family)| family.clone());
        let mut buffer = Buffer::new(&mut self.fonts, Metrics::new(size, (size * 1.28).round()));
        buffer.set_size(Some(most as f32), None);
        let attrs = match (face, &own) {
            (_, Some(family)) => Attrs::new().family(Family::Name(family)),
            (Face::Caption, None) => Attrs::new()
                .family(Family::Name("Noto Sans"))
                .weight(Weight::MEDIUM),
            (Face::Title, None) => Attrs::new()
                .family(Family::Name("Noto Serif Display"))
                .weight(Weight::SEMIBOLD),
        };
        buffer.set_text(text, &attrs, Shaping::Advanced, Some(Align::Center));
        buffer.shape_until_scroll(&mut self.fonts, false);
        buffer
    }
}

fn lacks(buffer: &Buffer) -> bool {
    buffer.layout_runs().any(|run| {
        run.glyphs.iter().any(|g| {
            g.glyph_id == 0
                && run
                    .text
                    .get(g.start..g.end)
                    .is_some_and(|t| t.chars().any(|c| !c.is_whitespace()))
        })
    })
}

/// Grows and softens what is there by `r` pixels.
fn spread(ink: &[u8], w: usize, h: usize, r: usize) -> Vec<u8> {
    let mut grown = vec![0u8; ink.len()];
    let reach = r as isize;
    let mut rows = vec![0u8; ink.len()];
    for y in 0..h {
        for x in 0..w {
            let mut m = 0;
            for d in -reach..=reach {
                let at = x as isize + d;
                if at >= 0 && (at as usize) < w {
                    m = m.max(ink[y * w + at as usize]);
                }
            }
            rows[y * w + x] = m;
        }
    }
    for y in 0..h {
        for x in 0..w {
            let mut m = 0;
            for d in -reach..=reach {
                let at = y as isize + d;
                if at >= 0 && (at as usize) < h {
                    m = m.max(rows[at as usize * w + x]);
                }
            }
            grown[y * w + x] = m;
        }
    }
    let mut soft = vec![0u8; ink.len()];
    for y in 0..h {
        for x in 0..w {
            let (mut sum, mut n) = (0u32, 0u32);
            for dy in -1..=1isize {
                for dx in -1..=1isize {
                    let (px, py) = (x as isize + dx, y as isize + dy);
                    if px >= 0 && py >= 0 && (px as usize) < w && (py as usize) < h {
                        sum += u32::from(grown[py as usize * w + px as usize]);
                        n += 1;
                    }
                }
            }
            soft[y * w + x] = (sum / n.max(1)) as u8;
        }
    }
    soft
}
