//! Horizontal bars below their words, in percent of whatever room there is.

use super::{escape, grouped};

/// The longest bar, in tenths of a percent: its number stands behind it.
const LONGEST: i64 = 820;
const WORDS: i64 = 22;
const BAR: i64 = 18;
const GAP: i64 = 8;

/// Rows one below the other.
pub(super) struct Rows {
    body: String,
    y: i64,
    most: i64,
}

impl Rows {
    /// Rows whose longest bar stands for `most` people.
    pub(super) fn up_to(most: i64) -> Self {
        Self { body: String::new(), y: 0, most: most.max(1) }
    }

    /// Words on a line of their own.
    pub(super) fn words(&mut self, text: &str) {
        self.y += WORDS;
        self.body.push_str(&format!("<text x=\"0\" y=\"{}\">{}</text>", self.y - 6, escape(text)));
    }

    /// What a class of bars stands for.
    pub(super) fn key(&mut self, class: &str, label: &str) {
        self.body.push_str(&format!(
            "<rect class=\"{class}\" x=\"0\" y=\"{}\" width=\"14\" height=\"14\" rx=\"2\"/><text x=\"20\" y=\"{}\">{}</text>",
            self.y + 3,
            self.y + 15,
            escape(label)
        ));
        self.y += WORDS;
    }

    /// A bar with its number, or `hidden` where there is none.
    pub(super) fn bar(&mut self, class: &str, count: Option<i64>, hidden: &str) {
        // A count above zero stays visible however small it is.
        let tenths = count.map_or(0, |count| (LONGEST * count.max(0) / self.most).max(if count > 0 { 3 } else { 0 }));
        let width = format!("{}.{}%", tenths / 10, tenths % 10);
        let value = count.map_or_else(|| escape(hidden), grouped);
        if count.is_some() {
            self.body.push_str(&format!(
                "<rect class=\"{class}\" x=\"0\" y=\"{}\" width=\"{width}\" height=\"{}\" rx=\"2\"/>",
                self.y,
                BAR - 2
            ));
        }
        self.body.push_str(&format!("<text x=\"{width}\" dx=\"6\" y=\"{}\">{value}</text>", self.y + 13));
        self.y += BAR;
    }

    /// Room below a group.
    pub(super) fn gap(&mut self) {
        self.y += GAP;
    }

    /// Classes and size of the whole, and what is in it up to its end.
    pub(super) fn done(self, class: &str) -> (String, String) {
        let size = format!("class=\"chart chart--rows{class}\" width=\"100%\" height=\"{}\"", self.y.max(1));
        (size, format!("{}</svg>", self.body))
    }
}
