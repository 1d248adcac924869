//! What moves in a picture while the camera holds: breath, eyes, fire. Functions of time alone, so that
//! any frame can be made by itself.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// When a layer is seen that is not always seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Shows {
    /// For a blink, every three to five seconds.
    Blinks,
    /// As fire gives light: many times a second, never in step.
    Flickers,
}

impl Shows {
    /// Whether it is seen `seconds` into a shot. `seed` keeps shots from moving in step.
    pub fn now(self, seconds: f64, seed: u64) -> bool {
        match self {
            Shows::Blinks => {
                // One blink in each stretch of four seconds, never near its ends.
                let stretch = (seconds / 4.0).floor();
                let begins = stretch * 4.0 + 0.6 + 2.6 * chance(seed, stretch as i64);
                (begins..begins + 0.15).contains(&seconds)
            }
            // A twelfth of a second each, lit or not.
            Shows::Flickers => chance(seed ^ 0x5f, (seconds * 12.0).floor() as i64) < 0.5,
        }
    }
}

/// How high a breath has lifted somebody, -1 to 1, breathing in for as long as out.
pub fn breath(seconds: f64, seed: u64) -> f64 {
    (std::f64::consts::TAU * (seconds / 4.2 + chance(seed, 0))).sin()
}

/// 0 to 1, always the same for the same two numbers.
fn chance(seed: u64, n: i64) -> f64 {
    let mut x = seed ^ (n as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    (x >> 40) as f64 / (1u64 << 24) as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn eyes_close_now_and_then_and_not_for_long() {
        for seed in 0..40 {
            let closed = |i: i32| Shows::Blinks.now(f64::from(i) / 30.0, seed);
            let frames: Vec<i32> = (0..900).filter(|i| closed(*i)).collect();
            assert!((24..=40).contains(&frames.len()), "{}", frames.len());
            let blinks = (1..900).filter(|i| closed(*i) && !closed(i - 1)).count();
            assert!((6..=8).contains(&blinks), "{blinks} in half a minute");
        }
    }

    #[test]
    fn fire_is_neither_steady_nor_in_step() {
        let lit = |seed| {
            let frames = (0..600).map(move |i| Shows::Flickers.now(f64::from(i) / 30.0, seed));
            frames.collect::<Vec<_>>()
        };
        let on = lit(1).iter().filter(|l| **l).count();
        assert!((180..=420).contains(&on));
        assert_ne!(lit(1), lit(2));
    }
}
