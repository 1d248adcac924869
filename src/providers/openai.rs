//! The dialect that OpenAI, Ollama, llama.cpp, LM Studio, vLLM, LocalAI, OpenRouter and Kokoro share:
//! chat as a stream of events, pictures, edits, speech, moderation.

use super::ask::{Answer, Ask, Fault, Hear, Outcome, Shown, Standing};
use super::http::{Client, FILE, JSON, Reply, decoded};
use super::wire::Wire;
use crate::config::Provider;
use crate::plan::price::Measure;
use reqwest::Method;
use reqwest::multipart::{Form, Part};
use serde_json::{Value, json};
use std::time::Duration;

const USUAL: &str = "https://api.openai.com/v1";

/// An address goes into the journal; some send the picture itself where one is due.
const LONGEST_ADDRESS: usize = 8000;

/// More tokens no answer takes: a number above is a mistake of the server's.
const MOST_TOKENS: u64 = 50_000_000;

pub(super) async fn submit(p: &Provider, ask: &Ask, patience: Duration) -> Result<Answer, Fault> {
    let client = Client::open(p, USUAL, patience)?;
    let model = Wire::model(p, ask.role())?;
    match ask {
        Ask::Text {
            system,
            prompt,
            schema,
            most_tokens,
            hear,
        } => {
            let body = chat_body(p, &model, system, prompt, schema.as_ref(), *most_tokens);
            chat(&client, &body, hear).await.map(Answer::Done)
        }
        Ask::Picture { .. } => picture(&client, p, &model, ask).await,
        Ask::Inpaint { .. } => inpaint(&client, p, &model, ask).await,
        Ask::Speech {
            text,
            voice,
            tempo,
            manner,
            ..
        } => speech(&client, &model, text, voice, *tempo, manner, p)
            .await
            .map(Answer::Done),
        Ask::Verdict { text } => verdict(&client, &model, text).await.map(Answer::Done),
        other => Err(Fault::Refused(format!(
            "this dialect has no `{}`",
            other.role()
        ))),
    }
}

/// A picture at an address, which its journal has: fetched as often as it takes, paid once.
pub(super) async fn look(p: &Provider, address: &str) -> Result<Standing, Fault> {
    let client = Client::open(p, USUAL, Duration::from_secs(120))?;
    Ok(Standing::Done(Outcome {
        bytes: client.fetch(address, "").await?,
        ..Outcome::default()
    }))
}

/// Whether it answers, takes the key, and knows the models by name.
pub(super) async fn check(p: &Provider) -> Result<String, Fault> {
    let client = Client::open(p, USUAL, Duration::from_secs(10))?;
    let answer = match client.get("models").await {
        Ok(reply) => reply.json()?,
        // Not every server of this dialect lists its models.
        Err(Fault::Refused(said)) if said.starts_with("404") => {
            return Ok("it answers, and lists no models".to_owned());
        }
        Err(fault) => return Err(fault),
    };
    let list = answer["data"]
        .as_array()
        .or_else(|| answer["models"].as_array());
    let known: Vec<&str> = list
        .into_iter()
        .flatten()
        .filter_map(|m| m["id"].as_str().or_else(|| m["name"].as_str()))
        .collect();
    let lacks: Vec<&String> = p
        .models
        .values()
        .filter(|m| !known.contains(&m.as_str()))
        .collect();
    match known.is_empty() || lacks.is_empty() {
        true => Ok(format!("it answers and knows {} models", known.len())),
        false => {
            let names: Vec<String> = lacks.iter().map(|m| format!("`{m}`")).collect();
            let near = crate::diagnostic::nearest(lacks[0], known.iter().copied());
            let hint = near.map_or(String::new(), |n| format!("; did you mean `{n}`?"));
            Err(Fault::Refused(format!(
                "it does not know {}{hint}",
                names.join(", ")
            )))
        }
    }
}

