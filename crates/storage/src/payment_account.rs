//! The account a payment goes to, sealed for whoever applied. Leaves the payment itself to `payment`, and what an account is to benefits.

use tsunagari_benefits::Account;
use tsunagari_kernel::{ApplicationId, PersonId, Timestamp};

use crate::args;
use crate::error::StorageError;
use crate::parcel_paper::SaidBy;
use crate::person_key::PersonKeys;
use crate::sql::Row;
use crate::store::{Reader, Tx};

/// What is known of an account's holder beside the name of whoever applied.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum HolderCheck {
    /// The same name.
    Same,
    /// Another name, or no reading to compare it with: somebody must look.
    Differs,
    /// Another name, and an officer settled that it is right.
    Accepted,
}

impl HolderCheck {
    /// Every answer.
    pub const ALL: [Self; 3] = [Self::Same, Self::Differs, Self::Accepted];

    /// The public code, as stored and as in the locale keys `payment-holder-…`.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Same => "same",
            Self::Differs => "differs",
            Self::Accepted => "accepted",
        }
    }
}

impl std::str::FromStr for HolderCheck {
    type Err = ();
    fn from_str(code: &str) -> Result<Self, ()> {
        Self::ALL.into_iter().find(|it| it.code() == code).ok_or(())
    }
}

/// An account a payment goes to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PaymentAccount {
    /// The payment's number.
    pub payment: u32,
    /// For whom it is sealed.
    pub person: PersonId,
    /// The account.
    pub account: Account,
    /// Who said so.
    pub said_by: SaidBy,
    /// What is known of its holder.
    pub holder: HolderCheck,
    /// When it was told.
    pub told_at: Timestamp,
    /// Whether money came back from it.
    pub doubted: bool,
}

fn context(payment: u32) -> Vec<u8> {
    [b"payment_account".as_slice(), payment.to_be_bytes().as_slice()].concat()
}

fn broken(error: &serde_json::Error) -> StorageError {
    StorageError::Broken(error.to_string())
}

fn read(row: &Row, keys: &PersonKeys) -> Result<Option<PaymentAccount>, StorageError> {
    let (payment, person): (u32, PersonId) = (row.small("payment_no")?, row.id("person_id")?);
    if !keys.has(person) {
        return Ok(None);
    }
    let plain = keys.of(person)?.open(&context(payment), &row.bytes("sealed")?)?;
    Ok(Some(PaymentAccount {
        payment,
        person,
        account: serde_json::from_slice(&plain).map_err(|error| broken(&error))?,
        said_by: row.code("said_by")?,
        holder: row.code("holder")?,
        told_at: row.instant("told_at")?,
        doubted: row.flag("doubted")?,
    }))
}

const COLUMNS: &str = "payment_no, person_id, sealed, said_by, holder, told_at, doubted";

impl Reader {
    /// The account a payment goes to, as far as somebody told it and the keys open it.
    pub async fn payment_account(
        &mut self,
        payment: u32,
        keys: &PersonKeys,
    ) -> Result<Option<PaymentAccount>, StorageError> {
        let sql = format!("SELECT {COLUMNS} FROM payment_account WHERE org_id = $1 AND payment_no = $2");
        let row = self.first(&sql, args![i64::from(payment)]).await?;
        row.map_or(Ok(None), |row| read(&row, keys))
    }

    /// The account somebody told last themselves, from which nothing came back.
    pub async fn last_account_of(
        &mut self,
        person: PersonId,
        keys: &PersonKeys,
    ) -> Result<Option<PaymentAccount>, StorageError> {
        let sql = format!(
            "SELECT {COLUMNS} FROM payment_account WHERE org_id = $1 AND person_id = $2 AND said_by = 'applicant' AND doubted = 0 \
             ORDER BY told_at DESC, payment_no DESC LIMIT 1"
        );
        let row = self.first(&sql, args![person]).await?;
        row.map_or(Ok(None), |row| read(&row, keys))
    }
}

impl Tx {
    /// Keeps the account a payment goes to.
    pub async fn keep_payment_account(&mut self, it: &PaymentAccount, keys: &PersonKeys) -> Result<(), StorageError> {
        let plain = serde_json::to_vec(&it.account).map_err(|error| broken(&error))?;
        let sealed = keys.of(it.person)?.seal(&self.shared.chance, &context(it.payment), &plain)?;
        let sql = "DELETE FROM payment_account WHERE org_id = $1 AND payment_no = $2";
        self.exec(sql, args![i64::from(it.payment)]).await?;
        let columns = ["payment_no", "person_id", "sealed", "said_by", "holder", "told_at", "doubted"];
        let (said_by, holder) = (it.said_by.code(), it.holder.code());
        let row = args![i64::from(it.payment), it.person, sealed, said_by, holder, it.told_at, i64::from(it.doubted)];
        self.insert_many("payment_account", &columns, vec![row], "").await
    }

    /// An officer settles that the holder is right though the name is another; whether there was anything to settle.
    pub async fn accept_account_holder(&mut self, payment: u32) -> Result<bool, StorageError> {
        let sql = "UPDATE payment_account SET holder = $3 WHERE org_id = $1 AND payment_no = $2 AND holder = $4 AND doubted = 0";
        let (to, from) = (HolderCheck::Accepted.code(), HolderCheck::Differs.code());
        Ok(self.exec(sql, args![i64::from(payment), to, from]).await? > 0)
    }

    /// Money came back from it.
    pub async fn doubt_payment_account(&mut self, payment: u32) -> Result<(), StorageError> {
        let sql = "UPDATE payment_account SET doubted = 1 WHERE org_id = $1 AND payment_no = $2";
        self.exec(sql, args![i64::from(payment)]).await?;
        Ok(())
    }

    /// Seals anew what belongs to applications that became another entry's: accounts, and the lines they were paid by.
    pub(crate) async fn move_payment_papers(
        &mut self,
        from: PersonId,
        to: PersonId,
        applications: &[ApplicationId],
        keys: &PersonKeys,
    ) -> Result<(), StorageError> {
        for id in applications {
            for payment in self.payments_of(*id).await? {
                let sql = "SELECT sealed FROM payment_account WHERE org_id = $1 AND payment_no = $2 AND person_id = $3";
                if let Some(row) = self.first(sql, args![i64::from(payment.no), from]).await? {
                    let plain = keys.of(from)?.open(&context(payment.no), &row.bytes("sealed")?)?;
                    let sealed = keys.of(to)?.seal(&self.shared.chance, &context(payment.no), &plain)?;
                    let sql =
                        "UPDATE payment_account SET person_id = $3, sealed = $4 WHERE org_id = $1 AND payment_no = $2";
                    self.exec(sql, args![i64::from(payment.no), to, sealed]).await?;
                }
                self.move_transfer_lines(from, to, payment.no, keys).await?;
            }
        }
        Ok(())
    }
}
