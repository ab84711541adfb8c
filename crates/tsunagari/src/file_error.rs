//! A failure at a file, in words for the person at the shell: what was to be done with which file, why it did not go, and
//! what to do. Leaves everything that is no file to its own place.

use std::io::{self, ErrorKind};
use std::path::Path;

/// Says which file a failure was at.
pub trait AtFile<T> {
    /// `doing` fits behind "cannot": `make`, `read`, `write`.
    ///
    /// # Errors
    /// What `self` holds, in words.
    fn at(self, doing: &str, file: &Path) -> anyhow::Result<T>;
}

impl<T> AtFile<T> for io::Result<T> {
    fn at(self, doing: &str, file: &Path) -> anyhow::Result<T> {
        self.map_err(|error| anyhow::anyhow!("cannot {doing} {}: {error}{}", file.display(), advice(error.kind())))
    }
}

fn advice(kind: ErrorKind) -> &'static str {
    match kind {
        ErrorKind::PermissionDenied => {
            "; run this as the user who owns it, or give that user the directory (chown), or name another place"
        }
        ErrorKind::NotFound => "; is the path right?",
        ErrorKind::AlreadyExists => "; move it away, or name another place",
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => "; make room there, or name another disk",
        ErrorKind::ReadOnlyFilesystem => "; the disk takes no writes: look at the system's log, or name another place",
        _ => "",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failure_names_its_file_and_what_to_do() {
        let refused: io::Result<()> = Err(ErrorKind::PermissionDenied.into());
        let said = refused.at("make", Path::new("/srv/town")).unwrap_err().to_string();
        assert!(said.starts_with("cannot make /srv/town: ") && said.contains("run this as the user"), "{said}");
        let missing = std::fs::read("/nowhere/at/all").at("read", Path::new("/nowhere/at/all")).unwrap_err();
        assert!(missing.to_string().ends_with("is the path right?"), "{missing}");
    }
}
