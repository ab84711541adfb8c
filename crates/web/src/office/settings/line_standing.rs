//! A channel's check in words: for each thing looked at, whether it works and what to do when it does not.

use tsunagari_acts::set_webhook::{LineStanding, LoginBeside, Mandated, Told};
use tsunagari_channels::line::WebhookTest;
use tsunagari_i18n::Texts;
use tsunagari_storage::line_channel::{ChannelKind, LineChannel, ProviderOwner};

use super::line::sample_channel;
use crate::shell::Tone;
use crate::shell::components::{Banner, Chip};

/// One thing looked at.
pub struct Looked {
    /// What.
    pub what: String,
    /// Works, look here, does not work.
    pub chip: Chip,
    /// What was found and what to do.
    pub words: String,
    tone: Tone,
}

/// The check in words.
pub struct Standing {
    /// All of it in a sentence.
    pub verdict: Banner,
    /// Each thing.
    pub lines: Vec<Looked>,
}

fn looked(t: Texts, what: &str, tone: Tone, words: String) -> Looked {
    let chip = match tone {
        Tone::Success => Chip::of(tone, t.get("settings-works")),
        Tone::Info | Tone::Warning => Chip::of(tone, t.get("settings-look-here")),
        Tone::Error => Chip::of(tone, t.get("settings-fails")),
    };
    Looked { what: t.get(format!("settings-line-look-{what}")), chip, words, tone }
}

/// LINE's failure in a sentence.
fn failure(t: Texts, code: &str) -> String {
    t.get(format!("refused-{}", code.replace('_', "-")))
}

fn told<T>(t: Texts, what: &str, answer: &Told<T>, well: impl Fn(&T) -> (Tone, String)) -> Looked {
    match answer {
        Ok(value) => {
            let (tone, words) = well(value);
            looked(t, what, tone, words)
        }
        Err(code) => looked(t, what, Tone::Error, failure(t, code)),
    }
}

impl Standing {
    /// From what LINE answered.
    pub fn of(t: Texts, it: &LineStanding) -> Self {
        let mut lines = vec![Self::provider(t, it.owner)];
        lines.extend(Self::mandate(t, it));
        lines.push(told(t, "token", &it.token, |()| (Tone::Success, t.get("settings-line-token-fine"))));
        if let Some(bot) = &it.bot {
            lines.push(told(t, "bot", bot, |(name, basic)| {
                (Tone::Success, t.two("settings-line-bot-fine", "name", name.clone(), "id", basic.clone()))
            }));
        }
        if let Some(webhook) = &it.webhook {
            lines.push(match webhook {
                // LINE says 404 while none is set.
                Err("line_rejected") => looked(t, "webhook", Tone::Error, t.get("settings-line-webhook-none")),
                other => told(t, "webhook", other, |(url, active)| Self::webhook(t, &it.wanted_webhook, url, *active)),
            });
        }
        if let Some(test) = &it.test {
            lines.push(told(t, "test", test, |test| Self::test(t, test)));
        }
        if let (Some(quota), Some(used)) = (&it.quota, &it.used) {
            lines.push(Self::quota(t, &it.channel, quota, used));
        }
        lines.extend(it.login.map(|login| Self::login(t, login)));
        let worst = lines.iter().fold(Tone::Success, |worst, line| match (worst, line.tone) {
            (Tone::Error, _) | (_, Tone::Error) => Tone::Error,
            (Tone::Warning, _) | (_, Tone::Warning | Tone::Info) => Tone::Warning,
            (before, Tone::Success) => before,
        });
        let verdict = Banner::of(worst, t.get(format!("settings-line-verdict-{}", worst.code())));
        Self { verdict, lines }
    }

    /// A channel can never move to another provider: whose it is decides who keeps the town's people.
    fn provider(t: Texts, owner: ProviderOwner) -> Looked {
        let tone = match owner {
            ProviderOwner::Own | ProviderOwner::OtherBody => Tone::Success,
            ProviderOwner::Vendor => Tone::Warning,
        };
        let key = format!("line-look-provider-{}", owner.code().replace('_', "-"));
        looked(t, "provider", tone, t.get(key))
    }

    fn mandate(t: Texts, it: &LineStanding) -> Option<Looked> {
        let line = |tone, key: &str| Some(looked(t, "mandate", tone, t.get(key)));
        match (it.owner, it.mandate) {
            (_, Some(Mandated::Holds)) => line(Tone::Success, "line-look-mandate-holds"),
            (_, Some(Mandated::Over)) => line(Tone::Error, "line-look-mandate-over"),
            (ProviderOwner::OtherBody, None) => line(Tone::Error, "line-look-mandate-missing"),
            (ProviderOwner::Own | ProviderOwner::Vendor, None) => None,
        }
    }

