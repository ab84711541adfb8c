//! Figures as a sheet: one row for each indicator, fiscal year and denominator, with target, what was published and what a
//! computation gives now, as-of day, source, the rule's text and the hashes, what was set, and the rule in words. A
//! network's sheet is its own. Leaves recording that it left to `export`.

use tsunagari_acts::export_list::{ExportList, ExportRow, Tells};
use tsunagari_documents::{Cell, Column};
use tsunagari_figures::{Bound, Draft, Provenance, Seal, Target, Told};
use tsunagari_i18n::Texts;
use tsunagari_kernel::{FiscalYear, Timestamp};
use tsunagari_storage::figure::Withdrawal;

use crate::office::policy_words::policy_words;

/// One figure of a body.
#[derive(Debug, Clone)]
pub(crate) struct FigureRow {
    /// The body's code and name.
    pub(crate) body: (String, String),
    /// The indicator's name.
    pub(crate) indicator: String,
    /// Which year.
    pub(crate) year: FiscalYear,
    /// What the plan promises.
    pub(crate) target: Option<Target>,
    /// What was published, when, the seal of its list and what was written beside it.
    pub(crate) published: Option<(Draft, Timestamp, Seal, String)>,
    /// That it was withdrawn: then it stands for its year no more, and keeps its row.
    pub(crate) withdrawal: Option<Withdrawal>,
    /// What a computation gives now.
    pub(crate) computed: Option<Draft>,
    /// The denominators of what is shown.
    pub(crate) denominators: Vec<Told>,
}

/// The last part of the key of a provenance's words.
pub(crate) const fn provenance_key(it: Provenance) -> &'static str {
    match it {
        Provenance::Stated => "stated",
        Provenance::Derived => "derived",
        Provenance::Inferred => "inferred",
    }
}

/// The last part of the key of a bound's words.
pub(crate) const fn bound_key(it: Bound) -> &'static str {
    match it {
        Bound::Exactly => "exactly",
        Bound::AtLeast => "at-least",
        Bound::AtMost => "at-most",
    }
}

const COLUMNS: [(&str, u8); 27] = [
    ("code", 12),
    ("body", 18),
    ("indicator", 36),
    ("year", 12),
    ("year-number", 10),
    ("state", 12),
    ("target", 10),
    ("bound", 10),
    ("published", 10),
    ("computed", 10),
    ("difference", 8),
    ("as-of", 12),
    ("denominator", 30),
    ("denominator-people", 12),
    ("provenance", 14),
    ("source", 40),
    ("rate", 8),
    ("rule", 60),
    ("rule-hash", 66),
    ("set", 60),
    ("set-now", 60),
    ("list-hash", 66),
    ("published-on", 14),
    ("withdrawn-on", 14),
    ("withdrawn-why", 40),
    // What came later stands last, because sheets are read by the place of their columns.
    ("note", 60),
    ("rule-words", 80),
];

/// A rule's text in the reader's words; nothing where today's catalogue does not know it any more.
pub(crate) type Said<'w> = &'w (dyn Fn(&str) -> Option<String> + Sync);

fn people(n: Option<u64>) -> Cell {
    n.and_then(|n| i64::try_from(n).ok()).map_or(Cell::Empty, Cell::from)
}

fn code(t: Texts, prefix: &str, code: &str) -> Cell {
    Cell::from(t.get(format!("{prefix}-{code}")))
}

impl FigureRow {
    fn shown(&self) -> Option<&Draft> {
        self.published.as_ref().map(|(draft, ..)| draft).or(self.computed.as_ref())
    }

    fn rows(&self, t: Texts, said: Said<'_>) -> Vec<ExportRow> {
        let row = |of| ExportRow { person: None, cells: self.cells(t, said, of) };
        if self.denominators.is_empty() {
            vec![row(None)]
        } else {
            self.denominators.iter().map(Some).map(row).collect()
        }
    }

