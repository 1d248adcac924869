//! Which things are in a shot, of what colour, how large, how many.

use super::doing::without_names;
use super::people::Company;
use super::{Made, Page, strangers, unknown};
use crate::animatic::lexicon::{self, Hit, Lexicon, lexicon};
use crate::film::heading::heading_parts;
use crate::film::references::Person;
use crate::film::shot::Size;
use crate::film::storyboard::Shot;
use crate::film::words::{contains_any, contains_words, places_of};
use std::collections::BTreeMap;

/// What is in a hand that the house has no drawing of: its size and its colour.
pub(super) const SOMETHING: &str = "thing in hand";

/// The things of a shot; what each field holds, [`super::Scene`] says.
pub(super) struct Things {
    pub(super) props: Vec<String>,
    pub(super) tints: BTreeMap<String, String>,
    pub(super) scales: BTreeMap<String, f32>,
    pub(super) counts: BTreeMap<String, usize>,
    pub(super) hung: Vec<String>,
}

/// Reads the things of a shot. Of somebody whose shirt is looked at no more is seen.
pub(super) fn things(
    page: &Page<'_>,
    heading: &str,
    company: &mut Company,
    made: &mut Made,
) -> Things {
    let (l, words) = (page.l, page.words.as_str());
    // TOM BELL has no bell, and Moose is none.
    let everyone: Vec<&Person> = page.everyone().collect();
    let nameless = without_surnames(
        without_names(words, &everyone),
        &page.shot.prompt,
        &everyone,
    );
    let mut hits = lexicon::things(l, &nameless);
    hits.retain(|hit| is_seen(page, heading, &nameless, hit));
    // A vehicle has its door on it.
    if hits.iter().any(|h| VEHICLES.contains(&h.kind)) {
        hits.retain(|h| h.kind != "door");
    }
    // A lamp under the sky is one that is carried.
    for hit in hits
        .iter_mut()
        .filter(|h| h.kind == "lamp" && !page.interior)
    {
        hit.kind = "lantern";
    }
    // A wagon has an engine, but where there are horses.
    let drawn_by = [
        "horse", "horses", "oxen", "mule", "mules", "pioneer", "pioneers", "settlers",
    ];
    let of_old =
        page.kind == "frontier" || contains_any(&page.around.context.to_lowercase(), &drawn_by);
    for hit in hits.iter_mut().filter(|h| h.word == "wagon" && of_old) {
        hit.kind = "cart";
    }
    // In a room a fire burns in its place.
    let hearth = page.interior && !matches!(page.kind.as_str(), "cave" | "camp" | "tent" | "hut");
    for hit in hits.iter_mut().filter(|h| h.kind == "campfire" && hearth) {
        hit.kind = "fireplace";
    }
    for hit in &hits {
        made.note(format!("thing {}", hit.kind), hit.word);
    }
    let kind = |hit: &Hit<'_>| hit.kind.to_owned();
    let tint = |hit: &Hit<'_>| {
        let before = || l.colors.get(page.shot.colors.get(hit.kind)?).cloned();
        Some((kind(hit), colored(l, words, hit.at).or_else(before)?))
    };
    let mut props: Vec<String> = hits.iter().map(kind).collect();
    part_looked_at(page, company, &mut props, made);
    mounts(page, company, &mut props);
    let mut tints: BTreeMap<String, String> = hits.iter().filter_map(tint).collect();
    if company
        .people
        .iter()
        .any(|p| p.holds.iter().any(|h| h == SOMETHING))
        && let Some((at, noun)) = unknown::handled(l, words, &page.cast)
    {
        made.note(format!("thing {SOMETHING}"), noun);
        tints.extend(colored(l, words, at).map(|color| (SOMETHING.to_owned(), color)));
        props.push(SOMETHING.to_owned());
    }
    Things {
        props,
        tints,
        scales: (hits.iter())
            .filter_map(|hit| Some((kind(hit), sized(l, words, hit.at)?)))
            .collect(),
        counts: (hits.iter())
            .map(|hit| (kind(hit), lexicon::how_many(words, hit)))
            .filter(|(kind, n)| *n > 1 && l.beings.contains(kind))
            .collect(),
        hung: (hits.iter())
            .filter(|hit| on_a_wall(words, hit.at))
            .map(kind)
            .collect(),
    }
}

