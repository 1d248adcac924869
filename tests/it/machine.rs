//! What scripts rely on: JSON, schemas, events, exit codes, batches, hooks.

use crate::studio::{Studio, said};
use serde_json::Value;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpListener;
use std::time::Duration;

#[track_caller]
fn fits(studio: &Studio, schema: &str, value: &Value) {
    let printed = studio.run(["schema", schema]).exits(0);
    let schema_json: Value = serde_json::from_str(&printed.out).unwrap();
    let validator = jsonschema::validator_for(&schema_json).unwrap();
    let wrong: Vec<String> = validator
        .iter_errors(value)
        .map(|e| format!("{}: {e}", e.instance_path()))
        .collect();
    assert!(wrong.is_empty(), "{schema}: {wrong:#?}\n{value}");
}

fn yaml(text: &str) -> Value {
    serde_yaml::from_str(text).unwrap()
}

#[test]
fn everything_printed_and_written_fits_its_schema() {
    let studio = Studio::at("done");
    for (schema, file) in [
        ("run", "run.yaml"),
        ("outline", "outline.yaml"),
        ("references", "references.yaml"),
        ("storyboard", "storyboard.yaml"),
        ("assets", "assets.yaml"),
        ("audio", "audio.yaml"),
        ("version", "versions/storyboard/1.yaml"),
    ] {
        let mut value = yaml(&studio.read(&format!("runs/t/{file}")));
        if schema == "version" {
            // These two are the file's own, around the version.
            value.as_object_mut().unwrap().remove("schema");
            value.as_object_mut().unwrap().remove("at");
        }
        fits(&studio, schema, &value);
    }
    fits(&studio, "gate", &studio.gate("storyboard"));
    let status = studio.run(["status", "t", "--json"]).exits(0).json();
    fits(&studio, "output", &status);
    fits(&studio, "status", &status["result"]);
    let types = studio.run(["patch", "types", "--json"]).exits(0).json();
    for kind in types["result"].as_array().unwrap() {
        fits(&studio, "patch", &kind["example"]);
    }
    // What is wrong fits no schema.
    let schema: Value = serde_json::from_str(&studio.run(["schema", "outline"]).out).unwrap();
    let bad = serde_json::json!({"schema": 1, "beats": 7});
    assert!(!jsonschema::validator_for(&schema).unwrap().is_valid(&bad));
    studio
        .run(["schema", "storybord"])
        .exits(8)
        .says("did you mean `storyboard`");
    // Every command answers in the same shape, and so does every error.
    for args in [
        &["list"][..],
        &["versions", "t", "script"],
        &["gate", "show", "t", "audio"],
        &["gate", "decisions", "--all"],
        &["gate", "settle", "t"],
        &["take", "list", "t", "storyboard"],
        &["diff", "t", "script", "source"],
        &["plan", "t"],
        &["why", "t", "storyboard/s01_010.png"],
        &["stats", "--all"],
        &["log", "t"],
        &["template", "list"],
        &["config", "show"],
        &["schema"],
        &["status", "nobody"],
        &["gate", "approve", "t", "nothing"],
        &["restore", "t", "script", "99"],
        &["undo", "t", "script"],
        &["patch", "t", "script", "no.json"],
        &["resolve", "t", "script", "--take", "mine"],
        &["new", "--script", "no.txt"],
        &["batch", "no.jsonl"],
    ] {
        let mut command = studio.command(["--json"]);
        let said = said(command.args(args).output().unwrap());
        let value = said.json();
        fits(&studio, "output", &value);
        assert_eq!(value["ok"], said.code == 0, "{args:?}");
        let exit = value["error"]["exit"].as_i64().unwrap_or(0);
        assert_eq!(exit, i64::from(said.code), "{args:?}");
        if said.code != 0 {
            assert!(value["error"]["problems"][0]["message"].is_string());
        }
    }
}

