//! Pictures that were handed in with a film: how a script names them, and where they lie in its run.
//!
//! A line `PICTURE: pack.png` in a script shows the file itself where a panel would be drawn. Nobody draws,
//! films or pays for such a shot.

use super::ids::slug;
use super::script::{self, Element, Script};

/// The folder of a run that keeps what was handed in.
pub const FOLDER: &str = "source";

/// The picture that a line of a script shows, as it is named there: `PICTURE: pack.png`.
pub fn shown(line: &str) -> Option<&str> {
    let name = script::direction(line.trim(), &["PICTURE"])?;
    let small = name.to_lowercase();
    let is_file = [".png", ".jpg", ".jpeg"].iter().any(|e| small.ends_with(e));
    is_file.then_some(name)
}

/// Characters of a kept file's name before its ending.
const LONGEST: usize = 40;

/// What a file is kept as, without its folder: a plain name with this ending.
pub fn file_name(name: &str, ending: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or(name);
    let stem = last.rsplit_once('.').map_or(last, |(stem, _)| stem);
    format!("{}.{ending}", slug(stem, '_', LONGEST))
}

/// Whether a path of the run folder may be shown as a picture.
pub fn is_picture(file: &str) -> bool {
    let name = file.strip_prefix(FOLDER).and_then(|f| f.strip_prefix('/'));
    let stem = name.and_then(|n| n.strip_suffix(".png").or_else(|| n.strip_suffix(".jpg")));
    stem.is_some_and(|s| {
        let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
        !s.is_empty() && s.chars().all(plain)
    })
}

/// The pictures that a script names, as it writes them.
pub fn named(script: &Script) -> Vec<String> {
    let actions = script.elements.iter().filter_map(|e| match e {
        Element::Action(text) => Some(text),
        _ => None,
    });
    actions
        .flat_map(|text| text.lines())
        .filter_map(shown)
        .map(str::to_owned)
        .collect()
}

/// The file of a run that a script means by a name: the one that lies there, else where it belongs.
pub fn file_of(name: &str, lies_there: impl Fn(&str) -> bool) -> String {
    let at = |ending: &str| format!("{FOLDER}/{}", file_name(name, ending));
    let wants_jpg = [".jpg", ".jpeg"]
        .iter()
        .any(|e| name.to_lowercase().ends_with(e));
    let first = at(if wants_jpg { "jpg" } else { "png" });
    let second = at(if wants_jpg { "png" } else { "jpg" });
    // A file may be another kind of picture than its name said.
    match !lies_there(&first) && lies_there(&second) {
        true => second,
        false => first,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_leads_into_the_folder_and_nowhere_else() {
        for name in ["Our Pack.PNG", "../../etc/passwd.png", "a\\b.png", "…", ""] {
            let file = file_of(name, |_| false);
            assert!(is_picture(&file), "{name} → {file}");
        }
        assert_eq!(file_of("Our Pack.jpeg", |_| false), "source/our_pack.jpg");
        let png_there = |f: &str| f == "source/our_pack.png";
        assert_eq!(file_of("Our Pack.jpeg", png_there), "source/our_pack.png");
        for no in [
            "source/../x.png",
            "brand/x.png",
            "source/.png",
            "source/x.gif",
        ] {
            assert!(!is_picture(no), "{no}");
        }
    }
}
