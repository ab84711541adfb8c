//! The menus under an official account's talk, each with its picture and LINE's id of it, and whether it is shown now.
//! Menus once shown are kept, so that the office can go back. Leaves what a menu is to outreach, LINE's calls to acts.

use chrono::NaiveDate;
use tsunagari_kernel::{ChannelId, ContactPointId, MenuId, PersonId, ProviderId, Timestamp, UserId};
use tsunagari_outreach::rich_menu::{MenuFace, MenuPlan};

use crate::args;
use crate::campaign::json;
use crate::error::StorageError;
use crate::sql::Row;
use crate::store::{Reader, Tx};

/// Whether a menu is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MenuState {
    /// Made, and never shown.
    Draft,
    /// Shown now.
    Live,
    /// Was shown; LINE still holds it.
    Past,
}

impl MenuState {
    /// The stored code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Live => "live",
            Self::Past => "past",
        }
    }

    fn parse(code: &str) -> Result<Self, StorageError> {
        [Self::Draft, Self::Live, Self::Past]
            .into_iter()
            .find(|it| it.code() == code)
            .ok_or_else(|| StorageError::Unreadable { column: "state".into(), value: code.to_owned() })
    }
}

/// A menu without its picture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LineMenu {
    /// The id.
    pub id: MenuId,
    /// Whose.
    pub channel: ChannelId,
    /// To whom it is shown.
    pub face: MenuFace,
    /// The office's own title.
    pub title: String,
    /// What it is.
    pub plan: MenuPlan,
    /// `image/png` or `image/jpeg`.
    pub mime: String,
    /// Whether it is shown.
    pub state: MenuState,
    /// LINE's id, once it was shown.
    pub line_id: Option<String>,
    /// Who made it; nobody: the program.
    pub written_by: Option<UserId>,
    /// When.
    pub written_at: Timestamp,
    /// When it was shown last.
    pub published_at: Option<Timestamp>,
}

const COLUMNS: &str =
    "menu_id, channel_id, face, title, detail, mime, state, line_id, written_by, written_at, published_at";

fn read(row: &Row) -> Result<LineMenu, StorageError> {
    let face = row.text("face")?;
    Ok(LineMenu {
        id: row.id("menu_id")?,
        channel: row.id("channel_id")?,
        face: MenuFace::parse(&face).ok_or_else(|| StorageError::Unreadable { column: "face".into(), value: face })?,
        title: row.text("title")?,
        plan: row.json("detail")?,
        mime: row.text("mime")?,
        state: MenuState::parse(&row.text("state")?)?,
        line_id: row.opt_text("line_id")?,
        written_by: row.opt_id("written_by")?,
        written_at: row.instant("written_at")?,
        published_at: row.opt_instant("published_at")?,
    })
}

impl Reader {
    /// Every menu of a channel, the shown ones first, then the newest.
    pub async fn line_menus(&mut self, channel: ChannelId) -> Result<Vec<LineMenu>, StorageError> {
        let sql = format!(
            "SELECT {COLUMNS} FROM line_menu WHERE org_id = $1 AND channel_id = $2 ORDER BY CASE WHEN state = 'live' THEN 0 ELSE 1 END, \
             coalesce(published_at, written_at) DESC, menu_id DESC"
        );
        self.rows(&sql, args![channel]).await?.iter().map(read).collect()
    }

    /// One menu.
    pub async fn line_menu(&mut self, id: MenuId) -> Result<LineMenu, StorageError> {
        let sql = format!("SELECT {COLUMNS} FROM line_menu WHERE org_id = $1 AND menu_id = $2");
        read(&self.one("menu", &sql, args![id]).await?)
    }

    /// A menu's picture.
    pub async fn line_menu_picture(&mut self, id: MenuId) -> Result<(String, Vec<u8>), StorageError> {
        let sql = "SELECT mime, picture FROM line_menu WHERE org_id = $1 AND menu_id = $2";
        let row = self.one("menu", sql, args![id]).await?;
        Ok((row.text("mime")?, row.bytes("picture")?))
    }

