//! map
pub mod diagnostic;
pub mod film;
pub mod screenplay;
pub mod plan;
pub mod store;
pub mod config;
pub mod media;
pub mod template;
pub mod animatic;
pub mod cut;
pub mod exchange;
pub mod providers;
pub mod stages;
