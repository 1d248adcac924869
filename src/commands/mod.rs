//! A file a command: load, decide, act, print.

mod ask;
pub mod batch;
mod chat;
mod choices;
mod clean;
pub mod config;
pub mod demo;
pub mod diff;
pub mod doctor;
mod easel;
pub mod edit;
mod fields;
pub mod gate;
pub mod inpaint;
pub mod list;
pub mod log;
mod moderation;
mod new;
pub mod paper;
pub mod patch;
pub mod plan;
pub mod regenerate;
pub mod render;
pub mod resolve;
mod review;
pub mod run;
pub mod schema;
pub mod stats;
pub mod status;
mod summary;
pub mod take;
pub mod tasks;
pub mod template;
pub mod versions;

use crate::cli::{Cli, Command, Global};
use crate::config::Settings;
use crate::diagnostic::{Exit, Failure, exit_of};
use crate::engine::event::Event;
use crate::engine::hooks::Hooks;
use crate::engine::studio::Studio;
use crate::film::stage::Stage;
use crate::media::cancel::{Cancel, Why};
use crate::store::workspace::Workspace;
use crate::ui::printer::Printer;
use crate::ui::prompt;
use anyhow::Result;
use serde_json::{Value, json};
use std::path::PathBuf;
use std::sync::{Arc, Mutex, OnceLock};
use std::time::Duration;

/// Who it was where the system does not say.
const NOBODY: &str = "somebody";

/// What every command is given.
pub struct Desk {
    pub printer: Arc<Printer>,
    pub workspace: Workspace,
    pub interactive: bool,
    by: Option<String>,
    lock_timeout: Option<Duration>,
    /// Stops whatever this command is at.
    pub interrupt: Cancel,
    /// Shared by all runs of this command, so that all is sent before it ends.
    hooks: OnceLock<Arc<Hooks>>,
}

/// What a command comes to.
pub struct Outcome {
    pub exit: Exit,
    pub changed: bool,
    pub run: Option<String>,
    /// For `--json`.
    pub result: Value,
    /// For people, on stdout.
    pub text: String,
    pub warnings: Vec<String>,
    /// It has printed what there is to print.
    pub printed: bool,
}

impl Outcome {
    pub fn data(result: Value, text: impl Into<String>) -> Outcome {
        Outcome {
            exit: Exit::Done,
            changed: false,
            run: None,
            result,
            text: text.into(),
            warnings: Vec::new(),
            printed: false,
        }
    }

    pub fn changed(mut self, changed: bool) -> Outcome {
        self.changed = changed;
        self
    }

    pub fn of(mut self, run: impl Into<String>) -> Outcome {
        self.run = Some(run.into());
        self
    }

    pub fn exit(mut self, exit: Exit) -> Outcome {
        self.exit = exit;
        self
    }
}

impl Desk {
    fn new(global: &Global, printer: Arc<Printer>) -> Result<Desk> {
        if let Some(by) = &global.by {
            crate::plan::gate::check_name(by)?;
        }
        let workspace = Workspace::find(global.workspace.as_deref())?;
        Ok(Desk {
            printer,
            workspace,
            interactive: !global.no_input && !global.json && prompt::possible(),
            by: global.by.clone(),
            lock_timeout: match global.lock_timeout {
                None => None,
                Some(seconds) => Some(Duration::try_from_secs_f64(seconds).map_err(|_| {
                    Failure::new(Exit::Usage, "--lock-timeout is a number of seconds from 0")
                })?),
            },
            interrupt: Cancel::default(),
            hooks: OnceLock::new(),
        })
    }

    fn hooks_of(&self, settings: &Settings) -> Result<Option<Arc<Hooks>>> {
        if settings.operator.hooks.is_empty() {
            return Ok(None);
        }
        let hooks = self
            .hooks
            .get_or_init(|| Arc::new(Hooks::new(settings.operator.hooks.clone())));
        Ok(Some(hooks.clone()))
    }

    /// Waits for what hooks still have to send; says what failed.
    async fn finish_hooks(&self) {
        if let Some(hooks) = self.hooks.get() {
            for failure in hooks.finish().await {
                self.printer.warn(&failure);
            }
        }
    }

    /// Who acts: `--as`, else the system's user.
    pub fn by(&self) -> String {
        self.by.clone().unwrap_or_else(Desk::user)
    }

    /// The system's user.
    fn user() -> String {
        ["USER", "LOGNAME", "USERNAME"]
            .iter()
            .find_map(|v| std::env::var(v).ok().filter(|n| !n.is_empty()))
            .unwrap_or_else(|| NOBODY.to_owned())
    }

