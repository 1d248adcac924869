//! A word from outside that work should stop, and who gave it.

use crate::diagnostic::{Exit, Stopped};
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};

#[derive(Debug, Clone, Default)]
pub struct Cancel {
    own: Arc<AtomicU8>,
    /// Whoever stops these stops this too.
    above: Option<Arc<AtomicU8>>,
}

/// Who wants the work to stop.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Why {
    Interrupt,
    Terminate,
    Hangup,
    /// `cancel` from another shell.
    Elsewhere,
    /// Nothing happened for too long.
    Timeout,
}

impl Why {
    pub fn exit(self) -> Exit {
        match self {
            Why::Interrupt | Why::Elsewhere => Exit::Interrupted,
            Why::Terminate => Exit::Terminated,
            Why::Hangup => Exit::HungUp,
            Why::Timeout => Exit::TaskFailed,
        }
    }
}

const ALL: [Why; 5] = [
    Why::Interrupt,
    Why::Terminate,
    Why::Hangup,
    Why::Elsewhere,
    Why::Timeout,
];

impl Cancel {
    /// One that is stopped by itself or by what is above it.
    pub fn under(above: &Cancel) -> Cancel {
        Cancel {
            own: Arc::default(),
            above: Some(above.own.clone()),
        }
    }

    /// Stops the work; the first reason counts.
    pub fn stop(&self, why: Why) {
        let code = ALL.iter().position(|w| *w == why).unwrap_or(0) as u8 + 1;
        // Another reason that came first stays.
        let _ = self
            .own
            .compare_exchange(0, code, Ordering::SeqCst, Ordering::SeqCst);
    }

    pub fn why(&self) -> Option<Why> {
        let above = self.above.as_ref().map_or(0, |a| a.load(Ordering::SeqCst));
        let code = match self.own.load(Ordering::SeqCst) {
            0 => above,
            own => own,
        };
        ALL.get(usize::from(code).checked_sub(1)?).copied()
    }

    pub fn is_stopped(&self) -> bool {
        self.why().is_some()
    }

    pub fn check(&self) -> Result<(), Stopped> {
        if self.is_stopped() {
            Err(Stopped)
        } else {
            Ok(())
        }
    }
}
