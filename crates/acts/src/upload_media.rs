//! A picture or film for messages is taken in. Pictures are decoded and written anew, so that no place, name or thumbnail
//! of the telephone that took them leaves the office; films are checked to be mp4 and lose the same (`film_metadata`).
//! No other kind of file is taken, PDF neither. The file is on disk under a random name before its row is. Limits: LINE's (10 MB picture, 1 MB preview, 200 MB film) and trust.md 13.

use std::io::Cursor;
use std::path::Path;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use image::codecs::jpeg::JpegEncoder;
use image::{DynamicImage, ImageFormat, ImageReader, Limits};
use sha2::{Digest, Sha256};
use tokio::io::AsyncWriteExt;
use tsunagari_access::permission::WriteMessages;
use tsunagari_access::{Act, Granted};
use tsunagari_kernel::MediaId;
use tsunagari_storage::media::Media;

use crate::film_metadata::wipe;
use crate::{ActError, House, Reason};

mod boxes;

/// The largest picture, in bytes.
pub const MOST_IMAGE: usize = 10 * 1024 * 1024;
/// The largest film, in bytes.
pub const MOST_VIDEO: usize = 200 * 1024 * 1024;
/// The largest preview, in bytes.
const MOST_PREVIEW: usize = 1024 * 1024;
/// The most pixels a picture may have.
const MOST_PIXELS: u64 = 25_000_000;
/// The longer side of a preview, in pixels.
const PREVIEW_SIDE: u32 = 480;

/// A file as it arrived.
#[derive(Debug, Clone)]
pub struct Upload {
    /// The office's own title.
    pub title: String,
    /// The bytes.
    pub bytes: Vec<u8>,
}

struct Prepared {
    kind: &'static str,
    mime: &'static str,
    extension: &'static str,
    bytes: Vec<u8>,
    preview: Option<Vec<u8>>,
    size: Option<(u32, u32)>,
}

/// Takes a file in.
///
/// # Errors
/// Reasons at `title` and `file`: `file_empty`, `media_unknown`, `media_too_large`, `media_too_many_pixels`, `media_broken`.
pub async fn upload_media(house: &House, by: &Granted<WriteMessages>, given: Upload) -> Result<MediaId, ActError> {
    let title = given.title.trim().to_owned();
    if title.is_empty() {
        return Err(ActError::refused_at("title", "field_empty"));
    }
    if title.chars().count() > 80 {
        return Err(ActError::Refused(vec![Reason::at("title", "field_too_long").with("most", 80)]));
    }
    if given.bytes.is_empty() {
        return Err(ActError::refused_at("file", "file_empty"));
    }
    // Decoding is work for a thread of its own.
    let prepared = tokio::task::spawn_blocking(move || prepare(given.bytes))
        .await
        .map_err(|error| ActError::Broken(error.to_string()))?
        .map_err(|reason| ActError::Refused(vec![reason]))?;
    // The day it was brought stands beside messages and is compared with theirs: of the calendar.
    let now = house.now();
    let name = URL_SAFE_NO_PAD.encode(house.chance.bytes::<18>());
    let file = format!("media-{name}.{}", prepared.extension);
    let preview_file = prepared.preview.as_ref().map(|_| format!("media-{name}-preview.jpg"));
    place(&house.files.join(&file), &prepared.bytes).await?;
    if let (Some(file), Some(bytes)) = (&preview_file, &prepared.preview) {
        place(&house.files.join(file), bytes).await?;
    }
    let media = Media {
        id: MediaId::born(&house.chance, now),
        kind: prepared.kind.to_owned(),
        mime: prepared.mime.to_owned(),
        bytes: i64::try_from(prepared.bytes.len()).unwrap_or(i64::MAX),
        sha256: Sha256::digest(&prepared.bytes).iter().map(|byte| format!("{byte:02x}")).collect(),
        file,
        preview_file,
        width: prepared.size.map(|(width, _)| i64::from(width)),
        height: prepared.size.map(|(_, height)| i64::from(height)),
        title,
        public_name: name,
        created_by: by.user(),
        created_at: now,
    };
    let mut tx = house.org(by.org()).write().await?;
    tx.add_media(&media).await?;
    tx.commit(&Act::named("upload_media", by.actor(), house.operation()).on("media", media.id)).await?;
    Ok(media.id)
}

/// Writes a new file and waits until it is on disk.
async fn place(path: &Path, bytes: &[u8]) -> Result<(), ActError> {
    let written = async {
        let mut file = tokio::fs::File::create_new(path).await?;
        file.write_all(bytes).await?;
        file.sync_all().await
    };
    written.await.map_err(|error: std::io::Error| match error.kind() {
        std::io::ErrorKind::StorageFull => ActError::Full,
        other => ActError::Broken(format!("a file could not be written: {other}")),
    })
}

fn prepare(bytes: Vec<u8>) -> Result<Prepared, Reason> {
    if bytes.get(4..8) == Some(b"ftyp") {
        return film(bytes);
    }
    let format = match image::guess_format(&bytes) {
        Ok(format @ (ImageFormat::Jpeg | ImageFormat::Png)) => format,
        Ok(_) | Err(_) => return Err(Reason::at("file", "media_unknown")),
    };
    if bytes.len() > MOST_IMAGE {
        return Err(Reason::at("file", "media_too_large").with("most", 10));
    }
    let picture = decode(&bytes, format)?;
    let (mime, extension, written) = match format {
        ImageFormat::Png => ("image/png", "png", png(&picture)?),
        _ => ("image/jpeg", "jpg", jpeg(&picture, 88)?),
    };
    if written.len() > MOST_IMAGE {
        return Err(Reason::at("file", "media_too_large").with("most", 10));
    }
    let preview = preview_of(&picture)?;
    let size = Some((picture.width(), picture.height()));
    Ok(Prepared { kind: "image", mime, extension, bytes: written, preview: Some(preview), size })
}

