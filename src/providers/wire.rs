//! The protocols behind one door: ask, look after a job, cancel it.

use super::ask::{Answer, Ask, Fault, Standing};
use super::{comfyui, command, jobs, openai, piper};
use crate::config::Provider;
use crate::media::cancel::Cancel;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

/// A provider, ready to be asked.
pub struct Wire {
    pub name: String,
    provider: Provider,
    workspace: PathBuf,
}

impl Wire {
    pub fn new(name: &str, provider: &Provider, workspace: &Path) -> Wire {
        Wire {
            name: name.to_owned(),
            provider: provider.clone(),
            workspace: workspace.to_owned(),
        }
    }

    /// Whether it can fill a role at all.
    pub fn fills(kind: &str, role: &str) -> bool {
        match kind {
            "openai" => matches!(
                role,
                "text" | "own" | "image" | "inpaint" | "voice" | "moderation"
            ),
            "replicate" | "runpod" | "comfyui" => {
                matches!(role, "image" | "inpaint" | "video" | "music")
            }
            "piper" => role == "voice",
            "command" => true,
            _ => false,
        }
    }

    /// How long one request may take.
    pub fn patience(&self, ask: &Ask) -> Duration {
        let local = self.provider.is_local();
        let usual = match ask {
            Ask::Verdict { .. } => 60,
            Ask::Speech { .. } => 180,
            Ask::Clip { .. } | Ask::Music { .. } => 3600,
            _ if local => 3600,
            _ => 600,
        };
        Duration::from_secs(self.provider.limit("timeout_s").unwrap_or(usual))
    }

    /// The model a role is given to.
    pub(super) fn model(provider: &Provider, role: &str) -> Result<String, Fault> {
        let model = provider
            .models
            .get(role)
            .or_else(|| provider.models.get("all"));
        model.cloned().ok_or_else(|| {
            Fault::Refused(format!(
                "no model is set for `{role}`: `models: {{ {role}: … }}`"
            ))
        })
    }

    /// Sends one request. `id` names the task, where a protocol lets us name it.
    ///
    /// # Errors
    /// Every failure by its kind; only some may be sent again.
    pub async fn submit(
        &self,
        ask: &Ask,
        id: &str,
        folder: &Path,
        cancel: &Cancel,
    ) -> Result<Answer, Fault> {
        let patience = self.patience(ask);
        let p = &self.provider;
        let work = async {
            match p.kind.as_str() {
                "openai" => openai::submit(p, ask, patience).await,
                "replicate" | "runpod" => jobs::submit(p, ask, patience).await,
                "comfyui" => comfyui::submit(p, ask, id, &self.workspace).await,
                "piper" => piper::submit(p, ask, patience).await,
                "command" => {
                    command::submit(p, ask, folder, &self.workspace, patience, cancel).await
                }
                other => Err(Fault::Refused(format!(
                    "nothing is asked of a provider of kind {other}"
                ))),
            }
        };
        unless(cancel, work).await
    }

    /// Asks how a job stands.
    pub async fn look(&self, job: &str, ask: &Ask, cancel: &Cancel) -> Result<Standing, Fault> {
        let p = &self.provider;
        let work = async {
            match p.kind.as_str() {
                "replicate" | "runpod" => jobs::look(p, job, ask).await,
                "comfyui" => comfyui::look(p, job).await,
                "openai" => openai::look(p, job).await,
                _ => Err(Fault::Lost("it keeps no jobs".to_owned())),
            }
        };
        unless(cancel, work).await
    }

    /// Asks whether it is there, takes the key and knows its models; nothing of this is paid.
    ///
    /// # Errors
    /// What is wrong, in words.
    pub async fn check(&self) -> Result<String, Fault> {
        let p = &self.provider;
        match p.kind.as_str() {
            "openai" => openai::check(p).await,
            "replicate" | "runpod" => jobs::check(p).await,
            "comfyui" => comfyui::check(p, &self.workspace).await,
            "piper" => piper::check(p).await,
            "command" => {
                let program = p.run.first().map(String::as_str).unwrap_or_default();
                let there = self.workspace.join(program).is_file()
                    || crate::media::tools::find(program).is_some();
                match there {
                    true => Ok(format!("a program of yours: {}", p.run.join(" "))),
                    false => Err(Fault::NotSent(format!("there is no program `{program}`"))),
                }
            }
            _ => Ok("the offline house: no network, no key".to_owned()),
        }
    }

    /// Cancels a job; whether the provider took it. It may have finished all the same.
    pub async fn cancel(&self, job: &str) -> bool {
        let p = &self.provider;
        let asked = async {
            match p.kind.as_str() {
                "replicate" | "runpod" => jobs::cancel(p, job).await,
                "comfyui" => comfyui::cancel(p, job).await,
                _ => false,
            }
        };
        // Whoever cancels does not wait for a provider that hangs.
        tokio::time::timeout(Duration::from_secs(5), asked)
            .await
            .unwrap_or(false)
    }

    /// Looks for a job whose id was lost: by our own name for it, or by what was asked, sent at that time.
    ///
    /// # Errors
    /// Where nobody could be asked: it may be there all the same.
    pub async fn find(
        &self,
        ask: &Ask,
        id: &str,
        sent: (SystemTime, SystemTime),
    ) -> Result<Vec<String>, Fault> {
        match self.provider.kind.as_str() {
            "replicate" => jobs::find(&self.provider, ask, sent).await,
            "comfyui" => Ok(comfyui::find(&self.provider, id)
                .await
                .into_iter()
                .collect()),
            _ => Ok(Vec::new()),
        }
    }
}

/// Does the work unless somebody stops it: dropping a connection stops what it waits for.
async fn unless<T>(
    cancel: &Cancel,
    work: impl Future<Output = Result<T, Fault>>,
) -> Result<T, Fault> {
    let stopped = async {
        while !cancel.is_stopped() {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    };
    tokio::select! {
        done = work => done,
        () = stopped => Err(Fault::Stopped),
    }
}
