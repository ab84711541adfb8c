//! The words of imports: states, verdicts, fields, what a row's findings and changes say. Leaves pages to their files.

use std::collections::HashMap;

use tsunagari_acts::Reason;
use tsunagari_acts::preview_import::{Judged, JudgedRow};
use tsunagari_i18n::Texts;
use tsunagari_kernel::contact::national;
use tsunagari_kernel::{FiscalYear, MunicipalityCode, PersonId, SchoolId, age};
use tsunagari_people::import::{Doubt, FieldChange, Finding, Problem, ReadRow, RowField, RowVerdict, changes};
use tsunagari_people::matching::Candidate;
use tsunagari_people::{OccupationKind, PersonRecord, SchoolKind, TieEnd, tie};
use tsunagari_storage::import_file::{ImportFile, ImportState, ImportSummary};
use tsunagari_storage::import_row::Decision;

use crate::office::people::words::coded;
use crate::sentences::sentences;
use crate::shell::Tone;
use crate::shell::components::{Chip, Steps};

/// Every state, in the order of the way.
pub(super) const STATES: [ImportState; 9] = [
    ImportState::Reading,
    ImportState::Mapping,
    ImportState::Previewing,
    ImportState::Previewed,
    ImportState::Applying,
    ImportState::Applied,
    ImportState::Undoing,
    ImportState::Undone,
    ImportState::Discarded,
];

/// The verdicts, in the order of the tabs.
pub(super) const VERDICTS: [&str; 8] =
    ["new", "changed", "same", "doubtful", "leave_out", "wrong", "beside", "overtaken"];

/// A state in a word.
pub(super) fn state(t: Texts, state: ImportState) -> Chip {
    let tone = match state {
        ImportState::Reading | ImportState::Undone | ImportState::Discarded => Tone::Info,
        ImportState::Mapping | ImportState::Previewed => Tone::Warning,
        ImportState::Previewing | ImportState::Applying | ImportState::Undoing => Tone::Info,
        ImportState::Applied => Tone::Success,
    };
    Chip::of(tone, t.get(format!("import-state-{}", state.code())))
}

/// The steps with the one a file stands at.
pub(super) fn steps(t: Texts, state: ImportState) -> Steps {
    let current = match state {
        ImportState::Reading => 0,
        ImportState::Mapping | ImportState::Discarded => 1,
        ImportState::Previewing | ImportState::Previewed => 2,
        ImportState::Applying | ImportState::Applied | ImportState::Undoing | ImportState::Undone => 3,
    };
    let labels = ["file", "columns", "preview", "apply"].map(|step| t.get(format!("import-step-{step}"))).to_vec();
    Steps::of(t, labels, current)
}

/// A verdict in a word.
pub(super) fn verdict(t: Texts, code: &str) -> Chip {
    let tone = match code {
        "new" => Tone::Success,
        "doubtful" | "overtaken" => Tone::Warning,
        "wrong" => Tone::Error,
        _ => Tone::Info,
    };
    Chip::of(tone, t.get(verdict_key(code)))
}

/// The key of a verdict's word.
pub(super) fn verdict_key(code: &str) -> String {
    format!("import-verdict-{}", code.replace('_', "-"))
}

/// The verdict a row stands under, or that it waits for one.
pub(super) fn standing(row: &JudgedRow) -> &str {
    Some(row.standing()).filter(|it| !it.is_empty()).unwrap_or("waiting")
}

/// The verdicts whose number is told even when it is none.
const ALWAYS: [&str; 5] = ["new", "changed", "same", "doubtful", "wrong"];

/// The verdicts there is something to say about, with how many rows stand under each.
pub(super) fn counted(counts: &ImportSummary) -> Vec<(&'static str, i64)> {
    let all = VERDICTS.map(|verdict| (verdict, counts.under(verdict)));
    all.into_iter().filter(|(verdict, n)| *n > 0 || ALWAYS.contains(verdict)).collect()
}