#[test]
fn a_run_tells_its_events_in_order() {
    let studio = Studio::two_rooms();
    let said = studio.run(["run", "t", "--yes", "--json"]).exits(0);
    let events: Vec<Value> = said
        .out
        .lines()
        .map(|l| serde_json::from_str(l).unwrap())
        .collect();
    let mut journal = 0;
    for (i, event) in events.iter().enumerate() {
        fits_once(&studio, event);
        assert_eq!(event["seq"], i as u64 + 1);
        assert!(event["journal"].as_u64().unwrap() >= journal);
        journal = event["journal"].as_u64().unwrap();
    }
    let names: Vec<&str> = events
        .iter()
        .map(|e| e["event"].as_str().unwrap())
        .collect();
    for name in [
        "run.started",
        "stage.started",
        "item.started",
        "item.done",
        "stage.completed",
        "gate.opened",
        "gate.decided",
        "render.planned",
        "progress",
        "summary",
    ] {
        assert!(names.contains(&name), "{name}");
    }
    assert_eq!(
        (names[0], *names.last().unwrap()),
        ("run.started", "summary")
    );
    let completed = events
        .iter()
        .find(|e| e["event"] == "stage.completed")
        .unwrap();
    assert!(completed["version"].is_u64() && completed["files"].is_array());
    // A failure is an event too, and the summary names it.
    studio.put("runs/t/outline.yaml", "beats: [");
    let said = studio.run(["run", "t", "--json"]).exits(65);
    let events: Vec<Value> = said
        .out
        .lines()
        .map(|l| serde_json::from_str(l).unwrap())
        .collect();
    let error = events.iter().find(|e| e["event"] == "error").unwrap();
    assert!(
        error["problems"][0]["at"]
            .as_str()
            .unwrap()
            .contains("outline.yaml:")
    );
    assert_eq!(events.last().unwrap()["exit"], 65);
}

fn fits_once(studio: &Studio, event: &Value) {
    use std::sync::OnceLock;
    static VALIDATOR: OnceLock<jsonschema::Validator> = OnceLock::new();
    let validator = VALIDATOR.get_or_init(|| {
        let schema: Value = serde_json::from_str(&studio.run(["schema", "event"]).out).unwrap();
        jsonschema::validator_for(&schema).unwrap()
    });
    assert!(validator.is_valid(event), "{event}");
}

#[test]
fn a_batch_is_checked_whole_and_goes_on_where_it_was() {
    let studio = Studio::new();
    studio.put("two.txt", crate::studio::TWO_ROOMS);
    studio.put(
        "bad.jsonl",
        "{\"id\":\"a\",\"script\":\"two.txt\"}\n{\"id\":\"b\",\"script\":\"two.txt\",\"colour\":1}\n{\"id\":\"c\"}\n{\"id\":\"a\",\"script\":\"two.txt\"}\n{\"id\":\"d\",\"script\":\"two.txt\",\"fps\":\"x\",\"fps\":\"y\"}\n",
    );
    let bad = studio
        .run(["batch", "bad.jsonl", "--json"])
        .exits(65)
        .json();
    let problems = bad["error"]["problems"].as_array().unwrap();
    let lines: Vec<&str> = problems.iter().map(|p| p["at"].as_str().unwrap()).collect();
    assert!(
        lines[0].starts_with("bad.jsonl:2") && lines[3].starts_with("bad.jsonl:5"),
        "{lines:?}"
    );
    assert!(
        !studio.path("runs/a").exists(),
        "nothing is made of a batch that is not whole"
    );
    studio.put(
        "good.jsonl",
        "{\"id\":\"a\",\"script\":\"two.txt\",\"seed\":5}\n\n{\"title\":\"Named\",\"script\":\"two.txt\",\"set\":{\"tone\":\"calm\"}}\n",
    );
    let lines = |said: &crate::studio::Said| -> Vec<Value> {
        said.out
            .lines()
            .map(|l| serde_json::from_str(l).unwrap())
            .collect()
    };
    let first = studio.run(["batch", "good.jsonl"]).exits(3);
    assert_eq!(lines(&first).len(), 3);
    assert!(lines(&first).iter().take(2).all(|l| l["exit"] == 3));
    // One is rejected by a person: mixed outcomes have one code.
    studio
        .run(["gate", "reject", "a", "outline", "--note", "no"])
        .exits(0);
    let mixed = studio.run(["batch", "good.jsonl", "--yes"]).exits(4);
    let of = |lines: &[Value], run: &str| {
        lines
            .iter()
            .find(|l| l["run"].as_str().is_some_and(|r| r.starts_with(run)))
            .cloned()
            .unwrap()
    };
    assert_eq!(of(&lines(&mixed), "a")["exit"], 4);
    let named = of(&lines(&mixed), "named");
    assert_eq!(named["exit"], 0);
    let film = std::path::PathBuf::from(named["film"].as_str().unwrap());
    let bytes = std::fs::read(&film).unwrap();
    studio
        .run(["gate", "approve", "a", "outline", "--override"])
        .exits(0);
    let journal = studio.bytes(&format!(
        "runs/{}/journal.jsonl",
        named["run"].as_str().unwrap()
    ));
    let done = studio.run(["batch", "good.jsonl", "--yes"]).exits(0);
    assert_eq!(lines(&done).last().unwrap()["done"], 2);
    assert!(std::fs::read(&film).unwrap() == bytes);
    let after = studio.bytes(&format!(
        "runs/{}/journal.jsonl",
        named["run"].as_str().unwrap()
    ));
    assert!(after == journal, "what is finished is passed over");
    studio.run(["batch", "nothing.jsonl"]).exits(8);
}

