//! The conversation at a gate on a terminal: one key for everything a person can do there.

use super::Desk;
use super::easel::Easel;
use super::summary::summary;
use crate::engine::duties;
use crate::engine::gatekeeper::{self, Words};
use crate::engine::outlook;
use crate::engine::patching::{self, Terms};
use crate::engine::studio::Studio;
use crate::engine::{intake, items, making, takes};
use crate::film::stage::Stage;
use crate::plan::gate::Verdict;
use crate::plan::projection::panel_file;
use crate::ui::prompt::{self, Meanwhile, Pressed};
use crate::ui::{browser, editor, pictures, player};
use anyhow::Result;

pub(super) enum Answer {
    Decided,
    Stop,
}

/// What a key does, and whether it does so at a gate.
const KEYS: [(char, &str); 15] = [
    ('a', "approve"),
    ('c', "ask for changes"),
    ('t', "talk about it"),
    ('l', "look"),
    ('k', "compare takes"),
    ('i', "paint over"),
    ('y', "listen"),
    ('w', "open as a page"),
    ('e', "edit"),
    ('p', "patch"),
    ('m', "what it costs"),
    ('d', "what changed since it was approved"),
    ('h', "hold"),
    ('r', "reject"),
    ('s', "stop here"),
];

/// The keys that mean something at this gate.
fn keys(studio: &Studio, stage: Stage) -> Vec<(char, &'static str)> {
    let drawn = matches!(stage, Stage::Storyboard | Stage::References);
    let meant = |key: char| match key {
        'l' => drawn && pictures::possible(),
        'i' => drawn,
        'k' => !several(studio, stage).is_empty(),
        'y' => !heard(studio, stage).is_empty(),
        'd' => studio.run.ledger.last_approved(stage).is_some(),
        't' | 'e' => stage != Stage::Render,
        _ => true,
    };
    KEYS.into_iter().filter(|(key, _)| meant(*key)).collect()
}

/// Asks at a gate until something is decided.
pub(super) async fn ask(desk: &Desk, studio: &mut Studio, stage: Stage) -> Result<Answer> {
    let mut show = true;
    loop {
        let shown = gatekeeper::subject(studio, stage);
        if std::mem::replace(&mut show, false) {
            present(desk, studio, stage);
        }
        let before = super::run::traces(studio);
        let options = keys(studio, stage);
        let pressed = prompt::key(&format!("{stage}: what now?"), &options, || {
            items::cancelled_elsewhere(studio);
            if studio.cancel.is_stopped() {
                Meanwhile::Stopped
            } else if super::run::traces(studio) != before {
                Meanwhile::Settled
            } else {
                Meanwhile::Nothing
            }
        })?;
        // What was decided, or changed, elsewhere meanwhile withdraws the question.
        intake::take_in(studio)?;
        let now = gatekeeper::subject(studio, stage);
        let same = match (&shown, &now) {
            (Some(a), Some(b)) => a.subject == b.subject,
            _ => false,
        };
        if now
            .as_ref()
            .is_some_and(|n| studio.run.ledger.decision(&n.subject).is_some())
        {
            return Ok(Answer::Decided);
        }
        let key = match pressed {
            Pressed::Key(key) => key,
            Pressed::Left => return Ok(Answer::Stop),
            Pressed::Withdrawn => {
                show = !same;
                continue;
            }
        };
        if key == 'a' && !same {
            desk.printer
                .warn("it changed since it was shown; look again");
            show = true;
            continue;
        }
        // A decision signs what was shown, and nothing that came since.
        let words = Words {
            interactive: true,
            fingerprint: now.as_ref().map(|n| n.content.to_string()),
            ..Words::default()
        };
        match act(desk, studio, stage, key, words).await {
            Ok(Some(answer)) => return Ok(answer),
            Ok(None) => {}
            Err(e) if e.downcast_ref::<crate::diagnostic::Stopped>().is_some() => return Err(e),
            // It may be tried again, or otherwise.
            Err(e) => desk.printer.failure(&e),
        }
        let after = gatekeeper::subject(studio, stage);
        show = match (&now, &after) {
            (Some(a), Some(b)) => a.subject != b.subject,
            _ => true,
        };
    }
}

