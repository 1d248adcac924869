//! Which words make which picture: data, laid out in `templates/lexicon.yaml`.

pub use super::entries::{Entries, Hit, find, first, hits, last};
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};

/// Words by what they make. Verbs, things and places are kept in all their regular forms.
#[derive(Debug, Default)]
pub struct Lexicon {
    pub places: Entries,
    pub times: Entries,
    pub weather: Entries,
    /// How a picture is lit.
    pub lights: Entries,
    pub poses: Entries,
    pub expressions: Entries,
    pub props: Entries,
    pub people: Entries,
    /// What one somebody may be, by what one or more of them are called: `man` by `man` and `men`.
    pub persons: Entries,
    pub clothes: Entries,
    /// Drawings of things that may be somebody: a robot, a dog.
    pub beings: BTreeSet<String>,
    /// Words that are things only after an article or an owner.
    pub things: BTreeSet<String>,
    /// Words that are no things before `of`: a jet of water.
    pub measures: BTreeSet<String>,
    /// Words that are a part of a body behind an owner: `his chest`.
    pub bodily: BTreeSet<String>,
    /// Phrases whose words mean nothing of what they mean alone: `thin as a rake`.
    pub idioms: Vec<String>,
    /// Words of places that mean another one where a film's own words say so: word, kind, signs.
    pub senses: BTreeMap<String, Entries>,
    /// What a word of a place means in a name that has one of these words too.
    pub within: BTreeMap<String, Entries>,
    /// Words that name nothing to be drawn.
    pub plain: BTreeSet<String>,
    /// Words that sound.
    pub sounds: Entries,
    /// First names of women and of men.
    pub names: Entries,
    /// Whose clothes are of one colour wherever one meets them: a bride's, a priest's.
    pub liveries: BTreeMap<String, String>,
    /// Colours of clothes, and of hair: a word, `rrggbb`.
    pub colors: BTreeMap<String, String>,
    pub hair_colors: BTreeMap<String, String>,
    /// How many times its usual size a thing has: `huge`.
    pub sizes: BTreeMap<String, f32>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, default)]
#[derive(Default)]
struct File {
    places: serde_yaml::Mapping,
    times: serde_yaml::Mapping,
    weather: serde_yaml::Mapping,
    lights: serde_yaml::Mapping,
    poses: serde_yaml::Mapping,
    expressions: serde_yaml::Mapping,
    props: serde_yaml::Mapping,
    people: serde_yaml::Mapping,
    clothes: serde_yaml::Mapping,
    beings: Vec<String>,
    things: Vec<String>,
    measures: Vec<String>,
    bodily: Vec<String>,
    idioms: Vec<String>,
    senses: BTreeMap<String, serde_yaml::Mapping>,
    within: BTreeMap<String, serde_yaml::Mapping>,
    plain: Vec<String>,
    sounds: serde_yaml::Mapping,
    names: serde_yaml::Mapping,
    liveries: BTreeMap<String, String>,
    colors: BTreeMap<String, String>,
    hair_colors: BTreeMap<String, String>,
    sizes: BTreeMap<String, f32>,
}

fn entries(map: &serde_yaml::Mapping) -> Result<Entries, String> {
    map.iter()
        .map(|(k, v)| {
            let kind = k.as_str().ok_or("a kind is a word")?;
            let list = v
                .as_sequence()
                .ok_or_else(|| format!("{kind}: not a list of words"))?;
            let words = list
                .iter()
                .map(|w| w.as_str().map(str::to_lowercase))
                .collect::<Option<Vec<_>>>()
                .ok_or_else(|| format!("{kind}: a word that is not text; put it in quotes"))?;
            if words.iter().any(|w| w.trim().is_empty()) {
                return Err(format!("{kind}: an empty word"));
            }
            Ok((kind.to_owned(), words))
        })
        .collect::<Result<Vec<_>, String>>()
        .map(Entries::from)
}

fn by_word(
    all: &BTreeMap<String, serde_yaml::Mapping>,
) -> Result<BTreeMap<String, Entries>, String> {
    all.iter()
        .map(|(word, kinds)| Ok((word.clone(), entries(kinds)?)))
        .collect()
}

fn colors(map: BTreeMap<String, String>) -> Result<BTreeMap<String, String>, String> {
    for (name, hex) in &map {
        if hex.len() != 6 || !hex.bytes().all(|b| b.is_ascii_hexdigit()) {
            return Err(format!("{name}: `{hex}` is not a colour, as `b8402f`"));
        }
    }
    Ok(map)
}

