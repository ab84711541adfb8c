//! Counts by reason as horizontal bars, in the order given.

use super::open;
use super::rows::Rows;

/// One bar.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bar {
    /// What is counted.
    pub label: String,
    /// People; `None` where the count is not shown (too small), drawn as a gap with `BarChart::hidden`.
    pub count: Option<i64>,
}

/// Horizontal bars, such as the reasons of those not reached.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BarChart {
    /// Unique on the page.
    pub id: String,
    /// What the chart shows.
    pub title: String,
    /// The same in a sentence.
    pub description: String,
    /// Written in place of a count that is not shown.
    pub hidden: String,
    /// The bars.
    pub bars: Vec<Bar>,
}

impl BarChart {
    /// The chart as SVG, as wide as there is room.
    pub fn svg(&self) -> String {
        let mut rows = Rows::up_to(self.bars.iter().filter_map(|bar| bar.count).max().unwrap_or(0));
        for bar in &self.bars {
            rows.words(&bar.label);
            rows.bar("chart-actual", bar.count, &self.hidden);
            rows.gap();
        }
        let (size, body) = rows.done("");
        open(&self.id, &size, &self.title, &self.description) + &body
    }
}
