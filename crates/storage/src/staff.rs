//! Staff: who signs in, with which role and secrets, in which team. Secrets are sealed by the organisation's key;
//! passwords are argon2id hashes. Leaves judging to access and every "who may" to acts.

use tsunagari_access::Role;
use tsunagari_kernel::{TeamId, Timestamp, UserId};

use crate::args;
use crate::error::StorageError;
use crate::sql::Row;
use crate::store::{Reader, Tx};

/// A member of staff.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Staff {
    /// The id.
    pub id: UserId,
    /// The sign-in name, unique on this installation.
    pub login: String,
    /// The name shown.
    pub name: String,
    /// The role, with its end for a contractor.
    pub role: Role,
    /// The department.
    pub team: Option<TeamId>,
    /// Whether sign-in is allowed.
    pub active: bool,
}

/// What sign-in compares with.
#[derive(Debug, Clone)]
pub struct Credentials {
    /// The argon2id hash; none until a password was chosen.
    pub password_hash: Option<String>,
    /// The TOTP secret, opened.
    pub totp_secret: Option<[u8; 20]>,
    /// The last TOTP step used, so that a code works once.
    pub totp_last_step: u64,
    /// SHA-256 of the recovery codes that are left, hex.
    pub recovery: Vec<String>,
}

const COLUMNS: &str = "user_id, login, display_name, role, role_until_on, team_id, state";

fn read(row: &Row) -> Result<Staff, StorageError> {
    let until = row.opt_date("role_until_on")?.map(Timestamp::start_of);
    let role = row.text("role")?;
    Ok(Staff {
        id: row.id("user_id")?,
        login: row.text("login")?,
        name: row.text("display_name")?,
        role: Role::from_parts(&role, until).ok_or(StorageError::Unreadable { column: "role".into(), value: role })?,
        team: row.opt_id("team_id")?,
        active: row.text("state")? == "active",
    })
}

impl Reader {
    /// Everybody, active first, by name.
    pub async fn staff(&mut self) -> Result<Vec<Staff>, StorageError> {
        let sql = format!("SELECT {COLUMNS} FROM staff_user WHERE org_id = $1 ORDER BY state, display_name");
        self.rows(&sql, vec![]).await?.iter().map(read).collect()
    }

    /// One member of staff.
    pub async fn staff_member(&mut self, id: UserId) -> Result<Staff, StorageError> {
        let sql = format!("SELECT {COLUMNS} FROM staff_user WHERE org_id = $1 AND user_id = $2");
        read(&self.one("staff", &sql, args![id]).await?)
    }

    /// Who has chosen a password and enrolled a second factor.
    pub async fn enrolled_staff(&mut self) -> Result<Vec<UserId>, StorageError> {
        let sql = "SELECT user_id FROM staff_user WHERE org_id = $1 AND password_hash IS NOT NULL AND totp_sealed IS NOT NULL";
        self.rows(sql, vec![]).await?.iter().map(|row| row.id("user_id")).collect()
    }

    /// What sign-in compares with.
    pub async fn credentials(&mut self, id: UserId) -> Result<Credentials, StorageError> {
        let sql = "SELECT password_hash, totp_sealed, totp_last_step, recovery FROM staff_user WHERE org_id = $1 AND user_id = $2";
        let row = self.one("staff", sql, args![id]).await?;
        let totp_secret = match row.opt_bytes("totp_sealed")? {
            Some(sealed) => {
                let plain = self.org_key().await?.open(&totp_context(id), &sealed)?;
                Some(plain.as_slice().try_into().map_err(|_| StorageError::Sealed)?)
            }
            None => None,
        };
        Ok(Credentials {
            password_hash: row.opt_text("password_hash")?,
            totp_secret,
            totp_last_step: u64::try_from(row.int("totp_last_step")?).unwrap_or(0),
            recovery: row.json("recovery")?,
        })
    }
}

fn totp_context(id: UserId) -> Vec<u8> {
    [b"totp".as_slice(), id.0.as_bytes()].concat()
}

