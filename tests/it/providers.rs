//! Providers over real HTTP on the loopback: what is asked, what is paid, and what happens when they fail.

use crate::peer::{Heard, Peer, Says, drawn, says, tone};
use crate::studio::{Said, Studio, said};
use serde_json::{Value, json};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

pub(crate) const KEY: &str = "sk-very-secret-4711";
/// What a model at Replicate calls its inputs.
const INPUTS: &str =
    "input: { prompt: prompt, width: width, height: height, seed: seed }, output: \"[0]\"";

/// Gives roles to a peer, at a price unless told otherwise.
pub(crate) fn hire(studio: &Studio, peer: &Peer, kind: &str, roles: &[&str], more: &str) {
    let name = peer.name();
    let roles: Vec<String> = roles.iter().map(|r| format!("{r}: {name}")).collect();
    let prices = match more.contains("prices") {
        true => "",
        false => {
            "prices: { image: { per_image: 0.02 }, voice: { per_1k_characters: 0.015 }, text: { per_1k_input: 0.001, per_1k_output: 0.002 }, music: { per_second: 0.01 } },"
        }
    };
    studio.put(
        "conf/providers.yaml",
        format!(
            "providers:\n  {name}: {{ kind: {kind}, base_url: \"{}\", api_key_env: PEER_KEY, models: {{ all: some-model }}, voices: {{ all: alloy }}, limits: {{ concurrency: 8 }}, {prices} {more} }}\nroles: {{ {} }}\n",
            peer.url(),
            roles.join(", ")
        ),
    );
}

pub(crate) fn with_key<const N: usize>(studio: &Studio, args: [&str; N]) -> Said {
    said(studio.command(args).env("PEER_KEY", KEY).output().unwrap())
}

/// Begins a command that goes on by itself, with the key and without a word.
pub(crate) fn begun<const N: usize>(studio: &Studio, args: [&str; N]) -> std::process::Child {
    let nowhere = std::process::Stdio::null;
    let mut command = studio.command(args);
    command.env("PEER_KEY", KEY);
    command.stdin(nowhere()).stdout(nowhere()).stderr(nowhere());
    command.spawn().unwrap()
}

pub(crate) fn tasks(studio: &Studio, status: &str) -> Vec<Value> {
    let list = with_key(studio, ["tasks", "t", "--json"]).exits(0).json();
    let all = list["result"].as_array().unwrap().clone();
    all.into_iter()
        .filter(|t| status.is_empty() || t["status"] == status)
        .collect()
}

pub(crate) fn cost(studio: &Studio) -> Value {
    with_key(studio, ["cost", "t", "--json"]).exits(0).json()["result"].clone()
}

/// What the months of the workspace have, all told.
pub(crate) fn month(studio: &Studio) -> f64 {
    let files = std::fs::read_dir(studio.path("runs/.spending")).unwrap();
    let mut sum = 0;
    for file in files.map(|f| f.unwrap().path()) {
        if file.extension().is_none_or(|e| e != "jsonl") {
            continue;
        }
        let text = std::fs::read_to_string(&file).unwrap();
        for line in text
            .lines()
            .filter_map(|l| serde_json::from_str::<Value>(l).ok())
        {
            let amount = |name: &str| {
                let told: f64 = line[name].as_str().unwrap().parse().unwrap();
                (told * 1e6).round() as i64
            };
            sum += amount("cost") - amount("back");
        }
    }
    sum as f64 / 1e6
}

#[test]
fn pictures_of_a_provider_are_asked_for_once_priced_and_shown_their_references() {
    let studio = Studio::two_rooms();
    let peer = Peer::start(|request, _| drawn(request));
    hire(
        &studio,
        &peer,
        "openai",
        &["image"],
        "references: true, guide: true",
    );
    with_key(&studio, ["run", "t", "--yes-through", "script"]).exits(3);
    // Two places and Anna: their sheets were reckoned before anything was paid.
    assert_eq!(peer.heard("images/generations").len(), 3);
    let plan = with_key(&studio, ["gate", "show", "t", "references", "--json"])
        .exits(0)
        .json();
    assert_eq!(
        plan["result"]["price"], "0.06",
        "three panels to come: {plan}"
    );
    with_key(&studio, ["run", "t", "--yes"]).exits(0);
    let edits = peer.heard("images/edits");
    assert_eq!(edits.len(), 3);
    let forms: Vec<String> = edits
        .iter()
        .map(|e| String::from_utf8_lossy(&e.body).into_owned())
        .collect();
    assert!(forms.iter().all(|f| f.contains("composition.png")));
    assert!(
        forms
            .iter()
            .any(|f| f.contains("anna.png") && f.contains("office.png"))
    );
    assert!(edits[0].head.contains(KEY));
    // A film that is made needs no key to be cut again.
    studio.run(["render", "t", "--fresh"]).exits(0);
    // Nothing more is asked for, whatever is run again.
    with_key(&studio, ["run", "t", "--yes"]).exits(0);
    assert_eq!(peer.heard("images").len(), 6);
    let spent = cost(&studio);
    assert_eq!(spent["spent"], "0.12", "{spent}");
    assert_eq!(spent["by"][0]["wasted"], "0.00", "{spent}");
    let why = with_key(&studio, ["why", "t", "storyboard/s01_010.png", "--json"])
        .exits(0)
        .json();
    assert_eq!(why["result"]["provider"], peer.name());
    // The key is in no file.
    let found = std::process::Command::new("grep")
        .args(["-rl", KEY])
        .arg(studio.path("runs"))
        .output()
        .unwrap();
    assert!(
        found.stdout.is_empty(),
        "{}",
        String::from_utf8_lossy(&found.stdout)
    );
    let request = tasks(&studio, "completed")[5]["folder"]
        .as_str()
        .unwrap()
        .to_owned();
    let request = studio.read(&format!("runs/t/{request}/request.json"));
    assert!(request.contains("\"sha\""), "{request}");
}

#[test]
fn one_refused_picture_stops_no_other_and_is_sent_again_on_purpose_only() {
    let studio = Studio::two_rooms();
    let peer = Peer::start(|request, _| {
        let words = request.json()["prompt"].to_string();
        match words.contains("letter on the desk") {
            true => Says::Reply(
                400,
                "application/json",
                br#"{"error":{"message":"no letters here","code":null}}"#.to_vec(),
            ),
            false => drawn(request),
        }
    });
    hire(&studio, &peer, "openai", &["image"], "");
    let failed = with_key(&studio, ["run", "t", "--yes"]).exits(10);
    assert!(
        failed.err.contains("no letters here") && failed.err.contains("task retry t t-"),
        "{}",
        failed.err
    );
    assert_eq!(peer.heard("images").len(), 6);
    assert_eq!(tasks(&studio, "completed").len(), 5);
    with_key(&studio, ["run", "t", "--yes"]).exits(10);
    assert_eq!(
        peer.heard("images").len(),
        6,
        "a dead letter stays where it is"
    );
    assert_eq!(
        cost(&studio)["spent"],
        "0.10",
        "what was refused was not paid"
    );
    let id = tasks(&studio, "failed")[0]["id"]
        .as_str()
        .unwrap()
        .to_owned();
    with_key(&studio, ["task", "retry", "t", &id]).exits(0);
    with_key(&studio, ["run", "t", "--yes"]).exits(10);
    assert_eq!(peer.heard("images").len(), 7);
    // A picture of one's own in its place goes on.
    studio.put(
        "runs/t/storyboard/s01_020.png",
        crate::peer::picture("mine"),
    );
    with_key(&studio, ["run", "t", "--yes"]).exits(0);
    with_key(&studio, ["task", "retry", "t", "t-nothing"]).exits(8);
    with_key(&studio, ["tasks", "t", "--status", "lost"]).exits(2);
}

#[test]
fn who_asks_to_wait_is_asked_again_and_what_may_be_paid_is_not() {
    let studio = Studio::two_rooms();
    let peer = Peer::start(|request, before| match before {
        0 => Says::With(
            429,
            "retry-after-ms: 30\r\n".to_owned(),
            b"{\"error\":\"slow down\"}".to_vec(),
        ),
        1 => Says::With(503, "retry-after: 0.02\r\n".to_owned(), Vec::new()),
        2 => Says::Reply(500, "text/html", b"<html>oh</html>".to_vec()),
        3 => Says::Nothing,
        _ => drawn(request),
    });
    hire(&studio, &peer, "openai", &["image"], "");
    let failed = with_key(&studio, ["run", "t", "--yes"]).exits(10);
    assert!(failed.err.contains("in doubt"), "{}", failed.err);
    let doubt = tasks(&studio, "in_doubt");
    assert_eq!(
        doubt.len(),
        2,
        "a fault of the server, and one that hung up"
    );
    let asked = peer.heard("images").len();
    let id = doubt[0]["id"].as_str().unwrap().to_owned();
    with_key(&studio, ["task", "retry", "t", &id]).exits(7);
    assert_eq!(doubt[0]["cost"], "0.02", "it counts as spent");
    with_key(&studio, ["run", "t", "--yes"]).exits(10);
    assert_eq!(
        peer.heard("images").len(),
        asked,
        "it is not sent again by itself"
    );
    with_key(&studio, ["task", "resolve", "t", &id]).exits(2);
    with_key(&studio, ["task", "resolve", "t", &id, "--unspent"]).exits(0);
    with_key(&studio, ["task", "retry", "t", &id]).exits(0);
    let other = doubt[1]["id"].as_str().unwrap().to_owned();
    with_key(&studio, ["task", "resolve", "t", &other, "--spent=0.03"]).exits(0);
    with_key(&studio, ["task", "retry", "t", &other]).exits(0);
    with_key(&studio, ["run", "t", "--yes"]).exits(0);
    assert_eq!(
        cost(&studio)["spent"],
        "0.15",
        "six, and one that was paid for nothing"
    );
    assert_eq!(cost(&studio)["by"][0]["wasted"], "0.03", "for nothing");
}

