//! One entry of a navigation. Leaves which entries a role sees to the office.

/// A link of a navigation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NavItem {
    /// Where it leads.
    pub href: String,
    /// The words, in the reader's language.
    pub label: String,
    /// Symbol of the sprite without `i-` (for the language switch: the language's tag).
    pub icon: &'static str,
    /// Whether the page belongs here.
    pub current: bool,
    /// Things that wait behind it.
    pub count: Option<u64>,
}

impl NavItem {
    /// An entry that is current when `path` lies under `href`.
    pub fn to(href: &str, label: String, icon: &'static str, path: &str) -> Self {
        let plain = path.split('?').next().unwrap_or(path);
        let current = plain == href || plain.strip_prefix(href).is_some_and(|rest| rest.starts_with('/'));
        Self { href: href.to_owned(), label, icon, current, count: None }
    }

    /// The same with a number of waiting things.
    #[must_use]
    pub fn waiting(mut self, count: u64) -> Self {
        self.count = (count > 0).then_some(count);
        self
    }
}
