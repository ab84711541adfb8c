//! The parcels of a round as a list by where they stand, fifty a page, and on top of it what comes next: making them ready, asking where
//! to, how they are sent, what is on the shelf. Leaves moving one to `move_parcel`.

use askama::Template;
use axum::Extension;
use axum::extract::{Path, Query};
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;
use tsunagari_access::Code;
use tsunagari_access::permission::HandleApplications;
use tsunagari_acts::ask_parcel_addresses::{ask_parcel_addresses, without_address};
use tsunagari_acts::move_parcel::{ParcelMove, move_parcel};
use tsunagari_acts::prepare_parcels::{parcels_given, prepare_parcels, without_parcels};
use tsunagari_benefits::Shipping;
use tsunagari_benefits::stock::OnShelf;
use tsunagari_i18n::Texts;
use tsunagari_storage::parcel::{ParcelFilter, ParcelLine};

use super::super::parameter_form::{first, typed};
use super::super::words::application_href;
use super::super::{bulk, crumbs, framed};
use super::{Sending, parcels_href};
use crate::office::desk::Desk;
use crate::office::people::words::coded;
use crate::routes::{Needs, Nothing, Posted, Routes};
use crate::sentences::unreadable;
use crate::shell::components::{Chip, ConfirmForm, Crumbs, Empty, Facts, Field, FieldKind, Link, Tabs};
use crate::shell::{AppError, NavItem, Sample, Shell, Tone, page};

/// Lines of a page.
const LINES: usize = 50;

/// The views: word of the address, the states in it, and what can be done there.
const VIEWS: &[(&str, &[&str], &[ParcelMove])] = &[
    ("all", &[], &[]),
    ("to-pack", &["to_pack"], &[ParcelMove::Pack, ParcelMove::GiveUp]),
    ("packed", &["packed"], &[ParcelMove::HandOver, ParcelMove::TakeBack, ParcelMove::GiveUp]),
    ("on-its-way", &["handed_over"], &[ParcelMove::Deliver, ParcelMove::ComeBack, ParcelMove::TakeBack]),
    ("arrived", &["delivered"], &[ParcelMove::TakeBack]),
    ("came-back", &["returned"], &[ParcelMove::SendAgain, ParcelMove::GiveUp, ParcelMove::TakeBack]),
    ("given-up", &["given_up"], &[ParcelMove::TakeBack]),
];

/// The routes.
pub(super) fn routes(routes: Routes) -> Routes {
    let handle = Needs::Permission(Code::HandleApplications);
    routes
        .get("/office/programmes/rounds/{round}/parcels", Needs::Permission(Code::ViewProgrammes), show)
        .post("/office/programmes/rounds/{round}/parcels/moves", handle, moves)
        .post("/office/programmes/rounds/{round}/parcels/prepare", handle, prepare)
        .post("/office/programmes/rounds/{round}/parcels/ask", handle, ask)
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Asked {
    view: String,
    after: String,
    lot: String,
    done: String,
    n: String,
    not: String,
}

struct Line {
    no: u32,
    receipt: String,
    href: String,
    name: String,
    kana: String,
    application: Link,
    what: String,
    state: Chip,
    whereto: Chip,
    tracking: String,
    answered: bool,
}

struct LotLine {
    good: String,
    best_before: String,
    pieces: String,
    packed: Link,
    left: String,
    gone: bool,
    drop: Option<ConfirmForm>,
}

#[derive(Template)]
#[template(path = "office/programmes/parcels/list.html")]
struct ListPage {
    shell: Shell,
    crumbs: Crumbs,
    title: String,
    prepare: Option<ConfirmForm>,
    prepare_text: String,
    ask: Option<ConfirmForm>,
    ask_text: String,
    steps: Vec<Link>,
    files: Vec<Link>,
    shipping: Facts,
    shelf: Vec<LotLine>,
    /// The form of another lot, for those who may.
    lot_form: Option<(String, Vec<Field>)>,
    tabs: Tabs,
    view: String,
    lines: Vec<Line>,
    several: bool,
    action: String,
    buttons: Vec<(&'static str, String)>,
    first: Option<Link>,
    next: Option<Link>,
    empty: Empty,
}

/// What is read.
struct Known {
    sending: Sending,
    without: usize,
    unasked: usize,
    shipping: Shipping,
    shelf: Vec<OnShelf>,
    counts: Vec<(String, i64)>,
    lines: Vec<ParcelLine>,
    more: bool,
}

/// What its reader may do.
#[derive(Clone, Copy)]
struct May {
    handle: bool,
    names: bool,
    export: bool,
}

fn view_of(asked: &Asked) -> &'static (&'static str, &'static [&'static str], &'static [ParcelMove]) {
    const ALL: (&str, &[&str], &[ParcelMove]) = ("all", &[], &[]);
    VIEWS.iter().find(|(name, _, _)| *name == asked.view).unwrap_or(&ALL)
}

