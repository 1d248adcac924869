//! Languages by their tags, as BCP 47 has them: `en`, `pt-BR`.

/// ISO 639-1.
const TAGS: &str = "aa ab ae af ak am an ar as av ay az ba be bg bh bi bm bn bo br bs ca ce ch co cr cs cu cv cy da de dv \
    dz ee el en eo es et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu hy hz ia id ie ig ii ik io is it iu \
    ja jv ka kg ki kj kk kl km kn ko kr ks ku kv kw ky la lb lg li ln lo lt lu lv mg mh mi mk ml mn mr ms mt my na nb nd ne \
    ng nl nn no nr nv ny oc oj om or os pa pi pl ps pt qu rm rn ro ru rw sa sc sd se sg si sk sl sm sn so sq sr ss st su sv \
    sw ta te tg th ti tk tl tn to tr ts tt tw ty ug uk ur uz ve vi vo wa wo xh yi yo za zh zu";

/// Whether a tag names a language: one of two letters that is known, or any of three.
pub fn is_one(tag: &str) -> bool {
    let tongue = tag
        .split(['-', '_'])
        .next()
        .unwrap_or_default()
        .to_lowercase();
    match tongue.len() {
        2 => TAGS.split_whitespace().any(|t| t == tongue),
        3 => tongue.bytes().all(|b| b.is_ascii_lowercase()),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn languages_are_told_from_other_words() {
        for tag in ["en", "pt-BR", "zh_TW", "gsw", "DE"] {
            assert!(super::is_one(tag), "{tag}");
        }
        for tag in ["xx", "klingon", "", "e", "e1"] {
            assert!(!super::is_one(tag), "{tag}");
        }
    }
}
