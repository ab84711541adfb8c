//! Invented rows for the page's samples: every verdict, every problem, every evidence, every state.

use super::*;
use tsunagari_kernel::FiscalYear;
use tsunagari_people::import::{FieldChange, Finding, Problem, RowField};
use tsunagari_storage::change::{Undone, Use};

fn row(number: i64, verdict: RowVerdict, decision: Option<Decision>) -> JudgedRow {
    let values = ReadRow {
        family: "髙橋".into(),
        given: "花子".into(),
        family_kana: "タカハシ".into(),
        given_kana: "ハナコ".into(),
        birth_date: chrono::NaiveDate::from_ymd_opt(2008, 4, 1),
        school_name: "架空高等学校".into(),
        graduation: Some(FiscalYear(2025)),
        email: Some("hanako@example.jp".into()),
        guardian_name: "髙橋 松子".into(),
        guardian_phone: Some("+819000000000".into()),
        ..ReadRow::default()
    };
    let code = verdict.code().to_owned();
    let findings = match &verdict {
        RowVerdict::Wrong(findings) => findings.clone(),
        RowVerdict::Beside(finding) => vec![finding.clone()],
        _ => Vec::new(),
    };
    let judged = Some(Judged { row: values, verdict, findings });
    JudgedRow { number, cells: vec!["髙橋　花子".into()], verdict: code, judged, person: Some(person()), decision }
}

fn person() -> PersonId {
    PersonId(uuid::Uuid::from_u128(9))
}

fn rows() -> Vec<JudgedRow> {
    let change = |field: &RowField| FieldChange { field: *field, before: String::new(), after: "2025".into() };
    let finding =
        |problem: &Problem| Finding {
            field: RowField::BirthDate, problem: *problem, found: "平成20年2月30日".into()
        };
    let who = || {
        RowVerdict::Doubtful(Doubt::Who(vec![Candidate {
            person: person(),
            why: Evidence::ALL.iter().copied().collect(),
        }]))
    };
    vec![
        row(4, RowVerdict::New, None),
        row(5, RowVerdict::Changed(person(), RowField::ALL.iter().map(change).collect()), None),
        row(6, RowVerdict::Same(person()), None),
        row(7, RowVerdict::Repeats(4), None),
        row(8, who(), None),
        row(9, who(), Some(Decision::Same)),
        row(10, who(), Some(Decision::New)),
        row(11, RowVerdict::Doubtful(Doubt::Repeated(4, vec![change(&RowField::Kana)])), Some(Decision::LeaveOut)),
        row(14, RowVerdict::Doubtful(Doubt::Repeated(4, Vec::new())), None),
        row(15, RowVerdict::Doubtful(Doubt::Repeated(4, Vec::new())), Some(Decision::Join)),
        row(12, RowVerdict::Wrong(Problem::ALL.iter().map(finding).collect()), None),
        row(13, RowVerdict::Beside(finding(&Problem::TotalRow)), None),
    ]
}

impl Sample for RowsPage {
    fn samples(shell: Shell) -> Vec<Self> {
        let states = telling::STATES.into_iter().filter(|state| *state != ImportState::Reading);
        let mut all: Vec<Self> =
            states.map(|state| Self::of(shell.clone(), &shown(state, rows(), WAITING), Vec::new())).collect();
        let wrong = vec![(String::new(), shell.t.count("refused-import-undecided", 2))];
        all.push(Self::of(shell.clone(), &shown(ImportState::Previewed, rows(), WAITING), wrong));
        for state in telling::STATES.into_iter().filter(|state| state.at_work()) {
            all.push(Self::of(
                shell.clone(),
                &Shown { given_up: true, ..shown(state, rows(), Undecided::default()) },
                Vec::new(),
            ));
        }
        all.push(Self::of(shell, &shown(ImportState::Previewed, Vec::new(), Undecided::default()), Vec::new()));
        all
    }
}

/// Somebody known.
pub(in crate::office::import) fn record(id: PersonId) -> PersonRecord {
    let (_, mut record) = crate::office::people::words::sample(tsunagari_i18n::Texts::of(tsunagari_i18n::Locale::Ja));
    record.person.id = id;
    record
}

const WAITING: Undecided = Undecided { rows: 2, sure: 1 };

pub(super) fn shown(state: ImportState, rows: Vec<JudgedRow>, undecided: Undecided) -> Shown {
    let file = sample_file(state);
    let (used, erased) = (PersonId(uuid::Uuid::nil()), PersonId(uuid::Uuid::from_u128(1)));
    Shown {
        counts: file.summary.clone(),
        file,
        given_up: false,
        undecided,
        of: String::new(),
        after: 3,
        rows,
        more: true,
        schools: HashMap::new(),
        joined: None,
        way: (80, 158),
        people: [person(), used].map(|id| (id, record(id))).into(),
        left: Left {
            of: vec![(person(), Undone::Changed), (used, Undone::Used), (erased, Undone::Changed)],
            uses: Use::ALL.map(|how| (used, how)).to_vec(),
            total: 205,
            school: Some(super::super::uploads::sample_school()),
            may_view: Some(()),
            may_settle: Some(()),
        },
        may_export: Some(()),
    }
}
