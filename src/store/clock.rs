//! The one place that asks what time it is.

use crate::film::time::Instant;

/// Returns now, or what `GREENLIGHT_NOW` says (RFC 3339), so that tests have a clock of their own.
pub fn now() -> Instant {
    if let Ok(fixed) = std::env::var("GREENLIGHT_NOW")
        && let Ok(at) = Instant::parse(&fixed)
    {
        return at;
    }
    let millis = std::time::SystemTime::now()
        .duration_since(std::time::UNIX_EPOCH)
        .map_or(0, |d| d.as_millis() as i64);
    Instant::from_millis(millis)
}
