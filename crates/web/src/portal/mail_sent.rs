//! After asking for a mailed link: to which address it goes, and the field to correct it. Leaves asking to `contact` and
//! `me::contacts`.

use askama::Template;

use crate::shell::components::Field;
use crate::shell::{Sample, Shell};

/// The page.
#[derive(Template)]
#[template(path = "portal/mail_sent.html")]
pub struct MailSentPage {
    shell: Shell,
    to: String,
    email: Field,
    action: String,
    back: String,
}

impl MailSentPage {
    /// `action` takes a corrected address, `back` leads to the other ways.
    pub fn of(shell: Shell, to: &str, action: String, back: String) -> Self {
        let t = shell.t;
        let email = Field::email(t, "email", t.get("portal-mail-sent-again")).value(to).required();
        Self { to: t.one("portal-mail-sent-to", "email", to), email, action, back, shell }
    }
}

impl Sample for MailSentPage {
    fn samples(shell: Shell) -> Vec<Self> {
        vec![Self::of(shell, "hana@town.example", "/p/322041/join-by-mail".into(), "/p/322041/join/contact".into())]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_face_has_its_words() {
        assert_eq!(
            crate::shell::sample::faults::<MailSentPage>(crate::shell::sample::portal_shell),
            Vec::<String>::new()
        );
    }
}
