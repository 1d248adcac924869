//! The only processes: FFmpeg and voice programs, found, installed, started and stopped here.

pub mod beside;
pub mod cancel;
pub mod decode;
pub mod encode;
mod feed;
pub mod ffmpeg;
pub mod install;
pub mod piper;
pub mod probe;
pub mod process;
pub mod reader;
pub mod speech;
pub mod tools;
