//! Text for the ear: sentences an engine can say, with the pauses that are ours. Captions keep the
//! words as they are written.

use crate::film::numerals;
use std::collections::BTreeMap;

/// A piece to speak, and the pause after it in seconds.
pub type Piece = (String, f64);

/// Text as an engine can say it. English numbers, units, dates and abbreviations are written out;
/// other languages' engines read their own.
pub fn speakable(text: &str, say: &BTreeMap<String, String>, language: &str) -> Vec<Piece> {
    let english = language.to_lowercase().starts_with("en");
    let text = text
        .replace("...", "…")
        .replace("--", "—")
        .replace(" – ", "—");
    let mut pieces: Vec<Piece> = Vec::new();
    let mut open = String::new();
    let chars: Vec<char> = text.chars().collect();
    let mut i = 0;
    while i < chars.len() {
        let c = chars[i];
        if c == '('
            && let Some((pause, length)) = aside(&chars[i..])
        {
            // `(beat)` is not said: it is waited for.
            pieces.push((std::mem::take(&mut open), pause));
            i += length;
            continue;
        }
        let next = chars.get(i + 1).copied().unwrap_or(' ');
        let pause = match c {
            '.' | '!' | '?' if next.is_whitespace() || matches!(next, '"' | '”' | '\'' | ')') => {
                0.45
            }
            ';' | ':' if next.is_whitespace() => 0.35,
            '—' => 0.35,
            '…' => 0.60,
            '\n' => 0.45,
            _ => 0.0,
        };
        let abbreviated = c == '.' && abbreviation(&open);
        if c != '—' && c != '…' && c != '\n' {
            open.push(c);
        }
        let long = open.chars().count() > 160 && c == ',';
        if (pause > 0.0 && !abbreviated) || long {
            let pause = if pause > 0.0 { pause } else { 0.2 };
            pieces.push((std::mem::take(&mut open), pause));
        }
        i += 1;
    }
    pieces.push((open, 0.0));
    let mut out: Vec<Piece> = Vec::new();
    for (text, pause) in pieces {
        let clean = written_out(&text, say, english);
        if clean.chars().any(char::is_alphanumeric) {
            out.push((clean, pause));
        } else if let Some(last) = out.last_mut() {
            last.1 = f64::max(last.1, pause);
        }
    }
    if out.is_empty() {
        out.push(("mm".to_owned(), 0.0));
    }
    out
}

/// A pause somebody wrote in brackets: its seconds, and how long it is in letters.
fn aside(rest: &[char]) -> Option<(f64, usize)> {
    const PAUSES: [(&str, f64); 4] = [
        ("(beat)", 0.8),
        ("(pause)", 1.0),
        ("(a beat)", 0.8),
        ("(long pause)", 2.0),
    ];
    PAUSES.into_iter().find_map(|(word, seconds)| {
        let length = word.chars().count();
        let text: String = rest.iter().take(length).collect();
        (text.to_lowercase() == word).then_some((seconds, length))
    })
}

fn abbreviation(open: &str) -> bool {
    let last = open.split_whitespace().last().unwrap_or("");
    let letters = last.chars().filter(|c| c.is_alphabetic()).count();
    ABBREVIATIONS
        .iter()
        .any(|(short, _)| short.trim_end_matches('.').eq_ignore_ascii_case(last))
        || (last.chars().count() == 1 && last.chars().all(char::is_uppercase))
        || (letters > 1 && last.contains('.') && last.chars().all(|c| c == '.' || c.is_uppercase()))
}

const ABBREVIATIONS: [(&str, &str); 19] = [
    ("Dr.", "Doctor"),
    ("Mr.", "Mister"),
    ("Mrs.", "Missis"),
    ("Ms.", "Miz"),
    ("Prof.", "Professor"),
    ("St.", "Saint"),
    ("Jr.", "Junior"),
    ("Sr.", "Senior"),
    ("vs.", "versus"),
    ("approx.", "approximately"),
    ("etc.", "et cetera"),
    ("e.g.", "for example"),
    ("i.e.", "that is"),
    ("No.", "number"),
    ("Fig.", "figure"),
    ("Inc.", "incorporated"),
    ("Ltd.", "limited"),
    ("a.m.", "A M"),
    ("p.m.", "P M"),
];

