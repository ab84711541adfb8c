//! A QR code as SVG: error correction M, a quiet zone of four modules (ISO/IEC 18004), always black on white so that it
//! can be scanned in a dark theme and from paper. Leaves what the link says to the caller.

use fast_qr::{ECL, QRBuilder};
use thiserror::Error;

use crate::chart::escape;

const QUIET: usize = 4;

/// The text does not fit in a QR code (about 2,300 bytes at this level).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("too long for a QR code")]
pub struct QrTooLong;

/// The QR code of a link, titled for readers who cannot see it. Scales to its container.
pub fn svg(link: &str, title: &str) -> Result<String, QrTooLong> {
    let code = QRBuilder::new(link).ecl(ECL::M).build().map_err(|_| QrTooLong)?;
    let side = code.size + 2 * QUIET;
    let mut path = String::new();
    for y in 0..code.size {
        let mut x = 0;
        while x < code.size {
            let run = (x..code.size).take_while(|at| code[y][*at].value()).count();
            if run > 0 {
                path.push_str(&format!("M{} {}h{run}v1h-{run}z", x + QUIET, y + QUIET));
            }
            x += run.max(1);
        }
    }
    Ok(format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {side} {side}\" role=\"img\" class=\"qr\" \
         shape-rendering=\"crispEdges\"><title>{}</title><rect width=\"{side}\" height=\"{side}\" fill=\"#fff\"/>\
         <path d=\"{path}\" fill=\"#000\"/></svg>",
        escape(title)
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_becomes_a_square_with_a_quiet_zone() {
        let svg = svg("https://example.jp/j/ABC?x=1&y=2", "参加 <QR>").unwrap();
        // 32 bytes at level M need version 3: 29 modules and twice four of quiet zone.
        assert!(svg.contains("viewBox=\"0 0 37 37\""), "{svg}");
        assert!(svg.contains("<title>参加 &lt;QR&gt;</title>"));
        // The finder pattern begins with a run of seven in the first corner.
        assert!(svg.contains("M4 4h7v1h-7z"));
    }

    #[test]
    fn too_long_is_refused() {
        assert_eq!(svg(&"x".repeat(3_000), ""), Err(QrTooLong));
    }
}
