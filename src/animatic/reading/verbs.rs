//! What the words of a deed mean: clauses, their verbs, and the poses those are.

use crate::animatic::lexicon::{self, Lexicon};
use crate::film::words::contains_any;

/// The parts of a text that may each tell of somebody else.
pub(super) fn clauses(text: &str) -> impl Iterator<Item = &str> {
    const JOINTS: [&str; 5] = [" and ", " while ", " as ", " then ", " but "];
    text.split(['.', ';', ',', '!', '?', ':', '—', '\n'])
        .flat_map(|part| {
            let mut parts = vec![part];
            for joint in JOINTS {
                parts = parts.iter().flat_map(|p| p.split(joint)).collect();
            }
            parts
                .into_iter()
                .flat_map(before_purposes)
                .collect::<Vec<_>>()
        })
        .filter(|c| !c.trim().is_empty())
}

/// A clause split before each `to` that leads to a deed, `goes in | see her`, and not to where or whom it is done:
/// `drops to one knee`, `goes to the door`.
fn before_purposes(clause: &str) -> Vec<&str> {
    const TO: &str = " to ";
    let mut out = Vec::new();
    let (mut start, mut from) = (0, 0);
    while let Some(at) = clause[from..].find(TO).map(|at| from + at) {
        from = at + TO.len();
        let next = clause[from..].split_whitespace().next().unwrap_or_default();
        if !lexicon::DETERMINERS.contains(&next)
            && !matches!(next, "one" | "both" | "each" | "him" | "them" | "us")
        {
            // `wants to to go`
            out.extend(clause.get(start..at));
            start = from;
        }
        // `to ` may be followed by another ` to ` at once.
        from -= 1;
    }
    out.push(&clause[start..]);
    out
}

/// Whether a word stands in the name of a thing or of somebody: `reading glasses`, `security guard`.
pub(super) fn in_a_name(l: &Lexicon, clause: &str, hit: &lexicon::Hit<'_>) -> bool {
    let longer = |all: &'_ lexicon::Entries| {
        lexicon::hits(all, clause).iter().any(|other| {
            let ends = other.at + other.word.len();
            other.word.len() > hit.word.len()
                && other.at <= hit.at
                && ends >= hit.at + hit.word.len()
        })
    };
    longer(&l.props) || longer(&l.people) || longer(&l.places)
}

/// What a clause tells of somebody doing.
pub(super) fn verb<'a>(l: &'a Lexicon, clause: &str) -> Option<lexicon::Hit<'a>> {
    // `A huge wave breaks`, `the accused`: behind an article a word is no verb, unless it is a thing one
    // does something with.
    let with = |word: &str| {
        matches!(
            word,
            "book"
                | "newspaper"
                | "letter"
                | "phone"
                | "telephone"
                | "bed"
                | "hospital bed"
                | "laptop"
                | "computer"
                | "keyboard"
        )
    };
    let denied = |at: usize| {
        let before = clause[..at].split_whitespace().next_back();
        before.is_some_and(|w| {
            matches!(
                w,
                "not" | "never" | "cannot" | "stop" | "stops" | "stopped" | "stopping" | "without"
            ) || w.ends_with("n't")
        })
    };
    lexicon::hits(&l.poses, clause).into_iter().find(|hit| {
        !denied(hit.at)
            && (with(hit.word) || !lexicon::is_noun(clause, hit.at))
            && !in_a_name(l, clause, hit)
    })
}

/// The pose of a clause; who sleeps in a chair does not lie, and who writes on a board stands.
fn posture<'a>(l: &'a Lexicon, clause: &str) -> Option<(&'a str, &'a str)> {
    Some(pose_of(clause, verb(l, clause)?))
}

