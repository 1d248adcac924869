//! One page that shows a run: the film with a mark for each shot, the board with what its panels measure, the
//! script beside it, sound as it lies in time, what was decided, what it took, what the finished file measures. It
//! needs no network and nothing but the film beside it.

use super::Desk;
use super::reel::Reel;
use crate::film::audio::{Audio, CueKind};
use crate::film::stage::Stage;
use crate::film::storyboard::Shot;
use crate::film::timeline::Timeline;
use crate::plan::money::Money;
use crate::plan::projection::panel_file;
use crate::store::layout::Layout;
use base64::Engine;
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::Path;

const STYLE: &str = include_str!("report.css");
const SCRIPT: &str = include_str!("report.js");

/// The width of the pictures on the page, in pixels.
const WIDE: u32 = 560;
/// From here on a panel is named as weak.
const WEAK: u32 = 60;

/// How much is put on a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Detail {
    /// What costs no time, beside a film that was just cut: pictures stay where they are.
    Quick,
    /// Everything, pictures in the page itself.
    Whole,
}

/// Shows a run as it is now. `checks` are the reports of its manifest.
pub fn page(desk: &Desk<'_>, checks: &[Value], detail: Detail) -> String {
    let run = desk.run;
    let sheet = &run.film.sheet;
    let reel = Reel::draft(desk).ok();
    let timeline = (reel.as_ref()).and_then(|r| r.timeline(desk, sheet.master()).ok());
    let mut out = format!(
        "<!doctype html><html lang=\"{}\"><meta charset=utf-8><link rel=icon href=\"data:,\"><meta name=viewport content=\"width=device-width,initial-scale=1\"><title>{}</title><style>{STYLE}</style>",
        esc(&sheet.language),
        esc(&sheet.title)
    );
    out.push_str("<nav aria-label=\"Parts of this page\"><a href=\"#film\">Film</a><a href=\"#board\">Board</a><a href=\"#sound\">Sound</a><a href=\"#record\">Record</a><a href=\"#price\">Price</a><a href=\"#checks\">Checks</a></nav><main>");
    out.push_str(&format!(
        "<h1 id=film>{}</h1><p class=soft>{} · {} · {}</p>",
        esc(&sheet.title),
        esc(run.id()),
        esc(&sheet.template),
        sheet
            .formats
            .iter()
            .map(|f| f.name())
            .collect::<Vec<_>>()
            .join(", ")
    ));
    let cut = detail == Detail::Quick || run.layout.at("render/film.mp4").is_file();
    film(&mut out, cut, timeline.as_ref());
    board(&mut out, desk, timeline.as_ref(), detail);
    if let (Some(reel), Some(timeline), Detail::Whole) = (&reel, &timeline, detail) {
        sound(&mut out, run.layout.root(), &reel.audio, timeline);
    }
    record(&mut out, desk);
    price(&mut out, desk);
    measured(&mut out, checks);
    out.push_str(&format!("</main><script>{SCRIPT}</script></html>"));
    out
}

fn esc(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c if c.is_control() && c != '\n' => {}
            c => out.push(c),
        }
    }
    out
}

fn film(out: &mut String, cut: bool, timeline: Option<&Timeline>) {
    if !cut {
        out.push_str("<p>The film is not cut yet. <code>greenlight render --preview</code> shows what there is.</p>");
        return;
    }
    out.push_str("<video controls preload=metadata src=\"film.mp4\" poster=\"poster.jpg\" aria-label=\"The film\"></video>");
    let Some(timeline) = timeline else { return };
    out.push_str("<div class=marks role=group aria-label=\"Shots of the film\">");
    for span in &timeline.spans {
        let at = timeline.rate.seconds(span.start);
        out.push_str(&format!(
            "<button type=button data-at=\"{at:.3}\" style=\"flex-grow:{}\" title=\"{name}, {at:.1} s\" aria-label=\"{name}, at {at:.1} seconds\"></button>",
            span.length.0,
            name = esc(span.what.name()),
        ));
    }
    out.push_str("</div><p class=soft>j and k go from shot to shot, space plays and stops.</p>");
}

