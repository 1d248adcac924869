//! Whether a provider can do what a film asks of its role, as far as the configuration says: passed, lacking
//! something a person may accept, or not at all. Asked before anything is paid; nothing falls back in silence.

use super::studio::Studio;
use crate::config::Provider;
use crate::diagnostic::{Exit, Failure};
use crate::film::artifacts::Artifacts;
use crate::store::format::Op;
use anyhow::Result;

/// What a provider lacks for a film.
#[derive(Debug, Default, PartialEq)]
struct Lacks {
    /// What makes its work useless here.
    blocked: Vec<String>,
    /// What makes it worse.
    degraded: Vec<String>,
}

fn lacks(provider: &Provider, role: &str, film: &Artifacts) -> Lacks {
    let mut out = Lacks::default();
    let people = || {
        let cast = film.references.iter().flat_map(|r| &r.cast);
        cast.filter(|p| !p.offscreen).count()
    };
    match role {
        "image" if provider.references == Some(false) && people() > 0 => {
            out.degraded.push(
                "it is not shown the reference sheets: people may look different in every shot"
                    .to_owned(),
            );
        }
        "voice" | "text" if !provider.languages.is_empty() => {
            let base = |l: &str| l.split(['-', '_']).next().unwrap_or(l).to_lowercase();
            let ours = base(&film.sheet.language);
            if !provider.languages.iter().any(|l| base(l) == ours) {
                let known = provider.languages.join(", ");
                out.blocked
                    .push(format!("the film is in `{ours}`, and it knows {known}"));
            }
        }
        "video" => {
            let shots = film.storyboard.iter().flat_map(|b| b.shots());
            let most = provider.most_seconds.unwrap_or(f64::INFINITY);
            let long: Vec<&str> = shots
                .filter(|(_, s)| s.seconds > most)
                .map(|(_, s)| s.name())
                .collect();
            if !long.is_empty() {
                out.degraded.push(format!(
                    "its clips last {most} s at most: the last frame of longer shots stands ({})",
                    long.join(", ")
                ));
            }
        }
        _ => {}
    }
    out
}

/// Lets a role go to its provider, if that can do what is asked, or if a person said yes to what it lacks:
/// now, or before.
///
/// # Errors
/// It cannot at all (exit 69), or somebody has to say yes first (7).
pub(super) fn judge(studio: &mut Studio, role: &str, yes: bool) -> Result<()> {
    let Some((name, provider)) = studio.remote(role) else {
        return Ok(());
    };
    let name = name.to_owned();
    let Lacks { blocked, degraded } = lacks(provider, role, &studio.run.film);
    if !blocked.is_empty() {
        let what = format!(
            "`{name}` cannot fill the role `{role}`: {}",
            blocked.join("; ")
        );
        return Err(Failure::new(Exit::Missing, what)
            .at("conf/providers.yaml", 0, 0)
            .hint("give the role to another provider; nothing was asked")
            .into());
    }
    let known = &studio.run.ledger.accepted;
    let new: Vec<String> = degraded
        .into_iter()
        .filter(|what| !known.contains(&(role.to_owned(), name.clone(), what.clone())))
        .collect();
    if new.is_empty() {
        return Ok(());
    }
    if !yes {
        let what = format!(
            "`{name}` would fill the role `{role}` with less: {}",
            new.join("; ")
        );
        return Err(Failure::new(Exit::Impossible, what)
            .hint(format!(
                "`greenlight run {} --accept-degraded` says yes to that, and is recorded; nothing was asked",
                studio.run.id()
            ))
            .into());
    }
    let by = studio.by.clone();
    studio.run.log(
        &by,
        vec![Op::Accepted {
            role: role.to_owned(),
            provider: name,
            lacks: new,
            by: by.clone(),
        }],
    )?;
    Ok(())
}
