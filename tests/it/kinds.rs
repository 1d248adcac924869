//! Kinds of film: their fields, their examples, their duties.

use crate::studio::{Said, Studio};
use serde_json::{Value, json};

const PRODUCT: &str = include_str!("../../templates/examples/product_ad.yaml");
const DOCTOR: &str = include_str!("../../templates/examples/doctor_ad.yaml");
const MOA: &str = include_str!("../../templates/examples/moa.yaml");
const TRAINING: &str = include_str!("../../templates/examples/compliance_video.yaml");
const DOCUMENT: &str = include_str!("../../templates/examples/cold_chain.md");

fn made(studio: &Studio, kind: &str, fields: &str) -> Said {
    studio.put("fields.yaml", fields);
    studio.run([
        "new",
        "--template",
        kind,
        "--fields",
        "fields.yaml",
        "--id",
        "t",
        "--format",
        "160x90",
    ])
}

/// The ids of the duties that are not met at a stage.
fn unmet(studio: &Studio, stage: &str) -> Vec<String> {
    let shown = studio
        .run(["gate", "show", "t", stage, "--json"])
        .exits(0)
        .json();
    let duties = shown["result"]["duties"].as_array().unwrap().clone();
    for duty in &duties {
        assert!(!duty["source"].as_str().unwrap().is_empty());
    }
    let mut ids: Vec<String> = duties
        .iter()
        .map(|d| d["duty"].as_str().unwrap().to_owned())
        .collect();
    ids.dedup();
    ids
}

#[test]
fn every_kind_makes_a_film_of_its_example() {
    for (kind, format, words) in [
        ("story", "160x90", "logbook"),
        ("reel", "90x160", "bottle"),
        ("product_ad", "160x90", "headache"),
        ("moa", "160x90", "alarms"),
        ("doctor_ad", "160x90", "412"),
        ("social_media", "90x160", "cellar"),
        ("compliance_video", "160x90", "degrees"),
    ] {
        let studio = Studio::new();
        let said = studio
            .run([
                "demo",
                "--template",
                kind,
                "--format",
                format,
                "--yes",
                "--json",
            ])
            .exits(0);
        let last = said.out.lines().last().unwrap();
        let summary: Value = serde_json::from_str(last).unwrap();
        let film = summary["film"].as_str().unwrap().to_owned();
        assert!(studio.frames(&film) > 300, "{kind}");
        let folder = film.split("/render/").next().unwrap();
        let script = std::fs::read_to_string(format!("{folder}/script.fountain")).unwrap();
        assert!(script.contains(words), "{kind}: {script}");
        let captions = std::fs::read_to_string(format!("{folder}/render/film.srt")).unwrap();
        assert!(captions.contains("-->"), "{kind}");
    }
}

#[test]
fn all_that_is_wrong_with_fields_is_said_at_once() {
    let studio = Studio::new();
    let said = studio
        .run([
            "new",
            "--template",
            "doctor_ad",
            "--set",
            "drug_nam=X",
            "--set",
            "prepared=yesterday",
            "--set",
            "tone=angry",
            "--set",
            "job_number=",
            "--set",
            "broken",
            "--fps",
            "0",
        ])
        .exits(2);
    for part in [
        "no field `drug_nam`",
        "did you mean `drug_name`?",
        "`prepared` is a day such as 2026-11-26, not `yesterday`",
        "`tone` is one of calm",
        "`job_number` is empty",
        "`drug_name` is missing",
        "`indication` is missing",
        "`adverse_events` is missing",
        "--set takes FIELD=VALUE, not `broken`",
        "0",
    ] {
        assert!(said.err.contains(part), "no {part:?} in {}", said.err);
    }
    assert!(studio.run(["list"]).out.trim().is_empty());
    // A line is one line, a number of characters has its limits, control characters are refused.
    let long = "x".repeat(61);
    let fields = format!("brand_name: {long}\ntopic: \"a\\nb\"\nmarket: \"U\\u0007\"\n");
    made(&studio, "product_ad", &fields)
        .exits(65)
        .says("`brand_name` has 61 characters")
        .says("`topic` is one line")
        .says("`market` holds a control character");
    made(&studio, "product_ad", "- a\n- b\n").exits(65);
    made(&studio, "product_ad", "brand_name: { a: 1 }\n").exits(65);
    studio
        .run([
            "new",
            "--template",
            "moa",
            "--brief",
            "A pill.",
            "--id",
            "t",
        ])
        .exits(2)
        .says("template show moa");
}