async fn read(desk: &Desk, round: &str, asked: &Asked) -> Result<Known, AppError> {
    let mut reader = desk.here().read().await.map_err(unreadable)?;
    let sending = Sending::read(desk, &mut reader, round).await?;
    let id = sending.round.id;
    let problem = |error| desk.problem(error);
    let without = without_parcels(&mut reader, &sending.running, id).await.map_err(problem)?.len();
    let unasked = without_address(&mut reader, id).await.map_err(problem)?.len();
    let (shipping, _) = reader.round_shipping(id).await.map_err(unreadable)?;
    let shelf = reader.parcel_shelf(id).await.map_err(unreadable)?;
    let counts = reader.parcels_by_state(id).await.map_err(unreadable)?;
    let filter = ParcelFilter { states: view_of(asked).1, lot: asked.lot.parse().ok() };
    let after = asked.after.parse().unwrap_or_default();
    let most = i64::try_from(LINES + 1).unwrap_or(i64::MAX);
    let mut lines = reader.parcel_lines(id, filter, after, most).await.map_err(unreadable)?;
    let more = lines.len() > LINES;
    lines.truncate(LINES);
    Ok(Known { sending, without, unasked, shipping, shelf, counts, lines, more })
}

/// A parcel's state as a chip.
pub(super) fn state_chip(t: Texts, code: &str) -> Chip {
    let tone = match code {
        "to_pack" | "returned" => Tone::Warning,
        "delivered" => Tone::Success,
        _ => Tone::Info,
    };
    Chip::of(tone, coded(t, "parcel-state", code))
}

fn whereto(t: Texts, it: &ParcelLine) -> Chip {
    if it.protected {
        Chip::of(Tone::Info, t.get("parcel-by-hand"))
    } else if it.confirmed.is_some() {
        Chip::of(Tone::Success, t.get("parcel-address-told"))
    } else if it.addressed {
        Chip::of(Tone::Warning, t.get("parcel-address-doubted"))
    } else {
        Chip::of(Tone::Warning, t.get("parcel-address-unknown"))
    }
}

fn line(t: Texts, known: &Known, it: &ParcelLine, may: May) -> Line {
    let parcel = &it.parcel;
    let name = if it.applicant.is_none() { t.get("application-erased") } else { it.name.clone() };
    let tracking = parcel.parcel.state().tracking().map(|it| it.as_str().to_owned());
    Line {
        no: parcel.no,
        receipt: parcel.receipt().to_string(),
        href: if may.handle && may.names { super::address::parcel_href(parcel.no) } else { String::new() },
        name: if may.names { name } else { String::new() },
        kana: if may.names { it.kana.clone() } else { String::new() },
        application: Link::to(application_href(parcel.application), it.receipt.clone()),
        what: known.sending.name(parcel.benefit),
        state: state_chip(t, parcel.parcel.state().code()),
        whereto: whereto(t, it),
        tracking: tracking.unwrap_or_default(),
        answered: it.answered,
    }
}

fn lot_line(shell: &Shell, here: &str, it: &OnShelf, may: May) -> LotLine {
    let t = shell.t;
    let drop = ConfirmForm::of(shell, format!("{here}/lots/drop"), t.get("parcel-lot-drop"));
    let drop = drop.look("text").field("lot", it.lot.no.to_string());
    LotLine {
        good: it.lot.good.clone(),
        best_before: it.lot.best_before.map(|day| t.date(day)).unwrap_or_default(),
        pieces: t.number(i64::from(it.lot.pieces)),
        packed: Link::to(format!("{here}?view=all&lot={}", it.lot.no), t.number(i64::from(it.taken))),
        left: t.number(i64::from(it.left())),
        gone: it.left() == 0,
        drop: (may.handle && it.taken == 0).then_some(drop),
    }
}

/// How they are sent, as far as it is known.
pub(super) fn shipping_facts(t: Texts, it: &Shipping) -> Facts {
    let day = |it: Option<chrono::NaiveDate>| it.map(|day| t.date(day)).unwrap_or_default();
    Facts::default()
        .row(t.get("shipping-until"), day(it.until))
        .row(t.get("shipping-ships-on"), day(it.ships_on))
        .row(t.get("shipping-arrives-on"), day(it.arrives_on))
        .row(t.get("shipping-from"), it.from.name.clone())
}

fn files(t: Texts, here: &str, may: May) -> Vec<Link> {
    let mut links = vec![Link::to(format!("{here}/papers"), t.get("parcels-papers"))];
    if may.export {
        for (code, key) in super::papers::FORMATS {
            links.push(Link::to(format!("{here}/file?as={code}"), t.get(*key)));
        }
    }
    links
}

