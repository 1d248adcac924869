//! Films of a kind: the scenes of a template with a film's fields in their places, and the sentences of documents,
//! chosen and never changed.

use crate::film::script::{Element, Script};
use crate::screenplay::{fountain, prose};
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

/// A scene of a template, as it is written there, and the fields that stand in it.
pub struct Scene<'a> {
    pub heading: &'a str,
    /// Fountain, with fields in braces.
    pub script: &'a str,
    pub fields: Cow<'a, Fields>,
}

/// Fields by name.
pub type Fields = BTreeMap<String, String>;

/// Words of a line that is one shot: a longer text is told in several, each with a picture of its own.
const WORDS_A_SHOT: usize = 24;

/// Puts fields in their places; nothing where one is missing.
pub type Fill = fn(&str, &Fields) -> Option<String>;

/// Makes a film of scenes. What names a field that is not there is left out, and a scene of which nothing is left.
pub fn compose(title: &str, scenes: &[Scene<'_>], fill: Fill) -> Script {
    let mut out = Script {
        title_page: vec![("Title".to_owned(), vec![title.to_owned()])],
        elements: Vec::new(),
    };
    for scene in scenes {
        let fill = |text: &str| fill(text, &scene.fields).map(|t| unmarked(&t));
        let Some(heading) = fill(scene.heading) else {
            continue;
        };
        let inside = filled(&elements(scene.script), &fill);
        let heard = |e: &Element| matches!(e, Element::Speech(_));
        // Pictures of words that were left out show nothing.
        let spoken = scene.script.contains("(V.O.)");
        if inside.is_empty() || (spoken && !inside.iter().any(heard)) {
            continue;
        }
        out.elements.push(Element::Heading {
            forced: !crate::film::script::is_heading(&heading),
            text: heading,
            number: None,
        });
        out.elements.extend(inside);
    }
    out
}

/// A scene's elements as they stand in a template.
pub fn elements(script: &str) -> Vec<Element> {
    // Under a heading nothing is taken for a title page.
    let (parsed, _) = fountain::parse(&format!("INT. SCENE\n\n{script}"), "the template");
    parsed.elements.into_iter().skip(1).collect()
}

/// A text in which nothing begins a note or is cut out: what is filled in holds words, no marks of a screenplay.
pub fn unmarked(text: &str) -> String {
    let mut out = text.to_owned();
    for (mark, parted) in [("[[", "[ ["), ("]]", "] ]"), ("/*", "/ *"), ("*/", "* /")] {
        while out.contains(mark) {
            out = out.replace(mark, parted);
        }
    }
    out
}

fn filled(elements: &[Element], fill: &dyn Fn(&str) -> Option<String>) -> Vec<Element> {
    let mut out: Vec<Element> = Vec::new();
    let mut speaker: Option<Element> = None;
    for element in elements {
        match element {
            Element::Speaker { name, dual } => {
                speaker = fill(name).map(|name| Element::Speaker { name, dual: *dual });
            }
            Element::Speech(text) => {
                let (Some(said), Some(who)) = (fill(text), &speaker) else {
                    continue;
                };
                for (i, line) in lines_of(&said).into_iter().enumerate() {
                    if i > 0 {
                        out.push(Element::Action(line.clone()));
                    }
                    out.push(who.clone());
                    out.push(Element::Speech(line));
                }
            }
            Element::Parenthetical(_) => {}
            Element::Action(text) => out.extend(fill(text).map(Element::Action)),
            Element::Centred(text) => out.extend(fill(text).map(Element::Centred)),
            Element::Shot(text) => out.extend(fill(text).map(Element::Shot)),
            other => out.push(other.clone()),
        }
    }
    out
}

/// A text in lines of a few sentences each, words unchanged.
fn lines_of(text: &str) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    let mut count = 0;
    for sentence in prose::sentences(text) {
        let words = sentence.split_whitespace().count();
        match out.last_mut() {
            Some(line) if count + words <= WORDS_A_SHOT => {
                line.push(' ');
                line.push_str(&sentence);
                count += words;
            }
            _ => {
                out.push(sentence);
                count = words;
            }
        }
    }
    out
}

/// What a document says under one heading.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Section {
    pub heading: String,
    pub sentences: Vec<String>,
}

/// Words of sentences that bind: these are told before others.
const BINDING: [&str; 12] = [
    "must", "shall", "never", "always", "do not", "must not", "only", "report", "at once",
    "required", "before", "stop",
];

