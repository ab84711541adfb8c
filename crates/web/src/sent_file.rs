//! A posted form with a file (`multipart/form-data`): the session's token, short fields, and one file of at most `MOST`
//! bytes. Anything larger ends with 413 before it fills the memory. Leaves what a file may hold to the act.

use axum::extract::{DefaultBodyLimit, FromRequest, Multipart, Request};

use crate::routes::FormToken;
use crate::shell::{AppError, csrf};

/// The form as it arrived, its token checked.
pub struct SentFile<const MOST: usize> {
    fields: Vec<(String, String)>,
    /// The file's own name and its bytes, which may be none; nothing when no file was chosen.
    pub file: Option<(String, Vec<u8>)>,
}

const MOST_FIELD: usize = 16 * 1024;

impl<const MOST: usize> SentFile<MOST> {
    /// A field's text; empty when it is not there.
    pub fn field(&self, name: &str) -> &str {
        self.fields.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value.as_str())
    }
}

impl<const MOST: usize, S: Send + Sync> FromRequest<S> for SentFile<MOST> {
    type Rejection = AppError;

    async fn from_request(mut request: Request, state: &S) -> Result<Self, AppError> {
        let token = request.extensions().get::<FormToken>().cloned();
        DefaultBodyLimit::max(MOST + 64 * 1024).apply(&mut request);
        let mut parts = Multipart::from_request(request, state).await.map_err(|_| AppError::Bad(Vec::new()))?;
        let mut sent = Self { fields: Vec::new(), file: None };
        while let Some(mut part) = parts.next_field().await.map_err(|error| of_status(error.status()))? {
            let name = part.name().unwrap_or_default().to_owned();
            let file_name = part.file_name().map(str::to_owned);
            let most = if file_name.is_some() { MOST } else { MOST_FIELD };
            let mut bytes = Vec::new();
            while let Some(chunk) = part.chunk().await.map_err(|error| of_status(error.status()))? {
                if bytes.len() + chunk.len() > most {
                    return Err(AppError::TooLarge);
                }
                bytes.extend_from_slice(&chunk);
            }
            match file_name {
                // A browser sends this part without name and bytes when no file was chosen.
                Some(file_name) if file_name.is_empty() && bytes.is_empty() => {}
                Some(file_name) => sent.file = Some((file_name, bytes)),
                None => sent.fields.push((name, String::from_utf8(bytes).map_err(|_| AppError::Bad(Vec::new()))?)),
            }
        }
        if let Some(FormToken(token)) = token {
            csrf::require_token(&token, sent.field("csrf"))?;
        }
        Ok(sent)
    }
}

fn of_status(status: axum::http::StatusCode) -> AppError {
    if status == axum::http::StatusCode::PAYLOAD_TOO_LARGE { AppError::TooLarge } else { AppError::Bad(Vec::new()) }
}
