//! The roles of a film filled by providers: a request of the film's becomes one of theirs, and what
//! comes back is made to fit.

use super::ask::{Ask, Shown};
use super::openai::size;
use super::roles::{
    AmbienceRequest, ClipRequest, EffectRequest, Hand, Image, LineRequest, Music, PaintRequest,
    Painter, Panel, PanelRequest, Recording, ScoreRequest, Video, Voice,
};
use crate::config::Provider;
use crate::diagnostic::{Exit, Failure};
use crate::film::format::Format;
use crate::film::references::{Age, Look, Person, PlaceSheet, Sex};
use crate::film::storyboard::Posture;
use crate::media::decode;
use anyhow::{Context, Result};
use image::RgbImage;
use image::imageops::{self, FilterType};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// In samples of 48 kHz: no line of a film is as long.
const LONGEST_LINE: usize = 20 * 60 * 48_000;

const PROMPTS: &str = include_str!("../../templates/prompts.yaml");

/// The prompts, a workspace's own laid over those that are built in.
#[derive(Debug, Clone)]
pub struct Prompts(BTreeMap<String, String>);

impl Prompts {
    pub fn built_in() -> &'static str {
        PROMPTS
    }

    /// # Errors
    /// A page that is no map of texts, or names a prompt that is none (exit 65).
    pub fn open(workspace: &Path) -> Result<Prompts, Failure> {
        let mut all: BTreeMap<String, String> = serde_yaml::from_str(PROMPTS).unwrap_or_default();
        let path = workspace.join("templates/prompts.yaml");
        let Ok(text) = std::fs::read_to_string(&path) else {
            return Ok(Prompts(all));
        };
        let wrong =
            |why: String| Failure::new(Exit::Invalid, why).at("templates/prompts.yaml", 0, 0);
        let own: BTreeMap<String, String> =
            serde_yaml::from_str(&text).map_err(|e| wrong(e.to_string()))?;
        for (name, text) in own {
            if !all.contains_key(&name) {
                let known: Vec<String> = all.keys().cloned().collect();
                return Err(wrong(format!("`{name}` is no prompt"))
                    .hint(format!("prompts are {}", known.join(", "))));
            }
            all.insert(name, text);
        }
        Ok(Prompts(all))
    }

    /// A prompt with its names filled in. What is filled in is never read for names again.
    pub fn fill(&self, name: &str, values: &[(&str, &str)]) -> String {
        let template = self.0.get(name).map_or("", String::as_str);
        let mut out = String::new();
        let mut rest = template;
        while let Some(at) = rest.find('{') {
            out.push_str(&rest[..at]);
            let after = &rest[at + 1..];
            let Some(end) = after.find('}') else { break };
            let key = &after[..end];
            match values.iter().find(|(n, _)| *n == key) {
                Some((_, value)) => out.push_str(value.trim()),
                None => out.push_str(&rest[at..at + end + 2]),
            }
            rest = &after[end + 1..];
        }
        out.push_str(rest);
        out.trim().to_owned()
    }
}

/// Pictures by a provider. The house's drawing lends the composition, where the provider takes one.
pub struct RemoteImage {
    pub name: String,
    pub provider: Provider,
    pub prompts: Prompts,
    pub house: Arc<dyn Image>,
    pub seed: u64,
}

fn style(look: &str, mood: &str) -> String {
    let look = match look {
        "noir" => "Black and white film noir, hard light",
        "sepia" => "Sepia photograph, soft grain",
        "bright" => "Bright flat illustration, clear colours",
        _ => "Cut-paper illustration with ink lines, painterly light",
    };
    format!("{look}, {mood}")
}

/// Somebody in words, from the sheet that never changes.
pub fn look_in_words(look: &Look) -> String {
    if let Some(thing) = &look.drawn_as {
        return format!("a {thing}");
    }
    let age = match look.age {
        Age::Child => "a child",
        Age::Young => "young",
        Age::Adult => "in middle age",
        Age::Old => "old",
    };
    let sex = match (look.sex, look.age) {
        (Sex::Woman, Age::Child) => "girl",
        (Sex::Man, Age::Child) => "boy",
        (Sex::Woman, _) => "woman",
        (Sex::Man, _) => "man",
    };
    let mut out = format!(
        "{sex}, {age}, {} hair (#{}), skin #{}",
        look.hair, look.hair_color, look.skin
    );
    if look.moustache {
        out.push_str(", moustache");
    }
    if look.beard {
        out.push_str(", beard");
    }
    if look.glasses {
        out.push_str(", glasses");
    }
    out.push_str(&format!(", {} in #{}", look.top, look.top_color));
    out
}

