//! What can be typed.

use crate::film::format::Format;
use crate::media::encode::Codec;
use clap::{Args, Parser, Subcommand, ValueEnum};
use std::path::PathBuf;

/// A film studio in a terminal: from a screenplay to a film, with a gate after every stage
///
/// Start with `greenlight demo`, or `greenlight new --script FILE` and `greenlight run`.
#[derive(Debug, Parser)]
#[command(
    name = "greenlight",
    version,
    propagate_version = true,
    max_term_width = 100
)]
pub struct Cli {
    #[command(flatten)]
    pub global: Global,
    #[command(subcommand)]
    pub command: Command,
}

#[derive(Debug, Args)]
pub struct Global {
    /// Folder that holds runs/ (else the nearest one upwards, else this one)
    #[arg(long, global = true, env = "GREENLIGHT_WORKSPACE", value_name = "DIR")]
    pub workspace: Option<PathBuf>,
    /// Print one JSON object (for `run`: one event a line)
    #[arg(long, global = true)]
    pub json: bool,
    /// Say only what went wrong
    #[arg(long, short, global = true)]
    pub quiet: bool,
    /// Say more
    #[arg(long, short, global = true)]
    pub verbose: bool,
    /// Never ask
    #[arg(long, global = true)]
    pub no_input: bool,
    /// Colours
    #[arg(long, global = true, value_enum, default_value = "auto")]
    pub color: Color,
    /// Wait so many seconds for another process's commit
    #[arg(long, global = true, value_name = "SECONDS")]
    pub lock_timeout: Option<f64>,
    /// Decide under this name
    #[arg(long = "as", global = true, env = "GREENLIGHT_AS", value_name = "NAME")]
    pub by: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Color {
    Auto,
    Always,
    Never,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Make a run from a screenplay, a shot list, prose or an idea
    #[command(
        after_help = "Examples:\n  greenlight new --script film.fountain\n  greenlight new \"Low Water\" --brief \"A ferryman waits for his last passenger.\" --format vertical\n  cat idea.txt | greenlight new --brief - --run --yes"
    )]
    New(Box<New>),
    /// Go on to the next gate, or to the end
    #[command(
        after_help = "Examples:\n  greenlight run                 # the newest run\n  greenlight run lighthouse --until storyboard\n  greenlight run --yes           # approve every open gate by policy\n\nExits 0 when done, 3 at a gate, 4 at a rejection."
    )]
    Run(RunArgs),
    /// Show where a run stands
    Status(RunName),
    /// Tell what a run would make, why, and at what price
    Plan(RunName),
    /// Tell what made a file, and what depends on it
    #[command(after_help = "Example:\n  greenlight why lighthouse storyboard/s01_020.png")]
    Why(Why),
    /// List all runs
    List(List),
    /// Show the journal of a run
    Log(Log),
    /// Look at a gate and decide
    #[command(subcommand)]
    Gate(Gate),
    /// Make a stage, or items of it, again
    #[command(
        after_help = "Examples:\n  greenlight regenerate lighthouse storyboard --item s01_020\n  greenlight regenerate lighthouse storyboard --feedback \"shot 3 closer, the ending slower\""
    )]
    Regenerate(Regenerate),
    /// List, compare and pick the takes of an item
    #[command(
        subcommand,
        after_help = "Examples:\n  greenlight regenerate lighthouse storyboard --item s01_020 --takes 3\n  greenlight take show lighthouse storyboard s01_020\n  greenlight take pick lighthouse storyboard s01_020 2"
    )]
    Take(Take),
    /// Show the versions of a stage
    Versions(StageName),
    /// Show what differs between two states of a stage
    #[command(
        after_help = "Examples:\n  greenlight diff lighthouse storyboard       # since it was approved, else since the version before\n  greenlight diff lighthouse script source    # against what was handed in\n  greenlight diff lighthouse storyboard 1 3"
    )]
    Diff(Diff),
    /// Lay two runs side by side
    Compare(Compare),
    /// Put an earlier version of a stage back
    Restore(Restore),
    /// Take back the last change of a stage (again: redo)
    Undo(GateName),
    /// Settle a stage whose files were edited while it was made
    Resolve(Resolve),
    /// Talk a stage into shape
    #[command(
        after_help = "Examples:\n  greenlight chat lighthouse storyboard                        # until an empty line\n  greenlight chat lighthouse storyboard \"shots 3 and 5 darker, the dog bigger\" --apply\n  greenlight chat lighthouse script - --apply < notes.txt"
    )]
    Chat(Chat),
    /// Paint one region of a picture anew, and prove the rest unchanged
    #[command(
        after_help = "Examples:\n  greenlight inpaint lighthouse storyboard/s01_020.png --object umbrella --prompt \"remove it\"\n  greenlight inpaint lighthouse storyboard/s01_020.png --box 0.6,0.1,0.3,0.4 --prompt \"a red kite\" --feather 12\n  greenlight inpaint lighthouse references/marta.png --mask mask.png --prompt \"a scar on the cheek\"\nWithout a provider for the role `inpaint` the house takes things away (\"remove …\") and draws panels again by the prompt."
    )]
    Inpaint(Inpaint),
    /// Open a stage's file in $EDITOR, checked when saved
    Edit(StageName),
    /// Change words, lengths or levels by a JSON patch
    #[command(
        args_conflicts_with_subcommands = true,
        after_help = "Examples:\n  greenlight patch lighthouse storyboard longer.json\n  greenlight patch apply lighthouse - --dry-run < patch.json\n  greenlight patch types"
    )]
    Patch(PatchCommand),
    /// Show the run as one page: film, board, sound, decisions, price, checks
    #[command(
        after_help = "The page needs no network and nothing but the film beside it; it is written to render/report.html."
    )]
    Review(Review),
    /// Cut the film again from what is approved
    Render(Render),
    /// Stop a run that is at work in another shell
    Cancel(RunName),
    /// Go on with a cancelled or waiting run
    Resume(Resume),
    /// Make many films from a file with a JSON object a line
    #[command(
        after_help = "A row holds what `new` takes: {\"id\":\"a\",\"script\":\"a.fountain\",\"format\":[\"wide\",\"square\"],\"set\":{\"tone\":\"calm\"}}\nOne line of JSON comes back for each row, and one that sums up. Called again, it goes on.\nThe exit code is the first that holds of 74, 65, 12, 11, 13, 9, 10, 14, 6, 4, 3, 0."
    )]
    Batch(Batch),
    /// List what was asked of providers, and what became of it
    Tasks(Tasks),
    /// Send a dead letter once more, or say what became of one in doubt
    #[command(subcommand)]
    Task(Task),
    /// Tell what was spent, by stage and provider, and what was wasted
    Cost(RunName),
    /// Tell how the work went, from the journals; nothing is sent anywhere
    Stats(Stats),
    /// List what is kept only to be quick, with sizes, and remove it if told so
    Clean(Clean),
    /// Print the JSON Schema of a file or of what --json prints
    Schema {
        /// Name of a schema; without one, they are listed
        name: Option<String>,
    },
    /// Show templates, the kinds of film
    #[command(subcommand)]
    Template(Template),
    /// Show settings and where each came from
    #[command(subcommand)]
    Config(Config),
    /// Test what this machine needs to make films
    Doctor(Doctor),
    /// Make a film of about a minute from a bundled screenplay
    Demo(Demo),
    /// Print completions for a shell
    Completions {
        /// bash, zsh, fish, elvish, powershell
        shell: clap_complete::Shell,
    },
    /// Print the manual page
    Man,
    /// Print the licences of greenlight and of what it carries
    Licenses,
    /// Read a PDF from standard input, for a process that must stand a broken one
    #[command(hide = true)]
    ReadPdf,
}