/// Units as they are said after a number: one, several.
const UNITS: [(&str, &str, &str); 33] = [
    ("mg", "milligram", "milligrams"),
    ("mcg", "microgram", "micrograms"),
    ("µg", "microgram", "micrograms"),
    ("g", "gram", "grams"),
    ("kg", "kilogram", "kilograms"),
    ("ml", "millilitre", "millilitres"),
    ("mL", "millilitre", "millilitres"),
    ("l", "litre", "litres"),
    ("mm", "millimetre", "millimetres"),
    ("cm", "centimetre", "centimetres"),
    ("m", "metre", "metres"),
    ("km", "kilometre", "kilometres"),
    ("km/h", "kilometre per hour", "kilometres per hour"),
    ("mph", "mile per hour", "miles per hour"),
    ("mg/kg", "milligram per kilogram", "milligrams per kilogram"),
    (
        "mg/dl",
        "milligram per decilitre",
        "milligrams per decilitre",
    ),
    ("s", "second", "seconds"),
    ("sec", "second", "seconds"),
    ("min", "minute", "minutes"),
    ("h", "hour", "hours"),
    ("hrs", "hour", "hours"),
    ("Hz", "hertz", "hertz"),
    ("kHz", "kilohertz", "kilohertz"),
    ("MB", "megabyte", "megabytes"),
    ("GB", "gigabyte", "gigabytes"),
    ("°C", "degree Celsius", "degrees Celsius"),
    ("°F", "degree Fahrenheit", "degrees Fahrenheit"),
    ("°", "degree", "degrees"),
    ("IU", "international unit", "international units"),
    ("mmHg", "millimetre of mercury", "millimetres of mercury"),
    ("kW", "kilowatt", "kilowatts"),
    ("ft", "foot", "feet"),
    ("lb", "pound", "pounds"),
];

/// Words in capitals that are said as words.
const WORDS_IN_CAPITALS: [&str; 10] = [
    "NASA", "NATO", "UNICEF", "AIDS", "COVID", "OK", "LASER", "RADAR", "SIM", "PIN",
];

/// Letters said one by one.
const SPELT: [&str; 34] = [
    "WHO", "US", "USA", "UK", "EU", "UN", "FBI", "CIA", "TV", "DNA", "RNA", "HIV", "CEO", "CFO",
    "BBC", "CNN", "FDA", "EMA", "AI", "PC", "ID", "GPS", "PDF", "URL", "USB", "ATM", "VIP", "SOS",
    "UFO", "CT", "MRI", "ECG", "IV", "ICU",
];

fn written_out(text: &str, say: &BTreeMap<String, String>, english: bool) -> String {
    let raw: Vec<&str> = text.split_whitespace().collect();
    let mut words: Vec<String> = Vec::new();
    let mut i = 0;
    while i < raw.len() {
        let word = tidied(raw[i]);
        let word = word.trim();
        let bare = word.trim_matches(|c: char| !c.is_alphanumeric());
        let tail: String =
            word[word.trim_end_matches(|c: char| ",;:!?.".contains(c)).len()..].to_owned();
        let next = raw.get(i + 1).map(|w| tidied(w));
        let mut taken = 1;
        let said = if let Some((_, spoken)) = say.iter().find(|(k, _)| k.eq_ignore_ascii_case(bare))
        {
            format!("{spoken}{tail}")
        } else if !english {
            word.to_owned()
        } else {
            let before = raw[..i].last().copied().unwrap_or_default();
            let (said, used) = in_english(word, bare, &tail, next.as_deref(), before);
            taken = used;
            said
        };
        words.push(said);
        i += taken;
    }
    let text = words.join(" ");
    // Emoji and other pictures have no reading.
    text.chars()
        .filter(|c| {
            c.is_alphanumeric()
                || c.is_whitespace()
                || c.is_ascii_punctuation()
                || matches!(c, '°' | '£' | '€')
                || unicode_normalization::char::is_combining_mark(*c)
        })
        .collect::<String>()
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ")
}

/// Without what engines take for markup or read aloud.
fn tidied(word: &str) -> String {
    word.chars()
        .map(|c| match c {
            '’' | '‘' => '\'',
            '“' | '”' | '"' | '(' | ')' => ' ',
            '−' => '-',
            c => c,
        })
        .filter(|c| {
            !matches!(
                c,
                '[' | ']' | '{' | '}' | '<' | '>' | '|' | '\\' | '^' | '_' | '*' | '~' | '\0'
                    ..='\u{1f}'
            )
        })
        .collect()
}

