//! Who does what: a shot's words clause by clause, and the people in them.

use super::things::SOMETHING;
use super::unknown::object_of;
use super::verbs::{clauses, handles, pose_of, rank, verb};
use crate::animatic::casting;
use crate::animatic::lexicon::{self, Lexicon};
use crate::film::cast::calls;
use crate::film::kin::is_somebodys;
use crate::film::references::{Person, Sex};
use crate::film::words::{contains_any, find_words, places_of, theirs};

/// What somebody does and feels, and the words that say so.
#[derive(Debug, Clone, Default)]
pub(super) struct Doing<'a> {
    pub(super) pose: Option<(&'a str, &'a str)>,
    pub(super) expression: Option<(&'a str, &'a str)>,
    pub(super) behind: Option<(&'a str, &'a str)>,
    pub(super) holds: Vec<&'a str>,
    /// Whether they get on their legs, whatever they do then.
    pub(super) rises: bool,
}

/// Reads who does what: a clause belongs to the person it names, else to the one before it. What those of the film do
/// who are `absent`, nobody here does.
pub(super) fn doings<'a>(
    l: &'a Lexicon,
    words: &str,
    cast: &[&Person],
    absent: &[&Person],
) -> Vec<Doing<'a>> {
    let mut out = vec![Doing::default(); cast.len().max(1)];
    let mut who: Option<usize> = None;
    // `On the wall, a calendar and a rifle`: nobody holds them.
    let mut elsewhere = false;
    // Whether the last deed was somebody else's.
    let mut anothers = false;
    // Whether somebody was named, and has done nothing yet: what follows may be who they are.
    let mut introduced = false;
    // What stands in brackets says how somebody looks.
    let words = &without_brackets(words);
    // `Nina and Tom sit`: who is named without a verb shares the next one's.
    let mut waiting: Vec<usize> = Vec::new();
    // Whether the clause before was a name alone.
    let mut just_named = false;
    let all: Vec<&str> = clauses(words).collect();
    for (nth, clause) in all.iter().copied().enumerate() {
        let named = cast
            .iter()
            .enumerate()
            .filter_map(|(i, p)| Some((mention(clause, p, cast)?, i)))
            // Danny's father is not Danny.
            .filter(|(at, _)| !is_anothers_kin(&clause[*at..]))
            .min();
        let everybody = contains_any(clause, &["they", "both", "all of them"]);
        let nameless = without_names(&without_names(clause, cast), absent);
        let verb = verb(l, &nameless);
        // `Beside him, behind the wheel, TINA`: where somebody is may stand before who it is.
        let ahead = || {
            let led = verb.is_some_and(|hit| clause[..hit.at].trim().is_empty())
                && matches!(
                    clause.split_whitespace().next(),
                    Some("behind" | "at" | "in" | "on")
                );
            let next = all.get(nth + 1).filter(|_| led)?.trim_start();
            let mut those = cast.iter().enumerate();
            those.find_map(|(i, p)| (mention(next, p, cast)? == 0).then_some((0, i)))
        };
        let named = named.or_else(ahead);
        // `On the hood sits a red stapler`: nobody does.
        let of_thing = |hit: &lexicon::Hit<'_>| {
            let rest = clause.get(hit.at + hit.word.len()..).unwrap_or_default();
            let mut next = rest.split_whitespace();
            let article = matches!(next.next(), Some("a" | "an" | "the"));
            let somebody = !lexicon::hits(&l.persons, rest).is_empty();
            matches!(hit.kind, "sit" | "lie" | "stand" | "lean" | "reach")
                && clause[..hit.at].trim().is_empty()
                && article
                && !somebody
                && hit.word.ends_with('s')
        };
        if named.is_none() && verb.as_ref().is_some_and(of_thing) {
            anothers = true;
            continue;
        }
        // Whom a deed is done to does not do it: `pointing a gun at Frank`.
        let object = matches!(
            (named, verb),
            (Some((at, _)), Some(hit)) if at > hit.at && !inverted(clause, hit, at)
        );
        let named = named.filter(|_| !object);
        // `She is asleep` is said of nobody here where no woman is.
        let nobody = !cast.is_empty()
            && match clause.split_whitespace().next() {
                Some("she") => cast
                    .iter()
                    .all(|p| p.look.sex != Sex::Woman && p.look.drawn_as.is_none()),
                Some("he") => cast
                    .iter()
                    .all(|p| p.look.sex != Sex::Man && p.look.drawn_as.is_none()),
                _ => false,
            };
        let away = (absent.iter())
            .filter_map(|p| mention(clause, p, absent))
            .min()
            .is_some_and(|at| verb.is_none_or(|hit| at < hit.at));
        if (away || nobody) && named.is_none() {
            // Until somebody is named who is here.
            anothers = true;
            introduced = false;
            continue;
        }
        if let (None, Some(hit), false) = (named, verb, cast.is_empty()) {
            let lead = clause[..hit.at].trim();
            // `The sisters hug`: they are those who are here.
            let those = those_of(lead, cast);
            if those.len() > 1 {
                let pose = pose_of(clause, hit);
                for i in those {
                    out[i].pose = out[i].pose.or(Some(pose));
                }
                anothers = false;
                continue;
            }
            // What the rain, the audience or a waitress does, nobody of the cast does; nor what they do besides:
            // `the audience stands and applauds`.
            anothers = of_another(lead) || (anothers && lead.is_empty());
            introduced = false;
            if anothers {
                // `Helen and a man lie in bed`: both do.
                let somebody = !lexicon::hits(&l.persons, lead).is_empty();
                if let (true, false, true) = (just_named, waiting.is_empty(), somebody) {
                    let both = pose_of(clause, hit);
                    for i in waiting.drain(..) {
                        out[i].pose = out[i].pose.or(Some(both));
                    }
                }
                just_named = false;
                continue;
            }
        } else if named.is_some() {
            anothers = false;
            // ELIJAH CROSS crosses nothing: a name of two words is a name.
            introduced = verb.is_none() || clause.split_whitespace().count() <= 2;
        } else {
            anothers |= !introduced && begins_with_others(l, clause);
        }
        just_named = named.is_some() && verb.is_none();
        if let Some((_, i)) = named {
            who = Some(i);
        } else if let Some(i) = alone_of_a_sex(clause, cast) {
            who = Some(i);
        } else if !cast.is_empty() && of_a_thing(l, clause) {
            // What the cat does, nobody else does.
            continue;
        }
        let pose = verb.map(|hit| pose_of(clause, hit));
        if named.is_some() || pose.is_some() {
            elsewhere = false;
        } else {
            elsewhere |= of_a_place(clause);
        }
        let expression = felt(l, clause);
        let mut whom: Vec<usize> = if everybody && named.is_none() {
            (0..out.len()).collect()
        } else {
            vec![who.unwrap_or(0)]
        };
        if pose.is_some() {
            whom.append(&mut waiting);
        } else if named.is_some()
            && clause.split_whitespace().count() <= 3
            // `Clara stops dancing.`
            && lexicon::hits(&l.poses, &nameless).is_empty()
        {
            waiting.extend(who);
        }
        for i in whom {
            let doing = &mut out[i];
            doing.rises |= pose.is_some_and(|(pose, word)| pose == "stand" && rises(word));
            // What somebody does says more than how they got there.
            doing.pose = match (doing.pose, pose) {
                (Some(known), Some(new)) if rank(new) > rank(known) => Some(new),
                (known, new) => known.or(new),
            };
            doing.expression = doing.expression.or(expression);
            doing.behind = doing.behind.or_else(|| barrier(l, clause));
            if !elsewhere && (named.is_some() || who.is_some()) {
                let things = lexicon::things(l, clause);
                doing.holds.extend(things.iter().map(|hit| hit.kind));
                // Whatever it is that is handled.
                if let Some(hit) = verb.filter(|_| pose.is_some_and(|(p, _)| handles(p)))
                    && object_of(l, clause, hit.at + hit.word.len(), cast).is_some()
                {
                    doing.holds.push(SOMETHING);
                }
            }
        }
    }
    out
}

