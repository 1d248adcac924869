//! The way a film goes: its stages in order, and which wait for which.

use super::stage::Stage;

/// The stages of one film, in order. A stage that its kind does not have is not on it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Way(Vec<Stage>);

impl Default for Way {
    /// As it is where no template says otherwise.
    fn default() -> Way {
        let all = Stage::ALL.into_iter();
        Way(all.filter(|s| *s != Stage::Own).collect())
    }
}

impl Way {
    /// The usual order, with the template's own stage after the screenplay.
    pub fn with_own() -> Way {
        Way(Stage::ALL.to_vec())
    }

    /// An order that was asked for.
    ///
    /// # Errors
    /// What is wrong with it: a stage is missing or there twice, or stands before one that it reads.
    pub fn new(order: &[Stage], own: bool) -> Result<Way, String> {
        for stage in Stage::ALL {
            let wanted = usize::from(stage != Stage::Own || own);
            match (order.iter().filter(|s| **s == stage).count(), wanted) {
                (0, 1) => return Err(format!("`{stage}` is missing")),
                (1, 0) => return Err("`own` stands in it, but there is no `own:`".to_owned()),
                (n, w) if n > w => return Err(format!("`{stage}` stands in it twice")),
                _ => {}
            }
        }
        for (at, stage) in order.iter().enumerate() {
            let late = |up: &&Stage| !order[..at].contains(up);
            if let Some(up) = stage.upstream().iter().find(late) {
                return Err(format!("`{stage}` reads `{up}` and cannot stand before it"));
            }
        }
        match order {
            [Stage::Own, ..] => Err("`own` has nothing to read before the outline".to_owned()),
            [.., Stage::Own] => {
                Err("nothing is left to wait for `own` after the render".to_owned())
            }
            _ => Ok(Way(order.to_vec())),
        }
    }

    /// Every stage, in order.
    pub fn stages(&self) -> &[Stage] {
        &self.0
    }

    pub fn has(&self, stage: Stage) -> bool {
        self.0.contains(&stage)
    }

    /// Whether a stage is made at the latest together with another.
    pub fn is_up_to(&self, stage: Stage, last: Stage) -> bool {
        let mut until = self.0.iter().take_while(|s| **s != last);
        stage == last || until.any(|s| *s == stage)
    }

    /// The stages that must be approved before this one is made. A template's own stage reads all that stand before
    /// it; all that stand after it wait for it.
    pub fn upstream(&self, stage: Stage) -> Vec<Stage> {
        let place = |s: Stage| self.0.iter().position(|o| *o == s);
        let before = &self.0[..place(stage).unwrap_or(0)];
        if stage == Stage::Own {
            return before.to_vec();
        }
        let own = before.iter().copied().filter(|s| *s == Stage::Own);
        stage.upstream().iter().copied().chain(own).collect()
    }

    /// Whether another stage waits for this one, directly or through others.
    pub fn leads(&self, from: Stage, to: Stage) -> bool {
        let up = self.upstream(to);
        up.contains(&from) || up.into_iter().any(|up| self.leads(from, up))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        /// What an accepted order waits for always stands before it.
        #[test]
        fn nothing_waits_for_what_comes_later(order in Just(Stage::ALL.to_vec()).prop_shuffle()) {
            if let Ok(way) = Way::new(&order, true) {
                for (at, stage) in order.iter().enumerate() {
                    for up in way.upstream(*stage) {
                        prop_assert!(order[..at].contains(&up), "{stage} waits for {up} in {order:?}");
                    }
                    prop_assert!(!way.leads(*stage, *stage));
                }
                prop_assert!(way.leads(Stage::Own, Stage::Render));
            }
        }
    }

    #[test]
    fn orders_are_held_to_what_stages_read() {
        use Stage::{Assets, Audio, Outline, Own, References, Render, Script, Storyboard};
        let heard_first = [
            Outline, Script, References, Storyboard, Audio, Own, Assets, Render,
        ];
        let way = Way::new(&heard_first, true).unwrap();
        assert_eq!(way.upstream(Own), heard_first[..5]);
        assert_eq!(way.upstream(Assets), [References, Storyboard, Own]);
        assert!(!way.leads(Own, Audio));
        let wrong = |order: &[Stage], own: bool| Way::new(order, own).unwrap_err();
        assert!(wrong(&heard_first, false).contains("no `own:`"));
        assert!(wrong(Way::default().stages(), true).contains("missing"));
        let early = [
            Outline, Script, Storyboard, References, Assets, Audio, Render,
        ];
        assert!(wrong(&early, false).contains("reads `references`"));
        let twice = [
            Outline, Script, Script, References, Storyboard, Assets, Audio, Render,
        ];
        assert!(wrong(&twice, false).contains("twice"));
    }
}
