//! Who is in a screenplay.

use super::ids::slug;
use super::kin::{Owner, is_kin, is_of_one_blood, whose};
use super::script::{self, Element, Script};
use super::words::{contains_words, find_words};
use serde::Serialize;
use std::collections::BTreeMap;

/// A speaker, or somebody introduced in capitals in the action.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Member {
    pub id: String,
    /// In capitals, without extensions.
    pub name: String,
    /// As the action brings them in, where that says more: `DR. AMARA OBI`, who speaks as DR. OBI.
    pub full: String,
    /// The sentence that brings them in, as written.
    pub intro: String,
    /// Whose blood they are said to be when they are brought in: `his daughter SOPHIE`, `DANNY'S FATHER`.
    pub kin: Option<String>,
    /// How the sentences about them alone call them, `she` or `he`, where they say so.
    pub called: String,
    /// Whether what is theirs says so more than once, and never otherwise: whatever the name is, that is how it is.
    pub surely: bool,
    /// Every speech is a voice-over, and no action names them.
    pub offscreen: bool,
    pub speeches: usize,
}

impl Member {
    /// All that tells how they look: what brings them in, and at its end how they are called.
    pub fn told(&self) -> String {
        let surely = if self.surely { "surely " } else { "" };
        format!("{} {surely}{}", self.intro, self.called)
    }
}

/// A text's sentences; `DR. OKOYE` does not end one.
fn sentences(text: &str) -> Vec<&str> {
    const TITLES: [&str; 12] = [
        "DR", "MR", "MRS", "MS", "ST", "PROF", "SGT", "LT", "CAPT", "COL", "JR", "SR",
    ];
    let mut out = Vec::new();
    let mut start = 0;
    for (at, mark) in text.match_indices(['.', '!', '?', '\n']) {
        let word = text[start..at].rsplit(char::is_whitespace).next();
        let title = word.is_some_and(|w| TITLES.contains(&w.to_uppercase().as_str()));
        if mark == "." && title {
            continue;
        }
        out.push(&text[start..at + mark.len()]);
        start = at + mark.len();
    }
    out.push(&text[start..]);
    out.retain(|s| !s.is_empty());
    out
}

/// Whether two names are one person's: `CALEB` and `CALEB ROURKE`, `DR. OBI` and `DR. AMARA OBI`, `FATHER` and
/// `DANNY'S FATHER`, SOLDIER and YOUNG SOLDIER; not `ANNA` and `ANNA'S MOTHER`, nor `MARTA` and `YOUNG MARTA`.
fn same_person(known: &str, name: &str) -> bool {
    if in_office(known, name) || in_office(name, known) {
        return true;
    }
    if is_kin(known) {
        return name == known
            || ["'S ", "’S "]
                .iter()
                .any(|of| name.ends_with(&format!("{of}{known}")));
    }
    let another = ["'S ", "’S "].iter().any(|of| name.contains(of))
        || (["YOUNG ", "LITTLE ", "TEENAGE "].iter())
            .any(|p| name.starts_with(p) != known.starts_with(p))
            // The SOLDIER who speaks is the YOUNG SOLDIER who lies there.
            && !is_a_calling(known)
            && !is_a_calling(name);
    // MAYA is not MAYA'S MOTHER.
    let of_hers = ["'S ", "’S "].iter().any(|of| known.contains(of))
        && !name.contains("'S ")
        && !name.contains("’S ");
    (contains_words(known, name) && !of_hers)
        || (!another && contains_words(name, known))
        || (!another && within(known, name))
        || (!another && !of_hers && within(name, known))
}

