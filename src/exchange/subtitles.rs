//! SubRip and WebVTT, strict: most readers forgive, ours must not need it.

use crate::film::caption::Caption;
use crate::film::time::{Frames, Rate};

fn clock(rate: Rate, at: Frames, point: char) -> String {
    let ms = (rate.seconds(at) * 1000.0).round() as i64;
    format!(
        "{:02}:{:02}:{:02}{point}{:03}",
        ms / 3_600_000,
        ms / 60_000 % 60,
        ms / 1000 % 60,
        ms % 1000
    )
}

/// A text line may never hold the arrow of a time line, nor, in SubRip, what players take for
/// markup: angle and curly brackets become their look-alikes.
fn tame(line: &str) -> String {
    line.replace("-->", "→")
        .replace('<', "‹")
        .replace('>', "›")
        .replace('{', "(")
        .replace('}', ")")
}

pub fn srt(captions: &[Caption], rate: Rate) -> String {
    let mut out = String::new();
    for (i, c) in captions.iter().enumerate() {
        let lines: Vec<String> = c.lines.iter().map(|l| tame(l)).collect();
        out.push_str(&format!(
            "{}\n{} --> {}\n{}\n\n",
            i + 1,
            clock(rate, c.start, ','),
            clock(rate, c.end, ','),
            lines.join("\n")
        ));
    }
    out
}

pub fn vtt(captions: &[Caption], rate: Rate) -> String {
    let mut out = String::from("WEBVTT\n\n");
    for c in captions {
        let lines: Vec<String> = c
            .lines
            .iter()
            .map(|l| {
                l.replace("-->", "→")
                    .replace('&', "&amp;")
                    .replace('<', "&lt;")
                    .replace('>', "&gt;")
            })
            .collect();
        out.push_str(&format!(
            "{} --> {}\n{}\n\n",
            clock(rate, c.start, '.'),
            clock(rate, c.end, '.'),
            lines.join("\n")
        ));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_forms_are_as_their_standards_say() {
        let c = [Caption {
            start: Frames(30),
            end: Frames(75),
            lines: vec!["a --> b & <c>".into(), "d".into()],
        }];
        assert_eq!(
            srt(&c, Rate::DEFAULT),
            "1\n00:00:01,000 --> 00:00:02,500\na → b & ‹c›\nd\n\n"
        );
        assert_eq!(
            vtt(&c, Rate::DEFAULT),
            "WEBVTT\n\n00:00:01.000 --> 00:00:02.500\na → b &amp; &lt;c&gt;\nd\n\n"
        );
    }
}
