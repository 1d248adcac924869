//! Any program as a provider: what is asked comes as JSON on its stdin, what it made is the file it was
//! told to write. It sees no key that is not its own.

use super::ask::{Answer, Ask, Fault, Outcome, Shown};
use crate::config::Provider;
use crate::media::cancel::Cancel;
use crate::media::process;
use crate::store::disk;
use serde_json::{Value, json};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

pub(super) async fn submit(
    p: &Provider,
    ask: &Ask,
    folder: &Path,
    workspace: &Path,
    patience: Duration,
    cancel: &Cancel,
) -> Result<Answer, Fault> {
    let not_sent = |e: anyhow::Error| Fault::NotSent(format!("{e:#}"));
    let extension = match ask {
        Ask::Text { .. } | Ask::Verdict { .. } => "txt",
        Ask::Picture { .. } | Ask::Inpaint { .. } => "png",
        Ask::Speech { .. } | Ask::Music { .. } => "wav",
        Ask::Clip { .. } => "mp4",
    };
    // What stands in the folder already is not taken for its work.
    let out = folder.join(format!("out.{extension}"));
    disk::remove(&out);
    let mut request = ask.describe();
    let show = |shown: &Shown| -> Result<Value, Fault> {
        let path = folder.join(format!("{}.png", shown.name));
        disk::write_scratch(&path, &shown.bytes).map_err(not_sent)?;
        Ok(json!(path))
    };
    match ask {
        Ask::Picture {
            guide, references, ..
        } => {
            request["guide"] = guide.as_ref().map(show).transpose()?.into();
            let paths: Vec<Value> = references.iter().map(show).collect::<Result<_, _>>()?;
            request["references"] = json!(paths);
        }
        Ask::Inpaint { picture, mask, .. } => {
            request["image"] = show(picture)?;
            request["mask"] = show(mask)?;
        }
        Ask::Clip { picture, .. } => request["image"] = show(picture)?,
        Ask::Text {
            schema: Some((_, schema)),
            ..
        } => request["schema"] = schema.clone(),
        _ => {}
    }
    request["out"] = json!(out);
    request["model"] = json!(p.models.get(ask.role()));
    let log = folder.join("log.txt");
    #[expect(clippy::disallowed_methods, reason = "the program writes its own log")]
    let file = std::fs::File::create(&log).map_err(|e| Fault::NotSent(e.to_string()))?;
    let [program, args @ ..] = p.run.as_slice() else {
        return Err(Fault::Refused("no program is named".to_owned()));
    };
    // It runs in its task's folder; what the configuration names lies in the workspace.
    let there = |name: &String| {
        let path = workspace.join(name);
        match name.contains('/') && path.is_file() {
            true => path.into_os_string(),
            false => name.into(),
        }
    };
    let mut command = Command::new(there(program));
    command
        .args(args.iter().map(there))
        .stdout(Stdio::null())
        .stderr(file)
        .current_dir(folder);
    let cancel = cancel.clone();
    let input = request.to_string().into_bytes();
    let ended =
        tokio::task::spawn_blocking(move || process::run(command, &input, &cancel, Some(patience)))
            .await
            .map_err(|e| Fault::NotSent(e.to_string()))?;
    let said = || {
        let text = std::fs::read(&log).unwrap_or_default();
        let text = String::from_utf8_lossy(&text).into_owned();
        let last = text
            .lines()
            .rev()
            .find(|l| !l.trim().is_empty())
            .unwrap_or_default();
        last.chars()
            .filter(|c| !c.is_control())
            .take(300)
            .collect::<String>()
    };
    let status = match ended {
        Ok(status) => status,
        Err(e) if e.downcast_ref::<crate::diagnostic::Stopped>().is_some() => {
            return Err(Fault::Stopped);
        }
        Err(e) => return Err(Fault::failed(format!("{e:#}"))),
    };
    if !status.success() {
        return Err(Fault::failed(format!("it ended with {status}: {}", said())));
    }
    let bytes = disk::read(&out).map_err(|_| Fault::Broken {
        said: format!("it wrote no {} {}", out.display(), said()),
        raw: Vec::new(),
    })?;
    match bytes.is_empty() {
        true => Err(Fault::Broken {
            said: "it wrote an empty file".to_owned(),
            raw: Vec::new(),
        }),
        false => Ok(Answer::Done(Outcome {
            bytes,
            ..Outcome::default()
        })),
    }
}
