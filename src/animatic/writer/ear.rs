//! Text for the ear: what was written to be read is told in sentences that can be spoken in a breath,
//! begins with what makes one listen, and is as long as the film. By rule: nothing is added, no fact is
//! changed, quotations keep every word. The rules of a language lie in `templates/ear.yaml`.

use crate::screenplay::prose;
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::OnceLock;

/// More words than this are parted in two where they can be.
const BREATH: usize = 20;
/// A part of a sentence that stands alone has so many words.
const LEAST: usize = 4;

/// What became of a text.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Told {
    /// Paragraphs of sentences.
    pub paragraphs: Vec<Vec<String>>,
    /// What was done, in words; empty where nothing was.
    pub notes: Vec<String>,
}

impl Told {
    pub fn words(&self) -> usize {
        let sentences = self.paragraphs.iter().flatten();
        sentences.map(|s| count(s)).sum()
    }
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Rules {
    plainly: BTreeMap<String, String>,
    together: BTreeMap<String, String>,
    apart: BTreeSet<String>,
    joins: BTreeMap<String, String>,
    subjects: BTreeSet<String>,
    persons: BTreeSet<String>,
    verbs: BTreeSet<String>,
    under: BTreeSet<String>,
    leans: BTreeSet<String>,
    points: BTreeSet<String>,
    hooks: BTreeSet<String>,
    small: BTreeSet<String>,
}

fn rules(language: &str) -> Option<&'static Rules> {
    static ALL: OnceLock<BTreeMap<String, Rules>> = OnceLock::new();
    // The page is built in and a test reads it.
    let all = ALL.get_or_init(|| {
        serde_yaml::from_str(include_str!("../../../templates/ear.yaml")).unwrap_or_default()
    });
    all.get(language.split('-').next().unwrap_or(language))
}

fn count(text: &str) -> usize {
    text.split_whitespace().count()
}

/// Rewrites a text for the ear.
pub fn rewrite(text: &str, language: &str) -> Told {
    let none = Rules::default();
    let rules = rules(language).unwrap_or(&none);
    let mut told = Told::default();
    let (mut parted, mut plainer, mut asides) = (0, 0, 0);
    let paragraphs = prose::paragraphs(text);
    let (lines, whole): (Vec<_>, Vec<_>) = paragraphs.into_iter().partition(|p| is_headline(p));
    // A text of nothing but lines is told line for line.
    let (headlines, whole) = match whole.is_empty() {
        true => (0, lines),
        false => (lines.len(), whole),
    };
    let story = is_story(
        whole
            .iter()
            .flat_map(|p| prose::sentences(p))
            .collect::<Vec<_>>()
            .iter(),
    );
    for paragraph in whole {
        let (clean, gone) = without_references(&paragraph);
        asides += gone;
        let mut out = Vec::new();
        for sentence in prose::sentences(&clean) {
            // The words of a story are its own.
            let (sentence, n) = match story {
                true => (sentence, 0),
                false => plain(&sentence, rules),
            };
            plainer += n;
            let parts = part(&sentence, rules);
            parted += usize::from(parts.len() > 1);
            out.extend(parts);
        }
        if !out.is_empty() {
            told.paragraphs.push(out);
        }
    }
    let mut note = |n: usize, one: &str, many: &str| match n {
        0 => {}
        1 => told.notes.push(format!("1 {one}")),
        n => told.notes.push(format!("{n} {many}")),
    };
    note(parted, "long sentence parted", "long sentences parted");
    note(
        plainer,
        "phrase said more plainly",
        "phrases said more plainly",
    );
    note(
        asides,
        "reference left out (address, footnote)",
        "references left out (addresses, footnotes)",
    );
    note(headlines, "headline not spoken", "headlines not spoken");
    hook_first(&mut told, rules);
    told
}

/// A line over a text is for the eye.
fn is_headline(paragraph: &str) -> bool {
    count(paragraph) <= 12
        && !paragraph.ends_with(['.', '!', '?', '…', '"', '”', ':', ';', ')', '\''])
}

