//! Text to script and back: what a person hands in, understood.
//!
//! Pure. [`read`] decides which of the forms a text has and gives the script and what is
//! noteworthy about it; `fountain::write` is the only writer.

pub mod fountain;
mod lexer;
pub mod paper;
pub mod prose;
pub mod shot_list;

use crate::diagnostic::{Exit, Failure, Problem};
use crate::film::script::Script;
use crate::film::sheet::SourceForm;
use crate::film::time::Rate;

/// The most a screenplay may hold: some thirty features.
pub const MOST_BYTES: usize = 8 * 1024 * 1024;

/// A screenplay as read.
#[derive(Debug)]
pub struct Reading {
    pub script: Script,
    pub form: SourceForm,
    pub warnings: Vec<Problem>,
    /// What a shot list's header asked for, by upper-case key.
    pub header: Vec<(String, String)>,
}

/// Decodes what a person handed in: UTF-8 with or without BOM, not empty, not binary, not too long.
pub fn decode(bytes: &[u8], file: &str) -> Result<String, Failure> {
    if bytes.len() > MOST_BYTES {
        return Err(Failure::new(
            Exit::Invalid,
            format!(
                "the text has {} bytes, more than the {} that fit",
                bytes.len(),
                MOST_BYTES
            ),
        )
        .at(file, 0, 0)
        .hint("split it into several films"));
    }
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let line_of = |at: usize| bytes[..at].iter().filter(|b| **b == b'\n').count() + 1;
    let column_of = |at: usize| {
        at - bytes[..at]
            .iter()
            .rposition(|b| *b == b'\n')
            .map_or(0, |p| p + 1)
            + 1
    };
    if bytes.starts_with(b"%PDF") || bytes.starts_with(b"PK\x03\x04") {
        return Err(Failure::new(
            Exit::Invalid,
            "this is a PDF or an office document, not text",
        )
        .at(file, 0, 0)
        .hint("save it as plain text or Fountain (UTF-8) and hand that in"));
    }
    if let Some(at) = bytes.iter().position(|b| *b == 0) {
        return Err(
            Failure::new(Exit::Invalid, "this is a binary file: it holds a zero byte")
                .at(file, line_of(at), column_of(at))
                .hint("hand in plain text: Fountain, a shot list or prose (UTF-8)"),
        );
    }
    let text = std::str::from_utf8(bytes).map_err(|e| {
        let at = e.valid_up_to();
        Failure::new(
            Exit::Invalid,
            format!("byte 0x{:02x} is not UTF-8", bytes[at]),
        )
        .at(file, line_of(at), column_of(at))
        .hint("save the file as UTF-8, for example `iconv -f latin1 -t utf-8 FILE > NEW`")
    })?;
    if !text.chars().any(char::is_alphanumeric) {
        return Err(Failure::new(Exit::Invalid, "there is no text in it")
            .at(file, 0, 0)
            .hint("a sentence is enough: `echo 'A boat crosses the bay at dawn.' > film.txt`"));
    }
    Ok(text.to_owned())
}

/// Reads a screenplay in whichever form it has.
pub fn read(text: &str, file: &str) -> Result<Reading, Failure> {
    let form = detect(text);
    let reading = match form {
        SourceForm::ShotList => {
            let list = shot_list::parse(text, file);
            Reading {
                script: list.script,
                form,
                warnings: list.warnings,
                header: list.header,
            }
        }
        SourceForm::Fountain => {
            let (script, warnings) = fountain::parse(text, file);
            Reading {
                script,
                form,
                warnings,
                header: Vec::new(),
            }
        }
        _ => Reading {
            script: prose::arrange(text),
            form: SourceForm::Prose,
            warnings: Vec::new(),
            header: Vec::new(),
        },
    };
    if !reading
        .script
        .elements
        .iter()
        .any(crate::film::script::Element::is_content)
    {
        return Err(
            Failure::new(Exit::Invalid, "nothing in it can be seen or heard")
                .at(file, 0, 0)
                .hint("add a line of action, such as `A boat crosses the bay.`"),
        );
    }
    Ok(reading)
}

/// Decides by what the text holds: shots, headings or a title page, else prose.
pub fn detect(text: &str) -> SourceForm {
    if shot_list::looks_like_one(text) {
        return SourceForm::ShotList;
    }
    let (script, _) = fountain::parse(text, "");
    let headings = script
        .elements
        .iter()
        .filter(|e| matches!(e, crate::film::script::Element::Heading { .. }))
        .count();
    let speeches = script.speeches().len();
    // A sentence with a colon is no title page: one has a known key, and a film behind it.
    let titled = script
        .title_page
        .iter()
        .any(|(k, _)| fountain::is_title_key(k))
        && script
            .elements
            .iter()
            .any(crate::film::script::Element::is_content);
    if headings > 0 || titled || speeches > 0 {
        SourceForm::Fountain
    } else {
        SourceForm::Prose
    }
}

/// What a shot list's header asks for the picture, `FORMAT: 1920x1080, 24 fps`.
pub fn header_format(
    header: &[(String, String)],
) -> (Option<crate::film::format::Format>, Option<Rate>) {
    let Some((_, value)) = header.iter().find(|(k, _)| k == "FORMAT") else {
        return (None, None);
    };
    let mut format = None;
    let mut rate = None;
    for part in value.split([',', ';', '/', '@']) {
        let part = part.trim();
        if let Ok(f) = crate::film::format::Format::parse(part) {
            format = format.or(Some(f));
        }
        let low = part.to_lowercase();
        if let Some(number) = low.strip_suffix("fps") {
            rate = rate.or(Rate::parse(number).ok());
        }
    }
    (format, rate)
}
