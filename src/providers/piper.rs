//! Piper's own server: text in, a sound file out, whatever its label says.

use super::ask::{Answer, Ask, Fault, Outcome};
use super::http::{Client, FILE};
use crate::config::Provider;
use reqwest::Method;
use serde_json::json;
use std::time::Duration;

const USUAL: &str = "http://127.0.0.1:5000";

pub(super) async fn check(p: &Provider) -> Result<String, Fault> {
    let voices = Client::open(p, USUAL, Duration::from_secs(10))?
        .get("voices")
        .await?
        .json()?;
    let unknown = p.voices.values().find(|v| voices.get(v.as_str()).is_none());
    match unknown {
        Some(voice) => Err(Fault::Refused(format!("it has no voice `{voice}`"))),
        None => Ok(format!(
            "it answers and has {} voices",
            voices.as_object().map_or(0, |v| v.len())
        )),
    }
}

pub(super) async fn submit(p: &Provider, ask: &Ask, patience: Duration) -> Result<Answer, Fault> {
    let Ask::Speech {
        text, voice, tempo, ..
    } = ask
    else {
        return Err(Fault::Refused("piper only speaks".to_owned()));
    };
    let client = Client::open(p, USUAL, patience)?;
    let mut body = json!({"text": text, "length_scale": 1.0 / tempo});
    if !voice.is_empty() {
        // An unknown voice is spoken in the default one without a word: it is asked for first.
        let known = client.get("voices").await?.json()?;
        if known.get(voice).is_none() {
            return Err(Fault::Refused(format!("it has no voice `{voice}`")));
        }
        body["voice"] = json!(voice);
    }
    let request = client
        .request(Method::POST, "synthesize")?
        .header("content-type", "application/json")
        .body(body.to_string());
    let reply = client.send(request, FILE).await?;
    if !reply.bytes.starts_with(b"RIFF") {
        return Err(Fault::Broken {
            said: "no sound in it".to_owned(),
            raw: reply.bytes,
        });
    }
    Ok(Answer::Done(Outcome {
        bytes: reply.bytes,
        ..Outcome::default()
    }))
}
