//! Payments: one for each benefit of money of an application, numbered within the organisation. Leaves their moves to benefits, the account
//! they go to to `payment_account`, and the lists they stand in to `transfer_run`.

use tsunagari_benefits::Payment;
use tsunagari_kernel::{ApplicationId, PersonId, RoundId, Timestamp, Yen};
use tsunagari_programmes::BenefitNo;

use crate::args;
use crate::error::StorageError;
use crate::payment_account::HolderCheck;
use crate::sql::{Arg, Row, placeholders};
use crate::store::{Reader, Tx};

/// A payment on record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptPayment {
    /// Its number within the organisation, from 1.
    pub no: u32,
    /// Whose application it belongs to.
    pub application: ApplicationId,
    /// To which round.
    pub round: RoundId,
    /// Which benefit it is.
    pub benefit: BenefitNo,
    /// How much, and where it stands.
    pub payment: Payment,
    /// Its number among what the application was given, once it was paid.
    pub given: Option<u16>,
    /// When it was decided.
    pub made_at: Timestamp,
    /// When it last moved.
    pub changed_at: Timestamp,
}

/// A line of the list of payments.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PaymentLine {
    /// The payment.
    pub payment: KeptPayment,
    /// The number of its application.
    pub receipt: String,
    /// Where the application stands, by its code.
    pub stands: String,
    /// Who applied; nobody once they were erased.
    pub applicant: Option<PersonId>,
    /// Their name; empty once they were erased.
    pub name: String,
    /// Its reading.
    pub kana: String,
    /// What is known of the account's holder; nothing where no account was told, or the one that was is in doubt.
    pub holder: Option<HolderCheck>,
    /// Whether the account that was told is in doubt, because money came back.
    pub doubted: bool,
    /// The list it stands in, or was paid with, last.
    pub run: Option<u32>,
}

impl PaymentLine {
    /// Whether it can stand in the next list.
    pub fn is_ready(&self) -> bool {
        let settled = self.holder.is_some_and(|it| it != HolderCheck::Differs);
        self.payment.payment.list().is_ok() && settled && self.stands == "held"
    }
}

/// Somebody with a place whose money nobody decided on yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Undecided {
    /// Their application.
    pub application: ApplicationId,
    /// Its number.
    pub receipt: String,
    /// Their class.
    pub class: Option<String>,
    /// Who applied.
    pub applicant: Option<PersonId>,
    /// Their name.
    pub name: String,
}

const COLUMNS: &str = "x.payment_no, x.application_id, x.round_id, x.benefit_no, x.state, x.sending, x.yen, x.given_no, x.made_at, x.changed_at";

fn read(row: &Row) -> Result<KeptPayment, StorageError> {
    Ok(KeptPayment {
        no: row.small("payment_no")?,
        application: row.id("application_id")?,
        round: row.id("round_id")?,
        benefit: BenefitNo(row.small("benefit_no")?),
        payment: Payment::stored(row.code("state")?, row.small("sending")?, Yen(row.int("yen")?)),
        given: row.opt_int("given_no")?.map(|_| row.small("given_no")).transpose()?,
        made_at: row.instant("made_at")?,
        changed_at: row.instant("changed_at")?,
    })
}

fn words(row: &Row, family: &str, given: &str) -> Result<String, StorageError> {
    let part = |column| Ok::<_, StorageError>(row.opt_text(column)?.unwrap_or_default());
    Ok(format!("{} {}", part(family)?, part(given)?).trim().to_owned())
}

fn read_line(row: &Row) -> Result<PaymentLine, StorageError> {
    let doubted = row.opt_int("doubted")?.is_some_and(|it| it != 0);
    let known = row.opt_text("holder")?.is_some() && !doubted;
    Ok(PaymentLine {
        payment: read(row)?,
        receipt: row.text("receipt")?,
        stands: row.text("stands")?,
        applicant: row.opt_id("applicant_id")?,
        name: words(row, "family", "given")?,
        kana: words(row, "family_kana", "given_kana")?,
        holder: known.then(|| row.code("holder")).transpose()?,
        doubted,
        run: row.opt_int("run_no")?.map(|_| row.small("run_no")).transpose()?,
    })
}

/// Which payments are asked for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct PaymentFilter<'a> {
    /// Of this round; of all where none is named.
    pub round: Option<RoundId>,
    /// In these states, by their codes; all where none is named.
    pub states: &'a [&'a str],
}

impl Reader {
    /// One payment.
    pub async fn payment(&mut self, no: u32) -> Result<KeptPayment, StorageError> {
        let sql = format!("SELECT {COLUMNS} FROM payment x WHERE x.org_id = $1 AND x.payment_no = $2");
        read(&self.one("payment", &sql, args![i64::from(no)]).await?)
    }

    /// The payments of an application, by benefit.
    pub async fn payments_of(&mut self, application: ApplicationId) -> Result<Vec<KeptPayment>, StorageError> {
        let sql = format!(
            "SELECT {COLUMNS} FROM payment x WHERE x.org_id = $1 AND x.application_id = $2 ORDER BY x.benefit_no"
        );
        self.rows(&sql, args![application]).await?.iter().map(read).collect()
    }

