//! A provider on the loopback that says what a test tells it to, and counts what it is asked.

use serde_json::{Value, json};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// A request as it came.
#[derive(Debug, Clone)]
pub(crate) struct Heard {
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) head: String,
    pub(crate) body: Vec<u8>,
}

impl Heard {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or(Value::Null)
    }
}

/// What it says to a request.
#[derive(Debug, Clone)]
pub(crate) enum Says {
    Reply(u16, &'static str, Vec<u8>),
    With(u16, String, Vec<u8>),
    /// Hears it and hangs up.
    Nothing,
    /// Says that more comes than does.
    Half(Vec<u8>),
    /// A status and headers, and a length that is not that of what comes.
    Cut(u16, String, Vec<u8>, usize),
}

pub(crate) fn says(value: Value) -> Says {
    Says::Reply(200, "application/json", value.to_string().into_bytes())
}

pub(crate) struct Peer {
    pub(crate) port: u16,
    heard: Arc<Mutex<Vec<Heard>>>,
}

impl Peer {
    /// `answer` is given the request and how many came before it on the same path.
    pub(crate) fn start(answer: impl Fn(&Heard, usize) -> Says + Send + Sync + 'static) -> Peer {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let heard: Arc<Mutex<Vec<Heard>>> = Arc::default();
        let (list, answer) = (heard.clone(), Arc::new(answer));
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (list, answer) = (list.clone(), answer.clone());
                std::thread::spawn(move || {
                    let Some(request) = read(&stream) else { return };
                    let before = {
                        let mut list = list.lock().unwrap();
                        let before = list.iter().filter(|h| h.path == request.path).count();
                        list.push(request.clone());
                        before
                    };
                    say(stream, answer(&request, before));
                });
            }
        });
        Peer { port, heard }
    }

    pub(crate) fn url(&self) -> String {
        format!("http://127.0.0.1:{}/v1", self.port)
    }

    /// Its name in a configuration: no two tests share places at it.
    pub(crate) fn name(&self) -> String {
        format!("peer{}", self.port)
    }

    pub(crate) fn heard(&self, path: &str) -> Vec<Heard> {
        let list = self.heard.lock().unwrap();
        list.iter()
            .filter(|h| h.path.contains(path))
            .cloned()
            .collect()
    }
}

fn read(stream: &TcpStream) -> Option<Heard> {
    stream
        .set_read_timeout(Some(Duration::from_secs(20)))
        .ok()?;
    let mut reader = BufReader::new(stream.try_clone().ok()?);
    let mut first = String::new();
    reader.read_line(&mut first).ok()?;
    let mut words = first.split_whitespace();
    let (method, path) = (words.next()?.to_owned(), words.next()?.to_owned());
    let mut head = String::new();
    let mut length = 0;
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line).ok()? == 0 || line.trim().is_empty() {
            break;
        }
        if let Some(n) = line.to_lowercase().strip_prefix("content-length:") {
            length = n.trim().parse().ok()?;
        }
        head.push_str(&line);
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    Some(Heard {
        method,
        path,
        head,
        body,
    })
}

fn say(mut stream: TcpStream, what: Says) {
    let reply = |status: u16, headers: &str, body: &[u8], length: usize| {
        let mut out = format!(
            "HTTP/1.1 {status} X\r\ncontent-length: {length}\r\nconnection: close\r\n{headers}\r\n"
        )
        .into_bytes();
        out.extend_from_slice(body);
        out
    };
    let out = match what {
        Says::Reply(status, kind, body) => reply(
            status,
            &format!("content-type: {kind}\r\n"),
            &body,
            body.len(),
        ),
        Says::With(status, headers, body) => reply(status, &headers, &body, body.len()),
        Says::Nothing => return,
        Says::Cut(status, headers, body, length) => reply(status, &headers, &body, length),
        Says::Half(body) => reply(
            200,
            "content-type: application/json\r\n",
            &body,
            body.len() * 2,
        ),
    };
    // Whoever was killed listens no more.
    let _ = stream.write_all(&out);
}

/// A picture whose colour comes from the words it was asked for.
pub(crate) fn picture(words: &str) -> Vec<u8> {
    let seed = words
        .bytes()
        .fold(7u32, |h, b| h.wrapping_mul(31).wrapping_add(u32::from(b)));
    let at = |x: u32, y: u32| {
        let stripe = ((x / 8 + y / 6) % 2 * 90) as u8;
        image::Rgb([
            (seed >> 3) as u8 / 2 + stripe,
            (seed >> 11) as u8 / 2 + stripe,
            60 + stripe,
        ])
    };
    let picture = image::RgbImage::from_fn(96, 64, at);
    let mut out = std::io::Cursor::new(Vec::new());
    picture.write_to(&mut out, image::ImageFormat::Png).unwrap();
    out.into_inner()
}

pub(crate) fn base64(bytes: &[u8]) -> String {
    const SIGNS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::new();
    for chunk in bytes.chunks(3) {
        let n = chunk.iter().fold(0u32, |n, b| n << 8 | u32::from(*b)) << (8 * (3 - chunk.len()));
        for i in 0..4 {
            match i <= chunk.len() {
                true => out.push(SIGNS[(n >> (18 - 6 * i) & 63) as usize] as char),
                false => out.push('='),
            }
        }
    }
    out
}

/// What an OpenAI-like provider says to a request for a picture.
pub(crate) fn drawn(request: &Heard) -> Says {
    let words = match request.json()["prompt"].as_str() {
        Some(words) => words.to_owned(),
        None => String::from_utf8_lossy(&request.body)
            .chars()
            .take(3000)
            .collect(),
    };
    says(json!({"created": 1, "data": [{"b64_json": base64(&picture(&words))}], "usage": {}}))
}

/// A second of a tone as a WAV file.
pub(crate) fn tone(seconds: f64) -> Vec<u8> {
    let mut out = std::io::Cursor::new(Vec::new());
    let spec = hound::WavSpec {
        channels: 1,
        sample_rate: 24_000,
        bits_per_sample: 16,
        sample_format: hound::SampleFormat::Int,
    };
    let mut wav = hound::WavWriter::new(&mut out, spec).unwrap();
    for i in 0..(seconds * 24_000.0) as usize {
        wav.write_sample(((i as f64 * 0.06).sin() * 9000.0) as i16)
            .unwrap();
    }
    wav.finalize().unwrap();
    out.into_inner()
}