/// All rows of a list.
pub(super) fn all_rows(counts: &ImportSummary) -> i64 {
    VERDICTS.iter().map(|verdict| counts.under(verdict)).sum()
}

/// What a file came to, in a line.
pub(super) fn summary(t: Texts, file: &ImportFile) -> String {
    let it = &file.summary;
    match file.state {
        ImportState::Reading | ImportState::Discarded => t.blank(),
        ImportState::Mapping | ImportState::Previewing => t.count("import-told-rows", file.rows),
        ImportState::Previewed => {
            let told = |(verdict, n): (&str, i64)| {
                t.two("import-told-verdict", "verdict", t.get(verdict_key(verdict)), "n", n)
            };
            let parts: Vec<String> = counted(it).into_iter().map(told).collect();
            format!(
                "{}{}",
                t.count("import-told-rows", all_rows(it)),
                t.one("import-told-preview", "told", parts.join(&t.get("import-told-and")))
            )
        }
        ImportState::Applying | ImportState::Applied => {
            t.two("import-told-applied", "entered", it.entered, "updated", it.updated)
        }
        ImportState::Undoing | ImportState::Undone => t.count("import-told-undone", it.kept),
    }
}

/// The name of an import field.
pub(super) fn field(t: Texts, slug: &str) -> String {
    t.get(format!("import-field-{}", slug.replace('_', "-")))
}

/// The sentences of refusals, with fields by their names.
pub(super) fn reasons(t: Texts, reasons: &[Reason]) -> Vec<(String, String)> {
    let mut named = reasons.to_vec();
    for (name, value) in named.iter_mut().flat_map(|reason| reason.values.iter_mut()) {
        if *name == "field" {
            *value = field(t, value);
        }
    }
    sentences(t, &named)
}

fn row_field(t: Texts, field: RowField) -> String {
    t.get(format!("import-part-{}", field.code().replace('_', "-")))
}

/// The known person a row is about, without any doubt.
fn ward(judged: &Judged) -> Option<PersonId> {
    match &judged.verdict {
        RowVerdict::Changed(person, _) | RowVerdict::Same(person) => Some(*person),
        RowVerdict::New
        | RowVerdict::Repeats(_)
        | RowVerdict::Doubtful(_)
        | RowVerdict::Wrong(_)
        | RowVerdict::Beside(_) => None,
    }
}

/// The people whose guardians rows have something to say about.
pub(super) fn wards(rows: &[JudgedRow]) -> Vec<PersonId> {
    let told = |it: &&Judged| it.findings.iter().any(|one| one.problem == Problem::GuardianDiffers);
    rows.iter().filter_map(|row| row.judged.as_ref()).filter(told).filter_map(ward).collect()
}

/// What sentences about rows need besides the rows.
pub(super) struct Telling<'t> {
    pub(super) t: Texts,
    pub(super) schools: &'t HashMap<SchoolId, String>,
    pub(super) people: &'t HashMap<PersonId, PersonRecord>,
}