/// Whether somebody is called by what they do, and by nothing else.
fn is_a_calling(name: &str) -> bool {
    const CALLINGS: [&str; 20] = [
        "SOLDIER",
        "NURSE",
        "DOCTOR",
        "COP",
        "OFFICER",
        "WAITER",
        "WAITRESS",
        "SAILOR",
        "MONK",
        "PRIEST",
        "GUARD",
        "CLERK",
        "PILOT",
        "RECRUIT",
        "STUDENT",
        "DRIVER",
        "BARTENDER",
        "INTERN",
        "MECHANIC",
        "FARMER",
    ];
    CALLINGS.contains(&name.strip_prefix("THE ").unwrap_or(name))
}

/// Whether one is called by what there is one of: THE WIDOW is WIDOW PIKE, though THE NURSE is not NURSE JOY.
fn in_office(short: &str, long: &str) -> bool {
    const OFFICES: [&str; 16] = [
        "WIDOW",
        "SHERIFF",
        "REVEREND",
        "PASTOR",
        "JUDGE",
        "MAYOR",
        "PRINCIPAL",
        "COACH",
        "COLONEL",
        "KING",
        "QUEEN",
        "PRINCE",
        "PRINCESS",
        "BARON",
        "COUNT",
        "WARDEN",
    ];
    let Some(office) = short.strip_prefix("THE ").filter(|o| OFFICES.contains(o)) else {
        return false;
    };
    let long = long.strip_prefix("THE ").unwrap_or(long);
    long.strip_prefix(office)
        .and_then(|rest| rest.strip_prefix(' '))
        .is_some_and(|name| !name.is_empty() && !name.contains(' '))
}

/// Whether all words of a name stand in a longer one, the last of both being the same: DR. OBI in DR. AMARA OBI.
/// Titles are no part of it, but may not be of two people: MRS. REED is not PAUL REED.
fn within(short: &str, long: &str) -> bool {
    const TITLES: [&str; 19] = [
        "MR",
        "MRS",
        "MS",
        "MISS",
        "DR",
        "DOCTOR",
        "PROF",
        "PROFESSOR",
        "SIR",
        "LADY",
        "CAPTAIN",
        "CAPT",
        "SGT",
        "SERGEANT",
        "LT",
        "LIEUTENANT",
        "SHERIFF",
        "DETECTIVE",
        "COACH",
    ];
    let parts = |name: &str| -> (Vec<String>, Vec<String>) {
        (name.split(|c: char| !(c.is_alphanumeric() || "'’-".contains(c))))
            .filter(|w| !w.is_empty())
            .map(str::to_owned)
            .partition(|w| TITLES.contains(&w.as_str()))
    };
    let ((title, short), (other, long)) = (parts(short), parts(long));
    let of_a_sex = |t: &Vec<String>| {
        t.iter()
            .any(|w| matches!(w.as_str(), "MR" | "MRS" | "MS" | "MISS"))
    };
    let titles = title == other
        || (title.is_empty() || other.is_empty()) && !of_a_sex(&title) && !of_a_sex(&other);
    titles
        && !short.is_empty()
        && short.last() == long.last()
        && short.iter().all(|w| long.contains(w))
}

/// Returns the cast in order of appearance.
pub fn cast(script: &Script) -> Vec<Member> {
    let mut gathered = Gathered::default();
    for speech in script.speeches() {
        gathered.hear(&speech.speaker);
    }
    let mut actions = script.elements.iter().peekable();
    while let Some(element) = actions.next() {
        let Element::Action(text) = element else {
            continue;
        };
        let mut text = script::plain(text);
        // `HIS POV - VERA LANE`, and in the next paragraph `30, black hair, red dress`.
        if let Some(Element::Action(next)) = actions.peek()
            && ends_with_a_name(&text)
            && next
                .split_once(',')
                .is_some_and(|(age, _)| age.parse::<u8>().is_ok())
        {
            text = format!("{}, {}", text.trim_end(), script::plain(next));
        }
        gathered.read(&text);
    }
    gathered.finish()
}

/// Whether a text looks at somebody whose name ends it, without a stop.
fn ends_with_a_name(text: &str) -> bool {
    let looks = ["POV", "CLOSE ON", "ANGLE ON"]
        .iter()
        .any(|w| text.contains(w));
    let last = text.split_whitespace().next_back().unwrap_or_default();
    looks && last.chars().count() > 1 && last.chars().all(char::is_uppercase)
}

