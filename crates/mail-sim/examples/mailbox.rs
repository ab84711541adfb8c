//! Runs the post office alone: `cargo run -p tsunagari-mail-sim --example mailbox`.

use std::net::SocketAddr;

use tsunagari_mail_sim::MailSim;

#[tokio::main]
async fn main() -> std::io::Result<()> {
    let sim =
        MailSim::start(SocketAddr::from(([127, 0, 0, 1], 8092)), SocketAddr::from(([127, 0, 0, 1], 8091))).await?;
    println!("mailbox http://{}/  smtp {}", sim.http_addr(), sim.smtp_addr());
    std::future::pending().await
}
