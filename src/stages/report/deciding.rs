//! The part of a served page in which a person decides: what waits, what it is, and what can be said of it.

use super::{Page, esc};
use crate::film::stage::Stage;

/// The script of a served page.
pub(super) const SCRIPT: &str = include_str!("deciding.js");

/// Who decides, and on what.
pub struct Deciding {
    /// The person on whose behalf the page decides.
    pub by: String,
    /// Every stage with the name of its state, and why it is so where that is worth saying.
    pub stages: Vec<(Stage, &'static str, Option<String>)>,
    pub waits: Option<Waits>,
    /// What going on would cost.
    pub price: String,
    /// The journal's last line as the page was made.
    pub seq: u64,
}

/// A gate that is open.
pub struct Waits {
    pub stage: Stage,
    /// The content a decision signs.
    pub fingerprint: String,
    /// What was made, for a person to judge.
    pub summary: String,
    /// Duties that are not met, a line each.
    pub unmet: Vec<String>,
}

/// A page that says why there is none, and looks again.
pub fn broken(why: &str) -> String {
    format!(
        "<!doctype html><html lang=en><meta charset=utf-8><meta http-equiv=refresh content=3><title>Not now</title><style>{}</style><main><p class=bad>{}</p><p>Looking again …</p></main></html>",
        super::STYLE,
        esc(why)
    )
}

/// Puts the stages, and the gate that waits, on the page.
pub(super) fn put(page: &mut Page<'_>, deciding: &Deciding) {
    let out = &mut page.out;
    out.push_str("<ol class=way aria-label=\"Stages\">");
    for (stage, state, _) in &deciding.stages {
        out.push_str(&format!(
            "<li class=\"{state}\"><b>{stage}</b> <small>{state}</small>"
        ));
    }
    out.push_str("</ol>");
    for (stage, state, reason) in &deciding.stages {
        if let Some(reason) = reason {
            out.push_str(&format!(
                "<p class=bad>{stage} is {state}: {}</p>",
                esc(reason)
            ));
        }
    }
    const NOW: &str = "<p class=acts><span id=now role=status aria-live=polite></span><button type=button id=fresh data-act=fresh hidden>Show it</button></p><p id=said role=status aria-live=polite></p>";
    let Some(waits) = &deciding.waits else {
        out.push_str(&format!("<section id=gate class=gate aria-label=\"Decision\"><p>Nothing waits for a decision.</p><p class=acts><button type=button data-act=go>Go on</button> <button type=button data-act=done>Close this page</button></p>{NOW}</section>"));
        return;
    };
    let stage = waits.stage;
    out.push_str(&format!(
        "<section id=gate class=gate data-stage={stage} data-fingerprint=\"{}\" aria-label=\"Decision on {stage}\"><h2>{stage} waits for you</h2><p class=soft>Deciding as {} · going on costs {} · signs {}</p>",
        esc(&waits.fingerprint),
        esc(&deciding.by),
        esc(&deciding.price),
        esc(waits.fingerprint.get(..15).unwrap_or_default()),
    ));
    out.push_str(&format!(
        "<details open><summary>What was made</summary><pre tabindex=0>{}</pre></details>",
        esc(&waits.summary)
    ));
    for line in &waits.unmet {
        out.push_str(&format!("<p class=bad>Duty not met: {}</p>", esc(line)));
    }
    if !waits.unmet.is_empty() {
        out.push_str("<p><label><input type=checkbox id=override> Approve all the same, and say why in the note</label></p>");
    }
    out.push_str(concat!(
        "<label class=words>Note or what should change <textarea id=words rows=2></textarea></label>",
        "<p class=acts><button type=button class=go data-act=approve>Approve</button>",
        "<button type=button class=go data-act=onward>Approve and go on</button>",
        "<button type=button data-act=change>Ask for changes</button>",
        "<button type=button data-act=reject>Reject</button>",
        "<button type=button data-act=done>Close this page</button></p>",
        "<details><summary>Patch</summary><label class=words>A patch as JSON <textarea id=patch rows=5 spellcheck=false></textarea></label>",
        "<p class=acts><button type=button data-act=check>What would it do?</button><button type=button data-act=patch>Apply</button></p></details>",
        "<pre id=told hidden tabindex=0></pre>",
    ));
    out.push_str(NOW);
    out.push_str("</section>");
}
