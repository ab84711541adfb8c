//! Lists of transfers: when and by whom each was drawn up and released, and its lines as they were then, each sealed for whom it pays.
//! Leaves the moves of a list to benefits, and its file to documents.

use tsunagari_benefits::transfer_run::State;
use tsunagari_benefits::{Account, Payer};
use tsunagari_kernel::{PersonId, Timestamp, UserId, Yen};

use chrono::NaiveDate;

use crate::args;
use crate::error::StorageError;
use crate::person_key::PersonKeys;
use crate::sql::Row;
use crate::store::{Reader, Tx};

/// A list of transfers on record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TransferRun {
    /// Its number within the organisation, from 1.
    pub no: u32,
    /// Where it stands.
    pub state: State,
    /// The day the bank pays.
    pub pay_on: NaiveDate,
    /// From which account, as it was then.
    pub payer: Payer,
    /// How many lines.
    pub lines: u32,
    /// All of it together.
    pub yen: Yen,
    /// The SHA-256 of its file.
    pub digest: String,
    /// Who drew it up, and when.
    pub proposed: (UserId, Timestamp),
    /// Who released it, and when.
    pub released: Option<(UserId, Timestamp)>,
    /// When it was carried out or called off.
    pub ended: Option<Timestamp>,
}

/// A line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TransferLine {
    /// Its place, from 1.
    pub no: u32,
    /// The payment.
    pub payment: u32,
    /// In which sending.
    pub sending: u16,
    /// How much.
    pub yen: Yen,
    /// Whom it pays.
    pub person: PersonId,
    /// Where to, as it was when the list was drawn up.
    pub account: Account,
}

fn context(run: u32, payment: u32) -> Vec<u8> {
    [b"transfer_line".as_slice(), run.to_be_bytes().as_slice(), payment.to_be_bytes().as_slice()].concat()
}

fn broken(error: &serde_json::Error) -> StorageError {
    StorageError::Broken(error.to_string())
}

const COLUMNS: &str =
    "run_no, state, pay_on, payer, lines, yen, digest, proposed_by, proposed_at, released_by, released_at, ended_at";

fn read(row: &Row) -> Result<TransferRun, StorageError> {
    Ok(TransferRun {
        no: row.small("run_no")?,
        state: row.code("state")?,
        pay_on: row.date("pay_on")?,
        payer: row.json("payer")?,
        lines: row.small("lines")?,
        yen: Yen(row.int("yen")?),
        digest: row.text("digest")?,
        proposed: (row.id("proposed_by")?, row.instant("proposed_at")?),
        released: row.opt_id("released_by")?.zip(row.opt_instant("released_at")?),
        ended: row.opt_instant("ended_at")?,
    })
}

impl Reader {
    /// Every list, the newest first.
    pub async fn transfer_runs(&mut self) -> Result<Vec<TransferRun>, StorageError> {
        let sql = format!("SELECT {COLUMNS} FROM transfer_run WHERE org_id = $1 ORDER BY run_no DESC");
        self.rows(&sql, args![]).await?.iter().map(read).collect()
    }

    /// One of them.
    pub async fn transfer_run(&mut self, no: u32) -> Result<TransferRun, StorageError> {
        let sql = format!("SELECT {COLUMNS} FROM transfer_run WHERE org_id = $1 AND run_no = $2");
        read(&self.one("transfer_run", &sql, args![i64::from(no)]).await?)
    }

    /// Whom a list pays, with the payments, by line.
    pub async fn paid_by(&mut self, run: u32) -> Result<Vec<(u32, PersonId)>, StorageError> {
        let sql = "SELECT payment_no, person_id FROM transfer_line WHERE org_id = $1 AND run_no = $2 ORDER BY line_no";
        let rows = self.rows(sql, args![i64::from(run)]).await?;
        rows.iter().map(|row| Ok((row.small("payment_no")?, row.id("person_id")?))).collect()
    }

    /// Its lines, as far as the keys open them; what was erased is missing.
    pub async fn transfer_lines(&mut self, run: u32, keys: &PersonKeys) -> Result<Vec<TransferLine>, StorageError> {
        let sql = "SELECT line_no, payment_no, sending, yen, person_id, sealed FROM transfer_line \
                   WHERE org_id = $1 AND run_no = $2 ORDER BY line_no";
        let mut lines = Vec::new();
        for row in self.rows(sql, args![i64::from(run)]).await? {
            let (payment, person): (u32, PersonId) = (row.small("payment_no")?, row.id("person_id")?);
            if !keys.has(person) {
                continue;
            }
            let plain = keys.of(person)?.open(&context(run, payment), &row.bytes("sealed")?)?;
            lines.push(TransferLine {
                no: row.small("line_no")?,
                payment,
                sending: row.small("sending")?,
                yen: Yen(row.int("yen")?),
                person,
                account: serde_json::from_slice(&plain).map_err(|error| broken(&error))?,
            });
        }
        Ok(lines)
    }
}

