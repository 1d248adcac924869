//! What is seen from very near: a thing and the hands that hold it.

use super::super::book::book;
use super::super::dice::Dice;
use super::super::reading::Scene;
use super::drawing::Stands;
use super::paint::{P, Rgb, ellipse, rect, smooth};
use super::palette::Palette;
use super::places::Layers;
use crate::film::references::Look;
use crate::film::storyboard::Subject;

/// A thing on a table, in a pool of light, with the hands of whoever is there.
pub(super) fn insert_shot(
    l: &mut Layers,
    palette: &Palette,
    light: P,
    scene: &Scene,
    w: f32,
    dice: &mut Dice,
) -> Subject {
    let (x0, _, x1, y1) = l.near.bounds();
    let top = palette.near.mix(
        Rgb::hex("7a5238").times(palette.shadow, if palette.dark { 0.5 } else { 0.1 }),
        // Wood under a roof, the ground under the sky.
        if scene.interior { 0.5 } else { 0.12 },
    );
    let inward = matches!(scene.place.as_str(), "body" | "neuron" | "space");
    // A parrot that is of the cast is no thing, and is looked at all the same.
    let beings = (scene.people.iter()).filter_map(|p| p.look.drawn_as.as_ref());
    // Hands that are looked at are drawn as those which hold something.
    let hands = scene.props.iter().any(|p| p == "resting hand");
    let named = (scene.props.iter())
        .filter(|p| *p != "resting hand")
        .chain(beings)
        .find_map(|p| book().drawings.get(p))
        .or_else(|| book().drawings.get("thing").filter(|_| !inward && !hands));
    let floats = named.is_some_and(|thing| thing.stands == Stands::Air);
    if inward || floats {
        // Nothing stands on anything here.
        if let Some(thing) = named {
            l.people.glow((w * 0.5, 480.0), 520.0, palette.light, 0.5);
            thing.draw(
                &mut l.people,
                palette,
                light,
                (w * 0.5, 480.0),
                460.0,
                false,
            );
        }
        return Subject { x: 0.5, y: 0.48 };
    }
    l.near.gradient(
        &rect(x0, 520.0, x1 - x0, y1 - 520.0),
        (0.0, 520.0),
        (0.0, y1),
        &[
            (0.0, top.mix(palette.light, 0.15), 1.0),
            (1.0, top.mix(palette.ink, 0.4), 1.0),
        ],
    );
    for i in 0..if scene.interior { 7 } else { 0 } {
        let y = 560.0 + i as f32 * 80.0;
        l.near.stroke(
            &[(x0, y + 20.0), (w * 0.5, y), (x1, y + 12.0)],
            3.0,
            palette.ink,
            0.18,
        );
    }
    let at = (w * 0.5, 560.0);
    l.near
        .glow_oval((at.0, 760.0), 520.0, 0.45, palette.light, 0.7);
    // From so near a thing fills the frame whatever its size; what is said of it is seen all the same.
    let said = (scene.props.iter()).find_map(|p| scene.scales.get(p));
    let grown = said.map_or(1.0, |s| s.powf(0.5)).clamp(0.6, 1.35);
    let size = grown * if w < 800.0 { 420.0 } else { 520.0 };
    l.people.fill_alpha(
        &ellipse(
            (at.0 - light.0 * 60.0, at.1 + size * 0.42),
            size * 0.55,
            size * 0.1,
        ),
        palette.ink,
        0.35,
    );
    let furniture = named.is_some_and(|thing| thing.stands == Stands::Floor && thing.heads >= 3.5);
    if let Some(thing) = named {
        // A shirt is its wearer's.
        let worn = (scene.props.iter().any(|p| p == "near shirt"))
            .then(|| scene.people.first().map(|p| &p.look.top_color))
            .flatten();
        let tint = (scene.props.iter())
            .find_map(|p| scene.tints.get(p))
            .or(worn);
        let palette = &super::palette::tinted(palette, tint);
        // Nobody has a desk in their hands.
        let (at, size) = match furniture {
            true => ((at.0, at.1 + 60.0), size * 1.7),
            false => (at, size * 0.98),
        };
        thing.draw(&mut l.people, palette, light, at, size, false);
    }
    let whose: Vec<&Look> = (scene.people.iter().map(|p| &p.look))
        .filter(|look| look.drawn_as.is_none())
        .collect();
    let anybody = super::super::casting::look("somebody", "", 3);
    let whose = match whose.as_slice() {
        [] if hands => vec![&anybody],
        some => some.to_vec(),
    };
    // What hangs on a wall is in nobody's hands.
    let hangs = named.is_some_and(|thing| thing.stands == Stands::Wall);
    if let (Some(first), false) = (whose.first(), hangs || furniture) {
        let side = if dice.chance(0.5) { -1.0f32 } else { 1.0 };
        for (s, look) in [(side, first), (-side, whose.get(1).unwrap_or(first))] {
            let (skin, sleeve) = (Rgb::hex(&look.skin), Rgb::hex(&look.top_color));
            let skin = skin.times(palette.shadow, if palette.dark { 0.5 } else { 0.1 });
            let sleeve = sleeve.times(palette.shadow, if palette.dark { 0.5 } else { 0.15 });
            // Hands with nothing between them are nearer to each other.
            let inward = if named.is_none() { 150.0 } else { 0.0 };
            let x = |d: f32| at.0 + s * (d - inward) * (size / 520.0);
            let arm = smooth(
                &[
                    (x(760.0), 1180.0),
                    (x(430.0), 890.0),
                    (x(360.0), 960.0),
                    (x(540.0), 1240.0),
                ],
                5,
            );
            l.people.fill(&arm, sleeve);
            l.people.shade(&arm, light, 40.0, palette.shadow, 0.55);
            let hand = smooth(
                &[
                    (x(430.0), 890.0),
                    (x(330.0), 800.0),
                    (x(250.0), 740.0),
                    (x(205.0), 735.0),
                    (x(200.0), 770.0),
                    (x(260.0), 820.0),
                    (x(230.0), 850.0),
                    (x(280.0), 900.0),
                    (x(360.0), 960.0),
                ],
                6,
            );
            l.people.fill(&hand, skin);
            l.people.shade(&hand, light, 22.0, palette.shadow, 0.5);
            l.people.ink(&hand, 7.0, light, palette.ink);
        }
    }
    Subject { x: 0.5, y: 0.56 }
}