fn chat_body(
    p: &Provider,
    model: &str,
    system: &str,
    prompt: &str,
    schema: Option<&(String, Value)>,
    most_tokens: u64,
) -> Value {
    let mut body = json!({
        "model": model,
        "messages": [{"role": "system", "content": system}, {"role": "user", "content": prompt}],
        "stream": true,
        "stream_options": {"include_usage": true},
    });
    let field = p.tokens_field.as_deref().unwrap_or("max_completion_tokens");
    body[field] = json!(most_tokens);
    if let (Some((name, schema)), true) = (schema, p.schema.unwrap_or(true)) {
        body["response_format"] = json!({
            "type": "json_schema",
            "json_schema": {"name": name, "strict": true, "schema": schema},
        });
    }
    for (key, value) in &p.fixed {
        body[key] = value.clone();
    }
    body
}

async fn chat(client: &Client, body: &Value, hear: &Hear) -> Result<Outcome, Fault> {
    let mut heard = Vec::new();
    let mut listen = |piece: &[u8]| {
        let Some(hear) = &hear.0 else { return };
        heard.extend_from_slice(piece);
        // Whole lines only: a letter may come in two pieces.
        while let Some(end) = heard.iter().position(|b| *b == b'\n') {
            let line: Vec<u8> = heard.drain(..=end).collect();
            let event = (String::from_utf8_lossy(&line).trim())
                .strip_prefix("data:")
                .and_then(|data| serde_json::from_str::<Value>(data).ok());
            let delta = event.map(|e| e["choices"][0]["delta"]["content"].clone());
            if let Some(text) = delta.as_ref().and_then(Value::as_str) {
                hear(text);
            }
        }
    };
    let reply = client
        .post_heard("chat/completions", body, &mut listen)
        .await?;
    let kind = reply
        .headers
        .get("content-type")
        .and_then(|v| v.to_str().ok())
        .unwrap_or("");
    let said = match kind.contains("event-stream") || reply.bytes.starts_with(b"data:") {
        true => streamed(&reply.bytes)?,
        false => whole(&reply.json()?)?,
    };
    said.outcome(&reply.bytes)
}

/// What a model said, and why it stopped.
#[derive(Default)]
struct Said {
    text: String,
    refusal: String,
    finish: String,
    usage: Value,
}

impl Said {
    fn used(&self) -> Option<Measure> {
        let count = |name: &str| self.usage[name].as_u64().filter(|n| *n <= MOST_TOKENS);
        let (input_tokens, output_tokens) = (count("prompt_tokens")?, count("completion_tokens")?);
        (input_tokens + output_tokens > 0).then_some(Measure {
            input_tokens,
            output_tokens,
            ..Measure::default()
        })
    }

    fn outcome(self, raw: &[u8]) -> Result<Outcome, Fault> {
        let broken = |said: &str| {
            Err(Fault::Broken {
                said: said.to_owned(),
                raw: raw.to_vec(),
            })
        };
        if !self.refusal.is_empty() {
            return Err(Fault::Declined {
                said: format!("the model declines: {}", self.refusal),
                used: self.used(),
            });
        }
        match self.finish.as_str() {
            "length" => return broken("it was cut short by its length"),
            "content_filter" => {
                return Err(Fault::Declined {
                    said: "the provider's filter declines".to_owned(),
                    used: self.used(),
                });
            }
            _ => {}
        }
        let text = without_frame(&self.text);
        if text.is_empty() {
            return broken("it said nothing");
        }
        let used = self.used();
        Ok(Outcome {
            bytes: text.into_bytes(),
            used,
            cost: None,
            answer: json!({"finish": self.finish, "usage": self.usage}),
        })
    }
}

/// Takes off the thinking and the fence that servers without schemas leave around an answer.
fn without_frame(text: &str) -> String {
    let mut text = text.trim();
    if let Some((_, after)) = text
        .strip_prefix("<think>")
        .and_then(|t| t.split_once("</think>"))
    {
        text = after.trim();
    }
    if let Some(inside) = text.strip_prefix("```")
        && let Some(inside) = inside.strip_suffix("```")
    {
        text = inside.split_once('\n').map_or(inside, |(_, t)| t).trim();
    }
    text.to_owned()
}

