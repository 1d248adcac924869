//! Who looks and sounds how: stable from name and words, and no two main characters alike.

use super::lexicon::{self, lexicon};
use crate::film::cast::Member;
use crate::film::references::{Age, Look, Sex, Voice};

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
const HAIRS_MAN: [&str; 5] = ["short", "side", "curls", "cap", "beanie"];

fn hash(name: &str, salt: u64) -> u64 {
    let digest = blake3::hash(format!("{salt}:{name}").as_bytes());
    u64::from_le_bytes(digest.as_bytes()[..8].try_into().unwrap_or([0; 8]))
}

fn says(kind: &str, text: &str) -> bool {
    lexicon().people.iter().any(|(k, words)| {
        k == kind
            && words
                .iter()
                .any(|w| crate::film::shot::contains_words(text, w))
    })
}

/// First names whose sex most readers would guess alike.
const WOMEN: [&str; 40] = [
    "anna",
    "marta",
    "maria",
    "mary",
    "greta",
    "ines",
    "lucy",
    "łucja",
    "emma",
    "olivia",
    "ava",
    "sophia",
    "mia",
    "ella",
    "lily",
    "grace",
    "nora",
    "ruth",
    "alice",
    "clara",
    "eva",
    "rosa",
    "helen",
    "jane",
    "kate",
    "laura",
    "sarah",
    "susan",
    "linda",
    "julia",
    "lena",
    "ida",
    "elena",
    "sandra",
    "jenny",
    "josephine",
    "edith",
    "amira",
    "mei",
    "tilda",
];

pub fn sex(name: &str, words: &str) -> Sex {
    let low = words.to_lowercase();
    let first = name.to_lowercase();
    let first = first.split_whitespace().next().unwrap_or("");
    let named = format!("{} {}", name.to_lowercase(), low);
    match (says("woman", &named), says("man", &named)) {
        (true, false) => Sex::Woman,
        (false, true) => Sex::Man,
        _ if WOMEN.contains(&first) => Sex::Woman,
        (true, true) => {
            // Both are spoken of: the pronoun nearest to the beginning is theirs.
            let at = |w: &[&str]| {
                w.iter()
                    .filter_map(|w| low.find(&format!(" {w} ")))
                    .min()
                    .unwrap_or(usize::MAX)
            };
            if at(&["she", "her", "woman"]) < at(&["he", "his", "man"]) {
                Sex::Woman
            } else {
                Sex::Man
            }
        }
        _ if first.ends_with('a') && first.len() > 2 => Sex::Woman,
        _ => Sex::Man,
    }
}

pub fn age(name: &str, words: &str) -> Age {
    let low = format!("{} {}", name.to_lowercase(), words.to_lowercase());
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
    let low = format!("{} {}", name.to_lowercase(), words.to_lowercase());
    let hairs: &[&str] = if sex == Sex::Woman {
        &HAIRS_WOMAN
    } else {
        &HAIRS_MAN
    };
    let mut hair = pick(hairs, 8);
    for kind in [
        "bald", "cap", "hat", "beanie", "hood", "bun", "ponytail", "curls", "bob",
    ] {
        // Bob may be a name: only what is said of a person is their hair.
        if crate::film::shot::contains_words(&words.to_lowercase(), kind)
            && name.to_lowercase() != kind
        {
            hair = kind.to_owned();
        }
    }
    let top = lexicon::find(&lexicon().clothes, &low).map_or_else(
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
    let hair_color = if age == Age::Old {
        "b9b4ae".to_owned()
    } else {
        pick(&HAIR_COLORS, 24)
    };
    let top_color = match top.as_str() {
        "labcoat" => "e4ebe6".to_owned(),
        "uniform" => "2f3f5f".to_owned(),
        _ => pick(&TOPS, 32),
    };
    let tidy = |v: f64| (v * 100.0).round() / 100.0;
    Look {
        age,
        sex,
        height: match age {
            Age::Child => 0.8,
            Age::Old => 0.96,
            _ => 0.96 + ((h >> 40) % 9) as f64 * 0.01,
        },
        build: tidy(
            0.94 + ((h >> 44) % 17) as f64 * 0.01
                + if low.contains("big") || low.contains("heavy ") && !low.contains("heavy coat") {
                    0.12
                } else {
                    0.0
                },
        ),
        skin: pick(&SKINS, 0),
        hair,
        hair_color,
        beard: sex == Sex::Man
            && age != Age::Child
            && (low.contains("beard") || (h >> 50).is_multiple_of(4)),
        glasses: low.contains("glasses") || (h >> 54).is_multiple_of(7),
        top,
        top_color,
        bottom_color: pick(&BOTTOMS, 48),
        accent: "c94f45".to_owned(),
    }
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
