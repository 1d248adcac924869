//! Who is dressed otherwise than on their sheet, from the shot that says so to the end of the scene.

use super::doing::{mention, without_brackets};
use super::verbs::clauses;
use crate::animatic::casting;
use crate::animatic::lexicon::lexicon;
use crate::film::ids::RefId;
use crate::film::references::{Person, References};
use crate::film::storyboard::Shot;
use std::collections::BTreeMap;

/// Notes in each shot of a scene what those who are in it wear, where that is said here or was said before. `worn` is
/// what they came in, and then what they leave in.
pub fn note_wardrobe(
    shots: &mut [Shot],
    references: Option<&References>,
    worn: &mut BTreeMap<RefId, String>,
) {
    let Some(references) = references else { return };
    let all: Vec<&Person> = references.cast.iter().collect();
    for shot in shots {
        let words = shot.prompt.to_lowercase();
        for person in references.cast.iter().filter(|p| shot.cast.contains(&p.id)) {
            let alone = shot.cast.len() == 1;
            let Some(said) = dressed(&words, person, &all, alone) else {
                continue;
            };
            let sheds = said.starts_with("no ");
            // Who buttons the jacket of a suit wears the suit still.
            if !sheds && casting::wears_it_already(&person.look, &said) {
                continue;
            }
            // What brings them in is on their sheet: whoever puts that on again is as there.
            if !sheds && person.description.to_lowercase().contains(&said) {
                worn.remove(&person.id);
                continue;
            }
            match (said.starts_with("no "), worn.get(&person.id)) {
                (true, Some(before)) if before.contains(&said) => {}
                (true, Some(before)) => {
                    let both = format!("{before}, {said}");
                    worn.insert(person.id.clone(), both);
                }
                _ => drop(worn.insert(person.id.clone(), said)),
            }
        }
        shot.wears.clone_from(worn);
        shot.wears.retain(|id, _| shot.cast.contains(id));
    }
}

/// What a text (lower case) says that somebody wears from now on: `gray hoodie`, or `no jacket`.
fn dressed(words: &str, person: &Person, cast: &[&Person], alone: bool) -> Option<String> {
    const WEARS: [&str; 16] = [
        "wears ",
        "wearing ",
        "puts on ",
        "pulls on ",
        "slips into ",
        "slips on ",
        "changes into ",
        "has changed into ",
        "dressed in ",
        "clad in ",
        "wrapped in ",
        "buttons ",
        "zips up ",
        "now in ",
        "still in ",
        "back in ",
    ];
    const SHEDS: [&str; 9] = [
        "takes off ",
        "has taken off ",
        "took off ",
        "pulls off ",
        "removes ",
        "sheds ",
        "slips off ",
        "without ",
        "shrugs off ",
    ];
    let mut theirs = false;
    // Whether they were named last: what follows a comma is said of them.
    let mut last = false;
    // Whether somebody without a name is told of.
    let mut elses = false;
    let mut found = None;
    // What stands in brackets is on their sheet.
    let words = &without_brackets(words);
    let dresses = (WEARS.iter().chain(&SHEDS)).any(|w| words.contains(w)) || words.contains("in ");
    if !dresses {
        return None;
    }
    for clause in clauses(words) {
        let named = mention(clause, person, cast);
        let other = cast
            .iter()
            .filter(|p| p.id != person.id)
            .any(|p| mention(clause, p, cast).is_some_and(|at| named.is_none_or(|n| at < n)));
        let latest = cast
            .iter()
            .filter_map(|p| Some((mention(clause, p, cast)?, p.id == person.id)))
            .max();
        let said_of_them = last;
        last = latest.map_or(last, |(_, own)| own);
        // What his father takes off is not his.
        let stranger = named.is_none()
            && (super::strangers(lexicon(), clause.trim_start(), &[]).first())
                .is_some_and(|s| s.at == 0);
        if stranger {
            (theirs, last, elses) = (false, false, true);
            continue;
        }
        elses &= named.is_none();
        if elses {
            continue;
        }
        if named.is_some() && !other {
            theirs = true;
        } else if other {
            theirs = false;
        }
        if !theirs && (!alone || other) {
            continue;
        }
        let own = named.map_or(clause, |at| &clause[at..]);
        if let Some(rest) = SHEDS.iter().find_map(|v| Some(own.split_once(v)?.1)) {
            if let Some(thing) = garment(rest) {
                let last = thing.split_whitespace().next_back().unwrap_or_default();
                found = Some(format!("no {last}"));
            }
            continue;
        }
        // `DANNY, in a gray hoodie,` and `Sophie in her coat`.
        let bare = own.trim_start();
        let led = (named.is_none() && (said_of_them || alone))
            .then(|| bare.strip_prefix("in "))
            .flatten();
        let beside = named.and_then(|at| {
            let after = clause[at..].split_once(' ')?.1;
            after.strip_prefix("in ")
        });
        let verb = WEARS.iter().find_map(|v| Some(own.split_once(v)?.1));
        if let Some(what) = verb.or(led).or(beside).and_then(garment) {
            found = Some(what);
        }
    }
    found
}

/// The clothes that words begin with: `gray hoodie` of `a gray hoodie with holes`.
fn garment(rest: &str) -> Option<String> {
    let mut out: Vec<&str> = Vec::new();
    for word in rest.split_whitespace().take(6) {
        let plain = word.trim_matches(|c: char| !(c.is_alphanumeric() || c == '-'));
        if out.is_empty() && matches!(plain, "a" | "an" | "the" | "his" | "her" | "their" | "its") {
            continue;
        }
        if matches!(
            plain,
            "on" | "at" | "from" | "into" | "to" | "for" | "stands" | "sits"
        ) {
            break;
        }
        out.push(plain);
        if word.ends_with([',', '.', ';', '!', '?', ')']) {
            break;
        }
    }
    while !out.is_empty() {
        let text = out.join(" ");
        if casting::is_worn(out.last()?) {
            return Some(text);
        }
        out.pop();
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::film::references::Voice;

    #[test]
    fn clothes_that_are_said_to_be_worn_are() {
        let person = |name: &str| Person {
            id: RefId::new(name.to_lowercase()).unwrap(),
            name: name.to_owned(),
            description: String::new(),
            look: casting::look(name, "", 0),
            voice: Voice {
                part: "man".to_owned(),
                variant: 0,
            },
            offscreen: false,
        };
        let (danny, lena) = (person("DANNY"), person("LENA"));
        let cast = [&danny, &lena];
        for (words, of, expected) in [
            (
                "danny, in a gray hoodie, his arm in a sling, walks.",
                &danny,
                Some("gray hoodie"),
            ),
            ("lena, in a bathrobe, comes in.", &lena, Some("bathrobe")),
            ("lena, in a bathrobe, comes in. danny waits.", &danny, None),
            ("danny takes off his jacket.", &danny, Some("no jacket")),
            (
                "lena in a black dress and veil throws earth.",
                &lena,
                Some("black dress"),
            ),
            ("danny is in the kitchen.", &danny, None),
            ("danny looks at lena, in a red coat.", &danny, None),
            (
                "lena has changed into a red dress.",
                &lena,
                Some("red dress"),
            ),
            (
                "lena comes out of the door without her coat.",
                &lena,
                Some("no coat"),
            ),
        ] {
            assert_eq!(
                dressed(words, of, &cast, false).as_deref(),
                expected,
                "{words}"
            );
        }
    }
}
