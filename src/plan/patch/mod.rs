//! JSON patches: checked whole, applied whole or not at all.

mod lengths;
mod levels;
pub mod pointer;
mod words;

pub use lengths::scale;

use crate::diagnostic::{Exit, Failure, Problem, nearest};
use crate::film::assets::Assets;
use crate::film::audio::{Audio, LEVEL_LIMIT_DB};
use crate::film::document;
use crate::film::outline::Outline;
use crate::film::references::References;
use crate::film::retouch::retouch;
use crate::film::stage::Stage;
use crate::film::storyboard::Storyboard;
use crate::film::time::Rate;
use crate::film::tree::Strict;
use schemars::JsonSchema;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

/// The most bytes a patch may hold.
pub const MOST_BYTES: usize = 1024 * 1024;
const MOST_REPLACEMENTS: usize = 1000;

/// The types of patches, with an example each that works on the right content.
pub const TYPES: [(&str, &str, &str); 6] = [
    (
        "text_replace",
        "change words of the script",
        r#"{"type":"text_replace","replacements":[{"old":"Good morning.","new":"Good evening."}]}"#,
    ),
    (
        "duration_adjust",
        "change the length of beats or shots; a beat's shots are scaled",
        r#"{"type":"duration_adjust","beat_adjustments":[{"beat_id":"ext_pier_dawn","duration":8.0}]}"#,
    ),
    (
        "level_adjust",
        "make a cue, or all of it, louder or quieter",
        r#"{"type":"level_adjust","level_change_db":-3.0,"cue":"m_01"}"#,
    ),
    (
        "section_replace",
        "write a scene of the script anew",
        r#"{"type":"section_replace","section":"INT. OFFICE - DAY","text":"INT. OFFICE - NIGHT\n\nThe desk is empty.\n"}"#,
    ),
    (
        "json_patch",
        "change a YAML file by RFC 6902",
        r#"{"type":"json_patch","stage":"outline","ops":[{"op":"replace","path":"/mood","value":"tense"}]}"#,
    ),
    (
        "merge_patch",
        "change a YAML file by RFC 7396",
        r#"{"type":"merge_patch","stage":"references","merge":{"style":{"look":"noir"}}}"#,
    ),
];

#[derive(Debug, Clone, PartialEq)]
pub struct Patch {
    pub kind: Kind,
    pub stage: Option<Stage>,
    /// Applies only if the stage's content has this fingerprint.
    pub base: Option<String>,
    pub request_id: Option<String>,
    pub reason: Option<String>,
}

#[derive(Debug, Clone, PartialEq)]
pub enum Kind {
    TextReplace(Vec<Replacement>),
    DurationAdjust(Vec<Adjustment>),
    LevelAdjust {
        change_db: f64,
        cue: Option<String>,
    },
    SectionReplace {
        /// A heading, or a number counted from one.
        section: String,
        expect: Option<String>,
        text: String,
    },
    JsonPatch(json_patch::Patch),
    MergePatch(Value),
}

#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Replacement {
    pub old: String,
    pub new: String,
    /// Counted from one.
    #[serde(default)]
    pub occurrence: Option<usize>,
    #[serde(default)]
    pub all: bool,
}

#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Adjustment {
    #[serde(default)]
    pub beat_id: Option<String>,
    #[serde(default)]
    pub shot_id: Option<String>,
    /// Seconds.
    pub duration: f64,
    /// The seconds it must have now.
    #[serde(default)]
    pub expect: Option<f64>,
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Typed {
    r#type: String,
    #[serde(default)]
    stage: Option<String>,
    #[serde(default)]
    base: Option<String>,
    #[serde(default)]
    request_id: Option<String>,
    #[serde(default)]
    reason: Option<String>,
    #[serde(default)]
    replacements: Option<Vec<Replacement>>,
    #[serde(default)]
    beat_adjustments: Option<Vec<Adjustment>>,
    #[serde(default)]
    level_change_db: Option<f64>,
    #[serde(default)]
    cue: Option<String>,
    #[serde(default)]
    section: Option<Section>,
    #[serde(default)]
    expect: Option<String>,
    #[serde(default)]
    text: Option<String>,
    #[serde(default)]
    #[schemars(with = "Option<Vec<Value>>")]
    ops: Option<json_patch::Patch>,
    #[serde(default)]
    merge: Option<Value>,
}