#[derive(Debug, Default, Args)]
pub struct New {
    /// Make it although moderation refuses it, where the configuration lets a person; why, for the record
    #[arg(long, value_name = "NOTE")]
    pub override_moderation: Option<String>,
    /// Title of the film (else the screenplay's own)
    pub title: Option<String>,
    /// Kind of film, as `template list` names them
    #[arg(long, short)]
    pub template: Option<String>,
    /// Screenplay: Fountain, shot list or prose; `-` reads stdin
    #[arg(
        long,
        value_name = "FILE",
        conflicts_with_all = ["brief", "from"]
    )]
    pub script: Option<String>,
    /// Idea: text, @FILE, or `-` for stdin
    #[arg(long, value_name = "TEXT|@FILE|-", conflicts_with = "from")]
    pub brief: Option<String>,
    /// Start a variant of this run; what is not said otherwise is as there, approvals are not
    #[arg(long, value_name = "RUN")]
    pub from: Option<String>,
    /// Field of the template
    #[arg(long = "set", value_name = "FIELD=VALUE")]
    pub set: Vec<String>,
    /// File of fields, as YAML or JSON: `name: value`
    #[arg(long, value_name = "FILE", conflicts_with = "from")]
    pub fields: Option<String>,
    /// Without the brand kit of the workspace
    #[arg(long)]
    pub no_brand: bool,
    /// wide, vertical, square or WxH; the first is the master
    #[arg(long, value_name = "FORMAT")]
    pub format: Vec<String>,
    /// Frames a second: 24, 25, 30, 23.976, 30000/1001 …
    #[arg(long, value_name = "N")]
    pub fps: Option<String>,
    /// Language of the voices, as `en`, `de`, `pt-BR` (else English)
    #[arg(long)]
    pub language: Option<String>,
    /// Voice of the narrator: narrator, woman, man, old_man, young_woman …
    #[arg(long)]
    pub voice: Option<String>,
    /// burned, soft, sidecar or off
    #[arg(long)]
    pub captions: Option<String>,
    /// Length of the whole film in seconds
    #[arg(long)]
    pub seconds: Option<f64>,
    /// Rewrite prose for the ear (else as the template says)
    #[arg(long, conflicts_with = "no_rewrite")]
    pub rewrite: bool,
    /// Tell prose word for word
    #[arg(long)]
    pub no_rewrite: bool,
    /// Provider of a role
    #[arg(long, value_name = "ROLE=NAME")]
    pub provider: Vec<String>,
    /// Most that may be spent on it
    #[arg(long, value_name = "AMOUNT")]
    pub budget: Option<f64>,
    /// The same seed gives the same film
    #[arg(long)]
    pub seed: Option<u64>,
    /// Leave a stage out, where that is possible
    #[arg(long, value_name = "STAGE")]
    pub skip: Vec<crate::film::stage::Stage>,
    /// Id of the run
    #[arg(long)]
    pub id: Option<String>,
    /// Run it at once
    #[arg(long)]
    pub run: bool,
    /// With --run: approve open gates by policy, install what is missing
    #[arg(long, short)]
    pub yes: bool,
}

