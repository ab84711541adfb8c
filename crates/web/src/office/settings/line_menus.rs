//! The menus under the talk: which one guests and members are shown now, drafts, those shown before, and the way back. A menu
//! is made on `line_menu_form`. Leaves LINE's calls to the acts.

use askama::Template;
use axum::Extension;
use axum::extract::{Path, Query};
use axum::http::StatusCode;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use tsunagari_access::Code;
use tsunagari_acts::draw_line_menu::drop_line_menu;
use tsunagari_acts::show_line_menu::{before, hide_line_menu, show_line_menu, undo_line_menu};
use tsunagari_i18n::Texts;
use tsunagari_kernel::MenuId;
use tsunagari_outreach::rich_menu::{MenuFace, MenuTarget, MenuTile};
use tsunagari_storage::line_channel::LineChannel;
use tsunagari_storage::line_menu::{LineMenu, MenuState};

use super::line_channel::messaging_of;
use super::{News, Wrong, crumbs, framed, onward, settle};
use crate::office::desk::Desk;
use crate::routes::{Needs, Nothing, Posted, Routes};
use crate::sentences::unreadable;
use crate::shell::components::{Chip, ConfirmForm, Crumbs, ErrorSummary};
use crate::shell::{AppError, Sample, Shell, Tone, page, page_with_status};

/// The routes.
pub fn routes(routes: Routes) -> Routes {
    let needs = Needs::Permission(Code::ManageChannels);
    routes
        .get("/office/settings/line/{channel}/menus", needs, list)
        .get("/office/settings/line/{channel}/menus/{menu}/picture", needs, picture)
        .post("/office/settings/line/{channel}/menus/{menu}/show", needs, put_up)
        .post("/office/settings/line/{channel}/menus/{menu}/drop", needs, remove)
        .post("/office/settings/line/{channel}/menu-undo/{face}", needs, undo)
        .post("/office/settings/line/{channel}/menu-hide/{face}", needs, take_down)
}

/// A menu as a card.
struct Card {
    title: String,
    chip: Chip,
    when: String,
    picture: String,
    look: String,
    tiles: Vec<(String, String)>,
    buttons: Vec<ConfirmForm>,
}

/// Everything of one face.
struct Face {
    title: String,
    lead: String,
    fresh: String,
    live: Option<Card>,
    buttons: Vec<ConfirmForm>,
    others: Vec<Card>,
}

#[derive(Template)]
#[template(path = "office/settings/line_menus.html")]
struct MenusPage {
    shell: Shell,
    crumbs: Crumbs,
    errors: ErrorSummary,
    faces: Vec<Face>,
}

/// Where a tile leads, in words.
pub fn target_words(t: Texts, tile: &MenuTile) -> String {
    match &tile.target {
        MenuTarget::Join | MenuTarget::MyPage | MenuTarget::Ask => t.get(format!("menu-target-{}", dashed(tile))),
        MenuTarget::Link { url } => url.clone(),
        MenuTarget::Nothing => t.get("menu-tile-empty"),
    }
}

/// What a tile is called: its words, or its number where it has none.
fn tile_words(t: Texts, (n, tile): (usize, &MenuTile)) -> String {
    if tile.is_empty() { t.one("menu-tile", "n", n + 1) } else { tile.words.replace('\n', " ") }
}

fn dashed(tile: &MenuTile) -> String {
    tile.target.kind().replace('_', "-")
}

impl MenusPage {
    fn of(shell: Shell, line: &LineChannel, menus: &[LineMenu], wrong: &Wrong) -> Self {
        let t = shell.t;
        let back = format!("/office/settings/line/{}", line.id);
        let face = |face: &MenuFace| face_of(&shell, line, menus, *face);
        Self {
            crumbs: crumbs(t, &[("/office/settings/line", "settings-line"), (&back, "settings-line-channel")]),
            errors: wrong.summary(t),
            faces: MenuFace::ALL.iter().map(face).collect(),
            shell,
        }
    }
}