#[derive(Clone, Deserialize, JsonSchema)]
#[serde(untagged)]
enum Section {
    Number(usize),
    Heading(String),
}

/// The JSON Schema of a patch.
pub fn schema() -> schemars::Schema {
    schemars::schema_for!(Typed)
}

/// Reads a patch; whatever is wrong with its form is exit 65.
pub fn parse(text: &str, file: &str) -> Result<Patch, Failure> {
    let bad = |message: String| {
        Failure::new(Exit::Invalid, message)
            .at(file, 0, 0)
            .hint("`greenlight patch types` shows an example of each")
    };
    if text.len() > MOST_BYTES {
        return Err(bad(format!(
            "a patch holds at most {MOST_BYTES} bytes, this one has {}",
            text.len()
        )));
    }
    let malformed = |e: serde_json::Error| {
        Failure::new(
            Exit::Invalid,
            e.to_string()
                .split(" at line ")
                .next()
                .unwrap_or("not JSON")
                .to_owned(),
        )
        .at(file, e.line(), e.column())
        .hint("`greenlight patch types` shows an example of each")
    };
    // A key given twice, however deep, is a mistake and not a choice.
    serde_json::from_str::<Strict>(text).map_err(malformed)?;
    let typed: Typed = serde_json::from_str(text).map_err(malformed)?;
    let stage = match &typed.stage {
        Some(name) => Some(name.parse::<Stage>().map_err(&bad)?),
        None => None,
    };
    let only = |allowed: &[&str]| -> Result<(), Failure> {
        for (name, there) in [
            ("replacements", typed.replacements.is_some()),
            ("beat_adjustments", typed.beat_adjustments.is_some()),
            ("level_change_db", typed.level_change_db.is_some()),
            ("cue", typed.cue.is_some()),
            ("section", typed.section.is_some()),
            ("expect", typed.expect.is_some()),
            ("text", typed.text.is_some()),
            ("ops", typed.ops.is_some()),
            ("merge", typed.merge.is_some()),
        ] {
            if there && !allowed.contains(&name) {
                return Err(bad(format!(
                    "`{name}` does not belong to a {} patch",
                    typed.r#type
                )));
            }
        }
        Ok(())
    };
    if typed
        .request_id
        .as_ref()
        .is_some_and(|id| id.trim().is_empty())
    {
        return Err(bad("`request_id` is empty".to_owned()));
    }
    if let Some(base) = &typed.base {
        let hex = base.trim_start_matches("b3:");
        if hex.len() < 12 || !hex.bytes().all(|b| b.is_ascii_hexdigit()) {
            return Err(bad(format!("`base`: `{base}` is not a fingerprint")));
        }
    }
    let missing = |name: &str| bad(format!("a {} patch needs `{name}`", typed.r#type));
    let kind = match typed.r#type.as_str() {
        "text_replace" => {
            only(&["replacements"])?;
            let list = typed
                .replacements
                .clone()
                .filter(|l| !l.is_empty())
                .ok_or_else(|| missing("replacements"))?;
            if list.len() > MOST_REPLACEMENTS {
                return Err(bad(format!(
                    "at most {MOST_REPLACEMENTS} replacements in one patch"
                )));
            }
            for (i, r) in list.iter().enumerate() {
                if r.old.is_empty() {
                    return Err(bad(format!("replacements[{i}]: `old` is empty")));
                }
                if r.occurrence == Some(0) || (r.occurrence.is_some() && r.all) {
                    return Err(bad(format!(
                        "replacements[{i}]: `occurrence` counts from 1, and does not go with `all`"
                    )));
                }
                if r.new.contains('\0') {
                    return Err(bad(format!("replacements[{i}]: `new` holds a zero byte")));
                }
            }
            Kind::TextReplace(list)
        }
        "duration_adjust" => {
            only(&["beat_adjustments"])?;
            let list = typed
                .beat_adjustments
                .clone()
                .filter(|l| !l.is_empty())
                .ok_or_else(|| missing("beat_adjustments"))?;
            for (i, a) in list.iter().enumerate() {
                if !a.duration.is_finite() || a.duration <= 0.0 || a.duration > 3600.0 {
                    return Err(bad(format!(
                        "beat_adjustments[{i}]: `duration` lies above 0 and up to 3600 seconds"
                    )));
                }
                if a.beat_id.is_some() == a.shot_id.is_some() {
                    return Err(bad(format!(
                        "beat_adjustments[{i}]: give either `beat_id` or `shot_id`"
                    )));
                }
            }
            Kind::DurationAdjust(list)
        }
        "level_adjust" => {
            only(&["level_change_db", "cue"])?;
            let change = typed
                .level_change_db
                .ok_or_else(|| missing("level_change_db"))?;
            if !change.is_finite() || change.abs() > LEVEL_LIMIT_DB {
                return Err(bad(format!(
                    "`level_change_db` lies between -{LEVEL_LIMIT_DB} and {LEVEL_LIMIT_DB}"
                )));
            }
            Kind::LevelAdjust {
                change_db: change,
                cue: typed.cue.clone(),
            }
        }
        "section_replace" => {
            only(&["section", "expect", "text"])?;
            let section = match typed.section.clone().ok_or_else(|| missing("section"))? {
                Section::Number(n) => n.to_string(),
                Section::Heading(h) => h,
            };
            let text = typed.text.clone().ok_or_else(|| missing("text"))?;
            if section.trim().is_empty() || text.trim().is_empty() {
                return Err(bad("`section` and `text` may not be empty".to_owned()));
            }
            if text.contains('\0') {
                return Err(bad("`text` holds a zero byte".to_owned()));
            }
            Kind::SectionReplace {
                section,
                expect: typed.expect.clone(),
                text,
            }
        }
        "json_patch" | "merge_patch" => {
            stage.ok_or_else(|| missing("stage"))?;
            if typed.r#type == "json_patch" {
                only(&["ops"])?;
                Kind::JsonPatch(typed.ops.clone().ok_or_else(|| missing("ops"))?)
            } else {
                only(&["merge"])?;
                let merge = typed.merge.clone().filter(Value::is_object);
                Kind::MergePatch(merge.ok_or_else(|| missing("merge"))?)
            }
        }
        other => {
            let hint = match nearest(other, TYPES.iter().map(|t| t.0)) {
                Some(name) => format!("did you mean `{name}`?"),
                None => format!("types are {}", TYPES.map(|t| t.0).join(", ")),
            };
            return Err(
                Failure::new(Exit::Invalid, format!("`{other}` is not a type of patch"))
                    .at(file, document::line_of(text, "type"), 0)
                    .hint(hint),
            );
        }
    };
    Ok(Patch {
        kind,
        stage,
        base: typed.base,
        request_id: typed.request_id,
        reason: typed.reason,
    })
}

