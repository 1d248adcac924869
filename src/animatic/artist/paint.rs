//! The brush: polygons, gradients, glows, form shadows and ink on a layer of paper.
//!
//! Units are thousandths of the picture's height, from its top left; a layer reaches beyond the
//! frame by its bleed.

use tiny_skia::{
    BlendMode, Color, FillRule, GradientStop, LinearGradient, Mask, Paint, Path, PathBuilder,
    Pixmap, Point, RadialGradient, Rect, Shader, SpreadMode, Transform,
};

pub(super) type P = (f32, f32);

#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Rgb(pub(super) f32, pub(super) f32, pub(super) f32);

impl Rgb {
    pub(super) fn hex(text: &str) -> Rgb {
        let n = u32::from_str_radix(text.trim_start_matches('#'), 16).unwrap_or(0x80_80_80);
        Rgb(
            ((n >> 16) & 255) as f32 / 255.0,
            ((n >> 8) & 255) as f32 / 255.0,
            (n & 255) as f32 / 255.0,
        )
    }

    pub(super) fn mix(self, other: Rgb, t: f32) -> Rgb {
        Rgb(
            self.0 + (other.0 - self.0) * t,
            self.1 + (other.1 - self.1) * t,
            self.2 + (other.2 - self.2) * t,
        )
    }

    pub(super) fn times(self, other: Rgb, alpha: f32) -> Rgb {
        self.mix(
            Rgb(self.0 * other.0, self.1 * other.1, self.2 * other.2),
            alpha,
        )
    }

    /// Whether two colours are of one kind, one darker than the other.
    pub(super) fn near(self, other: Rgb) -> bool {
        let d =
            (self.0 - other.0).powi(2) + (self.1 - other.1).powi(2) + (self.2 - other.2).powi(2);
        d < 0.05
    }

    pub(super) fn luma(self) -> f32 {
        0.2126 * self.0 + 0.7152 * self.1 + 0.0722 * self.2
    }

    pub(super) fn saturated(self, by: f32) -> Rgb {
        let l = self.luma();
        let f = |c: f32| (l + (c - l) * by).clamp(0.0, 1.0);
        Rgb(f(self.0), f(self.1), f(self.2))
    }

    pub(super) fn lifted(self, by: f32) -> Rgb {
        if by >= 0.0 {
            self.mix(Rgb(1.0, 1.0, 1.0), by)
        } else {
            self.mix(Rgb(0.02, 0.02, 0.05), -by)
        }
    }

    pub(super) fn alpha(self, a: f32) -> Color {
        Color::from_rgba(
            self.0.clamp(0.0, 1.0),
            self.1.clamp(0.0, 1.0),
            self.2.clamp(0.0, 1.0),
            a.clamp(0.0, 1.0),
        )
        .unwrap_or(Color::TRANSPARENT)
    }
}

/// Slow noise along a line, −1 to 1.
pub(super) fn wander(seed: f32, x: f32) -> f32 {
    let value = |i: f32| {
        let s = (i * 127.1 + seed * 311.7).sin() * 43_758.547;
        (s - s.floor()) * 2.0 - 1.0
    };
    let i = x.floor();
    let t = x - i;
    let t = t * t * (3.0 - 2.0 * t);
    value(i) + (value(i + 1.0) - value(i)) * t
}

/// A closed Catmull–Rom curve through points.
pub(super) fn smooth(points: &[P], steps: usize) -> Vec<P> {
    let n = points.len();
    let mut out = Vec::with_capacity(n * steps);
    for i in 0..n {
        let (a, b, c, d) = (
            points[(i + n - 1) % n],
            points[i],
            points[(i + 1) % n],
            points[(i + 2) % n],
        );
        for s in 0..steps {
            out.push(catmull(a, b, c, d, s as f32 / steps as f32));
        }
    }
    out
}

