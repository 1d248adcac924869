//! Words by a provider: screenplays as Fountain, documents as changes to what is there. An answer that
//! cannot be used is shown its faults and asked for again, a bounded number of times.

use super::ask::{Ask, Hear};
use super::remote::Prompts;
use super::roles::{Hand, Inquiry, Revised, Revision, Text, TextRequest, Translation};
use crate::diagnostic::{Exit, Failure, Unusable};
use crate::plan::patch::pointer;
use anyhow::Result;
use serde::Deserialize;
use serde_json::{Value, json};
use std::sync::{Arc, Mutex, PoisonError};

/// A provider as a writer.
pub struct RemoteText {
    pub name: String,
    pub prompts: Prompts,
}

/// How long a screenplay of a source may get.
pub fn most_tokens(source: &str) -> u64 {
    (source.len() as u64 / 2 + 2000).min(32_000)
}

/// How often an answer that cannot be used is asked for again, with what is wrong with it.
pub const REPAIRS: u64 = 2;

/// What is asked for, in one question.
struct Question<'a> {
    what: &'a str,
    system: String,
    prompt: String,
    schema: Value,
    most_tokens: u64,
    hear: Hear,
}

impl RemoteText {
    /// Asks until an answer is accepted; what is wrong with one that is not goes along with the next try.
    fn answer<T>(
        &self,
        question: Question<'_>,
        hand: &Hand,
        accept: &dyn Fn(&str) -> Result<T, Vec<String>>,
    ) -> Result<T> {
        let mut prompt = question.prompt.clone();
        let mut attempt = 1;
        loop {
            let ask = Ask::Text {
                system: question.system.clone(),
                prompt,
                schema: Some((question.what.to_owned(), question.schema.clone())),
                most_tokens: question.most_tokens,
                hear: question.hear.clone(),
            };
            let outcome = hand.tasks.result(&self.name, &ask)?;
            let problems = match accept(&String::from_utf8_lossy(&outcome.bytes)) {
                Ok(answer) => return Ok(answer),
                Err(problems) => problems,
            };
            if attempt > REPAIRS {
                let failure = Failure::new(
                    Exit::TaskFailed,
                    format!(
                        "{} gave no {} that can be used, {attempt} times: {}",
                        self.name,
                        question.what,
                        problems.join("; ")
                    ),
                )
                .hint("its answers are kept in tasks/; another model may do better, or write it yourself: `greenlight edit RUN STAGE`");
                return Err(anyhow::Error::new(failure).context(Unusable));
            }
            prompt = self.prompts.fill(
                "repair",
                &[
                    ("prompt", &question.prompt),
                    (
                        "problems",
                        &format!("(answer {attempt})\n{}", problems.join("\n")),
                    ),
                ],
            );
            attempt += 1;
        }
    }
}

/// The lines of an answer, if every one is there, once and with words.
fn translated(said: &str, count: usize) -> Result<Vec<String>, Vec<String>> {
    let answer: Value = serde_json::from_str(said).unwrap_or_default();
    let Some(list) = answer["lines"].as_array() else {
        return Err(vec!["it is no JSON object with a list, `lines`".to_owned()]);
    };
    let mut out = vec![None; count];
    let mut problems = Vec::new();
    for line in list {
        let n = line["n"].as_u64().unwrap_or(0) as usize;
        let text = line["text"].as_str().unwrap_or("");
        let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        match out.get_mut(n.wrapping_sub(1)) {
            None => problems.push(format!("there is no line {n}")),
            Some(Some(_)) => problems.push(format!("line {n} is there twice")),
            Some(_) if text.is_empty() => problems.push(format!("line {n} is empty")),
            Some(place) => *place = Some(text),
        }
    }
    let missing = out.iter().enumerate().filter(|(_, line)| line.is_none());
    problems.extend(missing.map(|(i, _)| format!("line {} is missing", i + 1)));
    if problems.is_empty() {
        Ok(out.into_iter().flatten().collect())
    } else {
        Err(problems)
    }
}

