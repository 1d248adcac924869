//! What a stage really reads, and what an item is made from. A change outside a projection stales
//! nothing.

use super::fingerprint::Fingerprint;
use crate::film::artifacts::Artifacts;
use crate::film::assets::Asset;
use crate::film::cast;
use crate::film::handed;
use crate::film::heading;
use crate::film::references::References;
use crate::film::sheet::SourceForm;
use crate::film::stage::Stage;
use crate::film::storyboard::{BoardBeat, Line, Shot};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// Hashes of the working files by their path in the run folder.
pub type Files = BTreeMap<String, Fingerprint>;

/// What a stage reads: the hash of each thing by its name, and of all of them together.
#[derive(Debug, Clone, PartialEq)]
pub struct Inputs {
    pub hash: Fingerprint,
    pub parts: Files,
}

/// Returns what `stage` would be made from now; `None` while something upstream is missing.
pub fn inputs(stage: Stage, film: &Artifacts, files: &Files) -> Option<Inputs> {
    let Some(Value::Object(map)) = reads(stage, film, files) else {
        return None;
    };
    let parts: Files = map
        .into_iter()
        .map(|(name, value)| (name, Fingerprint::of(&value)))
        .collect();
    Some(Inputs {
        hash: Fingerprint::of(&parts),
        parts,
    })
}