impl Tx {
    /// Adds a member of staff without secrets yet.
    pub async fn add_staff(&mut self, it: &Staff) -> Result<(), StorageError> {
        let now = self.shared.clock.now();
        self.exec(
            "INSERT INTO staff_user (org_id, user_id, login, display_name, role, role_until_on, team_id, state, created_at, credentials_at) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $9)",
            args![
                it.id,
                it.login.as_str(),
                it.name.as_str(),
                it.role.code(),
                it.role.until().map(Timestamp::jst_date),
                it.team,
                if it.active { "active" } else { "disabled" },
                now,
            ],
        )
        .await?;
        Ok(())
    }

    /// Changes name, role, team and whether sign-in is allowed; ends the user's sessions when the role or state changed.
    pub async fn keep_staff(&mut self, it: &Staff) -> Result<(), StorageError> {
        let before = self.staff_member(it.id).await?;
        self.exec(
            "UPDATE staff_user SET display_name = $3, role = $4, role_until_on = $5, team_id = $6, state = $7 WHERE org_id = $1 AND user_id = $2",
            args![
                it.id,
                it.name.as_str(),
                it.role.code(),
                it.role.until().map(Timestamp::jst_date),
                it.team,
                if it.active { "active" } else { "disabled" },
            ],
        )
        .await?;
        if before.role != it.role || before.active != it.active {
            let now = self.shared.clock.now();
            self.end_sessions_of_user(it.id, now).await?;
        }
        Ok(())
    }

    /// Sets the password's hash and ends the user's sessions.
    pub async fn set_password(&mut self, id: UserId, hash: &str, now: Timestamp) -> Result<(), StorageError> {
        self.exec(
            "UPDATE staff_user SET password_hash = $3, credentials_at = $4 WHERE org_id = $1 AND user_id = $2",
            args![id, hash, now],
        )
        .await?;
        self.end_sessions_of_user(id, now).await
    }

    /// Sets the TOTP secret and recovery codes' hashes and ends the user's sessions.
    pub async fn set_totp(
        &mut self,
        id: UserId,
        secret: &[u8; 20],
        recovery: &[String],
        now: Timestamp,
    ) -> Result<(), StorageError> {
        let key = self.org_key().await?;
        let sealed = key.seal(&self.shared.chance, &totp_context(id), secret)?;
        self.exec(
            "UPDATE staff_user SET totp_sealed = $3, recovery = $4, totp_last_step = 0, credentials_at = $5 WHERE org_id = $1 AND user_id = $2",
            args![id, sealed, serde_json::json!(recovery).to_string(), now],
        )
        .await?;
        self.end_sessions_of_user(id, now).await
    }

    /// Takes the second factor and the recovery codes away and ends the user's sessions: nobody signs in until a new one
    /// is enrolled.
    pub async fn clear_totp(&mut self, id: UserId, now: Timestamp) -> Result<(), StorageError> {
        let sql = "UPDATE staff_user SET totp_sealed = NULL, recovery = '[]', totp_last_step = 0, credentials_at = $3 \
                   WHERE org_id = $1 AND user_id = $2";
        self.exec(sql, args![id, now]).await?;
        self.end_sessions_of_user(id, now).await
    }

    /// Voids the links of one purpose that a user has not used: a newer one takes their place.
    pub async fn void_links_of_user(&mut self, id: UserId, purpose: &str, now: Timestamp) -> Result<(), StorageError> {
        let sql = "UPDATE one_time_link SET used_at = $4 WHERE org_id = $1 AND user_id = $2 AND purpose = $3 AND used_at IS NULL";
        self.exec(sql, args![id, purpose, now]).await?;
        Ok(())
    }

    /// Remembers the step of a used code. `false`: it was used before (a replay).
    pub async fn use_totp_step(&mut self, id: UserId, step: u64) -> Result<bool, StorageError> {
        let step = i64::try_from(step).unwrap_or(i64::MAX);
        let sql =
            "UPDATE staff_user SET totp_last_step = $3 WHERE org_id = $1 AND user_id = $2 AND totp_last_step < $3";
        Ok(self.exec(sql, args![id, step]).await? == 1)
    }

    /// Keeps the recovery codes that are left.
    pub async fn keep_recovery(&mut self, id: UserId, left: &[String]) -> Result<(), StorageError> {
        let sql = "UPDATE staff_user SET recovery = $3 WHERE org_id = $1 AND user_id = $2";
        self.exec(sql, args![id, serde_json::json!(left).to_string()]).await?;
        Ok(())
    }
}
