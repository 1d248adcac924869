//! Subtitles as text in time: line breaks, reading speed and lengths after the Netflix timed text
//! rules for English (42 characters a line, two lines, 20 characters a second, 5/6 s to 7 s);
//! vertical films take 26 characters.

use super::format::{Format, Orientation};
use super::time::{Frames, Rate};

#[derive(Debug, Clone, PartialEq)]
pub struct Caption {
    pub start: Frames,
    /// The first frame without it.
    pub end: Frames,
    pub lines: Vec<String>,
}

/// A line as spoken: when, and between which frames its picture stands.
#[derive(Debug, Clone, PartialEq)]
pub struct Spoken {
    pub text: String,
    pub start: Frames,
    pub end: Frames,
    /// The shot's first frame and the first of the next.
    pub shot: (Frames, Frames),
}

pub const SHORTEST: f64 = 5.0 / 6.0;
pub const LONGEST: f64 = 7.0;
pub const CHARACTERS_A_SECOND: f64 = 20.0;

pub fn characters_a_line(format: Format) -> usize {
    match format.orientation() {
        Orientation::Vertical => 26,
        Orientation::Square => 34,
        Orientation::Wide => 42,
    }
}

/// The size of captions, as a part of the shorter side.
pub fn caption_size(format: Format) -> f64 {
    match format.orientation() {
        Orientation::Vertical => 0.058,
        Orientation::Square => 0.048,
        Orientation::Wide => 0.046,
    }
}

/// The size of words on the picture, likewise.
pub fn super_size(format: Format) -> f64 {
    match format.orientation() {
        Orientation::Wide => 0.055,
        _ => 0.046,
    }
}

/// Lays captions over what is spoken. They begin with the speech, never before their shot, end
/// within it, and leave two frames between neighbours.
pub fn lay(spoken: &[Spoken], format: Format, rate: Rate) -> Vec<Caption> {
    let width = characters_a_line(format);
    let mut out: Vec<Caption> = Vec::new();
    for line in spoken {
        let text = line.text.split_whitespace().collect::<Vec<_>>().join(" ");
        if text.is_empty() || line.end <= line.start {
            continue;
        }
        let pieces = pieces(&text, width);
        let weight: usize = pieces.iter().map(|p| p.chars().count().max(1)).sum();
        let length = (line.end - line.start).0;
        let mut said = 0;
        for (i, piece) in pieces.iter().enumerate() {
            let from = line.start.0 + length * said as i64 / weight as i64;
            said += piece.chars().count().max(1);
            let last = i + 1 == pieces.len();
            let mut to = line.start.0 + length * said as i64 / weight as i64;
            if last {
                // It may stay half a second longer, but not past the cut.
                to = (to + rate.frames(0.5).0).min(line.shot.1.0);
                to = to.max((from + rate.frames_up(SHORTEST).0).min(line.shot.1.0));
            }
            let start = Frames(from.max(line.shot.0.0));
            let end = Frames(to.max(start.0 + 1));
            out.push(Caption {
                start,
                end,
                lines: balance(piece, width),
            });
        }
    }
    part_neighbours(&mut out, spoken, rate);
    out
}

/// Frames at least between two captions.
const GAP: i64 = 2;

/// Keeps captions apart in time: the earlier ends two frames before the later begins, and where two
/// people speak at once, the later waits until the first could be read.
fn part_neighbours(out: &mut [Caption], spoken: &[Spoken], rate: Rate) {
    let (shortest, close) = (rate.frames_up(SHORTEST).0, rate.frames(0.5).0);
    for i in 1..out.len() {
        let (before, after) = out.split_at_mut(i);
        let (Some(before), Some(after)) = (before.last_mut(), after.first_mut()) else {
            continue;
        };
        let least = before.start.0 + shortest.min((before.end - before.start).0);
        if after.start.0 < least + GAP {
            after.start = Frames(least + GAP);
            after.end = Frames(after.end.0.max(after.start.0 + shortest));
        }
        let next = after.start.0;
        if before.end.0 > next - GAP {
            before.end = Frames(next - GAP);
        } else if next - before.end.0 < close {
            // Short gaps flicker: they are closed to two frames, inside one shot only.
            let shot_end = spoken
                .iter()
                .find(|s| s.shot.0 <= before.start && before.start < s.shot.1)
                .map_or(before.end.0, |s| s.shot.1.0);
            before.end = Frames((next - GAP).min(shot_end).max(before.end.0));
        }
    }
}