/// One word in English, and how many words of the text it took.
fn in_english(
    word: &str,
    bare: &str,
    tail: &str,
    next: Option<&str>,
    before: &str,
) -> (String, usize) {
    let one = |said: String| (said + tail, 1);
    if let Some((_, long)) = ABBREVIATIONS
        .iter()
        .find(|(short, _)| short.eq_ignore_ascii_case(word))
    {
        // No. is a number only before one.
        let digits = next.is_some_and(|n| n.starts_with(|c: char| c.is_ascii_digit()));
        if *long == "number" && !digits {
            return (word.to_owned(), 1);
        }
        return ((*long).to_owned(), 1);
    }
    let symbol = match word {
        "&" => Some("and"),
        "@" => Some("at"),
        "+" => Some("plus"),
        "=" => Some("equals"),
        "%" => Some("percent"),
        "±" => Some("plus or minus"),
        _ => None,
    };
    if let Some(spoken) = symbol {
        return (spoken.to_owned(), 1);
    }
    let body = &word[..word.len() - tail.len()];
    if let Some(said) = address(body) {
        return one(said);
    }
    if let Some(said) = money(body, next) {
        return match said {
            (said, 2) => {
                let rest = next.unwrap_or_default();
                let end = &rest[rest.trim_end_matches(|c: char| ",;:!?.".contains(c)).len()..];
                (said + end, 2)
            }
            (said, _) => one(said),
        };
    }
    if body.contains(|c: char| c.is_ascii_digit()) {
        if let Some(said) = numeric(body, next, before) {
            let (said, taken) = said;
            if taken == 2 {
                let rest = next.unwrap_or_default();
                let end = &rest[rest.trim_end_matches(|c: char| ",;:!?.".contains(c)).len()..];
                return (said + end, 2);
            }
            return one(said);
        }
        return (word.to_owned(), 1);
    }
    let letters: Vec<char> = bare.chars().filter(|c| c.is_alphabetic()).collect();
    let capitals = !letters.is_empty() && letters.iter().all(|c| c.is_uppercase());
    if capitals
        && letters.len() > 1
        && body
            .chars()
            .all(|c| c.is_alphabetic() || c == '.' || c == '\'')
    {
        let vowels = letters.iter().any(|c| "AEIOUY".contains(*c));
        let name = SPELT.contains(&bare) || body.contains('.') || (letters.len() <= 4 && !vowels);
        if let Some(n) = roman(bare).filter(|_| counts(before)) {
            return one(cardinal(n));
        }
        if name && !WORDS_IN_CAPITALS.contains(&bare) {
            let spelt: Vec<String> = letters.iter().map(char::to_string).collect();
            return one(spelt.join(" "));
        }
        if letters.len() >= 5 {
            return (word.to_lowercase(), 1);
        }
    }
    (word.to_owned(), 1)
}

/// Whether a Roman numeral may follow: `Chapter IV`, `World War II`.
fn counts(before: &str) -> bool {
    const NOUNS: [&str; 9] = [
        "chapter", "part", "act", "war", "volume", "book", "phase", "type", "episode",
    ];
    NOUNS.contains(&before.to_lowercase().as_str())
}

fn roman(text: &str) -> Option<u64> {
    const NUMERALS: [&str; 20] = [
        "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII", "XIII", "XIV",
        "XV", "XVI", "XVII", "XVIII", "XIX", "XX",
    ];
    NUMERALS
        .iter()
        .position(|n| *n == text)
        .map(|i| i as u64 + 1)
}

/// `https://www.example.com/x` as people say it.
fn address(body: &str) -> Option<String> {
    let (marked, plain) = match body
        .strip_prefix("https://")
        .or(body.strip_prefix("http://"))
    {
        Some(rest) => (true, rest),
        None => (body.starts_with("www."), body),
    };
    let plain = plain.trim_start_matches("www.").trim_end_matches('/');
    let at = plain.contains('@') && plain.contains('.');
    let known = [".com", ".org", ".net", ".gov", ".info"]
        .iter()
        .any(|end| plain.ends_with(end));
    if !(marked || at || (known && plain.len() > 4)) {
        return None;
    }
    let said = plain
        .replace('@', " at ")
        .replace('.', " dot ")
        .replace('/', " slash ")
        .replace('-', " dash ");
    Some(said)
}

