//! The menu under a talk with the official account: a grid of tiles, each leading somewhere, one menu for those who have not
//! joined and one for those who have. Pure: what may be made and where its tiles lie. Leaves drawing to `documents`, the
//! addresses behind the targets and LINE's calls to acts.

use serde::{Deserialize, Serialize};

use crate::audience::codes;

codes! {
    /// To whom a menu is shown.
    MenuFace {
        /// Everybody who follows the account and has not joined: LINE's default menu.
        Guest = "guest",
        /// Those who have joined: linked to each of them.
        Member = "member",
    }
}

impl MenuFace {
    /// The alias under which LINE knows the menu of this face, whichever it is at the moment.
    pub const fn alias(self) -> &'static str {
        match self {
            Self::Guest => "tsunagari-guest",
            Self::Member => "tsunagari-member",
        }
    }
}

codes! {
    /// The grids on offer, named by columns and rows.
    MenuGrid {
        /// One tile over the whole width.
        One = "1x1",
        /// Two side by side.
        Two = "2x1",
        /// Three side by side.
        Three = "3x1",
        /// Two rows of two.
        Four = "2x2",
        /// Two rows of three.
        Six = "3x2",
    }
}

impl MenuGrid {
    /// Columns and rows.
    pub const fn sides(self) -> (u32, u32) {
        match self {
            Self::One => (1, 1),
            Self::Two => (2, 1),
            Self::Three => (3, 1),
            Self::Four => (2, 2),
            Self::Six => (3, 2),
        }
    }

    /// How many tiles.
    pub const fn tiles(self) -> usize {
        let (columns, rows) = self.sides();
        (columns * rows) as usize
    }

    /// The picture's width and height in pixels: LINE's middle sizes, which stay far below 1 MB.
    pub const fn pixels(self) -> (u32, u32) {
        let (_, rows) = self.sides();
        if rows == 1 { (1_200, 405) } else { (1_200, 810) }
    }
}

/// Where a tile leads.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum MenuTarget {
    /// The page where one joins.
    Join,
    /// The resident's own page.
    MyPage,
    /// Says the tile's words in the talk; the answer is a link (trust.md 4).
    Ask,
    /// An address of the office's.
    Link {
        /// https.
        url: String,
    },
    /// Nowhere: the tile is left empty and cannot be pressed.
    Nothing,
}

impl MenuTarget {
    /// The codes of the kinds a form offers; a tile without words leads nowhere by itself.
    pub const KINDS: &[&str] = &["join", "my_page", "ask", "link"];

    /// The code of its kind.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Join => "join",
            Self::MyPage => "my_page",
            Self::Ask => "ask",
            Self::Link { .. } => "link",
            Self::Nothing => "nothing",
        }
    }
}

/// One tile.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MenuTile {
    /// What stands on it, or what the picture shows there (read aloud).
    pub words: String,
    /// The ground, `#rrggbb`; not used over a picture of the office's own.
    pub ground: String,
    /// Where it leads.
    pub target: MenuTarget,
}

impl MenuTile {
    /// Whether nothing stands here and nothing happens when it is pressed.
    pub const fn is_empty(&self) -> bool {
        matches!(self.target, MenuTarget::Nothing)
    }
}

/// A menu as the office made it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MenuPlan {
    /// What stands on the bar below the talk.
    pub bar: String,
    /// The grid.
    pub grid: MenuGrid,
    /// Row by row.
    pub tiles: Vec<MenuTile>,
}

/// The longest text of the bar, in characters a reader sees (LINE).
pub const LONGEST_BAR: usize = 14;
/// The longest label of an action (LINE).
pub const LONGEST_WORDS: usize = 20;
/// The longest address of an action (LINE).
pub const LONGEST_URL: usize = 1_000;

codes! {
    /// What is wrong with a menu.
    MenuFault {
        /// The bar says nothing.
        BarEmpty = "field_empty",
        /// The bar or a tile says too much.
        TooLong = "field_too_long",
        /// A tile without words.
        WordsEmpty = "menu_words_empty",
        /// An address that is none.
        BadLink = "menu_link_unfit",
        /// No colour.
        BadColour = "menu_colour_unfit",
        /// The number of tiles is not the grid's.
        WrongCount = "menu_tiles_missing",
        /// Every tile is empty.
        AllEmpty = "menu_all_empty",
    }
}

