//! Words: exact replacements, and whole scenes.

use super::{Outcome, Replacement, unfit};
use crate::diagnostic::{Exit, Failure, Problem, nearest};
use crate::film::script::{is_forced_heading, is_heading};
use unicode_normalization::UnicodeNormalization;
use unicode_segmentation::UnicodeSegmentation;

/// A text with LF line ends in NFC, and where each of its bytes came from.
struct Folded {
    text: String,
    /// (offset in `text`, offset in the original), at every grapheme.
    marks: Vec<(usize, usize)>,
}

impl Folded {
    fn new(original: &str) -> Folded {
        let mut text = String::with_capacity(original.len());
        let mut marks = Vec::new();
        for (at, grapheme) in original.grapheme_indices(true) {
            marks.push((text.len(), at));
            if grapheme == "\r\n" || grapheme == "\r" {
                text.push('\n');
            } else {
                text.extend(grapheme.nfc());
            }
        }
        marks.push((text.len(), original.len()));
        Folded { text, marks }
    }

    /// Where an offset of `text` lies in the original, if it is at the edge of a grapheme.
    fn original(&self, at: usize) -> Option<usize> {
        self.marks
            .binary_search_by_key(&at, |m| m.0)
            .ok()
            .map(|i| self.marks[i].1)
    }
}

pub(super) fn replace(list: &[Replacement], text: &str) -> Result<Outcome, Failure> {
    let folded = Folded::new(text);
    let mut spans: Vec<(usize, usize, &str)> = Vec::new();
    let mut problems: Vec<Problem> = Vec::new();
    let mut report = Vec::new();
    for (i, r) in list.iter().enumerate() {
        let old = Folded::new(&r.old).text;
        let hits: Vec<usize> = folded
            .text
            .match_indices(&old)
            .map(|(at, _)| at)
            .filter(|at| {
                folded.original(*at).is_some() && folded.original(at + old.len()).is_some()
            })
            .collect();
        let chosen: Vec<usize> = match (hits.len(), r.occurrence, r.all) {
            (0, ..) => {
                let mut p = Problem::new(format!(
                    "replacements[{i}]: the text does not hold {:?}",
                    brief(&r.old)
                ));
                if let Some((line, near)) = near_miss(&folded.text, &old) {
                    p = p.hint(format!("line {line} holds {:?}", brief(near)));
                }
                problems.push(p);
                continue;
            }
            (_, None, true) => hits,
            (n, Some(k), _) if k <= n => vec![hits[k - 1]],
            (n, Some(k), _) => {
                problems.push(Problem::new(format!(
                    "replacements[{i}]: occurrence {k} of {n}"
                )));
                continue;
            }
            (1, None, false) => hits,
            (n, None, false) => {
                problems.push(
                    Problem::new(format!(
                        "replacements[{i}]: {:?} stands {n} times",
                        brief(&r.old)
                    ))
                    .hint("give `occurrence`, counted from 1, or `all: true`"),
                );
                continue;
            }
        };
        report.push(format!(
            "{:?} → {:?}{}",
            brief(&r.old),
            brief(&r.new),
            if chosen.len() > 1 {
                format!(", {} times", chosen.len())
            } else {
                String::new()
            }
        ));
        for at in chosen {
            if let (Some(a), Some(b)) = (folded.original(at), folded.original(at + old.len())) {
                spans.push((a, b, &r.new));
            }
        }
    }
    spans.sort_by_key(|s| (s.0, s.1));
    for pair in spans.windows(2) {
        if pair[1].0 < pair[0].1 {
            problems.push(Problem::new(format!(
                "two replacements overlap at {:?}",
                brief(&text[pair[1].0..pair[1].1])
            )));
        }
    }
    if !problems.is_empty() {
        return Err(Failure::of(Exit::Conflict, problems));
    }
    let mut out = String::with_capacity(text.len());
    let mut from = 0;
    for (a, b, new) in spans {
        out.push_str(&text[from..a]);
        out.push_str(new);
        from = b;
    }
    out.push_str(&text[from..]);
    Ok(Outcome { text: out, report })
}

fn brief(text: &str) -> String {
    let line = text.lines().next().unwrap_or("");
    if line.chars().count() > 60 {
        format!("{}…", line.chars().take(59).collect::<String>())
    } else {
        line.to_owned()
    }
}