/// `$5.20`, `£3m`, `€4 million`: what is said, and how many words it took.
fn money(body: &str, next: Option<&str>) -> Option<(String, usize)> {
    const COINS: [(char, &str, &str, &str); 3] = [
        ('$', "dollar", "dollars", "cents"),
        ('£', "pound", "pounds", "pence"),
        ('€', "euro", "euros", "cents"),
    ];
    let (_, single, several, small) = COINS
        .into_iter()
        .find(|(sign, ..)| body.starts_with(*sign))?;
    let amount = body.trim_start_matches(['$', '£', '€']).replace(',', "");
    let (digits, scale) = match amount.chars().last()? {
        'k' | 'K' => (&amount[..amount.len() - 1], Some("thousand")),
        'm' | 'M' => (&amount[..amount.len() - 1], Some("million")),
        'b' | 'B' => (&amount[..amount.len() - 1], Some("billion")),
        _ => (amount.as_str(), None),
    };
    let following = next
        .map(|n| n.trim_end_matches(|c: char| ",;:!?.".contains(c)))
        .filter(|n| matches!(*n, "thousand" | "million" | "billion" | "trillion"));
    if let Some(scale) = scale.or(following) {
        let taken = if following.is_some() { 2 } else { 1 };
        return Some((format!("{} {scale} {several}", decimal(digits)?), taken));
    }
    match digits.split_once('.') {
        Some((whole, cents)) if cents.len() == 2 => {
            let whole: u64 = whole.parse().ok()?;
            let cents: u64 = cents.parse().ok()?;
            let unit = if whole == 1 { single } else { several };
            Some(match cents {
                0 => (format!("{} {unit}", cardinal(whole)), 1),
                _ if whole == 0 => (format!("{} {small}", cardinal(cents)), 1),
                _ => (format!("{} {unit} {}", cardinal(whole), cardinal(cents)), 1),
            })
        }
        _ => {
            let unit = if digits == "1" { single } else { several };
            Some((format!("{} {unit}", decimal(digits)?), 1))
        }
    }
}