fn whole(answer: &Value) -> Result<Said, Fault> {
    let choice = &answer["choices"][0];
    let text = |v: &Value| v.as_str().unwrap_or_default().to_owned();
    if choice.is_null() {
        return Err(Fault::Broken {
            said: "no choice in it".to_owned(),
            raw: answer.to_string().into_bytes(),
        });
    }
    Ok(Said {
        text: text(&choice["message"]["content"]),
        refusal: text(&choice["message"]["refusal"]),
        finish: text(&choice["finish_reason"]),
        usage: answer["usage"].clone(),
    })
}

/// Puts a stream of events together; one that breaks off before its end is broken.
fn streamed(bytes: &[u8]) -> Result<Said, Fault> {
    let text = String::from_utf8_lossy(bytes);
    let mut said = Said::default();
    let mut ended = false;
    for line in text.lines() {
        let Some(data) = line.strip_prefix("data:").map(str::trim) else {
            continue;
        };
        if data == "[DONE]" {
            ended = true;
            break;
        }
        let Ok(chunk) = serde_json::from_str::<Value>(data) else {
            continue;
        };
        if let Some(error) = chunk.get("error").filter(|e| !e.is_null()) {
            let why = error["message"].as_str().or_else(|| error.as_str());
            return Err(Fault::Broken {
                said: why.unwrap_or("an error in the stream").to_owned(),
                raw: bytes.to_vec(),
            });
        }
        let choice = &chunk["choices"][0];
        said.text
            .push_str(choice["delta"]["content"].as_str().unwrap_or(""));
        said.refusal
            .push_str(choice["delta"]["refusal"].as_str().unwrap_or(""));
        if let Some(finish) = choice["finish_reason"].as_str() {
            said.finish = finish.to_owned();
        }
        if chunk["usage"].is_object() {
            said.usage = chunk["usage"].clone();
        }
    }
    match ended || !said.finish.is_empty() {
        true => Ok(said),
        false => Err(Fault::Broken {
            said: "the stream broke off".to_owned(),
            raw: bytes.to_vec(),
        }),
    }
}

/// The size to ask for: the nearest shape a provider takes, else our own in steps of sixteen.
pub(super) fn size(p: &Provider, width: u32, height: u32) -> (u32, u32) {
    let shape = |w: u32, h: u32| (f64::from(w) / f64::from(h)).ln();
    let want = shape(width, height);
    let near = p
        .sizes
        .iter()
        .filter_map(|s| {
            let (w, h) = s.split_once('x')?;
            Some((w.parse().ok()?, h.parse().ok()?))
        })
        .filter(|(w, h)| *w > 0 && *h > 0)
        .min_by(|a, b| {
            let far = |s: &(u32, u32)| (shape(s.0, s.1) - want).abs();
            far(a).total_cmp(&far(b))
        });
    near.unwrap_or((width.div_ceil(16) * 16, height.div_ceil(16) * 16))
}

async fn picture(client: &Client, p: &Provider, model: &str, ask: &Ask) -> Result<Answer, Fault> {
    let Ask::Picture {
        prompt,
        width,
        height,
        guide,
        references,
        ..
    } = ask
    else {
        return Err(Fault::Refused("no picture was asked for".to_owned()));
    };
    let (w, h) = size(p, *width, *height);
    let size = format!("{w}x{h}");
    let shown: Vec<&Shown> = guide.iter().chain(references).collect();
    let reply = if shown.is_empty() {
        let mut body = json!({"model": model, "prompt": prompt, "n": 1, "size": size});
        if p.image_reply.as_deref() == Some("b64") {
            body["response_format"] = json!("b64_json");
        }
        for (key, value) in &p.fixed {
            body[key] = value.clone();
        }
        client.post("images/generations", &body).await?
    } else {
        let mut form = Form::new()
            .text("model", model.to_owned())
            .text("prompt", prompt.clone())
            .text("n", "1")
            .text("size", size);
        for (key, value) in &p.fixed {
            let text = value
                .as_str()
                .map_or_else(|| value.to_string(), str::to_owned);
            form = form.text(key.clone(), text);
        }
        for picture in shown {
            let part = Part::bytes(picture.bytes.as_ref().clone())
                .file_name(format!("{}.png", picture.name))
                .mime_str("image/png")
                .map_err(|e| Fault::Refused(e.to_string()))?;
            form = form.part("image[]", part);
        }
        let request = client
            .request(Method::POST, "images/edits")?
            .multipart(form);
        client.send(request, JSON).await?
    };
    pictured(client, &reply)
}

