//! Purposes a person may agree to, their wordings by version and language, and the kinds of interest: the open lists of
//! codes an organisation sets. Leaves who agreed to `consent`, who is interested to `interest`.

use tsunagari_kernel::Timestamp;

use crate::args;
use crate::error::StorageError;
use crate::sql::Row;
use crate::store::{Reader, Tx};

/// A code of an open list with its words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Labelled {
    /// The code in rules and in the database.
    pub code: String,
    /// In Japanese.
    pub ja: String,
    /// In plain Japanese.
    pub easy: String,
    /// In English.
    pub en: String,
}

impl Labelled {
    /// The words for a locale (`ja`, `ja-easy`, `en`).
    pub fn label(&self, locale: &str) -> &str {
        match locale {
            "ja-easy" => &self.easy,
            "en" => &self.en,
            _ => &self.ja,
        }
    }
}

/// One version of the text a person agrees to, in one language.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wording {
    /// The purpose's code.
    pub purpose: String,
    /// Counted from 1 for each purpose.
    pub version: i64,
    /// `ja`, `ja-easy` or `en`.
    pub locale: String,
    /// What the person agrees to.
    pub text: String,
    /// Who sends, as named in the text.
    pub sender: String,
    /// In use since.
    pub from: Timestamp,
}

fn read(row: &Row) -> Result<Labelled, StorageError> {
    Ok(Labelled {
        code: row.text("code")?,
        ja: row.text("label_ja")?,
        easy: row.text("label_easy")?,
        en: row.text("label_en")?,
    })
}

fn read_wording(row: &Row) -> Result<Wording, StorageError> {
    Ok(Wording {
        purpose: row.text("purpose")?,
        version: row.int("version")?,
        locale: row.text("locale")?,
        text: row.text("text")?,
        sender: row.text("sender")?,
        from: row.instant("from_at")?,
    })
}

const WORDING: &str = "purpose, version, locale, text, sender, from_at";

impl Reader {
    /// The purposes, in their order.
    pub async fn purposes(&mut self) -> Result<Vec<Labelled>, StorageError> {
        let sql = "SELECT code, label_ja, label_easy, label_en FROM purpose WHERE org_id = $1 ORDER BY position, code";
        self.rows(sql, vec![]).await?.iter().map(read).collect()
    }

    /// The kinds of interest, in their order.
    pub async fn interest_kinds(&mut self) -> Result<Vec<Labelled>, StorageError> {
        let sql =
            "SELECT code, label_ja, label_easy, label_en FROM interest_kind WHERE org_id = $1 ORDER BY position, code";
        self.rows(sql, vec![]).await?.iter().map(read).collect()
    }

    /// The wordings in use at an instant: the highest version of each purpose that began by then, in every language.
    pub async fn wordings_in_use(&mut self, at: Timestamp) -> Result<Vec<Wording>, StorageError> {
        let sql = format!(
            "SELECT {WORDING} FROM wording w WHERE w.org_id = $1 AND w.from_at <= $2 AND w.version = \
             (SELECT max(v.version) FROM wording v WHERE v.org_id = $1 AND v.purpose = w.purpose AND v.from_at <= $2) \
             ORDER BY purpose, locale"
        );
        self.rows(&sql, args![at]).await?.iter().map(read_wording).collect()
    }

    /// Every version and language of a purpose's wording, newest first.
    pub async fn wordings(&mut self, purpose: &str) -> Result<Vec<Wording>, StorageError> {
        let sql =
            format!("SELECT {WORDING} FROM wording WHERE org_id = $1 AND purpose = $2 ORDER BY version DESC, locale");
        self.rows(&sql, args![purpose]).await?.iter().map(read_wording).collect()
    }
}

impl Tx {
    /// Adds or renames a purpose.
    pub async fn keep_purpose(&mut self, it: &Labelled, position: i64) -> Result<(), StorageError> {
        self.keep_labelled("purpose", it, position).await
    }

    /// Adds or renames a kind of interest.
    pub async fn keep_interest_kind(&mut self, it: &Labelled, position: i64) -> Result<(), StorageError> {
        self.keep_labelled("interest_kind", it, position).await
    }

    async fn keep_labelled(&mut self, table: &'static str, it: &Labelled, position: i64) -> Result<(), StorageError> {
        let sql = format!(
            "INSERT INTO {table} (org_id, code, label_ja, label_easy, label_en, position) VALUES ($1, $2, $3, $4, $5, $6) \
             ON CONFLICT (org_id, code) DO UPDATE SET label_ja = excluded.label_ja, label_easy = excluded.label_easy, \
             label_en = excluded.label_en, position = excluded.position"
        );
        self.exec(&sql, args![it.code.as_str(), it.ja.as_str(), it.easy.as_str(), it.en.as_str(), position]).await?;
        Ok(())
    }

    /// Adds a version of a wording in one language. Versions never change: a `Duplicate` says it is there.
    pub async fn add_wording(&mut self, it: &Wording) -> Result<(), StorageError> {
        self.exec(
            "INSERT INTO wording (org_id, purpose, version, locale, text, sender, from_at) VALUES ($1, $2, $3, $4, $5, $6, $7)",
            args![it.purpose.as_str(), it.version, it.locale.as_str(), it.text.as_str(), it.sender.as_str(), it.from],
        )
        .await?;
        Ok(())
    }
}
