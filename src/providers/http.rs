//! The one way out: bounded in size and time, keys in headers only, every failure typed.

use super::ask::Fault;
use crate::config::Provider;
use crate::secret::Secret;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use reqwest::header::{HeaderMap, HeaderValue};
use reqwest::{Method, RequestBuilder, Url};
use serde_json::Value;
use std::error::Error;
use std::net::{IpAddr, SocketAddr};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// The most an answer in JSON may hold.
pub(super) const JSON: usize = 64 * 1024 * 1024;
/// The most a result file may hold.
pub(super) const FILE: usize = 256 * 1024 * 1024;

pub(super) struct Client {
    inner: reqwest::Client,
    /// For what may cost something: each on a connection of its own. One that was kept may be closed by its server in
    /// the very moment a request leaves on it, and then nobody knows whether that was read.
    fresh: reqwest::Client,
    base: Url,
    key: Option<Secret>,
    /// Results may lie on this machine or network only if the provider does.
    private: bool,
    patience: Duration,
}

/// Where connections may go.
#[derive(Clone, Copy)]
enum Way {
    /// Within this machine, past any proxy.
    Local,
    Anywhere,
    /// To no address that somebody else's answer may not name.
    Strange {
        /// The provider is in a private network itself.
        from_private: bool,
    },
}

/// The connections of this process. Made once, for reading certificates takes longer than many a request.
fn connections(way: Way, kept: bool) -> Result<reqwest::Client, Fault> {
    static MADE: Mutex<[Option<reqwest::Client>; 8]> = Mutex::new([const { None }; 8]);
    let mut made = MADE.lock().unwrap_or_else(PoisonError::into_inner);
    let place = match way {
        Way::Local => 0,
        Way::Anywhere => 1,
        Way::Strange { from_private } => 2 + usize::from(from_private),
    };
    let place = &mut made[place + 4 * usize::from(kept)];
    if let Some(client) = place {
        return Ok(client.clone());
    }
    let make = |bare: bool| {
        let mut builder = reqwest::Client::builder()
            .connect_timeout(Duration::from_secs(10))
            .redirect(reqwest::redirect::Policy::none())
            .user_agent(concat!("greenlight/", env!("CARGO_PKG_VERSION")));
        match way {
            Way::Local => builder = builder.no_proxy(),
            Way::Anywhere => {}
            Way::Strange { from_private } => {
                builder = builder.dns_resolver(Named { from_private });
            }
        }
        if !kept {
            builder = builder.pool_max_idle_per_host(0);
        }
        if bare {
            builder = builder.tls_certs_only([]);
        }
        builder.build()
    };
    // Without certificates plain HTTP still works.
    let client = make(false)
        .or_else(|_| make(true))
        .map_err(|e| Fault::Refused(format!("no HTTP on this machine: {e}")))?;
    *place = Some(client.clone());
    Ok(client)
}

/// Looks up names that somebody else's answer gave. What is checked is what is connected to: a name could mean
/// another machine the next moment.
struct Named {
    from_private: bool,
}

impl Resolve for Named {
    fn resolve(&self, name: Name) -> Resolving {
        let from_private = self.from_private;
        Box::pin(async move {
            let host = name.as_str();
            let found: Vec<SocketAddr> = tokio::net::lookup_host((host, 0)).await?.collect();
            match found.iter().any(|a| is_refused(a.ip(), from_private)) {
                true => Err(Forbidden(host.to_owned()).into()),
                false => Ok(Box::new(found.into_iter()) as Addrs),
            }
        })
    }
}

/// A host that no answer may name.
#[derive(Debug)]
struct Forbidden(String);

impl std::fmt::Display for Forbidden {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "a result on a private address ({})", self.0)
    }
}

impl Error for Forbidden {}