impl Patch {
    /// The stage it changes; lengths belong to the storyboard once there is one, before to the
    /// outline.
    pub fn target(&self, has_storyboard: bool) -> Stage {
        match (&self.kind, self.stage) {
            (_, Some(stage)) => stage,
            (
                Kind::TextReplace(_)
                | Kind::SectionReplace { .. }
                | Kind::JsonPatch(_)
                | Kind::MergePatch(_),
                None,
            ) => Stage::Script,
            (Kind::LevelAdjust { .. }, None) => Stage::Audio,
            (Kind::DurationAdjust(_), None) if has_storyboard => Stage::Storyboard,
            (Kind::DurationAdjust(_), None) => Stage::Outline,
        }
    }

    pub fn type_name(&self) -> &'static str {
        match self.kind {
            Kind::TextReplace(_) => "text_replace",
            Kind::DurationAdjust(_) => "duration_adjust",
            Kind::LevelAdjust { .. } => "level_adjust",
            Kind::SectionReplace { .. } => "section_replace",
            Kind::JsonPatch(_) => "json_patch",
            Kind::MergePatch(_) => "merge_patch",
        }
    }
}

/// A patch worked out, not yet kept.
#[derive(Debug, Clone, PartialEq)]
pub struct Outcome {
    pub text: String,
    /// What it did, for people.
    pub report: Vec<String>,
}

fn unfit(message: impl Into<String>) -> Failure {
    Failure::new(Exit::Conflict, message)
}

