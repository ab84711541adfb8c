//! The official Python SDK as the second opinion: it drives the simulator and parses its webhooks.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that cannot go on stops")]

mod stage;

use serde_json::{Value, json};
use stage::*;

const HOW: &str = "the official Python SDK is missing: run `cargo xtask test`, which makes the environment and sets TSUNAGARI_PY_VENV, or do it \
    by hand: python3 -m venv DIR && DIR/bin/pip install line-bot-sdk && TSUNAGARI_PY_VENV=DIR cargo test -p tsunagari-line-sim --test sdk";

fn python() -> std::path::PathBuf {
    let venv = std::env::var_os("TSUNAGARI_PY_VENV").expect(HOW);
    let python = std::path::Path::new(&venv).join("bin/python");
    assert!(python.exists(), "{HOW}");
    python
}

#[tokio::test]
async fn the_official_python_sdk_drives_it_and_parses_its_webhooks() {
    let python = python();
    let s = stage().await;
    let (url, mut inbox) = receiver(0).await;
    let set = s.http.put(s.url("/v2/bot/channel/webhook/endpoint")).bearer_auth(TOKEN).json(&json!({"endpoint": url}));
    assert_eq!(set.send().await.unwrap().status(), 200);
    for deed in [
        json!({"do": "text", "text": "相談"}),
        json!({"do": "postback", "data": "a"}),
        json!({"do": "picture"}),
        json!({"do": "block"}),
        json!({"do": "follow"}),
    ] {
        let mut deed = deed;
        deed["user"] = json!("hanako");
        deed["channel"] = json!(CHANNEL);
        s.control("/_sim/deed", &deed).await;
        s.sim().sender().idle().await;
    }
    let mut lines = String::new();
    while let Ok(got) = inbox.try_recv() {
        let line = json!({"signature": got.signature, "body": String::from_utf8(got.body).unwrap()});
        lines.push_str(&format!("{line}\n"));
    }
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("webhooks");
    std::fs::write(&file, lines).unwrap();
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/python/sdk_drive.py");
    let mut run = tokio::process::Command::new(python);
    run.arg(script).args([s.handle.base_url(), TOKEN, SECRET, &s.id("hanako")]).arg(&file);
    let done = run.output().await.unwrap();
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    let seen: Value = serde_json::from_slice(&done.stdout).unwrap();
    let want = json!({
        "sent": 2, "name": "花子", "quota": "none", "used": 2, "followers": [s.id("hanako")], "bot": "益田市", "link": true,
        "endpoint": "https://example.jp/line", "menu": true,
        "refused": [[400, "The request body has 1 error(s)"], [400, "Failed to send messages"]],
        "replay": [409, true],
        "events": ["MessageEvent", "PostbackEvent", "MessageEvent", "UnfollowEvent", "FollowEvent"],
    });
    assert_eq!(seen, want);
}
