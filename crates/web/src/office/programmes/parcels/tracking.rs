//! The carrier's list of numbers: chosen as a file, shown line by line with what each would do, and then read. Nothing is kept between the
//! two steps but the lines themselves, in the form. Leaves what a line does to benefits.

use askama::Template;
use axum::Extension;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use tsunagari_access::Code;
use tsunagari_access::permission::HandleApplications;
use tsunagari_acts::ActError;
use tsunagari_acts::read_tracking_list::{look_at_tracking_list, read_tracking_list};
use tsunagari_benefits::tracking_list::{Line, Outcome, Plan};
use tsunagari_documents::Sheet;
use tsunagari_documents::sheet_in::{self, Limits};
use tsunagari_documents::tracking::{Layout, lines};
use tsunagari_i18n::Texts;

use super::super::crumbs;
use super::super::parameter_form::{first, typed};
use super::{Sending, parcels_href};
use crate::office::desk::Desk;
use crate::office::settings::{Wrong, number};
use crate::routes::{Needs, Posted, Routes};
use crate::sent_file::SentFile;
use crate::sentences::{sentences, unreadable};
use crate::shell::components::{Chip, Crumbs, ErrorSummary, Field, FieldKind, FileDrop};
use crate::shell::{AppError, Sample, Shell, Tone, page, page_with_status};

/// The most bytes of a list.
const MOST: usize = 5 << 20;
/// The most lines of a list.
const MOST_LINES: usize = 5_000;

/// The routes.
pub(super) fn routes(routes: Routes) -> Routes {
    let handle = Needs::Permission(Code::HandleApplications);
    routes
        .get("/office/programmes/rounds/{round}/parcels/tracking", handle, choose)
        .post("/office/programmes/rounds/{round}/parcels/tracking", handle, look)
        .post("/office/programmes/rounds/{round}/parcels/tracking/read", handle, take_in)
}

#[derive(Template)]
#[template(path = "office/programmes/parcels/tracking.html")]
struct ChoosePage {
    shell: Shell,
    crumbs: Crumbs,
    errors: ErrorSummary,
    action: String,
    file: FileDrop,
    fields: Vec<Field>,
}

struct Shown {
    row: String,
    receipt: String,
    number: String,
    said: Chip,
}

#[derive(Template)]
#[template(path = "office/programmes/parcels/tracking_look.html")]
struct LookPage {
    shell: Shell,
    crumbs: Crumbs,
    errors: ErrorSummary,
    summary: String,
    /// Whether it can be read.
    sound: bool,
    action: String,
    back: String,
    lines: Vec<Shown>,
    /// The lines as the form carries them.
    carried: String,
}

/// The columns as a person counts them, from 1.
struct Columns {
    receipt: String,
    number: String,
    first_row: String,
}

impl Default for Columns {
    fn default() -> Self {
        // Most lists begin with the office's own number, under one row of headings.
        Self { receipt: "1".into(), number: "4".into(), first_row: "2".into() }
    }
}

impl Columns {
    fn layout(&self, t: Texts, wrong: &mut Wrong) -> Option<Layout> {
        let mut from_one = |field: &str, text: &str| {
            let read = number(text).and_then(|n| usize::try_from(n).ok()).and_then(|n| n.checked_sub(1));
            if read.is_none_or(|n| n > 1_000) {
                wrong.unread(t, field, "tracking-column-unread");
            }
            read
        };
        let receipt = from_one("receipt", &self.receipt);
        let number = from_one("number", &self.number);
        let first_row = from_one("first_row", &self.first_row);
        if !wrong.none() {
            return None;
        }
        Some(Layout { first_row: first_row?, receipt: receipt?, number: number? })
    }
}

impl ChoosePage {
    fn of(shell: Shell, sending: &Sending, columns: &Columns, wrong: &Wrong) -> Self {
        let t = shell.t;
        let field = |name: &str, value: &str| {
            let key = format!("tracking-field-{}", name.replace('_', "-"));
            Field::of(FieldKind::Number, t, name, t.get(key)).value(value).error(wrong.at(name))
        };
        Self {
            crumbs: crumbs(t, sending.links(t, true)),
            errors: wrong.summary(t),
            action: format!("{}/tracking", parcels_href(sending.round.id)),
            file: FileDrop::of(t, "file", t.get("tracking-file"), ".xlsx,.xls,.csv")
                .hint(t.get("tracking-file.hint"))
                .error(wrong.at("file")),
            fields: vec![
                field("receipt", &columns.receipt).hint(t.get("tracking-field-receipt.hint")),
                field("number", &columns.number),
                field("first_row", &columns.first_row),
            ],
            shell,
        }
    }
}

