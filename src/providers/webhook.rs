//! Posts an event to somebody's address, signed, and tries again where that may help.

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use std::time::Duration;

/// Tries before an event is given up.
const TRIES: u32 = 4;

/// The signature's header: `sha256=` and the HMAC-SHA256 of the body in hexadecimal digits.
pub const SIGNATURE: &str = "x-greenlight-signature";

/// Signs a body with a secret.
pub fn signature(secret: &[u8], body: &[u8]) -> String {
    // HMAC takes keys of any length.
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(secret) else {
        return String::new();
    };
    mac.update(body);
    let digest = mac.finalize().into_bytes();
    let hex: String = digest.iter().map(|b| format!("{b:02x}")).collect();
    format!("sha256={hex}")
}

/// Posts a body; returns why it could not be delivered.
pub async fn post(
    client: &reqwest::Client,
    url: &str,
    secret: Option<&str>,
    body: &str,
) -> Result<(), String> {
    let mut last = String::new();
    for attempt in 0..TRIES {
        if attempt > 0 {
            tokio::time::sleep(Duration::from_millis(250 << attempt)).await;
        }
        let mut request = client
            .post(url)
            .timeout(Duration::from_secs(10))
            .header("content-type", "application/json")
            .header(
                "user-agent",
                concat!("greenlight/", env!("CARGO_PKG_VERSION")),
            );
        if let Some(secret) = secret {
            request = request.header(SIGNATURE, signature(secret.as_bytes(), body.as_bytes()));
        }
        match request.body(body.to_owned()).send().await {
            Ok(answer) if answer.status().is_success() => return Ok(()),
            Ok(answer) => {
                let status = answer.status();
                last = format!("it answered {status}");
                let again = status.is_server_error() || status.as_u16() == 429;
                if !again {
                    break;
                }
            }
            // The address may hold a token: only the host is ever named.
            Err(e) => last = e.without_url().to_string(),
        }
    }
    Err(last)
}

#[cfg(test)]
mod tests {
    /// RFC 4231, test case 2.
    #[test]
    fn signatures_are_hmac_sha256() {
        assert_eq!(
            super::signature(b"Jefe", b"what do ya want for nothing?"),
            "sha256=5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
        );
    }
}
