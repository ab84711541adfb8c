//! Purposes and what residents agree to: every version with how many stand behind it; a new version is added, none changed.

use askama::Template;
use axum::Extension;
use axum::extract::{Path, Query};
use axum::http::StatusCode;
use axum::response::Response;
use serde::Deserialize;
use tsunagari_access::Code;
use tsunagari_acts::keep_wording::{WordingGiven, add_wording, keep_purpose};
use tsunagari_storage::purpose::{Labelled, Wording};
use tsunagari_storage::wording_use::WordingUse;

use super::paper::{Paper, Part};
use super::{News, Wrong, crumbs, framed, onward, settle};
use crate::office::desk::Desk;
use crate::routes::{Needs, Posted, Routes};
use crate::sentences::unreadable;
use crate::shell::components::{Banner, Crumbs, Empty, Field};
use crate::shell::{AppError, Sample, Shell, Tone, page, page_with_status};

const HERE: &str = "/office/settings/wordings";
const LIST: (&str, &str) = (HERE, "settings-wordings");

/// The routes.
pub fn routes(routes: Routes) -> Routes {
    let needs = Needs::Permission(Code::ManageSettings);
    routes
        .get(HERE, needs, show)
        .get("/office/settings/wordings/purpose", needs, blank_purpose)
        .post("/office/settings/wordings/purpose", needs, keep_new_purpose)
        .get("/office/settings/wordings/{purpose}", needs, blank)
        .post("/office/settings/wordings/{purpose}", needs, add)
}

/// A version in the reader's language with its use.
struct Version {
    title: String,
    since: String,
    sender: String,
    text: String,
    used: String,
    current: bool,
}

struct Purpose {
    label: String,
    code: String,
    href: String,
    versions: Vec<Version>,
}

#[derive(Template)]
#[template(path = "office/settings/wordings.html")]
struct WordingsPage {
    shell: Shell,
    crumbs: Crumbs,
    purposes: Vec<Purpose>,
    empty: Empty,
}

impl WordingsPage {
    fn of(shell: Shell, known: &[(Labelled, Vec<Wording>)], uses: &[WordingUse]) -> Self {
        let t = shell.t;
        let code = t.locale().code();
        let version = |it: &Wording, current: bool| {
            let used = uses.iter().find(|known| known.purpose == it.purpose && known.version == it.version);
            let (now, ever) = used.map_or((0, 0), |known| (known.in_force, known.ever));
            Version {
                title: t.count("settings-wording-version", it.version),
                since: t.one("settings-wording-since", "at", t.date(it.from.jst_date())),
                sender: it.sender.clone(),
                text: it.text.clone(),
                used: t.two("settings-wording-used", "now", now, "ever", ever),
                current,
            }
        };
        let purpose = |(it, wordings): &(Labelled, Vec<Wording>)| {
            let newest = wordings.iter().map(|wording| wording.version).max();
            Purpose {
                label: it.label(code).to_owned(),
                code: it.code.clone(),
                href: format!("{HERE}/{}", it.code),
                versions: wordings
                    .iter()
                    .filter(|w| w.locale == code)
                    .map(|w| version(w, Some(w.version) == newest))
                    .collect(),
            }
        };
        Self {
            crumbs: crumbs(t, &[]),
            purposes: known.iter().map(purpose).collect(),
            empty: Empty::of("consent", t.get("settings-wordings-empty"), t.get("settings-wordings-empty.text")),
            shell,
        }
    }
}

fn sample_purpose() -> (Labelled, Vec<Wording>) {
    let label = Labelled { code: "info".into(), ja: "News".into(), easy: "News".into(), en: "News".into() };
    let wording = |locale: &str, version| Wording {
        purpose: "info".into(),
        version,
        locale: locale.into(),
        text: "Text".into(),
        sender: "Town".into(),
        from: tsunagari_kernel::Timestamp::from_micros(1_773_600_000_000_000),
    };
    let all = ["ja", "ja-easy", "en"].into_iter().flat_map(|locale| [wording(locale, 2), wording(locale, 1)]).collect();
    (label, all)
}

impl Sample for WordingsPage {
    fn samples(shell: Shell) -> Vec<Self> {
        let uses = [WordingUse { purpose: "info".into(), version: 1, in_force: 412, ever: 430 }];
        vec![Self::of(shell.clone(), &[], &[]), Self::of(shell, &[sample_purpose()], &uses)]
    }
}

