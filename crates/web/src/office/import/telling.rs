//! The words of imports: states, verdicts, fields, what a row's findings and changes say. Leaves pages to their files.

use std::collections::HashMap;

use tsunagari_acts::Reason;
use tsunagari_acts::preview_import::Judged;
use tsunagari_i18n::Texts;
use tsunagari_kernel::{FiscalYear, MunicipalityCode, PersonId, SchoolId};
use tsunagari_people::PersonRecord;
use tsunagari_people::import::{Doubt, FieldChange, Finding, ReadRow, RowField, RowVerdict, changes};
use tsunagari_people::matching::Candidate;
use tsunagari_storage::import_file::{ImportFile, ImportState};

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
pub(super) const VERDICTS: [&str; 7] = ["new", "changed", "same", "doubtful", "wrong", "beside", "overtaken"];

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
    Chip::of(tone, t.get(format!("import-verdict-{code}")))
}

/// What a file came to, in a line.
pub(super) fn summary(t: Texts, file: &ImportFile) -> String {
    let it = &file.summary;
    match file.state {
        ImportState::Reading | ImportState::Mapping | ImportState::Previewing | ImportState::Discarded => {
            t.count("import-told-rows", file.rows)
        }
        ImportState::Previewed => t.with(
            "import-told-preview",
            &[
                ("new", it.new.into()),
                ("changed", it.changed.into()),
                ("same", it.same.into()),
                ("doubtful", it.doubtful.into()),
                ("wrong", it.wrong.into()),
            ],
        ),
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

/// What sentences about rows need besides the rows.
pub(super) struct Telling<'t> {
    pub(super) t: Texts,
    pub(super) schools: &'t HashMap<SchoolId, String>,
    pub(super) people: &'t HashMap<PersonId, PersonRecord>,
}

impl Telling<'_> {
    /// Everything to say about a row, one sentence each.
    pub(super) fn row(&self, judged: &Judged) -> Vec<String> {
        let t = self.t;
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
        told.extend(judged.findings.iter().map(|it| self.finding(it)));
        told
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
            RowField::NextPlace
            | RowField::Email
            | RowField::Phone
            | RowField::PostalCode
            | RowField::Address
            | RowField::GuardianEmail
            | RowField::GuardianPhone => true,
        });
        let words = |it: &FieldChange| {
            let value = self.value(it.field, &it.after);
            self.t.two("import-entered", "field", row_field(self.t, it.field), "value", value)
        };
        told.map(words).collect()
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
        let why: Vec<String> =
            it.why.iter().map(|why| t.get(format!("import-why-{}", why.code().replace('_', "-")))).collect();
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

    fn finding(&self, it: &Finding) -> String {
        let key = format!("import-problem-{}", it.problem.code().replace('_', "-"));
        self.t.two(key, "field", row_field(self.t, it.field), "found", it.found.as_str())
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
            RowField::Name
            | RowField::Kana
            | RowField::Next
            | RowField::Email
            | RowField::Phone
            | RowField::PostalCode
            | RowField::Address
            | RowField::GuardianEmail
            | RowField::GuardianPhone => text.to_owned(),
        }
    }
}
