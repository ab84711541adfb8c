//! Counts by reason as horizontal bars, in the order given.

use super::{escape, grouped, open};

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

const WIDTH: i64 = 720;
const ROW: i64 = 32;
const LEFT: i64 = 300;
const LENGTH: i64 = 350;

impl BarChart {
    /// The chart as SVG.
    pub fn svg(&self) -> String {
        let rows = i64::try_from(self.bars.len()).unwrap_or(0).max(1);
        let most = self.bars.iter().filter_map(|bar| bar.count).max().unwrap_or(0).max(1);
        let mut out = open(&self.id, WIDTH, rows * ROW + 8, &self.title, &self.description);
        for (top, bar) in (0..).map(|row| row * ROW + 4).zip(&self.bars) {
            let width = bar.count.map_or(0, |count| (LENGTH * count.max(0) / most).max(i64::from(count > 0)));
            let value = bar.count.map_or_else(|| escape(&self.hidden), grouped);
            out.push_str(&format!(
                "<text x=\"{}\" y=\"{}\" text-anchor=\"end\">{}</text>\
                 <rect class=\"chart-actual\" x=\"{LEFT}\" y=\"{}\" width=\"{width}\" height=\"{}\" rx=\"2\"/>\
                 <text x=\"{}\" y=\"{}\">{value}</text>",
                LEFT - 10,
                top + 20,
                escape(&bar.label),
                top + 4,
                ROW - 10,
                LEFT + width + 8,
                top + 20
            ));
        }
        out.push_str(&format!(
            "<line class=\"chart-axis\" x1=\"{LEFT}\" x2=\"{LEFT}\" y1=\"2\" y2=\"{}\"/></svg>",
            rows * ROW + 4
        ));
        out
    }
}