/// Leaves out what matters least until at most so many words are left; the opening and the end stay.
pub fn trim(told: &Told, words: usize, language: &str) -> Told {
    let none = Rules::default();
    let rules = rules(language).unwrap_or(&none);
    let mut out = told.clone();
    let before = out.words();
    let mut clusters = clusters(&out, rules);
    let weights = weights(&out, rules);
    let last = clusters.len().saturating_sub(1);
    let mut left = before;
    let mut gone = BTreeSet::new();
    while left > words {
        let worst = clusters
            .iter()
            .enumerate()
            .filter(|(i, c)| *i != 0 && *i != last && !gone.contains(&c.start))
            .map(|(i, c)| (i, c.worth(&out, &weights)))
            .min_by(|a, b| a.1.total_cmp(&b.1));
        let Some((worst, _)) = worst else { break };
        left -= clusters[worst].words(&out);
        gone.insert(clusters[worst].start);
    }
    // What was left out for too much comes back where it fits, the best first.
    clusters.retain(|c| gone.contains(&c.start));
    clusters.sort_by(|a, b| b.worth(&out, &weights).total_cmp(&a.worth(&out, &weights)));
    for cluster in &clusters {
        let more = cluster.words(&out);
        if left + more <= words {
            left += more;
            gone.remove(&cluster.start);
        }
    }
    let mut sentences = 0;
    for cluster in clusters.iter().filter(|c| gone.contains(&c.start)) {
        for s in cluster.start.1..cluster.end {
            out.paragraphs[cluster.start.0][s].clear();
            sentences += 1;
        }
    }
    out.paragraphs
        .iter_mut()
        .for_each(|p| p.retain(|s| !s.is_empty()));
    out.paragraphs.retain(|p| !p.is_empty());
    if sentences > 0 {
        out.notes.push(format!(
            "{sentences} {} left out for length: {left} of {before} words",
            if sentences == 1 {
                "sentence"
            } else {
                "sentences"
            }
        ));
    }
    out
}

/// A sentence and those after it that lean on it.
struct Cluster {
    /// Paragraph, sentence.
    start: (usize, usize),
    end: usize,
}

impl Cluster {
    fn sentences<'a>(&self, told: &'a Told) -> &'a [String] {
        &told.paragraphs[self.start.0][self.start.1..self.end]
    }

    fn words(&self, told: &Told) -> usize {
        self.sentences(told).iter().map(|s| count(s)).sum()
    }

    /// How much of what the text is about it says, for its length.
    fn worth(&self, told: &Told, weights: &HashMap<String, f64>) -> f64 {
        let mut sum = 0.0;
        let mut words = 0.0;
        for sentence in self.sentences(told) {
            for word in bare_words(sentence) {
                words += 1.0;
                sum += weights.get(&word).copied().unwrap_or(0.0);
                sum += f64::from(u8::from(word.chars().any(|c| c.is_ascii_digit())));
            }
        }
        // The first of a paragraph says what it is about.
        let first = if self.start.1 == 0 { 1.3 } else { 1.0 };
        first * sum / f64::sqrt(words + 4.0)
    }
}

fn clusters(told: &Told, rules: &Rules) -> Vec<Cluster> {
    let mut out: Vec<Cluster> = Vec::new();
    for (p, paragraph) in told.paragraphs.iter().enumerate() {
        for (s, sentence) in paragraph.iter().enumerate() {
            match out.last_mut() {
                Some(last) if last.start.0 == p && leans(sentence, rules) => last.end = s + 1,
                _ => out.push(Cluster {
                    start: (p, s),
                    end: s + 1,
                }),
            }
        }
    }
    out
}

/// How often a word that says something stands in the text.
fn weights(told: &Told, rules: &Rules) -> HashMap<String, f64> {
    let mut out: HashMap<String, f64> = HashMap::new();
    for sentence in told.paragraphs.iter().flatten() {
        for word in bare_words(sentence) {
            if word.chars().count() > 2 && !rules.small.contains(&word) {
                *out.entry(word).or_default() += 1.0;
            }
        }
    }
    out.values_mut().for_each(|v| *v = 1.0 + v.ln());
    out
}

