//! The only writer of `runs/`: plain files, a journal that is the truth about what happened, and
//! versions of everything. Nothing here decides; `plan` does.

pub mod cache;
pub mod clock;
pub mod conversation;
pub mod disk;
pub mod format;
mod gates;
pub mod glance;
pub mod index;
pub mod journal;
pub mod layout;
pub mod ledger;
pub mod lock;
mod placing;
pub mod reading;
pub mod run;
pub mod spending;
pub mod workspace;
