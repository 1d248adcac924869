//! Amounts of money: whole millionths of a unit, written as decimals.

use std::fmt;

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Money(i64);

impl Money {
    pub const ZERO: Money = Money(0);

    /// Reads `5`, `5.00`, `0.000015`.
    pub fn parse(text: &str) -> Result<Money, String> {
        let bad = || format!("`{text}` is not an amount such as 5.00");
        let (whole, part) = text.trim().split_once('.').unwrap_or((text.trim(), ""));
        let digits = |s: &str| s.bytes().all(|b| b.is_ascii_digit());
        if whole.is_empty() || !digits(whole) || !digits(part) || part.len() > 6 {
            return Err(bad());
        }
        let whole: i64 = whole.parse().map_err(|_| bad())?;
        let part: i64 = format!("{part:0<6}").parse().map_err(|_| bad())?;
        whole
            .checked_mul(1_000_000)
            .and_then(|w| w.checked_add(part))
            .map(Money)
            .ok_or_else(bad)
    }

    pub fn from_float(amount: f64) -> Money {
        Money((amount * 1e6).round() as i64)
    }
}

impl Money {
    /// So much of it: `per_1k × 1.4`. Rounded up: an estimate is never too low.
    pub fn times(self, factor: f64) -> Money {
        Money((self.0 as f64 * factor.max(0.0)).ceil() as i64)
    }

    /// What is left of it, at least nothing.
    pub fn less(self, other: Money) -> Money {
        Money(self.0.saturating_sub(other.0).max(0))
    }

    /// Its part of a whole, 0 where the whole is nothing.
    pub fn part_of(self, whole: Money) -> f64 {
        match whole.0 {
            0 => 0.0,
            n => self.0 as f64 / n as f64,
        }
    }
}

impl std::ops::Add for Money {
    type Output = Money;
    fn add(self, other: Money) -> Money {
        Money(self.0.saturating_add(other.0))
    }
}

impl std::iter::Sum for Money {
    fn sum<I: Iterator<Item = Money>>(all: I) -> Money {
        all.fold(Money::ZERO, |sum, m| sum + m)
    }
}

impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (whole, part) = (self.0 / 1_000_000, (self.0 % 1_000_000).abs());
        let digits = format!("{part:06}");
        let digits = digits.trim_end_matches('0');
        write!(f, "{whole}.{digits:0<2}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_exact() {
        for (text, shown) in [("5", "5.00"), ("0.000015", "0.000015"), ("12.5", "12.50")] {
            assert_eq!(Money::parse(text).unwrap().to_string(), shown);
        }
        for bad in ["", "-1", "1e3", "1.0000001", "x"] {
            assert!(Money::parse(bad).is_err(), "{bad}");
        }
    }
}