    fn login(t: Texts, login: LoginBeside) -> Looked {
        let (tone, key) = match login {
            LoginBeside::SameProvider => (Tone::Success, "line-look-login-fine"),
            LoginBeside::OtherProvider => (Tone::Error, "line-look-login-elsewhere"),
            LoginBeside::Missing => (Tone::Warning, "line-look-login-missing"),
        };
        looked(t, "login", tone, t.get(key))
    }

    fn webhook(t: Texts, wanted: &str, url: &str, active: bool) -> (Tone, String) {
        match (url == wanted, active) {
            (true, true) => (Tone::Success, t.get("settings-line-webhook-fine")),
            (true, false) => (Tone::Warning, t.get("settings-line-webhook-off")),
            (false, _) => (Tone::Error, t.one("settings-line-webhook-elsewhere", "url", url)),
        }
    }

    fn test(t: Texts, test: &WebhookTest) -> (Tone, String) {
        if test.success {
            return (Tone::Success, t.get("settings-line-test-fine"));
        }
        let key = format!("settings-line-test-{}", test.reason.to_lowercase().replace('_', "-"));
        let words = t.find(&key).unwrap_or_else(|| t.get("settings-line-test-unclassified"));
        (Tone::Error, format!("{words} ({} {})", test.status_code, test.reason))
    }

    fn quota(t: Texts, channel: &LineChannel, quota: &Told<Option<u64>>, used: &Told<u64>) -> Looked {
        match (quota, used) {
            (Err(code), _) | (_, Err(code)) => looked(t, "quota", Tone::Error, failure(t, code)),
            (Ok(allowed), Ok(used)) => {
                let ours = channel.plan.included().map(|n| n + channel.plan_ceiling);
                let theirs = allowed.map(|n| i64::try_from(n).unwrap_or(i64::MAX));
                let words = match allowed {
                    None => t.one("settings-line-quota-open", "used", *used),
                    Some(allowed) => t.two("settings-line-quota-limited", "used", *used, "allowed", *allowed),
                };
                if ours == theirs {
                    looked(t, "quota", Tone::Success, words)
                } else {
                    looked(t, "quota", Tone::Warning, format!("{words} {}", t.get("settings-line-quota-differs")))
                }
            }
        }
    }
}

/// Invented checks for samples: all well, not set up, refused.
pub fn samples_of_standing() -> Vec<LineStanding> {
    let test = |success: bool, reason: &str| WebhookTest {
        success,
        status_code: 0,
        reason: reason.into(),
        detail: String::new(),
    };
    let well = LineStanding {
        channel: sample_channel(),
        wanted_webhook: "https://t.example.jp/hooks/line/x".into(),
        owner: ProviderOwner::Own,
        mandate: None,
        login: Some(LoginBeside::SameProvider),
        token: Ok(()),
        bot: Some(Ok(("Town".into(), "@town".into()))),
        webhook: Some(Ok(("https://t.example.jp/hooks/line/x".into(), true))),
        quota: Some(Ok(None)),
        used: Some(Ok(412)),
        test: Some(Ok(test(true, "OK"))),
    };
    let poor = LineStanding {
        owner: ProviderOwner::Vendor,
        mandate: Some(Mandated::Over),
        login: Some(LoginBeside::OtherProvider),
        webhook: Some(Ok(("https://elsewhere.example/".into(), false))),
        quota: Some(Ok(Some(200))),
        test: Some(Ok(test(false, "COULD_NOT_CONNECT"))),
        ..well.clone()
    };
    let unset = LineStanding {
        owner: ProviderOwner::OtherBody,
        login: Some(LoginBeside::Missing),
        webhook: Some(Err("line_rejected")),
        used: Some(Err("line_no_answer")),
        test: None,
        ..well.clone()
    };
    let off = LineStanding {
        owner: ProviderOwner::OtherBody,
        mandate: Some(Mandated::Holds),
        webhook: Some(Ok((well.wanted_webhook.clone(), false))),
        test: Some(Ok(test(false, "REQUEST_TIMEOUT"))),
        ..well.clone()
    };
    let refused = LineStanding {
        channel: LineChannel { kind: ChannelKind::Login, ..sample_channel() },
        login: None,
        token: Err("line_unauthorised"),
        bot: None,
        webhook: None,
        quota: None,
        used: None,
        test: None,
        ..well.clone()
    };
    vec![well, poor, unset, off, refused]
}
