//! The boxes of an mp4 (ISO/IEC 14496-12 section 4.2): whether a file is a film from its first byte to its last. Film cannot
//! be made anew here, so what is kept as it came must at least be nothing else: no gap, no rest, no box that is no film's.

/// What stands at the top of a film; `free`, `skip` and `wide` hold nothing, fragments come in `moof` and `mfra`.
const TOP: &[&[u8; 4]] = &[b"ftyp", b"moov", b"mdat", b"free", b"skip", b"wide", b"moof", b"mfra", b"sidx", b"styp"];

/// Name and inside of each box, in order; nothing when they do not fill the bytes exactly.
fn boxes(bytes: &[u8]) -> Option<Vec<(&[u8], &[u8])>> {
    let mut rest = bytes;
    let mut found = Vec::new();
    while !rest.is_empty() {
        let short = u64::from(u32::from_be_bytes(*rest.first_chunk()?));
        let name = rest.get(4..8)?;
        let (head, size) = match short {
            0 => (8, rest.len() as u64),
            1 => (16, u64::from_be_bytes(*rest.get(8..16)?.first_chunk()?)),
            size => (8, size),
        };
        let size = usize::try_from(size).ok()?;
        found.push((name, rest.get(head..size)?));
        rest = rest.get(size..)?;
    }
    Some(found)
}

/// Whether the bytes are a film: only boxes of films, with a track in `moov` and something to show in `mdat`.
pub(super) fn is_film(bytes: &[u8]) -> bool {
    let Some(top) = boxes(bytes) else { return false };
    let of_films = top.iter().all(|(name, _)| TOP.iter().any(|known| known.as_slice() == *name));
    let holds = |name: &[u8; 4]| top.iter().find(|(it, inside)| *it == name && !inside.is_empty()).map(|(_, it)| *it);
    // What "holds nothing" must hold nothing: room for a stranger is not needed.
    let padding = top.iter().filter(|(name, _)| matches!(*name, b"free" | b"skip" | b"wide"));
    let empty = padding.fold(0, |sum, (_, inside)| sum + inside.iter().filter(|byte| **byte != 0).count()) < 256;
    let track = holds(b"moov").and_then(boxes).is_some_and(|inner| {
        let has = |wanted: &[u8; 4]| inner.iter().any(|(name, inside)| *name == wanted && !inside.is_empty());
        has(b"mvhd") && has(b"trak")
    });
    top.first().is_some_and(|(name, _)| *name == b"ftyp") && of_films && empty && track && holds(b"mdat").is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    pub(super) fn one(name: &[u8; 4], inside: &[u8]) -> Vec<u8> {
        [&u32::try_from(inside.len() + 8).unwrap().to_be_bytes(), name.as_slice(), inside].concat()
    }

    fn film() -> Vec<u8> {
        let moov = [one(b"mvhd", &[0; 100]), one(b"trak", &one(b"tkhd", &[0; 84]))].concat();
        [one(b"ftyp", b"mp42\0\0\0\0mp42isom"), one(b"free", &[0; 8]), one(b"moov", &moov), one(b"mdat", b"frames")]
            .concat()
    }

    #[test]
    fn only_a_film_from_end_to_end_is_one() {
        assert!(is_film(&film()));
        let long = [&film()[..], &1_u32.to_be_bytes(), b"mdat", &20_u64.to_be_bytes(), b"more"].concat();
        assert!(is_film(&long), "a box may tell its size in eight bytes");
        assert!(!is_film(&film()[..film().len() - 1]), "cut off");
        assert!(!is_film(&[&film()[..], b"<script>"].concat()), "something behind it");
        assert!(!is_film(&[&film()[..], &one(b"uuid", b"stranger")].concat()), "a box that is no film's");
        assert!(!is_film(&one(b"ftyp", b"mp42")), "nothing to show");
        assert!(!is_film(&[&film()[..], &1_u32.to_be_bytes(), b"mdat", &u64::MAX.to_be_bytes()].concat()));
        assert!(!is_film(&[&film()[..], &one(b"free", &[b'x'; 400])].concat()), "a stranger in what is free");
    }
}
