//! What waits for an officer: messages to approve, sent back or stopped, lists half taken in, items of the work list, pairs of people to be judged, settings a new
//! town still lacks. The most urgent first. To add a kind of task: a field of `Waiting`, a line in `tasks`.

use tsunagari_access::Code;
use tsunagari_access::permission::ViewMessages;
use tsunagari_acts::forecast_month::{MonthShort, forecast_month};
use tsunagari_i18n::Texts;
use tsunagari_outreach::campaign::CampaignState;
use tsunagari_storage::Reader;
use tsunagari_storage::application_list::ToDecide;
use tsunagari_storage::campaign::CampaignLine;
use tsunagari_storage::import_file::{ImportFile, ImportState};

use crate::office::alike::{self, AlikeCounts};
use crate::office::desk::Desk;
use crate::office::settings;
use crate::sentences::unreadable;
use crate::shell::AppError;
use crate::shell::components::Icon;

/// How many messages are named one by one; the rest is behind the list.
const NAMED: i64 = 5;
/// For how many days its writer is told that somebody else called a message off.
const TOLD_DAYS: i64 = 14;
/// How many of those are looked through for the officer's own: whose a message is stands inside it.
const LOOKED_THROUGH: i64 = 200;
/// How many of the latest files are looked at.
const FILES: i64 = 20;

/// Something that waits.
pub(super) struct Task {
    pub(super) icon: Icon,
    pub(super) text: String,
    pub(super) why: String,
    pub(super) href: String,
}

/// A message by name.
#[derive(Clone)]
struct Named {
    id: String,
    title: String,
    why: String,
}

/// What waits, as it is stored.
#[derive(Default)]
pub(super) struct Waiting {
    stopped: Vec<Named>,
    sent_back: Vec<Named>,
    called_off: Vec<Named>,
    to_approve: Vec<Named>,
    under_way: Vec<Named>,
    lists: Vec<Named>,
    work: Vec<(String, i64)>,
    drafts: i64,
    to_set_up: usize,
    alike: i64,
    /// Rounds with applications about which nothing is decided, and how many.
    applications: Vec<(Named, i64)>,
    short: Option<(MonthShort, String)>,
}

impl Waiting {
    /// Gathers what this officer may deal with.
    pub(super) async fn of(desk: &Desk, counts: &AlikeCounts) -> Result<Self, AppError> {
        let t = desk.t;
        let mut waiting = Self::default();
        if desk.may(Code::ManageSettings) {
            waiting.to_set_up = settings::missing(desk).await?;
        }
        if desk.may(Code::ViewMessages) {
            let by = desk.grant::<ViewMessages>()?;
            let short = forecast_month(&desk.house, &by).await.map_err(|error| desk.problem(error))?;
            waiting.short = short.map(|short| {
                // The plan is an administrator's; others see the messages that will not leave.
                let plan = desk.may(Code::ManageChannels).then(|| format!("/office/settings/line/{}", short.channel));
                (short, plan.unwrap_or_else(|| "/office/messages?view=underway".to_owned()))
            });
        }
        let mut reader = desk.here().read().await.map_err(unreadable)?;
        if desk.may(Code::ViewMessages) {
            waiting.messages(&mut reader, t, |code| desk.may(code)).await?;
            waiting.called_off(&mut reader, desk).await?;
        }
        if desk.may(Code::HandleApplications) {
            let all = reader.applications_to_decide().await.map_err(unreadable)?;
            waiting.applications = all.into_iter().map(|it| to_decide(t, it)).collect();
        }
        if desk.may(Code::ImportPeople) {
            let files = reader.import_files(FILES).await.map_err(unreadable)?;
            waiting.lists = files.iter().filter_map(|file| half_done(t, file)).collect();
        }
        if desk.may(Code::ViewPeople) {
            waiting.work = reader.work_items_open(desk.staff.team).await.map_err(unreadable)?;
        }
        if desk.may(Code::MergePeople) {
            let clock = &*desk.house.real_clock;
            waiting.alike = counts.of(&mut reader, desk.org.id, clock).await.map_err(unreadable)?;
        }
        Ok(waiting)
    }

    async fn messages(&mut self, reader: &mut Reader, t: Texts, may: impl Fn(Code) -> bool) -> Result<(), AppError> {
        self.stopped = named(t, &reader.campaigns(&["paused"], NAMED, 0).await.map_err(unreadable)?);
        self.under_way =
            named(t, &reader.campaigns(&["approved", "launching", "sending"], NAMED, 0).await.map_err(unreadable)?);
        if may(Code::ApproveMessages) {
            self.to_approve = named(t, &reader.campaigns(&["submitted"], NAMED, 0).await.map_err(unreadable)?);
        }
        if may(Code::WriteMessages) {
            let counts = reader.campaign_counts().await.map_err(unreadable)?;
            let back = reader.campaigns_sent_back(NAMED).await.map_err(unreadable)?;
            self.sent_back = back
                .into_iter()
                .map(|(id, title, it)| Named { id: id.to_string(), title: title_of(t, &title), why: it.word })
                .collect();
            self.drafts = counts.iter().find(|(state, _)| state == "draft").map_or(0, |(_, n)| *n);
        }
        Ok(())
    }

    /// What this officer wrote and another called off: nobody else tells them.
    async fn called_off(&mut self, reader: &mut Reader, desk: &Desk) -> Result<(), AppError> {
        let since = desk.house.now().minus(chrono::TimeDelta::days(TOLD_DAYS));
        let me = desk.staff.id;
        let all = reader.campaigns_called_off(since, LOOKED_THROUGH).await.map_err(unreadable)?;
        let told = all.into_iter().filter_map(|it| {
            let CampaignState::Cancelled { by, at } = it.campaign.state else { return None };
            (by != me && it.campaign.authors.contains(&me)).then_some((it, by, at))
        });
        for (it, by, at) in told.take(usize::try_from(NAMED).unwrap_or(5)) {
            let name = reader.staff_member(by).await.map_err(unreadable)?.name;
            let why = desk.t.two("messages-by-at", "name", name, "at", desk.t.date_time_short(at));
            self.called_off.push(Named { id: it.campaign.id.to_string(), title: title_of(desk.t, &it.title), why });
        }
        Ok(())
    }