fn face_of(shell: &Shell, line: &LineChannel, menus: &[LineMenu], face: MenuFace) -> Face {
    let t = shell.t;
    let base = format!("/office/settings/line/{}", line.id);
    let of_face = || menus.iter().filter(|it| it.face == face);
    let live = of_face().find(|it| it.state == MenuState::Live).map(|it| card(shell, line, it));
    let form =
        |verb: &str, key: &str| ConfirmForm::of(shell, format!("{base}/menu-{verb}/{}", face.code()), t.get(key));
    let mut buttons = Vec::new();
    if live.is_some() {
        if before(menus, face).is_some() {
            buttons.push(form("undo", "menu-undo").ask(t.get("menu-undo.ask")));
        }
        buttons.push(form("hide", "menu-hide").look("danger").ask(t.get("menu-hide.ask")));
    }
    Face {
        title: t.get(format!("menu-face-{}", face.code())),
        lead: t.get(format!("menu-face-{}.text", face.code())),
        fresh: format!("{base}/menu-new?face={}", face.code()),
        live,
        buttons,
        others: of_face().filter(|it| it.state != MenuState::Live).map(|it| card(shell, line, it)).collect(),
    }
}

fn card(shell: &Shell, line: &LineChannel, it: &LineMenu) -> Card {
    let t = shell.t;
    let here = format!("/office/settings/line/{}/menus/{}", line.id, it.id);
    let form = |verb: &str, key: &str| ConfirmForm::of(shell, format!("{here}/{verb}"), t.get(key));
    let (tone, key) = match it.state {
        MenuState::Draft => (Tone::Info, "menu-state-draft"),
        MenuState::Live => (Tone::Success, "menu-state-live"),
        MenuState::Past => (Tone::Info, "menu-state-past"),
    };
    Card {
        title: it.title.clone(),
        chip: Chip::of(tone, t.get(key)),
        when: match it.published_at {
            Some(at) => t.one("menu-shown-at", "at", t.date_time(at)),
            None => t.one("menu-made-at", "at", t.date_time(it.written_at)),
        },
        picture: format!("{here}/picture"),
        look: t.one(
            "menu-picture-of",
            "words",
            it.plan
                .tiles
                .iter()
                .filter(|it| !it.is_empty())
                .map(|it| it.words.as_str())
                .collect::<Vec<_>>()
                .join(" / "),
        ),
        tiles: it.plan.tiles.iter().enumerate().map(|it| (tile_words(t, it), target_words(t, it.1))).collect(),
        buttons: match it.state {
            MenuState::Draft => vec![form("show", "menu-show").look("solid"), form("drop", "menu-drop").look("text")],
            MenuState::Past => vec![form("show", "menu-show-again")],
            MenuState::Live => Vec::new(),
        },
    }
}

/// Invented menus for samples.
pub fn sample_menu(state: MenuState) -> LineMenu {
    let tile = |words: &str, target| MenuTile { words: words.into(), ground: "#00607a".into(), target };
    let at = tsunagari_kernel::Timestamp::from_micros(1_773_600_000_000_000);
    LineMenu {
        id: MenuId(uuid::Uuid::nil()),
        channel: tsunagari_kernel::ChannelId(uuid::Uuid::nil()),
        face: MenuFace::Guest,
        title: "春のメニュー".into(),
        plan: tsunagari_outreach::rich_menu::MenuPlan {
            bar: "メニュー".into(),
            grid: tsunagari_outreach::rich_menu::MenuGrid::Four,
            tiles: vec![
                tile("登録する", MenuTarget::Join),
                tile("マイページ", MenuTarget::MyPage),
                tile("催し", MenuTarget::Link { url: "https://example.jp".into() }),
                tile("", MenuTarget::Nothing),
            ],
        },
        mime: "image/png".into(),
        state,
        line_id: None,
        written_by: None,
        written_at: at,
        published_at: (state != MenuState::Draft).then_some(at),
    }
}

impl Sample for MenusPage {
    fn samples(shell: Shell) -> Vec<Self> {
        let line = super::line::sample_channel();
        let all = [MenuState::Live, MenuState::Past, MenuState::Draft].map(sample_menu);
        let wrong = Wrong(vec![(String::new(), shell.t.get("refused-line-rejected"))]);
        vec![Self::of(shell.clone(), &line, &[], &Wrong::default()), Self::of(shell, &line, &all, &wrong)]
    }
}

