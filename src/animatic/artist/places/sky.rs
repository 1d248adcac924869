//! Sky, mist and weather.

use super::super::paint::{P, Rgb, Sheet, ellipse, rect};
use super::{Layers, Set, full};
use crate::film::format::Format;
use anyhow::{Context, Result};

pub(super) fn sky(l: &mut Layers, set: &Set<'_>) {
    let p = set.palette;
    l.sky.wash(&p.sky, -40.0, set.horizon);
    let mut dice = set.dice("sky");
    let sun_x = if set.light.0 < 0.0 {
        set.w * dice.range(0.16, 0.32)
    } else {
        set.w * dice.range(0.68, 0.84)
    };
    match set.time {
        _ if matches!(set.weather, "rain" | "storm" | "fog" | "snow") => {}
        "night" | "blue" => {
            for _ in 0..110 {
                let at = (
                    dice.range(-40.0, set.w + 40.0),
                    dice.range(-30.0, set.horizon * 0.9),
                );
                let r = dice.range(0.7, 1.9);
                l.sky
                    .fill_alpha(&ellipse(at, r, r), p.light, dice.range(0.3, 0.9));
            }
            let moon = (sun_x, set.horizon * 0.3);
            l.sky.glow(moon, 190.0, p.light, 0.35);
            l.sky
                .fill(&crescent(moon, 42.0), p.light.mix(Rgb(1.0, 1.0, 1.0), 0.3));
        }
        "dawn" | "dusk" => {
            let sun = (sun_x, set.horizon - 28.0);
            l.sky.glow(sun, 480.0, p.light, 0.55);
            l.sky.fill(
                &ellipse(sun, 52.0, 52.0),
                p.light.mix(Rgb(1.0, 1.0, 0.95), 0.6),
            );
        }
        _ => {
            let sun = (sun_x, set.horizon * 0.25);
            l.sky.glow(sun, 330.0, Rgb(1.0, 0.98, 0.9), 0.6);
            l.sky
                .fill_alpha(&ellipse(sun, 38.0, 38.0), Rgb(1.0, 0.99, 0.93), 0.9);
        }
    }
    // Thin lens-shaped bands, lit from below.
    let bands = if matches!(set.weather, "storm" | "rain") {
        14
    } else {
        8
    };
    for i in 0..bands {
        let y = set.horizon * dice.range(0.08, 0.88);
        let x = dice.range(-0.3 * set.w, set.w);
        let length = dice.range(0.14, 0.42) * set.w.max(700.0);
        let thick = dice.range(5.0, 16.0) * if bands > 10 { 2.4 } else { 1.0 };
        let color = if set.night() || set.weather == "storm" {
            p.sky[1].mix(p.far, 0.5)
        } else {
            p.light.mix(p.horizon(), 0.3)
        };
        let lens: Vec<P> = (0..24)
            .map(|k| {
                let t = k as f32 / 12.0;
                let (u, side) = if t <= 1.0 {
                    (t, -0.35)
                } else {
                    (2.0 - t, 0.65)
                };
                (
                    x + length * u,
                    y + side * thick * (std::f32::consts::PI * u).sin().max(0.0).powf(0.6),
                )
            })
            .collect();
        l.clouds
            .fill_alpha(&lens, color, if i % 3 == 0 { 0.55 } else { 0.35 });
    }
}

/// A moon that wanes: nothing of it but its lit side, so that stars and glow show beside.
fn crescent(at: P, r: f32) -> Vec<P> {
    // The circle that is cut out, and where both meet, seen from either middle.
    let (cut, (dx, dy)) = (r * 0.86, (r * 0.43, r * -0.19));
    let (d, axis) = ((dx * dx + dy * dy).sqrt(), dy.atan2(dx));
    let along = (d * d + r * r - cut * cut) / (2.0 * d);
    let (outer, inner) = ((along / r).acos(), ((along - d) / cut).acos());
    let full = std::f32::consts::TAU;
    let arc = |middle: P, r: f32, from: f32, to: f32| {
        (0..=20).map(move |i| {
            let a = axis + from + (to - from) * i as f32 / 20.0;
            (middle.0 + r * a.cos(), middle.1 + r * a.sin())
        })
    };
    let outside = arc(at, r, outer, full - outer);
    let inside = arc((at.0 + dx, at.1 + dy), cut, full - inner, inner);
    outside.chain(inside).collect()
}

pub(super) fn mist(sheet: &mut Sheet, set: &Set<'_>, top: f32, bottom: f32, alpha: f32) {
    let (x0, _, x1, _) = full(sheet);
    let c = set.palette.horizon();
    sheet.gradient(
        &rect(x0, top, x1 - x0, bottom - top),
        (0.0, top),
        (0.0, bottom),
        &[(0.0, c, 0.0), (1.0, c, alpha)],
    );
}

pub(super) fn weather(l: &mut Layers, set: &Set<'_>) {
    let p = set.palette;
    if set.interior || matches!(set.weather, "" | "wind") {
        return;
    }
    match set.weather {
        "storm" => {
            let mut dice = set.dice("lightning");
            let mut q = (set.w * dice.range(0.3, 0.7), -20.0);
            let mut line = vec![q];
            while q.1 < set.horizon {
                q = (q.0 + dice.range(-46.0, 46.0), q.1 + dice.range(30.0, 74.0));
                line.push(q);
            }
            l.far.stroke(&line, 9.0, Rgb(1.0, 1.0, 0.94), 0.95);
        }
        "fog" => {
            for (sheet, alpha) in [
                (&mut l.far, 0.78),
                (&mut l.middle, 0.62),
                (&mut l.near, 0.4),
            ] {
                let (a, _, b, d) = sheet.bounds();
                let c = p.horizon();
                sheet.gradient(
                    &rect(a, set.horizon - 320.0, b - a, d),
                    (0.0, set.horizon - 320.0),
                    (0.0, set.horizon + 120.0),
                    &[(0.0, c, 0.0), (1.0, c, alpha)],
                );
            }
        }
        _ => {}
    }
}

/// Rain or snow on a sheet of its own, two frames wide and high, that shows the same in each: it falls.
pub(in crate::animatic::artist) fn falling(
    set: &Set<'_>,
    format: Format,
) -> Result<Option<(&'static str, Sheet)>> {
    let name = match set.weather {
        // Of a car that is looked into the glass is wet.
        _ if set.interior && !set.aboard => return Ok(None),
        "rain" => "rain",
        "storm" => "storm",
        "snow" => "snow",
        _ => return Ok(None),
    };
    let mut sheet =
        Sheet::new(format.width, format.height, 0.5).context("the picture is too large to draw")?;
    let mut dice = set.dice("weather");
    let around = [-1.0f32, 0.0, 1.0];
    for i in 0..if name == "snow" { 150 } else { 190 } {
        let at = (dice.range(0.0, set.w), dice.range(0.0, 1000.0));
        let len = dice.range(40.0, 84.0);
        let alpha = dice.range(0.15, 0.42);
        for (x, y) in around.iter().flat_map(|x| around.map(|y| (*x, y))) {
            let at = (at.0 + x * set.w, at.1 + y * 1000.0);
            if name == "snow" {
                let r = [2.2, 3.8, 6.4][i % 3];
                sheet.fill_alpha(&ellipse(at, r, r), Rgb(1.0, 1.0, 1.0), 0.8);
            } else {
                let slant = if name == "storm" { 26.0 } else { 9.0 };
                let to = (at.0 - slant * len / 60.0, at.1 + len);
                sheet.stroke(&[at, to], 2.6, set.palette.light, alpha);
            }
        }
    }
    Ok(Some((name, sheet)))
}