    /// The menu a face of a channel is shown now.
    pub async fn live_line_menu(
        &mut self,
        channel: ChannelId,
        face: MenuFace,
    ) -> Result<Option<LineMenu>, StorageError> {
        let sql = format!(
            "SELECT {COLUMNS} FROM line_menu WHERE org_id = $1 AND channel_id = $2 AND face = $3 AND state = 'live'"
        );
        self.first(&sql, args![channel, face.code()]).await?.as_ref().map(read).transpose()
    }

    /// The contact points by which those who have joined and not left on a day are known to a provider's accounts, by
    /// person, in slices: those after `after`.
    pub async fn joined_by_line(
        &mut self,
        provider: ProviderId,
        today: NaiveDate,
        after: Option<PersonId>,
        most: i64,
    ) -> Result<Vec<(PersonId, ContactPointId)>, StorageError> {
        let sql = "SELECT c.person_id AS person_id, c.contact_id AS contact_id FROM contact_point c WHERE c.org_id = $1 AND c.kind = 'line' \
                   AND c.provider_id = $2 AND c.removed_at IS NULL AND c.verified_at IS NOT NULL AND ($4 IS NULL OR c.person_id > $4) \
                   AND EXISTS (SELECT 1 FROM tie t WHERE t.org_id = c.org_id AND t.person_id = c.person_id AND t.from_on <= $3 \
                   AND (t.until_on IS NULL OR t.until_on > $3)) ORDER BY c.person_id, c.contact_id LIMIT $5";
        let rows = self.rows(sql, args![provider, today, after, most]).await?;
        rows.iter().map(|row| Ok((row.id("person_id")?, row.id("contact_id")?))).collect()
    }

    /// Whether a person has a tie on a day.
    pub async fn has_joined(&mut self, person: PersonId, today: NaiveDate) -> Result<bool, StorageError> {
        let sql = "SELECT 1 AS one FROM tie WHERE org_id = $1 AND person_id = $2 AND from_on <= $3 AND (until_on IS NULL OR until_on > $3)";
        Ok(self.first(sql, args![person, today]).await?.is_some())
    }
}

impl Tx {
    /// Adds a menu with its picture.
    pub async fn add_line_menu(&mut self, it: &LineMenu, picture: &[u8]) -> Result<(), StorageError> {
        let detail = json(&it.plan)?;
        self.exec(
            "INSERT INTO line_menu (org_id, menu_id, channel_id, face, title, detail, mime, picture, state, line_id, written_by, \
             written_at, published_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)",
            args![
                it.id, it.channel, it.face.code(), it.title.as_str(), detail, it.mime.as_str(), picture, it.state.code(),
                it.line_id.clone(), it.written_by, it.written_at, it.published_at,
            ],
        )
        .await?;
        Ok(())
    }

    /// A menu is shown from now: what its face was shown before is past.
    pub async fn show_line_menu(&mut self, it: &LineMenu, line_id: &str, now: Timestamp) -> Result<(), StorageError> {
        self.hide_line_menus(it.channel, it.face).await?;
        self.exec(
            "UPDATE line_menu SET state = 'live', line_id = $3, published_at = $4 WHERE org_id = $1 AND menu_id = $2",
            args![it.id, line_id, now],
        )
        .await?;
        Ok(())
    }

    /// A face is shown none from now.
    pub async fn hide_line_menus(&mut self, channel: ChannelId, face: MenuFace) -> Result<(), StorageError> {
        self.exec(
            "UPDATE line_menu SET state = 'past' WHERE org_id = $1 AND channel_id = $2 AND face = $3 AND state = 'live'",
            args![channel, face.code()],
        )
        .await?;
        Ok(())
    }

    /// Removes a menu that was never shown.
    pub async fn drop_line_menu(&mut self, id: MenuId) -> Result<bool, StorageError> {
        let sql = "DELETE FROM line_menu WHERE org_id = $1 AND menu_id = $2 AND state = 'draft'";
        Ok(self.exec(sql, args![id]).await? == 1)
    }
}
