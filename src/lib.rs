//! Greenlight: a film studio in a terminal. A film is a build; an approval is a signature on exact
//! content. This page is the map for engineers; README is the user's.
//!
//! # The rooms
//!
//! Imports run one way, left to right; `tests/it/house.rs` holds it.
//!
//! - [`film`]: the nouns, and what follows from them alone: ids, time, shots, captions, timeline, wording.
//! - [`screenplay`], [`plan`]: text to script and back; decisions: fingerprints, states, gates,
//!   patches, merges. Pure, like `film`: no files, no clock, no randomness, no `async`.
//! - [`store`], [`media`]: the only writer of `runs/`; the only starter of processes.
//! - [`providers`]: roles as traits, what can be asked ([`providers::ask`]), and a file a protocol behind
//!   one door ([`providers::wire`]). [`secret`]: keys, that are never shown.
//! - [`animatic`]: the offline house, the default provider of every role. [`cut`]: frames, segments,
//!   mix, checks. [`exchange`]: subtitles and, later, timelines for edit suites.
//! - [`stages`]: what each stage asks of whom, and how answers become its artifact.
//! - [`engine`]: surveys a run, takes in hand edits, makes stages, keeps gates. The only `async`
//!   besides `providers`.
//! - [`commands`]: load, decide, act, print. [`ui`], the terminal, is known to `commands` alone.
//!
//! # The life of one `run`
//!
//! [`engine::digest`] glances at it: a finished film that looks as it did is left in peace. Else
//! `commands::run` locks the run, `engine::intake` records what people changed by hand, and then, in
//! a circle: `engine::survey` gathers facts, [`plan::status::next`] says what comes next,
//! `engine::making` makes it (or `engine::gatekeeper` decides, or asks, or stops with exit 3).
//! Making a stage: [`stages::wanted`] names items by what they are made from; those that no take
//! answers are made side by side and kept one by one; [`stages::assemble`] puts the artifact
//! together; [`store::run::Run::commit`] writes its journal lines in one synced go: the version and
//! the opening of its gate (or its approval) happen together or not at all.
//!
//! # The life of a decision
//!
//! `commands::gate` → `engine::gatekeeper::decide`: takes the state lock ([`store::run::Run::hold`]),
//! hashes the stage in full, records hand edits, lets [`plan::gate`] rule, writes the line, projects
//! `gates/<stage>.json`. Patches (`engine::patching`), `undo`, `restore` and `resolve`
//! (`engine::history`), picked takes (`engine::takes`) are versions like any other and go the same
//! way, and so do pictures that were painted over (`engine::inpainting`). `engine::outlook` and `engine::differences` explain and compare; they write nothing.
//!
//! # The life of a word
//!
//! What a person says of a stage (`gate reject --feedback`, `regenerate`, `chat`) is read by
//! [`plan::feedback`], rules that are exact and free; what they do not cover goes to whoever fills the
//! role `text`, as [`stages::revision`] puts it: the document, its schema, what it is made from. What comes
//! back ([`providers::author`]) is a list of changes, checked against the document's rules, shown its faults
//! where it has some. As feedback it is a take the stage works with; in a conversation ([`engine::talk`]) it
//! is a patch, applied on yes.
//!
//! # The life of a field
//!
//! A [`template`] says what a kind of film asks for. `commands::fields` gathers it (flags, a file, questions),
//! reads documents by [`screenplay::paper`] and says all that is wrong at once; it lies in `run.yaml` from then on.
//! The order of a film's stages, and what waits for what, is its [`film::way`]; a stage that the kind adds
//! ([`stages::own`]) reads all that stands before it, and is asked of a provider or left to a person.
//! [`stages::outline`] composes the screenplay from the template's scenes ([`animatic::writer::kind`]), so that a
//! changed field changes the film. What the kind owes ([`film::duty`]) is measured by [`plan::duties`], gathered
//! by [`stages::duties`] and held to by [`engine::duties`]: `engine::gatekeeper` asks it before every approval,
//! timers and `--yes` among them; who passes a duty over is in the decision. [`film::brand`] is carried by the run
//! and cut in by [`cut::branding`]. A translation ([`stages::translation`]) replaces words line by line and nothing else.
//!
//! # The life of a page
//!
//! [`ui::loopback`] listens on this machine alone, [`ui::reviewing`] and [`ui::paint`] know the addresses; what a
//! page wishes is a value that goes to the command (`commands::review`, `commands::inpaint`), which does it as any
//! command would and answers. [`stages::report`] writes the page, served or on disk.
//!
//! # The life of a paid request
//!
//! A stage's work asks a role ([`providers::roles`]); `providers::remote` turns that into an
//! [`providers::ask::Ask`] and gives it to [`providers::ask::Tasks`], which is [`engine::queue`]: a result
//! that is in `tasks/<id>/` is handed out again; a job that was under way is looked after; what is new
//! waits for a place (`providers::slots`), is reserved under the ceiling, written into the journal and
//! synced, and only then sent. `engine::making` writes the lines, many in one go; `plan::price` says what
//! it takes. Every failure is a [`providers::ask::Fault`], and its kind alone decides what may be sent again.
//!
//! # One shot, from the screenplay to the frame
//!
//! `script.fountain` → `animatic::writer::breakdown` (a [`film::storyboard::Shot`] with words) →
//! `animatic::reading` (a scene, by the words of `animatic::book`) → `animatic::artist` (layers, panel,
//! subject; a take, measured by `stages::score`) →
//! `stages::assets` (what the camera films) → [`film::timeline`] (at which frames) →
//! `cut::picture` (its sheets, placed by [`film::camera`], sampled by `cut::sample`) →
//! `cut::compose` (transitions, captions; a [`cut::frame::Frame`]) → `cut::encode` (a pass of
//! [`media::encode`], cut at the borders of [`cut::segments`]) → `cut::join`, with the sound of
//! [`cut::sound`] → [`cut::film`] (checked) → `stages::render`.
//!
//! A picture that was handed in ([`film::handed`], `PICTURE:` in a script) takes the artist's place: its panel
//! is [`cut::mount`], nobody is paid, and the camera films the file itself, mounted anew in each format.
//!
//! # What is always so
//!
//! - Two truths only: the files about content, the journal about what happened. Status is stored
//!   nowhere.
//! - What a person made (edited, replaced, picked) is never made again unasked, and never overwritten
//!   before its bytes are kept.
//! - An item is made again only when what it is really made from changed: keys are in
//!   [`plan::projection`].
//! - Every decision is written by one function of `engine::gatekeeper`, and signs a fingerprint.
//! - Who checks before writing holds the state lock over both. A crash at any write, sync or rename
//!   leaves the old state or the new one (`tests/it/crash.rs` tries them all).
//! - User text never enters a filter string, a shell, a path, or a terminal unescaped.
//! - stdout is data, stderr is talk; only `ui::printer` writes either.

pub mod animatic;
pub mod cli;
pub mod commands;
pub mod config;
pub mod cut;
pub mod diagnostic;
pub mod engine;
pub mod exchange;
pub mod film;
pub mod media;
pub mod plan;
pub mod providers;
pub mod screenplay;
pub mod secret;
pub mod stages;
pub mod store;
pub mod template;
pub mod ui;

/// Says what could not be understood of a command line, or helps; returns the exit code.
pub fn misunderstood(error: &clap::Error) -> u8 {
    let asked_for_json = std::env::args_os().any(|a| a == "--json");
    if asked_for_json && error.use_stderr() {
        let printer = ui::printer::Printer::new(true, false, false);
        printer.data(&commands::misunderstood(error));
    } else {
        // Nobody to tell is no reason for another code.
        let _ = error.print();
    }
    u8::try_from(error.exit_code()).unwrap_or(2)
}

/// Runs a command line and returns its exit code.
pub fn run(cli: cli::Cli) -> u8 {
    commands::dispatch(cli)
}
