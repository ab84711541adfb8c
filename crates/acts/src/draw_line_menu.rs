//! A menu for under the talk is made: the tiles drawn by the program, or laid over a picture the office brings. It is kept as
//! a draft; showing it is `show_line_menu`. The picture is cut to the grid's size and written anew, without what the
//! telephone wrote into it.

use image::codecs::jpeg::JpegEncoder;
use image::imageops::FilterType;
use image::{DynamicImage, ImageFormat, ImageReader, Limits};
use std::io::Cursor;
use tsunagari_access::permission::ManageChannels;
use tsunagari_access::{Act, Granted};
use tsunagari_documents::tiles::{Grid, Tile, TileError, draw};
use tsunagari_kernel::{ChannelId, MenuId};
use tsunagari_outreach::rich_menu::{
    LONGEST_BAR, LONGEST_WORDS, MenuFace, MenuFault, MenuGrid, MenuPlan, MenuTarget, MenuTile, MenuWrong, colour,
};
use tsunagari_storage::line_channel::ChannelKind;
use tsunagari_storage::line_menu::{LineMenu, MenuState};

use crate::{ActError, House, Reason};

/// The largest picture the office may bring, in bytes.
pub const MOST_PICTURE: usize = 10 * 1024 * 1024;
/// The largest picture of a menu, in bytes (LINE).
const MOST_MENU: usize = 1024 * 1024;
/// The ground of an empty tile.
const EMPTY_GROUND: &str = "#f4f5f7";
/// The most pixels a picture may have.
const MOST_PIXELS: u64 = 25_000_000;

/// The names of a tile's fields: words, ground, kind, address.
pub const TILE_FIELDS: [[&str; 4]; 6] = [
    ["t0_words", "t0_ground", "t0_kind", "t0_url"],
    ["t1_words", "t1_ground", "t1_kind", "t1_url"],
    ["t2_words", "t2_ground", "t2_kind", "t2_url"],
    ["t3_words", "t3_ground", "t3_kind", "t3_url"],
    ["t4_words", "t4_ground", "t4_kind", "t4_url"],
    ["t5_words", "t5_ground", "t5_kind", "t5_url"],
];

/// A tile as typed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TileGiven {
    /// The words.
    pub words: String,
    /// `#rrggbb`.
    pub ground: String,
    /// The target's kind.
    pub kind: String,
    /// The address of a link.
    pub url: String,
}

/// A menu as typed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct MenuGiven {
    /// The face's code.
    pub face: String,
    /// The office's own title.
    pub title: String,
    /// The bar.
    pub bar: String,
    /// The grid's code.
    pub grid: String,
    /// At least as many tiles as the grid has; more are left out. One without words and address is an empty place.
    pub tiles: Vec<TileGiven>,
    /// A picture of the office's own in place of drawn tiles.
    pub picture: Option<Vec<u8>>,
}

/// Makes a menu.
///
/// # Errors
/// Reasons at the fields; not found.
pub async fn draw_line_menu(
    house: &House,
    by: &Granted<ManageChannels>,
    channel: ChannelId,
    given: MenuGiven,
) -> Result<MenuId, ActError> {
    let (face, plan) = read(&given).map_err(ActError::Refused)?;
    let drawn = plan.clone();
    // Drawing and decoding are work for a thread of their own.
    let (mime, picture) = tokio::task::spawn_blocking(move || picture_of(&drawn, given.picture))
        .await
        .map_err(|error| ActError::Broken(error.to_string()))?
        .map_err(|reason| ActError::Refused(vec![reason]))?;
    let now = house.now();
    let it = LineMenu {
        id: MenuId::born(&house.chance, now),
        channel,
        face,
        title: given.title.trim().to_owned(),
        plan,
        mime: mime.to_owned(),
        state: MenuState::Draft,
        line_id: None,
        written_by: Some(by.user()),
        written_at: now,
        published_at: None,
    };
    let mut tx = house.org(by.org()).write().await?;
    if tx.line_channel(channel).await?.kind != ChannelKind::Messaging {
        tx.undo().await?;
        return Err(ActError::NotFound);
    }
    tx.add_line_menu(&it, &picture).await?;
    tx.commit(&Act::named("draw_line_menu", by.actor(), house.operation()).on("menu", it.id)).await?;
    Ok(it.id)
}

/// Removes a menu that was never shown.
///
/// # Errors
/// `menu_was_shown`; not found.
pub async fn drop_line_menu(house: &House, by: &Granted<ManageChannels>, id: MenuId) -> Result<(), ActError> {
    let mut tx = house.org(by.org()).write().await?;
    tx.line_menu(id).await?;
    if !tx.drop_line_menu(id).await? {
        tx.undo().await?;
        return Err(ActError::refused("menu_was_shown"));
    }
    tx.commit(&Act::named("drop_line_menu", by.actor(), house.operation()).on("menu", id)).await?;
    Ok(())
}

