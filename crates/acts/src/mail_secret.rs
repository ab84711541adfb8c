//! A mail secret of one organisation: a file that whoever runs the machine has put into the organisation's own directory, and
//! that the office names. A name leads nowhere else: it holds no slash, and what it leads to lies in that directory. Whether
//! a file is missing, locked or something else is answered alike, so that nobody can look around by asking.

use std::fs::File;
use std::io::Read;
use std::path::Path;

/// Longer than any password or key.
const MOST_BYTES: u64 = 64 * 1024;
const LONGEST_NAME: usize = 100;

/// Whether a text can be the name of a secret.
pub fn is_name(name: &str) -> bool {
    let letter = |c: char| c.is_alphanumeric() || matches!(c, '.' | '-' | '_');
    !name.is_empty() && name.chars().count() <= LONGEST_NAME && !name.starts_with('.') && name.chars().all(letter)
}

/// The text of a secret; nothing where there is none of this name.
pub fn read(secrets: &Path, organisation: &str, name: &str) -> Option<String> {
    if !is_name(organisation) || !is_name(name) {
        return None;
    }
    let own = secrets.join(organisation).canonicalize().ok()?;
    let path = own.join(name).canonicalize().ok()?;
    // Links are followed inside the directory only; a pipe would never end.
    if !path.starts_with(&own) || !path.is_file() {
        return None;
    }
    let mut text = String::new();
    let read = File::open(&path).ok()?.take(MOST_BYTES + 1).read_to_string(&mut text).ok()?;
    u64::try_from(read).is_ok_and(|read| read <= MOST_BYTES).then_some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_leads_to_the_organisations_own_files_only() {
        let root = tempfile::tempdir().unwrap();
        let secrets = root.path().join("mail");
        for own in ["322041", "322016"] {
            std::fs::create_dir_all(secrets.join(own).join("inner")).unwrap();
        }
        let own = secrets.join("322041");
        std::fs::write(own.join("smtp.password"), "secret\n").unwrap();
        std::fs::write(own.join("inner/key.pem"), "key").unwrap();
        std::fs::write(own.join("long"), "x".repeat(70_000)).unwrap();
        std::fs::write(own.join("bytes"), [0xff, 0xfe]).unwrap();
        std::fs::write(secrets.join("322016/theirs"), "theirs").unwrap();
        std::fs::write(root.path().join("database.url"), "postgres://").unwrap();
        assert_eq!(read(&secrets, "322041", "smtp.password").as_deref(), Some("secret\n"));
        let whole = root.path().join("database.url").display().to_string();
        for name in [
            "",
            ".",
            "..",
            "nothing",
            "inner",
            "inner/key.pem",
            "../322016/theirs",
            "../../database.url",
            &whole,
            "long",
            "bytes",
            "..\\x",
            "smtp.password\0",
        ] {
            assert_eq!(read(&secrets, "322041", name), None, "{name}");
        }
        assert_eq!(read(&secrets, "..", "database.url"), None);
        #[cfg(unix)]
        {
            use std::os::unix::fs::symlink;
            symlink(own.join("inner/key.pem"), own.join("inside")).unwrap();
            symlink(root.path().join("database.url"), own.join("outside")).unwrap();
            symlink(secrets.join("322016"), own.join("neighbour")).unwrap();
            assert_eq!(read(&secrets, "322041", "inside").as_deref(), Some("key"));
            assert_eq!(read(&secrets, "322041", "outside"), None);
            assert_eq!(read(&secrets, "322041", "neighbour"), None);
        }
    }
}
