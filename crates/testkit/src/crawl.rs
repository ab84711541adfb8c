//! Walks a town's pages from link to link and keeps, for every row of the route table, an address that leads to it and
//! the form that posts to it. The matrices are made from that: a new route needs nothing but a page that leads there.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use axum::http::Method;
use tsunagari_web::routes::RouteRow;

use crate::browser::Browser;
use crate::markup::{Form, forms, links};

/// Pages looked at per row of the table.
const PER_ROW: usize = 8;

/// Parameters that are codes of the program, the same in every town.
const VOCABULARY: &[(&str, &str)] = &[("{face}", "member")];

/// What a walk found, by method and path of the table.
#[derive(Debug, Clone, Default)]
pub struct Found {
    /// Addresses without their question part.
    pub addresses: BTreeMap<(Verb, &'static str), BTreeSet<String>>,
    /// A filled form for each row that is posted to.
    pub forms: BTreeMap<&'static str, Form>,
}

/// A method that can be ordered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verb {
    /// Asked for.
    Get,
    /// Posted to.
    Post,
}

impl Verb {
    /// Of a row.
    pub fn of(row: &RouteRow) -> Self {
        if row.method == Method::POST { Self::Post } else { Self::Get }
    }
}

/// The row an address belongs to: the one with the fewest parameters that fits.
pub fn row_of<'t>(table: &'t [RouteRow], method: Verb, address: &str) -> Option<&'t RouteRow> {
    let path = address.split(['?', '#']).next().unwrap_or_default();
    table
        .iter()
        .filter(|row| Verb::of(row) == method && fits(row.path, path))
        .min_by_key(|row| row.path.matches('{').count())
}

fn fits(template: &str, path: &str) -> bool {
    let (left, right): (Vec<&str>, Vec<&str>) = (template.split('/').collect(), path.split('/').collect());
    left.len() == right.len()
        && left.iter().zip(&right).all(|(a, b)| if a.starts_with('{') { !b.is_empty() } else { a == b })
}

/// Words that stand in an address where an id could: the form for something new, the same in every town.
const FORMS_FOR_NEW: [&str; 2] = ["add", "new"];

impl Found {
    /// Walks from some addresses.
    pub async fn walk(&mut self, table: &[RouteRow], browser: &mut Browser, from: &[&str]) {
        let mut queue: VecDeque<String> = from.iter().map(|it| (*it).to_owned()).collect();
        let mut seen: BTreeSet<String> = queue.iter().cloned().collect();
        let mut looked: BTreeMap<&'static str, usize> = BTreeMap::new();
        while let Some(address) = queue.pop_front() {
            let Some(row) = row_of(table, Verb::Get, &address) else { continue };
            let times = looked.entry(row.path).or_default();
            *times += 1;
            if *times > PER_ROW {
                continue;
            }
            let answer = browser.get(&address).await;
            if let Some(to) = answer.location.filter(|to| to.starts_with('/'))
                && seen.insert(to.clone())
            {
                queue.push_back(to);
            }
            if !answer.status.is_success() {
                continue;
            }
            self.note(row, &address);
            for link in links(&answer.text) {
                if seen.insert(link.clone()) {
                    queue.push_back(link);
                }
            }
            for form in forms(&answer.text, &address) {
                let method = if form.posted { Verb::Post } else { Verb::Get };
                if let Some(row) = row_of(table, method, &form.action) {
                    self.note(row, &form.action);
                    if form.posted {
                        self.forms.entry(row.path).or_insert(form);
                    }
                }
            }
        }
    }

    fn note(&mut self, row: &RouteRow, address: &str) {
        let path = address.split(['?', '#']).next().unwrap_or_default();
        self.addresses.entry((Verb::of(row), row.path)).or_default().insert(path.to_owned());
    }

    /// An address of a row; one that names a thing rather than a form for a new one, where there are both. What is posted to
    /// may stand under an address that is asked for, and the other way round.
    pub fn of(&self, row: &RouteRow) -> Option<&str> {
        let all = [Verb::of(row), Verb::Get, Verb::Post]
            .into_iter()
            .find_map(|method| self.addresses.get(&(method, row.path)))?;
        let named = |address: &&String| !address.split('/').any(|part| FORMS_FOR_NEW.contains(&part));
        all.iter().find(named).or_else(|| all.first()).map(String::as_str)
    }

    /// Values for a row's parameters: those of one of its own addresses, or, when none was walked to, those other rows have
    /// for the same beginning of a path or, under the same page, for a parameter of the same name.
    pub fn values_for(&self, row: &RouteRow) -> Option<Vec<(&'static str, String)>> {
        if let Some(own) = self.of(row) {
            return Some(Self::values(row, own));
        }
        let parts: Vec<&'static str> = row.path.split('/').collect();
        let mut values = Vec::new();
        for (n, part) in parts.iter().enumerate().filter(|(_, part)| part.starts_with('{')) {
            let begins = parts.get(..=n)?.join("/");
            let page = parts.iter().take(3).copied().collect::<Vec<_>>().join("/");
            let known = self.addresses.iter().flat_map(|((_, path), all)| all.iter().map(move |it| (*path, it)));
            let same = |path: &str| path == begins || path.starts_with(&format!("{begins}/"));
            let value = known.clone().find(|(path, _)| same(path)).and_then(|(_, it)| it.split('/').nth(n));
            // The same thing under another page: a list of people's messages may be fetched under `exports`.
            let pair = format!("/{}/{part}", parts.get(n.checked_sub(1)?)?);
            let value = value.or_else(|| {
                let (path, address) = known.clone().find(|(path, _)| path.contains(&pair))?;
                address.split('/').nth(path.split('/').position(|it| it == *part)?)
            });
            let value = value.or_else(|| VOCABULARY.iter().find(|(name, _)| name == part).map(|(_, code)| *code));
            let value = value.or_else(|| {
                let (path, address) =
                    known.clone().find(|(path, _)| path.starts_with(&page) && path.contains(*part))?;
                address.split('/').nth(path.split('/').position(|it| it == *part)?)
            });
            values.push((*part, value?.to_owned()));
        }
        Some(values)
    }

    /// The values of a row's parameters in one of its addresses.
    pub fn values(row: &RouteRow, address: &str) -> Vec<(&'static str, String)> {
        row.path
            .split('/')
            .zip(address.split('/'))
            .filter(|(part, _)| part.starts_with('{'))
            .map(|(part, value)| (part, value.to_owned()))
            .collect()
    }
}

/// A row's path with these values.
pub fn filled(row: &RouteRow, values: &[(&'static str, String)]) -> String {
    let mut values = values.iter();
    let parts: Vec<&str> = row
        .path
        .split('/')
        .map(|part| if part.starts_with('{') { values.next().map_or("", |(_, value)| value.as_str()) } else { part })
        .collect();
    parts.join("/")
}
