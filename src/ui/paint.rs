//! A page on this machine for painting a mask, served for just that and gone when it is done. It listens on the
//! loopback only, under an address nobody can guess, to pages it served itself.

use anyhow::{Context, Result};
use axum::body::Body;
use axum::extract::{DefaultBodyLimit, Path, Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::middleware::{self, Next};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use serde::Deserialize;
use serde_json::{Value, json};
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::sync::{mpsc, oneshot};

const PAGE: &str = include_str!("paint.html");
/// A mask of the largest picture fits.
const MOST: usize = 64 << 20;

/// What a page asks for.
#[derive(Debug)]
pub enum Wish {
    State,
    Picture(u32),
    Paint(Brush),
    Pick(u32),
    Done,
}

/// A painted mask and the words with it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Brush {
    /// A PNG as a data address, white where something is to change.
    pub mask: String,
    #[serde(default)]
    pub prompt: String,
    #[serde(default)]
    pub negative: String,
    #[serde(default)]
    pub feather: u16,
    #[serde(default)]
    pub grow: u16,
}

/// What it is answered.
pub enum Reply {
    Said(Value),
    Picture(Vec<u8>),
    Refused(String),
}

/// A wish, and where its answer goes.
pub type Asked = (Wish, oneshot::Sender<Reply>);

/// A page that is being served.
pub struct Served {
    pub url: String,
    pub wishes: mpsc::Receiver<Asked>,
    stop: oneshot::Sender<()>,
    ended: tokio::task::JoinHandle<()>,
}

impl Served {
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

#[derive(Clone)]
struct House {
    /// `127.0.0.1:PORT`, the only name it answers to.
    host: Arc<str>,
    wishes: mpsc::Sender<Asked>,
}

/// Starts serving the page under a name only its reader knows.
///
/// # Errors
/// The loopback cannot be listened on.
pub async fn serve(token: &str) -> Result<Served> {
    let listener = TcpListener::bind(SocketAddr::from(([127, 0, 0, 1], 0)))
        .await
        .context("cannot listen on 127.0.0.1")?;
    let host: Arc<str> = listener.local_addr()?.to_string().into();
    let (wishes, heard) = mpsc::channel(4);
    let house = House {
        host: host.clone(),
        wishes,
    };
    let pages = Router::new()
        .route("/", get(|| async { Html(PAGE) }))
        .route("/state", get(|house| wish(house, Wish::State)))
        .route(
            "/picture/{take}",
            get(|house, Path(take): Path<u32>| wish(house, Wish::Picture(take))),
        )
        .route(
            "/apply",
            post(|house, Json(brush): Json<Brush>| wish(house, Wish::Paint(brush))),
        )
        .route(
            "/pick",
            post(|house, Json(pick): Json<Pick>| wish(house, Wish::Pick(pick.take))),
        )
        .route("/done", post(|house| wish(house, Wish::Done)))
        .with_state(house.clone());
    let app = Router::new()
        .nest(&format!("/{token}/"), pages)
        .layer(DefaultBodyLimit::max(MOST))
        .layer(middleware::from_fn_with_state(house, guarded));
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

#[derive(Deserialize)]
struct Pick {
    take: u32,
}

/// Hands a wish over and waits for its answer.
async fn wish(State(house): State<House>, wish: Wish) -> Response {
    let (answer, heard) = oneshot::channel();
    let gone = || refused(StatusCode::GONE, "the page is closed");
    if house.wishes.send((wish, answer)).await.is_err() {
        return gone();
    }
    match heard.await {
        Ok(Reply::Said(value)) => Json(value).into_response(),
        Ok(Reply::Picture(bytes)) => ([(header::CONTENT_TYPE, "image/png")], bytes).into_response(),
        Ok(Reply::Refused(why)) => refused(StatusCode::UNPROCESSABLE_ENTITY, &why),
        Err(_) => gone(),
    }
}

fn refused(status: StatusCode, why: &str) -> Response {
    (status, Json(json!({"error": why}))).into_response()
}

/// Lets in only who asks for this very address, from no other page than ours.
async fn guarded(State(house): State<House>, request: Request<Body>, next: Next) -> Response {
    let headers: &HeaderMap = request.headers();
    let is = |name: header::HeaderName, want: &str| {
        headers
            .get(name)
            .is_none_or(|v| v.as_bytes() == want.as_bytes())
    };
    let ours = format!("http://{}", house.host);
    let known = headers.get(header::HOST).is_some() && is(header::HOST, &house.host);
    if !known || !is(header::ORIGIN, &ours) {
        return refused(StatusCode::FORBIDDEN, "this page answers only itself");
    }
    let mut response = next.run(request).await;
    let policy = "default-src 'none'; img-src 'self' data:; style-src 'unsafe-inline'; script-src 'unsafe-inline'; connect-src 'self'; frame-ancestors 'none'; base-uri 'none'";
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