#[test]
fn answers_that_are_no_results_are_kept_and_never_paid_again() {
    for (name, wrong) in [
        (
            "a web page",
            Says::Reply(200, "text/html", b"<html>login</html>".to_vec()),
        ),
        (
            "half",
            Says::Half(b"{\"data\":[{\"b64_json\":\"iVBO".to_vec()),
        ),
        (
            "no picture",
            says(json!({"data": [{"b64_json": "aGVsbG8gd29ybGQ="}]})),
        ),
        ("nothing in it", says(json!({"data": []}))),
        (
            "a private address",
            says(json!({"data": [{"url": "ftp://127.0.0.1/x.png"}]})),
        ),
        ("an empty file", says(json!({"data": [{"b64_json": ""}]}))),
    ] {
        let studio = Studio::two_rooms();
        let peer = Peer::start(move |_, _| wrong.clone());
        hire(&studio, &peer, "openai", &["image"], "");
        let failed = with_key(&studio, ["run", "t", "--yes"]).exits(10);
        assert!(failed.err.contains("no result"), "{name}: {}", failed.err);
        let asked = peer.heard("images").len();
        with_key(&studio, ["run", "t", "--yes"]).exits(10);
        assert_eq!(peer.heard("images").len(), asked, "{name}");
        assert_eq!(
            cost(&studio)["spent"],
            "0.06",
            "{name}: what was answered was paid"
        );
    }
}

#[test]
fn nothing_is_bought_over_the_budget_or_the_grant() {
    let studio = Studio::two_rooms();
    let peer = Peer::start(|request, _| drawn(request));
    // Approved while the house drew: nothing was granted.
    studio
        .run(["run", "t", "--yes-through", "script", "--until", "script"])
        .exits(0);
    hire(&studio, &peer, "openai", &["image"], "");
    let refused = with_key(&studio, ["run", "t"]).exits(9);
    assert!(
        refused.err.contains("gate approve t script"),
        "{}",
        refused.err
    );
    assert!(peer.heard("images").is_empty());
    with_key(&studio, ["gate", "approve", "t", "script"]).exits(0);
    with_key(&studio, ["run", "t"]).exits(3);
    assert_eq!(peer.heard("images").len(), 3);
    // A ceiling of the run's whole life.
    let sheet = studio.read("runs/t/run.yaml");
    studio.put(
        "runs/t/run.yaml",
        format!("{}\nbudget: \"0.10\"\n", sheet.trim_end()),
    );
    let refused = with_key(&studio, ["run", "t", "--yes"]).exits(9);
    assert!(refused.err.contains("budget"), "{}", refused.err);
    assert_eq!(peer.heard("images").len(), 5, "two more fitted");
    assert_eq!(cost(&studio)["spent"], "0.10");
    studio.put(
        "runs/t/run.yaml",
        format!("{}\nbudget: \"1.00\"\n", sheet.trim_end()),
    );
    with_key(&studio, ["run", "t", "--yes"]).exits(0);
    assert_eq!(peer.heard("images").len(), 6);
}

#[test]
fn a_provider_must_be_able_priced_and_keyed_before_anything_is_asked() {
    let studio = Studio::two_rooms();
    let peer = Peer::start(|request, _| drawn(request));
    hire(&studio, &peer, "openai", &["image"], "");
    studio.run(["run", "t", "--yes"]).exits(69).says("PEER_KEY");
    hire(&studio, &peer, "openai", &["video"], "");
    with_key(&studio, ["run", "t", "--yes"])
        .exits(69)
        .says("`video`");
    hire(&studio, &peer, "piper", &["inpaint"], "");
    with_key(&studio, ["run", "t", "--yes"])
        .exits(69)
        .says("`inpaint`");
    hire(
        &studio,
        &peer,
        "openai",
        &["image"],
        "prices: { voice: { per_call: 1 } }",
    );
    with_key(&studio, ["run", "t", "--yes"])
        .exits(65)
        .says("no price is said");
    hire(
        &studio,
        &peer,
        "openai",
        &["image"],
        "prices: { image: { per_image: 0 } }",
    );
    with_key(&studio, ["run", "t", "--yes"])
        .exits(65)
        .says("nought");
    hire(&studio, &peer, "openia", &["image"], "");
    with_key(&studio, ["run", "t", "--yes"])
        .exits(65)
        .says("did you mean `openai`");
    assert!(peer.heard("").is_empty());
}

/// A chat's answer as a stream of events.
fn chat(text: &str) -> Says {
    let mut out = String::from(
        "data: {\"choices\":[{\"delta\":{\"role\":\"assistant\",\"content\":null}}]}\n\n",
    );
    for piece in text.as_bytes().chunks(7) {
        // Bytes, so that a letter may be cut in two on the way; the pieces are whole lines of JSON.
        let piece = String::from_utf8_lossy(piece);
        out.push_str(&format!(
            "data: {}\n\n",
            json!({"choices": [{"delta": {"content": piece}}]})
        ));
    }
    out.push_str("data: {\"choices\":[{\"delta\":{},\"finish_reason\":\"stop\"}]}\n\ndata: {\"choices\":[],\"usage\":{\"prompt_tokens\":1000,\"completion_tokens\":500}}\n\ndata: [DONE]\n\n");
    Says::Reply(200, "text/event-stream", out.into_bytes())
}

/// Whether a chat asks for changes to a document; what it is about, then.
fn revision(request: &Heard) -> Option<String> {
    let body = request.json();
    let format = &body["response_format"]["json_schema"];
    let prompt = body["messages"][1]["content"].as_str()?.to_owned();
    (format["name"] == "revision").then_some(prompt)
}

/// Changes to a document, as a model says them.
fn revised(answer: &str, changes: &[(&str, &str, &str)]) -> Says {
    let changes: Vec<Value> = changes
        .iter()
        .map(|(op, path, value)| json!({"op": op, "path": path, "from": "", "value": value}))
        .collect();
    chat(&json!({"answer": answer, "changes": changes}).to_string())
}

#[test]
fn a_provider_plans_every_document_and_follows_what_rules_cannot() {
    let studio = Studio::new();
    let peer = Peer::start(|request, _| {
        let Some(asked) = revision(request) else {
            return chat(&json!({"fountain": "INT. GREENHOUSE - DAY\n\nA robot waters a flower.\n\nNARRATOR (V.O.)\nIt blooms.\n\nEXT. ROOF - NIGHT\n\nThe robot looks at the stars."}).to_string());
        };
        if asked.contains("Plan the film") {
            return revised(
                "Two beats.",
                &[
                    (
                        "replace",
                        "/beats",
                        r#"[{"title": "INT. GREENHOUSE - DAY", "summary": "A robot waters a flower.", "seconds": 6}, {"title": "EXT. ROOF - NIGHT", "summary": "It looks up.", "seconds": 3}]"#,
                    ),
                    ("replace", "/logline", "\"A robot has a flower.\""),
                ],
            );
        }
        if asked.contains("picture can be made from") {
            return revised("Fine.", &[]);
        }
        if asked.contains("Direct it") {
            return match asked.contains("could not be used") {
                // Words of the script are nobody's to change here.
                false => revised(
                    "",
                    &[(
                        "replace",
                        "/beats/0/shots/0/lines/0/text",
                        "\"It withers.\"",
                    )],
                ),
                true => {
                    assert!(asked.contains("word for word"), "{asked}");
                    revised(
                        "Rain it is.",
                        &[(
                            "replace",
                            "/beats/ext_roof_night/shots/s02_010/prompt",
                            "A small robot on a flat roof, rain, neon light behind it.",
                        )],
                    )
                }
            };
        }
        assert!(asked.contains("put an umbrella in its hand"), "{asked}");
        revised(
            "It has one now.",
            &[(
                "replace",
                "/beats/ext_roof_night/shots/s02_010/prompt",
                "\"A small robot with an umbrella on a flat roof in the rain.\"",
            )],
        )
    });
    hire(&studio, &peer, "openai", &["text"], "");
    with_key(
        &studio,
        [
            "new",
            "Robot",
            "--brief",
            "A robot waters a flower.",
            "--id",
            "t",
            "--format",
            "160x90",
            "--fps",
            "12",
        ],
    )
    .exits(0);
    let plan = with_key(&studio, ["plan", "t", "--json"]).exits(0).json();
    assert_ne!(plan["result"]["price"], "0.00", "{plan}");
    with_key(&studio, ["run", "t", "--yes-through", "references"]).exits(3);
    assert!(studio.read("runs/t/outline.yaml").contains("It looks up."));
    let script = &peer.heard("chat")[1].json()["messages"][1]["content"];
    assert!(
        script.as_str().unwrap().contains("EXT. ROOF - NIGHT (3 s)"),
        "{script}"
    );
    let board = studio.read("runs/t/storyboard.yaml");
    assert!(
        board.contains("neon light") && board.contains("It blooms."),
        "{board}"
    );
    let asked = peer.heard("chat").len();
    assert_eq!(asked, 5, "a plan each, the script, one repair");
    // What rules cover needs nobody: it is exact, and free.
    with_key(
        &studio,
        [
            "regenerate",
            "t",
            "storyboard",
            "--feedback",
            "shot 1 longer",
        ],
    )
    .exits(0);
    assert_eq!(peer.heard("chat").len(), asked);
    with_key(
        &studio,
        [
            "gate",
            "reject",
            "t",
            "storyboard",
            "--feedback",
            "put an umbrella in its hand",
        ],
    )
    .exits(0);
    with_key(&studio, ["run", "t", "--until", "storyboard"]).exits(3);
    assert!(
        studio
            .read("runs/t/storyboard.yaml")
            .contains("with an umbrella")
    );
    assert_eq!(peer.heard("chat").len(), asked + 1);
    // Nothing of it is asked for again.
    with_key(&studio, ["run", "t", "--yes"]).exits(0);
    assert_eq!(peer.heard("chat").len(), asked + 1);
    let spent = cost(&studio);
    assert_ne!(spent["spent"], "0.00", "{spent}");
}

