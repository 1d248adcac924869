//! Whole words in a text.

/// Where `text` has `words` as whole words, each time.
pub fn places_of<'t>(text: &'t str, words: &'t str) -> impl Iterator<Item = usize> + 't {
    text.match_indices(words).map(|(at, _)| at).filter(|at| {
        let (before, after) = (&text[..*at], &text[at + words.len()..]);
        !before.ends_with(char::is_alphanumeric) && !after.starts_with(char::is_alphanumeric)
    })
}

/// Where `text` first has `words` as whole words.
pub fn find_words(text: &str, words: &str) -> Option<usize> {
    places_of(text, words).next()
}

/// Whether `text` holds `words` as whole words.
pub fn contains_words(text: &str, words: &str) -> bool {
    find_words(text, words).is_some()
}

/// Whether `text` holds one of these as whole words.
pub fn contains_any(text: &str, of: &[&str]) -> bool {
    of.iter().any(|words| contains_words(text, words))
}

/// What belongs to somebody whose name ends where `after` begins: `hat` of `'s hat`, in any case.
pub fn theirs(after: &str) -> Option<&str> {
    ["'s ", "’s ", "'S ", "’S "]
        .iter()
        .find_map(|of| after.strip_prefix(of))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_found_whole() {
        assert_eq!(find_words("an anna, anna bell", "anna"), Some(3));
        assert_eq!(find_words("joanna anna", "anna"), Some(7));
        assert_eq!(find_words("annas", "anna"), None);
        assert!(contains_any("on the stairs", &["lift", "the stairs"]));
        assert_eq!(theirs("’s hat"), Some("hat"));
        assert_eq!(theirs(" is here"), None);
    }
}
