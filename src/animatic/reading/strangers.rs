//! People without a name: who they are, how many, what is said of them.

use super::counted::{Lead, SOME, Token, begins, lead, tokens};
use super::doing::{is_introduced, mention};
use crate::animatic::casting;
use crate::animatic::lexicon::{self, Lexicon};
use crate::film::kin::is_somebodys;
use crate::film::references::Person;
use crate::film::words::{contains_words, theirs};

/// Some people of one kind: `a dozen boys in muddy jerseys`.
#[derive(Debug, Clone, PartialEq)]
pub struct Strangers<'a> {
    /// What one of them is: `boy`.
    pub noun: &'a str,
    pub count: usize,
    /// Where they are named: from their first word to behind the last.
    pub at: usize,
    pub end: usize,
    /// One of them with what is said of all: `muddy boy in muddy jerseys`.
    pub said: String,
}

/// Finds the people of a text who have no name, in its order; those of the cast who are told of besides are none.
pub fn strangers<'a>(l: &'a Lexicon, prompt: &str, cast: &[&Person]) -> Vec<Strangers<'a>> {
    find(l, prompt, cast, None)
}

/// [`strangers`], and who is meant by `the father`, `the girl`: kin, and those that the words of the scene told of.
pub(super) fn strangers_again<'a>(
    l: &'a Lexicon,
    prompt: &str,
    cast: &[&Person],
    context: &str,
) -> Vec<Strangers<'a>> {
    find(l, prompt, cast, Some(recent(context)))
}

/// The end of what was told in a scene: who was told of long before is not meant, and long scenes are many.
fn recent(context: &str) -> &str {
    const LETTERS: usize = 6_000;
    let from = context.len().saturating_sub(LETTERS);
    let from = (from..context.len()).find(|at| context.is_char_boundary(*at));
    from.map_or(context, |from| &context[from..])
}