/// Answers posts on loopback: the first with 500, the others with 200. Returns heads and bodies.
fn listener(count: usize) -> (String, std::thread::JoinHandle<Vec<(String, String)>>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!(
        "http://{}/hook?token=secret",
        listener.local_addr().unwrap()
    );
    let thread = std::thread::spawn(move || {
        let mut heard = Vec::new();
        for i in 0..count {
            let (mut stream, _) = listener.accept().unwrap();
            stream
                .set_read_timeout(Some(Duration::from_secs(20)))
                .unwrap();
            let mut reader = BufReader::new(stream.try_clone().unwrap());
            let mut head = String::new();
            loop {
                let mut line = String::new();
                reader.read_line(&mut line).unwrap();
                if line.trim().is_empty() {
                    break;
                }
                head.push_str(&line);
            }
            let length: usize = head
                .lines()
                .find_map(|l| {
                    l.to_lowercase()
                        .strip_prefix("content-length:")?
                        .trim()
                        .parse()
                        .ok()
                })
                .unwrap();
            let mut body = vec![0; length];
            reader.read_exact(&mut body).unwrap();
            heard.push((head, String::from_utf8(body).unwrap()));
            let status = if i == 0 { "500 No" } else { "200 OK" };
            write!(
                stream,
                "HTTP/1.1 {status}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"
            )
            .unwrap();
        }
        heard
    });
    (url, thread)
}

#[test]
fn hooks_are_posted_signed_and_tried_again() {
    let studio = Studio::two_rooms();
    let (url, thread) = listener(2);
    studio.put(
        "conf/operator.yaml",
        format!("hooks:\n  - {{ on: [gate.opened], post: \"{url}\", secret_env: HOOK_SECRET }}\n"),
    );
    let mut command = studio.command(["run", "t"]);
    let said = said(command.env("HOOK_SECRET", "pier").output().unwrap()).exits(3);
    assert!(!said.err.contains("hook"), "{}", said.err);
    let heard = thread.join().unwrap();
    assert_eq!(heard[0].1, heard[1].1, "the same event again after a fault");
    let event: Value = serde_json::from_str(&heard[1].1).unwrap();
    assert_eq!(
        (event["event"].as_str(), event["run"].as_str()),
        (Some("gate.opened"), Some("t"))
    );
    let signed = greenlight::providers::webhook::signature(b"pier", heard[1].1.as_bytes());
    assert!(heard[1].0.contains(&signed), "{}", heard[1].0);
}

