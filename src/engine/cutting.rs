//! The cut at work: it borrows the run and works on a thread of its own, while this one listens to how
//! far it is, to `cancel`, and to the clock.

use super::event::Event;
use super::items::{cancelled_elsewhere, timed_out};
use super::making::Orders;
use super::studio::Studio;
use crate::cut::film::{Cut, size};
use crate::diagnostic::{Failure, Stopped};
use crate::film::format::Format;
use crate::film::stage::Stage;
use crate::media::cancel::{Cancel, Why};
use crate::stages::{self, Crew, Desk, preview, render};
use crate::store::disk;
use anyhow::Result;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Sender, channel};
use std::time::{Duration, Instant};

/// Frames done, frames in all, what is being worked on.
type Step = (u64, u64, String);

/// What the cut is given: the desk, a way to stop it, a way to be heard.
type Work<'a, T> = &'a (dyn Fn(&Desk<'_>, &Cancel, &Heard) -> Result<T> + Sync);

struct Heard(std::sync::Mutex<Sender<Step>>);

impl Heard {
    fn say(&self, done: u64, total: u64, doing: &str) {
        if let Ok(to) = self.0.lock() {
            // Nobody listening any more is no reason to stop.
            let _ = to.send((done, total, doing.to_owned()));
        }
    }
}

fn beside<T: Send>(studio: &mut Studio, work: Work<'_, T>) -> Result<T> {
    let cancel = studio.cancel.clone();
    let result = {
        let studio = &*studio;
        let (said, steps) = channel();
        let heard = Heard(std::sync::Mutex::new(said));
        let working = AtomicBool::new(true);
        std::thread::scope(|scope| {
            let worker = scope.spawn(|| {
                let result = work(&studio.desk(&[]), &cancel, &heard);
                working.store(false, Ordering::SeqCst);
                result
            });
            let (mut looked, mut progressed) = (Instant::now(), Instant::now());
            let patience = studio.settings.timeout(Stage::Render);
            while working.load(Ordering::SeqCst) {
                std::thread::sleep(Duration::from_millis(20));
                if let Some((done, total, doing)) = steps.try_iter().last() {
                    progressed = Instant::now();
                    studio.tell(Event::Progress {
                        stage: Stage::Render,
                        done,
                        total,
                        doing,
                    });
                }
                if looked.elapsed() > Duration::from_millis(200) {
                    looked = Instant::now();
                    cancelled_elsewhere(studio);
                    if progressed.elapsed() > patience {
                        cancel.stop(Why::Timeout);
                    }
                }
            }
            worker
                .join()
                .unwrap_or_else(|_| Err(anyhow::anyhow!("the render broke")))
        })
    };
    match result {
        Err(_) if studio.cancel.why() == Some(Why::Timeout) => {
            Err(timed_out(studio, Stage::Render)?)
        }
        Err(e) if studio.cancel.is_stopped() && e.downcast_ref::<Failure>().is_none() => {
            Err(Stopped.into())
        }
        other => other,
    }
}

/// Cuts the film and returns it with what is wrong with it.
pub(super) fn film(
    studio: &mut Studio,
    crew: &Crew,
    orders: &Orders,
) -> Result<(stages::Artifact, Vec<String>)> {
    let options = options(orders);
    plan(studio, crew, &options)?;
    let film = beside(studio, &|desk, cancel, heard| {
        let bench = render::Bench::new(desk, crew, &options, cancel)?;
        let total = bench.frames();
        bench.cut(&|done, doing| heard.say(done, total, doing))
    })?;
    let faults = film
        .reports
        .iter()
        .flat_map(|(n, r)| r.faults.iter().map(move |f| format!("{n}: {f}")))
        .collect();
    Ok((film.artifact, faults))
}

fn options(orders: &Orders) -> render::Options {
    render::Options {
        workers: orders.workers,
        ..orders.cut.clone()
    }
}

/// Says beforehand what the cut will take.
fn plan(studio: &Studio, crew: &Crew, options: &render::Options) -> Result<()> {
    let (desk, cancel) = (studio.desk(&[]), Cancel::default());
    let bench = render::Bench::new(&desk, crew, options, &cancel)?;
    let outlay = bench.outlay();
    studio.tell(Event::RenderPlanned {
        frames: bench.frames(),
        encode: outlay.frames.0.max(0) as u64,
        bytes: outlay.bytes,
        free: disk::free_space(studio.run.layout.root()),
        words: format!(
            "{} of {} frames to encode, about {} of disk",
            outlay.frames.0,
            bench.frames(),
            size(outlay.bytes)
        ),
    });
    Ok(())
}

/// Cuts a preview of what there is.
pub fn preview(studio: &mut Studio, format: Option<Format>, workers: usize) -> Result<Cut> {
    let crew = studio.crew()?;
    beside(studio, &|desk, cancel, heard| {
        preview::make(
            desk,
            &crew,
            format,
            workers,
            cancel,
            &|done, total, doing| heard.say(done, total, doing),
        )
    })
}

/// Compares the finished films with what they should be. Returns what does not hold, by film.
pub fn verify(studio: &mut Studio, orders: &Orders) -> Result<Vec<(String, Vec<String>)>> {
    let crew = studio.crew()?;
    let options = options(orders);
    beside(studio, &|desk, cancel, heard| {
        let bench = render::Bench::new(desk, &crew, &options, cancel)?;
        let total = bench.frames();
        bench.verify(&|done, doing| heard.say(done, total, doing))
    })
}
