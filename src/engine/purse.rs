//! What may be spent, and what is: an amount is reserved, settling, or in the books, never two of these at once and
//! never none.

use crate::config::Budget;
use crate::diagnostic::{Exit, Failure};
use crate::plan::money::Money;
use crate::store::layout::Layout;
use crate::store::ledger::Ledger;
use crate::store::run::Run;
use crate::store::spending::{self, Claim, Holder};
use anyhow::Result;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// How much may be spent, and who said so.
#[derive(Debug, Clone)]
pub struct Ceiling {
    pub amount: Money,
    pub said_by: String,
    pub hint: String,
}

/// The money of one making; what other runs of the workspace see of it is its claim.
pub(super) struct Purse {
    holder: Holder,
    ceiling: Ceiling,
    month: Money,
    currency: String,
    /// How many items have money reserved and are being worked on: theirs may come free.
    in_flight: AtomicUsize,
    /// What a warning is given of in time; what an approval granted is meant to be spent.
    budgets: [Allowed; 2],
    inside: Mutex<Inside>,
}

/// A budget, and what was spent of it beside what this making's run has spent.
struct Allowed {
    name: &'static str,
    amount: Money,
    /// Of the run, before this making: counted here, and for the month in `others` already.
    before: Money,
    others: Money,
}

impl Allowed {
    /// The part of it that is spent, where the run has spent so much.
    fn part(&self, spent: Money) -> f64 {
        (self.others + spent.less(self.before)).part_of(self.amount)
    }
}

#[derive(Debug)]
struct Inside {
    spent: Money,
    reserved: Money,
    /// Settled, and not yet among what the month has spent.
    settling: Money,
    /// What of the ledger that will replace.
    replaced: Money,
    warned: [bool; 2],
    claim: Option<Claim>,
}

impl Inside {
    /// Lets others have what is not needed any more. Where that cannot be written they wait for the end of this
    /// making.
    fn give_back(&mut self) {
        if let Some(claim) = &self.claim {
            let _ = claim.set(self.reserved + self.settling);
        }
    }
}

impl Purse {
    /// What was under way when somebody died is reserved still, and other runs see it.
    pub(super) fn open(
        layout: &Layout,
        ledger: &Ledger,
        ceiling: Ceiling,
        budget: &Budget,
        per_run: Money,
    ) -> Result<Arc<Purse>> {
        let reserved = ledger.under_way();
        let holder = Holder::of(layout, ledger);
        let claim = match reserved > Money::ZERO {
            true => {
                let claim = Claim::open(&holder)?;
                claim.set(reserved)?;
                Some(claim)
            }
            // Whoever died here had nothing under way.
            false => spending::release(&holder, Money::ZERO).map(|()| None)?,
        };
        let month = Money::from_float(budget.per_month);
        let budgets = [
            Allowed {
                name: "the run's budget",
                amount: per_run,
                before: Money::ZERO,
                others: Money::ZERO,
            },
            Allowed {
                name: "the month's budget",
                amount: month,
                before: ledger.spent(),
                others: spending::this_month(&layout.runs()).unwrap_or(month),
            },
        ];
        Ok(Arc::new(Purse {
            holder,
            ceiling,
            month,
            budgets,
            currency: budget.currency.clone(),
            in_flight: AtomicUsize::new(0),
            inside: Mutex::new(Inside {
                spent: ledger.spent(),
                reserved,
                settling: Money::ZERO,
                replaced: Money::ZERO,
                warned: [false; 2],
                claim,
            }),
        }))
    }

    fn inside(&self) -> MutexGuard<'_, Inside> {
        self.inside.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn reserved(self: &Arc<Self>, amount: Money, sent: bool) -> Reserved {
        self.in_flight.fetch_add(1, Ordering::SeqCst);
        Reserved {
            purse: self.clone(),
            amount,
            sent,
        }
    }

    /// Takes over what is reserved for an item already, and may have been sent.
    pub(super) fn take_over(self: &Arc<Self>, amount: Money) -> Reserved {
        self.reserved(amount, true)
    }

    /// Reserves what is under way at a provider again, whatever is allowed: it goes on there.
    ///
    /// # Errors
    /// Books that cannot be written.
    pub(super) fn take_in(self: &Arc<Self>, amount: Money) -> Result<Reserved> {
        let mut inside = self.inside();
        if amount > Money::ZERO {
            let ours = inside.reserved + inside.settling + amount;
            let claim = match inside.claim.take() {
                Some(claim) => claim,
                None => Claim::open(&self.holder)?,
            };
            inside.claim.insert(claim).set(ours)?;
            inside.reserved = inside.reserved + amount;
        }
        Ok(self.reserved(amount, true))
    }

    /// Whether an item that is being worked on may give some back.
    pub(super) fn may_come_free(&self) -> bool {
        self.in_flight.load(Ordering::SeqCst) > 0
    }