/// A picture of the run, small enough for a page.
fn thumbnail(path: &Path) -> Option<String> {
    let picture = image::open(path).ok()?;
    let small = picture.thumbnail(WIDE, WIDE * 2).into_rgb8();
    let mut jpeg = std::io::Cursor::new(Vec::new());
    image::codecs::jpeg::JpegEncoder::new_with_quality(&mut jpeg, 80)
        .encode_image(&small)
        .ok()?;
    let text = base64::engine::general_purpose::STANDARD.encode(jpeg.get_ref());
    Some(format!(
        "<img loading=lazy width={} height={} src=\"data:image/jpeg;base64,{text}\"",
        small.width(),
        small.height()
    ))
}

fn board(out: &mut String, desk: &Desk<'_>, timeline: Option<&Timeline>, detail: Detail) {
    let run = desk.run;
    let Some(board) = &run.film.storyboard else {
        out.push_str("<h2 id=board>Board</h2><p>There is no storyboard yet.</p>");
        return;
    };
    out.push_str(
        "<h2 id=board>Board</h2><p><label><input type=checkbox id=weak> weakest first</label></p>",
    );
    let mut n = 0;
    for beat in &board.beats {
        out.push_str(&format!("<h3>{}</h3><div class=shots>", esc(&beat.heading)));
        for shot in &beat.shots {
            n += 1;
            card(out, desk, timeline, (shot, n), detail);
        }
        out.push_str("</div>");
    }
}

fn card(
    out: &mut String,
    desk: &Desk<'_>,
    timeline: Option<&Timeline>,
    (shot, n): (&Shot, usize),
    detail: Detail,
) {
    let run = desk.run;
    let id = esc(shot.name());
    let total = shot.score.as_ref().map_or(100, |s| s.total);
    out.push_str(&format!(
        "<article class=shot data-n={n} data-score={total} aria-label=\"Shot {id}\">"
    ));
    let panel = panel_file(shot.name());
    let img = match detail {
        Detail::Quick => Some(format!("<img loading=lazy src=\"../{}\"", esc(&panel))),
        Detail::Whole => thumbnail(&run.layout.at(&panel)),
    };
    if let Some(img) = img {
        out.push_str(&format!("{img} alt=\"{}\">", esc(&shot.prompt)));
    }
    out.push_str("<div>");
    if let Some(score) = &shot.score {
        let weak = if score.total < WEAK { " weak" } else { "" };
        out.push_str(&format!(
            "<span class=\"score{weak}\" title=\"sharpness {}, exposure {}, contrast {}\">{}</span>",
            score.sharpness, score.exposure, score.contrast, score.total
        ));
    }
    out.push_str(&format!(
        "<b>{id}</b> {} · {} · {} s",
        shot.size, shot.movement, shot.seconds
    ));
    out.push_str(&format!("<p>{}</p>", esc(&shot.prompt)));
    for line in &shot.lines {
        out.push_str(&format!(
            "<p class=line><small>{}</small><br>{}</p>",
            esc(line.speaker.as_str()),
            esc(&line.text)
        ));
    }
    if let Some(note) = shot
        .score
        .as_ref()
        .map(|s| s.note.as_str())
        .filter(|n| !n.is_empty())
    {
        out.push_str(&format!("<p class=bad>{}</p>", esc(note)));
    }
    if let Some(timeline) = timeline
        && let Some(span) = timeline.span(shot.name())
    {
        let at = timeline.rate.seconds(span.start);
        out.push_str(&format!(
            "<button type=button data-at=\"{at:.3}\" aria-label=\"Play shot {id}\">▶ {at:.1} s</button>"
        ));
    }
    let takes = run
        .ledger
        .takes
        .get(&(Stage::Storyboard, shot.name().to_owned()));
    let takes = takes.map_or(&[][..], Vec::as_slice);
    if takes.len() > 1 && detail == Detail::Whole {
        out.push_str(&format!(
            "<details><summary>{} takes</summary>",
            takes.len()
        ));
        for take in takes {
            let file = Layout::take(Stage::Storyboard, &take.item, take.take, "png");
            let placed = run.files.get(&panel_file(shot.name())) == take.files.get("png");
            let mark = if placed { ", in place" } else { "" };
            out.push_str(&format!(
                "<p><small>take {} by {}{mark}</small><br>",
                take.take,
                esc(&take.provider)
            ));
            if let Some(img) = thumbnail(&run.layout.at(&file)) {
                out.push_str(&format!("{img} alt=\"take {} of {id}\">", take.take));
            }
            out.push_str("</p>");
        }
        out.push_str("</details>");
    }
    out.push_str("</div></article>");
}