#[test]
fn a_provider_writes_and_is_shown_its_faults() {
    let studio = Studio::new();
    let peer = Peer::start(|request, before| {
        let asked = request.json()["messages"][1]["content"]
            .as_str()
            .unwrap_or_default()
            .to_owned();
        match before {
            _ if revision(request).is_some() => revised("Good as it is.", &[]),
            1 => chat("I would love to help!"),
            2 => {
                assert!(asked.contains("could not be used"), "{asked}");
                chat(&json!({"fountain": "INT. GREENHOUSE - DAY\n\nA robot waters a flower.\n\nNARRATOR (V.O.)\nIt blooms."}).to_string())
            }
            _ => {
                assert!(
                    asked.contains("make it rain") && asked.contains("GREENHOUSE"),
                    "{asked}"
                );
                chat(&json!({"fountain": "INT. GREENHOUSE - NIGHT\n\nRain on the glass. A robot waters a flower."}).to_string())
            }
        }
    });
    hire(&studio, &peer, "openai", &["text"], "");
    with_key(
        &studio,
        [
            "new",
            "Robot",
            "--brief",
            "A robot waters a flower.",
            "--id",
            "t",
            "--format",
            "160x90",
            "--fps",
            "12",
        ],
    )
    .exits(0);
    with_key(&studio, ["run", "t", "--yes-through", "outline"]).exits(3);
    assert!(
        studio
            .read("runs/t/script.fountain")
            .contains("INT. GREENHOUSE - DAY")
    );
    assert_eq!(peer.heard("chat").len(), 3);
    let schema = &peer.heard("chat")[1].json()["response_format"];
    assert_eq!(schema["json_schema"]["schema"]["required"][0], "fountain");
    with_key(
        &studio,
        [
            "gate",
            "reject",
            "t",
            "script",
            "--feedback",
            "make it rain",
        ],
    )
    .exits(0);
    with_key(&studio, ["run", "t", "--until", "script"]).exits(3);
    assert!(
        studio
            .read("runs/t/script.fountain")
            .contains("Rain on the glass")
    );
    assert_eq!(
        cost(&studio)["spent"],
        "0.008",
        "by the tokens it said it used, four times"
    );
    with_key(&studio, ["run", "t", "--yes"]).exits(0);
    assert_eq!(peer.heard("chat").len(), 6, "references and storyboard");
}

#[test]
fn a_provider_speaks_and_the_scratch_voice_times() {
    let studio = Studio::two_rooms();
    let peer = Peer::start(|request, _| {
        assert_eq!(request.json()["voice"], "alloy");
        Says::Reply(200, "text/html", tone(1.2))
    });
    hire(&studio, &peer, "openai", &["voice"], "");
    with_key(&studio, ["run", "t", "--yes-through", "assets"]).exits(3);
    assert_eq!(
        peer.heard("speech").len(),
        1,
        "one line, asked for when audio is made"
    );
    let audio = studio.read("runs/t/audio.yaml");
    assert!(
        audio.contains(&format!("engine: {} alloy", peer.name())),
        "{audio}"
    );
    with_key(&studio, ["run", "t", "--yes"]).exits(0);
    assert_eq!(cost(&studio)["spent"], "0.000195", "thirteen characters");
}

/// Replicate: jobs by number, done when asked for the second time.
fn replicate(request: &Heard, before: usize) -> Says {
    let host = request
        .head
        .lines()
        .find_map(|l| {
            l.to_lowercase()
                .strip_prefix("host:")
                .map(|h| h.trim().to_owned())
        })
        .unwrap();
    match (request.method.as_str(), request.path.as_str()) {
        ("POST", "/v1/predictions") => {
            let id = format!(
                "job{}",
                blake3_of(&request.json()["input"]["prompt"].to_string())
            );
            says(json!({"id": id, "status": "starting", "input": request.json()["input"]}))
        }
        ("GET", path) if path.starts_with("/v1/predictions/") => {
            let id = path.rsplit('/').next().unwrap();
            match before {
                0 => says(json!({"id": id, "status": "processing"})),
                _ => says(
                    json!({"id": id, "status": "succeeded", "output": [format!("http://{host}/files/{id}.png")], "metrics": {"predict_time": 2.0}}),
                ),
            }
        }
        ("GET", path) if path.starts_with("/files/") => {
            Says::Reply(200, "image/png", crate::peer::picture(path))
        }
        _ => Says::Reply(
            404,
            "application/json",
            b"{\"detail\":\"no such thing\"}".to_vec(),
        ),
    }
}

fn blake3_of(text: &str) -> String {
    text.bytes()
        .fold(5381u64, |h, b| h.wrapping_mul(33) ^ u64::from(b))
        .to_string()
}

/// A run of six paid jobs, killed at moments of its own until it is done: how often it died, how many jobs were
/// sent, and how many there are.
fn killed_until_done(lot: u64) -> (u32, usize, usize) {
    let studio = Studio::two_rooms();
    let submitted: Arc<std::sync::Mutex<Vec<Value>>> = Arc::default();
    let list = submitted.clone();
    let peer = Peer::start(move |request, before| {
        if request.method == "POST" {
            list.lock().unwrap().push(json!({"id": format!("job{}", blake3_of(&request.json()["input"]["prompt"].to_string())), "input": request.json()["input"]}));
        }
        if request.method == "GET" && request.path == "/v1/predictions" {
            return says(json!({"results": list.lock().unwrap().clone()}));
        }
        replicate(request, before)
    });
    hire(
        &studio,
        &peer,
        "replicate",
        &["image"],
        "input: { prompt: prompt, width: width, height: height, seed: seed }, output: \"[0]\", prices: { image: { per_gpu_second: 0.005 } }",
    );
    let mut deaths = 0;
    for round in 0..60u64 {
        let mut child = begun(
            &studio,
            ["run", "t", "--yes", "--until", "storyboard", "-q"],
        );
        let patience = 40 + (round * 23 + lot * 7) % 400;
        let until = std::time::Instant::now() + Duration::from_millis(patience);
        let ended = loop {
            if let Some(status) = child.try_wait().unwrap() {
                break Some(status);
            }
            if std::time::Instant::now() > until {
                child.kill().unwrap();
                child.wait().unwrap();
                break None;
            }
            std::thread::yield_now();
        };
        deaths += u32::from(ended.is_none());
        if ended.is_some_and(|s| s.success()) {
            break;
        }
    }
    let last = with_key(&studio, ["run", "t", "--yes", "--until", "storyboard"]);
    // Between the reservation and the wire nobody knows; what was not found was not sent.
    if last.code == 10 {
        for task in tasks(&studio, "in_doubt") {
            let id = task["id"].as_str().unwrap().to_owned();
            with_key(&studio, ["task", "resolve", "t", &id, "--unspent"]).exits(0);
            with_key(&studio, ["task", "retry", "t", &id]).exits(0);
        }
        with_key(&studio, ["run", "t", "--yes", "--until", "storyboard"]).exits(0);
    }
    assert_eq!(month(&studio), 0.06, "and the month has it once");
    let mut asked: Vec<String> = submitted
        .lock()
        .unwrap()
        .iter()
        .map(|v| v["input"]["prompt"].to_string())
        .collect();
    let all = asked.len();
    asked.sort();
    asked.dedup();
    assert_eq!(
        cost(&studio)["spent"],
        "0.06",
        "two seconds each, as they were metered"
    );
    (deaths, all, asked.len())
}

#[test]
fn jobs_are_looked_after_over_any_number_of_deaths() {
    let (deaths, sent, jobs) = killed_until_done(0);
    assert!(deaths > 3, "{deaths}");
    assert_eq!(
        (sent, jobs),
        (6, 6),
        "after {deaths} deaths each was sent once"
    );
}

/// `DEATHS=400 cargo test --test it hundreds_of_deaths -- --ignored --nocapture`
#[test]
#[ignore = "a measurement"]
#[expect(clippy::print_stdout, reason = "a measurement says what it measured")]
fn hundreds_of_deaths() {
    let wanted = std::env::var("DEATHS").map_or(300, |d| d.parse().unwrap());
    let (mut died, mut runs, mut sent, mut jobs) = (0, 0, 0, 0);
    while died < wanted {
        let (deaths, all, distinct) = killed_until_done(runs);
        runs += 1;
        died += deaths;
        sent += all;
        jobs += distinct;
    }
    println!(
        "{runs} runs, {died} deaths: {jobs} jobs, {} sent twice",
        sent - jobs
    );
    assert_eq!(sent, jobs);
}

#[test]
fn any_program_can_be_a_provider() {
    let studio = Studio::two_rooms();
    studio.put("mine.png", crate::peer::picture("mine"));
    studio.put(
        "conf/draw.sh",
        "#!/bin/sh\nout=$(sed 's/.*\"out\":\"\\([^\"]*\\)\".*/\\1/')\n[ -n \"$PEER_KEY\" ] && exit 9\ncp \"$1\" \"$out\"\necho drawn >&2\n",
    );
    studio.put(
        "conf/providers.yaml",
        format!(
            "providers:\n  mine: {{ kind: command, run: [sh, conf/draw.sh, \"{}\"], limits: {{ concurrency: 2 }} }}\n  other: {{ kind: openai, base_url: \"http://127.0.0.1:9/v1\", api_key_env: PEER_KEY }}\nroles: {{ image: mine }}\n",
            studio.path("mine.png").display()
        ),
    );
    with_key(&studio, ["run", "t", "--yes"]).exits(0);
    let board = studio.read("runs/t/storyboard.yaml");
    assert!(board.contains("score"), "{board}");
    assert_eq!(cost(&studio)["spent"], "0.00");
    // One that fails says why.
    studio.put("conf/draw.sh", "echo 'no paint left' >&2; exit 3\n");
    with_key(
        &studio,
        ["regenerate", "t", "storyboard", "--item", "s01_010"],
    )
    .exits(10)
    .says("no paint left");
}

