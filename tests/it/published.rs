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
