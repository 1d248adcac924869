//! Fountain in and out. The rules and their order are those of the Fountain syntax 1.1, with the
//! choices readers differ on settled as the README's "Screenplays" says.

use super::lexer::{self, Line};
use crate::diagnostic::Problem;
use crate::film::script::{Element, Script, is_forced_heading, is_heading};

/// Reads a Fountain text. No text is refused: what fits no rule is action.
pub fn parse(text: &str, file: &str) -> (Script, Vec<Problem>) {
    let mut warnings = Vec::new();
    let lines = lexer::lines(text, file, &mut warnings);
    let mut reader = Reader {
        file,
        lines: &lines,
        out: Vec::new(),
        warnings,
        action: Vec::new(),
        speech: None,
        shots: Vec::new(),
    };
    let (title_page, first) = title_page(&lines);
    reader.body(first);
    let warnings = reader.warnings;
    (
        Script {
            title_page,
            elements: reader.out,
        },
        warnings,
    )
}

const TITLE_KEYS: [&str; 12] = [
    "title",
    "credit",
    "author",
    "authors",
    "source",
    "notes",
    "draft date",
    "date",
    "contact",
    "copyright",
    "revision",
    "format",
];

/// Whether a key is one that title pages have.
pub fn is_title_key(key: &str) -> bool {
    TITLE_KEYS.contains(&key.to_lowercase().as_str()) || key.eq_ignore_ascii_case("author(s)")
}

type TitlePage = Vec<(String, Vec<String>)>;

/// Reads the title page, if there is one; returns it and the first line of the body.
fn title_page(lines: &[Line]) -> (TitlePage, usize) {
    let Some(first) = lines.first() else {
        return (Vec::new(), 0);
    };
    let key_of = |text: &str| -> Option<(String, String)> {
        if text.starts_with([' ', '\t']) {
            return None;
        }
        let (key, value) = text.split_once(':')?;
        let key = key.trim();
        (!key.is_empty()
            && key
                .chars()
                .all(|c| c.is_alphanumeric() || " ()-_".contains(c)))
        .then(|| (key.to_owned(), value.trim().to_owned()))
    };
    let Some((key, value)) = key_of(&first.text) else {
        return (Vec::new(), 0);
    };
    let known = is_title_key(&key);
    let is_transition = FIXED_TRANSITIONS.contains(&first.text.trim())
        || key.to_uppercase() == key && (key.ends_with(" TO") || key == "FADE IN");
    if (!known && value.is_empty()) || is_transition || (!known && is_heading(&first.text)) {
        return (Vec::new(), 0);
    }
    let mut page: TitlePage = Vec::new();
    let mut at = 0;
    for line in lines {
        if line.is_blank() {
            break;
        }
        at += 1;
        if line.emptied {
            continue;
        }
        match key_of(&line.text) {
            Some((key, value)) => {
                let values = if value.is_empty() {
                    Vec::new()
                } else {
                    vec![value]
                };
                match page.iter_mut().find(|(k, _)| k.eq_ignore_ascii_case(&key)) {
                    Some((_, old)) => old.extend(values),
                    None => page.push((key, values)),
                }
            }
            None => {
                if let Some((_, values)) = page.last_mut() {
                    values.push(line.text.trim().to_owned());
                }
            }
        }
    }
    (page, at)
}

const FIXED_TRANSITIONS: [&str; 12] = [
    "FADE IN:",
    "FADE OUT.",
    "FADE TO BLACK.",
    "CUT TO BLACK.",
    // Between two places, and back.
    "INTERCUT WITH:",
    "INTERCUT:",
    "INTERCUT BETWEEN:",
    "BACK TO:",
    "BACK TO SCENE.",
    "BACK TO SCENE",
    "END INTERCUT.",
    "END INTERCUT",
];

fn is_transition(text: &str) -> bool {
    let trimmed = text.trim_start();
    FIXED_TRANSITIONS.contains(&trimmed)
        || (trimmed.ends_with("TO:") && !trimmed.chars().any(char::is_lowercase))
}

