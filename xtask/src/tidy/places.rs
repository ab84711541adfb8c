//! The repository names no machine and no package host: it is built anywhere, from whatever registry is set up there.

use super::{Finding, House};

/// Written in two halves so that this file does not find itself.
const PLACES: &[(&str, &str)] = &[
    ("/wo", "rk/main"),
    ("/wo", "rk/shared"),
    ("/wo", "rk/."),
    ("/ro", "ot/"),
    ("/Us", "ers/"),
    ("registry.npm", "js.org"),
    ("registry.yarn", "pkg.com"),
    ("files.python", "hosted.org"),
    ("py", "pi.org/simple"),
    ("static.crates", ".io"),
    ("index.crates", ".io"),
    ("deb.deb", "ian.org"),
];

/// Every text file but Cargo's lock file, whose form is not ours.
pub fn check(house: &House) -> Vec<Finding> {
    let mut findings = Vec::new();
    for file in house.tree.files.iter().filter(|file| file.path != "Cargo.lock") {
        for (head, tail) in PLACES {
            let place = format!("{head}{tail}");
            if !file.text.contains(&place) {
                continue;
            }
            for (line, _) in file.lines().filter(|(_, text)| text.contains(&place)) {
                findings.push(Finding::new(
                    "places",
                    &file.path,
                    line,
                    format!("`{place}` names a machine or a package host"),
                ));
            }
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn package_hosts_are_found() {
        let host = format!("https://registry.npm{}/axe-core", "js.org");
        let house = House::of(&[
            ("e2e/package-lock.json", &format!("{{\n\"resolved\": \"{host}\"\n}}")),
            ("Cargo.lock", &host),
        ]);
        assert_eq!(check(&house).iter().map(|finding| finding.line).collect::<Vec<_>>(), [2]);
    }
}
