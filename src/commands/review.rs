//! `review`: the run as one page, to be looked at in a browser.

use super::{Desk, Outcome};
use crate::cli::Review;
use crate::diagnostic::{Exit, Failure};
use crate::engine::intake;
use crate::stages::report::{self, Detail};
use crate::store::disk;
use crate::ui::browser;
use anyhow::Result;
use serde_json::{Value, json};

pub(super) fn execute(desk: &Desk, args: &Review) -> Result<Outcome> {
    let mut studio = desk.studio(args.run.as_deref())?;
    intake::take_in(&mut studio)?;
    let id = studio.run.id().to_owned();
    let manifest = std::fs::read(studio.run.layout.at("render/manifest.json")).unwrap_or_default();
    let manifest: Value = serde_json::from_slice(&manifest).unwrap_or_default();
    let checks = manifest["reports"].as_array().cloned().unwrap_or_default();
    let page = report::page(&studio.desk(&[]), &checks, Detail::Whole);
    let path = match &args.output {
        Some(path) => path.clone(),
        None => studio.run.layout.at("render/report.html"),
    };
    if args.output.is_some() && path.exists() {
        let there = disk::read(&path)?;
        let ours =
            there.starts_with(b"<!doctype html>") && there.windows(9).any(|w| w == b"id=checks");
        if !ours {
            return Err(Failure::new(
                Exit::Conflict,
                format!(
                    "{} is there already, and is no page of ours",
                    path.display()
                ),
            )
            .hint("choose another file")
            .into());
        }
    }
    if let Some(folder) = path.parent().filter(|f| !f.as_os_str().is_empty()) {
        disk::make_folder(folder)?;
    }
    disk::write_atomic(&path, page.as_bytes())?;
    if args.open && !browser::open(&path) {
        return Err(Failure::new(Exit::Missing, "no browser could be started")
            .hint(format!("open {} in one", path.display()))
            .into());
    }
    let text = path.display().to_string();
    Ok(Outcome::data(json!({"page": path, "bytes": page.len()}), text).of(id))
}