/// Whether a word says that somebody gets, or is, on their legs.
pub(super) fn rises(word: &str) -> bool {
    [
        "stand", "stood", "get", "got", "rise", "rose", "jump", "leap", "spring",
    ]
    .iter()
    .any(|w| word.starts_with(w))
}

/// Whether a text begins with one by whom another is called: `danny's father`.
fn is_anothers_kin(text: &str) -> bool {
    let end = text.find(['\'', '’', ' ']).unwrap_or(text.len());
    let kin = theirs(&text[end..]);
    kin.and_then(|rest| rest.split(|c: char| !c.is_alphanumeric()).next())
        .is_some_and(is_somebodys)
}

/// A text with what stands in brackets blanked, each place kept.
pub(super) fn without_brackets(text: &str) -> String {
    let mut depth = 0;
    let blank = |c: char| match c {
        '(' => {
            depth += 1;
            ' '
        }
        ')' => {
            depth = (depth - 1).max(0);
            ' '
        }
        // Of as many bytes, so that places stay.
        c if depth > 0 && c.is_ascii() => ' ',
        c => c,
    };
    text.chars().map(blank).collect()
}

/// A clause with the names in it made words of no meaning, each place kept: BOLT does not bolt, and `a BOY runs` is
/// about no run.
pub(super) fn without_names(clause: &str, cast: &[&Person]) -> String {
    let mut out = clause.to_owned();
    let names: Vec<&str> = cast.iter().map(|p| p.name.as_str()).collect();
    for person in cast {
        let name = person.name.to_lowercase();
        for word in std::iter::once(name.as_str()).chain(calls(&name, &names)) {
            for at in places_of(clause, word) {
                out.replace_range(at..at + word.len(), &"x".repeat(word.len()));
            }
        }
    }
    out
}