#[derive(Debug, Args)]
pub struct RunName {
    /// Run: an id or the beginning of one (else the newest)
    #[arg(value_name = "RUN")]
    pub run: Option<String>,
}

#[derive(Debug, Args)]
pub struct Why {
    /// RUN and a file of it; the run may be left out
    #[arg(value_name = "RUN|FILE", num_args = 1..=2, required = true)]
    pub names: Vec<String>,
}

#[derive(Debug, Args)]
pub struct Batch {
    /// File with a JSON object a line, `-` for stdin
    pub file: String,
    /// Approve open gates by policy, install what is missing
    #[arg(long, short)]
    pub yes: bool,
    /// So many films at once
    #[arg(long, value_name = "N")]
    pub at_once: Option<usize>,
}

#[derive(Debug, Args)]
pub struct Clean {
    #[arg(value_name = "RUN", conflicts_with = "all_runs")]
    pub run: Option<String>,
    /// All runs of the workspace
    #[arg(long)]
    pub all_runs: bool,
    /// Only what was not touched for so long: 12h, 30d
    #[arg(long, value_name = "D")]
    pub older_than: Option<String>,
    /// The segments of the present film too
    #[arg(long)]
    pub segments: bool,
    /// Remove without asking
    #[arg(long)]
    pub yes: bool,
}

#[derive(Debug, Args)]
pub struct Tasks {
    #[arg(value_name = "RUN")]
    pub run: Option<String>,
    /// running, completed, failed, in_doubt, cancelled or pending
    #[arg(long, value_name = "S")]
    pub status: Option<String>,
}