fn read(given: &MenuGiven) -> Result<(MenuFace, MenuPlan), Vec<Reason>> {
    let mut wrong = Vec::new();
    match given.title.trim().chars().count() {
        0 => wrong.push(Reason::at("title", "field_empty")),
        1..=60 => {}
        _ => wrong.push(Reason::at("title", "field_too_long").with("most", 60)),
    }
    let face = MenuFace::parse(&given.face);
    if face.is_none() {
        wrong.push(Reason::at("face", "choose_one"));
    }
    let Some(grid) = MenuGrid::parse(&given.grid) else {
        wrong.push(Reason::at("grid", "choose_one"));
        return Err(wrong);
    };
    let mut tiles = Vec::new();
    for (tile, [_, _, kind, _]) in given.tiles.iter().zip(TILE_FIELDS).take(grid.tiles()) {
        match target(tile) {
            Some(target) => {
                let ground = match (&target, tile.ground.trim()) {
                    (MenuTarget::Nothing, _) => EMPTY_GROUND,
                    (_, "") => "#1f3a7a",
                    (_, ground) => ground,
                };
                tiles.push(MenuTile { words: tile.words.trim().to_owned(), ground: ground.to_lowercase(), target });
            }
            None => wrong.push(Reason::at(kind, "choose_one")),
        }
    }
    let plan = MenuPlan { bar: given.bar.trim().to_owned(), grid, tiles };
    if wrong.is_empty() || plan.tiles.len() == grid.tiles() {
        wrong.extend(plan.faults().into_iter().map(reason));
    }
    match (face, wrong.is_empty()) {
        (Some(face), true) => Ok((face, plan)),
        (Some(_) | None, _) => Err(wrong),
    }
}

fn target(tile: &TileGiven) -> Option<MenuTarget> {
    if tile.words.trim().is_empty() && tile.url.trim().is_empty() {
        return Some(MenuTarget::Nothing);
    }
    match tile.kind.as_str() {
        "join" => Some(MenuTarget::Join),
        "my_page" => Some(MenuTarget::MyPage),
        "ask" => Some(MenuTarget::Ask),
        "link" => Some(MenuTarget::Link { url: tile.url.trim().to_owned() }),
        _ => None,
    }
}

fn reason(it: MenuWrong) -> Reason {
    let of_tile = |part: usize| it.tile.and_then(|n| TILE_FIELDS.get(n)).map_or("bar", |fields| fields[part]);
    match it.fault {
        MenuFault::BarEmpty | MenuFault::WrongCount => Reason::at("bar", it.fault.code()),
        MenuFault::TooLong => {
            let most = if it.tile.is_some() { LONGEST_WORDS } else { LONGEST_BAR };
            Reason::at(of_tile(0), it.fault.code()).with("most", most)
        }
        MenuFault::WordsEmpty | MenuFault::AllEmpty => Reason::at(of_tile(0), it.fault.code()),
        MenuFault::BadColour => Reason::at(of_tile(1), it.fault.code()),
        MenuFault::BadLink => Reason::at(of_tile(3), it.fault.code()),
    }
}

/// The picture and its kind.
fn picture_of(plan: &MenuPlan, own: Option<Vec<u8>>) -> Result<(&'static str, Vec<u8>), Reason> {
    let (width, height) = plan.grid.pixels();
    if let Some(bytes) = own {
        return Ok(("image/jpeg", cut(&bytes, width, height)?));
    }
    let (columns, rows) = plan.grid.sides();
    let tile = |it: &MenuTile| Tile { words: it.words.clone(), ground: colour(&it.ground).unwrap_or_default() };
    let tiles: Vec<Tile> = plan.tiles.iter().map(tile).collect();
    let png = draw(Grid { columns, rows, width, height }, &tiles).map_err(|error| match error {
        TileError::NoGlyph(found) => Reason::at("t0_words", "menu_words_undrawable").with("found", found),
        TileError::TooLong => Reason::at("t0_words", "menu_words_too_long"),
        TileError::Broken(_) => Reason::at("picture", "media_broken"),
    })?;
    Ok(("image/png", png))
}

