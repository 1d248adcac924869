//! The sound of a place under its pictures: air, wind, sea, rain, city, crickets.

use super::super::dice::Dice;
use super::super::voice::{Biquad, RATE};

/// What a place sounds like, and how loud its bed lies in the mix, in dBFS.
pub fn kind(place: &str, interior: bool, night: bool, weather: &str) -> (&'static str, f32) {
    match (place, weather) {
        (_, "rain" | "storm") if !interior => ("rain", -36.0),
        ("sea" | "lighthouse" | "harbour" | "river", _) if !interior => ("sea", -35.0),
        ("street" | "skyline" | "road" | "station" | "vehicle", _) => ("city", -40.0),
        ("space" | "neuron" | "body", _) => ("space", -42.0),
        _ if interior => ("room", -50.0),
        (_, _) if night => ("night", -44.0),
        ("forest" | "park", _) => ("forest", -42.0),
        _ => ("wind", -38.0),
    }
}

fn slow(dice_seed: u64, t: f64, hz: f64) -> f32 {
    let x = t * hz;
    let value = |i: f64| {
        let s = (i * 127.1 + dice_seed as f64 % 1000.0 * 3.7).sin() * 43_758.547;
        (s - s.floor()) as f32
    };
    let i = x.floor();
    let f = (x - i) as f32;
    let f = 0.5 - 0.5 * (std::f32::consts::PI * f).cos();
    value(i) + (value(i + 1.0) - value(i)) * f
}

/// Renders a bed of stereo samples, interleaved, at about −20 dBFS rms.
pub fn bed(kind: &str, samples: usize, seed: u64) -> Vec<f32> {
    let mut sides: Vec<Vec<f32>> = Vec::new();
    for side in 0..2u64 {
        let mut dice = Dice::new(seed * 2 + side, kind);
        let mut out = Vec::with_capacity(samples);
        let (mut p0, mut p1, mut p2) = (0f32, 0f32, 0f32);
        let mut pink = move |dice: &mut Dice| {
            let w = dice.range(-1.0, 1.0);
            p0 = 0.997_65 * p0 + w * 0.099_046;
            p1 = 0.963 * p1 + w * 0.296_516_4;
            p2 = 0.57 * p2 + w * 1.052_691_3;
            (p0 + p1 + p2 + w * 0.1848) * 0.25
        };
        let mut a = match kind {
            "rain" => Biquad::high_pass(900.0, 0.7),
            "city" | "space" => Biquad::low_pass(240.0, 0.7),
            "sea" => Biquad::low_pass(700.0, 0.7),
            "forest" => Biquad::band_pass(3000.0, 0.5),
            "room" => Biquad::low_pass(320.0, 0.7),
            "night" => Biquad::band_pass(4300.0, 9.0),
            _ => Biquad::low_pass(420.0, 0.7),
        };
        let mut b = match kind {
            "sea" => Biquad::band_pass(1800.0, 0.5),
            "city" => Biquad::band_pass(700.0, 0.5),
            "rain" => Biquad::band_pass(260.0, 0.6),
            "night" => Biquad::high_pass(250.0, 0.7),
            _ => Biquad::band_pass(620.0, 1.1),
        };
        for i in 0..samples {
            let t = i as f64 / f64::from(RATE);
            let n = pink(&mut dice);
            let g = slow(seed + side, t, 0.25);
            let v = match kind {
                "rain" => a.step(dice.range(-1.0, 1.0)) * 0.5 + b.step(n),
                "sea" => {
                    let swell = |period: f64| {
                        let p = (t / period).fract();
                        if p < 0.35 {
                            (p / 0.35).powi(2)
                        } else {
                            (-(p - 0.35) / 0.22).exp()
                        }
                    } as f32;
                    let s = swell(7.5) + 0.6 * swell(9.7);
                    a.step(n) * (0.3 + 0.45 * s) + b.step(n) * 0.9 * s
                }
                "night" => {
                    let pulse = ((t * 1.6 + 0.3 * side as f64).fract() < 0.2) as u32 as f32
                        * (std::f64::consts::TAU * 30.0 * t).sin().max(0.0) as f32;
                    a.step(n) * pulse * 1.5 + b.step(n) * 0.2
                }
                "forest" => a.step(n) * (0.3 + 0.5 * slow(seed + 9, t, 0.7)) + b.step(n) * 0.3 * g,
                _ => {
                    a.step(n) * (0.25 + 0.75 * g).powf(1.6)
                        + b.step(n) * 0.5 * g * slow(seed + 4 + side, t, 0.6)
                }
            };
            out.push(v);
        }
        sides.push(out);
    }
    let power: f32 =
        sides.iter().flatten().map(|s| s * s).sum::<f32>() / (2 * samples.max(1)) as f32;
    let gain = if power > 0.0 { 0.1 / power.sqrt() } else { 0.0 };
    sides[0]
        .iter()
        .zip(&sides[1])
        .flat_map(|(l, r)| [l * gain, r * gain])
        .collect()
}
