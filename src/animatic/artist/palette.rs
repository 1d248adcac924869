//! One family of colours for a place, a time and a mood: four or five related tones and an accent.

use super::paint::Rgb;

#[derive(Debug, Clone)]
pub(super) struct Palette {
    /// Sky or wall, top to low.
    pub(super) sky: Vec<Rgb>,
    pub(super) far: Rgb,
    pub(super) mid: Rgb,
    pub(super) near: Rgb,
    pub(super) ink: Rgb,
    pub(super) light: Rgb,
    pub(super) shadow: Rgb,
    pub(super) accent: Rgb,
    /// Night or dark enough that lamps matter.
    pub(super) dark: bool,
    /// The colour that a thing is said to have.
    pub(super) tint: Option<Rgb>,
}

/// name, sky, far mid near, ink, light, shadow, accent, dark
type Row = (
    &'static str,
    &'static str,
    &'static str,
    &'static str,
    &'static str,
    &'static str,
    &'static str,
    bool,
);

const KEYS: [Row; 19] = [
    (
        "dawn",
        "34426b 7c7398 f0b78a fbe0ae",
        "c79a96 4f4a73 1c1c3b",
        "1d1b33",
        "ffc893",
        "5b5aa0",
        "c94f45",
        false,
    ),
    (
        "morning",
        "8fc0d6 cfe3df fdf0cf",
        "b7c9c4 7f9f86 3f5f55",
        "22303a",
        "fff0c4",
        "5b6f9a",
        "d9653b",
        false,
    ),
    (
        "noon",
        "4fa3c9 a9d6dc f3ecd0",
        "e3cf9f c79b5f 7d5238",
        "332428",
        "fff6d8",
        "6a5a8a",
        "2f7f86",
        false,
    ),
    (
        "afternoon",
        "9cc3cf d8dcc0 fbe3ac",
        "b9c5a4 8f7a4b 55602f",
        "2b1f2b",
        "ffe8b0",
        "5b5488",
        "e0a83c",
        false,
    ),
    (
        "dusk",
        "2f4a6d 7a7f9f eda683 ffdfa6",
        "b48a9a 4d5678 1e2742",
        "101c2b",
        "ffdfa0",
        "3a3560",
        "b5432f",
        false,
    ),
    (
        "blue",
        "16244a 33507f 86a0b8 d9b7a0",
        "4f6a90 2b3f66 141d38",
        "0c1428",
        "ffcf8a",
        "2a3568",
        "f0a34a",
        true,
    ),
    (
        "city_night",
        "10162f 26325c 5a5a86",
        "3d4a78 1d2547 121730",
        "0a0d1c",
        "ffe0a0",
        "1d2050",
        "a8402f",
        true,
    ),
    (
        "night_in",
        "191a36 232c52 2f4470",
        "2c4672 1f2447 10132b",
        "0f1226",
        "ffbf86",
        "3d3f80",
        "ff9d4a",
        true,
    ),
    (
        "night",
        "0e1a38 243a63 5f7f9f",
        "3d5878 22365a 101a30",
        "0a1224",
        "d6e8ff",
        "24306a",
        "f2c36b",
        true,
    ),
    (
        "overcast",
        "8d9aa3 b3bcbd cfd0c8",
        "a3aeb0 6f7d84 3d4a55",
        "242c36",
        "e9ede6",
        "5a6478",
        "d9a52f",
        false,
    ),
    (
        "fog",
        "cdd6da e2e6e4 f3efe6",
        "d3d9da a9b5bc 5f6f7c",
        "36424f",
        "fffaf0",
        "7d8fb0",
        "b5432f",
        false,
    ),
    (
        "storm",
        "232a33 4a5358 8a8f7d",
        "565f60 333c42 171c22",
        "0d1116",
        "d9e6b8",
        "2f3a48",
        "b3322c",
        true,
    ),
    (
        "office",
        "77737a 9a9089 b3a595",
        "b9c6c9 8f8a87 5b3f35",
        "2a2833",
        "ffe3ae",
        "5f5a8c",
        "c0533f",
        false,
    ),
    (
        "warm_in",
        "4a2f33 6d4238 8a5a44",
        "c4b295 8d573c 38222a",
        "2a1a20",
        "ffe6b8",
        "6a4a72",
        "d39a3a",
        false,
    ),
    (
        "clinic",
        "b9d0cc cfe0dc 8fb0b0",
        "e9efe4 7aa0a2 5b8085",
        "1f2633",
        "fffbe8",
        "5f7f9f",
        "c96f4a",
        false,
    ),
    (
        "laboratory",
        "1f4a55 3d7b80 7fb5aa",
        "2d626a 173943 0c1c26",
        "12232e",
        "f2fff4",
        "3f7f8f",
        "f0623f",
        true,
    ),
    (
        "body",
        "6d1430 c23a3f f79a72",
        "f0896a c9202f 5a0a22",
        "2b0714",
        "ffd9a8",
        "7d0f26",
        "25c9bd",
        true,
    ),
    (
        "space",
        "070b1e 16224a 3a2f6b",
        "2f3f7a 4f3f8f 0d1230",
        "060914",
        "9fd6ff",
        "2a2468",
        "ffd36a",
        true,
    ),
    (
        "sepia",
        "b08d66 d9bd8f efe0c0",
        "cbb592 8f7a70 4f3f3f",
        "3a2a28",
        "fff3cf",
        "7a5a5a",
        "a34b3c",
        false,
    ),
];

