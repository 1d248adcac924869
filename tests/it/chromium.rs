//! A page in a real browser without a window, spoken to over its own debugging protocol.

use serde_json::{Value, json};
use std::io::{BufRead, BufReader, Write};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};
use tungstenite::{Message, WebSocket};

pub(crate) struct Browser {
    child: Child,
    socket: WebSocket<TcpStream>,
    session: String,
    next: u64,
    /// Errors the page printed or threw.
    pub(crate) errors: Vec<String>,
    _profile: tempfile::TempDir,
}

impl Browser {
    /// Opens a page; `None`, with a word, where this machine has no Chromium.
    pub(crate) fn open(url: &str, width: u32, height: u32) -> Option<Browser> {
        let profile = tempfile::tempdir().unwrap();
        let names = ["chromium", "chromium-browser", "google-chrome"];
        let started = names.into_iter().find_map(|name| {
            Command::new(name)
                .args([
                    "--headless=new",
                    "--no-sandbox",
                    "--disable-gpu",
                    "--disable-dev-shm-usage",
                    "--disable-background-networking",
                    "--no-first-run",
                    "--remote-debugging-port=0",
                    "about:blank",
                ])
                .arg(format!("--user-data-dir={}", profile.path().display()))
                .arg(format!("--window-size={width},{height}"))
                .stdout(Stdio::null())
                .stderr(Stdio::piped())
                .spawn()
                .ok()
        });
        let Some(mut child) = started else {
            let said = b"no Chromium on this machine: this test tried nothing\n";
            // Nobody to tell is no reason to fail.
            let _ = std::io::stderr().write_all(said);
            return None;
        };
        let mut talk = BufReader::new(child.stderr.take().unwrap());
        let address = loop {
            let mut line = String::new();
            assert!(talk.read_line(&mut line).unwrap() > 0, "Chromium went away");
            if let Some(address) = line.trim().strip_prefix("DevTools listening on ") {
                break address.to_owned();
            }
        };
        // It blocks once nobody reads what it has to say.
        std::thread::spawn(move || std::io::copy(&mut talk, &mut std::io::sink()));
        let host = address["ws://".len()..].split('/').next().unwrap();
        let stream = TcpStream::connect(host).unwrap();
        let (socket, _) = tungstenite::client(address.as_str(), stream).unwrap();
        let mut browser = Browser {
            child,
            socket,
            session: String::new(),
            next: 0,
            errors: Vec::new(),
            _profile: profile,
        };
        let page = browser.call("Target.createTarget", json!({"url": "about:blank"}));
        let target = json!({"targetId": page["targetId"], "flatten": true});
        let attached = browser.call("Target.attachToTarget", target);
        browser.session = attached["sessionId"].as_str().unwrap().to_owned();
        for domain in ["Runtime", "Page", "Log"] {
            browser.call(&format!("{domain}.enable"), json!({}));
        }
        browser.size(width, height);
        browser.go(url);
        Some(browser)
    }

    pub(crate) fn size(&mut self, width: u32, height: u32) {
        let size =
            json!({"width": width, "height": height, "deviceScaleFactor": 1, "mobile": false});
        self.call("Emulation.setDeviceMetricsOverride", size);
    }

    pub(crate) fn dark(&mut self, dark: bool) {
        let scheme = if dark { "dark" } else { "light" };
        let features = json!({"features": [{"name": "prefers-color-scheme", "value": scheme}]});
        self.call("Emulation.setEmulatedMedia", features);
    }

    pub(crate) fn go(&mut self, url: &str) {
        self.call("Page.navigate", json!({"url": url}));
        self.until("document.readyState === 'complete' && location.href !== 'about:blank'");
    }

    #[track_caller]
    fn call(&mut self, method: &str, params: Value) -> Value {
        match self.attempt(method, params) {
            Ok(result) => result,
            Err(error) => panic!("{method}: {error}"),
        }
    }

    /// `Err` is what the browser has against it.
    fn attempt(&mut self, method: &str, params: Value) -> Result<Value, Value> {
        self.next += 1;
        let id = self.next;
        let mut message = json!({"id": id, "method": method, "params": params});
        if !self.session.is_empty() {
            message["sessionId"] = self.session.clone().into();
        }
        self.socket
            .send(Message::text(message.to_string()))
            .unwrap();
        loop {
            let Message::Text(text) = self.socket.read().unwrap() else {
                continue;
            };
            let heard: Value = serde_json::from_str(&text).unwrap();
            if heard["id"] == id {
                return match heard["error"].is_null() {
                    true => Ok(heard["result"].clone()),
                    false => Err(heard["error"].clone()),
                };
            }
            let params = &heard["params"];
            let wrong = match heard["method"].as_str() {
                Some("Runtime.exceptionThrown") => true,
                Some("Runtime.consoleAPICalled") => params["type"] == "error",
                Some("Log.entryAdded") => params["entry"]["level"] == "error",
                _ => false,
            };
            if wrong {
                self.errors.push(params.to_string());
            }
        }
    }

