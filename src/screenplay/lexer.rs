//! Takes boneyards and notes out of a Fountain text and gives its lines.

use crate::diagnostic::Problem;

/// A line as the parser sees it.
pub(super) struct Line {
    pub(super) text: String,
    /// Counted from one, in the file as handed in.
    pub(super) number: usize,
    /// `[[shot: …]]` notes that stood in it.
    pub(super) shots: Vec<String>,
    /// Nothing but notes stood on it: it is neither text nor blank.
    pub(super) emptied: bool,
}

impl Line {
    /// Empty, or one stray space; two spaces or more keep a speech going.
    pub(super) fn is_blank(&self) -> bool {
        !self.emptied && self.text.trim().is_empty() && self.text.chars().count() < 2
    }
}

pub(super) fn lines(text: &str, file: &str, warnings: &mut Vec<Problem>) -> Vec<Line> {
    let text = text
        .strip_prefix('\u{feff}')
        .unwrap_or(text)
        .replace("\r\n", "\n")
        .replace('\r', "\n");
    let chars: Vec<char> = text.chars().collect();
    let mut out: Vec<Line> = Vec::new();
    let mut number = 1;
    let mut line = fresh(number);
    let mut touched = false;
    let mut i = 0;
    while i < chars.len() {
        if chars[i] == '/' && chars.get(i + 1) == Some(&'*') {
            match find(&chars, i + 2, &['*', '/'], false) {
                Some(end) => {
                    number += newlines(&chars[i..end]);
                    i = end + 2;
                    touched = true;
                    continue;
                }
                None => warnings.push(
                    Problem::new("`/*` is never closed by `*/`, so it is read as text")
                        .at(file, number, 0)
                        .hint("close the boneyard with `*/`"),
                ),
            }
        }
        if chars[i] == '['
            && chars.get(i + 1) == Some(&'[')
            && let Some(end) = find(&chars, i + 2, &[']', ']'], true)
        {
            let inside: String = chars[i + 2..end].iter().collect();
            if let Some(shot) = direction(&inside) {
                line.shots.push(shot);
            }
            number += newlines(&chars[i..end]);
            i = end + 2;
            touched = true;
            continue;
        }
        if chars[i] == '\n' {
            number += 1;
            finish(
                &mut out,
                std::mem::replace(&mut line, fresh(number)),
                touched,
            );
            touched = false;
        } else {
            line.text.push(chars[i]);
        }
        i += 1;
    }
    finish(&mut out, line, touched);
    out
}

fn fresh(number: usize) -> Line {
    Line {
        text: String::new(),
        number,
        shots: Vec::new(),
        emptied: false,
    }
}

fn finish(out: &mut Vec<Line>, mut line: Line, touched: bool) {
    line.emptied = touched && line.text.trim().is_empty();
    if touched {
        line.text = line.text.trim_end().to_owned();
    }
    out.push(line);
}

fn newlines(chars: &[char]) -> usize {
    chars.iter().filter(|c| **c == '\n').count()
}

/// Finds `end`; for notes a truly empty line in between means there is none.
fn find(chars: &[char], from: usize, end: &[char; 2], blank_breaks: bool) -> Option<usize> {
    let mut i = from;
    while i + 1 < chars.len() {
        if chars[i] == end[0] && chars[i + 1] == end[1] {
            return Some(i);
        }
        if blank_breaks && chars[i] == '\n' && chars[i + 1] == '\n' {
            return None;
        }
        i += 1;
    }
    None
}

fn direction(inside: &str) -> Option<String> {
    let (key, value) = inside.split_once(':')?;
    (key.trim().eq_ignore_ascii_case("shot"))
        .then(|| value.split_whitespace().collect::<Vec<_>>().join(" "))
}
