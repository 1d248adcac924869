//! Who is whose: the words for it, and whose somebody is said to be.

use super::words::contains_words;

/// What somebody may be to somebody, and whether they are of one blood.
const KIN: [(&str, bool); 27] = [
    ("mother", true),
    ("father", true),
    ("grandmother", true),
    ("grandfather", true),
    ("daughter", true),
    ("son", true),
    ("granddaughter", true),
    ("grandson", true),
    ("sister", true),
    ("brother", true),
    ("twin", true),
    ("child", true),
    ("kid", false),
    ("niece", false),
    ("nephew", false),
    ("uncle", false),
    ("aunt", false),
    ("cousin", false),
    ("dad", false),
    ("mom", false),
    ("mum", false),
    ("grandpa", false),
    ("grandma", false),
    ("grandparent", false),
    ("parent", false),
    ("wife", false),
    ("husband", false),
];

/// Who is somebody's without being kin.
const CLOSE: [&str; 6] = ["boss", "coach", "teacher", "doctor", "secretary", "friend"];

/// Whether a word, in any case, is one for kin.
pub fn is_kin(word: &str) -> bool {
    KIN.iter().any(|(kin, _)| word.eq_ignore_ascii_case(kin))
}

/// Whether a word is one for kin, or for others who are somebody's: `his boss`.
pub fn is_somebodys(word: &str) -> bool {
    is_kin(word) || CLOSE.iter().any(|c| word.eq_ignore_ascii_case(c))
}

/// Whether who is so called is of one blood with those they belong to.
pub fn is_of_one_blood(word: &str) -> bool {
    KIN.iter()
        .any(|(kin, blood)| *blood && word.eq_ignore_ascii_case(kin))
}

/// Whose somebody is said to be.
#[derive(Debug, PartialEq)]
pub enum Owner<'a> {
    Named(&'a str),
    /// His or hers who was named last.
    LastNamed,
}

/// Whose kin a name is said to be of that follows `before` (upper case): `DANNY'S FATHER, `, `HIS DAUGHTER `; `names`
/// are those there are.
pub fn whose<'a>(before: &str, mut names: impl Iterator<Item = &'a str>) -> Option<Owner<'a>> {
    let words: Vec<&str> = before.split_whitespace().rev().take(5).collect();
    let at = (words.iter().take(3)).position(|w| is_of_one_blood(w.trim_matches(',')))?;
    for word in words.get(at + 1..)?.iter().take(3) {
        if matches!(*word, "HIS" | "HER" | "THEIR") {
            return Some(Owner::LastNamed);
        }
        if let Some(owner) = word.strip_suffix("'S").or(word.strip_suffix("’S")) {
            return names
                .find(|name| contains_words(name, owner))
                .map(Owner::Named);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_is_whose_is_said_before_the_name() {
        let whose = |before: &str| whose(before, ["ANNA", "DANNY COLE"].into_iter());
        assert_eq!(whose("DANNY'S FATHER, "), Some(Owner::Named("DANNY COLE")));
        assert_eq!(whose("SHE WAVES AT HER DAUGHTER "), Some(Owner::LastNamed));
        assert_eq!(whose("ANNA SEES A BROTHER "), None);
        assert_eq!(whose("HIS WIFE "), None);
        assert!(is_kin("Wife") && !is_of_one_blood("WIFE") && is_somebodys("boss"));
    }
}
