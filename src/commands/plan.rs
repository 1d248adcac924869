//! `plan` and `why`: what a run would make and why; what made a file, and what depends on it.

use super::{Desk, Outcome};
use crate::cli::{RunName, Why};
use crate::diagnostic::{Exit, Failure, printable};
use crate::engine::outlook::{self, Coming, Explained};
use crate::engine::studio::Studio;
use crate::ui::printer;
use anyhow::Result;
use serde_json::json;

/// What would be made, and its price, for a person; nothing where nothing would.
pub(super) fn outlook(studio: &Studio, coming: &[Coming]) -> String {
    let mut rows: Vec<Vec<String>> = Vec::new();
    for stage in coming {
        rows.push(vec![
            stage.stage.to_string(),
            String::new(),
            stage.why.clone(),
            stage.gate.clone(),
        ]);
        for item in &stage.items {
            rows.push(vec![
                String::new(),
                item.label.clone(),
                item.why.clone(),
                item.provider.clone(),
            ]);
        }
    }
    if rows.is_empty() {
        return String::new();
    }
    let currency = &studio.settings.operator.budget.currency;
    format!(
        "{}\n\nprice: {} {currency} of {} {currency}",
        printer::table(&["stage", "item", "why", "by / then"], &rows),
        studio.price_ahead(),
        studio.budget()
    )
}

pub fn plan(desk: &Desk, args: RunName) -> Result<Outcome> {
    let studio = desk.studio(args.run.as_deref())?;
    let coming = outlook::coming(&studio);
    let price = studio.price_ahead().to_string();
    let currency = &studio.settings.operator.budget.currency;
    let text = outlook(&studio, &coming);
    if text.is_empty() {
        desk.printer.say("nothing is to be made");
    }
    let result = json!({
        "stages": coming, "price": price, "budget": studio.budget().to_string(), "currency": currency,
    });
    Ok(Outcome::data(result, text).of(studio.run.id()))
}

pub fn why(desk: &Desk, args: Why) -> Result<Outcome> {
    let (run, file) = match args.names.as_slice() {
        [file] => (None, file),
        [run, file, ..] => (Some(run.as_str()), file),
        [] => return Err(Failure::new(Exit::Usage, "name a file of a run").into()),
    };
    let studio = desk.studio(run)?;
    let id = studio.run.id().to_owned();
    let relative = inside(&studio.run.layout, file);
    let Some(explained) = outlook::explain(&studio, &relative)? else {
        let known = studio.run.files.keys().map(String::as_str);
        let failure = Failure::new(
            Exit::NotFound,
            format!("`{file}` is no file a stage of {id} made"),
        );
        return Err(match crate::diagnostic::nearest(&relative, known) {
            Some(near) => failure.hint(format!("did you mean `{near}`?")),
            None => failure.hint("name it as in the run folder: storyboard/s01_010.png"),
        }
        .into());
    };
    Ok(Outcome::data(json!(explained), told(&explained)).of(id))
}

/// A path relative to the run folder, however it was typed.
fn inside(layout: &crate::store::layout::Layout, typed: &str) -> String {
    let full = std::fs::canonicalize(typed).ok();
    let root = std::fs::canonicalize(layout.root()).ok();
    match (full, root) {
        (Some(full), Some(root)) => full
            .strip_prefix(&root)
            .map_or_else(|_| typed.to_owned(), |p| p.display().to_string()),
        _ => typed.trim_start_matches("./").to_owned(),
    }
}

fn told(e: &Explained) -> String {
    let mut lines = vec![match &e.item {
        Some(item) => format!("{}: {item} of the {} stage", e.file, e.stage),
        None => format!("{}: the {} stage", e.file, e.stage),
    }];
    let mut add = |what: &str, said: String| {
        if !said.is_empty() {
            lines.push(format!("{what:<14}{}", printable(&said)));
        }
    };
    let version = match (e.version, e.kind) {
        (Some(n), Some(kind)) => format!("version {n} ({})", kind.name()),
        _ => "not in any version yet".to_owned(),
    };
    let at = e.at.clone().unwrap_or_default();
    add(
        "made by",
        format!("{}, {version} {at}", e.made_by).trim().to_owned(),
    );
    if let Some(take) = e.take {
        add("take", take.to_string());
    }
    add("feedback", e.feedback.clone().unwrap_or_default());
    add(
        "patch",
        e.patch
            .as_ref()
            .map(ToString::to_string)
            .unwrap_or_default(),
    );
    if let Some(from) = e.made_from.as_ref().and_then(|f| f.as_object()) {
        for (name, value) in from.iter().filter(|(_, v)| !v.is_null()) {
            let said = value
                .as_str()
                .map_or_else(|| value.to_string(), str::to_owned);
            add(&format!("  {name}"), said);
        }
    }
    for u in &e.understood {
        let (what, word) = (u["what"].as_str(), u["word"].as_str());
        if what == Some("not read") {
            add("  not read", word.unwrap_or_default().to_owned());
            continue;
        }
        let said = match word.filter(|w| !w.is_empty()) {
            Some(word) => format!("{} from “{word}”", what.unwrap_or_default()),
            None => what.unwrap_or_default().to_owned(),
        };
        add("  drawn", said);
    }
    add("  not drawn", e.not_understood.join(", "));
    add("changed since", e.changed_since.join(", "));
    add("price", e.price.clone());
    add(
        "approval",
        match &e.approval {
            Some(a) => format!(
                "{} by {} at {}",
                a["decision"].as_str().unwrap_or_default(),
                a["by"].as_str().unwrap_or_default(),
                a["at"].as_str().unwrap_or_default()
            ),
            None => "none".to_owned(),
        },
    );
    for edit in &e.edits {
        add(
            "edited",
            format!(
                "by {} at {} (version {})",
                edit["by"].as_str().unwrap_or_default(),
                edit["at"].as_str().unwrap_or_default(),
                edit["version"]
            ),
        );
    }
    add("made from", e.depends_on.join(", "));
    let shown: Vec<&str> = e.needed_by.iter().take(12).map(String::as_str).collect();
    let more = e.needed_by.len().saturating_sub(shown.len());
    let more = if more > 0 {
        format!(" and {more} more")
    } else {
        String::new()
    };
    add("needed by", format!("{}{more}", shown.join(", ")));
    lines.join("\n")
}