fn tabs(t: Texts, here: &str, view: &str, counts: &[(String, i64)]) -> Tabs {
    let tab = |(name, states, _): &(&str, &[&str], &[ParcelMove])| {
        let of = |(state, _): &&(String, i64)| states.is_empty() || states.contains(&state.as_str());
        let n: i64 = counts.iter().filter(of).map(|(_, n)| n).sum();
        let item = NavItem::to(&format!("{here}?view={name}"), t.get(format!("parcels-view-{name}")), "mail", "");
        NavItem { current: *name == view, count: u64::try_from(n).ok().filter(|n| *n > 0), ..item }
    };
    Tabs::of(t.get("parcels-views"), VIEWS.iter().map(tab).collect())
}

fn lot_form(t: Texts, here: &str) -> (String, Vec<Field>) {
    let fields = vec![
        Field::text(t, "good", t.get("parcel-lot-good")).required(),
        Field::of(FieldKind::Number, t, "pieces", t.get("parcel-lot-pieces")).required(),
        Field::date(t, "best_before", t.get("parcel-lot-best-before")),
    ];
    (format!("{here}/lots"), fields)
}

impl ListPage {
    fn of(shell: Shell, known: &Known, asked: &Asked, may: May) -> Self {
        let t = shell.t;
        let here = parcels_href(known.sending.round.id);
        let (view, _, buttons) = view_of(asked);
        let href = |after: &str| format!("{here}?view={view}&lot={}&after={after}", asked.lot);
        let last = known.lines.last().filter(|_| known.more).map(|it| it.parcel.no.to_string());
        let prepare = ConfirmForm::of(&shell, format!("{here}/prepare"), t.count("parcels-prepare", known.without));
        let ask = ConfirmForm::of(&shell, format!("{here}/ask"), t.count("parcels-ask", known.unasked));
        let button = |it: &ParcelMove| (it.code(), t.get(format!("parcel-do-{}", it.code())));
        let mut steps = vec![Link::to(format!("{here}/answers"), t.get("parcels-answers"))];
        if may.handle {
            steps.insert(0, Link::to(format!("{here}/shipping"), t.get("shipping-edit")));
            steps.insert(1, Link::to(format!("{here}/tracking"), t.get("tracking-link")));
        }
        Self {
            crumbs: crumbs(t, known.sending.links(t, false)),
            title: t.one("parcels-title", "round", known.sending.round.title.clone()),
            prepare: (may.handle && known.without > 0).then_some(prepare.look("solid")),
            prepare_text: t.count("parcels-prepare-text", known.without),
            ask: (may.handle && known.unasked > 0).then_some(ask.look("solid").ask(t.get("parcels-ask-sure"))),
            ask_text: t.count("parcels-ask-text", known.unasked),
            steps,
            files: if *view == "packed" && !known.lines.is_empty() { files(t, &here, may) } else { Vec::new() },
            shipping: shipping_facts(t, &known.shipping),
            shelf: known.shelf.iter().map(|it| lot_line(&shell, &here, it, may)).collect(),
            lot_form: may.handle.then(|| lot_form(t, &here)),
            tabs: tabs(t, &here, view, &known.counts),
            view: (*view).to_owned(),
            lines: known.lines.iter().map(|it| line(t, known, it, may)).collect(),
            several: parcels_given(&known.sending.running).count() > 1,
            action: format!("{here}/moves"),
            buttons: if may.handle { buttons.iter().map(button).collect() } else { Vec::new() },
            first: (!asked.after.is_empty()).then(|| Link::to(href(""), t.get("shell-pager-first"))),
            next: last.map(|after| Link::to(href(&after), t.get("shell-pager-next"))),
            empty: Empty::of("mail", t.get("parcels-none"), t.get("parcels-none.text")),
            shell,
        }
    }
}