#[derive(Debug, Subcommand)]
pub enum Task {
    /// Send a task that failed once more, with the next `run`
    Retry {
        /// RUN and the task; the run may be left out
        #[arg(value_name = "RUN|TASK", num_args = 1..=2, required = true)]
        names: Vec<String>,
    },
    /// Say what became of a task in doubt
    #[command(group(clap::ArgGroup::new("became").required(true)))]
    Resolve {
        /// RUN and the task; the run may be left out
        #[arg(value_name = "RUN|TASK", num_args = 1..=2, required = true)]
        names: Vec<String>,
        /// It was paid: what was reckoned, or this much
        #[arg(long, value_name = "AMOUNT", num_args = 0..=1, default_missing_value = "", require_equals = true, group = "became")]
        spent: Option<String>,
        /// It never arrived, or cost nothing
        #[arg(long, group = "became")]
        unspent: bool,
    },
}

#[derive(Debug, Args)]
pub struct Stats {
    #[arg(value_name = "RUN", conflicts_with = "all")]
    pub run: Option<String>,
    /// All runs of the workspace
    #[arg(long)]
    pub all: bool,
}

#[derive(Debug, Args)]
pub struct RunArgs {
    /// Run: an id or the beginning of one (else the newest)
    #[arg(value_name = "RUN")]
    pub run: Option<String>,
    /// Stop after this stage
    #[arg(long, value_name = "STAGE")]
    pub until: Option<crate::film::stage::Stage>,
    /// Make only these items; of a stage that is not made yet, to look at before the rest: s01_010
    #[arg(long, value_name = "ITEM")]
    pub only: Vec<String>,
    /// Write storyboard.yaml without pictures, to read and change its prompts first
    #[arg(long)]
    pub prompts_only: bool,
    /// Approve open gates by policy, install what is missing
    #[arg(long, short)]
    pub yes: bool,
    /// The same, up to and including this stage
    #[arg(long, value_name = "STAGE")]
    pub yes_through: Option<crate::film::stage::Stage>,
    /// At a gate, wait for a decision made elsewhere or by its timer (for so long: 90s, 30m, 2h)
    #[arg(long, value_name = "DUR", num_args = 0..=1, default_missing_value = "", require_equals = true)]
    pub wait: Option<String>,
    /// Make this item again first
    #[arg(long, value_name = "ITEM")]
    pub refresh: Vec<String>,
    /// Make this item before the others; may be said again, in that order
    #[arg(long, value_name = "ITEM")]
    pub first: Vec<String>,
    /// Say yes to providers that cannot do all that is asked; recorded
    #[arg(long)]
    pub accept_degraded: bool,
    /// How much is made at once
    #[arg(long, short, value_name = "N")]
    pub jobs: Option<usize>,
}

impl RunArgs {
    /// A plain `run` of a run, or of the newest.
    pub fn plain(run: Option<String>, yes: bool) -> RunArgs {
        RunArgs {
            run,
            until: None,
            only: Vec::new(),
            prompts_only: false,
            yes,
            yes_through: None,
            wait: None,
            refresh: Vec::new(),
            first: Vec::new(),
            accept_degraded: false,
            jobs: None,
        }
    }
}

#[derive(Debug, Args)]
pub struct List {
    /// Only runs in this state: needs_approval, completed, failed …
    #[arg(long)]
    pub status: Option<String>,
}

#[derive(Debug, Args)]
pub struct Log {
    #[arg(value_name = "RUN")]
    pub run: Option<String>,
    /// Go on showing what happens
    #[arg(long, short)]
    pub follow: bool,
    /// Only entries after this one
    #[arg(long, value_name = "SEQ")]
    pub since: Option<u64>,
}

#[derive(Debug, Subcommand)]
pub enum Gate {
    /// Show what waits for a decision
    Show(GateName),
    /// Approve it
    Approve(Decide),
    /// Reject it, with a reason
    Reject(Decide),
    /// Keep a gate from being passed by a timer or --yes
    Hold(Hold),
    /// Let a held gate go its way again
    Release(Hold),
    /// Take a decision back; the gate waits for a person
    Revoke(Hold),
    /// Let overdue timers approve (for cron: `gate settle --all --run`)
    Settle(Settle),
    /// List what was decided, in one run or in all
    Decisions(Decisions),
}

