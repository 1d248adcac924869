//! Decisions, as functions: what changed, what state a stage is in, what comes next, what a patch
//! does. No IO, no clock, no randomness: whoever calls passes the facts in.

pub mod difference;
pub mod duties;
pub mod feedback;
pub mod fingerprint;
pub mod gate;
pub mod merge;
pub mod money;
pub mod patch;
pub mod price;
pub mod projection;
pub mod status;