/// A part of a picture anew: the dialect's masks are clear where something is to change.
async fn inpaint(client: &Client, p: &Provider, model: &str, ask: &Ask) -> Result<Answer, Fault> {
    let Ask::Inpaint {
        prompt,
        picture,
        mask,
        width,
        height,
        ..
    } = ask
    else {
        return Err(Fault::Refused("no picture was asked for".to_owned()));
    };
    let unreadable = |e: image::ImageError| Fault::Refused(e.to_string());
    let white = image::load_from_memory(&mask.bytes).map_err(unreadable)?;
    let mut clear = white.to_rgba8();
    for pixel in clear.pixels_mut() {
        pixel.0[3] = 255 - pixel.0[0];
    }
    let mut png = std::io::Cursor::new(Vec::new());
    clear
        .write_to(&mut png, image::ImageFormat::Png)
        .map_err(unreadable)?;
    let file = |name: &str, bytes: Vec<u8>| {
        Part::bytes(bytes)
            .file_name(format!("{name}.png"))
            .mime_str("image/png")
            .map_err(|e| Fault::Refused(e.to_string()))
    };
    let mut form = Form::new()
        .text("model", model.to_owned())
        .text("prompt", prompt.clone())
        .text("n", "1")
        .text("size", format!("{width}x{height}"));
    for (key, value) in &p.fixed {
        let text = value
            .as_str()
            .map_or_else(|| value.to_string(), str::to_owned);
        form = form.text(key.clone(), text);
    }
    form = form
        .part("image", file("image", picture.bytes.as_ref().clone())?)
        .part("mask", file("mask", png.into_inner())?);
    let request = client
        .request(Method::POST, "images/edits")?
        .multipart(form);
    let reply = client.send(request, JSON).await?;
    pictured(client, &reply)
}

/// The picture of an answer.
fn pictured(client: &Client, reply: &Reply) -> Result<Answer, Fault> {
    let answer = reply.json()?;
    let first = &answer["data"][0];
    // Where it says nothing, or nothing that can be, what was reckoned stands.
    let tokens = |name: &str| (answer["usage"][name].as_u64()).filter(|n| *n <= MOST_TOKENS);
    let used = tokens("output_tokens")
        .filter(|n| *n > 0)
        .map(|output_tokens| Measure {
            images: 1,
            input_tokens: tokens("input_tokens").unwrap_or(0),
            output_tokens,
            ..Measure::default()
        });
    let record = json!({"usage": answer["usage"], "revised_prompt": first["revised_prompt"]});
    let bytes = match (first["b64_json"].as_str(), first["url"].as_str()) {
        (Some(text), _) => decoded(text)?,
        (_, Some(url)) if !url.starts_with("data:") => {
            // It was answered, and so paid.
            let broken = |said: &str| {
                Err(Fault::Broken {
                    said: said.to_owned(),
                    raw: reply.bytes.clone(),
                })
            };
            return match () {
                () if client.is_key(url) => broken("an address with the key in it"),
                () if url.len() > LONGEST_ADDRESS => broken("an address longer than any is"),
                () => Ok(Answer::Job {
                    id: url.to_owned(),
                    used,
                    answer: record,
                }),
            };
        }
        (_, Some(data)) => decoded(data.split_once("base64,").map_or("", |(_, text)| text))?,
        _ => {
            // Some say what is wrong with a success.
            let why = answer["error"]["message"]
                .as_str()
                .map(|m| format!(": {m}"));
            return Err(Fault::Broken {
                said: format!("no picture in it{}", why.unwrap_or_default()),
                raw: reply.bytes.clone(),
            });
        }
    };
    Ok(Answer::Done(Outcome {
        bytes,
        used,
        cost: None,
        answer: record,
    }))
}

