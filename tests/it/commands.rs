//! Every command in its two voices, and what scripts rely on.

use crate::studio::Studio;

#[test]
fn the_command_line_is_sound() {
    use clap::CommandFactory;
    greenlight::cli::Cli::command().debug_assert();
}

#[test]
fn json_is_one_object_and_talk_is_on_stderr() {
    let studio = Studio::two_rooms();
    studio.run(["run", "t", "--yes"]).exits(0);
    for args in [
        ["status", "t"],
        ["list", "-q"],
        ["log", "t"],
        ["config", "show"],
        ["template", "list"],
        ["patch", "types"],
    ] {
        let said = studio.run([args[0], args[1], "--json"]).exits(0);
        let object = said.json();
        for key in [
            "schema", "command", "ok", "changed", "run", "result", "warnings", "error",
        ] {
            assert!(object.get(key).is_some(), "{args:?}: {key}");
        }
        assert_eq!(
            (object["command"].as_str(), object["ok"].as_bool()),
            (Some(args[0]), Some(true))
        );
    }
    let failed = studio.run(["status", "nobody", "--json"]).exits(8).json();
    assert_eq!(
        (failed["ok"].as_bool(), failed["error"]["exit"].as_u64()),
        (Some(false), Some(8))
    );
    let status = studio.run(["status", "t", "--json"]).json();
    let stages = status["result"]["stages"].as_array().unwrap();
    assert_eq!(stages.len(), 7);
    for key in [
        "stage",
        "state",
        "version",
        "by",
        "feedback",
        "files",
        "cost",
        "stale_items",
        "reason",
    ] {
        assert!(stages[0].get(key).is_some(), "{key}");
    }
}

#[test]
fn run_tells_its_events() {
    let studio = Studio::two_rooms();
    let said = studio.run(["run", "t", "--yes", "--json"]).exits(0);
    let events: Vec<serde_json::Value> = said
        .out
        .lines()
        .map(|l| serde_json::from_str(l).unwrap())
        .collect();
    for (i, event) in events.iter().enumerate() {
        assert_eq!(event["seq"], i as u64 + 1);
        assert_eq!(event["run"], "t");
    }
    for name in [
        "run.started",
        "stage.started",
        "item.started",
        "item.done",
        "stage.completed",
        "gate.opened",
        "gate.decided",
        "progress",
        "summary",
    ] {
        assert!(events.iter().any(|e| e["event"] == name), "{name}");
    }
    assert_eq!(events.last().unwrap()["event"], "summary");
}

#[test]
fn stages_answer_to_their_other_names() {
    let studio = Studio::two_rooms();
    studio
        .run(["run", "t", "--yes-through", "tts", "--until", "visuals"])
        .exits(0);
    for name in ["scenes", "story", "visuals", "storyboard"] {
        studio.run(["gate", "show", "t", name]).exits(0);
    }
    studio
        .run(["gate", "show", "t", "catering"])
        .exits(8)
        .says("storyboard");
}

#[test]
fn the_house_has_its_papers() {
    let studio = Studio::new();
    assert!(
        studio
            .run(["completions", "bash"])
            .exits(0)
            .out
            .contains("greenlight")
    );
    assert!(studio.run(["man"]).exits(0).out.contains(".TH"));
    assert!(
        studio
            .run(["licenses"])
            .exits(0)
            .out
            .contains("SIL OPEN FONT LICENSE")
    );
    studio.run(["config", "check"]).exits(0);
    studio.put("conf/operator.yaml", "limits: { wrokers: 2 }\n");
    studio
        .run(["config", "check"])
        .exits(65)
        .says("did you mean `workers`")
        .says("conf/operator.yaml:1");
    studio.put(
        "conf/operator.yaml",
        "gates:\n  script: { required: false, auto_approve: false, auto_approve_after_s: null }\n",
    );
    assert!(
        studio
            .run(["config", "show"])
            .exits(0)
            .out
            .contains("conf/operator.yaml")
    );
}