/// Lower-case words without marks; a plural counts as its singular.
fn bare_words(text: &str) -> impl Iterator<Item = String> + '_ {
    text.split_whitespace()
        .map(bare)
        .filter(|w| !w.is_empty())
        .map(|w| match w.strip_suffix('s') {
            Some(one) if w.len() > 4 && !one.ends_with('s') => one.to_owned(),
            _ => w,
        })
}

fn bare(word: &str) -> String {
    word.trim_matches(|c: char| !c.is_alphanumeric())
        .to_lowercase()
        .replace('’', "'")
}

fn leans(sentence: &str, rules: &Rules) -> bool {
    let words: Vec<String> = sentence.split_whitespace().take(4).map(bare).collect();
    (1..=words.len()).any(|n| rules.leans.contains(&words[..n].join(" ")))
}

/// Moves the sentence that most makes one listen to the front, with what leans on it. A story is told
/// in its own order.
fn hook_first(told: &mut Told, rules: &Rules) {
    if rules.hooks.is_empty() || is_story(told.paragraphs.iter().flatten()) {
        return;
    }
    let clusters = clusters(told, rules);
    let score = |c: &Cluster| -> f64 {
        let first = &told.paragraphs[c.start.0][c.start.1];
        let words: Vec<String> = first.split_whitespace().map(bare).collect();
        let joined = format!(" {} ", words.join(" "));
        let hooks = rules
            .hooks
            .iter()
            .filter(|h| joined.contains(&format!(" {h} ")));
        let mut score = (hooks.count() as f64).min(2.0);
        score += if first.ends_with('?') { 3.0 } else { 0.0 };
        let number = words
            .iter()
            .any(|w| w.starts_with(|c: char| c.is_ascii_digit()));
        score += if number { 1.5 } else { 0.0 };
        score += f64::from(u8::from(words.iter().any(|w| w == "you" || w == "your")));
        score += match words.len() {
            4..=14 => 1.0,
            15..=20 => 0.0,
            _ => -1.5,
        };
        score
    };
    let Some(opening) = clusters.first().map(&score) else {
        return;
    };
    // The end is not given away.
    let middle = clusters.len().saturating_sub(1);
    let best = clusters[..middle]
        .iter()
        .skip(1)
        .filter(|c| c.end - c.start.1 <= 2)
        .filter(|c| {
            let first = &told.paragraphs[c.start.0][c.start.1];
            !first
                .split_whitespace()
                .map(bare)
                .any(|w| rules.points.contains(&w))
                && !leans(first, rules)
        })
        .map(|c| (score(c), c))
        // The first of the best.
        .fold(None::<(f64, &Cluster)>, |best, next| match best {
            Some(b) if b.0 >= next.0 => Some(b),
            _ => Some(next),
        });
    let Some((_, cluster)) = best.filter(|(s, _)| *s >= opening + 1.5 && *s >= 2.5) else {
        return;
    };
    let (p, s) = cluster.start;
    let hook: Vec<String> = told.paragraphs[p].drain(s..cluster.end).collect();
    told.notes.push(format!("opens with “{}”", hook[0]));
    if told.paragraphs[p].is_empty() {
        told.paragraphs.remove(p);
    }
    match told.paragraphs.first_mut() {
        Some(first) => {
            first.splice(0..0, hook);
        }
        None => told.paragraphs.push(hook),
    }
}

/// Whether people speak in it.
fn is_story<'a>(sentences: impl IntoIterator<Item = &'a String>) -> bool {
    let (mut all, mut spoken) = (0, 0);
    for sentence in sentences {
        all += 1;
        spoken += usize::from(sentence.contains(['"', '“', '”', '«']));
    }
    spoken * 6 > all
}

