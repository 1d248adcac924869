//! Replicate and RunPod: a job is sent, looked after, and its result fetched. What a model calls its
//! inputs stands in the configuration.

use super::ask::{Answer, Ask, Fault, Outcome, Shown, Standing};
use super::http::{Client, data};
use super::wire::Wire;
use crate::config::Provider;
use crate::plan::money::Money;
use crate::plan::price::Measure;
use reqwest::Method;
use reqwest::multipart::{Form, Part};
use serde_json::{Map, Value, json};
use std::time::{Duration, SystemTime};

const REPLICATE: &str = "https://api.replicate.com/v1";

/// How long an answer may take: a job's work is waited for otherwise.
const PATIENCE: Duration = Duration::from_secs(120);

fn open(p: &Provider) -> Result<Client, Fault> {
    Client::open(p, REPLICATE, PATIENCE)
}

/// What we ask by our own names; pictures come after, for they may have to be uploaded.
fn fields(ask: &Ask) -> (Map<String, Value>, Vec<(&'static str, &Shown)>) {
    let mut out = Map::new();
    let mut shown = Vec::new();
    let mut put = |name: &str, value: Value| {
        out.insert(name.to_owned(), value);
    };
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
            put("prompt", json!(prompt));
            put("negative_prompt", json!(negative));
            put("width", json!(width));
            put("height", json!(height));
            put("seed", json!(seed % 4_294_967_295));
            shown.extend(guide.iter().map(|g| ("image", g)));
            shown.extend(references.iter().map(|r| ("reference", r)));
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
            put("prompt", json!(prompt));
            put("negative_prompt", json!(negative));
            put("seconds", json!(seconds));
            put("width", json!(width));
            put("height", json!(height));
            put("seed", json!(seed % 4_294_967_295));
            shown.push(("image", picture));
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
            put("prompt", json!(prompt));
            put("negative_prompt", json!(negative));
            put("width", json!(width));
            put("height", json!(height));
            put("seed", json!(seed % 4_294_967_295));
            shown.push(("image", picture));
            shown.push(("mask", mask));
        }
        Ask::Music {
            prompt,
            seconds,
            seed,
        } => {
            put("prompt", json!(prompt));
            put("seconds", json!(seconds));
            put("seed", json!(seed % 4_294_967_295));
        }
        _ => {}
    }
    (out, shown)
}

/// The model's inputs: what is mapped in the configuration, else the prompt alone; then what is fixed.
async fn inputs(p: &Provider, client: &Client, ask: &Ask) -> Result<Value, Fault> {
    let (ours, shown) = fields(ask);
    let named = |ours: &str| match p.input.is_empty() {
        true => (ours == "prompt" || ours == "image").then(|| ours.to_owned()),
        false => p.input.get(ours).cloned(),
    };
    let mut out = Map::new();
    for (name, value) in ours {
        if let Some(theirs) = named(&name) {
            out.insert(theirs, value);
        }
    }
    for (name, picture) in shown {
        let Some(theirs) = named(name) else { continue };
        let value = match p.kind == "replicate" && picture.bytes.len() > 256 * 1024 {
            true => json!(upload(client, picture).await?),
            false => json!(data(&picture.bytes)),
        };
        // Several references are a list; one picture stands alone.
        match (name, out.get_mut(&theirs)) {
            ("reference", Some(Value::Array(list))) => list.push(value),
            ("reference", _) => {
                out.insert(theirs, json!([value]));
            }
            _ => {
                out.insert(theirs, value);
            }
        }
    }
    for (name, value) in &p.fixed {
        out.insert(name.clone(), value.clone());
    }
    Ok(Value::Object(out))
}

