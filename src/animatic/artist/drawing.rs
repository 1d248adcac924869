//! Things, drawn from data: shapes in a colour each, laid out in `templates/drawings.yaml`.

use super::paint::{P, Rgb, Sheet, ellipse, limb, rect, smooth};
use super::palette::Palette;
use std::collections::BTreeMap;

/// Where a thing belongs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::animatic) enum Stands {
    Hand,
    Table,
    Floor,
    Wall,
    Air,
    Water,
}

/// A thing, in shapes.
#[derive(Debug, Clone)]
pub(in crate::animatic) struct Drawing {
    pub(in crate::animatic) stands: Stands,
    /// Its size in heads of a grown person.
    pub(in crate::animatic) heads: f32,
    shapes: Vec<Shape>,
}

#[derive(Debug, Clone)]
struct Shape {
    color: String,
    alpha: f32,
    flat: bool,
    kind: Kind,
}

#[derive(Debug, Clone)]
enum Kind {
    Poly(Vec<P>),
    Curve(Vec<P>),
    Disc(P, f32, f32),
    Bar(P, f32, f32),
    Line(f32, Vec<P>),
    Limb(Vec<f32>, Vec<P>),
    Glow(P, f32),
}

/// All drawings by name.
pub(in crate::animatic) type Drawings = BTreeMap<String, Drawing>;

/// Reads a file of drawings; the error names the drawing and the line in it.
pub(in crate::animatic) fn read(text: &str) -> Result<Drawings, String> {
    let file: BTreeMap<String, String> = serde_yaml::from_str(text).map_err(|e| e.to_string())?;
    file.into_iter()
        .map(|(name, text)| {
            let drawing = drawing(&text).map_err(|e| format!("{name}: {e}"))?;
            Ok((name.replace('_', " "), drawing))
        })
        .collect()
}

fn drawing(text: &str) -> Result<Drawing, String> {
    let mut lines = text.lines().filter(|l| !l.trim().is_empty());
    let head = lines.next().ok_or("it is empty")?;
    let (stands, heads) = head
        .split_once(' ')
        .ok_or_else(|| format!("`{head}` is not a place and a size, as in `table .7`"))?;
    let stands = match stands {
        "hand" => Stands::Hand,
        "table" => Stands::Table,
        "floor" => Stands::Floor,
        "wall" => Stands::Wall,
        "air" => Stands::Air,
        "water" => Stands::Water,
        other => {
            return Err(format!(
                "`{other}` is not hand, table, floor, wall, air or water"
            ));
        }
    };
    let heads: f32 = heads
        .trim()
        .parse()
        .ok()
        .filter(|h| (0.1..=60.0).contains(h))
        .ok_or_else(|| format!("`{heads}` is not a size from .1 to 60 heads"))?;
    let shapes = lines
        .map(|l| shape(l).map_err(|e| format!("`{l}`: {e}")))
        .collect::<Result<_, _>>()?;
    Ok(Drawing {
        stands,
        heads,
        shapes,
    })
}

