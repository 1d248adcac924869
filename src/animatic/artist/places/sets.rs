//! Places from data: a ground and the things on it, laid out in `templates/sets.yaml`.

use super::super::super::book::book;
use super::walls::{beside_windows, walls};
use super::{Layers, Set};
use serde::Deserialize;
use std::collections::BTreeMap;

/// What stands in a place.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::animatic) struct Furnished {
    #[serde(default)]
    pub(in crate::animatic) ground: String,
    #[serde(default)]
    pub(in crate::animatic) tones: String,
    #[serde(default)]
    pub(in crate::animatic) sound: String,
    #[serde(default)]
    windows: Option<(usize, Windows)>,
    #[serde(default)]
    pub(in crate::animatic) inside: Option<String>,
    #[serde(default)]
    pub(in crate::animatic) outside: Option<String>,
    #[serde(default)]
    things: Vec<Thing>,
    #[serde(default)]
    has: Vec<String>,
    /// Rock closes the picture on all sides.
    #[serde(default)]
    cavern: bool,
    /// A bridge goes across.
    #[serde(default)]
    span: bool,
}

/// How windows are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Windows {
    Square,
    Tall,
    Arch,
    Band,
    Round,
    Bars,
    Sky,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Plane {
    Far,
    Middle,
    Near,
    Fore,
}

/// `desk near .66 870 320`: a drawing, its plane, where its foot stands and how large it is.
#[derive(Debug, Clone, Deserialize)]
#[serde(try_from = "String")]
struct Thing {
    name: String,
    plane: Plane,
    x: f32,
    y: f32,
    size: f32,
}

impl TryFrom<String> for Thing {
    type Error = String;

    fn try_from(text: String) -> Result<Thing, String> {
        let said = || {
            format!(
                "`{text}` is not a drawing, plane, x, y and size, as in `desk near .66 870 320`"
            )
        };
        let words: Vec<&str> = text.split_whitespace().collect();
        let [name, plane, x, y, size] = words.as_slice() else {
            return Err(said());
        };
        let number = |word: &str, most: f32| {
            let n = word.parse::<f32>().ok()?;
            (n.abs() <= most).then_some(n)
        };
        Ok(Thing {
            name: name.replace('_', " "),
            plane: match *plane {
                "far" => Plane::Far,
                "middle" => Plane::Middle,
                "near" => Plane::Near,
                "fore" => Plane::Fore,
                _ => return Err(said()),
            },
            x: number(x, 2.0).ok_or_else(said)?,
            y: number(y, 2000.0).ok_or_else(said)?,
            size: number(size, 2000.0).filter(|s| *s > 0.0).ok_or_else(said)?,
        })
    }
}

/// All sets by name.
pub(in crate::animatic) type Sets = BTreeMap<String, Furnished>;

/// Reads a file of sets.
pub(in crate::animatic) fn read(text: &str) -> Result<Sets, String> {
    serde_yaml::from_str(text).map_err(|e| e.to_string())
}

impl Furnished {
    /// Whether a thing is there already.
    pub(in crate::animatic) fn holds(&self, thing: &str) -> bool {
        self.has.iter().any(|h| h == thing) || self.things.iter().any(|t| t.name == thing)
    }

    /// A ground that nothing is built on.
    pub(in crate::animatic) fn unknown_ground(&self) -> Option<&str> {
        let known = self.ground.is_empty() || super::GROUNDS.contains(&self.ground.as_str());
        (!known).then_some(&self.ground)
    }

    /// Names of drawings nobody has.
    pub(in crate::animatic) fn unknown<'a>(
        &'a self,
        drawings: &'a super::super::drawing::Drawings,
    ) -> impl Iterator<Item = &'a str> {
        let names = self.things.iter().map(|t| t.name.as_str());
        names.filter(|n| !drawings.contains_key(*n))
    }
}

/// The windows of a room.
fn opening(furnished: &Furnished) -> (usize, Windows) {
    let (count, shape) = furnished.windows.unwrap_or((2, Windows::Square));
    // More would stand in each other.
    (count.min(12), shape)
}

/// The ground of a furnished place.
pub(super) fn ground(l: &mut Layers, set: &Set<'_>, furnished: &Furnished) {
    if furnished.ground == "room" {
        walls(l, set, opening(furnished));
    } else {
        super::build(&furnished.ground, l, set);
    }
    if furnished.cavern {
        super::nature::cavern(l, set);
    }
    if furnished.span {
        super::water::span(l, set);
    }
}

