//! The library of pictures and films for messages: the list, bringing one in, and the public address LINE and phones load
//! them from (an unguessable name; parts of a film on demand). Leaves re-encoding to the act.

use std::io::SeekFrom;

use askama::Template;
use axum::Extension;
use axum::body::Body;
use axum::extract::{Path, Query, State};
use axum::http::header::{
    ACCEPT_RANGES, CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_LENGTH, CONTENT_RANGE, CONTENT_TYPE, RANGE,
};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use tokio::io::{AsyncReadExt, AsyncSeekExt};
use tsunagari_access::Code;
use tsunagari_acts::upload_media::{MOST_VIDEO, Upload, upload_media};
use tsunagari_kernel::{MediaId, Timestamp, UserId};
use tsunagari_storage::media::Media;

use super::{News, Wrong, framed, onward, settle};
use crate::office::desk::Desk;
use crate::routes::{Needs, Routes};
use crate::sent_file::SentFile;
use crate::sentences::unreadable;
use crate::shell::components::{Empty, ErrorSummary, Field, FileDrop};
use crate::shell::{AppError, Sample, Shell, page, page_with_status};
use crate::state::WebState;

/// The routes.
pub fn routes(routes: Routes) -> Routes {
    let needs = Needs::Permission(Code::WriteMessages);
    routes
        .get("/office/media", needs, show)
        .post("/office/media", needs, take)
        .get("/media/{name}", Needs::Nothing, whole)
        .get("/media/{name}/preview", Needs::Nothing, preview)
}

struct Item {
    title: String,
    preview: Option<String>,
    href: String,
    words: String,
}

#[derive(Template)]
#[template(path = "office/settings/media.html")]
struct MediaPage {
    shell: Shell,
    errors: ErrorSummary,
    items: Vec<Item>,
    empty: Empty,
    title: Field,
    file: FileDrop,
}

impl MediaPage {
    fn of(shell: Shell, all: &[Media], typed: &str, wrong: &Wrong) -> Self {
        let t = shell.t;
        let item = |it: &Media| Item {
            title: it.title.clone(),
            preview: (it.kind == "image").then(|| format!("/media/{}/preview", it.public_name)),
            href: format!("/media/{}", it.public_name),
            words: t.with(
                format!("settings-media-{}", it.kind),
                &[
                    ("kb", ((it.bytes + 1_023) / 1_024).into()),
                    ("width", it.width.unwrap_or(0).into()),
                    ("height", it.height.unwrap_or(0).into()),
                    ("day", t.date(it.created_at.jst_date()).into()),
                ],
            ),
        };
        Self {
            errors: wrong.summary(t),
            items: all.iter().map(item).collect(),
            empty: Empty::of("upload", t.get("settings-media-empty"), t.get("settings-media-empty.text")),
            title: Field::text(t, "title", t.get("settings-media-title"))
                .value(typed)
                .hint(t.get("settings-media-title.hint"))
                .error(wrong.at("title"))
                .max(80)
                .required(),
            file: FileDrop::of(t, "file", t.get("settings-media-file"), ".jpg,.jpeg,.png,.mp4")
                .hint(t.get("settings-media-file.hint"))
                .error(wrong.at("file")),
            shell,
        }
    }
}

impl Sample for MediaPage {
    fn samples(shell: Shell) -> Vec<Self> {
        let media = |kind: &str| Media {
            id: MediaId(uuid::Uuid::nil()),
            kind: kind.into(),
            mime: "image/jpeg".into(),
            bytes: 412_000,
            sha256: String::new(),
            file: String::new(),
            preview_file: None,
            width: Some(1_200),
            height: Some(630),
            title: "帰省イベント".into(),
            public_name: "abc".into(),
            created_by: UserId(uuid::Uuid::nil()),
            created_at: Timestamp::from_micros(1_773_600_000_000_000),
        };
        let none = Wrong::default();
        vec![Self::of(shell.clone(), &[], "", &none), Self::of(shell, &[media("image"), media("video")], "", &none)]
    }
}

async fn all(desk: &Desk) -> Result<Vec<Media>, AppError> {
    desk.here().read().await.map_err(unreadable)?.media_list().await.map_err(unreadable)
}

async fn show(Extension(desk): Extension<Desk>, Query(news): Query<News>) -> Result<Response, AppError> {
    Ok(page(&MediaPage::of(framed(&desk, &news), &all(&desk).await?, "", &Wrong::default())))
}

async fn take(Extension(desk): Extension<Desk>, sent: SentFile<MOST_VIDEO>) -> Result<Response, AppError> {
    let by = desk.grant()?;
    let title = sent.field("title").to_owned();
    let wrong = match sent.file {
        None => Wrong(vec![("file".into(), desk.t.get("refused-file-needed"))]),
        Some((_, bytes)) => {
            match settle(&desk, upload_media(&desk.house, &by, Upload { title: title.clone(), bytes }).await)? {
                Ok(_) => return Ok(onward("/office/media?done=uploaded")),
                Err(wrong) => wrong,
            }
        }
    };
    Ok(page_with_status(
        StatusCode::UNPROCESSABLE_ENTITY,
        &MediaPage::of(desk.shell(), &all(&desk).await?, &title, &wrong),
    ))
}

