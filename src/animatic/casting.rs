//! Who looks and sounds how: stable from name and words, and no two main characters alike.

use super::lexicon::{self, lexicon};
use crate::film::cast::Member;
use crate::film::references::{Age, Look, Sex, Voice};
use crate::film::shot::contains_words;

const SKINS: [&str; 7] = [
    "f2cdb0", "e8b894", "d9a07a", "c68a62", "a86f4c", "8a5638", "6b4029",
];
const HAIR_COLORS: [&str; 7] = [
    "2a2226", "4a3026", "6e4428", "9c6a34", "c99a52", "7d2f22", "3a3440",
];
const TOPS: [&str; 8] = [
    "c0533f", "2f6f86", "d39a3a", "5b7a4a", "8a4a6a", "3d4a78", "b5754a", "4f8a86",
];
const BOTTOMS: [&str; 4] = ["2c3348", "3b2f33", "4a4438", "243a3a"];
/// What is worn on a head or around a neck, in a colour that may be said.
const HEADGEAR: [&str; 12] = [
    "helmet",
    "hat",
    "cap",
    "beanie",
    "beret",
    "hood",
    "headscarf",
    "scarf",
    "tie",
    "bandana",
    "turban",
    "veil",
];
const HAIRS_WOMAN: [&str; 5] = ["bob", "bun", "long", "ponytail", "curls"];
const HAIRS_MAN: [&str; 4] = ["short", "side", "curls", "short"];

fn hash(name: &str, salt: u64) -> u64 {
    let digest = blake3::hash(format!("{salt}:{name}").as_bytes());
    u64::from_le_bytes(digest.as_bytes()[..8].try_into().unwrap_or([0; 8]))
}

fn says(kind: &str, text: &str) -> bool {
    lexicon()
        .people
        .iter()
        .any(|(k, words)| k == kind && words.iter().any(|w| contains_words(text, w)))
}