fn shape(line: &str) -> Result<Shape, String> {
    let mut words = line.split_whitespace();
    let color = words.next().ok_or("no colour")?;
    let kind = words.next().ok_or("no kind")?;
    let numbers: Vec<f32> = words
        .map(|w| {
            w.parse::<f32>()
                .ok()
                .filter(|v| v.abs() <= 4.0)
                .ok_or_else(|| format!("`{w}` is not a number up to 4"))
        })
        .collect::<Result<_, _>>()?;
    let flat = color.starts_with('~');
    let color = color.trim_start_matches('~');
    let (color, alpha) = color.split_once('@').unwrap_or((color, "1"));
    let alpha: f32 = alpha
        .parse()
        .map_err(|_| format!("`{alpha}` is not a number"))?;
    let points = |numbers: &[f32], least: usize| -> Result<Vec<P>, String> {
        if !numbers.len().is_multiple_of(2) || numbers.len() / 2 < least {
            return Err(format!("{kind} takes at least {least} pairs of numbers"));
        }
        Ok(numbers
            .as_chunks::<2>()
            .0
            .iter()
            .map(|p| (p[0], p[1]))
            .collect())
    };
    let kind = match (kind, numbers.as_slice()) {
        ("poly", n) => Kind::Poly(points(n, 3)?),
        ("curve", n) => Kind::Curve(points(n, 3)?),
        ("disc", [x, y, r]) => Kind::Disc((*x, *y), *r, *r),
        ("disc", [x, y, rx, ry]) => Kind::Disc((*x, *y), *rx, *ry),
        ("bar", [x, y, w, h]) => Kind::Bar((*x, *y), *w, *h),
        ("glow", [x, y, r]) => Kind::Glow((*x, *y), *r),
        ("line", [w, rest @ ..]) => Kind::Line(*w, points(rest, 2)?),
        ("limb", [r, rest @ ..]) => {
            let joints = points(rest, 2)?;
            Kind::Limb(vec![*r; joints.len()], joints)
        }
        ("taper", [from, to, rest @ ..]) => {
            let joints = points(rest, 2)?;
            let last = (joints.len() - 1) as f32;
            let radii = (0..joints.len()).map(|i| from + (to - from) * i as f32 / last);
            Kind::Limb(radii.collect(), joints)
        }
        _ => return Err("not a shape; see the head of templates/drawings.yaml".to_owned()),
    };
    if named(color, None).is_none() {
        return Err(format!("`{color}` is not a colour"));
    }
    Ok(Shape {
        color: color.to_owned(),
        alpha: alpha.clamp(0.0, 1.0),
        flat,
        kind,
    })
}

/// A colour by its name, in a palette's light; without a palette, whether there is one.
fn named(name: &str, palette: Option<&Palette>) -> Option<Rgb> {
    let plain = |hex: &str| {
        let c = Rgb::hex(hex);
        palette.map_or(c, |p| c.times(p.shadow, if p.dark { 0.5 } else { 0.1 }))
    };
    let bright = |hex: &str| {
        let c = Rgb::hex(hex);
        palette.map_or(c, |p| c.times(p.shadow, if p.dark { 0.25 } else { 0.04 }))
    };
    let of = |pick: fn(&Palette) -> Rgb| palette.map_or(Rgb(0.0, 0.0, 0.0), pick);
    Some(match name {
        "ink" => of(|p| p.ink),
        "dark" => of(|p| p.near.mix(p.ink, 0.4)),
        "near" => of(|p| p.near),
        "mid" => of(|p| p.mid),
        "far" => of(|p| p.far),
        "horizon" => of(Palette::horizon),
        "sky" => of(|p| p.sky[0]),
        "light" => of(|p| p.light),
        "shadow" => of(|p| p.shadow),
        "accent" => of(|p| p.accent),
        "paper" => bright("efe3c8"),
        "white" => bright("f6f2e8"),
        "bone" => bright("e0d2b8"),
        "screen" => Rgb::hex("a8d4e2"),
        "glass" => bright("bcd8e0"),
        "wood" => plain("8a5a3f"),
        "pale" => plain("b98a5a"),
        "metal" => plain("a4adb2"),
        "steel" => plain("646f78"),
        "brass" => plain("c9a24a"),
        "leaf" => plain("5a7f4e"),
        "red" => plain("b5432f"),
        "blue" => plain("46709c"),
        "yellow" => bright("e6b84a"),
        "stone" => plain("8f8a84"),
        "brown" => plain("6f4a34"),
        "bread" => plain("c98a4a"),
        "pink" => plain("dca0a0"),
        "skin" => plain("d8a888"),
        "rubber" => plain("2a2a30"),
        hex if hex.len() == 7
            && hex.starts_with('#')
            && hex[1..].bytes().all(|b| b.is_ascii_hexdigit()) =>
        {
            plain(&hex[1..])
        }
        _ => return None,
    })
}

impl Drawing {
    /// The colour that most of it has; none where that is the accent, which is tinted by itself.
    fn own_color(&self) -> Option<&str> {
        let plain = |c: &str| {
            !matches!(
                c,
                "ink" | "dark" | "glass" | "screen" | "light" | "rubber" | "shadow"
            )
        };
        if self
            .shapes
            .iter()
            .any(|s| s.color == "accent" && matches!(s.kind, Kind::Curve(_)))
        {
            return None;
        }
        let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
        for shape in self.shapes.iter().filter(|s| plain(&s.color)) {
            *counts.entry(&shape.color).or_default() += 1;
        }
        counts
            .into_iter()
            .max_by_key(|(_, n)| *n)
            .map(|(color, _)| color)
    }