/// Whom a clause means that begins with `he` or `she`, where one alone of those who are there can be meant.
fn alone_of_a_sex(clause: &str, cast: &[&Person]) -> Option<usize> {
    let sex = match clause.split_whitespace().next()? {
        "he" | "his" => Sex::Man,
        "she" | "her" => Sex::Woman,
        _ => return None,
    };
    let mut those = (0..cast.len()).filter(|i| cast[*i].look.sex == sex);
    those.next().filter(|_| those.next().is_none())
}

/// What a clause says of a face; who tears a letter weeps not.
fn felt<'a>(l: &'a Lexicon, clause: &str) -> Option<(&'a str, &'a str)> {
    lexicon::hits(&l.expressions, clause)
        .into_iter()
        .filter(|hit| !(hit.word == "tears" && lexicon::does(clause, hit)))
        .max_by_key(|hit| (hit.word.len(), std::cmp::Reverse(hit.at)))
        .map(|hit| (hit.kind, hit.word))
}

/// Whether what stands before a verb is somebody or something else: not a pronoun, nor what is theirs, nor how it is
/// done.
fn of_another(lead: &str) -> bool {
    const PASSES: [&str; 40] = [
        "he", "she", "they", "who", "both", "all", "then", "still", "now", "also", "just", "again",
        "is", "are", "was", "were", "has", "have", "had", "not", "never", "together", "each",
        "one", "two", "three", "can", "must", "will", "finally", "suddenly", "there", "here",
        "back", "up", "down", "out", "over", "off", "once",
    ];
    const LEADS: [&str; 8] = [
        "at", "from", "with", "into", "by", "near", "outside", "through",
    ];
    let words: Vec<&str> = lead
        .split(|c: char| !(c.is_alphanumeric() || c == '\''))
        .filter(|w| !w.is_empty())
        .collect();
    match words.first() {
        None => false,
        // Their hands, and where they do it.
        Some(first) if matches!(*first, "his" | "her" | "their") => {
            words.get(1).is_some_and(|w| is_somebodys(w))
        }
        Some(first) if WHERE.contains(first) || LEADS.contains(first) => false,
        Some(_) => !words
            .iter()
            .all(|w| PASSES.contains(w) || w.ends_with("ly")),
    }
}

/// Whom of the cast words mean that call several of them at once: `the sisters`, `the two men`.
fn those_of(lead: &str, cast: &[&Person]) -> Vec<usize> {
    let mut words = lead
        .split_whitespace()
        .filter(|w| !matches!(*w, "two" | "three" | "young" | "old"));
    if !matches!(words.next(), Some("the" | "both")) {
        return Vec::new();
    }
    let noun = words.next().unwrap_or_default();
    (0..cast.len())
        .filter(|i| noun == "others" || casting::is_among(noun, &cast[*i].look))
        .collect()
}