/// What is said of somebody before they do something: `28, curly red hair, leather jacket`.
fn described(words: &str) -> String {
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
            .any(|s| named.starts_with(s)) =>
        {
            sentences.next().unwrap_or_default()
        }
        sentence => sentence,
    };
    let mut out: Vec<&str> = Vec::new();
    let first = if does_at_once(words) { 1 } else { usize::MAX };
    for part in sentence.split(',').take(first) {
        let verb = lexicon::hits(&lexicon().poses, part.trim_start());
        let starts = verb.first().is_some_and(|h| h.at == 0);
        if starts && !out.is_empty() {
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

pub fn sex(name: &str, words: &str) -> Sex {
    let said = described(words);
    let named = format!("{} {said}", name.to_lowercase());
    let nouns = |kind: &str| {
        let own = ["she", "her", "herself", "he", "his", "himself"];
        let list = lexicon().people.iter().filter(|(k, _)| k == kind);
        list.flat_map(|(_, words)| words)
            .filter(|w| !own.contains(&w.as_str()) && contains_words(&named, w))
            .filter_map(|w| named.find(w.as_str()))
            .min()
    };
    let worn = |words: &[&str]| words.iter().any(|w| contains_words(&said, w));
    let gown = worn(&["dress", "skirt", "gown", "blouse"]) && !worn(&["dressing gown"]);
    match (nouns("woman"), nouns("man")) {
        (None, None) if gown => return Sex::Woman,
        (None, None) if worn(&["beard", "bearded", "moustache", "stubble"]) => return Sex::Man,
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
    match known(first).or_else(|| known(before?)) {
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

/// The colour said of any of some nouns: up to three words before one.
fn color_of<'a>(
    said: &str,
    nouns: &[&str],
    colors: &'a std::collections::BTreeMap<String, String>,
) -> Option<&'a str> {
    let tokens: Vec<&str> = said
        .split(|c: char| !(c.is_alphanumeric() || c == '-' || c == ','))
        .filter(|w| !w.is_empty())
        .collect();
    let bare = |w: &str| w.trim_matches(',').to_owned();
    tokens
        .iter()
        .enumerate()
        .filter(|(_, w)| nouns.contains(&bare(w).as_str()))
        .find_map(|(i, _)| {
            tokens[..i]
                .iter()
                .rev()
                .take(3)
                .take_while(|w| !w.ends_with(','))
                .find_map(|w| colors.get(&bare(w)))
        })
        .map(String::as_str)
}

/// What is worn above: a piece of clothing, else what somebody of that calling wears.
fn worn_top(low: &str) -> Option<(&'static str, &'static str)> {
    let callings = |word: &str| {
        let mut nouns = lexicon().people.iter().flat_map(|(_, words)| words);
        nouns.any(|w| w == word)
    };
    let hits = lexicon::hits(&lexicon().clothes, low);
    let longest = |calling: bool| {
        (hits.iter())
            .filter(|h| callings(h.word) == calling)
            .max_by_key(|h| (h.word.len(), std::cmp::Reverse(h.at)))
    };
    longest(false)
        .or_else(|| longest(true))
        .map(|h| (h.kind, h.word))
}

/// The colour of a skin: as it is said, else as hair makes it likely, else anyone's.
fn skin(said: &str, h: u64, nth: u64) -> String {
    let has = |words: &[&str]| words.iter().any(|w| contains_words(said, w));
    let part = |word: &str| said.split([',', '(', ')']).any(|p| p.trim() == word);
    let of_a_person = |word: &str| {
        [
            "man", "woman", "boy", "girl", "teenager", "doctor", "nurse", "officer",
        ]
        .iter()
        .any(|who| contains_words(said, &format!("{word} {who}")))
    };
    let range = if part("black")
        || of_a_person("black")
        || has(&["dark-skinned", "dark skin", "ebony", "african"])
    {
        4..7
    } else if part("brown")
        || has(&[
            "brown-skinned",
            "brown skin",
            "indian",
            "latina",
            "latino",
            "tanned",
            "olive-skinned",
            "weathered",
            "sunburnt",
        ])
    {
        2..5
    } else if part("white")
        || has(&[
            "pale",
            "pale-skinned",
            "freckled",
            "freckles",
            "fair",
            "blonde",
            "blond",
            "redhead",
            "red-haired",
            "ginger",
            "red hair",
            "red curls",
            "curly red hair",
        ])
    {
        0..2
    } else {
        0..7
    };
    let list = &SKINS[range];
    list[(h as usize + nth as usize) % list.len()].to_owned()
}

/// What is worn, in more words than there are cuts.
fn garments() -> Vec<&'static str> {
    lexicon()
        .clothes
        .iter()
        .flat_map(|(_, words)| words)
        .filter_map(|w| w.split(' ').next_back())
        .chain([
            "shirt",
            "blouse",
            "top",
            "vest",
            "waistcoat",
            "sari",
            "habit",
            "scrubs",
            "pyjamas",
            "clothes",
        ])
        .collect()
}

/// How hair is, as far as words say.
fn hair_said(said: &str) -> Option<&'static str> {
    const WORDS: [(&str, &[&str]); 12] = [
        (
            "bald",
            &["bald", "shaved head", "shaven head", "hairless", "tonsured"],
        ),
        (
            "beanie",
            &[
                "beanie",
                "woolly hat",
                "wool hat",
                "woollen cap",
                "woolen cap",
                "wool cap",
                "knitted cap",
                "woollen hat",
                "knitted hat",
                "bobble hat",
            ],
        ),
        (
            "helmet",
            &[
                "helmet",
                "hard hat",
                "crash helmet",
                "headlamp",
                "headtorch",
            ],
        ),
        ("cap", &["cap", "beret"]),
        (
            "hood",
            &[
                "hood",
                "hooded",
                "headscarf",
                "veil",
                "hijab",
                "cowl",
                "wimple",
                "nun",
                "habit",
            ],
        ),
        ("hat", &["hat", "fedora", "straw hat", "top hat"]),
        ("bun", &["bun", "hair up", "chignon", "topknot"]),
        (
            "ponytail",
            &[
                "ponytail", "pigtails", "plait", "braid", "braids", "braided",
            ],
        ),
        (
            "curls",
            &["curls", "curly", "frizzy", "afro", "wavy", "dreadlocks"],
        ),
        ("bob", &["bob", "fringe"]),
        ("long", &["long hair", "flowing hair"]),
        (
            "short",
            &[
                "short",
                "cropped",
                "crew cut",
                "spiky",
                "close-cropped",
                "thinning",
                "receding",
                "slicked",
                "slicked-back",
                "buzz cut",
            ],
        ),
    ];
    let long = said.contains("long") && said.contains("hair");
    WORDS
        .iter()
        .find(|(_, words)| words.iter().any(|w| contains_words(said, w)))
        .map(|(kind, _)| *kind)
        .or(long.then_some("long"))
}

pub fn age(name: &str, words: &str) -> Age {
    let low = format!("{} {}", name.to_lowercase(), described(words));
    let years = words
        .split(|c: char| !c.is_ascii_digit())
        .filter_map(|n| n.parse::<u32>().ok())
        .find(|n| (2..=110).contains(n));
    match years {
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

/// Designs one person from name, words and place in the cast, `nth` keeping neighbours apart.
pub fn look(name: &str, words: &str, nth: u64) -> Look {
    let h = hash(name, 11);
    let pick = |list: &[&str], shift: u64| {
        list[((h >> shift) as usize + nth as usize) % list.len()].to_owned()
    };
    let (sex, age) = (sex(name, words), age(name, words));
    let said = described(words);
    let low = format!("{} {said}", name.to_lowercase());
    let hairs: &[&str] = if sex == Sex::Woman {
        &HAIRS_WOMAN
    } else {
        &HAIRS_MAN
    };
    // Bob may be a name: only what is said of a person is their hair.
    let of_hair = said.replace(&name.to_lowercase(), "");
    let hair = hair_said(&of_hair).map_or_else(|| pick(hairs, 8), str::to_owned);
    let top = worn_top(&low).map_or_else(
        || {
            let usual: &[&str] = if sex == Sex::Woman {
                &["sweater", "jacket", "dress", "shirt"]
            } else {
                &["sweater", "jacket", "shirt", "coat"]
            };
            pick(usual, 16)
        },
        |(kind, _)| kind.to_owned(),
    );
    let hairy = [
        "hair",
        "curls",
        "braids",
        "braid",
        "bun",
        "ponytail",
        "pigtails",
        "plait",
        "bob",
        "beard",
        "cut",
        "fringe",
        "moustache",
        "stubble",
    ];
    let skin = skin(&said, h, nth);
    let usual = || {
        if age == Age::Old {
            "b9b4ae".to_owned()
        } else if SKINS[4..].contains(&skin.as_str()) {
            // Dark hair is what most have then.
            pick(&[HAIR_COLORS[0], HAIR_COLORS[1], HAIR_COLORS[6]], 24)
        } else {
            pick(&HAIR_COLORS, 24)
        }
    };
    // `red-haired`, `blonde`: the colour is in the word itself.
    let in_a_word = || {
        let words = said.split(|c: char| !(c.is_alphanumeric() || c == '-'));
        words.into_iter().find_map(|w| match w {
            "blond" | "blonde" | "brunette" | "redhead" | "redheaded" | "ginger" => {
                let color = match w {
                    "brunette" => "brown",
                    "redhead" | "redheaded" => "red",
                    other => other,
                };
                lexicon().hair_colors.get(color)
            }
            _ => lexicon().hair_colors.get(w.strip_suffix("-haired")?),
        })
    };
    let hair_color = color_of(&said, &hairy, &lexicon().hair_colors)
        .or_else(|| in_a_word().map(String::as_str))
        .map_or_else(usual, str::to_owned);
    let garments = garments();
    let livery = (lexicon().liveries.iter())
        .find(|(who, _)| contains_words(&low, who))
        .map(|(_, color)| color.as_str());
    let worn = color_of(&said, &garments, &lexicon().colors).or(livery);
    let trousers = ["trousers", "jeans", "skirt", "shorts", "leggings", "pants"];
    let below = color_of(&said, &trousers, &lexicon().colors);
    let top_color = match (worn, top.as_str()) {
        (Some(color), _) => color.to_owned(),
        (None, "labcoat") => "e4ebe6".to_owned(),
        (None, "uniform") => "2f3f5f".to_owned(),
        (None, "scrubs") => "5f9a96".to_owned(),
        _ => pick(&TOPS, 32),
    };
    let tidy = |v: f64| (v * 100.0).round() / 100.0;
    // Of whom much is said nothing is made up.
    let told = said
        .replace(&name.to_lowercase(), "")
        .split_whitespace()
        .count()
        > 3;
    let worn_by = |words: &[&str]| words.iter().any(|w| contains_words(&low, w));
    let shaven = worn_by(&["clean-shaven", "shaven", "smooth-faced"]);
    let hairy_face = worn_by(&[
        "beard",
        "bearded",
        "moustache",
        "mustache",
        "goatee",
        "whiskers",
        "stubble",
        "unshaven",
    ]);
    Look {
        age,
        sex,
        height: match age {
            Age::Child => 0.8,
            Age::Old => 0.96,
            _ => 0.96 + ((h >> 40) % 9) as f64 * 0.01,
        },
        build: tidy(
            if worn_by(&[
                "stout",
                "fat",
                "plump",
                "burly",
                "heavyset",
                "heavy-set",
                "big",
                "huge",
                "obese",
                "round-bellied",
                "broad",
                "hulking",
                "beefy",
                "portly",
            ]) {
                1.16 + ((h >> 44) % 9) as f64 * 0.01
            } else if worn_by(&[
                "thin", "slim", "skinny", "wiry", "gaunt", "slender", "lanky", "frail", "bony",
                "lean", "willowy", "reedy",
            ]) {
                0.85 + ((h >> 44) % 5) as f64 * 0.01
            } else {
                0.94 + ((h >> 44) % 17) as f64 * 0.01
            },
        ),
        skin: skin.clone(),
        hair,
        hair_color,
        beard: sex == Sex::Man
            && age != Age::Child
            && (hairy_face || !shaven && !told && (h >> 50).is_multiple_of(4)),
        glasses: worn_by(&["glasses", "spectacles", "sunglasses", "bespectacled"])
            || !told && (h >> 54).is_multiple_of(7),
        // Of one piece, or a robe.
        bottom_color: match top.as_str() {
            "jumpsuit" | "robe" | "scrubs" if below.is_none() => top_color.clone(),
            _ => below.map_or_else(|| pick(&BOTTOMS, 48), str::to_owned),
        },
        top,
        top_color,
        accent: color_of(&said, &HEADGEAR, &lexicon().colors)
            .unwrap_or("c94f45")
            .to_owned(),
        drawn_as: drawn_as(name, words),
    }
}

/// The thing of the book somebody is instead of a person: a robot, a dog. Who is called Felix Crow is none, nor who
/// feeds a pigeon, tames a lion or is 42.
fn drawn_as(name: &str, words: &str) -> Option<String> {
    const BEINGS: [&str; 45] = [
        "robot",
        "dog",
        "cat",
        "horse",
        "bear",
        "monster",
        "dragon",
        "ghost",
        "alien",
        "bird",
        "owl",
        "mouse",
        "cow",
        "sheep",
        "fish",
        "snake",
        "whale",
        "spider",
        "snowman",
        "fox",
        "rabbit",
        "drone",
        "parrot",
        "crow",
        "pigeon",
        "monkey",
        "elephant",
        "lion",
        "tiger",
        "pig",
        "duck",
        "penguin",
        "polar bear",
        "camel",
        "giraffe",
        "crocodile",
        "shark",
        "octopus",
        "turtle",
        "squirrel",
        "bee",
        "dinosaur",
        "frog",
        "deer",
        "hen",
    ];
    let being = |text: &str| {
        let hits = lexicon::hits(&lexicon().props, text);
        hits.into_iter().find(|h| BEINGS.contains(&h.kind))
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

/// What may stand before a name.
const TITLES: [&str; 43] = [
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

/// Gives each of a film's people clothes and hair that nobody else has, as far as nothing is said of them: who came
/// first keeps what they have. `words` are what each was designed from.
pub fn apart(looks: &mut [Look], words: &[(String, String)]) {
    for (i, (name, said)) in words.iter().enumerate().skip(1) {
        let (before, rest) = looks.split_at_mut(i);
        let Some(mine) = rest.first_mut() else {
            return;
        };
        if mine.drawn_as.is_some() {
            continue;
        }
        let low = format!("{} {}", name.to_lowercase(), described(said));
        let others: Vec<&Look> = before.iter().filter(|l| l.drawn_as.is_none()).collect();
        let colored = color_of(&low, &garments(), &lexicon().colors).is_some()
            || (lexicon().liveries.iter()).any(|(who, _)| contains_words(&low, who))
            || matches!(mine.top.as_str(), "labcoat" | "uniform" | "scrubs");
        let clash = |color: &str| {
            let near = |l: &&&Look| distance(&l.top_color, color) < 70.0;
            others.iter().filter(near).count()
        };
        if !colored && clash(&mine.top_color) > 0 {
            let start = TOPS.iter().position(|t| *t == mine.top_color).unwrap_or(0);
            let tries = (0..TOPS.len()).map(|k| TOPS[(start + k) % TOPS.len()]);
            if let Some(color) = tries.min_by_key(|c| clash(c)) {
                if mine.bottom_color == mine.top_color {
                    color.clone_into(&mut mine.bottom_color);
                }
                color.clone_into(&mut mine.top_color);
            }
        }
        let alike = |hair: &str| {
            let same = |l: &&&Look| l.sex == mine.sex && l.age == mine.age && l.hair == hair;
            others.iter().filter(same).count()
        };
        let of_hair = low.replace(&name.to_lowercase(), "");
        if hair_said(&of_hair).is_none() && alike(&mine.hair) > 0 {
            let hairs: &[&str] = match mine.sex {
                Sex::Woman => &HAIRS_WOMAN,
                Sex::Man => &HAIRS_MAN[..3],
            };
            let start = hairs.iter().position(|h| *h == mine.hair).unwrap_or(0);
            let tries = (0..hairs.len()).map(|k| hairs[(start + k) % hairs.len()]);
            if let Some(hair) = tries.min_by_key(|h| alike(h)) {
                mine.hair = hair.to_owned();
            }
        }
    }
}

/// How far two colours `rrggbb` lie apart, of 441.
fn distance(a: &str, b: &str) -> f64 {
    let part = |hex: &str, i: usize| {
        let byte = hex.get(2 * i..2 * i + 2).unwrap_or("0");
        f64::from(u8::from_str_radix(byte, 16).unwrap_or(0))
    };
    let square = |i| (part(a, i) - part(b, i)).powi(2);
    (0..3).map(square).sum::<f64>().sqrt()
}

/// Chooses a voice part; the narrator's is nobody else's.
pub fn voice(member: &Member, look: &Look, taken: &[Voice], narrator: Option<&str>) -> Voice {
    let part = if crate::film::cast::is_narrator(&member.name) {
        narrator.unwrap_or("narrator")
    } else {
        match (look.sex, look.age) {
            (_, Age::Child) => "child",
            (Sex::Woman, Age::Old) => "old_woman",
            (Sex::Woman, Age::Young) => "young_woman",
            (Sex::Woman, Age::Adult) => "woman",
            (Sex::Man, Age::Old) => "old_man",
            (Sex::Man, Age::Young) => "young_man",
            (Sex::Man, Age::Adult) => "man",
        }
    };
    Voice {
        part: part.to_owned(),
        variant: taken.iter().filter(|v| v.part == part).count() as u32,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_make_people() {
        assert_eq!(
            age(
                "MARTA",
                "MARTA (70), a small woman in a heavy coat, climbs."
            ),
            Age::Old
        );
        assert_eq!(sex("MARTA", ""), Sex::Woman);
        let marta = look(
            "MARTA",
            "MARTA (70), a small woman in a heavy coat, climbs.",
            0,
        );
        assert_eq!(marta.top, "coat");
        let danny = look(
            "DANNY",
            "DANNY COLE, 28, curly red hair, leather jacket, drops the keys on her desk.",
            0,
        );
        assert_eq!((danny.sex, danny.age), (Sex::Man, Age::Young));
        assert_eq!(
            (danny.hair.as_str(), danny.top.as_str()),
            ("curls", "parka")
        );
        assert_eq!(danny.hair_color, lexicon().hair_colors["red"]);
        assert_eq!(danny.top_color, lexicon().colors["leather"]);
        let judge = look(
            "JUDGE OKORO",
            "JUDGE OKORO, 55, long black braids, dark robe, bangs her gavel.",
            1,
        );
        assert_eq!((judge.sex, judge.hair.as_str()), (Sex::Woman, "ponytail"));
        let bolt = look(
            "BOLT",
            "A rusty robot, BOLT, one round blue eye, lies on a table.",
            1,
        );
        assert_eq!(bolt.drawn_as.as_deref(), Some("robot"));
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
        assert_eq!(
            marta,
            look(
                "MARTA",
                "MARTA (70), a small woman in a heavy coat, climbs.",
                0
            )
        );
    }
}
