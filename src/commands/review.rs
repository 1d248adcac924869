//! `review`: the run as one page, to be looked at in a browser, or served, to be decided on.

use super::easel::Easel;
use super::summary::summary;
use super::{Desk, Outcome, hear_interrupts, patch, run};
use crate::cli::{Review, RunArgs};
use crate::diagnostic::{Exit, Failure};
use crate::engine::differences::{self, At};
use crate::engine::digest::Digest;
use crate::engine::duties;
use crate::engine::gatekeeper::{self, Words};
use crate::engine::patching::{self, Terms};
use crate::engine::studio::Studio;
use crate::engine::survey::Survey;
use crate::engine::{history, inpainting, intake, making, takes};
use crate::film::stage::Stage;
use crate::plan::gate;
use crate::plan::status::State;
use crate::stages::report::deciding::{Deciding, Waits};
use crate::stages::report::{self, Detail, Told};
use crate::store::disk;
use crate::store::workspace::letters;
use crate::ui::browser;
use crate::ui::loopback::{self, Answer, Reply};
use crate::ui::paint::{self, Names};
use crate::ui::reviewing::{self, Decide, Verdict, Wish};
use anyhow::Result;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::path::{Component, Path};
use std::pin::Pin;

/// Lines of what changed that a page shows of a stage.
const MOST_LINES: usize = 200;

/// The page as it stands now.
fn page(studio: &Studio, detail: Detail, deciding: Option<&Deciding>) -> String {
    let manifest = std::fs::read(studio.run.layout.at("render/manifest.json")).unwrap_or_default();
    let manifest: Value = serde_json::from_slice(&manifest).unwrap_or_default();
    let checks = manifest["reports"].as_array().cloned().unwrap_or_default();
    let changes = changes(studio);
    let told = Told {
        checks: &checks,
        changes: &changes,
        deciding,
    };
    report::page(&studio.desk(&[]), &told, detail)
}

/// What the last version of each stage changed of the one before.
fn changes(studio: &Studio) -> Vec<(Stage, String)> {
    let last = Stage::ALL.into_iter().filter_map(|stage| {
        let all = studio.run.ledger.versions.get(&stage)?;
        let [.., (_, _, before), (_, _, after)] = all.as_slice() else {
            return None;
        };
        let (a, b) = (At::Version(before.version), At::Version(after.version));
        let difference = differences::between(&studio.run, stage, &a, &b).ok()?;
        let text = difference.text();
        let lines: Vec<&str> = text.lines().take(MOST_LINES).collect();
        (!difference.is_none()).then(|| (stage, lines.join("\n")))
    });
    last.collect()
}

pub(super) async fn execute(desk: &Desk, args: &Review) -> Result<Outcome> {
    let mut studio = desk.studio(args.run.as_deref())?;
    intake::take_in(&mut studio)?;
    if args.serve {
        return serve(desk, studio).await;
    }
    let id = studio.run.id().to_owned();
    let path = match &args.output {
        Some(path) => path.clone(),
        None => studio.run.layout.at("render/report.html"),
    };
    if args.output.is_some() && path.exists() {
        let there = disk::read(&path)?;
        let ours =
            there.starts_with(b"<!doctype html>") && there.windows(9).any(|w| w == b"id=checks");
        if !ours {
            return Err(Failure::new(
                Exit::Conflict,
                format!(
                    "{} is there already, and is no page of ours",
                    path.display()
                ),
            )
            .hint("choose another file")
            .into());
        }
    }
    let bytes = write(&studio, &path)?;
    if args.open && !browser::open(&path) {
        return Err(Failure::new(Exit::Missing, "no browser could be started")
            .hint(format!("open {} in one", path.display()))
            .into());
    }
    let text = path.display().to_string();
    Ok(Outcome::data(json!({"page": path, "bytes": bytes}), text).of(id))
}

/// Writes the page to be looked at; how large it is.
pub(super) fn write(studio: &Studio, path: &Path) -> Result<usize> {
    if let Some(folder) = path.parent().filter(|f| !f.as_os_str().is_empty()) {
        disk::make_folder(folder)?;
    }
    let page = page(studio, Detail::Whole, None);
    disk::write_atomic(path, page.as_bytes())?;
    Ok(page.len())
}

/// A run that goes on while its page is served.
type Going<'a> = Pin<Box<dyn Future<Output = Result<Outcome>> + 'a>>;

/// A picture on the page, by stage and item.
type Picture = (Stage, String);

/// A picture that is painted over while its page is served: its easel comes back with what is to be answered.
type Painting<'a> = Pin<Box<dyn Future<Output = (Picture, Easel, Result<Reply>)> + 'a>>;

