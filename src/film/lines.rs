//! Time from words: how long a line is spoken, a text is read, an action is watched.
//!
//! Figures: a syllable is about three letters and takes 0.195 s; a comma pauses 0.35 s, a sentence
//! end 0.75 s; action runs at 20 characters a second; text on screen stays 0.2 s a word and 2 s
//! (3 s from ten words on).

/// Before the first word of a shot and after its last.
pub const LEAD_IN: f64 = 0.25;
pub const LEAD_OUT: f64 = 0.40;
/// Between two lines of a shot; a little less after a question.
pub const BETWEEN: f64 = 0.40;
pub const AFTER_QUESTION: f64 = 0.25;
/// A shot without a voice lasts this long at least and at most, unless told.
pub const SHORTEST: f64 = 1.5;
pub const LONGEST: f64 = 8.0;

/// Returns about how many seconds a line takes to say, before a voice has said it.
pub fn speech_seconds(text: &str) -> f64 {
    let letters = text.chars().filter(|c| c.is_alphanumeric()).count() as f64;
    let commas = text.matches([',', ';', ':', '—', '–']).count() as f64;
    let ends = text
        .trim_end_matches(['.', '!', '?', '…', '"', '”'])
        .matches(['.', '!', '?', '…'])
        .count() as f64;
    (letters / 3.0).max(1.0) * 0.195 + commas * 0.35 + ends * 0.75
}

/// Returns about how many seconds of picture an action takes.
pub fn action_seconds(text: &str) -> f64 {
    (text.chars().count() as f64 / 20.0).clamp(SHORTEST, LONGEST)
}

/// Returns how long a text must stay to be read.
pub fn reading_seconds(text: &str) -> f64 {
    let words = text.split_whitespace().count() as f64;
    words * 0.2 + if words < 10.0 { 2.0 } else { 3.0 }
}

/// Returns the pause between a line and the next one.
pub fn pause_after(text: &str) -> f64 {
    if text.trim_end_matches(['"', '”', '*', '_']).ends_with('?') {
        AFTER_QUESTION
    } else {
        BETWEEN
    }
}

/// Returns how long lines take one after the other with their pauses and the shot's edges.
pub fn exchange_seconds<'a>(lines: impl IntoIterator<Item = (&'a str, f64)>) -> f64 {
    let mut total = 0.0;
    let mut pause = 0.0;
    let mut any = false;
    for (text, seconds) in lines {
        total += pause + seconds;
        pause = pause_after(text);
        any = true;
    }
    if any { LEAD_IN + total + LEAD_OUT } else { 0.0 }
}
