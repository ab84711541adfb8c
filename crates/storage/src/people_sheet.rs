//! The list of people narrowed by a rule beside its own filters, in either order of kana: what the office's spreadsheet of
//! people needs beyond `person_list`. Leaves the filters to `person_list` and the rule's meaning to `audience`.

use tsunagari_kernel::PersonId;

use crate::audience::Audience;
use crate::dialect::Listed;
use crate::error::StorageError;
use crate::person_list::{Guardians, Naming, PageKey, PeopleFilter, PersonLine, condition, lines, read};
use crate::sql::{Arg, FENCE, list};
use crate::store::{OrgStore, Reader};

/// Up to so many people are found before the sheet is put in order. Of more, some stand on every stretch of the order, and
/// walking along it soon finds a page of them.
const FEW: u32 = 2_000;

/// A rule the sheet is narrowed by.
#[derive(Debug)]
pub struct Narrowed<'q> {
    audience: Audience<'q>,
    /// Whom it lets in, when they are few.
    few: Option<Vec<PersonId>>,
}

impl<'q> Narrowed<'q> {
    /// For a single question about a filter that lets through few itself: whom the rule lets in is not looked up beforehand.
    pub const fn by(audience: Audience<'q>) -> Self {
        Self { audience, few: None }
    }
}

/// A page of the sheet with the numbers above it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sheet {
    /// How many lines the whole sheet has.
    pub count: i64,
    /// How many a rule lets in whom the sheet does not name, because their address is protected.
    pub unnamed: i64,
    /// The lines of this page.
    pub lines: Vec<PersonLine>,
    /// Whether others come after them.
    pub more: bool,
}

/// The part of a sheet that is shown.
#[derive(Debug, Clone, Copy)]
pub struct Shown<'k> {
    /// By kana, which way.
    pub order: KanaOrder,
    /// After whom it begins; nobody: at the top.
    pub after: Option<&'k PageKey>,
    /// Lines, at most.
    pub most: u32,
}

/// Where a sheet's people are looked for.
struct Question {
    from: String,
    /// The name of the row the sheet is in order by.
    person: &'static str,
    all: String,
    args: Vec<Arg>,
}

/// By kana, which way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KanaOrder {
    /// あ to ん.
    Rising,
    /// ん to あ.
    Falling,
}

/// A stretch of the list in its order: those whose kana is missing come last in either direction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stretch {
    Named,
    Nameless,
}

impl OrgStore {
    /// A page of the sheet with its numbers. Counting walks over everybody and takes as long again as finding the page. Where
    /// that is sooner both are asked at once, on a connection each: somebody who arrives that instant may be in one of them only.
    ///
    /// # Errors
    /// No connection within ten seconds; the question's own.
    pub async fn sheet(
        &self,
        filter: &PeopleFilter,
        rule: Option<Audience<'_>>,
        shown: Shown<'_>,
    ) -> Result<Sheet, StorageError> {
        let mut reader = self.read().await?;
        let narrowed = match rule {
            Some(audience) => Some(reader.narrowed(audience).await?),
            None => None,
        };
        let (narrowed, most) = (narrowed.as_ref(), shown.most.saturating_add(1));
        let ((count, unnamed), mut lines) = if reader.twin().answers_side_by_side() {
            // Given back first: whoever waits for a second connection while holding one may wait for itself.
            drop(reader);
            let counts = async { self.read().await?.sheet_counts(filter, narrowed).await };
            let page = async { self.read().await?.sheet_page(filter, narrowed, shown.order, shown.after, most).await };
            tokio::try_join!(counts, page)?
        } else {
            (
                reader.sheet_counts(filter, narrowed).await?,
                reader.sheet_page(filter, narrowed, shown.order, shown.after, most).await?,
            )
        };
        let more = lines.len() > shown.most as usize;
        lines.truncate(shown.most as usize);
        Ok(Sheet { count, unnamed, lines, more })
    }
}

impl Reader {
    /// How many lines the sheet has, and how many of a rule's it does not name.
    async fn sheet_counts(
        &mut self,
        filter: &PeopleFilter,
        rule: Option<&Narrowed<'_>>,
    ) -> Result<(i64, i64), StorageError> {
        match (filter.naming, rule) {
            (Naming::Open, Some(_)) => {
                let of = |naming| PeopleFilter { naming, ..filter.clone() };
                let unnamed = self.sheet_count(&of(Naming::Protected), rule).await?;
                Ok((self.sheet_count(&of(Naming::Everybody), rule).await? - unnamed, unnamed))
            }
            (Naming::Open | Naming::Everybody | Naming::Protected, _) => Ok((self.sheet_count(filter, rule).await?, 0)),
        }
    }

