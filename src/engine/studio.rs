//! A run on the table: its folder, its template, the settings, and who hears what happens.

use super::event::Event;
use super::hooks::Hooks;
use super::purse::{self, Ceiling};
use crate::animatic::house;
use crate::config::{Provider, ROLES, Settings};
use crate::diagnostic::{Exit, Failure};
use crate::film::stage::Stage;
use crate::media::cancel::Cancel;
use crate::media::tools::Tools;
use crate::plan::feedback::Instruction;
use crate::plan::gate::Policy;
use crate::plan::gate::Verdict;
use crate::plan::money::Money;
use crate::providers::author::RemoteText;
use crate::providers::remote::{
    Prompts, RemoteImage, RemoteMusic, RemotePainter, RemoteVideo, RemoteVoice,
};
use crate::providers::roles::Text;
use crate::providers::wire::Wire;
use crate::secret::Secret;
use crate::stages::{self, Crew, Desk, Wanted};
use crate::store::format::Op;
use crate::store::run::Run;
use crate::store::spending;
use crate::template::{GateWish, Template};
use anyhow::Result;
use serde_json::json;
use std::path::{Path, PathBuf};
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
    /// What a person said of the stage that is being made, for a provider that writes.
    pub said: Option<String>,
    pub workspace: PathBuf,
    listener: Listener,
    /// Who is told outside of this program.
    pub hooks: Option<Arc<Hooks>>,
}

/// Hears events, each with the journal line it comes after.
pub type Listener = Box<dyn Fn(&Event, u64) + Send + Sync>;