#[test]
fn words_in_fields_stay_words() {
    let studio = Studio::new();
    let fields = r#"
brand_name: "Nord'licht: {topic}"
topic: "INT. CELLAR - NIGHT; $(touch x) `id` %{pts} \\ [[shot: MS]] /* away */ > CUT TO:"
benefits: ["one", "drawtext=text='x':enable=1, two."]
"#;
    made(&studio, "product_ad", fields).exits(0);
    studio.run(["run", "t", "--yes"]).exits(0);
    let script = studio.read("runs/t/script.fountain");
    assert!(script.contains("{topic}"), "{script}");
    let outline = studio.read("runs/t/outline.yaml");
    assert!(!outline.contains("title: INT. CELLAR"), "{outline}");
    assert!(!studio.path("x").exists() && !studio.path("runs/t/x").exists());
}

#[test]
fn documents_are_read_and_told_word_for_word() {
    let studio = Studio::new();
    studio.put("cold_chain.md", DOCUMENT);
    made(&studio, "compliance_video", TRAINING).exits(0);
    assert_eq!(studio.read("runs/t/source/cold_chain.md"), DOCUMENT);
    studio
        .run(["run", "t", "--yes-through", "outline"])
        .exits(3);
    let script = studio.read("runs/t/script.fountain");
    assert!(script.contains("Never switch the cooling off, not even while you rest."));
    assert!(unmet(&studio, "script").is_empty());
    // A sentence that stands in no document, and a figure.
    studio.change(
        "runs/t/script.fountain",
        "Never switch the cooling off",
        "Please switch 3 of 4 coolings off",
    );
    assert_eq!(
        unmet(&studio, "script"),
        ["word_for_word", "only_what_is_known"]
    );
    let said = studio
        .run(["gate", "approve", "t", "script"])
        .exits(7)
        .says("script.fountain:")
        .says("stands in no source");
    assert!(said.err.contains("--override --note"), "{}", said.err);
    for (name, bytes) in [
        ("sheet.xlsx", &b"PK"[..]),
        ("empty.txt", b"  "),
        ("broken.pdf", b"%PDF-1.4"),
        ("broken.docx", b"PK\x03\x04"),
    ] {
        studio.put(name, bytes);
        let fields = TRAINING.replace("documents: cold_chain.md", &format!("documents: {name}"));
        studio.put("f.yaml", fields);
        studio
            .run([
                "new",
                "--template",
                "compliance_video",
                "--fields",
                "f.yaml",
                "--id",
                "u",
            ])
            .exits(65)
            .says(name);
    }
}

/// A change, where, and the duty it breaks.
struct Break {
    kind: &'static str,
    fields: &'static str,
    /// In the fields, or in the script.
    from: &'static str,
    to: &'static str,
    in_fields: bool,
    duty: &'static str,
}

