//! SubRip and WebVTT, strict: most readers forgive, ours must not need it.

use crate::film::caption::Caption;
use crate::film::format::{Format, Orientation};
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

/// Advanced SubStation Alpha, for editors and players that style their subtitles.
pub fn ass(captions: &[Caption], rate: Rate, format: Format) -> String {
    let (w, h) = (format.width, format.height);
    let small = w.min(h);
    let (size, edge) = (small * 46 / 1000, (small * 3 / 1000).max(1));
    let below = match format.orientation() {
        Orientation::Wide => h * 55 / 1000,
        Orientation::Square => h * 80 / 1000,
        Orientation::Vertical => h / 4,
    };
    let mut out = format!(
        "[Script Info]\nScriptType: v4.00+\nPlayResX: {w}\nPlayResY: {h}\nWrapStyle: 0\nScaledBorderAndShadow: yes\n\n[V4+ Styles]\nFormat: Name, Fontname, Fontsize, PrimaryColour, SecondaryColour, OutlineColour, BackColour, Bold, Italic, Underline, StrikeOut, ScaleX, ScaleY, Spacing, Angle, BorderStyle, Outline, Shadow, Alignment, MarginL, MarginR, MarginV, Encoding\nStyle: Default,Noto Sans,{size},&H00F4FCFF,&H00F4FCFF,&H28000000,&H00000000,0,0,0,0,100,100,0,0,1,{edge},0,2,{0},{0},{below},1\n\n[Events]\nFormat: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text\n",
        w / 20
    );
    // Hundredths: the end is rounded down where the next begins, so that neighbours never overlap.
    let hundredths = |at: Frames| (rate.seconds(at) * 100.0).round() as i64;
    let clock = |c: i64| {
        format!(
            "{}:{:02}:{:02}.{:02}",
            c / 360_000,
            c / 6000 % 60,
            c / 100 % 60,
            c % 100
        )
    };
    for c in captions {
        let start = hundredths(c.start);
        let end = hundredths(c.end).max(start + 1);
        let lines: Vec<String> = c
            .lines
            .iter()
            .map(|l| l.replace('{', "(").replace('}', ")").replace('\\', "/"))
            .collect();
        out.push_str(&format!(
            "Dialogue: 0,{},{},Default,,0,0,0,,{}\n",
            clock(start),
            clock(end),
            lines.join("\\N")
        ));
    }
    out
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
