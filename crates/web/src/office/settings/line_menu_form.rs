//! Making a menu: its grid, the words, colour and target of each tile, or a picture of the office's own. A tile may stay
//! empty. What was typed stays when something is wrong and through every change of the grid, tiles a smaller one leaves out
//! included; a chosen file has to be chosen again, which the page says. Leaves drawing to the act.

use askama::Template;
use axum::Extension;
use axum::extract::{Path, Query};
use axum::http::StatusCode;
use axum::response::Response;
use serde::Deserialize;
use tsunagari_access::Code;
use tsunagari_acts::draw_line_menu::{MOST_PICTURE, MenuGiven, TILE_FIELDS, TileGiven, draw_line_menu};
use tsunagari_i18n::Texts;
use tsunagari_outreach::rich_menu::{LONGEST_BAR, LONGEST_WORDS, MenuFace, MenuGrid, MenuTarget};
use tsunagari_storage::line_channel::LineChannel;

use super::line_channel::messaging_of;
use super::{Wrong, crumbs, onward, settle};
use crate::office::desk::Desk;
use crate::routes::{Needs, Routes};
use crate::sent_file::SentFile;
use crate::shell::components::{Choices, Crumbs, ErrorSummary, Field, FileDrop};
use crate::shell::{AppError, Sample, Shell, page, page_with_status};

/// The colours on offer: name of the text, and the colour. White letters or black ones, whichever reads better.
const COLOURS: &[(&str, &str)] = &[
    ("indigo", "#1f3a7a"),
    ("sea", "#00607a"),
    ("pine", "#1f5c3a"),
    ("madder", "#9b2335"),
    ("persimmon", "#a3420d"),
    ("wisteria", "#5f3b8c"),
    ("sun", "#ffd43d"),
    ("paper", "#f4f5f7"),
];

/// The routes.
pub fn routes(routes: Routes) -> Routes {
    let needs = Needs::Permission(Code::ManageChannels);
    routes.get("/office/settings/line/{channel}/menu-new", needs, blank).post(
        "/office/settings/line/{channel}/menu-new",
        needs,
        draw,
    )
}

struct TilePart {
    legend: String,
    words: Field,
    ground: Choices,
    kind: Choices,
    url: Field,
}

/// A grid on offer.
struct GridPart {
    code: &'static str,
    label: String,
    chosen: bool,
}

