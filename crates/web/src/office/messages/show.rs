//! One message: what a phone shows, who gets it and who does not, what it costs, what may be done with it now, and what became
//! of it. While it is on its way the part with the numbers renews itself.

use std::collections::{HashMap, HashSet};

use askama::Template;
use axum::Extension;
use axum::extract::{Path, Query};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use serde::Deserialize;
use tsunagari_access::Code;
use tsunagari_access::permission::ViewMessages;
use tsunagari_acts::preview_campaign::{Preview, preview_campaign};
use tsunagari_acts::send_back_campaign::LONGEST_WORD;
use tsunagari_i18n::Texts;
use tsunagari_kernel::{CampaignId, MediaId, Timestamp};
use tsunagari_outreach::Results;
use tsunagari_outreach::campaign::CampaignState;
use tsunagari_rules::{Checked, Rule};
use tsunagari_storage::Reader;
use tsunagari_storage::campaign::AudienceCounts;
use tsunagari_storage::campaign_result::ResultLine;

use super::form::{field_of, language_of};
use super::hands::{HANDS, hands};
use super::list::state_chip;
use super::phone::Phone;
use super::told::{
    Decides, audience_facts, cost_facts, facts, held_words, month_short, more_words, news, reason_words, sent_back,
    skip_words, wrong,
};
use super::trying::{Recipients, Trying};
use crate::office::desk::Desk;
use crate::office::small_numbers::as_seen;
use crate::routes::{Needs, Routes};
use crate::rule_words::RuleWords;
use crate::sentences::unreadable;
use crate::shell::components::{Banner, Chip, ConfirmForm, ErrorSummary, Facts, Field, FieldKind, Progress};
use crate::shell::{AppError, Sample, Shell, Tone, page, page_with_status};

/// The routes.
pub fn routes(routes: Routes) -> Routes {
    routes.get("/office/messages/{id}", Needs::Permission(Code::ViewMessages), show)
}

/// An attachment as the approver opens it.
struct Attached {
    title: String,
    open: ConfirmForm,
    /// Where it is looked at again, once the reader has opened it.
    opened: Option<String>,
}

/// A line of the results, with the list of people behind it.
struct Counted {
    state: String,
    channel: String,
    reason: String,
    n: String,
    href: Option<String>,
}

/// A number of the results, with the list of people behind it where there is one.
struct Number {
    label: String,
    value: String,
    href: Option<String>,
}

/// Whom a message is for: the audience's name, its rule in words, and the rule's text.
struct For {
    name: String,
    words: String,
    rule: String,
}

/// What somebody has just done on the page, or what was wrong with it: typed values stay.
#[derive(Default)]
pub(super) struct Aside {
    /// Field and sentence.
    pub errors: Vec<(String, String)>,
    /// The time typed for sending; nothing: none was posted.
    pub at: Option<String>,
    /// What was typed to the writer.
    pub word: String,
    /// Where a test was to go.
    pub to: String,
    /// The address typed for a test.
    pub mail: String,
}

#[derive(Template)]
#[template(path = "office/messages/show.html")]
struct ShowPage {
    shell: Shell,
    base: String,
    title: String,
    chip: Chip,
    facts: Facts,
    wrong: Vec<String>,
    whom: For,
    audience: Option<Facts>,
    more: Vec<(String, String)>,
    sample: Vec<String>,
    left_out: Vec<(String, String)>,
    /// What a reader who sees rounded numbers must know.
    rounded: Option<String>,
    cost: Option<Facts>,
    /// The month's messages will not do.
    short: Option<Banner>,
    held: Vec<String>,
    errors: ErrorSummary,
    phone: Phone,
    attached: Vec<Attached>,
    /// Where a new message begins with what stands in this one.
    again: Option<String>,
    edit: bool,
    moves: Vec<ConfirmForm>,
    approve: Option<Approving>,
    own: bool,
    test: Option<Trying>,
    news: Option<Banner>,
    sent_back: Option<Banner>,
    list: bool,
    progress: Option<Progress>,
    numbers: Vec<Number>,
    unnamed: bool,
    counted: Vec<Counted>,
    unknown: bool,
    renew: bool,
    /// The code of the state it stands in: once it is another one the whole page is other.
    stands: &'static str,
    language: String,
}