fn catmull(a: P, b: P, c: P, d: P, t: f32) -> P {
    let f = |a: f32, b: f32, c: f32, d: f32| {
        0.5 * (2.0 * b
            + (c - a) * t
            + (2.0 * a - 5.0 * b + 4.0 * c - d) * t * t
            + (3.0 * b - a - 3.0 * c + d) * t * t * t)
    };
    (f(a.0, b.0, c.0, d.0), f(a.1, b.1, c.1, d.1))
}

pub(super) fn ellipse(center: P, rx: f32, ry: f32) -> Vec<P> {
    (0..48)
        .map(|i| {
            let a = i as f32 / 48.0 * std::f32::consts::TAU;
            (center.0 + rx * a.cos(), center.1 + ry * a.sin())
        })
        .collect()
}

pub(super) fn rect(x: f32, y: f32, w: f32, h: f32) -> Vec<P> {
    vec![(x, y), (x + w, y), (x + w, y + h), (x, y + h)]
}

/// A rounded blob: a circle with slow noise on its edge.
pub(super) fn blob(center: P, rx: f32, ry: f32, rough: f32, seed: f32) -> Vec<P> {
    (0..40)
        .map(|i| {
            let a = i as f32 / 40.0 * std::f32::consts::TAU;
            let r = 1.0
                + rough
                    * (wander(seed, 3.0 + a.cos() * 2.0) + wander(seed + 9.0, 3.0 + a.sin() * 2.0))
                    * 0.5;
            (center.0 + rx * r * a.cos(), center.1 + ry * r * a.sin())
        })
        .collect()
}

/// A ridge from left to right, closed along the bottom.
pub(super) fn ridge(
    x0: f32,
    x1: f32,
    base: f32,
    height: f32,
    wave: f32,
    seed: f32,
    floor: f32,
) -> Vec<P> {
    let mut out = vec![(x0, floor)];
    let mut x = x0;
    while x <= x1 {
        let t = x / wave;
        let y = base
            - height
                * (0.5
                    + 0.5
                        * (0.65 * wander(seed, t)
                            + 0.25 * wander(seed + 5.0, t * 2.3)
                            + 0.1 * wander(seed + 8.0, t * 6.1)));
        out.push((x, y));
        x += 6.0;
    }
    out.push((x1, floor));
    out
}

/// The widths of a limb along its joints, as one outline with round ends.
pub(super) fn limb(joints: &[P], radii: &[f32]) -> Vec<P> {
    let mut line: Vec<(P, f32)> = Vec::new();
    let n = joints.len();
    for i in 0..n - 1 {
        let (a, b, c, d) = (
            joints[i.saturating_sub(1)],
            joints[i],
            joints[i + 1],
            joints[(i + 2).min(n - 1)],
        );
        for s in 0..8 {
            let t = s as f32 / 8.0;
            // Half curve, half straight: elbows stay elbows.
            let q = catmull(a, b, c, d, t);
            let l = (b.0 + (c.0 - b.0) * t, b.1 + (c.1 - b.1) * t);
            line.push((
                ((q.0 + l.0) / 2.0, (q.1 + l.1) / 2.0),
                radii[i] + (radii[i + 1] - radii[i]) * t,
            ));
        }
    }
    line.push((joints[n - 1], radii[n - 1]));
    let mut left = Vec::new();
    let mut right = Vec::new();
    for i in 0..line.len() {
        let (a, b) = (
            line[i.saturating_sub(1)].0,
            line[(i + 1).min(line.len() - 1)].0,
        );
        let (dx, dy) = (b.0 - a.0, b.1 - a.1);
        let len = (dx * dx + dy * dy).sqrt().max(1e-3);
        let ((x, y), r) = line[i];
        left.push((x - dy / len * r, y + dx / len * r));
        right.push((x + dy / len * r, y - dx / len * r));
    }
    let cap = |center: P, from: P, to: P| -> Vec<P> {
        let a0 = (from.1 - center.1).atan2(from.0 - center.0);
        let mut a1 = (to.1 - center.1).atan2(to.0 - center.0);
        while a1 > a0 {
            a1 -= std::f32::consts::TAU;
        }
        let r = ((from.0 - center.0).powi(2) + (from.1 - center.1).powi(2)).sqrt();
        (1..6)
            .map(|i| {
                let a = a0 + (a1 - a0) * i as f32 / 6.0;
                (center.0 + r * a.cos(), center.1 + r * a.sin())
            })
            .collect()
    };
    let mut out = left.clone();
    let end = line[line.len() - 1].0;
    out.extend(cap(end, left[left.len() - 1], right[right.len() - 1]));
    out.extend(right.iter().rev());
    out.extend(cap(line[0].0, right[0], left[0]));
    out
}