fn sizes(map: BTreeMap<String, f32>) -> Result<BTreeMap<String, f32>, String> {
    match map.iter().find(|(_, s)| !(0.2..=4.0).contains(*s)) {
        Some((name, size)) => Err(format!("{name}: a size lies between 0.2 and 4, not {size}")),
        None => Ok(map),
    }
}

/// Reads a file of words.
pub(super) fn read(text: &str) -> Result<Lexicon, String> {
    let f: File = serde_yaml::from_str(text).map_err(|e| e.to_string())?;
    let forms = |w: String| [plural(&w), w];
    let things = f.things.into_iter().flat_map(forms).collect();
    let measures = f.measures.into_iter().flat_map(forms).collect();
    let mut out = Lexicon {
        places: entries(&f.places)?,
        times: entries(&f.times)?,
        weather: entries(&f.weather)?,
        lights: entries(&f.lights)?,
        poses: entries(&f.poses)?,
        expressions: entries(&f.expressions)?,
        props: entries(&f.props)?,
        people: entries(&f.people)?,
        persons: Entries::default(),
        clothes: entries(&f.clothes)?,
        beings: f.beings.into_iter().collect(),
        things,
        measures,
        bodily: f.bodily.into_iter().collect(),
        idioms: f.idioms,
        senses: by_word(&f.senses)?,
        within: by_word(&f.within)?,
        plain: f.plain.into_iter().collect(),
        sounds: entries(&f.sounds)?,
        names: entries(&f.names)?,
        liveries: colors(f.liveries)?,
        colors: colors(f.colors)?,
        hair_colors: colors(f.hair_colors)?,
        sizes: sizes(f.sizes)?,
    };
    out.persons = persons(&out.people);
    let known: BTreeSet<String> = out.places.iter().flat_map(|(_, w)| w).cloned().collect();
    for (_, words) in out.places.change() {
        let forms: Vec<String> = (words.iter().map(|w| plural(w)))
            .filter(|w| !known.contains(w))
            .collect();
        words.extend(forms);
    }
    for (_, words) in out.poses.change() {
        let forms: Vec<String> = words.iter().flat_map(|w| verb_forms(w)).collect();
        words.extend(forms);
    }
    for (_, words) in out.clothes.change() {
        let forms: Vec<String> = words.iter().map(|w| plural(w)).collect();
        words.extend(forms);
    }
    for (_, words) in out.props.change() {
        let forms: Vec<String> = words.iter().map(|w| plural(w)).collect();
        words.extend(forms);
    }
    Ok(out)
}

impl Lexicon {
    /// Lays another over this: its words come first, and their old meanings go.
    pub(super) fn lay(&mut self, over: Lexicon) {
        let lists = [
            (&mut self.sounds, over.sounds),
            (&mut self.names, over.names),
            (&mut self.places, over.places),
            (&mut self.times, over.times),
            (&mut self.weather, over.weather),
            (&mut self.lights, over.lights),
            (&mut self.poses, over.poses),
            (&mut self.expressions, over.expressions),
            (&mut self.props, over.props),
            (&mut self.people, over.people),
            (&mut self.clothes, over.clothes),
        ];
        for (mine, theirs) in lists {
            let taken: BTreeSet<&String> = theirs.iter().flat_map(|(_, words)| words).collect();
            for (_, words) in mine.change() {
                words.retain(|w| !taken.contains(w));
            }
            for (kind, words) in theirs.into_list() {
                match mine.change().iter_mut().find(|(k, _)| *k == kind) {
                    Some((_, known)) => known.extend(words),
                    None => mine.change().push((kind, words)),
                }
            }
        }
        self.persons = persons(&self.people);
        self.beings.extend(over.beings);
        self.things.extend(over.things);
        self.measures.extend(over.measures);
        self.bodily.extend(over.bodily);
        self.idioms.extend(over.idioms);
        self.senses.extend(over.senses);
        self.within.extend(over.within);
        self.plain.extend(over.plain);
        self.liveries.extend(over.liveries);
        self.colors.extend(over.colors);
        self.hair_colors.extend(over.hair_colors);
        self.sizes.extend(over.sizes);
    }

