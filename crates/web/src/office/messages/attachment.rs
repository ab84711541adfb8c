//! A picture or video of a message as its approver looks at it: large, with its description, and the way back. That it was opened
//! is remembered by the button that leads here. Leaves keeping pictures to the settings.

use askama::Template;
use axum::Extension;
use axum::extract::Path;
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;
use tsunagari_access::Code;
use tsunagari_access::permission::ApproveMessages;
use tsunagari_acts::approve_campaign::open_attachment;
use tsunagari_kernel::{CampaignId, MediaId};
use tsunagari_outreach::message::Bubble;

use super::moves::campaign;
use crate::office::desk::Desk;
use crate::routes::{Needs, Posted, Routes};
use crate::sentences::unreadable;
use crate::shell::{AppError, Sample, Shell, page};

/// The routes.
pub fn routes(routes: Routes) -> Routes {
    let needs = Needs::Permission(Code::ApproveMessages);
    routes.post("/office/messages/{id}/open", needs, open).get("/office/messages/{id}/attachments/{media}", needs, show)
}

#[derive(Template)]
#[template(path = "office/messages/attachment.html")]
struct AttachmentPage {
    shell: Shell,
    back: String,
    title: String,
    /// Whether the reader has opened it of this version; looking at the page by its address records nothing.
    opened: bool,
    address: String,
    video: bool,
    /// What was written about it, once per wording.
    descriptions: Vec<String>,
}

#[derive(Deserialize)]
struct Opened {
    media: MediaId,
}

async fn open(
    Extension(desk): Extension<Desk>,
    Path(id): Path<String>,
    Posted(it): Posted<Opened>,
) -> Result<Response, AppError> {
    let id = campaign(&id)?;
    let grant = desk.grant::<ApproveMessages>()?;
    open_attachment(&desk.house, &grant, id, it.media).await.map_err(|error| desk.problem(error))?;
    Ok(Redirect::to(&format!("/office/messages/{id}/attachments/{}", it.media)).into_response())
}

/// What a bubble says about a picture or video.
fn said(bubble: &Bubble, id: MediaId) -> Option<&str> {
    match bubble {
        Bubble::Image { media, alt } if *media == Some(id) => Some(alt),
        Bubble::Video { media, poster, alt } if [*media, *poster].contains(&Some(id)) => Some(alt),
        Bubble::Text { .. } | Bubble::Image { .. } | Bubble::Video { .. } | Bubble::Buttons { .. } => None,
    }
}

async fn show(
    Extension(desk): Extension<Desk>,
    Path((id, media)): Path<(String, String)>,
) -> Result<Response, AppError> {
    let id: CampaignId = campaign(&id)?;
    let media: MediaId = media.parse().map_err(|_| AppError::NotFound)?;
    let mut reader = desk.here().read().await.map_err(unreadable)?;
    let kept = reader.campaign(id).await.map_err(unreadable)?;
    if !kept.campaign.attachments.contains(&media) {
        return Err(AppError::NotFound);
    }
    let it = reader.media(media).await.map_err(unreadable)?;
    let opened = reader.opened_by(id, desk.staff.id).await.map_err(unreadable)?.contains(&media);
    drop(reader);
    let bubbles = kept.message.line.values().flatten();
    let mut descriptions: Vec<String> =
        bubbles.filter_map(|it| said(it, media)).filter(|it| !it.is_empty()).map(str::to_owned).collect();
    descriptions.dedup();
    Ok(page(&AttachmentPage {
        shell: desk.shell(),
        back: format!("/office/messages/{id}#attachments"),
        title: it.title,
        opened,
        address: format!("/media/{}", it.public_name),
        video: it.kind == "video",
        descriptions,
    }))
}

impl Sample for AttachmentPage {
    fn samples(shell: Shell) -> Vec<Self> {
        let of = |shell, video| Self {
            shell,
            back: "/office/messages/1#attachments".into(),
            title: "ちらし".into(),
            opened: video,
            address: "/media/x".into(),
            video,
            descriptions: vec!["海辺の駅".into()],
        };
        vec![of(shell.clone(), false), of(shell, true)]
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn every_face_has_its_words() {
        let faults = crate::shell::sample::faults::<super::AttachmentPage>(crate::shell::sample::office_shell);
        assert_eq!(faults, Vec::<String>::new());
    }
}