/// The text of an answer; a program may give it as it is.
fn answered(said: &str) -> Result<String, Vec<String>> {
    let text = match serde_json::from_str::<Value>(said) {
        Ok(answer) if answer.is_object() => answer["text"].as_str().map(str::to_owned),
        Ok(_) => Some(said.to_owned()),
        Err(_) if said.trim_start().starts_with('{') => None,
        Err(_) => Some(said.to_owned()),
    };
    match text.filter(|t| t.chars().any(char::is_alphanumeric)) {
        Some(text) => Ok(text.trim().to_owned() + "\n"),
        None => Err(vec!["it is no JSON object with words in `text`".to_owned()]),
    }
}

impl Text for RemoteText {
    fn script(
        &self,
        request: &TextRequest,
        hand: &Hand,
        check: &dyn Fn(&str) -> Vec<String>,
    ) -> Result<String> {
        let prompt = match &request.current {
            Some(current) => self.prompts.fill(
                "revise",
                &[
                    (
                        "feedback",
                        request.feedback.as_deref().unwrap_or("make it better"),
                    ),
                    ("script", current),
                ],
            ),
            None => self.prompts.fill(
                "script",
                &[
                    ("seconds", &format!("{:.0}", request.seconds)),
                    (
                        "words",
                        &format!("{:.0}", request.seconds * request.pace / 60.0),
                    ),
                    ("title", &request.title),
                    ("language", &request.language),
                    ("mood", &request.mood),
                    ("notes", request.feedback.as_deref().unwrap_or("")),
                    ("guidance", &request.guidance),
                    ("outline", &request.outline),
                    ("source", &request.source),
                ],
            ),
        };
        let question = Question {
            what: "screenplay",
            system: self.prompts.fill("script_system", &[]),
            prompt,
            schema: json!({
                "type": "object", "additionalProperties": false, "required": ["fountain"],
                "properties": {"fountain": {"type": "string"}},
            }),
            most_tokens: most_tokens(&request.source),
            hear: Hear::default(),
        };
        self.answer(question, hand, &|said| {
            let fountain = serde_json::from_str::<Value>(said)
                .ok()
                .and_then(|v| v["fountain"].as_str().map(str::to_owned))
                .ok_or_else(|| vec!["it is no JSON object with one text, `fountain`".to_owned()])?;
            match check(&fountain) {
                problems if problems.is_empty() => Ok(fountain),
                problems => Err(problems),
            }
        })
    }

    fn translate(&self, request: &Translation, hand: &Hand) -> Result<Vec<String>> {
        let count = request.lines.len();
        let numbered: Vec<Value> = (request.lines.iter().enumerate())
            .map(|(n, text)| json!({"n": n + 1, "text": text}))
            .collect();
        let question = Question {
            what: "translation",
            system: self.prompts.fill("translate_system", &[]),
            prompt: self.prompts.fill(
                "translate",
                &[
                    ("title", &request.title),
                    ("from", &request.from),
                    ("to", &request.to),
                    ("lines", &json!(numbered).to_string()),
                ],
            ),
            schema: json!({
                "type": "object", "additionalProperties": false, "required": ["lines"],
                "properties": {"lines": {"type": "array", "items": {
                    "type": "object", "additionalProperties": false, "required": ["n", "text"],
                    "properties": {"n": {"type": "integer"}, "text": {"type": "string"}},
                }}},
            }),
            most_tokens: most_tokens(&numbered.iter().map(Value::to_string).collect::<String>()),
            hear: Hear::default(),
        };
        self.answer(question, hand, &|said| translated(said, count))
    }

    fn inquire(&self, request: &Inquiry, hand: &Hand) -> Result<String> {
        let documents: Vec<String> = (request.documents.iter())
            .map(|(name, text)| format!("{name}\n---\n{text}\n---"))
            .collect();
        let question = Question {
            what: "answer",
            system: self.prompts.fill("own_system", &[]),
            prompt: self.prompts.fill(
                "own",
                &[
                    ("title", &request.title),
                    ("question", &request.question),
                    ("language", &request.language),
                    ("before", request.before.as_deref().unwrap_or("")),
                    ("feedback", request.feedback.as_deref().unwrap_or("")),
                    ("documents", &documents.join("\n\n")),
                ],
            ),
            schema: json!({
                "type": "object", "additionalProperties": false, "required": ["text"],
                "properties": {"text": {"type": "string"}},
            }),
            most_tokens: most_tokens(&request.question),
            hear: Hear::default(),
        };
        self.answer(question, hand, &|said| answered(said))
    }

