//! The only terminal: data on stdout, talk on stderr, prompts, progress, pager and editor.

pub mod browser;
pub mod editor;
pub mod paint;
pub mod pictures;
pub mod printer;
pub mod progress;
pub mod prompt;