/// `cargo test --release --test it two_hundred -- --ignored --nocapture`
#[test]
#[ignore = "a measurement"]
#[expect(clippy::print_stdout, reason = "a measurement says what it measured")]
fn two_hundred_tasks_side_by_side() {
    let studio = Studio::new();
    let peer = Peer::start(|request, _| {
        std::thread::sleep(Duration::from_millis(200));
        drawn(request)
    });
    let mut text =
        String::from("TITLE: Many\nFORMAT: 160x90, 12 fps\n\nSCENE 1: EXT. FIELD - DAY\n");
    for n in 0..200 {
        text.push_str(&format!(
            "SHOT {}: Wide shot - 2s\nStone number {n} in the field.\n",
            n + 1
        ));
    }
    studio.put("many.txt", text);
    hire(&studio, &peer, "openai", &["image"], "prices: free");
    let conf = studio
        .read("conf/providers.yaml")
        .replace("concurrency: 8", "concurrency: 16");
    studio.put("conf/providers.yaml", conf);
    studio
        .run(["new", "--script", "many.txt", "--id", "t"])
        .exits(0);
    with_key(&studio, ["run", "t", "--yes", "--until", "references"]).exits(0);
    let started = std::time::Instant::now();
    with_key(&studio, ["run", "t", "--yes", "--until", "storyboard"]).exits(0);
    let took = started.elapsed().as_secs_f64();
    let ideal = (200f64 / 16.0).ceil() * 0.2;
    assert_eq!(peer.heard("images").len(), 201);
    // From the first that was reserved to the last that was kept, as the journal has it.
    let at = |note: &Value| -> jiff::Timestamp { note["at"].as_str().unwrap().parse().unwrap() };
    let noted = studio.journal("t", "task");
    let mine: Vec<&Value> = noted
        .iter()
        .filter(|n| n["stage"] == "storyboard")
        .collect();
    let (first, last) = (at(mine[0]), at(mine[mine.len() - 1]));
    let queue = last.duration_since(first).as_secs_f64();
    println!(
        "200 tasks of 200 ms, 16 at once: {queue:.2} s in the queue, {took:.2} s the whole run, ideal {ideal:.2} s: {:.2} x, {:.2} x",
        queue / ideal,
        took / ideal
    );
}

#[test]
fn doctor_asks_for_the_models_without_paying() {
    let studio = Studio::two_rooms();
    let peer = Peer::start(|request, _| match request.path.as_str() {
        "/v1/models" => says(json!({"data": [{"id": "some-model"}]})),
        _ => Says::Reply(500, "text/plain", Vec::new()),
    });
    hire(&studio, &peer, "openai", &["image"], "");
    with_key(&studio, ["doctor"])
        .exits(0)
        .says("knows 1 models");
    let conf = studio.read("conf/providers.yaml");
    studio.put(
        "conf/providers.yaml",
        conf.replace("some-model", "sime-model"),
    );
    with_key(&studio, ["doctor"])
        .exits(69)
        .says("did you mean `some-model`");
    studio.run(["doctor"]).exits(69).says("PEER_KEY");
    assert_eq!(peer.heard("models").len(), 2);
}

#[test]
fn approved_panels_become_clips() {
    let studio = Studio::two_rooms();
    let clip = studio.path("clip.mp4");
    let made = std::process::Command::new("ffmpeg")
        .args([
            "-v",
            "error",
            "-f",
            "lavfi",
            "-i",
            "testsrc=s=320x180:d=2:r=12",
            "-pix_fmt",
            "yuv420p",
        ])
        .arg(&clip)
        .status();
    assert!(made.unwrap().success());
    let clip = std::fs::read(clip).unwrap();
    let peer = Peer::start(move |request, before| match request.path.as_str() {
        "/v1/run" => {
            let input = &request.json()["input"];
            assert!(
                input["image"]
                    .as_str()
                    .unwrap()
                    .starts_with("data:image/png;base64,")
            );
            says(json!({"id": format!("j{before}"), "status": "IN_QUEUE"}))
        }
        path if path.starts_with("/v1/status/") && before == 0 => {
            says(json!({"status": "IN_PROGRESS"}))
        }
        path if path.starts_with("/v1/status/") => {
            let host = request
                .head
                .lines()
                .find_map(|l| {
                    l.to_lowercase()
                        .strip_prefix("host:")
                        .map(|h| h.trim().to_owned())
                })
                .unwrap();
            says(
                json!({"status": "COMPLETED", "output": {"video_url": format!("http://{host}/clip"), "cost": 0.25}, "executionTime": 3000}),
            )
        }
        "/clip" => Says::Reply(200, "video/mp4", clip.clone()),
        _ => Says::Reply(404, "text/plain", Vec::new()),
    });
    hire(
        &studio,
        &peer,
        "runpod",
        &["video"],
        "input: { prompt: prompt, image: image, seconds: duration }, output: video_url, prices: { video: { per_second: 0.05 } }",
    );
    with_key(&studio, ["run", "t", "--yes-through", "references"]).exits(3);
    let gate = with_key(&studio, ["gate", "show", "t", "storyboard", "--json"])
        .exits(0)
        .json();
    let price: f64 = gate["result"]["price"].as_str().unwrap().parse().unwrap();
    assert!(
        peer.heard("run").is_empty() && price > 0.2,
        "nothing before it was approved: {price}"
    );
    // Dearer than it was reckoned: they were under way, and it is said.
    with_key(&studio, ["run", "t", "--yes"])
        .exits(0)
        .says("that the approval of storyboard allows");
    assert_eq!(peer.heard("/run").len(), 3);
    assert_eq!(cost(&studio)["spent"], "0.75");
    let assets = studio.read("runs/t/assets.yaml");
    assert_eq!(assets.matches("clip: assets/").count(), 3, "{assets}");
    assert!(
        !assets.contains("layers") && assets.contains("score"),
        "{assets}"
    );
    with_key(&studio, ["run", "t", "--yes"]).exits(0);
    assert_eq!(peer.heard("/run").len(), 3);
}

#[test]
fn one_picture_and_all_prompts_can_be_looked_at_before_the_rest_is_paid() {
    let studio = Studio::two_rooms();
    let peer = Peer::start(|request, _| drawn(request));
    hire(&studio, &peer, "openai", &["image"], "");
    with_key(&studio, ["run", "t", "--prompts-only"]).exits(7);
    with_key(
        &studio,
        [
            "run",
            "t",
            "--yes-through",
            "references",
            "--until",
            "references",
        ],
    )
    .exits(0);
    assert_eq!(peer.heard("images").len(), 3);
    let hero = with_key(&studio, ["run", "t", "--only", "s02_010"]).exits(0);
    assert!(
        hero.out.trim().ends_with("takes/storyboard/s02_010/1.png"),
        "{}",
        hero.out
    );
    assert_eq!(peer.heard("images").len(), 4);
    with_key(&studio, ["run", "t", "--only", "s09_010"])
        .exits(8)
        .says("s02_010");
    // The prompts, changed before they are asked.
    with_key(&studio, ["run", "t", "--prompts-only"]).exits(0);
    let board = studio.read("runs/t/storyboard.yaml");
    studio.put(
        "runs/t/storyboard.yaml",
        board.replace("A letter on the desk.", "A red letter on the desk."),
    );
    with_key(&studio, ["run", "t", "--yes"]).exits(0);
    let asked = peer.heard("images");
    assert_eq!(asked.len(), 6, "the hero is not paid again");
    assert!(
        asked
            .iter()
            .any(|h| h.json()["prompt"].to_string().contains("A red letter"))
    );
    assert!(
        !asked
            .iter()
            .any(|h| h.json()["prompt"].to_string().contains("A letter on"))
    );
}

#[test]
fn a_moderator_is_asked_before_anything_is_made() {
    let studio = Studio::new();
    let peer = Peer::start(|request, _| {
        let flagged = request.json()["input"].to_string().contains("poison");
        says(
            json!({"results": [{"flagged": flagged, "categories": {"illicit": flagged, "violence": false}}]}),
        )
    });
    hire(&studio, &peer, "openai", &["moderation"], "prices: free");
    studio.put("bad.txt", "A man mixes poison in a cellar.");
    studio.put("good.txt", "A man mixes paint in a cellar.");
    let refused = with_key(&studio, ["new", "--script", "bad.txt", "--id", "t"]).exits(13);
    assert!(
        refused.err.contains("illicit") && !refused.err.contains("violence"),
        "{}",
        refused.err
    );
    assert!(!studio.path("runs/t").exists());
    with_key(&studio, ["new", "--script", "good.txt", "--id", "t"]).exits(0);
    let away = studio
        .read("conf/providers.yaml")
        .replace(&peer.port.to_string(), "9");
    studio.put("conf/providers.yaml", away);
    with_key(&studio, ["new", "--script", "good.txt", "--id", "u"]).exits(69);
}

#[test]
fn what_is_cancelled_here_is_cancelled_there() {
    let studio = Studio::two_rooms();
    let peer =
        Peer::start(
            |request, before| match (request.method.as_str(), request.path.as_str()) {
                ("POST", "/v1/predictions") => {
                    says(json!({"id": format!("job{before}"), "status": "starting"}))
                }
                ("POST", path) if path.ends_with("/cancel") => says(json!({"status": "canceled"})),
                (_, path) if path.contains("/predictions/job") => {
                    says(json!({"status": "a state of tomorrow"}))
                }
                _ => Says::Reply(404, "text/plain", Vec::new()),
            },
        );
    hire(
        &studio,
        &peer,
        "replicate",
        &["image"],
        "prices: { image: { per_image: 0.01 } }",
    );
    let mut run = begun(&studio, ["run", "t", "--yes", "-q"]);
    while peer.heard("/predictions/job").len() < 3 {
        assert!(
            run.try_wait().unwrap().is_none(),
            "an unknown state is no end"
        );
        std::thread::yield_now();
    }
    with_key(&studio, ["cancel", "t"]).exits(0);
    assert_eq!(run.wait().unwrap().code(), Some(130));
    assert_eq!(peer.heard("/cancel").len(), 3);
    assert_eq!(tasks(&studio, "cancelled").len(), 3);
    assert_eq!(cost(&studio)["spent"], "0.00");
}

#[test]
fn a_result_that_cannot_be_fetched_is_no_reason_to_pay_again() {
    let studio = Studio::two_rooms();
    let peer = Peer::start(|request, _| match request.path.as_str() {
        "/files/x.png" => Says::Reply(404, "text/plain", Vec::new()),
        _ => {
            // It knows the key, and tells it.
            let key = request
                .head
                .lines()
                .find(|l| l.to_lowercase().starts_with("authorization"))
                .unwrap()
                .to_owned();
            says(json!({"data": [{"url": "/files/x.png"}], "echo": key}))
        }
    });
    hire(&studio, &peer, "openai", &["image"], "");
    with_key(&studio, ["run", "t", "--yes"]).exits(10);
    assert_eq!(
        peer.heard("images").len(),
        3,
        "asked once each, fetched more often"
    );
    assert_eq!(cost(&studio)["spent"], "0.06");
    let peer = Peer::start(|_, _| {
        Says::Reply(
            200,
            "application/json",
            format!("{{\"data\":[],\"echo\":\"Bearer {KEY}\"}}").into_bytes(),
        )
    });
    hire(&studio, &peer, "openai", &["image"], "");
    with_key(&studio, ["run", "t", "--yes"]).exits(10);
    let found = std::process::Command::new("grep")
        .args(["-rl", KEY])
        .arg(studio.path("runs"))
        .output()
        .unwrap();
    assert!(
        found.stdout.is_empty(),
        "{}",
        String::from_utf8_lossy(&found.stdout)
    );
}