/// Takes out what is only for the eye: addresses, footnote marks, hints at figures and sources; opens
/// brackets.
fn without_references(text: &str) -> (String, usize) {
    let mut out = String::new();
    let mut gone = 0;
    let mut rest = text;
    while let Some(at) = rest.find(['[', '(']) {
        let (before, from) = rest.split_at(at);
        let closing = if from.starts_with('[') { ']' } else { ')' };
        let Some(end) = from.find(closing) else { break };
        let inside = from[1..end].trim();
        let after = &from[end + 1..];
        out.push_str(before);
        let low = inside.to_lowercase();
        let reference = closing == ']'
            || [
                "see ", "fig", "cf.", "ibid", "table ", "source", "p. ", "pp. ",
            ]
            .iter()
            .any(|s| low.starts_with(s))
            || low.contains("et al")
            || low.contains("http")
            || low.contains("www.");
        // A name's letters after the name: what is said is the name.
        let letters = inside.chars().all(|c| c.is_uppercase() || c == '.') && inside.len() < 8;
        // `[text](address)` is its text.
        let link = closing == ']' && after.starts_with('(');
        if link {
            out.push_str(inside);
            let end = after.find(')').unwrap_or(after.len() - 1);
            rest = &after[end + 1..];
            gone += 1;
            continue;
        }
        if reference || letters || inside.is_empty() {
            gone += usize::from(!inside.is_empty());
            out.truncate(out.trim_end().len());
        } else {
            out.truncate(out.trim_end().len());
            out.push_str(", ");
            out.push_str(inside);
            if !after.starts_with(['.', ',', ';', ':', '!', '?']) {
                out.push(',');
            }
        }
        rest = after;
    }
    out.push_str(rest);
    let words: Vec<&str> = out
        .split_whitespace()
        .filter(|w| {
            let address = w.contains("://") || w.starts_with("www.");
            gone += usize::from(address);
            !address
        })
        .collect();
    (words.join(" ").replace(['*', '`'], ""), gone)
}

/// Says phrases plainly and draws small words together, outside quotations; returns how many.
fn plain(sentence: &str, rules: &Rules) -> (String, usize) {
    if sentence.contains(['"', '“', '«']) {
        return (sentence.to_owned(), 0);
    }
    let mut words: Vec<String> = sentence.split_whitespace().map(str::to_owned).collect();
    let mut done = 0;
    let mut i = 0;
    while i < words.len() {
        let longest = (words.len() - i).min(7);
        let found = (1..=longest).rev().find_map(|n| {
            let phrase = words[i..i + n].join(" ").to_lowercase().replace('’', "'");
            let core = phrase
                .trim_end_matches(|c: char| !c.is_alphanumeric())
                .to_owned();
            let tail = phrase[core.len()..].to_owned();
            if let Some(to) = rules.plainly.get(&phrase) {
                return Some((n, to.clone(), String::new()));
            }
            if let Some(to) = rules.plainly.get(&core) {
                return Some((n, to.clone(), tail));
            }
            // Drawn together only where something follows at once.
            let to = rules.together.get(&phrase)?;
            let apart = i > 0 && rules.apart.contains(&bare(&words[i - 1]));
            (i + n < words.len() && !apart).then(|| (n, to.clone(), String::new()))
        });
        let Some((n, to, tail)) = found else {
            i += 1;
            continue;
        };
        let upper = words[i].starts_with(char::is_uppercase);
        let mut new = to;
        new.push_str(&tail);
        let said = new.chars().any(char::is_alphanumeric);
        let begins = i == 0;
        words.splice(i..i + n, said.then_some(new));
        if let Some(word) = words.get_mut(i)
            && (upper && said || begins)
        {
            *word = super::capital(word);
        }
        done += 1;
        i += usize::from(said);
    }
    (words.join(" "), done)
}

/// Parts a long sentence where both sides can stand alone.
fn part(sentence: &str, rules: &Rules) -> Vec<String> {
    let words: Vec<&str> = sentence.split_whitespace().collect();
    if words.len() <= BREATH || sentence.contains(['"', '“', '«']) {
        return vec![sentence.to_owned()];
    }
    let middle = words.len() as f64 / 2.0;
    let best = (LEAST..=words.len() - LEAST)
        .filter_map(|at| Some((at, opening(&words, at, rules)?)))
        .min_by(|a, b| {
            let far = |at: usize| (at as f64 - middle).abs();
            far(a.0).total_cmp(&far(b.0))
        });
    let Some((at, (skip, first))) = best else {
        return vec![sentence.to_owned()];
    };
    let left = words[..at].join(" ");
    let left = left.trim_end_matches([',', ';', ':', '—', '–', '-', ' ']);
    let mut right: Vec<&str> = Vec::new();
    if !first.is_empty() {
        right.push(&first);
    }
    right.extend(&words[at + skip..]);
    let mut right = right.join(" ");
    if first.is_empty() {
        right = super::capital(&right);
    }
    let mut out = part(&format!("{left}."), rules);
    out.extend(part(&right, rules));
    out
}

