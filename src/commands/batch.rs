//! `batch`: many films from a file, a JSON object a line. All rows are checked first; called again, it
//! goes on, and what is finished is passed over.

use super::{Desk, Outcome, hear_interrupts, new, run};
use crate::cli::{Batch, New, RunArgs};
use crate::diagnostic::{Exit, Failure, Problem};
use crate::film::tree::Strict;
use anyhow::Result;
use serde::Deserialize;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::io::Read;
use std::sync::Mutex;

/// The most bytes a batch may hold.
const MOST_BYTES: u64 = 16 * 1024 * 1024;

/// A row: what `new` takes, by the same names.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Row {
    id: Option<String>,
    title: Option<String>,
    template: Option<String>,
    script: Option<String>,
    brief: Option<String>,
    from: Option<String>,
    set: BTreeMap<String, Value>,
    fields: Option<String>,
    brand: Option<bool>,
    format: Option<OneOrMore>,
    fps: Option<Value>,
    language: Option<String>,
    voice: Option<String>,
    captions: Option<String>,
    seconds: Option<f64>,
    rewrite: Option<bool>,
    provider: BTreeMap<String, String>,
    budget: Option<f64>,
    seed: Option<u64>,
    skip: Vec<crate::film::stage::Stage>,
}

#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum OneOrMore {
    One(String),
    More(Vec<String>),
}

/// A value as a flag would have it.
fn plain(value: &Value) -> String {
    value
        .as_str()
        .map_or_else(|| value.to_string(), str::to_owned)
}

impl Row {
    fn wish(self, id: String) -> New {
        New {
            override_moderation: None,
            title: self.title,
            template: self.template,
            script: self.script,
            brief: self.brief,
            from: self.from,
            set: self
                .set
                .iter()
                .map(|(k, v)| format!("{k}={}", plain(v)))
                .collect(),
            fields: self.fields,
            no_brand: self.brand == Some(false),
            format: match self.format {
                None => Vec::new(),
                Some(OneOrMore::One(one)) => vec![one],
                Some(OneOrMore::More(more)) => more,
            },
            fps: self.fps.as_ref().map(plain),
            language: self.language,
            voice: self.voice,
            captions: self.captions,
            seconds: self.seconds,
            rewrite: self.rewrite == Some(true),
            no_rewrite: self.rewrite == Some(false),
            provider: self
                .provider
                .iter()
                .map(|(role, name)| format!("{role}={name}"))
                .collect(),
            budget: self.budget,
            seed: self.seed,
            skip: self.skip,
            id: Some(id),
            run: false,
            // Nobody is asked for what a row leaves out.
            yes: true,
        }
    }
}

/// A row that was checked: a run that is there already, or one to be made.
struct Film {
    line: usize,
    id: String,
    planned: Option<Plan>,
}

/// What a row comes to.
enum Plan {
    New(Box<new::Planned>),
    Variant(Box<new::Branch>),
}

/// Understands a row. A variant is one of a run that is there already.
fn plan(desk: &Desk, wish: &New) -> Result<Plan> {
    let Some(from) = &wish.from else {
        return new::plan(desk, wish).map(|p| Plan::New(Box::new(p)));
    };
    let handed = [
        ("script", &wish.script),
        ("brief", &wish.brief),
        ("fields", &wish.fields),
    ];
    if let Some((name, _)) = handed.into_iter().find(|(_, given)| given.is_some()) {
        let what =
            format!("a variant `from` another run takes no `{name}`: change fields by `set`");
        return Err(Failure::new(Exit::Usage, what).into());
    }
    new::plan_branch(desk, wish, from).map(|b| Plan::Variant(Box::new(b)))
}

pub fn execute(desk: &Desk, args: Batch) -> Result<Outcome> {
    let films = read(desk, &args.file)?;
    run::ensure_programs(desk, args.yes)?;
    hear_interrupts(desk.interrupt.clone());
    let count = films.len();
    let workers = args.at_once.unwrap_or(2).clamp(1, count);
    let queue = Mutex::new(films.into_iter());
    let exits = Mutex::new(Vec::new());
    let runtime = tokio::runtime::Handle::current();
    // A thread a film: cutting one keeps its thread busy.
    std::thread::scope(|scope| {
        for _ in 0..workers {
            scope.spawn(|| {
                while let Some(film) = next(&queue) {
                    let (exit, said) = if desk.interrupt.is_stopped() {
                        (Exit::Interrupted, "stopped".to_owned())
                    } else {
                        runtime.block_on(one(desk, &film, args.yes))
                    };
                    report(desk, &film, exit, &said);
                    if let Ok(mut exits) = exits.lock() {
                        exits.push(exit);
                    }
                }
            });
        }
    });
    let exits = exits.into_inner().unwrap_or_default();
    let done = exits.iter().filter(|e| **e == Exit::Done).count();
    let exit = match desk.interrupt.why() {
        Some(why) => why.exit(),
        None => Exit::first(&exits),
    };
    desk.printer
        .say(&format!("{done} of {count} films are done"));
    let sum = json!({
        "schema": 1, "command": "batch", "summary": true, "ok": exit == Exit::Done,
        "exit": exit as u8, "films": count, "done": done,
    });
    // A line a row was printed as it came; the last one sums up.
    desk.printer.data(&sum.to_string());
    let mut outcome = Outcome::data(sum, "").changed(true).exit(exit);
    outcome.printed = true;
    Ok(outcome)
}