#[derive(Debug, Args)]
pub struct Hold {
    /// RUN and STAGE, either may be left out
    #[arg(value_name = "RUN|STAGE", num_args = 0..=2)]
    pub names: Vec<String>,
    /// Reason, for the record
    #[arg(long)]
    pub note: Option<String>,
    /// Only if this is what stands there
    #[arg(long, value_name = "F")]
    pub fingerprint: Option<String>,
}

#[derive(Debug, Args)]
pub struct Settle {
    /// RUN and STAGE, either may be left out
    #[arg(value_name = "RUN|STAGE", num_args = 0..=2, conflicts_with = "all")]
    pub names: Vec<String>,
    /// All runs of the workspace
    #[arg(long)]
    pub all: bool,
    /// Runs whose gate was approved go on
    #[arg(long)]
    pub run: bool,
}

#[derive(Debug, Args)]
pub struct Decisions {
    #[arg(value_name = "RUN", conflicts_with = "all")]
    pub run: Option<String>,
    /// All runs of the workspace
    #[arg(long)]
    pub all: bool,
    /// Only of this stage
    #[arg(long, value_name = "STAGE")]
    pub stage: Option<crate::film::stage::Stage>,
    /// Only by this name
    #[arg(long, value_name = "NAME")]
    pub by: Option<String>,
    /// Only since this day or time
    #[arg(long, value_name = "TIME")]
    pub since: Option<String>,
}

#[derive(Debug, Args)]
pub struct GateName {
    /// RUN and STAGE, either may be left out
    #[arg(value_name = "RUN|STAGE", num_args = 0..=2)]
    pub names: Vec<String>,
}

#[derive(Debug, Args)]
pub struct Decide {
    /// RUN and STAGE, either may be left out
    #[arg(value_name = "RUN|STAGE", num_args = 0..=2)]
    pub names: Vec<String>,
    /// Reason, for the record
    #[arg(long)]
    pub note: Option<String>,
    /// What to change; the next run follows it
    #[arg(long)]
    pub feedback: Option<String>,
    /// JSON patch to apply; what comes of it is approved
    #[arg(long, value_name = "FILE")]
    pub patch: Option<String>,
    /// Decide only if this is what stands there
    #[arg(long, value_name = "F")]
    pub fingerprint: Option<String>,
    /// Decide only at this gate
    #[arg(long, value_name = "G")]
    pub gate_id: Option<String>,
    /// Decide although somebody decided otherwise, or, with --note, although duties are not met
    #[arg(long = "override")]
    pub override_it: bool,
    /// Approve a stale stage as it is
    #[arg(long)]
    pub keep: bool,
    /// With the render stage: what you think of the film
    #[arg(long, value_name = "1..5", value_parser = clap::value_parser!(u8).range(1..=5))]
    pub rating: Option<u8>,
    /// Go on at once
    #[arg(long)]
    pub run: bool,
}

#[derive(Debug, Args)]
pub struct StageName {
    /// RUN and STAGE, the run may be left out
    #[arg(value_name = "RUN|STAGE", num_args = 1..=2, required = true)]
    pub names: Vec<String>,
}

#[derive(Debug, Args)]
pub struct Regenerate {
    /// RUN and STAGE, the run may be left out
    #[arg(value_name = "RUN|STAGE", num_args = 1..=2, required = true)]
    pub names: Vec<String>,
    /// Make this item only
    #[arg(long, value_name = "ID")]
    pub item: Vec<String>,
    /// What to change
    #[arg(long)]
    pub feedback: Option<String>,
    /// Make so many candidates side by side; `take pick` chooses
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=20), conflicts_with_all = ["feedback", "seed"])]
    pub takes: Option<u32>,
    /// Provider of a role, this time
    #[arg(long, value_name = "ROLE=NAME")]
    pub provider: Vec<String>,
    /// The same number gives the same take again
    #[arg(long, value_name = "N")]
    pub seed: Option<u64>,
    /// How much is made at once
    #[arg(long, short, value_name = "N")]
    pub jobs: Option<usize>,
}

