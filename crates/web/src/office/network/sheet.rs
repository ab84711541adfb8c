//! The members together as a file: one row for each body, indicator, fiscal year and denominator, then the sums with
//! repeats, which have no rate. Blank stays blank. Leaves recording to the act.

use axum::Extension;
use axum::response::Response;
use serde::Deserialize;
use tsunagari_access::Code;
use tsunagari_acts::export_list::{ExportList, ExportRow, Tells};
use tsunagari_acts::read_rollup::{IndicatorRollup, Member, MemberYear, ReasonTable, RollupOf, RollupYear};
use tsunagari_documents::{Cell, Column};
use tsunagari_figures::{Bound, Contribution, Draft, Provenance, Rollup, Shown, Target, Told};
use tsunagari_i18n::Texts;
use tsunagari_kernel::{FigureId, FiscalYear, IndicatorId, Moment, OrgId, Timestamp};

use super::rollup::{day_of, read};
use crate::office::desk::Desk;
use crate::office::export::{download_as_of, kind_of};
use crate::office::reach::figures_sheet::{bound_key, provenance_key};
use crate::routes::{Needs, Posted, Routes};
use crate::shell::AppError;

/// The routes.
pub fn routes(routes: Routes) -> Routes {
    routes.post("/office/network/export", Needs::Permission(Code::ExportLists), take_out)
}

#[derive(Deserialize)]
struct Wanted {
    #[serde(default)]
    as_of: String,
    #[serde(default)]
    format: String,
}

const COLUMNS: [(&str, u8); 18] = [
    ("code", 12),
    ("body", 20),
    ("indicator", 36),
    ("year", 12),
    ("year-number", 10),
    ("state", 12),
    ("target", 10),
    ("published", 12),
    ("as-of", 12),
    ("denominator", 30),
    ("denominator-people", 12),
    ("provenance", 14),
    ("rate", 8),
    ("rule-hash", 66),
    ("published-on", 14),
    ("source", 40),
    // The last, because sheets are read by the place of their columns.
    ("bound", 12),
    ("note", 60),
];

fn people(n: Option<u64>) -> Cell {
    n.and_then(|n| i64::try_from(n).ok()).map_or(Cell::Empty, Cell::from)
}

fn cells(
    t: Texts,
    member: &Member,
    it: &IndicatorRollup,
    year: FiscalYear,
    one: &MemberYear,
    rate: Option<&Told>,
) -> Vec<Cell> {
    let provenance = rate.and_then(|rate| rate.provenance).map(provenance_key);
    let state = if one.figure.is_some() { "published" } else { "blank" };
    let figure = one.figure.as_ref();
    vec![
        Cell::from(member.code.as_str()),
        Cell::from(member.name.as_str()),
        Cell::from(it.name.as_str()),
        Cell::from(t.fiscal_year(year)),
        Cell::from(i64::from(year.0)),
        Cell::from(t.get(format!("reach-state-{state}"))),
        people(one.target.map(|target| target.people)),
        people(one.people()),
        figure.map_or(Cell::Empty, |draft| Cell::from(draft.as_of.date)),
        rate.map_or(Cell::Empty, |rate| Cell::from(rate.name.as_str())),
        people(rate.and_then(|rate| rate.people)),
        provenance.map_or(Cell::Empty, |it| Cell::from(t.get(format!("reach-provenance-{it}")))),
        rate.and_then(|rate| rate.rate).map_or(Cell::Empty, |rate| Cell::Number(f64::from(rate.tenths()) / 10.0)),
        figure.map_or(Cell::Empty, |draft| Cell::from(draft.rule_hash.as_str())),
        one.published_at.map_or(Cell::Empty, |at| Cell::from(at.jst_date())),
        rate.filter(|rate| !rate.source.is_empty()).map_or(Cell::Empty, |rate| Cell::from(rate.source.as_str())),
        one.target.map_or(Cell::Empty, |target| Cell::from(t.get(format!("reach-bound-{}", bound_key(target.bound))))),
        if one.note.is_empty() { Cell::Empty } else { Cell::from(one.note.as_str()) },
    ]
}

fn rows(t: Texts, it: &RollupOf) -> Vec<ExportRow> {
    let mut rows = Vec::new();
    let mut push = |cells: Vec<Cell>| rows.push(ExportRow { person: None, cells });
    for indicator in &it.indicators {
        for line in &indicator.years {
            for one in &line.members {
                let member = &it.members[one.member];
                let rates: Vec<Option<&Told>> =
                    if one.rates.is_empty() { vec![None] } else { one.rates.iter().map(Some).collect() };
                for rate in rates {
                    push(cells(t, member, indicator, line.year, one, rate));
                }
            }
            let mut total = vec![Cell::Empty; COLUMNS.len()];
            total[1] = Cell::from(t.get("network-sum"));
            total[2] = Cell::from(indicator.name.as_str());
            total[3] = Cell::from(t.fiscal_year(line.year));
            total[4] = Cell::from(i64::from(line.year.0));
            total[6] = people(line.target.people);
            total[7] = people(line.people.people);
            total[COLUMNS.len() - 1] = Cell::from(t.get("network-sum-note"));
            push(total);
        }
    }
    rows
}

