//! Target and actual per fiscal year as paired bars.

use super::rows::Rows;
use super::{ceiling, escape, grouped, open};

/// One fiscal year. `None` is not set or not counted: nothing is drawn, and `YearChart::blank` is written in its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct YearPoint {
    /// The year's label.
    pub label: String,
    /// Planned count.
    pub target: Option<i64>,
    /// Counted.
    pub actual: Option<i64>,
    /// A line under the year, such as the rate; may be empty.
    pub note: String,
}

/// Target against actual by fiscal year.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct YearChart {
    /// Unique on the page: ties the name and description to the picture.
    pub id: String,
    /// What the chart shows.
    pub title: String,
    /// The same in a sentence with its numbers.
    pub description: String,
    /// Legend of the planned bars.
    pub target_label: String,
    /// Legend of the counted bars.
    pub actual_label: String,
    /// Written where a target is not set, such as a dash.
    pub blank: String,
    /// The years, in order.
    pub years: Vec<YearPoint>,
}

const WIDTH: i64 = 720;
const HEIGHT: i64 = 320;
const LEFT: i64 = 64;
const TOP: i64 = 44;
const BASE: i64 = 256;

impl YearChart {
    /// The chart as SVG twice, of which the style sheet shows one: columns, and rows where there is little room.
    pub fn svg(&self) -> String {
        self.columns() + &self.rows()
    }

    fn most(&self) -> i64 {
        self.years.iter().flat_map(|year| [year.target, year.actual]).flatten().max().unwrap_or(0)
    }

    fn rows(&self) -> String {
        let mut rows = Rows::up_to(self.most());
        for (class, label) in [("chart-target", &self.target_label), ("chart-actual", &self.actual_label)] {
            rows.key(class, label);
        }
        rows.gap();
        for year in &self.years {
            rows.words(format!("{}  {}", year.label, year.note).trim_end());
            rows.bar("chart-target", year.target, &self.blank);
            rows.bar("chart-actual", year.actual, "");
            rows.gap();
        }
        let (size, body) = rows.done(" chart--narrow");
        open(&format!("{}-rows", self.id), &size, &self.title, &self.description) + &body
    }

    fn columns(&self) -> String {
        let top = ceiling(self.most().max(4));
        let size = format!("class=\"chart chart--drawn\" viewBox=\"0 0 {WIDTH} {HEIGHT}\"");
        let mut out = open(&self.id, &size, &self.title, &self.description);
        self.legend(&mut out);
        for quarter in 0..=4 {
            let y = BASE - (BASE - TOP) * quarter / 4;
            let value = grouped(top * quarter / 4);
            out.push_str(&format!(
                "<line class=\"chart-axis\" x1=\"{LEFT}\" x2=\"{WIDTH}\" y1=\"{y}\" y2=\"{y}\"/>\
                 <text class=\"chart-small\" x=\"{}\" y=\"{}\" text-anchor=\"end\">{value}</text>",
                LEFT - 8,
                y + 4
            ));
        }
        let slot = (WIDTH - LEFT) / i64::try_from(self.years.len()).unwrap_or(1).max(1);
        for (x, year) in (0..).map(|index| LEFT + slot * index + slot / 2).zip(&self.years) {
            self.year(&mut out, x, slot, top, year);
        }
        out.push_str("</svg>");
        out
    }

    fn legend(&self, out: &mut String) {
        let (target, actual) = (escape(&self.target_label), escape(&self.actual_label));
        let second = LEFT + 40 + 14 * i64::try_from(self.target_label.chars().count()).unwrap_or(0);
        out.push_str(&format!(
            "<rect class=\"chart-target\" x=\"{LEFT}\" y=\"8\" width=\"14\" height=\"14\" rx=\"2\"/><text x=\"{}\" y=\"20\">{target}</text>\
             <rect class=\"chart-actual\" x=\"{second}\" y=\"8\" width=\"14\" height=\"14\" rx=\"2\"/><text x=\"{}\" y=\"20\">{actual}</text>",
            LEFT + 20,
            second + 20
        ));
    }

    fn year(&self, out: &mut String, middle: i64, slot: i64, top: i64, year: &YearPoint) {
        let bar = (slot / 3).clamp(4, 48);
        for (class, value, x, blank) in [
            ("chart-target", year.target, middle - bar - 2, self.blank.as_str()),
            ("chart-actual", year.actual, middle + 2, ""),
        ] {
            let centre = x + bar / 2;
            match value {
                Some(value) => {
                    // A count above zero stays visible however small it is.
                    let height = ((BASE - TOP) * value.max(0) / top).max(i64::from(value > 0));
                    let y = BASE - height;
                    out.push_str(&format!(
                        "<rect class=\"{class}\" x=\"{x}\" y=\"{y}\" width=\"{bar}\" height=\"{height}\" rx=\"2\"/>\
                         <text class=\"chart-small\" x=\"{centre}\" y=\"{}\" text-anchor=\"middle\">{}</text>",
                        y - 5,
                        grouped(value)
                    ));
                }
                None => out.push_str(&format!(
                    "<text class=\"chart-small\" x=\"{centre}\" y=\"{}\" text-anchor=\"middle\">{}</text>",
                    BASE - 5,
                    escape(blank)
                )),
            }
        }
        out.push_str(&format!(
            "<text x=\"{middle}\" y=\"{}\" text-anchor=\"middle\">{}</text>\
             <text class=\"chart-small\" x=\"{middle}\" y=\"{}\" text-anchor=\"middle\">{}</text>",
            BASE + 22,
            escape(&year.label),
            BASE + 42,
            escape(&year.note)
        ));
    }
}
