//! Kinds of film: what a template asks for, and what it fixes about shape, pace, look, sound and duties.

pub mod field;

use crate::diagnostic::{Exit, Failure, Problem, nearest};
use crate::film::document;
use crate::film::duty::{Duty, Rule};
use crate::film::format::Format;
use crate::film::handed;
use crate::film::sheet::{Captions, RunSheet};
use crate::film::stage::Stage;
use crate::film::time::Rate;
use crate::film::way::Way;
use anyhow::Result;
use field::{Field, Kind};
use schemars::JsonSchema;
use serde::Deserialize;
use serde_yaml::Value;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// The built-in templates, each with an example of what it takes.
const BUILT_IN: [(&str, &str, &str); 8] = [
    (
        "film",
        include_str!("../../templates/film.yaml"),
        include_str!("../../templates/demo.fountain"),
    ),
    (
        "story",
        include_str!("../../templates/story.yaml"),
        include_str!("../../templates/examples/story.yaml"),
    ),
    (
        "reel",
        include_str!("../../templates/reel.yaml"),
        include_str!("../../templates/examples/reel.yaml"),
    ),
    (
        "product_ad",
        include_str!("../../templates/product_ad.yaml"),
        include_str!("../../templates/examples/product_ad.yaml"),
    ),
    (
        "moa",
        include_str!("../../templates/moa.yaml"),
        include_str!("../../templates/examples/moa.yaml"),
    ),
    (
        "doctor_ad",
        include_str!("../../templates/doctor_ad.yaml"),
        include_str!("../../templates/examples/doctor_ad.yaml"),
    ),
    (
        "social_media",
        include_str!("../../templates/social_media.yaml"),
        include_str!("../../templates/examples/social_media.yaml"),
    ),
    (
        "compliance_video",
        include_str!("../../templates/compliance_video.yaml"),
        include_str!("../../templates/examples/compliance_video.yaml"),
    ),
];

/// A document that the example of `compliance_video` names.
pub const EXAMPLE_DOCUMENT: (&str, &str) = (
    "cold_chain.md",
    include_str!("../../templates/examples/cold_chain.md"),
);

/// A template may build on one that builds on another, so often.
const DEEPEST: usize = 8;

/// What a template makes its film of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Takes {
    /// A screenplay, a shot list or prose.
    #[default]
    Script,
    /// An idea, told in its own sentences.
    Brief,
    /// Its fields, by the screenplay of its beats.
    Fields,
    /// The sentences of the documents that are handed in, word for word.
    Documents,
}

/// `templates/<name>.yaml`.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Template {
    pub schema: u32,
    pub name: String,
    pub about: String,
    #[serde(default)]
    pub takes: Takes,
    /// The field whose text is handed in as script or brief, where it comes as a field.
    #[serde(default)]
    pub text_field: Option<String>,
    #[serde(default)]
    pub fields: BTreeMap<String, Field>,
    /// The film's title where none is given; fields in braces are filled in.
    #[serde(default)]
    pub title: Option<String>,
    pub format: Format,
    pub fps: Rate,
    pub captions: Captions,
    /// Wanted length of the film, where nobody says another.
    #[serde(default)]
    pub seconds: Option<f64>,
    /// Pace of the narration.
    pub words_per_minute: f64,
    /// Whether what is handed in is prose, whatever it looks like.
    #[serde(default)]
    pub prose: bool,
    /// Whether prose that is handed in is rewritten for the ear.
    #[serde(default)]
    pub rewrite: bool,
    pub mood: String,
    pub look: String,
    /// The narrator's part, where nobody says another.
    #[serde(default)]
    pub voice: Option<String>,
    #[serde(default)]
    pub language: Option<String>,
    pub cards: Cards,
    /// The first line stands large, the others small below it; a line with an empty field is left out.
    pub end_card: String,
    /// The same in other languages, by their codes.
    #[serde(default)]
    pub end_cards: BTreeMap<String, String>,
    /// The field whose picture stands above the words of the end card; where it is empty, the brand's logo does.
    #[serde(default)]
    pub end_logo: Option<String>,
    /// Stages that are left out.
    #[serde(default)]
    pub skip: Vec<Stage>,
    /// All stages in another order than the usual one: `own` among them, where it is asked for.
    #[serde(default)]
    pub order: Vec<Stage>,
    /// A stage of its own: a question, answered by the role `own` or a person, with a gate.
    #[serde(default)]
    pub own: Option<Own>,
    /// Gates that are kept otherwise than the configuration says: `{ outline: required }`.
    #[serde(default)]
    pub gates: BTreeMap<Stage, GateWish>,
    /// The dramatic shape.
    #[serde(default)]
    pub beats: Vec<ShapeBeat>,
    /// What a provider of words is told besides, by stage.
    #[serde(default)]
    pub prompts: BTreeMap<Stage, String>,
    #[serde(default)]
    pub duties: Vec<Duty>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum GateWish {
    /// A person decides.
    Required,
    /// It never opens.
    Open,
}