/// Words whose first names are blanked already, with the surnames behind them blanked as well: COACH WARREN BELL has no
/// bell.
fn without_surnames(mut words: String, prompt: &str, everyone: &[&Person]) -> String {
    let capitals =
        |w: &&str| w.chars().count() > 1 && w.chars().all(|c| c.is_uppercase() || c == '-');
    for person in everyone {
        let name = person.name.to_uppercase();
        for at in places_of(prompt, &name) {
            let after = &prompt[at + name.len()..];
            let surname: Vec<&str> = after
                .split([' ', ',', '('])
                .skip_while(|w| w.is_empty())
                .take_while(capitals)
                .collect();
            // MARA GRABS KNIFE has no surname.
            let whole = surname.join(" ");
            let brought_in = after
                .trim_start()
                .strip_prefix(whole.as_str())
                .is_some_and(|rest| rest.trim_start().starts_with([',', '(']));
            if surname.is_empty() || !after.starts_with(' ') || !brought_in {
                continue;
            }
            let surname = surname.join(" ").to_lowercase();
            let blank = "x".repeat(name.len());
            words = words.replace(
                &format!("{blank} {surname}"),
                &format!("{blank} {}", "x".repeat(surname.len())),
            );
        }
    }
    words
}

/// Whether a thing that is told of is seen in this place, beside those who are there.
fn is_seen(page: &Page<'_>, heading: &str, nameless: &str, hit: &Hit<'_>) -> bool {
    let (kind, interior) = (page.kind.as_str(), page.interior);
    // Who is dressed as a sheep is none.
    let before = sentence_before(nameless, hit.at).trim_end();
    let before = ["a", "an", "the"]
        .iter()
        .find_map(|article| before.strip_suffix(article))
        .unwrap_or(before);
    let disguise = ["dressed as", "dressed like", "disguised as", "costume of"];
    if disguise.iter().any(|w| before.trim_end().ends_with(w)) {
        return false;
    }
    // What is dead is not drawn alive, and a chart is the picture itself.
    let dead = page.l.beings.contains(hit.kind)
        && described(nameless, hit.at).any(|w| matches!(w, "dead" | "stuffed" | "toy"));
    if dead || (kind == "graphic" && hit.kind == "chart") {
        return false;
    }
    // One stands in the train, not before it; the sky of a place has its own.
    let place_name = heading_parts(heading).place.to_lowercase();
    let around = (interior && contains_words(&place_name, hit.word))
        || (!interior && kind != "space" && matches!(hit.kind, "moon" | "star"));
    // Who is a dog holds none.
    let is_one = (page.cast.iter()).any(|p| p.look.drawn_as.as_deref() == Some(hit.kind));
    // The car of a train is what one sits in; who sits in a car sees none beside it, and what is seen through a window
    // is not in here.
    let aboard = interior
        && (matches!(kind, "train" | "subway") && hit.kind == "car"
            || (kind == "vehicle" || page.outside) && VEHICLES.contains(&hit.kind));
    // A house has its door on it: none stands free under the sky.
    let of_a_house = !interior
        && !matches!(
            page.shot.size,
            Size::Cu | Size::Bcu | Size::Ecu | Size::Insert
        );
    let of_a_vessel = matches!(
        kind,
        "elevator"
            | "airliner"
            | "bus"
            | "train"
            | "subway"
            | "vehicle"
            | "cockpit"
            | "submarine"
            | "module"
    );
    // A vault has one of its own.
    let no_door = hit.kind == "door" && (of_a_house || of_a_vessel || kind == "vault");
    !around && !is_one && !aboard && !no_door
}

/// From so near a part of somebody, or of what they wear, is what is seen.
fn part_looked_at(
    page: &Page<'_>,
    company: &mut Company,
    props: &mut Vec<String>,
    made: &mut Made,
) {
    if page.shot.size != Size::Insert {
        return;
    }
    let said = |of: &[&'static str]| {
        let mut all = of.iter().copied();
        all.find(|w| contains_words(&page.words, w))
    };
    if let Some(word) = said(&["hand", "hands", "fingers"]) {
        made.note("thing resting hand".to_owned(), word);
        props.push("resting hand".to_owned());
    }
    if !props.is_empty() {
        return;
    }
    if let Some(word) = said(&["foot", "feet", "toes", "slippers"]) {
        made.note("thing near feet".to_owned(), word);
        props.push("near feet".to_owned());
        company.people.clear();
    } else if let Some(word) = said(&["shirt", "blouse", "collar", "sleeve"]) {
        made.note("thing near shirt".to_owned(), word);
        props.push("near shirt".to_owned());
        company.people.truncate(1);
    }
}

