//! Roles as traits, and what speaks to providers over HTTP. Requests are plain values of the film's
//! own words, so that a provider needs to know nothing about runs.

pub mod reach;
pub mod roles;
pub mod webhook;