async fn upload(client: &Client, picture: &Shown) -> Result<String, Fault> {
    let part = Part::bytes(picture.bytes.as_ref().clone())
        .file_name(format!("{}.png", picture.name))
        .mime_str("image/png")
        .map_err(|e| Fault::Refused(e.to_string()))?;
    let form = Form::new().part("content", part);
    let request = client.request(Method::POST, "files")?.multipart(form);
    // A file sent twice costs nothing: what is unknown here was not submitted yet.
    let answer = client
        .send(request, super::http::JSON)
        .await
        .and_then(|reply| reply.json())
        .map_err(|f| match f {
            Fault::Unknown(said) | Fault::Broken { said, .. } => {
                Fault::NotSent(format!("the upload: {said}"))
            }
            other => other,
        })?;
    let url = answer["urls"]["get"].as_str().map(str::to_owned);
    url.ok_or(Fault::NotSent("the upload has no address".to_owned()))
}

pub(super) async fn submit(p: &Provider, ask: &Ask, patience: Duration) -> Result<Answer, Fault> {
    let client = Client::open(p, REPLICATE, patience.min(PATIENCE))?;
    let input = inputs(p, &client, ask).await?;
    let reply = if p.kind == "replicate" {
        let model = Wire::model(p, ask.role())?;
        let body = json!({"version": model, "input": input});
        let minutes = patience.as_secs().div_ceil(60);
        let request = client
            .request(Method::POST, "predictions")?
            .header("content-type", "application/json")
            .header("cancel-after", format!("{minutes}m"))
            .body(body.to_string());
        client.send(request, super::http::JSON).await?
    } else {
        let ms = patience.as_millis() as u64;
        let body = json!({"input": input, "policy": {"executionTimeout": ms, "ttl": ms + 600_000}});
        client.post("run", &body).await?
    };
    let answer = reply.json()?;
    match answer["id"].as_str() {
        Some(id) if !id.is_empty() && id.len() < 200 && !client.is_key(id) => {
            Ok(Answer::job(id.to_owned()))
        }
        _ => Err(Fault::Broken {
            said: "it named no job".to_owned(),
            raw: reply.bytes,
        }),
    }
}

/// Whether it answers, takes the key, and knows the models.
pub(super) async fn check(p: &Provider) -> Result<String, Fault> {
    let client = open(p)?;
    if p.kind == "runpod" {
        client.get("health").await?.json()?;
        return Ok("its workers answer".to_owned());
    }
    for model in p.models.values() {
        let name = model.split(':').next().unwrap_or(model);
        let plain = name
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || "-_./".contains(c))
            && !name.contains("..");
        if name.contains('/') && plain {
            client.get(&format!("models/{name}")).await?;
        }
    }
    Ok(format!("it answers and knows {} models", p.models.len()))
}

fn path(p: &Provider, job: &str) -> Result<String, Fault> {
    // It goes into an address.
    let plain = job
        .chars()
        .all(|c| c.is_ascii_alphanumeric() || "-_".contains(c));
    if !plain {
        return Err(Fault::Lost(format!(
            "`{}` is no name of a job",
            job.escape_default()
        )));
    }
    Ok(match p.kind.as_str() {
        "replicate" => format!("predictions/{job}"),
        _ => format!("status/{job}"),
    })
}