/// What a screenplay tells of its people, by name, as far as it was read.
#[derive(Default)]
struct Gathered {
    members: Vec<Member>,
    /// Whether each is only ever heard.
    voice_only: BTreeMap<String, bool>,
    /// What is said of each where they are first seen.
    intros: BTreeMap<String, String>,
    /// How often each is she, and he; the sentence after the first one about them says most.
    called: BTreeMap<String, [usize; 2]>,
    /// How often each is so by what is theirs, or by who stands beside them: nobody else can be meant.
    own: BTreeMap<String, [usize; 2]>,
    /// Whose blood each is said to be.
    kin: BTreeMap<String, String>,
    last_named: Option<String>,
}

impl Gathered {
    fn add(&mut self, name: String) -> &mut Member {
        let at = self.members.iter().position(|m| m.name == name);
        let at = at.unwrap_or_else(|| {
            self.members.push(Member {
                id: String::new(),
                full: name.clone(),
                name,
                intro: String::new(),
                kin: None,
                called: String::new(),
                surely: false,
                offscreen: false,
                speeches: 0,
            });
            self.members.len() - 1
        });
        &mut self.members[at]
    }

    fn hear(&mut self, speaker: &str) {
        let name = script::identity(speaker);
        if name.is_empty() {
            return;
        }
        let off = script::extensions(speaker)
            .iter()
            .any(|e| e.starts_with("VO"))
            || is_narrator(&name)
            || is_a_voice(&name)
            || is_everybody(&name);
        (self.voice_only.entry(name.clone()))
            .and_modify(|v| *v &= off)
            .or_insert(off);
        self.add(name).speeches += 1;
    }

    fn read(&mut self, action: &str) {
        let all = sentences(action);
        for (nth, sentence) in all.iter().copied().enumerate() {
            for name in introduced(sentence) {
                self.bring_in(name);
            }
            let upper = sentence.to_uppercase();
            let mut places: Vec<(usize, String)> = (self.members.iter())
                .filter_map(|m| {
                    let at = [&m.name, &m.full]
                        .into_iter()
                        .find_map(|n| find_words(&upper, n))?;
                    Some((at, m.name.clone()))
                })
                .collect();
            places.sort_unstable();
            // Who looks is not who is looked at: `POV NADIA: the guard's back as he walks away`.
            let looks = contains_words(&upper, "POV");
            if let ([(at, name)], false) = (places.as_slice(), looks) {
                self.count_pronouns(&upper, *at, name, all.get(nth + 1).copied());
            }
            self.note_kin(&upper, &places);
            let before = nth.checked_sub(1).map(|n| all[n]);
            for (at, name) in &places {
                let told = told_of(sentence, &upper, &places, *at, before);
                self.intros.entry(name.clone()).or_insert(told);
            }
        }
    }

    /// Somebody is brought in by name and age, under the name they speak by or a longer one.
    fn bring_in(&mut self, name: String) {
        // THE KING who is KING JOHN already is not KING HAL as well.
        let is = |m: &Member| {
            same_person(&m.name, &name) && (m.full == m.name || same_person(&m.full, &name))
        };
        // Who speaks by just this name is meant before all others.
        let at = (self.members.iter().position(|m| m.name == name))
            .or_else(|| self.members.iter().position(is));
        let known = at.and_then(|at| self.members.get_mut(at));
        match known {
            Some(known) if known.full == known.name && name.len() > known.name.len() => {
                known.full = name;
            }
            Some(_) => {}
            None => drop(self.add(name)),
        }
    }

