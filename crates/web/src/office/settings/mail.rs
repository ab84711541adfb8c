//! How mail leaves: sender, server, signature; a test mail to the officer; stopping and resuming.

use axum::Extension;
use axum::extract::Query;
use axum::http::StatusCode;
use axum::response::Response;
use serde::Deserialize;
use tsunagari_access::Code;
use tsunagari_acts::keep_mail_channel::{MailState, TestMail, keep_mail_channel, keep_mail_state, send_test_mail};
use tsunagari_storage::mail_channel::MailChannel;

use super::paper::{Paper, Part};
use super::{News, Wrong, framed, onward, settle, some};
use crate::office::desk::Desk;
use crate::routes::{Needs, Nothing, Posted, Routes};
use crate::sentences::unreadable;
use crate::shell::components::{Banner, ConfirmForm, Field};
use crate::shell::{AppError, Shell, Tone, page, page_with_status};

const HERE: &str = "/office/settings/mail";

/// The routes.
pub fn routes(routes: Routes) -> Routes {
    let needs = Needs::Permission(Code::ManageChannels);
    routes
        .get(HERE, needs, show)
        .post(HERE, needs, keep)
        .get("/office/settings/mail/test", needs, test)
        .post("/office/settings/mail/test", needs, send)
        .post("/office/settings/mail/stop", needs, stop)
        .post("/office/settings/mail/resume", needs, resume)
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
struct Given {
    from_name: String,
    from_address: String,
    reply_to: String,
    smtp_url: String,
    password_file: String,
    dkim_domain: String,
    dkim_selector: String,
    dkim_key_file: String,
    bounce_domain: String,
}

impl Given {
    fn of(it: &MailChannel) -> Self {
        let text = |value: &Option<String>| value.clone().unwrap_or_default();
        Self {
            from_name: it.from_name.clone(),
            from_address: it.from_address.clone(),
            reply_to: text(&it.reply_to),
            smtp_url: it.smtp_url.clone(),
            password_file: text(&it.password_file),
            dkim_domain: text(&it.dkim_domain),
            dkim_selector: text(&it.dkim_selector),
            dkim_key_file: text(&it.dkim_key_file),
            bounce_domain: it.bounce_domain.clone(),
        }
    }

    fn read(&self, stopped_reason: Option<String>) -> MailChannel {
        MailChannel {
            from_name: self.from_name.trim().to_owned(),
            from_address: self.from_address.trim().to_owned(),
            reply_to: some(&self.reply_to),
            smtp_url: self.smtp_url.trim().to_owned(),
            password_file: some(&self.password_file),
            dkim_domain: some(&self.dkim_domain),
            dkim_selector: some(&self.dkim_selector),
            dkim_key_file: some(&self.dkim_key_file),
            bounce_domain: self.bounce_domain.trim().to_owned(),
            stopped_reason,
        }
    }
}

/// Whether mail is set up, and whether it leaves.
#[derive(Clone, Copy)]
enum Standing {
    Unset,
    Working,
    Stopped,
}

fn standing(known: Option<&MailChannel>) -> Standing {
    match known {
        None => Standing::Unset,
        Some(it) if it.stopped_reason.is_some() => Standing::Stopped,
        Some(_) => Standing::Working,
    }
}

fn form(shell: Shell, standing: Standing, given: &Given, wrong: &Wrong) -> Paper {
    let t = shell.t;
    let line = |name: &str, value: &str| {
        let key = format!("settings-mail-{}", name.replace('_', "-"));
        Field::text(t, name, t.get(&key)).value(value).hint(t.get(format!("{key}.hint"))).error(wrong.at(name))
    };
    let mut paper = Paper::of(shell.clone(), "settings-mail", &[], HERE, wrong);
    match standing {
        Standing::Unset | Standing::Working => {}
        Standing::Stopped => {
            paper = paper.part(
                Banner::of(Tone::Warning, t.get("settings-mail-stopped")).text(t.get("settings-mail-stopped.text")),
            )
        }
    }
    let paper = paper
        .part(Part::Heading(t.get("settings-mail-sender")))
        .part(line("from_name", &given.from_name).required())
        .part(line("from_address", &given.from_address).required())
        .part(line("reply_to", &given.reply_to))
        .part(Part::Heading(t.get("settings-mail-server")))
        .part(line("smtp_url", &given.smtp_url).required())
        .part(line("password_file", &given.password_file))
        .part(line("bounce_domain", &given.bounce_domain).required())
        .part(Part::Heading(t.get("settings-mail-signature")))
        .part(line("dkim_domain", &given.dkim_domain))
        .part(line("dkim_selector", &given.dkim_selector))
        .part(line("dkim_key_file", &given.dkim_key_file));
    let turn = |what: &str, key: &str| ConfirmForm::of(&shell, format!("{HERE}/{what}"), t.get(key));
    match standing {
        Standing::Unset => paper,
        Standing::Working => paper
            .link("/office/settings/mail/test", t.get("settings-mail-try"))
            .after(t.get("settings-mail-stop.text"), turn("stop", "settings-mail-stop").look("danger")),
        Standing::Stopped => paper.after(t.get("settings-mail-resume.text"), turn("resume", "settings-mail-resume")),
    }
}

async fn known(desk: &Desk) -> Result<Option<MailChannel>, AppError> {
    desk.here().read().await.map_err(unreadable)?.mail_channel().await.map_err(unreadable)
}

async fn show(Extension(desk): Extension<Desk>, Query(news): Query<News>) -> Result<Response, AppError> {
    let known = known(&desk).await?;
    let given =
        known.as_ref().map(Given::of).unwrap_or_else(|| Given { from_name: desk.org.name.clone(), ..Given::default() });
    Ok(page(&form(framed(&desk, &news), standing(known.as_ref()), &given, &Wrong::default())))
}

async fn keep(Extension(desk): Extension<Desk>, Posted(given): Posted<Given>) -> Result<Response, AppError> {
    let by = desk.grant()?;
    let known = known(&desk).await?;
    let wanted = given.read(known.as_ref().and_then(|it| it.stopped_reason.clone()));
    match settle(&desk, keep_mail_channel(&desk.house, &by, &wanted).await)? {
        Ok(()) => Ok(onward("/office/settings/mail?done=saved")),
        Err(wrong) => Ok(page_with_status(
            StatusCode::UNPROCESSABLE_ENTITY,
            &form(desk.shell(), standing(known.as_ref()), &given, &wrong),
        )),
    }
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
struct TestTyped {
    to: String,
}

fn test_form(shell: Shell, given: &TestTyped, wrong: &Wrong) -> Paper {
    let t = shell.t;
    Paper::of(shell, "settings-mail-test", &[(HERE, "settings-mail")], "/office/settings/mail/test", wrong)
        .part(Field::email(t, "to", t.get("settings-mail-test-to")).value(&given.to).error(wrong.at("to")).required())
        .button(t.get("settings-mail-test-send"))
}

async fn test(Extension(desk): Extension<Desk>) -> Result<Response, AppError> {
    let to = if desk.staff.login.contains('@') { desk.staff.login.clone() } else { String::new() };
    Ok(page(&test_form(desk.shell(), &TestTyped { to }, &Wrong::default())))
}

async fn send(Extension(desk): Extension<Desk>, Posted(given): Posted<TestTyped>) -> Result<Response, AppError> {
    let by = desk.grant()?;
    let mail = TestMail {
        to: given.to.clone(),
        subject: desk.t.one("settings-mail-test-subject", "org", desk.org.name.clone()),
        text: desk.t.one("settings-mail-test-text", "org", desk.org.name.clone()),
    };
    match settle(&desk, send_test_mail(&desk.house, &by, &mail).await)? {
        Ok(()) => Ok(onward("/office/settings/mail?done=sent")),
        Err(wrong) => Ok(page_with_status(StatusCode::UNPROCESSABLE_ENTITY, &test_form(desk.shell(), &given, &wrong))),
    }
}

async fn stop(Extension(desk): Extension<Desk>, Posted(Nothing {}): Posted<Nothing>) -> Result<Response, AppError> {
    let by = desk.grant()?;
    keep_mail_state(&desk.house, &by, MailState::Stopped).await.map_err(|error| desk.problem(error))?;
    Ok(onward("/office/settings/mail?done=stopped"))
}

async fn resume(Extension(desk): Extension<Desk>, Posted(Nothing {}): Posted<Nothing>) -> Result<Response, AppError> {
    let by = desk.grant()?;
    keep_mail_state(&desk.house, &by, MailState::Working).await.map_err(|error| desk.problem(error))?;
    Ok(onward("/office/settings/mail?done=resumed"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::shell::sample::{faults_of, office_shell};

    #[test]
    fn every_face_has_its_words() {
        let found = faults_of(office_shell, |shell| {
            let (given, none) = (Given::default(), Wrong::default());
            let mut faces: Vec<Paper> = [Standing::Unset, Standing::Working, Standing::Stopped]
                .into_iter()
                .map(|standing| form(shell.clone(), standing, &given, &none))
                .collect();
            faces.push(test_form(shell.clone(), &TestTyped::default(), &none));
            for key in ["settings-mail-test-subject", "settings-mail-test-text"] {
                assert!(!shell.t.one(key, "org", "x").contains('⟦'));
            }
            faces
        });
        assert_eq!(found, Vec::<String>::new());
    }
}
