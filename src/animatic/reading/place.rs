//! Where it is: which set a heading, or what is written below it, means.

use crate::animatic::book::book;
use crate::animatic::lexicon::{self, lexicon};
use crate::film::heading::{Site, heading_parts};
use crate::film::references::References;
use crate::film::words::{contains_any, contains_words};
use std::collections::BTreeMap;

/// The place kind a text names and the word that names it, if one does. `film` is what is written around it:
/// a word that names several places means the one whose signs are there.
pub(super) fn named_place(text: &str, film: &str) -> Option<(&'static str, &'static str)> {
    let name = heading_parts(text).place.to_lowercase();
    named(&name)
        .or_else(|| said_place(text))
        .map(|(kind, word)| (sense(kind, word, film), word))
}

/// What a name (lower case) says a place is. Of its words the last one does, lighthouse stairs are stairs; but
/// `MAIN STREET, DRY CREEK` is a street of that town.
fn named(name: &str) -> Option<(&'static str, &'static str)> {
    const OF_TOWNS: [&str; 24] = [
        "creek", "river", "lake", "valley", "hill", "hills", "falls", "springs", "forest", "woods",
        "bay", "harbour", "harbor", "beach", "mountain", "bridge", "castle", "field", "fields",
        "island", "rock", "cliff", "coast", "park",
    ];
    // An alley behind the bank is an alley.
    let name = BESIDE
        .iter()
        .filter_map(|w| name.split_once(w))
        .map(|(place, _)| place)
        .find(|place| lexicon::last(&lexicon().places, place).is_some())
        .unwrap_or(name);
    let last = lexicon::last(&lexicon().places, name).map(|(kind, word)| {
        // The hallway of a school, in either order.
        let own = in_name(word, name).map(|kind| (kind, word));
        let mut others = lexicon().within.keys().map(String::as_str);
        let other = || {
            let of_this = |w: &str| in_name(w, word).filter(|_| contains_words(name, w));
            others.find_map(|w| Some((of_this(w)?, w)))
        };
        own.or_else(other).unwrap_or((kind, word))
    });
    // A corridor of a spaceship is none of an office.
    let aboard = contains_any(
        name,
        &[
            "spaceship",
            "space ship",
            "starship",
            "space station",
            "spacecraft",
            "star ship",
        ],
    );
    if let Some((_, word)) = last.filter(|(kind, _)| {
        aboard
            && matches!(
                *kind,
                "corridor"
                    | "hallway"
                    | "engine_room"
                    | "gangway"
                    | "plain_room"
                    | "office"
                    | "kitchen"
                    | "bedroom"
            )
    }) {
        return Some(("module", word));
    }
    let town = name.rsplit_once(',').filter(|(_, town)| {
        let words: Vec<&str> = town.split_whitespace().collect();
        words.len() == 2 && OF_TOWNS.contains(&words[1])
    });
    town.and_then(|(place, _)| lexicon::last(&lexicon().places, place))
        .or(last)
}

/// What leads, in a name, from a place to the one it lies at.
const BESIDE: [&str; 12] = [
    " behind ",
    " outside ",
    " near ",
    " beside ",
    " next to ",
    " opposite ",
    " across from ",
    " above ",
    " below ",
    " in front of ",
    " overlooking ",
    " by the ",
];

/// What a word of a place means beside the other words of its name: the hallway of a school.
fn in_name(word: &str, name: &str) -> Option<&'static str> {
    let mut kinds = lexicon().within.get(word)?.iter();
    let there = |words: &[String]| words.iter().any(|w| contains_words(name, w));
    let (kind, _) = kinds.find(|(_, words)| there(words))?;
    Some(kind)
}

/// The place that sentences name.
fn said_place(text: &str) -> Option<(&'static str, &'static str)> {
    let text = text.to_lowercase().replace('’', "'");
    (lexicon::hits(&lexicon().places, &text).into_iter())
        // `The submarine's tower breaks through`: who owns something is not where it is; and a shop assistant is
        // no shop.
        .filter(|hit| {
            let after = &text[hit.at + hit.word.len()..];
            !after.starts_with("'s") && !is_somebody(after)
        })
        .max_by_key(|hit| (hit.word.len(), std::cmp::Reverse(hit.at)))
        .map(|hit| (hit.kind, hit.word))
}

/// Whether the next word is a person's.
fn is_somebody(after: &str) -> bool {
    const CALLINGS: [&str; 8] = [
        "assistant",
        "attendant",
        "boy",
        "girl",
        "hand",
        "mate",
        "owner",
        "ranger",
    ];
    let next = after
        .strip_prefix(' ')
        .and_then(|rest| rest.split(|c: char| !c.is_alphanumeric()).next())
        .unwrap_or_default();
    let nouns = lexicon().people.iter().filter(|(kind, _)| kind == "anyone");
    CALLINGS.contains(&next) || nouns.flat_map(|(_, words)| words).any(|w| w == next)
}