/// Voices, music and sounds as they lie in time, each as loud as it is.
fn sound(out: &mut String, root: &Path, audio: &Audio, timeline: &Timeline) {
    const WIDTH: f64 = 1160.0;
    const LANE: f64 = 54.0;
    let total = timeline.seconds().max(0.1);
    let x = |seconds: f64| 30.0 + seconds / total * (WIDTH - 40.0);
    out.push_str(&format!(
        "<h2 id=sound>Sound</h2><svg viewBox=\"0 0 {WIDTH} {}\" role=img aria-label=\"Voices, music and sounds in time\">",
        3.0 * LANE + 30.0
    ));
    for (lane, (kind, name, color)) in [
        (CueKind::Voice, "voice", "--voice"),
        (CueKind::Music, "music", "--music"),
        (CueKind::Sound, "sound", "--sound"),
    ]
    .into_iter()
    .enumerate()
    {
        let middle = lane as f64 * LANE + LANE / 2.0 + 4.0;
        out.push_str(&format!(
            "<text x=2 y={middle:.0} transform=\"rotate(-90 10 {middle:.0})\">{name}</text>"
        ));
        for placed in timeline.cues.iter().filter(|c| c.kind == kind) {
            let Some(cue) = audio.cue(&placed.cue) else {
                continue;
            };
            let start = timeline.rate.seconds(placed.start);
            let (a, b) = (x(start), x((start + cue.seconds).min(total)));
            let loud = 10f64.powf(placed.level_db / 20.0);
            let peaks = placed
                .file
                .as_ref()
                .and_then(|f| peaks(&root.join(f), ((b - a) as usize).max(1)));
            let words = format!("{} {:+.1} dB {}", cue.id, placed.level_db, cue.text);
            out.push_str(&format!("<g><title>{}</title>", esc(&words)));
            match peaks {
                Some(peaks) => {
                    let half = |p: &f32| (f64::from(*p) * loud).min(1.0) * LANE * 0.46 + 0.5;
                    let mut path = String::new();
                    for (i, p) in peaks.iter().enumerate() {
                        path.push_str(&format!(
                            "M{:.1} {:.1}V{:.1}",
                            a + i as f64,
                            middle - half(p),
                            middle + half(p)
                        ));
                    }
                    out.push_str(&format!(
                        "<path d=\"{path}\" stroke=\"var({color})\" fill=none />"
                    ));
                }
                None => out.push_str(&format!(
                    "<rect x={a:.1} y={:.1} width={:.1} height=8 fill=\"var({color})\" />",
                    middle - 4.0,
                    (b - a).max(1.0)
                )),
            }
            out.push_str("</g>");
        }
    }
    let step = [1.0, 2.0, 5.0, 10.0, 30.0, 60.0, 300.0, 600.0]
        .into_iter()
        .find(|s| total / s <= 16.0)
        .unwrap_or(1800.0);
    let mut at = 0.0;
    while at <= total {
        out.push_str(&format!(
            "<text x={:.0} y={:.0}>{}:{:02}</text>",
            x(at),
            3.0 * LANE + 22.0,
            at as u64 / 60,
            at as u64 % 60
        ));
        at += step;
    }
    out.push_str("</svg><div class=scroll><table><thead><tr><th>cue<th>at<th>length<th>level<th>made by<th>words</thead><tbody>");
    for placed in &timeline.cues {
        let Some(cue) = audio.cue(&placed.cue) else {
            continue;
        };
        out.push_str(&format!(
            "<tr><td>{}<td>{:.2} s<td>{:.2} s<td>{:+.1} dB<td>{}<td>{}",
            esc(&placed.cue),
            timeline.rate.seconds(placed.start),
            cue.seconds,
            placed.level_db,
            esc(&cue.engine),
            esc(&cue.text)
        ));
    }
    out.push_str("</tbody></table></div>");
}

