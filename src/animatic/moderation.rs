//! What is not filmed, by a rule file.

use serde::Deserialize;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    pub reason: String,
    pub words: Vec<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    refuse: Vec<Rule>,
}

/// The rules: those built in, and those of a workspace's own file after them.
///
/// # Errors
/// A file of the workspace that cannot be read as rules; what is wrong with it is said.
pub fn rules(own: Option<&str>) -> Result<Vec<Rule>, String> {
    let read = |text: &str| serde_yaml::from_str::<File>(text).map_err(|e| e.to_string());
    let mut all = read(include_str!("../../templates/moderation.yaml"))?.refuse;
    if let Some(own) = own {
        all.extend(read(own)?.refuse);
    }
    Ok(all)
}

/// Where a text says one of a rule's phrases, as a line from 1 on: whatever stands between its words, be it a break
/// or a hyphen.
pub fn line_of(text: &str, phrase: &str) -> Option<usize> {
    let phrase: Vec<String> = words(&phrase.to_lowercase())
        .map(|(_, w)| w.to_owned())
        .collect();
    let low = text.to_lowercase();
    let all: Vec<(usize, &str)> = words(&low).collect();
    let found = all.windows(phrase.len().max(1)).find(|window| {
        window
            .iter()
            .map(|(_, w)| *w)
            .eq(phrase.iter().map(String::as_str))
    })?;
    let (at, _) = found.first()?;
    Some(low[..*at].matches('\n').count() + 1)
}

/// The words of a text, and where each begins.
fn words(text: &str) -> impl Iterator<Item = (usize, &str)> {
    text.split(|c: char| !c.is_alphanumeric())
        .filter(|w| !w.is_empty())
        .map(|w| (w.as_ptr() as usize - text.as_ptr() as usize, w))
}

#[cfg(test)]
mod tests {
    use super::{line_of, rules};

    #[test]
    fn rules_are_those_built_in_and_ones_own() {
        let built_in = rules(None).unwrap().len();
        assert!(built_in >= 2);
        let own = "refuse:\n- reason: kites\n  words: [red kite]\n";
        assert_eq!(rules(Some(own)).unwrap().len(), built_in + 1);
        assert!(rules(Some("refuse: 3")).is_err());
    }

    #[test]
    fn a_phrase_is_found_in_its_line_whatever_stands_between() {
        let text = "Csamples of it.\nThen a red\nkite, a RED-KITE\nand a red   kite.";
        assert_eq!(line_of(text, "red kite"), Some(2));
        assert_eq!(line_of(text, "csam"), None);
        assert_eq!(line_of("x\ny csam", "csam"), Some(2));
        assert_eq!(line_of(text, "a red kite, a red kite and"), Some(2));
        assert_eq!(line_of("marked 'csam', csam’s", "csam"), Some(1));
        assert_eq!(line_of("he don’t care", "don't care"), Some(1));
    }
}