fn next(queue: &Mutex<std::vec::IntoIter<Film>>) -> Option<Film> {
    queue.lock().ok()?.next()
}

/// Reads and checks every row before anything is made.
fn read(desk: &Desk, file: &str) -> Result<Vec<Film>> {
    let (text, name) = if file == "-" {
        let mut text = String::new();
        std::io::stdin()
            .lock()
            .take(MOST_BYTES)
            .read_to_string(&mut text)?;
        (text, "standard input".to_owned())
    } else {
        let bytes = std::fs::read(file).map_err(|e| {
            Failure::new(Exit::NotFound, format!("cannot read the batch: {e}"))
                .at(file, 0, 0)
                .hint("name a file with a JSON object a line, or `-` for standard input")
        })?;
        let text = String::from_utf8(bytes)
            .map_err(|_| Failure::new(Exit::Invalid, "a batch is UTF-8 text").at(file, 0, 0))?;
        (text, file.to_owned())
    };
    let mut problems: Vec<Problem> = Vec::new();
    let mut films: Vec<Film> = Vec::new();
    for (i, line) in text.lines().enumerate() {
        if line.trim().is_empty() {
            continue;
        }
        let number = i + 1;
        let parsed =
            serde_json::from_str::<Strict>(line).and_then(|_| serde_json::from_str::<Row>(line));
        let row = match parsed {
            Ok(row) => row,
            Err(e) => {
                let message = e.to_string();
                let short = message
                    .split(" at line ")
                    .next()
                    .unwrap_or(&message)
                    .to_owned();
                problems.push(Problem::new(short).at(name.clone(), number, e.column()));
                continue;
            }
        };
        // A row without an id is known by what it says, so that it is found again.
        let id = row.id.clone().unwrap_or_else(|| {
            let what = row
                .title
                .as_deref()
                .or(row.brief.as_deref())
                .unwrap_or("film");
            let hash = blake3::hash(line.trim().as_bytes()).to_hex();
            format!("{}-{}", crate::film::ids::slug(what, '-', 24), &hash[..8])
        });
        if films.iter().any(|f| f.id == id) {
            problems.push(
                Problem::new(format!("`{id}` is in this batch twice"))
                    .at(name.clone(), number, 0)
                    .hint("give each row an id of its own"),
            );
            continue;
        }
        let there = desk.workspace.runs().join(&id).join("run.yaml").is_file();
        let planned = if there {
            None
        } else {
            match plan(desk, &row.wish(id.clone())) {
                Ok(planned) => Some(planned),
                Err(e) => {
                    let wrong = match e.downcast_ref::<Failure>() {
                        Some(failure) => failure.problems.clone(),
                        None => vec![Problem::new(format!("{e:#}"))],
                    };
                    problems.extend(wrong.into_iter().map(|p| {
                        let inner = p.place.as_ref().map(|p| format!(" ({p})"));
                        let text = format!("{}{}", p.message, inner.unwrap_or_default());
                        Problem { message: text, ..p }.at(name.clone(), number, 0)
                    }));
                    continue;
                }
            }
        };
        films.push(Film {
            line: number,
            id,
            planned,
        });
    }
    if films.is_empty() && problems.is_empty() {
        problems.push(Problem::new("the batch is empty").at(name, 0, 0));
    }
    if problems.is_empty() {
        Ok(films)
    } else {
        Err(Failure::of(Exit::Invalid, problems).into())
    }
}

/// Makes one film as far as it goes.
async fn one(desk: &Desk, film: &Film, yes: bool) -> (Exit, String) {
    let put_up = match &film.planned {
        Some(Plan::New(planned)) => new::put_up(desk, planned).map(|_| ()),
        Some(Plan::Variant(planned)) => new::branch(desk, planned).map(|_| ()),
        None => Ok(()),
    };
    if let Err(e) = put_up {
        return (crate::diagnostic::exit_of(&e), format!("{e:#}"));
    }
    let args = RunArgs::plain(Some(film.id.clone()), yes);
    match run::quietly(desk, args).await {
        Ok(outcome) => {
            let waiting = outcome.result["waiting_at"].as_str();
            let said = waiting.map_or(String::new(), |stage| format!("waits at {stage}"));
            (outcome.exit, said)
        }
        Err(e) => (crate::diagnostic::exit_of(&e), format!("{e:#}")),
    }
}

fn report(desk: &Desk, film: &Film, exit: Exit, said: &str) {
    let path = desk.workspace.runs().join(&film.id).join("render/film.mp4");
    let done = exit == Exit::Done && path.is_file();
    desk.printer.data(
        &json!({
            "line": film.line, "run": film.id, "ok": exit == Exit::Done, "exit": exit as u8,
            "film": done.then_some(path), "message": said,
        })
        .to_string(),
    );
}
