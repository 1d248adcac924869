//! Numbers in English words, both ways: written out for the ear, and found in what is said.

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
    ("billion", 1_000_000_000),
    ("million", 1_000_000),
    ("thousand", 1_000),
];

/// Stands where a mark parts words.
const END: &str = ".";

/// The least number that is not written out.
pub const ENDLESS: u64 = 1_000_000_000_000;

/// A whole number below [`ENDLESS`] in words: `four hundred twelve thousand`.
pub fn written(n: u64) -> String {
    let scaled = |unit: u64, name: &str| match n % unit {
        0 => format!("{} {name}", written(n / unit)),
        rest => format!("{} {name} {}", written(n / unit), written(rest)),
    };
    match n {
        0..20 => SMALL[n as usize].to_owned(),
        20..100 if n.is_multiple_of(10) => TENS[n as usize / 10 - 2].to_owned(),
        20..100 => format!("{}-{}", TENS[n as usize / 10 - 2], SMALL[n as usize % 10]),
        100..1_000 => scaled(100, "hundred"),
        _ => match GREAT.iter().find(|(_, unit)| n >= *unit) {
            Some((name, unit)) => scaled(*unit, name),
            None => n.to_string(),
        },
    }
}

/// The number below a hundred that one word stands for: `seven`, `forty`, `twenty-one`.
pub fn of_word(word: &str) -> Option<u64> {
    (0..100).find(|n| written(*n) == word)
}

/// The numbers that English words tell, as figures: `thirty-one` is 31, `two point five` 2.5. A lone `one` is
/// no number: it stands for somebody, or anything.
pub fn heard(text: &str) -> Vec<String> {
    // A number ends where its words are parted by more than a space or a hyphen; after a thousand a comma
    // may stand.
    let text = text.to_lowercase();
    let mut tokens: Vec<&str> = Vec::new();
    for part in text.split_inclusive(|c: char| !c.is_alphanumeric()) {
        let word = part.trim_end_matches(|c: char| !c.is_alphanumeric());
        let great = |word: &str| GREAT.iter().any(|(name, _)| *name == word);
        let joins = part.ends_with([' ', '-', '\u{a0}']) || part == word;
        if !word.is_empty() {
            tokens.push(word);
        }
        let thousands = part.ends_with(',') && tokens.last().is_some_and(|w| great(w));
        if !(joins || thousands) {
            tokens.push(END);
        }
    }
    let mut out = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        let Some((count, next)) = whole(&tokens, at) else {
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
        let alone = next == at + 1 && count == 1 && digits.is_empty();
        let next = match digits.is_empty() {
            true => next,
            false => next + 1 + digits.len(),
        };
        match (alone, digits.is_empty()) {
            (true, _) => {}
            (_, true) => out.push(count.to_string()),
            (_, false) => out.push(format!("{count}.{digits}")),
        }
        at = next;
    }
    out
}

/// The whole number that words tell from `at` on, and where the words after it begin.
fn whole(tokens: &[&str], at: usize) -> Option<(u64, usize)> {
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

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn numbers_are_heard_in_words() {
        let told = |t: &str| heard(t).join(" ");
        assert_eq!(
            told("Thirty-one of four hundred and twelve adults."),
            "31 412"
        );
        assert_eq!(
            told("two point five litres, one hundred and then none"),
            "2.5 100"
        );
        assert_eq!(told("no one was there; one of them said so"), "");
        assert_eq!(told("twelve thousand three hundred"), "12300");
        assert_eq!(told("ten, eleven, twelve"), "10 11 12");
        assert_eq!(told("twenty twenty"), "20 20");
        assert_eq!(told("Of two hundred, ten left."), "200 10");
        assert_eq!(told("In twenty, five got better; thirty. Six"), "20 5 30 6");
        assert_eq!(told("one million, two hundred thousand"), "1200000");
    }

    proptest! {
        #[test]
        fn any_text_may_be_asked_for_numbers(text in "[a-z ,-]{0,80}|((one|two|ten|twenty|hundred|thousand|billion|and|point) ?){0,14}") {
            for number in heard(&text) {
                prop_assert!(number.parse::<f64>().is_ok(), "{number}");
            }
        }

        #[test]
        fn what_is_written_out_is_heard_again(n in 2u64..ENDLESS) {
            prop_assert_eq!(heard(&written(n)), vec![n.to_string()]);
        }
    }
}