/// Applies a patch to the text of its stage's document (exit 6 if it does not fit).
pub fn apply(patch: &Patch, stage: Stage, text: &str, rate: Rate) -> Result<Outcome, Failure> {
    let file = stage.document().unwrap_or("render");
    match (&patch.kind, stage) {
        (Kind::TextReplace(list), _) if stage.document().is_some() => words::replace(list, text),
        (
            Kind::SectionReplace {
                section,
                expect,
                text: new,
            },
            Stage::Script,
        ) => words::section(section, expect.as_deref(), new, text),
        (Kind::DurationAdjust(list), Stage::Storyboard) => {
            let board: Storyboard = document::read(text, file)?;
            lengths::board(list, board, text, rate)
        }
        (Kind::DurationAdjust(list), Stage::Outline) => {
            let outline: Outline = document::read(text, file)?;
            lengths::outline(list, outline, text)
        }
        (Kind::LevelAdjust { change_db, cue }, Stage::Audio) => {
            let audio: Audio = document::read(text, file)?;
            levels::level(*change_db, cue.as_deref(), audio, text)
        }
        (Kind::JsonPatch(ops), _) if stage.is_yaml() => changed(stage, text, file, |tree| {
            json_patch::patch(tree, ops).map_err(|e| unfit(e.to_string()))
        }),
        (Kind::MergePatch(merge), _) if stage.is_yaml() => changed(stage, text, file, |tree| {
            json_patch::merge(tree, merge);
            Ok(())
        }),
        _ => Err(unfit(format!(
            "a {} patch does not work on the {stage} stage",
            patch.type_name()
        ))),
    }
}

fn unknown(kind: &str, id: &str, known: &[String]) -> Problem {
    let p = Problem::new(format!("there is no {kind} `{id}`"));
    match nearest(id, known.iter().map(String::as_str)) {
        Some(near) => p.hint(format!("did you mean `{near}`?")),
        None => p.hint(format!("{kind}s are {}", known.join(", "))),
    }
}

/// What a YAML text says, if it can be read as plain data.
fn tree(text: &str) -> Option<Value> {
    serde_yaml::from_str(text).ok()
}

/// Changes what a YAML text says.
fn changed(
    stage: Stage,
    text: &str,
    file: &str,
    change: impl FnOnce(&mut Value) -> Result<(), Failure>,
) -> Result<Outcome, Failure> {
    let mut said = tree(text).ok_or_else(|| {
        Failure::new(Exit::Invalid, "the file cannot be read as plain data").at(file, 0, 0)
    })?;
    change(&mut said)?;
    let mut report = Vec::new();
    let text = match retouch(text, &said) {
        Some(text) => text,
        None => match stage {
            Stage::Outline => rewritten(&typed::<Outline>(said)?, &mut report)?,
            Stage::Storyboard => rewritten(&typed::<Storyboard>(said)?, &mut report)?,
            Stage::Assets => rewritten(&typed::<Assets>(said)?, &mut report)?,
            Stage::Audio => rewritten(&typed::<Audio>(said)?, &mut report)?,
            _ => rewritten(&typed::<References>(said)?, &mut report)?,
        },
    };
    Ok(Outcome { text, report })
}

/// A document of its own kind, so that it is written in its own order.
fn typed<T: DeserializeOwned>(said: Value) -> Result<T, Failure> {
    serde_json::from_value(said).map_err(|e| unfit(e.to_string()))
}

/// Sets a number in the things of these ids.
fn with_numbers<T: serde::Serialize + DeserializeOwned + PartialEq>(
    text: &str,
    intended: &T,
    key: &str,
    edits: &[(String, f64)],
    report: &mut Vec<String>,
) -> Result<String, Failure> {
    let said = tree(text).map(|mut tree| {
        for (id, number) in edits {
            set(&mut tree, id, key, *number);
        }
        tree
    });
    retouched(text, said, intended, report)
}

fn set(tree: &mut Value, id: &str, key: &str, number: f64) {
    match tree {
        Value::Object(map) if map.get("id").and_then(Value::as_str) == Some(id) => {
            map.insert(key.to_owned(), number.into());
        }
        Value::Object(map) => map.values_mut().for_each(|v| set(v, id, key, number)),
        Value::Array(list) => list.iter_mut().for_each(|v| set(v, id, key, number)),
        _ => {}
    }
}

/// The text changed to say `said`, so that comments and order stay; it must read as intended, else
/// the file is written anew and the report says so.
fn retouched<T: serde::Serialize + DeserializeOwned + PartialEq>(
    text: &str,
    said: Option<Value>,
    intended: &T,
    report: &mut Vec<String>,
) -> Result<String, Failure> {
    match said
        .and_then(|said| retouch(text, &said))
        .filter(|t| document::read::<T>(t, "").ok().as_ref() == Some(intended))
    {
        Some(text) => Ok(text),
        None => rewritten(intended, report),
    }
}