/// One layer of paper.
#[derive(Clone)]
pub(super) struct Sheet {
    pub(super) pix: Pixmap,
    /// Frame width in units; the height is 1000.
    pub(super) w: f32,
    pub(super) bleed: f32,
    view: Transform,
}

impl Sheet {
    pub(super) fn new(width: u32, height: u32, bleed: f32) -> Option<Sheet> {
        let px = (width as f32 * (1.0 + 2.0 * bleed)).round() as u32;
        let py = (height as f32 * (1.0 + 2.0 * bleed)).round() as u32;
        let scale = height as f32 / 1000.0;
        let offset = (
            (px as f32 - width as f32) / 2.0,
            (py as f32 - height as f32) / 2.0,
        );
        Some(Sheet {
            pix: Pixmap::new(px, py)?,
            w: width as f32 / scale,
            bleed,
            view: Transform::from_row(scale, 0.0, 0.0, scale, offset.0, offset.1),
        })
    }

    /// Draws what follows enlarged about a point: the same place seen nearer.
    pub(super) fn zoom(&mut self, factor: f32, about: P, to: P) {
        self.view = self.view.pre_concat(Transform::from_row(
            factor,
            0.0,
            0.0,
            factor,
            to.0 - about.0 * factor,
            to.1 - about.1 * factor,
        ));
    }

    pub(super) fn unzoom(&mut self) {
        let (px, py) = (self.pix.width() as f32, self.pix.height() as f32);
        let scale = py / (1000.0 * (1.0 + 2.0 * self.bleed));
        self.view = Transform::from_row(
            scale,
            0.0,
            0.0,
            scale,
            (px - self.w * scale) / 2.0,
            (py - 1000.0 * scale) / 2.0,
        );
    }

    /// The colour that lies at a point, where the paper is covered.
    pub(super) fn color_at(&self, at: P) -> Option<Rgb> {
        let mut point = Point::from_xy(at.0, at.1);
        self.view.map_point(&mut point);
        if point.x < 0.0 || point.y < 0.0 {
            return None;
        }
        let pixel = self.pix.pixel(point.x as u32, point.y as u32)?;
        let c = pixel.demultiply();
        let part = |v: u8| f32::from(v) / 255.0;
        (c.alpha() == 255).then(|| Rgb(part(c.red()), part(c.green()), part(c.blue())))
    }

    /// Turns the paper over: left is right.
    pub(super) fn mirror(&mut self) {
        let width = self.pix.width() as usize;
        for row in self.pix.pixels_mut().chunks_exact_mut(width) {
            row.reverse();
        }
    }

    /// Mixes a colour into all that is on the paper.
    pub(super) fn tint(&mut self, color: Rgb, alpha: f32) {
        let tone = [color.0, color.1, color.2].map(|c| c * 255.0);
        for pixel in self.pix.data_mut().as_chunks_mut::<4>().0 {
            let cover = f32::from(pixel[3]) / 255.0;
            for (c, tone) in pixel.iter_mut().zip(tone) {
                *c = (f32::from(*c) * (1.0 - alpha) + tone * alpha * cover + 0.5) as u8;
            }
        }
    }