    /// What a sentence about one alone, and the next one, call them.
    fn count_pronouns(&mut self, upper: &str, at: usize, name: &str, next: Option<&str>) {
        let mut votes = [0; 2];
        let weight = if self.intros.contains_key(name) {
            1
        } else {
            100
        };
        if let Some(next) = next {
            let shouted = next.to_uppercase();
            let nobody = (self.members.iter()).all(|m| !contains_words(&shouted, &m.name));
            // `Behind her, DR. OYELARAN …`: behind the one who was told of.
            let beside = beside_pronoun(next).filter(|_| !nobody);
            if let Some(sex) = beside {
                self.own.entry(name.to_owned()).or_default()[sex] += 1;
            }
            // `Nadia tosses him the vase. He catches it.`: he is another.
            let after = upper.get(at + name.len()..).unwrap_or_default();
            let told = |words: [&str; 2]| words.iter().any(|w| contains_words(after, w));
            let others = [told(["HER", "HERS"]), told(["HIM", "HIS"])];
            // But `Lou tunes her guitar. She sings.`
            let theirs = own_pronoun(after);
            let another = |sex: &usize| {
                others[*sex] && theirs != Some(*sex) && self.intros.contains_key(name)
            };
            match (
                pronoun(next).or(beside).filter(|sex| !another(sex)),
                own_pronoun(next)
                    .filter(|_| nobody)
                    .filter(|sex| !another(sex)),
            ) {
                (Some(sex), _) => votes[sex] += weight,
                (None, Some(sex)) => votes[sex] += 1,
                (None, None) => {}
            }
        }
        // Before the name it is somebody else who is meant: `Below her DARIO waits`.
        if let Some(sex) = upper.get(at + name.len()..).and_then(own_pronoun) {
            votes[sex] += 1;
            self.own.entry(name.to_owned()).or_default()[sex] += 1;
        }
        let all = self.called.entry(name.to_owned()).or_default();
        *all = [all[0] + votes[0], all[1] + votes[1]];
    }

    fn note_kin(&mut self, upper: &str, places: &[(usize, String)]) {
        for (at, name) in places {
            let names = self.members.iter().map(|m| m.name.as_str());
            let whose = match upper.get(..*at).and_then(|before| whose(before, names)) {
                Some(Owner::Named(whose)) => Some(whose.to_owned()),
                Some(Owner::LastNamed) => self.last_named.clone(),
                None => None,
            };
            if let Some(whose) = whose.filter(|w| w != name) {
                self.kin.entry(name.clone()).or_insert(whose);
            }
            self.last_named = Some(name.clone());
        }
    }

    fn finish(mut self) -> Vec<Member> {
        let mut taken: Vec<String> = Vec::new();
        for member in &mut self.members {
            member.id = super::ids::distinct(&slug(&member.name, '_', 40), |id| {
                taken.iter().any(|t| t == id)
            });
            taken.push(member.id.clone());
            member.intro = self.intros.remove(&member.name).unwrap_or_default();
            member.called = match self.called.get(&member.name) {
                Some([she, he]) if she > he => "she".to_owned(),
                Some([she, he]) if he > she => "he".to_owned(),
                _ => String::new(),
            };
            member.surely = (self.own.get(&member.name))
                .is_some_and(|[she, he]| (*she == 0 || *he == 0) && she + he >= 2);
            member.kin = self.kin.remove(&member.name).or_else(|| {
                // DANNY'S FATHER is Danny's.
                let (whose, what) = (member.full)
                    .split_once("'S ")
                    .or(member.full.split_once("’S "))?;
                is_of_one_blood(what).then(|| whose.to_owned())
            });
            let heard = self.voice_only.get(&member.name).copied().unwrap_or(false);
            member.offscreen = heard && member.intro.is_empty() || is_everybody(&member.name);
        }
        self.members
    }
}