/// How a sentence could begin at word `at`: how many words go, and what stands in their place.
fn opening(words: &[&str], at: usize, rules: &Rules) -> Option<(usize, String)> {
    let before = words[at - 1];
    let word = bare(words[at]);
    let side = |words: &[&str]| words.len() >= LEAST && has_verb(words, rules);
    let (left, right) = (&words[..at], &words[at..]);
    if before.ends_with(';') {
        return (right.len() >= LEAST).then(|| (0, String::new()));
    }
    // Below here the words' own language must be known.
    if rules.verbs.is_empty() || !side(left) {
        return None;
    }
    // Before its main clause a sentence is not whole.
    let under = rules.under.contains(&bare(words[0]));
    let commas = left.iter().filter(|w| w.ends_with(',')).count();
    if under && commas < 2 {
        return None;
    }
    let dash = |w: &str| matches!(w, "—" | "–" | "--" | "-");
    if dash(words[at]) {
        let single = words.iter().filter(|w| dash(w)).count() == 1;
        return (single && side(&right[1..])).then(|| (1, String::new()));
    }
    if before.ends_with(':') {
        return (side(right) && starts(right, rules)).then(|| (0, String::new()));
    }
    if !before.ends_with(',') {
        return None;
    }
    let to = rules.joins.get(&word)?;
    if word == "which" {
        let verb = bare(words.get(at + 1)?);
        let many = ["are", "were", "have"].contains(&verb.as_str());
        let one = ["is", "was", "has", "means", "makes"].contains(&verb.as_str());
        return (right.len() > LEAST && (many || one))
            .then(|| (1, if many { "These" } else { "That" }.to_owned()));
    }
    (side(&right[1..]) && starts(&right[1..], rules)).then(|| (1, to.clone()))
}

/// Whether the words begin with a subject: a pronoun, an article, a name.
fn starts(words: &[&str], rules: &Rules) -> bool {
    words
        .first()
        .is_some_and(|w| rules.subjects.contains(&bare(w)) || w.starts_with(char::is_uppercase))
}

