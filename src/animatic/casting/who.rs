//! What is said of somebody: what of it describes them, whether they are she or he, and how old.

use crate::animatic::lexicon::{self, lexicon};
use crate::film::references::{Age, Look, Sex};
use crate::film::words::{contains_any, contains_words, places_of};

/// What may stand before a name.
pub(super) const TITLES: [&str; 54] = [
    "mayor",
    "president",
    "senator",
    "governor",
    "reverend",
    "pastor",
    "deputy",
    "constable",
    "chief",
    "warden",
    "superintendent",
    "commander",
    "abbot",
    "sheriff",
    "brother",
    "sister",
    "sergeant",
    "sgt",
    "lieutenant",
    "lt",
    "colonel",
    "col",
    "major",
    "general",
    "private",
    "corporal",
    "officer",
    "detective",
    "inspector",
    "agent",
    "nurse",
    "prof",
    "dr",
    "doctor",
    "captain",
    "judge",
    "coach",
    "old",
    "young",
    "professor",
    "mr",
    "mrs",
    "ms",
    "miss",
    "sir",
    "lady",
    "lord",
    "the",
    "king",
    "queen",
    "father",
    "mother",
    "uncle",
    "aunt",
];

fn says(kind: &str, text: &str) -> bool {
    let of_kind = lexicon().people.iter().filter(|(k, _)| k == kind);
    let mut words = of_kind.flat_map(|(_, words)| words);
    words.any(|w| own_noun(text, w).is_some())
}

/// Whether a word says whether somebody is she or he: `mother`, not `soldier`.
pub fn is_sexed(text: &str) -> bool {
    says("woman", text) || says("man", text)
}

/// Where a text (lower case) says that somebody is one: not where a man's shirt is worn, nor of `his daughter Sophie`,
/// who is another; but of `Sophie, his daughter,`.
fn own_noun(text: &str, noun: &str) -> Option<usize> {
    let mut all = places_of(text, noun);
    all.find(|at| {
        let (before, after) = (&text[..*at], &text[at + noun.len()..]);
        let possessor = ["'s", "’s"].iter().any(|s| after.starts_with(s));
        let mut words = before.trim_end().rsplitn(2, char::is_whitespace);
        let theirs = words
            .next()
            .is_some_and(|w| matches!(w, "his" | "her" | "their"));
        let apposed = theirs
            && words
                .next()
                .unwrap_or_default()
                .trim_end()
                .ends_with([',', ')'])
            && (after.is_empty() || after.starts_with([',', '.', ')']));
        !possessor && (!theirs || apposed)
    })
}

/// Whether somebody may be one of those whom a word calls together: `men`, `sisters`, `friends`.
pub fn is_among(noun: &str, look: &Look) -> bool {
    let (child, young) = (look.age == Age::Child, look.age == Age::Young);
    match noun {
        "men" => look.sex == Sex::Man && !child,
        "women" => look.sex == Sex::Woman && !child,
        "boys" => look.sex == Sex::Man && (child || young),
        "girls" => look.sex == Sex::Woman && (child || young),
        "brothers" => look.sex == Sex::Man,
        "sisters" => look.sex == Sex::Woman,
        "children" | "kids" => child,
        "couple" | "lovers" | "pair" => !child,
        "friends" | "figures" | "people" | "silhouettes" | "shapes" => true,
        _ => false,
    }
}

/// What is said of somebody before they do something: `28, curly red hair, leather jacket`.
pub(super) fn described(words: &str) -> String {
    let low = words.to_lowercase();
    let mut low = low;
    for title in [
        "dr.", "mr.", "mrs.", "ms.", "prof.", "st.", "jr.", "sgt.", "lt.",
    ] {
        low = low.replace(title, title.trim_end_matches('.'));
    }
    let mut sentences = low.split(['.', ';', '!']);
    let sentence = match sentences.next().unwrap_or_default() {
        named
            if [
                "this is ",
                "it is ",
                "it's ",
                "her name is ",
                "his name is ",
            ]
            .iter()
            .any(|s| named.starts_with(s))
                && !named.contains('(') =>
        {
            sentences.next().unwrap_or_default()
        }
        sentence => sentence,
    };
    let mut out: Vec<&str> = Vec::new();
    let bracket = sentence.find('(').unwrap_or(0);
    let mut at = 0;
    let first = if does_at_once(words) { 1 } else { usize::MAX };
    for part in sentence.split(',').take(first) {
        let verb = lexicon::hits(&lexicon().poses, part.trim_start());
        let starts = verb.first().is_some_and(|h| h.at == 0);
        let before = at < bracket;
        at += part.len() + 1;
        if starts && !out.is_empty() {
            // `Beside him, behind the wheel, TINA (28, …)`: where she is, says not how she looks.
            if before {
                continue;
            }
            break;
        }
        out.push(part);
    }
    out.join(",")
}

/// Whether a name in capitals is followed by what somebody does: `TEENAGER films, an old couple …`.
fn does_at_once(words: &str) -> bool {
    let mut tokens = words.split_whitespace();
    let capitals = |w: &str| w.chars().count() > 1 && !w.chars().any(char::is_lowercase);
    let after = tokens.find(|w| !capitals(w));
    words.split_whitespace().next().is_some_and(capitals)
        && after
            .is_some_and(|w| w.ends_with('s') && w.len() > 3 && w.chars().all(|c| c.is_lowercase()))
        && !words
            .split_whitespace()
            .take_while(|w| capitals(w))
            .any(|w| w.ends_with([',', ')']))
}

