//! Parses, runs, exits.

use clap::Parser;
use std::process::ExitCode;

fn main() -> ExitCode {
    ExitCode::from(greenlight::run(greenlight::cli::Cli::parse()))
}
