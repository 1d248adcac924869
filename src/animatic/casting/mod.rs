//! Who looks and sounds how: stable from name and words, and no two main characters alike.

mod being;
mod clothes;
mod who;

use super::lexicon::lexicon;
use crate::film::cast::Member;
use crate::film::references::{Age, Look, Sex, Voice};
use crate::film::words::{contains_any, contains_words};
use being::drawn_as;
use clothes::{HEADGEAR, all_in, color_of, garments, livery, usual_color, worn_top};
pub use clothes::{dressed, is_worn, wears_it_already};
use who::described;
pub use who::{age, is_among, is_sexed, sex};

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
const HAIRS_WOMAN: [&str; 5] = ["bob", "bun", "long", "ponytail", "curls"];
const HAIRS_MAN: [&str; 4] = ["short", "side", "curls", "short"];

fn hash(name: &str, salt: u64) -> u64 {
    let digest = blake3::hash(format!("{salt}:{name}").as_bytes());
    u64::from_le_bytes(digest.as_bytes()[..8].try_into().unwrap_or([0; 8]))
}

/// Gives those who are of one blood one skin, where nothing is said of it: `kin` names whose each of them is.
pub fn akin(looks: &mut [Look], words: &[(String, String)], kin: &[Option<usize>]) {
    for (i, whose) in kin.iter().enumerate() {
        let Some(whose) = *whose else { continue };
        let Some((_, said)) = words.get(i) else {
            continue;
        };
        if skins(&described(said)).len() < SKINS.len() || whose == i {
            continue;
        }
        let skin = looks[whose].skin.clone();
        let dark = SKINS[4..].contains(&skin.as_str());
        let light_hair = !HAIR_COLORS[..2].contains(&looks[i].hair_color.as_str());
        let told = hair_color_said(&described(said)).is_some();
        if dark && light_hair && !told && looks[i].age != Age::Old {
            HAIR_COLORS[0].clone_into(&mut looks[i].hair_color);
        }
        looks[i].skin = skin;
    }
}

/// The colour of a skin: as it is said, else as hair makes it likely, else anyone's.
fn skin(said: &str, h: u64, nth: u64) -> String {
    let list = &SKINS[skins(said)];
    list[(h as usize + nth as usize) % list.len()].to_owned()
}

/// Which of the skins words leave to choose from.
fn skins(said: &str) -> std::ops::Range<usize> {
    let has = |words: &[&str]| contains_any(said, words);
    let part = |word: &str| said.split([',', '(', ')']).any(|p| p.trim() == word);
    let of_a_person = |word: &str| {
        [
            "man", "woman", "boy", "girl", "teenager", "doctor", "nurse", "officer",
        ]
        .iter()
        .any(|who| contains_words(said, &format!("{word} {who}")))
    };
    if part("black")
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
    }
}

/// How hair is, as far as words say.
fn hair_said(said: &str) -> Option<&'static str> {
    const WORDS: [(&str, &[&str]); 12] = [
        (
            "bald",
            &[
                "bald",
                "balding",
                "shaved head",
                "shaven head",
                "hairless",
                "tonsured",
            ],
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
                // Nothing shades the eyes of a swimmer.
                "swim cap",
                "swimming cap",
                "bathing cap",
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
        .find(|(_, words)| contains_any(said, words))
        .map(|(kind, _)| *kind)
        .or(long.then_some("long"))
}

/// The colour of hair, as far as words say.
fn hair_color_said(said: &str) -> Option<&'static str> {
    const HAIRY: [&str; 14] = [
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
    color_of(said, &HAIRY, &lexicon().hair_colors).or_else(|| in_a_word().map(String::as_str))
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
        // A man in a gown is at work in it.
        |(kind, _)| match kind {
            "dress" if sex == Sex::Man => "scrubs".to_owned(),
            kind => kind.to_owned(),
        },
    );
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
    let hair_color = hair_color_said(&said).map_or_else(usual, str::to_owned);
    let garments = garments();
    let worn = color_of(&said, &garments, &lexicon().colors)
        .or_else(|| all_in(&said))
        .or_else(|| livery(&low));
    let trousers = ["trousers", "jeans", "skirt", "shorts", "leggings", "pants"];
    let below = color_of(&said, &trousers, &lexicon().colors);
    let top_color =
        (worn.or_else(|| usual_color(&top))).map_or_else(|| pick(&TOPS, 32), str::to_owned);
    let tidy = |v: f64| (v * 100.0).round() / 100.0;
    // Of whom much is said nothing is made up.
    let told = said
        .replace(&name.to_lowercase(), "")
        .split_whitespace()
        .count()
        > 3;
    let worn_by = |words: &[&str]| contains_any(&low, words);
    let shaven = worn_by(&["clean-shaven", "shaven", "smooth-faced"]);
    let hairy_face = worn_by(&[
        "beard", "bearded", "goatee", "whiskers", "stubble", "unshaven",
    ]);
    let lip = worn_by(&["moustache", "mustache", "moustached", "mustachioed"]) && !hairy_face;
    Look {
        age,
        sex,
        height: match age {
            Age::Child if who::years(words).is_some_and(|y| y > 10) => 0.87,
            Age::Child => 0.8,
            Age::Young if who::years(words).is_some_and(|y| y < 17) => 0.92,
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
            && (hairy_face || !shaven && !lip && !told && (h >> 50).is_multiple_of(4)),
        moustache: lip && age != Age::Child,
        glasses: worn_by(&["glasses", "spectacles", "sunglasses", "bespectacled"])
            || !told && (h >> 54).is_multiple_of(7),
        // Of one piece, or a robe.
        bottom_color: match top.as_str() {
            "jumpsuit" | "robe" | "scrubs" if below.is_none() => top_color.clone(),
            _ if below.is_none() && all_in(&said).is_some() => top_color.clone(),
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
