//! Pictures in the terminal: two pixels a character, where colours can be shown.

use std::path::Path;

/// Draws a picture as half blocks, `columns` wide; `None` where it cannot be read.
pub fn half_blocks(path: &Path, columns: u32) -> Option<String> {
    let picture = image::open(path).ok()?.into_rgb8();
    let rows = (columns * picture.height() / picture.width().max(1) / 2 * 2).max(2);
    let small = image::imageops::resize(
        &picture,
        columns,
        rows,
        image::imageops::FilterType::Triangle,
    );
    let mut out = String::new();
    for y in (0..rows - 1).step_by(2) {
        for x in 0..columns {
            let (a, b) = (small.get_pixel(x, y).0, small.get_pixel(x, y + 1).0);
            out.push_str(&format!(
                "\u{1b}[38;2;{};{};{};48;2;{};{};{}m▀",
                a[0], a[1], a[2], b[0], b[1], b[2]
            ));
        }
        out.push_str("\u{1b}[0m\n");
    }
    Some(out)
}

/// Whether the terminal shows 24-bit colours.
pub fn possible() -> bool {
    console::user_attended_stderr()
        && console::colors_enabled_stderr()
        && std::env::var("COLORTERM").is_ok_and(|v| v.contains("truecolor") || v.contains("24bit"))
}