    /// How far it reaches to either side of its middle, in parts of its size.
    pub(super) fn half_width(&self) -> f32 {
        let far = |points: &[P]| points.iter().map(|p| p.0.abs()).fold(0.0, f32::max);
        (self.shapes.iter())
            .map(|s| match &s.kind {
                Kind::Poly(points) | Kind::Curve(points) | Kind::Line(_, points) => far(points),
                Kind::Limb(radii, points) => {
                    far(points) + radii.iter().copied().fold(0.0, f32::max)
                }
                Kind::Disc(at, across, _) => at.0.abs() + across,
                Kind::Bar(at, wide, _) => at.0.abs().max((at.0 + wide).abs()),
                Kind::Glow(..) => 0.0,
            })
            .fold(0.0, f32::max)
    }

    /// Draws about `at`, `size` units from -.5 to .5; mirrored where a thing faces left.
    pub(super) fn draw(
        &self,
        sheet: &mut Sheet,
        palette: &Palette,
        light: P,
        at: P,
        size: f32,
        mirrored: bool,
    ) {
        let side = if mirrored { -1.0 } else { 1.0 };
        let p = |q: P| (at.0 + side * q.0 * size, at.1 + q.1 * size);
        let all = |points: &[P]| points.iter().map(|q| p(*q)).collect::<Vec<_>>();
        let own = self.own_color().filter(|_| palette.tint.is_some());
        for shape in &self.shapes {
            let color = named(&shape.color, Some(palette)).unwrap_or(palette.mid);
            // A grey horse: what is of its own colour, darker and lighter, becomes that.
            let color = match (own, palette.tint) {
                (Some(own), Some(tint)) => {
                    let main = named(own, Some(palette)).unwrap_or(color);
                    match main.near(color) {
                        true => tint.mix(
                            palette.ink,
                            ((main.luma() - color.luma()) * 1.4).clamp(0.0, 0.4),
                        ),
                        false => color,
                    }
                }
                _ => color,
            };
            let outline = match &shape.kind {
                Kind::Poly(points) => all(points),
                Kind::Curve(points) => smooth(&all(points), 5),
                Kind::Disc(c, rx, ry) => ellipse(p(*c), rx * size, ry * size),
                Kind::Bar(c, w, h) => {
                    let left = if mirrored { -c.0 - w } else { c.0 };
                    rect(at.0 + left * size, at.1 + c.1 * size, w * size, h * size)
                }
                Kind::Limb(radii, joints) => {
                    let radii: Vec<f32> = radii.iter().map(|r| r * size).collect();
                    limb(&all(joints), &radii)
                }
                Kind::Line(width, points) => {
                    sheet.stroke(&all(points), (width * size).max(1.2), color, shape.alpha);
                    continue;
                }
                Kind::Glow(c, r) => {
                    let strength = if palette.dark { 0.6 } else { 0.35 };
                    sheet.glow(p(*c), r * size, color, strength * shape.alpha);
                    continue;
                }
            };
            sheet.fill_alpha(&outline, color, shape.alpha);
            if !shape.flat {
                sheet.shade(&outline, light, 0.06 * size, palette.shadow, 0.5);
                let width = (0.022 * size).clamp(1.2, 5.5);
                sheet.ink(&outline, width, light, palette.ink);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_wrong_with_a_drawing_is_said() {
        for (text, said) in [
            ("a: 'table'", "place and a size"),
            ("a: |\n  moon 3\n  ink bar 0 0 1 1", "not hand, table"),
            ("a: |\n  table 900\n", "not a size"),
            ("a: |\n  table 1\n  ink poly 0 0 1 1", "at least 3 pairs"),
            ("a: |\n  table 1\n  puce disc 0 0 1", "not a colour"),
            ("a: |\n  table 1\n  ink disc 0 0 x", "not a number"),
            ("a: |\n  table 1\n  #ééa disc 0 0 1", "not a colour"),
        ] {
            let error = read(text).unwrap_err();
            assert!(error.starts_with("a: ") && error.contains(said), "{error}");
        }
    }
}
