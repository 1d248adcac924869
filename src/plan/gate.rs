//! The rules of the gate: when one opens, what a decision needs, what a timer may do.

use super::fingerprint::Fingerprint;
use crate::diagnostic::{Exit, Failure};
use crate::film::stage::Stage;
use crate::film::time::Instant;
use serde::{Deserialize, Serialize};

/// A gate as `conf/operator.yaml` sets it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
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

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    Approve,
    Reject,
}

/// A decision as the journal keeps it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Decision {
    pub stage: Stage,
    pub gate_id: String,
    pub subject_fp: Fingerprint,
    pub content_fp: Fingerprint,
    pub decision: Verdict,
    pub by: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub feedback: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub patch: Option<serde_json::Value>,
    /// Signed what was shown, or what a fingerprint named, rather than whatever was there.
    pub pinned: bool,
    #[serde(default)]
    pub auto_approved: bool,
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
    pub stage: Stage,
    pub subject: &'a Fingerprint,
    pub content: &'a Fingerprint,
    pub gate_id: Option<&'a str>,
    /// The last decision on this very subject.
    pub last: Option<&'a Decision>,
}

/// What somebody wants to decide.
pub struct Wish<'a> {
    pub verdict: Verdict,
    pub fingerprint: Option<&'a str>,
    pub gate_id: Option<&'a str>,
    pub override_it: bool,
    /// A note, feedback or patch comes with it.
    pub has_reason: bool,
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

/// Rules on a decision (exit 5, 6 or 2 where it may not be).
pub fn rule(standing: &Standing<'_>, wish: &Wish<'_>) -> Result<Ruling, Failure> {
    let stage = standing.stage;
    if let Some(typed) = wish.fingerprint
        && !standing.subject.matches(typed)
        && !standing.content.matches(typed)
    {
        return Err(Failure::new(
            Exit::Changed,
            format!("{stage} is not what `{typed}` names: it changed since it was reviewed"),
        )
        .hint(format!(
            "look again: `greenlight gate show RUN {stage}`; it is now {}",
            standing.content.short()
        )));
    }
    if let Some(typed) = wish.gate_id
        && standing.gate_id != Some(typed)
    {
        return Err(Failure::new(
            Exit::Changed,
            format!("gate `{typed}` is closed: {stage} was opened anew since"),
        )
        .hint(format!("look again: `greenlight gate show RUN {stage}`")));
    }
    if wish.verdict == Verdict::Reject && !wish.has_reason && !wish.interactive {
        return Err(Failure::new(Exit::Usage, "a rejection needs a reason")
            .hint("add --note TEXT, --feedback TEXT or --patch FILE"));
    }
    match standing.last {
        Some(last) if last.decision == wish.verdict => {
            if last.auto_approved && wish.verdict == Verdict::Approve {
                Ok(Ruling::Confirm)
            } else if wish.verdict == Verdict::Reject && wish.has_reason {
                Ok(Ruling::Record)
            } else {
                Ok(Ruling::AlreadySo)
            }
        }
        Some(last) if !wish.override_it && !last.auto_approved && last.by != "policy" => {
            let verb = match last.decision {
                Verdict::Approve => "approved",
                Verdict::Reject => "rejected",
            };
            Err(Failure::new(
                Exit::Conflict,
                format!("{stage} was {verb} by {} before", last.by),
            )
            .hint("add --override to decide otherwise"))
        }
        _ => Ok(Ruling::Record),
    }
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
    if ["timer", "policy", "system", "file"].contains(&name.to_lowercase().as_str()) {
        return Err(
            Failure::new(Exit::Usage, format!("`{name}` is not a person's name here"))
                .hint("set it with --as NAME"),
        );
    }
    Ok(())
}

/// Whether a gate's timer may approve now; else why not.
pub fn timer_may(
    policy: Policy,
    opened_at: Instant,
    now: Instant,
    last_event: Instant,
    same_subject: bool,
) -> Result<Instant, String> {
    let Some(after) = policy.timer() else {
        return Err("this gate has no timer".to_owned());
    };
    let deadline = opened_at.plus_seconds(after);
    if now < deadline {
        return Err(format!("the timer approves at {deadline}"));
    }
    if now < last_event {
        return Err("the clock stands before the journal's last entry".to_owned());
    }
    if !same_subject {
        return Err("the content changed since the gate opened".to_owned());
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
