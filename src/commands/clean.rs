//! `clean`: what is kept only to be quick, its size, what it would cost to have it again; and away with
//! it, if told so.

use super::{Desk, Outcome, run};
use crate::cli::Clean;
use crate::cut::film::size;
use crate::store::cache::{self, Cache};
use crate::store::layout::Layout;
use crate::store::lock;
use crate::ui::{printer, prompt};
use anyhow::Result;
use serde_json::json;
use std::time::Duration;

pub(super) fn execute(desk: &Desk, args: Clean) -> Result<Outcome> {
    let older = match &args.older_than {
        Some(text) => run::duration(text)?,
        None => Duration::ZERO,
    };
    let roots = match (&args.run, args.all_runs) {
        (Some(name), _) => vec![desk.root(Some(name))?],
        (None, true) => desk.workspace.list()?,
        (None, false) => vec![desk.root(None)?],
    };
    let mut rows = Vec::new();
    let mut listed = Vec::new();
    let mut to_go: Vec<(Layout, Cache)> = Vec::new();
    for root in roots {
        let layout = Layout::new(&root);
        let id = root
            .file_name()
            .map(|n| n.to_string_lossy().into_owned())
            .unwrap_or_default();
        for cache in cache::list(&layout, older) {
            if cache.files.is_empty() {
                continue;
            }
            let goes = args.segments || !cache.in_use;
            rows.push(vec![
                id.clone(),
                cache.name.to_owned(),
                size(cache.bytes),
                cache.again.to_owned(),
                if goes { "goes" } else { "stays" }.to_owned(),
            ]);
            listed.push(json!({
                "run": id,
                "cache": cache.name,
                "files": cache.files.len(),
                "bytes": cache.bytes,
                "again": cache.again,
                "goes": goes,
            }));
            if goes {
                to_go.push((layout.clone(), cache));
            }
        }
    }
    let bytes: u64 = to_go.iter().map(|(_, c)| c.bytes).sum();
    let list = if rows.is_empty() {
        "nothing is cached".to_owned()
    } else {
        printer::table(&["run", "cache", "size", "to have it again", ""], &rows)
    };
    let asked = !args.yes && !to_go.is_empty() && desk.interactive;
    if asked {
        desk.printer.say(&list);
    }
    let agreed = args.yes || (asked && prompt::confirm(&format!("remove {}?", size(bytes)))?);
    if agreed {
        for (layout, cache) in &to_go {
            // What a living `run` works with is not taken away under it (exit 11).
            let path = layout.runner_lock();
            let _runner = lock::acquire(&path, Duration::from_millis(500), "the run")?;
            cache::remove(cache);
        }
    }
    let removed = if agreed { bytes } else { 0 };
    let mut text = if asked { String::new() } else { list };
    if !to_go.is_empty() {
        let last = if agreed {
            format!("{} removed", size(bytes))
        } else {
            format!(
                "{} would go; `greenlight clean --yes` removes them",
                size(bytes)
            )
        };
        text = format!("{text}\n{last}").trim_start().to_owned();
    }
    Ok(Outcome::data(json!({"caches": listed, "removed_bytes": removed}), text).changed(agreed))
}
