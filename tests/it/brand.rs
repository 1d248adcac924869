//! A brand kit on every film of a workspace.

use crate::studio::Studio;
use image::{Rgb, RgbImage, Rgba, RgbaImage};

const KIT: &str = "schema: 1\nname: Tide\nlogo: logo.png\nwatermark: { file: logo.png, corner: top_left, opacity: 1.0, size: 0.2 }\ncolours: { card: \"003300\", title: \"ffffff\" }\nfonts: { title: own.ttf }\nintro: { file: intro.png, seconds: 1.0 }\n";

fn kit(studio: &Studio) {
    let png = |picture: image::DynamicImage| {
        let mut bytes = std::io::Cursor::new(Vec::new());
        picture
            .write_to(&mut bytes, image::ImageFormat::Png)
            .unwrap();
        bytes.into_inner()
    };
    let logo = RgbaImage::from_pixel(40, 40, Rgba([250, 0, 0, 255]));
    let intro = RgbImage::from_pixel(160, 90, Rgb([0, 0, 250]));
    studio.put("brand/logo.png", png(logo.into()));
    studio.put("brand/intro.png", png(intro.into()));
    let font = include_bytes!("../../templates/fonts/NotoSans-Medium.ttf");
    studio.put("brand/own.ttf", font);
    studio.put("brand/brand.yaml", KIT);
}

#[test]
fn a_kit_is_on_the_film_and_a_changed_one_is_cut_in_and_nothing_else_made() {
    let studio = Studio::new();
    kit(&studio);
    let make = [
        "new",
        "--brief",
        "A boat leaves the harbour at dawn.",
        "--id",
        "t",
        "--format",
        "160x90",
    ];
    studio.run(make).exits(0);
    assert!(studio.path("runs/t/brand/own.ttf").exists());
    studio.run(["run", "t", "--yes"]).exits(0);
    let film = "runs/t/render/film.mp4";
    // Its footage first, then its mark in the corner of a shot.
    let [r, _, b] = studio.pixel(film, 0.7, (80, 45));
    assert!(b > 200 && r < 60, "{r} {b}");
    let [r, g, _] = studio.pixel(film, 5.0, (10, 10));
    assert!(r > 190 && g < 70, "{r} {g}");
    let versions = studio.journal("t", "version").len();
    studio.change("runs/t/brand/brand.yaml", "top_left", "bottom_right");
    studio.run(["run", "t", "--yes"]).exits(0);
    assert_eq!(studio.journal("t", "version").len(), versions + 1);
    let [r, g, _] = studio.pixel(film, 5.0, (150, 80));
    assert!(r > 190 && g < 70, "{r} {g}");
    studio
        .run(["new", "--brief", "x y z.", "--id", "u", "--no-brand"])
        .exits(0);
    assert!(!studio.path("runs/u/brand").exists());
}

#[test]
fn a_kit_that_is_wrong_says_all_that_is_wrong_with_it() {
    let studio = Studio::new();
    kit(&studio);
    let make = ["new", "--brief", "A boat leaves.", "--id", "t"];
    for (kit, parts) in [
        (
            "schema: 1\nlogo: ../x.png\nwatermark: { file: a.gif, opacity: 3 }\ncolours: { card: blue }\nintro: { file: intro.png, seconds: 900 }\n",
            &["../x.png", "a.gif", "opacity", "blue", "900"][..],
        ),
        ("schema: 1\nlogo: gone.png\n", &["brand/gone.png"]),
        ("schema: 1\nlogos: x.png\n", &["logos"]),
        ("schema: 9\n", &["newer"]),
    ] {
        studio.put("brand/brand.yaml", kit);
        let said = studio.run(make);
        assert_ne!(said.code, 0);
        for part in parts {
            assert!(said.err.contains(part), "{part}: {}", said.err);
        }
    }
    studio.put("brand/brand.yaml", KIT);
    studio.run(make).exits(0);
    std::fs::remove_file(studio.path("runs/t/brand/logo.png")).unwrap();
    studio
        .run(["run", "t", "--yes"])
        .exits(65)
        .says("brand/logo.png");
}