#[test]
fn a_gate_that_is_not_required_never_opens() {
    let studio = Studio::two_rooms();
    studio.put("conf/operator.yaml", "gates:\n  outline: { required: false, auto_approve: false, auto_approve_after_s: null }\n  script: { required: false, auto_approve: true, auto_approve_after_s: null }\n");
    studio.run(["run", "t"]).exits(3);
    let by: Vec<String> = studio
        .journal("t", "decided")
        .iter()
        .map(|d| {
            format!(
                "{} {}",
                d["stage"].as_str().unwrap(),
                d["by"].as_str().unwrap()
            )
        })
        .collect();
    assert_eq!(by, ["outline policy", "script policy"]);
}

#[test]
fn a_role_given_elsewhere_is_never_filled_silently() {
    let studio = Studio::two_rooms();
    studio.put("conf/providers.yaml", "providers:\n  cloud: { kind: openai, base_url: \"http://127.0.0.1:9\", api_key_env: NO_SUCH_KEY }\nroles: { image: cloud }\n");
    studio
        .run(["run", "t", "--yes"])
        .exits(69)
        .says("`image`")
        .says("cloud");
    studio.run(["doctor"]).exits(69).says("NO_SUCH_KEY");
}

#[test]
fn a_machine_without_a_voice_makes_a_captioned_film() {
    let studio = Studio::two_rooms();
    let mut command = studio.command(["run", "t", "--yes"]);
    let said = crate::studio::said(
        command
            .env("GREENLIGHT_ESPEAK_NG", "")
            .env("GREENLIGHT_FLITE", "")
            .output()
            .unwrap(),
    )
    .exits(0);
    assert!(said.err.contains("no voice"), "{}", said.err);
    assert!(
        studio
            .read("runs/t/render/film.srt")
            .contains("Good morning.")
    );
    let mut command = studio.command(["render", "t", "--fresh"]);
    crate::studio::said(
        command
            .env("GREENLIGHT_FFMPEG", "")
            .env("PATH", "")
            .output()
            .unwrap(),
    )
    .exits(69);
}

#[test]
fn the_bundled_screenplay_is_about_a_minute() {
    let studio = Studio::new();
    studio.run(["demo", "--format", "160x90"]).exits(0);
    let list = studio.run(["list", "--json"]).json();
    assert_eq!(list["result"][0]["status"], "completed");
    let id = list["result"][0]["id"].as_str().unwrap();
    let frames = studio.frames(&format!("runs/{id}/render/film.mp4"));
    assert!((1400..2200).contains(&frames), "{frames} frames");
}

#[test]
fn review_shows_the_run_on_one_page_that_needs_nothing_else() {
    let studio = Studio::new();
    studio.put(
        "a.fountain",
        "Title: <script>alert(1)</script> & \"Co\"\n\nINT. OFFICE - DAY\n\nAnna works at a desk.\n\nANNA\nGood <b>morning</b>.\n",
    );
    studio
        .run([
            "new",
            "--script",
            "a.fountain",
            "--id",
            "t",
            "--format",
            "160x90",
            "--fps",
            "12",
        ])
        .exits(0);
    // Before there is anything to see, too.
    studio.run(["review", "t"]).exits(0);
    studio.run(["run", "t", "--yes"]).exits(0);
    studio
        .run([
            "regenerate",
            "t",
            "storyboard",
            "--item",
            "s01_010",
            "--takes",
            "2",
        ])
        .exits(0);
    let said = studio.run(["review", "t"]).exits(0);
    let page = studio.read("runs/t/render/report.html");
    assert!(said.out.contains("report.html"));
    for (what, count) in [
        ("data-n=", 1),
        ("<article", 3),
        ("data:image/jpeg;base64,", 6),
        ("<video", 1),
        ("<script>", 1),
    ] {
        assert_eq!(page.matches(what).count(), count, "{what}");
    }
    for what in [
        "&lt;script&gt;alert",
        "Good &lt;b&gt;morning",
        "storyboard approved by policy",
        "Within all limits",
        "data-at=",
    ] {
        assert!(page.contains(what), "{what}");
    }
    assert!(
        !page.contains("http://") && !page.contains("https://"),
        "nothing is fetched"
    );
    // It is nobody's edit of the film.
    let status = studio.run(["status", "t", "--json"]).exits(0).json();
    assert_eq!(status["result"]["status"], "completed", "{status}");
    studio.run(["review", "nobody"]).exits(8);
}