impl RemoteImage {
    fn picture(
        &self,
        prompt: String,
        format: Format,
        seed: u64,
        guide: Option<Vec<u8>>,
        references: Vec<Shown>,
        hand: &Hand,
    ) -> Result<Vec<u8>> {
        let ask = Ask::Picture {
            prompt,
            negative: self.prompts.fill("negative", &[]),
            width: format.width,
            height: format.height,
            seed,
            guide: guide.map(|bytes| Shown {
                name: "composition".to_owned(),
                bytes: Arc::new(bytes),
            }),
            references,
        };
        let outcome = hand.tasks.result(&self.name, &ask)?;
        fitted(&outcome.bytes, format)
    }
}

/// A picture cut to a format about its middle, as PNG: nothing else of the file is kept.
fn fitted(bytes: &[u8], format: Format) -> Result<Vec<u8>> {
    let picture = image::load_from_memory(bytes).context("the picture cannot be read")?;
    // Cut first: what is far too wide would be made larger still.
    let (w, h) = (u64::from(picture.width()), u64::from(picture.height()));
    let (fw, fh) = (u64::from(format.width), u64::from(format.height));
    let (cw, ch) = match w * fh > h * fw {
        true => ((h * fw / fh).max(1), h),
        false => (w, (w * fh / fw).max(1)),
    };
    let part = picture.crop_imm(
        ((w - cw) / 2) as u32,
        ((h - ch) / 2) as u32,
        cw as u32,
        ch as u32,
    );
    let picture = part.resize_exact(format.width, format.height, FilterType::Lanczos3);
    let mut out = std::io::Cursor::new(Vec::new());
    picture
        .into_rgb8()
        .write_to(&mut out, image::ImageFormat::Png)
        .context("cannot write a PNG")?;
    Ok(out.into_inner())
}

impl Image for RemoteImage {
    fn panel(&self, request: &PanelRequest, hand: &Hand) -> Result<Panel> {
        let shot = &request.shot;
        let references = request.references.as_ref();
        let place = shot.place.as_ref().and_then(|id| references?.place(id));
        let people: Vec<String> = shot
            .cast
            .iter()
            .filter_map(|id| references?.person(id))
            .filter(|p| !p.offscreen)
            .map(|p| {
                let left = match shot.postures.get(&p.id) {
                    Some(Posture::Lie) => ", lying down",
                    Some(Posture::Sit) => ", sitting",
                    Some(Posture::AtTable) => ", sitting at the table",
                    Some(Posture::AtDesk) => ", sitting at the desk",
                    Some(Posture::Drive) => ", at the wheel",
                    Some(Posture::OnFloor) => ", sitting on the floor",
                    Some(Posture::BackSeat) => ", in the back seat",
                    Some(Posture::InBed) => ", sitting up in bed",
                    None => "",
                };
                let worn = (shot.wears.get(&p.id)).map_or(String::new(), |worn| {
                    format!(", here in other clothes ({worn})")
                });
                format!("{}: {}{worn}{left}.", p.name, look_in_words(&p.look))
            })
            .collect();
        let angle = shot.angle.map_or(String::new(), |a| format!(", {a} angle"));
        let prompt = self.prompts.fill(
            "panel",
            &[
                ("style", &style(&request.look, &request.mood)),
                ("size", &shot.size.to_string()),
                ("angle", &angle),
                ("prompt", &shot.prompt),
                (
                    "place",
                    place.map_or(request.beat.heading.as_str(), |p| p.name.as_str()),
                ),
                ("time", &request.time),
                (
                    "mood",
                    request.beat.mood.as_deref().unwrap_or(&request.mood),
                ),
                ("people", &people.join(" ")),
            ],
        );
        let shown = match self.provider.references {
            Some(true) => request.shown.clone(),
            _ => Vec::new(),
        };
        // The house knows where the eye should rest, and how the shot is built.
        let sketch = match self.provider.guide {
            true => Some(self.house.panel(request, hand)?),
            false => None,
        };
        let guide = sketch.as_ref().map(|s| s.picture.clone());
        let picture = self.picture(prompt, request.format, request.seed, guide, shown, hand)?;
        Ok(Panel {
            picture,
            layers: Vec::new(),
            subject: sketch.map(|s| s.subject).unwrap_or_default(),
            remarks: Vec::new(),
        })
    }

