//! Who is in a shot: those of the cast, those without a name, and the many behind them.

use super::counted::{self, MANY};
use super::doing::{self, Doing, is_carried, partner};
use super::strangers::{self, Strangers};
use super::verbs::{self, posed};
use super::{Crowd, Figure, Made, Page, posture};
use crate::animatic::casting;
use crate::animatic::lexicon;
use crate::film::cast::calls;
use crate::film::references::{Age, Look, Person};
use crate::film::shot::{POINTS, View};
use crate::film::storyboard::Posture;
use crate::film::words::{contains_any, contains_words, find_words, places_of};

/// So many stand in front.
const IN_FRONT: usize = 3;

/// Those who are in a shot.
#[derive(Default)]
pub(super) struct Company {
    pub(super) people: Vec<Figure>,
    pub(super) crowd: Option<Crowd>,
}

/// Reads who is in a shot: those of the cast first, as they stand in it.
pub(super) fn company(page: &Page<'_>, made: &mut Made) -> Company {
    let doing = doing::doings(page.l, &page.words, &page.cast, &page.absent);
    for d in &doing {
        for (what, read) in [
            ("pose", d.pose),
            ("face", d.expression),
            ("behind", d.behind),
        ] {
            if let Some((kind, word)) = read {
                made.note(format!("{what} {kind}"), word);
            }
        }
    }
    let lead = doing.first().filter(|_| !page.cast.is_empty());
    let mut gathering = Gathering {
        page,
        lead: lead.and_then(|d| d.pose).map(|(pose, _)| pose),
        seen: seen(page).to_lowercase(),
        company: Company {
            people: of_the_cast(page, &doing),
            crowd: None,
        },
    };
    gathering.bring_in_strangers(made);
    gathering.stand_back();
    gathering.gather_many(made);
    gathering.bring_in_somebody(&doing, made);
    let mut company = gathering.company;
    face_and_pair(page, &mut company.people);
    company
}

/// What is seen of what a shot says: of `POV WATCHMAN: a thief climbs in` the thief is.
pub(super) fn seen<'a>(page: &Page<'a>) -> &'a str {
    match page.shot.view {
        Some(View::Pov) => (page.shot.prompt.split_once(POINTS)).map_or("", |(_, seen)| seen),
        _ => page.shot.prompt.as_str(),
    }
}