/// A template's own stage.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Own {
    pub title: String,
    /// What is asked of everything that was decided before; fields in braces are filled in, a line with an empty one
    /// is left out.
    pub prompt: String,
}

/// Seconds of title and end card.
#[derive(Debug, Clone, Copy, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Cards {
    pub title: f64,
    pub end: f64,
}

#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ShapeBeat {
    pub id: String,
    /// The scene's heading.
    pub title: String,
    /// Its part of the whole, 0 to 1, where sentences are shared out.
    #[serde(default)]
    pub share: f64,
    /// Its scene as Fountain, with fields in braces, where the film is made of fields. What names a field that was
    /// not given is left out: `{a|b}` takes the first that was.
    #[serde(default)]
    pub script: String,
}

impl Template {
    /// Loads a template of the workspace, else of the user, else a built-in one.
    ///
    /// # Errors
    /// There is none of that name (exit 8), or it is wrong (exit 65).
    pub fn load(name: &str, workspace: &Path) -> Result<Template> {
        let (text, file) = Template::text(name, workspace)?;
        Ok(read(&text, &file, workspace)?)
    }

    /// A template's own text, and where it comes from.
    pub fn text(name: &str, workspace: &Path) -> Result<(String, String)> {
        if let Some(path) = own(name, workspace) {
            let text = String::from_utf8_lossy(&crate::store::disk::read(&path)?).into_owned();
            return Ok((text, path.display().to_string()));
        }
        match BUILT_IN.iter().find(|(n, ..)| *n == name) {
            Some((_, text, _)) => Ok(((*text).to_owned(), format!("templates/{name}.yaml"))),
            None => {
                let all = Template::names(workspace);
                let hint = match nearest(name, all.iter().map(String::as_str)) {
                    Some(near) => format!("did you mean `{near}`?"),
                    None => format!("templates are {}", all.join(", ")),
                };
                Err(
                    Failure::new(Exit::NotFound, format!("there is no template `{name}`"))
                        .hint(hint)
                        .into(),
                )
            }
        }
    }

    /// Every template there is, the built-in ones first.
    pub fn names(workspace: &Path) -> Vec<String> {
        let mut names: Vec<String> = BUILT_IN.iter().map(|(n, ..)| (*n).to_owned()).collect();
        for folder in folders(workspace) {
            let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
            let mut found: Vec<String> = entries
                .filter_map(|e| {
                    let name = e.file_name().into_string().ok()?;
                    let name = name.strip_suffix(".yaml")?.to_owned();
                    // The house's own pages lie in the same folder.
                    let text = std::fs::read_to_string(e.path()).ok()?;
                    let is = text.lines().any(|l| l.starts_with("name:"))
                        && crate::film::ids::RefId::new(name.as_str()).is_ok();
                    is.then_some(name)
                })
                .filter(|name| !names.contains(name))
                .collect();
            found.sort();
            names.append(&mut found);
        }
        names
    }

    /// An example of what a built-in template takes: a screenplay, or fields as YAML.
    pub fn example(name: &str) -> Option<&'static str> {
        let found = BUILT_IN.iter().find(|(n, ..)| *n == name);
        found.map(|(_, _, example)| *example)
    }

    /// The order its films go by, where that is not the usual one.
    pub fn way_asked(&self) -> Vec<Stage> {
        match (self.order.is_empty(), &self.own) {
            (true, Some(_)) => Way::with_own().stages().to_vec(),
            _ => self.order.clone(),
        }
    }

    /// The fields somebody gave, with those that stand where nothing is said.
    pub fn filled(&self, said: &BTreeMap<String, String>) -> BTreeMap<String, String> {
        let mut all: BTreeMap<String, String> = self
            .fields
            .iter()
            .filter_map(|(name, field)| Some((name.clone(), field.default.clone()?)))
            .collect();
        all.extend(said.iter().map(|(k, v)| (k.clone(), v.trim().to_owned())));
        all
    }

    /// What stands on the end card, in the film's language: fields filled in, lines without theirs left out.
    pub fn end_card(&self, sheet: &RunSheet) -> String {
        let all = self.filled(&sheet.fields);
        let language = sheet.language.split('-').next().unwrap_or_default();
        let text = self.end_cards.get(language).unwrap_or(&self.end_card);
        let lines = text.lines().filter_map(|l| fill(l, &all));
        lines.collect::<Vec<_>>().join("\n")
    }

    /// The picture above them that came with the film, as a file of its run.
    pub fn end_logo<'a>(&self, sheet: &'a RunSheet) -> Option<&'a String> {
        let file = sheet.fields.get(self.end_logo.as_ref()?)?;
        handed::is_picture(file).then_some(file)
    }
}

