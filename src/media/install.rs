//! Getting what is missing: the system's package manager where it may be used, else a download of
//! FFmpeg into the user's data folder. Always says what it does and where the result comes from.

use super::tools;
use crate::diagnostic::{Exit, Failure};
use anyhow::Result;
use std::path::Path;
use std::process::{Command, Stdio};

/// A program that can be had.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Program {
    Ffmpeg,
    Espeak,
}

impl Program {
    pub fn name(self) -> &'static str {
        match self {
            Program::Ffmpeg => "ffmpeg",
            Program::Espeak => "espeak-ng",
        }
    }
}

/// A way to install packages on this machine.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Manager {
    words: Vec<String>,
    update: Option<Vec<String>>,
    winget: bool,
}

fn manager() -> Option<Manager> {
    let words = |list: &[&str]| list.iter().map(|w| (*w).to_owned()).collect::<Vec<_>>();
    if cfg!(target_os = "macos") {
        return tools::find("brew").map(|p| Manager {
            words: vec![p.display().to_string(), "install".into()],
            update: None,
            winget: false,
        });
    }
    if cfg!(windows) {
        return tools::find("winget").map(|p| Manager {
            words: vec![
                p.display().to_string(),
                "install".into(),
                "--accept-source-agreements".into(),
                "--accept-package-agreements".into(),
            ],
            update: None,
            winget: true,
        });
    }
    let prefix = if is_root() {
        Vec::new()
    } else if tools::find("sudo")
        .is_some_and(|sudo| tools::answer(&sudo, &["-n", "true"]).is_some())
    {
        words(&["sudo", "-n"])
    } else {
        return None;
    };
    let with = |list: &[&str]| {
        prefix
            .iter()
            .cloned()
            .chain(words(list))
            .collect::<Vec<_>>()
    };
    if tools::find("apt-get").is_some() {
        return Some(Manager {
            words: with(&[
                "env",
                "DEBIAN_FRONTEND=noninteractive",
                "apt-get",
                "install",
                "-y",
                "--no-install-recommends",
            ]),
            update: Some(with(&["apt-get", "update"])),
            winget: false,
        });
    }
    for (name, args) in [
        ("dnf", &["dnf", "install", "-y"][..]),
        ("pacman", &["pacman", "-S", "--noconfirm"]),
        ("apk", &["apk", "add"]),
        ("zypper", &["zypper", "install", "-y"]),
    ] {
        if tools::find(name).is_some() {
            return Some(Manager {
                words: with(args),
                update: None,
                winget: false,
            });
        }
    }
    None
}

fn is_root() -> bool {
    tools::find("id")
        .and_then(|id| tools::answer(&id, &["-u"]))
        .is_some_and(|uid| uid.trim() == "0")
}

/// How a person would install it by hand.
pub fn by_hand(program: Program) -> String {
    match (manager(), program) {
        (Some(m), _) => format!("{} {}", m.words.join(" "), program.name()),
        (None, Program::Ffmpeg) => "install FFmpeg with your system's package manager".to_owned(),
        (None, Program::Espeak) => {
            "install espeak-ng with your system's package manager".to_owned()
        }
    }
}

/// Installs a program; `say` hears every step.
pub fn install(program: Program, say: &dyn Fn(&str)) -> Result<()> {
    if let Some(manager) = manager() {
        let package = if manager.winget && program == Program::Ffmpeg {
            "Gyan.FFmpeg"
        } else {
            program.name()
        };
        let mut command = manager.words.clone();
        command.push(package.to_owned());
        say(&format!(
            "installing {}: {}",
            program.name(),
            command.join(" ")
        ));
        if execute(&command) && found(program) {
            return Ok(());
        }
        if let Some(update) = &manager.update {
            say(&format!(
                "refreshing the package lists: {}",
                update.join(" ")
            ));
            execute(update);
            if execute(&command) && found(program) {
                return Ok(());
            }
        }
        say(&format!(
            "the package manager could not install {}",
            program.name()
        ));
    }
    if program == Program::Ffmpeg && download(say)? {
        return Ok(());
    }
    Err(Failure::new(
        Exit::Missing,
        format!("{} could not be installed", program.name()),
    )
    .hint(by_hand(program))
    .into())
}

fn found(program: Program) -> bool {
    tools::find(program.name()).is_some()
}

fn execute(command: &[String]) -> bool {
    let Some((program, args)) = command.split_first() else {
        return false;
    };
    let mut command = Command::new(program);
    crate::secret::hide(&mut command);
    command
        .args(args)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|s| s.success())
}

/// Downloads a static build into the data folder; false where this build cannot.
#[cfg(feature = "ffmpeg-download")]
fn download(say: &dyn Fn(&str)) -> Result<bool> {
    use anyhow::Context;
    let Some(folder) = crate::config::data_folder().map(|d| d.join("ffmpeg")) else {
        return Ok(false);
    };
    let url = ffmpeg_sidecar::download::ffmpeg_download_url()?;
    say(&format!(
        "downloading FFmpeg (a GPL build) from {url} into {}",
        folder.display()
    ));
    crate::store::disk::make_folder(&folder)?;
    let fetch = || -> Result<()> {
        let archive = ffmpeg_sidecar::download::download_ffmpeg_package(url, &folder)?;
        ffmpeg_sidecar::download::unpack_ffmpeg(&archive, &folder)?;
        Ok(())
    };
    match fetch() {
        Ok(()) => {
            let path = folder.join(if cfg!(windows) {
                "ffmpeg.exe"
            } else {
                "ffmpeg"
            });
            let version = tools::answer(&path, &["-version"])
                .context("the downloaded FFmpeg does not run")?;
            say(version.lines().next().unwrap_or("FFmpeg"));
            Ok(true)
        }
        Err(why) => {
            say(&format!("the download failed: {why:#}"));
            Ok(false)
        }
    }
}

#[cfg(not(feature = "ffmpeg-download"))]
fn download(_say: &dyn Fn(&str)) -> Result<bool> {
    Ok(false)
}

/// Whether a path can be run at all.
pub fn runs(path: &Path) -> bool {
    tools::answer(path, &["-version"]).is_some()
}