fn colors(list: &str) -> Vec<Rgb> {
    list.split(' ').map(Rgb::hex).collect()
}

/// Where nobody leaves the light on.
const DARK_AT_NIGHT: [&str; 9] = [
    "bedroom",
    "workshop",
    "stage",
    "park",
    "vehicle",
    "cave",
    "ice_cave",
    "ruin",
    "lighthouse",
];

/// Chooses the palette of a scene.
pub(super) fn choose(
    place: &str,
    interior: bool,
    time: &str,
    weather: &str,
    mood: &str,
    look: &str,
    light: &str,
) -> Palette {
    let night = matches!(time, "night" | "blue");
    // Who is awake at night has a lamp on, unless the words or the mood want it dark.
    let lamps = interior
        && night
        && !matches!(light, "dim" | "almost_dark")
        && !matches!(mood, "tense" | "dark" | "mysterious")
        && !DARK_AT_NIGHT.contains(&place);
    let key = match place {
        "body" => "body",
        "space" | "neuron" => "space",
        "laboratory" => "laboratory",
        "clinic" if !night || lamps => "clinic",
        _ if interior && night && !lamps => "night_in",
        "stage" => "night_in",
        _ if interior && matches!(time, "dusk" | "dawn") => "warm_in",
        "cafe" | "living" | "bedroom" | "kitchen" | "workshop" if interior => "warm_in",
        _ if interior => "office",
        _ => match (weather, time) {
            ("storm", t) if !matches!(t, "night" | "blue") => "storm",
            // Snow at dusk is of the dusk's colour.
            (_, "dawn") if weather != "rain" => "dawn",
            (_, "dusk") if weather != "rain" => "dusk",
            ("fog" | "snow", t) if t != "night" => "fog",
            (_, "night")
                if matches!(place, "street" | "skyline" | "station" | "road" | "vehicle") =>
            {
                "city_night"
            }
            (_, "night") => "night",
            ("rain", _) => "overcast",
            (_, "blue") => "blue",
            (_, "noon") => "noon",
            (_, "afternoon") => "afternoon",
            (_, "day") if place == "desert" => "noon",
            _ => "morning",
        },
    };
    let key = if look == "sepia" { "sepia" } else { key };
    let row = KEYS.iter().find(|r| r.0 == key).unwrap_or(&KEYS[1]);
    let tones = colors(row.2);
    let mut palette = Palette {
        sky: colors(row.1),
        far: tones[0],
        mid: tones[1],
        near: tones[2],
        ink: Rgb::hex(row.3),
        light: Rgb::hex(row.4),
        shadow: Rgb::hex(row.5),
        accent: Rgb::hex(row.6),
        dark: row.7,
        tint: None,
    };
    // What falls in through the windows colours a room.
    if interior && look != "sepia" {
        match time {
            // Between the lamps it is night, most of all where walls are white.
            _ if lamps => palette.fall(Rgb::hex("6c6690"), 0.78, Rgb::hex("ffd08a")),
            "dusk" => palette.fall(Rgb::hex("d8907a"), 0.5, Rgb::hex("ffb070")),
            "dawn" => palette.fall(Rgb::hex("aab0d8"), 0.4, Rgb::hex("ffd9ae")),
            _ => {}
        }
    }
    // Mood bends a key, it does not replace it.
    let (saturation, lift) = match mood {
        "hopeful" | "playful" | "warm" => (1.1, 0.03),
        "melancholy" | "tender" => (0.75, 0.0),
        "tense" | "dark" | "mysterious" => (0.8, -0.08),
        "neutral" => (0.85, 0.02),
        _ => (1.0, 0.0),
    };
    let saturation = match look {
        "noir" => 0.0,
        "bright" => saturation * 1.3,
        _ => saturation,
    };
    palette.bend(saturation, lift);
    palette
}

/// The palette for a thing of a colour of its own, `rrggbb`.
pub(super) fn tinted(palette: &Palette, hex: Option<&String>) -> Palette {
    let mut palette = palette.clone();
    if let Some(hex) = hex {
        let shade = if palette.dark { 0.45 } else { 0.08 };
        palette.accent = Rgb::hex(hex).times(palette.shadow, shade);
        palette.tint = Some(palette.accent);
    }
    palette
}

impl Palette {
    /// Lays a light of a colour over a room.
    fn fall(&mut self, color: Rgb, amount: f32, light: Rgb) {
        let tones = self.sky.iter_mut();
        for c in tones.chain([&mut self.far, &mut self.mid, &mut self.near]) {
            *c = c.times(color, amount);
        }
        self.light = self.light.mix(light, 0.7);
    }

    fn bend(&mut self, saturation: f32, lift: f32) {
        let bent = |c: Rgb| c.saturated(saturation).lifted(lift);
        for c in &mut self.sky {
            *c = bent(*c);
        }
        self.far = bent(self.far);
        self.mid = bent(self.mid);
        self.near = bent(self.near);
        self.light = self.light.saturated(saturation);
        self.shadow = self.shadow.saturated(saturation);
        self.ink = self.ink.saturated(saturation);
        self.accent = self.accent.saturated(saturation.max(0.6));
    }

    /// The colour distance fades into.
    pub(super) fn horizon(&self) -> Rgb {
        self.sky.last().copied().unwrap_or(self.far)
    }

    pub(super) fn top(&self) -> Rgb {
        self.sky.first().copied().unwrap_or(self.far)
    }
}
