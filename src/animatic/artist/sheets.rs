//! Reference sheets: what never changes about a person or a place.

use super::super::book::book;
use super::super::reading::Scene;
use super::paint::{P, Rgb, Sheet, ellipse, rect};
use super::palette;
use super::people::{self, Standing};
use super::{draw, png};
use crate::film::format::Format;
use crate::film::references::{Person, PlaceSheet};
use crate::film::shot::{Angle, Size};
use anyhow::{Context, Result};

/// A sheet that shows a person whole, and near with two faces.
pub fn person_sheet(person: &Person, mood: &str, look: &str) -> Result<Vec<u8>> {
    let mut sheet = Sheet::new(960, 540, 0.0).context("a sheet")?;
    let mut palette = palette::choose("office", true, "day", "", mood, look, "");
    palette.dark = false;
    let w = sheet.w;
    sheet.wash(&[Rgb::hex("e9ddc6"), Rgb::hex("d8c8ac")], 0.0, 1000.0);
    sheet.glow((w * 0.3, 420.0), 620.0, Rgb(1.0, 0.98, 0.9), 0.6);
    let light = (-0.64, -0.77);
    sheet.fill_alpha(&ellipse((w * 0.2, 940.0), 150.0, 22.0), palette.shadow, 0.5);
    if let Some(thing) = person
        .look
        .drawn_as
        .as_ref()
        .and_then(|t| book().drawings.get(t))
    {
        thing.draw(&mut sheet, &palette, light, (w * 0.3, 620.0), 640.0, false);
        thing.draw(&mut sheet, &palette, light, (w * 0.76, 660.0), 560.0, true);
        return png(&sheet.pix);
    }
    let mut figure = |at: P, u: f32, right: bool, expression: &str, hangs: bool| {
        people::draw(
            &mut sheet,
            &palette,
            light,
            &Standing {
                look: &person.look,
                pose: "stand",
                expression,
                at,
                u,
                right,
                back: false,
                speaking: false,
                hangs,
            },
        );
    };
    let h = person.look.height as f32;
    figure((w * 0.2, 940.0), 112.0, true, "neutral", false);
    figure(
        (w * 0.52, 250.0 + 260.0 * 3.34 * h),
        260.0,
        true,
        "neutral",
        true,
    );
    figure(
        (w * 0.83, 250.0 + 260.0 * 3.34 * h),
        260.0,
        false,
        "happy",
        true,
    );
    for (i, c) in [
        &person.look.skin,
        &person.look.hair_color,
        &person.look.top_color,
        &person.look.bottom_color,
        &person.look.accent,
    ]
    .into_iter()
    .enumerate()
    {
        sheet.fill(&rect(40.0 + i as f32 * 56.0, 40.0, 44.0, 44.0), Rgb::hex(c));
    }
    png(&sheet.pix)
}

/// A sheet that shows a place empty, by its own light.
pub fn place_sheet(
    place: &PlaceSheet,
    time: &str,
    mood: &str,
    look: &str,
    place_seed: u64,
) -> Result<Vec<u8>> {
    let scene = Scene {
        place: super::super::reading::on_its_side(&place.kind, place.interior),
        interior: place.interior,
        outlook: String::new(),
        time: time.to_owned(),
        weather: String::new(),
        mood: mood.to_owned(),
        look: look.to_owned(),
        people: Vec::new(),
        crowd: None,
        props: Vec::new(),
        tints: Default::default(),
        hung: Vec::new(),
        scales: Default::default(),
        counts: Default::default(),
        light: String::new(),
        size: Size::Ews,
        view: None,
        deserted: false,
        angle: Angle::Eye,
        unknown: Vec::new(),
    };
    Ok(draw(
        &scene,
        Format {
            width: 960,
            height: 540,
        },
        place_seed,
        1,
    )?
    .panel)
}