fn sheet(t: Texts, it: &RollupOf) -> ExportList {
    let columns =
        COLUMNS.map(|(key, width)| (Column::titled(t.get(format!("reach-col-{key}")), width), Tells::Plain)).to_vec();
    let query = serde_json::json!({ "as_of": it.at.date, "members": it.members.len() });
    ExportList { kind: "rollup", query, sheet: t.get("reach-sheet"), columns, rows: rows(t, it) }
}

async fn take_out(Extension(desk): Extension<Desk>, Posted(wanted): Posted<Wanted>) -> Result<Response, AppError> {
    let kind = kind_of(&wanted.format)?;
    let it = read(&desk, day_of(desk.t, &wanted.as_of)?).await?;
    download_as_of(&desk, sheet(desk.t, &it), kind, "rollup", it.at.date).await
}

/// Two invented bodies, one of which has published.
pub(super) fn sample(at: Moment) -> RollupOf {
    let member =
        |code: &str, name: &str| Member { org: OrgId(uuid::Uuid::nil()), code: code.into(), name: name.into() };
    let draft = Draft {
        id: FigureId(uuid::Uuid::nil()),
        indicator: IndicatorId(uuid::Uuid::nil()),
        fiscal_year: FiscalYear(2024),
        as_of: at,
        computed_at: Timestamp::default(),
        rule: "reachable(info)".into(),
        rule_hash: "0f".into(),
        people: 1_012,
        denominators: Vec::new(),
        target: None,
        set: None,
        named: None,
    };
    let rate = Told {
        slug: "plan".into(),
        name: "計画の対象者".into(),
        source: "計画".into(),
        people: Some(1_478),
        provenance: Some(Provenance::Derived),
        rate: tsunagari_figures::Rate::of(1_012, 1_478),
    };
    let blank = Told { people: None, provenance: None, rate: None, ..rate.clone() };
    let members = vec![
        MemberYear {
            member: 0,
            target: Some(Target { people: 990, bound: Bound::AtLeast }),
            figure: Some(draft),
            published_at: Some(Timestamp::default()),
            note: "速報".into(),
            rates: vec![rate],
        },
        MemberYear {
            member: 1,
            target: None,
            figure: None,
            published_at: None,
            note: String::new(),
            rates: vec![blank],
        },
    ];
    let part = |body, people| Contribution { body, people };
    let rollup = |parts: [Contribution<usize>; 2]| {
        Rollup::of(parts).unwrap_or(Rollup {
            people: None,
            counted: 0,
            blank: Vec::new(),
            kind: tsunagari_figures::RollupKind::WithRepeats,
        })
    };
    let year = RollupYear {
        year: FiscalYear(2024),
        members,
        target: rollup([part(0, Some(990)), part(1, None)]),
        people: rollup([part(0, Some(1_012)), part(1, None)]),
    };
    let reasons = ReasonTable {
        year: FiscalYear(2024),
        members: vec![0],
        reasons: vec!["line_blocked".into(), "no_consent".into()],
        cells: vec![vec![Shown::Hidden, Shown::Rounded(40)]],
    };
    RollupOf {
        at,
        members: vec![member("322041", "架空市"), member("322016", "架空町")],
        indicators: vec![IndicatorRollup {
            slug: "reachable-students".into(),
            name: "就活期に情報を届けられる学生数".into(),
            unit: "人".into(),
            years: vec![year],
            reasons: Some(reasons),
        }],
    }
}

#[cfg(test)]
mod tests {
    use tsunagari_i18n::Locale;

    use super::*;

    #[test]
    fn people_are_added_rates_are_not_and_blank_stays_blank() {
        let day = chrono::NaiveDate::from_ymd_opt(2026, 3, 31).unwrap();
        let list = sheet(Texts::of(Locale::Ja), &sample(Moment::end_of(day)));
        let [first, second, total] = &list.rows[..] else { panic!("three rows") };
        assert_eq!((&first.cells[7], &first.cells[12]), (&Cell::from(1_012), &Cell::Number(68.5)));
        assert_eq!((&second.cells[6], &second.cells[7], &second.cells[12]), (&Cell::Empty, &Cell::Empty, &Cell::Empty));
        assert_eq!((&total.cells[6], &total.cells[7]), (&Cell::from(990), &Cell::from(1_012)));
        assert_eq!(total.cells[12], Cell::Empty, "a rate is never summed");
        assert!(list.rows.iter().all(|row| row.cells.len() == list.columns.len()));
    }
}
