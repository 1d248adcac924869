//! Screenplays in and out: laws that hold for any text.

use greenlight::film::script::{Element, Script};
use greenlight::screenplay::{self, fountain};
use proptest::prelude::*;

fn words() -> impl Strategy<Value = String> {
    proptest::collection::vec(
        prop_oneof![
            "[a-z]{1,8}",
            "[A-Z]{1,6}",
            "[A-Z][a-z]{1,7}",
            "[0-9]{1,3}",
            Just("–".to_owned()),
            Just("é!".to_owned()),
            Just("to:".to_owned()),
            Just("TO:".to_owned()),
            Just(".x".to_owned()),
            Just("@a".to_owned()),
            Just("~".to_owned()),
            Just("=".to_owned()),
            Just("#".to_owned()),
            Just("!".to_owned()),
            Just(">".to_owned()),
            Just("INT.".to_owned()),
            Just("(a)".to_owned())
        ],
        1..6,
    )
    .prop_map(|w| w.join(" "))
}

fn plain() -> impl Strategy<Value = String> {
    proptest::collection::vec(
        prop_oneof!["[a-z]{1,8}", "[A-Z][a-z]{1,7}", "[0-9]{1,3}"],
        1..6,
    )
    .prop_map(|w| w.join(" "))
}

fn element() -> impl Strategy<Value = Vec<Element>> {
    prop_oneof![
        (
            plain(),
            any::<bool>(),
            proptest::option::of("[0-9A-Z]{1,3}")
        )
            .prop_map(|(t, forced, number)| {
                let text = if forced { t } else { format!("INT. {t} - DAY") };
                vec![Element::Heading {
                    text,
                    number,
                    forced,
                }]
            }),
        words().prop_map(|t| vec![Element::Action(t)]),
        (words(), words()).prop_map(|(a, b)| vec![Element::Action(format!("{a}\n{b}"))]),
        ("[A-Z]{2,8}", plain(), plain()).prop_map(|(name, how, said)| vec![
            Element::Speaker { name, dual: false },
            Element::Parenthetical(how),
            Element::Speech(said)
        ]),
        (plain(), plain()).prop_map(|(name, said)| vec![
            Element::Speaker { name, dual: false },
            Element::Speech(said)
        ]),
        plain().prop_map(|t| vec![Element::Transition(t)]),
        plain().prop_map(|t| vec![Element::Centred(t)]),
        (1usize..4, plain()).prop_map(|(level, text)| vec![Element::Section { level, text }]),
        plain().prop_map(|t| vec![Element::Synopsis(t)]),
        plain().prop_map(|t| vec![Element::Lyric(t)]),
        plain().prop_map(|t| vec![Element::Shot(t)]),
        Just(vec![Element::PageBreak]),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_text_panics(text in "\\PC{0,400}") {
        let _ = screenplay::read(&text, "x");
        let _ = greenlight::animatic::writer::read_brief(&text);
    }

    #[test]
    fn no_marks_panic(lines in proptest::collection::vec("[A-Z a-z.:()#=>!~@\\[\\]/*^0-9-]{0,30}", 0..30)) {
        let text = lines.join("\n");
        let _ = screenplay::read(&text, "x");
        let (script, _) = fountain::parse(&text, "");
        let _ = greenlight::animatic::writer::outline(&script, "x", "calm", 150.0);
    }

    #[test]
    fn what_is_written_is_read_again(elements in proptest::collection::vec(element(), 1..8)) {
        let script = Script { title_page: vec![("Title".into(), vec!["X".into()])], elements: elements.into_iter().flatten().collect() };
        let written = fountain::write(&script);
        let (read, _) = fountain::parse(&written, "");
        prop_assert_eq!(&read.elements, &script.elements, "{}", written);
        prop_assert_eq!(fountain::write(&read), written);
    }

    #[test]
    fn dialogue_passes_word_for_word(said in plain(), name in "[A-Z]{3,8}") {
        let text = format!("INT. ROOM - DAY\n\nSomebody waits.\n\n{name}\n{said}\n");
        let (script, _) = fountain::parse(&text, "");
        prop_assert_eq!(&script.speeches()[0].parts[0].1, &said);
    }
}
