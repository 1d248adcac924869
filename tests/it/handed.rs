//! Pictures that are handed in with a script or as fields, and shown as they are.

use crate::studio::Studio;
use image::{Rgb, RgbImage, Rgba, RgbaImage};

/// A pack on white, upright: red with a blue foot.
fn pack(foot: [u8; 3]) -> Vec<u8> {
    let inside = |x: u32, y: u32| (10..90).contains(&x) && (10..190).contains(&y);
    let picture = RgbImage::from_fn(100, 200, |x, y| match inside(x, y) {
        false => Rgb([255, 255, 255]),
        true if y > 150 => Rgb(foot),
        true => Rgb([220, 20, 20]),
    });
    png(picture.into())
}

fn png(picture: image::DynamicImage) -> Vec<u8> {
    let mut bytes = std::io::Cursor::new(Vec::new());
    let format = image::ImageFormat::Png;
    picture.write_to(&mut bytes, format).unwrap();
    bytes.into_inner()
}

const SCRIPT: &str = "INT. KITCHEN - DAY\n\nAnna looks out of the window.\n\nCLOSE ON a box on the table.\n\nPICTURE: Our Pack.PNG\n\nNARRATOR (V.O.)\nThis is the pack.\n\nAnna smiles.\n";

#[test]
fn a_picture_beside_the_script_is_shown_whole_in_every_format_and_costs_nothing() {
    let studio = Studio::new();
    studio.put("s.fountain", SCRIPT);
    // What is not there is said with its line, and nothing is made.
    let new = [
        "new",
        "--script",
        "s.fountain",
        "--id",
        "t",
        "--format",
        "160x90",
    ];
    studio
        .run(new)
        .exits(65)
        .says("s.fountain:7")
        .says("Our Pack.PNG")
        .says("PICTURE:");
    assert!(!studio.path("runs/t").exists());
    studio.put("Our Pack.PNG", pack([20, 20, 220]));
    studio.run(new).exits(0);
    assert!(studio.path("runs/t/source/our_pack.png").exists());
    studio.run(["run", "t", "--yes"]).exits(0);
    let board: serde_json::Value =
        serde_yaml::from_str(&studio.read("runs/t/storyboard.yaml")).unwrap();
    let shots = board["beats"][0]["shots"].as_array().unwrap();
    let pictures: Vec<Option<&str>> = shots.iter().map(|s| s["picture"].as_str()).collect();
    assert_eq!(pictures, [None, Some("source/our_pack.png"), None]);
    assert_eq!(shots[1]["prompt"], "CLOSE ON a box on the table.");
    let seconds = |i: usize| shots[i]["seconds"].as_f64().unwrap();
    let middle = seconds(0) + seconds(1) / 2.0;
    studio
        .run(["render", "t", "--format", "160x90", "--format", "90x160"])
        .exits(0);
    let title = 2.5;
    let red = |[r, g, b]: [u8; 3]| r > 170 && g < 80 && b < 80;
    let blue = |[r, g, b]: [u8; 3]| r < 90 && g < 90 && b > 150;
    let white = |p: [u8; 3]| p.iter().all(|c| *c > 220);
    for (film, (x, y), low) in [
        ("runs/t/render/film.mp4", (80, 40), 68),
        ("runs/t/render/film.90x160.mp4", (45, 60), 118),
    ] {
        let at = |p| studio.pixel(film, title + middle, p);
        assert!(red(at((x, y))), "{film}: {:?}", at((x, y)));
        assert!(blue(at((x, low))), "{film}: {:?}", at((x, low)));
        assert!(white(at((3, y))), "{film}: {:?}", at((3, y)));
    }
    // Another picture in its place is another film; the drawn shots are not made again.
    let takes = |id: &str| {
        let takes = studio.journal("t", "take");
        takes.iter().filter(|t| t["item"] == id).count()
    };
    let before = takes("s01_010");
    studio.put("runs/t/source/our_pack.png", pack([20, 200, 20]));
    studio.run(["run", "t", "--yes"]).exits(0);
    assert_eq!((takes("s01_010"), takes("s01_020")), (before, 2));
    let [r, g, b] = studio.pixel("runs/t/render/film.mp4", title + middle, (80, 68));
    assert!(g > 130 && r < 90 && b < 90, "{r} {g} {b}");
    // One that is gone stops the run by its name, and puts back what it says.
    std::fs::remove_file(studio.path("runs/t/source/our_pack.png")).unwrap();
    studio
        .run(["run", "t", "--yes"])
        .exits(65)
        .says("source/our_pack.png");
    studio.put("runs/t/source/our_pack.png", pack([20, 200, 20]));
    studio.run(["run", "t", "--yes"]).exits(0);
}

