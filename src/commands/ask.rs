//! The conversation at a gate on a terminal.

use super::Desk;
use super::summary::summary;
use crate::engine::gatekeeper::{self, Words};
use crate::engine::patching::{self, Terms};
use crate::engine::studio::Studio;
use crate::engine::{intake, making};
use crate::film::stage::Stage;
use crate::plan::gate::Verdict;
use crate::plan::projection::panel_file;
use crate::ui::{editor, pictures, prompt};
use anyhow::Result;

pub(super) enum Answer {
    Decided,
    Stop,
}

/// Asks at a gate until something is decided.
pub(super) async fn ask(desk: &Desk, studio: &mut Studio, stage: Stage) -> Result<Answer> {
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
            "talk about it",
            "edit",
            "patch",
            "hold",
            "reject",
            "stop here",
        ];
        if studio.run.ledger.last_approved(stage).is_some() {
            options.push("what changed since it was approved");
        }
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
                match making::heard(studio, stage, &said) {
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
            "talk about it" => match super::chat::at_gate(desk, studio, stage).await {
                Ok(_) => {}
                Err(e) if e.downcast_ref::<crate::diagnostic::Stopped>().is_some() => {
                    return Err(e);
                }
                Err(e) => desk.printer.failure(&e),
            },
            "edit" => match super::edit::open(desk, studio, stage) {
                Ok(_) => return Ok(Answer::Decided),
                Err(e) => desk.printer.failure(&e),
            },
            "patch" => {
                let file = prompt::line("Patch file (JSON)")?;
                if file.trim().is_empty() {
                    continue;
                }
                let applied = super::patch::read(file.trim()).and_then(|(patch, json)| {
                    patching::apply(studio, Some(stage), &patch, &json, &Terms::default(), None)
                });
                match applied {
                    Ok((applied, _)) => {
                        for line in applied.report {
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
            "hold" => {
                gatekeeper::hold(studio, stage, &by, None)?;
                desk.printer
                    .say(&format!("{stage} is held: no timer passes it"));
                return Ok(Answer::Stop);
            }
            "what changed since it was approved" => {
                if let Some((against, difference)) = super::gate::since_approved(studio, stage)? {
                    desk.printer.always(&format!(
                        "against version {against}:\n{}",
                        difference.text()
                    ));
                }
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