    /// Makes every drawing known by its own name, unless that is a word for nothing.
    pub(super) fn name_drawings<'a>(&mut self, names: impl Iterator<Item = &'a str>) {
        for name in names {
            if name != "thing"
                && !self.plain.contains(name)
                && !self.props.iter().any(|(kind, _)| kind == name)
            {
                let words = vec![name.to_owned(), plural(name)];
                self.props.change().push((name.to_owned(), words));
            }
        }
    }
}

/// A text (lower case) with the phrases blanked that mean something else than their words, each place kept.
pub fn literal(lexicon: &Lexicon, text: &str) -> String {
    let mut out = text.to_owned();
    for idiom in &lexicon.idioms {
        for (at, _) in text.match_indices(idiom.as_str()) {
            if boundary(text, at, idiom.len()) {
                out.replace_range(at..at + idiom.len(), &" ".repeat(idiom.len()));
            }
        }
    }
    out
}

/// The words as the book has them.
pub fn lexicon() -> &'static Lexicon {
    &super::book::book().words
}

/// `walks`, `walking`, `walked` of `walk`; of several words the first one changes.
fn verb_forms(word: &str) -> Vec<String> {
    let (verb, rest) = match word.split_once(' ') {
        Some((verb, rest)) => (verb, format!(" {rest}")),
        None => (word, String::new()),
    };
    let letters: Vec<char> = verb.chars().collect();
    let vowel = |c: char| "aeiou".contains(c);
    let [.., a, b, c] = letters.as_slice() else {
        return Vec::new();
    };
    let sibilant = "sxz".contains(*c) || (*c == 'h' && "cs".contains(*b));
    let to_ies = *c == 'y' && !vowel(*b);
    let third = if to_ies {
        format!("{}ies", &verb[..verb.len() - 1])
    } else if sibilant || (*c == 'o' && !vowel(*b)) {
        format!("{verb}es")
    } else {
        format!("{verb}s")
    };
    let doubled = !vowel(*a) && vowel(*b) && !vowel(*c) && !"wxyh".contains(*c)
        // The last syllable of a longer verb is hardly ever the loud one.
        && letters.iter().filter(|l| vowel(**l)).count() == 1;
    let stem = if *c == 'e' && *b != 'e' {
        verb[..verb.len() - 1].to_owned()
    } else if doubled {
        format!("{verb}{c}")
    } else {
        verb.to_owned()
    };
    let past = if to_ies {
        format!("{}ied", &verb[..verb.len() - 1])
    } else {
        format!("{stem}ed")
    };
    let present = if verb == "lie" || verb == "die" {
        format!("{}ying", &verb[..verb.len() - 2])
    } else {
        format!("{stem}ing")
    };
    [third, present, past]
        .into_iter()
        .map(|form| form + &rest)
        .collect()
}

/// What people are called, one and more of them.
fn persons(people: &Entries) -> Entries {
    let of = |kind: &str| {
        let list = people.iter().find(|(k, _)| k == kind);
        list.map_or(&[][..], |(_, words)| words.as_slice())
    };
    let mut out: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let many = |one: &str| match (one.strip_suffix("man"), one.strip_suffix("person")) {
        (Some(stem), _) => format!("{stem}men"),
        (_, Some(stem)) => format!("{stem}people"),
        _ => match one {
            "child" => "children".to_owned(),
            "thief" => "thieves".to_owned(),
            "wife" => "wives".to_owned(),
            _ => plural(one),
        },
    };
    for one in of("anyone") {
        out.insert(one.clone(), vec![many(one), one.clone()]);
    }
    for crowd in of("crowd") {
        if let Some(one) = crowd.strip_suffix('s').filter(|w| {
            !w.ends_with(['s', 'e']) && !w.contains(' ') && !matches!(*w, "team" | "crowd" | "mob")
        }) {
            let words = vec![crowd.clone(), one.to_owned()];
            out.entry(one.to_owned()).or_insert(words);
        }
    }
    Entries::from(out.into_iter().collect::<Vec<_>>())
}

/// `boxes` of `box`.
fn plural(word: &str) -> String {
    let sibilant = ["s", "x", "z", "ch", "sh"]
        .iter()
        .any(|e| word.ends_with(e));
    match word.strip_suffix('y') {
        Some(stem) if !stem.ends_with(['a', 'e', 'i', 'o', 'u']) => format!("{stem}ies"),
        _ if sibilant => format!("{word}es"),
        _ => format!("{word}s"),
    }
}

