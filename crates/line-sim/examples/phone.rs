//! A small town to look at by hand: prints the addresses and runs until interrupted. The product's own command is `tsunagari line-sim`.

use tsunagari_line_sim::{LineSim, Setup, SimConfig};

const TOWN: &str = r#"{
  "providers": [{"id": "p-hillside", "name": "益田市"}],
  "messaging_channels": [{"id": "1000000001", "provider": "p-hillside", "name": "益田市 つながり", "basic_id": "hillside",
    "secret": "0123456789abcdef0123456789abcdef", "access_token": "demo-token", "quota": {"type": "limited", "value": 5000}}],
  "login_channels": [{"id": "2000000001", "provider": "p-hillside", "name": "益田市 マイページ", "secret": "fedcba9876543210fedcba9876543210",
    "callbacks": ["http://localhost:8080/p/callback"], "linked_account": "1000000001"}],
  "users": [{"handle": "hanako", "name": "石見 花子"}, {"handle": "taro", "name": "高津 太郎"}],
  "friendships": [{"user": "hanako", "channel": "1000000001", "standing": "friend"}]
}"#;

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let listen = std::env::args().nth(1).unwrap_or_else(|| "127.0.0.1:8090".into()).parse()?;
    let handle = LineSim::start(SimConfig { listen, seed: Some(1), ..SimConfig::default() }).await?;
    handle.sim.set_up(&serde_json::from_str::<Setup>(TOWN)?)?;
    println!("{}/  {}", handle.base_url(), handle.sim.phone_url("hanako"));
    handle.serve().await;
    Ok(())
}