/// What a verb means in its clause.
pub(super) fn pose_of<'a>(clause: &str, hit: lexicon::Hit<'a>) -> (&'a str, &'a str) {
    let (pose, word) = (hit.kind, hit.word);
    let board = contains_any(clause, &["board", "blackboard", "whiteboard", "chalkboard"]);
    if pose == "type" && board {
        return ("reach", word);
    }
    let has = |words: &[&str]| contains_any(clause, words);
    if pose == "sit"
        && has(&[
            "on a horse",
            "on the horse",
            "on his horse",
            "on her horse",
            "on a white horse",
            "on a black horse",
            "on a brown horse",
            "on a gray horse",
            "on a grey horse",
            "on a pony",
            "on horseback",
            "on a motorbike",
            "on a motorcycle",
            "on her bike",
            "on his bike",
        ])
        && !has(&["cart", "wagon", "carriage"])
    {
        return ("ride", word);
    }
    if pose == "sit"
        && has(&[
            "behind the wheel",
            "at the wheel",
            "at the steering wheel",
            "behind the steering wheel",
            "driver's seat",
            "on the tractor",
            "on a tractor",
            "on his tractor",
            "on her tractor",
        ])
    {
        return ("drive", word);
    }
    // Whoever hugs a rucksack holds it, and whoever climbs into a chair sits.
    let after = clause.get(hit.at + hit.word.len()..).unwrap_or_default();
    if pose == "embrace" && hit.word.starts_with("hug") {
        let l = lexicon::lexicon();
        let things = lexicon::things(l, after);
        let of_a_thing = (things.first()).is_some_and(|t| t.at < 18 && !l.beings.contains(t.kind));
        // `hugs a medical case to his chest`, whatever that is.
        let mut next = after.split_whitespace();
        let something = matches!(next.next(), Some("a" | "an" | "the"))
            && next.next().is_some()
            && lexicon::hits(&l.persons, after).is_empty()
            && things.is_empty();
        if of_a_thing || something {
            return ("carry", word);
        }
    }
    if pose == "climb" && has(&["out of"]) {
        return ("walk", word);
    }
    if pose == "climb" && has(&["chair", "seat", "armchair"]) {
        return ("sit", word);
    }
    // `sits up in bed`, but `sits on the edge of the bed`.
    if matches!(pose, "sit" | "wake")
        && has(&["bed", "hospital bed"])
        && !has(&[
            "on the bed",
            "on her bed",
            "on his bed",
            "edge of the bed",
            "on the edge",
        ])
        && has(&[
            "in bed",
            "up in bed",
            "in the bed",
            "in her bed",
            "in his bed",
            "in a bed",
        ])
    {
        return ("abed", word);
    }
    if matches!(pose, "sit" | "lean" | "slump")
        && has(&[
            "on the floor",
            "on the ground",
            "on the grass",
            "in the grass",
            "on the carpet",
            "on the rug",
            "in the sand",
            "on the sand",
            "in the snow",
            "in the dirt",
            "cross-legged",
            "on the steps",
            "on the step",
            "on the front steps",
            "on the stairs",
            "on the curb",
            "on the kerb",
            "on the stoop",
            "on the edge of the pool",
            "on the edge of the pier",
            "on the edge of the dock",
            "on the bumper",
            "on the porch",
            "on the dock",
            "end of the dock",
            "on the pier",
            "end of the pier",
            "on the jetty",
            "on a box",
            "on a crate",
            "on the hood",
            "on the bathroom floor",
            "on the kitchen floor",
            "on the tiles",
            "down the wall",
        ])
    {
        return ("floor", word);
    }
    // Whoever is tackled, or hit, falls.
    let before = clause[..hit.at].trim_end();
    if matches!(pose, "run" | "fight" | "throw" | "push")
        && ["is", "are", "was", "were", "gets"]
            .iter()
            .any(|w| before == *w || before.ends_with(&format!(" {w}")))
        && !word.ends_with("ing")
    {
        return ("fall", word);
    }
    let seat = contains_any(
        clause,
        &["chair", "armchair", "seat", "desk", "table", "keyboard"],
    );
    let upright = seat || has(&["sitting up", "sitting", "upright"]);
    (
        if pose == "lie" && upright {
            "slump"
        } else {
            pose
        },
        word,
    )
}

/// What somebody without a name does, who is named up to a place: by their clause, or where another is named with
/// them (`a man and a woman dance`) by the next.
pub(super) fn posed<'a>(l: &'a Lexicon, words: &str, end: usize) -> Option<&'a str> {
    let after = words.get(end..)?;
    let sentence = after.split(['.', ';', '!', '?', ':']).next()?;
    let mut parts = clauses(sentence);
    let own = parts.next()?;
    let joined = sentence.trim_start().starts_with("and ");
    let next = parts.next();
    // `a boy of nine, unconscious, …`
    let apposed = || {
        let hit = verb(l, next?.trim_start())?;
        (hit.at == 0).then(|| pose_of(next.unwrap_or_default(), hit))
    };
    posture(l, own)
        .or_else(|| posture(l, next.filter(|_| joined)?))
        .or_else(apposed)
        .map(|(pose, _)| pose)
}

/// Whether who does this has something in hand.
pub(super) fn handles(pose: &str) -> bool {
    matches!(
        pose,
        "reach" | "carry" | "throw" | "toast" | "drink" | "point"
    )
}

/// How much a pose says of a picture: what hands do says more than how somebody got there, and less than what the
/// whole body does.
pub(super) fn rank((pose, word): (&str, &str)) -> u8 {
    // One may weep upright, arms raised.
    let weeps = ["cr", "weep", "sob", "griev"]
        .iter()
        .any(|w| word.starts_with(w));
    match pose {
        "slump" if weeps => 2,
        "stand" | "walk" | "talk" => 0,
        "reach" => 1,
        // How somebody is left.
        "lie" | "kneel" | "floor" | "abed" | "embrace" | "slump" | "swim" => 3,
        _ => 2,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn parts(text: &str) -> Vec<&str> {
        clauses(text).map(str::trim).collect()
    }

    #[test]
    fn where_one_goes_is_said_with_the_going_and_what_for_is_not() {
        assert_eq!(parts("she drops to one knee"), ["she drops to one knee"]);
        assert_eq!(parts("he goes in to see her"), ["he goes in", "see her"]);
        assert_eq!(
            parts("she walks to the door to open it"),
            ["she walks to the door", "open it"]
        );
        assert_eq!(parts("she wants to to go home").last(), Some(&"go home"));
    }

    proptest! {
        #[test]
        fn no_words_break_it(words in prop::collection::vec("to|the|and|é|goes|,|one", 0..12)) {
            let text = words.join(" ");
            let all: usize = clauses(&text).map(str::len).sum();
            prop_assert!(all <= text.len());
        }
    }
}
