//! The last page before joining: each purpose with its wording, who sends and how to stop; and joining itself.

use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;
use tsunagari_acts::answer_question::{Answers, open_question};
use tsunagari_acts::{ActError, join};
use tsunagari_kernel::Moment;
use tsunagari_people::PersonLocale;
use tsunagari_people::consent::OwnConsent;
use tsunagari_storage::Reader;
use tsunagari_storage::purpose::{Labelled, Wording};

use crate::portal::draft::{self, Draft, Given, Look};
use crate::portal::line_login::signed_in;
use crate::portal::town::{Town, go};
use crate::routes::{Needs, Routes};
use crate::sentences::{sentences, unreadable};
use crate::shell::components::ErrorSummary;
use crate::shell::{AppError, Sample, Shell, cookies, page_with_status};

/// The routes.
pub fn routes(routes: Routes) -> Routes {
    routes.get("/p/{code}/agree", Needs::Nothing, show).post("/p/{code}/agree", Needs::Nothing, agree)
}

/// One purpose as it is put before somebody.
#[derive(Debug, Clone)]
pub struct Promise {
    /// The purpose's code.
    pub code: String,
    /// Its name.
    pub label: String,
    /// The wording's paragraphs.
    pub text: Vec<String>,
    /// Who sends, and the wording's version, in words.
    pub source: String,
    /// Ticked.
    pub chosen: bool,
}

/// The purposes with the wordings in use, in the reader's language where there is one.
pub fn promises(
    t: tsunagari_i18n::Texts,
    purposes: &[Labelled],
    wordings: &[Wording],
    chosen: &[String],
) -> Vec<Promise> {
    let locale = t.locale().code();
    let best = |code: &str| {
        let of = |wanted: &str| wordings.iter().find(|it| it.purpose == code && it.locale == wanted);
        of(locale).or_else(|| of("ja")).or_else(|| wordings.iter().find(|it| it.purpose == code))
    };
    let one = |purpose: &Labelled| {
        let wording = best(&purpose.code)?;
        Some(Promise {
            code: purpose.code.clone(),
            label: purpose.label(locale).to_owned(),
            text: wording.text.lines().filter(|line| !line.trim().is_empty()).map(str::to_owned).collect(),
            source: t.two("portal-consent-source", "sender", wording.sender.as_str(), "version", wording.version),
            chosen: chosen.contains(&purpose.code),
        })
    };
    purposes.iter().filter_map(one).collect()
}

#[derive(Template)]
#[template(path = "portal/agree.html")]
struct AgreePage {
    shell: Shell,
    errors: ErrorSummary,
    wrong: String,
    promises: Vec<Promise>,
    minor: String,
    back: String,
}

impl AgreePage {
    fn of(
        shell: Shell,
        promises: Vec<Promise>,
        minor: Option<i64>,
        back: String,
        wrong: Vec<(String, String)>,
    ) -> Self {
        let t = shell.t;
        Self {
            wrong: wrong.iter().find(|(field, _)| field == "agreed").map(|(_, text)| text.clone()).unwrap_or_default(),
            errors: ErrorSummary::of(t, wrong),
            promises,
            minor: minor.map(|age| t.one("portal-consent-minor", "age", age)).unwrap_or_default(),
            back,
            shell,
        }
    }
}

/// Invented purposes for samples.
pub fn sample_promises(t: tsunagari_i18n::Texts) -> Vec<Promise> {
    let purpose = |code: &str, ja: &str| Labelled { code: code.into(), ja: ja.into(), easy: ja.into(), en: ja.into() };
    let purposes = [purpose("info", "まちからのお知らせ"), purpose("jobs", "仕事と就職のお知らせ")];
    let wording = |purpose: &str| {
        Wording {
        purpose: purpose.into(),
        version: 2,
        locale: "ja".into(),
        text: "帰省のイベントや同窓会、まちの出来事を、月に2回までお届けします。\nあなたの名前や連絡先を、ほかの団体に渡すことはありません。".into(),
        sender: "益田市 ひとづくり推進課".into(),
        from: tsunagari_kernel::Timestamp::from_micros(0),
    }
    };
    promises(t, &purposes, &[wording("info"), wording("jobs")], &["info".to_owned()])
}

impl Sample for AgreePage {
    fn samples(shell: Shell) -> Vec<Self> {
        let wrong = vec![("agreed".to_owned(), shell.t.get("refused-consent-missing"))];
        let back = || "/p/322041/join/interests".to_owned();
        vec![
            Self::of(shell.clone(), sample_promises(shell.t), None, back(), Vec::new()),
            Self::of(shell.clone(), sample_promises(shell.t), Some(18), back(), wrong),
        ]
    }
}

async fn view(
    (draft, reader): (&Draft, &mut Reader),
    chosen: &[String],
    wrong: Vec<(String, String)>,
    status: StatusCode,
) -> Result<Response, AppError> {
    let Town { house, org, t, .. } = &draft.town;
    let at = Moment::now(&*house.clock);
    let purposes = reader.purposes().await.map_err(unreadable)?;
    let wordings = reader.wordings_in_use(at.instant).await.map_err(unreadable)?;
    let born = Answers::of(&draft.answers, at.date).ok().map(|answers| answers.birth);
    let own = join::policy_of(org).own_consent(born, &at);
    let minor = (own == OwnConsent::NeedsGuardian).then_some(org.guardian_age);
    let mut shell = draft.town.shell();
    shell.csrf.clone_from(&draft.csrf);
    let back = draft.town.at("/join/interests");
    Ok(page_with_status(status, &AgreePage::of(shell, promises(*t, &purposes, &wordings, chosen), minor, back, wrong)))
}

async fn show(Look { draft, mut reader }: Look) -> Result<Response, AppError> {
    match open_question(&draft.answers, draft.town.house.clock.today()) {
        Some(open) => Ok(go(&draft.town.at(&format!("/join/{}", open.code())))),
        None => view((&draft, &mut reader), &[], Vec::new(), StatusCode::OK).await,
    }
}

/// The language somebody reads is the language they are written to in.
pub fn locale_of(t: tsunagari_i18n::Texts) -> PersonLocale {
    match t.locale() {
        tsunagari_i18n::Locale::Ja => PersonLocale::Ja,
        tsunagari_i18n::Locale::JaEasy => PersonLocale::JaEasy,
        tsunagari_i18n::Locale::En => PersonLocale::En,
    }
}

async fn agree(draft: Draft, form: Given) -> Result<Response, AppError> {
    draft.check(&form)?;
    let (house, org) = (&draft.town.house, draft.town.org.id);
    let agreed = form.all("agreed");
    match join::join(house, org, draft.id, &draft.answers, &agreed, locale_of(draft.town.t)).await {
        Ok(joined) => {
            let mut response = signed_in(go("/me/welcome"), org, &joined.token)?;
            if let Some(cleared) = cookies::clear(draft::COOKIE) {
                response.headers_mut().append(axum::http::header::SET_COOKIE, cleared);
            }
            Ok(response)
        }
        Err(ActError::Refused(reasons)) => {
            let mut reader = draft.look().await?;
            view((&draft, &mut reader), &agreed, sentences(draft.town.t, &reasons), StatusCode::UNPROCESSABLE_ENTITY)
                .await
        }
        Err(other) => Err(draft.town.problem(other)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_face_has_its_words() {
        assert_eq!(crate::shell::sample::faults::<AgreePage>(crate::shell::sample::portal_shell), Vec::<String>::new());
    }
}
