//! Everything through the real binary and the real FFmpeg; a module a feature.
#![allow(
    clippy::unwrap_used,
    reason = "a test that cannot go on must say so at once"
)]

mod animatic;
mod brand;
mod chromium;
mod commands;
mod conversation;
mod crash;
mod cut;
mod decisions;
mod film;
mod gates;
mod hand_edits;
mod handed;
mod history;
mod house;
mod inpainting;
mod input;
mod kinds;
mod machine;
mod money;
mod own_stages;
mod pages;
mod patches;
mod peer;
mod providers;
mod published;
mod races;
mod screenplays;
mod studio;
mod takes;
mod terminal;
mod timers;
