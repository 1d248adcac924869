//! map
pub mod diagnostic;
pub mod film;
pub mod screenplay;
pub mod plan;
pub mod store;