    /// What the sheet shows, in units: left, top, right, bottom, bleed included.
    pub(super) fn bounds(&self) -> (f32, f32, f32, f32) {
        let inverse = self.view.invert().unwrap_or(Transform::identity());
        let mut corners = [
            Point::from_xy(0.0, 0.0),
            Point::from_xy(self.pix.width() as f32, self.pix.height() as f32),
        ];
        inverse.map_points(&mut corners);
        (corners[0].x, corners[0].y, corners[1].x, corners[1].y)
    }

    fn path(points: &[P]) -> Option<Path> {
        let mut b = PathBuilder::new();
        let (first, rest) = points.split_first()?;
        b.move_to(first.0, first.1);
        for p in rest {
            b.line_to(p.0, p.1);
        }
        b.close();
        b.finish()
    }

    fn fill_path(
        &mut self,
        path: &Path,
        shader: Shader<'_>,
        blend: BlendMode,
        rule: FillRule,
        mask: Option<&Mask>,
    ) {
        let paint = Paint {
            shader,
            blend_mode: blend,
            anti_alias: true,
            ..Paint::default()
        };
        self.pix.fill_path(path, &paint, rule, self.view, mask);
    }

    pub(super) fn fill(&mut self, points: &[P], color: Rgb) {
        self.fill_alpha(points, color, 1.0);
    }

    pub(super) fn fill_alpha(&mut self, points: &[P], color: Rgb, alpha: f32) {
        if let Some(path) = Sheet::path(points) {
            self.fill_path(
                &path,
                Shader::SolidColor(color.alpha(alpha)),
                BlendMode::SourceOver,
                FillRule::Winding,
                None,
            );
        }
    }

    /// Darkens what lies under a shape, on this layer only.
    pub(super) fn multiply(&mut self, points: &[P], color: Rgb, alpha: f32) {
        if let Some(path) = Sheet::path(points) {
            let c = Rgb(1.0, 1.0, 1.0).mix(color, alpha);
            self.fill_path(
                &path,
                Shader::SolidColor(c.alpha(1.0)),
                BlendMode::Multiply,
                FillRule::Winding,
                None,
            );
        }
    }

    /// Fills with a gradient along a line; stops are (place, colour, alpha).
    pub(super) fn gradient(&mut self, points: &[P], from: P, to: P, stops: &[(f32, Rgb, f32)]) {
        let stops = stops
            .iter()
            .map(|(at, c, a)| GradientStop::new(*at, c.alpha(*a)))
            .collect();
        let shader = LinearGradient::new(
            Point::from_xy(from.0, from.1),
            Point::from_xy(to.0, to.1),
            stops,
            SpreadMode::Pad,
            Transform::identity(),
        );
        if let (Some(path), Some(shader)) = (Sheet::path(points), shader) {
            self.fill_path(
                &path,
                shader,
                BlendMode::SourceOver,
                FillRule::Winding,
                None,
            );
        }
    }

    /// The whole sheet, top to bottom in the colours of a sky.
    pub(super) fn wash(&mut self, colors: &[Rgb], top: f32, bottom: f32) {
        let (x0, y0, x1, y1) = self.bounds();
        let stops: Vec<(f32, Rgb, f32)> = colors
            .iter()
            .enumerate()
            .map(|(i, c)| (i as f32 / (colors.len() - 1).max(1) as f32, *c, 1.0))
            .collect();
        self.gradient(
            &rect(x0, y0, x1 - x0, y1 - y0),
            (0.0, top),
            (0.0, bottom),
            &stops,
        );
    }

    /// A soft light: full in the middle, nothing at its edge.
    pub(super) fn glow(&mut self, center: P, radius: f32, color: Rgb, alpha: f32) {
        self.glow_oval(center, radius, 1.0, color, alpha);
    }