/// A fault with the tile it is on; `None`: the bar, or all of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MenuWrong {
    /// What.
    pub fault: MenuFault,
    /// The tile, from 0.
    pub tile: Option<usize>,
}

/// `#rrggbb` as numbers.
pub fn colour(text: &str) -> Option<[u8; 3]> {
    let digits = text.strip_prefix('#').filter(|it| it.len() == 6 && it.bytes().all(|b| b.is_ascii_hexdigit()))?;
    let part = |at: usize| u8::from_str_radix(digits.get(at..at + 2)?, 16).ok();
    Some([part(0)?, part(2)?, part(4)?])
}

impl MenuPlan {
    /// Everything that is wrong.
    pub fn faults(&self) -> Vec<MenuWrong> {
        let mut found = Vec::new();
        let mut say = |fault, tile| found.push(MenuWrong { fault, tile });
        match self.bar.trim().chars().count() {
            0 => say(MenuFault::BarEmpty, None),
            1..=LONGEST_BAR => {}
            _ => say(MenuFault::TooLong, None),
        }
        if self.tiles.len() != self.grid.tiles() {
            say(MenuFault::WrongCount, None);
        }
        if !self.tiles.is_empty() && self.tiles.iter().all(MenuTile::is_empty) {
            say(MenuFault::AllEmpty, Some(0));
        }
        for (n, tile) in self.tiles.iter().enumerate() {
            match tile.words.trim().chars().count() {
                0 if tile.is_empty() => {}
                0 => say(MenuFault::WordsEmpty, Some(n)),
                1..=LONGEST_WORDS => {}
                _ => say(MenuFault::TooLong, Some(n)),
            }
            if colour(&tile.ground).is_none() {
                say(MenuFault::BadColour, Some(n));
            }
            if let MenuTarget::Link { url } = &tile.target
                && !fit_link(url)
            {
                say(MenuFault::BadLink, Some(n));
            }
        }
        found
    }
}

fn fit_link(url: &str) -> bool {
    let rest = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://localhost"));
    url.len() <= LONGEST_URL
        && rest.is_some_and(|rest| !rest.is_empty())
        && !url.contains(|c: char| c.is_whitespace() || c.is_control())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plan() -> MenuPlan {
        let tile = |words: &str, target| MenuTile { words: words.to_owned(), ground: "#00607a".into(), target };
        MenuPlan {
            bar: "メニュー".into(),
            grid: MenuGrid::Two,
            tiles: vec![
                tile("登録する", MenuTarget::Join),
                tile("催し", MenuTarget::Link { url: "https://example.jp/e".into() }),
            ],
        }
    }

    #[test]
    fn a_fit_plan_has_no_fault_and_each_fault_is_found_where_it_is() {
        assert_eq!(plan().faults(), vec![]);
        let mut wrong = plan();
        wrong.bar = "あ".repeat(15);
        wrong.tiles[0].words = " ".into();
        wrong.tiles[1].target = MenuTarget::Link { url: "example.jp".into() };
        wrong.tiles[1].ground = "blue".into();
        let found: Vec<_> = wrong.faults().into_iter().map(|it| (it.fault, it.tile)).collect();
        assert_eq!(
            found,
            [
                (MenuFault::TooLong, None),
                (MenuFault::WordsEmpty, Some(0)),
                (MenuFault::BadColour, Some(1)),
                (MenuFault::BadLink, Some(1)),
            ]
        );
    }

    #[test]
    fn a_tile_may_be_empty_but_not_all_of_them() {
        let mut some = plan();
        some.tiles[1] = MenuTile { words: String::new(), ground: "#f4f5f7".into(), target: MenuTarget::Nothing };
        assert_eq!(some.faults(), vec![]);
        some.tiles[0] = some.tiles[1].clone();
        let found: Vec<_> = some.faults().into_iter().map(|it| (it.fault, it.tile)).collect();
        assert_eq!(found, [(MenuFault::AllEmpty, Some(0))]);
    }

    #[test]
    fn every_grid_has_the_ratio_line_asks_for() {
        for grid in MenuGrid::ALL {
            let (width, height) = grid.pixels();
            assert!(width * 100 >= height * 145 && (800..=2_500).contains(&width) && height >= 250, "{grid:?}");
        }
    }
}
