//! Lists `locales/{ja,ja-easy,en}/*.ftl` so that a new file is embedded without a change of code.
//! Leaves parsing and completeness to the crate and its tests.

use std::fmt::Write as _;
use std::path::Path;
use std::{env, fs, io};

fn main() -> io::Result<()> {
    let manifest = env::var("CARGO_MANIFEST_DIR").map_err(io::Error::other)?;
    let out = env::var("OUT_DIR").map_err(io::Error::other)?;
    let root = Path::new(&manifest).join("../../locales").canonicalize()?;
    let mut code = String::from("&[\n");
    for locale in ["ja", "ja-easy", "en"] {
        let folder = root.join(locale);
        println!("cargo::rerun-if-changed={}", folder.display());
        let mut files: Vec<_> = fs::read_dir(&folder)?.collect::<Result<Vec<_>, _>>()?;
        files.sort_by_key(std::fs::DirEntry::file_name);
        for file in files {
            let path = file.path();
            if path.extension().is_none_or(|e| e != "ftl") {
                continue;
            }
            let stem = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
            println!("cargo::rerun-if-changed={}", path.display());
            writeln!(code, "    ({locale:?}, {stem:?}, include_str!({:?})),", path.display().to_string())
                .map_err(io::Error::other)?;
        }
    }
    code.push_str("]\n");
    fs::write(Path::new(&out).join("files.rs"), code)
}