/// A word with digits in it: what is said, and how many words it took.
fn numeric(body: &str, next: Option<&str>, before: &str) -> Option<(String, usize)> {
    let before = before.trim_end_matches(['.', ':', ',']).to_lowercase();
    if let Some(rest) = body.strip_prefix('#') {
        return Some((format!("number {}", decimal(rest)?), 1));
    }
    if let Some(n) = body.strip_suffix('%') {
        return Some((format!("{} percent", range_or(n)?), 1));
    }
    if let Some(n) = body.strip_suffix("'s").or(body.strip_suffix('s'))
        && n.len() == 4
        && let Ok(year) = n.parse::<u64>()
    {
        // 1990s: nineteen nineties.
        let decade = cardinal(year % 100);
        let many = decade.strip_suffix('y').map(|d| format!("{d}ies"));
        if let Some(many) = many.filter(|_| year % 10 == 0 && (1100..2100).contains(&year)) {
            return Some((format!("{} {many}", cardinal(year / 100)), 1));
        }
    }
    for ending in ["st", "nd", "rd", "th"] {
        if let Some(n) = body.strip_suffix(ending)
            && let Ok(n) = n.replace(',', "").parse::<u64>()
        {
            return Some((ordinal(n), 1));
        }
    }
    if let Some((hours, minutes)) = body.split_once(':')
        && let (Ok(h), Ok(m)) = (hours.parse::<u64>(), minutes.parse::<u64>())
        && h < 25
        && m < 60
        && minutes.len() == 2
    {
        return Some((
            match m {
                0 if (1..13).contains(&h) => format!("{} o'clock", cardinal(h)),
                0 => format!("{} hundred", cardinal(h)),
                1..10 => format!("{} oh {}", cardinal(h), cardinal(m)),
                _ => format!("{} {}", cardinal(h), cardinal(m)),
            },
            1,
        ));
    }
    let parts: Vec<&str> = body.split(['-', '/', '.']).collect();
    if let [a, b, c] = parts.as_slice()
        && let (Ok(a), Ok(b), Ok(c)) = (a.parse::<u64>(), b.parse::<u64>(), c.parse::<u64>())
    {
        let date = match (a, b, c) {
            (1100..2200, 1..13, 1..32) => Some((a, b, c)),
            (1..32, 1..13, 1100..2200) => Some((c, b, a)),
            (1..13, 1..32, 1100..2200) => Some((c, a, b)),
            _ => None,
        };
        if let Some((y, m, d)) = date {
            const MONTHS: [&str; 12] = [
                "January",
                "February",
                "March",
                "April",
                "May",
                "June",
                "July",
                "August",
                "September",
                "October",
                "November",
                "December",
            ];
            let month = MONTHS[m as usize - 1];
            return Some((format!("{month} {}, {}", ordinal(d), year(y)), 1));
        }
    }
    match body {
        "1/2" | "½" => return Some(("one half".to_owned(), 1)),
        "1/4" | "¼" => return Some(("one quarter".to_owned(), 1)),
        "3/4" | "¾" => return Some(("three quarters".to_owned(), 1)),
        _ => {}
    }
    if let Some((a, b)) = body.split_once('/')
        && let (Some(a), Some(b)) = (decimal(a), decimal(b))
    {
        return Some((format!("{a} over {b}"), 1));
    }
    // A unit, joined or following.
    let split = body
        .find(|c: char| !(c.is_ascii_digit() || ".,-–".contains(c)))
        .unwrap_or(body.len());
    let (number, unit) = body.split_at(split);
    let following = next.map(|n| n.trim_end_matches(|c: char| ",;:!?.".contains(c)));
    let (unit, taken) = if unit.is_empty() {
        (following.unwrap_or_default(), 2)
    } else {
        (unit, 1)
    };
    if let Some((_, single, several)) = UNITS.iter().find(|(u, ..)| *u == unit) {
        let said = range_or(number)?;
        let unit = if said == "one" { single } else { several };
        return Some((format!("{said} {unit}"), taken));
    }
    if split < body.len() {
        return None;
    }
    let plain = number.len() == 4 && number.bytes().all(|b| b.is_ascii_digit());
    let n: Option<u64> = number.parse().ok();
    // Four digits without a comma are a year, and are said in pairs.
    if plain && n.is_some_and(|n| (1100..2000).contains(&n) || (2000..2100).contains(&n)) {
        return Some((year(n?), 1));
    }
    let coded =
        ["code", "ref", "reference", "number", "no", "room", "pin"].contains(&before.as_str());
    if number.bytes().all(|b| b.is_ascii_digit())
        && (number.starts_with('0') && number.len() > 1
            || number.len() >= 7
            || (coded && number.len() >= 4))
    {
        return Some((digit_by_digit(number), 1));
    }
    Some((range_or(number)?, 1))
}

fn digit_by_digit(digits: &str) -> String {
    let said: Vec<String> = digits
        .bytes()
        .map(|b| cardinal(u64::from(b.saturating_sub(b'0'))))
        .collect();
    said.chunks(3)
        .map(|group| group.join(" "))
        .collect::<Vec<_>>()
        .join(", ")
}

/// A number, or two of them: `3–5`.
fn range_or(text: &str) -> Option<String> {
    let inner = text.strip_prefix('-').unwrap_or(text);
    if let Some((a, b)) = inner.split_once(['-', '–'])
        && let (Some(a), Some(b)) = (decimal(a), decimal(b))
    {
        return Some(format!("{a} to {b}"));
    }
    let minus = if inner.len() < text.len() {
        "minus "
    } else {
        ""
    };
    Some(format!("{minus}{}", decimal(inner)?))
}

fn decimal(text: &str) -> Option<String> {
    let plain = text.replace(',', "");
    let (whole, part) = match plain.split_once('.') {
        Some((w, p)) => (w, Some(p)),
        None => (plain.as_str(), None),
    };
    let n: u64 = if whole.is_empty() {
        0
    } else {
        whole.parse().ok()?
    };
    let mut said = cardinal(n);
    if let Some(part) = part {
        if part.is_empty() || !part.bytes().all(|b| b.is_ascii_digit()) {
            return None;
        }
        let digits: Vec<String> = part
            .bytes()
            .map(|b| cardinal(u64::from(b - b'0')))
            .collect();
        said = format!("{said} point {}", digits.join(" "));
    }
    Some(said)
}