#[derive(Debug, Args)]
pub struct Inpaint {
    /// RUN (may be left out) and the picture: storyboard/s01_020.png
    #[arg(value_name = "RUN|IMAGE", num_args = 1..=2, required = true)]
    pub names: Vec<String>,
    /// What shall be there; "remove it" for nothing
    #[arg(long, short)]
    pub prompt: Option<String>,
    /// What shall not be there
    #[arg(long)]
    pub negative: Option<String>,
    /// A picture: white, or clear, is to change
    #[arg(long, value_name = "FILE", group = "region")]
    pub mask: Option<PathBuf>,
    /// In pixels, or in parts of the picture: 0.5,0.2,0.3,0.4
    #[arg(long = "box", value_name = "X,Y,W,H", group = "region")]
    pub rectangle: Option<String>,
    /// The ellipse in such a box
    #[arg(long, value_name = "X,Y,W,H", group = "region")]
    pub ellipse: Option<String>,
    /// Corners
    #[arg(long, value_name = "X,Y X,Y …", group = "region")]
    pub polygon: Option<String>,
    /// Somebody or something on a drawn panel
    #[arg(long, value_name = "NAME", group = "region")]
    pub object: Option<String>,
    /// Paint the region on a page in the browser, served on this machine for just that
    #[arg(long, group = "region")]
    pub paint: bool,
    /// Make the region larger by so many pixels
    #[arg(long, value_name = "PX", default_value_t = 0, value_parser = clap::value_parser!(u16).range(0..=512))]
    pub grow: u16,
    /// Soften its edge inwards over so many pixels
    #[arg(long, value_name = "PX", default_value_t = 6, value_parser = clap::value_parser!(u16).range(0..=512))]
    pub feather: u16,
    /// The same number gives the same picture again
    #[arg(long, value_name = "N")]
    pub seed: Option<u64>,
}

#[derive(Debug, Args)]
pub struct Review {
    /// Run: an id or the beginning of one (else the newest)
    #[arg(value_name = "RUN")]
    pub run: Option<String>,
    /// Open it in the browser
    #[arg(long)]
    pub open: bool,
    /// Serve it on this machine, to decide, patch, pick and paint on it
    #[arg(long, conflicts_with_all = ["open", "output"])]
    pub serve: bool,
    /// Where to write it (without the film beside it, pictures alone are shown)
    #[arg(long, short, value_name = "FILE")]
    pub output: Option<PathBuf>,
}

#[derive(Debug, Default, Args)]
pub struct Chat {
    /// RUN and STAGE (the run may be left out), then what to say; `-` reads it from standard input
    #[arg(value_name = "RUN|STAGE|MESSAGE", num_args = 1.., required = true)]
    pub words: Vec<String>,
    /// What it is about
    #[arg(long, value_name = "ID")]
    pub item: Vec<String>,
    /// Apply the change that comes with the answer
    #[arg(long)]
    pub apply: bool,
}

#[derive(Debug, Subcommand)]
pub enum Take {
    /// List the takes of a stage, or of an item
    List(TakeName),
    /// Draw takes side by side
    Show(TakeName),
    /// Put a take in its item's place
    Pick(TakePick),
}

#[derive(Debug, Args)]
pub struct TakeName {
    /// RUN, STAGE, ITEM and number; run, item and number may be left out
    #[arg(value_name = "RUN|STAGE|ITEM|N", num_args = 1..=4, required = true)]
    pub names: Vec<String>,
}

#[derive(Debug, Args)]
pub struct TakePick {
    /// RUN, STAGE, ITEM and number; the run may be left out
    #[arg(value_name = "RUN|STAGE|ITEM|N", num_args = 3..=4, required = true)]
    pub names: Vec<String>,
}

#[derive(Debug, Args)]
pub struct Diff {
    /// RUN, STAGE and two states: version numbers, `now` or `source`; run and states may be left out
    #[arg(value_name = "RUN|STAGE|A|B", num_args = 1..=4, required = true)]
    pub names: Vec<String>,
}