/// Puts fields in their places: `{name}`, or `{a|b}` for the first that is there. `None` where one is missing.
pub fn fill(text: &str, fields: &BTreeMap<String, String>) -> Option<String> {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('{') {
        out.push_str(before);
        let (names, after) = after.split_once('}')?;
        let value = names
            .split('|')
            .find_map(|name| fields.get(name.trim()))
            .filter(|v| !v.trim().is_empty())?;
        out.push_str(&value.split_whitespace().collect::<Vec<_>>().join(" "));
        rest = after;
    }
    out.push_str(rest);
    Some(out)
}

/// The names in braces of a text.
fn named(text: &str) -> Vec<&str> {
    text.split('{')
        .skip(1)
        .filter_map(|part| part.split_once('}'))
        .flat_map(|(names, _)| names.split('|'))
        .map(str::trim)
        .collect()
}

fn folders(workspace: &Path) -> Vec<PathBuf> {
    let places = [Some(workspace.to_owned()), crate::config::user_folder()];
    let found = places.into_iter().flatten();
    found.map(|p| p.join("templates")).collect()
}

/// A template of the workspace or the user.
fn own(name: &str, workspace: &Path) -> Option<PathBuf> {
    crate::film::ids::RefId::new(name).ok()?;
    let mut paths = folders(workspace)
        .into_iter()
        .map(|f| f.join(format!("{name}.yaml")));
    paths.find(|p| p.is_file())
}

/// Reads a template's text, laid over the one it builds on, and checks it whole.
///
/// # Errors
/// Everything that is wrong with it, by line (exit 65).
pub fn read(text: &str, file: &str, workspace: &Path) -> Result<Template, Failure> {
    let built_on = |value: &Value| {
        value
            .get("extends")
            .and_then(Value::as_str)
            .map(str::to_owned)
    };
    let tree: Value = document::read(text, file)?;
    let mut layers = vec![tree];
    let mut seen: Vec<String> = Vec::new();
    while let Some(name) = layers.last().and_then(built_on) {
        let wrong = |why: String| {
            Failure::new(Exit::Invalid, why).at(file, document::line_of(text, "extends"), 0)
        };
        if layers.len() > DEEPEST {
            return Err(wrong(format!("`extends: {name}` goes round in a circle")));
        }
        // One that is laid over the built-in one of its name leads there, not back to itself.
        let real = |path: &Path| path.canonicalize().unwrap_or_else(|_| path.to_owned());
        let mine = own(&name, workspace);
        let again = seen.contains(&name) || mine.is_some_and(|p| real(&p) == real(Path::new(file)));
        let built_in = BUILT_IN.iter().find(|(n, ..)| *n == name);
        let base = match built_in.filter(|_| again) {
            Some((_, text, _)) => (*text).to_owned(),
            None if again => {
                return Err(wrong(format!("`extends: {name}` goes round in a circle")));
            }
            None => {
                Template::text(&name, workspace)
                    .map_err(|e| wrong(format!("{e:#}")))?
                    .0
            }
        };
        seen.push(name.clone());
        layers.push(document::read(&base, &format!("templates/{name}.yaml"))?);
    }
    let alone = layers.len() == 1;
    let mut whole = layers.pop().unwrap_or_default();
    while let Some(over) = layers.pop() {
        lay(&mut whole, over);
    }
    if let Some(map) = whole.as_mapping_mut() {
        map.remove("extends");
    }
    let template: Template = if alone {
        document::read(text, file)?
    } else {
        serde_yaml::from_value(whole).map_err(|e| {
            let why = e.to_string();
            let line = line_meant(text, &why);
            Failure::new(Exit::Invalid, why).at(file, line, 0)
        })?
    };
    let problems = faults(&template, text, file);
    if problems.is_empty() {
        Ok(template)
    } else {
        Err(Failure::of(Exit::Invalid, problems))
    }
}