    /// Reserves what an item would take.
    ///
    /// # Errors
    /// More than is allowed (exit 9), or books that cannot be read or written.
    pub(super) fn reserve(self: &Arc<Self>, item: &str, price: Money) -> Result<Reserved> {
        let mut inside = self.inside();
        if price == Money::ZERO {
            return Ok(self.reserved(price, false));
        }
        let (currency, ceiling) = (&self.currency, &self.ceiling);
        let after = inside.spent + inside.reserved + price;
        if after > ceiling.amount {
            let what = format!(
                "{item} would take {price} {currency}: {after} of the {} {currency} that {} allows",
                ceiling.amount, ceiling.said_by
            );
            return Err(Failure::new(Exit::Budget, what)
                .hint(ceiling.hint.clone())
                .into());
        }
        // Other runs of the workspace spend from the same month.
        let ours = inside.reserved + inside.settling + price;
        if inside.claim.is_none() {
            inside.claim = Some(Claim::open(&self.holder)?);
        }
        let claimed = match &inside.claim {
            Some(claim) => claim.claim(ours, self.month)?,
            None => Ok(()),
        };
        if let Err(taken) = claimed {
            let what = format!(
                "{item} would take {price}: {} of this month's {} are spent or under way",
                taken + ours.less(price),
                self.month
            );
            return Err(Failure::new(Exit::Budget, what)
                .hint("raise budget.per_month in conf/operator.yaml")
                .into());
        }
        inside.reserved = inside.reserved + price;
        Ok(self.reserved(price, false))
    }

    /// Turns what was reserved into what it took, and into that what was counted for it before; says so where most of
    /// what is allowed is spent by that.
    pub(super) fn settle(
        self: &Arc<Self>,
        reserved: Option<Reserved>,
        cost: Money,
        counted: Money,
    ) -> (Settling, Option<String>) {
        let mut inside = self.inside();
        let amount = reserved.as_ref().map_or(Money::ZERO, |r| r.amount);
        inside.reserved = inside.reserved.less(amount);
        let before = inside.spent;
        inside.spent = inside.spent.less(counted) + cost;
        inside.settling = inside.settling + cost;
        inside.replaced = inside.replaced + counted;
        let now = inside.spent;
        let mut said = None;
        for (budget, warned) in self.budgets.iter().zip(&mut inside.warned) {
            let part = budget.part(now);
            if *warned || part < 0.8 || budget.part(before) >= 0.8 {
                continue;
            }
            *warned = true;
            let spent = budget.others + now.less(budget.before);
            said = Some(format!(
                "{spent} {} are spent, {:.0} % of the {} that {} allows",
                self.currency,
                part * 100.0,
                budget.amount,
                budget.name
            ));
        }
        // Dearer than it was reckoned.
        let ceiling = &self.ceiling;
        if now > ceiling.amount && before <= ceiling.amount {
            said = Some(format!(
                "{now} {} are spent, more than the {} that {} allows",
                self.currency, ceiling.amount, ceiling.said_by
            ));
        }
        drop(inside);
        if let Some(reserved) = reserved {
            reserved.keep();
        }
        let settling = Settling {
            purse: self.clone(),
            amount: cost,
            counted,
        };
        (settling, said)
    }
}

/// Money that is reserved for an item: given back, however its work ends; but once a request may have been sent only
/// where the journal says that nothing is paid for it.
pub(super) struct Reserved {
    purse: Arc<Purse>,
    amount: Money,
    sent: bool,
}

impl Reserved {
    /// From now on a request may have been sent.
    pub(super) fn commit(&mut self) {
        self.sent = true;
    }

    /// Nothing is paid for it, and the journal says so.
    pub(super) fn give_back(mut self) {
        self.sent = false;
    }

    /// It is spent.
    fn keep(mut self) {
        self.amount = Money::ZERO;
    }
}

impl Drop for Reserved {
    fn drop(&mut self) {
        self.purse.in_flight.fetch_sub(1, Ordering::SeqCst);
        if self.amount > Money::ZERO && !self.sent {
            let mut inside = self.purse.inside();
            inside.reserved = inside.reserved.less(self.amount);
            inside.give_back();
        }
    }
}

/// What was spent, until whoever keeps the books has it. Where they cannot be kept it stays claimed.
pub(super) struct Settling {
    purse: Arc<Purse>,
    amount: Money,
    /// What was counted for it before.
    counted: Money,
}

/// Lets the month have what the journal has, from the line after `since` on: what was settled stands in what this
/// making claims until then, never in both and never in neither.
///
/// # Errors
/// Books that cannot be read or written.
pub(super) fn book(settled: Vec<Settling>, run: &Run, since: u64) -> Result<()> {
    let runs = run.layout.runs();
    let Some(purse) = settled.first().map(|s| s.purse.clone()) else {
        return spending::follow(&runs, run.id(), &run.ledger, since);
    };
    let amount = settled.iter().map(|s| s.amount).sum();
    let mut inside = purse.inside();
    let left = inside.reserved + inside.settling.less(amount);
    match &inside.claim {
        Some(claim) => claim.book(&run.ledger, since, left)?,
        None => spending::follow(&runs, run.id(), &run.ledger, since)?,
    }
    inside.settling = inside.settling.less(amount);
    inside.replaced = inside
        .replaced
        .less(settled.iter().map(|s| s.counted).sum());
    // What was found out since replaces what was counted before.
    inside.spent = (run.ledger.spent() + inside.settling).less(inside.replaced);
    Ok(())
}

/// Has the books say what the journal does, before anything is made: whoever was here last may have died between the
/// two.
///
/// # Errors
/// Books that cannot be read or written.
pub(super) fn catch_up(run: &Run) -> Result<()> {
    book(Vec::new(), run, 0)?;
    close(run)
}

/// What a making leaves behind when it ends: other runs see what is under way at providers still, and nothing more.
///
/// # Errors
/// Books that cannot be written.
pub(super) fn close(run: &Run) -> Result<()> {
    let holder = Holder::of(&run.layout, &run.ledger);
    spending::release(&holder, run.ledger.under_way())
}