    pub(super) fn glow_oval(
        &mut self,
        center: P,
        radius: f32,
        squash: f32,
        color: Rgb,
        alpha: f32,
    ) {
        let stops = vec![
            GradientStop::new(0.0, color.alpha(alpha)),
            GradientStop::new(0.35, color.alpha(alpha * 0.5)),
            GradientStop::new(0.7, color.alpha(alpha * 0.12)),
            GradientStop::new(1.0, color.alpha(0.0)),
        ];
        let local = Transform::from_row(1.0, 0.0, 0.0, squash, 0.0, center.1 * (1.0 - squash));
        let shader = RadialGradient::new(
            Point::from_xy(center.0, center.1),
            0.0,
            Point::from_xy(center.0, center.1),
            radius,
            stops,
            SpreadMode::Pad,
            local,
        );
        if let (Some(path), Some(shader)) = (
            Sheet::path(&ellipse(center, radius, radius * squash)),
            shader,
        ) {
            self.fill_path(
                &path,
                shader,
                BlendMode::SourceOver,
                FillRule::Winding,
                None,
            );
        }
    }

    /// One crisp form shadow: clip to the shape, darken all but the shape moved towards the light.
    pub(super) fn shade(&mut self, points: &[P], light: P, depth: f32, color: Rgb, alpha: f32) {
        self.crescent(
            points,
            (light.0 * depth, light.1 * depth),
            Rgb(1.0, 1.0, 1.0).mix(color, alpha),
            1.0,
            BlendMode::Multiply,
        );
    }

    /// Light along the edge that faces it.
    pub(super) fn rim(&mut self, points: &[P], light: P, depth: f32, color: Rgb, alpha: f32) {
        self.crescent(
            points,
            (-light.0 * depth, -light.1 * depth),
            color,
            alpha,
            BlendMode::SourceOver,
        );
    }

    fn crescent(&mut self, points: &[P], shift: P, color: Rgb, alpha: f32, blend: BlendMode) {
        let Some(shape) = Sheet::path(points) else {
            return;
        };
        let Some(moved) = Sheet::path(
            &points
                .iter()
                .map(|p| (p.0 + shift.0, p.1 + shift.1))
                .collect::<Vec<_>>(),
        ) else {
            return;
        };
        let Some(on_paper) = shape.clone().transform(self.view) else {
            return;
        };
        let b = on_paper.bounds();
        // Work on the shape's own corner of the paper: a mask of the whole sheet is slow.
        let x = (b.left().floor() - 2.0).max(0.0);
        let y = (b.top().floor() - 2.0).max(0.0);
        let w = (b.right().ceil() + 2.0).min(self.pix.width() as f32) - x;
        let h = (b.bottom().ceil() + 2.0).min(self.pix.height() as f32) - y;
        if w < 1.0 || h < 1.0 {
            return;
        }
        let Some(int) = tiny_skia::IntRect::from_xywh(x as i32, y as i32, w as u32, h as u32)
        else {
            return;
        };
        let Some(mut corner) = self.pix.clone_rect(int) else {
            return;
        };
        let local = self.view.post_translate(-x, -y);
        let Some(mut mask) = Mask::new(w as u32, h as u32) else {
            return;
        };
        mask.fill_path(&shape, FillRule::Winding, true, local);
        let mut all = PathBuilder::new();
        let r = shape.bounds();
        let grow = r.width() + r.height() + 10.0;
        if let Some(frame) = Rect::from_ltrb(
            r.left() - grow,
            r.top() - grow,
            r.right() + grow,
            r.bottom() + grow,
        ) {
            all.push_rect(frame);
        }
        all.push_path(&moved);
        let Some(all) = all.finish() else { return };
        let paint = Paint {
            shader: Shader::SolidColor(color.alpha(alpha)),
            blend_mode: blend,
            anti_alias: true,
            ..Paint::default()
        };
        corner.fill_path(&all, &paint, FillRule::EvenOdd, local, Some(&mask));
        let stride = self.pix.width() as usize * 4;
        let (cw, ch) = (corner.width() as usize * 4, corner.height() as usize);
        let data = self.pix.data_mut();
        for row in 0..ch {
            let at = (y as usize + row) * stride + x as usize * 4;
            data[at..at + cw].copy_from_slice(&corner.data()[row * cw..(row + 1) * cw]);
        }
    }