/// Names of women and men.
const EITHER: [&str; 28] = [
    "alex", "sam", "charlie", "robin", "jamie", "jordan", "taylor", "morgan", "casey", "riley",
    "quinn", "chris", "pat", "terry", "max", "lee", "kim", "dana", "ash", "frankie", "andy",
    "sasha", "kit", "rowan", "avery", "blake", "drew", "jesse",
];

pub fn sex(name: &str, words: &str) -> Sex {
    let said = described(words);
    let after = said.split_once(&name.to_lowercase());
    let nameless = after.map_or(String::new(), |(_, after)| after.to_owned());
    let named = format!("{} {said}", name.to_lowercase());
    let nouns = |named: &str, kind: &str| {
        let own = ["she", "her", "herself", "he", "his", "himself"];
        let list = lexicon().people.iter().filter(|(k, _)| k == kind);
        list.flat_map(|(_, words)| words)
            .filter(|w| !own.contains(&w.as_str()))
            .filter_map(|w| own_noun(named, w))
            .min()
    };
    // `his wife PRIYA`
    let whose = |kind: &str| {
        let list = lexicon().people.iter().filter(|(k, _)| k == kind);
        list.flat_map(|(_, words)| words).any(|w| {
            ["his", "her", "their"]
                .iter()
                .any(|p| contains_words(&said, &format!("{p} {w} {}", name.to_lowercase())))
        })
    };
    match (whose("woman"), whose("man")) {
        (true, false) => return Sex::Woman,
        (false, true) => return Sex::Man,
        _ => {}
    }
    let worn = |words: &[&str]| contains_any(&said, words);
    let gown = worn(&["dress", "skirt", "gown", "blouse"])
        && !worn(&["dressing gown", "hospital gown"])
        || worn(&["pregnant", "heavily pregnant"]);
    let beard = worn(&["beard", "bearded", "moustache", "mustache", "stubble"]);
    // A nurse who is a man is said to be one.
    match (nouns(&nameless, "woman"), nouns(&nameless, "man")) {
        (Some(_), None) => return Sex::Woman,
        (None, Some(_)) => return Sex::Man,
        (None, None) if beard => return Sex::Man,
        _ => {}
    }
    match (nouns(&named, "woman"), nouns(&named, "man")) {
        (None, None) if gown => return Sex::Woman,
        (Some(_), None) => return Sex::Woman,
        (None, Some(_)) => return Sex::Man,
        // A woman with her father: who is named first is meant.
        (Some(w), Some(m)) => return if w < m { Sex::Woman } else { Sex::Man },
        (None, None) => {}
    }
    let first = name.to_lowercase();
    // A title says it, whatever the name.
    let titled = |titles: &[&str]| titles.iter().any(|t| contains_words(&first, t));
    if titled(&["mrs", "ms", "miss", "lady", "madame", "madam"]) {
        return Sex::Woman;
    }
    if titled(&["mr", "sir", "lord"]) {
        return Sex::Man;
    }
    // What is theirs says more than a name, and less than a title.
    let called = words.trim_end();
    if called.ends_with(" surely she") {
        return Sex::Woman;
    }
    if called.ends_with(" surely he") {
        return Sex::Man;
    }
    let first = first
        .split(|c: char| !c.is_alphanumeric())
        .find(|w| !w.is_empty() && !TITLES.contains(w))
        .unwrap_or("");
    let known = |name: &str| {
        let list = |(_, names): &&(String, Vec<String>)| names.iter().any(|n| n == name);
        lexicon()
            .names
            .iter()
            .find(list)
            .map(|(sex, _)| sex.as_str())
    };
    // `Commander IVANA REY` is called REY.
    let full = words.to_lowercase();
    let before = full.find(&name.to_lowercase()).and_then(|at| {
        full[..at]
            .split(|c: char| !c.is_alphanumeric())
            .rfind(|w| !w.is_empty())
    });
    // A name of both is told by what is said.
    let either = EITHER.contains(&first);
    match known(first).or_else(|| known(before?)).filter(|_| !either) {
        Some("woman") => return Sex::Woman,
        Some("man") => return Sex::Man,
        _ => {}
    }
    // Of pronouns those that cannot mean somebody else.
    let low = words.to_lowercase();
    let tokens: Vec<&str> = low
        .split(|c: char| !c.is_alphanumeric())
        .filter(|w| !w.is_empty())
        .collect();
    let others = [
        "at", "to", "for", "with", "beside", "behind", "from", "over", "after", "on",
    ];
    let own = |set: &[&str]| {
        tokens
            .iter()
            .enumerate()
            .filter(|(i, w)| set.contains(w) && (*i == 0 || !others.contains(&tokens[i - 1])))
            .map(|(i, _)| i)
            .next()
            .unwrap_or(usize::MAX)
    };
    let (she, he) = (
        own(&["she", "her", "herself"]),
        own(&["he", "his", "himself"]),
    );
    if she < he || (she == he && first.ends_with('a') && first.len() > 2) {
        Sex::Woman
    } else {
        Sex::Man
    }
}

/// How old somebody is said to be, in years.
pub(super) fn years(words: &str) -> Option<u32> {
    (words.split(|c: char| !c.is_ascii_digit()))
        .filter_map(|n| n.parse::<u32>().ok())
        .find(|n| (2..=110).contains(n))
}

pub fn age(name: &str, words: &str) -> Age {
    let low = format!("{} {}", name.to_lowercase(), described(words));
    match years(words) {
        Some(0..=13) => return Age::Child,
        Some(14..=29) => return Age::Young,
        Some(60..) => return Age::Old,
        Some(_) => return Age::Adult,
        None => {}
    }
    if says("child", &low) {
        Age::Child
    } else if says("old", &low) {
        Age::Old
    } else if low.contains("young") || low.contains("teen") || low.contains("student") {
        Age::Young
    } else {
        Age::Adult
    }
}
