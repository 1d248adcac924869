//! Candidates side by side, and the one a person picks.

use crate::studio::Studio;

#[test]
fn candidates_wait_and_the_picked_one_stays() {
    let studio = Studio::at("storyboard");
    let before = studio.files("runs/t/storyboard");
    let made = studio
        .run([
            "regenerate",
            "t",
            "storyboard",
            "--item",
            "s01_020",
            "--takes",
            "3",
            "--json",
        ])
        .exits(0)
        .json();
    assert_eq!(made["result"]["takes"].as_array().unwrap().len(), 3);
    let sheet = image::open(made["result"]["sheet"].as_str().unwrap()).unwrap();
    assert!(
        sheet.width() > 1600,
        "four pictures beside each other: {}",
        sheet.width()
    );
    // Nothing moved, and nothing is left to make.
    assert!(studio.files("runs/t/storyboard") == before);
    assert_eq!(studio.state("storyboard"), "open");
    studio.run(["gate", "approve", "t", "storyboard"]).exits(0);
    let list = studio
        .run(["take", "list", "t", "storyboard", "s01_020", "--json"])
        .exits(0)
        .json();
    let takes = list["result"].as_array().unwrap();
    assert_eq!(takes.len(), 4);
    assert_eq!(takes.iter().filter(|t| t["in_place"] == true).count(), 1);
    let bytes: Vec<Vec<u8>> = takes
        .iter()
        .map(|t| studio.bytes(&format!("runs/t/{}", t["file"].as_str().unwrap())))
        .collect();
    assert!((1..4).all(|i| bytes[i] != bytes[0] && bytes[i] != bytes[i % 3 + 1] || i == 3));
    studio
        .run(["take", "pick", "t", "storyboard", "s01_020", "3"])
        .exits(0);
    assert!(studio.bytes("runs/t/storyboard/s01_020.png") == bytes[2]);
    assert_eq!(studio.state("storyboard"), "open");
    let again = studio
        .run(["take", "pick", "t", "storyboard", "s01_020", "3", "--json"])
        .exits(0);
    assert_eq!(again.json()["changed"], false);
    // The film goes on with it, its layers too.
    studio.run(["run", "t", "--yes-through", "assets"]).exits(3);
    assert!(studio.bytes("runs/t/storyboard/s01_020.png") == bytes[2]);
    let layer = |n: u32| studio.bytes(&format!("runs/t/takes/storyboard/s01_020/{n}.near.png"));
    if studio.path("runs/t/assets/s01_020.near.png").exists() {
        assert!(studio.bytes("runs/t/assets/s01_020.near.png") == layer(3));
    }
    // What it is made from changes: it stays, and is named.
    studio.change(
        "runs/t/storyboard.yaml",
        "A letter on the desk.",
        "A lamp on the desk.",
    );
    studio.run(["run", "t", "--yes-through", "assets"]).exits(3);
    assert!(studio.bytes("runs/t/storyboard/s01_020.png") == bytes[2]);
    let shown = studio
        .run(["gate", "show", "t", "storyboard", "--json"])
        .exits(0)
        .json();
    assert_eq!(shown["result"]["outdated"][0], "s01_020");
    // Only when it is asked for by name is it made again.
    studio
        .run(["regenerate", "t", "storyboard", "--item", "s01_020"])
        .exits(0);
    assert!(studio.bytes("runs/t/storyboard/s01_020.png") != bytes[2]);
    studio
        .run(["take", "pick", "t", "storyboard", "s01_020", "9"])
        .exits(8);
    studio
        .run(["take", "pick", "t", "storyboard", "s01_02", "1"])
        .exits(8)
        .says("did you mean");
}

#[test]
fn a_picture_of_ones_own_is_no_take_and_is_kept() {
    let studio = Studio::at("storyboard");
    let own = studio.bytes("runs/t/storyboard/s02_010.png");
    studio.put("runs/t/storyboard/s01_010.png", &own);
    studio.run(["gate", "approve", "t", "storyboard"]).exits(0);
    studio
        .run(["run", "t", "--yes-through", "storyboard"])
        .exits(3);
    assert!(studio.bytes("runs/t/storyboard/s01_010.png") == own);
    studio
        .run(["take", "pick", "t", "storyboard", "s01_010", "1"])
        .exits(0);
    assert!(studio.bytes("runs/t/storyboard/s01_010.png") != own);
    studio.run(["undo", "t", "storyboard"]).exits(0);
    assert!(studio.bytes("runs/t/storyboard/s01_010.png") == own);
}

#[test]
fn takes_of_music_are_heard_and_picked() {
    let studio = Studio::at("audio");
    studio
        .run(["regenerate", "t", "audio", "--item", "m_01", "--takes", "2"])
        .exits(0);
    studio
        .run(["take", "show", "t", "audio", "m_01"])
        .exits(0)
        .says(".jpg");
    studio
        .run(["take", "pick", "t", "audio", "m_01", "2"])
        .exits(0);
    assert!(studio.bytes("runs/t/audio/m_01.wav") == studio.bytes("runs/t/takes/audio/m_01/2.wav"));
    studio.run(["run", "t", "--yes"]).exits(0);
    assert!(studio.bytes("runs/t/audio/m_01.wav") == studio.bytes("runs/t/takes/audio/m_01/2.wav"));
    studio
        .run(["regenerate", "t", "outline", "--takes", "2"])
        .exits(7);
    studio
        .run([
            "regenerate",
            "t",
            "storyboard",
            "--item",
            "s01_010",
            "--seed",
            "77",
        ])
        .exits(0);
    let once = studio.bytes("runs/t/storyboard/s01_010.png");
    studio
        .run(["regenerate", "t", "storyboard", "--item", "s01_010"])
        .exits(0);
    assert!(studio.bytes("runs/t/storyboard/s01_010.png") != once);
    studio
        .run([
            "regenerate",
            "t",
            "storyboard",
            "--item",
            "s01_010",
            "--seed",
            "77",
        ])
        .exits(0);
    assert!(studio.bytes("runs/t/storyboard/s01_010.png") == once);
}