async fn speech(
    client: &Client,
    model: &str,
    text: &str,
    voice: &str,
    tempo: f64,
    manner: &str,
    p: &Provider,
) -> Result<Outcome, Fault> {
    let mut body = json!({
        "model": model, "input": text, "voice": voice, "response_format": "wav",
        "speed": tempo.clamp(0.25, 4.0),
    });
    if !manner.is_empty() {
        body["instructions"] = json!(manner);
    }
    for (key, value) in &p.fixed {
        body[key] = value.clone();
    }
    let request = client
        .request(Method::POST, "audio/speech")?
        .header("content-type", "application/json")
        .body(body.to_string());
    let reply = client.send(request, FILE).await?;
    if reply.bytes.len() < 64 || reply.bytes.starts_with(b"{") || reply.bytes.starts_with(b"<") {
        return Err(Fault::Broken {
            said: "no sound in it".to_owned(),
            raw: reply.bytes,
        });
    }
    Ok(Outcome {
        bytes: reply.bytes,
        ..Outcome::default()
    })
}

async fn verdict(client: &Client, model: &str, text: &str) -> Result<Outcome, Fault> {
    let reply = client
        .post("moderations", &json!({"model": model, "input": text}))
        .await?;
    let answer = reply.json()?;
    let result = &answer["results"][0];
    if result["flagged"].as_bool().is_none() {
        return Err(Fault::Broken {
            said: "no verdict in it".to_owned(),
            raw: reply.bytes,
        });
    }
    Ok(Outcome {
        bytes: result.to_string().into_bytes(),
        answer: result.clone(),
        ..Outcome::default()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn streams_are_put_together_and_must_end() {
        let stream = "data: {\"choices\":[{\"delta\":{\"role\":\"assistant\",\"content\":null}}]}\n\n: ping\n\ndata: {\"choices\":[{\"delta\":{\"content\":\"Grü\"}}]}\n\ndata: {\"choices\":[{\"delta\":{\"content\":\"n\"},\"finish_reason\":\"stop\"}]}\n\ndata: {\"choices\":[],\"usage\":{\"prompt_tokens\":7,\"completion_tokens\":2}}\n\ndata: [DONE]\n";
        let said = streamed(stream.as_bytes()).unwrap().outcome(b"").unwrap();
        assert_eq!(said.bytes, "Grün".as_bytes());
        assert_eq!(said.used.unwrap().input_tokens, 7);
        let cut = &stream[..stream.find("\"finish").unwrap()];
        assert!(matches!(
            streamed(cut.as_bytes()),
            Err(Fault::Broken { .. })
        ));
        let error = "data: {\"error\":{\"message\":\"no memory\"}}\n";
        assert!(
            matches!(streamed(error.as_bytes()), Err(Fault::Broken { said, .. }) if said == "no memory")
        );
    }

    #[test]
    fn frames_are_taken_off() {
        assert_eq!(
            without_frame("<think>hm</think>\n```json\n{\"a\":1}\n```"),
            "{\"a\":1}"
        );
        assert_eq!(without_frame(" plain "), "plain");
    }

    #[test]
    fn the_nearest_shape_is_asked_for() {
        let p = Provider {
            sizes: ["1024x1024", "1536x1024", "1024x1536"]
                .map(String::from)
                .to_vec(),
            ..Provider::default()
        };
        assert_eq!(size(&p, 1920, 1080), (1536, 1024));
        assert_eq!(size(&p, 1080, 1920), (1024, 1536));
        assert_eq!(size(&Provider::default(), 1920, 1080), (1920, 1088));
    }
}