/// What a sentence says of one of those it names, or brings in: up to where the next one is named.
fn told_of(
    sentence: &str,
    upper: &str,
    places: &[(usize, String)],
    at: usize,
    before: Option<&str>,
) -> String {
    // `A woman in a torn dress stands there. This is MARGUERITE.`
    let named_only = [
        "THIS IS ",
        "IT IS ",
        "IT'S ",
        "HER NAME IS ",
        "HIS NAME IS ",
    ]
    .iter()
    .any(|s| upper.trim_start().starts_with(s));
    if let (true, Some(before)) = (named_only, before) {
        return format!("{} {}", sentence.trim(), before.trim());
    }
    // Upper case may be longer than what was written: then the whole sentence.
    if upper.len() != sentence.len() || places.len() == 1 {
        return sentence.trim().to_owned();
    }
    let told = |t: &str| t.contains('(') || t.chars().any(|c| c.is_ascii_digit());
    let end = (places.iter().map(|p| p.0))
        .filter(|p| *p > at && upper.get(at..*p).is_some_and(told))
        .min();
    // `his wife PRIYA`
    let from = (upper.get(..at))
        .and_then(|before| {
            let mut words = before.trim_end().rsplitn(3, ' ');
            let (kin, whose) = (words.next()?, words.next()?);
            (is_kin(kin) && matches!(whose, "HIS" | "HER" | "THEIR"))
                .then(|| before.trim_end().len() - kin.len() - whose.len() - 1)
        })
        .unwrap_or(at);
    let words = sentence.get(from..end.unwrap_or(upper.len()));
    words.unwrap_or(sentence).trim().to_owned()
}

/// Whom a sentence begins with: 0 for she, 1 for he.
fn pronoun(sentence: &str) -> Option<usize> {
    let first = sentence.split_whitespace().next()?.to_lowercase();
    match first.as_str() {
        "she" | "her" => Some(0),
        "he" | "his" => Some(1),
        _ => None,
    }
}

/// Beside whom a sentence begins: `Behind her, …`.
fn beside_pronoun(sentence: &str) -> Option<usize> {
    let low = sentence.trim_start().to_lowercase();
    let led = [
        "behind ",
        "beside ",
        "next to ",
        "in front of ",
        "opposite ",
        "across from ",
        "before ",
        "below ",
        "above ",
        "around ",
    ];
    let rest = led.iter().find_map(|l| low.strip_prefix(l))?;
    match rest.split(|c: char| !c.is_alphanumeric()).next()? {
        "her" => Some(0),
        "him" => Some(1),
        _ => None,
    }
}

/// Who the one person of a sentence is by what is theirs: `Osei raises a finger to her lips`; not `kisses
/// her`, nor `kisses her hand`, which may be somebody else's.
fn own_pronoun(after_the_name: &str) -> Option<usize> {
    const TOUCHES: [&str; 24] = [
        "kisses", "hugs", "hits", "strokes", "slaps", "touches", "takes", "grabs", "holds",
        "helps", "squeezes", "follows", "watches", "sees", "meets", "catches", "pulls", "pushes",
        "carries", "leads", "at", "beside", "behind", "with",
    ];
    let low = after_the_name.to_lowercase();
    let words: Vec<&str> = low
        .split_inclusive(|c: char| c.is_whitespace())
        .map(str::trim)
        .filter(|w| !w.is_empty())
        .collect();
    let bare = |w: &str| w.trim_matches(|c: char| !c.is_alphanumeric()).to_owned();
    let mut found = [false; 2];
    for (i, word) in words.iter().enumerate() {
        let sex = match bare(word).as_str() {
            "she" | "herself" => 0,
            "he" | "himself" => 1,
            own @ ("her" | "his") => {
                let ends = word.ends_with(|c: char| !c.is_alphanumeric());
                let somebodys = i > 0 && TOUCHES.contains(&bare(words[i - 1]).as_str());
                let next = words.get(i + 1).map(|w| bare(w)).unwrap_or_default();
                // `gives her a cup`, `looks at her and smiles`: it stands for somebody.
                let object = next.is_empty()
                    || ends
                    || [
                        "a", "an", "the", "and", "to", "as", "in", "on", "up", "down", "back",
                        "away", "from", "into",
                    ]
                    .contains(&next.as_str());
                if somebodys || object {
                    continue;
                }
                usize::from(own == "his")
            }
            _ => continue,
        };
        found[sex] = true;
    }
    match found {
        [true, false] => Some(0),
        [false, true] => Some(1),
        _ => None,
    }
}

