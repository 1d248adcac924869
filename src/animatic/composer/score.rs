//! From film to notes: chords, voicing, bass, melody and layers. No sound yet.

use super::super::dice::Dice;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    Opening,
    Body,
    Turn,
    Climax,
    Ending,
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Section {
    pub role: Role,
    pub seconds: f64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Instrument {
    Pad,
    Strings,
    Piano,
    Pluck,
    Bass,
    Mallet,
    Bell,
    Pulse,
    Kick,
    Boom,
    Shaker,
    Tick,
}

#[derive(Debug, Clone, Copy)]
pub(super) struct Note {
    pub(super) instrument: Instrument,
    /// Seconds from the film's beginning.
    pub(super) at: f64,
    pub(super) seconds: f64,
    pub(super) midi: f64,
    pub(super) velocity: f32,
    /// −1 left to 1 right.
    pub(super) pan: f32,
}

struct Mood {
    name: &'static str,
    minor: bool,
    tonics: [i32; 3],
    bpm: (f64, f64),
    body: &'static str,
    turn: &'static str,
    cadence: &'static str,
    /// Layers with their weights; the last is the lead.
    layers: &'static [(Instrument, f32)],
    lead: Option<Instrument>,
}

use Instrument::{Bass, Bell, Boom, Kick, Mallet, Pad, Piano, Pluck, Pulse, Shaker, Strings, Tick};

const MOODS: [Mood; 14] = [
    Mood {
        name: "calm",
        minor: false,
        tonics: [0, 5, 7],
        bpm: (58., 72.),
        body: "Iadd9 IVadd9 vi7 IVmaj7 Iadd9 iii7 IVmaj7 Vsus4",
        turn: "vi7 ii7 IVmaj7 Vsus4",
        cadence: "IVmaj7 V Iadd9",
        layers: &[(Pad, 1.), (Piano, 0.8), (Bass, 0.6)],
        lead: Some(Piano),
    },
    Mood {
        name: "warm",
        minor: false,
        tonics: [5, 10, 7],
        bpm: (72., 88.),
        body: "I V vi7 IV I iii7 IV V",
        turn: "vi iii7 IV Vsus4",
        cadence: "ii7 V I",
        layers: &[(Pad, 0.7), (Pluck, 1.), (Bass, 0.8), (Shaker, 0.4)],
        lead: Some(Piano),
    },
    Mood {
        name: "hopeful",
        minor: false,
        tonics: [2, 7, 0],
        bpm: (84., 104.),
        body: "I V vi IV I V ii7 IV",
        turn: "vi IV ii7 Vsus4",
        cadence: "IV V Iadd9",
        layers: &[
            (Pad, 0.7),
            (Piano, 0.7),
            (Pluck, 0.7),
            (Bass, 0.9),
            (Strings, 0.7),
            (Shaker, 0.5),
            (Kick, 0.6),
        ],
        lead: Some(Piano),
    },
    Mood {
        name: "playful",
        minor: false,
        tonics: [7, 2, 9],
        bpm: (104., 126.),
        body: "I IV I V I IV ii7 V",
        turn: "vi ii7 IV V",
        cadence: "ii7 V7 I6",
        layers: &[
            (Pad, 0.35),
            (Pluck, 1.),
            (Mallet, 1.),
            (Bass, 0.8),
            (Shaker, 0.6),
            (Kick, 0.4),
        ],
        lead: Some(Mallet),
    },
    Mood {
        name: "wonder",
        minor: false,
        tonics: [2, 9, 4],
        bpm: (66., 84.),
        body: "Imaj7 II Imaj7 iii7 Imaj7 II vi7 II",
        turn: "bVImaj7 bVII bVImaj7 bVII",
        cadence: "IVmaj7 Vsus4 Iadd9",
        layers: &[(Pad, 1.), (Bell, 0.8), (Strings, 0.6), (Bass, 0.5)],
        lead: Some(Bell),
    },
    Mood {
        name: "tender",
        minor: false,
        tonics: [3, 8, 5],
        bpm: (60., 74.),
        body: "I iii7 IVmaj7 iv I vi7 ii7 Vsus4",
        turn: "vi7 iii7 IV iv",
        cadence: "ii7 V7 Iadd9",
        layers: &[(Pad, 0.7), (Piano, 1.), (Strings, 0.4), (Bass, 0.4)],
        lead: Some(Piano),
    },
    Mood {
        name: "melancholy",
        minor: true,
        tonics: [9, 2, 4],
        bpm: (56., 70.),
        body: "i bVI bIII bVII i iv bVImaj7 v7",
        turn: "iv i bVI V",
        cadence: "iv V i",
        layers: &[(Pad, 0.9), (Piano, 1.), (Strings, 0.6), (Bass, 0.5)],
        lead: Some(Piano),
    },
    Mood {
        name: "mysterious",
        minor: true,
        tonics: [2, 4, 9],
        bpm: (64., 80.),
        body: "i IV i bVII i IV bIII IV",
        turn: "bVI i bII i",
        cadence: "bII V i",
        layers: &[
            (Pad, 1.),
            (Bell, 0.6),
            (Pluck, 0.4),
            (Bass, 0.6),
            (Tick, 0.25),
        ],
        lead: Some(Bell),
    },
    Mood {
        name: "tense",
        minor: true,
        tonics: [4, 9, 2],
        bpm: (92., 112.),
        body: "i5 bIIadd9 i5 bVI i5 bII iv i5",
        turn: "bVI bII iv V",
        cadence: "bII V isus2",
        layers: &[
            (Pad, 0.8),
            (Pulse, 1.),
            (Bass, 1.),
            (Strings, 0.5),
            (Tick, 0.6),
            (Boom, 0.7),
        ],
        lead: None,
    },
    Mood {
        name: "dark",
        minor: true,
        tonics: [0, 2, 7],
        bpm: (52., 64.),
        body: "i iv i bVI i bII iv V",
        turn: "bVI iv bII V",
        cadence: "iv V i5",
        layers: &[(Pad, 1.), (Strings, 0.7), (Bass, 1.), (Boom, 0.8)],
        lead: Some(Bell),
    },
    Mood {
        name: "epic",
        minor: true,
        tonics: [2, 4, 0],
        bpm: (84., 100.),
        body: "i bVI bIII bVII i bVI iv V",
        turn: "bVI bVII i bIII",
        cadence: "bVI bVII I",
        layers: &[
            (Pad, 0.7),
            (Strings, 1.),
            (Pulse, 0.7),
            (Bass, 1.),
            (Boom, 1.),
            (Kick, 0.6),
        ],
        lead: Some(Strings),
    },
    Mood {
        name: "urgent",
        minor: true,
        tonics: [4, 9, 7],
        bpm: (118., 138.),
        body: "i i bVI bVII i i iv v7",
        turn: "bVI bVII bVI V",
        cadence: "bVI V isus2",
        layers: &[
            (Pad, 0.6),
            (Pulse, 1.),
            (Bass, 1.),
            (Strings, 0.4),
            (Tick, 0.7),
            (Kick, 0.8),
        ],
        lead: None,
    },
    Mood {
        name: "confident",
        minor: false,
        tonics: [9, 4, 7],
        bpm: (96., 112.),
        body: "I bVII IV I I bVII IV Vsus4",
        turn: "vi IV bVII V",
        cadence: "IV V I",
        layers: &[
            (Pad, 0.6),
            (Pluck, 0.8),
            (Bass, 1.),
            (Kick, 0.8),
            (Shaker, 0.6),
        ],
        lead: Some(Piano),
    },
    Mood {
        name: "neutral",
        minor: true,
        tonics: [0, 7, 5],
        bpm: (80., 96.),
        body: "isus2 bVIIadd9 IV isus2 isus2 bIII bVII IV",
        turn: "bIII IV bVII Vsus4",
        cadence: "bVII Vsus4 isus2",
        layers: &[(Pad, 0.9), (Mallet, 0.7), (Bass, 0.5)],
        lead: Some(Mallet),
    },
];

/// Semitones of a chord above the tonic: root first.
fn chord(name: &str) -> Vec<i32> {
    let (flat, rest) = name.strip_prefix('b').map_or((0, name), |r| (-1, r));
    let numeral: String = rest.chars().take_while(|c| "IVXivx".contains(*c)).collect();
    let quality = &rest[numeral.len()..];
    let degree = match numeral.to_uppercase().as_str() {
        "II" => 2,
        "III" => 4,
        "IV" => 5,
        "V" => 7,
        "VI" => 9,
        "VII" => 11,
        _ => 0,
    };
    let minor = numeral.chars().all(char::is_lowercase);
    let third = if minor { 3 } else { 4 };
    let shape: Vec<i32> = match quality {
        "7" => vec![0, third, 7, 10],
        "maj7" => vec![0, third, 7, 11],
        "6" => vec![0, third, 7, 9],
        "add9" => vec![0, third, 7, 14],
        "sus2" => vec![0, 2, 7],
        "sus4" => vec![0, 5, 7],
        "5" => vec![0, 7],
        _ => vec![0, third, 7],
    };
    shape.into_iter().map(|s| s + degree + flat).collect()
}

/// Four notes near the last chord's: the least movement among the ways to lay the chord out.
fn voice(tones: &[i32], tonic: i32, last: &[i32]) -> Vec<i32> {
    let classes: Vec<i32> = tones.iter().map(|t| (t + tonic).rem_euclid(12)).collect();
    let allowed: Vec<i32> = (50..=67).filter(|m| classes.contains(&(m % 12))).collect();
    let mut best: Option<(i32, Vec<i32>)> = None;
    let n = allowed.len();
    for a in 0..n {
        for b in a + 1..n {
            for c in b + 1..n {
                for d in c + 1..n {
                    let set = vec![allowed[a], allowed[b], allowed[c], allowed[d]];
                    if !classes.iter().all(|k| set.iter().any(|m| m % 12 == *k))
                        || set
                            .windows(2)
                            .any(|w| w[1] - w[0] > 9 || (w[0] < 60 && w[1] - w[0] < 3))
                    {
                        continue;
                    }
                    let moved: i32 = if last.is_empty() {
                        (set[0] - 53).abs() + (set[3] - 64).abs()
                    } else {
                        set.iter().zip(last).map(|(x, y)| (x - y).abs()).sum()
                    };
                    if best.as_ref().is_none_or(|(m, _)| moved < *m) {
                        best = Some((moved, set));
                    }
                }
            }
        }
    }
    best.map_or_else(|| allowed.into_iter().take(4).collect(), |(_, set)| set)
}

/// Writes the whole film's score.
pub(super) fn write(mood: &str, sections: &[Section], seed: u64) -> Vec<Note> {
    let mood = MOODS.iter().find(|m| m.name == mood).unwrap_or(&MOODS[2]);
    let mut dice = Dice::new(seed, "music");
    let tonic = *dice.pick(&mood.tonics);
    let bpm = f64::from(dice.range(mood.bpm.0 as f32, mood.bpm.1 as f32));
    let scale: Vec<i32> = if mood.minor {
        vec![0, 2, 3, 5, 7, 8, 10]
    } else {
        vec![0, 2, 4, 5, 7, 9, 11]
    };
    // The motif: two rhythm cells and the steps between their notes, drawn once a film.
    const CELLS: [&[f64]; 7] = [
        &[2., 2.],
        &[3., 1.],
        &[1.5, 0.5, 2.],
        &[1., 1., 2.],
        &[2., 1., 1.],
        &[3.5, 0.5],
        &[1., 1.5, 0.5, 1.],
    ];
    let mut motif: Vec<(f64, i32)> = Vec::new();
    for _ in 0..2 {
        for beats in *dice.pick(&CELLS) {
            motif.push((*beats, dice.below(4) as i32 - 1));
        }
    }
    let body: Vec<Vec<i32>> = mood.body.split(' ').map(chord).collect();
    let turn: Vec<Vec<i32>> = mood.turn.split(' ').map(chord).collect();
    let cadence: Vec<Vec<i32>> = mood.cadence.split(' ').map(chord).collect();
    let mut notes = Vec::new();
    let mut at = 0.0;
    let mut voiced: Vec<i32> = Vec::new();
    let mut step = 0usize;
    let mut melody = 70i32;
    for (index, section) in sections.iter().enumerate() {
        // Each section has its own exact tempo, so that every cut to it is a bar line.
        let beats = ((section.seconds * bpm / 60.0 / 4.0).round() * 4.0).max(4.0);
        let beat = section.seconds / beats;
        let bars = (beats / 4.0) as usize;
        let intensity = match section.role {
            Role::Opening => 0.62,
            Role::Body => 0.8,
            Role::Turn => 0.68,
            Role::Climax => 1.1,
            Role::Ending => 0.72,
        };
        let mut own = Dice::new(seed, &format!("section {index}"));
        let last_section = index + 1 == sections.len();
        for bar in 0..bars {
            let left = bars - bar;
            let tones = if last_section && left <= 3 {
                &cadence[3 - left]
            } else if section.role == Role::Turn {
                &turn[bar % turn.len()]
            } else {
                let k = if section.role == Role::Opening {
                    step / 2
                } else {
                    step
                };
                step += 1;
                &body[k % body.len()]
            };
            voiced = voice(tones, tonic, &voiced);
            let start = at + bar as f64 * 4.0 * beat;
            let final_bar = last_section && left == 1;
            let length = if final_bar {
                section.seconds - bar as f64 * 4.0 * beat
            } else {
                4.0 * beat
            };
            let root = 38 + (tones[0] + tonic - 38).rem_euclid(12);
            let quiet_end = left == 1
                && sections
                    .get(index + 1)
                    .is_some_and(|s| s.role == Role::Turn);
            for (instrument, weight) in mood.layers {
                let plays = match instrument {
                    Kick | Shaker | Tick => {
                        matches!(section.role, Role::Body | Role::Climax) && !quiet_end
                    }
                    Boom => section.role != Role::Opening,
                    Bass => (section.role != Role::Opening || bar >= 2) && !quiet_end,
                    Pluck | Mallet | Pulse | Bell => {
                        matches!(section.role, Role::Body | Role::Climax)
                            || (section.role == Role::Opening && bar >= 2)
                    }
                    Strings => section.role != Role::Opening || bar >= 2,
                    Pad | Piano => true,
                };
                // A section is never without a held layer, whatever the mood leaves out.
                if !plays {
                    continue;
                }
                let v = weight * intensity;
                let sway = 0.92 + 0.16 * own.unit();
                let human = |base: f32| base * sway;
                match instrument {
                    Pad | Strings => {
                        for (i, m) in voiced.iter().enumerate() {
                            let up =
                                if *instrument == Strings && section.role == Role::Climax && i == 3
                                {
                                    12
                                } else {
                                    0
                                };
                            notes.push(Note {
                                instrument: *instrument,
                                at: (start - 0.06).max(0.0),
                                seconds: length + 0.12,
                                midi: f64::from(m + up),
                                velocity: human(v),
                                pan: (i as f32 - 1.5) * 0.25,
                            });
                        }
                    }
                    Bass => notes.push(Note {
                        instrument: Bass,
                        at: start,
                        seconds: length * 0.95,
                        midi: f64::from(root),
                        velocity: human(v),
                        pan: 0.0,
                    }),
                    Piano => {
                        let count = if final_bar { 1 } else { 4 };
                        for k in 0..count {
                            if section.role == Role::Opening && (k % 2 == 1 || own.chance(0.25)) {
                                continue;
                            }
                            let m = voiced[if final_bar { 3 } else { k % voiced.len() }];
                            notes.push(Note {
                                instrument: Piano,
                                at: start
                                    + k as f64 * beat
                                    + f64::from(own.range(-0.006, 0.008)).max(0.0),
                                seconds: if final_bar { length } else { 2.0 * beat },
                                midi: f64::from(m + 12),
                                velocity: v * own.range(0.7, 0.95),
                                pan: (k as f32 - 1.5) * 0.2,
                            });
                        }
                    }
                    Pluck | Mallet | Pulse | Bell if final_bar => {}
                    Pluck | Mallet | Pulse => {
                        for k in 0..8 {
                            if *instrument != Pulse && k % 2 == 1 && own.chance(0.25) {
                                continue;
                            }
                            let m = if *instrument == Pulse {
                                root + 12
                            } else {
                                voiced[[0, 2, 1, 3, 2, 1, 3, 2][k] % voiced.len()]
                                    + if *instrument == Mallet { 12 } else { 0 }
                            };
                            notes.push(Note {
                                instrument: *instrument,
                                at: start + k as f64 * beat / 2.0,
                                seconds: beat * if *instrument == Pulse { 0.21 } else { 0.9 },
                                midi: f64::from(m),
                                velocity: human(v) * if k % 2 == 0 { 0.85 } else { 0.6 },
                                pan: if k % 2 == 0 { -0.3 } else { 0.3 },
                            });
                        }
                    }
                    Bell => {
                        for k in [0usize, 2] {
                            notes.push(Note {
                                instrument: Bell,
                                at: start + k as f64 * beat,
                                seconds: 2.0 * beat,
                                midi: f64::from(voiced[(bar + k) % voiced.len()] + 12),
                                velocity: human(v) * 0.7,
                                pan: if k == 0 { -0.35 } else { 0.35 },
                            });
                        }
                    }
                    Kick | Boom if final_bar => {}
                    Kick => {
                        for k in [0.0, 2.0] {
                            notes.push(Note {
                                instrument: Kick,
                                at: start + k * beat,
                                seconds: 0.4,
                                midi: 36.0,
                                velocity: human(v),
                                pan: 0.0,
                            });
                        }
                    }
                    Boom => {
                        if bar % 2 == 0 {
                            notes.push(Note {
                                instrument: Boom,
                                at: start,
                                seconds: 1.6,
                                midi: 30.0,
                                velocity: human(v),
                                pan: 0.0,
                            });
                        }
                    }
                    Shaker | Tick if final_bar => {}
                    Shaker | Tick => {
                        for k in 0..8 {
                            notes.push(Note {
                                instrument: *instrument,
                                at: start + k as f64 * beat / 2.0,
                                seconds: 0.1,
                                midi: 60.0,
                                velocity: human(v) * if k % 2 == 1 { 0.9 } else { 0.5 },
                                pan: 0.25,
                            });
                        }
                    }
                }
            }
            if let Some(lead) = mood.lead {
                let sings = match section.role {
                    Role::Body => bar % 8 < 6 && bar >= 1,
                    Role::Climax => true,
                    Role::Ending => !final_bar && bars > 3,
                    _ => false,
                };
                if sings && bar % 2 == 0 {
                    let mut t = 0.0;
                    let turned = if (bar / 2) % 2 == 1 { -1 } else { 1 };
                    for (i, (beats_long, jump)) in motif.iter().enumerate() {
                        if t >= 8.0 || (last_section && bar as f64 * 4.0 + t >= beats - 4.0) {
                            break;
                        }
                        let wanted = f64::from(melody) + f64::from(jump * turned) * 1.7;
                        let strong = (t as i64) % 2 == 0 && t.fract() == 0.0;
                        let fits = |m: i32| {
                            let class = (m - tonic).rem_euclid(12);
                            if strong {
                                tones.iter().any(|c| c.rem_euclid(12) == class)
                            } else {
                                scale.contains(&class)
                            }
                        };
                        melody = (62..=81)
                            .filter(|m| fits(*m))
                            .min_by_key(|m| {
                                let pull = if *m > 77 || *m < 64 { 30 } else { 0 };
                                ((f64::from(*m) - wanted).abs() * 10.0) as i32
                                    + pull
                                    + if *m == melody { 8 } else { 0 }
                            })
                            .unwrap_or(melody);
                        notes.push(Note {
                            instrument: lead,
                            at: start + t * beat,
                            seconds: beats_long * beat * 1.1,
                            midi: f64::from(melody),
                            velocity: intensity * 0.85 * if i == 0 { 1.0 } else { 0.85 },
                            pan: 0.08,
                        });
                        t += beats_long;
                    }
                } else if final_bar {
                    notes.push(Note {
                        instrument: lead,
                        at: start,
                        seconds: length,
                        midi: f64::from(
                            72 + (tonic - 72).rem_euclid(12)
                                - if (tonic - 72).rem_euclid(12) > 6 {
                                    12
                                } else {
                                    0
                                },
                        ),
                        velocity: 0.6,
                        pan: 0.0,
                    });
                }
            }
        }
        at += section.seconds;
    }
    notes
}
