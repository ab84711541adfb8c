//! A small ESMTP server (RFC 5321) with pipelining, 8BITMIME, SMTPUTF8 and SIZE. No TLS, no AUTH: loopback only.
//! Leaves what happens to a mail to `store` and `dsn`.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};

use crate::behaviour::{At, Behaviour};
use crate::dsn;
use crate::store::{Bounce, Store};

const SIZE_MAX: usize = 20 * 1024 * 1024;
const LINE_MAX: u64 = 16 * 1024;
const RECIPIENTS_MAX: usize = 100;

/// Takes connections for ever.
pub(crate) async fn serve(listener: TcpListener, store: Arc<Store>) {
    loop {
        match listener.accept().await {
            Ok((stream, _)) => {
                let store = Arc::clone(&store);
                tokio::spawn(async move {
                    if let Err(error) = Session::on(stream, store).run().await {
                        tracing::debug!(%error, "smtp session ended");
                    }
                });
            }
            // Out of descriptors: let the sessions that hold them end first.
            Err(_) => tokio::time::sleep(Duration::from_millis(20)).await,
        }
    }
}

#[derive(Default)]
struct Transaction {
    from: Option<String>,
    to: Vec<String>,
}

enum Then {
    GoOn,
    Close,
    /// Nothing is said any more, until the client gives up.
    Hang,
}

struct Session {
    reader: BufReader<OwnedReadHalf>,
    writer: OwnedWriteHalf,
    store: Arc<Store>,
    now: Transaction,
    replies: Vec<u8>,
}

impl Session {
    fn on(stream: TcpStream, store: Arc<Store>) -> Self {
        // Replies are small and waited for; Nagle would add 40 ms to each.
        let _ = stream.set_nodelay(true);
        let (reader, writer) = stream.into_split();
        Self {
            reader: BufReader::with_capacity(64 * 1024, reader),
            writer,
            store,
            now: Transaction::default(),
            replies: Vec::new(),
        }
    }

    async fn run(mut self) -> io::Result<()> {
        self.say("220 mail-sim.localhost ESMTP tsunagari mail simulator");
        loop {
            // Pipelining: answers go out together once everything that came has been read.
            if self.reader.buffer().is_empty() {
                self.flush().await?;
            }
            let Some(line) = self.line().await? else { return Ok(()) };
            let text = String::from_utf8_lossy(&line).trim_end().to_owned();
            let verb = text.split([' ', ':']).next().unwrap_or_default().to_ascii_uppercase();
            let then = match verb.as_str() {
                "EHLO" => self.ehlo(),
                "HELO" => self.reset_and_say("250 mail-sim.localhost"),
                "MAIL" => self.mail(&text),
                "RCPT" => self.rcpt(&text),
                "DATA" => self.data().await?,
                "RSET" => self.reset_and_say("250 2.0.0 reset"),
                "NOOP" => self.say("250 2.0.0 ok"),
                "VRFY" => self.say("252 2.5.0 send some mail"),
                "QUIT" => {
                    self.say("221 2.0.0 bye");
                    Then::Close
                }
                _ => self.say("500 5.5.2 command unknown"),
            };
            match then {
                Then::GoOn => {}
                Then::Close => return self.flush().await,
                Then::Hang => {
                    tokio::io::copy(&mut self.reader, &mut tokio::io::sink()).await?;
                    return Ok(());
                }
            }
        }
    }

    fn say(&mut self, line: &str) -> Then {
        self.replies.extend_from_slice(line.as_bytes());
        self.replies.extend_from_slice(b"\r\n");
        Then::GoOn
    }

    /// What was ordered for an address at a step: a refusal, or silence.
    fn ordered(&mut self, address: &str, now: At) -> Option<Then> {
        match self.store.behaviour_for(address)? {
            Behaviour::Refuse { at, code, status } if at == now => {
                let status = status.map(|[class, subject, detail]| format!("{class}.{subject}.{detail} "));
                Some(self.say(&format!("{code} {}refused as ordered", status.unwrap_or_default())))
            }
            Behaviour::Hang(at) if at == now => Some(Then::Hang),
            _ => None,
        }
    }

    fn reset_and_say(&mut self, line: &str) -> Then {
        self.now = Transaction::default();
        self.say(line)
    }

    async fn flush(&mut self) -> io::Result<()> {
        self.writer.write_all(&self.replies).await?;
        self.replies.clear();
        Ok(())
    }

    async fn line(&mut self) -> io::Result<Option<Vec<u8>>> {
        let mut line = Vec::new();
        (&mut self.reader).take(LINE_MAX).read_until(b'\n', &mut line).await?;
        match line.last() {
            None => Ok(None),
            Some(b'\n') => Ok(Some(line)),
            Some(_) => Err(io::Error::new(io::ErrorKind::InvalidData, "line too long or cut off")),
        }
    }