impl Forbidden {
    /// What of a failed request says that it was forbidden.
    fn of(e: &reqwest::Error) -> Option<&Forbidden> {
        std::iter::successors(e.source(), |e: &&(dyn Error + 'static)| (*e).source())
            .find_map(|e| e.downcast_ref())
    }
}

pub(super) struct Reply {
    pub(super) status: u16,
    pub(super) headers: HeaderMap,
    pub(super) bytes: Vec<u8>,
}

impl Client {
    /// # Errors
    /// An address that is none, a key that is not set.
    pub(super) fn open(
        provider: &Provider,
        usual: &str,
        patience: Duration,
    ) -> Result<Client, Fault> {
        let text = provider.base_url.as_deref().unwrap_or(usual);
        // Joining replaces what comes after the last slash.
        let base = Url::parse(&format!("{}/", text.trim_end_matches('/')))
            .map_err(|e| Fault::Refused(format!("`{text}` is no address: {e}")))?;
        let key = match &provider.api_key_env {
            None => None,
            Some(variable) => Some(
                Secret::from_env(variable)
                    .ok_or_else(|| Fault::Refused(format!("the key ${variable} is not set")))?,
            ),
        };
        let way = match provider.is_local() {
            true => Way::Local,
            false => Way::Anywhere,
        };
        let (inner, fresh) = (connections(way, true)?, connections(way, false)?);
        let private = match base.host() {
            Some(url::Host::Ipv4(ip)) => is_private(IpAddr::V4(ip)),
            Some(url::Host::Ipv6(ip)) => is_private(IpAddr::V6(ip)),
            Some(url::Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
            None => false,
        };
        Ok(Client {
            inner,
            fresh,
            base,
            key,
            private,
            patience,
        })
    }

    fn url(&self, path: &str) -> Result<Url, Fault> {
        self.base
            .join(path.trim_start_matches('/'))
            .map_err(|e| Fault::Refused(format!("`{path}` is no path: {e}")))
    }

    pub(super) fn request(&self, method: Method, path: &str) -> Result<RequestBuilder, Fault> {
        let asks = method == Method::POST;
        let mut request = if asks { &self.fresh } else { &self.inner }
            .request(method, self.url(path)?)
            .timeout(self.patience);
        if let Some(key) = &self.key {
            let mut value =
                HeaderValue::from_str(&format!("Bearer {}", key.expose())).map_err(|_| {
                    Fault::Refused("the key has characters no header can hold".to_owned())
                })?;
            value.set_sensitive(true);
            request = request.header("authorization", value);
        }
        Ok(request)
    }

    /// Posts JSON.
    pub(super) async fn post(&self, path: &str, body: &Value) -> Result<Reply, Fault> {
        self.post_heard(path, body, &mut |_| {}).await
    }

    /// [`Client::post`], with somebody who hears the answer piece by piece.
    pub(super) async fn post_heard(
        &self,
        path: &str,
        body: &Value,
        hear: &mut (dyn FnMut(&[u8]) + Send),
    ) -> Result<Reply, Fault> {
        let request = self
            .request(Method::POST, path)?
            .header("content-type", "application/json")
            .body(body.to_string());
        self.send_heard(request, JSON, hear).await
    }

    pub(super) async fn get(&self, path: &str) -> Result<Reply, Fault> {
        self.send(self.request(Method::GET, path)?, JSON).await
    }

    /// Sends, and reads at most so many bytes; what is no success is a fault.
    pub(super) async fn send(&self, request: RequestBuilder, most: usize) -> Result<Reply, Fault> {
        self.send_heard(request, most, &mut |_| {}).await
    }

    /// [`Client::send`], with somebody who hears the answer piece by piece.
    pub(super) async fn send_heard(
        &self,
        request: RequestBuilder,
        most: usize,
        hear: &mut (dyn FnMut(&[u8]) + Send),
    ) -> Result<Reply, Fault> {
        let mut response = request.send().await.map_err(|e| self.fault(&e))?;
        let status = response.status().as_u16();
        let headers = response.headers().clone();
        let mut bytes = Vec::new();
        loop {
            match response.chunk().await {
                Ok(Some(chunk)) if bytes.len() + chunk.len() > most => {
                    return Err(Fault::Broken {
                        said: format!("more than {} MB", most / 1024 / 1024),
                        raw: Vec::new(),
                    });
                }
                Ok(Some(chunk)) => {
                    hear(&chunk);
                    bytes.extend_from_slice(&chunk);
                }
                Ok(None) => break,
                Err(e) if (200..300).contains(&status) => {
                    return Err(Fault::Broken {
                        said: format!("it broke off after {} bytes: {}", bytes.len(), reason(&e)),
                        raw: bytes,
                    });
                }
                Err(_) => break,
            }
        }
        let reply = Reply {
            status,
            headers,
            bytes,
        };
        match self.refusal(&reply) {
            None => Ok(reply),
            Some(fault) => Err(fault),
        }
    }

    /// Fetches a result from wherever the provider put it. The key goes along only to its own host, and
    /// to `trusted` ones.
    pub(super) async fn fetch(&self, from: &str, trusted: &str) -> Result<Vec<u8>, Fault> {
        let mut part = Part::default();
        let mut had = 0;
        let until = Instant::now() + LONGEST_FETCH;
        loop {
            match self.fetch_on(from, trusted, &mut part).await {
                // It broke off, and can be gone on with: as long as more comes each time, and not for ever.
                Err(Fault::Later { .. })
                    if part.mark.is_some() && part.bytes.len() > had && Instant::now() < until =>
                {
                    had = part.bytes.len();
                    tokio::time::sleep(Duration::from_millis(100)).await;
                }
                other => return other,
            }
        }
    }

    /// The same, going on from what came before.
    async fn fetch_on(&self, from: &str, trusted: &str, part: &mut Part) -> Result<Vec<u8>, Fault> {
        let began = Instant::now();
        let wrong = |said: String| Fault::Broken {
            said,
            raw: self.scrub(from).into_bytes(),
        };
        let later = |said: String| Fault::Later { said, after: None };
        let silent = || later("the result does not come: nothing for a minute".to_owned());
        if let Some(data) = from.strip_prefix("data:") {
            let (_, encoded) = data
                .split_once("base64,")
                .ok_or_else(|| wrong("a data address without base64".to_owned()))?;
            return decoded(encoded);
        }
        // `/x` is of the host, `x` of the base.
        let mut at = self
            .base
            .join(from)
            .map_err(|e| wrong(format!("`{from}` is no address: {e}")))?;
        for _ in 0..4 {
            if !matches!(at.scheme(), "http" | "https") {
                return Err(wrong(format!("a result at {}:", at.scheme())));
            }
            let own = at.origin() == self.base.origin();
            let through = match own {
                true => self.inner.clone(),
                false => self.to_strange(&at).await.map_err(|f| match f {
                    Fault::Broken { said, .. } => wrong(said),
                    other => other,
                })?,
            };
            let host = at.host_str().unwrap_or_default();
            let known = !trusted.is_empty()
                && at.scheme() == "https"
                && (host == trusted || host.ends_with(&format!(".{trusted}")));
            // However long it takes, as long as something comes.
            let mut request = through.get(at.clone());
            if let (true, Some(key)) = (own || known, &self.key) {
                request = request.bearer_auth(key.expose());
            }
            if let (Some(mark), false) = (&part.mark, part.bytes.is_empty()) {
                let range = format!("bytes={}-", part.bytes.len());
                request = request.header("range", range).header("if-range", mark);
            }
            let mut response = (tokio::time::timeout(SILENCE, request.send()).await)
                .map_err(|_| silent())?
                .map_err(|e| match Forbidden::of(&e) {
                    Some(forbidden) => wrong(forbidden.to_string()),
                    None => self.fault(&e),
                })?;
            let status = response.status();
            if status.is_redirection() {
                let next = response
                    .headers()
                    .get("location")
                    .and_then(|l| l.to_str().ok());
                at = next
                    .and_then(|l| at.join(l).ok())
                    .ok_or_else(|| wrong("a redirect to nowhere".to_owned()))?;
                continue;
            }
            if !status.is_success() {
                let said = format!("the result cannot be fetched: {status}");
                // What is not there may be there in a moment; it is never asked for again by paying.
                return Err(match status.as_u16() {
                    403 | 404 | 410 => wrong(said),
                    _ => later(said),
                });
            }
            // Only the rest of just this file is put behind what came before.
            let range = response.headers().get("content-range");
            let range = range.and_then(|r| r.to_str().ok()?.strip_prefix("bytes "));
            let begins = range.and_then(|r| r.split('-').next()?.parse().ok());
            let all: Option<u64> = range.and_then(|r| r.split('/').nth(1)?.parse().ok());
            let goes_on =
                status == 206 && begins == Some(part.bytes.len()) && !part.bytes.is_empty();
            if status == 206 && !goes_on {
                *part = Part::default();
                return Err(later(
                    "another part of the result came than was asked for".to_owned(),
                ));
            }
            if !goes_on {
                *part = Part {
                    bytes: Vec::new(),
                    // A weak mark does not say that bytes are the same.
                    mark: (response.headers().get("etag"))
                        .filter(|tag| !tag.as_bytes().starts_with(b"W/"))
                        .cloned(),
                };
            }
            let bytes = &mut part.bytes;
            let want = all.or(response
                .content_length()
                .map(|rest| rest + bytes.len() as u64));
            let too_large = || wrong(format!("a result of more than {} MB", FILE / 1024 / 1024));
            // What says that it is too large is not begun.
            if want.is_some_and(|w| w > FILE as u64) {
                return Err(too_large());
            }
            while let Some(chunk) = (tokio::time::timeout(SILENCE, response.chunk()).await)
                .map_err(|_| silent())?
                .map_err(|e| later(format!("the result broke off: {}", reason(&e))))?
            {
                if began.elapsed() > LONGEST_FETCH {
                    return Err(later("the result comes too slowly".to_owned()));
                }
                if bytes.len() + chunk.len() > FILE {
                    return Err(too_large());
                }
                bytes.extend_from_slice(&chunk);
            }
            if want.is_some_and(|w| w != bytes.len() as u64) {
                return Err(later("the result came in part".to_owned()));
            }
            return match bytes.is_empty() {
                true => Err(wrong("a result of 0 bytes".to_owned())),
                false => Ok(std::mem::take(bytes)),
            };
        }
        Err(wrong("redirected too often".to_owned()))
    }

    /// The connections to a host that an answer named: none on this machine and its network, unless the provider is
    /// there itself.
    async fn to_strange(&self, at: &Url) -> Result<reqwest::Client, Fault> {
        let host = at.host_str().unwrap_or_default().trim_matches(['[', ']']);
        let proxied = proxied(at);
        // A name is looked up as it is connected to; but for a proxy, which does so itself, and an address is none.
        if proxied || host.parse::<IpAddr>().is_ok() {
            let port = at.port_or_known_default().unwrap_or(443);
            let found = tokio::net::lookup_host((host, port)).await;
            let mut found = found.into_iter().flatten();
            if found.any(|a| is_refused(a.ip(), self.private)) {
                return Err(Fault::Broken {
                    said: Forbidden(host.to_owned()).to_string(),
                    raw: Vec::new(),
                });
            }
        }
        let way = match proxied {
            true => Way::Anywhere,
            false => Way::Strange {
                from_private: self.private,
            },
        };
        connections(way, true)
    }

    fn fault(&self, e: &reqwest::Error) -> Fault {
        let said = self.scrub(&reason(e));
        if e.is_connect() || e.is_builder() {
            Fault::NotSent(said)
        } else {
            Fault::Unknown(said)
        }
    }

    /// Whether a text of somebody else's has the key in it.
    pub(super) fn is_key(&self, text: &str) -> bool {
        self.key.as_ref().is_some_and(|key| key.scrub(text) != text)
    }

    /// A text of somebody else's without the key, cut to what a line holds.
    pub(super) fn scrub(&self, text: &str) -> String {
        // What could stand within the key goes first, and the key before anything is cut: half of it would be
        // half of it.
        let plain: String = text.chars().filter(|c| !c.is_control()).collect();
        let clean = match &self.key {
            Some(key) => key.scrub(&plain),
            None => plain,
        };
        clean.chars().take(300).collect()
    }

    /// What a status that is no success means.
    fn refusal(&self, reply: &Reply) -> Option<Fault> {
        let status = reply.status;
        if (200..300).contains(&status) {
            return None;
        }
        let said = self.scrub(&message(reply));
        let header = |name: &str| reply.headers.get(name).and_then(|v| v.to_str().ok());
        let id = header("x-request-id")
            .map_or(String::new(), |id| format!(" (request {})", self.scrub(id)));
        let said = format!("{status}: {said}{id}");
        let after = wait(&reply.headers);
        let again = header("x-should-retry");
        let quota = String::from_utf8_lossy(&reply.bytes).contains("insufficient_quota");
        Some(match status {
            429 if quota => Fault::Refused(said),
            // Whether it was paid is not told by who would have it again.
            _ if again == Some("true") && status < 500 && !matches!(status, 408 | 409) => {
                Fault::Later { said, after }
            }
            429 => Fault::Later { said, after },
            // A gateway says 503 as well of what it passed on: only who tells when to come again, or that it is
            // not ready yet, has done nothing.
            503 if again != Some("false") && (after.is_some() || not_ready(&message(reply))) => {
                Fault::Later { said, after }
            }
            408 | 409 | 500..=599 => Fault::Unknown(said),
            300..=399 => Fault::Refused(format!(
                "{said}; it redirects, which is not followed with a key"
            )),
            _ => Fault::Refused(said),
        })
    }
}

/// Whether a server says that it has not begun: its model is loading, or it has too much to do.
fn not_ready(said: &str) -> bool {
    let said = said.to_lowercase();
    [
        "loading model",
        "model is loading",
        "currently loading",
        "overloaded",
    ]
    .iter()
    .any(|w| said.contains(w))
}

/// Whether requests to an address go through a proxy, as the environment says.
fn proxied(at: &Url) -> bool {
    let own = format!("{}_proxy", at.scheme());
    [own.as_str(), "all_proxy"].iter().any(|name| {
        let set = |name: &str| std::env::var_os(name).is_some_and(|v| !v.is_empty());
        set(name) || set(&name.to_uppercase())
    })
}

/// So long nothing may come of a result.
const SILENCE: Duration = Duration::from_secs(60);
/// So long a result may take in all.
const LONGEST_FETCH: Duration = Duration::from_secs(3600);

/// What came of a file before it broke off, and the mark its server gave it.
#[derive(Default)]
struct Part {
    bytes: Vec<u8>,
    mark: Option<HeaderValue>,
}

/// Decodes base64, whatever white space is in it.
pub(super) fn decoded(text: &str) -> Result<Vec<u8>, Fault> {
    use base64::Engine;
    let clean: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    let engine = base64::engine::general_purpose::STANDARD;
    engine.decode(clean.as_bytes()).map_err(|e| Fault::Broken {
        said: format!("base64 that is none: {e}"),
        raw: Vec::new(),
    })
}

/// As a data address.
pub(super) fn data(bytes: &[u8]) -> String {
    use base64::Engine;
    let kind = if bytes.starts_with(&[0xff, 0xd8]) {
        "jpeg"
    } else {
        "png"
    };
    let text = base64::engine::general_purpose::STANDARD.encode(bytes);
    format!("data:image/{kind};base64,{text}")
}

/// The innermost reason, without the address.
fn reason(e: &reqwest::Error) -> String {
    let mut source = Error::source(e);
    let mut last = match source {
        None if e.is_timeout() => return "it took too long".to_owned(),
        None => return "the connection failed".to_owned(),
        Some(s) => s.to_string(),
    };
    while let Some(s) = source {
        last = s.to_string();
        source = s.source();
    }
    if e.is_timeout() {
        last = format!("it took too long ({last})");
    }
    last
}

/// What a reply says in words, whatever its shape.
fn message(reply: &Reply) -> String {
    let text = String::from_utf8_lossy(&reply.bytes);
    let value: Value = serde_json::from_str(&text).unwrap_or(Value::Null);
    let found = [
        "/error/message",
        "/error",
        "/detail/message",
        "/detail/0/msg",
        "/detail",
        "/message",
        "/title",
    ]
    .iter()
    .find_map(|at| value.pointer(at)?.as_str().map(str::to_owned));
    let said = found.unwrap_or_else(|| match text.trim_start().starts_with('<') {
        true => "it answered with a web page".to_owned(),
        false => text.trim().to_owned(),
    });
    match (said.is_empty(), refused_inputs(&value)) {
        (_, Some(inputs)) => format!("{said}: {inputs}"),
        (true, None) => "no reason given".to_owned(),
        (false, None) => said,
    }
}

/// Which inputs of a graph were refused, by node: `node 4 (CheckpointLoaderSimple): Value not in list`.
fn refused_inputs(answer: &Value) -> Option<String> {
    let nodes = answer.get("node_errors")?.as_object()?;
    let each = nodes.iter().flat_map(|(id, node)| {
        let class = node["class_type"].as_str().unwrap_or_default();
        let errors = node["errors"].as_array().into_iter().flatten();
        errors.map(move |e| {
            let part = |name: &str| e[name].as_str().unwrap_or_default();
            format!(
                "node {id} ({class}): {}, {}",
                part("message"),
                part("details")
            )
        })
    });
    Some(each.collect::<Vec<_>>().join("; ")).filter(|all| !all.is_empty())
}

/// How long to wait, as the headers say: milliseconds, seconds, or a date.
fn wait(headers: &HeaderMap) -> Option<Duration> {
    let text = |name: &str| {
        headers
            .get(name)?
            .to_str()
            .ok()
            .map(|t| t.trim().to_owned())
    };
    let seconds = |s: f64| Duration::try_from_secs_f64(s).ok();
    if let Some(ms) = text("retry-after-ms").and_then(|t| t.parse::<f64>().ok()) {
        return seconds(ms / 1000.0);
    }
    let after = text("retry-after")?;
    if let Ok(s) = after.parse::<f64>() {
        return seconds(s);
    }
    let at = jiff::fmt::rfc2822::parse(&after).ok()?.timestamp();
    seconds((at.as_second() - jiff::Timestamp::now().as_second()).max(0) as f64)
}

fn is_link_local(ip: IpAddr) -> bool {
    match ip {
        IpAddr::V4(ip) => ip.is_link_local(),
        IpAddr::V6(ip) => match ip.to_ipv4_mapped().or_else(|| translated(ip)) {
            Some(v4) => v4.is_link_local(),
            None => ip.is_unicast_link_local(),
        },
    }
}

/// Whether no answer may name an address. A private network is its own affair, but for what machines in a cloud are
/// told there.
fn is_refused(ip: IpAddr, from_private: bool) -> bool {
    match from_private {
        true => is_link_local(ip),
        false => is_private(ip),
    }
}

fn is_private(ip: IpAddr) -> bool {
    match ip {
        IpAddr::V4(ip) => {
            ip.is_private()
                || ip.is_loopback()
                || ip.is_link_local()
                || ip.is_unspecified()
                || ip.is_broadcast()
                || ip.octets()[0] == 100 && (64..128).contains(&ip.octets()[1])
        }
        IpAddr::V6(ip) => match ip.to_ipv4_mapped().or_else(|| translated(ip)) {
            Some(v4) => is_private(IpAddr::V4(v4)),
            None => {
                ip.is_loopback()
                    || ip.is_unspecified()
                    || ip.is_unique_local()
                    || ip.is_unicast_link_local()
            }
        },
    }
}

/// The address of version 4 that one of version 6 leads to where a network translates them (RFC 6052).
fn translated(ip: std::net::Ipv6Addr) -> Option<std::net::Ipv4Addr> {
    let [0x64, 0xff9b, 0, 0, 0, 0, high, low] = ip.segments() else {
        return None;
    };
    Some((u32::from(high) << 16 | u32::from(low)).into())
}

impl Reply {
    /// # Errors
    /// What is no JSON, kept for the record.
    pub(super) fn json(&self) -> Result<Value, Fault> {
        serde_json::from_slice(&self.bytes).map_err(|e| {
            let page = self.bytes.trim_ascii_start().starts_with(b"<");
            let said = match page {
                true => "a web page instead of JSON".to_owned(),
                false => format!("JSON that is none: {e}"),
            };
            Fault::Broken {
                said,
                raw: self.bytes.clone(),
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(&'static str, &str)]) -> HeaderMap {
        let pair = |(k, v): &(&'static str, &str)| {
            (
                reqwest::header::HeaderName::from_static(k),
                HeaderValue::from_str(v).unwrap(),
            )
        };
        pairs.iter().map(pair).collect()
    }

    #[tokio::test]
    async fn a_name_that_means_this_machine_is_not_connected_to() {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let at = format!(
            "http://localhost:{}/x",
            listener.local_addr().unwrap().port()
        );
        let through = |from_private| connections(Way::Strange { from_private }, true).unwrap();
        let refused = through(false).get(&at).send().await.unwrap_err();
        let host = Forbidden::of(&refused).map(|f| f.0.as_str());
        assert_eq!(host, Some("localhost"), "{refused:?}");
        // Who is at home may be visited by those at home.
        let (visited, came) = tokio::join!(
            async { listener.accept().await.map(drop) },
            through(true).get(&at).send(),
        );
        assert!(visited.is_ok() && came.is_err(), "hung up on, but visited");
    }

    #[test]
    fn waits_are_read_in_all_their_shapes() {
        let ms = |h: &[(&'static str, &str)]| wait(&headers(h)).map(|d| d.as_millis());
        assert_eq!(ms(&[("retry-after-ms", "250")]), Some(250));
        assert_eq!(ms(&[("retry-after", "1.5")]), Some(1500));
        assert_eq!(
            ms(&[("retry-after", "Wed, 21 Oct 2015 07:28:00 GMT")]),
            Some(0)
        );
        assert_eq!(ms(&[("retry-after", "soon")]), None);
        assert_eq!(ms(&[("retry-after", "-3")]), None);
    }

    #[test]
    fn private_addresses_are_known() {
        for ip in [
            "64:ff9b::7f00:1",
            "127.0.0.1",
            "10.1.2.3",
            "192.168.0.1",
            "169.254.169.254",
            "100.64.0.1",
            "::1",
            "fd00::1",
            "::ffff:127.0.0.1",
        ] {
            assert!(is_private(ip.parse().unwrap()), "{ip}");
        }
        for ip in ["1.1.1.1", "100.128.0.1", "2606:4700::1111"] {
            assert!(!is_private(ip.parse().unwrap()), "{ip}");
        }
    }
}