/// The form of the approval.
struct Approving {
    action: String,
    version: i64,
    at: Field,
    back: String,
    word: Field,
    /// What is still to be opened first.
    first: Option<String>,
}

/// Everything the page is made from.
struct Parts<'p> {
    aside: Aside,
    /// Whether whoever looks at it may approve it.
    decides: bool,
    recipients: Recipients,
    known_clickers: i64,
    preview: &'p Preview,
    results: Results,
    lines: Vec<ResultLine>,
    purpose: String,
    whom: (String, String),
    /// Titles with names.
    hands: Vec<(String, String)>,
    media: Vec<(MediaId, String, String)>,
    opened: Vec<MediaId>,
    language: &'p str,
    account: Option<String>,
    contact: &'p str,
    now: Timestamp,
    may: &'p dyn Fn(Code) -> bool,
}

impl ShowPage {
    fn of(shell: Shell, it: &Parts<'_>) -> Self {
        let t = shell.t;
        let kept = &it.preview.kept;
        let base = format!("/office/messages/{}", kept.campaign.id);
        let state = &kept.campaign.state;
        let launched = kept.launched_at.is_some();
        let draft = matches!(state, CampaignState::Draft);
        let counts = if launched { kept.audience.clone() } else { it.preview.counts.clone() };
        let addresses: HashMap<MediaId, String> =
            it.media.iter().map(|(id, _, address)| (*id, address.clone())).collect();
        let attach = |(id, title, _): &(MediaId, String, String)| Attached {
            title: title.clone(),
            opened: it.opened.contains(id).then(|| format!("{base}/attachments/{id}")),
            open: ConfirmForm::of(&shell, format!("{base}/open"), t.get("messages-open-attachment"))
                .look("outlined")
                .field("media", id.to_string()),
        };
        let line = |(line, reason, n): (&ResultLine, String, String)| Counted {
            state: t.get(format!("delivery-{}", line.state)),
            channel: t.get(format!("channel-{}", line.channel)),
            reason,
            n,
            href: (it.may)(Code::ViewPeople).then(|| {
                let reason = line.reason.as_deref().unwrap_or("-");
                format!("{base}/deliveries?state={}&channel={}&reason={reason}", line.state, line.channel)
            }),
        };
        let submitted = matches!(state, CampaignState::Submitted { .. }) && (it.may)(Code::ApproveMessages);
        let decides = if submitted && it.decides { Decides::Reader } else { Decides::Another };
        Self {
            title: if kept.title.is_empty() { t.get("messages-untitled") } else { kept.title.clone() },
            chip: state_chip(t, state.code()),
            facts: facts(t, kept, &it.purpose, &it.hands),
            wrong: if draft { wrong(t, it.preview) } else { Vec::new() },
            whom: For { name: it.whom.0.clone(), words: it.whom.1.clone(), rule: kept.rule.clone() },
            more: counts.iter().filter(|_| !launched).flat_map(|counts| more_words(t, &seen(counts, it.may))).collect(),
            audience: counts.as_ref().map(|counts| audience_facts(t, counts, it.preview.held.capped, it.may)),
            sample: if launched || !(it.may)(Code::ViewPeople) { Vec::new() } else { it.preview.sample.clone() },
            left_out: left_out(t, counts.as_ref(), it.may),
            rounded: (!(it.may)(Code::ViewPeople)).then(|| t.get("reach-small-numbers")),
            cost: if launched { None } else { it.preview.cost.as_ref().map(|cost| cost_facts(t, cost)) },
            short: it.preview.cost.as_ref().filter(|_| !launched).and_then(|cost| month_short(t, cost)),
            held: if launched { Vec::new() } else { held_words(t, &it.preview.held, it.may) },
            errors: ErrorSummary::of(t, it.aside.errors.clone()),
            phone: Phone::of(t, &shell.org.name, &kept.message, language_of(it.language), &addresses)
                .headed(it.account.as_deref())
                .signed(it.contact),
            attached: it.media.iter().map(attach).collect(),
            again: (it.may)(Code::WriteMessages).then(|| format!("/office/messages/new?from={}", kept.campaign.id)),
            edit: (it.may)(Code::WriteMessages)
                && matches!(state, CampaignState::Draft | CampaignState::Submitted { .. } | CampaignState::Approved(_)),
            moves: moves(&shell, &base, state, it),
            approve: (decides == Decides::Reader && submitted).then(|| Approving::of(t, &base, it)),
            sent_back: kept.campaign.sent_back.as_ref().filter(|_| draft).map(|it| sent_back(t, it)),
            list: (it.may)(Code::ViewPeople),
            own: submitted && !it.decides,
            test: (!launched && (it.may)(Code::TestSend)).then(|| {
                let written = (&kept.message, language_of(it.language));
                Trying::of(t, &base, written, &it.recipients, &it.aside, it.may)
            }),
            news: news(t, state, decides, it.now),
            progress: launched.then(|| {
                let settled = it.results.total() - it.results.queued - it.results.in_flight;
                Progress::of(
                    t.get("messages-progress"),
                    settled,
                    it.results.total(),
                    format!("{settled} / {}", it.results.total()),
                )
            }),
            numbers: if launched { numbers(t, &base, it) } else { Vec::new() },
            unnamed: launched && it.results.clicks > 0,
            counted: by_reason(t, &it.lines, it.may).into_iter().map(line).collect(),
            unknown: it.results.unknown > 0 && (it.may)(Code::ResolveUnknown) && (it.may)(Code::ViewPeople),
            renew: matches!(
                state,
                CampaignState::Approved(_) | CampaignState::Launching { .. } | CampaignState::Sending { .. }
            ),
            stands: state.code(),
            language: it.language.to_owned(),
            base,
            shell,
        }
    }
}

