//! The offline house as a provider of every role it fills.

use super::{artist, composer, reading, voice};
use crate::film::references::{Person, PlaceSheet};
use crate::media::tools::Tools;
use crate::providers::roles::{
    AmbienceRequest, EffectRequest, Hand, Image, LineRequest, Music, Panel, PanelRequest,
    Recording, Roles, ScoreRequest, SectionRole, Voice,
};
use anyhow::Result;
use image::RgbImage;
use std::collections::BTreeMap;
use std::sync::Arc;

struct Artist;
struct Speaker(Tools);
struct Composer;

/// The house, with the programs this machine has.
pub fn roles(tools: Tools) -> Roles {
    Roles {
        image: Arc::new(Artist),
        pencil: Arc::new(Artist),
        voice: Arc::new(Speaker(tools.clone())),
        scratch: Arc::new(Speaker(tools)),
        text: None,
        own: None,
        painter: None,
        video: None,
        music: Arc::new(Composer),
        names: BTreeMap::new(),
    }
}

/// The place whose air a place has.
fn sounding(place: &str) -> &str {
    match super::book::book().sets.get(place) {
        Some(set) if !set.sound.is_empty() => &set.sound,
        Some(set) if !set.ground.is_empty() && set.ground != "room" => &set.ground,
        Some(set) if !set.tones.is_empty() => &set.tones,
        _ => place,
    }
}

/// What the words of a shot are read as.
fn scene_of(request: &PanelRequest) -> reading::Scene {
    let around = reading::Around {
        references: request.references.as_ref(),
        mood: &request.mood,
        look: &request.look,
        context: &request.context,
        time: &request.time,
    };
    reading::read(&request.beat, &request.shot, &around)
}

/// A picture with the thing that `words` name drawn into a part of it, in the colours and the light of its
/// shot; `None` where they name nothing that is drawn by itself.
pub fn drawn_into(
    picture: &RgbImage,
    request: &PanelRequest,
    words: &str,
    spot: artist::Spot,
) -> Result<Option<RgbImage>> {
    let mut request = request.clone();
    words.clone_into(&mut request.shot.prompt);
    request.shot.cast.clear();
    artist::lay_thing(picture, &scene_of(&request), request.place_seed, spot)
}

impl Image for Artist {
    fn panel(&self, request: &PanelRequest, _: &Hand) -> Result<Panel> {
        let scene = scene_of(request);
        let drawn = artist::draw(&scene, request.format, request.place_seed, request.seed)?;
        Ok(Panel {
            picture: drawn.panel,
            layers: drawn
                .layers
                .into_iter()
                .map(|(n, b)| (n.to_owned(), b))
                .collect(),
            subject: drawn.subject,
            remarks: drawn.remarks,
        })
    }

    fn person(&self, person: &Person, mood: &str, look: &str, _: &Hand) -> Result<Vec<u8>> {
        artist::person_sheet(person, mood, look)
    }

    fn place(
        &self,
        place: &PlaceSheet,
        time: &str,
        mood: &str,
        look: &str,
        _: &Hand,
    ) -> Result<Vec<u8>> {
        artist::place_sheet(
            place,
            time,
            mood,
            look,
            artist::place_seed(place.id.as_str()),
        )
    }
}

impl Voice for Speaker {
    fn speak(&self, request: &LineRequest, hand: &Hand) -> Result<Recording> {
        let spoken = voice::speak(
            &self.0,
            &request.line,
            &request.part,
            request.variant,
            &request.language,
            &request.say,
            &hand.cancel,
        )?;
        Ok(Recording {
            engine: spoken.engine,
            words_per_minute: spoken.words_per_minute,
            warnings: spoken.warnings,
            samples: spoken.samples,
        })
    }
}

impl Music for Composer {
    fn score(&self, request: &ScoreRequest, _: &Hand) -> Result<Vec<f32>> {
        let sections: Vec<composer::Section> = request
            .sections
            .iter()
            .map(|(role, seconds)| composer::Section {
                role: match role {
                    SectionRole::Opening => composer::Role::Opening,
                    SectionRole::Body => composer::Role::Body,
                    SectionRole::Turn => composer::Role::Turn,
                    SectionRole::Climax => composer::Role::Climax,
                    SectionRole::Ending => composer::Role::Ending,
                },
                seconds: *seconds,
            })
            .collect();
        Ok(composer::compose(
            &request.mood,
            &sections,
            request.samples,
            request.seed,
        ))
    }

    fn effect(&self, request: &EffectRequest) -> Result<Vec<f32>> {
        Ok(composer::effects::render(&request.kind, request.seed))
    }

    fn ambience(&self, request: &AmbienceRequest) -> Result<Vec<f32>> {
        let mut out: Vec<f32> = Vec::new();
        for (i, stretch) in request.stretches.iter().enumerate() {
            let (kind, db) = composer::places::kind(
                sounding(&stretch.place),
                stretch.interior,
                stretch.night,
                &stretch.weather,
            );
            // A little past its end, to cross-fade into the next.
            let reach = if i + 1 < request.stretches.len() {
                voice::RATE as usize * 35 / 100
            } else {
                0
            };
            let bed = composer::places::bed(kind, stretch.samples + reach, request.seed ^ i as u64);
            let gain = 10f32.powf((db + 20.0) / 20.0);
            let start = out.len().saturating_sub(if i > 0 {
                2 * (voice::RATE as usize * 35 / 100)
            } else {
                0
            });
            let overlap = (out.len() - start) / 2;
            for (k, pair) in bed.as_chunks::<2>().0.iter().enumerate() {
                let fade_in = if k < overlap {
                    (k as f32 / overlap as f32 * std::f32::consts::FRAC_PI_2).sin()
                } else {
                    1.0
                };
                for (c, v) in pair.iter().enumerate() {
                    let at = start + 2 * k + c;
                    let v = v * gain * fade_in;
                    if at < out.len() {
                        let fade_out =
                            (k as f32 / overlap as f32 * std::f32::consts::FRAC_PI_2).cos();
                        out[at] = out[at] * fade_out + v;
                    } else {
                        out.push(v);
                    }
                }
            }
        }
        Ok(out)
    }
}
