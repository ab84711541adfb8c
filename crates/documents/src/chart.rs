//! Charts as SVG text made from data: no script, colours by CSS classes that the page's style sheet
//! gives (`chart-target`, `chart-actual`, `chart-axis`, `chart-small`), so light, dark and print follow the page. Every word comes from the
//! caller in the reader's language. A missing value is a gap, never a zero. The page puts a table beside each chart.
//! A drawing (`chart--drawn`) is scaled as a whole; rows (`chart--rows`) are as wide as the page has room, in percent, with words
//! that keep their size: for phones, where the words of a drawing would shrink beyond reading.
//! To add a chart: a module here with one pure function from its data to a `String`.

mod bars;
mod rows;
mod years;

pub use bars::{Bar, BarChart};
pub use years::{YearChart, YearPoint};

/// Text made safe inside XML content and attributes.
pub(crate) fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c if c.is_control() => out.push(' '),
            c => out.push(c),
        }
    }
    out
}

/// A count grouped by thousands: `1,457`.
pub(crate) fn grouped(n: i64) -> String {
    tsunagari_kernel::Yen(n).to_string()
}

/// The opening of a chart: its classes and size, its name and its description for readers who cannot see it.
fn open(id: &str, classes_and_size: &str, title: &str, description: &str) -> String {
    let (id, title, description) = (escape(id), escape(title), escape(description));
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" {classes_and_size} role=\"img\" \
         aria-labelledby=\"{id}-t {id}-d\"><title id=\"{id}-t\">{title}</title><desc id=\"{id}-d\">{description}</desc>"
    )
}

/// A round number at or above `top` whose quarters are round as well.
fn ceiling(top: i64) -> i64 {
    let mut unit = 4;
    loop {
        for step in [1, 2, 3, 5] {
            if unit * step >= top {
                return unit * step;
            }
        }
        unit *= 10;
    }
}

#[cfg(test)]
mod tests;
