//! How much is done at once. Under more load than the machine bears, the rest is told at once to come back (503 with
//! `Retry-After`) instead of making everybody wait: what is admitted stays quick and memory stays bounded. Pages, uploads,
//! webhooks and other machines have rooms of their own, so that a rush of residents keeps no webhook out. Who begins to join
//! is turned away before who has given half the answers. Leaves limits per account and per address to `access` and the acts.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::{Method, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::problem::AppError;

/// Bodies larger than this many bytes are uploads: they fill the memory while they are read.
const UPLOAD: u64 = 1 << 20;
/// Bodies of webhooks larger than this many bytes are refused; an event of LINE's takes one or two thousand.
pub const LARGEST_WEBHOOK: usize = 1 << 20;
/// What the bodies of webhooks at work may take together.
const WEBHOOK_MEMORY: usize = 128 << 20;
/// Webhooks that wait hold a connection and no body, some ten kilobytes each. LINE sends a refused event again only where
/// redelivery is on, minutes later: so nearly all are let wait, and a burst of this many is answered within some seconds.
const WEBHOOKS_WAITING: usize = 4_096;
/// Told to those who find no room, in seconds.
const COME_BACK: u32 = 5;

/// Who comes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Comes {
    /// To begin: nothing is lost when they come back later.
    New,
    /// With something under way.
    Again,
}

/// One room: so many at work, so many waiting, the rest turned away.
#[derive(Clone)]
pub struct Room {
    inside: Arc<Semaphore>,
    doors: Arc<Semaphore>,
    kept: usize,
}

impl Room {
    /// With places for some at work and some waiting.
    pub fn of(at_work: usize, waiting: usize) -> Self {
        let (inside, doors) = (Semaphore::new(at_work), Semaphore::new(at_work + waiting));
        Self { inside: Arc::new(inside), doors: Arc::new(doors), kept: 0 }
    }

    /// The same, with so many of its places kept for those who have something under way.
    #[must_use]
    pub fn keeping(self, kept: usize) -> Self {
        Self { kept, ..self }
    }

    /// A place, after waiting for it; nothing when even the waiting places are taken.
    async fn enter(&self, who: Comes) -> Option<(OwnedSemaphorePermit, OwnedSemaphorePermit)> {
        // Two at once may both see the last free place: one of them then takes a kept one, which is harmless.
        if who == Comes::New && self.doors.available_permits() <= self.kept {
            return None;
        }
        let door = self.doors.clone().try_acquire_owned().ok()?;
        let inside = self.inside.clone().acquire_owned().await.ok()?;
        Some((door, inside))
    }
}

/// The rooms of the web side.
#[derive(Clone)]
pub struct Rooms {
    /// Pages and forms.
    pub pages: Room,
    /// Files coming in.
    pub uploads: Room,
    /// Webhooks.
    pub webhooks: Room,
    /// One-click addresses.
    pub machines: Room,
}

impl Rooms {
    /// For the smallest machine that is supported (2 cores, 1 GB): a page takes a few milliseconds, so 64 at work keep both
    /// cores busy and 192 waiting are answered within a second, half of all within half a second: who begins is let in as
    /// long as that holds. Three files of the largest size fit the memory.
    pub fn usual() -> Self {
        Self {
            pages: Room::of(64, 192).keeping(128),
            uploads: Room::of(3, 3),
            webhooks: Room::of(WEBHOOK_MEMORY / LARGEST_WEBHOOK, WEBHOOKS_WAITING),
            machines: Room::of(64, 192),
        }
    }
}

fn is_upload(request: &Request) -> bool {
    let text = |name| request.headers().get(name).and_then(|value| value.to_str().ok());
    let length = text(header::CONTENT_LENGTH).and_then(|it| it.parse::<u64>().ok());
    let file = text(header::CONTENT_TYPE).is_some_and(|it| it.starts_with("multipart/"));
    // A file of unknown length may be of any length.
    *request.method() == Method::POST && length.map_or(file, |length| length > UPLOAD)
}

/// Whether a page is one at which residents begin: a slip's or a town's first. The form that follows it is under way.
fn comes(request: &Request) -> Comes {
    let path = request.uri().path();
    let town = path.strip_prefix("/p/").is_some_and(|code| !code.contains('/'));
    if town || path.starts_with("/j/") { Comes::New } else { Comes::Again }
}

/// Lets a page's request in or turns it away. Use with `axum::middleware::from_fn_with_state`.
pub async fn pages(State(rooms): State<Rooms>, request: Request, next: Next) -> Response {
    // Whoever watches the process must be answered, or it is taken for dead when it is only busy.
    if request.uri().path().starts_with("/health/") {
        return next.run(request).await;
    }
    let room = if is_upload(&request) { &rooms.uploads } else { &rooms.pages };
    within(room, comes(&request), request, next).await
}

/// The same for what other machines post.
pub async fn machines(State(rooms): State<Rooms>, request: Request, next: Next) -> Response {
    let room = if request.uri().path().starts_with("/hooks/") { &rooms.webhooks } else { &rooms.machines };
    within(room, Comes::Again, request, next).await
}

async fn within(room: &Room, who: Comes, request: Request, next: Next) -> Response {
    match room.enter(who).await {
        Some(_place) => next.run(request).await,
        None => {
            metrics::counter!("tsunagari_http_turned_away_total").increment(1);
            AppError::Busy(COME_BACK).into_response()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn those_beyond_the_waiting_places_are_turned_away_and_a_place_left_is_a_place_free() {
        let room = Room::of(2, 1);
        let (first, second) = (room.enter(Comes::Again).await, room.enter(Comes::Again).await);
        assert!(first.is_some() && second.is_some());
        let waiting = tokio::spawn({
            let room = room.clone();
            async move { room.enter(Comes::Again).await.is_some() }
        });
        while room.doors.available_permits() > 0 {
            tokio::task::yield_now().await;
        }
        assert!(room.enter(Comes::Again).await.is_none(), "the fourth finds no place");
        drop(first);
        assert!(waiting.await.unwrap(), "the third came in");
        assert!(room.enter(Comes::Again).await.is_some());
    }

    #[tokio::test]
    async fn some_places_are_kept_for_those_who_have_something_under_way() {
        let room = Room::of(3, 0).keeping(2);
        let begun = room.enter(Comes::New).await;
        assert!(begun.is_some());
        assert!(room.enter(Comes::New).await.is_none(), "only kept places are left");
        let on_the_way = (room.enter(Comes::Again).await, room.enter(Comes::Again).await);
        assert!(on_the_way.0.is_some() && on_the_way.1.is_some());
        drop((begun, on_the_way));
        assert!(room.enter(Comes::New).await.is_some());
    }

    #[test]
    fn a_first_page_is_where_one_begins() {
        let of = |path: &str| comes(&Request::builder().uri(path).body(axum::body::Body::empty()).unwrap());
        for path in ["/j/abc", "/p/322041"] {
            assert_eq!(of(path), Comes::New, "{path}");
        }
        for path in ["/p/322041/join", "/p/322041/join/name", "/me", "/office", "/"] {
            assert_eq!(of(path), Comes::Again, "{path}");
        }
    }

    #[test]
    fn a_large_body_or_a_file_of_unknown_length_is_an_upload() {
        let posted = |name: &'static str, value: &'static str| {
            let request = Request::post("/").header(name, value).body(axum::body::Body::empty()).unwrap();
            is_upload(&request)
        };
        assert!(posted("content-length", "2000000") && posted("content-type", "multipart/form-data; boundary=x"));
        assert!(!posted("content-length", "2000") && !posted("content-type", "application/x-www-form-urlencoded"));
    }
}