/// The line most like what was looked for, when it is alike enough to be meant.
fn near_miss<'a>(text: &'a str, old: &str) -> Option<(usize, &'a str)> {
    let wanted: Vec<String> = words(old.lines().next().unwrap_or(""));
    if wanted.is_empty() {
        return None;
    }
    text.lines()
        .enumerate()
        .map(|(i, line)| {
            let have = words(line);
            let shared = wanted.iter().filter(|w| have.contains(w)).count();
            (shared, i + 1, line)
        })
        .filter(|(shared, ..)| shared * 2 >= wanted.len())
        .max_by_key(|(shared, i, _)| (*shared, std::cmp::Reverse(*i)))
        .map(|(_, i, line)| (i, line.trim()))
}

fn words(text: &str) -> Vec<String> {
    text.to_lowercase()
        .split(|c: char| !c.is_alphanumeric())
        .filter(|w| !w.is_empty())
        .map(str::to_owned)
        .collect()
}

/// Replaces a scene, found by its number or its heading, up to the next scene.
pub(super) fn section(
    section: &str,
    expect: Option<&str>,
    new: &str,
    text: &str,
) -> Result<Outcome, Failure> {
    let scenes = scenes(text);
    let wanted = plain(section);
    let by_number = wanted.trim_start_matches('#').parse::<usize>().ok();
    let hits: Vec<&Scene> = match by_number {
        Some(n) => scenes.iter().filter(|s| s.number == n).collect(),
        None => scenes
            .iter()
            .filter(|s| plain(s.heading) == wanted)
            .collect(),
    };
    let scene = match hits.as_slice() {
        [one] => *one,
        [] => {
            let known: Vec<&str> = scenes.iter().map(|s| s.heading).collect();
            let failure = unfit(format!("there is no scene `{}`", brief(section)));
            return Err(match nearest(section, known.iter().copied()) {
                Some(near) => failure.hint(format!("did you mean `{near}`?")),
                None => failure.hint(format!(
                    "it has {} scenes; name one by heading or number",
                    known.len()
                )),
            });
        }
        many => {
            let numbers: Vec<String> = many.iter().map(|s| s.number.to_string()).collect();
            return Err(unfit(format!(
                "{} scenes have the heading `{}`",
                many.len(),
                brief(section)
            ))
            .hint(format!("name one by number: {}", numbers.join(", "))));
        }
    };
    let old = &text[scene.start..scene.end];
    if let Some(expected) = expect
        && Folded::new(expected).text.trim() != Folded::new(old).text.trim()
    {
        return Err(unfit(format!(
            "scene {} is not what the patch expects",
            scene.number
        ))
        .hint(format!("it begins {:?}", brief(old.trim_start()))));
    }
    // A text that begins with no heading is what the scene holds: its heading stays.
    let first = new.lines().map(str::trim).find(|l| !l.is_empty());
    let headed = first.is_some_and(|l| is_heading(l) || is_forced_heading(l));
    let mut body = if headed {
        new.trim_end().to_owned()
    } else {
        format!("{}\n\n{}", scene.heading, new.trim())
    };
    // A scene ends with an empty line before the next one.
    body.push_str(if scene.end < text.len() { "\n\n" } else { "\n" });
    if text.contains("\r\n") {
        body = body.replace("\r\n", "\n").replace('\n', "\r\n");
    }
    let out = format!("{}{body}{}", &text[..scene.start], &text[scene.end..]);
    Ok(Outcome {
        text: out,
        report: vec![format!(
            "scene {}: {} → {}",
            scene.number,
            brief(old.trim_start()),
            brief(new.trim_start())
        )],
    })
}

struct Scene<'a> {
    /// Counted from one.
    number: usize,
    heading: &'a str,
    start: usize,
    end: usize,
}

/// The scenes of a Fountain text, by where their headings stand.
fn scenes(text: &str) -> Vec<Scene<'_>> {
    let mut out: Vec<Scene<'_>> = Vec::new();
    let mut at = 0;
    let mut blank = true;
    for line in text.split_inclusive('\n') {
        if blank && (is_heading(line.trim()) || is_forced_heading(line.trim())) {
            if let Some(last) = out.last_mut() {
                last.end = at;
            }
            out.push(Scene {
                number: out.len() + 1,
                heading: line.trim(),
                start: at,
                end: text.len(),
            });
        }
        blank = line.trim().is_empty();
        at += line.len();
    }
    out
}

fn plain(heading: &str) -> String {
    // A scene number at the end, `#12#`, is no part of the heading.
    let heading = heading.trim().trim_start_matches('.');
    let heading = match heading.strip_suffix('#').and_then(|h| h.rsplit_once('#')) {
        Some((before, _)) if !before.trim().is_empty() => before,
        _ => heading,
    };
    heading
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ")
        .to_uppercase()
}