    pub fn settings(&self) -> Result<Settings> {
        let settings = Settings::load(self.workspace.root())?;
        crate::animatic::book::open(self.workspace.root())?;
        for warning in &settings.warnings {
            self.printer.warn(warning);
        }
        Ok(settings)
    }

    /// Finds a run's folder; says which one it took where none was named.
    pub fn root(&self, name: Option<&str>) -> Result<PathBuf> {
        let root = self.workspace.resolve(name)?;
        if name.is_none()
            && let Some(id) = root.file_name()
        {
            self.printer.say(&format!("run {}", id.to_string_lossy()));
        }
        Ok(root)
    }

    /// Finds a run and opens it.
    pub fn studio(&self, name: Option<&str>) -> Result<Studio> {
        let root = self.root(name)?;
        self.open(root)
    }

    pub fn open(&self, root: PathBuf) -> Result<Studio> {
        let mut studio = Studio::open(&root, self.workspace.root(), self.settings()?, &self.by())?;
        if let Some(seconds) = self.lock_timeout {
            studio.run.patience = seconds;
        }
        if studio.run.torn {
            self.printer
                .warn("the journal's last line was torn by a crash and is dropped");
        }
        studio.user = Desk::user();
        studio.cancel = Cancel::under(&self.interrupt);
        self.printer.about(studio.run.id());
        let printer = self.printer.clone();
        studio.listen(Box::new(move |event, _| {
            if let Event::Warning { message } | Event::BudgetWarning { message } = event {
                printer.warn(message);
            }
        }));
        studio.hooks = self.hooks_of(&studio.settings)?;
        Ok(studio)
    }

    /// Tells RUN and STAGE apart among words that may both be left out. A stage's name is a stage,
    /// unless a run has exactly that id.
    pub fn names<'a>(&self, names: &'a [String]) -> Result<(Option<&'a str>, Option<Stage>)> {
        match names {
            [] => Ok((None, None)),
            [one] => match Stage::parse(one) {
                Some(stage) => Ok((None, Some(stage))),
                None => Ok((Some(one), None)),
            },
            [run, stage, ..] => Ok((
                Some(run),
                Some(
                    stage
                        .parse::<Stage>()
                        .map_err(|e| Failure::new(Exit::NotFound, e))?,
                ),
            )),
        }
    }

    /// The same, where the stage must be named.
    pub fn run_and_stage<'a>(&self, names: &'a [String]) -> Result<(Option<&'a str>, Stage)> {
        match self.names(names)? {
            (run, Some(stage)) => Ok((run, stage)),
            (Some(word), None) => {
                let stages = Stage::ALL.map(Stage::name).join(", ");
                Err(match self.workspace.resolve(Some(word)) {
                    Ok(_) => Failure::new(Exit::Usage, format!("name a stage of `{word}`"))
                        .hint(format!("stages are {stages}")),
                    Err(_) => Failure::new(Exit::NotFound, format!("`{word}` is not a stage"))
                        .hint(format!("name one: {stages}")),
                }
                .into())
            }
            (None, None) => Err(Failure::new(Exit::Usage, "name a stage").into()),
        }
    }
}

/// Stops the work when Ctrl-C is pressed; a second one stops at once.
pub fn hear_interrupts(cancel: Cancel) {
    tokio::spawn(async move {
        let why = tokio::select! {
            _ = tokio::signal::ctrl_c() => Why::Interrupt,
            () = signalled(false) => Why::Terminate,
            () = signalled(true) => Why::Hangup,
        };
        cancel.stop(why);
        // The handler may be gone with its runtime; then the work is over anyway.
        if tokio::signal::ctrl_c().await.is_ok() {
            prompt::restore_terminal();
            stop_now();
        }
    });
}

/// Waits for SIGTERM, or for SIGHUP; where there are no such signals, for ever.
async fn signalled(hangup: bool) {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        let kind = if hangup {
            SignalKind::hangup()
        } else {
            SignalKind::terminate()
        };
        if let Ok(mut signal) = signal(kind) {
            signal.recv().await;
            return;
        }
    }
    let _ = hangup;
    std::future::pending::<()>().await;
}

#[expect(
    clippy::exit,
    reason = "a second Ctrl-C means: now. Everything finished is on disk already"
)]
fn stop_now() -> ! {
    prompt::restore_terminal();
    std::process::exit(130)
}