/// The things a text names, in its order: each kind once.
pub fn things<'a>(lexicon: &'a Lexicon, text: &str) -> Vec<Hit<'a>> {
    let mut seen = BTreeSet::new();
    let found = hits(&lexicon.props, text);
    let named: Vec<Hit<'a>> = found
        .iter()
        .filter(|hit| {
            // `The phone rings`: the article is the phone's.
            let before = hit.at.checked_sub(1);
            let taken = found.iter().any(|o| Some(o.at + o.word.len()) == before);
            // `A tumbleweed rolls`: what may be a verb wants its article close by.
            let verb = lexicon.things.iter().any(|one| plural(one) == hit.word);
            let theirs = owned(text, hit.at, if taken || verb { 1 } else { 2 });
            theirs || !(lexicon.things.contains(hit.word) || does(text, hit))
        })
        .copied()
        .collect();
    named
        .iter()
        .filter(|hit| {
            // Of `glass vial` the last word is the thing.
            let next = hit.at + hit.word.len() + 1;
            named.iter().all(|other| other.at != next)
        })
        .filter(|hit| !denied(text, hit.at))
        // He clutches his chest, not a chest.
        .filter(|hit| !(lexicon.bodily.contains(hit.word) && possessed(text, hit.at)))
        .filter(|hit| {
            let after = &text[hit.at + hit.word.len()..];
            !(after.starts_with(" of ") && lexicon.measures.contains(hit.word))
        })
        .filter(|hit| seen.insert(hit.kind))
        .copied()
        .collect()
}

/// How many a number means, from two on: `two`, `eleven`, `forty`, `12`.
pub fn number(word: &str) -> Option<usize> {
    const NUMBERS: [&str; 11] = [
        "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
    ];
    const TENS: [&str; 8] = [
        "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety",
    ];
    let at = |list: &[&str]| list.iter().position(|w| *w == word);
    let figure = || word.parse().ok().filter(|n| (2..1000).contains(n));
    // `twenty-two`
    let both = || {
        let (tens, units) = word.split_once('-')?;
        let tens = TENS.iter().position(|w| *w == tens)?;
        Some((tens + 2) * 10 + if units == "one" { 1 } else { number(units)? })
    };
    (at(&NUMBERS).map(|n| n + 2))
        .or_else(|| at(&TENS).map(|n| (n + 2) * 10))
        .or_else(|| (word == "half-dozen").then_some(6))
        .or_else(figure)
        .or_else(both)
}

/// Whether a thing is told of as more than one: `three squirrels`, `the dogs`.
pub fn is_many(text: &str, hit: &Hit<'_>) -> bool {
    how_many(text, hit) > 1
}

/// How many of a thing a text tells of, as far as they are drawn: `three squirrels`, `a flock of birds`, `the dogs`.
pub fn how_many(text: &str, hit: &Hit<'_>) -> usize {
    const ROOM_FOR: usize = 6;
    let before: Vec<&str> = text[..hit.at].split_whitespace().rev().take(3).collect();
    let counted = before.iter().take(2).find_map(|w| number(w));
    let herd = matches!(
        before.as_slice(),
        [
            "of",
            "herd" | "flock" | "pack" | "swarm" | "school" | "pile" | "row" | "group",
            ..
        ]
    );
    // `mice`, `dogs`: in the book a plural has its own word.
    let plural = lexicon().props.iter().any(|(kind, words)| {
        kind == hit.kind
            && words
                .iter()
                .any(|one| one != hit.word && plural(one) == hit.word)
    });
    match (counted, herd) {
        (Some(n), _) => n.min(ROOM_FOR),
        (None, true) => 5,
        (None, false) if plural => 3,
        _ => 1,
    }
}

/// Whether the word before a place says whose something is.
fn possessed(text: &str, at: usize) -> bool {
    let before = text[..at].split_whitespace().next_back();
    before.is_some_and(|w| {
        matches!(w, "his" | "her" | "their" | "my" | "your" | "its") || w.ends_with("'s")
    })
}

/// Whether a thing is said not to be there: `without an umbrella`.
fn denied(text: &str, at: usize) -> bool {
    text[..at]
        .rsplit(|c: char| !c.is_alphanumeric())
        .filter(|w| !w.is_empty())
        .take(2)
        .any(|w| matches!(w, "without" | "no" | "nor"))
}