pub(super) async fn look(p: &Provider, job: &str, ask: &Ask) -> Result<Standing, Fault> {
    let client = open(p)?;
    let status = path(p, job)?;
    let answer = match client.get(&status).await {
        // A worker that is tried out on one's own machine wants to be posted to.
        Err(Fault::Refused(said)) if p.kind == "runpod" && said.starts_with("405") => {
            client.post(&status, &json!({})).await
        }
        other => other,
    };
    let answer = match answer {
        // A page of whoever stands in between says nothing of the job.
        Ok(reply) => reply.json().map_err(|f| Fault::Later {
            said: f.said(),
            after: None,
        })?,
        // A job nobody knows any more is lost; other trouble is the poll's, not the job's.
        Err(Fault::Refused(said)) if said.starts_with("404") => return Err(Fault::Lost(said)),
        Err(fault) => return Err(fault),
    };
    let state = answer["status"].as_str().unwrap_or_default().to_lowercase();
    let why = || {
        let error = &answer["error"];
        let text = error
            .as_str()
            .map_or_else(|| error.to_string(), str::to_owned);
        client.scrub(&text)
    };
    let seconds = answer["metrics"]["predict_time"].as_f64();
    let worker = answer["executionTime"].as_f64().map(|ms| ms / 1000.0);
    // A time that no job takes is none.
    let told = seconds.or(worker).filter(|s| (0.0..=604_800.0).contains(s));
    let used = told.map(|gpu_seconds| Measure {
        gpu_seconds,
        ..ask.measure()
    });
    match state.as_str() {
        "succeeded" | "completed" => {}
        // So RunPod's trial server calls one it has forgotten: what it took, nobody knows.
        "failed" if p.kind == "runpod" && worker.is_none() && why() == "Job ID not found" => {
            return Err(Fault::Lost(why()));
        }
        "failed" | "canceled" | "cancelled" | "aborted" | "timed_out" => {
            return Err(Fault::Failed {
                said: format!("{state}: {}", why()),
                // Of a failure only the time is paid.
                used: used.map(|u| Measure {
                    gpu_seconds: u.gpu_seconds,
                    ..Measure::default()
                }),
            });
        }
        other => return Ok(Standing::Working(other.to_owned())),
    }
    let output = at(&answer["output"], p.output.as_deref().unwrap_or(""));
    let Some(place) = output.and_then(first_text) else {
        return Err(Fault::Broken {
            said: "no result in its output".to_owned(),
            raw: answer["output"].to_string().into_bytes(),
        });
    };
    let bytes = match place.starts_with("http") || place.starts_with("data:") {
        true if p.kind == "replicate" => client.fetch(&place, "replicate.delivery").await?,
        true => client.fetch(&place, "").await?,
        // Own workers hand the bytes over as base64.
        false => super::http::decoded(&place)?,
    };
    // Own workers may say what it took.
    let told = answer["output"]["cost"]
        .as_f64()
        .filter(|_| p.kind == "runpod");
    let cost = told
        .filter(|c| (0.0..=1e6).contains(c))
        .map(Money::from_float);
    Ok(Standing::Done(Outcome {
        bytes,
        used,
        cost,
        answer: json!({"id": job, "status": state, "metrics": answer["metrics"]}),
    }))
}

/// `[0]`, `images[0].url`: a place in an answer; an empty one is the whole.
fn at<'a>(value: &'a Value, path: &str) -> Option<&'a Value> {
    path.split(['.', '[', ']'])
        .filter(|part| !part.is_empty())
        .try_fold(value, |value, part| match part.parse::<usize>() {
            Ok(n) => value.get(n),
            Err(_) => value.get(part),
        })
}

/// A text, or the first in a list.
fn first_text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Array(list) => list.first().and_then(first_text),
        Value::Object(map) => map
            .values()
            .find_map(|v| v.as_str().filter(|t| t.starts_with("http")))
            .map(str::to_owned),
        _ => None,
    }
}

/// Whether the provider took it.
pub(super) async fn cancel(p: &Provider, job: &str) -> bool {
    let (Ok(client), Ok(place)) = (open(p), path(p, job)) else {
        return false;
    };
    let place = match p.kind.as_str() {
        "replicate" => format!("{place}/cancel"),
        _ => format!("cancel/{job}"),
    };
    match client.request(Method::POST, &place) {
        Ok(request) => client.send(request, super::http::JSON).await.is_ok(),
        Err(_) => false,
    }
}

/// The newest predictions that may be what was asked at that time.
pub(super) async fn find(
    p: &Provider,
    ask: &Ask,
    (from, to): (SystemTime, SystemTime),
) -> Result<Vec<String>, Fault> {
    let model = Wire::model(p, ask.role())?;
    let answer = open(p)?.get("predictions").await?.json()?;
    let moment = |at: SystemTime| jiff::Timestamp::try_from(at).unwrap_or_default();
    let sent = (moment(from), moment(to));
    let list = answer["results"].as_array().into_iter().flatten();
    Ok(list
        .filter(|entry| may_be(entry, p, ask, &model, sent))
        .filter_map(|entry| entry["id"].as_str().map(str::to_owned))
        .collect())
}