fn said(t: Texts, outcome: &Outcome) -> Chip {
    match outcome {
        Outcome::Told(..) => Chip::of(Tone::Success, t.get("tracking-told")),
        Outcome::Known(_) => Chip::of(Tone::Info, t.get("tracking-known")),
        Outcome::Fault(why) => Chip::of(Tone::Error, t.get(format!("refused-{}", why.to_string().replace('_', "-")))),
    }
}

/// A line as the form carries it: what tells them apart stands in neither.
fn carry(lines: &[Line]) -> String {
    let plain = |text: &str| text.replace(['\t', '\r', '\n'], " ");
    lines.iter().map(|it| format!("{}\t{}\t{}\n", it.row, plain(&it.receipt), plain(&it.number))).collect()
}

fn carried(text: &str) -> Vec<Line> {
    let line = |text: &str| {
        let mut parts = text.trim_end_matches('\r').splitn(3, '\t');
        let row = parts.next()?.parse().ok()?;
        Some(Line { row, receipt: parts.next()?.to_owned(), number: parts.next()?.to_owned() })
    };
    text.lines().filter_map(line).take(MOST_LINES).collect()
}

impl LookPage {
    fn of(shell: Shell, sending: &Sending, (lines, plan): (&[Line], &Plan), wrong: &Wrong) -> Self {
        let t = shell.t;
        let here = parcels_href(sending.round.id);
        let faults = plan.lines.iter().filter(|(_, it)| matches!(it, Outcome::Fault(_))).count();
        let told = plan.lines.iter().filter(|(_, it)| matches!(it, Outcome::Told(..))).count();
        let shown = |(line, (_, outcome)): (&Line, &(usize, Outcome))| Shown {
            row: line.row.to_string(),
            receipt: line.receipt.clone(),
            number: line.number.clone(),
            said: said(t, outcome),
        };
        Self {
            crumbs: crumbs(t, sending.links(t, true)),
            errors: wrong.summary(t),
            summary: match faults {
                0 => t.count("tracking-sound", told),
                n => t.count("tracking-faults", n),
            },
            sound: faults == 0 && told > 0,
            action: format!("{here}/tracking/read"),
            back: format!("{here}/tracking"),
            lines: lines.iter().zip(&plan.lines).map(shown).collect(),
            carried: carry(lines),
            shell,
        }
    }
}

async fn choose(Extension(desk): Extension<Desk>, Path(round): Path<String>) -> Result<Response, AppError> {
    let sending = Sending::at(&desk, &round).await?;
    Ok(page(&ChoosePage::of(desk.shell(), &sending, &Columns::default(), &Wrong::default())))
}

/// The file as a sheet; nothing when it is none.
async fn sheet(bytes: Vec<u8>) -> Option<Sheet> {
    let read = tokio::task::spawn_blocking(move || sheet_in::read(&bytes, &Limits::default())).await;
    read.ok()?.ok()
}

async fn look(
    Extension(desk): Extension<Desk>,
    Path(round): Path<String>,
    sent: SentFile<MOST>,
) -> Result<Response, AppError> {
    let sending = Sending::at(&desk, &round).await?;
    let text = |name: &str| sent.field(name).to_owned();
    let columns = Columns { receipt: text("receipt"), number: text("number"), first_row: text("first_row") };
    let mut wrong = Wrong::default();
    let layout = columns.layout(desk.t, &mut wrong);
    let mut found = Vec::new();
    match sent.file {
        None => wrong.unread(desk.t, "file", "tracking-file-missing"),
        Some((_, bytes)) => match (sheet(bytes).await, layout) {
            (None, _) => wrong.unread(desk.t, "file", "tracking-file-unread"),
            (Some(sheet), Some(layout)) => found = lines(&sheet, layout),
            (Some(_), None) => {}
        },
    }
    if wrong.none() && found.is_empty() {
        wrong.unread(desk.t, "file", "tracking-file-empty");
    }
    if found.len() > MOST_LINES {
        wrong.unread(desk.t, "file", "tracking-file-long");
    }
    if !wrong.none() {
        let shown = ChoosePage::of(desk.shell(), &sending, &columns, &wrong);
        return Ok(page_with_status(StatusCode::UNPROCESSABLE_ENTITY, &shown));
    }
    shown(&desk, &sending, &found, Wrong::default()).await
}

