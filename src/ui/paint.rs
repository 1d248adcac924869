//! The page for painting a mask over a picture.

use super::loopback::{Door, wish};
use axum::extract::Path;
use axum::response::Html;
use axum::routing::{get, post};
use axum::{Json, Router};
use serde::Deserialize;
use std::collections::HashMap;

const PAGE: &str = include_str!("paint.html");

/// What the page asks for.
#[derive(Debug)]
pub enum Wish {
    State,
    Picture(u32),
    Paint(Brush),
    Pick(u32),
    Done,
}

/// A painted mask and the words with it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Brush {
    /// A PNG as a data address, white where something is to change.
    pub mask: String,
    #[serde(default)]
    pub prompt: String,
    #[serde(default)]
    pub negative: String,
    #[serde(default)]
    pub feather: u16,
    #[serde(default)]
    pub grow: u16,
}

#[derive(Deserialize)]
struct Pick {
    take: u32,
}

/// What the address names, by the names of its parts.
pub type Names = HashMap<String, String>;

/// The page of one picture, its wishes made into those of the page it is a part of.
pub fn pages<W: Send + 'static>(of: fn(&Names, Wish) -> W) -> Router<Door<W>> {
    Router::new()
        .route("/", get(|| async { Html(PAGE) }))
        .route(
            "/state",
            get(move |door, Path(names): Path<Names>| wish(door, of(&names, Wish::State))),
        )
        .route(
            "/picture/{take}",
            get(move |door, Path(names): Path<Names>| {
                // What is no number is the number of no take.
                let take = names.get("take").and_then(|t| t.parse().ok());
                wish(door, of(&names, Wish::Picture(take.unwrap_or(u32::MAX))))
            }),
        )
        .route(
            "/apply",
            post(
                move |door, Path(names): Path<Names>, Json(brush): Json<Brush>| {
                    wish(door, of(&names, Wish::Paint(brush)))
                },
            ),
        )
        .route(
            "/pick",
            post(
                move |door, Path(names): Path<Names>, Json(pick): Json<Pick>| {
                    wish(door, of(&names, Wish::Pick(pick.take)))
                },
            ),
        )
        .route(
            "/done",
            post(move |door, Path(names): Path<Names>| wish(door, of(&names, Wish::Done))),
        )
}