    /// An outline that is thick in the shade and gone in the light.
    pub(super) fn ink(&mut self, points: &[P], width: f32, light: P, color: Rgb) {
        let n = points.len();
        if n < 4 {
            return;
        }
        let area: f32 = (0..n)
            .map(|i| points[i].0 * points[(i + 1) % n].1 - points[(i + 1) % n].0 * points[i].1)
            .sum();
        let side = if area > 0.0 { 1.0 } else { -1.0 };
        let mut widths: Vec<f32> = Vec::with_capacity(n);
        let mut normals: Vec<P> = Vec::with_capacity(n);
        for i in 0..n {
            let (a, b) = (points[(i + n - 1) % n], points[(i + 1) % n]);
            let (dx, dy) = (b.0 - a.0, b.1 - a.1);
            let len = (dx * dx + dy * dy).sqrt().max(1e-4);
            let normal = (dy / len * side, -dx / len * side);
            let lit = normal.0 * light.0 + normal.1 * light.1;
            widths.push(
                width
                    * (0.10 + 0.90 * (0.4 - 0.6 * lit).clamp(0.0, 1.0))
                    * (1.0 + 0.12 * wander(points[0].0, i as f32 * 0.3)),
            );
            normals.push(normal);
        }
        let soft: Vec<f32> = (0..n)
            .map(|i| (0..7).map(|k| widths[(i + n + k - 3) % n]).sum::<f32>() / 7.0)
            .collect();
        let mut b = PathBuilder::new();
        for sign in [0.5f32, -0.5] {
            for i in 0..n {
                let p = (
                    points[i].0 + normals[i].0 * soft[i] * sign,
                    points[i].1 + normals[i].1 * soft[i] * sign,
                );
                if i == 0 {
                    b.move_to(p.0, p.1)
                } else {
                    b.line_to(p.0, p.1)
                }
            }
            b.close();
        }
        if let Some(path) = b.finish() {
            self.fill_path(
                &path,
                Shader::SolidColor(color.alpha(0.9)),
                BlendMode::SourceOver,
                FillRule::EvenOdd,
                None,
            );
        }
    }

    /// A free stroke: tapered at both ends, never ruled.
    pub(super) fn stroke(&mut self, points: &[P], width: f32, color: Rgb, alpha: f32) {
        if points.len() < 2 {
            return;
        }
        let mut line: Vec<P> = Vec::new();
        for pair in points.windows(2) {
            let len = ((pair[1].0 - pair[0].0).powi(2) + (pair[1].1 - pair[0].1).powi(2)).sqrt();
            let steps = (len / 12.0).ceil().clamp(2.0, 60.0) as usize;
            for s in 0..steps {
                let t = s as f32 / steps as f32;
                line.push((
                    pair[0].0 + (pair[1].0 - pair[0].0) * t,
                    pair[0].1 + (pair[1].1 - pair[0].1) * t,
                ));
            }
        }
        line.push(points[points.len() - 1]);
        let n = line.len();
        let mut left = Vec::with_capacity(n);
        let mut right = Vec::with_capacity(n);
        for i in 0..n {
            let (a, b) = (line[i.saturating_sub(1)], line[(i + 1).min(n - 1)]);
            let (dx, dy) = (b.0 - a.0, b.1 - a.1);
            let len = (dx * dx + dy * dy).sqrt().max(1e-4);
            let t = i as f32 / (n - 1) as f32;
            let taper = (t / 0.3)
                .min((1.0 - t) / 0.3)
                .clamp(0.0, 1.0)
                .powf(0.7)
                .max(0.15);
            let r = width / 2.0 * taper * (1.0 + 0.16 * wander(points[0].1, i as f32 * 0.4));
            left.push((line[i].0 - dy / len * r, line[i].1 + dx / len * r));
            right.push((line[i].0 + dy / len * r, line[i].1 - dx / len * r));
        }
        left.extend(right.into_iter().rev());
        self.fill_alpha(&left, color, alpha);
    }

