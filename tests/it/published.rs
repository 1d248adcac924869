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
            .args(["-m", "pip", "install", "-q", "openai", "pydantic", "pillow"]));
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

/// `cargo test --test it published -- --ignored`
#[test]
#[ignore = "it fetches OpenAI's Python client"]
fn every_request_fits_the_published_types() {
    let server = Server::start();
    let studio = Studio::two_rooms();
    studio.put(
        "conf/providers.yaml",
        format!(
            "providers:\n  studio:\n    kind: openai\n    base_url: \"http://127.0.0.1:{}/v1\"\n    api_key_env: PEER_KEY\n    models: {{ text: m, image: m, voice: m, inpaint: m, moderation: m }}\n    voices: {{ all: alloy }}\n    sizes: [1536x1024, 1024x1024, 1024x1536]\n    references: true\n    guide: true\n    prices: free\nroles: {{ image: studio, voice: studio, inpaint: studio, moderation: studio }}\n",
            server.port
        ),
    );
    let run = |args: &[&str]| {
        let mut command = studio.command([]);
        said(command.args(args).env("PEER_KEY", "k").output().unwrap()).exits(0)
    };
    run(&[
        "new",
        "--brief",
        "A boat leaves the harbour at dawn.",
        "--id",
        "b",
    ]);
    run(&["run", "t", "--yes"]);
    run(&[
        "inpaint",
        "t",
        "storyboard/s01_020.png",
        "--box",
        "0.2,0.2,0.3,0.3",
        "--prompt",
        "a red kite",
    ]);
    let conf = studio
        .read("conf/providers.yaml")
        .replace("roles: { ", "roles: { text: studio, ");
    studio.put("conf/providers.yaml", conf);
    run(&["chat", "t", "storyboard", "is the second shot dark enough?"]);
    let report = server.report();
    assert_eq!(report["wrong"], serde_json::json!([]));
    for path in [
        "/images/generations",
        "/images/edits",
        "/audio/speech",
        "/moderations",
        "/chat/completions",
    ] {
        assert!(
            report["seen"][path].as_u64().is_some_and(|n| n > 0),
            "{path}: {report}"
        );
    }
}