/// The things of a furnished place, each in its plane.
pub(super) fn furnish(l: &mut Layers, set: &Set<'_>, furnished: &Furnished) {
    use super::super::drawing::Stands;
    // What stands on a table that is drawn with those who sit at it is not left in the air.
    let taken: Vec<&Thing> = (furnished.things.iter())
        .filter(|t| set.in_use.contains(&t.name.as_str()))
        .collect();
    let left_over = |thing: &Thing, stands: Stands| {
        matches!(stands, Stands::Table | Stands::Hand)
            && (taken.iter()).any(|t| {
                (across(set, t) - across(set, thing)).abs() < t.size * 0.55 && thing.y < t.y
            })
    };
    for thing in &furnished.things {
        let Some(drawing) = book().drawings.get(&thing.name) else {
            continue;
        };
        if set.in_use.contains(&thing.name.as_str()) || left_over(thing, drawing.stands) {
            continue;
        }
        let mut dice = set.dice(&format!("{}{}", thing.name, thing.x));
        let x = across(set, thing) + dice.range(-0.012, 0.012) * set.w;
        let size = thing.size * dice.range(0.94, 1.06);
        let on_top = matches!(drawing.stands, Stands::Table | Stands::Hand)
            .then(|| top_below(furnished, set, thing))
            .flatten();
        // Nothing hangs on a pane.
        let hangs = drawing.stands == Stands::Wall && thing.plane == Plane::Middle;
        let x = match furnished.ground == "room" && hangs {
            true => beside_windows(set, opening(furnished), x, size).unwrap_or(x),
            false => x,
        };
        let y = match drawing.stands {
            Stands::Wall | Stands::Air => thing.y,
            _ => on_top.unwrap_or(thing.y) - size * 0.5,
        };
        let mirrored = thing.x > 0.5 && dice.chance(0.5);
        let mut palette = set.palette.clone();
        let sheet = match thing.plane {
            Plane::Far => {
                let horizon = palette.horizon();
                palette.ink = palette.ink.mix(horizon, 0.5);
                palette.near = palette.near.mix(horizon, 0.4);
                palette.mid = palette.mid.mix(horizon, 0.4);
                &mut l.far
            }
            Plane::Middle => &mut l.middle,
            Plane::Near => &mut l.near,
            Plane::Fore => {
                palette = super::super::shaded(&palette);
                &mut l.fore
            }
        };
        let (x0, _, x1, _) = sheet.bounds();
        if x + size < x0 || x - size > x1 {
            continue;
        }
        if thing.plane == Plane::Near && !matches!(drawing.stands, Stands::Wall | Stands::Air) {
            sheet.fill_alpha(
                &super::super::paint::ellipse(
                    (x - set.light.0 * size * 0.06, y + size * 0.49),
                    size * 0.46,
                    (size * 0.06).min(26.0),
                ),
                palette.shadow.mix(palette.ink, 0.5),
                0.35,
            );
        }
        drawing.draw(sheet, &palette, set.light, (x, y), size, mirrored);
        if thing.plane == Plane::Far {
            // Far things stand in the air of the place.
            let air = set.palette.horizon();
            sheet.tint(air, 0.18);
        }
    }
}

/// Where the middle of a thing is: a narrow picture keeps what is in its middle, and moves the rest closer.
fn across(set: &Set<'_>, thing: &Thing) -> f32 {
    let x = match set.w < 800.0 {
        true => 0.5 + (thing.x - 0.5) * 1.25,
        false => thing.x,
    };
    set.w * x
}

/// How high the top of the furniture is that a thing of a set stands on.
fn top_below(furnished: &Furnished, set: &Set<'_>, thing: &Thing) -> Option<f32> {
    // Parts of its size, up from its middle.
    const TOPS: [(&str, f32); 4] = [
        ("table", 0.2),
        ("desk", 0.18),
        ("counter", 0.12),
        ("round table", 0.2),
    ];
    (furnished.things.iter()).find_map(|below| {
        let (_, top) = TOPS.iter().find(|(name, _)| *name == below.name)?;
        let over = (across(set, below) - across(set, thing)).abs() < below.size * 0.5;
        if !over || thing.y > below.y {
            return None;
        }
        // As it is drawn: its size is told after its place.
        let mut dice = set.dice(&format!("{}{}", below.name, below.x));
        dice.unit();
        let size = below.size * dice.range(0.94, 1.06);
        Some(below.y - size * (0.5 + top))
    })
}