/// What could not be understood of a command line, as JSON.
pub fn misunderstood(error: &clap::Error) -> String {
    let text = error.to_string();
    let mut lines = text.lines().map(str::trim).filter(|l| !l.is_empty());
    let message = lines
        .next()
        .unwrap_or("usage")
        .trim_start_matches("error: ");
    let hint = lines.find(|l| l.starts_with("tip:") || l.starts_with("Usage:"));
    json!({
        "schema": 1, "command": Value::Null, "ok": false, "changed": false, "run": Value::Null,
        "result": Value::Null, "warnings": [],
        "error": {"exit": Exit::Usage as u8, "problems": [{"message": message, "at": null, "hint": hint}]},
    })
    .to_string()
}

/// Runs a command line; returns the exit code.
pub fn dispatch(cli: Cli) -> u8 {
    match cli.global.color {
        crate::cli::Color::Always => {
            console::set_colors_enabled(true);
            console::set_colors_enabled_stderr(true);
        }
        crate::cli::Color::Never => {
            console::set_colors_enabled(false);
            console::set_colors_enabled_stderr(false);
        }
        crate::cli::Color::Auto => {}
    }
    let json = cli.global.json;
    let printer = Arc::new(Printer::new(json, cli.global.quiet, cli.global.verbose));
    let name = command_name(&cli.command);
    let streams = matches!(
        cli.command,
        Command::Run(_) | Command::Resume(_) | Command::Log(_)
    );
    // Who stopped it, if anybody did.
    let mut why = None;
    let result = Desk::new(&cli.global, printer.clone()).and_then(|desk| {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(2)
            .enable_all()
            .build()?;
        let result = runtime.block_on(async {
            let result = execute(&desk, cli.command).await;
            desk.finish_hooks().await;
            why = desk.interrupt.why();
            result
        });
        // Work that was given up on does not keep the command from ending.
        runtime.shutdown_background();
        result
    });
    match result {
        Ok(outcome) => {
            if json && !outcome.printed {
                let object = json!({
                    "schema": 1,
                    "command": name,
                    "ok": outcome.exit == Exit::Done,
                    "changed": outcome.changed,
                    "run": outcome.run.or_else(|| printer.run()),
                    "result": outcome.result,
                    "warnings": outcome.warnings.into_iter().chain(printer.warnings()).collect::<Vec<_>>(),
                    "error": Value::Null,
                });
                printer.data(&object.to_string());
            } else if !json {
                printer.data(&outcome.text);
                for warning in &outcome.warnings {
                    printer.warn(warning);
                }
            }
            match printer.has_lost() {
                true => Exit::Disk as u8,
                false => outcome.exit as u8,
            }
        }
        Err(error) => {
            let stopped = error.downcast_ref::<crate::diagnostic::Stopped>().is_some();
            let exit = if stopped {
                why.map_or(Exit::Interrupted, Why::exit)
            } else {
                exit_of(&error)
            };
            if json {
                let mut object = json!({
                    "schema": 1, "command": name, "ok": false, "changed": false, "run": printer.run(), "result": Value::Null,
                    "warnings": printer.warnings(),
                    "error": {"exit": exit as u8, "problems": problems(&error)},
                });
                if streams {
                    object["event"] = "summary".into();
                    object["exit"] = (exit as u8).into();
                    object["seq"] = 1.into();
                    object["journal"] = 0.into();
                    object["at"] = crate::store::clock::now().to_string().into();
                }
                printer.data(&object.to_string());
            } else if stopped {
                printer.always("stopped; `greenlight run` goes on from here");
            } else {
                printer.failure(&error);
            }
            exit as u8
        }
    }
}

/// What went wrong, as `--json` says it.
fn problems(error: &anyhow::Error) -> Vec<Value> {
    match error.chain().find_map(|e| e.downcast_ref::<Failure>()) {
        Some(failure) => failure
            .problems
            .iter()
            .map(|p| {
                json!({"message": p.message, "at": p.place.as_ref().map(ToString::to_string), "hint": p.hint})
            })
            .collect(),
        None => vec![json!({"message": format!("{error:#}"), "at": null, "hint": null})],
    }
}