fn has_verb(words: &[&str], rules: &Rules) -> bool {
    words.iter().enumerate().any(|(i, w)| {
        let word = bare(w);
        rules.verbs.contains(&word)
            || (i > 0 && word.len() > 4 && word.ends_with("ed"))
            || (i > 0 && rules.persons.contains(&bare(words[i - 1])) && word.len() > 2)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn english(text: &str) -> Vec<String> {
        rewrite(text, "en").paragraphs.concat()
    }

    #[test]
    fn long_sentences_are_parted_where_both_sides_stand() {
        assert_eq!(
            english(
                "The lighthouse had been dark for eleven years before anybody climbed the stairs again, and the keeper's daughter was the first to see what the gulls had done to the lamp."
            ),
            [
                "The lighthouse had been dark for eleven years before anybody climbed the stairs again.",
                "The keeper's daughter was the first to see what the gulls had done to the lamp."
            ]
        );
        assert_eq!(
            english(
                "A hive can visit about two thousand flowers on every single day of the short summer, which is more than most gardens have in a whole year of bloom."
            ),
            [
                "A hive can visit about two thousand flowers on every single day of the short summer.",
                "That is more than most gardens have in a whole year of bloom."
            ]
        );
        // Nothing to part: the list has no second sentence in it.
        let list = "Take bread, butter, salt, pepper, onions, a little cheese, two eggs, some milk, a big pan, and a spoon to stir it all.";
        assert_eq!(english(list), [list]);
        let under = "If the water rises above the second mark on the old stone bridge, and the bell rings, everybody leaves the lower town at once.";
        assert_eq!(english(under), [under]);
    }

    #[test]
    fn phrases_are_said_plainly_and_quotations_kept() {
        assert_eq!(
            english("It is important to note that we do not utilize it in order to win."),
            ["We don't use it to win."]
        );
        let quote = "“It is not in order to win,” she said.";
        assert_eq!(english(quote), [quote]);
        // Not drawn together where nothing follows.
        assert_eq!(english("We know what it is."), ["We know what it is."]);
    }

    #[test]
    fn what_is_for_the_eye_goes() {
        assert_eq!(
            english(
                "Salt melts ice (see Figure 2) at low temperatures [4]. Read more at https://example.org/salt today. The World Health Organization (WHO) agrees. Roads (and bridges) stay open."
            ),
            [
                "Salt melts ice at low temperatures.",
                "Read more at today.",
                "The World Health Organization agrees.",
                "Roads, and bridges, stay open."
            ]
        );
    }

    #[test]
    fn the_hook_comes_first() {
        let text = "Glaciers cover a tenth of the land of the earth and have done so for a very long time indeed. Ice moves slowly.\n\nWhy do we never hear the ice? It speaks too low for us.\n\nScientists listen with instruments in the ice. So do the animals.";
        let told = rewrite(text, "en");
        assert_eq!(told.paragraphs[0][0], "Why do we never hear the ice?");
        assert_eq!(told.paragraphs[0][1], "It speaks too low for us.");
        assert!(told.notes.iter().any(|n| n.starts_with("opens with")));
        // People speak: a story is told in its order.
        let story = "The night was long and cold and nobody in the village slept at all that winter. \"Who is there?\" asked Ada. \"Why do you never answer?\" The door opened.";
        assert!(rewrite(story, "en").paragraphs[0][0].starts_with("The night"));
    }

    #[test]
    fn what_matters_least_is_left_out() {
        let text = "Coffee keeps us awake. Coffee blocks adenosine in the brain. The weather was nice on Tuesday. Adenosine makes the brain tired. Without coffee the brain feels adenosine again.";
        let told = trim(&rewrite(text, "en"), 22, "en");
        assert!(told.words() <= 22);
        assert!(
            !told.paragraphs.concat().join(" ").contains("Tuesday"),
            "{told:?}"
        );
        assert_eq!(told.paragraphs[0][0], "Coffee keeps us awake.");
        assert!(
            told.paragraphs
                .concat()
                .last()
                .unwrap()
                .starts_with("Without")
        );
        // What leans on a sentence goes with it.
        let text =
            "One thing is true. Nobody cares for mud. It is brown. Truth is one thing that lasts.";
        let told = trim(&rewrite(text, "en"), 10, "en");
        assert_eq!(told.paragraphs.concat().len(), 2, "{told:?}");
    }

    #[test]
    fn other_languages_keep_their_words() {
        let text = "Der Turm war dunkel; niemand stieg hinauf, und die Tochter des Wärters war die erste, die sah, was die Möwen mit der Lampe gemacht hatten.";
        let told = rewrite(text, "de");
        assert_eq!(told.paragraphs[0][0], "Der Turm war dunkel.");
        let plain: String = told.paragraphs.concat().join(" ");
        assert!(plain.contains("Niemand stieg hinauf, und"));
    }

    proptest! {
        #[test]
        fn any_text_can_be_told(text in "[A-Za-z ,;:()\\[\\]\"“”.!?—\n-]{0,400}", words in 0usize..80) {
            let told = rewrite(&text, "en");
            let _ = trim(&told, words, "en");
        }

        #[test]
        fn parting_keeps_the_words(words in prop::collection::vec("[a-z]{1,9}[,;]?", 1..60)) {
            let text = words.join(" ");
            let rules = rules("en").unwrap();
            let kept: Vec<String> = part(&text, rules).join(" ").split_whitespace().map(bare).collect();
            let had: Vec<String> = text.split_whitespace().map(bare).collect();
            let small = |w: &String| !rules.joins.contains_key(w) && !["that", "these", "meanwhile"].contains(&w.as_str());
            prop_assert_eq!(
                kept.iter().filter(|w| small(w)).collect::<Vec<_>>(),
                had.iter().filter(|w| small(w)).collect::<Vec<_>>()
            );
        }
    }
}