/// Serves the page until it is done with, and does what the person wishes on it.
async fn serve(desk: &Desk, mut studio: Studio) -> Result<Outcome> {
    gate::check_name(&desk.by())?;
    hear_interrupts(desk.interrupt.clone());
    let id = studio.run.id().to_owned();
    let mut page = loopback::serve(&letters(24)?, reviewing::pages()).await?;
    desk.printer.always(&format!("review at {}", page.url));
    if desk.interactive && !browser::open(Path::new(&page.url)) {
        desk.printer.say("open it in a browser; Ctrl-C ends it");
    }
    let mut table = Table {
        desk,
        easels: BTreeMap::new(),
        message: String::new(),
        changed: false,
    };
    let mut going: Option<Going<'_>> = None;
    // Who waits for the picture is answered when it is there.
    let mut painting: Option<(Painting<'_>, Answer)> = None;
    loop {
        let asked = tokio::select! {
            asked = page.next(|| desk.interrupt.is_stopped()) => asked,
            end = on(&mut going), if going.is_some() => {
                going = None;
                table.message = match end {
                    // A gate is seen on the page.
                    Ok(end) if matches!(end.exit, Exit::Done | Exit::Waiting) => String::new(),
                    Ok(end) => end.result["message"].as_str().unwrap_or_default().to_owned(),
                    Err(e) => format!("{e:#}"),
                };
                continue;
            }
            () = painted(&mut table, &mut painting), if painting.is_some() => continue,
        };
        let (wish, answer) = match asked {
            Ok(Some(asked)) => asked,
            Ok(None) => break,
            Err(stopped) => {
                // What is at work stops by the same word.
                let _ = on(&mut going).await;
                painted(&mut table, &mut painting).await;
                page.close().await;
                return Err(stopped);
            }
        };
        let done = matches!(wish, Wish::Done);
        let busy = match (&going, &painting) {
            (Some(_), _) => Some("a run is at work: do that at its next gate"),
            (_, Some(_)) => Some("a picture is being painted: do that when it is there"),
            _ => None,
        };
        let reply = match (wish, busy) {
            (Wish::Go, None) => {
                table.message.clear();
                table.changed = true;
                going = Some(Box::pin(run::quietly(
                    desk,
                    RunArgs::plain(Some(id.clone()), false),
                )));
                Ok(Reply::Said(json!({})))
            }
            (Wish::Go, Some(_)) if going.is_some() => Ok(Reply::Said(json!({}))),
            (
                Wish::Go | Wish::Paint(_, paint::Wish::Paint(_) | paint::Wish::Pick(_)),
                Some(why),
            ) => Err(Failure::new(Exit::Locked, why).into()),
            (Wish::Paint(names, paint::Wish::Paint(brush)), None) => {
                match table.painting(&mut studio, &names, brush) {
                    Ok(work) => {
                        painting = Some((work, answer));
                        continue;
                    }
                    Err(why) => Err(why),
                }
            }
            (Wish::Page, _) => {
                Ok(Reply::Page(table.page(&mut studio).unwrap_or_else(|e| {
                    report::deciding::broken(&format!("{e:#}"))
                })))
            }
            (wish, _) => {
                let at_work = match (&going, &painting) {
                    (_, Some(_)) => Some("a picture"),
                    (Some(_), None) => Some("the run"),
                    (None, None) => None,
                };
                table.granted(&mut studio, wish, at_work).await
            }
        };
        // A page that went away asks again.
        let _ = answer.send(reply.unwrap_or_else(|e| Reply::Refused(format!("{e:#}"))));
        if done {
            break;
        }
    }
    // What was begun is brought to its next gate.
    let end = on(&mut going).await;
    painted(&mut table, &mut painting).await;
    page.close().await;
    end?;
    Ok(Outcome::data(json!({}), "").changed(table.changed).of(id))
}

/// Waits for what is at work, if anything is.
async fn on(going: &mut Option<Going<'_>>) -> Result<Outcome> {
    match going {
        Some(work) => work.await,
        None => Ok(Outcome::data(Value::Null, "")),
    }
}

/// Waits for the picture that is being painted, if one is, and answers who asked for it.
async fn painted(table: &mut Table<'_>, painting: &mut Option<(Painting<'_>, Answer)>) {
    let Some((work, _)) = painting else {
        return;
    };
    let (picture, easel, reply) = work.await;
    table.changed |= reply.is_ok();
    table.easels.insert(picture, easel);
    if let Some((_, answer)) = painting.take() {
        // A page that went away asks again.
        let _ = answer.send(reply.unwrap_or_else(|e| Reply::Refused(format!("{e:#}"))));
    }
}

