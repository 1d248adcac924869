//! `gate`: look and decide, at a prompt or by command.

use super::{Desk, Outcome, run};
use crate::cli::{Decide, Gate, GateName, RunName};
use crate::diagnostic::{Exit, Failure, printable};
use crate::engine::gatekeeper::{self, Words};
use crate::engine::studio::Studio;
use crate::engine::survey::Survey;
use crate::engine::{intake, making};
use crate::film::audio::CueKind;
use crate::film::stage::Stage;
use crate::film::time::spoken;
use crate::plan::gate::Verdict;
use crate::plan::projection::panel_file;
use crate::plan::status::State;
use crate::ui::{editor, pictures, printer, prompt};
use anyhow::Result;
use serde_json::{Value, json};

pub async fn execute(desk: &Desk, gate: Gate) -> Result<Outcome> {
    match gate {
        Gate::Show(args) => show(desk, args),
        Gate::Approve(args) => decide(desk, args, Verdict::Approve).await,
        Gate::Reject(args) => decide(desk, args, Verdict::Reject).await,
        Gate::Decisions(args) => decisions(desk, args),
    }
}

/// The stage that waits for a decision, or the last one that could be decided on.
fn waiting(studio: &Studio) -> Result<Stage> {
    let survey = Survey::take(studio);
    let by_state = |wanted: &[State]| {
        survey
            .states
            .iter()
            .find(|s| wanted.contains(&s.state))
            .map(|s| s.stage)
    };
    by_state(&[State::Open])
        .or_else(|| {
            by_state(&[
                State::Rejected,
                State::Stale,
                State::Conflict,
                State::Invalid,
            ])
        })
        .or_else(|| {
            survey
                .states
                .iter()
                .rev()
                .find(|s| s.state == State::Approved)
                .map(|s| s.stage)
        })
        .ok_or_else(|| {
            Failure::new(Exit::Impossible, "nothing waits for a decision")
                .hint(format!("`greenlight run {}` goes on", studio.run.id()))
                .into()
        })
}

fn show(desk: &Desk, args: GateName) -> Result<Outcome> {
    let (name, stage) = desk.names(&args.names)?;
    let studio = desk.studio(name)?;
    let stage = match stage {
        Some(stage) => stage,
        None => waiting(&studio)?,
    };
    let survey = Survey::take(&studio);
    let state = survey.of(stage).0.clone();
    let now = gatekeeper::subject(&studio, stage);
    let file = studio.run.gate_file(stage);
    let files: Vec<String> = studio.run.names(stage);
    let version = studio.run.ledger.version(stage);
    let mut text = format!("{stage}: {}", state.state.name());
    if let Some(reason) = &state.reason {
        text.push_str(&format!(" ({})", printable(reason)));
    }
    text.push('\n');
    if let Some(v) = version {
        text.push_str(&format!(
            "version {} ({}, by {})",
            v.version,
            v.kind.name(),
            v.by
        ));
        if let Some(n) = &now {
            text.push_str(&format!(", fingerprint {}", n.content.short()));
        }
        text.push('\n');
        for note in &v.notes {
            text.push_str(&format!("note: {}\n", printable(note)));
        }
    }
    text.push('\n');
    text.push_str(&summary(&studio, stage));
    Ok(Outcome::data(
        json!({
            "stage": stage, "state": state.state, "reason": state.reason,
            "content_fp": now.as_ref().map(|n| &n.content), "subject_fp": now.as_ref().map(|n| &n.subject),
            "gate": file, "version": version.map(|v| v.version), "notes": version.map(|v| &v.notes), "files": files,
        }),
        text,
    )
    .of(studio.run.id()))
}