#[test]
fn what_was_in_flight_when_the_program_died_counts_against_the_ceiling() {
    let studio = Studio::two_rooms();
    let peer = Peer::start(|request, _| {
        std::thread::sleep(Duration::from_millis(1500));
        drawn(request)
    });
    hire(&studio, &peer, "openai", &["image"], "");
    let mut run = begun(&studio, ["run", "t", "--yes", "-q"]);
    while peer.heard("images").len() < 3 {
        std::thread::yield_now();
    }
    run.kill().unwrap();
    run.wait().unwrap();
    with_key(&studio, ["run", "t", "--yes"])
        .exits(10)
        .says("in doubt");
    assert_eq!(cost(&studio)["spent"], "0.06");
    assert_eq!(peer.heard("images").len(), 3);
    for task in tasks(&studio, "in_doubt") {
        let id = task["id"].as_str().unwrap().to_owned();
        with_key(&studio, ["task", "resolve", "t", &id, "--unspent"]).exits(0);
        with_key(&studio, ["task", "retry", "t", &id]).exits(0);
    }
    assert_eq!(cost(&studio)["spent"], "0.00");
    with_key(&studio, ["run", "t", "--yes"]).exits(0);
    let months = std::fs::read_dir(studio.path("runs/.spending"))
        .unwrap()
        .filter(|e| {
            e.as_ref()
                .unwrap()
                .path()
                .extension()
                .is_some_and(|x| x == "jsonl")
        });
    assert_eq!(months.count(), 1);
    // Asked for again on purpose, it is granted; the budget stays.
    with_key(
        &studio,
        ["regenerate", "t", "storyboard", "--item", "s01_010"],
    )
    .exits(0);
    assert_eq!(cost(&studio)["spent"], "0.14");
    let sheet = studio.read("runs/t/run.yaml");
    studio.put(
        "runs/t/run.yaml",
        format!("{}\nbudget: \"$9\"\n", sheet.trim_end()),
    );
    with_key(
        &studio,
        ["regenerate", "t", "storyboard", "--item", "s01_010"],
    )
    .exits(9);
}

#[test]
fn all_runs_of_a_workspace_share_the_month() {
    let studio = Studio::two_rooms();
    let peer = Peer::start(|request, _| drawn(request));
    hire(&studio, &peer, "openai", &["image"], "");
    studio.put("conf/operator.yaml", "budget: { per_month: 0.15 }\n");
    with_key(&studio, ["run", "t", "--yes", "--until", "storyboard"]).exits(0);
    assert_eq!(peer.heard("images").len(), 6);
    studio
        .run(["new", "--script", "two.txt", "--id", "u"])
        .exits(0);
    with_key(&studio, ["run", "u", "--yes"])
        .exits(9)
        .says("month");
    assert_eq!(peer.heard("images").len(), 7, "one more fitted");
}

#[test]
fn a_stage_is_talked_into_shape_and_a_broken_answer_is_asked_for_again() {
    let studio = Studio::two_rooms();
    studio
        .run(["run", "t", "--yes", "--until", "storyboard"])
        .exits(0);
    let peer = Peer::start(|request, before| {
        let asked = revision(request).unwrap();
        let whole = revised(
            "Darker, as you like.",
            &[
                ("replace", "/beats/0/mood", "\"dark\""),
                ("replace", "/beats/0/shots/s01_020/seconds", "4.5"),
            ],
        );
        match before {
            // Cut off in the middle of what it says.
            0 => match whole {
                Says::Reply(status, kind, bytes) => {
                    Says::Reply(status, kind, bytes[..bytes.len() / 2].to_vec())
                }
                other => other,
            },
            1 => whole,
            _ => {
                // What was said before goes along.
                assert!(
                    asked.contains("darker, please") && asked.contains("as you like"),
                    "{asked}"
                );
                revised("It has two scenes.", &[])
            }
        }
    });
    hire(&studio, &peer, "openai", &["text"], "");
    let before = studio.read("runs/t/storyboard.yaml");
    let said = with_key(
        &studio,
        [
            "chat",
            "t",
            "storyboard",
            "darker, please",
            "--item",
            "s01_020",
            "--json",
        ],
    )
    .exits(0)
    .json();
    assert_eq!(peer.heard("chat").len(), 2, "{said}");
    assert_eq!(said["result"]["answer"], "Darker, as you like.");
    assert!(
        said["result"]["diff"].as_str().unwrap().contains("4.5"),
        "{said}"
    );
    assert_eq!(said["result"]["version"], Value::Null);
    assert_eq!(
        studio.read("runs/t/storyboard.yaml"),
        before,
        "nobody said yes"
    );
    // Two answers were paid: the broken one too.
    assert_eq!(tasks(&studio, "").len(), 2);
    let talk = studio.read("runs/t/chat/storyboard.jsonl");
    assert_eq!(talk.lines().count(), 2, "{talk}");
    assert_eq!(talk.matches("darker, please").count(), 1, "{talk}");
    // The change is a patch like any other.
    let first: Value = serde_json::from_str(talk.lines().nth(1).unwrap()).unwrap();
    studio.put("p.json", first["patch"].to_string());
    studio.run(["patch", "t", "storyboard", "p.json"]).exits(0);
    assert!(
        studio
            .read("runs/t/storyboard.yaml")
            .contains("seconds: 4.5")
    );
    with_key(&studio, ["chat", "t", "storyboard", "how many scenes?"])
        .exits(0)
        .says("It has two scenes.");
    // A screenplay is talked about as it was written, notes and spacing with it.
    let script =
        "\n\nINT. OFFICE - DAY\n\n[[ask Ines]]\n\nAnna works   at a desk.\n\nANNA\nGood morning.\n";
    studio.put("runs/t/script.fountain", script);
    let peer = Peer::start(move |request, _| {
        let asked = revision(request).unwrap();
        assert!(
            asked.contains("[[ask Ines]]") && asked.contains("works   at"),
            "{asked:.400}"
        );
        let new = serde_json::to_string(&script.replace("morning", "evening")).unwrap();
        revised("Evening it is.", &[("replace", "/fountain", &new)])
    });
    hire(&studio, &peer, "openai", &["text"], "");
    with_key(
        &studio,
        ["chat", "t", "script", "make it evening", "--apply"],
    )
    .exits(0);
    assert_eq!(
        studio.read("runs/t/script.fountain"),
        script.replace("morning", "evening")
    );
    with_key(&studio, ["chat", "t", "render", "hm"]).exits(7);
    // Off a terminal somebody must say something.
    with_key(&studio, ["chat", "t", "storyboard"]).exits(2);
}

#[test]
fn answers_of_no_use_are_repaired_and_the_same_message_is_asked_again_later() {
    let studio = Studio::two_rooms();
    studio
        .run(["run", "t", "--yes", "--until", "storyboard"])
        .exits(0);
    let before = studio.read("runs/t/storyboard.yaml");
    let peer = Peer::start(|request, before| {
        let asked = revision(request).unwrap();
        match before {
            0 => chat("no JSON at all"),
            1 | 2 => {
                assert!(asked.contains(&format!("(answer {before})")), "{asked}");
                revised("Longer.", &[("replace", "/beats/9/shots/x/seconds", "7")])
            }
            _ => {
                assert!(!asked.contains("(answer "), "asked afresh: {asked}");
                revised(
                    "Longer.",
                    &[("replace", "/beats/0/shots/s01_020/seconds", "7")],
                )
            }
        }
    });
    hire(&studio, &peer, "openai", &["text"], "");
    let say = || {
        let words = "make it breathe";
        with_key(&studio, ["chat", "t", "storyboard", words, "--apply"])
    };
    say().exits(10).says("that can be used, 3 times");
    assert_eq!(peer.heard("chat").len(), 3);
    assert_eq!(studio.read("runs/t/storyboard.yaml"), before);
    say().exits(0);
    assert_eq!(peer.heard("chat").len(), 4);
    let after = studio.read("runs/t/storyboard.yaml");
    assert!(after.contains("seconds: 7"), "{after}");
    assert_eq!(
        tasks(&studio, "").len(),
        4,
        "each answer stands in the record"
    );
}

#[test]
fn what_is_asked_of_some_shots_is_done_to_those() {
    let studio = Studio::two_rooms();
    studio
        .run(["run", "t", "--yes-through", "references"])
        .exits(3);
    let sizes = || -> Vec<String> {
        let board: Value = serde_yaml::from_str(&studio.read("runs/t/storyboard.yaml")).unwrap();
        let beats = board["beats"].as_array().unwrap();
        (beats.iter().flat_map(|b| b["shots"].as_array().unwrap()))
            .map(|s| s["size"].as_str().unwrap().to_owned())
            .collect()
    };
    let changed = |before: &[String]| -> Vec<usize> {
        let after = sizes();
        (0..before.len())
            .filter(|i| before[*i] != after[*i])
            .collect()
    };
    let before = sizes();
    assert_eq!(before.len(), 3);
    let some = ["--item", "s01_010", "--item", "s02_010"];
    let chat = ["chat", "t", "storyboard", "closer", "--apply"];
    let mut command = studio.command(chat);
    said(command.args(some).output().unwrap()).exits(0);
    assert_eq!(changed(&before), [0, 2]);
    let before = sizes();
    let again = ["regenerate", "t", "storyboard", "--feedback", "wider"];
    let mut command = studio.command(again);
    said(command.args(["--item", "s02_010"]).output().unwrap()).exits(0);
    assert_eq!(changed(&before), [2]);
    // One that is not there is no reason to change them all.
    let before = sizes();
    let mut command = studio.command(["chat", "t", "storyboard", "closer", "--apply"]);
    let refused = said(command.args(["--item", "s01_099"]).output().unwrap());
    refused.exits(69).says("there is no shot `s01_099`");
    assert!(changed(&before).is_empty());
    // What a rejection was understood as is said at once.
    let wish = "the 2nd shot closer";
    studio
        .run(["gate", "reject", "t", "storyboard", "--feedback", wish])
        .exits(0)
        .says("s01_020: a size closer");
}