/// What lies between the run and its page.
struct Table<'a> {
    desk: &'a Desk,
    /// Pictures that are being painted over.
    easels: BTreeMap<Picture, Easel>,
    /// How the last going on ended, where it ended badly.
    message: String,
    changed: bool,
}

impl<'a> Table<'a> {
    /// Does what the page wishes, with `at_work` what is done beside it.
    async fn granted(
        &mut self,
        studio: &mut Studio,
        wish: Wish,
        at_work: Option<&str>,
    ) -> Result<Reply> {
        match wish {
            Wish::State => {
                let root = studio.run.layout.root();
                let settings = &studio.settings;
                let digest =
                    Digest::of(root, self.desk.workspace.root(), settings, &self.desk.by())?;
                let making = std::fs::read_to_string(studio.run.layout.now_making()).ok();
                let making = at_work.map(|what| making.unwrap_or_else(|| what.to_owned()));
                Ok(Reply::Said(json!({
                    "seq": digest.journal, "status": digest.status, "waiting_at": digest.waiting_at,
                    "going": at_work.is_some(), "making": making, "message": self.message,
                })))
            }
            Wish::File(name) => Ok(Reply::File(file(studio, &name)?)),
            Wish::Difference(names) => {
                let stage = stage_of(&names)?;
                let [from, to] = ["from", "to"].map(|n| part(&names, n));
                let (a, b) = (At::parse(from)?, At::parse(to)?);
                let difference = differences::between(&studio.run, stage, &a, &b)?;
                let pictures = difference.media.iter().filter(|m| m.file.ends_with(".png"));
                let pictures = pictures.map(|m| {
                    let sides = [(&m.from, from), (&m.to, to)];
                    let there = sides.into_iter().filter(|(hash, _)| hash.is_some());
                    json!({"file": m.file, "sides": there.map(|(_, at)| at).collect::<Vec<_>>()})
                });
                let pictures: Vec<Value> = pictures.collect();
                Ok(Reply::Said(
                    json!({"text": difference.text(), "pictures": pictures}),
                ))
            }
            Wish::Kept(names) => {
                let (stage, at) = (stage_of(&names)?, At::parse(part(&names, "at"))?);
                let file = part(&names, "file");
                let path = differences::medium(&studio.run, stage, &at, file)?;
                Ok(Reply::Picture(disk::read(&path)?))
            }
            Wish::Decide(decide) => self.decide(studio, decide),
            Wish::Patch(wish) => {
                let (read, json) = patch::parse(&wish.patch, "the patch")?;
                let terms = Terms {
                    dry_run: !wish.apply,
                    ..Terms::default()
                };
                let (applied, _) =
                    patching::apply(studio, Some(wish.stage), &read, &json, &terms, None)?;
                self.changed |= applied.changed;
                let price = studio.price_ahead().to_string();
                Ok(Reply::Said(
                    json!({"text": patch::consequences(&applied, &price)}),
                ))
            }
            Wish::Pick(pick) => {
                let picked = takes::pick(studio, pick.stage, &pick.item, pick.take)?;
                self.changed |= picked.is_some();
                Ok(Reply::Said(json!({})))
            }
            Wish::Restore(restore) => {
                history::restore(studio, restore.stage, restore.version)?;
                self.changed = true;
                Ok(Reply::Said(json!({})))
            }
            Wish::Paint(names, wish) => {
                let picture = picture_of(studio, &names)?;
                if matches!(wish, paint::Wish::Done) {
                    self.easels.remove(&picture);
                    return Ok(Reply::Said(json!({})));
                }
                let mut easel = self.easel(studio, &picture)?;
                self.changed |= matches!(wish, paint::Wish::Pick(_));
                let reply = easel.granted(studio, wish).await;
                self.easels.insert(picture, easel);
                reply
            }
            Wish::Page | Wish::Go | Wish::Done => Ok(Reply::Said(json!({}))),
        }
    }

    fn page(&self, studio: &mut Studio) -> Result<String> {
        intake::take_in(studio)?;
        let deciding = self.deciding(studio);
        Ok(page(studio, Detail::Served, Some(&deciding)))
    }

