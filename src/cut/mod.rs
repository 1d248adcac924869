//! The cut: timeline to frames, frames to segments, segments and sound to a finished film.

pub mod branding;
mod canvas;
pub mod checks;
pub mod compose;
pub mod contact;
pub mod encode;
pub mod film;
pub mod frame;
mod join;
mod lanes;
mod mix;
pub mod mount;
mod picture;
mod plate;
mod sample;
pub mod segments;
pub mod sound;
mod text;
mod turn;

pub use text::Lettering;