#[derive(Template)]
#[template(path = "office/settings/line_menu_form.html")]
struct FormPage {
    shell: Shell,
    crumbs: Crumbs,
    errors: ErrorSummary,
    action: String,
    face: &'static str,
    grid: &'static str,
    for_whom: String,
    grids: Vec<GridPart>,
    title: Field,
    bar: Field,
    tiles: Vec<TilePart>,
    kept: Vec<(&'static str, String)>,
    picture: FileDrop,
}

/// What a menu of a face begins with: the ways in, and empty places in colours that go together.
fn suggested(t: Texts, face: MenuFace, grid: MenuGrid) -> MenuGiven {
    let tile = |words: String, colour: &str, target: &MenuTarget| TileGiven {
        words,
        ground: colour.to_owned(),
        kind: target.kind().to_owned(),
        url: String::new(),
    };
    let named = |key: &str, colour, target| tile(t.get(format!("menu-tile-{key}")), colour, target);
    let empty = |colour| tile(String::new(), colour, &MenuTarget::Link { url: String::new() });
    let first = match face {
        MenuFace::Guest => named("join", "#00607a", &MenuTarget::Join),
        MenuFace::Member => named("my-page", "#00607a", &MenuTarget::MyPage),
    };
    let tiles = vec![
        first,
        named("ask", "#1f5c3a", &MenuTarget::Ask),
        empty("#a3420d"),
        empty("#1f3a7a"),
        empty("#5f3b8c"),
        empty("#9b2335"),
    ];
    MenuGiven {
        face: face.code().to_owned(),
        title: t.get(format!("menu-suggested-{}", face.code())),
        bar: t.get("menu-bar-suggested"),
        grid: grid.code().to_owned(),
        tiles,
        picture: None,
    }
}

impl FormPage {
    fn of(
        shell: Shell,
        line: &LineChannel,
        (face, grid): (MenuFace, MenuGrid),
        given: &MenuGiven,
        wrong: &Wrong,
    ) -> Self {
        let t = shell.t;
        let back = format!("/office/settings/line/{}", line.id);
        let menus = format!("{back}/menus");
        let action = format!("{back}/menu-new");
        let offer = |it: &MenuGrid| GridPart {
            code: it.code(),
            label: t.get(format!("menu-grid-{}", it.code())),
            chosen: *it == grid,
        };
        let blank = TileGiven::default();
        let beyond = |(fields, tile): ([&'static str; 4], &TileGiven)| {
            fields.into_iter().zip([&tile.words, &tile.ground, &tile.kind, &tile.url].map(Clone::clone))
        };
        let tiles = (0..grid.tiles()).map(|n| tile_part(t, n, given.tiles.get(n).unwrap_or(&blank), wrong)).collect();
        Self {
            crumbs: crumbs(
                t,
                &[("/office/settings/line", "settings-line"), (&back, "settings-line-channel"), (&menus, "menu-title")],
            ),
            errors: wrong.summary(t),
            action,
            face: face.code(),
            grid: grid.code(),
            for_whom: t.get(format!("menu-face-{}", face.code())),
            grids: MenuGrid::ALL.iter().map(offer).collect(),
            title: Field::text(t, "title", t.get("menu-own-title"))
                .value(&given.title)
                .hint(t.get("menu-own-title.hint"))
                .error(wrong.at("title"))
                .max(60)
                .required(),
            bar: Field::text(t, "bar", t.get("menu-bar"))
                .value(&given.bar)
                .hint(t.get("menu-bar.hint"))
                .error(wrong.at("bar"))
                .max(u32::try_from(LONGEST_BAR).unwrap_or(14))
                .required(),
            tiles,
            kept: TILE_FIELDS.into_iter().zip(&given.tiles).skip(grid.tiles()).flat_map(beyond).collect(),
            picture: FileDrop::of(t, "picture", t.get("menu-picture"), ".jpg,.jpeg,.png")
                .hint(picture_hint(t, grid))
                .error(wrong.at("picture")),
            shell,
        }
    }
}

fn picture_hint(t: Texts, grid: MenuGrid) -> String {
    let (width, height) = grid.pixels();
    t.two("menu-picture.hint", "width", width, "height", height)
}

fn tile_part(t: Texts, n: usize, given: &TileGiven, wrong: &Wrong) -> TilePart {
    let [words, ground, kind, url] = TILE_FIELDS.get(n).copied().unwrap_or(TILE_FIELDS[0]);
    let colours = COLOURS.iter().fold(Choices::select(t, ground, t.get("menu-colour")), |choices, (name, code)| {
        choices.option(*code, t.get(format!("menu-colour-{name}")))
    });
    let targets = MenuTarget::KINDS.iter().fold(Choices::select(t, kind, t.get("menu-target")), |choices, code| {
        choices.option(*code, t.get(format!("menu-target-{}", code.replace('_', "-"))))
    });
    TilePart {
        legend: t.one("menu-tile", "n", n + 1),
        words: Field::text(t, words, t.get("menu-words"))
            .value(&given.words)
            .error(wrong.at(words))
            .hint(t.get("menu-words.hint"))
            .max(u32::try_from(LONGEST_WORDS).unwrap_or(20)),
        ground: colours.chosen(&given.ground).error(wrong.at(ground)),
        kind: targets.chosen(&given.kind).error(wrong.at(kind)),
        url: Field::text(t, url, t.get("menu-url")).value(&given.url).hint(t.get("menu-url.hint")).error(wrong.at(url)),
    }
}

impl Sample for FormPage {
    fn samples(shell: Shell) -> Vec<Self> {
        let line = super::line::sample_channel();
        let t = shell.t;
        let (guest, six) = (MenuFace::Guest, MenuGrid::Six);
        let wrong = Wrong(vec![("t5_url".into(), t.get("refused-menu-link-unfit"))]);
        let first = suggested(t, MenuFace::Member, MenuGrid::One);
        vec![
            Self::of(shell.clone(), &line, (guest, six), &suggested(t, guest, six), &wrong),
            Self::of(shell, &line, (MenuFace::Member, MenuGrid::One), &first, &Wrong::default()),
        ]
    }
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Asked {
    face: String,
    grid: String,
}

async fn blank(
    Extension(desk): Extension<Desk>,
    Path(channel): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response, AppError> {
    let line = messaging_of(&desk, &channel).await?;
    let face = MenuFace::parse(&asked.face).unwrap_or(MenuFace::Guest);
    let grid = MenuGrid::parse(&asked.grid).unwrap_or(MenuGrid::Two);
    let given = suggested(desk.t, face, grid);
    Ok(page(&FormPage::of(desk.shell(), &line, (face, grid), &given, &Wrong::default())))
}

async fn draw(
    Extension(desk): Extension<Desk>,
    Path(channel): Path<String>,
    sent: SentFile<MOST_PICTURE>,
) -> Result<Response, AppError> {
    let line = messaging_of(&desk, &channel).await?;
    let (Some(face), Some(grid)) = (MenuFace::parse(sent.field("face")), MenuGrid::parse(sent.field("grid"))) else {
        return Err(AppError::Bad(Vec::new()));
    };
    let tile = |[words, ground, kind, url]: &[&str; 4]| TileGiven {
        words: sent.field(words).to_owned(),
        ground: sent.field(ground).to_owned(),
        kind: sent.field(kind).to_owned(),
        url: sent.field(url).to_owned(),
    };
    let given = MenuGiven {
        face: face.code().to_owned(),
        title: sent.field("title").to_owned(),
        bar: sent.field("bar").to_owned(),
        grid: grid.code().to_owned(),
        tiles: TILE_FIELDS.iter().map(tile).collect(),
        picture: sent.file.as_ref().map(|(_, bytes)| bytes.clone()),
    };
    let typed = MenuGiven { picture: None, ..given.clone() };
    if let Some(other) = MenuGrid::parse(sent.field("turn")) {
        return Ok(page(&FormPage::of(desk.shell(), &line, (face, other), &typed, &Wrong::default())));
    }
    match settle(&desk, draw_line_menu(&desk.house, &desk.grant()?, line.id, given).await)? {
        Ok(_) => Ok(onward(&format!("/office/settings/line/{}/menus?done=drawn", line.id))),
        Err(wrong) => {
            let page = FormPage::of(desk.shell(), &line, (face, grid), &typed, &wrong);
            Ok(page_with_status(StatusCode::UNPROCESSABLE_ENTITY, &page))
        }
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn every_face_has_its_words() {
        let faults = crate::shell::sample::faults::<super::FormPage>(crate::shell::sample::office_shell);
        assert_eq!(faults, Vec::<String>::new());
    }

    #[test]
    fn every_colour_on_offer_is_one() {
        assert!(super::COLOURS.iter().all(|(_, code)| tsunagari_outreach::rich_menu::colour(code).is_some()));
    }
}