impl Approving {
    fn of(t: Texts, base: &str, it: &Parts<'_>) -> Self {
        let at = |field: &str| it.aside.errors.iter().find(|(name, _)| name == field).map(|(_, text)| text.clone());
        // What the writer proposed, as long as it can still be kept.
        let proposed = it.preview.kept.campaign.proposed.filter(|at| *at > it.now).map(field_of);
        let unopened = it.media.iter().filter(|(id, ..)| !it.opened.contains(id)).count();
        Self {
            action: format!("{base}/approve"),
            version: it.preview.kept.version,
            at: Field::of(FieldKind::DateTime, t, "at", t.get("messages-send-at"))
                .value(it.aside.at.clone().or(proposed).unwrap_or_default())
                .hint(t.get("messages-send-at.hint"))
                .error(at("at")),
            back: format!("{base}/back"),
            word: Field::area(t, "word", t.get("messages-word"))
                .rows(3)
                .value(&it.aside.word)
                .hint(t.get("messages-word.hint"))
                .max(u32::try_from(LONGEST_WORD).unwrap_or(500))
                .error(at("word"))
                .required(),
            first: (unopened > 0).then(|| t.count("messages-open-first", unopened)),
        }
    }
}

/// The counts as the reader may see them: what is hidden is not there.
fn seen(counts: &AudienceCounts, may: &dyn Fn(Code) -> bool) -> AudienceCounts {
    let exact: Vec<i64> = counts.left_out.iter().map(|(_, n)| *n).collect();
    let codes = counts.left_out.iter().map(|(code, _)| code.clone());
    let left_out = codes.zip(as_seen(&exact, may)).filter_map(|(code, n)| Some((code, n?))).collect();
    AudienceCounts { left_out, ..counts.clone() }
}

/// Why somebody is left out, and how many are. Where a number is hidden its reason is, too: of a rule that means one person
/// the reason alone would tell it of them.
fn left_out(t: Texts, counts: Option<&AudienceCounts>, may: &dyn Fn(Code) -> bool) -> Vec<(String, String)> {
    let all: Vec<&(String, i64)> = counts.iter().flat_map(|counts| &counts.left_out).collect();
    let seen = as_seen(&all.iter().map(|(_, n)| *n).collect::<Vec<_>>(), may);
    let others = seen.contains(&None).then(|| (t.get("messages-other-reasons"), t.get("network-hidden")));
    let told = all.into_iter().zip(seen).filter_map(|((code, _), n)| Some((skip_words(t, code), t.number(n?))));
    told.chain(others).collect()
}

