//! What a stage made, in words and tables, for a person to judge.

use crate::diagnostic::printable;
use crate::engine::studio::Studio;
use crate::film::audio::CueKind;
use crate::film::stage::Stage;
use crate::film::storyboard::Score;
use crate::film::time::spoken;
use crate::ui::printer;

/// What a stage made, for a person to judge.
pub(super) fn summary(studio: &Studio, stage: Stage) -> String {
    let run = &studio.run;
    let path = |name: &str| run.layout.at(name).display().to_string();
    match stage {
        Stage::Outline => match &run.film.outline {
            Some(o) => {
                let rows: Vec<Vec<String>> = o
                    .beats
                    .iter()
                    .map(|b| {
                        vec![
                            b.id.as_ref().map(ToString::to_string).unwrap_or_default(),
                            spoken(b.seconds),
                            cut(&b.summary, 70),
                        ]
                    })
                    .collect();
                let total: f64 = o.beats.iter().map(|b| b.seconds).sum();
                format!(
                    "{}\nmood {} · about {}\n\n{}\n\n{}",
                    printable(&o.logline),
                    o.mood,
                    spoken(total),
                    printer::table(&["beat", "length", "what happens"], &rows),
                    path("outline.yaml")
                )
            }
            None => String::new(),
        },
        Stage::Script => {
            run.text(stage).map(printable).unwrap_or_default() + "\n" + &path("script.fountain")
        }
        Stage::Own => run.text(stage).map(printable).unwrap_or_default() + "\n" + &path("own.md"),
        Stage::References => match &run.film.references {
            Some(r) => {
                let people: Vec<Vec<String>> = r
                    .cast
                    .iter()
                    .map(|p| {
                        vec![
                            p.name.clone(),
                            if p.offscreen {
                                "heard only".to_owned()
                            } else {
                                format!("{}, {}", p.look.hair, p.look.top)
                            },
                            p.voice.part.clone(),
                            if p.offscreen {
                                String::new()
                            } else {
                                path(&format!("references/{}.png", p.id))
                            },
                        ]
                    })
                    .collect();
                let places: Vec<Vec<String>> = r
                    .places
                    .iter()
                    .map(|p| {
                        vec![
                            p.name.clone(),
                            p.kind.clone(),
                            path(&format!("references/{}.png", p.id)),
                        ]
                    })
                    .collect();
                format!(
                    "look {} · mood {}\n\n{}\n\n{}",
                    r.style.look,
                    r.style.mood,
                    printer::table(&["who", "look", "voice", "sheet"], &people),
                    printer::table(&["place", "drawn as", "sheet"], &places)
                )
            }
            None => String::new(),
        },
        Stage::Storyboard => match &run.film.storyboard {
            Some(b) => {
                let rows: Vec<Vec<String>> = b
                    .shots()
                    .map(|(_, s)| {
                        vec![
                            s.name().to_owned(),
                            s.size.to_string(),
                            s.movement.to_string(),
                            format!("{:.2}", s.seconds),
                            s.score.as_ref().map_or(String::new(), measured),
                            cut(&s.prompt, 60),
                        ]
                    })
                    .collect();
                format!(
                    "{} shots · {}\n\n{}\n\n{}",
                    rows.len(),
                    spoken(b.seconds()),
                    printer::table(&["shot", "size", "move", "s", "score", "picture"], &rows),
                    path("storyboard")
                )
            }
            None => String::new(),
        },
        Stage::Assets => match &run.film.assets {
            Some(a) => {
                let rows: Vec<Vec<String>> = a
                    .shots
                    .iter()
                    .map(|s| {
                        let what = match (&s.clip, &s.still) {
                            (Some(clip), _) => clip.clone(),
                            (_, Some(still)) => still.clone(),
                            _ => format!("{} layers", s.layers.len()),
                        };
                        let score = s.score.as_ref().map_or(String::new(), measured);
                        vec![s.id.to_string(), s.movement.to_string(), score, what]
                    })
                    .collect();
                format!(
                    "{}\n\n{}",
                    printer::table(&["shot", "camera", "score", "footage"], &rows),
                    path("assets")
                )
            }
            None => String::new(),
        },
        Stage::Audio => match &run.film.audio {
            Some(a) => {
                let rows: Vec<Vec<String>> = a
                    .cues
                    .iter()
                    .map(|c| {
                        vec![
                            c.id.to_string(),
                            match c.kind {
                                CueKind::Voice => c.speaker.clone(),
                                CueKind::Music => "music".to_owned(),
                                CueKind::Sound => "places".to_owned(),
                            },
                            format!("{:.2}", c.seconds),
                            format!("{:+.1} dB", c.level_db),
                            c.engine.clone(),
                            cut(&c.text, 50),
                        ]
                    })
                    .collect();
                let holds: Vec<String> = a
                    .hold_frames
                    .iter()
                    .map(|(s, f)| format!("{s} +{f}"))
                    .collect();
                let holds = if holds.is_empty() {
                    String::new()
                } else {
                    format!("\npictures held longer, in frames: {}", holds.join(", "))
                };
                format!(
                    "{}{holds}\n\n{}",
                    printer::table(&["cue", "who", "s", "level", "made by", "words"], &rows),
                    path("audio")
                )
            }
            None => String::new(),
        },
        Stage::Render => format!(
            "{}\n{}",
            path("render/film.mp4"),
            path("render/report.html")
        ),
    }
}

/// A score in a word; `!` where something is weak.
fn measured(score: &Score) -> String {
    format!(
        "{}{}",
        score.total,
        if score.note.is_empty() { "" } else { " !" }
    )
}

fn cut(text: &str, most: usize) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.chars().count() > most {
        format!("{}…", line.chars().take(most - 1).collect::<String>())
    } else {
        line
    }
}
