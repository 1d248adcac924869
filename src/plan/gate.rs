//! The rules of the gate: when one opens, what a decision needs, what a timer may do.

use super::fingerprint::Fingerprint;
use crate::diagnostic::{Exit, Failure};
use crate::film::stage::Stage;
use crate::film::time::Instant;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A gate as `conf/operator.yaml` sets it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Policy {
    pub required: bool,
    pub auto_approve: bool,
    #[serde(default)]
    pub auto_approve_after_s: Option<u64>,
}

impl Policy {
    /// Seconds until the timer approves; without `auto_approve` there is no timer.
    pub fn timer(self) -> Option<u64> {
        self.auto_approve_after_s.filter(|_| self.auto_approve)
    }

    /// A gate that is not required and has no timer never opens.
    pub fn opens(self) -> bool {
        self.required || self.timer().is_some()
    }

    pub fn warning(self, stage: Stage) -> Option<String> {
        (!self.auto_approve && self.auto_approve_after_s.is_some()).then(|| {
            format!("gates.{stage}: auto_approve_after_s does nothing while auto_approve is false")
        })
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    Approve,
    Reject,
}

impl Verdict {
    pub fn name(self) -> &'static str {
        match self {
            Verdict::Approve => "approve",
            Verdict::Reject => "reject",
        }
    }

    /// What a stage is after it.
    pub fn done(self) -> &'static str {
        match self {
            Verdict::Approve => "approved",
            Verdict::Reject => "rejected",
        }
    }
}

/// A decision as the journal keeps it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Decision {
    pub stage: Stage,
    pub gate_id: String,
    pub subject_fp: Fingerprint,
    pub content_fp: Fingerprint,
    pub decision: Verdict,
    pub by: String,
    #[serde(default)]
    pub note: Option<String>,
    #[serde(default)]
    pub feedback: Option<String>,
    #[serde(default)]
    pub patch: Option<serde_json::Value>,
    /// Signed what was shown, or what a fingerprint named, rather than whatever was there.
    pub pinned: bool,
    /// The price shown with an approval: what may be spent on it, as a decimal.
    #[serde(default)]
    pub grant: Option<String>,
    #[serde(default)]
    pub auto_approved: bool,
    /// When a timer's approval counts from: its deadline, however late it was recorded.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub effective_at: Option<Instant>,
    /// What a person thinks of the film, 1 to 5.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rating: Option<u8>,
    /// Breaches of duties that the person takes on themselves: the duty, and what is wrong.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub duties: Vec<String>,
}

/// What an approval signs: content, what it was made from, and whose film it is.
pub fn subject(
    lineage: &str,
    stage: Stage,
    content: &Fingerprint,
    inputs: &Fingerprint,
) -> Fingerprint {
    Fingerprint::of(&(lineage, stage, content, inputs))
}

/// What stands at a gate when somebody decides.
pub struct Standing<'a> {
    /// The run's id, for what to type next.
    pub run: &'a str,
    pub stage: Stage,
    pub subject: &'a Fingerprint,
    pub content: &'a Fingerprint,
    pub gate_id: Option<&'a str>,
    /// The last decision on this very subject, and when it was made.
    pub last: Option<(Instant, &'a Decision)>,
    /// A person confirmed it already.
    pub confirmed: bool,
}

/// What somebody wants to decide.
pub struct Wish<'a> {
    pub verdict: Verdict,
    pub override_it: bool,
    pub note: Option<&'a str>,
    pub feedback: Option<&'a str>,
    pub has_patch: bool,
    pub rating: Option<u8>,
    pub interactive: bool,
}

/// What becomes of a wish.
#[derive(Debug, PartialEq, Eq)]
pub enum Ruling {
    Record,
    /// The same was decided before: nothing changes.
    AlreadySo,
    /// A person confirms what a timer decided.
    Confirm,
}

/// Checks that a decision is about what its fingerprint or gate names (exit 5).
pub fn pinned(
    standing: &Standing<'_>,
    fingerprint: Option<&str>,
    gate_id: Option<&str>,
) -> Result<(), Failure> {
    let stage = standing.stage;
    if let Some(typed) = fingerprint
        && !standing.subject.matches(typed)
        && !standing.content.matches(typed)
    {
        return Err(Failure::new(
            Exit::Changed,
            format!("{stage} is not what `{typed}` names: it changed since it was reviewed"),
        )
        .hint(format!(
            "look again: `greenlight gate show {} {stage}`; it is now {}",
            standing.run,
            standing.content.short()
        )));
    }
    if let Some(typed) = gate_id
        && standing.gate_id != Some(typed)
    {
        return Err(Failure::new(
            Exit::Changed,
            format!("gate `{typed}` is closed: {stage} was opened anew since"),
        )
        .hint(format!(
            "look again: `greenlight gate show {} {stage}`",
            standing.run
        )));
    }
    Ok(())
}