fn year(n: u64) -> String {
    match (n / 100, n % 100) {
        (20, 0..10) => cardinal(n).replace(" and ", " "),
        (century, 0) => format!("{} hundred", cardinal(century)),
        (century, rest @ 1..10) => format!("{} oh {}", cardinal(century), cardinal(rest)),
        (century, rest) => format!("{} {}", cardinal(century), cardinal(rest)),
    }
}

fn cardinal(n: u64) -> String {
    match n {
        0..numerals::ENDLESS => numerals::written(n),
        _ => digit_by_digit(&n.to_string()),
    }
}

fn ordinal(n: u64) -> String {
    const ODD: [(&str, &str); 7] = [
        ("one", "first"),
        ("two", "second"),
        ("three", "third"),
        ("five", "fifth"),
        ("eight", "eighth"),
        ("nine", "ninth"),
        ("twelve", "twelfth"),
    ];
    let said = cardinal(n);
    let cut = said.rfind([' ', '-']).map_or(0, |i| i + 1);
    let (head, last) = said.split_at(cut);
    let last = match ODD.iter().find(|(word, _)| *word == last) {
        Some((_, odd)) => (*odd).to_owned(),
        None => match last.strip_suffix('y') {
            Some(stem) => format!("{stem}ieth"),
            None => format!("{last}th"),
        },
    };
    format!("{head}{last}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn said(text: &str) -> Vec<String> {
        let say = BTreeMap::from([("Exemplin".to_owned(), "ex-em-plin".to_owned())]);
        let pieces = speakable(text, &say, "en");
        pieces.into_iter().map(|p| p.0).collect()
    }

    #[test]
    fn text_becomes_speakable() {
        assert_eq!(
            said("Dr. Wu waits... then 50% GO."),
            ["Doctor Wu waits", "then fifty percent GO."]
        );
        assert_eq!(said("[[ph]] *STOP IT NOW*"), ["ph STOP IT NOW"]);
        assert_eq!(said("..."), ["mm"]);
        assert_eq!(
            said("In 1984 — Exemplin."),
            ["In nineteen eighty-four", "ex-em-plin."]
        );
        let pieces = speakable("Wait. (beat) Go.", &BTreeMap::new(), "en");
        assert_eq!(pieces[0], ("Wait.".to_owned(), 0.8));
        assert_eq!(
            speakable("Um 10:30 Uhr.", &BTreeMap::new(), "de")[0].0,
            "Um 10:30 Uhr."
        );
    }

    #[test]
    fn numbers_are_read_as_people_read_them() {
        for (text, spoken) in [
            ("1,234.5", "one thousand two hundred thirty-four point five"),
            ("in 2026", "in twenty twenty-six"),
            ("since 2005", "since two thousand five"),
            ("the 1990s", "the nineteen nineties"),
            ("the 21st", "the twenty-first"),
            ("3–5 days", "three to five days"),
            ("at -5 °C", "at minus five degrees Celsius"),
            ("1 mg daily", "one milligram daily"),
            ("20mg, twice", "twenty milligrams, twice"),
            ("5 mg/kg.", "five milligrams per kilogram."),
            ("$5.20", "five dollars twenty"),
            ("£3m", "three million pounds"),
            ("€4 million, no", "four million euros, no"),
            ("2026-11-20", "November twentieth, twenty twenty-six"),
            ("20/10/2026", "October twentieth, twenty twenty-six"),
            ("at 10:30", "at ten thirty"),
            ("at 10:00", "at ten o'clock"),
            ("at 22:05", "at twenty-two oh five"),
            ("1/2", "one half"),
            ("120/80 mmHg", "one hundred twenty over eighty mmHg"),
            ("#5", "number five"),
            ("the WHO says", "the W H O says"),
            ("NASA and the FBI", "NASA and the F B I"),
            ("World War II", "World War two"),
            ("www.example.com/x", "example dot com slash x"),
            ("code 44213", "code four four two, one three"),
            ("a 7-year-old", "a 7-year-old"),
        ] {
            assert_eq!(said(text).join(" "), spoken, "{text}");
        }
    }

    proptest! {
        #[test]
        fn nothing_said_breaks_an_engine(text in "\\PC{0,80}") {
            for (piece, pause) in speakable(&text, &BTreeMap::new(), "en") {
                prop_assert!(!piece.is_empty() && (0.0..=2.0).contains(&pause));
                prop_assert!(!piece.contains(['[', ']', '<', '>', '|', '\\', '{', '}']), "{piece}");
            }
        }
    }
}
