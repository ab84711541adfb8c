//! The order of a list as its address says it (`sort=name`, `sort=-name`): it stays in links and bookmarks, and works without
//! scripts. Leaves sorting what is not all at hand to storage.

use tsunagari_storage::order::Way;

use super::lists::{SortHeader, SortOrder};

/// How a list is sorted, as its address says it: `sort=name`, or `sort=-name` for the largest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sorting<C> {
    /// By this column.
    pub by: C,
    /// Which way.
    pub way: Way,
    code: &'static str,
    usual: (&'static str, Way),
}

impl<C: Copy> Sorting<C> {
    /// What an address asks for among the columns on offer: the one the list begins with, and more. Anything else is the
    /// beginning.
    pub fn asked(text: &str, usual: (&'static str, C, Way), more: &[(&'static str, C)]) -> Self {
        let (name, way) = text.strip_prefix('-').map_or((text, Way::Rising), |name| (name, Way::Falling));
        let (first, by, begins) = usual;
        let found = [(first, by)].into_iter().chain(more.iter().copied()).find(|(code, _)| *code == name);
        let ((code, by), way) = found.map_or(((first, by), begins), |found| (found, way));
        Self { by, way, code, usual: (first, begins) }
    }
}

impl<C> Sorting<C> {
    /// The part of an address that keeps this order; empty for the order the list begins with.
    pub fn kept(&self) -> String {
        if (self.code, self.way) == self.usual { String::new() } else { said(self.code, self.way) }
    }

    /// Puts what is all at hand into this order.
    pub fn sort<T, K: Ord>(&self, all: &mut [T], key: impl Fn(&T) -> K) {
        all.sort_by_cached_key(key);
        if self.way == Way::Falling {
            all.reverse();
        }
    }

    /// The head of a column; `href` gives the address of the list in an order.
    pub fn head(&self, label: impl Into<String>, column: &str, href: impl Fn(&str) -> String) -> SortHeader {
        let (order, other) = match (self.code == column, self.way) {
            (false, _) => (SortOrder::Unsorted, Way::Rising),
            (true, Way::Rising) => (SortOrder::Ascending, Way::Falling),
            (true, Way::Falling) => (SortOrder::Descending, Way::Rising),
        };
        SortHeader::of(label, href(&said(column, other)), order)
    }
}

fn said(column: &str, way: Way) -> String {
    match way {
        Way::Rising => column.to_owned(),
        Way::Falling => format!("-{column}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(text: &str) -> Sorting<u8> {
        Sorting::asked(text, ("due", 1, Way::Rising), &[("kind", 2), ("since", 3)])
    }

    #[test]
    fn an_address_asks_for_a_column_and_a_way() {
        let of = |text: &str| {
            let it = asked(text);
            (it.by, it.way, it.kept())
        };
        assert_eq!(of(""), (1, Way::Rising, String::new()));
        assert_eq!(of("-kind"), (2, Way::Falling, "-kind".into()));
        assert_eq!(of("kind; DROP TABLE"), (1, Way::Rising, String::new()), "a column nobody offers is none");
    }

    #[test]
    fn a_head_leads_to_its_column_and_then_to_the_other_way() {
        let it = asked("-since");
        let head = |column: &str| {
            let it = it.head("x", column, |order| format!("/list?sort={order}"));
            (it.href, it.order)
        };
        assert_eq!(head("since"), ("/list?sort=since".into(), SortOrder::Descending));
        assert_eq!(head("kind"), ("/list?sort=kind".into(), SortOrder::Unsorted));
    }

    #[test]
    fn what_is_at_hand_is_put_in_order() {
        let mut all = vec![(3, "c"), (1, "a"), (2, "b")];
        asked("-kind").sort(&mut all, |it| it.0);
        assert_eq!(all, [(3, "c"), (2, "b"), (1, "a")]);
    }
}
