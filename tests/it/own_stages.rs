//! A stage that a kind of film adds, and its order: asked of a person or of a program, with a gate like any other.

use crate::studio::Studio;

const SCRIPT: &str = "INT. OFFICE - DAY\n\nAnna works at a desk.\n\nANNA\nIt cures everything.\n\nEXT. PARK - NIGHT\n\nAnna walks.\n";

/// A kind of film with a question of its own, and a run of it.
fn asked(more: &str) -> Studio {
    let studio = Studio::new();
    studio.put(
        "templates/checked.yaml",
        format!("name: checked\nextends: film\nfields:\n  brand: {{ type: line, about: the brand, example: Acme }}\nown:\n  title: Claims check\n  prompt: |\n    Which sentences claim something?\n    The brand is {{brand}}.\n{more}"),
    );
    studio.put("s.fountain", SCRIPT);
    studio
        .run(["template", "check", "templates/checked.yaml"])
        .exits(0);
    studio
        .run([
            "new",
            "--template",
            "checked",
            "--script",
            "s.fountain",
            "--id",
            "t",
            "--format",
            "160x90",
        ])
        .exits(0);
    studio
}

fn stages(studio: &Studio) -> Vec<(String, String)> {
    let status = studio.run(["status", "t", "--json"]).exits(0).json();
    let word = |v: &serde_json::Value| v.as_str().unwrap().to_owned();
    let all = status["result"]["stages"].as_array().unwrap().clone();
    all.iter()
        .map(|s| (word(&s["stage"]), word(&s["state"])))
        .collect()
}

#[test]
fn a_person_answers_what_the_kind_asks_and_pictures_wait_for_it() {
    let studio = asked("");
    let stopped = studio.run(["run", "t", "--yes-through", "script"]).exits(3);
    stopped.says("own");
    let sheet = studio.read("runs/t/own.md");
    // Nobody said a brand: its line is left out.
    assert_eq!(
        sheet,
        "# Claims check\n\nWhich sentences claim something?\n"
    );
    assert_eq!(stages(&studio)[2], ("own".to_owned(), "open".to_owned()));
    assert_eq!(
        stages(&studio)[3],
        ("references".to_owned(), "blocked".to_owned())
    );
    // A question is no answer: no policy signs it.
    studio
        .run(["run", "t", "--yes"])
        .exits(3)
        .says("has no answer");
    let answer = format!("{sheet}\n“It cures everything.” It must go.\n");
    studio.put("runs/t/own.md", &answer);
    studio
        .run(["gate", "approve", "t", "own", "--as", "ines"])
        .exits(0);
    assert_eq!(studio.journal("t", "decided").pop().unwrap()["by"], "ines");
    studio
        .run(["run", "t", "--yes", "--until", "references"])
        .exits(0);
    // Other words in the screenplay: the answer is asked about again, and not lost.
    studio.put(
        "runs/t/script.fountain",
        SCRIPT.replace("everything", "coughs"),
    );
    let again = studio.run(["run", "t", "--yes-through", "script"]).exits(3);
    again.says("own");
    assert_eq!(studio.read("runs/t/own.md"), answer);
    let shown = studio.run(["gate", "show", "t", "own"]).exits(0);
    assert!(shown.out.contains("does this still hold"), "{}", shown.out);
    studio.run(["gate", "approve", "t", "own"]).exits(0);
    studio.run(["run", "t", "--yes"]).exits(0);
    assert!(studio.path("runs/t/render/film.mp4").exists());
    // A film of another kind has no such stage.
    studio.put("o.fountain", SCRIPT);
    studio
        .run([
            "new",
            "--script",
            "o.fountain",
            "--id",
            "plain",
            "--format",
            "160x90",
        ])
        .exits(0);
    studio
        .run(["run", "plain", "--until", "own"])
        .exits(7)
        .says("no stage `own`");
    let plain = studio.run(["status", "plain", "--json"]).exits(0).json();
    assert!(
        !plain["result"]["stages"].to_string().contains("own"),
        "{plain}"
    );
}

#[test]
fn a_program_answers_and_the_order_is_the_kind_s_own() {
    let studio =
        asked("order: [outline, script, references, storyboard, audio, own, assets, render]\n");
    studio.put(
        "check.py",
        "import json, sys\nask = json.load(sys.stdin)\nassert 'storyboard.yaml' in ask['prompt'] and 'audio.yaml' in ask['prompt']\nword = 'louder' if 'make it louder' in ask['prompt'] else 'quiet'\nopen(ask['out'], 'w').write(json.dumps({'text': '# Found\\n\\none claim, ' + word + '\\n\\nlast line'}))\n",
    );
    studio.put(
        "conf/providers.yaml",
        format!(
            "providers:\n  checker: {{ kind: command, run: [python3, \"{}\"], prices: free }}\nroles: {{ own: checker }}\n",
            studio.path("check.py").display()
        ),
    );
    studio
        .run(["run", "t", "--yes-through", "audio"])
        .exits(3)
        .says("own");
    assert_eq!(
        studio.read("runs/t/own.md"),
        "# Found\n\none claim, quiet\n\nlast line\n"
    );
    let names: Vec<String> = stages(&studio).into_iter().map(|s| s.0).collect();
    assert_eq!(
        names,
        [
            "outline",
            "script",
            "references",
            "storyboard",
            "audio",
            "own",
            "assets",
            "render"
        ]
    );
    assert!(
        !studio.path("runs/t/assets.yaml").exists(),
        "pictures wait for it"
    );
    // What a person wrote into it stays when it is asked for otherwise.
    let mine = studio
        .read("runs/t/own.md")
        .replace("last line", "last line, and mine");
    studio.put("runs/t/own.md", mine);
    studio
        .run(["gate", "reject", "t", "own", "--feedback", "make it louder"])
        .exits(0);
    studio.run(["run", "t", "--yes-through", "audio"]).exits(3);
    assert_eq!(
        studio.read("runs/t/own.md"),
        "# Found\n\none claim, louder\n\nlast line, and mine\n"
    );
    studio.run(["run", "t", "--yes"]).exits(0);
    let made: Vec<String> = (studio.journal("t", "decided").iter())
        .map(|d| d["stage"].as_str().unwrap().to_owned())
        .collect();
    let place = |stage: &str| made.iter().position(|s| s == stage).unwrap();
    assert!(
        place("audio") < place("own") && place("own") < place("assets"),
        "{made:?}"
    );
}

#[test]
fn orders_that_cannot_be_are_refused_with_the_reason() {
    let studio = Studio::new();
    for (order, why) in [
        (
            "[outline, script, storyboard, references, assets, audio, render]",
            "reads `references`",
        ),
        (
            "[outline, script, references, storyboard, assets, audio]",
            "`render` is missing",
        ),
        (
            "[outline, script, own, references, storyboard, assets, audio, render]",
            "no `own:`",
        ),
    ] {
        studio.put(
            "templates/odd.yaml",
            format!("name: odd\nextends: film\norder: {order}\n"),
        );
        studio
            .run(["template", "check", "templates/odd.yaml"])
            .exits(65)
            .says(why);
    }
    let studio = asked("");
    let sheet = studio.read("runs/t/run.yaml");
    assert!(sheet.contains("- own"), "{sheet}");
    studio.put("runs/t/run.yaml", sheet.replace("- storyboard\n", ""));
    studio
        .run(["status", "t"])
        .exits(65)
        .says("`storyboard` is missing");
}
