//! The offline house: the default provider of every role. No network, no key, the same film from
//! the same seed.

pub mod artist;
pub mod book;
pub mod casting;
pub mod composer;
mod dice;
mod entries;
pub mod fill;
pub mod house;
pub mod lexicon;
pub mod moderation;
pub mod reading;
pub mod spoken;
pub mod voice;
pub mod writer;