impl Telling<'_> {
    /// Everything to say about a row, one sentence each.
    pub(super) fn row(&self, row: &JudgedRow) -> Vec<String> {
        let (t, Some(judged)) = (self.t, &row.judged) else { return Vec::new() };
        let mut told = match &judged.verdict {
            RowVerdict::New => self.beside_the_columns(&judged.row),
            RowVerdict::Same(_) | RowVerdict::Wrong(_) | RowVerdict::Beside(_) => Vec::new(),
            RowVerdict::Changed(_, changes) => changes.iter().map(|it| self.change(it)).collect(),
            RowVerdict::Repeats(row) => vec![t.one("import-repeats", "row", row.to_string())],
            RowVerdict::Doubtful(Doubt::Who(candidates)) => {
                let mut told = vec![t.count("import-who", candidates.len())];
                told.extend(self.beside_the_columns(&judged.row));
                told
            }
            RowVerdict::Doubtful(Doubt::Repeated(row, changes)) => {
                let mut told = vec![t.one("import-contradicts", "row", row.to_string())];
                told.extend(changes.iter().map(|it| self.change(it)));
                told
            }
        };
        told.extend(self.employer(judged));
        told.extend(self.guardian(judged, row.decision));
        told.extend(judged.findings.iter().map(|it| self.finding(judged, it)));
        told
    }

    /// An employer's name is not kept, and whoever saw it in its column would think it were.
    fn employer(&self, judged: &Judged) -> Option<String> {
        let kept = match &judged.verdict {
            RowVerdict::New | RowVerdict::Doubtful(_) => judged.row.graduation.is_some(),
            RowVerdict::Changed(_, changes) => changes.iter().any(|it| it.field == RowField::Occupation),
            RowVerdict::Same(_) | RowVerdict::Repeats(_) | RowVerdict::Wrong(_) | RowVerdict::Beside(_) => false,
        };
        let next = judged.row.next.as_ref().filter(|next| kept && !next.name.is_empty())?;
        let key = match next.does? {
            OccupationKind::Working => "import-employer",
            OccupationKind::Other => "import-employer-other",
        };
        Some(self.t.one(key, "name", next.name.as_str()))
    }

    /// What becomes of the guardian a row names; why one is left out is a finding.
    fn guardian(&self, judged: &Judged, decision: Option<Decision>) -> Option<String> {
        let (t, row) = (self.t, &judged.row);
        let left_out = |it: &Finding| it.field == RowField::GuardianName;
        if row.guardian_name.is_empty() || judged.findings.iter().any(left_out) {
            return None;
        }
        let key = match (&judged.verdict, decision) {
            (RowVerdict::New, _) | (RowVerdict::Doubtful(_), Some(Decision::New)) => "import-guardian-entered",
            (RowVerdict::Doubtful(Doubt::Who(_)), None) => "import-guardian-if-new",
            (RowVerdict::Doubtful(Doubt::Who(_)), Some(Decision::Same)) => "import-guardian-of-known",
            (RowVerdict::Doubtful(Doubt::Repeated(..)), None | Some(Decision::Join)) => "import-guardian-if-joined",
            (RowVerdict::Doubtful(_), _)
            | (
                RowVerdict::Changed(..)
                | RowVerdict::Same(_)
                | RowVerdict::Repeats(_)
                | RowVerdict::Wrong(_)
                | RowVerdict::Beside(_),
                _,
            ) => return None,
        };
        let address = [(RowField::GuardianPhone, &row.guardian_phone), (RowField::GuardianEmail, &row.guardian_email)];
        let address = address.into_iter().filter_map(|(field, clear)| Some(self.entered(field, clear.as_deref()?)));
        let address: Vec<String> = address.collect();
        let who = if address.is_empty() {
            t.one("import-guardian", "name", row.guardian_name.as_str())
        } else {
            let address = address.join(&t.get("import-and"));
            t.two("import-guardian.address", "name", row.guardian_name.as_str(), "address", address)
        };
        Some(t.one(key, "guardian", who))
    }

    fn entered(&self, field: RowField, clear: &str) -> String {
        self.t.two("import-entered", "field", row_field(self.t, field), "value", self.value(field, clear))
    }

    /// What a row says of somebody new beside what its columns show: a column taken for another is seen here, before
    /// anybody is entered.
    fn beside_the_columns(&self, row: &ReadRow) -> Vec<String> {
        let all = changes(&ReadRow::default(), row);
        let told = all.iter().filter(|it| match it.field {
            RowField::Name
            | RowField::Kana
            | RowField::BirthDate
            | RowField::School
            | RowField::GraduationYear
            | RowField::Next => false,
            // The kind of a school is seen by its name.
            RowField::Occupation => {
                row.graduation.is_some() && row.next.as_ref().is_some_and(|it| it.does.is_some() || it.name.is_empty())
            }
            RowField::NextPlace => row.graduation.is_some(),
            RowField::Email | RowField::Phone | RowField::PostalCode | RowField::Address => true,
            RowField::GuardianName | RowField::GuardianEmail | RowField::GuardianPhone => false,
        });
        told.map(|it| self.entered(it.field, &it.after)).collect()
    }

    /// A candidate with what is known and why.
    pub(super) fn candidate(&self, it: &Candidate) -> (String, String) {
        let t = self.t;
        let name = self.people.get(&it.person).map_or_else(
            || t.blank(),
            |record| {
                let person = &record.person;
                let born = person.birth_date.map(|birth| t.date_short(birth)).unwrap_or_default();
                format!("{} {born}", person.name()).trim().to_owned()
            },
        );
        let mut why: Vec<String> =
            it.why.iter().map(|why| t.get(format!("import-why-{}", why.code().replace('_', "-")))).collect();
        let gone = self.people.get(&it.person).and_then(|record| tie::gone(&record.ties));
        why.extend(gone.map(|end| t.one("import-candidate-gone", "end", coded(t, "tie-end", end.code()))));
        (name, why.join(&t.get("import-and")))
    }

    fn change(&self, it: &FieldChange) -> String {
        let shown =
            |text: &str| if text.is_empty() { self.t.get("import-nothing") } else { self.value(it.field, text) };
        self.t.with(
            "import-change",
            &[
                ("field", row_field(self.t, it.field).into()),
                ("before", shown(&it.before).into()),
                ("after", shown(&it.after).into()),
            ],
        )
    }

    fn finding(&self, judged: &Judged, it: &Finding) -> String {
        let key = format!("import-problem-{}", it.problem.code().replace('_', "-"));
        let differs = it.problem == Problem::GuardianDiffers;
        let known = if differs { self.guardians(judged) } else { String::new() };
        let end =
            it.found.parse::<TieEnd>().map_or_else(|_| self.t.blank(), |end| coded(self.t, "tie-end", end.code()));
        self.t.with(
            key,
            &[
                ("field", row_field(self.t, it.field).into()),
                ("found", national(&it.found).into()),
                ("age", i64::from(age::ADULT).into()),
                ("known", known.into()),
                ("end", end.into()),
            ],
        )
    }

    /// The names of the guardians of whom a row means, as they are known now.
    fn guardians(&self, judged: &Judged) -> String {
        let ward = ward(judged).and_then(|id| self.people.get(&id));
        // One is ended on the day it ends and never ahead, and none begins ahead: what has an end is of the past.
        let now = ward.into_iter().flat_map(|it| &it.guardianships).filter(|one| one.span.until.is_none());
        let names: Vec<String> =
            now.filter_map(|one| self.people.get(&one.guardian)).map(|it| it.person.name()).collect();
        if names.is_empty() { self.t.blank() } else { names.join(&self.t.get("import-and")) }
    }

    fn value(&self, field: RowField, text: &str) -> String {
        match field {
            RowField::School => {
                text.parse().ok().and_then(|id| self.schools.get(&id)).cloned().unwrap_or_else(|| text.to_owned())
            }
            RowField::GraduationYear => {
                text.parse().map_or_else(|_| text.to_owned(), |year| self.t.fiscal_year(FiscalYear(year)))
            }
            RowField::BirthDate => {
                text.parse::<chrono::NaiveDate>().map_or_else(|_| text.to_owned(), |day| self.t.date_short(day))
            }
            RowField::NextPlace => {
                let known = MunicipalityCode::parse(text).ok().and_then(MunicipalityCode::lookup);
                known.map_or_else(|| text.to_owned(), tsunagari_kernel::municipality::Municipality::full_name)
            }
            RowField::Occupation => {
                let school = text.strip_prefix("school_").and_then(|kind| kind.parse::<SchoolKind>().ok());
                let school = school.map(|kind| coded(self.t, "school-kind", kind.code()));
                let does = || text.parse::<OccupationKind>().ok().map(|kind| coded(self.t, "occupation", kind.code()));
                school.or_else(does).unwrap_or_else(|| text.to_owned())
            }
            RowField::Phone | RowField::GuardianPhone => national(text),
            RowField::Name
            | RowField::Kana
            | RowField::Next
            | RowField::Email
            | RowField::PostalCode
            | RowField::Address
            | RowField::GuardianName
            | RowField::GuardianEmail => text.to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use tsunagari_i18n::Locale;

    use super::*;

    fn row(verdict: RowVerdict, decision: Option<Decision>) -> JudgedRow {
        let row = ReadRow {
            guardian_name: "架空 母".into(),
            guardian_phone: Some("+81854310000".into()),
            phone: Some("+819012345678".into()),
            ..ReadRow::default()
        };
        let code = verdict.code().to_owned();
        let judged = Some(Judged { row, verdict, findings: Vec::new() });
        JudgedRow { number: 4, cells: Vec::new(), verdict: code, judged, person: None, decision }
    }

    fn told(row: &JudgedRow) -> String {
        let (schools, people) = (HashMap::new(), HashMap::new());
        Telling { t: Texts::of(Locale::Ja), schools: &schools, people: &people }.row(row).join("\n")
    }

    #[test]
    fn the_guardian_who_will_be_entered_is_named_with_the_number_as_it_is_written() {
        let who = || RowVerdict::Doubtful(Doubt::Who(Vec::new()));
        for (verdict, decision, key) in [
            (RowVerdict::New, None, "import-guardian-entered"),
            (who(), Some(Decision::New), "import-guardian-entered"),
            (who(), None, "import-guardian-if-new"),
            (who(), Some(Decision::Same), "import-guardian-of-known"),
        ] {
            let it = row(verdict, decision);
            let t = Texts::of(Locale::Ja);
            let address =
                t.two("import-entered", "field", t.get("import-part-guardian-phone"), "value", "0854-31-0000");
            let who = t.two("import-guardian.address", "name", "架空 母", "address", address);
            let told = told(&it);
            assert!(told.contains(&t.one(key, "guardian", who)), "{told}");
            assert!(!told.contains("+81"), "{told}");
        }
    }

    #[test]
    fn a_name_that_is_not_kept_is_told_as_what_it_is_kept_as() {
        let t = Texts::of(Locale::Ja);
        let of = |does, verdict, graduation| {
            let mut it = row(verdict, None);
            let judged = it.judged.as_mut().unwrap();
            judged.row.graduation = graduation;
            judged.row.next =
                Some(tsunagari_people::import::NextStep {
                    course: None, does, name: "架空予備校".into(), place: None
                });
            told(&it)
        };
        let year = Some(FiscalYear(2025));
        for (does, key) in
            [(OccupationKind::Working, "import-employer"), (OccupationKind::Other, "import-employer-other")]
        {
            let words = t.one(key, "name", "架空予備校");
            assert!(of(Some(does), RowVerdict::New, year).contains(&words), "{does:?}");
            assert!(
                !of(Some(does), RowVerdict::New, None).contains(&words),
                "of an April nobody knows nothing is kept"
            );
            // Of somebody known only where the list changes it: of a protected person it never does.
            let person = PersonId(uuid::Uuid::from_u128(1));
            assert!(!of(Some(does), RowVerdict::Changed(person, Vec::new()), year).contains(&words));
        }
    }

    #[test]
    fn whom_no_list_brings_back_is_told_with_why() {
        let t = Texts::of(Locale::Ja);
        let mut it = row(RowVerdict::Same(PersonId(uuid::Uuid::from_u128(1))), None);
        let (field, found) = (RowField::Name, "as_asked".to_owned());
        it.judged.as_mut().unwrap().findings.push(Finding { field, problem: Problem::TieEnded, found });
        assert!(told(&it).contains(&t.get("tie-end-as-asked")) && told(&it).contains("何も書き込みません"));
    }

    #[test]
    fn the_guardian_of_somebody_of_age_is_told_with_the_age() {
        let mut it = row(RowVerdict::New, None);
        let finding =
            Finding { field: RowField::GuardianName, problem: Problem::GuardianOfAdult, found: "架空 母".into() };
        it.judged.as_mut().unwrap().findings.push(finding);
        let (told, t) = (told(&it), Texts::of(Locale::Ja));
        let why = t.two("import-problem-guardian-of-adult", "found", "架空 母", "age", 18);
        assert!(told.contains(&why) && why.contains("18"), "{told}");
        assert_eq!(told.matches("架空 母").count(), 1, "not told as entered: {told}");
    }

    #[test]
    fn a_known_guardian_who_stays_is_named() {
        let (t, ward, guardian) =
            (Texts::of(Locale::Ja), PersonId(uuid::Uuid::from_u128(1)), PersonId(uuid::Uuid::from_u128(2)));
        let mut it = row(RowVerdict::Same(ward), None);
        let finding =
            Finding { field: RowField::GuardianName, problem: Problem::GuardianDiffers, found: "架空 叔父".into() };
        it.judged.as_mut().unwrap().findings.push(finding);
        let record = super::super::rows::samples::record;
        let past = PersonId(uuid::Uuid::from_u128(3));
        let (mut child, mut former) = (record(ward), record(past));
        former.person.given = "元の保護者".into();
        let (born, day) = (chrono::NaiveDate::default(), chrono::NaiveDate::from_ymd_opt(2025, 4, 1).unwrap());
        let bond = |guardian, span| tsunagari_people::Guardianship {
            id: tsunagari_kernel::GuardianshipId(uuid::Uuid::nil()),
            guardian,
            span,
        };
        child.guardianships = vec![
            bond(past, tsunagari_kernel::Span::between(born, day)),
            bond(guardian, tsunagari_kernel::Span::since(day)),
        ];
        assert_eq!(wards(std::slice::from_ref(&it)), [ward]);
        let people = HashMap::from([(ward, child), (guardian, record(guardian)), (past, former)]);
        let known = people[&guardian].person.name();
        let told = Telling { t, schools: &HashMap::new(), people: &people }.row(&it);
        assert!(told.iter().any(|it| it.contains(&known) && it.contains("架空 叔父")), "{told:?}");
        assert!(!told.iter().any(|it| it.contains("元の保護者")), "who is none any more does not stay: {told:?}");
    }

    #[test]
    fn a_list_in_the_list_of_files_has_as_many_rows_as_on_its_page() {
        let t = Texts::of(Locale::Ja);
        let counts = ImportSummary { new: 3, left_out: 1, beside: 2, ..ImportSummary::default() };
        let mut file = super::super::uploads::sample_file(ImportState::Previewed);
        file.summary = counts.clone();
        let told = summary(t, &file);
        assert_eq!(all_rows(&counts), 6);
        assert!(told.starts_with(&t.count("import-told-rows", 6)), "{told}");
        let left_out = t.two("import-told-verdict", "verdict", t.get("import-verdict-leave-out"), "n", 1);
        assert!(told.contains(&left_out), "{told}");
        (file.state, file.rows) = (ImportState::Mapping, 6);
        assert_eq!(summary(t, &file), t.count("import-told-rows", 6));
    }

    #[test]
    fn a_decided_row_stands_where_it_was_decided_to() {
        let who = || RowVerdict::Doubtful(Doubt::Who(Vec::new()));
        for (decision, want) in [
            (None, "doubtful"),
            (Some(Decision::Same), "changed"),
            (Some(Decision::New), "new"),
            (Some(Decision::Join), "same"),
            (Some(Decision::LeaveOut), "leave_out"),
        ] {
            assert_eq!(standing(&row(who(), decision)), want);
            assert!(VERDICTS.contains(&want));
        }
    }
}