/// Splits a text into what fits on the screen at once, two lines at most, at sentence ends and
/// clauses where that is possible.
fn pieces(text: &str, width: usize) -> Vec<String> {
    let most = width * 2;
    let fits = |t: &str| {
        t.chars().count() <= width || (t.chars().count() <= most && two_lines(t, width).is_some())
    };
    if fits(text) {
        return vec![text.to_owned()];
    }
    let words: Vec<&str> = text.split(' ').collect();
    let parts = text.chars().count().div_ceil(most).max(2);
    let ideal = text.chars().count() as f64 / parts as f64;
    // The longest fitting head whose end is the best place to part.
    let mut best: Option<(f64, usize)> = None;
    let mut head = String::new();
    for (i, word) in words.iter().enumerate() {
        if !head.is_empty() {
            head.push(' ');
        }
        head.push_str(word);
        if i + 1 == words.len() || !fits(&head) {
            break;
        }
        let place = break_cost(word, words[i + 1]);
        let cost = place + (head.chars().count() as f64 - ideal).abs() / ideal * 3.0;
        if best.is_none_or(|(c, _)| cost < c) {
            best = Some((cost, i + 1));
        }
    }
    match best {
        Some((_, at)) => {
            let mut out = vec![words[..at].join(" ")];
            out.extend(pieces(&words[at..].join(" "), width));
            out
        }
        // One word longer than the screen is wide: cut it rather than lose it.
        None => {
            let chars: Vec<char> = text.chars().collect();
            let cut = width.min(chars.len().saturating_sub(1)).max(1);
            let mut out = vec![chars[..cut].iter().collect::<String>().trim().to_owned()];
            let rest: String = chars[cut..].iter().collect();
            out.extend(pieces(rest.trim(), width));
            out
        }
    }
}

/// How bad it is to part after `word` and before `next`.
fn break_cost(word: &str, next: &str) -> f64 {
    let low = word.to_lowercase();
    let next_low = next.to_lowercase();
    let bare = low.trim_matches(|c: char| !c.is_alphanumeric());
    if word.ends_with(['.', '!', '?', '…']) {
        return 0.0;
    }
    if word.ends_with([',', ';', ':', '—', '–']) {
        return 0.5;
    }
    const TIED: [&str; 34] = [
        "a", "an", "the", "my", "your", "his", "her", "its", "our", "their", "this", "that", "i",
        "you", "he", "she", "it", "we", "they", "is", "are", "was", "were", "be", "been", "have",
        "has", "had", "will", "would", "can", "could", "not", "no",
    ];
    const OPENERS: [&str; 22] = [
        "and", "but", "or", "that", "which", "who", "when", "while", "because", "if", "in", "on",
        "at", "of", "to", "for", "with", "from", "by", "into", "over", "through",
    ];
    if TIED.contains(&bare) {
        return 3.0;
    }
    if OPENERS.contains(&next_low.trim_matches(|c: char| !c.is_alphanumeric())) {
        return 1.0;
    }
    2.0
}

fn two_lines(text: &str, width: usize) -> Option<(String, String)> {
    let words: Vec<&str> = text.split(' ').collect();
    let total = text.chars().count();
    (1..words.len())
        .filter_map(|at| {
            let (a, b) = (words[..at].join(" "), words[at..].join(" "));
            let (la, lb) = (a.chars().count(), b.chars().count());
            (la <= width && lb <= width).then(|| {
                let uneven = (la as f64 - lb as f64).abs() / total as f64;
                (break_cost(words[at - 1], words[at]) + uneven * 3.0, a, b)
            })
        })
        .min_by(|x, y| x.0.total_cmp(&y.0))
        .map(|(_, a, b)| (a, b))
}

/// One line if it fits, else two of like length.
pub fn balance(text: &str, width: usize) -> Vec<String> {
    if text.chars().count() <= width {
        return vec![text.to_owned()];
    }
    match two_lines(text, width) {
        Some((a, b)) => vec![a, b],
        None => vec![text.to_owned()],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spoken(text: &str, start: f64, end: f64, shot: (f64, f64)) -> Spoken {
        let r = Rate::DEFAULT;
        Spoken {
            text: text.into(),
            start: r.frames(start),
            end: r.frames(end),
            shot: (r.frames(shot.0), r.frames(shot.1)),
        }
    }

    #[test]
    fn people_who_speak_at_once_are_read_one_after_the_other() {
        let shot = (0.0, 6.0);
        let both = [
            spoken("One and two and three.", 1.0, 3.0, shot),
            spoken("Four and five and six.", 1.0, 2.5, shot),
            spoken("Seven.", 1.2, 2.0, shot),
        ];
        let laid = lay(&both, Format::WIDE, Rate::DEFAULT);
        assert_eq!(laid.len(), 3);
        assert!(laid.windows(2).all(|w| w[0].end.0 + 2 <= w[1].start.0));
        assert!(laid.iter().all(|c| (c.end - c.start).0 >= 25));
    }

    #[test]
    fn long_lines_are_parted_and_stay_in_their_shot() {
        let text = "Every morning for forty years, the keeper climbed the stairs, and every evening he came down again with oil on his hands and salt in his beard.";
        let laid = lay(
            &[spoken(text, 0.25, 9.0, (0.0, 9.4))],
            Format::WIDE,
            Rate::DEFAULT,
        );
        assert!(laid.len() > 1);
        assert!(
            laid.iter()
                .all(|c| c.lines.len() <= 2 && c.lines.iter().all(|l| l.chars().count() <= 42))
        );
        assert!(laid.windows(2).all(|w| w[0].end.0 + 2 <= w[1].start.0));
        assert!(laid.last().unwrap().end.0 <= 282);
        let words: Vec<String> = laid.iter().flat_map(|c| c.lines.clone()).collect();
        assert_eq!(words.join(" "), text);
    }
}
