//! The nouns of film making, as values: no IO, no clock, no randomness.

pub mod artifacts;
pub mod assets;
pub mod audio;
pub mod brand;
pub mod camera;
pub mod caption;
pub mod cast;
pub mod document;
pub mod duty;
pub mod format;
pub mod ids;
pub mod life;
pub mod lines;
pub mod mask;
pub mod outline;
pub mod references;
pub mod retouch;
pub mod script;
pub mod sheet;
pub mod shot;
pub mod stage;
pub mod storyboard;
pub mod time;
pub mod timeline;
pub mod tree;
pub mod validate;
