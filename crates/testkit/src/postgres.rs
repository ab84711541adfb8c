//! The throw-away PostgreSQL that `cargo xtask test` and `cargo xtask pg` start: where it is. Leaves starting it to
//! xtask and making a database for each test to storage, where SQL is written.

/// What xtask exports: the URL of the cluster's super-user, over TCP on 127.0.0.1.
pub const VARIABLE: &str = "TSUNAGARI_TEST_PG";

/// The running throw-away cluster.
#[derive(Debug, Clone)]
pub struct TestPg {
    url: String,
}

impl TestPg {
    /// The cluster named by the environment.
    ///
    /// # Panics
    /// Without it: a test on PostgreSQL is never skipped silently.
    #[expect(clippy::panic, reason = "a test without its database must fail and say how to start it")]
    pub fn from_env() -> Self {
        match std::env::var(VARIABLE) {
            Ok(url) if !url.is_empty() => Self { url },
            _ => panic!(
                "{VARIABLE} is not set: run the tests through `cargo xtask test`, or keep `cargo xtask pg` running and \
                 export what it prints"
            ),
        }
    }

    /// The super-user's URL of the database `postgres`.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The super-user's URL of another database of the cluster.
    pub fn url_of(&self, database: &str) -> String {
        match self.url.rsplit_once('/') {
            Some((server, _)) => format!("{server}/{database}"),
            None => format!("{}/{database}", self.url),
        }
    }
}