    /// The tasks in words, the most urgent first.
    pub(super) fn tasks(&self, t: Texts) -> Vec<Task> {
        let titled = |icon, key: &'static str, path: &'static str, items: &[Named]| {
            let task = move |it: &Named| Task {
                icon: Icon(icon),
                text: t.one(key, "title", it.title.clone()),
                why: it.why.clone(),
                href: format!("{path}/{}", it.id),
            };
            items.iter().map(task).collect::<Vec<_>>()
        };
        let counted = |icon, key: &str, n: i64, href: &str| {
            (n > 0).then(|| Task {
                icon: Icon(icon),
                text: t.count(key, n),
                why: t.find(format!("{key}.text")).unwrap_or_default(),
                href: href.into(),
            })
        };
        let messages = "/office/messages";
        let mut tasks = titled("warning", "today-stopped", messages, &self.stopped);
        tasks.extend(self.short.iter().map(|(short, href)| Task {
            icon: Icon("warning"),
            text: t.get("today-short"),
            why: t.with(
                "today-short.text",
                &[("used", short.used.into()), ("planned", short.planned.into()), ("allowed", short.allowed.into())],
            ),
            href: href.clone(),
        }));
        tasks.extend(titled("message", "today-sent-back", messages, &self.sent_back));
        tasks.extend(titled("message", "today-called-off", messages, &self.called_off));
        tasks.extend(titled("message", "today-to-approve", messages, &self.to_approve));
        tasks.extend(self.work.iter().filter(|(_, n)| *n > 0).map(|(kind, n)| work(t, kind, *n)));
        tasks.extend(self.applications.iter().map(|(it, n)| Task {
            icon: Icon("calendar"),
            text: t.two("today-applications", "title", it.title.clone(), "n", *n),
            why: it.why.clone(),
            href: format!("/office/programmes/rounds/{}?view=asked", it.id),
        }));
        let alike = if self.alike > alike::MOST { "today-alike-many" } else { "today-alike" };
        tasks.extend(counted("people", alike, self.alike.min(alike::MOST), "/office/people/duplicates"));
        tasks.extend(titled("import", "today-list", "/office/import", &self.lists));
        tasks.extend(titled("message", "today-under-way", messages, &self.under_way));
        tasks.extend(counted("message", "today-drafts", self.drafts, "/office/messages?view=draft"));
        let to_set_up = i64::try_from(self.to_set_up).unwrap_or(i64::MAX);
        tasks.extend(counted("settings", "today-to-set-up", to_set_up, "/office/settings"));
        tasks
    }

    pub(super) fn sample() -> Self {
        let named = |title: &str| vec![Named { id: "1".into(), title: title.into(), why: "2026/03/16".into() }];
        Self {
            stopped: named("夏の帰省イベント"),
            sent_back: named("秋の集い"),
            called_off: named("春の集い"),
            to_approve: named("就職相談会のお知らせ"),
            under_way: named("成人の集い"),
            lists: named("卒業生名簿.xlsx"),
            work: vec![("doubtful_join".into(), 3)],
            drafts: 2,
            to_set_up: 1,
            alike: 8,
            applications: named("春の集い").into_iter().map(|it| (it, 3)).collect(),
            short: Some((
                MonthShort {
                    channel: tsunagari_kernel::ChannelId(uuid::Uuid::nil()),
                    used: 4_800,
                    planned: 412,
                    allowed: 5_000,
                },
                "/office/settings/line/1".into(),
            )),
        }
    }
}

fn to_decide(t: Texts, it: ToDecide) -> (Named, i64) {
    let why = t.get("today-applications-why");
    (Named { id: it.round.to_string(), title: it.title, why }, it.count)
}

fn title_of(t: Texts, title: &str) -> String {
    if title.is_empty() { t.get("messages-untitled") } else { title.to_owned() }
}

fn named(t: Texts, lines: &[CampaignLine]) -> Vec<Named> {
    lines
        .iter()
        .map(|it| {
            let people = it.audience.as_ref().map(|counts| t.count("messages-people", counts.count()));
            let when = t.date_time_short(it.due_at.unwrap_or(it.updated_at));
            Named {
                id: it.id.to_string(),
                title: title_of(t, &it.title),
                why: people.into_iter().chain([when]).collect::<Vec<_>>().join(" · "),
            }
        })
        .collect()
}

/// A list somebody began to take in and left; those the program works on are not the officer's to do.
fn half_done(t: Texts, file: &ImportFile) -> Option<Named> {
    let waits = match file.state {
        ImportState::Mapping | ImportState::Previewed => true,
        ImportState::Reading
        | ImportState::Previewing
        | ImportState::Applying
        | ImportState::Applied
        | ImportState::Undoing
        | ImportState::Undone
        | ImportState::Discarded => false,
    };
    waits.then(|| Named {
        id: file.id.to_string(),
        title: file.file_name.clone(),
        why: t.date_short(file.created_at.jst_date()),
    })
}

fn work(t: Texts, kind: &str, n: i64) -> Task {
    let kind = kind.replace('_', "-");
    Task {
        icon: Icon("people"),
        text: t.find(format!("work-kind-{kind}")).unwrap_or_else(|| t.get("today-work")),
        why: t.count("today-work-count", n),
        href: "/office/work".into(),
    }
}