fn find<'a>(
    l: &'a Lexicon,
    prompt: &str,
    cast: &[&Person],
    context: Option<&str>,
) -> Vec<Strangers<'a>> {
    let again = context.is_some();
    let told: Vec<String> = match context {
        Some(context) => (strangers(l, context, &[]).into_iter())
            .map(|s| s.noun.to_owned())
            .collect(),
        None => Vec::new(),
    };
    let words = prompt.to_lowercase();
    let tokens = tokens(&words);
    let mut out: Vec<Strangers<'a>> = Vec::new();
    // Where the last of them ended, whether they count or not.
    let mut end = usize::MAX;
    let mut found: Vec<(usize, usize, &'a str, bool)> = lexicon::hits(&l.persons, &words)
        .iter()
        .map(|hit| {
            (
                hit.at,
                hit.at + hit.word.len(),
                hit.kind,
                hit.word != hit.kind,
            )
        })
        .collect();
    found.extend(brought_in(l, prompt, &tokens, &found, cast));
    found.sort_unstable_by_key(|f| f.0);
    for (from, until, kind, plural) in found {
        // What is his grandmother's is there without her; whose hand is taken is there.
        let after = &words[until..];
        if let Some(theirs) = theirs(after)
            && !theirs
                .split(|c: char| !c.is_alphanumeric())
                .take(2)
                .any(|w| matches!(w, "hand" | "hands" | "arm" | "face" | "shoulder" | "head"))
        {
            continue;
        }
        let Some(i) = tokens.iter().position(|(at, _)| *at == from) else {
            continue;
        };
        // A passenger seat is no passenger, a trucker cap no trucker.
        let next = tokens.iter().find(|(at, _)| *at == until + 1);
        if !plural && next.is_some_and(|(_, w)| names_a_thing(l, w)) {
            continue;
        }
        let (lead, start, adjectives) = lead(&words, &tokens, i, plural);
        let text = |at: usize| tokens.get(at).map_or("", |(_, w)| *w);
        // A photograph of a man, and somebody like a man, are none.
        let before: Vec<&str> = (start.saturating_sub(3)..start).map(text).collect();
        let pictured = before.iter().any(|w| {
            matches!(
                *w,
                "photo"
                    | "photograph"
                    | "picture"
                    | "portrait"
                    | "painting"
                    | "poster"
                    | "statue"
                    | "drawing"
            )
        }) && before.last() == Some(&"of");
        let denied = before
            .last()
            .is_some_and(|w| matches!(*w, "no" | "without" | "like" | "as" | "not" | "nor"));
        // Rabbit children are rabbits.
        let beast = adjectives.iter().any(|w| {
            (lexicon::hits(&l.props, w).iter()).any(|h| h.word == *w && l.beings.contains(h.kind))
        });
        if pictured || denied || beast || text(start) == "no" {
            continue;
        }
        let introduced = prompt
            .get(from..until)
            .is_some_and(|w| w == w.to_uppercase());
        let kin = is_somebodys(kind);
        // `Somewhere below someone is singing`: heard, not seen.
        let heard = || {
            let sentence = words[..from]
                .rsplit(['.', '!', '?', ';'])
                .next()
                .unwrap_or_default();
            [
                "from below",
                "from above",
                "from inside",
                "from upstairs",
                "from downstairs",
                "from next door",
                "from within",
                "from the next room",
                "in the distance",
                "off screen",
                "offscreen",
                "somewhere",
            ]
            .iter()
            .any(|w| contains_words(sentence, w))
                && SOUNDS.iter().any(|w| {
                    contains_words(
                        words[from..]
                            .split(['.', '!', '?', ';'])
                            .next()
                            .unwrap_or_default(),
                        w,
                    )
                })
        };
        let count = match lead {
            _ if kind == "person" && heard() => None,
            // Two tiny women are the two of the cast, from afar.
            Lead::Counted(n)
                if adjectives
                    .iter()
                    .any(|a| matches!(*a, "tiny" | "small" | "distant" | "little"))
                    && cast.len() == n
                    && (kind == "person" || covered(l, kind, cast, n)) =>
            {
                None
            }
            Lead::One if plural => None,
            Lead::One => Some(1),
            Lead::Counted(n) => Some(n),
            Lead::The if introduced && !plural => Some(1),
            // Whoever is called so is of the cast.
            Lead::The if !plural && covered(l, kind, cast, 1) && !kin => None,
            Lead::The if !plural && again && (kin || matches!(kind, "bride" | "groom")) => Some(1),
            Lead::The if !plural && again && told.iter().any(|t| t == kind) => Some(1),
            // `The boy lies in bed`: whoever he is, nobody of the cast is one.
            Lead::The if !plural && again && begins(&words, &tokens, start) && !is_away(after) => {
                Some(1)
            }
            Lead::Theirs if begins(&words, &tokens, start) && !plural && !kin => Some(1),
            Lead::The if plural && !covered(l, kind, cast, 2) => Some(SOME),
            Lead::Theirs if kin && !cast.iter().skip(1).any(|p| is_one(l, kind, p)) => {
                Some(if plural { 2 } else { 1 })
            }
            Lead::Nothing if plural && begins(&words, &tokens, start) => Some(3),
            _ => None,
        };
        // `MARTA, a small woman` is Marta, and so is `a girl, MARTA` and `a girl named Marta`.
        let rest = after.trim_start_matches([',', ' ']);
        let rest = (["named ", "called "].iter())
            .find_map(|w| rest.strip_prefix(w))
            .unwrap_or(rest);
        let first = tokens.get(start).map_or(from, |(at, _)| *at);
        let lies_in = words[..first].trim_end().ends_with([',', '('])
            && cast
                .iter()
                .any(|p| mention(&words[..first], p, cast).is_some());
        // `Two sisters on the front seats. JUNE drives. MAGGIE sleeps.`
        let next = after.split_once(". ").map_or("", |(_, next)| next);
        let named_after = matches!(lead, Lead::Counted(n) if n == cast.len())
            && cast.iter().any(|p| mention(next, p, cast) == Some(0));
        // `An old man in a hospital gown, MR. PELL`.
        let worn_before = || {
            let rest = rest
                .strip_prefix("in ")
                .or_else(|| rest.strip_prefix("with "))?;
            let (worn, named) = rest.split_once(", ")?;
            let short = worn.split_whitespace().count() <= 6 && !worn.contains('.');
            short.then(|| cast.iter().any(|p| mention(named, p, cast) == Some(0)))
        };
        let apposed = named_after
            || (!plural && worn_before() == Some(true))
            || cast.iter().any(|p| mention(rest, p, cast) == Some(0))
            || (lies_in && !plural)
            // `A climber lies there. This is DAN.`
            || is_introduced(after, cast);
        let hers = cast
            .iter()
            .any(|p| contains_words(&p.name.to_lowercase(), &words[from..until]));
        // `The COOK, a large woman,` is one as well.
        let between = words.get(end..first).unwrap_or_default().trim();
        let same =
            between == "," && matches!(lead, Lead::One) && !after.trim_start().starts_with("and ");
        end = until;
        let Some(count) = count.filter(|_| !apposed && !hers && !same) else {
            continue;
        };
        // `his grandson (8)`.
        let aged = after
            .strip_prefix(" (")
            .and_then(|rest| rest.split_once(')'));
        let worn = match aged {
            Some((age, rest)) => format!("({age}) {}", worn(rest)),
            None => worn(after),
        };
        let adjectives = adjectives.join(" ");
        let literal = words[from..until].to_owned();
        let mut some = |noun: &'a str, count: usize| {
            // One of no known calling is what they are called.
            let called = if noun == "person" {
                literal.as_str()
            } else {
                noun
            };
            out.push(Strangers {
                noun,
                count,
                at: first,
                end: until,
                said: format!("{adjectives} {called} {worn}").trim().to_owned(),
            });
        };
        match kind {
            "couple" => {
                let each = if plural { 2 } else { 1 };
                some("man", each);
                some("woman", each);
            }
            "family" => {
                // `a family of four`
                let of = words[until..].trim_start().strip_prefix("of ");
                let all = of.and_then(|w| lexicon::number(w.split_whitespace().next()?));
                some("man", 1);
                some("woman", 1);
                some("child", all.unwrap_or(3).saturating_sub(2).max(1));
            }
            noun => some(noun, count),
        }
    }
    out
}

