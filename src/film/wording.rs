//! Words of a prompt that say how light a picture is and how large a thing in it: said anew, one step at a time.

/// How a picture is lit, from dark to glaring; nothing is said of plain light.
pub const LIGHTS: [&str; 5] = [
    "Almost dark.",
    "Dim light.",
    "",
    "Bright light.",
    "Glaring light.",
];

/// How large a thing is; nothing is said of its own size.
pub const SIZES: [&str; 5] = ["tiny", "small", "", "big", "huge"];

/// The middle of both rows.
const PLAIN: usize = 2;

fn step(at: usize, steps: i32) -> usize {
    (at as i64 + i64::from(steps)).clamp(0, 4) as usize
}

/// A prompt lit so many steps lighter, or darker; `None` if it cannot be any more.
pub fn relit(prompt: &str, steps: i32) -> Option<String> {
    let said = LIGHTS
        .iter()
        .position(|l| !l.is_empty() && prompt.contains(l));
    let bare = match said {
        Some(at) => prompt.replacen(LIGHTS[at], "", 1),
        None => prompt.to_owned(),
    };
    let from = said.unwrap_or(PLAIN);
    let to = step(from, steps);
    let bare = bare.split_whitespace().collect::<Vec<_>>().join(" ");
    (to != from).then(|| format!("{bare} {}", LIGHTS[to]).trim().to_owned())
}

/// A prompt in which a thing that it names is a step larger, or smaller; `None` where it is not named, or as
/// large as it gets.
pub fn resized(prompt: &str, thing: &str, grows: bool) -> Option<String> {
    let low = prompt.to_lowercase();
    let thing = thing.to_lowercase();
    // Lower case may be longer than what it is of; then no place in it is one in the prompt.
    let is_word = |at: &usize| {
        let before = low[..*at].chars().next_back();
        let after = low[at + thing.len()..].chars().next();
        ![before, after]
            .into_iter()
            .flatten()
            .any(char::is_alphanumeric)
    };
    let mut places = low.match_indices(&thing).map(|(at, _)| at);
    let at = places.find(is_word).filter(|_| low.len() == prompt.len())?;
    let before = prompt.get(..at)?.trim_end();
    let after = prompt.get(at..)?;
    let last = before
        .rsplit(char::is_whitespace)
        .next()
        .unwrap_or_default();
    let said = SIZES
        .iter()
        .position(|s| !s.is_empty() && *s == last.to_lowercase());
    let from = said.unwrap_or(PLAIN);
    let to = step(from, if grows { 1 } else { -1 });
    if to == from {
        return None;
    }
    let head = match said {
        Some(_) => before[..before.len() - last.len()].trim_end(),
        None => before,
    };
    let words: Vec<&str> = [SIZES[to], after]
        .into_iter()
        .filter(|w| !w.is_empty())
        .collect();
    let tail = words.join(" ");
    let vowel = tail.starts_with(|c: char| "aeiouAEIOU".contains(c));
    let head = match head.rsplit_once(' ').map_or(("", head), |(h, l)| (h, l)) {
        (h, l) if l.eq_ignore_ascii_case("a") || l.eq_ignore_ascii_case("an") => {
            let article = match (l.starts_with('A'), vowel) {
                (true, true) => "An",
                (true, false) => "A",
                (false, true) => "an",
                (false, false) => "a",
            };
            format!("{h} {article}")
        }
        _ => head.to_owned(),
    };
    let head = head.trim_start();
    let mut out = format!("{head} {tail}").trim().to_owned();
    // A thing that began the sentence leaves its capital to the word before it.
    if head.is_empty() && prompt.starts_with(char::is_uppercase) {
        let mut letters = out.chars();
        out = letters.next().map_or_else(String::new, |c| {
            c.to_uppercase().collect::<String>() + letters.as_str()
        });
    }
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_prompt_is_lit_step_by_step_and_back() {
        let prompt = "Mara looks up.";
        let darker = relit(prompt, -1).unwrap();
        assert_eq!(darker, "Mara looks up. Dim light.");
        assert_eq!(relit(&darker, -1).unwrap(), "Mara looks up. Almost dark.");
        assert_eq!(relit(&darker, 1).unwrap(), prompt);
        assert_eq!(relit(prompt, 2).unwrap(), "Mara looks up. Glaring light.");
        assert_eq!(relit("It is so. Almost dark.", -1), None);
    }

    #[test]
    fn a_thing_grows_and_shrinks_and_its_article_with_it() {
        let grown = |p: &str| resized(p, "dog", true);
        assert_eq!(
            grown("The dog barks at the sea.").unwrap(),
            "The big dog barks at the sea."
        );
        assert_eq!(grown("A big dog runs.").unwrap(), "A huge dog runs.");
        assert_eq!(grown("A huge dog runs."), None);
        assert_eq!(grown("A small dog runs.").unwrap(), "A dog runs.");
        assert_eq!(grown("Dogs bark."), None);
        assert_eq!(grown("Dog days."), Some("Big Dog days.".into()));
        let lamp = "She lifts an umbrella.";
        let big = resized(lamp, "umbrella", true).unwrap();
        assert_eq!(big, "She lifts a big umbrella.");
        assert_eq!(resized(&big, "umbrella", false).unwrap(), lamp);
    }

    proptest! {
        #[test]
        fn any_words_are_taken(prompt in "\\PC{0,60}", thing in "\\PC{1,8}", steps in -3i32..4) {
            let _ = relit(&prompt, steps);
            let _ = resized(&prompt, &thing, steps > 0);
        }
    }
}