#[test]
fn the_house_follows_what_it_documents_and_refuses_the_rest_by_name() {
    let studio = Studio::two_rooms();
    studio
        .run(["chat", "t", "storyboard", "shot 1 longer"])
        .exits(7)
        .says("not made yet");
    assert!(!studio.path("runs/t/chat").exists(), "nothing was said");
    studio
        .run(["run", "t", "--yes", "--until", "storyboard"])
        .exits(0);
    let asked = studio
        .run(["chat", "t", "storyboard", "shot 1 longer"])
        .exits(0);
    assert!(asked.out.contains("add --apply"), "{}", asked.out);
    // What it would change is there to be read.
    assert!(
        asked.out.contains("s01_010: length × 1.25"),
        "{}",
        asked.out
    );
    assert!(
        asked.out.contains("+") && asked.out.contains("seconds: "),
        "{}",
        asked.out
    );
    let done = studio
        .run([
            "chat",
            "t",
            "storyboard",
            "longer",
            "--item",
            "s01_010",
            "--apply",
            "--json",
        ])
        .exits(0)
        .json();
    assert_eq!(done["result"]["version"], 2, "{done}");
    let refused = studio
        .run([
            "chat",
            "t",
            "storyboard",
            "give her a sadder hat",
            "--apply",
        ])
        .exits(69);
    assert!(refused.err.contains("sadder hat"), "{}", refused.err);
    assert!(refused.err.contains("`give` leads"), "{}", refused.err);
    let talk = studio.read("runs/t/chat/storyboard.jsonl");
    assert_eq!(talk.lines().count(), 6, "{talk}");
    // Several things in one sentence: light and size are said in the words of the shots they are about.
    let light = |shot: &str| -> u64 {
        let panel = image::open(studio.path(&format!("runs/t/storyboard/{shot}.png"))).unwrap();
        panel.into_luma8().pixels().map(|p| u64::from(p.0[0])).sum()
    };
    let before = (light("s01_010"), light("s01_020"));
    let done = studio
        .run([
            "chat",
            "t",
            "storyboard",
            "shots 1 and 2 darker, and the desk in 1 bigger",
            "--apply",
        ])
        .exits(0);
    assert!(done.out.contains("desk larger in 1 shot"), "{}", done.out);
    let after = (light("s01_010"), light("s01_020"));
    assert!(
        after.0 * 10 < before.0 * 9 && after.1 * 10 < before.1 * 9,
        "{before:?} {after:?}"
    );
    let board = studio.read("runs/t/storyboard.yaml");
    assert_eq!(board.matches("Dim light.").count(), 2, "{board}");
    assert_eq!(board.matches("big desk").count(), 1, "{board}");
    // How the camera moves is asked for where shots are filmed, too; what it filmed before stays.
    studio
        .run(["run", "t", "--yes-through", "storyboard"])
        .exits(3);
    let panels = studio.files("runs/t/storyboard");
    studio
        .run(["chat", "t", "assets", "shot 2 should hold still", "--apply"])
        .exits(0);
    let moves = |studio: &Studio| -> Vec<String> {
        let assets = studio.read("runs/t/assets.yaml");
        let lines = assets.lines().map(str::trim);
        lines
            .filter_map(|l| l.strip_prefix("move: ").map(str::to_owned))
            .collect()
    };
    assert_eq!(moves(&studio)[1], "static");
    assert_ne!(moves(&studio)[0], "static");
    assert_eq!(studio.files("runs/t/storyboard"), panels);
    studio
        .run(["chat", "t", "assets", "shot 2 darker", "--apply"])
        .exits(69)
        .says("shot 2 darker");
    let stats = studio.run(["stats", "t", "--json"]).exits(0).json();
    assert!(stats["result"].to_string().contains("messages"), "{stats}");
}

#[test]
fn who_can_do_less_needs_a_yes_that_is_recorded() {
    let studio = Studio::two_rooms();
    let peer = Peer::start(|request, _| drawn(request));
    hire(&studio, &peer, "openai", &["image"], "references: false");
    let stopped = with_key(&studio, ["run", "t", "--yes"]).exits(7);
    assert!(
        stopped.err.contains("look different") && stopped.err.contains("--accept-degraded"),
        "{}",
        stopped.err
    );
    // The sheets came before there was anybody to look different.
    let before = peer.heard("images").len();
    with_key(
        &studio,
        [
            "run",
            "t",
            "--yes",
            "--accept-degraded",
            "--as",
            "ines",
            "--first",
            "s02_010",
            "-j",
            "1",
        ],
    )
    .exits(0);
    let asked = peer.heard("images");
    assert_eq!(asked.len(), before + 3);
    let log = studio.run(["log", "t"]).exits(0);
    assert!(log.out.contains("ines accepts of"), "{}", log.out);
    // A yes holds for what it was said of.
    with_key(
        &studio,
        ["regenerate", "t", "storyboard", "--item", "s01_010"],
    )
    .exits(0);
    let voice = Studio::two_rooms();
    hire(&voice, &peer, "openai", &["voice"], "languages: [de, fr]");
    let blocked = with_key(&voice, ["run", "t", "--yes", "--accept-degraded"]).exits(69);
    assert!(blocked.err.contains("de, fr"), "{}", blocked.err);
}

#[test]
fn what_is_refused_is_passed_by_a_named_person_only_where_that_is_allowed() {
    let studio = Studio::new();
    let peer = Peer::start(|_, _| {
        Says::Reply(
            200,
            "application/json",
            br#"{"results":[{"flagged":true,"categories":{"violence":true,"self-harm":false}}]}"#
                .to_vec(),
        )
    });
    hire(&studio, &peer, "openai", &["moderation"], "prices: free");
    let new = |more: &[&str]| {
        let mut command =
            studio.command(["new", "--brief", "Two knights fight at dawn.", "--id", "t"]);
        said(command.args(more).env("PEER_KEY", KEY).output().unwrap())
    };
    new(&[]).exits(13);
    let refused = new(&["--override-moderation", "it is a fairy tale"]).exits(13);
    assert!(
        refused.err.contains("moderation.allow_override"),
        "{}",
        refused.err
    );
    studio.put(
        "conf/operator.yaml",
        "moderation: { allow_override: true }\n",
    );
    new(&[]).exits(13);
    new(&[
        "--override-moderation",
        "it is a fairy tale",
        "--as",
        "ines",
    ])
    .exits(0);
    let journal = studio.read("runs/t/journal.jsonl");
    assert!(
        journal.contains("fairy tale")
            && journal.contains("violence")
            && journal.contains("\"overridden_by\":\"ines\""),
        "{journal}"
    );
    let log = studio.run(["log", "t"]).exits(0);
    assert!(
        log.out.contains("animatic has nothing against it"),
        "{}",
        log.out
    );
}

#[test]
fn most_of_the_budget_is_told_to_hooks() {
    let studio = Studio::two_rooms();
    let peer = Peer::start(|request, _| drawn(request));
    hire(&studio, &peer, "openai", &["image"], "");
    studio.put(
        "conf/operator.yaml",
        "budget: { per_run: 0.13 }\nhooks:\n  - { on: [budget.warning], exec: [tee, told.json] }\n",
    );
    let done = with_key(&studio, ["run", "t", "--yes"]).exits(0);
    assert!(
        done.err.contains("92 %") || done.err.contains("spent"),
        "{}",
        done.err
    );
    assert!(studio.read("told.json").contains("budget.warning"));
}

/// Panels of a run, by name and bytes.
fn panels(studio: &Studio, run: &str) -> Vec<(String, Vec<u8>)> {
    let mut all = studio.files(&format!("runs/{run}/storyboard"));
    all.retain(|(name, _)| name.ends_with(".png"));
    all
}

#[test]
fn a_film_is_put_into_another_language_line_by_line_and_keeps_its_pictures() {
    let studio = Studio::at("audio");
    let script = studio.read("runs/t/script.fountain");
    let peer = Peer::start(|request, before| {
        let body = request.json();
        let asked = body["messages"][1]["content"].as_str().unwrap_or("");
        if !asked.contains("Translate the lines") {
            return revised("Good as it is.", &[]);
        }
        let from = asked.find("\n[").map_or(0, |at| at + 1);
        let end = asked.rfind(']').map_or(from, |at| at + 1);
        let lines: Value = serde_json::from_str(&asked[from..end]).unwrap();
        let mut said: Vec<Value> = lines
            .as_array()
            .unwrap()
            .iter()
            .map(|l| json!({"n": l["n"], "text": format!("Zeile {}.", l["n"])}))
            .collect();
        // The first answer has a line too few.
        if before == 0 {
            said.pop();
        }
        chat(&json!({"lines": said}).to_string())
    });
    hire(&studio, &peer, "openai", &["text"], "");
    with_key(
        &studio,
        ["new", "--from", "t", "--language", "de", "--id", "d"],
    )
    .exits(0);
    with_key(&studio, ["run", "d", "--yes-through", "outline"]).exits(3);
    let german = studio.read("runs/d/script.fountain");
    assert!(german.contains("Zeile 1."), "{german}");
    // Scenes and action are the same to the letter.
    let others = |text: &str| -> Vec<String> {
        let kept = text
            .lines()
            .filter(|l| l.starts_with("INT.") || l.starts_with("EXT."));
        kept.map(str::to_owned).collect()
    };
    assert_eq!(others(&german), others(&script));
    assert!(peer.heard("/chat/completions").len() >= 2);
    with_key(&studio, ["run", "d", "--yes"]).exits(0);
    assert_eq!(panels(&studio, "d"), panels(&studio, "t"));
    let captions = studio.read("runs/d/render/film.srt");
    assert!(captions.contains("Zeile 1."), "{captions}");
    // Nothing of it was approved by what was approved there.
    let decided = studio.journal("d", "decided");
    assert!(decided.iter().any(|d| d["stage"] == "script"));
    // Without a provider the words wait for a hand.
    std::fs::remove_file(studio.path("conf/providers.yaml")).unwrap();
    studio
        .run(["new", "--from", "t", "--language", "fr", "--id", "f"])
        .exits(0);
    studio
        .run(["run", "f", "--yes-through", "outline"])
        .exits(3)
        .says("by hand");
    assert_eq!(studio.read("runs/f/script.fountain"), script);
}

