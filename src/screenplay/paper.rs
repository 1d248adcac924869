//! Documents that are handed in beside a film's fields, as plain text: paragraphs with a blank line between them,
//! headings marked as in Markdown.

use crate::diagnostic::{Exit, Failure};
use pulldown_cmark::{Event, Parser, Tag, TagEnd};
use quick_xml::events::Event as Xml;
use std::io::Read;

/// The largest document that is read, in bytes.
pub const MOST_BYTES: u64 = 32 << 20;
/// What is unpacked of a document at most: what is packed too well is refused.
const MOST_UNPACKED: u64 = 64 << 20;

/// Kinds of documents, by the end of their names.
pub const KINDS: [&str; 5] = ["txt", "md", "markdown", "pdf", "docx"];

/// What reads a PDF: somebody who may fail at it.
pub type Reader<'a> = &'a dyn Fn(&[u8]) -> Option<String>;

/// A document's text.
///
/// # Errors
/// It is of no kind that is read, is not what its name says, or holds no words (exit 65).
pub fn text(name: &str, bytes: &[u8], pdf: Reader<'_>) -> Result<String, Failure> {
    let wrong = |why: &str, hint: &str| {
        Failure::new(Exit::Invalid, why.to_owned())
            .at(name, 0, 0)
            .hint(hint.to_owned())
    };
    let end = name.rsplit_once('.').map(|(_, e)| e.to_lowercase());
    let text = match end.as_deref() {
        Some("txt") => super::decode(bytes, name)?,
        Some("md" | "markdown") => markdown(&super::decode(bytes, name)?),
        Some("pdf") => pdf(bytes).ok_or_else(|| {
            wrong(
                "this PDF cannot be read",
                "export it anew, or hand in its text as .txt",
            )
        })?,
        Some("docx") => docx(bytes).ok_or_else(|| {
            wrong(
                "this is no Word document that can be read",
                "save it as .docx, or hand in its text as .txt",
            )
        })?,
        _ => {
            return Err(wrong(
                "documents are text (.txt), Markdown (.md), PDF or Word (.docx)",
                "convert it to one of these",
            ));
        }
    };
    let lines: Vec<&str> = text.lines().map(str::trim_end).collect();
    let text = lines.join("\n");
    if !text.chars().any(char::is_alphanumeric) {
        return Err(wrong(
            "there are no words in it",
            "a scanned page has pictures only: hand in its text",
        ));
    }
    Ok(text)
}

/// Words and headings of Markdown; links, pictures, code and tables lose their marks.
fn markdown(text: &str) -> String {
    let mut out = String::new();
    let options = pulldown_cmark::Options::ENABLE_TABLES;
    for event in Parser::new_ext(text, options) {
        match event {
            Event::Start(Tag::Heading { level, .. }) => {
                out.push_str(&"#".repeat(level as usize));
                out.push(' ');
            }
            Event::Text(t) | Event::Code(t) => out.push_str(&t),
            Event::SoftBreak | Event::HardBreak => out.push(' '),
            Event::End(
                TagEnd::Paragraph
                | TagEnd::Heading(_)
                | TagEnd::Item
                | TagEnd::TableCell
                | TagEnd::TableRow
                | TagEnd::TableHead
                | TagEnd::CodeBlock,
            ) => out.push_str("\n\n"),
            _ => {}
        }
    }
    out
}

/// The words of a PDF. A broken one may break its reader: whoever calls it must stand that.
pub fn pdf(bytes: &[u8]) -> Option<String> {
    let text = pdf_extract::extract_text_from_mem(bytes).ok()?;
    // Its lines are those of the page: a paragraph ends where a line is empty or a sentence ends a short line.
    let mut out = String::new();
    let longest = text.lines().map(|l| l.trim().chars().count()).max();
    for line in text.lines().map(str::trim) {
        if line.is_empty() {
            out.push_str("\n\n");
            continue;
        }
        out.push_str(line);
        let length = line.chars().count();
        let short = length * 4 < longest.unwrap_or(0) * 3;
        let ended = line.ends_with(['.', '!', '?', ':', '”', '"']);
        // A very short line that ends nothing is a heading, or a cell.
        let alone = !ended && length * 2 < longest.unwrap_or(0);
        out.push_str(if (short && ended) || alone {
            "\n\n"
        } else {
            " "
        });
    }
    Some(out)
}