#[derive(Debug, Args)]
pub struct Compare {
    /// A run
    pub a: String,
    /// Another
    pub b: String,
    /// Cut both films side by side into this file, to choose between them
    #[arg(long, value_name = "FILE")]
    pub film: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub struct Restore {
    /// RUN, STAGE and version, the run may be left out
    #[arg(value_name = "RUN|STAGE|N", num_args = 2..=3, required = true)]
    pub names: Vec<String>,
}

#[derive(Debug, Args)]
pub struct Resolve {
    /// RUN and STAGE, the run may be left out
    #[arg(value_name = "RUN|STAGE", num_args = 1..=2, required = true)]
    pub names: Vec<String>,
    /// Which to go on with
    #[arg(long, value_enum)]
    pub take: Side,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Side {
    Generated,
    Mine,
    /// Both: YAML by id and field, text by line
    Merge,
}

#[derive(Debug, Args)]
pub struct PatchCommand {
    #[command(subcommand)]
    pub action: Option<PatchAction>,
    #[command(flatten)]
    pub apply: PatchApply,
}

#[derive(Debug, Subcommand)]
pub enum PatchAction {
    /// Apply a patch
    Apply(PatchApply),
    /// Check a patch without applying it
    Check(PatchApply),
    /// Show the types of patches, each with an example
    Types,
}

#[derive(Debug, Args)]
pub struct PatchApply {
    /// RUN, STAGE and FILE (`-` for stdin); run and stage may be left out
    #[arg(value_name = "RUN|STAGE|FILE", num_args = 0..=3)]
    pub names: Vec<String>,
    /// Show what it would do
    #[arg(long)]
    pub dry_run: bool,
    /// Apply only if this comes out
    #[arg(long, value_name = "F")]
    pub expect_result: Option<String>,
    /// Apply although the base moved, if it still fits
    #[arg(long)]
    pub rebase: bool,
}

#[derive(Debug, Args)]
pub struct Render {
    #[arg(value_name = "RUN")]
    pub run: Option<String>,
    /// A small, quick film of what there is, from the storyboard on; nothing needs to be approved
    #[arg(long, conflicts_with_all = ["fresh", "verify", "codec", "stems", "textless"])]
    pub preview: bool,
    /// Encode everything anew
    #[arg(long)]
    pub fresh: bool,
    /// Compose every frame again, decode the finished film, and compare
    #[arg(long, conflicts_with_all = ["fresh", "output"])]
    pub verify: bool,
    /// Another shape too: wide, vertical, square or WxH; more than once for several
    #[arg(long, value_name = "F", value_parser = Format::parse)]
    pub format: Vec<Format>,
    /// The film in another codec too: h265, or prores for editing suites
    #[arg(long, value_name = "CODEC", default_value = "h264")]
    pub codec: Codec,
    /// Voice, music and sounds as three files too
    #[arg(long)]
    pub stems: bool,
    /// A film without titles, captions and words too
    #[arg(long)]
    pub textless: bool,
    /// Copy the film that was asked for here too
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,
    #[arg(long, short, value_name = "N")]
    pub jobs: Option<usize>,
}

#[derive(Debug, Args)]
pub struct Resume {
    #[arg(value_name = "RUN")]
    pub run: Option<String>,
    /// Patch to apply and approve first
    #[arg(long, value_name = "FILE")]
    pub patch: Option<String>,
    /// Approve open gates by policy
    #[arg(long, short)]
    pub yes: bool,
}

#[derive(Debug, Subcommand)]
pub enum Template {
    /// List the kinds of film
    List,
    /// Explain one: its fields, shape and duties, and an example
    Show { name: String },
    /// Check one of your own
    Check {
        #[arg(value_name = "FILE")]
        file: String,
    },
    /// Copy one to change it
    Eject {
        name: String,
        /// Where to (else templates/ of the workspace)
        #[arg(long, short, value_name = "FILE")]
        output: Option<PathBuf>,
    },
}

#[derive(Debug, Subcommand)]
pub enum Config {
    /// Show every setting and where it came from
    Show,
    /// Check the configuration
    Check,
}

#[derive(Debug, Args)]
pub struct Doctor {
    /// Install what is missing
    #[arg(long)]
    pub fix: bool,
}

#[derive(Debug, Args)]
pub struct Demo {
    /// Kind of film to show, from its example
    #[arg(long, short, default_value = "film")]
    pub template: String,
    /// wide, vertical, square or WxH
    #[arg(long)]
    pub format: Option<String>,
    /// Stop at every gate
    #[arg(long)]
    pub gates: bool,
    /// Install what is missing without asking
    #[arg(long, short)]
    pub yes: bool,
}
