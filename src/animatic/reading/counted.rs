//! How many people words tell of, and what stands before what they are called: `a dozen muddy`, `the two`.

use crate::animatic::lexicon;

/// More than are counted.
pub const MANY: usize = 40;

/// As many as `the boys` are where nothing is said of how many.
pub(super) const SOME: usize = 4;

/// A word of a text, and where it stands.
pub(super) type Token<'a> = (usize, &'a str);

/// What stands before a noun and says how many.
pub(super) enum Lead {
    /// `a`, `another`.
    One,
    Counted(usize),
    /// `the`, `those`: who was told of before.
    The,
    /// `his`, `her`.
    Theirs,
    Nothing,
}

/// The words of a text, and where each stands.
pub(super) fn tokens(words: &str) -> Vec<Token<'_>> {
    let part = |c: char| c.is_alphanumeric() || matches!(c, '\'' | '’' | '-');
    let mut out = Vec::new();
    let mut at = None;
    for (i, c) in words.char_indices().chain([(words.len(), ' ')]) {
        match (part(c), at) {
            (true, None) => at = Some(i),
            (false, Some(from)) => {
                out.push((from, &words[from..i]));
                at = None;
            }
            _ => {}
        }
    }
    out
}

/// How many a word means that stands for more than one: `a group of`, `dozens of`.
pub(super) fn group(word: &str) -> Option<usize> {
    Some(match word {
        "couple" | "pair" => 2,
        "handful" | "trio" => 3,
        "rows" => 9,
        "group" | "gang" | "bunch" | "row" | "line" | "circle" | "squad" | "team" | "band"
        | "cluster" | "troop" => 6,
        "class" | "party" | "column" => 9,
        "dozen" => 12,
        "crowd" | "mob" | "sea" | "throng" | "dozens" | "hundreds" | "thousands" | "scores"
        | "hundred" | "thousand" => MANY,
        _ => return None,
    })
}

/// Reads backwards from the noun at a place: what leads it, where that begins, and how they are.
pub(super) fn lead<'t>(
    words: &str,
    tokens: &[Token<'t>],
    noun: usize,
    plural: bool,
) -> (Lead, usize, Vec<&'t str>) {
    const ENDS: [&str; 30] = [
        "of", "in", "on", "at", "by", "to", "from", "with", "into", "over", "under", "and", "or",
        "but", "as", "while", "then", "he", "she", "they", "it", "is", "are", "was", "were",
        "behind", "beside", "past", "who", "that",
    ];
    let mut adjectives = Vec::new();
    let mut start = noun;
    while start > 0 && noun - start < 5 {
        let (at, word) = tokens[start - 1];
        let gap = &words[at + word.len()..tokens[start].0];
        if gap.contains(['.', ';', ':', '!', '?', '(', ')', '—', '\n']) {
            break;
        }
        // `a tall, thin man`, but not `Eva, two boys`.
        if gap.contains(',') && (adjectives.is_empty() || !lexicon::is_plain(word)) {
            break;
        }
        let counted = |n: usize| Lead::Counted(n);
        match word {
            "a" | "an" | "another" | "one" => {
                return (Lead::One, start - 1, reversed(adjectives));
            }
            "the" | "these" | "those" | "both" | "all" => {
                return (Lead::The, start - 1, reversed(adjectives));
            }
            "his" | "her" | "their" => {
                return (Lead::Theirs, start - 1, reversed(adjectives));
            }
            "some" | "few" => return (counted(3), start - 1, reversed(adjectives)),
            "several" => return (counted(SOME), start - 1, reversed(adjectives)),
            "many" => return (counted(MANY), start - 1, reversed(adjectives)),
            _ => {}
        }
        if let Some(n) = lexicon::number(word).filter(|_| plural) {
            // `her two children`, `the two men`.
            let owner = start.checked_sub(2).map_or("", |i| tokens[i].1);
            return match owner {
                "the" | "these" | "those" => (Lead::The, start - 2, reversed(adjectives)),
                _ => (counted(n), start - 1, reversed(adjectives)),
            };
        }
        if let Some(n) = group(word).filter(|n| plural && (*n >= 12 || word == "couple")) {
            // `a dozen boys`, `three hundred people`, `a couple tourists`; `half a dozen` are six.
            let from = start.saturating_sub(2);
            if n == 12 && from > 0 && tokens[from].1 == "a" && tokens[from - 1].1 == "half" {
                return (counted(6), from - 1, reversed(adjectives));
            }
            return (counted(n), from, reversed(adjectives));
        }
        if word == "of" && plural && start >= 2 {
            let (_, of) = tokens[start - 2];
            if let Some(n) = group(of) {
                return (counted(n), start.saturating_sub(3), reversed(adjectives));
            }
        }
        if ENDS.contains(&word) {
            break;
        }
        adjectives.push(word);
        start -= 1;
    }
    (Lead::Nothing, start, reversed(adjectives))
}

fn reversed(mut words: Vec<&str>) -> Vec<&str> {
    words.reverse();
    words
}

/// Whether a word is the first of its clause.
pub(super) fn begins(words: &str, tokens: &[Token<'_>], start: usize) -> bool {
    let Some((at, _)) = tokens.get(start) else {
        return false;
    };
    let before = words[..*at].trim_end();
    before.is_empty()
        || before.ends_with(['.', ';', ':', '!', '?', ',', '—', '-', '–', '"', '”'])
        || ["and", "while", "as", "where"].contains(&before.rsplit(' ').next().unwrap_or_default())
}
