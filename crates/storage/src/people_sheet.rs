//! The list of people narrowed by a rule beside its own filters, in either order of kana: what the office's spreadsheet of
//! people needs beyond `person_list`. Leaves the filters to `person_list` and the rule's meaning to `rule_sql`.

use crate::audience::Audience;
use crate::error::StorageError;
use crate::person_list::{Guardians, Naming, PageKey, PeopleFilter, PersonLine, condition, lines, read};
use crate::sql::{Arg, FENCE};
use crate::store::Reader;

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

impl Reader {
    /// A page of the sheet, at most `most` lines after the line of `after`. Whoever has no kana comes last.
    pub async fn sheet_page(
        &mut self,
        filter: &PeopleFilter,
        rule: Option<&Audience<'_>>,
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
        rule: Option<&Audience<'_>>,
        (stretch, order): (Stretch, KanaOrder),
        after: Option<&PageKey>,
        most: u32,
    ) -> Result<Vec<PersonLine>, StorageError> {
        let mut args = vec![Arg::from(most)];
        let mut all = condition(filter, &mut args);
        let (than, way) = match order {
            KanaOrder::Rising => (">", "ASC"),
            KanaOrder::Falling => ("<", "DESC"),
        };
        all.push_str(match stretch {
            Stretch::Named => " AND p.kana_key > ''",
            Stretch::Nameless => " AND p.kana_key = ''",
        });
        if let Some(key) = after {
            args.extend([Arg::from(key.kana_key.as_str()), Arg::from(key.person)]);
            let (kana, person) = (args.len(), args.len() + 1);
            all.push_str(&format!(" AND (p.kana_key, p.person_id) {than} (${kana}, ${person})"));
        }
        if let Some(rule) = rule {
            let it = rule.predicate(args)?;
            all.push_str(&format!(" AND ({})", it.sql));
            args = it.args;
        }
        let found = format!(
            "SELECT p.person_id FROM person p WHERE {all} ORDER BY p.kana_key {way}, p.person_id {way} LIMIT $2"
        );
        let sql = lines(&found, way);
        self.rows(&sql, args).await?.iter().map(read).collect()
    }

    /// How many lines the sheet has. Everybody is counted and the few guardians are taken off: cheaper than asking of each
    /// person whether they are one.
    pub async fn sheet_count(
        &mut self,
        filter: &PeopleFilter,
        rule: Option<&Audience<'_>>,
    ) -> Result<i64, StorageError> {
        let of = |guardians: Guardians| PeopleFilter { guardians, ..filter.clone() };
        match filter.guardians {
            Guardians::Among | Guardians::Only => self.people_counted(filter, rule).await,
            Guardians::Without => {
                let everybody = self.people_counted(&of(Guardians::Among), rule).await?;
                Ok(everybody - self.people_counted(&of(Guardians::Only), rule).await?)
            }
        }
    }

    async fn people_counted(
        &mut self,
        filter: &PeopleFilter,
        rule: Option<&Audience<'_>>,
    ) -> Result<i64, StorageError> {
        let mut args = Vec::new();
        let mut all = condition(filter, &mut args);
        if let Some(rule) = rule {
            let it = rule.predicate(args)?;
            all.push_str(&format!(" AND ({})", it.sql));
            args = it.args;
        }
        // The protected are few: taken first, by their index, before a rule asks anything of anybody.
        let people = match filter.naming {
            Naming::Everybody | Naming::Open => "person".to_owned(),
            Naming::Protected => format!("(SELECT * FROM person WHERE org_id = $1 AND address_protected = 1 {FENCE})"),
        };
        self.count(&format!("SELECT count(*) AS n FROM {people} p WHERE {all}"), args).await
    }
}