async fn view(desk: &Desk, shell: Shell, line: &LineChannel, wrong: &Wrong) -> Result<MenusPage, AppError> {
    let menus = desk.here().read().await.map_err(unreadable)?.line_menus(line.id).await.map_err(unreadable)?;
    Ok(MenusPage::of(shell, line, &menus, wrong))
}

async fn list(
    Extension(desk): Extension<Desk>,
    Path(channel): Path<String>,
    Query(news): Query<News>,
) -> Result<Response, AppError> {
    let line = messaging_of(&desk, &channel).await?;
    Ok(page(&view(&desk, framed(&desk, &news), &line, &Wrong::default()).await?))
}

/// The menu of an address, if it is the channel's.
async fn menu_of(desk: &Desk, channel: &str, menu: &str) -> Result<(LineChannel, LineMenu), AppError> {
    let line = messaging_of(desk, channel).await?;
    let id: MenuId = menu.parse().map_err(|_| AppError::NotFound)?;
    let menu = desk.here().read().await.map_err(unreadable)?.line_menu(id).await.map_err(unreadable)?;
    if menu.channel == line.id { Ok((line, menu)) } else { Err(AppError::NotFound) }
}

async fn picture(
    Extension(desk): Extension<Desk>,
    Path((channel, menu)): Path<(String, String)>,
) -> Result<Response, AppError> {
    let (_, menu) = menu_of(&desk, &channel, &menu).await?;
    let (mime, bytes) =
        desk.here().read().await.map_err(unreadable)?.line_menu_picture(menu.id).await.map_err(unreadable)?;
    let mime = if mime == "image/png" { "image/png" } else { "image/jpeg" };
    Ok(([(CONTENT_TYPE, mime), (CACHE_CONTROL, "private, max-age=3600")], bytes).into_response())
}

/// Back to the list with what was done, or the list with why not.
async fn after<T>(
    desk: &Desk,
    line: &LineChannel,
    done: Result<T, tsunagari_acts::ActError>,
    news: &str,
) -> Result<Response, AppError> {
    match settle(desk, done)? {
        Ok(_) => Ok(onward(&format!("/office/settings/line/{}/menus?done={news}", line.id))),
        Err(wrong) => {
            let page = view(desk, desk.shell(), line, &wrong).await?;
            Ok(page_with_status(StatusCode::UNPROCESSABLE_ENTITY, &page))
        }
    }
}

async fn put_up(
    Extension(desk): Extension<Desk>,
    Path((channel, menu)): Path<(String, String)>,
    _: Posted<Nothing>,
) -> Result<Response, AppError> {
    let (line, menu) = menu_of(&desk, &channel, &menu).await?;
    after(&desk, &line, show_line_menu(&desk.house, &desk.grant()?, menu.id).await, "shown").await
}

async fn remove(
    Extension(desk): Extension<Desk>,
    Path((channel, menu)): Path<(String, String)>,
    _: Posted<Nothing>,
) -> Result<Response, AppError> {
    let (line, menu) = menu_of(&desk, &channel, &menu).await?;
    after(&desk, &line, drop_line_menu(&desk.house, &desk.grant()?, menu.id).await, "removed").await
}

async fn undo(
    Extension(desk): Extension<Desk>,
    Path((channel, face)): Path<(String, String)>,
    _: Posted<Nothing>,
) -> Result<Response, AppError> {
    let line = messaging_of(&desk, &channel).await?;
    let face = MenuFace::parse(&face).ok_or(AppError::NotFound)?;
    after(&desk, &line, undo_line_menu(&desk.house, &desk.grant()?, line.id, face).await, "undone").await
}

async fn take_down(
    Extension(desk): Extension<Desk>,
    Path((channel, face)): Path<(String, String)>,
    _: Posted<Nothing>,
) -> Result<Response, AppError> {
    let line = messaging_of(&desk, &channel).await?;
    let face = MenuFace::parse(&face).ok_or(AppError::NotFound)?;
    after(&desk, &line, hide_line_menu(&desk.house, &desk.grant()?, line.id, face).await, "hidden").await
}

#[cfg(test)]
mod tests {
    #[test]
    fn every_face_has_its_words() {
        let faults = crate::shell::sample::faults::<super::MenusPage>(crate::shell::sample::office_shell);
        assert_eq!(faults, Vec::<String>::new());
    }
}