#[test]
fn a_failing_hook_is_reported_and_stops_nothing() {
    let studio = Studio::two_rooms();
    // Nobody listens there.
    let port = TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap()
        .port();
    studio.put(
        "conf/operator.yaml",
        format!(
            "hooks:\n  - {{ on: [run.completed], post: \"http://127.0.0.1:{port}/secret-path\" }}\n  - {{ on: [run.completed], exec: [\"false\"] }}\n  - {{ on: [run.completed, stage.completed], exec: [sh, -c, \"cat >> heard; echo >> heard\"] }}\n  - {{ on: [run.completed], post: \"http://127.0.0.1:{port}/\", secret_env: NOT_SET }}\n"
        ),
    );
    let said = studio.run(["run", "t", "--yes"]).exits(0);
    assert!(
        said.err.contains(&format!("127.0.0.1:{port}")),
        "{}",
        said.err
    );
    assert!(
        !said.err.contains("secret-path"),
        "an address may hold a token"
    );
    assert!(
        said.err.contains("false") && said.err.contains("$NOT_SET"),
        "{}",
        said.err
    );
    let heard = studio.read("heard");
    let last: Value = heard
        .lines()
        .map(|l| serde_json::from_str::<Value>(l).unwrap())
        .find(|e| e["event"] == "run.completed")
        .unwrap();
    assert!(last["film"].as_str().unwrap().ends_with("film.mp4"));
    assert_eq!(
        heard
            .lines()
            .filter(|l| l.contains("stage.completed"))
            .count(),
        7
    );
    for bad in [
        "{ on: [nothing], exec: [x] }",
        "{ on: [gate.opened], post: \"ftp://x\" }",
        "{ on: [gate.opened] }",
        "{ on: [gate.opened], exec: [] }",
    ] {
        studio.put("conf/operator.yaml", format!("hooks: [{bad}]\n"));
        studio.run(["config", "check"]).exits(65);
    }
}

#[test]
fn a_run_is_cancelled_from_another_shell_and_resumed() {
    let studio = Studio::two_rooms();
    studio.put(
        "conf/operator.yaml",
        "hooks:\n  - { on: [run.cancelled], exec: [sh, -c, \"cat > heard\"] }\n",
    );
    let mut child = studio
        .command(["run", "t", "--wait", "-q"])
        .spawn()
        .unwrap();
    while !studio.path("runs/t/gates/outline.json").exists() {
        std::thread::sleep(Duration::from_millis(5));
    }
    studio.run(["cancel", "t"]).exits(0);
    assert_eq!(child.wait().unwrap().code(), Some(130));
    assert!(studio.read("heard").contains("run.cancelled"));
    let status = studio.run(["status", "t", "--json"]).exits(0).json();
    assert_eq!(status["result"]["status"], "cancelled");
    assert_eq!(
        studio.run(["cancel", "t", "--json"]).exits(0).json()["changed"],
        false
    );
    studio.run(["resume", "t", "--yes"]).exits(0);
    let status = studio.run(["status", "t", "--json"]).exits(0).json();
    assert_eq!(status["result"]["status"], "completed");
}

#[cfg(unix)]
#[test]
fn signals_have_their_own_codes() {
    for (signal, code) in [("-TERM", 143), ("-HUP", 129), ("-INT", 130)] {
        let studio = Studio::two_rooms();
        let mut child = studio
            .command(["run", "t", "--wait", "-q"])
            .spawn()
            .unwrap();
        while !studio.path("runs/t/gates/outline.json").exists() {
            std::thread::sleep(Duration::from_millis(5));
        }
        let pid = child.id().to_string();
        std::process::Command::new("kill")
            .args([signal, &pid])
            .status()
            .unwrap();
        assert_eq!(child.wait().unwrap().code(), Some(code), "{signal}");
    }
}