/// What a word of a place means where these words are around it.
fn sense(kind: &'static str, word: &str, film: &str) -> &'static str {
    let Some(senses) = lexicon().senses.get(word) else {
        return kind;
    };
    let film = film.to_lowercase();
    let signs = |words: &[String]| {
        let known = |w: &&String| contains_words(&film, w);
        words.iter().filter(known).count()
    };
    let best = senses
        .iter()
        .map(|(other, words)| (signs(words), other.as_str()))
        .rev()
        .max_by_key(|(n, _)| *n);
    match best {
        Some((1.., other)) => other,
        _ => kind,
    }
}

/// The place kind a heading or text names, else a usual one; a castle has a hall inside, a church a yard
/// outside.
pub fn place_kind(text: &str, interior: bool) -> String {
    let kind = named_place(text, "").map_or(plain(interior), |(kind, _)| kind);
    on_its_side(kind, interior)
}

/// What is drawn where nothing says what a place is.
fn plain(interior: bool) -> &'static str {
    if interior { "plain_room" } else { "street" }
}

/// The set that a kind means inside, or outside.
pub fn on_its_side(kind: &str, interior: bool) -> String {
    let set = book().sets.get(kind);
    let side = set.and_then(|s| {
        if interior {
            s.inside.as_ref()
        } else {
            s.outside.as_ref()
        }
    });
    match side {
        Some(side) => side.clone(),
        // Inside there is no sky.
        None if interior && is_open(kind) => "plain_room".to_owned(),
        None => kind.to_owned(),
    }
}

/// What a kind is built on.
pub(super) fn ground_of(kind: &str) -> &str {
    match book().sets.get(kind) {
        Some(set) if !set.ground.is_empty() => &set.ground,
        _ => kind,
    }
}

/// What is seen through the windows of a room: the ground of the film's first place under the sky, else of what
/// is around such a room; empty where nothing says so.
pub(super) fn outlook(kind: &str, references: Option<&References>) -> String {
    let around = (references.map_or(&[][..], |r| &r.places).iter())
        .filter(|p| !p.interior)
        .map(|p| on_its_side(&p.kind, false))
        .find(|k| is_open(k))
        .unwrap_or_else(|| on_its_side(kind, false));
    let open = is_open(&around);
    if open {
        ground_of(&around).to_owned()
    } else {
        String::new()
    }
}

/// Whether a kind lies under the sky.
fn is_open(kind: &str) -> bool {
    matches!(
        ground_of(kind),
        "sea"
            | "harbour"
            | "pitch"
            | "river"
            | "underwater"
            | "ice"
            | "forest"
            | "mountain"
            | "field"
            | "desert"
            | "park"
            | "skyline"
            | "road"
            | "street"
            | "plain"
            | "bridge"
            | "space"
    )
}

/// The kinds of a film's places, in their order: what their headings name; else, where it fits inside or outside,
/// what is written below; else what their neighbours say. `film` is all that is written.
pub fn kinds_of_sites(sites: &[Site], film: &str) -> Vec<String> {
    let mut kinds: Vec<Option<String>> = (sites.iter())
        .map(|site| kind_of_site(site, film).map(str::to_owned))
        .collect();
    for i in 0..sites.len() {
        if kinds[i].is_some() {
            continue;
        }
        let kind = if sites[i].interior {
            // Whoever's it is lives there.
            let home = sites[i].name.to_lowercase().replace('’', "'");
            let home = home.ends_with("'s") || home.ends_with("s'");
            Some(if home { "living" } else { plain(true) }.to_owned())
        } else {
            outside_of(sites, &kinds, i)
        };
        kinds[i] = Some(kind.unwrap_or_else(|| plain(false).to_owned()));
    }
    kinds.into_iter().flatten().collect()
}

/// What a place is called in its heading, and only where that says nothing, what is written there.
fn kind_of_site(site: &Site, film: &str) -> Option<&'static str> {
    let name = site.name.to_lowercase();
    let fits = |kind: &str| is_open(&on_its_side(kind, site.interior)) != site.interior;
    if let Some((kind, word)) = named(&name) {
        let kind = sense(kind, word, film);
        // A mountain rescue base is no mountain inside.
        let whole = name.ends_with(word);
        return (whole || fits(kind)).then_some(kind);
    }
    let (kind, word) = said_place(&site.description)?;
    let kind = sense(kind, word, film);
    fits(kind).then_some(kind)
}

/// What is outside where nothing says so: where one was last outside, else where one is next; else what is around
/// the room that the film is in most.
fn outside_of(sites: &[Site], kinds: &[Option<String>], at: usize) -> Option<String> {
    let out = |i: &usize| !sites[*i].interior && kinds[*i].is_some();
    let before = (0..at).rev().find(out);
    let near = before.or_else(|| (at + 1..sites.len()).find(out));
    if let Some(i) = near {
        return kinds[i].clone();
    }
    let mut rooms: BTreeMap<String, usize> = BTreeMap::new();
    for (site, kind) in sites.iter().zip(kinds) {
        if let Some(kind) = kind.as_ref().filter(|_| site.interior) {
            let around = on_its_side(kind, false);
            if is_open(&around) {
                *rooms.entry(around).or_default() += 1;
            }
        }
    }
    rooms
        .into_iter()
        .max_by_key(|(_, n)| *n)
        .map(|(kind, _)| kind)
}