/// Shows what a stage made.
fn present(desk: &Desk, studio: &Studio, stage: Stage) {
    let text = summary(studio, stage);
    let long = text.lines().count() > 30 && stage == Stage::Script;
    if !long || !editor::page(&text) {
        desk.printer.always(&format!("\n{text}\n"));
    }
    for breach in duties::breaches(studio, stage) {
        desk.printer.warn(&breach.line());
    }
    if let Some(v) = studio.run.ledger.version(stage) {
        let currency = &studio.settings.operator.budget.currency;
        desk.printer.always(&format!(
            "version {} · price {} {currency} · going on costs {} {currency}",
            v.version,
            v.cost,
            studio.price_ahead()
        ));
    }
}

/// Does what a key stands for; `None` where the question stays.
async fn act(
    desk: &Desk,
    studio: &mut Studio,
    stage: Stage,
    key: char,
    words: Words,
) -> Result<Option<Answer>> {
    let by = desk.by();
    match key {
        'a' => {
            let unmet = duties::breaches(studio, stage).len();
            let words = if unmet == 0 {
                words
            } else {
                let why = prompt::line(&format!(
                    "{unmet} duties are not met. Why is it approved all the same? (empty: it is not)"
                ))?;
                if why.trim().is_empty() {
                    return Ok(None);
                }
                Words {
                    note: Some(why),
                    pass_duties: true,
                    ..words
                }
            };
            gatekeeper::decide(studio, stage, Verdict::Approve, &by, &words)?;
            return Ok(Some(Answer::Decided));
        }
        'c' => {
            let said = prompt::line("What should change?")?;
            if said.trim().is_empty() {
                return Ok(None);
            }
            if let Some(instructions) = making::heard(studio, stage, &said)? {
                let meant = making::meant(&instructions);
                desk.printer.say(&format!("understood: {meant}"));
            }
            let words = Words {
                feedback: Some(said),
                ..words
            };
            gatekeeper::decide(studio, stage, Verdict::Reject, &by, &words)?;
            return Ok(Some(Answer::Decided));
        }
        't' => {
            super::chat::at_gate(desk, studio, stage).await?;
        }
        'l' => look(desk, studio, stage)?,
        'k' => compare(desk, studio, stage)?,
        'i' => {
            let pictures = pictures_of(studio, stage);
            let names: Vec<String> = pictures.iter().map(|p| p.label.clone()).collect();
            if let Some(i) = prompt::choose("Which?", &names)? {
                let mut easel = Easel::new(studio, stage, &pictures[i].item, (None, None))?;
                easel.working = true;
                super::inpaint::on_a_page(desk, studio, easel).await?;
            }
        }
        'y' => {
            let sounds = heard(studio, stage);
            let names: Vec<String> = sounds.iter().map(|(name, _)| name.clone()).collect();
            if let Some(i) = prompt::choose("Which?", &names)?
                && !player::play(&studio.run.layout.at(&sounds[i].1))
            {
                desk.printer.warn(&format!(
                    "nothing on this machine plays it: {}",
                    studio.run.layout.at(&sounds[i].1).display()
                ));
            }
        }
        'w' => {
            let path = studio.run.layout.at("render/report.html");
            super::review::write(studio, &path)?;
            browser::open(&path);
            desk.printer.always(&path.display().to_string());
        }
        'e' => {
            super::edit::open(desk, studio, stage)?;
            return Ok(Some(Answer::Decided));
        }
        'p' => {
            let file = prompt::line("Patch file (JSON)")?;
            if file.trim().is_empty() {
                return Ok(None);
            }
            let (patch, json) = super::patch::read(file.trim())?;
            let terms = Terms::default();
            let (applied, _) = patching::apply(studio, Some(stage), &patch, &json, &terms, None)?;
            for line in applied.report {
                desk.printer.always(&line);
            }
        }
        'm' => {
            let text = super::plan::outlook(studio, &outlook::coming(studio));
            desk.printer.always(match text.as_str() {
                "" => "nothing more is to be made",
                text => text,
            });
        }
        'd' => {
            if let Some((against, difference)) = super::gate::since_approved(studio, stage)? {
                desk.printer.always(&format!(
                    "against version {against}:\n{}",
                    difference.text()
                ));
            } else {
                desk.printer.always("nothing");
            }
        }
        'h' => {
            gatekeeper::hold(studio, stage, &by, None)?;
            desk.printer
                .say(&format!("{stage} is held: no timer passes it"));
            return Ok(Some(Answer::Stop));
        }
        'r' => {
            let why = prompt::line("Why? (for the record; empty: not rejected)")?;
            if why.trim().is_empty() {
                return Ok(None);
            }
            let words = Words {
                note: Some(why),
                ..words
            };
            gatekeeper::decide(studio, stage, Verdict::Reject, &by, &words)?;
            return Ok(Some(Answer::Decided));
        }
        _ => return Ok(Some(Answer::Stop)),
    }
    Ok(None)
}

