//! What the house knows: words, drawings and sets, as data; a workspace may add pages of its own.

use super::artist::{Drawings, Sets, read_drawings, read_sets};
use super::lexicon::{self, Lexicon};
use crate::diagnostic::{Exit, Failure};
use std::path::Path;
use std::sync::OnceLock;

pub(super) struct Book {
    pub(super) words: Lexicon,
    pub(super) drawings: Drawings,
    pub(super) sets: Sets,
}

static BOOK: OnceLock<Book> = OnceLock::new();

const WORDS: &str = include_str!("../../templates/lexicon.yaml");
const DRAWINGS: &str = include_str!("../../templates/drawings.yaml");
const SETS: &str = include_str!("../../templates/sets.yaml");

/// The built-in pages by name: `lexicon`, `drawings`, `sets`. A workspace's own are written like them.
pub fn pages() -> [(&'static str, &'static str); 3] {
    [("lexicon", WORDS), ("drawings", DRAWINGS), ("sets", SETS)]
}

/// The book as it is open.
pub(super) fn book() -> &'static Book {
    // The pages are built in and a test reads them; without words everything is a plain room.
    BOOK.get_or_init(|| {
        built_in().unwrap_or_else(|_| Book {
            words: Lexicon::default(),
            drawings: Drawings::new(),
            sets: Sets::new(),
        })
    })
}

fn built_in() -> Result<Book, String> {
    let mut words = lexicon::read(WORDS)?;
    let drawings = read_drawings(DRAWINGS)?;
    words.name_drawings(drawings.keys().map(String::as_str));
    Ok(Book {
        words,
        drawings,
        sets: read_sets(SETS)?,
    })
}

/// Opens the book with a workspace's own pages laid over it: `templates/lexicon.yaml`,
/// `drawings.yaml` and `sets.yaml`. Once, before anything is read or drawn.
///
/// # Errors
/// A page that cannot be understood (exit 65), by its name and what is wrong in it.
pub fn open(workspace: &Path) -> Result<(), Failure> {
    let folder = workspace.join("templates");
    if BOOK.get().is_some() {
        return Ok(());
    }
    let wrong = |name: &str, why: String| {
        let page = name.trim_end_matches(".yaml");
        Failure::new(Exit::Invalid, format!("templates/{name}: {why}")).hint(format!(
            "`greenlight template show {page}` prints the built-in page; its head says how it is written"
        ))
    };
    let page = |name: &str| match std::fs::read_to_string(folder.join(name)) {
        Ok(text) => Ok(Some(text)),
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(e) => Err(wrong(name, format!("it cannot be read: {e}"))),
    };
    let pages = [
        page("lexicon.yaml")?,
        page("drawings.yaml")?,
        page("sets.yaml")?,
    ];
    if pages.iter().all(Option::is_none) {
        return Ok(());
    }
    let mut book = built_in().map_err(|why| wrong("lexicon.yaml", why))?;
    let [words, drawings, sets] = pages;
    if let Some(text) = words {
        let own = lexicon::read(&text).map_err(|why| wrong("lexicon.yaml", why))?;
        book.words.lay(own);
    }
    if let Some(text) = drawings {
        let own = read_drawings(&text).map_err(|why| wrong("drawings.yaml", why))?;
        book.words.name_drawings(own.keys().map(String::as_str));
        book.drawings.extend(own);
    }
    if let Some(text) = sets {
        let own = read_sets(&text).map_err(|why| wrong("sets.yaml", why))?;
        for (name, set) in &own {
            if let Some(thing) = set.unknown(&book.drawings).next() {
                return Err(wrong(
                    "sets.yaml",
                    format!("{name}: nobody has drawn `{thing}`"),
                ));
            }
        }
        let names: Vec<String> = own.keys().cloned().collect();
        book.sets.extend(own);
        for name in names {
            let set = &book.sets[&name];
            if let Some(ground) = set.unknown_ground() {
                return Err(wrong(
                    "sets.yaml",
                    format!("{name}: `{ground}` is no ground"),
                ));
            }
            for side in [&set.inside, &set.outside].into_iter().flatten() {
                if !book.sets.contains_key(side) {
                    return Err(wrong(
                        "sets.yaml",
                        format!("{name}: there is no set `{side}`"),
                    ));
                }
            }
        }
    }
    let _ = BOOK.set(book);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_book_can_be_read_and_nothing_in_it_is_missing() {
        let book = built_in().unwrap();
        assert!(book.drawings.len() > 200);
        for (name, set) in &book.sets {
            assert_eq!(set.unknown(&book.drawings).next(), None, "{name}");
            assert_eq!(set.unknown_ground(), None, "{name}");
            for other in [&set.inside, &set.outside].into_iter().flatten() {
                assert!(book.sets.contains_key(other), "{name}: {other}");
            }
        }
        for (kind, _) in book.words.props.iter() {
            assert!(book.drawings.contains_key(kind), "{kind} is not drawn");
        }
    }
}