/// The words of a name that alone call who bears it, in the name's own letters: `VOSS` of CAPTAIN VOSS, and `CAPTAIN`
/// where no other of `names` is one; never `BROTHER`, `YOUNG` or `MAN`, which others are as well.
pub fn calls<'a>(name: &'a str, names: &[&str]) -> Vec<&'a str> {
    const ANYBODY: [&str; 22] = [
        "THE", "AND", "MAN", "WOMAN", "BOY", "GIRL", "OLD", "YOUNG", "LITTLE", "TEENAGE", "BIG",
        "FIRST", "SECOND", "MRS", "MISS", "BROTHER", "SISTER", "MOTHER", "FATHER", "UNCLE", "AUNT",
        "FRIEND",
    ];
    let shared = |word: &str| {
        names.iter().any(|n| {
            n.to_uppercase() != name.to_uppercase() && contains_words(&n.to_uppercase(), word)
        })
    };
    name.split(|c: char| !c.is_alphanumeric())
        .filter(|w| {
            let word = w.to_uppercase();
            w.chars().count() > 2 && !ANYBODY.contains(&word.as_str()) && !shared(&word)
        })
        .collect()
}

/// Whether a name is of all who are there, and so of nobody: EVERYONE shouts.
pub fn is_everybody(name: &str) -> bool {
    matches!(
        name,
        "EVERYONE"
            | "EVERYBODY"
            | "ALL"
            | "CROWD"
            | "THE CROWD"
            | "AUDIENCE"
            | "CHORUS"
            | "BOTH"
            | "GUESTS"
            | "CHILDREN"
            | "OTHERS"
    )
}

/// Whether a name is of somebody who is heard from elsewhere: VOICE ON THE PHONE, RADIO VOICE.
pub fn is_a_voice(name: &str) -> bool {
    let has = |word: &str| contains_words(name, word);
    let voice = name.ends_with("VOICE")
        || ["VOICE ON ", "VOICE OF ", "VOICE FROM "]
            .iter()
            .any(|w| name.starts_with(w));
    voice && !is_narrator(name)
        || has("ON THE PHONE")
        || has("ON PHONE")
        || has("ON RADIO")
        || has("ON THE RADIO")
}

pub fn is_narrator(name: &str) -> bool {
    matches!(
        name,
        "NARRATOR" | "NARRATION" | "VOICE" | "VOICE OVER" | "VOICEOVER" | "VO"
    )
}

