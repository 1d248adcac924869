//! Requests held to what a provider publishes of its own interface, by a server that is made of that.

use crate::studio::{Studio, said};
use serde_json::Value;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};

struct Server {
    child: Child,
    port: u16,
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Server {
    /// Starts it, its Python packages beside the build: they are fetched the first time.
    fn start() -> Server {
        let place = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("target/published");
        let python = place.join("bin/python");
        let ran = |command: &mut Command| assert!(command.status().unwrap().success());
        if !python.exists() {
            ran(Command::new("python3").args(["-m", "venv"]).arg(&place));
        }
        ran(Command::new(&python)
            .args([
                "-m",
                "pip",
                "install",
                "-q",
                "--pre",
                "openai<4",
                "replicate>=2.0.0b1",
            ])
            .args(["pydantic", "pillow"]));
        let mut child = Command::new(&python)
            .arg("-c")
            .arg(include_str!("published.py"))
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        let mut talk = BufReader::new(child.stdout.take().unwrap());
        talk.read_line(&mut line).unwrap();
        let port = line.trim().parse().unwrap();
        Server { child, port }
    }

    fn report(&self) -> Value {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).unwrap();
        stream
            .write_all(b"GET /report HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
            .unwrap();
        let mut text = String::new();
        stream.read_to_string(&mut text).unwrap();
        serde_json::from_str(text.split_once("\r\n\r\n").unwrap().1).unwrap()
    }
}

/// A studio whose roles this server fills.
fn hired(server: &Server, provider: &str, roles: &str) -> Studio {
    let studio = Studio::two_rooms();
    let conf = format!(
        "providers:\n  studio: {{ base_url: \"http://127.0.0.1:{}/v1\", api_key_env: PEER_KEY, prices: free, {provider} }}\nroles: {{ {roles} }}\n",
        server.port
    );
    studio.put("conf/providers.yaml", conf);
    studio
}

fn run(studio: &Studio, args: &[&str]) {
    let mut command = studio.command([]);
    said(command.args(args).env("PEER_KEY", "k").output().unwrap()).exits(0);
}

/// Nothing was wrong, and each of these was asked.
#[track_caller]
fn nothing_wrong(server: &Server, paths: &[&str]) {
    let report = server.report();
    assert_eq!(report["wrong"], serde_json::json!([]));
    for path in paths {
        let count = report["seen"][path].as_u64();
        assert!(count.is_some_and(|n| n > 0), "{path}: {report}");
    }
}

const KITE: [&str; 6] = [
    "inpaint",
    "t",
    "storyboard/s01_020.png",
    "--box",
    "0.2,0.2,0.3,0.3",
    "--prompt",
];

/// `cargo test --test it published -- --ignored`
#[test]
#[ignore = "it fetches Replicate's Python client"]
fn every_job_fits_the_published_types() {
    let server = Server::start();
    let studio = hired(
        &server,
        "kind: replicate, models: { image: owner/name, inpaint: owner/painter, music: owner/composer }, \
         input: { prompt: prompt, negative_prompt: negative_prompt, width: width, height: height, seed: seed, image: image, mask: mask, reference: images, seconds: seconds }, \
         references: true, guide: true",
        "image: studio, inpaint: studio, music: studio",
    );
    run(&studio, &["doctor"]);
    run(&studio, &["run", "t", "--yes"]);
    run(&studio, &[&KITE[..], &["a red kite"]].concat());
    nothing_wrong(&server, &["/predictions", "look"]);
}

/// `cargo test --test it published -- --ignored`
#[test]
#[ignore = "it fetches OpenAI's Python client"]
fn every_request_fits_the_published_types() {
    let server = Server::start();
    let studio = hired(
        &server,
        "kind: openai, models: { text: m, image: m, voice: m, inpaint: m, moderation: m }, voices: { all: alloy }, \
         sizes: [1536x1024, 1024x1024, 1024x1536], references: true, guide: true",
        "image: studio, voice: studio, inpaint: studio, moderation: studio",
    );
    let brief = "A boat leaves the harbour at dawn.";
    run(&studio, &["new", "--brief", brief, "--id", "b"]);
    run(&studio, &["run", "t", "--yes"]);
    run(&studio, &[&KITE[..], &["a red kite"]].concat());
    studio.change(
        "conf/providers.yaml",
        "roles: { ",
        "roles: { text: studio, ",
    );
    let question = "is the second shot dark enough?";
    run(&studio, &["chat", "t", "storyboard", question]);
    nothing_wrong(
        &server,
        &[
            "/images/generations",
            "/images/edits",
            "/audio/speech",
            "/moderations",
            "/chat/completions",
        ],
    );
}

/// A real ComfyUI, without any model: its own nodes load, turn and keep the house's drawing.
/// `GREENLIGHT_COMFYUI=http://127.0.0.1:8188 cargo test --test it a_real_comfyui -- --ignored`
#[test]
#[ignore = "needs a ComfyUI server"]
fn a_real_comfyui_is_given_pictures_and_gives_some_back() {
    let address = std::env::var("GREENLIGHT_COMFYUI").unwrap();
    let studio = Studio::two_rooms();
    let node =
        |class: &str, inputs: Value| serde_json::json!({"class_type": class, "inputs": inputs});
    let flow = serde_json::json!({
        "1": node("LoadImage", serde_json::json!({"image": "example.png"})),
        "2": node("ImageInvert", serde_json::json!({"image": ["1", 0]})),
        "10": node("PreviewImage", serde_json::json!({"images": ["2", 0]})),
        "3": node("SaveImage", serde_json::json!({"images": ["2", 0], "filename_prefix": "greenlight"})),
    });
    studio.put("conf/flow.json", flow.to_string());
    studio.put(
        "conf/providers.yaml",
        format!("providers:\n  comfy: {{ kind: comfyui, base_url: \"{address}\", workflow: conf/flow.json, bind: {{ image: \"1.image\" }}, guide: true }}\nroles: {{ image: comfy }}\n"),
    );
    studio
        .run(["doctor"])
        .exits(0)
        .says("knows the workflow's nodes");
    let before = studio.run(["run", "t", "--yes", "--until", "storyboard"]);
    before.exits(0);
    let tasks = studio.run(["tasks", "t", "--json"]).exits(0).json();
    let tasks = tasks["result"].as_array().unwrap().clone();
    assert!(
        tasks.len() >= 3 && tasks.iter().all(|t| t["status"] == "completed"),
        "{tasks:?}"
    );
    // What the server does not have is told before anything is asked.
    studio.put(
        "conf/flow.json",
        flow.to_string().replace("ImageInvert", "NoSuchNode"),
    );
    let said = studio.command(["doctor"]).output().unwrap();
    let said = String::from_utf8_lossy(&[said.stdout, said.stderr].concat()).into_owned();
    assert!(said.contains("the server has no `NoSuchNode`"), "{said}");
}

/// RunPod's own trial server, with a worker that draws stripes (it forgets a job once it was asked after it, so that
/// nobody may be killed here):
/// `pip install runpod; python tests/it/pod_worker.py --rp_serve_api --rp_api_port 8123`, then
/// `GREENLIGHT_RUNPOD=http://127.0.0.1:8123 cargo test --test it a_real_runpod -- --ignored`
#[test]
#[ignore = "needs RunPod's trial server"]
fn a_real_runpod_worker_is_given_jobs_and_gives_pictures_back() {
    let address = std::env::var("GREENLIGHT_RUNPOD").unwrap();
    let studio = Studio::two_rooms();
    studio.put(
        "conf/providers.yaml",
        format!("providers:\n  pod: {{ kind: runpod, base_url: \"{address}\", models: {{ image: stripes }}, input: {{ prompt: prompt, width: width, height: height, seed: seed }}, output: image, limits: {{ gpu_seconds: 5 }}, prices: {{ image: {{ per_gpu_second: 0.001 }} }} }}\nroles: {{ image: pod }}\n"),
    );
    studio
        .run(["run", "t", "--yes", "--until", "storyboard"])
        .exits(0);
    let tasks = studio.run(["tasks", "t", "--json"]).exits(0).json();
    for task in tasks["result"].as_array().unwrap() {
        assert_eq!(
            (&task["status"], &task["attempts"]),
            (&"completed".into(), &1.into()),
            "{task}"
        );
    }
}