fn command_name(command: &Command) -> &'static str {
    match command {
        Command::New(_) => "new",
        Command::Run(_) => "run",
        Command::Status(_) => "status",
        Command::Plan(_) => "plan",
        Command::Why(_) => "why",
        Command::List(_) => "list",
        Command::Log(_) => "log",
        Command::Gate(_) => "gate",
        Command::Chat(_) => "chat",
        Command::Review(_) => "review",
        Command::Inpaint(_) => "inpaint",
        Command::Regenerate(_) => "regenerate",
        Command::Take(_) => "take",
        Command::Versions(_) => "versions",
        Command::Diff(_) => "diff",
        Command::Compare(_) => "compare",
        Command::Restore(_) => "restore",
        Command::Undo(_) => "undo",
        Command::Resolve(_) => "resolve",
        Command::Edit(_) => "edit",
        Command::Patch(_) => "patch",
        Command::Render(_) => "render",
        Command::Cancel(_) => "cancel",
        Command::Resume(_) => "resume",
        Command::Batch(_) => "batch",
        Command::Clean(_) => "clean",
        Command::Tasks(_) => "tasks",
        Command::Task(_) => "task",
        Command::Cost(_) => "cost",
        Command::Stats(_) => "stats",
        Command::Schema { .. } => "schema",
        Command::Template(_) => "template",
        Command::Config(_) => "config",
        Command::Doctor(_) => "doctor",
        Command::Demo(_) => "demo",
        Command::Completions { .. } => "completions",
        Command::Man => "man",
        Command::Licenses => "licenses",
        Command::ReadPdf => "read-pdf",
    }
}

async fn execute(desk: &Desk, command: Command) -> Result<Outcome> {
    match command {
        Command::New(args) => new::execute(desk, *args).await,
        Command::Run(args) => run::execute(desk, args).await,
        Command::Status(args) => status::execute(desk, args),
        Command::Plan(args) => plan::plan(desk, args),
        Command::Why(args) => plan::why(desk, args),
        Command::List(args) => list::execute(desk, args),
        Command::Log(args) => log::execute(desk, args),
        Command::Gate(args) => gate::execute(desk, args).await,
        Command::Chat(args) => chat::execute(desk, args).await,
        Command::Review(args) => review::execute(desk, &args).await,
        Command::Inpaint(args) => inpaint::execute(desk, args).await,
        Command::Regenerate(args) => regenerate::execute(desk, args).await,
        Command::Take(args) => take::execute(desk, args),
        Command::Versions(args) => versions::list(desk, args),
        Command::Diff(args) => diff::diff(desk, args),
        Command::Compare(args) => diff::compare(desk, args),
        Command::Restore(args) => versions::restore(desk, args),
        Command::Undo(args) => versions::undo(desk, args),
        Command::Resolve(args) => resolve::execute(desk, args),
        Command::Edit(args) => edit::execute(desk, args),
        Command::Patch(args) => patch::execute(desk, args),
        Command::Render(args) => render::execute(desk, args).await,
        Command::Cancel(args) => run::cancel(desk, args),
        Command::Resume(args) => run::resume(desk, args).await,
        Command::Batch(args) => batch::execute(desk, args),
        Command::Clean(args) => clean::execute(desk, args),
        Command::Tasks(args) => tasks::list(desk, args),
        Command::Task(task) => tasks::change(desk, task),
        Command::Cost(args) => tasks::cost(desk, args),
        Command::Stats(args) => stats::execute(desk, args),
        Command::Schema { name } => schema::execute(name.as_deref()),
        Command::Template(args) => template::execute(desk, args),
        Command::Config(args) => config::execute(desk, args),
        Command::Doctor(args) => doctor::execute(desk, args).await,
        Command::Demo(args) => demo::execute(desk, args).await,
        Command::Completions { shell } => Ok(paper::completions(shell)),
        Command::Man => paper::man(),
        Command::Licenses => Ok(paper::licenses()),
        Command::ReadPdf => paper::read_pdf(),
    }
}

/// Prints events as lines of JSON, numbered.
///
/// `seq` counts this stream's events; `journal` is the journal line an event comes after.
pub struct JsonStream {
    printer: Arc<Printer>,
    run: String,
    seq: Mutex<u64>,
}

impl JsonStream {
    pub fn new(printer: Arc<Printer>, run: &str) -> JsonStream {
        JsonStream {
            printer,
            run: run.to_owned(),
            seq: Mutex::new(0),
        }
    }

    pub fn send(&self, mut event: Value, line: u64) {
        if let Ok(mut seq) = self.seq.lock() {
            *seq += 1;
            event["seq"] = (*seq).into();
            event["journal"] = line.into();
            event["at"] = crate::store::clock::now().to_string().into();
            event["run"] = self.run.clone().into();
            self.printer.data(&event.to_string());
        }
    }
}