    /// Readies a rule for the sheet's pages and counts.
    pub async fn narrowed<'q>(&mut self, audience: Audience<'q>) -> Result<Narrowed<'q>, StorageError> {
        let some = self.audience_members(&audience, None, FEW + 1).await?;
        Ok(Narrowed { audience, few: (some.len() <= FEW as usize).then_some(some) })
    }

    /// A page of the sheet, at most `most` lines after the line of `after`. Whoever has no kana comes last.
    pub async fn sheet_page(
        &mut self,
        filter: &PeopleFilter,
        rule: Option<&Narrowed<'_>>,
        order: KanaOrder,
        after: Option<&PageKey>,
        most: u32,
    ) -> Result<Vec<PersonLine>, StorageError> {
        let mut page = Vec::new();
        if after.is_none_or(|key| !key.kana_key.is_empty()) {
            page = self.stretch(filter, rule, (Stretch::Named, order), after, most).await?;
        }
        let left = most.saturating_sub(u32::try_from(page.len()).unwrap_or(most));
        if left > 0 {
            let after = after.filter(|key| key.kana_key.is_empty());
            page.extend(self.stretch(filter, rule, (Stretch::Nameless, order), after, left).await?);
        }
        Ok(page)
    }

    async fn stretch(
        &mut self,
        filter: &PeopleFilter,
        rule: Option<&Narrowed<'_>>,
        (stretch, order): (Stretch, KanaOrder),
        after: Option<&PageKey>,
        most: u32,
    ) -> Result<Vec<PersonLine>, StorageError> {
        let Question { from, person, mut all, mut args } = self.asked(filter, rule, vec![Arg::from(most)])?;
        let (than, way) = match order {
            KanaOrder::Rising => (">", "ASC"),
            KanaOrder::Falling => ("<", "DESC"),
        };
        all.push_str(&match stretch {
            Stretch::Named => format!(" AND {person}.kana_key > ''"),
            Stretch::Nameless => format!(" AND {person}.kana_key = ''"),
        });
        if let Some(key) = after {
            args.extend([Arg::from(key.kana_key.as_str()), Arg::from(key.person)]);
            let (kana, id) = (args.len(), args.len() + 1);
            all.push_str(&format!(" AND ({person}.kana_key, {person}.person_id) {than} (${kana}, ${id})"));
        }
        let found = format!(
            "SELECT {person}.person_id FROM {from} WHERE {all} ORDER BY {person}.kana_key {way}, {person}.person_id {way} LIMIT $2"
        );
        let sql = lines(&found, way);
        self.rows(&sql, args).await?.iter().map(read).collect()
    }

    /// How many lines the sheet has. Everybody is counted, and the few who are guardians or protected are taken off: cheaper
    /// than asking of each person whether they are one.
    pub async fn sheet_count(
        &mut self,
        filter: &PeopleFilter,
        rule: Option<&Narrowed<'_>>,
    ) -> Result<i64, StorageError> {
        let mut people = 0;
        let namings: &[(Naming, i64)] = match filter.naming {
            Naming::Open => &[(Naming::Everybody, 1), (Naming::Protected, -1)],
            Naming::Everybody => &[(Naming::Everybody, 1)],
            Naming::Protected => &[(Naming::Protected, 1)],
        };
        let guardians: &[(Guardians, i64)] = match filter.guardians {
            Guardians::Without => &[(Guardians::Among, 1), (Guardians::Only, -1)],
            Guardians::Among => &[(Guardians::Among, 1)],
            Guardians::Only => &[(Guardians::Only, 1)],
        };
        for (naming, one) in namings {
            for (guardians, other) in guardians {
                let part = PeopleFilter { naming: *naming, guardians: *guardians, ..filter.clone() };
                people += one * other * self.people_counted(&part, rule).await?;
            }
        }
        Ok(people)
    }

    async fn people_counted(
        &mut self,
        filter: &PeopleFilter,
        rule: Option<&Narrowed<'_>>,
    ) -> Result<i64, StorageError> {
        if let Some(Narrowed { audience, few }) = rule.filter(|_| *filter == PeopleFilter::default()) {
            return match few {
                Some(few) => Ok(i64::try_from(few.len()).unwrap_or(i64::MAX)),
                None => self.count_audience(audience).await,
            };
        }
        let Question { from, all, args, .. } = self.asked(filter, rule, Vec::new())?;
        self.count(&format!("SELECT count(*) AS n FROM {from} WHERE {all}"), args).await
    }

    /// The filter's and the rule's conditions; `bound` are the statement's arguments from `$2` on.
    fn asked(
        &mut self,
        filter: &PeopleFilter,
        rule: Option<&Narrowed<'_>>,
        bound: Vec<Arg>,
    ) -> Result<Question, StorageError> {
        let mut args = bound;
        let mut all = condition(filter, &mut args);
        // The protected are few: taken first, by their index, before a rule asks anything of anybody.
        let people = match filter.naming {
            Naming::Everybody | Naming::Open => "person",
            Naming::Protected => &format!("(SELECT * FROM person WHERE org_id = $1 AND address_protected = 1 {FENCE})"),
        };
        match rule {
            Some(Narrowed { few: Some(few), .. }) => {
                args.push(list(few.iter().map(|it| it.0.simple().to_string())));
                let among = self.twin().among("p.person_id", args.len() + 1, Listed::Ids);
                all.push_str(&format!(" AND {among}"));
            }
            Some(Narrowed { few: None, audience }) => {
                let it = audience.over_state(args)?;
                // The order of the join is said: SQLite keeps to it.
                let from =
                    format!("(SELECT p.person_id, p.kana_key FROM {people} p WHERE {all}) q CROSS JOIN person_state p");
                let all = format!("p.org_id = $1 AND p.person_id = q.person_id AND ({})", it.sql);
                return Ok(Question { from, person: "q", all, args: it.args });
            }
            None => {}
        }
        Ok(Question { from: format!("{people} p"), person: "p", all, args })
    }
}
