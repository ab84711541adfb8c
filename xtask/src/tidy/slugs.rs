//! Programmes, plans and towns are data: no blueprint's name appears in code. The names are those of the files below
//! `blueprints/`; reading the files is left to the blueprints crate.

use super::{Finding, House};

/// Strings of the product's code.
pub fn check(house: &House) -> Vec<Finding> {
    let slugs: Vec<&str> = house
        .tree
        .ending("toml")
        .filter(|file| file.under("blueprints"))
        .map(|file| file.stem())
        .filter(|slug| slug.len() > 3)
        .collect();
    house
        .crate_sources()
        // The list of embedded files is where the files themselves come in.
        .filter(|source| source.path != "crates/blueprints/src/embedded.rs")
        .flat_map(|source| source.product_strings().map(move |(line, text)| (source, line, text)))
        .flat_map(|(source, line, text)| {
            let used = slugs.iter().filter(move |slug| has_word(text, slug));
            used.map(move |slug| {
                let message = format!("`{slug}` is a blueprint; code knows kinds, never one of them");
                Finding::new("slugs", &source.path, line, message)
            })
        })
        .collect()
}

fn has_word(text: &str, word: &str) -> bool {
    let inside = |c: char| c.is_alphanumeric() || c == '-' || c == '_';
    text.match_indices(word).any(|(at, _)| {
        !text[..at].chars().next_back().is_some_and(inside)
            && !text[at + word.len()..].chars().next().is_some_and(inside)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_blueprint_named_in_code_is_found() {
        let house = House::of(&[
            ("blueprints/shimane/hillside.toml", ""),
            ("crates/acts/src/a.rs", "//! x\nif org == \"hillside\" {}\nlet b = \"hillsides\";\n"),
        ]);
        assert_eq!(check(&house).iter().map(|finding| finding.line).collect::<Vec<_>>(), [2]);
    }
}
