//! Free prose becomes a narrated script: a paragraph a scene, a few sentences a shot.

use crate::film::script::{Element, Script};
use unicode_segmentation::UnicodeSegmentation;

/// The most words that one picture carries.
const WORDS_A_SHOT: usize = 34;

/// Arranges prose: every sentence is kept word for word, seen and told.
pub fn arrange(text: &str) -> Script {
    let paragraphs = paragraphs(text).into_iter().map(|p| sentences(&p));
    told_in(paragraphs)
}

/// A script of paragraphs of sentences: a scene each, a few sentences a shot.
pub fn told_in(paragraphs: impl IntoIterator<Item = Vec<String>>) -> Script {
    let mut script = Script::default();
    for sentences in paragraphs {
        if let Some(first) = sentences.first() {
            script.elements.push(Element::Heading {
                text: headline(first),
                number: None,
                forced: true,
            });
        }
        let mut group: Vec<String> = Vec::new();
        for sentence in sentences {
            let words = |t: &[String]| {
                t.iter()
                    .map(|s| s.split_whitespace().count())
                    .sum::<usize>()
            };
            if !group.is_empty()
                && words(&group) + sentence.split_whitespace().count() > WORDS_A_SHOT
            {
                told(&mut script, &std::mem::take(&mut group));
            }
            group.push(sentence);
        }
        told(&mut script, &group);
    }
    script
}

fn told(script: &mut Script, sentences: &[String]) {
    if sentences.is_empty() {
        return;
    }
    let text = sentences.join(" ");
    script.elements.push(Element::Action(text.clone()));
    script.elements.push(Element::Speaker {
        name: "NARRATOR (V.O.)".to_owned(),
        dual: false,
    });
    script.elements.push(Element::Speech(text));
}

/// Paragraphs, their lines joined; Markdown heading and list marks taken off.
pub fn paragraphs(text: &str) -> Vec<String> {
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    text.split("\n\n")
        .map(|p| {
            p.lines()
                .map(|l| {
                    l.trim()
                        .trim_start_matches(['#', '*', '>', '•'])
                        .trim_start_matches("- ")
                        .trim()
                })
                .collect::<Vec<_>>()
                .join(" ")
        })
        .map(|p| p.split_whitespace().collect::<Vec<_>>().join(" "))
        .filter(|p| p.chars().any(char::is_alphanumeric))
        .collect()
}

const NOT_AN_END: [&str; 16] = [
    "mr.", "mrs.", "ms.", "dr.", "prof.", "st.", "no.", "e.g.", "i.e.", "vs.", "etc.", "jr.",
    "sr.", "a.m.", "p.m.", "approx.",
];

/// Splits a paragraph into sentences, words unchanged.
pub fn sentences(paragraph: &str) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    let mut open = String::new();
    for piece in paragraph.unicode_sentences() {
        open.push_str(piece);
        let last = open.split_whitespace().last().unwrap_or("").to_lowercase();
        let quotes = open.matches('"').count() % 2 == 1
            || open.matches('“').count() > open.matches('”').count();
        let abbreviated =
            NOT_AN_END.contains(&last.as_str()) || (last.len() == 2 && last.ends_with('.'));
        if !quotes && !abbreviated {
            out.push(std::mem::take(&mut open).trim().to_owned());
        }
    }
    out.push(open.trim().to_owned());
    // Pieces without a letter (a lone mark) belong to the sentence before.
    let mut whole: Vec<String> = Vec::new();
    for piece in out.into_iter().filter(|p| !p.is_empty()) {
        match whole.last_mut() {
            Some(last) if !piece.chars().any(char::is_alphanumeric) => {
                last.push(' ');
                last.push_str(&piece);
            }
            _ => whole.push(piece),
        }
    }
    whole
}

/// The first words of a paragraph as a heading.
fn headline(paragraph: &str) -> String {
    let words: Vec<&str> = paragraph
        .split_whitespace()
        .take(5)
        .map(|w| w.trim_matches(|c: char| !c.is_alphanumeric()))
        .filter(|w| !w.is_empty())
        .collect();
    if words.is_empty() {
        "SCENE".to_owned()
    } else {
        words.join(" ").to_uppercase()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sentences_keep_their_words() {
        let text = "Dr. Wu waits. \"It rains. It pours,\" she says. Then 3.5 hours pass!";
        assert_eq!(
            sentences(text),
            [
                "Dr. Wu waits.",
                "\"It rains. It pours,\" she says.",
                "Then 3.5 hours pass!"
            ]
        );
    }

    #[test]
    fn one_sentence_is_one_scene() {
        let script = arrange("A boat crosses the bay at dawn.");
        assert_eq!(script.scenes().len(), 1);
        assert_eq!(script.speeches().len(), 1);
    }
}
