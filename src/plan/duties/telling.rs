//! Words as duties compare them: without their marks, part by part, with the figures in them.

use crate::film::script;

/// Words without their marks, in lower case: what counts where words must be the same.
pub(super) fn words(text: &str) -> Vec<String> {
    script::plain(text)
        .split(|c: char| !(c.is_alphanumeric() || c == '%'))
        .filter(|w| !w.is_empty())
        .map(str::to_lowercase)
        .collect()
}

/// Whether the words of `part` stand in `whole` one after the other.
pub(super) fn stands_in(part: &[String], whole: &[String]) -> bool {
    part.is_empty() || whole.windows(part.len()).any(|w| w == part)
}

/// The finest parts of a text that stand for themselves: what lies between stops, each as its words. Abbreviations are
/// cut through, on both sides of every comparison alike.
pub(super) fn units(text: &str) -> Vec<Vec<String>> {
    parts(text).iter().map(|p| words(p)).collect()
}

pub(super) fn parts(text: &str) -> Vec<String> {
    let mut out = vec![String::new()];
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        if let Some(open) = out.last_mut() {
            open.push(c);
        }
        let next_is_space = chars.peek().is_none_or(|n| n.is_whitespace());
        if matches!(c, '.' | '!' | '?' | '…' | '。') && next_is_space {
            out.push(String::new());
        }
    }
    out.retain(|p| !words(p).is_empty());
    out.iter().map(|p| p.trim().to_owned()).collect()
}

/// The paragraphs of a text, each on one line.
pub(super) fn paragraphs(text: &str) -> Vec<String> {
    let blocks = text.split("\n\n");
    blocks
        .map(|b| b.split_whitespace().collect::<Vec<_>>().join(" "))
        .filter(|b| !b.is_empty())
        .collect()
}

/// Whether a text ends as a sentence does.
pub(super) fn is_sentence(text: &str) -> bool {
    text.trim_end_matches(['"', '”', ')', '»'])
        .ends_with(['.', '!', '?', '…', '。'])
}

/// The figures of a text: digits with the letters that belong to them.
pub(super) fn figures(text: &str) -> Vec<String> {
    text.split(|c: char| !(c.is_alphanumeric() || matches!(c, '.' | ',' | '/')))
        .map(|w| w.trim_matches(|c: char| matches!(c, '.' | ',' | '/')))
        .filter(|w| w.chars().any(|c| c.is_ascii_digit()))
        .map(str::to_lowercase)
        .collect()
}

/// The numbers that English words tell, as figures: `thirty-one` is 31, `two point five` 2.5. A lone `one` is
/// no number: it stands for somebody, or anything.
pub(super) fn spelled(text: &str) -> Vec<String> {
    let text = text.to_lowercase();
    let tokens: Vec<&str> = text
        .split(|c: char| !c.is_alphanumeric())
        .filter(|w| !w.is_empty())
        .collect();
    let mut out = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        let Some((whole, next)) = cardinal(&tokens, at) else {
            at += 1;
            continue;
        };
        let digits: String = match tokens.get(next) {
            Some(&"point") => tokens[next + 1..]
                .iter()
                .map_while(|w| (0..10).find(|n| *w == SMALL[*n as usize] || *w == n.to_string()))
                .map(|n: u32| n.to_string())
                .collect(),
            _ => String::new(),
        };
        let alone = next == at + 1 && whole == 1 && digits.is_empty();
        let next = match digits.is_empty() {
            true => next,
            false => next + 1 + digits.len(),
        };
        match (alone, digits.is_empty()) {
            (true, _) => {}
            (_, true) => out.push(whole.to_string()),
            (_, false) => out.push(format!("{whole}.{digits}")),
        }
        at = next;
    }
    out
}

const SMALL: [&str; 20] = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
];
const TENS: [&str; 8] = [
    "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety",
];
const GREAT: [(&str, u64); 3] = [
    ("thousand", 1_000),
    ("million", 1_000_000),
    ("billion", 1_000_000_000),
];

