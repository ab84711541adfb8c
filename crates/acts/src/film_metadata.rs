//! What a telephone writes into an mp4 besides picture and sound (place, model, date, thumbnails: boxes `udta`, `meta`, `uuid`;
//! ISO/IEC 14496-12, 8.10-8.11) is overwritten with zeros in place and becomes a `free` box, so that no offset of the film
//! changes. Dates in the headers (`mvhd`, `tkhd`, `mdhd`) become zero. Leaves re-encoding picture and sound: players need them as they are.

/// Boxes that hold other boxes.
const HOLDERS: [&[u8; 4]; 6] = [b"moov", b"trak", b"mdia", b"minf", b"stbl", b"edts"];
/// Boxes that tell of the taking.
const TELLING: [&[u8; 4]; 4] = [b"udta", b"meta", b"uuid", b"skip"];
/// Headers with the dates of making and changing.
const DATED: [&[u8; 4]; 3] = [b"mvhd", b"tkhd", b"mdhd"];
/// How deep boxes may lie in each other.
const DEEPEST: usize = 8;

/// The film cannot be read as boxes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Broken;

/// Overwrites what tells of the taking.
///
/// # Errors
/// `Broken` when lengths of boxes do not add up: then nothing may be kept, because something might be left.
pub(crate) fn wipe(film: &mut [u8]) -> Result<(), Broken> {
    boxes(film, 0)
}

fn boxes(mut rest: &mut [u8], depth: usize) -> Result<(), Broken> {
    while !rest.is_empty() {
        let (length, head) = extent(rest)?;
        let (this, after) = rest.split_at_mut_checked(length).ok_or(Broken)?;
        let (kind, body) = this.split_at_mut_checked(head).ok_or(Broken)?;
        let name: [u8; 4] = kind.get(4..8).and_then(|it| it.try_into().ok()).ok_or(Broken)?;
        if TELLING.contains(&&name) {
            body.fill(0);
            kind.get_mut(4..8).ok_or(Broken)?.copy_from_slice(b"free");
        } else if DATED.contains(&&name) {
            let wide = if body.first() == Some(&1) { 16 } else { 8 };
            body.get_mut(4..4 + wide).ok_or(Broken)?.fill(0);
        } else if HOLDERS.contains(&&name) {
            if depth == DEEPEST {
                return Err(Broken);
            }
            boxes(body, depth + 1)?;
        }
        rest = after;
    }
    Ok(())
}

/// The length of the first box and of its head.
fn extent(rest: &[u8]) -> Result<(usize, usize), Broken> {
    let word =
        |from: usize| rest.get(from..from + 4).and_then(|it| it.try_into().ok()).map(u32::from_be_bytes).ok_or(Broken);
    let (length, head) = match word(0)? {
        0 => (rest.len(), 8),
        1 => {
            let long = rest.get(8..16).and_then(|it| it.try_into().ok()).map(u64::from_be_bytes).ok_or(Broken)?;
            (usize::try_from(long).map_err(|_| Broken)?, 16)
        }
        short => (usize::try_from(short).map_err(|_| Broken)?, 8),
    };
    if length < head || length > rest.len() { Err(Broken) } else { Ok((length, head)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn made(name: &[u8; 4], body: &[u8]) -> Vec<u8> {
        let length = u32::try_from(body.len() + 8).unwrap().to_be_bytes();
        [length.as_slice(), name, body].concat()
    }

    fn film() -> Vec<u8> {
        let place = made(b"udta", &made(b"\xa9xyz", b"+35.0+132.0/SECRET-PLACE"));
        let track =
            made(b"trak", &[made(b"tkhd", &[0, 0, 0, 1, 9, 9, 9, 9, 8, 8, 8, 8, 7, 7]), place.clone()].concat());
        let movie = made(b"moov", &[made(b"mvhd", &[0; 20]), track, made(b"meta", b"SECRET-MODEL"), place].concat());
        [made(b"ftyp", b"isommp42"), movie, made(b"mdat", b"udta picture and sound"), made(b"uuid", b"SECRET-XMP")]
            .concat()
    }

    #[test]
    fn what_tells_of_the_taking_goes_and_nothing_moves() {
        let before = film();
        let mut after = before.clone();
        wipe(&mut after).unwrap();
        let holds = |film: &[u8], text: &[u8]| film.windows(text.len()).any(|part| part == text);
        assert!(holds(&before, b"SECRET"));
        assert!(!holds(&after, b"SECRET"), "{}", String::from_utf8_lossy(&after));
        assert_eq!(after.len(), before.len());
        assert!(holds(&after, b"udta picture and sound"), "the film itself stays");
        assert!(!holds(&after, &[9, 9, 9, 9]) && holds(&after, &[7, 7]), "the dates go, the rest of the header stays");
        let mut again = after.clone();
        wipe(&mut again).unwrap();
        assert_eq!(again, after);
    }

    #[test]
    fn a_film_whose_lengths_lie_is_refused() {
        let whole = film();
        for cut in [1, 7, 20, whole.len() - 1] {
            assert_eq!(wipe(&mut whole[..cut].to_vec()), Err(Broken), "cut at {cut}");
        }
        let mut deep = made(b"moov", b"");
        for _ in 0..20 {
            deep = made(b"moov", &deep);
        }
        assert_eq!(wipe(&mut deep), Err(Broken));
    }
}
