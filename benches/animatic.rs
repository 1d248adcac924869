//! The offline house against the clock: `cargo bench --bench animatic`. Panels at 1080p on one core, PNG
//! files and layers included, and music against its own length.
#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a measurement says what it measured"
)]

use greenlight::animatic::composer::{self, Role, Section};
use greenlight::animatic::{artist, reading};
use greenlight::film::format::Format;
use greenlight::film::storyboard::Storyboard;
use std::time::{Duration, Instant};

const SCENES: [(&str, &str, &str); 12] = [
    (
        "EXT. LIGHTHOUSE - DAWN",
        "EWS",
        "A woman walks to the door.",
    ),
    ("INT. OFFICE - DAY", "WS", "A man types at a computer."),
    (
        "EXT. STREET - NIGHT",
        "FS",
        "Rain. A detective walks under an umbrella.",
    ),
    (
        "INT. CHURCH - DAY",
        "WS",
        "A crowd of villagers. A priest reads a book.",
    ),
    (
        "EXT. FOREST - DUSK",
        "MWS",
        "A boy runs with a dog. Snow falls.",
    ),
    (
        "INT. CAFE - DAY",
        "MS",
        "A woman drinks a cup of coffee and smiles.",
    ),
    ("INT. BEDROOM - NIGHT", "CU", "A man weeps."),
    ("INT. LABORATORY - DAY", "INSERT", "A microscope."),
    ("EXT. STADIUM - NIGHT", "EWS", "A crowd cheers."),
    ("INT. BLOOD VESSEL - DAY", "EWS", "A virus drifts."),
    ("EXT. CASTLE - DAY", "WS", "A knight rides a horse."),
    (
        "INT. SPACESHIP - NIGHT",
        "MCU",
        "A robot points at the planet.",
    ),
];

fn main() {
    let format = Format {
        width: 1920,
        height: 1080,
    };
    let mut times = Vec::new();
    for (heading, size, words) in SCENES {
        let board: Storyboard = serde_yaml::from_str(&format!(
            "schema: 1\nbeats:\n- heading: \"{heading}\"\n  shots:\n  - {{seconds: 4, size: {size}, prompt: \"{words}\"}}\n"
        ))
        .unwrap();
        let (beat, shot) = board.shots().next().unwrap();
        let around = reading::Around {
            references: None,
            mood: "hopeful",
            look: "paper",
            context: words,
            time: "",
        };
        let scene = reading::read(beat, shot, &around);
        let each: Vec<Duration> = (0..3)
            .map(|seed| {
                let started = Instant::now();
                artist::draw(&scene, format, 7, seed).unwrap();
                started.elapsed()
            })
            .collect();
        let best = each.into_iter().min().unwrap();
        println!(
            "{heading:<28} {size:<7}{:>8.0} ms",
            best.as_secs_f64() * 1000.0
        );
        times.push(best);
    }
    times.sort();
    println!(
        "\n1080p panels with their layers: median {:.0} ms, worst {:.0} ms",
        times[times.len() / 2].as_secs_f64() * 1000.0,
        times[times.len() - 1].as_secs_f64() * 1000.0
    );
    let sections = [
        (Role::Opening, 12.0),
        (Role::Body, 20.0),
        (Role::Turn, 12.0),
        (Role::Climax, 10.0),
        (Role::Ending, 8.0),
    ]
    .map(|(role, seconds)| Section { role, seconds });
    let started = Instant::now();
    composer::compose("epic", &sections, 62 * 48_000, 3);
    println!(
        "music of 62 s, the fullest mood: {:.0} x real time",
        62.0 / started.elapsed().as_secs_f64()
    );
}