/// Those of the cast, as their words and the shots before leave them.
fn of_the_cast(page: &Page<'_>, doing: &[Doing<'static>]) -> Vec<Figure> {
    let (shot, cast) = (page.shot, &page.cast);
    let speaker = (shot.lines.iter()).find(|l| l.heard.is_on_screen());
    let speaker = speaker.map(|l| &l.speaker);
    // Who walks or runs beside is in no car.
    let on_the_move = (doing.iter().filter_map(|d| d.pose))
        .any(|(pose, _)| !matches!(pose, "sit" | "talk" | "stand" | "drive" | "phone"));
    let lead = (doing.first()).and_then(|d| d.pose).map(|(pose, _)| pose);
    let figure = |(i, (person, does)): (usize, (&&Person, &Doing<'static>))| {
        let speaking = speaker == Some(&person.id);
        let said = shot.lines.iter().filter(|l| l.speaker == person.id);
        let delivery: String = said.map(|l| l.delivery.to_lowercase() + " ").collect();
        // Who sits down anew does not drive any more, nor lie.
        let held = (shot.postures.get(&person.id).copied())
            .filter(|held| *held != Posture::Drive || !posture::takes_a_seat(does.pose))
            // Who gets up first does not do it sitting.
            .filter(|_| !does.rises);
        let body = match held {
            Some(_) => posture::of_the_body(does.pose),
            None => does.pose,
        };
        let pose = posture::kept(held, body.map(|(pose, _)| pose), on_the_move);
        // At whose bedside somebody sits lies in it.
        let abed = || {
            let (_, whose) = page.words.split_once("bedside of ")?;
            (doing::mention(whose, person, cast)? < 16).then_some("lie")
        };
        let pose = abed().or(pose);
        // There are no beds under the sky.
        let pose = pose.map(|pose| match pose {
            "abed" if !page.interior => "floor",
            "wake" => "sit",
            // There is nothing to sit on at a grave.
            "read" if held.is_none() && posture::reads_standing(&page.words, page.interior) => {
                "study"
            }
            pose => pose,
        });
        let look = (shot.wears.get(&person.id)).map_or_else(
            || person.look.clone(),
            |worn| casting::dressed(&person.look, worn),
        );
        Figure {
            look,
            pose: pose.map(str::to_owned).unwrap_or_else(|| match (i, lead) {
                (0, _) | (_, None) if speaking => "talk".to_owned(),
                (0, _) => "stand".to_owned(),
                (_, lead) => partner(lead.unwrap_or("stand"), i),
            }),
            expression: lexicon::find(&page.l.expressions, &delivery)
                .or(does.expression)
                .map_or("neutral", |(kind, _)| kind)
                .to_owned(),
            right: i.is_multiple_of(2),
            speaking,
            behind: (does.behind.map(|(what, _)| what))
                // What hands do on a table needs one.
                .or(Some("counter").filter(|_| page.interior && pose == Some("work")))
                .or(held
                    .filter(|_| posture::is_seated(pose))
                    .and_then(posture::furniture))
                .map(str::to_owned),
            holds: does.holds.iter().map(|t| (*t).to_owned()).collect(),
            carried: cast.len() > 1 && {
                let name = person.name.to_lowercase();
                let names: Vec<&str> = cast.iter().map(|p| p.name.as_str()).collect();
                let mut called = calls(&name, &names);
                called.push(&name);
                is_carried(&page.words, &called)
            },
            back: false,
        }
    };
    cast.iter().zip(doing).enumerate().map(figure).collect()
}

/// A company as it comes together.
struct Gathering<'p, 'a> {
    page: &'p Page<'a>,
    /// What the first of the cast does.
    lead: Option<&'static str>,
    /// What is seen, in lower case.
    seen: String,
    company: Company,
}

impl Gathering<'_, '_> {
    /// People without a name: a few in front, more of them behind.
    fn bring_in_strangers(&mut self, made: &mut Made) {
        let page = self.page;
        // Where they are too many for the front, all of them are one company.
        let strangers: usize = page.unnamed.iter().map(|s| s.count).sum();
        let all = self.company.people.len() + strangers;
        let one_company = all > IN_FRONT && page.unnamed.len() > 1;
        // Somebody alone is looked at more closely later.
        if self.company.people.is_empty()
            && matches!(page.unnamed.as_slice(), [one] if one.count == 1)
        {
            return;
        }
        for some in &page.unnamed {
            // Who sits in the stands is there already.
            let called = &self.seen[some.at..some.end];
            let at = page.words.find(called);
            if at.is_some_and(|at| in_stands(&page.words, at)) {
                continue;
            }
            let (count, said) = self.told_again(some);
            made.note(format!("somebody, {count}"), called);
            let in_front = match count {
                n if n <= IN_FRONT && !one_company => {
                    n.min(IN_FRONT.saturating_sub(self.company.people.len()))
                }
                _ => 0,
            };
            self.add(some, count, in_front, &said);
        }
    }

    /// How many strangers are, and what is said of them: as it was told before, where they are named again.
    fn told_again(&self, some: &Strangers<'static>) -> (usize, String) {
        let again = ["the ", "his ", "her ", "their "]
            .iter()
            .any(|w| self.seen[some.at..some.end].starts_with(w));
        let before = again
            .then(|| strangers::told_before(self.page.l, some, self.page.told_so_far()))
            .flatten();
        match before {
            // As many as they were, where no number is said now.
            Some(b) if some.count == counted::SOME => (b.count, b.said),
            Some(b) => (some.count, b.said),
            None => (some.count, some.said.clone()),
        }
    }

    fn add(&mut self, some: &Strangers<'static>, count: usize, in_front: usize, said: &str) {
        let called = &self.seen[some.at..some.end];
        let own = posed(self.page.l, &self.seen, some.end);
        let clause = verbs::clauses(&self.seen).find(|c| contains_words(c, called));
        let holds = clause.map_or(Vec::new(), |c| self.page.things_in(c));
        let rides = strangers::rides(some.noun) || clause.is_some_and(is_mounted);
        let own = own.or(swims(&self.page.kind, called));
        // Girls beside girls of sixteen are no children.
        let youths = matches!(some.noun, "girl" | "boy" | "teenager")
            && self.page.cast.iter().any(|p| p.look.age == Age::Young)
            && self.page.cast.iter().all(|p| p.look.age != Age::Child);
        let said = &match youths {
            true => format!("{said} (16)"),
            false => said.to_owned(),
        };
        for _ in 0..in_front {
            let i = self.company.people.len();
            self.company.people.push(Figure {
                look: casting::look(some.noun, said, 7 + i as u64),
                pose: match own {
                    Some(pose) if !(rides && pose == "walk") => pose.to_owned(),
                    _ if rides => "ride".to_owned(),
                    // Whoever waits on those who sit stands.
                    _ if strangers::attends(some.noun) => "stand".to_owned(),
                    _ => partner(self.lead.unwrap_or("stand"), i),
                },
                expression: "neutral".to_owned(),
                right: i.is_multiple_of(2),
                speaking: false,
                behind: None,
                holds: holds.clone(),
                carried: i == 1 && is_carried(&self.page.words, &[some.noun]),
                back: false,
            });
        }
        let rest = count - in_front;
        if rest == 0 {
            return;
        }
        let more = self.company.crowd.get_or_insert_with(|| Crowd {
            holds,
            at_table: is_round_a_table(&self.seen[some.end..]),
            ..Crowd::default()
        });
        more.pose = more.pose.take().or(own.map(str::to_owned));
        more.count = (more.count + rest).min(MANY);
        let each = std::iter::repeat_n(said.to_owned(), rest.min(12));
        more.said.extend(each);
    }

    /// Who has no place in front stands behind, as they are.
    fn stand_back(&mut self) {
        if self.company.people.len() <= IN_FRONT {
            return;
        }
        let looks: Vec<Look> = (self.company.people.drain(IN_FRONT..))
            .map(|p| p.look)
            .collect();
        let more = self.company.crowd.get_or_insert_with(Crowd::default);
        more.count = (more.count + looks.len()).min(MANY);
        more.looks = looks;
    }

    /// A crowd, an audience, the whole staff: unless whoever is so called was counted, or is outside.
    fn gather_many(&mut self, made: &mut Made) {
        const FEW: [&str; 10] = [
            "everyone",
            "everybody",
            "whole staff",
            "the staff",
            "whole team",
            "the team",
            "whole family",
            "teams",
            "team-mates",
            "teammates",
        ];
        let (page, words) = (self.page, self.page.words.as_str());
        if page.outside || says_deserted(words) {
            return;
        }
        let counted = |word: &str| {
            let mut all = page.unnamed.iter();
            all.any(|s| contains_words(&self.seen[s.at..s.end], word))
        };
        let crowds = page.called("crowd");
        let found = crowds.into_iter().find_map(|word| {
            let at = find_words(words, word)?;
            (!counted(word) && !in_stands(words, at)).then_some((word, at))
        });
        let Some((word, at)) = found else { return };
        made.note("crowd".to_owned(), word);
        let one = one_of(word);
        let alike = |p: &&Person| contains_words(&p.name.to_uppercase(), &one.to_uppercase());
        let clause = verbs::clauses(words).find(|c| contains_words(c, word));
        let looks = self.company.crowd.take().map_or_else(Vec::new, |b| b.looks);
        self.company.crowd = Some(Crowd {
            count: if FEW.contains(&word) { 7 } else { MANY },
            said: vec![described_as(words, word, &one)],
            pose: posed(page.l, words, at + word.len()).map(str::to_owned),
            holds: clause.map_or(Vec::new(), |c| page.things_in(c)),
            like: page.everyone().find(alike).map(|p| p.look.clone()),
            at_table: is_round_a_table(&words[at..]),
            looks,
        });
    }

    /// Where nobody is yet, somebody without a name.
    fn bring_in_somebody(&mut self, doing: &[Doing<'static>], made: &mut Made) {
        let (page, words) = (self.page, self.page.words.as_str());
        if !self.company.people.is_empty() || self.company.crowd.is_some() {
            return;
        }
        let told = page.called("anyone");
        let Some(word) = told.into_iter().find(|w| is_there(&self.seen, w)) else {
            return;
        };
        made.note("somebody".to_owned(), word);
        let pose = (swims(&page.kind, word))
            .or(self.lead)
            .or_else(|| Some(lexicon::first(&page.l.poses, words)?.0));
        self.company.people.push(Figure {
            look: match page.unnamed.as_slice() {
                [one] => casting::look(one.noun, &one.said, 7),
                _ => casting::look("somebody", words, 7),
            },
            pose: match pose {
                // A rider who crosses the plain rides across it.
                None | Some("walk" | "stand") if strangers::rides(word) => "ride",
                pose => pose.unwrap_or("stand"),
            }
            .to_owned(),
            expression: lexicon::find(&page.l.expressions, words)
                .map_or("neutral", |(kind, _)| kind)
                .to_owned(),
            right: true,
            speaking: false,
            behind: (doing.first())
                .and_then(|d| d.behind)
                .map(|(what, _)| what.to_owned()),
            holds: page.things_in(&self.seen),
            carried: false,
            back: false,
        });
    }
}

/// What a swimmer does where there is water.
fn swims(kind: &str, called: &str) -> Option<&'static str> {
    let water = matches!(
        kind,
        "pool" | "pool_hall" | "pool_below" | "sea" | "river" | "beach" | "open_water" | "deep_sea"
    );
    (water && called.contains("swimmer")).then_some("swim")
}

/// Whether those of a clause come on wheels or hooves: `kids on bicycles go by`.
fn is_mounted(clause: &str) -> bool {
    let on = [
        "on bicycles",
        "on bikes",
        "on a bicycle",
        "on a bike",
        "on horses",
        "on a horse",
        "on horseback",
        "on motorbikes",
        "on motorcycles",
        "on ponies",
    ];
    contains_any(clause, &on)
}

/// Whether words say that nobody is there.
fn says_deserted(words: &str) -> bool {
    let empty = [
        "empty",
        "deserted",
        "abandoned",
        "nobody",
        "no one",
        "not a soul",
    ];
    contains_any(words, &empty)
}

/// Whether a scene says that a place is empty but for who is named.
pub(super) fn is_deserted(page: &Page<'_>) -> bool {
    let seats = [
        "stands",
        "bleachers",
        "seats",
        "stadium",
        "arena",
        "field",
        "rows",
        "terraces",
    ];
    let context = page.told_so_far().to_lowercase();
    let mut empty = seats.iter();
    empty.any(|s| {
        contains_words(&context, &format!("empty {s}"))
            || contains_words(&context, &format!("{s} are empty"))
    })
}

/// What those who are there do because of each other: who is looked at past whom, who drives the others, who holds
/// whom.
fn face_and_pair(page: &Page<'_>, people: &mut [Figure]) {
    // Past the one who is named the other is looked at.
    if let ([near], Some((whose, _)), Some(View::Ots)) = (
        page.cast.as_slice(),
        page.words.split_once("shoulder"),
        page.shot.view,
    ) && people.len() > 1
        && contains_words(whose, &near.name.to_lowercase())
    {
        people.swap(0, 1);
    }
    let away = [
        "back to us",
        "backs to us",
        "back to the camera",
        "back to camera",
        "backs to the camera",
        "from behind",
    ];
    if contains_any(&page.words, &away) {
        people.iter_mut().for_each(|p| p.back = true);
    }
    // The taxi driver drives.
    if page.interior && page.kind == "vehicle" && people.iter().all(|p| p.pose != "drive") {
        let driver =
            |name: &str| contains_any(&name.to_lowercase(), &["driver", "cabbie", "chauffeur"]);
        let at = page.cast.iter().position(|p| driver(&p.name));
        if let Some(figure) = at.and_then(|i| people.get_mut(i)) {
            "drive".clone_into(&mut figure.pose);
        }
    }
    // It takes two: who embraces nobody that is drawn holds something.
    match people {
        [alone] if alone.pose == "embrace" => "carry".clone_into(&mut alone.pose),
        [one, other, ..] if one.pose == "embrace" || other.pose == "embrace" => {
            for figure in [one, other] {
                "embrace".clone_into(&mut figure.pose);
            }
        }
        _ => {}
    }
}

/// Whether the sentence from a place on is about those in the stands, whom the place has already.
fn in_stands(words: &str, at: usize) -> bool {
    let sentence = words[at..].split(['.', '!', '?', ';']).next();
    contains_any(
        sentence.unwrap_or_default(),
        &["bleachers", "grandstand", "the stands", "terraces"],
    )
}

/// Whether somebody is told of as being there: not `no rider`, nor a man's shirt.
fn is_there(words: &str, noun: &str) -> bool {
    places_of(words, noun).any(|at| {
        let before = words[..at].split_whitespace().next_back();
        let denied = before.is_some_and(|w| matches!(w, "no" | "without" | "nor" | "like" | "not"));
        !denied && !words[at + noun.len()..].starts_with(['\'', '’'])
    })
}

/// One of many with what is said of all: `brother in brown habits` of `two tired brothers in brown habits`.
fn described_as(words: &str, many: &str, one: &str) -> String {
    let Some((_, after)) = words.split_once(many) else {
        return one.to_owned();
    };
    let worn = after.split(['.', ',', ';', '!', '?', '(', ')']).next();
    let worn = worn.unwrap_or_default().trim_start();
    match ["in ", "with ", "wearing ", "of "]
        .iter()
        .any(|w| worn.starts_with(w))
    {
        true => {
            let worn: Vec<&str> = worn.split_whitespace().take(6).collect();
            format!("{one} {}", worn.join(" "))
        }
        false => one.to_owned(),
    }
}

/// Whether people are said to be at a table: `round a long table`.
fn is_round_a_table(after: &str) -> bool {
    let sentence = after
        .split(['.', '!', '?', ';', ':'])
        .next()
        .unwrap_or_default();
    sentence.split_once("table").is_some_and(|(lead, _)| {
        let words: Vec<&str> = lead.split_whitespace().rev().take(5).collect();
        words
            .iter()
            .any(|w| matches!(*w, "round" | "around" | "at"))
    })
}

/// One of many: `soldier` of `soldiers`; of a word like `crowd` nobody is one, and so anybody.
fn one_of(many: &str) -> String {
    match many.strip_suffix('s') {
        Some(one) if !one.ends_with('s') => one.to_owned(),
        _ => "passer-by".to_owned(),
    }
}
