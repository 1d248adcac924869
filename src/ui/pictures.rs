//! Pictures in the terminal: as pictures where it can show them, else as two pixels a character.

use base64::Engine;
use image::RgbImage;
use image::imageops::{FilterType, resize};
use std::path::Path;

/// How a terminal shows pictures.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Way {
    /// Kitty's graphics protocol (Kitty, Ghostty, WezTerm, Konsole).
    Kitty,
    /// iTerm's inline images.
    Iterm,
    HalfBlocks,
}

/// A column of characters is taken to be so many pixels wide.
const COLUMN: u32 = 10;
/// A kitty command carries so much text.
const CHUNK: usize = 4096;

fn way() -> Option<Way> {
    if !console::user_attended_stderr() {
        return None;
    }
    let var = |name: &str| std::env::var(name).unwrap_or_default();
    let colours = ["truecolor", "24bit"].contains(&var("COLORTERM").as_str());
    // A multiplexer in between passes no pictures on.
    let plain = var("TMUX").is_empty() && !var("TERM").starts_with("screen");
    match (var("TERM").as_str(), var("TERM_PROGRAM").as_str()) {
        ("xterm-kitty" | "xterm-ghostty", _) if plain => Some(Way::Kitty),
        (_, "ghostty" | "WezTerm") if plain => Some(Way::Kitty),
        _ if plain && !var("KONSOLE_VERSION").is_empty() => Some(Way::Kitty),
        (_, "iTerm.app" | "mintty") if plain => Some(Way::Iterm),
        _ => (colours && console::colors_enabled_stderr()).then_some(Way::HalfBlocks),
    }
}

/// Whether the terminal can show pictures in one way or another.
pub fn possible() -> bool {
    way().is_some()
}

/// What makes a terminal show a picture, `columns` wide; `None` where it cannot be read or shown.
pub fn shown(path: &Path, columns: u32) -> Option<String> {
    let way = way()?;
    let picture = image::open(path).ok()?.into_rgb8();
    match way {
        Way::HalfBlocks => Some(half_blocks(&picture, columns)),
        Way::Kitty => kitty(&small(&picture, columns), columns),
        Way::Iterm => iterm(&small(&picture, columns), columns),
    }
}

/// No larger than it is shown.
fn small(picture: &RgbImage, columns: u32) -> RgbImage {
    let width = (columns * COLUMN).min(picture.width()).max(1);
    let height = (u64::from(width) * u64::from(picture.height())
        / u64::from(picture.width().max(1)))
    .max(1) as u32;
    resize(picture, width, height, FilterType::Triangle)
}

fn png(picture: &RgbImage) -> Option<String> {
    let mut bytes = std::io::Cursor::new(Vec::new());
    picture.write_to(&mut bytes, image::ImageFormat::Png).ok()?;
    Some(base64::engine::general_purpose::STANDARD.encode(bytes.get_ref()))
}

fn kitty(picture: &RgbImage, columns: u32) -> Option<String> {
    let text = png(picture)?;
    let mut out = String::new();
    let mut head = format!("a=T,f=100,q=2,c={columns},");
    let mut rest = text.as_str();
    while !rest.is_empty() {
        let (chunk, after) = rest.split_at(rest.len().min(CHUNK));
        let more = u8::from(!after.is_empty());
        out.push_str(&format!("\u{1b}_G{head}m={more};{chunk}\u{1b}\\"));
        head.clear();
        rest = after;
    }
    out.push('\n');
    Some(out)
}

fn iterm(picture: &RgbImage, columns: u32) -> Option<String> {
    let text = png(picture)?;
    Some(format!(
        "\u{1b}]1337;File=inline=1;width={columns};preserveAspectRatio=1:{text}\u{7}\n"
    ))
}

/// Draws a picture as half blocks.
fn half_blocks(picture: &RgbImage, columns: u32) -> String {
    let rows = (columns * picture.height() / picture.width().max(1) / 2 * 2).max(2);
    let small = resize(picture, columns, rows, FilterType::Triangle);
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
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_kitty_picture_is_sent_in_parts_and_is_the_same_picture() {
        let picture = RgbImage::from_fn(90, 60, |x, y| {
            image::Rgb([(x * 31 + y * 17) as u8, (x * y) as u8, (x ^ y) as u8])
        });
        let sent = kitty(&picture, 80).unwrap();
        let parts: Vec<&str> = sent
            .trim_end()
            .split("\u{1b}\\")
            .filter(|p| !p.is_empty())
            .collect();
        assert!(parts.len() > 1);
        assert!(parts[0].starts_with("\u{1b}_Ga=T,f=100,q=2,c=80,m=1;"));
        assert!(parts.last().unwrap().starts_with("\u{1b}_Gm=0;"));
        let text: String = parts.iter().map(|p| p.split_once(';').unwrap().1).collect();
        assert!(parts.iter().all(|p| p.len() <= CHUNK + 40));
        let bytes = base64::engine::general_purpose::STANDARD
            .decode(text)
            .unwrap();
        assert_eq!(
            image::load_from_memory(&bytes).unwrap().into_rgb8(),
            picture
        );
        let inline = iterm(&picture, 80).unwrap();
        assert!(
            inline.starts_with("\u{1b}]1337;File=inline=1;width=80") && inline.ends_with("\u{7}\n")
        );
    }
}
