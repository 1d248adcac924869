//! map

pub mod animatic;
pub mod cli;
pub mod commands;
pub mod config;
pub mod cut;
pub mod diagnostic;
pub mod engine;
pub mod exchange;
pub mod film;
pub mod media;
pub mod plan;
pub mod providers;
pub mod screenplay;
pub mod stages;
pub mod store;
pub mod template;
pub mod ui;

/// Runs a command line and returns its exit code.
pub fn run(cli: cli::Cli) -> u8 {
    commands::dispatch(cli)
}
