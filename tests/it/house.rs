//! The rules of the house: which room may call which.

use std::path::Path;

/// Each room, and the rooms it may name.
const MAY: [(&str, &[&str]); 14] = [
    ("film", &["diagnostic"]),
    ("screenplay", &["diagnostic", "film"]),
    ("plan", &["diagnostic", "film"]),
    ("store", &["diagnostic", "film", "plan", "screenplay"]),
    (
        "media",
        &["diagnostic", "film", "plan", "store", "config", "secret"],
    ),
    (
        "providers",
        &[
            "diagnostic",
            "film",
            "plan",
            "store",
            "media",
            "config",
            "secret",
        ],
    ),
    (
        "animatic",
        &[
            "diagnostic",
            "film",
            "plan",
            "store",
            "screenplay",
            "media",
            "providers",
        ],
    ),
    (
        "cut",
        &["diagnostic", "film", "plan", "store", "media", "providers"],
    ),
    (
        "exchange",
        &["diagnostic", "film", "plan", "store", "media"],
    ),
    (
        "stages",
        &[
            "diagnostic",
            "film",
            "plan",
            "store",
            "screenplay",
            "media",
            "providers",
            "animatic",
            "cut",
            "exchange",
            "config",
            "template",
        ],
    ),
    (
        "engine",
        &[
            "diagnostic",
            "film",
            "plan",
            "store",
            "media",
            "providers",
            "animatic",
            "cut",
            "stages",
            "config",
            "secret",
            "template",
        ],
    ),
    ("ui", &["diagnostic", "film", "engine", "secret"]),
    (
        "config.rs",
        &["diagnostic", "film", "plan", "store", "secret"],
    ),
    ("template", &["diagnostic", "film", "config", "store"]),
];

fn sources(path: &Path, found: &mut Vec<(String, String)>) {
    if path.is_dir() {
        for entry in std::fs::read_dir(path).unwrap() {
            sources(&entry.unwrap().path(), found);
        }
    } else if path.extension().is_some_and(|e| e == "rs") {
        found.push((
            path.display().to_string(),
            std::fs::read_to_string(path).unwrap(),
        ));
    }
}

#[test]
fn imports_run_one_way() {
    let mut wrong = Vec::new();
    for (room, allowed) in MAY {
        let mut files = Vec::new();
        sources(
            &Path::new(env!("CARGO_MANIFEST_DIR")).join("src").join(room),
            &mut files,
        );
        assert!(!files.is_empty(), "{room} is gone");
        for (file, text) in files {
            for (number, line) in text
                .split("#[cfg(test)]\nmod tests {")
                .next()
                .unwrap()
                .lines()
                .enumerate()
            {
                for part in line.split("crate::").skip(1) {
                    let target: String = part
                        .chars()
                        .take_while(|c| c.is_alphanumeric() || *c == '_')
                        .collect();
                    if target != room.trim_end_matches(".rs")
                        && !target.is_empty()
                        && !allowed.contains(&target.as_str())
                    {
                        wrong.push(format!("{file}:{}: {room} names {target}", number + 1));
                    }
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn deciding_needs_no_clock_no_files_and_no_network() {
    for room in ["film", "screenplay", "plan"] {
        let mut files = Vec::new();
        sources(
            &Path::new(env!("CARGO_MANIFEST_DIR")).join("src").join(room),
            &mut files,
        );
        for (file, text) in files {
            for word in [
                "std::fs",
                "std::net",
                "SystemTime",
                "std::process",
                "getrandom",
                "tokio",
                "async fn",
                "std::env",
            ] {
                assert!(!text.contains(word), "{file} holds {word}");
            }
        }
    }
}

#[test]
fn every_test_file_is_linked_in() {
    let main = include_str!("main.rs");
    for entry in std::fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it")).unwrap()
    {
        let name = entry.unwrap().file_name().to_string_lossy().into_owned();
        if let Some(module) = name.strip_suffix(".rs").filter(|m| *m != "main") {
            assert!(main.contains(&format!("mod {module};")), "{name}");
        }
    }
}

#[test]
fn the_readme_keeps_its_promises() {
    let readme =
        std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md")).unwrap();
    for command in ["cargo run --release -- demo", "cargo test"] {
        assert!(readme.contains(command), "{command}");
    }
    use clap::CommandFactory;
    let cli = greenlight::cli::Cli::command();
    for sub in cli.get_subcommands().filter(|s| !s.is_hide_set()) {
        assert!(
            readme.contains(&format!("`{}", sub.get_name()))
                || readme.contains(&format!("greenlight {}", sub.get_name())),
            "README says nothing of `{}`",
            sub.get_name()
        );
    }
    // Every patch in the README is one that can be read.
    for block in readme.split("```json").skip(1) {
        let text = block.split("```").next().unwrap();
        greenlight::plan::patch::parse(text, "README.md").unwrap();
    }
}