/// The lines of the results with their reason and number. One with a reason tells something about people: hidden ones stand
/// together without theirs, once for each state and channel. One without a reason is a total.
fn by_reason<'l>(
    t: Texts,
    lines: &'l [ResultLine],
    may: &dyn Fn(Code) -> bool,
) -> Vec<(&'l ResultLine, String, String)> {
    let counts: Vec<i64> = lines.iter().filter(|line| line.reason.is_some()).map(|line| line.n).collect();
    let mut seen = as_seen(&counts, may).into_iter();
    let mut others = HashSet::new();
    let told = |line: &'l ResultLine| {
        let Some(reason) = &line.reason else { return Some((line, String::new(), t.number(line.n))) };
        match seen.next().flatten() {
            Some(n) => Some((line, reason_words(t, &line.state, reason), t.number(n))),
            None => others
                .insert((&line.state, &line.channel))
                .then(|| (line, t.get("messages-other-reasons"), t.get("network-hidden"))),
        }
    };
    lines.iter().filter_map(told).collect()
}

fn numbers(t: Texts, base: &str, it: &Parts<'_>) -> Vec<Number> {
    let results = &it.results;
    let people = |n: u64| t.count("messages-people", n);
    let of = |key: &str, n: u64, query: &str| Number {
        label: t.get(key),
        value: people(n),
        href: (n > 0 && (it.may)(Code::ViewPeople)).then(|| format!("{base}/deliveries?{query}")),
    };
    let clicked = u64::try_from(it.known_clickers).unwrap_or(0);
    let mut all = vec![
        of("delivery-sent", results.sent, "state=sent"),
        of("delivery-failed", results.failed, "state=failed"),
        of("delivery-skipped", results.skipped, "state=skipped"),
        of("delivery-unknown", results.unknown, "state=unknown"),
        Number { label: t.get("messages-clicks"), value: t.count("messages-times", results.clicks), href: None },
        of("messages-clicked", clicked, "did=clicked"),
        of("messages-unsubscribed", results.unsubscribed, "did=unsubscribed"),
    ];
    if results.queued + results.in_flight > 0 {
        all.insert(0, of("messages-waiting", results.queued + results.in_flight, "state=queued"));
    }
    all
}

fn moves(shell: &Shell, base: &str, state: &CampaignState, it: &Parts<'_>) -> Vec<ConfirmForm> {
    let t = shell.t;
    let (write, stop) = ((it.may)(Code::WriteMessages), (it.may)(Code::StopMessages));
    let form = |verb: &str, look| {
        ConfirmForm::of(shell, format!("{base}/{verb}"), t.get(format!("messages-{verb}"))).look(look)
    };
    let cancel = || form("cancel", "text").ask(t.get("messages-cancel.ask"));
    match state {
        CampaignState::Draft if write => {
            let ready = it.preview.faults.is_empty() && it.preview.violations.is_empty();
            let submit = ready.then(|| form("submit", "solid"));
            submit.into_iter().chain([cancel()]).collect()
        }
        CampaignState::Submitted { .. } if write => vec![cancel()],
        CampaignState::Approved(_) if stop => vec![cancel()],
        CampaignState::Sending { .. } if stop => vec![form("pause", "outlined")],
        CampaignState::Paused { .. } if stop => {
            vec![form("resume", "solid"), cancel()]
        }
        CampaignState::Draft
        | CampaignState::Submitted { .. }
        | CampaignState::Approved(_)
        | CampaignState::Sending { .. }
        | CampaignState::Paused { .. }
        | CampaignState::Launching { .. }
        | CampaignState::Done { .. }
        | CampaignState::Cancelled { .. }
        | CampaignState::Failed { .. } => Vec::new(),
    }
}

impl Sample for ShowPage {
    fn samples(shell: Shell) -> Vec<Self> {
        super::sample::sample_states()
            .into_iter()
            .map(|(preview, results, lines)| {
                let shell = Shell {
                    nav: shell.nav.clone(),
                    ..Shell::bare(shell.t.locale(), shell.org.clone(), "/office/messages")
                };
                let decides = preview.kept.version <= 3;
                let parts = Parts {
                    aside: Aside { errors: vec![("to".into(), "×".into())], ..Aside::default() },
                    decides,
                    recipients: Recipients {
                        people: if !decides { vec![("1".into(), "石見 花".into())] } else { Vec::new() },
                        mail: "hana@example.jp".into(),
                        last: String::new(),
                    },
                    known_clickers: 2,
                    preview: &preview,
                    results,
                    lines,
                    purpose: "お知らせ".into(),
                    whom: ("今年の高校3年生".into(), "卒業年度が今年".into()),
                    hands: HANDS.map(|key| (shell.t.get(key), "架空 太郎".to_owned())).into(),
                    media: vec![(MediaId(uuid::Uuid::nil()), "ちらし".into(), "/media/x".into())],
                    opened: vec![],
                    language: "ja",
                    account: Some("ますだ暮らし".into()),
                    contact: "益田市 ひとづくり推進課",
                    now: Timestamp::from_micros(1_773_600_000_000_000),
                    may: &|_| true,
                };
                Self::of(shell, &parts)
            })
            .collect()
    }
}