/// The highest samples of so many stretches of a sound, 0 to 1.
fn peaks(path: &Path, count: usize) -> Option<Vec<f32>> {
    let mut wav = hound::WavReader::open(path).ok()?;
    let each = (wav.len() as usize / count).max(1);
    let mut out = vec![0f32; count];
    for (i, sample) in wav.samples::<i16>().enumerate() {
        let peak = &mut out[(i / each).min(count - 1)];
        *peak = peak.max(f32::from(sample.ok()?).abs() / 32768.0);
    }
    Some(out)
}

/// Versions and decisions in the order they came.
fn record(out: &mut String, desk: &Desk<'_>) {
    let ledger = &desk.run.ledger;
    let mut lines: BTreeMap<u64, (String, &str, String)> = BTreeMap::new();
    for (seq, at, v) in ledger.versions.values().flatten() {
        let said = v
            .feedback
            .as_ref()
            .map_or(String::new(), |f| format!(": “{f}”"));
        let kind = serde_json::to_value(v.kind).ok();
        let kind = kind
            .as_ref()
            .and_then(Value::as_str)
            .unwrap_or("made")
            .to_owned();
        lines.insert(
            *seq,
            (
                at.to_string(),
                "",
                format!(
                    "{} version {}, {kind} by {}{said}",
                    v.stage, v.version, v.by
                ),
            ),
        );
    }
    for (seq, at, d) in &ledger.decisions {
        let said = d.feedback.as_ref().or(d.note.as_ref());
        let said = said.map_or(String::new(), |f| format!(": “{f}”"));
        let void = if ledger.is_void(*seq) {
            " (taken back)"
        } else {
            ""
        };
        lines.insert(
            *seq,
            (
                at.to_string(),
                "decided",
                format!("{} {} by {}{void}{said}", d.stage, d.decision.done(), d.by),
            ),
        );
    }
    out.push_str("<h2 id=record>Record</h2><ol class=story>");
    for (at, class, text) in lines.values() {
        let day = at.get(..16).unwrap_or(at).replace('T', " ");
        out.push_str(&format!(
            "<li class=\"{class}\"><small>{}</small> {}",
            esc(&day),
            esc(text)
        ));
    }
    out.push_str("</ol>");
}

fn price(out: &mut String, desk: &Desk<'_>) {
    let mut stages: BTreeMap<Stage, (Money, usize)> = BTreeMap::new();
    for task in desk.run.ledger.tasks.values() {
        let of = stages.entry(task.note.stage).or_insert((Money::ZERO, 0));
        *of = (of.0 + task.spent, of.1 + 1);
    }
    out.push_str("<h2 id=price>Price</h2>");
    if stages.is_empty() {
        out.push_str("<p>Nothing was paid: the offline house made it all.</p>");
        return;
    }
    out.push_str("<table><thead><tr><th>stage<th>requests<th>spent</thead><tbody>");
    for (stage, (spent, count)) in &stages {
        out.push_str(&format!("<tr><td>{stage}<td>{count}<td>{spent}"));
    }
    let all: Money = stages.values().map(|(spent, _)| *spent).sum();
    out.push_str(&format!("<tr><th>all<th><th>{all}</tbody></table>"));
}

fn measured(out: &mut String, checks: &[Value]) {
    out.push_str("<h2 id=checks>Checks</h2>");
    if checks.is_empty() {
        out.push_str("<p>There is no finished film to be measured yet.</p>");
    }
    for check in checks {
        let report = &check["report"];
        let number = |v: &Value| v.as_f64().unwrap_or(0.0);
        out.push_str(&format!(
            "<h3>{}</h3><p>{:.2} s · {} frames · {:.1} LUFS · {:.1} dBTP</p>",
            esc(check["file"].as_str().unwrap_or("film")),
            number(&report["seconds"]),
            report["frames"],
            number(&report["loudness"]["integrated_lufs"]),
            number(&report["loudness"]["true_peak_db"])
        ));
        let list = |name: &str| report[name].as_array().cloned().unwrap_or_default();
        let faults = list("faults");
        if faults.is_empty() {
            out.push_str("<p class=good>Within all limits.</p>");
        }
        for fault in &faults {
            out.push_str(&format!(
                "<p class=bad>{}</p>",
                esc(fault.as_str().unwrap_or(""))
            ));
        }
        for note in &list("notes") {
            out.push_str(&format!(
                "<p><small>{}</small></p>",
                esc(note.as_str().unwrap_or(""))
            ));
        }
    }
}