/// Names in capitals followed by an age or description in brackets: `MARTA (70), a small woman`.
fn introduced(sentence: &str) -> Vec<String> {
    let mut out = Vec::new();
    for (at, mark) in sentence.match_indices(['(', ',']) {
        let before: Vec<&str> = sentence[..at].split_whitespace().collect();
        let inside = sentence[at + 1..].split(')').next().unwrap_or("");
        // `MARTA (45)`, and as often `MARTA, 45, in a coat`.
        let years: String = inside
            .trim_start()
            .chars()
            .take_while(char::is_ascii_digit)
            .collect();
        let aged = if mark == "," {
            years.parse::<u32>().is_ok_and(|n| (1..=110).contains(&n))
        } else {
            inside.chars().next().is_some_and(|c| c.is_ascii_digit())
                || inside.contains('s') && inside.chars().any(|c| c.is_ascii_digit())
        };
        let mut name: Vec<&str> = before
            .iter()
            .rev()
            .take_while(|w| {
                w.chars()
                    .all(|c| c.is_uppercase() || ".'’-\"“”".contains(c))
                    && w.chars().any(char::is_uppercase)
            })
            .take(4)
            .copied()
            .collect();
        name.reverse();
        // `BEN and ABBY (7)` brings in both.
        let first = before.len() - name.len();
        if let (true, Some(at)) = (aged && mark == "(", first.checked_sub(2))
            && before[at + 1] == "and"
            && before[at].chars().count() > 2
            && before[at].chars().all(char::is_uppercase)
            && !is_kin(before[at])
            // At the head of a clause: not `turns on the RADIO and ABBY (7) …`.
            && (at == 0 || before[at - 1].ends_with([',', ':', ';']))
            && !name.is_empty()
        {
            out.push(before[at].to_owned());
        }
        // `MAUREEN "MO" TULLY` is a name, `"CASABLANCA"` is none.
        let quote = |c: char| "\"“”".contains(c);
        let whole = |w: &&str| !w.contains(quote) || w.starts_with(quote) && w.ends_with(quote);
        if name.first().is_some_and(|w| w.contains(quote))
            || name.last().is_some_and(|w| w.contains(quote))
            || !name.iter().all(whole)
        {
            name.clear();
        }
        while name.first().is_some_and(|w| ["A", "AN", "THE"].contains(w)) {
            name.remove(0);
        }
        if aged && !name.is_empty() {
            out.push(name.join(" "));
        } else if aged
            && mark == "("
            && let Some(word) = before.last()
            // `Paul (45)`; not `his grandson (8)`.
            && word.chars().count() > 1
            && word.starts_with(char::is_uppercase)
            && word.chars().skip(1).all(char::is_lowercase)
            && !is_common(word)
        {
            out.push(word.to_uppercase());
        }
    }
    out
}

/// Whether a word with a capital letter names nobody by itself.
fn is_common(word: &str) -> bool {
    matches!(
        word,
        "A" | "An"
            | "The"
            | "He"
            | "She"
            | "They"
            | "His"
            | "Her"
            | "Two"
            | "Three"
            | "Man"
            | "Woman"
            | "Boy"
            | "Girl"
            | "Day"
            | "Night"
            | "Shot"
            | "Scene"
            | "Mother"
            | "Father"
            | "Children"
            | "Child"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_of_a_name_calls_one_alone() {
        let all = [
            "BROTHER ANSELM",
            "BROTHER FELIX",
            "CAPTAIN VOSS",
            "YOUNG MARTA",
        ];
        assert_eq!(calls("BROTHER ANSELM", &all), ["ANSELM"]);
        assert_eq!(calls("CAPTAIN VOSS", &all), ["CAPTAIN", "VOSS"]);
        assert_eq!(calls("YOUNG MARTA", &all), ["MARTA"]);
        assert_eq!(calls("CAPTAIN VOSS", &["CAPTAIN LEE"]), ["VOSS"]);
    }

    #[test]
    fn a_pronoun_counts_for_the_one_it_can_mean() {
        let sex = |after: &str| own_pronoun(after);
        assert_eq!(sex(" raises a finger to her lips."), Some(0));
        assert_eq!(sex(" wipes his glasses."), Some(1));
        assert_eq!(sex(" kisses her."), None);
        assert_eq!(sex(" kisses her cheek."), None);
        assert_eq!(sex(" gives her a cup."), None);
        assert_eq!(sex(" looks at her, then wipes his brow."), Some(1));
    }

    #[test]
    fn whom_something_is_tossed_to_is_another() {
        let called = |action: &str| {
            let mut gathered = Gathered::default();
            gathered.add("NADIA".to_owned());
            gathered.read("NADIA (35) studies a plan.");
            gathered.read(action);
            gathered.finish().remove(0).called
        };
        assert_eq!(called("Nadia tosses him the vase. He catches it."), "");
        assert_eq!(called("Nadia takes his hand. He smiles."), "");
        assert_eq!(called("Nadia picks up her bag. She leaves."), "she");
        assert_eq!(called("POV NADIA: the guard as he walks."), "");
    }
}
