//! The page that tells what was made and what it measures.

use super::Desk;
use crate::cut::checks::Report;

/// One page that tells what was made and what it measures.
pub(super) fn page(desk: &Desk<'_>, reports: &[(String, Report)]) -> String {
    let run = desk.run;
    let esc = |t: &str| {
        t.replace('&', "&amp;")
            .replace('<', "&lt;")
            .replace('>', "&gt;")
            .replace('"', "&quot;")
    };
    let mut page = String::from(
        "<!doctype html><meta charset=utf-8><meta name=viewport content=\"width=device-width\"><style>body{font:16px/1.5 system-ui;margin:2rem auto;max-width:70rem;padding:0 1rem;background:#14121c;color:#eee6d8}img,video{max-width:100%;border-radius:6px}.shots{display:grid;grid-template-columns:repeat(auto-fill,minmax(16rem,1fr));gap:1rem}.bad{color:#ff9a7a}small{color:#b5ab9a}</style>",
    );
    page.push_str(&format!(
        "<title>{0}</title><h1>{0}</h1><video controls src=film.mp4 poster=poster.jpg></video>",
        esc(&run.film.sheet.title)
    ));
    for (name, report) in reports {
        page.push_str(&format!(
            "<h2>{}</h2><p>{:.2} s · {} frames · {:.1} LUFS · {:.1} dBTP</p>",
            esc(name),
            report.seconds,
            report.frames,
            report.loudness.integrated_lufs,
            report.loudness.true_peak_db
        ));
        for fault in &report.faults {
            page.push_str(&format!("<p class=bad>{}</p>", esc(fault)));
        }
        for note in &report.notes {
            page.push_str(&format!("<p><small>{}</small></p>", esc(note)));
        }
    }
    if let Some(board) = &run.film.storyboard {
        for beat in &board.beats {
            page.push_str(&format!("<h3>{}</h3><div class=shots>", esc(&beat.heading)));
            for shot in &beat.shots {
                page.push_str(&format!(
                    "<div><img loading=lazy src=\"../storyboard/{0}.png\" alt=\"\"><br><b>{0}</b> {1} · {2} · {3} s<br><small>{4}</small></div>",
                    esc(shot.name()),
                    shot.size,
                    shot.movement,
                    shot.seconds,
                    esc(&shot.prompt)
                ));
            }
            page.push_str("</div>");
        }
    }
    page
}