#[test]
fn each_duty_broken_on_purpose_is_caught_at_the_script() {
    let in_script = |kind, fields, from, to, duty| Break {
        kind,
        fields,
        from,
        to,
        in_fields: false,
        duty,
    };
    let in_fields = |kind, fields, from, to, duty| Break {
        kind,
        fields,
        from,
        to,
        in_fields: true,
        duty,
    };
    let breaks = [
        in_script(
            "product_ad",
            PRODUCT,
            "Pollenta, exemplinol.",
            "Pollenta.",
            "names_it",
        ),
        in_script(
            "product_ad",
            PRODUCT,
            "Pollenta is for adults",
            "Pollenta is for all",
            "says_its_use",
        ),
        in_script(
            "product_ad",
            PRODUCT,
            "NARRATOR (V.O.)\nCommon side effects are headache and a dry mouth.\n",
            "",
            "says_its_risks",
        ),
        in_script(
            "product_ad",
            PRODUCT,
            "lasts the day",
            "lasts 30 days",
            "only_what_is_known",
        ),
        in_script(
            "product_ad",
            PRODUCT,
            "lasts the day",
            "lasts twenty-one days",
            "only_what_is_known",
        ),
        in_script(
            "product_ad",
            PRODUCT,
            "A spring you can walk through.",
            "A miracle you can walk through.",
            "no_invented_claims",
        ),
        in_script(
            "product_ad",
            PRODUCT,
            "A spring you can walk through.",
            "A spring without miracles, guaranteeing a walk.",
            "no_invented_claims",
        ),
        in_script(
            "product_ad",
            PRODUCT,
            "Ask your doctor about Pollenta.",
            "Good bye.",
            "says_what_to_do",
        ),
        in_fields(
            "product_ad",
            PRODUCT,
            "market: US",
            "market: DE",
            "may_be_shown",
        ),
        in_script(
            "doctor_ad",
            DOCTOR,
            "SUPER: For healthcare professionals only\n",
            "",
            "for_professionals",
        ),
        in_script(
            "doctor_ad",
            DOCTOR,
            "fell by 31 percent",
            "fell by 41 percent",
            "only_what_is_known",
        ),
        in_script(
            "doctor_ad",
            DOCTOR,
            "severe kidney disease",
            "kidney disease",
            "says_its_risks",
        ),
        in_script(
            "moa",
            MOA,
            "It rests there and rings nothing",
            "It rests there",
            "nothing_added",
        ),
        in_script(
            "moa",
            MOA,
            "The flood goes back.",
            "The flood never comes again.",
            "nothing_added",
        ),
    ];
    for one in breaks {
        let studio = Studio::new();
        let fields = if one.in_fields {
            one.fields.replace(one.from, one.to)
        } else {
            one.fields.to_owned()
        };
        made(&studio, one.kind, &fields).exits(0);
        studio
            .run(["run", "t", "--yes-through", "outline"])
            .exits(3);
        if !one.in_fields {
            assert!(unmet(&studio, "script").is_empty(), "{}", one.duty);
            studio.change("runs/t/script.fountain", one.from, one.to);
        }
        let found = unmet(&studio, "script");
        assert!(
            found.iter().any(|d| d == one.duty),
            "{}: {found:?}",
            one.duty
        );
        // Nobody is asked, and it does not pass.
        studio.run(["run", "t", "--yes"]).exits(3).says(one.duty);
        assert_ne!(studio.state("script"), "approved", "{}", one.duty);
    }
}

#[test]
fn a_person_takes_a_duty_on_themselves_by_name_and_with_a_reason() {
    let studio = Studio::new();
    made(
        &studio,
        "product_ad",
        &PRODUCT.replace("market: US", "market: DE"),
    )
    .exits(0);
    studio
        .run(["run", "t", "--yes"])
        .exits(3)
        .says("may_be_shown");
    studio.run(["gate", "approve", "t", "script"]).exits(7);
    studio
        .run(["gate", "approve", "t", "script", "--override"])
        .exits(2)
        .says("needs a reason");
    studio
        .run([
            "gate",
            "approve",
            "t",
            "script",
            "--override",
            "--note",
            "shown at a congress only",
            "--as",
            "vera",
        ])
        .exits(0);
    let decided = studio.journal("t", "decided");
    let last = decided.last().unwrap();
    let taken_on = last["duties"][0].as_str().unwrap();
    assert!(taken_on.starts_with("may_be_shown: "), "{last}");
    assert_eq!(last["by"], "vera");
    // Taken on once, it is not asked again; what is broken later is.
    studio.run(["run", "t", "--yes"]).exits(0);
    let report = studio.read("runs/t/render/report.html");
    assert!(!report.contains("may_be_shown"), "{report}");
}

