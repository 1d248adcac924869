use super::*;
use crate::animatic::reading::Figure;

fn shot(
    place: &str,
    interior: bool,
    time: &str,
    weather: &str,
    size: Size,
    people: &[(&str, &str, &str)],
    prop: Option<&str>,
) -> Scene {
    Scene {
        outlook: String::new(),
        place: place.into(),
        interior,
        time: time.into(),
        weather: weather.into(),
        mood: "hopeful".into(),
        look: "paper".into(),
        people: people
            .iter()
            .enumerate()
            .map(|(i, (words, pose, expression))| Figure {
                look: super::super::casting::look(words, words, i as u64),
                pose: (*pose).into(),
                expression: (*expression).into(),
                right: i % 2 == 0,
                speaking: false,
                behind: None,
                holds: Vec::new(),
                carried: false,
                back: false,
            })
            .collect(),
        crowd: None,
        props: prop.into_iter().map(Into::into).collect(),
        tints: Default::default(),
        hung: Vec::new(),
        scales: Default::default(),
        counts: Default::default(),
        light: String::new(),
        size,
        view: None,
        deserted: false,
        angle: Angle::Eye,
        unknown: Vec::new(),
    }
}

/// `GREENLIGHT_GALLERY=DIR cargo test --lib gallery` draws a wall of pictures to look at.
#[test]
fn gallery() {
    let scenes = [
        (
            "lighthouse",
            shot(
                "lighthouse",
                false,
                "dawn",
                "",
                Size::Ews,
                &[("an old woman in a heavy coat with a hat", "walk", "neutral")],
                None,
            ),
        ),
        (
            "office",
            shot(
                "office",
                true,
                "day",
                "",
                Size::Ws,
                &[("a woman", "stand", "neutral")],
                None,
            ),
        ),
        (
            "cafe",
            shot(
                "cafe",
                true,
                "day",
                "",
                Size::Ms,
                &[
                    ("a man with beard", "sit", "neutral"),
                    ("a woman", "sit", "happy"),
                ],
                Some("cup"),
            ),
        ),
        (
            "street",
            shot(
                "street",
                false,
                "night",
                "rain",
                Size::Fs,
                &[("a detective", "walk", "neutral")],
                Some("umbrella"),
            ),
        ),
        (
            "close",
            shot(
                "bedroom",
                true,
                "night",
                "",
                Size::Cu,
                &[("a woman", "stand", "sad")],
                None,
            ),
        ),
        (
            "park",
            shot(
                "park",
                false,
                "afternoon",
                "",
                Size::Mws,
                &[("a boy", "run", "happy")],
                None,
            ),
        ),
        (
            "forest",
            shot(
                "forest",
                false,
                "dusk",
                "",
                Size::Ws,
                &[("a man", "kneel", "neutral")],
                None,
            ),
        ),
        (
            "kitchen",
            shot(
                "kitchen",
                true,
                "dawn",
                "",
                Size::Mcu,
                &[("an old baker", "carry", "thoughtful")],
                Some("bread"),
            ),
        ),
        (
            "insert",
            shot(
                "living",
                true,
                "day",
                "",
                Size::Insert,
                &[("a woman", "reach", "neutral")],
                Some("letter"),
            ),
        ),
        ("body", shot("body", true, "day", "", Size::Ws, &[], None)),
        (
            "mountain",
            shot(
                "mountain",
                false,
                "morning",
                "snow",
                Size::Ws,
                &[("a woman", "cheer", "happy")],
                None,
            ),
        ),
        (
            "clinic",
            shot(
                "clinic",
                true,
                "day",
                "",
                Size::Mws,
                &[
                    ("a doctor", "talk", "neutral"),
                    ("an old man", "sit", "afraid"),
                ],
                None,
            ),
        ),
    ];
    let folder = std::env::var("GREENLIGHT_GALLERY").ok();
    for (name, scene) in scenes {
        let format = if folder.is_some() {
            Format {
                width: 960,
                height: 540,
            }
        } else {
            Format {
                width: 192,
                height: 108,
            }
        };
        let drawn = draw(&scene, format, 3, 5).unwrap();
        let again = draw(&scene, format, 3, 5).unwrap();
        assert!(drawn.panel == again.panel, "{name}: same seed, same bytes");
        let picture = image::load_from_memory(&drawn.panel).unwrap().to_luma8();
        let (low, high) = picture
            .pixels()
            .fold((255u8, 0u8), |(a, b), p| (a.min(p.0[0]), b.max(p.0[0])));
        assert!(high - low > 80, "{name}: {low} to {high}");
        if let Some(folder) = &folder {
            crate::store::disk::write_scratch(
                &std::path::Path::new(folder).join(format!("{name}.png")),
                &drawn.panel,
            )
            .unwrap();
        }
    }
}
