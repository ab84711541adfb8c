//! A picture of tiles with a word on each: what an office gives a rich menu when it has no picture of its own. Text is
//! drawn with BIZ UDPGothic Bold (a face made to be read easily; SIL Open Font License 1.1, cut to JIS X 0208), so that no
//! machine needs a font. Leaves what a tile leads to and where the picture goes to `acts`.

use std::io::Cursor;

use ab_glyph::{Font, FontRef, GlyphId, PxScale, ScaleFont, point};
use image::{ImageFormat, Rgb, RgbImage};
use thiserror::Error;

const FACE: &[u8] = include_bytes!("../assets/tiles/BIZUDPGothic-Bold-JISX0208.ttf");
/// The width between tiles, in pixels.
const GAP: u32 = 4;
/// The part of a tile's width and height its words may fill.
const FILL: f32 = 0.82;
/// The smallest size of letters that can be read on a phone, in pixels of the picture.
const LEAST: f32 = 28.0;
/// The largest.
const LARGEST: f32 = 84.0;

/// One tile.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tile {
    /// The words; a line break breaks.
    pub words: String,
    /// The ground.
    pub ground: [u8; 3],
}

/// The grid.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Grid {
    /// Tiles in a row.
    pub columns: u32,
    /// Rows.
    pub rows: u32,
    /// Pixels.
    pub width: u32,
    /// Pixels.
    pub height: u32,
}

impl Grid {
    /// Left, top, width and height of the tile with this number, in pixels; the last ones take what is left over.
    pub fn place(self, n: u32) -> (u32, u32, u32, u32) {
        let (column, row) = (n % self.columns.max(1), n / self.columns.max(1));
        let (width, height) = (self.width / self.columns.max(1), self.height / self.rows.max(1));
        let wide = if column + 1 == self.columns { self.width - column * width } else { width };
        let high = if row + 1 == self.rows { self.height - row * height } else { height };
        (column * width, row * height, wide, high)
    }
}

/// Why a picture cannot be drawn.
#[derive(Debug, Error, PartialEq, Eq)]
pub enum TileError {
    /// Characters the face does not hold, such as emoji.
    #[error("the face has no {0:?}")]
    NoGlyph(String),
    /// Words that would be too small to read.
    #[error("too many words for a tile")]
    TooLong,
    /// The program's own fault.
    #[error("the picture could not be written: {0}")]
    Broken(String),
}

/// Black or white, whichever stands out more from a ground.
pub fn ink_on(ground: [u8; 3]) -> [u8; 3] {
    let light = |channel: u8| {
        let part = f32::from(channel) / 255.0;
        if part <= 0.039_28 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) }
    };
    let [red, green, blue] = ground.map(light);
    // Relative luminance of WCAG 2; above this point black has the higher contrast.
    if 0.2126 * red + 0.7152 * green + 0.0722 * blue > 0.179 { [17, 17, 17] } else { [255, 255, 255] }
}

/// Draws the tiles as a PNG.
///
/// # Errors
/// Characters without a glyph, words that do not fit.
pub fn draw(grid: Grid, tiles: &[Tile]) -> Result<Vec<u8>, TileError> {
    let face = FontRef::try_from_slice(FACE).map_err(|error| TileError::Broken(error.to_string()))?;
    let mut picture = RgbImage::from_pixel(grid.width, grid.height, Rgb([255, 255, 255]));
    // One size for all: tiles of one menu are read together.
    let mut size = LARGEST;
    for (n, tile) in (0_u32..).zip(tiles) {
        size = size.min(size_for(&face, grid.place(n), tile)?);
    }
    for (n, tile) in (0_u32..).zip(tiles) {
        let place = grid.place(n);
        fill(&mut picture, place, tile.ground);
        write(&mut picture, &face, place, tile, size);
    }
    let mut out = Cursor::new(Vec::new());
    picture.write_to(&mut out, ImageFormat::Png).map_err(|error| TileError::Broken(error.to_string()))?;
    Ok(out.into_inner())
}

fn fill(picture: &mut RgbImage, (left, top, width, height): (u32, u32, u32, u32), ground: [u8; 3]) {
    for y in top + GAP / 2..(top + height).saturating_sub(GAP / 2) {
        for x in left + GAP / 2..(left + width).saturating_sub(GAP / 2) {
            picture.put_pixel(x, y, Rgb(ground));
        }
    }
}

fn lines_of(tile: &Tile) -> Vec<&str> {
    tile.words.lines().map(str::trim).filter(|line| !line.is_empty()).collect()
}

