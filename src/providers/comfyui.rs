//! ComfyUI: a workflow of the user's, its inputs bound by name; asked again after a crash by our own id.

use super::ask::{Answer, Ask, Fault, Outcome, Shown, Standing};
use super::http::{Client, JSON};
use crate::config::Provider;
use reqwest::Method;
use reqwest::multipart::{Form, Part};
use serde_json::{Value, json};
use std::path::Path;
use std::time::Duration;

const USUAL: &str = "http://127.0.0.1:8188";

fn open(p: &Provider) -> Result<Client, Fault> {
    Client::open(p, USUAL, Duration::from_secs(120))
}

/// Our task's name as the UUID that ComfyUI wants.
fn uuid(id: &str) -> String {
    let hex = blake3::hash(id.as_bytes()).to_hex();
    let h = &hex[..32];
    format!(
        "{}-{}-4{}-a{}-{}",
        &h[..8],
        &h[8..12],
        &h[13..16],
        &h[17..20],
        &h[20..32]
    )
}

/// The workflow with its inputs set; nothing in it is replaced by text.
fn bound(p: &Provider, workspace: &Path, values: &[(&str, Value)]) -> Result<Value, Fault> {
    let refused = |said: String| Fault::Refused(said);
    let file = workspace.join(p.workflow.as_deref().unwrap_or_default());
    let text = std::fs::read(&file).map_err(|e| refused(format!("{}: {e}", file.display())))?;
    let mut flow: Value =
        serde_json::from_slice(&text).map_err(|e| refused(format!("{}: {e}", file.display())))?;
    for (name, place) in &p.bind {
        let Some((_, value)) = values.iter().find(|(n, _)| n == name) else {
            continue;
        };
        let slot = place
            .split_once('.')
            .and_then(|(node, input)| flow.get_mut(node)?.get_mut("inputs")?.get_mut(input));
        match slot {
            Some(slot) => *slot = value.clone(),
            None => {
                return Err(refused(format!(
                    "bind.{name}: the workflow has no `{place}`"
                )));
            }
        }
    }
    Ok(flow)
}

/// Whether it answers, the workflow has all that is bound, and the server has the workflow's nodes and
/// what they choose from: its checkpoints, samplers and the like.
pub(super) async fn check(p: &Provider, workspace: &Path) -> Result<String, Fault> {
    let nothing: Vec<(&str, Value)> = p.bind.keys().map(|k| (k.as_str(), Value::Null)).collect();
    let flow = bound(p, workspace, &nothing)?;
    let client = open(p)?;
    client.get("queue").await?.json()?;
    if let Some(output) = p.output.as_deref().filter(|o| flow.get(*o).is_none()) {
        return Err(Fault::Refused(format!(
            "output: the workflow has no node `{output}`"
        )));
    }
    for (id, node) in flow.as_object().into_iter().flatten() {
        let class = node["class_type"].as_str().ok_or_else(|| {
            Fault::Refused(format!(
                "node {id} has no class_type: save the workflow in API format"
            ))
        })?;
        let place = url::form_urlencoded::byte_serialize(class.as_bytes()).collect::<String>();
        let place = format!("object_info/{}", place.replace('+', "%20"));
        let known = client.get(&place).await?.json()?;
        let Some(known) = known.get(class) else {
            return Err(Fault::Refused(format!(
                "node {id}: the server has no `{class}`"
            )));
        };
        for (input, value) in node["inputs"].as_object().into_iter().flatten() {
            let choices = choices(known, input);
            let Some(value) = value.as_str().filter(|_| !choices.is_empty()) else {
                continue;
            };
            if !choices.contains(&value) {
                return Err(Fault::Refused(format!(
                    "node {id} ({class}): the server has no {input} `{value}`; it has {}",
                    some_of(&choices)
                )));
            }
        }
    }
    Ok("it answers, and knows the workflow's nodes, models and all that is bound".to_owned())
}

