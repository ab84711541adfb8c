//! What counts: the places of a round and of a venue that are taken, and the applications a cap looks at. Always counted over the
//! applications as they stand, behind the round's lock (or the programme's, where a cap looks further), never kept as a number.

use tsunagari_kernel::{HouseholdId, PersonId, ProgrammeId, RoundId};
use tsunagari_programmes::{Looked, Places, Round};

use crate::args;
use crate::error::StorageError;
use crate::sql::{Arg, Row, placeholders};
use crate::store::Reader;

/// The applications a cap counts together.
#[derive(Debug, Clone, Copy)]
pub enum CountedBy<'c> {
    /// Those of one who applies.
    Applicant(PersonId),
    /// Those for one person whom the organisation knows.
    Beneficiary(PersonId),
    /// Those for one who was named, or of one group.
    Mark(&'c [u8]),
    /// Those of a household: counted with it, or for one of these people.
    Household {
        /// The household; nothing for somebody who is one of their own.
        household: Option<HouseholdId>,
        /// Who belongs to it, or that somebody.
        people: &'c [PersonId],
    },
}

/// What takes a place.
const TAKES: &str = "('chosen', 'offered', 'held')";
/// What does not count towards a cap any more.
const OVER: &str = "('withdrawn', 'declined', 'lapsed', 'cancelled', 'not_chosen')";

fn number(row: &Row, column: &str) -> Result<u32, StorageError> {
    Ok(row.opt_int(column)?.map_or(0, |n| u32::try_from(n).unwrap_or(u32::MAX)))
}

impl Reader {
    /// The places of a round as they are taken now, and those of one of its venues where that has its own.
    pub async fn places_of(
        &mut self,
        round: &Round,
        venue: Option<u16>,
    ) -> Result<(Places, Option<Places>), StorageError> {
        let sql = format!(
            "SELECT sum(CASE WHEN stands IN {TAKES} THEN 1 ELSE 0 END) AS taken, \
             sum(CASE WHEN stands = 'waiting' THEN 1 ELSE 0 END) AS waiting, max(wait_order) AS last_order, \
             sum(CASE WHEN stands IN {TAKES} AND venue_no = $3 THEN 1 ELSE 0 END) AS taken_there, \
             sum(CASE WHEN stands = 'waiting' AND venue_no = $3 THEN 1 ELSE 0 END) AS waiting_there \
             FROM application WHERE org_id = $1 AND round_id = $2 AND stands IN ('chosen', 'offered', 'held', 'waiting')"
        );
        let row = self.one("application", &sql, args![round.id, venue.map(i32::from)]).await?;
        let all = Places {
            capacity: round.capacity,
            waiting_list: round.waiting_list,
            taken: number(&row, "taken")?,
            waiting: number(&row, "waiting")?,
            last_order: number(&row, "last_order")?,
        };
        let own = venue.and_then(|no| round.venue(no)).and_then(|it| it.places);
        let there = own.map(|n| -> Result<Places, StorageError> {
            let capacity = tsunagari_programmes::Capacity::Places(n);
            Ok(Places { capacity, taken: number(&row, "taken_there")?, waiting: number(&row, "waiting_there")?, ..all })
        });
        Ok((all, there.transpose()?))
    }

    /// How many applications name a venue of a round, over or not.
    pub async fn applications_at(&mut self, round: RoundId, venue: u16) -> Result<u32, StorageError> {
        let sql = "SELECT count(*) AS there FROM application WHERE org_id = $1 AND round_id = $2 AND venue_no = $3";
        number(&self.one("application", sql, args![round, i32::from(venue)]).await?, "there")
    }

    /// How many applications that are not over a cap counts.
    pub async fn applications_counted(
        &mut self,
        programme: ProgrammeId,
        round: RoundId,
        looked: Looked,
        by: CountedBy<'_>,
    ) -> Result<u32, StorageError> {
        let mut values = args![programme];
        let mut bind = |it: Arg| {
            values.push(it);
            format!("${}", values.len() + 1)
        };
        let scope = match looked {
            Looked::AtThis => format!("a.round_id = {}", bind(round.into())),
            Looked::AtYear(year) => format!("a.fiscal_year = {}", bind(year.into())),
            Looked::AtAll => "1 = 1".to_owned(),
        };
        let whose = match by {
            CountedBy::Applicant(id) => format!("a.applicant_id = {}", bind(id.into())),
            CountedBy::Beneficiary(id) => format!("a.beneficiary_id = {}", bind(id.into())),
            CountedBy::Mark(mark) => format!(
                "EXISTS (SELECT 1 FROM application_paper p WHERE p.org_id = $1 AND p.application_id = a.application_id AND p.mark = {})",
                bind(mark.into())
            ),
            CountedBy::Household { household, people } => {
                let with = bind(household.into());
                let first = values.len() + 2;
                values.extend(people.iter().map(|it| Arg::from(*it)));
                let people = if people.is_empty() { "(NULL)".to_owned() } else { placeholders(first, people.len()) };
                format!(
                    "(a.household_id = {with} OR coalesce(a.beneficiary_id, a.applicant_id) IN {people} OR a.applicant_id IN {people})"
                )
            }
        };
        let sql = format!(
            "SELECT count(*) AS n FROM application a WHERE a.org_id = $1 AND a.programme_id = $2 AND {scope} AND {whose} \
             AND a.stands NOT IN {OVER}"
        );
        Ok(u32::try_from(self.count(&sql, values).await?).unwrap_or(u32::MAX))
    }
}