    /// Multiplies all light on the sheet, as an exposure does; what is full stays full.
    pub(super) fn expose(&mut self, factor: f32) {
        let times = (factor * 256.0) as u32;
        for pixel in self.pix.data_mut().as_chunks_mut::<4>().0 {
            let [light @ .., alpha] = pixel;
            for c in light {
                // Premultiplied: no light is more than what covers.
                *c = (u32::from(*c) * times / 256).min(u32::from(*alpha)) as u8;
            }
        }
    }

    /// Narrows or widens the sheet from its top to its bottom about its middle, as what one looks up or down at is;
    /// `held` says that its edges go on where it would end.
    pub(super) fn converge(&mut self, top: f32, bottom: f32, held: bool) {
        let (w, h) = (self.pix.width() as usize, self.pix.height() as usize);
        let middle = w as f32 / 2.0;
        let mut row = vec![0u8; w * 4];
        for (y, line) in self.pix.data_mut().chunks_exact_mut(w * 4).enumerate() {
            let scale = top + (bottom - top) * y as f32 / h.max(1) as f32;
            row.copy_from_slice(line);
            for x in 0..w {
                let from = (x as f32 + 0.5 - middle) / scale + middle - 0.5;
                let (left, part) = (from.floor(), from - from.floor());
                let pixel = |at: f32, c: usize| {
                    let inside = (0.0..w as f32).contains(&at);
                    match inside || held {
                        true => f32::from(row[at.clamp(0.0, w as f32 - 1.0) as usize * 4 + c]),
                        false => 0.0,
                    }
                };
                for c in 0..4 {
                    let mixed = pixel(left, c) * (1.0 - part) + pixel(left + 1.0, c) * part;
                    line[x * 4 + c] = (mixed + 0.5) as u8;
                }
            }
        }
    }

    /// Softens the whole sheet, as a lens does to what is out of focus; `radius` in units.
    pub(super) fn blur(&mut self, radius: f32) {
        let scale = self.pix.height() as f32 / (1000.0 * (1.0 + 2.0 * self.bleed));
        let r = (radius * scale).round() as usize;
        if r < 1 {
            return;
        }
        let (w, h) = (self.pix.width() as usize, self.pix.height() as usize);
        let data = self.pix.data_mut();
        let mut other = vec![0u8; data.len()];
        for _ in 0..2 {
            box_rows(data, &mut other, w, h, r);
            box_columns(&other, data, w, h, r);
        }
    }
}

fn box_rows(from: &[u8], to: &mut [u8], w: usize, h: usize, r: usize) {
    let n = (2 * r + 1) as u32;
    for y in 0..h {
        let row = &from[y * w * 4..(y + 1) * w * 4];
        for c in 0..4 {
            let at = |x: isize| u32::from(row[x.clamp(0, w as isize - 1) as usize * 4 + c]);
            let mut sum: u32 = (-(r as isize)..=r as isize).map(at).sum();
            for x in 0..w {
                to[(y * w + x) * 4 + c] = (sum / n) as u8;
                sum = sum + at(x as isize + r as isize + 1) - at(x as isize - r as isize);
            }
        }
    }
}

fn box_columns(from: &[u8], to: &mut [u8], w: usize, h: usize, r: usize) {
    let n = (2 * r + 1) as u32;
    let line = w * 4;
    let row = |y: isize| &from[y.clamp(0, h as isize - 1) as usize * line..][..line];
    let mut sums = vec![0u32; line];
    for y in -(r as isize)..=r as isize {
        for (s, v) in sums.iter_mut().zip(row(y)) {
            *s += u32::from(*v);
        }
    }
    for y in 0..h {
        for (t, s) in to[y * line..(y + 1) * line].iter_mut().zip(&sums) {
            *t = (*s / n) as u8;
        }
        let (add, drop) = (
            row(y as isize + r as isize + 1),
            row(y as isize - r as isize),
        );
        for ((s, a), d) in sums.iter_mut().zip(add).zip(drop) {
            *s = *s + u32::from(*a) - u32::from(*d);
        }
    }
}
