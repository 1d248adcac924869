//! What a request costs: how much of what is asked, times what a provider takes for it.

use super::money::Money;
use std::collections::BTreeMap;

/// How much is asked for, or was given.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Measure {
    pub images: u64,
    /// Of video, speech or music.
    pub seconds: f64,
    pub characters: u64,
    pub input_tokens: u64,
    pub output_tokens: u64,
    pub gpu_seconds: f64,
}

/// The units a price can have.
pub const UNITS: [&str; 7] = [
    "per_call",
    "per_image",
    "per_second",
    "per_1k_characters",
    "per_1k_input",
    "per_1k_output",
    "per_gpu_second",
];

/// What a provider takes for a role, by unit. Empty: it is free.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Tariff(BTreeMap<String, Money>);

impl Tariff {
    /// # Errors
    /// A unit that is none.
    pub fn set(&mut self, unit: &str, amount: Money) -> Result<(), String> {
        if !UNITS.contains(&unit) {
            return Err(format!(
                "`{unit}` is no unit; units are {}",
                UNITS.join(", ")
            ));
        }
        self.0.insert(unit.to_owned(), amount);
        Ok(())
    }

    pub fn price(&self, of: &Measure) -> Money {
        let much = |unit: &str| match unit {
            "per_call" => 1.0,
            "per_image" => of.images as f64,
            "per_second" => of.seconds,
            "per_1k_characters" => of.characters as f64 / 1000.0,
            "per_1k_input" => of.input_tokens as f64 / 1000.0,
            "per_1k_output" => of.output_tokens as f64 / 1000.0,
            _ => of.gpu_seconds,
        };
        self.0
            .iter()
            .map(|(unit, amount)| amount.times(much(unit)))
            .sum()
    }

    /// Whether it takes something, and yet nothing for so much: what a picture takes in tokens is known only after.
    pub fn is_blind_to(&self, of: &Measure) -> bool {
        let takes = self.0.values().any(|amount| *amount > Money::ZERO);
        let asked = of.images > 0 || of.characters > 0 || of.seconds > 0.0;
        takes && asked && self.price(of) == Money::ZERO
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prices_add_up_by_unit() {
        let mut tariff = Tariff::default();
        assert!(tariff.set("per_sheep", Money::ZERO).is_err());
        tariff
            .set("per_1k_input", Money::parse("0.001").unwrap())
            .unwrap();
        tariff
            .set("per_1k_output", Money::parse("0.002").unwrap())
            .unwrap();
        tariff
            .set("per_image", Money::parse("0.04").unwrap())
            .unwrap();
        let measure = Measure {
            images: 2,
            input_tokens: 1500,
            output_tokens: 250,
            ..Measure::default()
        };
        assert_eq!(tariff.price(&measure).to_string(), "0.082");
        assert_eq!(Tariff::default().price(&measure), Money::ZERO);
    }
}
