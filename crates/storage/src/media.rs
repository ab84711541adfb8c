//! Pictures and films for messages: what each file is and under which unguessable name it is served. The bytes lie in the
//! files directory; they are written before the row and never changed. Leaves re-encoding to acts.

use tsunagari_kernel::{MediaId, OrgId, Timestamp, UserId};

use crate::args;
use crate::error::StorageError;
use crate::sql::Row;
use crate::store::{Platform, Reader, Tx};

/// One file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Media {
    /// The id.
    pub id: MediaId,
    /// `image` or `video`.
    pub kind: String,
    /// `image/jpeg`, `image/png`, `video/mp4`.
    pub mime: String,
    /// Size of the stored file.
    pub bytes: i64,
    /// SHA-256 of the stored file, hex.
    pub sha256: String,
    /// Its name below the files directory; empty once its period is over (see `retention`).
    pub file: String,
    /// The small picture's name below the files directory (JPEG).
    pub preview_file: Option<String>,
    /// Pixels.
    pub width: Option<i64>,
    /// Pixels.
    pub height: Option<i64>,
    /// The office's own title.
    pub title: String,
    /// The name in its public address.
    pub public_name: String,
    /// Who brought it.
    pub created_by: UserId,
    /// When.
    pub created_at: Timestamp,
}

const COLUMNS: &str = "media_id, kind, mime, bytes, sha256, file, preview_file, width, height, title, public_name, created_by, created_at";

fn read(row: &Row) -> Result<Media, StorageError> {
    Ok(Media {
        id: row.id("media_id")?,
        kind: row.text("kind")?,
        mime: row.text("mime")?,
        bytes: row.int("bytes")?,
        sha256: row.text("sha256")?,
        file: row.text("file")?,
        preview_file: row.opt_text("preview_file")?,
        width: row.opt_int("width")?,
        height: row.opt_int("height")?,
        title: row.text("title")?,
        public_name: row.text("public_name")?,
        created_by: row.id("created_by")?,
        created_at: row.instant("created_at")?,
    })
}

impl Platform {
    /// Whose file a public name is.
    pub async fn media_route(&mut self, public_name: &str) -> Result<Option<(OrgId, MediaId)>, StorageError> {
        let rows = self.rows("SELECT org_id, media_id FROM media WHERE public_name = $1", args![public_name]).await?;
        rows.first().map(|row| Ok((row.id("org_id")?, row.id("media_id")?))).transpose()
    }
}

impl Reader {
    /// Every file that is still there, the newest first.
    pub async fn media_list(&mut self) -> Result<Vec<Media>, StorageError> {
        let sql = format!(
            "SELECT {COLUMNS} FROM media WHERE org_id = $1 AND file <> '' ORDER BY created_at DESC, media_id DESC"
        );
        self.rows(&sql, vec![]).await?.iter().map(read).collect()
    }

    /// One file.
    pub async fn media(&mut self, id: MediaId) -> Result<Media, StorageError> {
        let sql = format!("SELECT {COLUMNS} FROM media WHERE org_id = $1 AND media_id = $2");
        read(&self.one("media", &sql, args![id]).await?)
    }
}

impl Tx {
    /// Records a file whose bytes are in place.
    pub async fn add_media(&mut self, it: &Media) -> Result<(), StorageError> {
        self.exec(
            "INSERT INTO media (org_id, media_id, kind, mime, bytes, sha256, file, preview_file, width, height, title, public_name, \
             created_by, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)",
            args![
                it.id, it.kind.as_str(), it.mime.as_str(), it.bytes, it.sha256.as_str(), it.file.as_str(), it.preview_file.clone(),
                it.width, it.height, it.title.as_str(), it.public_name.as_str(), it.created_by, it.created_at,
            ],
        )
        .await?;
        Ok(())
    }
}
