//! Everything a run holds, parsed: what the stages read and make.

use super::assets::Assets;
use super::audio::Audio;
use super::brand::Brand;
use super::outline::Outline;
use super::references::References;
use super::script::Script;
use super::sheet::RunSheet;
use super::storyboard::Storyboard;

#[derive(Debug, Clone)]
pub struct Artifacts {
    pub sheet: RunSheet,
    /// What was handed in, as text.
    pub source: String,
    /// The brand kit it carries.
    pub brand: Option<Brand>,
    pub outline: Option<Outline>,
    pub script: Option<Script>,
    /// What came of the stage the film's kind adds.
    pub own: Option<String>,
    pub references: Option<References>,
    pub storyboard: Option<Storyboard>,
    pub assets: Option<Assets>,
    pub audio: Option<Audio>,
}

impl Artifacts {
    pub fn empty(sheet: RunSheet, source: String) -> Artifacts {
        Artifacts {
            sheet,
            source,
            brand: None,
            outline: None,
            script: None,
            own: None,
            references: None,
            storyboard: None,
            assets: None,
            audio: None,
        }
    }
}