/// Words that say that a thing follows.
pub(super) const DETERMINERS: [&str; 24] = [
    "a", "an", "the", "his", "her", "their", "its", "my", "your", "our", "this", "that", "these",
    "those", "two", "three", "four", "some", "several", "many", "another", "each", "no", "every",
];

/// Whether a word that looks like a plural is a verb in truth: `rain hammers the bins`, `she tears the letter`.
pub(super) fn does(text: &str, hit: &Hit<'_>) -> bool {
    const AFTER: [&str; 20] = [
        "to", "slowly", "away", "across", "past", "through", "at", "into", "her", "him", "it",
        "them", "up", "down", "off", "out", "over", "open", "shut", "toward",
    ];
    let next = text[hit.at + hit.word.len()..]
        .split(|c: char| !(c.is_alphanumeric() || c == '\''))
        .find(|w| !w.is_empty())
        .unwrap_or_default();
    hit.word.ends_with('s') && (DETERMINERS.contains(&next) || AFTER.contains(&next))
}

/// Whether an article or an owner stands at most so many words before.
fn owned(text: &str, at: usize, words: usize) -> bool {
    text[..at]
        .rsplit(|c: char| !(c.is_alphanumeric() || c == '\''))
        .filter(|w| !w.is_empty())
        .take(words)
        .any(|w| DETERMINERS.contains(&w) || w.ends_with("'s"))
}

/// Whether a word says how something is: `old`, `red`.
pub(super) fn is_plain(word: &str) -> bool {
    lexicon().plain.contains(word) || lexicon().colors.contains_key(word)
}

/// Whether the word at a place stands behind an article, or behind one word that does: `a huge wave`.
pub(super) fn is_noun(text: &str, at: usize) -> bool {
    const ARTICLES: [&str; 7] = ["a", "an", "the", "his", "her", "their", "its"];
    let mut before = text[..at]
        .rsplit(|c: char| !(c.is_alphanumeric() || c == '\''))
        .filter(|w| !w.is_empty());
    let (last, one_more) = (before.next(), before.next());
    let is = |w: Option<&str>| w.is_some_and(|w| ARTICLES.contains(&w));
    is(last) || (is(one_more) && last.is_some_and(is_plain))
}

fn boundary(text: &str, at: usize, length: usize) -> bool {
    let before = text[..at].chars().next_back();
    let after = text[at + length..].chars().next();
    !before.is_some_and(char::is_alphanumeric) && !after.is_some_and(char::is_alphanumeric)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_lead_to_kinds() {
        let l = lexicon();
        assert_eq!(find(&l.places, "int. coffee shop - day").unwrap().0, "cafe");
        assert_eq!(
            find(&l.places, "ext. lighthouse - dawn").unwrap().0,
            "lighthouse"
        );
        assert_eq!(first(&l.poses, "she sits and then runs").unwrap().0, "sit");
        assert_eq!(last(&l.places, "lighthouse stairs").unwrap().0, "stairs");
        assert_eq!(last(&l.places, "harbour cafe").unwrap().0, "cafe");
        assert!(find(&l.weather, "a rainbow").is_none());
    }

    #[test]
    fn verbs_and_things_are_known_in_their_forms() {
        let l = lexicon();
        for (text, pose) in [
            ("she is running", "run"),
            ("he carries it", "carry"),
            ("they hurried home", "walk"),
            ("ana is lying there", "lie"),
            ("he crosses the yard", "walk"),
            ("she is sitting", "sit"),
            ("he leans on the rail", "lean"),
            ("she pushes", "push"),
        ] {
            assert_eq!(first(&l.poses, text).map(|p| p.0), Some(pose), "{text}");
        }
        let kinds = |text: &str| things(l, text).iter().map(|h| h.kind).collect::<Vec<_>>();
        assert_eq!(kinds("two boxes and a birthday cake"), ["box", "cake"]);
        assert_eq!(kinds("she watches; his watch stops"), ["watch"]);
        assert_eq!(kinds("a tumbleweed rolls, the jury watches"), [""; 0]);
        assert_eq!(kinds("the phone rings"), ["phone"]);
        assert_eq!(kinds("a robot feeds the cat"), ["robot", "cat"]);
        assert_eq!(
            kinds("he clutches his chest; a chest stands there"),
            ["box"]
        );
        assert_eq!(kinds(&literal(l, "thin as a rake, he laughs")), [""; 0]);
    }
}
