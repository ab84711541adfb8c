//! Programmes and their versions: the blueprint with the organisation's values, as JSON. A version is never changed; what is set
//! anew is the next one, and a round and an application keep theirs. Leaves what a blueprint says to blueprints.

use tsunagari_kernel::{ProgrammeId, TeamId, Timestamp, UserId};

use crate::args;
use crate::error::StorageError;
use crate::sql::Row;
use crate::store::{Reader, Tx};

/// A programme.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptProgramme {
    /// The id.
    pub id: ProgrammeId,
    /// The blueprint it was made from.
    pub slug: String,
    /// What sort of programme it is, by its code.
    pub kind: String,
    /// Its title here.
    pub title: String,
    /// Whose it is.
    pub team: Option<TeamId>,
    /// Its newest version.
    pub version_no: u32,
    /// Who made it.
    pub created_by: UserId,
    /// Last changed.
    pub updated_at: Timestamp,
    /// Put away since.
    pub archived_at: Option<Timestamp>,
}

/// A version of a programme.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProgrammeVersion {
    /// Whose.
    pub programme: ProgrammeId,
    /// Its number, from 1.
    pub no: u32,
    /// The blueprint as JSON.
    pub blueprint: String,
    /// The values of its parameters as JSON.
    pub chosen: String,
    /// Who made it.
    pub made_by: UserId,
    /// When.
    pub made_at: Timestamp,
}

const COLUMNS: &str = "programme_id, slug, kind, title, team_id, version_no, created_by, updated_at, archived_at";

fn read(row: &Row) -> Result<KeptProgramme, StorageError> {
    Ok(KeptProgramme {
        id: row.id("programme_id")?,
        slug: row.text("slug")?,
        kind: row.text("kind")?,
        title: row.text("title")?,
        team: row.opt_id("team_id")?,
        version_no: row.small("version_no")?,
        created_by: row.id("created_by")?,
        updated_at: row.instant("updated_at")?,
        archived_at: row.opt_instant("archived_at")?,
    })
}

fn read_version(row: &Row) -> Result<ProgrammeVersion, StorageError> {
    Ok(ProgrammeVersion {
        programme: row.id("programme_id")?,
        no: row.small("version_no")?,
        blueprint: row.text("blueprint")?,
        chosen: row.text("chosen")?,
        made_by: row.id("made_by")?,
        made_at: row.instant("made_at")?,
    })
}

const VERSION: &str = "programme_id, version_no, blueprint, chosen, made_by, made_at";

impl Reader {
    /// Every programme, those in use first, then by title.
    pub async fn programmes(&mut self) -> Result<Vec<KeptProgramme>, StorageError> {
        let sql = format!(
            "SELECT {COLUMNS} FROM programme WHERE org_id = $1 ORDER BY archived_at IS NOT NULL, title, programme_id"
        );
        self.rows(&sql, vec![]).await?.iter().map(read).collect()
    }

    /// One of them.
    pub async fn programme(&mut self, id: ProgrammeId) -> Result<KeptProgramme, StorageError> {
        let sql = format!("SELECT {COLUMNS} FROM programme WHERE org_id = $1 AND programme_id = $2");
        read(&self.one("programme", &sql, args![id]).await?)
    }

    /// A version of one.
    pub async fn programme_version(&mut self, id: ProgrammeId, no: u32) -> Result<ProgrammeVersion, StorageError> {
        let sql = format!(
            "SELECT {VERSION} FROM programme_version WHERE org_id = $1 AND programme_id = $2 AND version_no = $3"
        );
        read_version(&self.one("programme_version", &sql, args![id, no]).await?)
    }

    /// The versions of one, the newest first.
    pub async fn programme_versions(&mut self, id: ProgrammeId) -> Result<Vec<ProgrammeVersion>, StorageError> {
        let sql = format!(
            "SELECT {VERSION} FROM programme_version WHERE org_id = $1 AND programme_id = $2 ORDER BY version_no DESC"
        );
        self.rows(&sql, args![id]).await?.iter().map(read_version).collect()
    }
}

impl Tx {
    /// Adds a programme with its first version.
    pub async fn add_programme(&mut self, it: &KeptProgramme, first: &ProgrammeVersion) -> Result<(), StorageError> {
        let now = self.shared.clock.now();
        let columns = [
            "programme_id",
            "slug",
            "kind",
            "title",
            "team_id",
            "version_no",
            "created_by",
            "created_at",
            "updated_at",
        ];
        let row = args![
            it.id,
            it.slug.as_str(),
            it.kind.as_str(),
            it.title.as_str(),
            it.team,
            it.version_no,
            it.created_by,
            now,
            now,
        ];
        self.insert_many("programme", &columns, vec![row], "").await?;
        self.add_programme_version(first).await
    }

    async fn add_programme_version(&mut self, it: &ProgrammeVersion) -> Result<(), StorageError> {
        let columns = ["programme_id", "version_no", "blueprint", "chosen", "made_by", "made_at"];
        let row = args![it.programme, it.no, it.blueprint.as_str(), it.chosen.as_str(), it.made_by, it.made_at];
        self.insert_many("programme_version", &columns, vec![row], "").await
    }

    /// Keeps a programme that is still at the version before `next` with what is set anew.
    ///
    /// # Errors
    /// `Conflict` when somebody set something since.
    pub async fn keep_programme(&mut self, it: &KeptProgramme, next: &ProgrammeVersion) -> Result<(), StorageError> {
        let now = self.shared.clock.now();
        let sql = "UPDATE programme SET title = $4, team_id = $5, version_no = $6, updated_at = $7 \
                   WHERE org_id = $1 AND programme_id = $2 AND version_no = $3";
        let seen = next.no.saturating_sub(1);
        let done = self.exec(sql, args![it.id, seen, it.title.as_str(), it.team, next.no, now]).await?;
        if done == 0 {
            return Err(StorageError::Conflict("programme"));
        }
        self.add_programme_version(next).await
    }

    /// Puts a programme away, or takes it out again (`None`).
    pub async fn archive_programme(&mut self, id: ProgrammeId, at: Option<Timestamp>) -> Result<(), StorageError> {
        let sql = "UPDATE programme SET archived_at = $3 WHERE org_id = $1 AND programme_id = $2";
        self.exec(sql, args![id, at]).await?;
        Ok(())
    }

    /// Lets everybody else who counts over a programme's rounds wait until this transaction ends.
    pub async fn lock_programme(&mut self, id: ProgrammeId) -> Result<(), StorageError> {
        let lock = self.for_update();
        let sql = format!("SELECT version_no FROM programme WHERE org_id = $1 AND programme_id = $2 {lock}");
        self.one("programme", &sql, args![id]).await.map(drop)
    }
}