/// The middle of a picture in the menu's size, small enough for LINE.
fn cut(bytes: &[u8], width: u32, height: u32) -> Result<Vec<u8>, Reason> {
    let format = match image::guess_format(bytes) {
        Ok(format @ (ImageFormat::Jpeg | ImageFormat::Png)) => format,
        Ok(_) | Err(_) => return Err(Reason::at("picture", "menu_picture_unknown")),
    };
    if bytes.len() > MOST_PICTURE {
        return Err(Reason::at("picture", "media_too_large").with("most", MOST_PICTURE / 1024 / 1024));
    }
    let picture = decode(bytes, format)?;
    if picture.width() < width / 2 || picture.height() < height / 2 {
        return Err(Reason::at("picture", "menu_picture_small").with("width", width).with("height", height));
    }
    let cut = picture.resize_to_fill(width, height, FilterType::Triangle).to_rgb8();
    for quality in [88, 70, 50, 30] {
        let mut out = Vec::new();
        cut.write_with_encoder(JpegEncoder::new_with_quality(&mut out, quality))
            .map_err(|_| Reason::at("picture", "media_broken"))?;
        if out.len() <= MOST_MENU {
            return Ok(out);
        }
    }
    Err(Reason::at("picture", "media_too_large").with("most", 1))
}

fn decode(bytes: &[u8], format: ImageFormat) -> Result<DynamicImage, Reason> {
    let broken = || Reason::at("picture", "media_broken");
    let size = ImageReader::with_format(Cursor::new(bytes), format).into_dimensions().map_err(|_| broken())?;
    if u64::from(size.0) * u64::from(size.1) > MOST_PIXELS {
        return Err(Reason::at("picture", "media_too_many_pixels"));
    }
    let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
    let mut limits = Limits::default();
    limits.max_alloc = Some(256 * 1024 * 1024);
    reader.limits(limits);
    reader.decode().map_err(|_| broken())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn given() -> MenuGiven {
        let tile = |words: &str, kind: &str| TileGiven {
            words: words.into(),
            ground: "#00607A".into(),
            kind: kind.into(),
            url: String::new(),
        };
        MenuGiven {
            face: "guest".into(),
            title: "春のメニュー".into(),
            bar: "メニュー".into(),
            grid: "2x1".into(),
            tiles: vec![tile("登録する", "join"), tile("聞く", "ask"), tile("", "")],
            picture: None,
        }
    }

    #[test]
    fn a_menu_is_read_and_drawn_in_its_size() {
        let (face, plan) = read(&given()).unwrap();
        assert_eq!((face, plan.tiles.len()), (MenuFace::Guest, 2));
        let (mime, bytes) = picture_of(&plan, None).unwrap();
        let picture = image::load_from_memory(&bytes).unwrap();
        assert_eq!((mime, picture.width(), picture.height()), ("image/png", 1_200, 405));
        assert!(bytes.len() < MOST_MENU);
    }

    #[test]
    fn a_tile_without_words_is_an_empty_place() {
        let mut some = given();
        (some.tiles[1].words, some.tiles[1].kind) = (" ".into(), "link".into());
        let (_, plan) = read(&some).unwrap();
        assert_eq!(plan.tiles[1].target, MenuTarget::Nothing);
        let (mime, _) = picture_of(&plan, None).unwrap();
        assert_eq!(mime, "image/png");
        some.tiles[1].url = "https://example.jp".into();
        assert_eq!(read(&some).unwrap_err(), [Reason::at("t1_words", "menu_words_empty")], "an address wants words");
        (some.tiles[0].words, some.tiles[1].url) = (String::new(), String::new());
        assert_eq!(read(&some).unwrap_err(), [Reason::at("t0_words", "menu_all_empty")]);
    }

    #[test]
    fn each_fault_stands_at_its_field() {
        let mut wrong = given();
        wrong.title.clear();
        wrong.tiles[1].kind = "link".into();
        wrong.tiles[0].words = "あ".repeat(21);
        let found: Vec<_> = read(&wrong).unwrap_err().into_iter().map(|it| (it.field, it.code)).collect();
        assert_eq!(
            found,
            [(Some("title"), "field_empty"), (Some("t0_words"), "field_too_long"), (Some("t1_url"), "menu_link_unfit")]
        );
        wrong.tiles[1].kind = "door".into();
        assert!(read(&wrong).unwrap_err().contains(&Reason::at("t1_kind", "choose_one")));
    }

    #[test]
    fn a_picture_of_the_offices_own_is_cut_to_the_grid() {
        let mut png = Cursor::new(Vec::new());
        DynamicImage::new_rgb8(1_600, 1_600).write_to(&mut png, ImageFormat::Png).unwrap();
        let cut = cut(png.get_ref(), 1_200, 405).unwrap();
        let picture = image::load_from_memory(&cut).unwrap();
        assert_eq!((picture.width(), picture.height()), (1_200, 405));
        let small = DynamicImage::new_rgb8(200, 100);
        let mut png = Cursor::new(Vec::new());
        small.write_to(&mut png, ImageFormat::Png).unwrap();
        assert_eq!(super::cut(png.get_ref(), 1_200, 405).unwrap_err().code, "menu_picture_small");
        assert_eq!(super::cut(b"<svg/>", 1_200, 405).unwrap_err().code, "menu_picture_unknown");
    }
}