    fn revise(
        &self,
        request: &Revision,
        hand: &Hand,
        check: &dyn Fn(&Value) -> Vec<String>,
    ) -> Result<Revised> {
        let talk: Vec<String> = (request.talk.iter())
            .map(|(who, text)| format!("{who}: {text}"))
            .collect();
        let asked = match request.plan {
            Some(plan) => self.prompts.fill(plan, &[]),
            None => request.said.clone(),
        };
        let prompt = self.prompts.fill(
            "revise_document",
            &[
                ("document", &request.document.to_string()),
                ("schema", &request.schema.to_string()),
                ("about", &request.about),
                ("language", &request.language),
                ("talk", &talk.join("\n")),
                ("request", &asked),
            ],
        );
        let text = json!({"type": "string"});
        let question = Question {
            what: "revision",
            system: self.prompts.fill("revise_system", &[]),
            most_tokens: most_tokens(&request.document.to_string()),
            prompt,
            schema: json!({
                "type": "object", "additionalProperties": false, "required": ["answer", "changes"],
                "properties": {
                    "answer": text,
                    "changes": {"type": "array", "items": {
                        "type": "object", "additionalProperties": false,
                        "required": ["op", "path", "from", "value"],
                        "properties": {
                            "op": {"type": "string", "enum": ["add", "replace", "remove", "move"]},
                            "path": text, "from": text, "value": text,
                        },
                    }},
                },
            }),
            hear: spoken(request.hear.clone()),
        };
        self.answer(question, hand, &|said| {
            let answer: Answer = serde_json::from_str(said)
                .map_err(|e| vec![format!("it is not the JSON that was asked for: {e}")])?;
            let revised = answer.apply(&request.document).map_err(|why| vec![why])?;
            match check(&revised.document) {
                problems if problems.is_empty() => Ok(revised),
                problems => Err(problems),
            }
        })
    }
}

/// Lets somebody hear of a JSON answer what is said to the person, while it is being written.
fn spoken(hear: Hear) -> Hear {
    let Some(inner) = hear.0 else { return hear };
    let spoken = Mutex::new(Spoken::default());
    Hear(Some(Arc::new(move |piece: &str| {
        let mut spoken = spoken.lock().unwrap_or_else(PoisonError::into_inner);
        let new = spoken.take_in(piece);
        if !new.is_empty() {
            inner(&new);
        }
    })))
}

/// An answer as far as it has come.
#[derive(Default)]
struct Spoken {
    raw: String,
    said: usize,
    /// Marks that were made while the change itself was written.
    marks: usize,
}

/// So many bytes of a change make a mark.
const MARK: usize = 240;

impl Spoken {
    /// Takes in a piece, and returns what of the answer to the person is new.
    fn take_in(&mut self, piece: &str) -> String {
        const KEY: &str = "\"answer\"";
        self.raw.push_str(piece);
        let after = match self.raw.find(KEY) {
            Some(at) => self.raw[at + KEY.len()..].trim_start(),
            None => return String::new(),
        };
        let Some(text) = after
            .strip_prefix(':')
            .and_then(|t| t.trim_start().strip_prefix('"'))
        else {
            return String::new();
        };
        // Up to its end, or to the last letter that is whole.
        let mut rest = 0;
        let mut end = 0;
        let mut chars = text.char_indices();
        while let Some((at, c)) = chars.next() {
            match c {
                '"' => {
                    rest = text.len() - at - 1;
                    break;
                }
                '\\' => match chars.next() {
                    Some((_, 'u')) if text.len() >= at + 6 => {
                        chars.nth(3);
                        end = at + 6;
                    }
                    Some((at, c)) if c != 'u' => end = at + c.len_utf8(),
                    _ => break,
                },
                c => end = at + c.len_utf8(),
            }
        }
        let whole = (text.get(..end))
            .and_then(|t| serde_json::from_str::<String>(&format!("\"{t}\"")).ok());
        let Some(whole) = whole else {
            return String::new();
        };
        let mut new = whole.get(self.said..).unwrap_or_default().to_owned();
        self.said = whole.len().max(self.said);
        // The change comes after the words; that something comes is seen.
        while self.marks < rest / MARK {
            new.push_str(if self.marks == 0 { " …" } else { "." });
            self.marks += 1;
        }
        new
    }
}

/// What a model says of a document. Values are JSON in a text, which every server's schemas can say.
#[derive(Deserialize)]
struct Answer {
    answer: String,
    #[serde(default)]
    changes: Vec<Change>,
}