    fn ehlo(&mut self) -> Then {
        self.now = Transaction::default();
        let size = format!("250-SIZE {SIZE_MAX}");
        for line in ["250-mail-sim.localhost", "250-PIPELINING", "250-8BITMIME", "250-SMTPUTF8", &size] {
            self.say(line);
        }
        self.say("250 ENHANCEDSTATUSCODES")
    }

    fn mail(&mut self, text: &str) -> Then {
        let too_big = text
            .to_ascii_uppercase()
            .split_whitespace()
            .filter_map(|word| word.strip_prefix("SIZE=")?.parse::<usize>().ok())
            .any(|size| size > SIZE_MAX);
        match path(text) {
            _ if too_big => self.say("552 5.3.4 message too big"),
            _ if self.now.from.is_some() => self.say("503 5.5.1 sender already given"),
            Some(from) => {
                if let Some(ordered) = self.ordered(&from, At::Sender) {
                    return ordered;
                }
                self.now.from = Some(from);
                self.say("250 2.1.0 ok")
            }
            None => self.say("501 5.5.4 MAIL FROM:<address>"),
        }
    }

    fn rcpt(&mut self, text: &str) -> Then {
        if self.now.from.is_none() {
            return self.say("503 5.5.1 MAIL first");
        }
        let Some(to) = path(text).filter(|to| to.contains('@')) else {
            return self.say("501 5.1.3 RCPT TO:<address>");
        };
        if let Some(ordered) = self.ordered(&to, At::Recipient) {
            return ordered;
        }
        match self.store.behaviour_for(&to) {
            Some(Behaviour::Hard) => self.say("550 5.1.1 user unknown"),
            Some(Behaviour::Soft) => self.say("450 4.2.0 try again later"),
            _ if self.now.to.len() >= RECIPIENTS_MAX => self.say("452 4.5.3 too many recipients"),
            _ => {
                self.now.to.push(to);
                self.say("250 2.1.5 ok")
            }
        }
    }

    async fn data(&mut self) -> io::Result<Then> {
        let Transaction { from: Some(from), to } = std::mem::take(&mut self.now) else {
            return Ok(self.say("503 5.5.1 MAIL first"));
        };
        if to.is_empty() {
            return Ok(self.say("554 5.5.1 no valid recipients"));
        }
        if let Some(ordered) = to.iter().find_map(|to| self.ordered(to, At::Data)) {
            return Ok(ordered);
        }
        self.say("354 end with <CRLF>.<CRLF>");
        self.flush().await?;
        let Some(raw) = self.content().await? else {
            return Ok(self.say("552 5.3.4 message too big"));
        };
        if let Some(ordered) = to.iter().find_map(|to| self.ordered(to, At::Dot)) {
            return Ok(ordered);
        }
        let mut last = 0;
        let mut cut = false;
        for to in &to {
            let behaviour = self.store.behaviour_for(to);
            if let Some(Behaviour::Delay(millis)) = behaviour {
                tokio::time::sleep(Duration::from_millis(millis)).await;
            }
            if behaviour != Some(Behaviour::LoseAfterDot) {
                last = self.store.keep(&from, to, raw.clone());
            }
            cut |= matches!(behaviour, Some(Behaviour::CutAfterDot | Behaviour::LoseAfterDot));
            if let Some(notice) = behaviour.and_then(|how| dsn::notification(how, &from, to, &raw)) {
                self.store.bounce(Bounce { to: from.clone(), raw: notice });
            }
        }
        if cut {
            self.replies.clear();
            return Ok(Then::Close);
        }
        Ok(self.say(&format!("250 2.0.0 ok queued as sim-{last}")))
    }

    /// The mail up to the lone dot, dots unstuffed; `None` when it was too big (and has been read to its end).
    async fn content(&mut self) -> io::Result<Option<Vec<u8>>> {
        let mut raw = Vec::new();
        let mut too_big = false;
        loop {
            let mut line = Vec::new();
            // Mail may have longer lines than commands; only the whole is limited.
            (&mut self.reader).take(SIZE_MAX as u64 + 3).read_until(b'\n', &mut line).await?;
            if line.last() != Some(&b'\n') {
                return Err(io::Error::new(io::ErrorKind::UnexpectedEof, "cut off within DATA"));
            }
            if line == b".\r\n" || line == b".\n" {
                return Ok((!too_big).then_some(raw));
            }
            let kept = if line.first() == Some(&b'.') { &line[1..] } else { &line[..] };
            too_big |= raw.len() + kept.len() > SIZE_MAX;
            if !too_big {
                raw.extend_from_slice(kept);
            }
        }
    }
}

/// The address between angle brackets, quotes around the local part taken off: `"a..b"@x` is the mailbox a..b@x.
fn path(text: &str) -> Option<String> {
    let inner = text.split_once('<')?.1;
    let end = inner.rfind('>')?;
    let address = &inner[..end];
    match address.rsplit_once('@') {
        Some((local, domain)) => {
            let bare = local.strip_prefix('"').and_then(|local| local.strip_suffix('"')).unwrap_or(local);
            Some(format!("{}@{domain}", bare.replace("\\", "")))
        }
        None => Some(address.to_owned()),
    }
}