impl Tx {
    /// The number of the next list; nobody else takes one until this ends.
    pub async fn next_transfer_run(&mut self) -> Result<u32, StorageError> {
        let lock = format!("SELECT org_id FROM organisation WHERE org_id = $1{}", self.for_update());
        self.rows(&lock, args![]).await?;
        let sql = "SELECT coalesce(max(run_no), 0) + 1 AS n FROM transfer_run WHERE org_id = $1";
        self.one("transfer_run", sql, args![]).await?.small("n")
    }

    /// Adds a list with its lines.
    pub async fn add_transfer_run(
        &mut self,
        it: &TransferRun,
        lines: &[TransferLine],
        keys: &PersonKeys,
    ) -> Result<(), StorageError> {
        let payer = serde_json::to_string(&it.payer).map_err(|error| broken(&error))?;
        let columns = ["run_no", "state", "pay_on", "payer", "lines", "yen", "digest", "proposed_by", "proposed_at"];
        let (by, at) = it.proposed;
        let row = args![
            i64::from(it.no),
            it.state.code(),
            it.pay_on,
            payer,
            i64::from(it.lines),
            it.yen.0,
            it.digest.as_str(),
            by,
            at
        ];
        self.insert_many("transfer_run", &columns, vec![row], "").await?;
        let mut rows = Vec::with_capacity(lines.len());
        for line in lines {
            let plain = serde_json::to_vec(&line.account).map_err(|error| broken(&error))?;
            let sealed = keys.of(line.person)?.seal(&self.shared.chance, &context(it.no, line.payment), &plain)?;
            let (sending, yen) = (i64::from(line.sending), line.yen.0);
            rows.push(args![
                i64::from(it.no),
                i64::from(line.no),
                i64::from(line.payment),
                sending,
                yen,
                line.person,
                sealed
            ]);
        }
        let columns = ["run_no", "line_no", "payment_no", "sending", "yen", "person_id", "sealed"];
        self.insert_many("transfer_line", &columns, rows, "").await
    }

    /// Keeps where a list stands now.
    ///
    /// # Errors
    /// `Conflict`: it stands otherwise than when it was read.
    pub async fn step_transfer_run(
        &mut self,
        before: &TransferRun,
        to: State,
        released_by: Option<UserId>,
        at: Timestamp,
    ) -> Result<(), StorageError> {
        let (sql, values) = match released_by {
            Some(by) => (
                "UPDATE transfer_run SET state = $4, released_by = $5, released_at = $6 WHERE org_id = $1 AND run_no = $2 AND state = $3",
                args![i64::from(before.no), before.state.code(), to.code(), by, at],
            ),
            None => (
                "UPDATE transfer_run SET state = $4, ended_at = $5 WHERE org_id = $1 AND run_no = $2 AND state = $3",
                args![i64::from(before.no), before.state.code(), to.code(), at],
            ),
        };
        if self.exec(sql, values).await? == 0 { Err(StorageError::Conflict("transfer_run")) } else { Ok(()) }
    }

    /// Seals the lines of a payment for another entry.
    pub(crate) async fn move_transfer_lines(
        &mut self,
        from: PersonId,
        to: PersonId,
        payment: u32,
        keys: &PersonKeys,
    ) -> Result<(), StorageError> {
        let sql = "SELECT run_no, sealed FROM transfer_line WHERE org_id = $1 AND payment_no = $2 AND person_id = $3";
        for row in self.rows(sql, args![i64::from(payment), from]).await? {
            let run: u32 = row.small("run_no")?;
            let plain = keys.of(from)?.open(&context(run, payment), &row.bytes("sealed")?)?;
            let sealed = keys.of(to)?.seal(&self.shared.chance, &context(run, payment), &plain)?;
            let sql = "UPDATE transfer_line SET person_id = $4, sealed = $5 WHERE org_id = $1 AND run_no = $2 AND payment_no = $3";
            self.exec(sql, args![i64::from(run), i64::from(payment), to, sealed]).await?;
        }
        Ok(())
    }
}
