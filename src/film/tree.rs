//! JSON as somebody typed it, read strictly: the same key twice in one object is an error.

use serde::Deserialize;
use serde::de::{Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};
use std::collections::BTreeSet;
use std::fmt;

/// Reads any JSON and keeps nothing of it.
pub struct Strict;

impl<'de> Deserialize<'de> for Strict {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Strict, D::Error> {
        from.deserialize_any(Strict)
    }
}

impl<'de> Visitor<'de> for Strict {
    type Value = Strict;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Strict, A::Error> {
        let mut seen = BTreeSet::new();
        while let Some(key) = map.next_key::<String>()? {
            map.next_value::<Strict>()?;
            if !seen.insert(key.clone()) {
                return Err(A::Error::custom(format!("duplicate field `{key}`")));
            }
        }
        Ok(self)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Strict, A::Error> {
        while list.next_element::<Strict>()?.is_some() {}
        Ok(self)
    }

    fn visit_some<D: Deserializer<'de>>(self, from: D) -> Result<Strict, D::Error> {
        IgnoredAny::deserialize(from).map(|_| self)
    }

    fn visit_bool<E>(self, _: bool) -> Result<Strict, E> {
        Ok(self)
    }
    fn visit_i64<E>(self, _: i64) -> Result<Strict, E> {
        Ok(self)
    }
    fn visit_u64<E>(self, _: u64) -> Result<Strict, E> {
        Ok(self)
    }
    fn visit_f64<E>(self, _: f64) -> Result<Strict, E> {
        Ok(self)
    }
    fn visit_str<E>(self, _: &str) -> Result<Strict, E> {
        Ok(self)
    }
    fn visit_unit<E>(self) -> Result<Strict, E> {
        Ok(self)
    }
}
