//! What the headings of a screenplay say: where it plays, inside or not, and when.

use super::ids::slug;
use super::script::{self, Element, Script};
use serde::Serialize;

/// What a heading says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeadingParts {
    pub interior: Option<bool>,
    pub place: String,
    /// `DAY`, `DAWN`, `LATER`…, empty if it names none.
    pub time: String,
}

/// Words that say when a scene plays, or how its time lies to the one before.
const TIMES: [&str; 60] = [
    "DAY",
    "NIGHT",
    "DAWN",
    "DUSK",
    "MORNING",
    "AFTERNOON",
    "EVENING",
    "NOON",
    "MIDDAY",
    "MIDNIGHT",
    "SUNSET",
    "SUNDOWN",
    "SUNRISE",
    "DAYBREAK",
    "DAYLIGHT",
    "FIRST LIGHT",
    "MOONLIGHT",
    "LATER",
    "EARLIER",
    "BEFORE",
    "AFTER",
    "AGO",
    "CONTINUOUS",
    "CONTINUING",
    "CONT'D",
    "SAME",
    "SAME TIME",
    "SIMULTANEOUS",
    "MEANWHILE",
    "INTERCUT",
    "MOMENTS LATER",
    "TWILIGHT",
    "MAGIC HOUR",
    "PRESENT",
    "PAST",
    "FUTURE",
    "NOW",
    "THEN",
    "GOLDEN HOUR",
    "BLUE HOUR",
    "TONIGHT",
    "TOMORROW",
    "YESTERDAY",
    "FLASHBACK",
    "FLASH FORWARD",
    "FLASHFORWARD",
    "DREAM",
    "MEMORY",
    "ESTABLISHING",
    "STOCK",
    "SPRING",
    "SUMMER",
    "AUTUMN",
    "FALL",
    "WINTER",
    "CHRISTMAS EVE",
    "O'CLOCK",
    "UNKNOWN",
    "ANY TIME",
    "ANYTIME",
];

/// Whether the end of a heading says when: `TWO WEEKS LATER`, `1945`, `8:15 P.M.`, `DAY (RAIN)`.
fn is_time(tail: &str) -> bool {
    let clock = tail.chars().any(|c| c.is_ascii_digit())
        && tail
            .split(|c: char| !c.is_alphanumeric())
            .filter(|w| !w.is_empty())
            .all(|w| {
                w.bytes().all(|b| b.is_ascii_digit()) || ["A", "P", "M", "AM", "PM"].contains(&w)
            });
    // `SUMMER KITCHEN` is a place, `THE NEXT SUMMER` is a time.
    const AT_THE_END: [&str; 16] = [
        "AFTER", "BEFORE", "NOW", "THEN", "PAST", "FUTURE", "PRESENT", "SAME", "SPRING", "SUMMER",
        "AUTUMN", "FALL", "WINTER", "STOCK", "DREAM", "MEMORY",
    ];
    let last = tail.rsplit(|c: char| !c.is_alphanumeric()).next();
    clock
        || TIMES.iter().any(|t| {
            super::words::contains_words(tail, t) && (last == Some(*t) || !AT_THE_END.contains(t))
        })
}

