//! How a head is built, and where its points are.

use super::super::paint::P;
use crate::film::references::{Age, Look, Sex};

/// Places a point of the head: x towards the facing side, y down from the crown.
pub(super) struct Skull {
    pub(super) build: Build,
    pub(super) chin: P,
    pub(super) u: f32,
    pub(super) dir: f32,
    pub(super) sin: f32,
    pub(super) cos: f32,
}

/// How a face is built.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Build {
    Man,
    /// Narrower below the cheeks.
    Woman,
    /// Round, much of it brow, and all in it low and small.
    Child,
}

impl Build {
    pub(super) fn of(look: &Look) -> Build {
        match (look.age, look.sex) {
            (Age::Child, _) => Build::Child,
            (_, Sex::Woman) => Build::Woman,
            _ => Build::Man,
        }
    }

    /// How large eyes are, of a man's.
    pub(super) fn eye(self) -> f32 {
        match self {
            Build::Man => 1.0,
            Build::Woman => 1.08,
            Build::Child => 1.2,
        }
    }

    /// Where a point of a man's face is in one of these.
    fn places(self, (x, y): P) -> P {
        let low = ((y - 0.5) / 0.5).clamp(0.0, 1.0);
        match self {
            Build::Man => (x, y),
            Build::Woman => (x - (x - 0.05) * 0.09 * low, y),
            Build::Child => {
                let cheek = (1.0 - (y - 0.66).abs() / 0.3).clamp(0.0, 1.0);
                let down = match y {
                    y if y < 0.0 => y,
                    y if y < 0.5 => y * 1.13,
                    y if y < 1.0 => 0.565 + (y - 0.5) * 0.8,
                    y => y - 0.035,
                };
                (x * (1.0 + 0.1 * cheek), down)
            }
        }
    }
}

impl Skull {
    pub(super) fn at(&self, p: P) -> P {
        let p = self.build.places(p);
        let (x, y) = (self.dir * (p.0 - 0.1) * self.u, (p.1 - 1.0) * self.u);
        (
            self.chin.0 + x * self.cos - y * self.sin,
            self.chin.1 + x * self.sin + y * self.cos,
        )
    }

    pub(super) fn all(&self, points: &[P]) -> Vec<P> {
        points.iter().map(|p| self.at(*p)).collect()
    }
}