/// Chooses what is told of documents in so many words, in the order it stands there: first what binds and what has
/// the words of `about`, then the beginnings. Sentences are taken whole or left out.
pub fn choose(text: &str, about: &str, words: usize) -> Vec<Section> {
    let mut sections: Vec<Section> = vec![Section::default()];
    for block in text.split("\n\n") {
        let block = block.trim();
        if let Some(heading) = block.strip_prefix('#') {
            sections.push(Section {
                heading: heading.trim_start_matches('#').trim().to_owned(),
                sentences: Vec::new(),
            });
        } else if let Some(section) = sections.last_mut() {
            let line = block.split_whitespace().collect::<Vec<_>>().join(" ");
            // What ends in no stop is a heading or the cell of a table, and no sentence to be told.
            let ends = |s: &String| {
                s.ends_with(['.', '!', '?', '…', '”', '"', '»', ')', '。', '？', '！'])
            };
            section
                .sentences
                .extend(prose::sentences(&line).into_iter().filter(ends));
        }
    }
    let about: Vec<String> = about
        .split(|c: char| !c.is_alphanumeric())
        .filter(|w| w.chars().count() > 3)
        .map(str::to_lowercase)
        .collect();
    let mut ranked: Vec<(usize, usize, usize)> = Vec::new();
    for (s, section) in sections.iter().enumerate() {
        for (i, sentence) in section.sentences.iter().enumerate() {
            let low = sentence.to_lowercase();
            let has = |w: &str| crate::film::words::contains_words(&low, w);
            let weight = 4 * BINDING.iter().filter(|w| has(w)).count()
                + 2 * about.iter().filter(|w| has(w)).count()
                + usize::from(i == 0);
            ranked.push((weight, s, i));
        }
    }
    ranked.sort_by(|a, b| b.0.cmp(&a.0).then((a.1, a.2).cmp(&(b.1, b.2))));
    let mut left = words;
    let mut kept: BTreeSet<(usize, usize)> = BTreeSet::new();
    for (_, s, i) in ranked {
        let count = sections[s].sentences[i].split_whitespace().count();
        if count <= left || kept.is_empty() {
            left = left.saturating_sub(count);
            kept.insert((s, i));
        }
    }
    for (s, section) in sections.iter_mut().enumerate() {
        let mut at = 0;
        section.sentences.retain(|_| {
            at += 1;
            kept.contains(&(s, at - 1))
        });
        if section.heading.is_empty() {
            section.heading = "Opening".to_owned();
        }
    }
    sections.retain(|s| !s.sentences.is_empty());
    sections
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_stand_in_their_places_and_what_misses_one_is_left_out() {
        let hostile = "One is here. INT. HELL - NIGHT. [[shot: MS]] /* two */ > CUT TO: {b} === ~";
        let fields: Fields = BTreeMap::from([("a".to_owned(), hostile.to_owned())]);
        let fill: Fill = |text, fields| {
            let missing = text.contains("{b}");
            (!missing).then(|| text.replace("{a}", &fields["a"]))
        };
        let scene = |heading, script| Scene {
            heading,
            script,
            fields: Cow::Borrowed(&fields),
        };
        let scenes = [
            scene(
                "INT. ROOM - DAY",
                "CHAPTER: One\n\nA lamp.\n\nNARRATOR (V.O.)\n{a}\n\nNARRATOR (V.O.)\n{b}\n",
            ),
            scene("EXT. STREET - DAY", "Rain.\n\nNARRATOR (V.O.)\n{b}\n"),
        ];
        let script = compose("T", &scenes, fill);
        let text = fountain::write(&script);
        assert!(!text.contains("STREET"), "{text}");
        // What a person wrote into a field stays in its speech.
        let (again, _) = fountain::parse(&text, "x");
        assert_eq!(again, script, "{text}");
        assert!(!text.contains("[[") && !text.contains("/*"), "{text}");
        assert_eq!(again.scenes().len(), 1, "{text}");
        assert!(text.contains("CHAPTER: One"), "{text}");
    }

    #[test]
    fn sentences_are_chosen_whole_in_their_order() {
        let text = "# One\n\nThe sky is blue. You must close the door.\n\n# Two\n\nNever run. It is fun to walk.";
        let chosen = choose(text, "", 8);
        assert_eq!(chosen.len(), 2);
        assert_eq!(chosen[0].sentences, ["You must close the door."]);
        assert_eq!(chosen[1].sentences, ["Never run."]);
        assert_eq!(
            choose(text, "", 1000)
                .iter()
                .map(|s| s.sentences.len())
                .sum::<usize>(),
            4
        );
    }
}