#[test]
fn the_board_and_the_finished_film_are_measured_too() {
    let studio = Studio::new();
    made(&studio, "product_ad", PRODUCT).exits(0);
    studio
        .run(["run", "t", "--yes-through", "references"])
        .exits(3);
    assert!(unmet(&studio, "storyboard").is_empty());
    // Benefits longer than twice the risks.
    let patch = json!({"type": "duration_adjust", "beat_adjustments": [{"beat_id": "benefit_beat", "duration": 40.0}]});
    studio.put("p.json", patch.to_string());
    studio.run(["patch", "t", "storyboard", "p.json"]).exits(0);
    assert_eq!(unmet(&studio, "storyboard"), ["fair_balance"]);
    // A patch that would be approved with it is refused whole.
    let board = studio.read("runs/t/storyboard.yaml");
    let patch = json!({"type": "duration_adjust", "beat_adjustments": [{"beat_id": "benefit_beat", "duration": 50.0}]});
    studio.put("q.json", patch.to_string());
    studio
        .run(["gate", "approve", "t", "storyboard", "--patch", "q.json"])
        .exits(7);
    assert_eq!(studio.read("runs/t/storyboard.yaml"), board);
    studio.run(["undo", "t", "storyboard"]).exits(0);
    studio.run(["run", "t", "--yes-through", "assets"]).exits(3);
    assert!(unmet(&studio, "audio").is_empty());
    // The statement is turned down under the rest.
    let audio = studio.read("runs/t/audio.yaml");
    let cue = audio
        .split("- id: ")
        .find(|c| c.contains("headache"))
        .and_then(|c| c.lines().next())
        .unwrap()
        .to_owned();
    let patch = json!({"type": "level_adjust", "level_change_db": -9.0, "cue": cue});
    studio.put("l.json", patch.to_string());
    studio.run(["patch", "t", "audio", "l.json"]).exits(0);
    assert_eq!(unmet(&studio, "audio"), ["risks_are_heard_and_read"]);
    studio
        .run(["gate", "approve", "t", "audio"])
        .exits(7)
        .says("quieter than the rest");
    // Captions that are no part of the picture: on the finished film as well.
    studio.run(["undo", "t", "audio"]).exits(0);
    studio.run(["gate", "approve", "t", "audio"]).exits(0);
    studio.change("runs/t/run.yaml", "captions: burned", "captions: soft");
    studio
        .run(["run", "t", "--yes"])
        .exits(14)
        .says("risks_are_heard_and_read");
    assert!(studio.path("runs/t/render/film.mp4").exists());
}

#[test]
fn a_kind_of_ones_own_is_written_checked_and_used() {
    let studio = Studio::new();
    studio.run(["template", "eject", "social_media"]).exits(0);
    studio.run(["template", "eject", "social_media"]).exits(6);
    let readme = include_str!("../../README.md");
    let tide = readme.split("```yaml\n").find(|b| b.contains("name: tide"));
    studio.put(
        "templates/tide.yaml",
        tide.unwrap().split("```").next().unwrap(),
    );
    studio
        .run(["template", "check", "templates/tide.yaml"])
        .exits(0);
    let list = studio.run(["template", "list"]).exits(0);
    assert!(list.out.contains("tide"), "{}", list.out);
    studio
        .run([
            "new",
            "--template",
            "tide",
            "--set",
            "place=Husum",
            "--set",
            "high=06:12 and 18:40",
            "--id",
            "t",
            "--format",
            "90x160",
            "--run",
            "--yes",
        ])
        .exits(0);
    assert!(
        studio
            .read("runs/t/script.fountain")
            .contains("High water at Husum: 06:12 and 18:40.")
    );
    // Changed fields change the film, and nothing else does.
    studio.change("runs/t/run.yaml", "place: Husum", "place: Emden");
    studio.run(["run", "t", "--yes"]).exits(0);
    assert!(
        studio
            .read("runs/t/script.fountain")
            .contains("High water at Emden: 06:12 and 18:40.")
    );
    studio.put(
        "templates/bad.yaml",
        "schema: 1\nname: bad\nabout: x\nextends: tide\nlook: neon\nwords_per_minute: 900\nend_card: \"{nobody}\"\nduties:\n  - { id: d, rule: { says: { field: ghost } }, source: s }\n",
    );
    let said = studio
        .run(["template", "check", "templates/bad.yaml"])
        .exits(65);
    for part in ["neon", "900", "nobody", "ghost", "bad.yaml:"] {
        assert!(said.err.contains(part), "{part}: {}", said.err);
    }
    studio.put(
        "templates/round.yaml",
        "schema: 1\nname: round\nabout: x\nextends: round\n",
    );
    studio
        .run(["template", "check", "templates/round.yaml"])
        .exits(65)
        .says("circle");
}