/// What a stage reads, by name: the declared projection of what lies upstream.
fn reads(stage: Stage, film: &Artifacts, files: &Files) -> Option<Value> {
    let sheet = &film.sheet;
    let value = match stage {
        Stage::Outline => json!({
            "source": film.source,
            "form": sheet.source.form,
            "template": sheet.template,
            "title": sheet.title,
            "fields": sheet.fields,
            "seconds": sheet.seconds,
        }),
        Stage::Script => {
            let beats: Vec<Value> = film
                .outline
                .as_ref()?
                .beats
                .iter()
                .map(|b| json!([b.id, b.title, b.summary]))
                .collect();
            // Only a film that is made of its fields has its words from them.
            let fields = (sheet.source.form == SourceForm::Fields).then_some(&sheet.fields);
            let mut read =
                json!({"source": film.source, "form": sheet.source.form, "beats": beats});
            if let Some(fields) = fields {
                read["fields"] = json!(fields);
            }
            if let Some(from) = &sheet.translated_from {
                read["translation"] = json!([from, sheet.language]);
            }
            read
        }
        // All that was decided before it, and what its question is filled in with.
        Stage::Own => {
            let mut read = json!({"fields": sheet.fields, "language": sheet.language});
            for before in sheet.way().upstream(stage) {
                if !sheet.skip.contains(&before) {
                    read[before.name()] = json!(content(before, film, files)?);
                }
            }
            read
        }
        Stage::References => {
            let script = film.script.as_ref()?;
            let cast: Vec<Value> = cast::cast(script)
                .iter()
                .map(|m| json!([m.id, m.name, m.intro, m.offscreen]))
                .collect();
            json!({
                "cast": cast,
                "places": heading::sites(script),
                "mood": film.outline.as_ref()?.mood,
                "seed": sheet.seed,
                "voice": sheet.voice,
                "fields": sheet.fields,
            })
        }
        Stage::Storyboard => {
            let outline = film.outline.as_ref()?;
            let beats: Vec<Value> = outline
                .beats
                .iter()
                .map(|b| json!([b.id, b.seconds, b.mood]))
                .collect();
            let references = film.references.as_ref().map(|r| json!(r));
            let script = film.script.as_ref()?;
            let mut read = json!({
                "script": script,
                "beats": beats,
                "mood": outline.mood,
                "references": references,
                "formats": sheet.formats,
                "fps": sheet.fps,
                "language": sheet.language,
                "seed": sheet.seed,
            });
            let handed: Files = handed::named(script)
                .iter()
                .map(|name| handed::file_of(name, |f| files.contains_key(f)))
                .filter_map(|file| Some((file.clone(), files.get(&file)?.clone())))
                .collect();
            if !handed.is_empty() {
                read["pictures"] = json!(handed);
            }
            read
        }
        Stage::Assets => {
            let shots: Vec<Value> = film
                .storyboard
                .as_ref()?
                .shots()
                .map(|(_, s)| json!([s.id, s.movement, files.get(&panel_file(s.name()))]))
                .collect();
            json!({"panels": shots, "formats": sheet.formats})
        }
        Stage::Audio => {
            let board = film.storyboard.as_ref()?;
            let shots: Vec<Value> = board
                .shots()
                .map(|(b, s)| json!([b.id, b.mood, s.id, s.seconds, s.lines, s.sound, s.place]))
                .collect();
            let voices: Option<Vec<Value>> = film
                .references
                .as_ref()
                .map(|r| r.cast.iter().map(|p| json!([p.id, p.voice])).collect());
            let say = film.references.as_ref().map(|r| json!(r.say));
            let places: Option<Vec<Value>> = film.references.as_ref().map(|r| {
                r.places
                    .iter()
                    .map(|p| json!([p.id, p.kind, p.interior]))
                    .collect()
            });
            let mut read = json!({
                "shots": shots,
                "voices": voices,
                "pronunciation": say,
                "places": places,
                "mood": film.outline.as_ref()?.mood,
                "language": sheet.language,
                "fps": sheet.fps,
                "seed": sheet.seed,
            });
            // Music lies under the brand's footage too.
            let bumpers = film.brand.as_ref().map(|b| [&b.intro, &b.outro]);
            let led: Vec<f64> = bumpers
                .iter()
                .flatten()
                .filter_map(|b| b.as_ref().map(|b| b.seconds))
                .collect();
            if !led.is_empty() {
                read["brand"] = json!(led);
            }
            read
        }
        Stage::Render => {
            let kit = film.brand.as_ref().map(|brand| {
                let mine = |(name, hash): (&String, &Fingerprint)| {
                    name.starts_with("brand/").then(|| hash.clone())
                };
                json!([brand, files.iter().filter_map(mine).collect::<Vec<_>>()])
            });
            let board = film.storyboard.as_ref()?;
            let shots: Vec<Value> = board
                .shots()
                .map(|(b, s)| {
                    let mut of = vec![
                        json!(b.heading),
                        json!(s.id),
                        json!(s.seconds),
                        json!(s.transition),
                        json!(s.on_screen),
                        json!(s.movement),
                    ];
                    of.extend(s.lower_third.iter().map(|t| json!({"lower_third": t})));
                    of.extend(b.chapter.iter().map(|t| json!({"chapter": t})));
                    json!(of)
                })
                .collect();
            let style = film.references.as_ref().map(|r| json!(r.style));
            let mut read = json!({
                "shots": shots,
                "style": style,
                "assets": content(Stage::Assets, film, files)?,
                "audio": content(Stage::Audio, film, files)?,
                "title": sheet.title,
                "formats": sheet.formats,
                "fps": sheet.fps,
                "captions": sheet.captions,
                "language": sheet.language,
            });
            if let Some(kit) = kit {
                read["brand"] = kit;
            }
            // They stand on the end card.
            if !sheet.fields.is_empty() {
                read["fields"] = json!(sheet.fields);
            }
            let handed: Files = (sheet.fields.values())
                .filter(|f| handed::is_picture(f))
                .filter_map(|f| Some((f.clone(), files.get(f)?.clone())))
                .collect();
            if !handed.is_empty() {
                read["pictures"] = json!(handed);
            }
            read
        }
    };
    Some(value)
}

/// Returns the hash of what a stage holds, `None` if it holds nothing.
pub fn content(stage: Stage, film: &Artifacts, files: &Files) -> Option<Fingerprint> {
    let document = match stage {
        Stage::Outline => json!(film.outline.as_ref()?),
        Stage::Script => json!(film.script.as_ref()?),
        Stage::Own => json!(film.own.as_ref()?),
        Stage::References => json!(film.references.as_ref()?),
        Stage::Storyboard => json!(film.storyboard.as_ref()?),
        Stage::Assets => json!(film.assets.as_ref()?),
        Stage::Audio => json!(film.audio.as_ref()?),
        Stage::Render => {
            if !files.contains_key(FILM) {
                return None;
            }
            Value::Null
        }
    };
    let media: Vec<Value> = media(stage, film)
        .iter()
        .map(|name| json!([name, files.get(name)]))
        .collect();
    Some(Fingerprint::of(&(document, media)))
}

pub const FILM: &str = "render/film.mp4";

