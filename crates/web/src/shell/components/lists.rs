//! Ways through many things: breadcrumbs, pages of a list, sortable heads, tabs, steps of a form.

use askama::Template;
use tsunagari_i18n::Texts;

use super::Link;
use crate::shell::NavItem;

/// Where this page lies: links from the top; the page itself is the heading below.
#[derive(Debug, Clone, Template)]
#[template(path = "shell/components/crumbs.html")]
pub struct Crumbs {
    t: Texts,
    /// From the top.
    pub links: Vec<Link>,
}

impl Crumbs {
    /// From the top.
    pub fn of(t: Texts, links: Vec<Link>) -> Self {
        Self { t, links }
    }
}

/// Pages of a list. Renders nothing for a single page.
#[derive(Debug, Clone, Template)]
#[template(path = "shell/components/pager.html")]
pub struct Pager {
    t: Texts,
    /// This page, from 1.
    pub page: u64,
    /// All pages.
    pub pages: u64,
    previous: Option<String>,
    next: Option<String>,
    first: String,
    last: String,
}

impl Pager {
    /// Page `page` (from 1) of `pages`; `href` gives the address of a page.
    pub fn of(t: Texts, page: u64, pages: u64, href: impl Fn(u64) -> String) -> Self {
        Self {
            t,
            page,
            pages,
            previous: (page > 1).then(|| href(page - 1)),
            next: (page < pages).then(|| href(page + 1)),
            first: href(1),
            last: href(pages.max(1)),
        }
    }

    const fn many(&self) -> bool {
        self.pages > 1
    }
}

/// How a column is sorted now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SortOrder {
    /// Not by this column.
    Unsorted,
    /// Smallest first.
    Ascending,
    /// Largest first.
    Descending,
}

/// The `<th>` of a sortable column; the link leads to the other order.
#[derive(Debug, Clone, Template)]
#[template(path = "shell/components/sort_header.html")]
pub struct SortHeader {
    /// Column name.
    pub label: String,
    /// Address of the list sorted the other way.
    pub href: String,
    /// Now.
    pub order: SortOrder,
    /// `num` for figures, else empty.
    pub class: &'static str,
}

impl SortHeader {
    /// A sortable column of words.
    pub fn of(label: impl Into<String>, href: impl Into<String>, order: SortOrder) -> Self {
        Self { label: label.into(), href: href.into(), order, class: "" }
    }

    /// Its cells are figures.
    #[must_use]
    pub fn figures(mut self) -> Self {
        self.class = "num";
        self
    }

    fn aria(&self) -> &'static str {
        match self.order {
            SortOrder::Unsorted => "none",
            SortOrder::Ascending => "ascending",
            SortOrder::Descending => "descending",
        }
    }

    fn arrow(&self) -> &'static str {
        match self.order {
            SortOrder::Unsorted => "",
            SortOrder::Ascending => "▲",
            SortOrder::Descending => "▼",
        }
    }
}

/// Views of one thing, each a page of its own.
#[derive(Debug, Clone, Template)]
#[template(path = "shell/components/tabs.html")]
pub struct Tabs {
    /// What the tabs are views of, for screen readers.
    pub label: String,
    /// The views.
    pub items: Vec<NavItem>,
}

impl Tabs {
    /// Views of one thing.
    pub fn of(label: impl Into<String>, items: Vec<NavItem>) -> Self {
        Self { label: label.into(), items }
    }
}

/// Steps of a form, done and to come.
#[derive(Debug, Clone, Template)]
#[template(path = "shell/components/steps.html")]
pub struct Steps {
    t: Texts,
    /// Names of the steps.
    pub labels: Vec<String>,
    /// The present one, from 0.
    pub current: usize,
}

impl Steps {
    /// Steps with the present one (from 0).
    pub fn of(t: Texts, labels: Vec<String>, current: usize) -> Self {
        Self { t, labels, current }
    }

    fn state(&self, index: &usize) -> &'static str {
        match (*index).cmp(&self.current) {
            std::cmp::Ordering::Less => "done",
            std::cmp::Ordering::Equal => "current",
            std::cmp::Ordering::Greater => "todo",
        }
    }
}

super::html!(Crumbs, Pager, SortHeader, Tabs, Steps);