/// The largest letters in which a tile's words fit.
fn size_for(face: &FontRef<'_>, (_, _, width, height): (u32, u32, u32, u32), tile: &Tile) -> Result<f32, TileError> {
    let lines = lines_of(tile);
    let missing: String =
        tile.words.chars().filter(|c| !c.is_whitespace() && face.glyph_id(*c) == GlyphId(0)).collect();
    if !missing.is_empty() {
        return Err(TileError::NoGlyph(missing));
    }
    let fits = |size: f32| {
        size * 1.35 * lines.len() as f32 <= height as f32 * FILL
            && lines.iter().all(|line| width_of(face, line, size) <= width as f32 * FILL)
    };
    let mut size = LARGEST;
    while !fits(size) {
        size -= 2.0;
        if size < LEAST {
            return Err(TileError::TooLong);
        }
    }
    Ok(size)
}

/// The words, broken where the writer broke them, in the middle of the tile.
fn write(
    picture: &mut RgbImage,
    face: &FontRef<'_>,
    (left, top, width, height): (u32, u32, u32, u32),
    tile: &Tile,
    size: f32,
) {
    let lines = lines_of(tile);
    let ink = ink_on(tile.ground);
    let scaled = face.as_scaled(PxScale::from(size));
    let block = size * 1.35 * lines.len() as f32;
    for (n, line) in (0_u16..).zip(&lines) {
        let baseline =
            top as f32 + (height as f32 - block) / 2.0 + size * 1.35 * f32::from(n) + size * 0.175 + scaled.ascent();
        let start = left as f32 + (width as f32 - width_of(face, line, size)) / 2.0;
        line_of(picture, face, line, size, (start, baseline), ink);
    }
}

fn width_of(face: &FontRef<'_>, line: &str, size: f32) -> f32 {
    let scaled = face.as_scaled(PxScale::from(size));
    line.chars().map(|c| scaled.h_advance(face.glyph_id(c))).sum()
}

fn line_of(
    picture: &mut RgbImage,
    face: &FontRef<'_>,
    line: &str,
    size: f32,
    (start, baseline): (f32, f32),
    ink: [u8; 3],
) {
    let scaled = face.as_scaled(PxScale::from(size));
    let mut x = start;
    for c in line.chars() {
        let id = face.glyph_id(c);
        let glyph = id.with_scale_and_position(PxScale::from(size), point(x, baseline));
        if let Some(outline) = face.outline_glyph(glyph) {
            let bounds = outline.px_bounds();
            outline.draw(|dx, dy, share| {
                let (px, py) = (bounds.min.x + dx as f32, bounds.min.y + dy as f32);
                if px >= 0.0 && py >= 0.0 && (px as u32) < picture.width() && (py as u32) < picture.height() {
                    let pixel = picture.get_pixel_mut(px as u32, py as u32);
                    for (below, over) in pixel.0.iter_mut().zip(ink) {
                        let mixed = f32::from(*below) * (1.0 - share) + f32::from(over) * share;
                        *below = mixed.round().clamp(0.0, 255.0) as u8;
                    }
                }
            });
        }
        x += scaled.h_advance(id);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const GRID: Grid = Grid { columns: 3, rows: 2, width: 1200, height: 810 };

    fn tile(words: &str) -> Tile {
        Tile { words: words.to_owned(), ground: [0, 96, 122] }
    }

    #[test]
    fn the_places_cover_the_picture_once() {
        let grid = Grid { columns: 3, rows: 2, width: 1201, height: 811 };
        let area: u32 = (0..6).map(|n| grid.place(n)).map(|(_, _, w, h)| w * h).sum();
        assert_eq!(area, 1201 * 811);
    }

    #[test]
    fn words_are_drawn_and_stay_inside_their_tile() {
        let with = draw(GRID, &[tile("登録する"), tile("マイページ\n髙橋")]).unwrap();
        let without = draw(GRID, &[tile(""), tile("")]).unwrap();
        let [with, without] = [with, without].map(|png| image::load_from_memory(&png).unwrap().to_rgb8());
        let changed: Vec<(u32, u32)> = with
            .enumerate_pixels()
            .filter(|(x, y, p)| without.get_pixel(*x, *y) != *p)
            .map(|(x, y, _)| (x, y))
            .collect();
        assert!(changed.len() > 5_000);
        assert!(changed.iter().all(|(x, y)| *x < 800 && *y > 20 && *y < 385));
        assert!(changed.iter().all(|(x, _)| !(390..410).contains(x)), "not over the border of two tiles");
    }

    #[test]
    fn what_cannot_be_drawn_is_refused_by_name() {
        assert_eq!(draw(GRID, &[tile("祝🎉")]), Err(TileError::NoGlyph("🎉".into())));
        assert_eq!(draw(GRID, &[tile(&"長".repeat(40))]), Err(TileError::TooLong));
    }

    #[test]
    fn the_ink_is_the_one_with_more_contrast() {
        assert_eq!(ink_on([0, 96, 122]), [255, 255, 255]);
        assert_eq!(ink_on([255, 212, 61]), [17, 17, 17]);
    }
}