/// What a stage made, for a person to judge.
pub fn summary(studio: &Studio, stage: Stage) -> String {
    let run = &studio.run;
    let path = |name: &str| run.layout.at(name).display().to_string();
    match stage {
        Stage::Outline => match &run.film.outline {
            Some(o) => {
                let rows: Vec<Vec<String>> = o
                    .beats
                    .iter()
                    .map(|b| {
                        vec![
                            b.id.as_ref().map(ToString::to_string).unwrap_or_default(),
                            spoken(b.seconds),
                            cut(&b.summary, 70),
                        ]
                    })
                    .collect();
                let total: f64 = o.beats.iter().map(|b| b.seconds).sum();
                format!(
                    "{}\nmood {} · about {}\n\n{}\n\n{}",
                    printable(&o.logline),
                    o.mood,
                    spoken(total),
                    printer::table(&["beat", "length", "what happens"], &rows),
                    path("outline.yaml")
                )
            }
            None => String::new(),
        },
        Stage::Script => {
            run.text(stage).map(printable).unwrap_or_default() + "\n" + &path("script.fountain")
        }
        Stage::References => match &run.film.references {
            Some(r) => {
                let people: Vec<Vec<String>> = r
                    .cast
                    .iter()
                    .map(|p| {
                        vec![
                            p.name.clone(),
                            if p.offscreen {
                                "heard only".to_owned()
                            } else {
                                format!("{}, {}", p.look.hair, p.look.top)
                            },
                            p.voice.part.clone(),
                            if p.offscreen {
                                String::new()
                            } else {
                                path(&format!("references/{}.png", p.id))
                            },
                        ]
                    })
                    .collect();
                let places: Vec<Vec<String>> = r
                    .places
                    .iter()
                    .map(|p| {
                        vec![
                            p.name.clone(),
                            p.kind.clone(),
                            path(&format!("references/{}.png", p.id)),
                        ]
                    })
                    .collect();
                format!(
                    "look {} · mood {}\n\n{}\n\n{}",
                    r.style.look,
                    r.style.mood,
                    printer::table(&["who", "look", "voice", "sheet"], &people),
                    printer::table(&["place", "drawn as", "sheet"], &places)
                )
            }
            None => String::new(),
        },
        Stage::Storyboard => match &run.film.storyboard {
            Some(b) => {
                let rows: Vec<Vec<String>> = b
                    .shots()
                    .map(|(_, s)| {
                        vec![
                            s.name().to_owned(),
                            s.size.to_string(),
                            s.movement.to_string(),
                            format!("{:.2}", s.seconds),
                            s.score.as_ref().map_or(String::new(), |s| {
                                format!("{}{}", s.total, if s.note.is_empty() { "" } else { " !" })
                            }),
                            cut(&s.prompt, 60),
                        ]
                    })
                    .collect();
                format!(
                    "{} shots · {}\n\n{}\n\n{}",
                    rows.len(),
                    spoken(b.seconds()),
                    printer::table(&["shot", "size", "move", "s", "score", "picture"], &rows),
                    path("storyboard")
                )
            }
            None => String::new(),
        },
        Stage::Assets => match &run.film.assets {
            Some(a) => {
                let rows: Vec<Vec<String>> = a
                    .shots
                    .iter()
                    .map(|s| {
                        let what = match (&s.clip, &s.still) {
                            (Some(clip), _) => clip.clone(),
                            (_, Some(still)) => still.clone(),
                            _ => format!("{} layers", s.layers.len()),
                        };
                        vec![s.id.to_string(), s.movement.to_string(), what]
                    })
                    .collect();
                format!(
                    "{}\n\n{}",
                    printer::table(&["shot", "camera", "footage"], &rows),
                    path("assets")
                )
            }
            None => String::new(),
        },
        Stage::Audio => match &run.film.audio {
            Some(a) => {
                let rows: Vec<Vec<String>> = a
                    .cues
                    .iter()
                    .map(|c| {
                        vec![
                            c.id.to_string(),
                            match c.kind {
                                CueKind::Voice => c.speaker.clone(),
                                CueKind::Music => "music".to_owned(),
                                CueKind::Sound => "places".to_owned(),
                            },
                            format!("{:.2}", c.seconds),
                            format!("{:+.1} dB", c.level_db),
                            c.engine.clone(),
                            cut(&c.text, 50),
                        ]
                    })
                    .collect();
                let holds: Vec<String> = a
                    .hold_frames
                    .iter()
                    .map(|(s, f)| format!("{s} +{f}"))
                    .collect();
                let holds = if holds.is_empty() {
                    String::new()
                } else {
                    format!("\npictures held longer, in frames: {}", holds.join(", "))
                };
                format!(
                    "{}{holds}\n\n{}",
                    printer::table(&["cue", "who", "s", "level", "made by", "words"], &rows),
                    path("audio")
                )
            }
            None => String::new(),
        },
        Stage::Render => format!(
            "{}\n{}",
            path("render/film.mp4"),
            path("render/report.html")
        ),
    }
}

