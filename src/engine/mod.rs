//! The queue: what is made now, by whom, and what became of it. One owner of the run's state;
//! workers only hand in what they made.

pub mod event;
pub mod gatekeeper;
pub mod intake;
pub mod making;
pub mod studio;
pub mod survey;