async fn show(
    Extension(desk): Extension<Desk>,
    Path(round): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response, AppError> {
    let known = read(&desk, &round, &asked).await?;
    let may = May {
        handle: desk.may(Code::HandleApplications),
        names: desk.may(Code::ViewPeople),
        export: desk.may(Code::ExportLists),
    };
    let mut shell = framed(&desk, &asked.done);
    shell.flash.extend(bulk::told(desk.t, &asked.n, &asked.not, "parcels-bulk-nothing"));
    Ok(page(&ListPage::of(shell, &known, &asked, may)))
}

async fn moves(
    Extension(desk): Extension<Desk>,
    Path(round): Path<String>,
    Posted(pairs): Posted<Vec<(String, String)>>,
) -> Result<Response, AppError> {
    let by = desk.grant::<HandleApplications>()?;
    let mut reader = desk.here().read().await.map_err(unreadable)?;
    let round = Sending::read(&desk, &mut reader, &round).await?.round.id;
    let known = reader.parcels_of_round(round).await.map_err(unreadable)?;
    drop(reader);
    let typed = typed(pairs);
    let asked = Asked { view: first(&typed, "view").to_owned(), ..Asked::default() };
    let Some(what) = ParcelMove::ALL.into_iter().find(|it| it.code() == first(&typed, "do")) else {
        return Err(AppError::Bad(Vec::new()));
    };
    let mut tally = bulk::Tally::default();
    for no in typed.get("parcel").into_iter().flatten().take(LINES) {
        // Only those of this round: the form may have been made by anybody.
        let no = no.parse().ok().filter(|no| known.contains_key(no)).ok_or(AppError::NotFound)?;
        let done = move_parcel(&desk.house, &by, no, what).await.map(drop);
        tally.count(done, "parcel_moved_already").map_err(|error| desk.problem(error))?;
    }
    Ok(Redirect::to(&format!("{}?view={}&{}", parcels_href(round), view_of(&asked).0, tally.query())).into_response())
}

async fn prepare(
    Extension(desk): Extension<Desk>,
    Path(round): Path<String>,
    Posted(Nothing {}): Posted<Nothing>,
) -> Result<Response, AppError> {
    let by = desk.grant::<HandleApplications>()?;
    let round = Sending::at(&desk, &round).await?.round.id;
    prepare_parcels(&desk.house, &by, round).await.map_err(|error| desk.problem(error))?;
    Ok(Redirect::to(&format!("{}?view=to-pack&done=parcels-prepared", parcels_href(round))).into_response())
}

async fn ask(
    Extension(desk): Extension<Desk>,
    Path(round): Path<String>,
    Posted(Nothing {}): Posted<Nothing>,
) -> Result<Response, AppError> {
    let by = desk.grant::<HandleApplications>()?;
    let round = Sending::at(&desk, &round).await?.round.id;
    ask_parcel_addresses(&desk.house, &by, round).await.map_err(|error| desk.problem(error))?;
    Ok(Redirect::to(&format!("{}?view=to-pack&done=parcels-asked", parcels_href(round))).into_response())
}

/// Parcels in every state, for the samples of pages.
pub(super) fn sample_lines(at: tsunagari_kernel::Timestamp) -> Vec<ParcelLine> {
    use tsunagari_benefits::Parcel;
    use tsunagari_benefits::parcel::State;
    use tsunagari_kernel::{ApplicationId, PersonId, RoundId};
    use tsunagari_programmes::BenefitNo;
    use tsunagari_storage::parcel::KeptParcel;
    use uuid::Uuid;
    let line = |(no, state): (u32, &str)| {
        let parcel = KeptParcel {
            no,
            application: ApplicationId(Uuid::nil()),
            round: RoundId(Uuid::nil()),
            benefit: BenefitNo(1),
            parcel: Parcel::stored(state, if no > 2 { "123456789012" } else { "" }, 1)?,
            given: None,
            made_at: at,
            changed_at: at,
        };
        Some(ParcelLine {
            parcel,
            receipt: "k7p2mx9a".into(),
            stands: "held".into(),
            applicant: (no != 6).then_some(PersonId(Uuid::nil())),
            name: "架空 ゆい".into(),
            kana: "かくう ゆい".into(),
            addressed: no > 1,
            confirmed: (no > 2).then_some(at),
            protected: no == 5,
            answered: no == 4,
        })
    };
    (1..).zip(State::CODES).filter_map(line).collect()
}

impl Sample for ListPage {
    fn samples(shell: Shell) -> Vec<Self> {
        use tsunagari_benefits::stock::Lot;
        let day = chrono::NaiveDate::from_ymd_opt(2026, 12, 1);
        let lot = |no, taken| OnShelf { lot: Lot { no, good: "米".into(), pieces: 10, best_before: day }, taken };
        let face = |view: &str| {
            let sending = super::sample()?;
            let lines = if view == "given-up" { Vec::new() } else { sample_lines(sending.round.opens) };
            let known = Known {
                without: 3,
                unasked: 2,
                shipping: Shipping { ships_on: day, ..Shipping::default() },
                shelf: vec![lot(1, 10), lot(2, 0)],
                counts: vec![("to_pack".into(), 2)],
                lines,
                more: true,
                sending,
            };
            let asked = Asked { view: view.into(), after: "1".into(), ..Asked::default() };
            Some(Self::of(shell.clone(), &known, &asked, May { handle: true, names: true, export: true }))
        };
        VIEWS.iter().filter_map(|(view, _, _)| face(view)).collect()
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn every_face_has_its_words() {
        let faults = crate::shell::sample::faults::<super::ListPage>(crate::shell::sample::office_shell);
        assert_eq!(faults, Vec::<String>::new());
    }
}