/// The line of a text that an error speaks of: the first that holds a word it quotes; 0 where there is none, as where
/// the fault lies in what the template builds on.
fn line_meant(text: &str, why: &str) -> usize {
    let quoted = why.split('`').skip(1).step_by(2);
    let found = quoted.into_iter().find_map(|word| {
        let holds = |line: &str| crate::film::words::contains_words(line, word);
        text.lines().position(holds)
    });
    found.map_or(0, |at| at + 1)
}

/// Lays one document over another: mappings key by key, everything else whole.
fn lay(under: &mut Value, over: Value) {
    match (under, over) {
        (Value::Mapping(under), Value::Mapping(over)) => {
            for (key, value) in over {
                match under.get_mut(&key) {
                    // Nothing is what takes something away.
                    Some(_) if value.is_null() => {
                        under.remove(&key);
                    }
                    Some(there) => lay(there, value),
                    None => {
                        under.insert(key, value);
                    }
                }
            }
        }
        (under, over) => *under = over,
    }
}

/// What is wrong with a template beyond its form.
fn faults(template: &Template, text: &str, file: &str) -> Vec<Problem> {
    let mut problems = Vec::new();
    let mut wrong = |about: &str, why: String| {
        problems.push(Problem::new(why).at(file, document::line_of(text, about), 0));
    };
    if crate::film::ids::RefId::new(template.name.as_str()).is_err() {
        wrong(
            "name",
            format!("`{}` is no name for a template", template.name),
        );
    }
    if !(60.0..=300.0).contains(&template.words_per_minute) {
        wrong(
            "words_per_minute",
            format!(
                "words_per_minute lies between 60 and 300, not {}",
                template.words_per_minute
            ),
        );
    }
    if !crate::film::references::LOOKS.contains(&template.look.as_str()) {
        let looks = crate::film::references::LOOKS.join(", ");
        wrong(
            "look",
            format!("`{}` is not a look; looks are {looks}", template.look),
        );
    }
    if crate::film::outline::MOODS
        .iter()
        .all(|m| *m != template.mood)
    {
        let moods = crate::film::outline::MOODS.join(", ");
        wrong(
            "mood",
            format!("`{}` is not a mood; moods are {moods}", template.mood),
        );
    }
    if template
        .seconds
        .is_some_and(|s| !(1.0..=36_000.0).contains(&s))
    {
        wrong("seconds", "seconds lie between 1 and 36000".to_owned());
    }
    for stage in &template.skip {
        if !stage.optional() {
            wrong("skip", format!("the {stage} stage cannot be left out"));
        }
    }
    if let (false, Err(why)) = (
        template.order.is_empty(),
        Way::new(&template.order, template.own.is_some()),
    ) {
        wrong("order", format!("`order`: {why}"));
    }
    // A scene of documents knows which section of them it tells.
    let known = |name: &str| {
        template.fields.contains_key(name)
            || (template.takes == Takes::Documents && name == "section")
    };
    for (name, field) in &template.fields {
        if field.kind == Kind::Choice && field.of.is_empty() {
            wrong(name, format!("`{name}` is a choice of nothing; give `of`"));
        }
        for (what, value) in [
            ("example", Some(&field.example)),
            ("default", field.default.as_ref()),
        ] {
            let value = value.filter(|v| !v.trim().is_empty());
            if let Some(fault) = value.and_then(|v| field.fault(v)) {
                wrong(name, format!("the {what} of `{name}` {fault}"));
            }
        }
    }
    let mut texts: Vec<(&str, &str)> = vec![("end_card", &template.end_card)];
    texts.extend(template.title.as_deref().map(|t| ("title", t)));
    texts.extend(
        template
            .own
            .as_ref()
            .map(|own| ("own", own.prompt.as_str())),
    );
    for beat in &template.beats {
        texts.push((&beat.id, &beat.title));
        texts.push((&beat.id, &beat.script));
    }
    for beat in &template.beats {
        if beat.title.trim().is_empty() {
            wrong(&beat.id, format!("the beat `{}` has no heading", beat.id));
        }
    }
    for (about, text) in texts {
        if text.matches('{').count() != text.matches('}').count() {
            let first = text.lines().next().unwrap_or_default();
            wrong(about, format!("a brace is not closed in “{first}”"));
        }
        for name in named(text).into_iter().filter(|n| !known(n)) {
            wrong(
                about,
                format!("`{{{name}}}` names no field of this template"),
            );
        }
    }
    if let Some(name) = template.text_field.as_deref().filter(|n| !known(n)) {
        wrong(
            "text_field",
            format!("`{name}` is no field of this template"),
        );
    }
    if let Some(name) = template.end_logo.as_ref()
        && (template.fields.get(name)).is_none_or(|f| f.kind != Kind::Picture)
    {
        wrong(
            "end_logo",
            format!("`{name}` is no field of type picture of this template"),
        );
    }
    let documents = template.fields.get("documents");
    if template.takes == Takes::Documents && documents.is_none_or(|f| f.kind != Kind::Documents) {
        wrong(
            "takes",
            "a film of documents needs a field `documents` of type documents".to_owned(),
        );
    }
    let told = template.beats.iter().any(|b| match template.takes {
        Takes::Documents => b.script.contains("{documents}"),
        _ => !b.script.trim().is_empty(),
    });
    if matches!(template.takes, Takes::Fields | Takes::Documents) && !told {
        wrong(
            "takes",
            "a film of fields needs a beat with a `script`, one of documents a beat that says {documents}".to_owned(),
        );
    }
    let shared: f64 = template.beats.iter().map(|b| b.share).sum();
    if template.takes == Takes::Brief && !template.beats.is_empty() && (shared - 1.0).abs() > 1e-6 {
        wrong(
            "beats",
            format!("the shares of the beats add up to {shared}, not 1"),
        );
    }
    let mut ids: Vec<&str> = Vec::new();
    for beat in &template.beats {
        if ids.contains(&beat.id.as_str()) {
            wrong(&beat.id, format!("the beat `{}` stands twice", beat.id));
        }
        if crate::film::ids::BeatId::new(beat.id.as_str()).is_err() {
            wrong(&beat.id, format!("`{}` is no id for a beat", beat.id));
        }
        ids.push(&beat.id);
    }
    let mut duties: Vec<&str> = Vec::new();
    for duty in &template.duties {
        if duties.contains(&duty.id.as_str()) {
            wrong(&duty.id, format!("the duty `{}` stands twice", duty.id));
        }
        duties.push(&duty.id);
        if let Some(why) = duty.rule.fault() {
            wrong(&duty.id, format!("the duty `{}` {why}", duty.id));
        }
        if let Rule::Shows { text } = &duty.rule {
            for name in named(text).into_iter().filter(|n| !known(n)) {
                wrong(
                    &duty.id,
                    format!("the duty `{}` shows a field `{name}` there is not", duty.id),
                );
            }
        }
        for name in duty.rule.fields().into_iter().chain(duty.when.as_deref()) {
            if !known(name) {
                wrong(
                    &duty.id,
                    format!("the duty `{}` names a field `{name}` there is not", duty.id),
                );
            }
        }
        for name in duty.rule.beats() {
            if !ids.contains(&name) {
                wrong(
                    &duty.id,
                    format!("the duty `{}` names a beat `{name}` there is not", duty.id),
                );
            }
        }
    }
    problems
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_built_in_template_is_right_and_its_example_fits() {
        for (name, ..) in BUILT_IN {
            let template = Template::load(name, Path::new("/nowhere")).unwrap();
            assert_eq!(template.name, name);
            assert!(!template.about.is_empty());
            let example = Template::example(name).unwrap();
            if name == "film" {
                continue;
            }
            let said: BTreeMap<String, String> = serde_yaml::from_str(example).unwrap();
            let faults = field::faults(&template.fields, &said);
            assert!(faults.is_empty(), "{name}: {faults:?}");
        }
    }

    #[test]
    fn fields_are_put_in_their_places_or_the_text_is_left_out() {
        let fields = BTreeMap::from([("a".to_owned(), "one\n two".to_owned())]);
        assert_eq!(fill("x {a} y", &fields).as_deref(), Some("x one two y"));
        assert_eq!(fill("{b|a}", &fields).as_deref(), Some("one two"));
        assert_eq!(fill("{b}", &fields), None);
        assert_eq!(fill("{a", &fields), None);
    }

    #[test]
    fn a_template_is_laid_over_the_one_it_builds_on() {
        let text = "schema: 1\nextends: story\nname: tale\nabout: A tale.\ncards: { title: 4.0 }\n";
        let tale = read(text, "tale.yaml", Path::new("/nowhere")).unwrap();
        assert_eq!(tale.cards.title, 4.0);
        assert_eq!(tale.cards.end, 2.0);
        assert_eq!(tale.beats.len(), 4);
        let failure = read(
            "schema: 1\nextends: story\nname: tale\nabout: x\nlook: neon\ntitle: \"{nobody}\"\n",
            "tale.yaml",
            Path::new("/nowhere"),
        )
        .unwrap_err();
        assert_eq!(failure.problems.len(), 2, "{failure:?}");
    }
}