/// What an input of a node can be chosen from; nothing where it is free. Files that are uploaded with
/// each request are no choice.
fn choices<'a>(node: &'a Value, input: &str) -> Vec<&'a str> {
    let spec = ["required", "optional"]
        .iter()
        .find_map(|part| node["input"][*part].get(input));
    let Some(spec) = spec else { return Vec::new() };
    let more = &spec[1];
    let uploaded = [
        "image_upload",
        "audio_upload",
        "video_upload",
        "file_upload",
    ]
    .iter()
    .any(|kind| more[*kind] == true);
    let list = spec[0].as_array().or_else(|| more["options"].as_array());
    match list {
        Some(list) if !uploaded => list.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    }
}

/// The first few of a list, in words.
fn some_of(list: &[&str]) -> String {
    let shown = list.iter().take(5).copied().collect::<Vec<_>>().join(", ");
    match list.len() {
        0..=5 => shown,
        more => format!("{shown} and {} more", more - 5),
    }
}

async fn upload(client: &Client, picture: &Shown, id: &str) -> Result<String, Fault> {
    let part = Part::bytes(picture.bytes.as_ref().clone())
        .file_name(format!("{id}-{}.png", picture.name))
        .mime_str("image/png")
        .map_err(|e| Fault::Refused(e.to_string()))?;
    let form = Form::new()
        .part("image", part)
        .text("type", "input")
        .text("overwrite", "true");
    let request = client
        .request(Method::POST, "upload/image")?
        .multipart(form);
    let answer = client.send(request, JSON).await?.json()?;
    let name = answer["name"].as_str().unwrap_or_default();
    Ok(match answer["subfolder"].as_str() {
        Some(folder) if !folder.is_empty() => format!("{folder}/{name}"),
        _ => name.to_owned(),
    })
}

pub(super) async fn submit(
    p: &Provider,
    ask: &Ask,
    id: &str,
    workspace: &Path,
) -> Result<Answer, Fault> {
    let client = open(p)?;
    let mut values: Vec<(&str, Value)> = Vec::new();
    match ask {
        Ask::Picture {
            prompt,
            negative,
            width,
            height,
            seed,
            guide,
            references,
        } => {
            values.extend([
                ("prompt", json!(prompt)),
                ("negative", json!(negative)),
                ("width", json!(width)),
                ("height", json!(height)),
                ("seed", json!(seed % (1 << 53))),
            ]);
            if let (Some(guide), true) = (guide, p.bind.contains_key("image")) {
                values.push(("image", json!(upload(&client, guide, id).await?)));
            }
            if let (Some(first), true) = (references.first(), p.bind.contains_key("reference")) {
                values.push(("reference", json!(upload(&client, first, id).await?)));
            }
        }
        Ask::Clip {
            prompt,
            negative,
            picture,
            seconds,
            width,
            height,
            seed,
        } => {
            values.extend([
                ("prompt", json!(prompt)),
                ("negative", json!(negative)),
                ("width", json!(width)),
                ("height", json!(height)),
                ("seconds", json!(seconds)),
                ("frames", json!((seconds * 16.0).round() as u64 + 1)),
                ("seed", json!(seed % (1 << 53))),
            ]);
            values.push(("image", json!(upload(&client, picture, id).await?)));
        }
        Ask::Inpaint {
            prompt,
            negative,
            picture,
            mask,
            width,
            height,
            seed,
        } => {
            values.extend([
                ("prompt", json!(prompt)),
                ("negative", json!(negative)),
                ("width", json!(width)),
                ("height", json!(height)),
                ("seed", json!(seed % (1 << 53))),
            ]);
            values.push(("image", json!(upload(&client, picture, id).await?)));
            values.push(("mask", json!(upload(&client, mask, id).await?)));
        }
        Ask::Music {
            prompt,
            seconds,
            seed,
        } => values.extend([
            ("prompt", json!(prompt)),
            ("seconds", json!(seconds)),
            ("seed", json!(seed % (1 << 53))),
        ]),
        other => return Err(Fault::Refused(format!("ComfyUI has no `{}`", other.role()))),
    }
    let flow = bound(p, workspace, &values)?;
    let body = json!({"prompt": flow, "client_id": uuid("greenlight"), "prompt_id": uuid(id)});
    let answer = client.post("prompt", &body).await?.json()?;
    // An older server makes up a name of its own; it goes into an address.
    let named = answer["prompt_id"].as_str().filter(|job| {
        !job.is_empty()
            && job.len() < 200
            && job
                .chars()
                .all(|c| c.is_ascii_alphanumeric() || "-_".contains(c))
    });
    Ok(Answer::job(named.map_or_else(|| uuid(id), str::to_owned)))
}