pub fn panel_file(shot: &str) -> String {
    format!("storyboard/{shot}.png")
}

pub fn sheet_file(id: &str) -> String {
    format!("references/{id}.png")
}

/// The films a run makes: the master, and one for each further format.
pub fn films(film: &Artifacts) -> Vec<String> {
    film.sheet
        .formats
        .iter()
        .enumerate()
        .map(|(i, f)| {
            if i == 0 {
                FILM.to_owned()
            } else {
                format!("render/film.{}.mp4", f.name())
            }
        })
        .collect()
}

/// The media files a stage's content is made of, in order.
pub fn media(stage: Stage, film: &Artifacts) -> Vec<String> {
    match stage {
        Stage::Outline | Stage::Script | Stage::Own => Vec::new(),
        Stage::References => film.references.as_ref().map_or_else(Vec::new, |r| {
            r.cast
                .iter()
                .filter(|p| !p.offscreen)
                .map(|p| sheet_file(p.id.as_str()))
                .chain(r.places.iter().map(|p| sheet_file(p.id.as_str())))
                .collect()
        }),
        Stage::Storyboard => film.storyboard.as_ref().map_or_else(Vec::new, |b| {
            b.shots()
                .filter(|(_, s)| s.id.is_some())
                .map(|(_, s)| panel_file(s.name()))
                .collect()
        }),
        Stage::Assets => film.assets.as_ref().map_or_else(Vec::new, |a| {
            a.shots.iter().flat_map(Asset::files).cloned().collect()
        }),
        Stage::Audio => film.audio.as_ref().map_or_else(Vec::new, |a| {
            a.cues.iter().filter_map(|c| c.file.clone()).collect()
        }),
        Stage::Render => films(film),
    }
}

/// The hash of what an item is made from.
pub fn key(from: &Value) -> Fingerprint {
    Fingerprint::of(from)
}

/// What a panel is drawn from: never its duration, never its dialogue. `time` is the time of day that
/// its heading leaves to the scenes before, empty where it names its own.
pub fn panel_from(
    film: &Artifacts,
    references: Option<&References>,
    beat: &BoardBeat,
    shot: &Shot,
    time: &str,
    salt: u64,
    files: &Files,
) -> Value {
    // A picture that was handed in is all there is to see.
    if let Some(picture) = &shot.picture {
        return json!({
            "panel": shot.id,
            "picture": picture,
            "of": files.get(picture),
            "format": film.sheet.master(),
        });
    }
    let place = shot.place.as_ref().and_then(|id| references?.place(id));
    let cast: Vec<_> = shot
        .cast
        .iter()
        .filter_map(|id| references?.person(id))
        .map(|p| json!([p.id, p.look]))
        .collect();
    let mut from = json!({
        "panel": shot.id,
        "prompt": shot.prompt,
        "size": shot.size,
        "view": shot.view,
        "angle": shot.angle,
        "heading": beat.heading,
        "mood": beat.mood,
        "place": place,
        "cast": cast,
        "style": references.map(|r| &r.style),
        "format": film.sheet.master(),
        "seed": film.sheet.seed,
        "asked": salt,
    });
    if !time.is_empty() {
        from["time"] = json!(time);
    }
    if !shot.postures.is_empty() {
        from["postures"] = json!(shot.postures);
    }
    if !shot.colors.is_empty() {
        from["colors"] = json!(shot.colors);
    }
    if !shot.wears.is_empty() {
        from["wears"] = json!(shot.wears);
    }
    from
}

/// What a reference sheet is drawn from.
pub fn sheet_from(of: &Value, style: &Value, seed: u64, salt: u64) -> Value {
    json!({"sheet": of, "style": style, "seed": seed, "asked": salt})
}

/// What a voice line is spoken from.
pub fn line_from(
    film: &Artifacts,
    references: Option<&References>,
    line: &Line,
    salt: u64,
) -> Value {
    let voice = references
        .and_then(|r| r.person(&line.speaker))
        .map(|p| &p.voice);
    let say = references.map(|r| &r.say);
    json!({
        "line": line.text,
        "delivery": line.delivery,
        "heard": line.heard,
        "speaker": line.speaker,
        "voice": voice,
        "pronunciation": say,
        "language": film.sheet.language,
        "asked": salt,
    })
}