#[test]
fn a_download_that_breaks_off_goes_on_where_it_stood() {
    let studio = Studio::two_rooms();
    let peer = Peer::start(|request, before| {
        let Some(path) = request.path.strip_prefix("/files/") else {
            return replicate(request, before);
        };
        let whole = crate::peer::picture(path);
        let from = request
            .head
            .to_lowercase()
            .lines()
            .find_map(|l| {
                l.strip_prefix("range: bytes=")?
                    .trim_end_matches('-')
                    .parse()
                    .ok()
            })
            .unwrap_or(0usize);
        let tag = "etag: \"one\"\r\ncontent-type: image/png\r\n";
        if from == 0 {
            let half = whole[..whole.len() / 2].to_vec();
            return Says::Cut(200, tag.to_owned(), half, whole.len());
        }
        assert!(request.head.to_lowercase().contains("if-range: \"one\""));
        let last = whole.len() - 1;
        let range = format!(
            "{tag}content-range: bytes {from}-{last}/{}\r\n",
            whole.len()
        );
        Says::With(206, range, whole[from..].to_vec())
    });
    hire(&studio, &peer, "replicate", &["image"], INPUTS);
    with_key(&studio, ["run", "t", "--yes", "--until", "storyboard"]).exits(0);
    let files = peer.heard("/files/");
    let resumed = files
        .iter()
        .filter(|h| h.head.to_lowercase().contains("range: bytes="));
    assert_eq!(resumed.count() * 2, files.len());
    // What is nowhere cannot be put first.
    with_key(&studio, ["run", "t", "--first", "s09_090"])
        .exits(8)
        .says("s09_090");
}

#[test]
fn a_proxy_is_asked_where_one_is_named() {
    let studio = Studio::new();
    let proxy = Peer::start(|_, _| says(json!({"data": [{"id": "m"}]})));
    studio.put(
        "conf/providers.yaml",
        "providers:\n  far: { kind: openai, base_url: \"http://provider.example/v1\", models: { all: m }, prices: { text: { per_call: 0.01 } } }\nroles: { text: far }\n",
    );
    let mut command = studio.command(["doctor", "--json"]);
    for name in ["http_proxy", "HTTP_PROXY", "no_proxy", "NO_PROXY"] {
        command.env_remove(name);
    }
    command.env("http_proxy", format!("http://127.0.0.1:{}", proxy.port));
    let said = said(command.output().unwrap());
    assert_eq!(
        proxy.heard("http://provider.example/v1/models").len(),
        1,
        "{} {}",
        said.out,
        said.err
    );
}

#[test]
fn two_runs_at_once_share_the_month() {
    let studio = Studio::two_rooms();
    studio
        .run(["new", "--script", "two.txt", "--id", "u"])
        .exits(0);
    let peer = Peer::start(|request, _| {
        std::thread::sleep(Duration::from_millis(400));
        drawn(request)
    });
    hire(&studio, &peer, "openai", &["image"], "");
    studio.put("conf/operator.yaml", "budget: { per_month: 0.15 }\n");
    let both: Vec<_> = ["t", "u"]
        .map(|run| {
            begun(
                &studio,
                ["run", run, "--yes", "--until", "storyboard", "-q"],
            )
        })
        .into_iter()
        .map(|mut run| run.wait().unwrap().code())
        .collect();
    // Twelve are wanted at 0.02 each.
    assert!(
        peer.heard("images").len() <= 7,
        "{}",
        peer.heard("images").len()
    );
    assert!(both.contains(&Some(9)), "{both:?}");
    // What they claimed is free again: what fits still fits.
    with_key(&studio, ["run", "t", "--yes", "--until", "storyboard"]);
    with_key(&studio, ["run", "u", "--yes", "--until", "storyboard"]);
    assert_eq!(peer.heard("images").len(), 7);
}

#[test]
fn a_question_that_fails_is_no_job_that_fails() {
    let studio = Studio::two_rooms();
    let peer = Peer::start(|request, before| {
        let html = || Says::Reply(200, "text/html", b"<html>busy</html>".to_vec());
        match (request.method.as_str(), request.path.as_str()) {
            ("GET", path) if path.starts_with("/v1/predictions/") && before == 0 => html(),
            ("GET", path) if path.starts_with("/v1/predictions/") && before == 1 => Says::Reply(
                404,
                "application/json",
                b"{\"detail\":\"not yet\"}".to_vec(),
            ),
            ("GET", path) if path.starts_with("/files/") && before == 0 => {
                Says::Reply(200, "image/png", Vec::new())
            }
            // What is no use is counted in a row.
            ("GET", path) if path.starts_with("/v1/predictions/") && before == 2 => {
                says(json!({"status": "processing"}))
            }
            _ => replicate(request, before),
        }
    });
    hire(&studio, &peer, "replicate", &["image"], "");
    with_key(&studio, ["run", "t", "--yes", "--until", "storyboard"]).exits(0);
    let sent = peer
        .heard("/v1/predictions")
        .iter()
        .filter(|r| r.method == "POST")
        .count();
    assert_eq!(sent, 6);
    assert_eq!(cost(&studio)["spent"], "0.12");
}

#[test]
fn a_picture_whose_address_came_is_fetched_after_a_death() {
    let studio = Studio::two_rooms();
    let peer = Peer::start(|request, before| match request.path.as_str() {
        path if path.starts_with("/files/") => {
            if before == 0 {
                std::thread::sleep(Duration::from_secs(2));
            }
            Says::Reply(200, "image/png", crate::peer::picture(path))
        }
        _ => {
            let name = blake3_of(&String::from_utf8_lossy(&request.body));
            says(json!({"data": [{"url": format!("/files/{name}.png")}]}))
        }
    });
    hire(&studio, &peer, "openai", &["image"], "");
    let mut run = begun(
        &studio,
        ["run", "t", "--yes", "-q", "--until", "storyboard"],
    );
    while peer.heard("/files/").len() < 3 {
        std::thread::yield_now();
    }
    run.kill().unwrap();
    run.wait().unwrap();
    with_key(&studio, ["run", "t", "--yes", "--until", "storyboard"]).exits(0);
    assert_eq!(peer.heard("images/generations").len(), 6);
    assert_eq!(cost(&studio)["spent"], "0.12");
}

#[test]
fn the_key_is_in_no_bytes_and_in_no_reason() {
    let studio = Studio::two_rooms();
    let peer = Peer::start(|_, _| {
        let mut raw = format!("Bearer {KEY} ").into_bytes();
        raw.push(0xff);
        Says::Reply(200, "application/json", raw)
    });
    hire(&studio, &peer, "openai", &["image"], "");
    with_key(&studio, ["run", "t", "--yes"]).exits(10);
    let found = std::process::Command::new("grep")
        .args(["-arl", KEY])
        .arg(studio.path("runs"))
        .output()
        .unwrap();
    assert!(
        found.stdout.is_empty(),
        "{}",
        String::from_utf8_lossy(&found.stdout)
    );
}

#[test]
fn the_month_has_what_the_runs_have_wherever_they_died() {
    let studio = Studio::two_rooms();
    let peer = Peer::start(|request, _| drawn(request));
    hire(&studio, &peer, "openai", &["image"], "");
    for step in (30..150).step_by(9) {
        let mut command = studio.command(["run", "t", "--yes", "--until", "storyboard", "-q"]);
        command.env("PEER_KEY", KEY);
        command.env("GREENLIGHT_FAULT", format!("crash:{step}"));
        command.output().unwrap();
    }
    // What each death left in doubt is settled by a person, who looked: nothing of it was paid.
    loop {
        let last = with_key(&studio, ["run", "t", "--yes", "--until", "storyboard"]);
        let told: f64 = cost(&studio)["spent"].as_str().unwrap().parse().unwrap();
        assert_eq!(month(&studio), told);
        if last.code == 0 {
            break;
        }
        let doubtful = tasks(&studio, "in_doubt");
        assert!(last.code == 10 && !doubtful.is_empty(), "{}", last.err);
        for task in doubtful {
            let id = task["id"].as_str().unwrap().to_owned();
            with_key(&studio, ["task", "resolve", "t", &id, "--unspent"]).exits(0);
            with_key(&studio, ["task", "retry", "t", &id]).exits(0);
        }
    }
    assert_eq!(cost(&studio)["spent"], "0.12");
    assert_eq!(month(&studio), 0.12);
}

#[test]
fn what_an_answer_used_is_booked_where_its_picture_lies_elsewhere() {
    let studio = Studio::two_rooms();
    let peer = Peer::start(|request, _| match request.path.as_str() {
        path if path.starts_with("/files/") => {
            Says::Reply(200, "image/png", crate::peer::picture(path))
        }
        _ => {
            let name = blake3_of(&String::from_utf8_lossy(&request.body));
            says(
                json!({"data": [{"url": format!("/files/{name}.png")}], "usage": {"input_tokens": 10, "output_tokens": 1000}}),
            )
        }
    });
    let prices = "prices: { image: { per_1k_output: 0.01 } }";
    hire(&studio, &peer, "openai", &["image"], prices);
    with_key(&studio, ["run", "t", "--yes", "--until", "storyboard"]).exits(0);
    assert_eq!(cost(&studio)["spent"], "0.06");
    assert_eq!(month(&studio), 0.06);
    // It is reckoned at the most a picture takes, and settled as it was used.
    let asked = &tasks(&studio, "")[0];
    assert_eq!(
        (&asked["price"], &asked["cost"]),
        (&json!("0.0624"), &json!("0.01"))
    );
    // What is only known afterwards cannot be held to a ceiling.
    let prices = "prices: { voice: { per_1k_output: 0.01 } }";
    hire(&studio, &peer, "openai", &["voice"], prices);
    with_key(&studio, ["run", "t", "--yes", "--until", "audio"])
        .exits(65)
        .says("per_call");
    assert_eq!(peer.heard("speech").len(), 0);
}