/// No lower-case letter outside brackets, at least one capital, not ending in two spaces.
fn is_speaker(text: &str) -> bool {
    if text.ends_with("  ") {
        return false;
    }
    let mut depth = 0usize;
    let mut capital = false;
    for c in text.chars() {
        match c {
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            c if depth == 0 && c.is_lowercase() => return false,
            c if depth == 0 && c.is_uppercase() => capital = true,
            _ => {}
        }
    }
    capital
}

struct Reader<'a> {
    file: &'a str,
    lines: &'a [Line],
    out: Vec<Element>,
    warnings: Vec<Problem>,
    action: Vec<String>,
    /// Lines of speech gathered so far, while somebody speaks.
    speech: Option<Vec<String>>,
    /// Directions that wait for the end of a speech.
    shots: Vec<String>,
}

impl Reader<'_> {
    fn body(&mut self, first: usize) {
        let mut blank_before = true;
        for (at, line) in self.lines.iter().enumerate().skip(first) {
            if line.emptied {
                if self.speech.is_none() && !line.shots.is_empty() {
                    self.flush();
                }
                self.shots(&line.shots);
                continue;
            }
            if line.is_blank() {
                self.flush();
                blank_before = true;
                continue;
            }
            if self.speech.is_none() && !line.shots.is_empty() {
                self.flush();
            }
            self.shots(&line.shots);
            let blank_after = self.lines[at + 1..]
                .iter()
                .find(|l| !l.emptied)
                .is_none_or(Line::is_blank);
            self.line(line, blank_before, blank_after);
            blank_before = false;
        }
        self.flush();
    }

    fn shots(&mut self, shots: &[String]) {
        if self.speech.is_some() {
            self.shots.extend_from_slice(shots);
        } else {
            self.out.extend(shots.iter().cloned().map(Element::Shot));
        }
    }

    fn flush(&mut self) {
        self.flush_speech();
        if self.speech.take().is_some() {
            let shots = std::mem::take(&mut self.shots);
            self.out.extend(shots.into_iter().map(Element::Shot));
        }
        if !self.action.is_empty() {
            let text = self.action.join("\n");
            self.action.clear();
            self.out.push(Element::Action(text));
        }
    }

    fn flush_speech(&mut self) {
        if let Some(lines) = &mut self.speech
            && !lines.is_empty()
        {
            let text = lines.join("\n");
            lines.clear();
            self.out.push(Element::Speech(text));
        }
    }

    fn push(&mut self, element: Element) {
        self.flush();
        self.out.push(element);
    }

    fn line(&mut self, line: &Line, blank_before: bool, blank_after: bool) {
        let raw = line.text.as_str();
        let text = raw.trim();
        if text.len() >= 3 && text.chars().all(|c| c == '=') {
            return self.push(Element::PageBreak);
        }
        if let Some(synopsis) = text.strip_prefix('=')
            && !synopsis.starts_with('=')
        {
            return self.push(Element::Synopsis(synopsis.trim().to_owned()));
        }
        if text.starts_with('#') {
            let level = text.chars().take_while(|c| *c == '#').count();
            if level <= 6 {
                let title = text.trim_matches('#').trim().to_owned();
                return self.push(Element::Section { level, text: title });
            }
        }
        if let Some(inner) = text.strip_prefix('>') {
            return match inner.strip_suffix('<') {
                Some(centred) => self.push(Element::Centred(centred.trim().to_owned())),
                None => self.push(Element::Transition(inner.trim().to_owned())),
            };
        }
        if let Some(forced) = raw.trim_start().strip_prefix('!') {
            if self.speech.is_some() {
                self.flush();
            }
            return self.action.push(detab(forced));
        }
        if let Some(lyric) = text.strip_prefix('~') {
            let lyric = Element::Lyric(lyric.trim().to_owned());
            return match self.speech {
                Some(_) => {
                    self.flush_speech();
                    self.out.push(lyric);
                }
                None => self.push(lyric),
            };
        }
        if is_forced_heading(text) {
            return self.heading(line, &text[1..], true);
        }
        let after_heading =
            self.action.is_empty() && matches!(self.out.last(), Some(Element::Heading { .. }));
        if (blank_before || after_heading) && self.speech.is_none() && is_heading(text) {
            if !blank_before {
                self.warnings.push(
                    Problem::new("two headings without an empty line between them").at(
                        self.file,
                        line.number,
                        1,
                    ),
                );
            }
            return self.heading(line, text, false);
        }
        if self.speech.is_none() {
            if blank_before && blank_after && is_transition(raw) {
                return self.push(Element::Transition(text.to_owned()));
            }
            if blank_before
                && let Some(name) = text.strip_prefix('@')
                && !name.trim().is_empty()
                && !blank_after
            {
                return self.speaker(name);
            }
            if blank_before && !blank_after && is_speaker(raw) {
                return self.speaker(text);
            }
            if after_heading && !blank_before {
                self.warnings.push(
                    Problem::new("text straight under a heading; it is read as action")
                        .at(self.file, line.number, 1)
                        .hint("leave an empty line between"),
                );
            }
            return self.action.push(detab(raw.trim_end()));
        }
        if let Some(inner) = text.strip_prefix('(').and_then(|t| t.strip_suffix(')')) {
            self.flush_speech();
            return self
                .out
                .push(Element::Parenthetical(inner.trim().to_owned()));
        }
        if let Some(lines) = &mut self.speech {
            lines.push(text.to_owned());
        }
    }

    fn heading(&mut self, line: &Line, text: &str, forced: bool) {
        let _ = line;
        let (text, number) = scene_number(text.trim());
        self.push(Element::Heading {
            text,
            number,
            forced,
        });
    }

    fn speaker(&mut self, text: &str) {
        self.flush();
        let text = text.trim();
        let (name, dual) = match text.strip_suffix('^') {
            Some(name) => (name.trim(), true),
            None => (text, false),
        };
        // `^` means "beside the speech before it": without one it is an ordinary speech.
        let dual = dual
            && self
                .out
                .iter()
                .any(|e| matches!(e, Element::Speaker { .. }));
        self.out.push(Element::Speaker {
            name: name.to_owned(),
            dual,
        });
        self.speech = Some(Vec::new());
    }
}