/// Rules on a decision (exit 6 or 2 where it may not be).
pub fn rule(standing: &Standing<'_>, wish: &Wish<'_>) -> Result<Ruling, Failure> {
    let stage = standing.stage;
    let has_reason = wish.note.is_some() || wish.feedback.is_some() || wish.has_patch;
    if wish.verdict == Verdict::Reject && !has_reason && !wish.interactive {
        return Err(Failure::new(Exit::Usage, "a rejection needs a reason")
            .hint("add --note TEXT, --feedback TEXT or --patch FILE"));
    }
    let Some((at, last)) = standing.last else {
        return Ok(Ruling::Record);
    };
    if last.decision != wish.verdict {
        if wish.override_it {
            return Ok(Ruling::Record);
        }
        return Err(Failure::new(
            Exit::Conflict,
            format!(
                "{stage} was {} by {} at {at}",
                last.decision.done(),
                last.by
            ),
        )
        .hint("add --override to decide otherwise"));
    }
    let news = match wish.verdict {
        Verdict::Approve => wish.rating.is_some() && wish.rating != last.rating,
        Verdict::Reject => {
            has_reason
                && (wish.note != last.note.as_deref() || wish.feedback != last.feedback.as_deref())
        }
    };
    Ok(if news {
        Ruling::Record
    } else if last.auto_approved && !standing.confirmed {
        Ruling::Confirm
    } else {
        Ruling::AlreadySo
    })
}

/// Names nobody may decide under.
pub fn check_name(name: &str) -> Result<(), Failure> {
    if name.trim().is_empty() || name.chars().any(char::is_control) || name.len() > 120 {
        return Err(Failure::new(
            Exit::Usage,
            "a name has 1 to 120 characters and no control characters",
        )
        .hint("set it with --as NAME"));
    }
    let plain: String = name
        .chars()
        .filter(|c| c.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .collect();
    if plain.is_empty() || ["timer", "policy", "system", "file"].contains(&plain.as_str()) {
        return Err(
            Failure::new(Exit::Usage, format!("`{name}` is not a person's name here"))
                .hint("set it with --as NAME"),
        );
    }
    Ok(())
}

/// All that a timer must heed.
pub struct Timer<'a> {
    pub policy: Policy,
    /// Seconds the gate was opened with.
    pub after_s: Option<u64>,
    pub opened_at: Instant,
    pub now: Instant,
    /// The journal's last time.
    pub last_event: Instant,
    pub same_subject: bool,
    pub held_by: Option<&'a str>,
    pub revoked: bool,
    /// A stage whose file cannot be read, or that is in conflict.
    pub broken: Option<Stage>,
    pub affordable: bool,
    /// When a file of the stage was last saved by hand.
    pub saved_at: Option<Instant>,
}

/// Seconds without a hand save before a timer may approve.
pub const QUIET_S: u64 = 60;

/// Whether a gate's timer may approve now, and since when; else why not.
pub fn timer_may(timer: &Timer<'_>) -> Result<Instant, String> {
    if timer.revoked {
        return Err("its approval was revoked; a person must decide".to_owned());
    }
    // A changed configuration can only delay or cancel a timer that runs.
    let after = match (timer.policy.timer(), timer.after_s) {
        (None, _) | (_, None) => return Err("this gate has no timer".to_owned()),
        (Some(wanted), Some(opened)) => wanted.max(opened),
    };
    let deadline = timer.opened_at.plus_seconds(after);
    if timer.now < timer.last_event {
        return Err("the clock stands before the journal's last entry".to_owned());
    }
    if timer.now < deadline {
        return Err(format!("the timer approves at {deadline}"));
    }
    if let Some(by) = timer.held_by {
        return Err(format!("it is held by {by}"));
    }
    if !timer.same_subject {
        return Err("the content changed since the gate opened".to_owned());
    }
    if let Some(stage) = timer.broken {
        return Err(format!("{stage} is invalid or in conflict"));
    }
    if !timer.affordable {
        return Err("what comes next costs more than the budget".to_owned());
    }
    if let Some(saved) = timer.saved_at
        && timer.now < saved.plus_seconds(QUIET_S)
    {
        return Err(format!("a file was saved by hand at {saved}"));
    }
    Ok(deadline)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn eight_policies() {
        let p = |required, auto_approve, after| Policy {
            required,
            auto_approve,
            auto_approve_after_s: after,
        };
        for (policy, opens, timer) in [
            (p(true, false, None), true, None),
            (p(true, true, None), true, None),
            (p(true, true, Some(9)), true, Some(9)),
            (p(true, false, Some(9)), true, None),
            (p(false, false, None), false, None),
            (p(false, true, None), false, None),
            (p(false, true, Some(9)), true, Some(9)),
            (p(false, false, Some(9)), false, None),
        ] {
            assert_eq!(
                (policy.opens(), policy.timer()),
                (opens, timer),
                "{policy:?}"
            );
        }
    }
}
