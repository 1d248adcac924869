//! Whether a configured provider answers at all: what `doctor` asks before anything is paid.

use crate::config::Provider;
use std::time::Duration;

/// What became of a knock at a provider's door.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reached {
    /// It needs no network.
    Local,
    Answered {
        status: u16,
    },
    NoKey {
        variable: String,
    },
    Silent {
        reason: String,
    },
}

/// Knocks once, without sending a key or a request that could cost anything.
pub async fn knock(provider: &Provider) -> Reached {
    if provider.kind == "animatic" {
        return Reached::Local;
    }
    if let Some(variable) = &provider.api_key_env
        && std::env::var_os(variable).is_none_or(|v| v.is_empty())
    {
        return Reached::NoKey {
            variable: variable.clone(),
        };
    }
    let Some(url) = &provider.base_url else {
        return Reached::Silent {
            reason: "no base_url is set".to_owned(),
        };
    };
    let silent = |e: &dyn std::error::Error| Reached::Silent {
        reason: e
            .source()
            .map_or_else(|| e.to_string(), ToString::to_string),
    };
    let mut builder = reqwest::Client::builder()
        .connect_timeout(Duration::from_secs(5))
        .timeout(Duration::from_secs(10))
        .redirect(reqwest::redirect::Policy::none());
    // A proxy from the environment would catch the loopback too.
    if url.contains("//127.0.0.1") || url.contains("//localhost") || url.contains("//[::1]") {
        builder = builder.no_proxy();
    }
    let client = match builder.build() {
        Ok(client) => client,
        // Without CA certificates plain HTTP still works.
        Err(_) if url.starts_with("http://") => match reqwest::Client::builder()
            .tls_certs_only([])
            .no_proxy()
            .timeout(Duration::from_secs(10))
            .build()
        {
            Ok(client) => client,
            Err(e) => return silent(&e),
        },
        Err(e) => return silent(&e),
    };
    match client.get(url.as_str()).send().await {
        Ok(answer) => Reached::Answered {
            status: answer.status().as_u16(),
        },
        Err(e) => silent(&e),
    }
}