pub(super) async fn look(p: &Provider, job: &str) -> Result<Standing, Fault> {
    let client = open(p)?;
    // What is sent once more has the name of what failed, which its history may still have.
    // A page of whoever stands in between says nothing of the job.
    let asked = |reply: super::http::Reply| {
        reply.json().map_err(|f| Fault::Later {
            said: f.said(),
            after: None,
        })
    };
    let queue = asked(client.get("queue").await?)?;
    let waits = ["queue_running", "queue_pending"].iter().any(|list| {
        queue[*list]
            .as_array()
            .is_some_and(|l| l.iter().any(|item| item[1] == json!(job)))
    });
    if waits {
        return Ok(Standing::Working("queued".to_owned()));
    }
    let history = asked(client.get(&format!("history/{job}")).await?)?;
    let Some(entry) = history.get(job) else {
        return Err(Fault::Lost("neither queued nor in its history".to_owned()));
    };
    if entry["status"]["status_str"] == "error" {
        return Err(Fault::failed(
            client.scrub(&why(&entry["status"]["messages"])),
        ));
    }
    // What is kept of the node that is named, or of any: a preview is no result.
    let nodes = entry["outputs"].as_object().into_iter().flatten();
    let file = nodes
        .filter(|(id, _)| p.output.as_ref().is_none_or(|o| o == *id))
        .flat_map(|(_, node)| {
            ["images", "gifs", "videos", "video", "audio"].map(|kind| &node[kind])
        })
        .filter_map(Value::as_array)
        .flatten()
        .find(|f| f["type"] != "temp" && f["filename"].is_string());
    let Some(file) = file else {
        return match entry["status"]["completed"].as_bool() {
            Some(true) => Err(Fault::Broken {
                said: "no file of its output node".to_owned(),
                raw: entry["outputs"].to_string().into_bytes(),
            }),
            _ => Ok(Standing::Working("running".to_owned())),
        };
    };
    let part = |name: &str| file[name].as_str().unwrap_or_default().to_owned();
    let query = url::form_urlencoded::Serializer::new(String::new())
        .append_pair("filename", &part("filename"))
        .append_pair("subfolder", &part("subfolder"))
        .append_pair("type", "output")
        .finish();
    let bytes = client.fetch(&format!("view?{query}"), "").await?;
    Ok(Standing::Done(Outcome {
        bytes,
        answer: json!({"id": job, "file": file}),
        ..Outcome::default()
    }))
}

/// Why a job failed, out of what the server told of it.
fn why(messages: &Value) -> String {
    let told = |name: &str| {
        let list = messages.as_array()?;
        list.iter().rfind(|m| m[0] == name).map(|m| &m[1])
    };
    let said = match (told("execution_error"), told("execution_interrupted")) {
        (Some(error), _) => {
            let part = |name: &str| error[name].as_str().unwrap_or_default();
            format!(
                "node {} ({}): {}",
                part("node_id"),
                part("node_type"),
                part("exception_message").trim()
            )
        }
        (None, Some(_)) => "it was interrupted at the server".to_owned(),
        (None, None) => messages.to_string(),
    };
    said.chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect()
}

/// Whether it was taken. Only newer servers can; an older one may stop somebody else's work, so nothing
/// more is tried.
pub(super) async fn cancel(p: &Provider, job: &str) -> bool {
    let Ok(client) = open(p) else { return false };
    match client.request(Method::POST, &format!("api/jobs/{job}/cancel")) {
        Ok(request) => match client.send(request, JSON).await {
            Ok(reply) => reply.json().is_ok_and(|a| a["cancelled"] != false),
            Err(_) => false,
        },
        Err(_) => false,
    }
}

/// The job of a task, if the server may know it. One that failed there or that it knows nothing of is asked
/// anew; so it is where no server answers, for its jobs end with it.
pub(super) async fn find(p: &Provider, id: &str) -> Option<String> {
    let job = uuid(id);
    match look(p, &job).await {
        Err(Fault::Lost(_) | Fault::Failed { .. } | Fault::NotSent(_) | Fault::Refused(_)) => None,
        _ => Some(job),
    }
}
