//! The menus under the talk of one of the demonstration's towns: one for those who have not joined, one for those who have.
//! Made by the same acts an office uses, as the town's administrator. Leaves the greeting to the program's own words.

use anyhow::Context;
use tsunagari_access::permission::ManageChannels;
use tsunagari_access::{Officer, Role};
use tsunagari_acts::House;
use tsunagari_acts::draw_line_menu::{MenuGiven, TileGiven, draw_line_menu};
use tsunagari_acts::show_line_menu::show_line_menu;
use tsunagari_outreach::rich_menu::MenuFace;

use super::towns::Town;

/// The town that has menus, by code.
const TOWN: &str = "322041";

/// Words, colour, what a touch does.
type Words = (&'static str, &'static str, &'static str);
const GUESTS: [Words; 2] = [("登録する", "#00607a", "join"), ("聞きたい", "#1f5c3a", "ask")];
const MEMBERS: [Words; 3] =
    [("マイページ", "#00607a", "my_page"), ("聞きたい", "#1f5c3a", "ask"), ("紹介する", "#a3420d", "join")];

/// Makes and shows them.
///
/// # Errors
/// The town has no administrator, or the acts'.
pub async fn show(house: &House, town: &Town) -> anyhow::Result<()> {
    if town.org.code != TOWN {
        return Ok(());
    }
    let administrator =
        town.staff.iter().find(|it| it.staff.role == Role::Administrator).context("a town without administrator")?;
    let officer = Officer::of(town.org.id, administrator.staff.id, vec![Role::Administrator]);
    let by = officer
        .grant::<ManageChannels>(house.real_clock.now())
        .map_err(|error| anyhow::anyhow!("the administrator may not: {error:?}"))?;
    let line = house.org(town.org.id).read().await?.sending_line_channel().await?.context("a town without LINE")?;
    for (face, title, words) in
        [(MenuFace::Guest, "登録前のメニュー", &GUESTS[..]), (MenuFace::Member, "登録した人のメニュー", &MEMBERS[..])]
    {
        let tile = |(words, ground, kind): &Words| TileGiven {
            words: (*words).to_owned(),
            ground: (*ground).to_owned(),
            kind: (*kind).to_owned(),
            url: String::new(),
        };
        let given = MenuGiven {
            face: face.code().to_owned(),
            title: title.to_owned(),
            bar: "メニュー".to_owned(),
            grid: format!("{}x1", words.len()),
            tiles: words.iter().map(tile).collect(),
            picture: None,
        };
        let id = draw_line_menu(house, &by, line.id, given).await?;
        show_line_menu(house, &by, id).await?;
    }
    Ok(())
}
