//! A menu is shown at LINE, taken down, or the one before it shown again. LINE is asked first and the outcome kept after;
//! where LINE said no half-way, the menu shown before stays the one on record, and trying again is harmless. Guests see
//! LINE's default menu; those who have joined are linked to theirs, 500 at a time; an alias names whichever is shown.

use tsunagari_access::permission::ManageChannels;
use tsunagari_access::{Act, Granted};
use tsunagari_channels::line::message::Action;
use tsunagari_channels::line::{
    ImageKind, LineError, RichMenu, RichMenuAlias, RichMenuArea, RichMenuBounds, RichMenuSize,
};
use tsunagari_documents::tiles::Grid;
use tsunagari_kernel::{ChannelId, MenuId, PersonId};
use tsunagari_outreach::rich_menu::{MenuFace, MenuPlan, MenuTarget, MenuTile};
use tsunagari_storage::directory::Organisation;
use tsunagari_storage::line_menu::{LineMenu, MenuState};

use crate::keep_line_greeting::{join_address, my_page_address};
use crate::line_gateway::{OpenLine, line_reason};
use crate::{ActError, House};

/// The most users LINE links in one request.
const AT_ONCE: i64 = 500;

/// Shows a menu: a draft for the first time, or one shown before.
///
/// # Errors
/// LINE's refusals, `line_stopped`; not found.
pub async fn show_line_menu(house: &House, by: &Granted<ManageChannels>, id: MenuId) -> Result<(), ActError> {
    let here = house.org(by.org());
    let mut reader = here.read().await?;
    let menu = reader.line_menu(id).await?;
    let (mime, picture) = reader.line_menu_picture(id).await?;
    let organisation = reader.organisation().await?;
    drop(reader);
    let open = house.line.open(&here, menu.channel).await?;
    let line_id = match menu.line_id.clone() {
        Some(known) => known,
        None => make(&open, &rich_menu(house, &organisation, &menu.plan, &menu.title), &mime, picture).await?,
    };
    put_up(house, by, &open, menu.face, Some(&line_id)).await?;
    let mut tx = here.write().await?;
    tx.show_line_menu(&menu, &line_id, house.now()).await?;
    tx.commit(&Act::named("show_line_menu", by.actor(), house.operation()).on("menu", id)).await?;
    Ok(())
}

/// Takes the menu of a face down: nothing is shown.
///
/// # Errors
/// LINE's refusals, `nothing_to_undo`; not found.
pub async fn hide_line_menu(
    house: &House,
    by: &Granted<ManageChannels>,
    channel: ChannelId,
    face: MenuFace,
) -> Result<(), ActError> {
    let here = house.org(by.org());
    if here.read().await?.live_line_menu(channel, face).await?.is_none() {
        return Err(ActError::refused("nothing_to_undo"));
    }
    let open = house.line.open(&here, channel).await?;
    put_up(house, by, &open, face, None).await?;
    let mut tx = here.write().await?;
    tx.hide_line_menus(channel, face).await?;
    tx.commit(&Act::named("hide_line_menu", by.actor(), house.operation()).on("channel", channel)).await?;
    Ok(())
}

/// Shows what was shown before the menu shown now; when there was nothing, takes it down.
///
/// # Errors
/// As `show_line_menu` and `hide_line_menu`.
pub async fn undo_line_menu(
    house: &House,
    by: &Granted<ManageChannels>,
    channel: ChannelId,
    face: MenuFace,
) -> Result<(), ActError> {
    let menus = house.org(by.org()).read().await?.line_menus(channel).await?;
    match before(&menus, face) {
        Some(id) => show_line_menu(house, by, id).await,
        None => hide_line_menu(house, by, channel, face).await,
    }
}

/// The menu of a face that was shown before the one shown now.
pub fn before(menus: &[LineMenu], face: MenuFace) -> Option<MenuId> {
    let mut past: Vec<&LineMenu> = menus.iter().filter(|it| it.face == face && it.state == MenuState::Past).collect();
    past.sort_by_key(|it| it.published_at);
    past.last().map(|it| it.id)
}

/// Makes the menu at LINE; a menu whose picture LINE refuses is removed again.
async fn make(open: &OpenLine, menu: &RichMenu, mime: &str, picture: Vec<u8>) -> Result<String, ActError> {
    let id = open.api.create_rich_menu(&open.token, menu).await.map_err(refused)?.value;
    let kind = if mime == "image/png" { ImageKind::Png } else { ImageKind::Jpeg };
    if let Err(error) = open.api.upload_rich_menu_image(&open.token, &id, kind, picture).await {
        if let Err(left) = open.api.delete_rich_menu(&open.token, &id).await {
            tracing::warn!(%left, "a menu without a picture stays at LINE");
        }
        return Err(refused(error));
    }
    Ok(id)
}