/// Where something is that is looked at from where one is, or told of from another time: `MAYA'S POV - Leo on the
/// pavement`, `ARCHIVE - boats leave the harbour`; the kind, its word, and whether it is inside.
pub(super) fn seen_elsewhere(
    prompt: &str,
    pov: bool,
    interior: bool,
) -> Option<(&'static str, &'static str, bool)> {
    const TOLD: [&str; 7] = [
        "ARCHIVE",
        "ANIMATION",
        "FLASHBACK",
        "FLASH",
        "DREAM",
        "MEMORY",
        "CUTAWAY",
    ];
    let told = TOLD.iter().any(|w| prompt.trim_start().starts_with(w));
    if !told && !pov {
        return None;
    }
    let (_, seen) = prompt.split_once(crate::film::shot::POINTS)?;
    let low = seen.to_lowercase().replace('’', "'");
    let lead = |at: usize| {
        let before = low[..at].split_whitespace().next_back();
        before.is_some_and(|w| {
            matches!(
                w,
                "in" | "on" | "at" | "across" | "from" | "the" | "a" | "his" | "her" | "their"
            )
        })
    };
    let hit = lexicon::hits(&lexicon().places, &low)
        .into_iter()
        .filter(|hit| lead(hit.at) && !low[hit.at + hit.word.len()..].starts_with("'s"))
        .max_by_key(|hit| (hit.word.len(), std::cmp::Reverse(hit.at)))?;
    // Through a window one sees what lies outside; of what is told it may be either.
    let open = is_open(hit.kind);
    let within = matches!(ground_of(hit.kind), "body" | "neuron" | "space");
    match (told, within, open) {
        (true, true, _) => Some((hit.kind, hit.word, false)),
        (_, _, true) if interior || told => Some((hit.kind, hit.word, false)),
        _ => None,
    }
}

/// Where a shot is that begins with a place in capitals: `UNDERWATER - the hull glides past`.
pub(super) fn elsewhere(prompt: &str) -> Option<(&'static str, &'static str)> {
    let (head, _) = (prompt.split_once(" - "))
        .or_else(|| prompt.split_once(" – "))
        .or_else(|| prompt.split_once(": "))?;
    let capitals = head.chars().any(char::is_alphabetic) && !head.chars().any(char::is_lowercase);
    let head = head.trim().to_lowercase();
    // A beach ball is no beach.
    let named = || lexicon::last(&lexicon().places, &head).filter(|(_, w)| head.ends_with(w));
    capitals.then(named).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sites(list: &[(&str, bool, &str)]) -> Vec<Site> {
        (list.iter())
            .map(|(name, interior, description)| Site {
                id: name.to_lowercase(),
                name: (*name).to_owned(),
                interior: *interior,
                description: (*description).to_owned(),
            })
            .collect()
    }

    fn kinds(list: &[(&str, bool, &str)], film: &str) -> Vec<String> {
        kinds_of_sites(&sites(list), film)
    }

    #[test]
    fn a_film_says_what_a_word_means() {
        let station = [("STATION", true, "")];
        assert_eq!(kinds(&station, "a train leaves"), ["station"]);
        assert_eq!(
            kinds(&station, "The astronaut opens the airlock."),
            ["cockpit"]
        );
        assert_eq!(
            kinds(&[("STATION - GALLEY", true, "")], "a train leaves"),
            ["kitchen"]
        );
        assert_eq!(kinds(&[("CELL", true, "")], "the guard comes"), ["cell"]);
        assert_eq!(
            kinds(&[("CELL", true, "")], "a receptor in the membrane"),
            ["body"]
        );
        assert_eq!(
            kinds(
                &[
                    ("LINCOLN HIGH SCHOOL - HALLWAY", true, ""),
                    ("HALLWAY - SCHOOL", true, ""),
                    ("BANK - VAULT", true, ""),
                    ("ALLEY BEHIND THE BANK", false, ""),
                ],
                ""
            ),
            ["corridor", "corridor", "vault", "alley"]
        );
        assert_eq!(
            kinds(&[("FELIX'S CELL", true, "")], "the monks of the abbey"),
            ["cabin"]
        );
    }

    #[test]
    fn what_is_not_known_is_neither_under_the_sky_nor_in_a_city() {
        assert_eq!(
            kinds(
                &[(
                    "LAIR",
                    true,
                    "The sea behind a window. A shop assistant sits."
                )],
                ""
            ),
            ["plain_room"]
        );
        assert_eq!(
            kinds(&[("MOUNTAIN RESCUE BASE", true, "")], ""),
            ["plain_room"]
        );
        assert_eq!(kinds(&[("MARGARET'S", true, "")], ""), ["living"]);
        assert_eq!(
            kinds(&[("GORGE OF EELS", false, ""), ("FOREST", false, "")], ""),
            ["forest", "forest"]
        );
        assert_eq!(
            kinds(&[("GARTH", false, ""), ("CHURCH", true, "")], ""),
            [on_its_side("church", false), "church".to_owned()]
        );
    }
}
