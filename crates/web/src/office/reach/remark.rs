//! What a publisher wrote beside a published number, as a footnote of the table the number stands in: a mark at the number, the
//! words below. A number that was published before its year was over must not be read without them.

use tsunagari_i18n::Texts;
use tsunagari_kernel::FiscalYear;

use super::panel::count;

/// One footnote.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Remark {
    /// At the number.
    pub(crate) mark: String,
    /// Where it stands below.
    pub(crate) anchor: String,
    /// With mark, whose number it is, and the note.
    pub(crate) text: String,
}

impl Remark {
    /// The footnote of this number (from 1) in a table of this name; `of` says which number is meant.
    pub(crate) fn of(t: Texts, table: &str, n: usize, of: String, note: &str) -> Self {
        let mark = t.one("reach-mark", "n", count(u64::try_from(n).unwrap_or(u64::MAX)));
        let text = t.with("reach-remark", &[("mark", mark.clone().into()), ("of", of.into()), ("note", note.into())]);
        Self { mark, anchor: format!("remark-{table}-{n}"), text }
    }

    /// The footnotes of a town's years; a figure without a note has none.
    pub(super) fn of_years<'k>(
        t: Texts,
        table: &str,
        published: impl Iterator<Item = &'k tsunagari_storage::figure::KeptFigure>,
    ) -> Vec<(FiscalYear, Self)> {
        let noted = published.filter(|kept| !kept.note.is_empty()).enumerate();
        let one = |(index, kept): (usize, &tsunagari_storage::figure::KeptFigure)| {
            let figure = kept.published.figure();
            let (year, date) = (t.fiscal_year(figure.fiscal_year), t.date_short(figure.as_of.date));
            let of = t.two("reach-remark-of-year", "year", year, "date", date);
            (figure.fiscal_year, Self::of(t, table, index + 1, of, &kept.note))
        };
        noted.map(one).collect()
    }
}