/// The paragraphs of a Word document, its headings marked.
fn docx(bytes: &[u8]) -> Option<String> {
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(bytes)).ok()?;
    let file = archive.by_name("word/document.xml").ok()?;
    let mut xml = String::new();
    file.take(MOST_UNPACKED + 1).read_to_string(&mut xml).ok()?;
    if xml.len() as u64 > MOST_UNPACKED {
        return None;
    }
    let mut reader = quick_xml::Reader::from_str(&xml);
    let mut out = String::new();
    let mut words = false;
    // What was moved away or taken out is no longer said.
    let mut gone = 0usize;
    loop {
        match reader.read_event().ok()? {
            Xml::Eof => return Some(out),
            Xml::Start(tag) => match tag.local_name().as_ref() {
                "t" => words = gone == 0,
                "moveFrom" | "del" => gone += 1,
                _ => {}
            },
            Xml::Empty(tag) => match tag.local_name().as_ref() {
                "tab" | "br" | "cr" => out.push(' '),
                "noBreakHyphen" => out.push('-'),
                "pStyle" => {
                    let styles = tag.attributes().flatten();
                    let heading = styles
                        .map(|a| a.value.into_owned())
                        .find_map(|v| v.strip_prefix("Heading")?.parse::<usize>().ok());
                    if let Some(level) = heading {
                        out.push_str(&"#".repeat(level.clamp(1, 6)));
                        out.push(' ');
                    }
                }
                _ => {}
            },
            Xml::Text(text) if words => out.push_str(&text),
            // A dose with a sign left out is another dose: what is not known is not guessed.
            Xml::GeneralRef(name) if words => match name.resolve_char_ref().ok()? {
                Some(sign) => out.push(sign),
                None => out.push_str(match name.as_ref() {
                    "amp" => "&",
                    "lt" => "<",
                    "gt" => ">",
                    "quot" => "\"",
                    "apos" => "'",
                    _ => return None,
                }),
            },
            Xml::End(tag) => match tag.local_name().as_ref() {
                "t" => words = false,
                "moveFrom" | "del" => gone = gone.saturating_sub(1),
                "p" => out.push_str("\n\n"),
                _ => {}
            },
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markdown_becomes_words_and_headings() {
        let read = text(
            "a.md",
            b"# Cold *chain*\n\nKeep it [cold](x).\nAlways.\n\n- one\n- two\n",
            &|_| None,
        )
        .unwrap();
        assert_eq!(
            read.trim(),
            "# Cold chain\n\nKeep it cold. Always.\n\none\n\ntwo"
        );
    }

    #[test]
    fn what_is_no_document_is_refused_by_name() {
        for (name, bytes) in [
            ("a.xlsx", &b"x"[..]),
            ("a.pdf", b"%PDF-1.4 nothing"),
            ("a.docx", b"PK\x03\x04 nothing"),
            ("a.txt", b"   \n"),
            ("noname", b"words"),
        ] {
            let failure = text(name, bytes, &|_| None).unwrap_err();
            assert_eq!(failure.exit, Exit::Invalid, "{name}");
            assert!(failure.to_string().contains(name), "{failure}");
        }
    }

    #[test]
    fn a_word_document_is_read_with_its_headings() {
        use std::io::Write;
        let mut bytes = std::io::Cursor::new(Vec::new());
        let mut archive = zip::ZipWriter::new(&mut bytes);
        archive
            .start_file(
                "word/document.xml",
                zip::write::SimpleFileOptions::default(),
            )
            .unwrap();
        archive
            .write_all(br#"<w:document xmlns:w="x"><w:body><w:p><w:pPr><w:pStyle w:val="Heading1"/></w:pPr><w:r><w:t>Doses</w:t></w:r></w:p><w:p><w:r><w:t>Salt &amp; 5&#160;&#956;g </w:t><w:t/></w:r><w:del><w:r><w:t>no </w:t></w:r></w:del><w:r><w:t>water.</w:t></w:r></w:p></w:body></w:document>"#)
            .unwrap();
        archive.finish().unwrap();
        assert_eq!(
            text("a.docx", bytes.get_ref(), &|_| None).unwrap().trim(),
            "# Doses\n\nSalt & 5\u{a0}\u{3bc}g water."
        );
    }
}