#[test]
fn rows_of_one_kind_become_films_and_two_variants_are_seen_side_by_side() {
    let studio = Studio::new();
    let row = |id: &str, topic: &str| {
        json!({"id": id, "template": "social_media", "format": "90x160", "set": {
            "topic": topic, "hook": "Look at this!", "points": "One thing lasts. Another one follows it. And a third comes after both of them.", "call_to_action": "Come on Saturday."
        }})
        .to_string()
    };
    studio.put(
        "rows.jsonl",
        format!(
            "{}\n{}\n",
            row("a", "Bicycles last."),
            row("b", "Kites fly.")
        ),
    );
    studio.run(["batch", "rows.jsonl", "--yes"]).exits(0);
    assert!(studio.read("runs/b/script.fountain").contains("Kites fly."));
    studio
        .run([
            "new",
            "--from",
            "a",
            "--id",
            "c",
            "--set",
            "hook=Stop right there!",
        ])
        .exits(0);
    studio.run(["run", "c", "--yes"]).exits(0);
    // Variants come in rows too; what they are of must be there.
    let variant =
        |from: &str| json!({"id": "of-b", "from": from, "set": {"hook": "Wait!"}}).to_string();
    studio.put("more.jsonl", variant("nothing"));
    studio
        .run(["batch", "more.jsonl"])
        .exits(65)
        .says("nothing");
    studio.put("more.jsonl", variant("b"));
    studio.run(["batch", "more.jsonl", "--yes"]).exits(0);
    let script = studio.read("runs/of-b/script.fountain");
    assert!(
        script.contains("Wait!") && script.contains("Kites fly."),
        "{script}"
    );
    assert!(
        studio
            .read("runs/c/script.fountain")
            .contains("Stop right there!")
    );
    let said = studio
        .run(["compare", "a", "c", "--film", "ab.mp4", "--json"])
        .exits(0)
        .json();
    assert_eq!(said["result"]["film"], "ab.mp4");
    let seen = crate::studio::probe(&studio.path("ab.mp4"));
    let video = seen["streams"]
        .as_array()
        .unwrap()
        .iter()
        .find(|s| s["codec_type"] == "video")
        .unwrap()
        .clone();
    assert_eq!(video["height"], 540, "{video}");
    assert!(video["width"].as_u64().unwrap() >= 600, "{video}");
    studio
        .run(["compare", "a", "c", "--film", "ab.mp4"])
        .exits(6);
    // A row whose fields are wrong is said with its line, before anything is made.
    studio.put(
        "bad.jsonl",
        format!(
            "{}\n{}\n",
            row("d", "x"),
            json!({"id": "e", "template": "moa", "set": {"drug": "x"}})
        ),
    );
    studio
        .run(["batch", "bad.jsonl", "--yes"])
        .exits(65)
        .says("bad.jsonl:2")
        .says("no field `drug`");
    assert!(!studio.path("runs/d").exists());
}

#[test]
fn what_was_taken_on_is_that_breach_and_no_other_and_fields_are_held_to_their_template() {
    let studio = Studio::new();
    made(&studio, "product_ad", PRODUCT).exits(0);
    studio
        .run(["run", "t", "--yes-through", "outline"])
        .exits(3);
    studio.change("runs/t/script.fountain", "lasts the day", "lasts 30 days");
    let take_on = [
        "gate",
        "approve",
        "t",
        "script",
        "--override",
        "--note",
        "known",
    ];
    studio.run(take_on).exits(0);
    studio
        .run(["run", "t", "--yes-through", "references"])
        .exits(3);
    assert!(unmet(&studio, "storyboard").is_empty());
    // The same duty broken elsewhere is another matter.
    studio.change(
        "runs/t/storyboard.yaml",
        "A spring you can walk through.",
        "A spring in 7 days.",
    );
    assert_eq!(unmet(&studio, "storyboard"), ["only_what_is_known"]);
    studio.run(["run", "t", "--yes"]).exits(3);
    let decisions = studio.run(["gate", "decisions", "t"]).exits(0);
    assert!(
        decisions.out.contains("not met: only_what_is_known"),
        "{}",
        decisions.out
    );
    // A claim on a card is one too, however its direction is written.
    studio.change(
        "runs/t/script.fountain",
        "CLOSE ON a box on the table.",
        "Chapter: A guaranteed miracle\n\nCLOSE ON a box on the table.",
    );
    let found = unmet(&studio, "script");
    assert!(found.iter().any(|d| d == "no_invented_claims"), "{found:?}");
    // A medicine without its risks, and fields that no longer fit.
    let fields = PRODUCT.split("safety_information").next().unwrap();
    let studio = Studio::new();
    made(&studio, "product_ad", &format!("{fields}market: US\n")).exits(0);
    studio
        .run(["run", "t", "--yes"])
        .exits(3)
        .says("gives_its_risks");
    studio.change("runs/t/run.yaml", "market: US", "market: USA");
    studio
        .run(["run", "t", "--yes"])
        .exits(3)
        .says("`market` has 3 characters");
}