async fn found(state: &WebState, name: &str) -> Result<Media, AppError> {
    let route =
        state.house().store.platform().await.map_err(unreadable)?.media_route(name).await.map_err(unreadable)?;
    let (org, id) = route.ok_or(AppError::NotFound)?;
    let media = state.house().org(org).read().await.map_err(unreadable)?.media(id).await.map_err(unreadable)?;
    // Past its period the row stays without its file.
    if media.file.is_empty() { Err(AppError::NotFound) } else { Ok(media) }
}

async fn whole(
    State(state): State<WebState>,
    Path(name): Path<String>,
    headers: HeaderMap,
) -> Result<Response, AppError> {
    let media = found(&state, &name).await?;
    let mime = match media.mime.as_str() {
        "image/png" => "image/png",
        "video/mp4" => "video/mp4",
        _ => "image/jpeg",
    };
    serve(&state, &media.file, mime, &headers).await
}

async fn preview(
    State(state): State<WebState>,
    Path(name): Path<String>,
    headers: HeaderMap,
) -> Result<Response, AppError> {
    let media = found(&state, &name).await?;
    serve(&state, &media.preview_file.ok_or(AppError::NotFound)?, "image/jpeg", &headers).await
}

/// The bytes, or the part of them a player asks for (one range, RFC 9110 14).
async fn serve(state: &WebState, file: &str, mime: &'static str, headers: &HeaderMap) -> Result<Response, AppError> {
    let gone = |_| AppError::NotFound;
    let mut opened = tokio::fs::File::open(state.house().files.join(file)).await.map_err(gone)?;
    let length = opened.metadata().await.map_err(gone)?.len();
    let wanted = headers.get(RANGE).and_then(|value| value.to_str().ok()).and_then(|text| range(text, length));
    let (status, from, until) = match wanted {
        None => (StatusCode::OK, 0, length),
        Some((from, until)) => (StatusCode::PARTIAL_CONTENT, from, until),
    };
    opened.seek(SeekFrom::Start(from)).await.map_err(gone)?;
    let chunks = futures_util::stream::try_unfold((opened, until - from), async |(mut file, left)| {
        let mut chunk = vec![0; usize::try_from(left.min(64 * 1_024)).unwrap_or(0)];
        let n = file.read(&mut chunk).await?;
        chunk.truncate(n);
        let left = left - u64::try_from(n).unwrap_or(left);
        Ok::<_, std::io::Error>((n > 0).then_some((chunk, (file, left))))
    });
    let fixed = [
        (CONTENT_TYPE, mime.to_owned()),
        (CONTENT_LENGTH, (until - from).to_string()),
        (ACCEPT_RANGES, "bytes".to_owned()),
        (CONTENT_DISPOSITION, "inline".to_owned()),
        (CACHE_CONTROL, "public, max-age=86400, immutable".to_owned()),
    ];
    let mut response = (status, fixed, Body::from_stream(chunks)).into_response();
    if status == StatusCode::PARTIAL_CONTENT
        && let Ok(value) = format!("bytes {from}-{}/{length}", until - 1).parse()
    {
        response.headers_mut().insert(CONTENT_RANGE, value);
    }
    Ok(response)
}

/// `bytes=A-B`, `bytes=A-`, `bytes=-N` as a half-open part; anything else is answered whole.
fn range(text: &str, length: u64) -> Option<(u64, u64)> {
    let (from, last) = text.strip_prefix("bytes=")?.split_once('-')?;
    let (from, until) = match (from.is_empty(), last.is_empty()) {
        (true, _) => (length.saturating_sub(last.parse().ok()?), length),
        (false, true) => (from.parse().ok()?, length),
        (false, false) => (from.parse().ok()?, last.parse::<u64>().ok()?.saturating_add(1).min(length)),
    };
    (from < until).then_some((from, until))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_face_has_its_words() {
        assert_eq!(crate::shell::sample::faults::<MediaPage>(crate::shell::sample::office_shell), Vec::<String>::new());
    }

    #[test]
    fn a_player_gets_the_part_it_asks_for() {
        for (text, part) in [
            ("bytes=0-9", Some((0, 10))),
            ("bytes=90-", Some((90, 100))),
            ("bytes=-5", Some((95, 100))),
            ("bytes=0-999", Some((0, 100))),
            ("bytes=100-", None),
            ("bytes=9-1", None),
            ("bytes=0-1,5-6", None),
            ("bytes=-", None),
        ] {
            assert_eq!(range(text, 100), part, "{text}");
        }
    }
}
