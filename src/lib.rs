//! map
pub mod diagnostic;
pub mod film;
pub mod screenplay;
