//! `config`: every setting, and where it came from.

use super::{Desk, Outcome};
use crate::cli::Config;
use crate::ui::printer;
use anyhow::Result;
use serde_json::json;

pub fn execute(desk: &Desk, action: Config) -> Result<Outcome> {
    let settings = desk.settings()?;
    match action {
        Config::Check => {
            desk.printer.say("the configuration is in order");
            Ok(Outcome::data(json!({"warnings": settings.warnings}), ""))
        }
        Config::Show => {
            let rows: Vec<Vec<String>> = settings
                .origins
                .iter()
                .map(|(k, v, o)| vec![k.clone(), v.clone(), o.clone()])
                .collect();
            let list: Vec<_> = settings
                .origins
                .iter()
                .map(|(k, v, o)| json!({"setting": k, "value": v, "from": o}))
                .collect();
            Ok(Outcome::data(
                json!(list),
                printer::table(&["setting", "value", "from"], &rows),
            ))
        }
    }
}
