//! A run on the table: its folder, its template, the settings, and who hears what happens.

use super::event::Event;
use crate::animatic::house;
use crate::config::Settings;
use crate::diagnostic::{Exit, Failure};
use crate::film::stage::Stage;
use crate::media::cancel::Cancel;
use crate::media::tools::Tools;
use crate::plan::feedback::Instruction;
use crate::stages::{Crew, Desk};
use crate::store::run::Run;
use crate::template::Template;
use anyhow::Result;
use std::path::Path;

pub struct Studio {
    pub run: Run,
    pub template: Template,
    pub settings: Settings,
    /// Who acts, for the journal.
    pub by: String,
    pub cancel: Cancel,
    /// Items a person asked to have made again by name.
    pub overrule: Vec<String>,
    listener: Box<dyn Fn(Event) + Send + Sync>,
}

impl Studio {
    pub fn open(root: &Path, workspace: &Path, settings: Settings, by: &str) -> Result<Studio> {
        let run = Run::load(root)?;
        let template = Template::load(&run.film.sheet.template, workspace)?;
        Ok(Studio {
            run,
            template,
            settings,
            by: by.to_owned(),
            cancel: Cancel::default(),
            overrule: Vec::new(),
            listener: Box::new(|_| {}),
        })
    }

    pub fn listen(&mut self, listener: Box<dyn Fn(Event) + Send + Sync>) {
        self.listener = listener;
    }

    pub fn tell(&self, event: Event) {
        (self.listener)(event);
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
        let tools = Tools::find()?;
        Ok(Crew {
            roles: house::roles(tools.clone()),
            tools,
        })
    }

    /// Whether a run leaves a stage out.
    pub fn skipped(&self, stage: Stage) -> bool {
        self.run.film.sheet.skip.contains(&stage)
    }
}