fn refused(error: LineError) -> ActError {
    ActError::refused(line_reason(&error.fault))
}

/// Points the alias at a menu and shows it to everybody of its face; `None` shows nothing.
async fn put_up(
    house: &House,
    by: &Granted<ManageChannels>,
    open: &OpenLine,
    face: MenuFace,
    menu: Option<&str>,
) -> Result<(), ActError> {
    let OpenLine { api, token, .. } = open;
    let alias = face.alias().to_owned();
    let named =
        api.rich_menu_aliases(token).await.map_err(refused)?.value.iter().any(|it| it.rich_menu_alias_id == alias);
    match (menu, named) {
        (Some(menu), true) => {
            let it = RichMenuAlias { rich_menu_alias_id: alias, rich_menu_id: menu.to_owned() };
            api.update_rich_menu_alias(token, &it).await.map_err(refused)?;
        }
        (Some(menu), false) => {
            let it = RichMenuAlias { rich_menu_alias_id: alias, rich_menu_id: menu.to_owned() };
            api.create_rich_menu_alias(token, &it).await.map_err(refused)?;
        }
        (None, true) => {
            api.delete_rich_menu_alias(token, &alias).await.map_err(refused)?;
        }
        (None, false) => {}
    }
    match (face, menu) {
        (MenuFace::Guest, Some(menu)) => api.set_default_rich_menu(token, menu).await.map(|_| ()).map_err(refused),
        (MenuFace::Guest, None) => api.clear_default_rich_menu(token).await.map(|_| ()).map_err(refused),
        (MenuFace::Member, menu) => to_members(house, by, open, menu).await,
    }
}

async fn to_members(
    house: &House,
    by: &Granted<ManageChannels>,
    open: &OpenLine,
    menu: Option<&str>,
) -> Result<(), ActError> {
    let here = house.org(by.org());
    let today = house.now().jst_date();
    let mut after: Option<PersonId> = None;
    loop {
        let pairs = here.read().await?.joined_by_line(open.channel.provider, today, after, AT_ONCE).await?;
        let Some((last, _)) = pairs.last() else { return Ok(()) };
        after = Some(*last);
        let persons: Vec<PersonId> = pairs.iter().map(|(person, _)| *person).collect();
        let keys = here.person_keys(&persons).await?;
        let opened = here.read().await?.addresses(&keys, &pairs).await?;
        let users: Vec<String> = opened.into_iter().map(|it| it.clear.to_string()).collect();
        if users.is_empty() {
            continue;
        }
        let done = match menu {
            Some(menu) => open.api.link_rich_menu_to_many(&open.token, &users, menu).await,
            None => open.api.unlink_rich_menu_from_many(&open.token, &users).await,
        };
        done.map_err(refused)?;
    }
}

/// The menu as LINE takes it.
pub fn rich_menu(house: &House, organisation: &Organisation, plan: &MenuPlan, title: &str) -> RichMenu {
    let (width, height) = plan.grid.pixels();
    let (columns, rows) = plan.grid.sides();
    let grid = Grid { columns, rows, width, height };
    let area = |(n, tile): (u32, &MenuTile)| {
        let (x, y, width, height) = grid.place(n);
        let action = action(house, organisation, tile)?;
        Some(RichMenuArea { bounds: RichMenuBounds { x, y, width, height }, action })
    };
    RichMenu {
        size: RichMenuSize { width, height },
        selected: true,
        name: title.to_owned(),
        chat_bar_text: plan.bar.clone(),
        areas: (0..).zip(&plan.tiles).filter_map(area).collect(),
    }
}

/// What pressing a tile does; an empty one has no area at all.
fn action(house: &House, organisation: &Organisation, tile: &MenuTile) -> Option<Action> {
    let label = tile.words.replace('\n', " ");
    match &tile.target {
        MenuTarget::Join => Some(Action::Uri { label, uri: join_address(house, organisation) }),
        MenuTarget::MyPage => Some(Action::Uri { label, uri: my_page_address(house, organisation) }),
        MenuTarget::Ask => Some(Action::Message { text: label.clone(), label }),
        MenuTarget::Link { url } => Some(Action::Uri { label, uri: url.clone() }),
        MenuTarget::Nothing => None,
    }
}