/// The whole number that words tell from `at` on, and where the words after it begin.
fn cardinal(tokens: &[&str], at: usize) -> Option<(u64, usize)> {
    let place = |list: &[&str], word: &str| list.iter().position(|w| *w == word).map(|n| n as u64);
    let (mut all, mut group, mut next) = (0u64, 0u64, at);
    // What may still be added: three hundred takes tens, twenty takes ones.
    let mut room = u64::MAX;
    while let Some(word) = tokens.get(next) {
        let worth = place(&SMALL, word).or(place(&TENS, word).map(|n| (n + 2) * 10));
        let great = GREAT.iter().find(|(name, _)| name == word);
        if let Some(worth) = worth.filter(|w| *w < room) {
            group += worth;
            room = if worth >= 20 { 10 } else { 0 };
        } else if *word == "hundred" && (1..100).contains(&group) {
            group *= 100;
            room = 100;
        } else if let (Some((_, times)), true) = (great, group > 0) {
            all += group.saturating_mul(*times);
            (group, room) = (0, 1_000);
        } else if *word == "and" && next > at && (100..u64::MAX).contains(&room) {
            // `two hundred and ten`, but not `one hundred and then`.
            let after = tokens.get(next + 1).copied().unwrap_or_default();
            if place(&SMALL, after).or(place(&TENS, after)).is_none() {
                break;
            }
        } else {
            break;
        }
        next += 1;
    }
    (next > at).then_some((all + group, next))
}

/// Whether a word said is a listed one or one of its inflections: `cure` is heard in `cures` and `curing`.
fn inflects(listed: &str, said: &str) -> bool {
    if listed == said {
        return true;
    }
    // Short words have too many strangers: `no` and `nos`.
    if listed.chars().count() < 4 {
        return false;
    }
    let stem = listed.strip_suffix('e').unwrap_or(listed);
    let by_y = listed.strip_suffix('y').unwrap_or("\u{0}");
    let endings = |stem: &str, endings: &[&str]| {
        said.strip_prefix(stem)
            .is_some_and(|rest| endings.contains(&rest))
    };
    endings(listed, &["s", "es", "ed", "d", "ing", "ly", "r", "rs"])
        || endings(stem, &["ing", "ed", "es"])
        || endings(by_y, &["ies", "ied"])
}

/// Whether the words of a listed phrase, or their inflections, stand in what was said, one after the other.
pub(super) fn is_told(listed: &[String], said: &[String]) -> bool {
    !listed.is_empty()
        && said
            .windows(listed.len())
            .any(|w| listed.iter().zip(w).all(|(l, s)| inflects(l, s)))
}

/// The beginning of a text, on one line.
pub(super) fn short(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    match line.chars().count() > 80 {
        true => format!("{}…", line.chars().take(79).collect::<String>()),
        false => line,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn numbers_are_heard_in_words() {
        let heard = |t: &str| spelled(t).join(" ");
        assert_eq!(
            heard("Thirty-one of four hundred and twelve adults."),
            "31 412"
        );
        assert_eq!(
            heard("two point five litres, one hundred and then none"),
            "2.5 100"
        );
        assert_eq!(heard("no one was there; one of them said so"), "");
        assert_eq!(heard("twelve thousand three hundred"), "12300");
        assert_eq!(heard("ten, eleven, twelve"), "10 11 12");
        assert_eq!(heard("twenty twenty"), "20 20");
    }

    #[test]
    fn a_listed_word_is_heard_in_its_inflections_alone() {
        let told = |l: &str, s: &str| is_told(&words(l), &words(s));
        for said in ["cures", "cured", "curing", "cure"] {
            assert!(told("cure", &format!("It {said} everything")), "{said}");
        }
        assert!(told("remedy", "the remedies of old"));
        assert!(told("side effect", "without side effects"));
        for said in ["curious", "secure", "curate", "curtain"] {
            assert!(!told("cure", said), "{said}");
        }
        assert!(!told("", "anything"));
    }

    proptest! {
        #[test]
        fn any_text_may_be_asked_for_numbers(text in "[a-z ,-]{0,80}|((one|two|ten|twenty|hundred|thousand|billion|and|point) ?){0,14}") {
            for number in spelled(&text) {
                prop_assert!(number.parse::<f64>().is_ok(), "{number}");
            }
        }
    }
}