/// What is heard of somebody who is not seen.
const SOUNDS: [&str; 24] = [
    "sings",
    "singing",
    "calls",
    "calling",
    "shouts",
    "shouting",
    "screams",
    "screaming",
    "cries",
    "crying",
    "laughs",
    "laughing",
    "knocks",
    "knocking",
    "whistles",
    "whistling",
    "plays",
    "playing",
    "speaks",
    "speaking",
    "hums",
    "humming",
    "sobs",
    "sobbing",
];

/// Whether what is told of somebody is that they are not there.
fn is_away(after: &str) -> bool {
    [
        " is gone",
        " is missing",
        " has gone",
        " has left",
        " in the photo",
        " in the picture",
        " on the screen",
        " she was",
        " he was",
    ]
    .iter()
    .any(|w| after.starts_with(w))
}

/// Whether somebody is there to wait on others, or to watch them.
pub(super) fn attends(noun: &str) -> bool {
    const ATTENDS: [&str; 20] = [
        "guard",
        "soldier",
        "servant",
        "waiter",
        "waitress",
        "courtier",
        "footman",
        "butler",
        "bodyguard",
        "nurse",
        "doctor",
        "policeman",
        "policewoman",
        "officer",
        "bailiff",
        "usher",
        "sentry",
        "steward",
        "bartender",
        "maid",
    ];
    ATTENDS.contains(&noun)
}

/// Whether a word names a thing, or a part of one, that a person's word before it says more of.
fn names_a_thing(l: &Lexicon, word: &str) -> bool {
    const PARTS: [&str; 12] = [
        "seat", "seats", "side", "door", "window", "uniform", "costume", "hat", "cap", "boots",
        "car", "bike",
    ];
    PARTS.contains(&word)
        || casting::is_worn(word)
            && !lexicon::hits(&l.persons, word)
                .iter()
                .any(|h| h.word == word)
}

/// Whether somebody is on a horse by what they are.
pub(super) fn rides(noun: &str) -> bool {
    matches!(noun, "rider" | "horseman" | "horsewoman")
}

/// What was told of people before who are named again by an article alone: the boys are a dozen, in white jerseys.
pub(super) fn told_before<'a>(
    l: &'a Lexicon,
    some: &Strangers<'a>,
    context: &str,
) -> Option<Strangers<'a>> {
    let all = strangers(l, recent(context), &[]);
    let same = |s: &&Strangers<'_>| s.noun == some.noun && s.said.len() > some.said.len();
    all.into_iter().find(|s| same(&s))
}

/// Whether so many of the cast may be called so: `the two men`.
fn covered(l: &Lexicon, noun: &str, cast: &[&Person], many: usize) -> bool {
    cast.iter().filter(|p| is_one(l, noun, p)).count() >= many
}