/// Nobody rides on nothing.
fn mounts(page: &Page<'_>, company: &Company, props: &mut Vec<String>) {
    if company.people.iter().all(|p| p.pose != "ride") {
        return;
    }
    let cycles = contains_any(
        &page.words,
        &[
            "cycles",
            "cycling",
            "cycle",
            "pedals",
            "on her bike",
            "on his bike",
        ],
    );
    if cycles && props.iter().all(|p| p != "bicycle") {
        props.push("bicycle".to_owned());
    }
    let mounted = (props.iter()).any(|p| {
        matches!(
            p.as_str(),
            "horse"
                | "bicycle"
                | "motorbike"
                | "cow"
                | "dragon"
                | "car"
                | "donkey"
                | "camel"
                | "elephant"
        )
    });
    let on_horses = page.kind == "frontier"
        || (page.unnamed.iter()).any(|s| strangers::rides(s.noun))
        || contains_any(
            &page.around.context.to_lowercase(),
            &["horse", "horses", "pony"],
        )
        || contains_words(&page.words, "horseback");
    if !mounted && on_horses {
        props.push("horse".to_owned());
    }
}

/// Things with doors of their own.
pub(super) const VEHICLES: [&str; 12] = [
    "ambulance",
    "bus",
    "car",
    "helicopter",
    "pickup",
    "plane",
    "police car",
    "spaceship",
    "submarine",
    "taxi",
    "train",
    "truck",
];

/// The colour named before a thing: `a large blue umbrella`.
fn colored(l: &Lexicon, words: &str, at: usize) -> Option<String> {
    described(words, at).find_map(|w| l.colors.get(w).cloned())
}

/// Notes in each shot the colours of its things that were said before, and not here. `said` goes from scene to scene.
pub fn note_colors(shots: &mut [Shot], said: &mut BTreeMap<String, String>) {
    let l = lexicon();
    for shot in shots {
        let words = lexicon::literal(l, &shot.prompt.to_lowercase());
        for hit in lexicon::things(l, &words) {
            // A white vehicle is another than the black one.
            let told = described(&words, hit.at).find(|w| l.colors.contains_key(*w));
            // A paper boat is not the red one.
            let toy = described(&words, hit.at).any(|w| {
                matches!(
                    w,
                    "paper" | "toy" | "model" | "another" | "wooden" | "stuffed"
                )
            });
            if toy || lexicon::is_many(&words, &hit) {
                continue;
            }
            let same = hit.kind.to_owned();
            match (told, said.get(hit.kind)) {
                (Some(color), _) => drop(said.insert(same, color.to_owned())),
                (None, Some(color)) => drop(shot.colors.insert(same, color.clone())),
                (None, None) => {}
            }
        }
    }
}

/// How much larger than usual a thing is, by the words before it: `a huge old tree`.
fn sized(l: &Lexicon, words: &str, at: usize) -> Option<f32> {
    described(words, at).find_map(|w| l.sizes.get(w).copied())
}

/// What a sentence says before a place in it.
fn sentence_before(words: &str, at: usize) -> &str {
    let sentence = words[..at].rsplit(['.', '!', '?', ';']).next();
    sentence.unwrap_or_default()
}

/// Whether a thing hangs on a wall: `on the wall, a calendar and a rifle`, `a rifle on the wall`.
fn on_a_wall(words: &str, at: usize) -> bool {
    let walls = ["on the wall", "on a wall", "on the walls"];
    let after = words[at..].split(['.', '!', '?', ';', ',']).next();
    let after: Vec<&str> = after
        .unwrap_or_default()
        .split_whitespace()
        .take(6)
        .collect();
    let after = after.join(" ");
    let before = sentence_before(words, at).trim_start();
    (walls.iter()).any(|w| before.starts_with(w) || contains_words(&after, w))
}

/// The two words before a thing, the nearer one first.
fn described(words: &str, at: usize) -> impl Iterator<Item = &str> {
    sentence_before(words, at)
        .rsplit(|c: char| !(c.is_alphanumeric() || c == '-'))
        .filter(|w| !w.is_empty())
        .take(2)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::film::wording::{LIGHTS, SIZES};

    #[test]
    fn what_is_said_of_light_and_size_is_understood() {
        let l = lexicon();
        for words in LIGHTS.iter().filter(|w| !w.is_empty()) {
            assert!(
                lexicon::find(&l.lights, &words.to_lowercase()).is_some(),
                "{words}"
            );
        }
        for (pair, word) in SIZES.windows(2).zip(&SIZES[1..]) {
            let size = |w: &str| l.sizes.get(w).copied().unwrap_or(1.0);
            assert!(size(pair[0]) < size(pair[1]), "{word}");
        }
    }
}
