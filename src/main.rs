//! Parses, runs, exits.

use clap::Parser;
use greenlight::cli::Cli;
use std::process::ExitCode;

fn main() -> ExitCode {
    match Cli::try_parse() {
        Ok(cli) => ExitCode::from(greenlight::run(cli)),
        Err(error) => ExitCode::from(greenlight::misunderstood(&error)),
    }
}