    /// A page of payments after one of them, by number.
    pub async fn payment_lines(
        &mut self,
        filter: PaymentFilter<'_>,
        after: u32,
        most: i64,
    ) -> Result<Vec<PaymentLine>, StorageError> {
        let mut values = args![i64::from(after), most];
        let mut condition = String::new();
        if let Some(round) = filter.round {
            values.push(round.into());
            condition.push_str(&format!(" AND x.round_id = ${}", values.len() + 1));
        }
        if !filter.states.is_empty() {
            condition.push_str(&format!(" AND x.state IN {}", placeholders(values.len() + 2, filter.states.len())));
            values.extend(filter.states.iter().map(|it| Arg::from(*it)));
        }
        let sql = format!(
            "SELECT {COLUMNS}, a.receipt, a.stands, a.applicant_id, p.family, p.given, p.family_kana, p.given_kana, d.holder, d.doubted, \
             (SELECT max(l.run_no) FROM transfer_line l WHERE l.org_id = x.org_id AND l.payment_no = x.payment_no) AS run_no \
             FROM payment x JOIN application a ON a.org_id = x.org_id AND a.application_id = x.application_id \
             LEFT JOIN person p ON p.org_id = x.org_id AND p.person_id = a.applicant_id \
             LEFT JOIN payment_account d ON d.org_id = x.org_id AND d.payment_no = x.payment_no \
             WHERE x.org_id = $1 AND x.payment_no > $2{condition} ORDER BY x.payment_no LIMIT $3"
        );
        self.rows(&sql, values).await?.iter().map(read_line).collect()
    }

    /// How many of a round's payments stand where, and how much they are together, by the codes of their states.
    pub async fn payments_by_state(&mut self, round: RoundId) -> Result<Vec<(String, i64, Yen)>, StorageError> {
        let sql = "SELECT state, count(*) AS n, CAST(sum(yen) AS BIGINT) AS yen FROM payment WHERE org_id = $1 AND round_id = $2 \
                   GROUP BY state ORDER BY state";
        let rows = self.rows(sql, args![round]).await?;
        rows.iter().map(|row| Ok((row.text("state")?, row.int("n")?, Yen(row.int("yen")?)))).collect()
    }

    /// Those who hold a place in a round and have no payment of a benefit yet, in the order in which they came.
    pub async fn without_payment(
        &mut self,
        round: RoundId,
        benefit: BenefitNo,
    ) -> Result<Vec<Undecided>, StorageError> {
        let sql = "SELECT a.application_id, a.receipt, a.class, a.applicant_id, p.family, p.given FROM application a \
                   LEFT JOIN person p ON p.org_id = a.org_id AND p.person_id = a.applicant_id \
                   WHERE a.org_id = $1 AND a.round_id = $2 AND a.stands = 'held' AND NOT EXISTS (SELECT 1 FROM payment x \
                   WHERE x.org_id = a.org_id AND x.application_id = a.application_id AND x.benefit_no = $3) ORDER BY a.application_id";
        let rows = self.rows(sql, args![round, i64::from(benefit.0)]).await?;
        let one = |row: &Row| {
            Ok(Undecided {
                application: row.id("application_id")?,
                receipt: row.text("receipt")?,
                class: row.opt_text("class")?,
                applicant: row.opt_id("applicant_id")?,
                name: words(row, "family", "given")?,
            })
        };
        rows.iter().map(one).collect()
    }
}

impl Tx {
    /// Makes payments, with the next numbers of the organisation; nobody else takes a number until this ends. Their numbers.
    pub async fn add_payments(
        &mut self,
        round: RoundId,
        which: &[(ApplicationId, BenefitNo, Payment)],
        at: Timestamp,
    ) -> Result<Vec<u32>, StorageError> {
        let lock = format!("SELECT org_id FROM organisation WHERE org_id = $1{}", self.for_update());
        self.rows(&lock, args![]).await?;
        let sql = "SELECT coalesce(max(payment_no), 0) AS n FROM payment WHERE org_id = $1";
        let last: u32 = self.one("payment", sql, args![]).await?.small("n")?;
        let numbers: Vec<u32> = (last + 1..).take(which.len()).collect();
        let row = |(no, (application, benefit, it)): (&u32, &(ApplicationId, BenefitNo, Payment))| {
            let (state, sending, yen) = (it.state().code(), i64::from(it.sending()), it.yen().0);
            args![i64::from(*no), *application, round, i64::from(benefit.0), state, sending, yen, at, at]
        };
        let rows = numbers.iter().zip(which).map(row).collect();
        let columns = [
            "payment_no",
            "application_id",
            "round_id",
            "benefit_no",
            "state",
            "sending",
            "yen",
            "made_at",
            "changed_at",
        ];
        self.insert_many("payment", &columns, rows, "").await?;
        Ok(numbers)
    }

    /// Keeps where a payment stands now.
    ///
    /// # Errors
    /// `Conflict`: it stands otherwise than when it was read.
    pub async fn keep_payment(
        &mut self,
        before: &KeptPayment,
        after: Payment,
        given: Option<u16>,
        at: Timestamp,
    ) -> Result<(), StorageError> {
        let sql = "UPDATE payment SET state = $6, sending = $7, yen = $8, given_no = $9, changed_at = $10 \
                   WHERE org_id = $1 AND payment_no = $2 AND state = $3 AND sending = $4 AND yen = $5";
        let was = before.payment;
        let values = args![
            i64::from(before.no),
            was.state().code(),
            i64::from(was.sending()),
            was.yen().0,
            after.state().code(),
            i64::from(after.sending()),
            after.yen().0,
            given.map(i64::from),
            at,
        ];
        if self.exec(sql, values).await? == 0 { Err(StorageError::Conflict("payment")) } else { Ok(()) }
    }
}
