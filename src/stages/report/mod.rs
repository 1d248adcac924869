//! One page that shows a run: the film with a mark for each shot, the board with what its panels measure, the
//! script beside it, sound as it lies in time, what was decided, what it took, what the finished file measures. It
//! needs no network and nothing but the film beside it; served, it is where a person decides ([`deciding`]).

pub mod deciding;

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
use deciding::Deciding;
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::Path;

const STYLE: &str = include_str!("page.css");
const SCRIPT: &str = include_str!("page.js");

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
    /// Everything, pictures and film asked for as they are looked at.
    Served,
}

/// What a page tells beyond the run itself.
#[derive(Default)]
pub struct Told<'a> {
    /// The reports of the run's manifest.
    pub checks: &'a [Value],
    /// What changed last, by stage.
    pub changes: &'a [(Stage, String)],
    /// What waits, where a person may decide on the page.
    pub deciding: Option<&'a Deciding>,
}

/// A page as it is being written.
struct Page<'a> {
    out: String,
    desk: &'a Desk<'a>,
    detail: Detail,
    timeline: Option<Timeline>,
}

/// Shows a run as it is now.
pub fn page(desk: &Desk<'_>, told: &Told<'_>, detail: Detail) -> String {
    let run = desk.run;
    let sheet = &run.film.sheet;
    let reel = Reel::draft(desk).ok();
    let timeline = (reel.as_ref()).and_then(|r| r.timeline(desk, sheet.master()).ok());
    let mut page = Page {
        out: String::new(),
        desk,
        detail,
        timeline,
    };
    let seq = told.deciding.map_or(0, |d| d.seq);
    page.out.push_str(&format!(
        "<!doctype html><html lang=\"{}\"><meta charset=utf-8><link rel=icon href=\"data:,\"><meta name=viewport content=\"width=device-width,initial-scale=1\"><title>{}</title><style>{STYLE}</style><body data-seq={seq}>",
        esc(&sheet.language),
        esc(&sheet.title)
    ));
    page.out.push_str("<nav aria-label=\"Parts of this page\">");
    if told.deciding.is_some() {
        page.out.push_str("<a href=\"#gate\">Decide</a>");
    }
    page.out.push_str("<a href=\"#film\">Film</a><a href=\"#script\">Words</a><a href=\"#board\">Board</a><a href=\"#sound\">Sound</a><a href=\"#record\">Record</a><a href=\"#price\">Price</a><a href=\"#checks\">Checks</a></nav><main>");
    page.out.push_str(&format!(
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
    if let Some(deciding) = told.deciding {
        deciding::put(&mut page, deciding);
    }
    page.film();
    page.words();
    page.sheets();
    page.board();
    if let (Some(reel), true) = (&reel, detail != Detail::Quick) {
        page.sound(&reel.audio);
    }
    page.record(told.changes);
    page.price();
    page.measured(told.checks);
    page.out.push_str("<dialog id=ab aria-label=\"Two takes compared\"><p class=acts><label>A <select id=ab-a></select></label><label>B <select id=ab-b></select></label><button type=button id=ab-close>Close</button></p><div class=ab><img id=ab-left alt=\"A\"><img id=ab-right alt=\"B\"></div><label class=words>A to B <input id=ab-cut type=range min=0 max=100 value=50></label><p class=acts id=ab-picks></p></dialog>");
    page.out
        .push_str(&format!("</main><script>{SCRIPT}</script>"));
    if told.deciding.is_some() {
        page.out
            .push_str(&format!("<script>{}</script>", deciding::SCRIPT));
    }
    page.out.push_str("</body></html>");
    page.out
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

impl Page<'_> {
    /// Where a file of the run is found from the page.
    fn address(&self, file: &str) -> String {
        let before = if self.detail == Detail::Served {
            "file/"
        } else {
            "../"
        };
        esc(&format!("{before}{file}"))
    }

    /// A picture of the run, its tag left open for what it shows.
    fn picture(&self, file: &str) -> Option<String> {
        let path = self.desk.run.layout.at(file);
        match self.detail {
            Detail::Whole => thumbnail(&path),
            Detail::Quick | Detail::Served => path
                .is_file()
                .then(|| format!("<img loading=lazy src=\"{}\"", self.address(file))),
        }
    }

    fn film(&mut self) {
        let layout = &self.desk.run.layout;
        let names = ["render/film.mp4", "render/preview.mp4"];
        // While it is being cut, the page is made before the film lies beside it.
        let cut = match self.detail {
            Detail::Quick => Some(names[0]),
            _ => names.into_iter().find(|n| layout.at(n).is_file()),
        };
        let Some(cut) = cut else {
            self.out.push_str("<p>The film is not cut yet. <code>greenlight render --preview</code> shows what there is.</p>");
            return;
        };
        if cut != names[0] {
            self.out
                .push_str("<p class=soft>A preview of what there was when it was cut.</p>");
        }
        self.out.push_str(&format!(
            "<video controls preload=metadata src=\"{}\" poster=\"{}\" aria-label=\"The film\"></video>",
            self.address(cut).replace("../render/", ""),
            self.address("render/poster.jpg").replace("../render/", ""),
        ));
        let Some(timeline) = &self.timeline else {
            return;
        };
        self.out
            .push_str("<div class=marks role=group aria-label=\"Shots of the film\">");
        for span in &timeline.spans {
            let at = timeline.rate.seconds(span.start);
            self.out.push_str(&format!(
                "<button type=button data-at=\"{at:.3}\" style=\"flex-grow:{}\" title=\"{name}, {at:.1} s\" aria-label=\"{name}, at {at:.1} seconds\"></button>",
                span.length.0,
                name = esc(span.what.name()),
            ));
        }
        self.out.push_str(
            "</div><p class=soft>j and k go from shot to shot, space plays and stops.</p>",
        );
    }

    /// The outline and the screenplay, to be read.
    fn words(&mut self) {
        self.out.push_str("<h2 id=script>Words</h2>");
        let film = &self.desk.run.film;
        if let Some(outline) = &film.outline {
            self.out
                .push_str(&format!("<p>{}</p><ol>", esc(&outline.logline)));
            for beat in &outline.beats {
                self.out.push_str(&format!(
                    "<li><b>{}</b> <small>{} s</small> {}",
                    esc(&beat.title),
                    beat.seconds,
                    esc(&beat.summary)
                ));
            }
            self.out.push_str("</ol>");
        }
        match self.desk.run.text(Stage::Script) {
            Some(text) => self.out.push_str(&format!(
                "<details><summary>The screenplay</summary><pre class=script tabindex=0>{}</pre></details>",
                esc(text)
            )),
            None => self.out.push_str("<p>There is no screenplay yet.</p>"),
        }
    }

    /// Who and where.
    fn sheets(&mut self) {
        let Some(references) = self.desk.run.film.references.as_ref() else {
            return;
        };
        self.out
            .push_str("<h2 id=sheets>Cast and places</h2><div class=shots>");
        let people = references.cast.iter().filter(|p| !p.offscreen).map(|p| {
            let words = [p.description.as_str(), "voice:", p.voice.part.as_str()].join(" ");
            (p.id.as_str(), p.name.as_str(), words)
        });
        let places = references
            .places
            .iter()
            .map(|p| (p.id.as_str(), p.name.as_str(), p.kind.clone()));
        for (id, name, words) in people.chain(places) {
            let file = format!("references/{id}.png");
            let Some(img) = self.picture(&file) else {
                continue;
            };
            let (name, words) = (esc(name), esc(&words));
            self.out.push_str(&format!(
                "<article class=shot aria-label=\"{name}\">{img} alt=\"{name}\"><div><b>{name}</b><p>{words}</p>"
            ));
            self.hands(Stage::References, id, &file);
            self.out.push_str("</div></article>");
        }
        self.out.push_str("</div>");
    }

    /// The takes of a picture, and what can be done with it.
    fn hands(&mut self, stage: Stage, item: &str, file: &str) {
        let run = self.desk.run;
        let served = self.detail == Detail::Served;
        let id = esc(item);
        if served {
            self.out.push_str(&format!(
                "<p class=acts><a href=\"paint/{stage}/{id}/\" target=_blank rel=opener aria-label=\"Paint over {id}\">Paint over</a><button type=button data-say=\"{id}: \" aria-label=\"Say something about {id}\">Say something about it</button></p>"
            ));
        }
        let takes = run.ledger.takes.get(&(stage, item.to_owned()));
        let takes = takes.map_or(&[][..], Vec::as_slice);
        if takes.len() < 2 || self.detail == Detail::Quick {
            return;
        }
        self.out.push_str(&format!(
            "<details class=takes data-item=\"{id}\"><summary>{} takes</summary><button type=button class=ab-open>Compare</button>",
            takes.len()
        ));
        for take in takes.iter().filter(|t| t.files.contains_key("png")) {
            let placed = run.files.get(file) == take.files.get("png");
            let mark = if placed { ", in place" } else { "" };
            let n = take.take;
            self.out.push_str(&format!(
                "<p><small>take {n} by {}{mark}</small><br>",
                esc(&take.provider)
            ));
            if let Some(img) = self.picture(&Layout::take(stage, item, n, "png")) {
                self.out.push_str(&format!(
                    "{img} alt=\"take {n} of {id}\" data-take={n} data-placed={placed}>"
                ));
            }
            if served && !placed {
                self.out.push_str(&format!(
                    "<button type=button data-pick=\"{stage} {id} {n}\">Pick take {n}</button>"
                ));
            }
            self.out.push_str("</p>");
        }
        self.out.push_str("</details>");
    }

    fn board(&mut self) {
        let Some(board) = &self.desk.run.film.storyboard else {
            self.out
                .push_str("<h2 id=board>Board</h2><p>There is no storyboard yet.</p>");
            return;
        };
        self.out.push_str(
        "<h2 id=board>Board</h2><p><label><input type=checkbox id=weak> weakest first</label></p>",
    );
        let mut n = 0;
        for beat in &board.beats {
            self.out
                .push_str(&format!("<h3>{}</h3><div class=shots>", esc(&beat.heading)));
            for shot in &beat.shots {
                n += 1;
                self.card(shot, n);
            }
            self.out.push_str("</div>");
        }
    }

    fn card(&mut self, shot: &Shot, n: usize) {
        let id = esc(shot.name());
        let total = shot.score.as_ref().map_or(100, |s| s.total);
        self.out.push_str(&format!(
            "<article class=shot data-n={n} data-score={total} aria-label=\"Shot {id}\">"
        ));
        let panel = panel_file(shot.name());
        if let Some(img) = self.picture(&panel) {
            self.out
                .push_str(&format!("{img} alt=\"{}\">", esc(&shot.prompt)));
        }
        self.out.push_str("<div>");
        if let Some(score) = &shot.score {
            let weak = if score.total < WEAK { " weak" } else { "" };
            self.out.push_str(&format!(
            "<span class=\"score{weak}\" title=\"sharpness {}, exposure {}, contrast {}\">{}</span>",
            score.sharpness, score.exposure, score.contrast, score.total
        ));
        }
        self.out.push_str(&format!(
            "<b>{id}</b> {} · {} · {} s",
            shot.size, shot.movement, shot.seconds
        ));
        self.out.push_str(&format!("<p>{}</p>", esc(&shot.prompt)));
        for line in &shot.lines {
            self.out.push_str(&format!(
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
            self.out
                .push_str(&format!("<p class=bad>{}</p>", esc(note)));
        }
        if let Some(timeline) = &self.timeline
            && let Some(span) = timeline.span(shot.name())
        {
            let at = timeline.rate.seconds(span.start);
            self.out.push_str(&format!(
            "<button type=button data-at=\"{at:.3}\" aria-label=\"Play shot {id}\">▶ {at:.1} s</button>"
        ));
        }
        self.hands(Stage::Storyboard, shot.name(), &panel);
        self.out.push_str("</div></article>");
    }

    /// Voices, music and sounds as they lie in time, each as loud as it is.
    fn sound(&mut self, audio: &Audio) {
        let Some(timeline) = self.timeline.take() else {
            return;
        };
        let timeline = &timeline;
        let root = self.desk.run.layout.root();
        const WIDTH: f64 = 1160.0;
        const LANE: f64 = 54.0;
        let total = timeline.seconds().max(0.1);
        let x = |seconds: f64| 30.0 + seconds / total * (WIDTH - 40.0);
        self.out.push_str(&format!(
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
            self.out.push_str(&format!(
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
                self.out
                    .push_str(&format!("<g><title>{}</title>", esc(&words)));
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
                        self.out.push_str(&format!(
                            "<path d=\"{path}\" stroke=\"var({color})\" fill=none />"
                        ));
                    }
                    None => self.out.push_str(&format!(
                        "<rect x={a:.1} y={:.1} width={:.1} height=8 fill=\"var({color})\" />",
                        middle - 4.0,
                        (b - a).max(1.0)
                    )),
                }
                self.out.push_str("</g>");
            }
        }
        let step = [1.0, 2.0, 5.0, 10.0, 30.0, 60.0, 300.0, 600.0]
            .into_iter()
            .find(|s| total / s <= 16.0)
            .unwrap_or(1800.0);
        let mut at = 0.0;
        while at <= total {
            self.out.push_str(&format!(
                "<text x={:.0} y={:.0}>{}:{:02}</text>",
                x(at),
                3.0 * LANE + 22.0,
                at as u64 / 60,
                at as u64 % 60
            ));
            at += step;
        }
        self.out.push_str("</svg><div class=scroll><table><thead><tr><th>cue<th>at<th>length<th>level<th>made by<th>words<th>hear</thead><tbody>");
        for placed in &timeline.cues {
            let Some(cue) = audio.cue(&placed.cue) else {
                continue;
            };
            let file = placed.file.as_ref();
            let heard = file.map_or(String::new(), |f| {
                format!(
                    "<audio controls preload=none src=\"{}\" aria-label=\"{}\"></audio>",
                    self.address(f),
                    esc(&placed.cue)
                )
            });
            self.out.push_str(&format!(
                "<tr><td>{}<td>{:.2} s<td>{:.2} s<td>{:+.1} dB<td>{}<td>{}<td>{}",
                esc(&placed.cue),
                timeline.rate.seconds(placed.start),
                cue.seconds,
                placed.level_db,
                esc(&cue.engine),
                esc(&cue.text),
                heard
            ));
        }
        self.out.push_str("</tbody></table></div>");
    }

    /// Versions and decisions in the order they came.
    fn record(&mut self, changes: &[(Stage, String)]) {
        let ledger = &self.desk.run.ledger;
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
        self.out
            .push_str("<h2 id=record>Record</h2><ol class=story>");
        for (at, class, text) in lines.values() {
            let day = at.get(..16).unwrap_or(at).replace('T', " ");
            self.out.push_str(&format!(
                "<li class=\"{class}\"><small>{}</small> {}",
                esc(&day),
                esc(text)
            ));
        }
        self.out.push_str("</ol>");
        self.changes(changes);
    }

    /// What changed last, and, served, any two versions against each other.
    fn changes(&mut self, changes: &[(Stage, String)]) {
        for (stage, text) in changes {
            self.out.push_str(&format!(
                "<details><summary>What changed last: {stage}</summary><pre tabindex=0>{}</pre></details>",
                esc(text)
            ));
        }
        if self.detail != Detail::Served {
            return;
        }
        let versions = &self.desk.run.ledger.versions;
        if versions.values().all(|all| all.len() < 2) {
            return;
        }
        self.out
            .push_str("<div class=acts><label>Compare <select id=versions-of>");
        for (stage, all) in versions.iter().filter(|(_, all)| all.len() > 1) {
            for (_, _, version) in all {
                self.out.push_str(&format!(
                    "<option value=\"{stage} {n}\">{stage}, version {n}</option>",
                    n = version.version
                ));
            }
        }
        let most = versions.values().map(Vec::len).max().unwrap_or(0);
        let numbers: String = (1..=most)
            .map(|n| format!("<option value={n}>version {n}</option>"))
            .collect();
        self.out.push_str(&format!(
            "</select></label><label>with <select id=versions-to><option>now</option>{numbers}</select></label><button type=button id=compare-versions>Compare</button><button type=button id=restore-version>Put this version back</button></div><pre id=versions-told hidden tabindex=0></pre><div id=versions-pictures class=shots></div>"
        ));
    }

    fn price(&mut self) {
        let mut stages: BTreeMap<Stage, (Money, usize)> = BTreeMap::new();
        for task in self.desk.run.ledger.tasks.values() {
            let of = stages.entry(task.note.stage).or_insert((Money::ZERO, 0));
            *of = (of.0 + task.spent, of.1 + 1);
        }
        self.out.push_str("<h2 id=price>Price</h2>");
        if stages.is_empty() {
            self.out
                .push_str("<p>Nothing was paid: the offline house made it all.</p>");
            return;
        }
        self.out
            .push_str("<table><thead><tr><th>stage<th>requests<th>spent</thead><tbody>");
        for (stage, (spent, count)) in &stages {
            self.out
                .push_str(&format!("<tr><td>{stage}<td>{count}<td>{spent}"));
        }
        let all: Money = stages.values().map(|(spent, _)| *spent).sum();
        self.out
            .push_str(&format!("<tr><th>all<th><th>{all}</tbody></table>"));
    }

    fn measured(&mut self, checks: &[Value]) {
        self.out.push_str("<h2 id=checks>Checks</h2>");
        if checks.is_empty() {
            self.out
                .push_str("<p>There is no finished film to be measured yet.</p>");
        }
        for check in checks {
            let report = &check["report"];
            let number = |v: &Value| v.as_f64().unwrap_or(0.0);
            self.out.push_str(&format!(
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
                self.out.push_str("<p class=good>Within all limits.</p>");
            }
            for fault in &faults {
                self.out.push_str(&format!(
                    "<p class=bad>{}</p>",
                    esc(fault.as_str().unwrap_or(""))
                ));
            }
            for note in &list("notes") {
                self.out.push_str(&format!(
                    "<p><small>{}</small></p>",
                    esc(note.as_str().unwrap_or(""))
                ));
            }
        }
    }
}
