//! A run on the table: its folder, its template, the settings, and who hears what happens.

use super::event::Event;
use super::hooks::Hooks;
use crate::animatic::house;
use crate::config::Settings;
use crate::diagnostic::{Exit, Failure};
use crate::film::stage::Stage;
use crate::media::cancel::Cancel;
use crate::media::tools::Tools;
use crate::plan::feedback::Instruction;
use crate::plan::money::Money;
use crate::stages::{Crew, Desk};
use crate::store::run::Run;
use crate::template::Template;
use anyhow::Result;
use serde_json::json;
use std::path::Path;
use std::sync::Arc;

pub struct Studio {
    pub run: Run,
    pub template: Template,
    pub settings: Settings,
    /// Who acts, for the journal.
    pub by: String,
    /// Who changes files by hand: the system's user, whoever decides.
    pub user: String,
    pub cancel: Cancel,
    /// Items a person asked to have made again by name.
    pub overrule: Vec<String>,
    listener: Listener,
    /// Who is told outside of this program.
    pub hooks: Option<Arc<Hooks>>,
}

/// Hears events, each with the journal line it comes after.
pub type Listener = Box<dyn Fn(&Event, u64) + Send + Sync>;

impl Studio {
    pub fn open(root: &Path, workspace: &Path, settings: Settings, by: &str) -> Result<Studio> {
        let run = Run::load(root)?;
        let template = Template::load(&run.film.sheet.template, workspace)?;
        Ok(Studio {
            run,
            template,
            settings,
            by: by.to_owned(),
            user: by.to_owned(),
            cancel: Cancel::default(),
            overrule: Vec::new(),
            listener: Box::new(|_, _| {}),
            hooks: None,
        })
    }

    pub fn listen(&mut self, listener: Listener) {
        self.listener = listener;
    }

    pub fn tell(&self, event: Event) {
        let line = self.run.ledger.last_seq;
        if let Some(hooks) = &self.hooks {
            hooks.notice(self.run.id(), event.json(), line);
        }
        (self.listener)(&event, line);
    }

    /// Tells hooks how a run ended.
    pub fn tell_ended(&self, exit: Exit, film: Option<&Path>, message: &str) {
        let name = match exit {
            Exit::Done => "run.completed",
            Exit::Interrupted | Exit::Terminated | Exit::HungUp => "run.cancelled",
            // It waits for a person; the gate has said so.
            Exit::Waiting | Exit::Rejected => return,
            Exit::Budget => "budget.refused",
            _ => "run.failed",
        };
        if let Some(hooks) = &self.hooks {
            let event =
                json!({"event": name, "exit": exit as u8, "film": film, "message": message});
            hooks.notice(self.run.id(), event, self.run.ledger.last_seq);
        }
    }

    pub fn warn(&self, message: impl Into<String>) {
        self.tell(Event::Warning {
            message: message.into(),
        });
    }

    pub fn desk<'a>(&'a self, instructions: &'a [Instruction]) -> Desk<'a> {
        Desk {
            run: &self.run,
            template: &self.template,
            instructions,
            overrule: &self.overrule,
        }
    }

    /// Those who make things, with the programs this machine has (exit 69 without FFmpeg). A role
    /// that is given to another provider than the house cannot be filled yet and is refused, never
    /// filled silently by another.
    pub fn crew(&self) -> Result<Crew> {
        for (role, name) in self
            .settings
            .providers
            .roles
            .iter()
            .chain(&self.run.film.sheet.providers)
        {
            let kind = self
                .settings
                .providers
                .providers
                .get(name)
                .map(|p| p.kind.as_str());
            if kind != Some("animatic") {
                return Err(Failure::new(Exit::Missing, format!("the role `{role}` is given to `{name}`, which this version cannot speak to"))
                    .hint(format!("give it back to the offline house: `roles: {{ {role}: animatic }}` in conf/providers.yaml"))
                    .into());
            }
        }
        let tools = Tools::find(&self.settings.voice_models())?;
        Ok(Crew {
            roles: house::roles(tools.clone()),
            tools,
        })
    }

    /// Who makes the things of a stage.
    pub fn provider_of(&self, stage: Stage) -> &str {
        let role = match stage {
            Stage::Outline | Stage::Script => "text",
            Stage::References | Stage::Storyboard => "image",
            Stage::Assets => "video",
            Stage::Audio => "voice",
            Stage::Render => return "the cut",
        };
        let providers = &self.run.film.sheet.providers;
        providers
            .get(role)
            .or_else(|| self.settings.providers.roles.get(role))
            .map_or("animatic", String::as_str)
    }

    /// What the rest of the film will cost: nothing where the offline house fills every role.
    pub fn price_ahead(&self) -> Money {
        Money::ZERO
    }

    /// What was spent so far.
    pub fn price_spent(&self) -> Money {
        let spent = self.run.ledger.versions.values().flatten();
        spent
            .filter_map(|(_, _, v)| Money::parse(&v.cost).ok())
            .sum()
    }

    /// The most that may be spent on this run.
    pub fn budget(&self) -> Money {
        let asked = self.run.film.sheet.budget.as_deref();
        let per_run = self.settings.operator.budget.per_run;
        asked
            .and_then(|text| Money::parse(text).ok())
            .unwrap_or_else(|| Money::from_float(per_run))
    }

    /// Whether a run leaves a stage out.
    pub fn skipped(&self, stage: Stage) -> bool {
        self.run.film.sheet.skip.contains(&stage)
    }
}
