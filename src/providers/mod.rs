//! Roles as traits, and what speaks to providers over HTTP. Requests are plain values of the film's
//! own words, so that a provider needs to know nothing about runs.

pub mod ask;
pub mod author;
mod comfyui;
mod command;
mod http;
mod jobs;
mod openai;
mod piper;
pub mod remote;
pub mod roles;
pub mod slots;
pub mod webhook;
pub mod wire;
