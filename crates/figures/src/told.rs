//! The denominators of an indicator as they stand beside a figure: by what was frozen with it, so that a definition changed
//! since changes neither their names nor their sources, and none is lost that the definition has no more. What was frozen
//! before names were kept beside the numbers takes them from the definition.

use tsunagari_kernel::FiscalYear;

use crate::{Basis, Denominator, Draft, Indicator, Provenance, Rate};

/// A denominator of a year with its number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    /// Stable name.
    pub slug: String,
    /// Its name.
    pub name: String,
    /// Where a stated number comes from in words, or the rule that was counted.
    pub source: String,
    /// Where a stated number comes from; `None` for a counted or a blank one.
    pub provenance: Option<Provenance>,
    /// People; `None` is blank.
    pub people: Option<u64>,
    /// The figure's rate on it; `None` is blank.
    pub rate: Option<Rate>,
}

impl Denominator {
    /// Where its number of a year comes from: the source in words, or the rule.
    pub fn source_of(&self, year: FiscalYear) -> &str {
        match &self.basis {
            Basis::Rule(text) => text,
            Basis::Stated(years) => years.get(&year).map_or("", |it| &it.source),
        }
    }

    fn blank(&self, year: FiscalYear) -> Told {
        let stated = match &self.basis {
            Basis::Rule(_) => None,
            Basis::Stated(years) => years.get(&year),
        };
        Told {
            slug: self.slug.clone(),
            name: self.name.clone(),
            source: self.source_of(year).to_owned(),
            provenance: stated.map(|it| it.provenance),
            people: stated.map(|it| it.people),
            rate: None,
        }
    }
}

impl Indicator {
    /// The denominators of a year: those of its figure, or those of the definition where there is no figure.
    pub fn denominators_of(&self, year: FiscalYear, figure: Option<&Draft>) -> Vec<Told> {
        let Some(figure) = figure else { return self.denominators.iter().map(|it| it.blank(year)).collect() };
        let told = |count: &crate::Count| {
            let today = self.denominators.iter().find(|it| it.slug == count.slug);
            let (name, source) = if count.name.is_empty() {
                let name = today.map_or(count.slug.as_str(), |it| &it.name);
                (name, today.map_or("", |it| it.source_of(year)))
            } else {
                (count.name.as_str(), count.rule.as_deref().unwrap_or(&count.source))
            };
            Told {
                slug: count.slug.clone(),
                name: name.to_owned(),
                source: source.to_owned(),
                provenance: count.provenance,
                people: count.people,
                rate: figure.rate(&count.slug),
            }
        };
        figure.denominators.iter().map(told).collect()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::figure::tests::draft;
    use crate::{Count, Population};

    fn definition() -> Indicator {
        let population =
            Population { people: 2914, provenance: Provenance::Stated, source: "住民基本台帳".into() };
        Indicator {
            slug: "reachable".into(),
            name: "届く人".into(),
            unit: "人".into(),
            numerator: "everyone".into(),
            denominators: vec![Denominator {
                slug: "cohorts".into(),
                name: "いまの名前".into(),
                basis: Basis::Stated(BTreeMap::from([(FiscalYear(2025), population)])),
            }],
            targets: BTreeMap::new(),
        }
    }

    #[test]
    fn what_was_frozen_stands_before_what_is_defined_now() {
        let mut frozen = draft();
        frozen.denominators = vec![
            Count {
                name: "公表のときの名前".into(), source: "計画".into(), ..Count::of("cohorts", Some(2914))
            },
            Count {
                name: "いまはない分母".into(), rule: Some("age >= 18".into()), ..Count::of("gone", Some(1457))
            },
        ];
        let told = definition().denominators_of(FiscalYear(2025), Some(&frozen));
        let of = |it: &Told| (it.name.clone(), it.source.clone(), it.rate.map(|rate| rate.to_string()));
        assert_eq!(of(&told[0]), ("公表のときの名前".into(), "計画".into(), Some("50.0".into())));
        assert_eq!(of(&told[1]), ("いまはない分母".into(), "age >= 18".into(), Some("100.0".into())));
    }

    #[test]
    fn what_was_frozen_without_names_takes_them_from_the_definition() {
        let told = definition().denominators_of(FiscalYear(2025), Some(&draft()));
        assert_eq!((told[0].name.as_str(), told[0].source.as_str()), ("いまの名前", "住民基本台帳"));
        assert_eq!((told[1].name.as_str(), told[1].people), ("blank", None), "nobody remembers more than its slug");
    }

    #[test]
    fn a_year_without_a_figure_has_its_populations_and_no_rate() {
        let told = definition().denominators_of(FiscalYear(2025), None);
        assert_eq!((told[0].people, told[0].rate, told[0].provenance), (Some(2914), None, Some(Provenance::Stated)));
        assert_eq!(definition().denominators_of(FiscalYear(2024), None)[0].people, None);
    }
}
