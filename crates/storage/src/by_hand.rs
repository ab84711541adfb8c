//! The bench's five-condition rule as somebody would write it by hand for this schema, to compare the rule compiler with.
//! Only with feature `by_hand`. It trusts that every row of `person_state` is right for now and asks nothing else.

use tsunagari_kernel::Moment;
use tsunagari_people::{GivenBy, Policy, TieKind};

use crate::args;
use crate::error::StorageError;
use crate::person_state::{consent, listed, tie_bit};
use crate::store::Reader;

/// The rule that `count_by_hand` is.
pub const RULE: &str = "age >= 18 and cohort >= 2020 and tie(origin) and interest has jobs and reachable(info)";

impl Reader {
    /// How many people [`RULE`] lets in now.
    pub async fn count_by_hand(&mut self, at: &Moment, policy: &Policy) -> Result<i64, StorageError> {
        let adult = at.date.checked_sub_months(chrono::Months::new(12 * 18)).unwrap_or(at.date);
        // A hand that looked at the plan: the index of rows due would be walked instead of the table.
        let sql = format!(
            "SELECT count(*) AS n FROM person_state p WHERE p.org_id = $1 AND p.merged_into IS NULL AND p.from_at <= $2 \
             AND p.until_at + 0 > $2 AND p.cohort >= 2020 AND (p.ties & {}) <> 0 AND p.birth_date <= $3 \
             AND instr(p.interests, $4) > 0 AND (p.line_at IS NOT NULL OR p.email_at IS NOT NULL \
             OR p.phone_at IS NOT NULL OR p.postal_at IS NOT NULL) AND (p.birth_date <= $5 AND \
             instr(p.consents, $6) > 0 OR instr(p.consents, $7) > 0)",
            tie_bit(TieKind::Origin)
        );
        let given = |by| consent("info", by);
        let (own, guardian) = (given(GivenBy::Myself), given(GivenBy::Guardian(None)));
        let latest = policy.reach.latest_birth(at.date);
        self.count(&sql, args![at.instant, adult, listed(&["jobs"]), latest, own, guardian]).await
    }
}