#[test]
fn a_plan_names_what_and_why_and_why_names_what_made_it() {
    let studio = Studio::at("storyboard");
    let plan = studio.run(["plan", "t", "--json"]).exits(0).json();
    let stages: Vec<&str> = plan["result"]["stages"]
        .as_array()
        .unwrap()
        .iter()
        .map(|s| s["stage"].as_str().unwrap())
        .collect();
    assert_eq!(stages, ["storyboard", "assets", "audio", "render"]);
    studio.run(["gate", "approve", "t", "storyboard"]).exits(0);
    studio.change(
        "runs/t/storyboard.yaml",
        "Anna works at a desk.",
        "Anna reads at a desk.",
    );
    std::fs::remove_file(studio.path("runs/t/storyboard/s02_010.png")).unwrap();
    let plan = studio.run(["plan", "t", "--json"]).exits(0).json();
    let items = plan["result"]["stages"][0]["items"].as_array().unwrap();
    let why: Vec<String> = items
        .iter()
        .map(|i| {
            format!(
                "{} {}",
                i["item"].as_str().unwrap(),
                i["why"].as_str().unwrap()
            )
        })
        .collect();
    assert_eq!(why, ["s01_010 changed: prompt", "s02_010 not there"]);
    assert_eq!(plan["result"]["price"], "0.00");
    let takes = studio.journal("t", "take").len();
    studio.run(["run", "t"]).exits(3);
    assert_eq!(
        studio.journal("t", "take").len(),
        takes + 1,
        "the other take lies there still"
    );
    let why = studio
        .run(["why", "t", "storyboard/s01_010.png", "--json"])
        .exits(0)
        .json();
    let why = &why["result"];
    assert_eq!(
        (why["item"].as_str(), why["take"].as_u64()),
        (Some("s01_010"), Some(2))
    );
    assert_eq!(why["made_from"]["prompt"], "Anna reads at a desk.");
    assert_eq!(why["provider"], "animatic");
    assert!(why["depends_on"].to_string().contains("storyboard.yaml"));
    studio.put(
        "runs/t/storyboard/s01_020.png",
        studio.bytes("runs/t/storyboard/s02_010.png"),
    );
    studio
        .run(["gate", "approve", "t", "storyboard", "--as", "ines"])
        .exits(0);
    let why = studio
        .run(["why", "t", "runs/t/storyboard/s01_020.png", "--json"])
        .exits(0)
        .json();
    assert_eq!(why["result"]["made_by"], "tester");
    assert_eq!(why["result"]["approval"]["by"], "ines");
    assert_eq!(why["result"]["edits"].as_array().unwrap().len(), 1);
    let why = studio
        .run(["why", "t", "references/anna.png", "--json"])
        .exits(0)
        .json();
    assert_eq!(
        why["result"]["needed_by"],
        serde_json::json!(["storyboard/s01_010.png", "storyboard/s02_010.png"])
    );
    studio
        .run(["why", "t", "storyboard/s01_01.png"])
        .exits(8)
        .says("did you mean");
    studio.run(["why", "t", "/etc/passwd"]).exits(8);
    studio.run(["why", "t", "../../two.txt"]).exits(8);
}

#[test]
fn the_journals_tell_how_the_work_went() {
    let studio = Studio::at("storyboard");
    let opened = studio.gate("storyboard")["opened_at"]
        .as_str()
        .unwrap()
        .to_owned();
    let later = opened.replacen("2026", "2027", 1);
    studio
        .run_at(
            &later,
            [
                "gate",
                "reject",
                "t",
                "storyboard",
                "--feedback",
                "longer",
                "--as",
                "ines",
            ],
        )
        .exits(0);
    studio.run_at(&later, ["run", "t"]).exits(3);
    studio
        .run_at(
            &later,
            ["gate", "approve", "t", "storyboard", "--as", "ines"],
        )
        .exits(0);
    studio
        .run(["new", "--brief", "An idea nobody followed.", "--id", "left"])
        .exits(0);
    let stats = studio.run(["stats", "--all", "--json"]).exits(0).json();
    let stats = &stats["result"];
    assert_eq!(
        (stats["runs"].as_u64(), stats["finished"].as_u64()),
        (Some(2), Some(0))
    );
    let board = &stats["stages"]["storyboard"];
    assert_eq!(
        (board["rounds"].as_u64(), board["rejected"].as_u64()),
        (Some(2), Some(1))
    );
    assert_eq!(board["by"]["ines"], 2);
    assert!(board["longest_wait_s"].as_f64().unwrap() > 300.0 * 86_400.0);
    assert_eq!(stats["stages"]["outline"]["left_here"], 1);
    studio
        .run(["stats", "left"])
        .exits(0)
        .says("1 runs, 0 finished");
}