/// Whether a prediction may be ours: of the same model, asked for the same in all that is no picture, made at
/// that time, and not failed. What is not told of it is no difference.
fn may_be(
    entry: &Value,
    p: &Provider,
    ask: &Ask,
    model: &str,
    (since, until): (jiff::Timestamp, jiff::Timestamp),
) -> bool {
    let (ours, _) = fields(ask);
    let prompt = p.input.get("prompt").map_or("prompt", String::as_str);
    let same = |ours: &Value, theirs: &Value| match (ours.as_f64(), theirs.as_f64()) {
        (Some(a), Some(b)) => (a - b).abs() < 1e-6,
        _ => ours == theirs,
    };
    let same_inputs = (p.input.iter())
        .filter_map(|(name, theirs)| Some((ours.get(name)?, entry["input"].get(theirs)?)))
        .all(|(ours, theirs)| same(ours, theirs));
    let told = |field: &str| entry[field].as_str();
    let same_model = match model.split_once(':') {
        Some((_, version)) => told("version").is_none_or(|v| v == version || v == model),
        None if model.contains('/') => told("model").is_none_or(|m| m == model),
        None => told("version").is_none_or(|v| v == model),
    };
    let made: Option<jiff::Timestamp> = told("created_at").and_then(|at| at.parse().ok());
    // Two clocks differ a little.
    let elsewhen = made.is_some_and(|at| {
        at.as_second() + 120 < since.as_second() || at.as_second() > until.as_second() + 120
    });
    let failed = matches!(told("status"), Some("failed" | "canceled" | "aborted"));
    entry["input"][prompt] == ours["prompt"] && same_inputs && same_model && !elsewhen && !failed
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lost_job_is_nobody_elses() {
        let p: Provider = serde_yaml::from_str("kind: replicate").unwrap();
        let ask = Ask::Music {
            prompt: "a waltz".to_owned(),
            seconds: 3.0,
            seed: 1,
        };
        let since: jiff::Timestamp = "2026-11-27T12:00:00Z".parse().unwrap();
        let ours = json!({
            "id": "a", "input": {"prompt": "a waltz"}, "status": "processing",
            "model": "o/m", "version": "v1", "created_at": "2026-11-27T12:00:01.5Z"
        });
        let until: jiff::Timestamp = "2026-11-27T12:10:00Z".parse().unwrap();
        let is = |entry: &Value, model: &str| may_be(entry, &p, &ask, model, (since, until));
        for model in ["o/m", "o/m:v1", "v1"] {
            assert!(is(&ours, model), "{model}");
        }
        for model in ["o/n", "o/m:v2", "v2"] {
            assert!(!is(&ours, model), "{model}");
        }
        for (field, value) in [
            ("status", json!("canceled")),
            ("created_at", json!("2026-11-27T11:50:00Z")),
            ("created_at", json!("2026-11-28T12:00:00Z")),
            ("input", json!({"prompt": "a march"})),
        ] {
            let mut other = ours.clone();
            other[field] = value;
            assert!(!is(&other, "o/m"), "{field}");
        }
        assert!(is(
            &json!({"id": "a", "input": {"prompt": "a waltz"}}),
            "o/m"
        ));
    }

    #[test]
    fn places_in_answers_are_found() {
        let value = json!({"images": [{"url": "http://a"}], "cost": 1});
        assert_eq!(at(&value, "images[0].url"), Some(&json!("http://a")));
        assert_eq!(at(&json!(["x", "y"]), "[1]"), Some(&json!("y")));
        assert_eq!(at(&value, "images[4].url"), None);
        assert_eq!(first_text(&json!(["x"])), Some("x".to_owned()));
        assert_eq!(
            first_text(&json!({"cost": 2, "image_url": "http://b"})),
            Some("http://b".to_owned())
        );
    }

    #[test]
    fn a_job_is_named_plainly() {
        let p = Provider {
            kind: "replicate".to_owned(),
            ..Provider::default()
        };
        assert!(path(&p, "../files").is_err());
        assert_eq!(path(&p, "abc-1").unwrap(), "predictions/abc-1");
    }
}