    fn deciding(&self, studio: &Studio) -> Deciding {
        let survey = Survey::take(studio);
        let open = survey.states.iter().find(|s| s.state == State::Open);
        let waits = open.and_then(|s| {
            Some(Waits {
                stage: s.stage,
                fingerprint: gatekeeper::subject(studio, s.stage)?.content.to_string(),
                summary: summary(studio, s.stage),
                unmet: duties::breaches(studio, s.stage)
                    .iter()
                    .map(|b| b.line())
                    .collect(),
            })
        });
        let currency = &studio.settings.operator.budget.currency;
        Deciding {
            by: self.desk.by(),
            stages: survey
                .states
                .iter()
                .filter(|s| studio.run.film.sheet.way().has(s.stage))
                .map(|s| {
                    let worth = matches!(
                        s.state,
                        State::Rejected
                            | State::Invalid
                            | State::Conflict
                            | State::Failed
                            | State::Stale
                    );
                    let reason = s.reason.clone().filter(|_| worth);
                    (s.stage, s.state.name(), reason)
                })
                .collect(),
            waits,
            price: format!("{} {currency}", studio.price_ahead()),
            seq: studio.run.ledger.last_seq,
        }
    }

    /// Decides in the person's name on what they were shown.
    fn decide(&mut self, studio: &mut Studio, decide: Decide) -> Result<Reply> {
        intake::take_in(studio)?;
        let stage = decide.stage;
        let words = Words {
            note: decide.note,
            feedback: decide.feedback.clone(),
            fingerprint: Some(decide.fingerprint),
            interactive: true,
            // What the page showed as not met is taken on with a note.
            pass_duties: decide.override_it,
            ..Words::default()
        };
        if let (Verdict::Change, Some(said)) = (decide.verdict, &decide.feedback) {
            making::heard(studio, stage, said)?;
        }
        let verdict = match decide.verdict {
            Verdict::Approve => gate::Verdict::Approve,
            Verdict::Change | Verdict::Reject => gate::Verdict::Reject,
        };
        let by = self.desk.by();
        let changed = gatekeeper::decide(studio, stage, verdict, &by, &words)?;
        self.changed |= changed;
        if changed {
            self.desk
                .printer
                .say(&format!("{stage} is {} by {by}", verdict.done()));
        }
        Ok(Reply::Said(json!({"changed": changed})))
    }

    /// The easel of a picture, taken off the table until it is put back.
    fn easel(&mut self, studio: &mut Studio, picture: &Picture) -> Result<Easel> {
        // What was painted beside the page is known from here on.
        intake::take_in(studio)?;
        if let Some(easel) = self.easels.remove(picture) {
            return Ok(easel);
        }
        Easel::new(studio, picture.0, &picture.1, (None, None))
    }

    /// Paints over a picture beside the page: a provider may take its time.
    fn painting(
        &mut self,
        studio: &mut Studio,
        names: &Names,
        brush: paint::Brush,
    ) -> Result<Painting<'a>> {
        let picture = picture_of(studio, names)?;
        let mut easel = self.easel(studio, &picture)?;
        let mut own = self.desk.studio(Some(studio.run.id()))?;
        Ok(Box::pin(async move {
            let reply = easel.granted(&mut own, paint::Wish::Paint(brush)).await;
            (picture, easel, reply)
        }))
    }
}

fn picture_of(studio: &Studio, names: &Names) -> Result<Picture> {
    let folder = stage_of(names)?.folder().unwrap_or_default();
    inpainting::item_of(studio, &format!("{folder}/{}", part(names, "item")))
}

/// A part of an address, by its name.
fn part<'n>(names: &'n Names, name: &str) -> &'n str {
    names.get(name).map_or("", String::as_str)
}

fn stage_of(names: &Names) -> Result<Stage> {
    part(names, "stage")
        .parse::<Stage>()
        .map_err(|e| Failure::new(Exit::NotFound, e).into())
}

/// A file a page may show: what stages made and takes, nothing else of the run and nothing outside of it.
fn file(studio: &Studio, name: &str) -> Result<std::path::PathBuf> {
    const FOLDERS: [&str; 6] = [
        "storyboard",
        "references",
        "assets",
        "audio",
        "takes",
        "render",
    ];
    const ENDS: [&str; 8] = ["png", "jpg", "jpeg", "mp4", "wav", "vtt", "srt", "ass"];
    let path = Path::new(name);
    let plain = path.components().all(|c| matches!(c, Component::Normal(_)));
    let root = studio.run.layout.root().canonicalize()?;
    let there = root.join(path).canonicalize();
    // Where a link leads is what counts, not what it is called.
    let known = there.as_ref().is_ok_and(|there| {
        let inside = there.strip_prefix(&root).unwrap_or(Path::new(""));
        let end = there.extension().and_then(|e| e.to_str()).unwrap_or("");
        FOLDERS.iter().any(|f| inside.starts_with(f)) && ENDS.contains(&end)
    });
    match there {
        Ok(there) if plain && known && there.starts_with(&root) && there.is_file() => Ok(there),
        _ => Err(Failure::new(Exit::NotFound, "the run has no such file").into()),
    }
}