fn film(mut bytes: Vec<u8>) -> Result<Prepared, Reason> {
    // QuickTime's own brand is not what LINE plays.
    if bytes.get(8..12) == Some(b"qt  ") {
        return Err(Reason::at("file", "media_unknown"));
    }
    if bytes.len() > MOST_VIDEO {
        return Err(Reason::at("file", "media_too_large").with("most", 200));
    }
    if !boxes::is_film(&bytes) {
        return Err(Reason::at("file", "media_broken"));
    }
    wipe(&mut bytes).map_err(|_| Reason::at("file", "media_broken"))?;
    let preview = jpeg(&DynamicImage::new_rgb8(PREVIEW_SIDE, PREVIEW_SIDE * 9 / 16), 80)?;
    Ok(Prepared { kind: "video", mime: "video/mp4", extension: "mp4", bytes, preview: Some(preview), size: None })
}

/// Decodes within limits and turns the picture the way the camera said.
fn decode(bytes: &[u8], format: ImageFormat) -> Result<DynamicImage, Reason> {
    let broken = || Reason::at("file", "media_broken");
    let size = ImageReader::with_format(Cursor::new(bytes), format).into_dimensions().map_err(|_| broken())?;
    if u64::from(size.0) * u64::from(size.1) > MOST_PIXELS {
        return Err(Reason::at("file", "media_too_many_pixels"));
    }
    let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
    let mut limits = Limits::default();
    limits.max_alloc = Some(256 * 1024 * 1024);
    reader.limits(limits);
    use image::ImageDecoder;
    let mut decoder = reader.into_decoder().map_err(|_| broken())?;
    let turned = decoder.orientation().map_err(|_| broken())?;
    let mut picture = DynamicImage::from_decoder(decoder).map_err(|_| broken())?;
    picture.apply_orientation(turned);
    Ok(picture)
}

fn jpeg(picture: &DynamicImage, quality: u8) -> Result<Vec<u8>, Reason> {
    let mut out = Vec::new();
    let encoder = JpegEncoder::new_with_quality(&mut out, quality);
    picture.to_rgb8().write_with_encoder(encoder).map_err(|_| Reason::at("file", "media_broken"))?;
    Ok(out)
}

fn png(picture: &DynamicImage) -> Result<Vec<u8>, Reason> {
    let mut out = Cursor::new(Vec::new());
    picture.write_to(&mut out, ImageFormat::Png).map_err(|_| Reason::at("file", "media_broken"))?;
    Ok(out.into_inner())
}

fn preview_of(picture: &DynamicImage) -> Result<Vec<u8>, Reason> {
    let small = if picture.width().max(picture.height()) > PREVIEW_SIDE {
        picture.thumbnail(PREVIEW_SIDE, PREVIEW_SIDE)
    } else {
        picture.clone()
    };
    for quality in [85, 60, 30] {
        let written = jpeg(&small, quality)?;
        if written.len() <= MOST_PREVIEW {
            return Ok(written);
        }
    }
    Err(Reason::at("file", "media_broken"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with_place_of_photo() -> Vec<u8> {
        let plain = jpeg(&DynamicImage::new_rgb8(1_000, 600), 90).unwrap();
        let exif = [b"Exif\0\0".as_slice(), b"MM\0\x2a\0\0\0\x08\0\0", b"SECRET-PLACE"].concat();
        let length = u16::try_from(exif.len() + 2).unwrap().to_be_bytes();
        [&plain[..2], &[0xff, 0xe1], &length, &exif, &plain[2..]].concat()
    }

    #[test]
    fn a_picture_loses_what_the_telephone_wrote_into_it() {
        let raw = with_place_of_photo();
        assert!(raw.windows(12).any(|part| part == b"SECRET-PLACE"));
        let taken = prepare(raw).unwrap();
        assert!(!taken.bytes.windows(12).any(|part| part == b"SECRET-PLACE"));
        assert_eq!((taken.mime, taken.size), ("image/jpeg", Some((1_000, 600))));
        let preview = image::load_from_memory(&taken.preview.unwrap()).unwrap();
        assert_eq!((preview.width(), preview.height()), (480, 288));
    }

    #[test]
    fn what_is_no_picture_and_no_film_is_refused() {
        let code = |bytes: &[u8]| prepare(bytes.to_vec()).err().map(|reason| reason.code);
        assert_eq!(code(b"<svg onload=alert(1)>"), Some("media_unknown"));
        assert_eq!(code(b"GIF89a"), Some("media_unknown"));
        assert_eq!(code(b"\xff\xd8\xff\xe0 cut off"), Some("media_broken"));
        assert_eq!(code(b"\0\0\0\x18ftypqt  "), Some("media_unknown"));
        assert_eq!(code(b"\0\0\0\x18ftypmp42"), Some("media_broken"), "a film's name is not yet a film");
    }
}
