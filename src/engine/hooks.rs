//! Tells others what happens: an address is posted to, a program started with the event on its
//! stdin. A hook that fails is reported and never stops the film.

use crate::config::{Hook, HookTarget};
use crate::media::cancel::Cancel;
use crate::media::process;
use crate::providers::webhook;
use serde_json::Value;
use std::process::{Command, Stdio};
use std::sync::Mutex;
use std::time::Duration;
use tokio::task::JoinHandle;

/// How long a hook's program may take.
const LIMIT: Duration = Duration::from_secs(60);

pub struct Hooks {
    hooks: Vec<Hook>,
    client: reqwest::Client,
    under_way: Mutex<Vec<JoinHandle<Result<(), String>>>>,
}

impl Hooks {
    pub fn new(hooks: Vec<Hook>) -> Hooks {
        Hooks {
            hooks,
            client: reqwest::Client::new(),
            under_way: Mutex::default(),
        }
    }

    /// Tells those who want to know; returns at once.
    pub fn notice(&self, run: &str, mut event: Value, line: u64) {
        let name = event["event"].as_str().unwrap_or_default().to_owned();
        event["run"] = run.into();
        event["at"] = crate::store::clock::now().to_string().into();
        event["journal"] = line.into();
        for hook in self.hooks.iter().filter(|h| h.on.contains(&name)) {
            let (hook, body, name) = (hook.clone(), event.to_string(), name.clone());
            let client = self.client.clone();
            let task = tokio::spawn(async move {
                let (to, result) = match hook.target {
                    HookTarget::Post { url, secret_env } => {
                        let secret = match &secret_env {
                            Some(variable) => match std::env::var(variable) {
                                Ok(secret) => Some(secret),
                                Err(_) => {
                                    return Err(format!(
                                        "hook for {name}: ${variable} is not set; nothing was sent"
                                    ));
                                }
                            },
                            None => None,
                        };
                        let result = webhook::post(&client, &url, secret.as_deref(), &body).await;
                        (host(&url), result)
                    }
                    HookTarget::Exec(words) => {
                        let program = words.first().cloned().unwrap_or_default();
                        let result = tokio::task::spawn_blocking(move || start(&words, &body))
                            .await
                            .unwrap_or_else(|e| Err(e.to_string()));
                        (program, result)
                    }
                };
                result.map_err(|why| format!("hook for {name} ({to}): {why}"))
            });
            if let Ok(mut under_way) = self.under_way.lock() {
                under_way.push(task);
            }
        }
    }

    /// Waits for all that is under way; returns what failed.
    pub async fn finish(&self) -> Vec<String> {
        let tasks = match self.under_way.lock() {
            Ok(mut tasks) => std::mem::take(&mut *tasks),
            Err(_) => return Vec::new(),
        };
        let mut failures = Vec::new();
        for task in tasks {
            match task.await {
                Ok(Ok(())) => {}
                Ok(Err(why)) => failures.push(why),
                Err(e) => failures.push(format!("a hook broke: {e}")),
            }
        }
        failures
    }
}

/// The part of an address that may be shown.
fn host(url: &str) -> String {
    url.split("://")
        .nth(1)
        .unwrap_or(url)
        .split(['/', '?', '#'])
        .next()
        .and_then(|h| h.rsplit('@').next())
        .unwrap_or("")
        .to_owned()
}

fn start(words: &[String], body: &str) -> Result<(), String> {
    let Some((program, args)) = words.split_first() else {
        return Err("no program is named".to_owned());
    };
    let mut command = Command::new(program);
    command
        .args(args)
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    match process::run(command, body.as_bytes(), &Cancel::default(), Some(LIMIT)) {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(format!("it ended with {status}")),
        Err(e) => Err(format!("{e:#}")),
    }
}
