//! The cut: timeline to frames, frames to segments, segments and sound to a finished film.

mod canvas;
pub mod checks;
pub mod compose;
pub mod contact;
pub mod mix;
mod picture;
pub mod segments;
mod text;

pub use text::Lettering;
