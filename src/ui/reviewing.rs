//! The page on which a run is looked at and decided on.

use super::loopback::{Door, file, wish};
use super::paint::{self, Names};
use crate::film::stage::Stage;
use axum::extract::{Path, Request};
use axum::routing::{get, post};
use axum::{Json, Router};
use serde::Deserialize;

/// What the page asks for.
#[derive(Debug)]
pub enum Wish {
    Page,
    State,
    /// A file of the run, by its name in it.
    File(String),
    /// Two states of a stage, as `diff` names them.
    Difference(Names),
    /// A picture as it was in some state of a stage.
    Kept(Names),
    Decide(Decide),
    Patch(Patch),
    Pick(Pick),
    Restore(Restore),
    /// On to the next gate.
    Go,
    Paint(Names, paint::Wish),
    Done,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    Approve,
    /// With what should change.
    Change,
    Reject,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Decide {
    pub stage: Stage,
    /// The content the person saw.
    pub fingerprint: String,
    pub verdict: Verdict,
    pub note: Option<String>,
    pub feedback: Option<String>,
    /// Although duties are not met.
    #[serde(default)]
    pub override_it: bool,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Patch {
    pub stage: Stage,
    /// As it was typed.
    pub patch: String,
    /// Whether it is applied, or only tried.
    pub apply: bool,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Pick {
    pub stage: Stage,
    pub item: String,
    pub take: u32,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Restore {
    pub stage: Stage,
    pub version: u32,
}

/// The page, its files, what can be done on it, and a painting page for every picture.
pub fn pages() -> Router<Door<Wish>> {
    Router::new()
        .route("/", get(|door| wish(door, Wish::Page)))
        .route("/state", get(|door| wish(door, Wish::State)))
        .route(
            "/file/{*name}",
            get(|door, Path(names): Path<Names>, request: Request| {
                let name = names.get("name").cloned().unwrap_or_default();
                file(door, Wish::File(name), request)
            }),
        )
        .route(
            "/difference/{stage}/{from}/{to}",
            get(|door, Path(names): Path<Names>| wish(door, Wish::Difference(names))),
        )
        .route(
            "/kept/{stage}/{at}/{*file}",
            get(|door, Path(names): Path<Names>| wish(door, Wish::Kept(names))),
        )
        .route(
            "/decide",
            post(|door, Json(decide): Json<Decide>| wish(door, Wish::Decide(decide))),
        )
        .route(
            "/patch",
            post(|door, Json(patch): Json<Patch>| wish(door, Wish::Patch(patch))),
        )
        .route(
            "/pick",
            post(|door, Json(pick): Json<Pick>| wish(door, Wish::Pick(pick))),
        )
        .route(
            "/restore",
            post(|door, Json(restore): Json<Restore>| wish(door, Wish::Restore(restore))),
        )
        .route("/go", post(|door| wish(door, Wish::Go)))
        .route("/done", post(|door| wish(door, Wish::Done)))
        .nest(
            "/paint/{stage}/{item}/",
            paint::pages(|names, wish| Wish::Paint(names.clone(), wish)),
        )
}
