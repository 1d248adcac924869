//! What may be made a film of: the rule file, then the provider that moderates, before anything else. What
//! they say is in the journal of the run that comes of it; a refusal is passed only by a named person, where
//! the configuration lets one.

use super::Desk;
use super::new::Handed;
use crate::cli::New;
use crate::config::{Provider, Settings};
use crate::diagnostic::{Exit, Failure, Stopped, exit_of};
use crate::plan::gate;
use crate::providers::ask::{Answer, Ask, Fault};
use crate::providers::wire::Wire;
use crate::store::format::Op;
use anyhow::Result;
use serde_json::Value;
use std::time::Duration;

/// Asks everybody who moderates; returns what is to be recorded.
///
/// # Errors
/// It is refused (exit 13) and nobody overrides that, or somebody could not be asked (69).
pub(super) fn pass(
    desk: &Desk,
    args: &New,
    settings: &Settings,
    handed: &Handed,
) -> Result<Vec<Op>> {
    let mut out = Vec::new();
    let rule = by_rule(handed).map_err(anyhow::Error::from);
    out.push(weighed(desk, args, settings, "animatic", rule)?);
    let name = moderator(args, settings);
    if let Some(provider) = settings.providers.providers.get(name)
        && provider.kind != "animatic"
    {
        let verdict = ask_moderator(desk, settings, handed, name, provider);
        out.push(weighed(desk, args, settings, name, verdict)?);
    }
    Ok(out)
}

fn moderator<'a>(args: &'a New, settings: &'a Settings) -> &'a str {
    let said = (args.provider.iter()).find_map(|pair| pair.strip_prefix("moderation="));
    let role = || {
        settings
            .providers
            .roles
            .get("moderation")
            .map(String::as_str)
    };
    said.or_else(role).unwrap_or("animatic")
}

/// A verdict for the record; a refusal ends it, unless a person takes it on themselves and may.
fn weighed(
    desk: &Desk,
    args: &New,
    settings: &Settings,
    by: &str,
    verdict: Result<()>,
) -> Result<Op> {
    let Err(refusal) = verdict else {
        return Ok(Op::Moderated {
            by: by.to_owned(),
            refused: None,
            overridden_by: None,
            note: None,
        });
    };
    let (Some(note), Exit::Refused) = (&args.override_moderation, exit_of(&refusal)) else {
        return Err(refusal);
    };
    if !settings.operator.moderation.allow_override {
        let hint = "nobody may override that here: moderation.allow_override in conf/operator.yaml";
        return Err(match refusal.downcast::<Failure>() {
            Ok(failure) => failure.hint(hint).into(),
            Err(other) => other,
        });
    }
    let person = desk.by();
    gate::check_name(&person)?;
    desk.printer
        .warn(&format!("{refusal:#}; overridden by {person}"));
    Ok(Op::Moderated {
        by: by.to_owned(),
        refused: Some(format!("{refusal:#}")),
        overridden_by: Some(person),
        note: Some(note.clone()),
    })
}

/// Refuses what the rule file refuses (exit 13), before anything is made.
fn by_rule(handed: &Handed) -> Result<(), Failure> {
    let low = handed.text.to_lowercase();
    for rule in crate::animatic::moderation::rules() {
        if let Some(word) = rule
            .words
            .iter()
            .find(|w| crate::film::words::contains_words(&low, w))
        {
            let line = low
                .lines()
                .position(|l| l.contains(word.as_str()))
                .map_or(0, |i| i + 1);
            return Err(
                Failure::new(Exit::Refused, format!("refused: {}", rule.reason))
                    .at(handed.name.clone(), line, 0)
                    .hint("the rules lie in templates/moderation.yaml"),
            );
        }
    }
    Ok(())
}

/// Asks the provider that moderates. Where it cannot be asked nothing is made: a check
/// that was not done is no check that was passed.
fn ask_moderator(
    desk: &Desk,
    settings: &Settings,
    handed: &Handed,
    name: &str,
    provider: &Provider,
) -> Result<()> {
    if !Wire::fills(&provider.kind, "moderation") {
        return Err(Failure::new(
            Exit::Missing,
            format!("the role `moderation` is given to `{name}`, which cannot fill it"),
        )
        .at("conf/providers.yaml", 0, 0)
        .hint("give it to a provider of kind openai or command, or back to `animatic`")
        .into());
    }
    let wire = Wire::new(name, provider, desk.workspace.root());
    let ask = Ask::Verdict {
        text: handed.text.clone(),
    };
    let scratch = tempfile::tempdir()?;
    let mut tries = settings.operator.limits.attempts.max(1);
    let asked = async {
        loop {
            tries -= 1;
            let answer = wire
                .submit(&ask, "moderation", scratch.path(), &desk.interrupt)
                .await;
            match answer {
                Err(Fault::Later { after, .. }) if tries > 0 => {
                    let wait = after.unwrap_or(Duration::from_secs(1));
                    tokio::time::sleep(wait.min(Duration::from_secs(30))).await;
                }
                Err(Fault::NotSent(_)) if tries > 0 => {
                    tokio::time::sleep(Duration::from_millis(500)).await;
                }
                Err(Fault::Unknown(_)) if tries > 0 && provider.is_free() => {
                    tokio::time::sleep(Duration::from_millis(500)).await;
                }
                other => return other,
            }
        }
    };
    let answer = tokio::task::block_in_place(|| tokio::runtime::Handle::current().block_on(asked));
    let verdict = match answer {
        Ok(Answer::Done(outcome)) => {
            serde_json::from_slice::<Value>(&outcome.bytes).unwrap_or_default()
        }
        Ok(Answer::Job { .. }) => Value::Null,
        Err(Fault::Stopped) => return Err(Stopped.into()),
        Err(fault) => {
            return Err(Failure::new(
                Exit::Missing,
                format!(
                    "{name} could not be asked whether this may be made: {}",
                    fault.said()
                ),
            )
            .hint("try again, or give `moderation` to another provider in conf/providers.yaml")
            .into());
        }
    };
    match verdict["flagged"].as_bool() {
        Some(false) => Ok(()),
        Some(true) => {
            let why: Vec<&str> = verdict["categories"]
                .as_object()
                .into_iter()
                .flatten()
                .filter(|(_, on)| on.as_bool() == Some(true))
                .map(|(name, _)| name.as_str())
                .collect();
            Err(Failure::new(
                Exit::Refused,
                format!("refused by {name}: {}", why.join(", ")),
            )
            .at(handed.name.clone(), 0, 0)
            .into())
        }
        None => Err(Failure::new(Exit::Missing, format!("{name} gave no verdict")).into()),
    }
}