/// What the lines would do.
async fn shown(desk: &Desk, sending: &Sending, lines: &[Line], wrong: Wrong) -> Result<Response, AppError> {
    let mut reader = desk.here().read().await.map_err(unreadable)?;
    let plan = look_at_tracking_list(&mut reader, sending.round.id, lines).await;
    let plan = plan.map_err(|error| desk.problem(error))?;
    let status = if wrong.none() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    Ok(page_with_status(status, &LookPage::of(desk.shell(), sending, (lines, &plan), &wrong)))
}

async fn take_in(
    Extension(desk): Extension<Desk>,
    Path(round): Path<String>,
    Posted(pairs): Posted<Vec<(String, String)>>,
) -> Result<Response, AppError> {
    let by = desk.grant::<HandleApplications>()?;
    let sending = Sending::at(&desk, &round).await?;
    let lines = carried(first(&typed(pairs), "lines"));
    match read_tracking_list(&desk.house, &by, sending.round.id, &lines).await {
        Ok(_) => {
            let to = format!("{}?view=on-its-way&done=tracking-read", parcels_href(sending.round.id));
            Ok(Redirect::to(&to).into_response())
        }
        Err(ActError::Refused(reasons)) => shown(&desk, &sending, &lines, Wrong(sentences(desk.t, &reasons))).await,
        Err(other) => Err(desk.problem(other)),
    }
}

impl Sample for ChoosePage {
    fn samples(shell: Shell) -> Vec<Self> {
        let wrong = Wrong(vec![("file".into(), "✕".into()), ("number".into(), "✕".into())]);
        let face = |wrong| Some(Self::of(shell.clone(), &super::sample()?, &Columns::default(), &wrong));
        [Wrong::default(), wrong].into_iter().filter_map(face).collect()
    }
}

impl Sample for LookPage {
    fn samples(shell: Shell) -> Vec<Self> {
        use std::collections::BTreeMap;
        use tsunagari_benefits::Parcel;
        use tsunagari_benefits::parcel::State;
        let every = || (1..).zip(State::CODES).filter_map(|(no, code)| Some((no, Parcel::stored(code, "", 1)?)));
        let parcels: BTreeMap<u32, Parcel> = every().collect();
        let line = |row, receipt: &str, number: &str| Line { row, receipt: receipt.into(), number: number.into() };
        let sound = vec![line(2, "P00003-1", "1234-5678-9012"), line(3, "P00003-1", "1234-5678-9012")];
        let wrong = vec![
            line(2, "?", "1234-5678-9012"),
            line(3, "P00099-1", "1234-5678-9012"),
            line(4, "P00001-1", "1234-5678-9012"),
            line(5, "P00003-2", "1234-5678-9012"),
            line(6, "P00003-1", "?"),
            line(7, "P00003-1", "1234-5678-9012"),
            line(8, "P00003-1", "1234-5678-9013"),
            line(9, "P00004-1", "1234-5678-9012"),
        ];
        let face = |lines: Vec<Line>| {
            let plan = tsunagari_benefits::tracking_list::plan(&lines, &parcels);
            Some(Self::of(shell.clone(), &super::sample()?, (&lines, &plan), &Wrong::default()))
        };
        [sound, wrong].into_iter().filter_map(face).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::shell::sample::{faults, office_shell};

    #[test]
    fn every_face_has_its_words() {
        assert_eq!(faults::<ChoosePage>(office_shell), Vec::<String>::new());
        assert_eq!(faults::<LookPage>(office_shell), Vec::<String>::new());
    }

    #[test]
    fn the_lines_are_carried_by_the_form_as_they_were_read() {
        let line = |row, receipt: &str, number: &str| Line { row, receipt: receipt.into(), number: number.into() };
        let lines = [line(2, "P00003-1", "1234-5678"), line(9, "", ""), line(10, "a b", "＝1")];
        assert_eq!(carried(&carry(&lines)), lines);
        // A browser sends line ends of its own.
        assert_eq!(carried(&carry(&lines).replace('\n', "\r\n")), lines);
        assert_eq!(carry(&[line(1, "a\tb\nc", "d")]), "1\ta b c\td\n");
        assert_eq!(carried("nonsense\n\n1\tx\n"), []);
    }
}
