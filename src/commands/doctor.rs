//! `doctor`: what this machine needs to make films, tested by running it.

use super::{Desk, Outcome};
use crate::cli::Doctor;
use crate::diagnostic::Exit;
use crate::media::cancel::Cancel;
use crate::media::install::{self, Program};
use crate::media::piper::Piper;
use crate::media::speech::{self, Manner};
use crate::media::tools::{self, Engine, Tools};
use crate::providers::ask::Fault;
use crate::providers::wire::Wire;
use crate::secret::Secret;
use anyhow::Result;
use console::style;
use serde_json::{Value, json};

struct Finding {
    what: String,
    ok: bool,
    /// A film can be made without it.
    optional: bool,
    says: String,
    fix: Option<String>,
}

pub async fn execute(desk: &Desk, args: Doctor) -> Result<Outcome> {
    let printer = desk.printer.clone();
    let say = move |text: &str| printer.always(text);
    let mut changed = false;
    if args.fix {
        if tools::find("ffmpeg").is_none() {
            install::install(Program::Ffmpeg, &say)?;
            changed = true;
        }
        let ffmpeg = tools::ffmpeg()?;
        let any_language = tools::voices(&ffmpeg)
            .iter()
            .any(|v| matches!(v, Engine::Espeak(_) | Engine::Say(_)));
        if !any_language && std::env::var_os("GREENLIGHT_ESPEAK_NG").is_none_or(|v| !v.is_empty()) {
            match install::install(Program::Espeak, &say) {
                Ok(()) => changed = true,
                Err(e) => say(&format!("{e}")),
            }
        }
    }
    let mut findings = programs(desk)?;
    findings.extend(providers(desk).await?);
    let fine = findings.iter().all(|f| f.ok || f.optional);
    let lines: Vec<String> = findings
        .iter()
        .map(|f| {
            let mark = if f.ok {
                style("✓").green()
            } else if f.optional {
                style("!").yellow()
            } else {
                style("✗").red()
            };
            let fix = f
                .fix
                .as_ref()
                .filter(|_| !f.ok)
                .map(|x| format!("\n    fix: {x}"))
                .unwrap_or_default();
            format!("{mark} {:<12} {}{fix}", f.what, f.says)
        })
        .collect();
    let list: Vec<Value> = findings.iter().map(|f| json!({"what": f.what, "ok": f.ok, "optional": f.optional, "says": f.says, "fix": f.fix})).collect();
    let mut outcome = Outcome::data(json!(list), lines.join("\n")).changed(changed);
    if !fine {
        outcome = outcome.exit(Exit::Missing);
    }
    Ok(outcome)
}

fn programs(desk: &Desk) -> Result<Vec<Finding>> {
    let mut out = Vec::new();
    if tools::find("ffmpeg").is_none() {
        out.push(Finding {
            what: "ffmpeg".into(),
            ok: false,
            optional: false,
            says: "not found on PATH or in the data folder".into(),
            fix: Some(format!(
                "greenlight doctor --fix   ({})",
                install::by_hand(Program::Ffmpeg)
            )),
        });
        return Ok(out);
    }
    let models = desk.settings()?.voice_models();
    let (usable, broken): (Vec<_>, Vec<_>) = models
        .into_iter()
        .map(|model| (Piper::open(&model), model))
        .partition(|(piper, _)| piper.is_ok());
    for (piper, model) in broken {
        let failure = piper.err();
        out.push(Finding {
            what: "piper".into(),
            ok: false,
            optional: false,
            says: failure
                .as_ref()
                .map_or_else(String::new, ToString::to_string),
            fix: failure
                .and_then(|f| f.problems.into_iter().find_map(|p| p.hint))
                .or_else(|| {
                    Some(format!(
                        "take {} out of conf/providers.yaml",
                        model.display()
                    ))
                }),
        });
    }
    let usable: Vec<_> = usable.into_iter().map(|(_, model)| model).collect();
    let found = Tools::find(&usable)?;
    let abilities = tools::abilities(&found.ffmpeg);
    let whole = install::runs(&found.ffmpeg) && abilities.x264 && abilities.aac;
    out.push(Finding {
        what: "ffmpeg".into(),
        ok: whole,
        optional: false,
        says: format!(
            "{} ({}){}",
            abilities.version,
            found.ffmpeg.display(),
            if whole {
                ""
            } else {
                ": it lacks libx264 or aac"
            }
        ),
        fix: Some("install a build with libx264".into()),
    });
    out.push(Finding {
        what: "ffprobe".into(),
        ok: found.ffprobe.is_some(),
        optional: true,
        says: found
            .ffprobe
            .as_ref()
            .map_or("missing: finished films are checked less".into(), |p| {
                p.display().to_string()
            }),
        fix: Some("it comes with FFmpeg".into()),
    });
    let mut any = false;
    for engine in &found.voices {
        let manner = Manner {
            voice: match engine {
                Engine::Flite => "rms",
                Engine::Espeak(_) => "en-us",
                Engine::Say(_) => "Samantha",
                Engine::Piper(_) => "0",
            }
            .into(),
            speed: 150,
            pitch: 50,
            tempo: 1.0,
        };
        let heard = speech::speak(
            &found,
            engine,
            &manner,
            &["Greenlight."],
            &Cancel::default(),
        );
        any |= heard.is_ok();
        out.push(Finding {
            what: engine.name().into(),
            ok: heard.is_ok(),
            optional: true,
            says: match &heard {
                Ok(words) => format!(
                    "speaks ({:.2} s for one word){}",
                    words.iter().map(Vec::len).sum::<usize>() as f64 / 48_000.0,
                    if *engine == Engine::Flite {
                        ", English only"
                    } else {
                        ""
                    }
                ),
                Err(e) => format!("{e:#}"),
            },
            fix: None,
        });
    }
    if !any {
        out.push(Finding {
            what: "voice".into(),
            ok: false,
            optional: true,
            says: "none: films are captioned and silent where somebody speaks".into(),
            fix: Some(format!(
                "greenlight doctor --fix   ({})",
                install::by_hand(Program::Espeak)
            )),
        });
    }
    Ok(out)
}

async fn providers(desk: &Desk) -> Result<Vec<Finding>> {
    let settings = desk.settings()?;
    let mut out = Vec::new();
    for (name, provider) in &settings.providers.providers {
        let used = settings.providers.roles.values().any(|r| r == name);
        let missing = provider
            .api_key_env
            .as_ref()
            .filter(|v| Secret::from_env(v).is_none());
        let checked = match missing {
            Some(_) => Err(Fault::NotSent(String::new())),
            None => {
                Wire::new(name, provider, desk.workspace.root())
                    .check()
                    .await
            }
        };
        let (ok, says, fix) = match (missing, checked) {
            (Some(variable), _) => (
                false,
                format!("its key is missing from the environment: {variable}"),
                Some(format!("export {variable}=…")),
            ),
            (None, Ok(says)) => (true, says, None),
            (None, Err(fault)) => (
                false,
                fault.said(),
                Some("check it in conf/providers.yaml, and the network".to_owned()),
            ),
        };
        out.push(Finding {
            what: name.clone(),
            ok,
            optional: !used,
            says,
            fix,
        });
    }
    Ok(out)
}