/// People who are brought in by capitals, whatever they are: `A JAILER`, `two GUARDS`.
fn brought_in<'a>(
    l: &'a Lexicon,
    prompt: &str,
    tokens: &[Token<'_>],
    known: &[(usize, usize, &'a str, bool)],
    cast: &[&Person],
) -> Vec<(usize, usize, &'a str, bool)> {
    let person = l.persons.iter().find(|(kind, _)| kind == "person");
    let Some(person) = person.map(|(kind, _)| kind.as_str()) else {
        return Vec::new();
    };
    let mut out = Vec::new();
    let shouted = |at: usize, word: &str| {
        prompt
            .get(at..at + word.len())
            .is_some_and(|w| w.chars().count() > 1 && w.chars().all(|c| c.is_uppercase()))
    };
    for (i, pair) in tokens.windows(2).enumerate() {
        let [(from, lead), (at, word)] = pair else {
            continue;
        };
        // `HOME 14, VISITORS 20` counts nobody.
        if !prompt
            .get(from + lead.len()..*at)
            .is_some_and(|gap| gap.trim().is_empty())
        {
            continue;
        }
        // `A WANTED POSTER` is no person.
        if tokens.get(i + 2).is_some_and(|(at, w)| shouted(*at, w)) {
            continue;
        }
        let until = at + word.len();
        let many = lexicon::number(lead).is_some() && word.ends_with('s');
        let capitals = word.chars().count() > 3 && shouted(*at, word);
        if !capitals || !(many || matches!(*lead, "a" | "an" | "another")) {
            continue;
        }
        let named = |list: &lexicon::Entries| !lexicon::hits(list, word).is_empty();
        let next = prompt.get(until..).and_then(|rest| rest.chars().next());
        let taken = known.iter().any(|(from, to, ..)| from <= at && until <= *to)
            || named(&l.props)
            || named(&l.places)
            || cast.iter().any(|p| contains_words(&p.name.to_lowercase(), word))
            // A slug is none: `A CHART:`.
            || next == Some(':');
        if !taken {
            out.push((*at, until, person, many));
        }
    }
    out
}

/// Whether somebody may be called so: a man, a boy, a father.
fn is_one(l: &Lexicon, noun: &str, person: &Person) -> bool {
    use crate::film::references::{Age, Sex};
    let of = |kind: &str| {
        let words = l.people.iter().find(|(k, _)| k == kind);
        words.is_some_and(|(_, words)| words.iter().any(|w| w == noun))
    };
    let sex = match (of("woman"), of("man")) {
        (true, false) => person.look.sex == Sex::Woman,
        (false, true) => person.look.sex == Sex::Man,
        _ => true,
    };
    sex && of("child") == (person.look.age == Age::Child)
}

/// What is worn by those who are named before: `in brown habits`, `with umbrellas`.
fn worn(after: &str) -> String {
    let clause = after
        .split(['.', ',', ';', '!', '?', '(', ')'])
        .next()
        .unwrap_or_default()
        .trim_start();
    // What the next one wears is another's.
    let ends = [
        " and a ",
        " and an ",
        " and the ",
        " and two ",
        " and his ",
        " and her ",
    ];
    let clause = ends
        .iter()
        .fold(clause, |rest, end| rest.split(end).next().unwrap_or(rest));
    match ["in ", "with ", "wearing "]
        .iter()
        .any(|w| clause.starts_with(w))
    {
        true => clause
            .split_whitespace()
            .take(6)
            .collect::<Vec<_>>()
            .join(" "),
        false => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::super::counted::MANY;
    use super::*;

    #[test]
    fn people_without_names_are_counted() {
        let l = lexicon::lexicon();
        for (words, expected) in [
            ("Two men shake hands.", vec![("man", 2)]),
            (
                "An old couple walks along the shore.",
                vec![("man", 1), ("woman", 1)],
            ),
            (
                "A gang of teenagers sits on the wall.",
                vec![("teenager", 6)],
            ),
            ("Children run into the water.", vec![("child", 3)]),
            ("Four men carry a coffin.", vec![("man", 4)]),
            (
                "A family of four eats ice cream.",
                vec![("man", 1), ("woman", 1), ("child", 2)],
            ),
            (
                "A dozen boys in muddy white jerseys sit on benches.",
                vec![("boy", 12)],
            ),
            (
                "Six executives in dark suits round a table.",
                vec![("executive", 6)],
            ),
            ("Cowboys play cards at a round table.", vec![("cowboy", 3)]),
            (
                "Behind them three men in dark coats climb out.",
                vec![("man", 3)],
            ),
            (
                "Danny is tackled by two big defenders.",
                vec![("defender", 2)],
            ),
            (
                "A mother pulls her two children off the street.",
                vec![("mother", 1), ("child", 2)],
            ),
            (
                "Three hundred people huddle under umbrellas.",
                vec![("person", MANY)],
            ),
            (
                "The horse stands there, no rider, the saddle empty.",
                vec![],
            ),
            ("The COOK, a large woman, stirs.", vec![("cook", 1)]),
            ("A photograph of a soldier.", vec![]),
            (
                "The policemen wait. The boy's cap lies there.",
                vec![("policeman", 4)],
            ),
            ("She is as proud as a king, like a queen.", vec![]),
            // A bracket that is never closed, or closed elsewhere.
            ("A man (45 walks in.", vec![("man", 1)]),
            ("A waiter (", vec![("waiter", 1)]),
            ("Twelve GUARDS wait.", vec![("guard", 12)]),
            ("Half a dozen TEENAGERS watch.", vec![("teenager", 6)]),
            ("A bag on the passenger seat. A trucker cap.", vec![]),
            ("THE SCOREBOARD: HOME 14, OTTERS 20.", vec![]),
        ] {
            let found: Vec<(&str, usize)> = strangers(l, words, &[])
                .iter()
                .map(|s| (s.noun, s.count))
                .collect();
            assert_eq!(found, expected, "{words}");
        }
        let boys = strangers(l, "A dozen tired boys in muddy white jerseys sit.", &[]);
        assert_eq!(boys[0].said, "tired boy in muddy white jerseys sit");
    }
}
