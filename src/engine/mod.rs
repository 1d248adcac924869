//! The queue: what is made now, by whom, and what became of it. One owner of the run's state;
//! workers only hand in what they made.

pub mod cutting;
pub mod differences;
pub mod digest;
pub mod duties;
pub mod event;
mod fitness;
pub mod gatekeeper;
pub mod history;
pub mod hooks;
pub mod inpainting;
pub mod intake;
pub mod items;
pub mod making;
pub mod outlook;
pub mod patching;
mod purse;
pub mod queue;
mod results;
pub mod studio;
pub mod survey;
pub mod takes;
pub mod talk;
