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
}