/// Takes the last `#…#` off a heading, if it can be a scene number.
fn scene_number(text: &str) -> (String, Option<String>) {
    if let Some(body) = text.strip_suffix('#')
        && let Some(open) = body.rfind('#')
    {
        let number = &body[open + 1..];
        if !number.is_empty()
            && number
                .chars()
                .all(|c| c.is_alphanumeric() || c == '-' || c == '.')
        {
            return (body[..open].trim().to_owned(), Some(number.to_owned()));
        }
    }
    (text.to_owned(), None)
}

fn detab(text: &str) -> String {
    text.replace('\t', "    ")
}

/// Writes a script as Fountain: one empty line between elements, none inside a speech, and a force
/// mark wherever plain text would be misread. Reading it gives the same elements.
pub fn write(script: &Script) -> String {
    let mut out = String::new();
    for (key, values) in &script.title_page {
        match values.as_slice() {
            [one] => out.push_str(&format!("{key}: {one}\n")),
            many => {
                out.push_str(&format!("{key}:\n"));
                for value in many {
                    out.push_str(&format!("    {value}\n"));
                }
            }
        }
    }
    let mut in_speech = false;
    for (at, element) in script.elements.iter().enumerate() {
        let speech_part = matches!(element, Element::Parenthetical(_) | Element::Speech(_))
            || (in_speech && matches!(element, Element::Lyric(_)));
        let goes_on = in_speech && speech_part;
        if !goes_on && !out.is_empty() {
            out.push('\n');
        }
        in_speech = matches!(element, Element::Speaker { .. }) || (in_speech && speech_part);
        match element {
            Element::Heading {
                text,
                number,
                forced,
            } => {
                let dot = if *forced || !is_heading(text) {
                    "."
                } else {
                    ""
                };
                // A heading that itself ends in `#x#` needs a number of its own to keep it.
                let tail = number
                    .as_ref()
                    .map(|n| format!(" #{n}#"))
                    .unwrap_or_default();
                out.push_str(&format!("{dot}{text}{tail}\n"));
            }
            Element::Action(text) => {
                for (i, line) in text.split('\n').enumerate() {
                    let first =
                        i == 0 && at == 0 && script.title_page.is_empty() && line.contains(':');
                    let mark = if first || misread(line, i == 0) {
                        "!"
                    } else {
                        ""
                    };
                    out.push_str(&format!("{mark}{line}\n"));
                }
            }
            Element::Speaker { name, dual } => {
                let at_sign = if is_speaker(name) && !misread_speaker(name) {
                    ""
                } else {
                    "@"
                };
                let dual = if *dual { " ^" } else { "" };
                out.push_str(&format!("{at_sign}{name}{dual}\n"));
            }
            Element::Parenthetical(text) => out.push_str(&format!("({text})\n")),
            Element::Speech(text) => {
                for line in text.split('\n') {
                    // An empty line would end the speech; two spaces keep it.
                    out.push_str(if line.is_empty() { "  " } else { line });
                    out.push('\n');
                }
            }
            Element::Lyric(text) => out.push_str(&format!("~{text}\n")),
            Element::Transition(text) => {
                let mark = if is_transition(text)
                    && !text.starts_with(['>', '!', '.', '@', '~', '=', '#'])
                {
                    ""
                } else {
                    "> "
                };
                out.push_str(&format!("{mark}{text}\n"));
            }
            Element::Centred(text) => out.push_str(&format!("> {text} <\n")),
            Element::Section { level, text } => {
                out.push_str(&format!("{} {text}\n", "#".repeat(*level)))
            }
            Element::Synopsis(text) => out.push_str(&format!("= {text}\n")),
            Element::PageBreak => out.push_str("===\n"),
            Element::Shot(text) => out.push_str(&format!("[[shot: {text}]]\n")),
        }
    }
    out
}

