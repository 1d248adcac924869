//! Pages on this machine, served for as long as a command wants them. They listen on the loopback only, under an
//! address nobody can guess, and answer to pages they served themselves. What a page wishes is done by the command,
//! one wish after the other.

use crate::diagnostic::Stopped;
use anyhow::{Context, Result};
use axum::body::Body;
use axum::extract::{DefaultBodyLimit, Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::middleware::{self, Next};
use axum::response::{Html, IntoResponse, Response};
use axum::{Json, Router};
use serde_json::{Value, json};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::sync::{mpsc, oneshot};
use tower_http::services::ServeFile;

/// A mask of the largest picture fits.
const MOST: usize = 64 << 20;

/// What a wish is answered.
pub enum Reply {
    Said(Value),
    Page(String),
    Picture(Vec<u8>),
    /// A file of the run, in parts where the page asks for parts.
    File(PathBuf),
    Refused(String),
}

/// Where an answer goes.
pub type Answer = oneshot::Sender<Reply>;

/// A wish, and where its answer goes.
pub type Asked<W> = (W, Answer);

/// A page that is being served.
pub struct Served<W> {
    pub url: String,
    wishes: mpsc::Receiver<Asked<W>>,
    stop: oneshot::Sender<()>,
    ended: tokio::task::JoinHandle<()>,
}

impl<W> Served<W> {
    /// The next wish.
    ///
    /// # Errors
    /// The command was stopped, as `stopped` says.
    pub async fn next(&mut self, stopped: impl Fn() -> bool) -> Result<Option<Asked<W>>> {
        loop {
            tokio::select! {
                asked = self.wishes.recv() => return Ok(asked),
                () = tokio::time::sleep(Duration::from_millis(200)) => if stopped() {
                    return Err(Stopped.into());
                },
            }
        }
    }

    /// Stops listening, once what was answered has gone out.
    pub async fn close(self) {
        let Served {
            wishes,
            stop,
            ended,
            ..
        } = self;
        // Who still waits for an answer is told that there is none.
        drop(wishes);
        // Who is gone already needs no telling; who holds on to a connection is not waited for.
        let _ = stop.send(());
        let _ = tokio::time::timeout(Duration::from_secs(2), ended).await;
    }
}

/// Where pages hand their wishes in.
pub struct Door<W> {
    /// `127.0.0.1:PORT`, the only name it answers to.
    host: Arc<str>,
    wishes: mpsc::Sender<Asked<W>>,
}

impl<W> Clone for Door<W> {
    fn clone(&self) -> Door<W> {
        Door {
            host: self.host.clone(),
            wishes: self.wishes.clone(),
        }
    }
}

/// Starts serving pages under a name only their reader knows.
///
/// # Errors
/// The loopback cannot be listened on.
pub async fn serve<W: Send + 'static>(token: &str, pages: Router<Door<W>>) -> Result<Served<W>> {
    let listener = TcpListener::bind(SocketAddr::from(([127, 0, 0, 1], 0)))
        .await
        .context("cannot listen on 127.0.0.1")?;
    let host: Arc<str> = listener.local_addr()?.to_string().into();
    let (wishes, heard) = mpsc::channel(4);
    let door = Door {
        host: host.clone(),
        wishes,
    };
    let app = Router::new()
        .nest(&format!("/{token}/"), pages.with_state(door.clone()))
        .layer(DefaultBodyLimit::max(MOST))
        .layer(middleware::from_fn_with_state(door, guarded::<W>));
    let (stop, stopped) = oneshot::channel::<()>();
    let ended = tokio::spawn(async move {
        let until = async {
            // Dropped is stopped.
            let _ = stopped.await;
        };
        // What broke off was a page that went away.
        let _ = axum::serve(listener, app)
            .with_graceful_shutdown(until)
            .await;
    });
    Ok(Served {
        url: format!("http://{host}/{token}/"),
        wishes: heard,
        stop,
        ended,
    })
}

/// Hands a wish over and waits for its answer.
pub async fn wish<W: Send>(State(door): State<Door<W>>, wish: W) -> Response {
    match heard(&door, wish).await {
        Ok(Reply::File(path)) => whole(&path).await,
        other => said(other),
    }
}

/// The same for a file, of which a page may want a part.
pub async fn file<W: Send>(State(door): State<Door<W>>, wish: W, request: Request) -> Response {
    match heard(&door, wish).await {
        Ok(Reply::File(path)) => match ServeFile::new(path).try_call(request).await {
            Ok(response) => response.into_response(),
            Err(_) => refused(StatusCode::NOT_FOUND, "it cannot be read"),
        },
        other => said(other),
    }
}

async fn whole(path: &std::path::Path) -> Response {
    match ServeFile::new(path)
        .try_call(Request::new(Body::empty()))
        .await
    {
        Ok(response) => response.into_response(),
        Err(_) => refused(StatusCode::NOT_FOUND, "it cannot be read"),
    }
}

/// Nobody is there to answer any more.
struct Gone;

async fn heard<W: Send>(door: &Door<W>, wish: W) -> Result<Reply, Gone> {
    let (answer, heard) = oneshot::channel();
    door.wishes.send((wish, answer)).await.map_err(|_| Gone)?;
    heard.await.map_err(|_| Gone)
}

fn said(reply: Result<Reply, Gone>) -> Response {
    match reply {
        Ok(Reply::Said(value)) => Json(value).into_response(),
        Ok(Reply::Page(text)) => Html(text).into_response(),
        Ok(Reply::Picture(bytes)) => ([(header::CONTENT_TYPE, "image/png")], bytes).into_response(),
        Ok(Reply::Refused(why)) => refused(StatusCode::UNPROCESSABLE_ENTITY, &why),
        Ok(Reply::File(_)) => refused(StatusCode::NOT_FOUND, "there is no such file"),
        Err(Gone) => refused(StatusCode::GONE, "the page is closed"),
    }
}

fn refused(status: StatusCode, why: &str) -> Response {
    (status, Json(json!({"error": why}))).into_response()
}

/// Lets in only who asks for this very address, from no other page than ours.
async fn guarded<W>(State(door): State<Door<W>>, request: Request<Body>, next: Next) -> Response {
    let headers: &HeaderMap = request.headers();
    let is = |name: header::HeaderName, want: &str| {
        headers
            .get(name)
            .is_none_or(|v| v.as_bytes() == want.as_bytes())
    };
    let ours = format!("http://{}", door.host);
    let known = headers.get(header::HOST).is_some() && is(header::HOST, &door.host);
    if !known || !is(header::ORIGIN, &ours) {
        return refused(StatusCode::FORBIDDEN, "this page answers only itself");
    }
    let mut response = next.run(request).await;
    let policy = "default-src 'none'; img-src 'self' data:; media-src 'self'; frame-src 'self'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; connect-src 'self'; frame-ancestors 'self'; base-uri 'none'";
    for (name, value) in [
        (header::CONTENT_SECURITY_POLICY, policy),
        (header::CACHE_CONTROL, "no-store"),
        (header::REFERRER_POLICY, "no-referrer"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ] {
        if let Ok(value) = value.parse() {
            response.headers_mut().insert(name, value);
        }
    }
    response
}
