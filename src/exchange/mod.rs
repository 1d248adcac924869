//! To other programs: subtitles now; timelines for edit suites later.

pub mod subtitles;
