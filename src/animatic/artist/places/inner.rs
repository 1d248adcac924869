//! Inside the body, inside the mind, and far outside.

use super::super::paint::{P, Rgb, Sheet, blob, ellipse, rect, ridge, smooth};
use super::{Layers, Set, full};

pub(super) fn space(l: &mut Layers, set: &Set<'_>) {
    let p = set.palette;
    l.sky.wash(&p.sky, 0.0, 1000.0);
    let mut dice = set.dice("stars");
    for _ in 0..240 {
        let r = dice.range(0.6, 2.4);
        let at = (dice.range(-60.0, set.w + 60.0), dice.range(-60.0, 1060.0));
        l.sky
            .fill_alpha(&ellipse(at, r, r), p.light, dice.range(0.3, 1.0));
    }
    l.sky.glow((set.w * 0.7, 280.0), 420.0, p.mid, 0.6);
    let planet = (set.w * 0.72, 430.0);
    let disc = ellipse(planet, 240.0, 240.0);
    l.far.fill(&disc, p.mid.mix(p.light, 0.3));
    for i in 0..5 {
        l.far.fill_alpha(
            &ellipse(
                (planet.0, planet.1 - 140.0 + i as f32 * 70.0),
                220.0 - (i as f32 - 2.0).abs() * 50.0,
                14.0,
            ),
            p.far,
            0.6,
        );
    }
    l.far.shade(&disc, set.light, 110.0, p.shadow, 0.85);
    l.far.rim(&disc, set.light, 6.0, p.light, 0.9);
    let (x0, _, x1, y1) = full(&l.near);
    l.near.fill(
        &ridge(x0, x1, 960.0, 110.0, 240.0, 6.0, y1),
        p.near.mix(p.mid, 0.3),
    );
}

pub(super) fn cell(sheet: &mut Sheet, set: &Set<'_>, at: P, r: f32, color: Rgb) {
    let p = set.palette;
    let shape = ellipse(at, r, r * 0.62);
    sheet.fill(&shape, color);
    sheet.shade(&shape, set.light, r * 0.22, p.shadow, 0.6);
    sheet.fill_alpha(
        &ellipse((at.0, at.1 + r * 0.03), r * 0.5, r * 0.26),
        color.times(p.shadow, 0.55),
        0.9,
    );
    sheet.rim(&shape, set.light, r * 0.06, p.light, 0.7);
}

pub(super) fn vessel(l: &mut Layers, set: &Set<'_>) {
    let p = set.palette;
    l.sky
        .fill(&rect(-500.0, -500.0, set.w + 1000.0, 2000.0), p.top());
    let c = (set.w * 0.62, 320.0);
    for i in 0..9 {
        let r = 1150.0 - i as f32 * 115.0;
        l.sky.fill(
            &blob(c, r, r * 0.8, 0.08, i as f32),
            p.sky[0].mix(p.horizon(), i as f32 / 9.0),
        );
    }
    l.sky.glow(c, 520.0, p.light, 0.9);
    let mut dice = set.dice("cells");
    for (sheet, count, lo, hi) in [
        (&mut l.far, 12, 22.0, 46.0),
        (&mut l.middle, 9, 60.0, 100.0),
        (&mut l.near, 4, 120.0, 170.0),
    ] {
        for _ in 0..count {
            let at = (dice.range(0.0, set.w), dice.range(60.0, 940.0));
            let r = dice.range(lo, hi);
            cell(
                sheet,
                set,
                at,
                r,
                p.mid.mix(p.horizon(), 0.5 - (r / 400.0).min(0.4)),
            );
        }
    }
    let (x0, _, x1, _) = full(&l.near);
    for (k, y) in [820.0f32, 870.0].into_iter().enumerate() {
        for i in 0..60 {
            let x = x0 + (x1 - x0) * i as f32 / 60.0;
            let y = y + 24.0 * (x / 170.0).sin();
            l.near.fill(
                &ellipse((x, y), 14.0, 14.0),
                p.horizon().mix(p.mid, 0.3 * k as f32),
            );
        }
    }
    for (i, x) in [0.3f32, 0.55, 0.8].into_iter().enumerate() {
        let at = (set.w * x, 800.0);
        let cup = [
            (-0.3, 0.08),
            (-0.48, -0.48),
            (-0.96, -0.92),
            (-1.0, -1.56),
            (-0.72, -1.64),
            (-0.56, -1.2),
            (-0.28, -0.92),
            (0.0, -0.84),
        ];
        let mut shape: Vec<P> = cup
            .iter()
            .map(|q| (at.0 + q.0 * 60.0, at.1 + q.1 * 60.0))
            .collect();
        shape.extend(
            cup.iter()
                .rev()
                .map(|q| (at.0 - q.0 * 60.0, at.1 + q.1 * 60.0)),
        );
        let shape = smooth(&shape, 3);
        l.near
            .fill(&rect(at.0 - 10.0, at.1, 20.0, 96.0), Rgb::hex("6a3f8a"));
        l.near
            .fill(&shape, Rgb::hex(if i == 1 { "d9a53a" } else { "7a4fa0" }));
        l.near.shade(&shape, set.light, 14.0, p.shadow, 0.5);
    }
    let drug = (set.w * 0.55, 640.0);
    l.near.glow(drug, 150.0, p.accent, 0.7);
    let hexagon: Vec<P> = (0..6)
        .map(|i| {
            (
                drug.0 + 44.0 * (i as f32 * 1.047).cos(),
                drug.1 + 44.0 * (i as f32 * 1.047).sin(),
            )
        })
        .collect();
    l.near.fill(&hexagon, p.accent);
    l.near.ink(&hexagon, 5.0, set.light, p.ink);
}

pub(super) fn neurons(l: &mut Layers, set: &Set<'_>) {
    let p = set.palette;
    l.sky.wash(&p.sky, 0.0, 1000.0);
    let mut dice = set.dice("neurons");
    for (k, sheet) in [&mut l.far, &mut l.middle, &mut l.near]
        .into_iter()
        .enumerate()
    {
        for _ in 0..3 {
            let at = (set.w * dice.range(0.1, 0.9), dice.range(200.0, 800.0));
            let s = 50.0 + 60.0 * k as f32;
            let color = p.mid.mix(p.far, 0.6 - 0.3 * k as f32);
            for i in 0..7 {
                let a = i as f32 / 7.0 * std::f32::consts::TAU + dice.range(-0.3, 0.3);
                let mut line = vec![at];
                let mut q = at;
                for step in 0..5 {
                    q = (
                        q.0 + a.cos() * s * 0.9 + dice.range(-30.0, 30.0),
                        q.1 + a.sin() * s * 0.9 + dice.range(-30.0, 30.0),
                    );
                    line.push(q);
                    if step % 2 == 1 {
                        sheet.glow(q, s * 0.5, p.accent, 0.7);
                    }
                }
                sheet.fill(
                    &super::super::paint::limb(
                        &line,
                        &[s * 0.22, s * 0.14, s * 0.1, s * 0.07, s * 0.05, s * 0.03],
                    ),
                    color,
                );
            }
            sheet.fill(
                &blob(at, s * 0.6, s * 0.55, 0.3, s),
                color.mix(p.light, 0.2),
            );
            sheet.glow(at, s * 1.3, p.light, 0.5);
        }
    }
}