    fn person(&self, person: &Person, mood: &str, look: &str, hand: &Hand) -> Result<Vec<u8>> {
        let prompt = self.prompts.fill(
            "person",
            &[
                ("style", &style(look, mood)),
                ("name", &person.name),
                ("look", &look_in_words(&person.look)),
                ("description", &person.description),
            ],
        );
        self.picture(prompt, SHEET, self.seed, None, Vec::new(), hand)
    }

    fn place(
        &self,
        place: &PlaceSheet,
        time: &str,
        mood: &str,
        look: &str,
        hand: &Hand,
    ) -> Result<Vec<u8>> {
        let inside = if place.interior { "inside" } else { "outside" };
        let prompt = self.prompts.fill(
            "place",
            &[
                ("style", &style(look, mood)),
                ("name", &place.name),
                ("inside", inside),
                ("time", time),
                ("description", &place.description),
            ],
        );
        self.picture(prompt, SHEET, self.seed, None, Vec::new(), hand)
    }
}

/// The format of reference sheets.
const SHEET: Format = Format {
    width: 1024,
    height: 768,
};

/// Voices by a provider.
pub struct RemoteVoice {
    pub name: String,
    pub provider: Provider,
    pub ffmpeg: PathBuf,
}

impl Voice for RemoteVoice {
    fn speak(&self, request: &LineRequest, hand: &Hand) -> Result<Recording> {
        let line = &request.line;
        let voices = &self.provider.voices;
        let voice = voices
            .get(line.speaker.as_str())
            .or_else(|| voices.get(&format!("{}_{}", request.part, request.variant)))
            .or_else(|| voices.get(&request.part))
            .or_else(|| voices.get("all"))
            .cloned();
        let voice = match (voice, self.provider.kind.as_str()) {
            (Some(voice), _) => voice,
            (None, "openai") => {
                return Err(Failure::new(
                    Exit::Invalid,
                    format!(
                        "`{}` has no voice for {} ({})",
                        self.name, line.speaker, request.part
                    ),
                )
                .hint(format!(
                    "`voices: {{ {}: NAME }}` in conf/providers.yaml, or `all: NAME`",
                    request.part
                ))
                .into());
            }
            (None, _) => String::new(),
        };
        let text = crate::film::script::plain(&line.text);
        let ask = Ask::Speech {
            text: text.clone(),
            voice: voice.clone(),
            language: request.language.clone(),
            tempo: 1.0,
            manner: line.delivery.clone(),
        };
        let outcome = hand.tasks.result(&self.name, &ask)?;
        let folder = tempfile::tempdir().context("cannot make a scratch folder")?;
        crate::store::disk::write_scratch(&folder.path().join("line.bin"), &outcome.bytes)?;
        let file = "line.bin";
        let samples = decode::audio_up_to(&self.ffmpeg, folder.path(), file, 1, LONGEST_LINE)?;
        anyhow::ensure!(
            samples.len() < LONGEST_LINE,
            "{} spoke for more than 20 minutes",
            self.name
        );
        let minutes = samples.len() as f64 / 48_000.0 / 60.0;
        anyhow::ensure!(minutes > 0.0, "{} spoke nothing", self.name);
        Ok(Recording {
            words_per_minute: (text.split_whitespace().count() as f64 / minutes).round() as u32,
            samples,
            engine: format!("{} {voice}", self.name).trim().to_owned(),
            warnings: Vec::new(),
        })
    }
}

/// Music by a provider; the air of places and single sounds stay the house's.
pub struct RemoteMusic {
    pub name: String,
    pub prompts: Prompts,
    pub house: Arc<dyn Music>,
    pub ffmpeg: PathBuf,
}

impl Music for RemoteMusic {
    fn score(&self, request: &ScoreRequest, hand: &Hand) -> Result<Vec<f32>> {
        let seconds: f64 = request.samples as f64 / 48_000.0;
        let ask = Ask::Music {
            prompt: self.prompts.fill(
                "music",
                &[
                    ("mood", &request.mood),
                    ("seconds", &format!("{seconds:.0}")),
                ],
            ),
            seconds,
            seed: request.seed,
        };
        let outcome = hand.tasks.result(&self.name, &ask)?;
        let folder = tempfile::tempdir().context("cannot make a scratch folder")?;
        crate::store::disk::write_scratch(&folder.path().join("music.bin"), &outcome.bytes)?;
        let want = 2 * request.samples;
        let mut sound = decode::audio_up_to(&self.ffmpeg, folder.path(), "music.bin", 2, want)?;
        anyhow::ensure!(!sound.is_empty(), "{} played nothing", self.name);
        // Too short a piece begins again; it ends with the film, softly.
        while sound.len() < want {
            let more = (want - sound.len()).min(sound.len());
            sound.extend_from_within(..more);
        }
        sound.truncate(want);
        let fade = (2 * 96_000).min(want);
        for (i, s) in sound.iter_mut().rev().take(fade).enumerate() {
            *s *= (i as f32 / fade as f32).powi(2);
        }
        Ok(sound)
    }

