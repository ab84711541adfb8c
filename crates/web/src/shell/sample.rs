//! Sample values of pages: each page implements [`Sample`], and one test renders every sample in every locale and looks for
//! missing texts. To add a page: `impl Sample for YourPage`, and a line `check::<YourPage>()` in its surface's test.

use askama::Template;
use tsunagari_i18n::Locale;

use super::components::ContactText;
use super::context::{Accent, Flash, Org, Shell, Tone, User};
use super::nav::NavItem;

/// A page that can show itself with invented values.
pub trait Sample: Template + Sized {
    /// The page with invented values; several when it has several faces (empty, full, with errors).
    fn samples(shell: Shell) -> Vec<Self>;
}

/// An office frame with invented values.
pub fn office_shell(locale: Locale) -> Shell {
    let mut shell = Shell::bare(locale, town(), "/office/people");
    shell.user = Some(User { name: "石見 花".into(), role: shell.t.get("shell-sample-role") });
    shell.csrf = "sample-token".into();
    shell.sign_out = "/office/sign-out".into();
    shell.home = "/office".into();
    let item = |href: &str, key: &str, icon| NavItem::to(href, shell.t.get(key), icon, "/office/people");
    shell.nav = vec![
        item("/office/today", "shell-nav-today", "today").waiting(3),
        item("/office/people", "shell-nav-people", "people"),
        item("/office/import", "shell-nav-import", "import"),
        item("/office/audiences", "shell-nav-audiences", "audience"),
        item("/office/messages", "shell-nav-messages", "message").waiting(1),
        item("/office/programmes", "shell-nav-programmes", "calendar"),
        item("/office/reach", "shell-nav-reach", "reach"),
        item("/office/settings", "shell-nav-settings", "settings"),
        item("/office/audit", "shell-nav-audit", "audit"),
    ];
    shell.flash = vec![Flash { tone: Tone::Success, text: shell.t.get("shell-saved") }];
    shell
}

/// A portal frame with invented values.
pub fn portal_shell(locale: Locale) -> Shell {
    let mut shell = Shell::bare(locale, town(), "/p/32204/join?step=2");
    shell.csrf = "sample-token".into();
    shell.contact = ContactText::of(&shell.t.one("portal-foot-contact", "contact", "0856-00-0000"));
    shell
}

fn town() -> Org {
    Org { name: "益田市".into(), line: "ひとづくり推進課".into(), accent: Accent::Sea }
}

/// Renders every sample of a page in every locale; returns what is wrong: `locale: what`.
pub fn faults<P: Sample>(shell: fn(Locale) -> Shell) -> Vec<String> {
    faults_of(shell, P::samples)
}

/// The same for pages that share one template: the function gives their faces.
pub fn faults_of<T: Template>(shell: fn(Locale) -> Shell, faces: impl Fn(Shell) -> Vec<T>) -> Vec<String> {
    let mut found = Vec::new();
    for locale in Locale::ALL {
        for sample in faces(shell(locale)) {
            match sample.render() {
                Ok(html) => {
                    found.extend(
                        html.split('⟦')
                            .skip(1)
                            .filter_map(|rest| Some(format!("{locale}: no text {}", rest.split_once('⟧')?.0))),
                    );
                    // A value the text asks for under a name nobody gives.
                    let unfilled = html.split("{$").skip(1).filter_map(|rest| Some(rest.split_once('}')?.0));
                    found.extend(unfilled.map(|name| format!("{locale}: a text without its value {name}")));
                    if html.contains(" style=\"") || html.contains("<script>") || html.contains(" onclick=") {
                        found.push(format!("{locale}: inline style or script"));
                    }
                }
                Err(error) => found.push(format!("{locale}: {error}")),
            }
        }
    }
    found
}