impl Studio {
    /// Says in the journal that somebody works on the run from now on. What was paid and not booked when somebody died
    /// is booked before.
    ///
    /// # Errors
    /// A journal or books that cannot be written.
    pub fn begin(&mut self) -> Result<()> {
        purse::catch_up(&self.run)?;
        let pid = std::process::id();
        let by = self.by.clone();
        self.run.log(&by, vec![Op::RunStarted { pid }])?;
        Ok(())
    }

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
            said: None,
            workspace: workspace.to_owned(),
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
            said: self.said.as_deref(),
            writes: self.remote("text").is_some(),
            films: self.remote("video").is_some(),
            answers: self.remote("own").is_some(),
        }
    }

    /// Those who make things, with the programs this machine has (exit 69 without FFmpeg). A role given to
    /// a provider that cannot fill it is refused, never filled silently by another.
    pub fn crew(&self) -> Result<Crew> {
        for role in ROLES {
            self.can_fill(role)?;
        }
        let tools = Tools::find(&self.settings.voice_models())?;
        let mut roles = house::roles(tools.clone());
        let prompts = Prompts::open(&self.workspace)?;
        let sheet = &self.run.film.sheet;
        if let Some((name, provider)) = self.remote("image") {
            roles.image = Arc::new(RemoteImage {
                name: name.to_owned(),
                provider: provider.clone(),
                prompts: prompts.clone(),
                house: roles.image.clone(),
                seed: sheet.seed,
            });
        }
        if let Some((name, provider)) = self.remote("voice") {
            roles.voice = Arc::new(RemoteVoice {
                name: name.to_owned(),
                provider: provider.clone(),
                ffmpeg: tools.ffmpeg.clone(),
            });
        }
        if let Some((name, _)) = self.remote("music") {
            roles.music = Arc::new(RemoteMusic {
                name: name.to_owned(),
                prompts: prompts.clone(),
                house: roles.music.clone(),
                ffmpeg: tools.ffmpeg.clone(),
            });
        }
        let writer = |(name, _): (&str, &Provider)| -> Arc<dyn Text> {
            Arc::new(RemoteText {
                name: name.to_owned(),
                prompts: prompts.clone(),
            })
        };
        roles.text = self.remote("text").map(writer);
        roles.own = self.remote("own").map(writer);
        if let Some((name, provider)) = self.remote("inpaint") {
            roles.painter = Some(Arc::new(RemotePainter {
                name: name.to_owned(),
                provider: provider.clone(),
                prompts: Prompts::open(&self.workspace)?,
            }));
        }
        if let Some((name, _)) = self.remote("video") {
            roles.video = Some(Arc::new(RemoteVideo {
                name: name.to_owned(),
                prompts: Prompts::open(&self.workspace)?,
            }));
        }
        for role in ROLES {
            roles
                .names
                .insert(role.to_owned(), self.filled_by(role).to_owned());
        }
        Ok(Crew { roles, tools })
    }

    /// The provider a role is given to: by the run, else by the configuration.
    pub fn filled_by(&self, role: &str) -> &str {
        let own = self.run.film.sheet.providers.get(role);
        own.or_else(|| self.settings.providers.roles.get(role))
            .map_or("animatic", String::as_str)
    }

    /// The same, if it is not the house.
    pub fn remote(&self, role: &str) -> Option<(&str, &Provider)> {
        let name = self.filled_by(role);
        let provider = self.settings.providers.providers.get(name)?;
        (provider.kind != "animatic").then_some((name, provider))
    }

    /// Whether any role is given to another than the house.
    pub fn remote_somewhere(&self) -> bool {
        ROLES.iter().any(|role| self.remote(role).is_some())
    }

    /// Whether whoever a role is given to is of a kind that can fill it.
    fn can_fill(&self, role: &str) -> Result<(), Failure> {
        let name = self.filled_by(role);
        let refuse = |what: &str| {
            let what = format!("the role `{role}` is given to `{name}`, which {what}");
            Failure::new(Exit::Missing, what)
                .at("conf/providers.yaml", 0, 0)
                .hint(back_to_the_house(role))
        };
        match self.settings.providers.providers.get(name) {
            None => Err(refuse("is no provider here")),
            Some(p) if p.kind == "animatic" => Ok(()),
            Some(p) if !Wire::fills(&p.kind, role) => Err(refuse("cannot fill it in this version")),
            Some(_) => Ok(()),
        }
    }

    /// Whether whoever a role is given to can be asked and paid: before anything is.
    pub fn can_ask(&self, role: &str) -> Result<(), Failure> {
        let Some((name, provider)) = self.remote(role) else {
            return Ok(());
        };
        if let Err(why) = provider.tariff(role) {
            return Err(
                Failure::new(Exit::Invalid, format!("providers.{name}: {why}")).at(
                    "conf/providers.yaml",
                    0,
                    0,
                ),
            );
        }
        if let Some(variable) = &provider.api_key_env
            && Secret::from_env(variable).is_none()
        {
            let what =
                format!("the role `{role}` is given to `{name}`, whose key ${variable} is not set");
            return Err(Failure::new(Exit::Missing, what)
                .at("conf/providers.yaml", 0, 0)
                .hint(back_to_the_house(role)));
        }
        Ok(())
    }

    /// Who makes the things of a stage.
    pub fn provider_of(&self, stage: Stage) -> &str {
        self.filled_by(match stage {
            Stage::Outline | Stage::Script => "text",
            Stage::Own => "own",
            Stage::References | Stage::Storyboard => "image",
            Stage::Assets => "video",
            Stage::Audio => "voice",
            Stage::Render => return "the cut",
        })
    }

    /// What one thing would take: nothing where the house makes it.
    pub fn price_of(&self, wanted: &Wanted) -> Money {
        let Some((role, measure)) = &wanted.bill else {
            return Money::ZERO;
        };
        let Some((_, provider)) = self.remote(role) else {
            return Money::ZERO;
        };
        // A missing price stops the work before anything is paid.
        provider.reckon(role, measure).unwrap_or_default()
    }

    /// Who makes one thing.
    pub fn maker_of(&self, stage: Stage, wanted: &Wanted) -> &str {
        match &wanted.bill {
            Some((role, _)) => self.filled_by(role),
            None if stage == Stage::Storyboard => "animatic",
            None => self.provider_of(stage),
        }
    }

    /// What the rest of a film will take, as far as it is known: what must still be made, at the prices of
    /// the configuration.
    pub fn price_ahead(&self) -> Money {
        if !self.remote_somewhere() {
            return Money::ZERO;
        }
        let desk = self.desk(&[]);
        Stage::ALL
            .into_iter()
            .filter(|stage| !self.skipped(*stage))
            .map(|stage| self.price_to_make(stage, &stages::todo(stage, &desk).unwrap_or_default()))
            .sum()
    }

    /// What it takes to make these items of a stage: those that were made already, and only wait for the others, take
    /// nothing more.
    pub fn price_to_make(&self, stage: Stage, items: &[Wanted]) -> Money {
        let run = &self.run;
        let is_made = |wanted: &&Wanted| {
            let take = run.ledger.made(stage, &wanted.item, &wanted.key);
            take.is_some_and(|take| run.take_is_whole(take))
        };
        (items.iter().filter(|w| !is_made(w)))
            .map(|wanted| self.price_of(wanted))
            .sum()
    }

    /// How much may be spent: the least of the run's budget, of what the last approval granted, and of
    /// what is left of the month.
    pub fn ceiling(&self) -> Ceiling {
        let least = self.ceiling_of_budgets();
        match self.granted() {
            Some(grant) if grant.amount < least.amount => grant,
            _ => least,
        }
    }

    /// How much a person may spend by asking for something right now: that grants what it takes.
    pub fn ceiling_of_budgets(&self) -> Ceiling {
        let ledger = &self.run.ledger;
        let id = self.run.id();
        let mut least = Ceiling {
            amount: self.budget(),
            said_by: "the run's budget".to_owned(),
            hint: format!(
                "raise it on purpose: `budget` in run.yaml of {id}, or budget.per_run in conf/operator.yaml"
            ),
        };
        let month = Money::from_float(self.settings.operator.budget.per_month);
        let runs = self.run.layout.runs();
        // A month that cannot be read has nothing left.
        let left = month.less(spending::this_month(&runs).unwrap_or(month));
        let amount = ledger.spent() + left;
        if amount < least.amount {
            least = Ceiling {
                amount,
                said_by: "the month's budget".to_owned(),
                hint: "raise budget.per_month in conf/operator.yaml".to_owned(),
            };
        }
        least
    }

    /// What the last approval granted, unless somebody asked for something since.
    fn granted(&self) -> Option<Ceiling> {
        let ledger = &self.run.ledger;
        let id = self.run.id();
        let (seq, _, decision) = ledger
            .decisions
            .iter()
            .rev()
            .find(|(seq, _, d)| {
                d.decision == Verdict::Approve && d.grant.is_some() && !ledger.is_void(*seq)
            })
            // Who asks for something to be made again grants what it takes; the budget stays.
            .filter(|(seq, _, _)| ledger.last_asked < *seq)?;
        let grant = Money::parse(decision.grant.as_deref()?).ok()?;
        let before = ledger.spent_until(*seq);
        let again = ledger.retries.iter().filter(|(at, _)| at > seq);
        let again: Money = again.map(|(_, price)| *price).sum();
        Some(Ceiling {
            amount: before + grant + again,
            said_by: format!("the approval of {}", decision.stage),
            hint: format!(
                "`greenlight gate approve {id} {}` grants what it takes now",
                decision.stage
            ),
        })
    }

    /// What was spent so far.
    pub fn price_spent(&self) -> Money {
        self.run.ledger.spent()
    }

    /// The most that may be spent on this run.
    pub fn budget(&self) -> Money {
        budget_of(&self.run, &self.settings)
    }

    /// How a stage's gate is kept: as the configuration says, made stricter by the template; the template opens
    /// a gate only where nobody configured it.
    pub fn policy(&self, stage: Stage) -> Policy {
        let configured = self.settings.policy(stage);
        let key = format!("gates.{stage}");
        let built_in = |(name, _, from): &(String, String, String)| {
            !name.starts_with(&key) || from == "built in"
        };
        match self.template.gates.get(&stage) {
            Some(GateWish::Required) if !configured.required => Policy {
                required: true,
                ..configured
            },
            Some(GateWish::Open) if self.settings.origins.iter().all(built_in) => Policy {
                required: false,
                auto_approve: true,
                auto_approve_after_s: None,
            },
            _ => configured,
        }
    }

    /// Whether a run leaves a stage out.
    pub fn skipped(&self, stage: Stage) -> bool {
        self.run.film.sheet.leaves_out(stage)
    }
}

/// The most that may be spent on a run: what its sheet says, else what the configuration does.
pub(super) fn budget_of(run: &Run, settings: &Settings) -> Money {
    let asked = run.film.sheet.budget.as_deref();
    // An amount that cannot be read allows nothing.
    asked.map_or(
        Money::from_float(settings.operator.budget.per_run),
        |text| Money::parse(text).unwrap_or_default(),
    )
}

fn back_to_the_house(role: &str) -> String {
    format!(
        "give it back to the offline house: `roles: {{ {role}: animatic }}` in conf/providers.yaml"
    )
}