    fn ambience(&self, request: &AmbienceRequest) -> Result<Vec<f32>> {
        self.house.ambience(request)
    }

    fn effect(&self, request: &EffectRequest) -> Result<Vec<f32>> {
        self.house.effect(request)
    }
}

/// Clips by a provider, each from its approved panel.
pub struct RemoteVideo {
    pub name: String,
    pub prompts: Prompts,
}

impl Video for RemoteVideo {
    fn film(&self, request: &ClipRequest, hand: &Hand) -> Result<Vec<u8>> {
        let shot = &request.shot;
        let ask = Ask::Clip {
            prompt: self.prompts.fill(
                "clip",
                &[
                    ("prompt", &shot.prompt),
                    ("move", &shot.movement.to_string()),
                ],
            ),
            negative: self.prompts.fill("negative", &[]),
            picture: Shown {
                name: "panel".to_owned(),
                bytes: Arc::new(request.panel.clone()),
            },
            seconds: shot.seconds,
            width: request.format.width,
            height: request.format.height,
            seed: request.seed,
        };
        Ok(hand.tasks.result(&self.name, &ask)?.bytes)
    }
}

/// Parts of pictures by a provider. What it takes for sizes is padded to, and cut off again.
pub struct RemotePainter {
    pub name: String,
    pub provider: Provider,
    pub prompts: Prompts,
}

impl Painter for RemotePainter {
    fn paint(&self, request: &PaintRequest, hand: &Hand) -> Result<RgbImage> {
        let (w, h) = request.picture.dimensions();
        let (width, height) = size(&self.provider, w, h);
        let scale = (f64::from(width) / f64::from(w)).min(f64::from(height) / f64::from(h));
        let inside = |v: u32| ((f64::from(v) * scale).round() as u32).max(1);
        let (iw, ih) = (inside(w).min(width), inside(h).min(height));
        let (left, top) = ((width - iw) / 2, (height - ih) / 2);
        let mut picture = imageops::resize(&request.picture, width, height, FilterType::Triangle);
        let small = imageops::resize(&request.picture, iw, ih, FilterType::Lanczos3);
        imageops::replace(&mut picture, &small, i64::from(left), i64::from(top));
        let white = image::GrayImage::from_fn(w, h, |x, y| {
            let marked = request.mask.amount[(y * w + x) as usize] > 0;
            image::Luma([if marked { 255 } else { 0 }])
        });
        let mut mask = image::GrayImage::new(width, height);
        let small = imageops::resize(&white, iw, ih, FilterType::Nearest);
        imageops::replace(&mut mask, &small, i64::from(left), i64::from(top));
        let png = |picture: image::DynamicImage| -> Result<Arc<Vec<u8>>> {
            let mut out = std::io::Cursor::new(Vec::new());
            picture.write_to(&mut out, image::ImageFormat::Png)?;
            Ok(Arc::new(out.into_inner()))
        };
        let shown = |name: &str, bytes| Shown {
            name: name.to_owned(),
            bytes,
        };
        let negative = match request.negative.is_empty() {
            true => self.prompts.fill("negative", &[]),
            false => request.negative.clone(),
        };
        let ask = Ask::Inpaint {
            prompt: self.prompts.fill("inpaint", &[("prompt", &request.prompt)]),
            negative,
            picture: shown("picture", png(picture.into())?),
            mask: shown("mask", png(mask.into())?),
            width,
            height,
            seed: request.seed,
        };
        let outcome = hand.tasks.result(&self.name, &ask)?;
        let painted = image::load_from_memory(&outcome.bytes)
            .context("the picture cannot be read")?
            .resize_exact(width, height, FilterType::Lanczos3)
            .crop_imm(left, top, iw, ih)
            .resize_exact(w, h, FilterType::Lanczos3);
        Ok(painted.into_rgb8())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prompts_are_filled_once() {
        let prompts = Prompts::open(Path::new("/nowhere")).unwrap();
        let said = prompts.fill(
            "revise",
            &[("feedback", "use {script} here"), ("script", "INT. A")],
        );
        assert!(
            said.contains("use {script} here") && said.contains("INT. A"),
            "{said}"
        );
        for (_, text) in prompts.0 {
            assert!(!text.trim().is_empty());
        }
    }
}