/// Whether a clause begins with people who have no name: `the audience`, `two boys in the back row`.
fn begins_with_others(l: &Lexicon, clause: &str) -> bool {
    let led = |at: usize| clause[..at].split_whitespace().count() <= 3;
    let first = clause.split_whitespace().next().unwrap_or_default();
    if lexicon::DETERMINERS.contains(&first)
        && !matches!(first, "his" | "her" | "their")
        && lexicon::hits(&l.persons, clause)
            .first()
            .is_some_and(|hit| led(hit.at))
    {
        return true;
    }
    let mut words = clause.split_whitespace();
    let article = words
        .next()
        .is_some_and(|w| lexicon::DETERMINERS.contains(&w));
    let people = l
        .people
        .iter()
        .filter(|(kind, _)| matches!(kind.as_str(), "crowd" | "anyone"));
    let noun = words.next().unwrap_or_default();
    article && people.flat_map(|(_, nouns)| nouns).any(|n| n == noun)
}

/// Words that lead to where something is.
const WHERE: [&str; 12] = [
    "on", "in", "inside", "under", "above", "below", "beside", "behind", "against", "around",
    "beyond", "across",
];

/// Whether a clause begins with a thing that does something: `the old cat sleeps`.
fn of_a_thing(l: &Lexicon, clause: &str) -> bool {
    let clause = clause.trim_start();
    let begins = clause.split_whitespace().next();
    begins.is_some_and(|w| matches!(w, "a" | "an" | "the"))
        && (lexicon::things(l, clause).iter())
            .any(|hit| clause[..hit.at].split_whitespace().count() <= 2)
}

/// Whether a verb stands before whoever does it: `on it lies TOM`.
fn inverted(clause: &str, hit: lexicon::Hit<'_>, name: usize) -> bool {
    let first = clause.split_whitespace().next().unwrap_or_default();
    let between = clause.get(hit.at + hit.word.len()..name);
    let between = between.map(str::trim);
    (WHERE.contains(&first) || first == "there")
        && between.is_some_and(|b| matches!(b, "" | "a" | "an" | "the"))
}

/// Whether a clause begins by saying where something is: `on the wall`.
fn of_a_place(clause: &str) -> bool {
    let mut words = clause.split_whitespace();
    words.next().is_some_and(|w| WHERE.contains(&w))
        && words
            .next()
            .is_some_and(|w| matches!(w, "the" | "a" | "an"))
}

/// What a clause says somebody is behind, or at: of what people stand and sit behind.
fn barrier<'a>(l: &'a Lexicon, clause: &str) -> Option<(&'a str, &'a str)> {
    const BARRIERS: [&str; 5] = ["counter", "desk", "table", "judges bench", "stall"];
    // One stands at a counter on either side of it.
    const SAT_AT: [&str; 2] = ["table", "desk"];
    let near = |after: &str, of: &[&str]| {
        let hit = lexicon::things(l, after).into_iter().next()?;
        (hit.at < 16 && of.contains(&hit.kind)).then_some((hit.kind, hit.word))
    };
    let behind = clause.split_once("behind ");
    behind
        .and_then(|(_, after)| near(after, &BARRIERS))
        .or_else(|| {
            let at = clause.match_indices(" at ").map(|(at, _)| at + 4);
            at.filter_map(|at| near(clause.get(at..)?, &SAT_AT)).next()
        })
}

/// Whether somebody is carried: `carries the sleeping Lena`, `carrying a sailor on his back`; not Lena's bag.
pub(super) fn is_carried(words: &str, called: &[&str]) -> bool {
    clauses(words).any(|clause| {
        let verb = ["carries ", "carrying ", "carry ", "cradles ", "cradling "];
        let Some(after) = verb
            .iter()
            .find_map(|v| clause.split_once(v))
            .map(|(_, after)| after)
        else {
            return false;
        };
        called.iter().any(|name| {
            find_words(after, name)
                .is_some_and(|at| !after[at + name.len()..].starts_with(['\'', '’']))
        })
    })
}

/// Whether the next sentence says who somebody is: `This is Dan`.
pub(super) fn is_introduced(after: &str, cast: &[&Person]) -> bool {
    ["this is ", "it is ", "it's "].iter().any(|lead| {
        let Some((_, rest)) = after.split_once(lead) else {
            return false;
        };
        // A first name may stand before.
        let first = |at: usize| rest[..at].split_whitespace().count() <= 1;
        cast.iter()
            .any(|p| mention(rest, p, cast).is_some_and(first))
    })
}

/// Where a text names a person: by the whole name, or by a word of it that is nobody else's.
pub(super) fn mention(text: &str, person: &Person, cast: &[&Person]) -> Option<usize> {
    let name = person.name.to_lowercase();
    find_words(text, &name).or_else(|| {
        let names: Vec<&str> = cast.iter().map(|p| p.name.as_str()).collect();
        let words = calls(&name, &names).into_iter();
        words.filter_map(|w| find_words(text, w)).min()
    })
}