/// Whether a line of action, written as it is, would be read as something else.
fn misread(line: &str, first: bool) -> bool {
    let text = line.trim();
    text.is_empty()
        || text.starts_with(['=', '#', '>', '!', '~', '@'])
        || is_forced_heading(text)
        || is_heading(text)
        || (first && (is_speaker(line) || is_transition(line)))
}

fn misread_speaker(name: &str) -> bool {
    name.starts_with(['!', '>', '~', '=', '#', '.', '@']) || is_heading(name) || is_transition(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kinds(text: &str) -> Vec<String> {
        parse(text, "")
            .0
            .elements
            .iter()
            .map(|e| match e {
                Element::Heading { text, number, .. } => format!(
                    "heading {text}{}",
                    number
                        .as_ref()
                        .map(|n| format!(" #{n}"))
                        .unwrap_or_default()
                ),
                Element::Action(t) => format!("action {t}"),
                Element::Speaker { name, dual } => {
                    format!("speaker {name}{}", if *dual { " ^" } else { "" })
                }
                Element::Parenthetical(t) => format!("how {t}"),
                Element::Speech(t) => format!("speech {t}"),
                Element::Lyric(t) => format!("lyric {t}"),
                Element::Transition(t) => format!("transition {t}"),
                Element::Centred(t) => format!("centred {t}"),
                Element::Section { level, text } => format!("section {level} {text}"),
                Element::Synopsis(t) => format!("synopsis {t}"),
                Element::PageBreak => "page".to_owned(),
                Element::Shot(t) => format!("shot {t}"),
            })
            .collect()
    }

    #[track_caller]
    fn check(text: &str, expected: &[&str]) {
        assert_eq!(kinds(text), expected, "{text:?}");
        let (script, _) = parse(text, "");
        let written = write(&script);
        assert_eq!(parse(&written, "").0, script, "written again: {written:?}");
    }

    #[test]
    fn headings() {
        check("int house - day", &["heading int house - day"]);
        check("INT. ROOM #237 #42#", &["heading INT. ROOM #237 #42"]);
        check(".SNIPER SCOPE POV", &["heading SNIPER SCOPE POV"]);
        check("...where he waits.", &["action ...where he waits."]);
        check(
            "ESTABLISHING SHOT\n\nINTERNAL AFFAIRS\n\nEXTRAS",
            &[
                "action ESTABLISHING SHOT",
                "action INTERNAL AFFAIRS",
                "action EXTRAS",
            ],
        );
        check(
            "INT. A - DAY\nINT. B - DAY",
            &["heading INT. A - DAY", "heading INT. B - DAY"],
        );
        check(
            "EXT. PIER - DAY\nGulls.",
            &["heading EXT. PIER - DAY", "action Gulls."],
        );
        check(
            "I/E. CAR - NIGHT\n\nEXT/INT. BOAT",
            &["heading I/E. CAR - NIGHT", "heading EXT/INT. BOAT"],
        );
    }

    #[test]
    fn speakers_and_speeches() {
        check(
            "STEEL\nBeer's ready!",
            &["speaker STEEL", "speech Beer's ready!"],
        );
        check("BRICK ^\nScrew it.", &["speaker BRICK", "speech Screw it."]);
        check(
            "A\nOne.\n\nB ^\nTwo.",
            &["speaker A", "speech One.", "speaker B ^", "speech Two."],
        );
        check("23\n(O.S.)", &["action 23\n(O.S.)"]);
        check("R2D2\nBeep.", &["speaker R2D2", "speech Beep."]);
        check("Han (O.S.)\nHello.", &["action Han (O.S.)\nHello."]);
        check(
            "@Han (O.S.)\nHello.",
            &["speaker Han (O.S.)", "speech Hello."],
        );
        check(
            "HANS (on the radio)\nHello.",
            &["speaker HANS (on the radio)", "speech Hello."],
        );
        check(
            "STEEL\n(beer raised)\nTo retirement.\n(beat)\nNow.",
            &[
                "speaker STEEL",
                "how beer raised",
                "speech To retirement.",
                "how beat",
                "speech Now.",
            ],
        );
        check(
            "DAN\nThen\n  \nlater.",
            &["speaker DAN", "speech Then\n\nlater."],
        );
        check("ŁUCJA\nTak.", &["speaker ŁUCJA", "speech Tak."]);
        check("JIM\n\nalone", &["action JIM", "action alone"]);
        check(
            "WILLY\n~ Come with me\n~ and sing",
            &["speaker WILLY", "lyric Come with me", "lyric and sing"],
        );
    }

    #[test]
    fn transitions_and_marks() {
        check("SMASH CUT TO:", &["transition SMASH CUT TO:"]);
        check("SMASH CUT TO: ", &["action SMASH CUT TO:"]);
        check("cut to:", &["action cut to:"]);
        check("> BURN TO PINK.", &["transition BURN TO PINK."]);
        check(
            "> THE END <\n> & MORE <",
            &["centred THE END", "centred & MORE"],
        );
        check(
            "====\n\n= They meet.\n\n## Meet Scott ##",
            &["page", "synopsis They meet.", "section 2 Meet Scott"],
        );
        check(
            "!SCANNING THE AISLES…\nWhere is he?",
            &["action SCANNING THE AISLES…\nWhere is he?"],
        );
    }

    #[test]
    fn notes_and_boneyards() {
        check("A [[note]] b.", &["action A  b."]);
        check(
            "MARTA\nHello\n[[aside]]\nthere.",
            &["speaker MARTA", "speech Hello\nthere."],
        );
        check(
            "[[shot: close up, 3s]]\nA key.",
            &["shot close up, 3s", "action A key."],
        );
        check("One /* cut\n\nfor time */ two.", &["action One  two."]);
        check("One /* never closed", &["action One /* never closed"]);
        check("[[broken\n\nnote]]", &["action [[broken", "action note]]"]);
    }

    #[test]
    fn title_pages() {
        let (script, _) = parse(
            "Title:\n\tBIG\n\tFISH\nAuthor: John\n\nFADE IN:\n\nAction.",
            "",
        );
        assert_eq!(script.title().as_deref(), Some("BIG FISH"));
        assert_eq!(
            kinds("FADE IN:\n\nA."),
            ["transition FADE IN:", "action A."]
        );
        assert_eq!(kinds("CUT TO:\n\nA."), ["transition CUT TO:", "action A."]);
    }
}