#[derive(Deserialize)]
struct Change {
    op: String,
    path: String,
    #[serde(default)]
    from: String,
    #[serde(default)]
    value: Value,
}

impl Answer {
    fn apply(self, document: &Value) -> Result<Revised, String> {
        let mut now = document.clone();
        let mut ops = Vec::new();
        for change in self.changes {
            let place = |at: &str| pointer::by_id(&now, at);
            let path = place(&change.path);
            // To replace what was left out is to add it; models know no difference.
            let kind = match change.op.as_str() {
                "replace" if now.pointer(&path).is_none() => "add",
                other => other,
            };
            let mut op = json!({"op": kind, "path": path});
            match change.op.as_str() {
                "move" => op["from"] = json!(place(&change.from)),
                "add" | "replace" => op["value"] = value(change.value),
                _ => {}
            }
            let one: json_patch::Patch = serde_json::from_value(json!([op]))
                .map_err(|e| format!("`{} {}`: {e}", change.op, change.path))?;
            json_patch::patch(&mut now, &one)
                .map_err(|e| format!("`{} {}`: {e}", change.op, change.path))?;
            ops.push(op);
        }
        Ok(Revised {
            answer: self.answer,
            ops: Value::Array(ops),
            document: now,
        })
    }
}

/// JSON in a text, or a plain text, or, from servers that keep no schema, the value itself.
fn value(said: Value) -> Value {
    match said {
        Value::String(text) => serde_json::from_str(&text).unwrap_or(Value::String(text)),
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(changes: Value, want: Result<Value, &str>) {
        let document = json!({"beats": [{"id": "a", "shots": [{"id": "s01_010", "prompt": "x"}, {"id": "s01_020", "prompt": "y"}]}]});
        let answer: Answer =
            serde_json::from_value(json!({"answer": "", "changes": changes})).unwrap();
        match (answer.apply(&document), want) {
            (Ok(revised), Ok(want)) => {
                assert_eq!(revised.document, want);
                // The changes say the same to anybody who applies patches.
                let mut again = document.clone();
                let ops: json_patch::Patch = serde_json::from_value(revised.ops).unwrap();
                json_patch::patch(&mut again, &ops).unwrap();
                assert_eq!(again, want);
            }
            (Err(why), Err(want)) => assert!(why.contains(want), "{why}"),
            (got, want) => panic!("{:?} for {want:?}", got.map(|r| r.document)),
        }
    }

    #[test]
    fn an_answer_is_heard_as_it_is_written() {
        let whole = r#"{"answer": "Gr\u00fcn, \"so\"\nist es…", "changes": []}"#;
        for size in [1, 2, 3, 7, 40] {
            let mut spoken = Spoken::default();
            let letters: Vec<char> = whole.chars().collect();
            let heard: String = letters
                .chunks(size)
                .map(|piece| spoken.take_in(&piece.iter().collect::<String>()))
                .collect();
            assert_eq!(heard, "Grün, \"so\"\nist es…", "pieces of {size}");
        }
    }

    #[test]
    fn while_a_change_is_written_something_is_seen() {
        let change = "x".repeat(MARK * 3);
        let whole = format!(r#"{{"answer": "Done.", "changes": "{change}"}}"#);
        let mut spoken = Spoken::default();
        let pieces = whole.as_bytes().chunks(50);
        let heard: String = pieces
            .map(|p| spoken.take_in(std::str::from_utf8(p).unwrap()))
            .collect();
        assert_eq!(heard, "Done. …..");
    }

    #[test]
    fn changes_find_their_places_by_id() {
        check(
            json!([
                {"op": "remove", "path": "/beats/a/shots/s01_010", "from": "", "value": ""},
                {"op": "replace", "path": "/beats/a/shots/s01_020/prompt", "from": "", "value": "rain"},
                {"op": "add", "path": "/beats/0/shots/-", "from": "", "value": "{\"prompt\": \"z\"}"},
            ]),
            Ok(
                json!({"beats": [{"id": "a", "shots": [{"id": "s01_020", "prompt": "rain"}, {"prompt": "z"}]}]}),
            ),
        );
        check(
            json!([{"op": "replace", "path": "/beats/a/shots/s09_010/prompt", "value": "rain"}]),
            Err("s09_010"),
        );
    }
}
