//! What is not filmed, by a rule file.

use serde::Deserialize;
use std::sync::OnceLock;

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

pub fn rules() -> &'static [Rule] {
    static RULES: OnceLock<File> = OnceLock::new();
    // Built in and read by a test.
    &RULES
        .get_or_init(|| {
            serde_yaml::from_str(include_str!("../../templates/moderation.yaml"))
                .unwrap_or_default()
        })
        .refuse
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_rule_file_is_read() {
        assert!(super::rules().len() >= 2);
    }
}