fn cut(text: &str, most: usize) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.chars().count() > most {
        format!("{}…", line.chars().take(most - 1).collect::<String>())
    } else {
        line
    }
}

async fn decide(desk: &Desk, args: Decide, verdict: Verdict) -> Result<Outcome> {
    let (name, stage) = desk.names(&args.names)?;
    let mut studio = desk.studio(name)?;
    let id = studio.run.id().to_owned();
    let mut words = Words {
        note: args.note.clone(),
        feedback: args.feedback.clone(),
        fingerprint: args.fingerprint.clone(),
        gate_id: args.gate_id.clone(),
        override_it: args.override_it,
        ..Words::default()
    };
    let (stage, changed) = if let Some(file) = &args.patch {
        decide_with_patch(desk, studio, stage, verdict, file, &words)?
    } else {
        intake::take_in(&mut studio)?;
        let stage = match stage {
            Some(stage) => stage,
            None => waiting(&studio)?,
        };
        if verdict == Verdict::Reject
            && desk.interactive
            && words.note.is_none()
            && words.feedback.is_none()
        {
            let said = prompt::line("What should change? (empty: nothing, only stop)")?;
            words.feedback = Some(said).filter(|s| !s.trim().is_empty());
            words.interactive = true;
        }
        let by = desk.by();
        let changed = gatekeeper::decide(&mut studio, stage, verdict, &by, &words)?;
        if let Some(feedback) = &words.feedback
            && verdict == Verdict::Reject
            && let Err(e) = making::understood(&studio, stage, feedback)
        {
            desk.printer.warn(&format!("recorded, but {e}"));
        }
        (stage, changed)
    };
    let word = if verdict == Verdict::Approve || args.patch.is_some() {
        "approved"
    } else {
        "rejected"
    };
    if changed {
        desk.printer
            .say(&format!("{stage} is {word} by {}", desk.by()));
    } else {
        desk.printer.say(&format!("{stage} was {word} already"));
    }
    if args.run {
        return run::execute(desk, crate::cli::RunArgs::plain(Some(id), false)).await;
    }
    Ok(Outcome::data(json!({"stage": stage, "decision": word}), "")
        .changed(changed)
        .of(id))
}

/// Applies a patch and approves what comes of it.
pub fn decide_with_patch(
    desk: &Desk,
    mut studio: Studio,
    stage: Option<Stage>,
    verdict: Verdict,
    file: &str,
    words: &Words,
) -> Result<(Stage, bool)> {
    let patch = super::patch::read(file)?;
    intake::take_in(&mut studio)?;
    let stage = stage.unwrap_or_else(|| patch.0.target(studio.run.film.storyboard.is_some()));
    let applied = super::patch::apply(&mut studio, stage, &patch, &super::patch::Terms::default())?;
    for line in &applied.report {
        desk.printer.say(line);
    }
    let words = Words {
        patch: Some(patch.1),
        note: words
            .note
            .clone()
            .or_else(|| (verdict == Verdict::Reject).then(|| "patched".to_owned())),
        override_it: true,
        ..words.clone()
    };
    let changed = gatekeeper::decide(&mut studio, stage, Verdict::Approve, &desk.by(), &words)?;
    Ok((stage, changed))
}

fn decisions(desk: &Desk, args: RunName) -> Result<Outcome> {
    let studio = desk.studio(args.run.as_deref())?;
    let all = &studio.run.ledger.decisions;
    let rows: Vec<Vec<String>> = all
        .iter()
        .map(|(seq, at, d)| {
            vec![
                seq.to_string(),
                at.to_string(),
                d.stage.to_string(),
                if d.decision == Verdict::Approve {
                    "approve"
                } else {
                    "reject"
                }
                .to_owned(),
                d.by.clone(),
                d.feedback.clone().or(d.note.clone()).unwrap_or_default(),
            ]
        })
        .collect();
    let list: Vec<Value> = all
        .iter()
        .map(|(seq, at, d)| {
            let mut v = serde_json::to_value(d).unwrap_or_default();
            v["seq"] = (*seq).into();
            v["at"] = at.to_string().into();
            v
        })
        .collect();
    Ok(Outcome::data(
        json!(list),
        printer::table(&["seq", "at", "stage", "decision", "by", "said"], &rows),
    )
    .of(studio.run.id()))
}

