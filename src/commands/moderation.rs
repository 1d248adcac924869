//! What may be made a film of: the rule file, then the provider that moderates, before anything else. What
//! they say is in the journal of the run that comes of it; a refusal is passed only by a named person, where
//! the configuration lets one.

use super::new::Handed;
use super::{Desk, NOBODY};
use crate::animatic::moderation::line_of;
use crate::cli::New;
use crate::config::{Provider, Settings};
use crate::diagnostic::{Exit, Failure, Stopped, exit_of};
use crate::plan::gate;
use crate::plan::money::Money;
use crate::providers::ask::{Answer, Ask, Fault};
use crate::providers::wire::Wire;
use crate::store::format::Op;
use crate::store::spending::Ahead;
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
    let rule = by_rule(desk, args, handed).map_err(anyhow::Error::from);
    out.push(weighed(desk, args, settings, "animatic", rule)?);
    let name = moderator(args, settings);
    if let Some(provider) = settings.providers.providers.get(name)
        && provider.kind != "animatic"
    {
        let ask = Ask::Verdict {
            text: handed.text.clone(),
        };
        can_moderate(name, provider)?;
        let ahead = paid_ahead(desk, settings, name, provider, &ask)?;
        let answer = asked(desk, settings, name, provider, &ask);
        // What was turned away was not paid.
        let turned_away = matches!(
            answer,
            Err(Fault::Refused(_) | Fault::NotSent(_) | Fault::Later { .. })
        );
        if let Some(ahead) = ahead.filter(|_| turned_away) {
            ahead.give_back()?;
        }
        let verdict = verdict(handed, name, answer);
        out.push(weighed(desk, args, settings, name, verdict)?);
    }
    Ok(out)
}

/// Books what asking takes in the month, whatever will come of it.
///
/// # Errors
/// More than is left (exit 9), or no price for a provider that takes something (65).
fn paid_ahead(
    desk: &Desk,
    settings: &Settings,
    name: &str,
    provider: &Provider,
    ask: &Ask,
) -> Result<Option<Ahead>> {
    let price = provider.reckon(ask.role(), &ask.measure()).map_err(|why| {
        let what = format!("providers.{name}: {why}");
        Failure::new(Exit::Invalid, what).at("conf/providers.yaml", 0, 0)
    })?;
    if price == Money::ZERO {
        return Ok(None);
    }
    let budget = &settings.operator.budget;
    let month = Money::from_float(budget.per_month);
    match Ahead::book(&desk.workspace.runs(), ask.role(), price, month)? {
        Ok(ahead) => Ok(Some(ahead)),
        Err(taken) => {
            let what = format!(
                "asking {name} whether this may be made would take {price} {}: {taken} of this month's {month} are spent or under way",
                budget.currency
            );
            Err(Failure::new(Exit::Budget, what)
                .hint("raise budget.per_month in conf/operator.yaml")
                .into())
        }
    }
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
    if note.trim().is_empty() || person == NOBODY {
        let what = "a refusal is passed by somebody by name, who says why";
        return Err(Failure::new(Exit::Usage, what)
            .hint("--as NAME --override-moderation \"why\"")
            .into());
    }
    desk.printer
        .warn(&format!("{refusal:#}; overridden by {person}"));
    Ok(Op::Moderated {
        by: by.to_owned(),
        refused: Some(format!("{refusal:#}")),
        overridden_by: Some(person),
        note: Some(note.clone()),
    })
}

/// Refuses what the rule files refuse (exit 13), before anything is made.
fn by_rule(desk: &Desk, args: &New, handed: &Handed) -> Result<(), Failure> {
    const FILE: &str = "templates/moderation.yaml";
    let own = match std::fs::read_to_string(desk.workspace.root().join(FILE)) {
        Ok(text) => Some(text),
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => None,
        // Rules that cannot be read are no reason to do without them.
        Err(e) => return Err(Failure::new(Exit::Invalid, e.to_string()).at(FILE, 0, 0)),
    };
    let rules = crate::animatic::moderation::rules(own.as_deref())
        .map_err(|e| Failure::new(Exit::Invalid, e).at(FILE, 0, 0))?;
    // What is said of the film besides is looked at as well.
    let title = args.title.as_deref().unwrap_or_default();
    for rule in &rules {
        let in_text = |word: &String| line_of(&handed.text, word);
        let in_title = || rule.words.iter().any(|w| line_of(title, w).is_some());
        let line = rule.words.iter().find_map(in_text);
        if line.is_none() && !in_title() {
            continue;
        }
        let refused = Failure::new(Exit::Refused, format!("refused: {}", rule.reason));
        let refused = match line {
            Some(line) => refused.at(handed.name.clone(), line, 0),
            None => refused.at("--title".to_owned(), 0, 0),
        };
        return Err(refused.hint("the rules lie in templates/moderation.yaml"));
    }
    Ok(())
}

fn can_moderate(name: &str, provider: &Provider) -> Result<(), Failure> {
    if Wire::fills(&provider.kind, "moderation") {
        return Ok(());
    }
    Err(Failure::new(
        Exit::Missing,
        format!("the role `moderation` is given to `{name}`, which cannot fill it"),
    )
    .at("conf/providers.yaml", 0, 0)
    .hint("give it to a provider of kind openai or command, or back to `animatic`"))
}

/// Asks the provider that moderates, and again where it was not asked yet.
fn asked(
    desk: &Desk,
    settings: &Settings,
    name: &str,
    provider: &Provider,
    ask: &Ask,
) -> Result<Answer, Fault> {
    let wire = Wire::new(name, provider, desk.workspace.root());
    let scratch = tempfile::tempdir().map_err(|e| Fault::NotSent(e.to_string()))?;
    let mut tries = settings.operator.limits.attempts.max(1);
    let asked = async {
        loop {
            tries -= 1;
            let answer = wire
                .submit(ask, ask.role(), scratch.path(), &desk.interrupt)
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
    tokio::task::block_in_place(|| tokio::runtime::Handle::current().block_on(asked))
}

/// What the provider that moderates has to say. Where it could not be asked nothing is made: a check that was not done
/// is no check that was passed.
fn verdict(handed: &Handed, name: &str, answer: Result<Answer, Fault>) -> Result<()> {
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