    fn cells(&self, t: Texts, said: Said<'_>, of: Option<&Told>) -> Vec<Cell> {
        let shown = self.shown();
        let state = match (&self.published, &self.withdrawal, &self.computed) {
            (_, Some(_), _) => "withdrawn",
            (Some(_), None, _) => "published",
            (None, None, Some(_)) => "computed",
            (None, None, None) => "blank",
        };
        let drift = self
            .published
            .as_ref()
            .zip(self.computed.as_ref())
            .and_then(|((then, ..), now)| i64::try_from(i128::from(now.people) - i128::from(then.people)).ok());
        let provenance = of.and_then(|it| it.provenance).map(provenance_key);
        let bound = self.target.map(|target| bound_key(target.bound));
        let rate = of.and_then(|it| it.rate);
        let set = |draft: Option<&Draft>| {
            draft.and_then(|it| it.set.as_ref()).map_or(Cell::Empty, |set| Cell::from(policy_words(t, set)))
        };
        let text = |text: &str| if text.is_empty() { Cell::Empty } else { Cell::from(text) };
        vec![
            text(&self.body.0),
            text(&self.body.1),
            text(shown.map_or(&self.indicator, |draft| draft.name_or(&self.indicator))),
            Cell::from(t.fiscal_year(self.year)),
            Cell::from(i64::from(self.year.0)),
            code(t, "reach-state", state),
            people(self.target.map(|target| target.people)),
            bound.map_or(Cell::Empty, |it| code(t, "reach-bound", it)),
            people(self.published.as_ref().map(|(draft, ..)| draft.people)),
            people(self.computed.as_ref().map(|draft| draft.people)),
            drift.map_or(Cell::Empty, Cell::from),
            shown.map_or(Cell::Empty, |draft| Cell::from(draft.as_of.date)),
            of.map_or(Cell::Empty, |it| text(&it.name)),
            people(of.and_then(|it| it.people)),
            provenance.map_or(Cell::Empty, |it| code(t, "reach-provenance", it)),
            of.map_or(Cell::Empty, |it| text(&it.source)),
            rate.map_or(Cell::Empty, |rate| Cell::Number(f64::from(rate.tenths()) / 10.0)),
            shown.map_or(Cell::Empty, |draft| Cell::from(draft.rule.as_str())),
            shown.map_or(Cell::Empty, |draft| Cell::from(draft.rule_hash.as_str())),
            set(shown),
            set(self.computed.as_ref()),
            self.published.as_ref().map_or(Cell::Empty, |(_, _, seal, _)| text(seal.as_str())),
            self.published.as_ref().map_or(Cell::Empty, |(_, at, ..)| Cell::from(at.jst_date())),
            self.withdrawal.as_ref().map_or(Cell::Empty, |it| Cell::from(it.at.jst_date())),
            self.withdrawal.as_ref().map_or(Cell::Empty, |it| text(&it.why)),
            self.published.as_ref().map_or(Cell::Empty, |(.., note)| text(note)),
            shown.and_then(|draft| said(&draft.rule)).map_or(Cell::Empty, Cell::from),
        ]
    }
}

/// The sheet of these figures; `query` says what was asked, in ids and codes.
pub(crate) fn sheet(t: Texts, said: Said<'_>, query: serde_json::Value, rows: &[FigureRow]) -> ExportList {
    let columns =
        COLUMNS.map(|(key, width)| (Column::titled(t.get(format!("reach-col-{key}")), width), Tells::Plain)).to_vec();
    let rows = rows.iter().flat_map(|row| row.rows(t, said)).collect();
    ExportList { kind: "figures", query, sheet: t.get("reach-sheet"), columns, rows }
}

#[cfg(test)]
mod tests {
    use tsunagari_i18n::Locale;

    use super::*;

    #[test]
    fn a_blank_year_stays_blank_in_every_cell_that_counts() {
        let row = FigureRow {
            body: ("322041".into(), "架空市".into()),
            indicator: "届けられる人".into(),
            year: FiscalYear(2022),
            target: None,
            published: None,
            withdrawal: None,
            computed: None,
            denominators: vec![Told {
                slug: "plan".into(),
                name: "計画".into(),
                source: String::new(),
                provenance: None,
                people: None,
                rate: None,
            }],
        };
        for locale in [Locale::Ja, Locale::En] {
            let list = sheet(Texts::of(locale), &|_| None, serde_json::json!({}), std::slice::from_ref(&row));
            assert_eq!(list.rows.len(), 1);
            assert_eq!(list.rows[0].cells.len(), COLUMNS.len());
            // Target, published, computed, difference, denominator and rate: nothing is zero for want of a number.
            for column in [6, 8, 9, 10, 13, 16] {
                assert_eq!(list.rows[0].cells[column], Cell::Empty, "{column}");
            }
            assert!(list.columns.iter().all(|(column, _)| !column.title.contains("reach-col")));
        }
    }
}