#[derive(Deserialize, Default)]
struct Asked {
    #[serde(default)]
    lang: String,
    #[serde(default)]
    wrong: String,
    #[serde(default)]
    done: String,
}

async fn show(
    Extension(desk): Extension<Desk>,
    Path(id): Path<String>,
    headers: HeaderMap,
    Query(asked): Query<Asked>,
) -> Result<Response, AppError> {
    let id: CampaignId = id.parse().map_err(|_| AppError::NotFound)?;
    let shell = match (desk.t.find(format!("refused-{}", asked.wrong)), asked.done.as_str()) {
        (Some(words), _) if !asked.wrong.is_empty() => desk.shell_with(Tone::Error, words),
        (_, "tested") => desk.shell_with(Tone::Success, desk.t.get("messages-tested")),
        (Some(_) | None, _) => desk.shell(),
    };
    Ok(page(&view(&desk, &headers, shell, id, (&asked.lang, Aside::default())).await?))
}

/// The page again with what was typed and why it was not done.
pub(super) async fn again(
    desk: &Desk,
    headers: &HeaderMap,
    id: CampaignId,
    lang: &str,
    aside: Aside,
) -> Result<Response, AppError> {
    let view = view(desk, headers, desk.shell(), id, (lang, aside)).await?;
    Ok(page_with_status(StatusCode::UNPROCESSABLE_ENTITY, &view))
}

/// The name of the audience a message was written for, and its rule in words.
async fn whom(desk: &Desk, reader: &mut Reader, preview: &Preview) -> Result<(String, String), AppError> {
    let kept = &preview.kept;
    if kept.rule.trim().is_empty() {
        return Ok((String::new(), String::new()));
    }
    let catalogue = reader.rule_catalogue().await.map_err(unreadable)?;
    let words = RuleWords::read(reader, desk.t).await.map_err(unreadable)?;
    let told = match Rule::<Checked>::read(&kept.rule, &catalogue) {
        Ok(rule) => rule.phrase().render(&words),
        Err(error) => error.said(&words),
    };
    let saved = reader.segments().await.map_err(unreadable)?.into_iter().find(|it| Some(it.id) == kept.segment);
    Ok((saved.map_or_else(|| desk.t.get("messages-own-rule"), |it| it.name), told))
}

async fn view(
    desk: &Desk,
    headers: &HeaderMap,
    shell: Shell,
    id: CampaignId,
    (lang, aside): (&str, Aside),
) -> Result<ShowPage, AppError> {
    let preview =
        preview_campaign(&desk.house, &desk.grant::<ViewMessages>()?, id).await.map_err(|error| desk.problem(error))?;
    let mut reader = desk.here().read().await.map_err(unreadable)?;
    let purposes = reader.purposes().await.map_err(unreadable)?;
    let purpose = purposes
        .iter()
        .find(|it| it.code == preview.kept.purpose)
        .map(|it| it.label(desk.t.locale().code()).to_owned());
    let mut media = Vec::new();
    for id in preview.kept.message.attachments() {
        let it = reader.media(id).await.map_err(unreadable)?;
        media.push((id, it.title, format!("/media/{}", it.public_name)));
    }
    let whom = whom(desk, &mut reader, &preview).await?;
    let me = desk.staff.id;
    let recipients = Recipients::of(desk, headers).await?;
    let parts = Parts {
        aside,
        decides: preview.kept.campaign.may_be_approved_by(me),
        recipients,
        known_clickers: reader.known_clickers(id).await.map_err(unreadable)?,
        results: reader.campaign_results(id).await.map_err(unreadable)?,
        lines: reader.result_lines(id).await.map_err(unreadable)?,
        purpose: purpose.unwrap_or_default(),
        whom,
        hands: hands(&mut reader, desk.t, &preview.kept.campaign).await,
        media,
        opened: reader.opened_by(id, me).await.map_err(unreadable)?,
        language: lang,
        account: reader.sending_line_channel().await.map_err(unreadable)?.map(|it| it.name),
        contact: &desk.org.contact,
        now: desk.house.now(),
        may: &|code| desk.may(code),
        preview: &preview,
    };
    drop(reader);
    Ok(ShowPage::of(shell, &parts))
}