#[test]
fn patches_of_every_type_do_what_their_example_says() {
    let studio = Studio::at("done");
    studio.put(
        "p.json",
        r#"{"type":"section_replace","section":"2","text":"EXT. PARK - NIGHT\n\nAnna counts the stars."}"#,
    );
    let dry = studio
        .run(["patch", "t", "p.json", "--dry-run", "--json"])
        .exits(0)
        .json();
    let dry = &dry["result"];
    assert!(
        dry["diff"]
            .as_str()
            .unwrap()
            .contains("+Anna counts the stars.")
    );
    assert_eq!(dry["reopens"][0], "script");
    assert!(
        dry["reopens"]
            .as_array()
            .unwrap()
            .iter()
            .any(|s| s == "storyboard")
    );
    assert_eq!(dry["price"], "0.00");
    assert_eq!(studio.state("script"), "approved");
    let expect = dry["content_fp"].as_str().unwrap();
    studio
        .run(["patch", "t", "p.json", "--expect-result", "b3:000000000000"])
        .exits(5);
    studio
        .run(["patch", "t", "p.json", "--expect-result", expect])
        .exits(0);
    let script = studio.read("runs/t/script.fountain");
    assert!(
        script.contains("Anna counts the stars.") && script.contains("Good morning."),
        "{script}"
    );
    assert!(!script.contains("trees"));
    for (patch, exit) in [
        (
            r#"{"type":"section_replace","section":"INT. OFICE - DAY","text":"x"}"#,
            6,
        ),
        (
            r#"{"type":"section_replace","section":1,"expect":"something","text":"x"}"#,
            6,
        ),
        (r#"{"type":"json_patch","stage":"script","ops":[]}"#, 6),
        (
            r#"{"type":"json_patch","stage":"outline","ops":[{"op":"test","path":"/mood","value":"nope"}]}"#,
            6,
        ),
        (
            r#"{"type":"json_patch","stage":"outline","ops":[{"op":"add","path":"/x","value":1}]}"#,
            6,
        ),
        (
            r#"{"type":"merge_patch","stage":"outline","merge":{"mood":{"a":1,"a":2}}}"#,
            65,
        ),
        (
            r#"{"type":"merge_patch","stage":"outline","merge":{"beats":null}}"#,
            6,
        ),
        (
            r#"{"type":"text_replace","base":"b3:000000000000","replacements":[{"old":"Good","new":"Bad"}]}"#,
            6,
        ),
        (
            r#"{"type":"duration_adjust","beat_adjustments":[{"beat_id":"nope","duration":3}]}"#,
            6,
        ),
        (r#"{"type":"level_adjust","level_change_db":99}"#, 65),
        (
            r#"{"type":"level_adjust","stage":"script","level_change_db":1}"#,
            6,
        ),
        (
            r#"{"type":"text_replace","stage":"render","replacements":[{"old":"a","new":"b"}]}"#,
            6,
        ),
    ] {
        studio.put("bad.json", patch);
        let said = studio.run(["patch", "t", "bad.json"]);
        assert_eq!(said.code, exit, "{patch}\n{}", said.err);
        assert!(!said.err.is_empty());
    }
    studio.put(
        "m.json",
        r#"{"type":"merge_patch","stage":"references","merge":{"style":{"look":"noir"}}}"#,
    );
    studio.run(["patch", "t", "m.json"]).exits(0);
    assert!(studio.read("runs/t/references.yaml").contains("look: noir"));
    let outline = studio.read("runs/t/outline.yaml");
    studio.put("j.json", r#"{"type":"json_patch","stage":"outline","ops":[{"op":"replace","path":"/mood","value":"tense"}]}"#);
    studio.run(["patch", "t", "j.json"]).exits(0);
    let after = studio.read("runs/t/outline.yaml");
    let changed = outline
        .lines()
        .zip(after.lines())
        .filter(|(a, b)| a != b)
        .count();
    assert_eq!(changed, 1, "{after}");
    studio.put("b.json", r#"{"type":"text_replace","base":"b3:000000000000","replacements":[{"old":"Good morning.","new":"Hello."}]}"#);
    studio.run(["patch", "t", "b.json", "--rebase"]).exits(0);
}
