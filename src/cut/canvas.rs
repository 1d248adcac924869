//! Pictures in memory as packed premultiplied pixels: lettering, contact sheets, what was decoded.

/// Packed `0xAABBGGRR`, premultiplied.
#[derive(Clone)]
pub struct Bitmap {
    pub width: u32,
    pub height: u32,
    pub pixels: Vec<u32>,
}

/// Lays a premultiplied pixel over another.
#[inline(always)]
fn over(below: u32, above: u32) -> u32 {
    const LOW: u32 = 0x00ff_00ff;
    let a = above >> 24;
    if a == 255 {
        return above;
    }
    let keep = 256 - a - (a >> 7);
    let rb = ((below & LOW) * keep) >> 8 & LOW;
    let ga = (((below >> 8) & LOW) * keep) & !LOW;
    // Rounding may carry a channel one past full: saturate by parts.
    let sum_rb = (above & LOW) + rb;
    let sum_ga = ((above >> 8) & LOW) + (ga >> 8);
    let clamp = |v: u32| v | ((v >> 8 & 0x0001_0001) * 0xff);
    (clamp(sum_rb) & LOW) | ((clamp(sum_ga) & LOW) << 8)
}

impl Bitmap {
    pub fn new(width: u32, height: u32) -> Bitmap {
        Bitmap {
            width,
            height,
            pixels: vec![0; width as usize * height as usize],
        }
    }

    pub fn fill(&mut self, color: [u8; 3]) {
        self.pixels.fill(
            u32::from(color[0])
                | u32::from(color[1]) << 8
                | u32::from(color[2]) << 16
                | 0xff00_0000,
        );
    }

    /// A part of it, from `(x, y)` on.
    pub fn part(&self, x: u32, y: u32, width: u32, height: u32) -> Bitmap {
        let mut out = Bitmap::new(width, height);
        let rows = self
            .pixels
            .chunks_exact(self.width as usize)
            .skip(y as usize);
        for (to, from) in out.pixels.chunks_exact_mut(width as usize).zip(rows) {
            to.copy_from_slice(&from[x as usize..(x + width) as usize]);
        }
        out
    }

    /// Lays a bitmap at whole pixels.
    pub fn stamp(&mut self, source: &Bitmap, x: i64, y: i64) {
        for sy in 0..i64::from(source.height) {
            let ty = y + sy;
            if !(0..i64::from(self.height)).contains(&ty) {
                continue;
            }
            for sx in 0..i64::from(source.width) {
                let tx = x + sx;
                if !(0..i64::from(self.width)).contains(&tx) {
                    continue;
                }
                let color = source.pixels[(sy * i64::from(source.width) + sx) as usize];
                if color >> 24 != 0 {
                    let p = &mut self.pixels[(ty * i64::from(self.width) + tx) as usize];
                    *p = over(*p, color);
                }
            }
        }
    }

    /// As opaque RGB, for a JPEG or a measurement.
    pub fn rgb(&self) -> Vec<u8> {
        self.pixels
            .iter()
            .flat_map(|p| [*p as u8, (p >> 8) as u8, (p >> 16) as u8])
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn opaque_stays_opaque_and_clear_changes_nothing() {
        for below in [0xff00_0000u32, 0xffff_ffff, 0xff12_3456] {
            assert_eq!(over(below, 0), below);
            assert_eq!(over(below, 0xff0a_0b0c), 0xff0a_0b0c);
            for a in 0..=255u32 {
                let p = a << 24 | a << 16 | a << 8 | a;
                assert!(over(below, p) >> 24 >= 254, "{a}");
            }
        }
    }
}
