//! Where the camera is at any moment of a shot. Layers follow by their own speed: that is depth.

use super::shot::Move;

/// A camera's place, for a layer of speed 1.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Camera {
    pub zoom: f64,
    /// How far the picture is shifted, as fractions of the frame.
    pub x: f64,
    pub y: f64,
    /// How far the picture is turned clockwise, in radians.
    pub roll: f64,
    /// A zoom or a turn shows no depth: all layers move alike.
    pub flat: bool,
}

/// Starts and ends softly.
fn eased(t: f64) -> f64 {
    let t = t.clamp(0.0, 1.0);
    t * t * t * (t * (t * 6.0 - 15.0) + 10.0)
}

/// Returns the camera of a move at `seconds` into a shot of `length` seconds.
///
/// A push grows at most 3 % a second and 12 % in all; a drift goes at most 6 % of the frame a
/// second and 8 % in all; a roll turns by at most 0.9 degrees a second and 4 in all.
pub fn at(movement: Move, seconds: f64, length: f64) -> Camera {
    let t = if length > 0.0 {
        (seconds / length).clamp(0.0, 1.0)
    } else {
        0.0
    };
    // Half eased, half even: a move that neither jerks nor dies.
    let t = 0.5 * t + 0.5 * eased(t);
    let push = (0.03 * length).min(0.12);
    let drift = (0.03 * length).min(0.08);
    let still = Camera {
        zoom: 1.0,
        x: 0.0,
        y: 0.0,
        roll: 0.0,
        flat: false,
    };
    let roll = (0.9 * length).min(4.0).to_radians();
    let slide = (t - 0.5) * drift;
    match movement {
        Move::Static => still,
        Move::PushIn => Camera {
            zoom: 1.0 + push * t,
            ..still
        },
        Move::PullOut => Camera {
            zoom: 1.0 + push * (1.0 - t),
            ..still
        },
        Move::ZoomIn => Camera {
            zoom: 1.0 + push * t,
            flat: true,
            ..still
        },
        Move::ZoomOut => Camera {
            zoom: 1.0 + push * (1.0 - t),
            flat: true,
            ..still
        },
        // The picture goes against the camera.
        Move::PanRight => Camera {
            x: -slide,
            zoom: 1.02,
            flat: true,
            ..still
        },
        Move::PanLeft => Camera {
            x: slide,
            zoom: 1.02,
            flat: true,
            ..still
        },
        Move::TiltUp => Camera {
            y: slide,
            zoom: 1.02,
            flat: true,
            ..still
        },
        Move::TiltDown => Camera {
            y: -slide,
            zoom: 1.02,
            flat: true,
            ..still
        },
        Move::TruckRight | Move::Follow => Camera {
            x: -slide * 1.3,
            ..still
        },
        Move::TruckLeft => Camera {
            x: slide * 1.3,
            ..still
        },
        Move::BoomUp => Camera { y: slide, ..still },
        Move::BoomDown => Camera { y: -slide, ..still },
        Move::Arc => Camera {
            x: -slide,
            zoom: 1.0 + push * 0.5 * t,
            ..still
        },
        // The picture turns against the camera.
        Move::RollLeft => Camera {
            roll: roll * t,
            ..still
        },
        Move::RollRight => Camera {
            roll: -roll * t,
            ..still
        },
        Move::Handheld => {
            let wave = |f: f64, p: f64| (std::f64::consts::TAU * (f * seconds + p)).sin();
            Camera {
                zoom: 1.015,
                x: 0.004 * (wave(0.31, 0.1) + 0.6 * wave(0.73, 0.4)),
                y: 0.005 * (wave(0.27, 0.6) + 0.6 * wave(0.61, 0.2)),
                roll: 0.0,
                flat: false,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moves_are_smooth_and_bounded() {
        for movement in Move::ALL {
            let mut last: Option<Camera> = None;
            let mut speed: Option<f64> = None;
            for i in 0..=240 {
                let c = at(*movement, f64::from(i) / 30.0, 8.0);
                assert!(c.zoom >= 1.0 && c.zoom <= 1.13 && c.x.abs() <= 0.06 && c.y.abs() <= 0.06);
                if let Some(l) = last {
                    let v = (c.x - l.x) + (c.y - l.y) + (c.zoom - l.zoom) + (c.roll - l.roll);
                    if let Some(s) = speed {
                        assert!((v - s).abs() < 2e-4, "{movement} jerks at frame {i}");
                    }
                    speed = Some(v);
                }
                last = Some(c);
            }
        }
    }
}