#[test]
fn a_picture_is_named_in_its_own_letters_wherever_its_line_stands() {
    let studio = Studio::new();
    studio.put("my_pack_shot.png", pack([20, 20, 220]));
    studio.put("b_c_d.png", pack([20, 220, 20]));
    studio.put(
        "s.fountain",
        "INT. KITCHEN - DAY\n\nA box on the table.\nPICTURE: my_pack_shot.png\nPICTURE: ./b_c_d.png\nAnna smiles.\n",
    );
    studio
        .run(["new", "--script", "s.fountain", "--id", "t"])
        .exits(0);
    let until = ["run", "t", "--yes-through", "references"];
    studio.run(until).exits(3);
    let board: serde_json::Value =
        serde_yaml::from_str(&studio.read("runs/t/storyboard.yaml")).unwrap();
    let shots = board["beats"][0]["shots"].as_array().unwrap();
    let shown: Vec<_> = (shots.iter())
        .map(|s| (s["picture"].as_str(), s["prompt"].as_str().unwrap()))
        .collect();
    assert_eq!(
        shown,
        [
            (Some("source/my_pack_shot.png"), "A box on the table."),
            (Some("source/b_c_d.png"), "The picture b c d."),
            (None, "Anna smiles."),
        ]
    );
    // Rules leave it as it is, and say of what they change.
    let said = studio.run(["chat", "t", "storyboard", "shots 1 and 3 darker", "--apply"]);
    said.exits(0).says("1 shot darker");
    let board = studio.read("runs/t/storyboard.yaml");
    assert!(board.contains("prompt: A box on the table."), "{board}");
    // What is no picture any more is said with its name.
    studio.put("runs/t/source/my_pack_shot.png", "no picture");
    studio
        .run(["run", "t", "--yes"])
        .exits(65)
        .says("my_pack_shot.png");
}

#[test]
fn only_pictures_beside_the_script_are_taken() {
    let studio = Studio::new();
    studio.put("in/x.txt", "no picture");
    studio.put("secret.png", pack([0, 0, 0]));
    studio.put("in/not.png", "no picture");
    studio.put("in/a/b.png", pack([0, 0, 0]));
    studio.put("in/b.png", pack([9, 9, 9]));
    studio.put(
        "in/s.fountain",
        "INT. ROOM - DAY\n\nPICTURE: ../secret.png\n\nPICTURE: not.png\n\nPICTURE: /etc/passwd.png\n\nPICTURE: b.png\n\nPICTURE: a/b.png\n\nPICTURE: a painting of the sea\n",
    );
    let said = studio
        .run(["new", "--script", "in/s.fountain", "--id", "t"])
        .exits(65);
    for part in [
        "`../secret.png` lies outside",
        "`/etc/passwd.png` lies outside",
        "`not.png`",
        "no PNG or JPEG",
        "`b.png` has the name of another picture",
    ] {
        assert!(said.err.contains(part), "{part}: {}", said.err);
    }
    // Words that are no file are action, as they always were.
    assert!(!said.err.contains("a painting"), "{}", said.err);
}

#[test]
fn a_kind_shows_its_picture_and_its_logo_on_the_end_card() {
    let studio = Studio::new();
    studio.put("pack.png", pack([20, 20, 220]));
    let logo = RgbaImage::from_pixel(40, 40, Rgba([0, 240, 0, 255]));
    studio.put("logo.png", png(logo.into()));
    let new = [
        "new",
        "--template",
        "product_ad",
        "--id",
        "t",
        "--format",
        "160x90",
        "--set",
        "brand_name=Northlight",
        "--set",
        "topic=A lamp.",
        "--set",
        "image=pack.png",
        "--set",
        "logo=logo.png",
    ];
    studio.run(new).exits(0);
    studio.run(["run", "t", "--yes"]).exits(0);
    let film = "runs/t/render/film.mp4";
    let seconds = studio.frames(film) as f64 / 30.0;
    let green = |[r, g, b]: [u8; 3]| g > 180 && r < 80 && b < 80;
    let found = |colour: &dyn Fn([u8; 3]) -> bool, at: f64| {
        (20..70)
            .step_by(4)
            .any(|y| colour(studio.pixel(film, at, (80, y))))
    };
    assert!(found(&green, seconds - 2.0), "the logo on the end card");
    let versions = |stage: &str| {
        let all = studio.journal("t", "version");
        all.iter().filter(|v| v["stage"] == stage).count()
    };
    // Another logo is another end card, and nothing else.
    let logo = RgbaImage::from_pixel(40, 40, Rgba([240, 0, 240, 255]));
    studio.put("runs/t/source/logo.png", png(logo.into()));
    let before = (versions("storyboard"), versions("render"));
    studio.run(["run", "t", "--yes"]).exits(0);
    assert_eq!(
        (versions("storyboard"), versions("render")),
        (before.0, before.1 + 1)
    );
    let magenta = |[r, g, b]: [u8; 3]| r > 180 && g < 80 && b > 180;
    assert!(found(&magenta, seconds - 2.0));
}
