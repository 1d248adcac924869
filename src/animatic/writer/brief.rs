//! Briefs: sentences to tell, shared out over a dramatic shape.

use super::capital;
use crate::film::script::{Element, Script};
use crate::screenplay::prose;

/// What a brief holds: sentences to tell, sentences to say word for word, and instructions that are
/// for us and not for the film.
pub struct Brief {
    pub told: Vec<String>,
    pub seconds: Option<f64>,
    pub title: Option<String>,
}

pub fn read_brief(text: &str) -> Brief {
    let mut told = Vec::new();
    let mut seconds = None;
    let mut title = None;
    for paragraph in prose::paragraphs(text) {
        for sentence in prose::sentences(&paragraph) {
            let low = sentence.to_lowercase();
            let order = [
                "make ",
                "create ",
                "produce ",
                "write ",
                "please ",
                "we want",
                "i want",
                "the tone",
                "the style",
                "tone:",
                "style:",
                "length:",
                "a film about",
                "a video about",
                "end on",
                "open on",
                "use ",
                "show ",
            ]
            .iter()
            .any(|o| low.starts_with(o));
            if let Some(s) = wanted_seconds(&low) {
                seconds = seconds.or(Some(s));
            }
            if let Some((_, name)) = sentence.split_once("called ") {
                title = title
                    .or_else(|| Some(name.trim_matches(|c: char| !c.is_alphanumeric()).to_owned()));
            }
            // What stands in quotation marks, or after "say:", is kept word for word.
            let quoted = quotes(&sentence);
            if !quoted.is_empty() && (order || low.starts_with("say") || low.contains(":")) {
                told.extend(quoted);
            } else if order {
                if let Some((_, about)) = sentence.split_once(" about ") {
                    told.push(capital(about));
                }
            } else {
                told.push(sentence);
            }
        }
    }
    if told.is_empty() {
        told = prose::paragraphs(text)
            .iter()
            .flat_map(|p| prose::sentences(p))
            .collect();
    }
    Brief {
        told,
        seconds,
        title,
    }
}

fn quotes(sentence: &str) -> Vec<String> {
    let even = sentence.replace(['“', '”'], "\"");
    let parts: Vec<&str> = even.split('"').collect();
    let last = parts.len() - parts.len() % 2;
    (1..last)
        .step_by(2)
        .flat_map(|i| prose::sentences(parts[i].trim()))
        .filter(|s| s.split_whitespace().count() > 1)
        .collect()
}

/// `one-minute`, `30 seconds`, `90s`.
fn wanted_seconds(low: &str) -> Option<f64> {
    let words: Vec<&str> = low.split(|c: char| c.is_whitespace() || c == '-').collect();
    let number = |w: &str| match w {
        "one" | "a" => Some(1.0),
        "two" => Some(2.0),
        "three" => Some(3.0),
        "half" => Some(0.5),
        "thirty" => Some(30.0),
        "sixty" => Some(60.0),
        "ninety" => Some(90.0),
        w => w.parse::<f64>().ok(),
    };
    words.windows(2).find_map(|pair| {
        let unit = pair[1].trim_matches(|c: char| !c.is_alphabetic());
        let n = number(pair[0])?;
        match unit {
            "second" | "seconds" | "sec" if n >= 5.0 => Some(n),
            "minute" | "minutes" if n > 0.0 && pair[0] != "a" => Some(n * 60.0),
            _ => None,
        }
    })
}

/// Shares a brief's sentences out over the beats of a shape and makes a narrated script.
pub fn script_from_brief(told: &[String], shape: &[(String, String, f64)], title: &str) -> Script {
    let mut out = Script {
        title_page: vec![("Title".to_owned(), vec![title.to_owned()])],
        elements: Vec::new(),
    };
    let total: usize = told.iter().map(|s| s.split_whitespace().count()).sum();
    let mut next = 0;
    let mut upto = 0.0;
    let mut used = 0usize;
    for (i, (_, heading, share)) in shape.iter().enumerate() {
        upto += share;
        let mut mine = Vec::new();
        while next < told.len() {
            let words = told[next].split_whitespace().count();
            let left = shape.len() - 1 - i;
            let enough = used as f64 + words as f64 / 2.0 > upto * total as f64;
            if (enough && i + 1 < shape.len() && !mine.is_empty())
                || (told.len() - next <= left && !mine.is_empty())
            {
                break;
            }
            used += words;
            mine.push(told[next].clone());
            next += 1;
        }
        if mine.is_empty() {
            continue;
        }
        out.elements.push(Element::Heading {
            text: heading.clone(),
            number: None,
            forced: true,
        });
        for sentence in mine {
            out.elements.push(Element::Action(sentence.clone()));
            out.elements.push(Element::Speaker {
                name: "NARRATOR (V.O.)".to_owned(),
                dual: false,
            });
            out.elements.push(Element::Speech(sentence));
        }
    }
    out
}