#[test]
fn what_was_sent_and_is_wanted_no_more_is_in_doubt() {
    let studio = Studio::two_rooms();
    let peer = Peer::start(|request, _| match request.method.as_str() {
        "POST" => {
            let id = blake3_of(&request.json()["input"]["prompt"].to_string());
            says(json!({"id": id, "status": "starting"}))
        }
        _ => says(json!({"status": "processing"})),
    });
    hire(&studio, &peer, "replicate", &["image"], "");
    let mut run = begun(
        &studio,
        ["run", "t", "--yes", "-q", "--until", "storyboard"],
    );
    // What is asked after is in the journal.
    while peer.heard("/v1/predictions/").len() < 6 {
        assert!(run.try_wait().unwrap().is_none());
        std::thread::yield_now();
    }
    run.kill().unwrap();
    run.wait().unwrap();
    // The house draws them after all.
    let file = studio.read("conf/providers.yaml");
    let (without, _) = file.split_once("roles:").unwrap();
    studio.put("conf/providers.yaml", format!("{without}roles: {{}}\n"));
    with_key(&studio, ["run", "t", "--yes", "--until", "storyboard"]).exits(0);
    assert_eq!(tasks(&studio, "in_doubt").len(), 3);
    assert_eq!(cost(&studio)["spent"], "0.06");
    assert_eq!(month(&studio), 0.06);
}

#[test]
fn a_sliver_of_a_picture_is_none_and_a_gateway_that_fails_is_not_asked_twice() {
    let studio = Studio::two_rooms();
    let sliver = || {
        let mut png = std::io::Cursor::new(Vec::new());
        image::RgbImage::new(16, 9000)
            .write_to(&mut png, image::ImageFormat::Png)
            .unwrap();
        png.into_inner()
    };
    let peer = Peer::start(move |request, _| match request.path.as_str() {
        path if path.starts_with("/files/") => Says::Reply(200, "image/png", sliver()),
        _ => says(json!({"data": [{"url": "/files/x.png"}]})),
    });
    hire(&studio, &peer, "openai", &["image"], "");
    with_key(&studio, ["run", "t", "--yes"])
        .exits(10)
        .says("16x9000");
    let peer = Peer::start(|_, _| Says::Reply(503, "text/plain", b"upstream reset".to_vec()));
    hire(&studio, &peer, "openai", &["image"], "");
    with_key(&studio, ["run", "t", "--yes"])
        .exits(10)
        .says("in doubt");
    assert_eq!(peer.heard("images").len(), 3, "each once");
}

#[test]
fn what_a_run_left_at_its_provider_is_of_the_month() {
    // Killed, and stopped by Ctrl-C: the jobs go on there.
    for signal in ["-KILL", "-INT"] {
        left_at_its_provider(signal);
    }
}

fn left_at_its_provider(signal: &str) {
    let studio = Studio::two_rooms();
    studio
        .run(["new", "--script", "two.txt", "--id", "u"])
        .exits(0);
    let ready = Arc::new(AtomicBool::new(false));
    let done = ready.clone();
    let peer = Peer::start(move |request, _| {
        let goes_on = request.method == "GET" && request.path.starts_with("/v1/predictions/");
        if goes_on && !done.load(Ordering::Relaxed) {
            return says(json!({"status": "processing"}));
        }
        replicate(request, 1)
    });
    hire(&studio, &peer, "replicate", &["image"], INPUTS);
    studio.put("conf/operator.yaml", "budget: { per_month: 0.07 }\n");
    let mut run = begun(
        &studio,
        ["run", "t", "--yes", "-q", "--until", "references"],
    );
    while peer.heard("/v1/predictions/").len() < 6 {
        assert!(run.try_wait().unwrap().is_none());
        std::thread::yield_now();
    }
    let id = run.id().to_string();
    let mut stop = std::process::Command::new("kill");
    assert!(stop.args([signal, &id]).status().unwrap().success());
    run.wait().unwrap();
    // 0.06 of 0.07 are under way in a run that nobody works on.
    with_key(&studio, ["run", "u", "--yes", "--until", "references"])
        .exits(9)
        .says("month");
    ready.store(true, Ordering::Relaxed);
    with_key(&studio, ["run", "t", "--yes", "--until", "references"]).exits(0);
    assert_eq!(month(&studio), 0.06);
    let posts = peer.heard("/v1/predictions");
    assert_eq!(posts.iter().filter(|r| r.method == "POST").count(), 3);
}

#[test]
fn what_fits_once_others_are_settled_is_waited_for() {
    let studio = Studio::two_rooms();
    let peer = Peer::start(replicate);
    hire(
        &studio,
        &peer,
        "replicate",
        &["image"],
        "prices: { image: { per_gpu_second: 0.001 } }",
    );
    // Each is reckoned at 0.03 and metered at 0.002.
    studio.put("conf/operator.yaml", "budget: { per_month: 0.05 }\n");
    with_key(&studio, ["run", "t", "--yes", "--until", "storyboard"]).exits(0);
    assert_eq!(month(&studio), 0.012);
}

#[test]
fn a_damaged_answer_to_a_request_is_no_reason_to_send_it_again() {
    let studio = Studio::two_rooms();
    let submitted: Arc<std::sync::Mutex<Vec<Value>>> = Arc::default();
    let list = submitted.clone();
    let peer = Peer::start(move |request, before| {
        match (request.method.as_str(), request.path.as_str()) {
            ("POST", "/v1/predictions") => {
                let input = request.json()["input"].clone();
                let id = format!("job{}", blake3_of(&input["prompt"].to_string()));
                list.lock().unwrap().push(json!({"id": id, "input": input}));
                match before % 2 {
                    0 => Says::Reply(200, "application/json", b"{\"id\": \"jo".to_vec()),
                    _ => Says::Reply(502, "text/html", b"<html>bad gateway</html>".to_vec()),
                }
            }
            ("GET", "/v1/predictions") => says(json!({"results": list.lock().unwrap().clone()})),
            _ => replicate(request, before),
        }
    });
    hire(&studio, &peer, "replicate", &["image"], INPUTS);
    with_key(&studio, ["run", "t", "--yes", "--until", "storyboard"]).exits(0);
    assert_eq!(submitted.lock().unwrap().len(), 6);
    assert_eq!(month(&studio), 0.12);
}

#[test]
fn a_result_that_comes_late_is_not_paid_again() {
    for missing in ["/v1/predictions/", "/files/"] {
        let studio = Studio::two_rooms();
        let there = Arc::new(AtomicBool::new(false));
        let now = there.clone();
        let peer = Peer::start(move |request, before| {
            if request.path.starts_with(missing) && !now.load(Ordering::SeqCst) {
                return Says::Reply(404, "application/json", b"{}".to_vec());
            }
            replicate(request, before.max(1))
        });
        hire(&studio, &peer, "replicate", &["image"], INPUTS);
        let until = |exit| {
            let args = ["run", "t", "--yes", "--until", "storyboard"];
            with_key(&studio, args).exits(exit)
        };
        until(10);
        assert_eq!(cost(&studio)["spent"], "0.06");
        there.store(true, Ordering::SeqCst);
        let given_up = tasks(&studio, "failed");
        match missing {
            // Where it is not known, the next run looks.
            "/v1/predictions/" => assert_eq!(tasks(&studio, "in_doubt").len(), 3),
            _ => assert_eq!(given_up.len(), 3),
        }
        for task in given_up {
            with_key(
                &studio,
                ["task", "retry", "t", task["id"].as_str().unwrap()],
            )
            .exits(0);
        }
        until(0);
        let posts = peer.heard("/v1/predictions");
        let posts = posts.iter().filter(|r| r.method == "POST").count();
        assert_eq!(posts, 6, "{missing}: three for the cast and three panels");
        assert_eq!(cost(&studio)["spent"], "0.12", "{missing}");
        assert!((month(&studio) - 0.12).abs() < 1e-9, "{missing}");
    }
}

#[test]
fn what_may_have_been_sent_stays_reserved_where_nobody_can_be_asked() {
    let studio = Studio::two_rooms();
    let peer = Peer::start(|request, _| {
        match (request.method.as_str(), request.path.as_str()) {
            ("POST", "/v1/predictions") => std::thread::sleep(Duration::from_secs(3)),
            ("GET", "/v1/predictions") => return Says::Reply(500, "text/plain", Vec::new()),
            _ => {}
        }
        replicate(request, 1)
    });
    hire(&studio, &peer, "replicate", &["image"], INPUTS);
    studio.put("conf/operator.yaml", "budget: { per_month: 0.04 }\n");
    let posts = || {
        let heard = peer.heard("/v1/predictions");
        heard.iter().filter(|r| r.method == "POST").count()
    };
    let mut run = begun(
        &studio,
        ["run", "t", "--yes", "-q", "--until", "references"],
    );
    while posts() < 2 {
        assert!(run.try_wait().unwrap().is_none());
        std::thread::yield_now();
    }
    run.kill().unwrap();
    run.wait().unwrap();
    // Two of three may be under way, and the month holds two.
    with_key(&studio, ["run", "t", "--yes", "--until", "references"]).exits(9);
    assert_eq!(posts(), 2);
}

#[test]
fn a_job_that_was_done_when_it_was_cancelled_is_fetched() {
    let studio = Studio::two_rooms();
    let cancelled = Arc::new(AtomicBool::new(false));
    let done = cancelled.clone();
    let peer = Peer::start(move |request, _| {
        if request.path.ends_with("/cancel") {
            done.store(true, Ordering::SeqCst);
            return says(json!({"status": "succeeded"}));
        }
        let looks = request.path.starts_with("/v1/predictions/");
        if looks && !done.load(Ordering::SeqCst) {
            return says(json!({"status": "processing"}));
        }
        replicate(request, 1)
    });
    hire(&studio, &peer, "replicate", &["image"], INPUTS);
    let mut run = begun(
        &studio,
        ["run", "t", "--yes", "-q", "--until", "references"],
    );
    while peer.heard("/v1/predictions/").len() < 3 {
        assert!(run.try_wait().unwrap().is_none());
        std::thread::yield_now();
    }
    with_key(&studio, ["cancel", "t"]).exits(0);
    run.wait().unwrap();
    with_key(&studio, ["run", "t", "--yes", "--until", "references"]).exits(0);
    let posts = peer.heard("/v1/predictions");
    let posts = posts
        .iter()
        .filter(|r| r.method == "POST" && r.path.ends_with("predictions"));
    assert_eq!(posts.count(), 3);
    assert_eq!(month(&studio), 0.06);
}