/// Takes `INT. OFFICE - DAY`, `EXT. PIER, NIGHT`, `GARDEN --DAY` apart.
pub fn heading_parts(heading: &str) -> HeadingParts {
    let mut text = script::plain(heading).trim().to_owned();
    let upper = text.to_uppercase();
    let mut interior = None;
    for (prefix, inside) in [
        ("INT./EXT", true),
        ("EXT./INT", false),
        ("INT/EXT", true),
        ("EXT/INT", false),
        ("I/E", true),
        ("E/I", false),
        ("INT", true),
        ("EXT", false),
        ("EST", false),
    ] {
        if let Some(rest) = upper.strip_prefix(prefix)
            && rest.starts_with(['.', ' '])
        {
            interior = Some(inside);
            text = text
                .chars()
                .skip(prefix.len())
                .collect::<String>()
                .trim_start_matches(['.', ' '])
                .to_owned();
            break;
        }
    }
    let cut = text
        .rfind(" -")
        .or_else(|| text.rfind("--"))
        .or_else(|| text.rfind('–'))
        .or_else(|| text.rfind('—'));
    let mut time = String::new();
    if let Some(at) = cut {
        let tail = text[at..].trim_matches(|c: char| !c.is_alphanumeric());
        // What follows the dash may be a part of the place: `STATION - GALLEY`.
        if is_time(&tail.to_uppercase()) {
            time = tail.to_uppercase();
            text.truncate(at);
        }
    } else if let Some((place, tail)) = text.clone().rsplit_once([',', '.']) {
        let tail = tail.trim().to_uppercase();
        if TIMES.contains(&tail.as_str()) {
            time = tail;
            text = place.to_owned();
        }
    }
    HeadingParts {
        interior,
        place: text
            .trim_matches(|c: char| c.is_whitespace() || "-–—,.".contains(c))
            .to_owned(),
        time,
    }
}

/// A place, from the headings.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Site {
    pub id: String,
    /// `LIGHTHOUSE STAIRS`.
    pub name: String,
    pub interior: bool,
    /// The first words of action there.
    pub description: String,
}

/// Returns the places in order of appearance, one for each name and side of the wall.
pub fn sites(script: &Script) -> Vec<Site> {
    let mut out: Vec<Site> = Vec::new();
    for scene in script.scenes() {
        let Some(heading) = scene.heading else {
            continue;
        };
        let parts = heading_parts(heading);
        let name = if parts.place.is_empty() {
            heading.to_owned()
        } else {
            parts.place
        };
        let interior = parts.interior.unwrap_or(false);
        if out
            .iter()
            .any(|s| s.name.eq_ignore_ascii_case(&name) && s.interior == interior)
        {
            continue;
        }
        let description = scene
            .elements
            .iter()
            .find_map(|e| match e {
                Element::Action(t) => {
                    Some(script::plain(t).lines().next().unwrap_or("").to_owned())
                }
                _ => None,
            })
            .unwrap_or_default();
        let id = super::ids::distinct(&slug(&name, '_', 40), |id| out.iter().any(|s| s.id == id));
        out.push(Site {
            id,
            name,
            interior,
            description,
        });
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headings_come_apart() {
        let p = |h: &str| {
            let p = heading_parts(h);
            (p.interior, p.place, p.time)
        };
        assert_eq!(
            p("INT. LIGHTHOUSE STAIRS - CONTINUOUS"),
            (Some(true), "LIGHTHOUSE STAIRS".into(), "CONTINUOUS".into())
        );
        assert_eq!(
            p("EXT.  GARDEN --DAY"),
            (Some(false), "GARDEN".into(), "DAY".into())
        );
        assert_eq!(
            p("INT. KITCHEN, DAY"),
            (Some(true), "KITCHEN".into(), "DAY".into())
        );
        for (heading, place, time) in [
            ("INT. STATION - GALLEY", "STATION - GALLEY", ""),
            ("INT. STATION - GALLEY - NIGHT", "STATION - GALLEY", "NIGHT"),
            ("INT. OFFICE - TWO WEEKS LATER", "OFFICE", "TWO WEEKS LATER"),
            ("EXT. BERLIN - 1945", "BERLIN", "1945"),
            ("INT. BANK - 8:15 A.M.", "BANK", "8:15 A.M"),
            ("INT. PRISON - CELL 4", "PRISON - CELL 4", ""),
            ("EXT. FARM - SUMMER", "FARM", "SUMMER"),
            (
                "INT. HOTEL - FALL RIVER SUITE",
                "HOTEL - FALL RIVER SUITE",
                "",
            ),
        ] {
            let parts = heading_parts(heading);
            assert_eq!(
                (parts.place.as_str(), parts.time.as_str()),
                (place, time),
                "{heading}"
            );
        }
        assert_eq!(
            p("SNIPER SCOPE POV"),
            (None, "SNIPER SCOPE POV".into(), String::new())
        );
    }
}