fn rewritten<T: serde::Serialize>(
    intended: &T,
    report: &mut Vec<String>,
) -> Result<String, Failure> {
    report.push("the file was written anew; its comments stay in the version before".to_owned());
    document::write(intended).map_err(|e| Failure::new(Exit::Other, e.to_string()))
}

#[cfg(test)]
mod tests {
    use super::lengths::scale;
    use super::*;
    use crate::film::time::Frames;

    #[test]
    fn replacements_are_exact_and_keep_all_else() {
        let text = "A\r\nGood morning.\r\nCafe\u{301} closed.\r\n";
        let patch = |json: &str| {
            apply(
                &parse(json, "p").unwrap(),
                Stage::Script,
                text,
                Rate::DEFAULT,
            )
        };
        let out = patch(r#"{"type":"text_replace","replacements":[{"old":"A\nGood","new":"B\nBad"},{"old":"Café","new":"Bar"}]}"#).unwrap();
        assert_eq!(out.text, "B\nBad morning.\r\nBar closed.\r\n");
        let e =
            patch(r#"{"type":"text_replace","replacements":[{"old":"Good mornin!","new":"x"}]}"#)
                .unwrap_err();
        assert_eq!(e.exit, Exit::Conflict);
        assert!(
            patch(r#"{"type":"text_replace","replacements":[{"old":"o","new":"x"}]}"#).is_err()
        );
        assert!(patch(r#"{"type":"text_replace","replacements":[{"old":"Good m","new":"x"},{"old":"morning","new":"y"}]}"#).is_err());
    }

    #[test]
    fn malformed_patches_are_65() {
        for json in [
            "{",
            "[]",
            r#"{"type":"text_replace"}"#,
            r#"{"type":"text_replace","replacements":[{"old":"","new":"x"}]}"#,
            r#"{"type":"nope"}"#,
            r#"{"type":"level_adjust","level_change_db":1,"x":2}"#,
            r#"{"type":"json_patch","ops":[]}"#,
            r#"{"type":"json_patch","stage":"outline","ops":[{"op":"replace","path":"/a","value":{"x":1,"x":2}}]}"#,
            r#"{"type":"json_patch","stage":"outline","ops":[{"op":"nope","path":"/a"}]}"#,
            r#"{"type":"merge_patch","stage":"outline","merge":[]}"#,
            r#"{"type":"section_replace","section":"","text":"x"}"#,
            r#"{"type":"section_replace","section":1}"#,
            r#"{"type":"level_adjust","level_change_db":1,"level_change_db":2}"#,
            r#"{"type":"level_adjust","level_change_db":1e999}"#,
            r#"{"type":"duration_adjust","beat_adjustments":[{"beat_id":"a","duration":-1}]}"#,
        ] {
            assert_eq!(parse(json, "p").unwrap_err().exit, Exit::Invalid, "{json}");
        }
        for (_, _, example) in TYPES {
            parse(example, "p").unwrap();
        }
    }

    #[test]
    fn comments_survive_a_new_length() {
        let text = "schema: 1\nbeats:\n  - id: a   # first\n    heading: A\n    shots:\n      - id: s01_010\n        size: WS\n        seconds: 4.0  # long\n        prompt: x\n      - id: s01_020\n        seconds: 2\n        size: CU\n        prompt: y\n";
        let p = parse(
            r#"{"type":"duration_adjust","beat_adjustments":[{"beat_id":"a","duration":9}]}"#,
            "p",
        )
        .unwrap();
        let out = apply(&p, Stage::Storyboard, text, Rate::DEFAULT).unwrap();
        assert_eq!(
            out.text,
            text.replace("4.0  # long", "6.0  # long")
                .replace("seconds: 2\n", "seconds: 3.0\n")
        );
    }

    #[test]
    fn scaling_is_exact() {
        let f = |v: &[i64]| v.iter().map(|n| Frames(*n)).collect::<Vec<_>>();
        for (frames, total) in [
            (f(&[100, 50, 7]), 999),
            (f(&[1, 1, 1]), 3),
            (f(&[500, 1]), 2),
            (f(&[3, 3, 3]), 1),
        ] {
            let out = scale(&frames, Frames(total));
            assert_eq!(
                out.iter().map(|f| f.0).sum::<i64>(),
                total.max(frames.len() as i64)
            );
            assert!(out.iter().all(|f| f.0 >= 1));
        }
    }
}