async fn show(Extension(desk): Extension<Desk>, Query(news): Query<News>) -> Result<Response, AppError> {
    let mut reader = desk.here().read().await.map_err(unreadable)?;
    let mut known = Vec::new();
    for purpose in reader.purposes().await.map_err(unreadable)? {
        let wordings = reader.wordings(&purpose.code).await.map_err(unreadable)?;
        known.push((purpose, wordings));
    }
    let uses = reader.wording_uses().await.map_err(unreadable)?;
    Ok(page(&WordingsPage::of(framed(&desk, &news), &known, &uses)))
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
struct Given {
    text_ja: String,
    text_easy: String,
    text_en: String,
    sender: String,
}

fn version_form(shell: Shell, purpose: &Labelled, given: &Given, wrong: &Wrong) -> Paper {
    let t = shell.t;
    let area = |name: &str, value: &str| {
        let key = format!("settings-wording-{}", name.replace('_', "-"));
        Field::area(t, name, t.get(key)).value(value).max(2_000).error(wrong.at(name)).required()
    };
    let label = purpose.label(t.locale().code()).to_owned();
    Paper::of(shell, "settings-wording", &[LIST], format!("{HERE}/{}", purpose.code), wrong)
        .titled(t.one("settings-wording-new", "purpose", label))
        .button(t.get("settings-wording-add"))
        .part(Banner::of(Tone::Info, t.get("settings-wording-kept")).text(t.get("settings-wording-kept.text")))
        .part(
            Field::text(t, "sender", t.get("settings-wording-sender"))
                .value(&given.sender)
                .hint(t.get("settings-wording-sender.hint"))
                .error(wrong.at("sender"))
                .required(),
        )
        .part(area("text_ja", &given.text_ja))
        .part(area("text_easy", &given.text_easy))
        .part(area("text_en", &given.text_en))
}

async fn purpose_of(desk: &Desk, code: &str) -> Result<(Labelled, Vec<Wording>), AppError> {
    let mut reader = desk.here().read().await.map_err(unreadable)?;
    let all = reader.purposes().await.map_err(unreadable)?;
    let purpose = all.into_iter().find(|it| it.code == code).ok_or(AppError::NotFound)?;
    let wordings = reader.wordings(code).await.map_err(unreadable)?;
    Ok((purpose, wordings))
}

async fn blank(Extension(desk): Extension<Desk>, Path(code): Path<String>) -> Result<Response, AppError> {
    let (purpose, wordings) = purpose_of(&desk, &code).await?;
    let newest = wordings.iter().map(|it| it.version).max();
    let text = |locale: &str| {
        let found = wordings.iter().find(|it| Some(it.version) == newest && it.locale == locale);
        found.map(|it| it.text.clone()).unwrap_or_default()
    };
    let sender = wordings.first().map_or_else(|| desk.org.name.clone(), |it| it.sender.clone());
    let given = Given { text_ja: text("ja"), text_easy: text("ja-easy"), text_en: text("en"), sender };
    Ok(page(&version_form(desk.shell(), &purpose, &given, &Wrong::default())))
}

async fn add(
    Extension(desk): Extension<Desk>,
    Path(code): Path<String>,
    Posted(given): Posted<Given>,
) -> Result<Response, AppError> {
    let (purpose, _) = purpose_of(&desk, &code).await?;
    let by = desk.grant()?;
    let wanted = WordingGiven {
        purpose: code,
        texts: [given.text_ja.clone(), given.text_easy.clone(), given.text_en.clone()],
        sender: given.sender.clone(),
    };
    match settle(&desk, add_wording(&desk.house, &by, &wanted).await)? {
        Ok(_) => Ok(onward("/office/settings/wordings?done=added")),
        Err(wrong) => Ok(page_with_status(
            StatusCode::UNPROCESSABLE_ENTITY,
            &version_form(desk.shell(), &purpose, &given, &wrong),
        )),
    }
}

/// A code with its labels as typed, for purposes and interests.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct LabelledTyped {
    /// The code.
    pub code: String,
    /// In Japanese.
    pub ja: String,
    /// In plain Japanese.
    pub easy: String,
    /// In English.
    pub en: String,
}

impl LabelledTyped {
    /// What the act takes.
    pub fn read(&self) -> Labelled {
        let text = |text: &str| text.trim().to_owned();
        Labelled { code: text(&self.code), ja: text(&self.ja), easy: text(&self.easy), en: text(&self.en) }
    }
}

/// The fields of a code with its labels; a known code is not shown for changing.
pub fn labelled_parts(
    paper: Paper,
    given: &LabelledTyped,
    known: Option<&str>,
    t: tsunagari_i18n::Texts,
    wrong: &Wrong,
) -> Paper {
    let line = |name: &str, value: &str| {
        Field::text(t, name, t.get(format!("settings-label-{name}"))).value(value).error(wrong.at(name)).required()
    };
    let paper = match known {
        Some(code) => paper.part(Part::Hidden("code", code.to_owned())).part(Part::Note(code.to_owned())),
        None => paper.part(line("code", &given.code).hint(t.get("settings-label-code.hint"))),
    };
    paper.part(line("ja", &given.ja)).part(line("easy", &given.easy)).part(line("en", &given.en))
}

fn purpose_form(shell: Shell, given: &LabelledTyped, wrong: &Wrong) -> Paper {
    let t = shell.t;
    let paper = Paper::of(shell, "settings-purpose", &[LIST], "/office/settings/wordings/purpose", wrong);
    labelled_parts(paper, given, None, t, wrong)
}

async fn blank_purpose(Extension(desk): Extension<Desk>) -> Result<Response, AppError> {
    Ok(page(&purpose_form(desk.shell(), &LabelledTyped::default(), &Wrong::default())))
}

async fn keep_new_purpose(
    Extension(desk): Extension<Desk>,
    Posted(given): Posted<LabelledTyped>,
) -> Result<Response, AppError> {
    let by = desk.grant()?;
    let it = given.read();
    match settle(&desk, keep_purpose(&desk.house, &by, &it).await)? {
        Ok(()) => Ok(onward(&format!("{HERE}/{}", it.code))),
        Err(wrong) => {
            Ok(page_with_status(StatusCode::UNPROCESSABLE_ENTITY, &purpose_form(desk.shell(), &given, &wrong)))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::shell::sample::{faults, faults_of, office_shell};

    #[test]
    fn every_face_has_its_words() {
        assert_eq!(faults::<WordingsPage>(office_shell), Vec::<String>::new());
        let forms = faults_of(office_shell, |shell| {
            let none = Wrong::default();
            vec![
                version_form(shell.clone(), &sample_purpose().0, &Given::default(), &none),
                purpose_form(shell, &LabelledTyped::default(), &none),
            ]
        });
        assert_eq!(forms, Vec::<String>::new());
    }
}