pub enum Answer {
    Decided,
    Stop,
}

/// Asks at a gate until something is decided.
pub fn ask(desk: &Desk, studio: &mut Studio, stage: Stage) -> Result<Answer> {
    loop {
        let shown = gatekeeper::subject(studio, stage);
        let text = summary(studio, stage);
        if text.lines().count() > 30 && stage == Stage::Script {
            if !editor::page(&text) {
                desk.printer.always(&text);
            }
        } else {
            desk.printer.always(&format!("\n{text}\n"));
        }
        if let Some(v) = studio.run.ledger.version(stage) {
            desk.printer.always(&format!(
                "version {} · price {} {}",
                v.version, v.cost, studio.settings.operator.budget.currency
            ));
        }
        let mut options = vec![
            "approve",
            "ask for changes",
            "edit",
            "patch",
            "reject",
            "stop here",
        ];
        if matches!(stage, Stage::Storyboard | Stage::References) && pictures::possible() {
            options.push("look at the pictures");
        }
        let Some(choice) = prompt::choose(&format!("{stage}: what now?"), &options)? else {
            return Ok(Answer::Stop);
        };
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
        let words = Words {
            interactive: true,
            ..Words::default()
        };
        let by = desk.by();
        match options[choice] {
            "approve" if !same => desk
                .printer
                .warn("it changed since it was shown; look again"),
            "approve" => {
                gatekeeper::decide(studio, stage, Verdict::Approve, &by, &words)?;
                return Ok(Answer::Decided);
            }
            "ask for changes" => {
                let said = prompt::line("What should change?")?;
                if said.trim().is_empty() {
                    continue;
                }
                match making::understood(studio, stage, &said) {
                    Ok(_) => {
                        gatekeeper::decide(
                            studio,
                            stage,
                            Verdict::Reject,
                            &by,
                            &Words {
                                feedback: Some(said),
                                ..words
                            },
                        )?;
                        return Ok(Answer::Decided);
                    }
                    Err(e) => desk.printer.failure(&e),
                }
            }
            "edit" => match super::edit::open(desk, studio, stage) {
                Ok(_) => return Ok(Answer::Decided),
                Err(e) => desk.printer.failure(&e),
            },
            "patch" => {
                let file = prompt::line("Patch file (JSON)")?;
                if file.trim().is_empty() {
                    continue;
                }
                let applied = super::patch::read(file.trim()).and_then(|p| {
                    super::patch::apply(studio, stage, &p, &super::patch::Terms::default())
                });
                match applied {
                    Ok(outcome) => {
                        for line in outcome.report {
                            desk.printer.always(&line);
                        }
                    }
                    Err(e) => desk.printer.failure(&e),
                }
            }
            "reject" => {
                let note = prompt::line("Why? (for the record)")?;
                gatekeeper::decide(
                    studio,
                    stage,
                    Verdict::Reject,
                    &by,
                    &Words {
                        note: Some(note),
                        ..words
                    },
                )?;
                return Ok(Answer::Decided);
            }
            "look at the pictures" => look(desk, studio, stage)?,
            _ => return Ok(Answer::Stop),
        }
    }
}

fn look(desk: &Desk, studio: &Studio, stage: Stage) -> Result<()> {
    let names: Vec<String> = match stage {
        Stage::Storyboard => studio
            .run
            .film
            .storyboard
            .iter()
            .flat_map(|b| b.shots().map(|(_, s)| panel_file(s.name())))
            .collect(),
        _ => studio
            .run
            .names(stage)
            .into_iter()
            .filter(|n| n.ends_with(".png"))
            .collect(),
    };
    if let Some(i) = prompt::search("Which?", &names)?
        && let Some(picture) = pictures::half_blocks(&studio.run.layout.at(&names[i]), 72)
    {
        desk.printer.always(&picture);
    }
    Ok(())
}