#[cfg(test)]
mod tests {
    use tsunagari_access::Code;
    use tsunagari_acts::preview_campaign::Held;
    use tsunagari_i18n::{Locale, Texts};
    use tsunagari_storage::campaign::AudienceCounts;

    fn no_people(code: Code) -> bool {
        code != Code::ViewPeople
    }

    fn left(counts: &[(&str, i64)]) -> AudienceCounts {
        let left_out = counts.iter().map(|(code, n)| ((*code).to_owned(), *n)).collect();
        AudienceCounts { by_line: 400, by_email: 12, left_out }
    }

    #[test]
    fn who_may_not_see_people_reads_no_small_number_by_its_reason() {
        let t = Texts::of(Locale::Ja);
        let counts = left(&[("no_consent", 41), ("stale", 2), ("blocked", 12)]);
        let told = |may: &dyn Fn(Code) -> bool| super::left_out(t, Some(&counts), may);
        let row = |why: &str, n: &str| (t.get(why), n.to_owned());
        let all = [row("skip-no-consent", "41"), row("skip-stale", "2"), row("skip-blocked", "12")];
        assert_eq!(told(&|_| true), all);
        assert_eq!(told(&no_people), [row("skip-no-consent", "40"), row("messages-other-reasons", "―")]);
        assert_eq!(super::seen(&counts, &no_people).left_out, [("no_consent".to_owned(), 40)]);
        let line = |state: &str, reason: Option<&str>, n| super::ResultLine {
            state: state.into(),
            channel: "line".into(),
            reason: reason.map(str::to_owned),
            n,
        };
        let skipped = |reason, n| line("skipped", Some(reason), n);
        let lines =
            [line("sent", None, 403), skipped("withdrawn", 3), skipped("blocked", 11), skipped("frequency_cap", 21)];
        let told = |may: &dyn Fn(Code) -> bool| -> Vec<(String, String)> {
            super::by_reason(t, &lines, may).into_iter().map(|(_, reason, n)| (reason, n)).collect()
        };
        let total = || (String::new(), "403".to_owned());
        let (other, cap) = (row("messages-other-reasons", "―"), |n| row("skip-frequency-cap", n));
        assert_eq!(told(&no_people), [total(), other, cap("20")]);
        assert_eq!(told(&|_| true), [total(), row("skip-withdrawn", "3"), row("skip-blocked", "11"), cap("21")]);
    }

    #[test]
    fn a_rule_that_means_one_person_tells_nothing_of_them() {
        let t = Texts::of(Locale::Ja);
        let counts = left(&[("address_protected", 1)]);
        let facts = |may: &dyn Fn(Code) -> bool| super::audience_facts(t, &counts, 0, may).rows.pop().unwrap().1;
        assert_eq!(facts(&|_| true), "1人");
        assert_eq!(facts(&no_people), "―");
        let told = super::left_out(t, Some(&counts), &no_people);
        assert_eq!(told, [(t.get("messages-other-reasons"), "―".to_owned())]);
        let held = |capped, may: &dyn Fn(Code) -> bool| {
            let held = Held { capped, cap: Some((4, 30)), ..Held::default() };
            super::held_words(t, &held, may).join("")
        };
        assert_eq!(held(1, &no_people), held(0, &no_people), "one and nobody are told alike");
        assert!(held(53, &no_people).contains("およそ55人"), "{}", held(53, &no_people));
        assert!(held(1, &|_| true).contains("1人がこの上限"), "{}", held(1, &|_| true));
    }

    #[test]
    fn every_face_has_its_words() {
        let faults = crate::shell::sample::faults::<super::ShowPage>(crate::shell::sample::office_shell);
        assert_eq!(faults, Vec::<String>::new());
    }
}