/// What somebody does beside a person in a pose.
pub(super) fn partner(pose: &str, at: usize) -> String {
    match pose {
        "sit" | "type" | "read" | "slump" | "drive" | "drink" => "sit",
        "walk" | "run" | "dance" | "climb" | "embrace" | "floor" => pose,
        "lie" => "kneel",
        "abed" => "sit",
        _ if at % 2 == 1 => "stand",
        _ => "crossed",
    }
    .to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::film::ids::RefId;
    use crate::film::references::Voice;

    fn person(name: &str, words: &str) -> Person {
        Person {
            id: RefId::new(name.to_lowercase().replace(' ', "_")).unwrap(),
            name: name.to_owned(),
            description: String::new(),
            look: casting::look(name, words, 0),
            voice: Voice {
                part: "man".to_owned(),
                variant: 0,
            },
            offscreen: false,
        }
    }

    /// What each of two does.
    fn poses(words: &str) -> [&'static str; 2] {
        let l = lexicon::lexicon();
        let (clara, frank) = (person("CLARA", "a woman"), person("FRANK", "a man"));
        let done = doings(l, &words.to_lowercase(), &[&clara, &frank], &[]);
        [0, 1].map(|i| done[i].pose.map_or("", |(pose, _)| pose))
    }

    #[test]
    fn a_deed_is_of_who_does_it() {
        for (words, expected) in [
            (
                "The audience stands and applauds. Clara kneels.",
                ["kneel", ""],
            ),
            ("Lightning strikes the barn. Clara sits.", ["sit", ""]),
            ("Rain runs down the window. Frank sleeps.", ["", "lie"]),
            ("Clara steps out, pointing a gun at Frank.", ["point", ""]),
            (
                "A waitress brings coffee. Clara and Frank sit.",
                ["sit", "sit"],
            ),
            ("She climbs the ladder. Frank waits.", ["climb", "crossed"]),
            ("He reaches for the door. Clara dances.", ["dance", "reach"]),
            (
                "CLARA (30, hat, red hair) rides a horse. Frank waves.",
                ["ride", "wave"],
            ),
            ("CLARA, 70, a woman in a heavy coat, climbs.", ["climb", ""]),
            ("FRANK, a doctor, kneels beside Clara.", ["", "kneel"]),
            ("Frank waits. His mother drives.", ["", "crossed"]),
            (
                "Beside him, behind the wheel, CLARA hums. Frank waits.",
                ["drive", "crossed"],
            ),
            (
                "Frank's mother, CLARA, sits down. Frank waits.",
                ["sit", "crossed"],
            ),
            (
                "Clara stops dancing. Frank runs out of the room.",
                ["", "run"],
            ),
        ] {
            assert_eq!(poses(words), expected, "{words}");
        }
    }

    #[test]
    fn who_has_no_name_of_their_own_does_something_all_the_same() {
        let boy = person("BOY", "a boy");
        for (words, expected) in [
            ("A BOY (9) runs along the pier.", "run"),
            ("The boy sleeps.", "lie"),
            ("On it lies the BOY.", "lie"),
        ] {
            let done = doings(lexicon::lexicon(), &words.to_lowercase(), &[&boy], &[]);
            assert_eq!(
                done[0].pose.map(|(pose, _)| pose),
                Some(expected),
                "{words}"
            );
        }
        // BOLT does not bolt.
        let bolt = person("BOLT", "a man");
        let done = doings(lexicon::lexicon(), "bolt and a dog.", &[&bolt], &[]);
        assert!(done[0].pose.is_none());
        // What Bolt does while the boy is spoken of.
        let words = "boy speaks. bolt (3), rusty, looks up and runs.";
        let done = doings(lexicon::lexicon(), words, &[&boy], &[&bolt]);
        assert_eq!(done[0].pose.map(|(pose, _)| pose), Some("talk"));
    }

    #[test]
    fn who_is_carried_is_told_from_what_is() {
        assert!(is_carried(
            "frank carries the sleeping clara in his arms.",
            &["clara"]
        ));
        assert!(!is_carried("frank carries clara's bag.", &["clara"]));
        assert!(!is_carried("frank carries a tray to clara.", &["clara"]));
    }
}