/// A picture a person can look at or paint over.
struct Picture {
    item: String,
    file: String,
    /// Its name, what it measures, and what is weak about it.
    label: String,
}

/// The pictures of a stage, weak ones first.
fn pictures_of(studio: &Studio, stage: Stage) -> Vec<Picture> {
    if stage != Stage::Storyboard {
        let names = studio.run.names(stage).into_iter();
        let pictures = names.filter_map(|file| {
            let item = file.strip_prefix("references/")?.strip_suffix(".png")?;
            Some(Picture {
                item: item.to_owned(),
                label: item.to_owned(),
                file,
            })
        });
        return pictures.collect();
    }
    let board = studio.run.film.storyboard.iter();
    let mut shots: Vec<(u32, Picture)> = board
        .flat_map(|b| b.shots())
        .map(|(_, shot)| {
            let (total, note) = shot
                .score
                .as_ref()
                .map_or((100, ""), |s| (s.total, s.note.as_str()));
            let picture = Picture {
                item: shot.name().to_owned(),
                file: panel_file(shot.name()),
                label: format!("{} · {total} {note}", shot.name())
                    .trim_end()
                    .to_owned(),
            };
            (total, picture)
        })
        .collect();
    shots.sort_by_key(|(total, _)| *total);
    shots.into_iter().map(|(_, picture)| picture).collect()
}

fn look(desk: &Desk, studio: &Studio, stage: Stage) -> Result<()> {
    let pictures = pictures_of(studio, stage);
    let names: Vec<String> = pictures.iter().map(|p| p.label.clone()).collect();
    if let Some(i) = prompt::choose("Which?", &names)?
        && let Some(picture) = pictures::shown(&studio.run.layout.at(&pictures[i].file), 72)
    {
        desk.printer.picture(&picture);
    }
    Ok(())
}

/// The items of a stage there are several takes of.
fn several(studio: &Studio, stage: Stage) -> Vec<String> {
    let takes = studio.run.ledger.takes.iter();
    takes
        .filter(|((s, _), all)| {
            let seen = |t: &&crate::store::format::Take| {
                stage != Stage::Storyboard || t.files.contains_key("png")
            };
            *s == stage && all.iter().filter(seen).count() > 1
        })
        .map(|((_, item), _)| item.clone())
        .collect()
}

/// Shows the takes of an item side by side, and picks one.
fn compare(desk: &Desk, studio: &mut Studio, stage: Stage) -> Result<()> {
    let items = several(studio, stage);
    let Some(i) = prompt::choose("Of which?", &items)? else {
        return Ok(());
    };
    let item = &items[i];
    let all = studio.run.ledger.takes.get(&(stage, item.clone()));
    let mut all = all.cloned().unwrap_or_default();
    all.retain(|t| takes::main_file(t).is_some());
    if let Some(sheet) = takes::sheet(studio, stage, &all)? {
        if let Some(picture) = pictures::shown(&sheet, 100) {
            desk.printer.picture(&picture);
        }
        desk.printer.always(&sheet.display().to_string());
    }
    let names: Vec<String> = all
        .iter()
        .map(|t| {
            let placed = if takes::in_place(studio, t) {
                ", in place"
            } else {
                ""
            };
            let measured = t.facts["score"]["total"]
                .as_f64()
                .map_or(String::new(), |s| format!(" · {s}"));
            format!("take {} by {}{measured}{placed}", t.take, t.provider)
        })
        .collect();
    if let Some(i) = prompt::choose("Pick (escape: none)", &names)? {
        takes::pick(studio, stage, item, all[i].take)?;
    }
    Ok(())
}

/// What can be listened to at a gate: the film's cues, and the film itself.
fn heard(studio: &Studio, stage: Stage) -> Vec<(String, String)> {
    let cut = ["render/film.mp4", "render/preview.mp4"]
        .into_iter()
        .filter(|f| studio.run.layout.at(f).is_file())
        .map(|f| (f.to_owned(), f.to_owned()));
    if stage == Stage::Render {
        return cut.collect();
    }
    if stage != Stage::Audio {
        return Vec::new();
    }
    let cues = studio.run.film.audio.iter().flat_map(|a| &a.cues);
    let cues = cues.filter_map(|cue| {
        let words: String = cue.text.chars().take(50).collect();
        let file = cue.file.clone()?;
        Some((format!("{} {words}", cue.id).trim_end().to_owned(), file))
    });
    cues.chain(cut).collect()
}