    /// What an expression comes to on the page.
    #[track_caller]
    pub(crate) fn eval(&mut self, expression: &str) -> Value {
        let params = json!({"expression": expression, "awaitPromise": true, "returnByValue": true});
        let answer = self.call("Runtime.evaluate", params);
        assert!(
            answer["exceptionDetails"].is_null(),
            "{expression}: {answer}"
        );
        answer["result"]["value"].clone()
    }

    /// Waits until an expression is true on the page, over reloads.
    #[track_caller]
    pub(crate) fn until(&mut self, expression: &str) {
        let params = json!({"expression": format!("Boolean({expression})"), "returnByValue": true});
        for _ in 0..1200 {
            // A page that is just being left answers nothing.
            let answer = self.attempt("Runtime.evaluate", params.clone());
            if answer.is_ok_and(|a| a["result"]["value"] == true) {
                return;
            }
            std::thread::sleep(std::time::Duration::from_millis(50));
        }
        let shown = self.eval("document.body.innerText.slice(0, 1500)");
        panic!("it never came: {expression}\n{:?}\n{shown}", self.errors);
    }

    /// Clicks in the middle of an element, as a person does.
    #[track_caller]
    pub(crate) fn click(&mut self, selector: &str) {
        let middle = format!(
            "(() => {{ const e = document.querySelector({selector:?}); e.scrollIntoView({{block: 'center'}}); const r = e.getBoundingClientRect(); const at = [r.left + r.width / 2, r.top + r.height / 2]; const hit = document.elementFromPoint(...at); return hit && (e.contains(hit) || hit.contains(e)) ? at : null; }})()"
        );
        // Where pictures still arrive, things move: nobody clicks on what does not stand still.
        let mut before = Value::Null;
        for _ in 0..200 {
            let place = self.eval(&middle);
            if !place.is_null() && place == before {
                let (x, y) = (place[0].as_f64().unwrap(), place[1].as_f64().unwrap());
                return self.drag(&[(x, y)]);
            }
            before = place;
            std::thread::sleep(std::time::Duration::from_millis(20));
        }
        panic!("{selector} does not stand still");
    }

    /// Where an element lies once it stands still: left, top, width, height.
    pub(crate) fn place(&mut self, selector: &str) -> [f64; 4] {
        let still = format!(
            "new Promise((done) => {{ let last = '', same = 0; const look = () => {{ const r = document.querySelector({selector:?}).getBoundingClientRect(); const now = [r.left, r.top, r.width, r.height]; same = String(now) === last ? same + 1 : 0; last = String(now); same > 3 ? done(now) : requestAnimationFrame(look); }}; look(); }})"
        );
        let at = self.eval(&still);
        [0, 1, 2, 3].map(|i| at[i].as_f64().unwrap())
    }

    /// Presses the mouse, goes where it is led, and lets go.
    pub(crate) fn drag(&mut self, path: &[(f64, f64)]) {
        let mut mouse = |kind: &str, (x, y): (f64, f64)| {
            self.call(
                "Input.dispatchMouseEvent",
                json!({"type": kind, "x": x, "y": y, "button": "left", "buttons": 1, "clickCount": 1}),
            );
        };
        mouse("mousePressed", path[0]);
        for at in &path[1..] {
            mouse("mouseMoved", *at);
        }
        mouse("mouseReleased", path[path.len() - 1]);
    }

    /// Types into an element.
    pub(crate) fn fill(&mut self, selector: &str, text: &str) {
        self.eval(&format!("document.querySelector({selector:?}).focus()"));
        self.call("Input.insertText", json!({"text": text}));
    }

    /// The visible words whose contrast with what is behind them is under 4.5 : 1 (3 : 1 for large ones), by WCAG.
    pub(crate) fn too_faint(&mut self) -> Vec<String> {
        let found = self.eval(CONTRAST);
        serde_json::from_value(found).unwrap()
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        // It may have gone by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

const CONTRAST: &str = r#"(() => {
  const channels = (c) => (c.match(/[\d.]+/g) || []).map(Number);
  const light = (c) => { const [r, g, b] = c.map((v) => { v /= 255; return v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4; }); return 0.2126 * r + 0.7152 * g + 0.0722 * b; };
  const ground = (e) => { for (; e; e = e.parentElement) { const c = channels(getComputedStyle(e).backgroundColor); if (c.length === 3 || c[3] > 0.99) return c.slice(0, 3); } return [255, 255, 255]; };
  const faint = [];
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const e = walk.currentNode.parentElement, text = walk.currentNode.textContent.trim();
    if (!text || ["SCRIPT", "STYLE", "OPTION"].includes(e.tagName) || e.closest("svg") || !e.checkVisibility() || e.disabled) continue;
    const style = getComputedStyle(e), a = light(channels(style.color).slice(0, 3)), b = light(ground(e));
    const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05), size = parseFloat(style.fontSize);
    if (ratio < (size >= 24 || (size >= 18.6 && style.fontWeight >= 600) ? 3 : 4.5)) faint.push(text.slice(0, 40) + " " + ratio.toFixed(2));
  }
  return faint;
})()"#;
