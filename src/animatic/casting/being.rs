//! Somebody who is no person: a robot, a dog.

use super::who::TITLES;
use crate::animatic::lexicon::{self, lexicon};
use crate::film::words::contains_words;

/// The thing of the book somebody is instead of a person: a robot, a dog. Who is called Felix Crow is none, nor who
/// feeds a pigeon, tames a lion or is 42.
pub(super) fn drawn_as(name: &str, words: &str) -> Option<String> {
    let being = |text: &str| {
        let hits = lexicon::hits(&lexicon().props, text);
        hits.into_iter().find(|h| lexicon().beings.contains(h.kind))
    };
    let name = name.to_lowercase();
    let low = words.to_lowercase();
    let own = being(&name).filter(|hit| {
        let rest = name.replacen(hit.word, " ", 1);
        (rest.split(|c: char| !c.is_alphanumeric()))
            .filter(|w| !w.is_empty())
            .all(|w| TITLES.contains(&w) || lexicon().plain.contains(w))
    });
    if let Some(hit) = own {
        return (!is_human(&low.replace(&name, " "))).then(|| hit.kind.to_owned());
    }
    // Only what stands beside the name says what somebody is: `a rusty robot, BOLT`, `BOLT, a rusty robot`.
    let at = low.find(&name)?;
    let sentence = |c: char| matches!(c, '.' | '!' | '?' | ';');
    let before = low[..at].rsplit(sentence).next().unwrap_or_default();
    let before = before.rsplit(['(', ':']).next().unwrap_or_default();
    let before = before.trim_end_matches([',', ' ']);
    let chunk = before.rsplit(',').next().unwrap_or_default().trim();
    let led = |text: &str, hit: &lexicon::Hit<'_>| {
        // Adjectives, and an article before all of them.
        let lead: Vec<&str> = text[..hit.at].split_whitespace().collect();
        lead.len() <= 4
            && (lead.iter().skip(1))
                .all(|w| !matches!(*w, "a" | "an" | "the" | "with" | "of" | "and"))
            && lead.first().is_none_or(|w| {
                matches!(*w, "a" | "an" | "the" | "is" | "our" | "his" | "her") || lead.len() == 1
            })
    };
    let ends = |hit: &lexicon::Hit<'_>| hit.at + hit.word.len();
    if let Some(hit) = being(chunk).filter(|h| {
        let rest = chunk[ends(h)..].trim();
        led(chunk, h) && chunk.contains(' ') && matches!(rest, "" | "named" | "called" | "-")
    }) {
        return Some(hit.kind.to_owned());
    }
    let after = low[at + name.len()..]
        .split(sentence)
        .next()
        .unwrap_or_default();
    let said = after.trim_start();
    // `BOLT is a robot`, `BOLT, 3, an old dog,`; not `BOLT feeds a dog`.
    let parts: Vec<&str> = match said.strip_prefix("is ") {
        Some(rest) => vec![rest.split([',', ')']).next().unwrap_or_default()],
        None if said.starts_with([',', '(', '-', '–', '—']) => {
            said.split([',', '(', ')', '-', '–', '—']).take(4).collect()
        }
        None => Vec::new(),
    };
    parts.into_iter().map(str::trim).find_map(|part| {
        let hit = being(part).filter(|h| led(part, h))?;
        let next = part[ends(&hit)..].split_whitespace().next();
        // A lion tamer is no lion, a bear of a man no bear.
        let whole =
            next.is_none_or(|w| matches!(w, "with" | "in" | "who" | "that" | "on" | "from" | "as"));
        whole.then(|| hit.kind.to_owned())
    })
}

/// Whether words tell of a person: an age no animal has, a calling, clothes.
fn is_human(said: &str) -> bool {
    let years = said
        .split(|c: char| !c.is_ascii_digit())
        .filter_map(|n| n.parse::<u32>().ok())
        .any(|n| (18..=110).contains(&n));
    let nouns = lexicon()
        .people
        .iter()
        .filter(|(kind, _)| matches!(kind.as_str(), "woman" | "man" | "anyone"));
    let pronoun = |w: &str| {
        matches!(
            w,
            "she" | "her" | "herself" | "he" | "his" | "himself" | "keeper"
        )
    };
    let called = nouns
        .flat_map(|(_, words)| words)
        .any(|w| !pronoun(w) && contains_words(said, w));
    let worn = [
        "suit", "coat", "jacket", "shirt", "dress", "uniform", "jeans", "glasses", "hair", "beard",
    ];
    years || called || worn.iter().any(|w| contains_words(said, w))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_is_beside_a_beast_is_none() {
        for (name, words, being) in [
            (
                "BOLT",
                "BOLT, 3, a small dog with one ear, barks.",
                Some("dog"),
            ),
            ("BOLT", "BOLT is a dog.", Some("dog")),
            ("FOX", "FOX sniffs the air.", Some("fox")),
            ("MR FOX", "", Some("fox")),
            ("FOX", "FOX, 42, a detective, lights a cigarette.", None),
            ("DOCTOR HEN", "DOCTOR HEN (50) reads the chart.", None),
            ("IVAN", "IVAN feeds a pigeon.", None),
            ("IVAN", "IVAN, a lion tamer, bows.", None),
            ("IVAN", "IVAN (50), a bear of a man, bows.", None),
            ("IVAN", "A mouse runs over IVAN's shoes.", None),
            ("IVAN", "A dog barks. IVAN, an old man, wakes.", None),
        ] {
            assert_eq!(drawn_as(name, words).as_deref(), being, "{name}: {words}");
        }
    }
}
