//! The only terminal: data on stdout, talk on stderr, prompts, progress, pager, editor, player, browser and the pages it shows.

pub mod browser;
pub mod editor;
pub mod loopback;
pub mod paint;
pub mod pictures;
pub mod player;
pub mod printer;
pub mod progress;
pub mod prompt;
pub mod reviewing;
