//! Throw-away databases for tests, of both kinds: SQLite in a temporary directory, PostgreSQL as a fresh database on the
//! cluster named by `TSUNAGARI_TEST_PG` (started by `cargo xtask test` or `cargo xtask pg`). Only with feature `testing`.

#![allow(clippy::expect_used, clippy::panic, reason = "test support: a database that cannot be made ends the test")]

use std::sync::Arc;

use tsunagari_access::{Act, Machine, OperationId};
use tsunagari_kernel::{Chance, Clock};

use crate::dialect::{Location, NO_ARGS, Owner};
use crate::directory::Organisation;
use crate::error::StorageError;
use crate::keyring::{Key, Keyring};
use crate::store::Store;

/// Both kinds.
pub const BOTH: [Kind; 2] = [Kind::File, Kind::Server];

/// Which kind of database a test runs on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// SQLite.
    File,
    /// PostgreSQL.
    Server,
}

/// A migrated, empty database that vanishes with this value.
pub struct TestDb {
    /// The open store.
    pub store: Store,
    /// The directory of the file, when there is one.
    pub dir: tempfile::TempDir,
    /// Where it is, for opening it a second time.
    pub location: Location,
    /// Where its owner connects.
    pub owner: Location,
}

/// The URL of the cluster's superuser.
fn cluster() -> String {
    std::env::var("TSUNAGARI_TEST_PG").unwrap_or_else(|_| {
        panic!("TSUNAGARI_TEST_PG is not set: run the tests by `cargo xtask test`, or start `cargo xtask pg` and export what it prints")
    })
}

/// The same, for a test that starts a program on the cluster.
pub fn cluster_url() -> String {
    cluster()
}

/// How many databases of the cluster have this name.
pub async fn databases_named(name: &str) -> i64 {
    let mut conn = Owner::connect(&Location::Server(cluster())).await.expect("the cluster answers");
    let sql = "SELECT count(*) AS n FROM pg_database WHERE datname = $1";
    let rows = conn.conn().rows(sql, crate::args![name]).await.expect("the list of databases");
    conn.close().await.expect("the connection closes");
    crate::dialect::count_of(&rows).expect("a count")
}

fn with_database(url: &str, database: &str, login: Option<&str>) -> String {
    let (head, _) = url.rsplit_once('/').expect("a URL with a database");
    match login {
        Some(user) => {
            let (_, host) = head.rsplit_once('@').expect("a URL with a user");
            format!("postgres://{user}@{host}/{database}")
        }
        None => format!("{head}/{database}"),
    }
}

async fn run(owner: &Location, script: &str) {
    let mut conn = Owner::connect(owner).await.expect("the cluster answers");
    conn.conn().script(script).await.expect("the script runs");
    conn.close().await.expect("the connection closes");
}

/// Makes the template database of this schema once per cluster, whoever comes first; its name.
async fn template(url: &str) -> String {
    let name = format!("tsunagari_template_{}", crate::migrate::newest());
    let mut conn = Owner::connect(&Location::Server(url.to_owned())).await.expect("the cluster answers");
    conn.conn().script("SELECT pg_advisory_lock(42)").await.expect("the lock");
    let there = conn
        .conn()
        .rows(&format!("SELECT count(*) AS n FROM pg_database WHERE datname = '{name}'"), NO_ARGS)
        .await
        .expect("the list of databases");
    if there[0].int("n").expect("a count") == 0 {
        conn.conn()
            .script(
                "DO $$ BEGIN IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'tsunagari_login') THEN \
                 CREATE ROLE tsunagari_login LOGIN NOINHERIT; END IF; END $$",
            )
            .await
            .expect("the role");
        conn.conn()
            .script("CREATE DATABASE tsunagari_making TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C'")
            .await
            .expect("the database");
        crate::migrate::migrate(&Location::Server(with_database(url, "tsunagari_making", None)), 0)
            .await
            .expect("the migrations");
        conn.conn().script("GRANT tsunagari_app, tsunagari_platform TO tsunagari_login").await.expect("the grants");
        let rename = format!("ALTER DATABASE tsunagari_making RENAME TO {name}");
        conn.conn().script(&rename).await.expect("the rename");
    }
    conn.conn().script("SELECT pg_advisory_unlock(42)").await.expect("the unlock");
    conn.close().await.expect("the connection closes");
    name
}

/// A database as the program before the newest migration left it, without anybody in it; it vanishes with this value.
pub struct OlderDb {
    /// The directory of the file, when there is one.
    pub dir: tempfile::TempDir,
    /// Where the program connects.
    pub location: Location,
    /// Where its owner connects.
    pub owner: Location,
}

impl OlderDb {
    /// Makes one of a kind; it is at this schema.
    pub async fn fresh(kind: Kind) -> (Self, i64) {
        let dir = tempfile::tempdir().expect("a temporary directory");
        let (location, owner) = match kind {
            Kind::File => {
                let location = Location::File(dir.path().join("tsunagari.db"));
                (location.clone(), location)
            }
            Kind::Server => {
                let url = cluster();
                // Its roles belong to the whole cluster.
                template(&url).await;
                let name =
                    format!("t_{}", uuid::Uuid::from_bytes(Chance::from_entropy(rand::random()).bytes()).as_simple());
                let make =
                    format!("CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C'");
                run(&Location::Server(url.clone()), &make).await;
                let login = with_database(&url, &name, Some("tsunagari_login"));
                (Location::Server(login), Location::Server(with_database(&url, &name, None)))
            }
        };
        let last = crate::migrate::newest() - 1;
        crate::migrate::migrate_to(&owner, 0, last).await.expect("the migrations");
        (Self { dir, location, owner }, last)
    }

    /// Makes a database look like one of a program that is newer than this.
    pub async fn as_if_newer(owner: &Location) {
        run(owner, "INSERT INTO schema_version (number, name, applied_at) VALUES (999, 'of_a_day_to_come', 0)").await;
    }
}

impl TestDb {
    /// Whether a statement waits for a lock that another transaction holds. The file has one writer and no such locks.
    pub async fn somebody_waits(&self) -> bool {
        let Location::Server(_) = self.owner else { return false };
        let mut conn = Owner::connect(&self.owner).await.expect("the cluster answers");
        let sql = "SELECT count(*) AS n FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'";
        let rows = conn.conn().rows(sql, NO_ARGS).await.expect("the activity");
        conn.close().await.expect("the connection closes");
        crate::dialect::count_of(&rows).expect("a count") > 0
    }

    /// Where the program connects by the server's socket instead of over TCP; the file stays where it is.
    pub async fn by_socket(&self) -> Location {
        let Location::Server(url) = &self.location else { return self.location.clone() };
        let mut conn = Owner::connect(&self.owner).await.expect("the cluster answers");
        let sql = "SELECT current_setting('unix_socket_directories') AS folder";
        let folder = conn.conn().rows(sql, NO_ARGS).await.expect("the setting")[0].text("folder").expect("a folder");
        conn.close().await.expect("the connection closes");
        let (user, rest) = url.rsplit_once('@').expect("a URL with a user");
        let (_, after) = rest.split_once(':').expect("a URL with a port");
        Location::Server(format!("{user}@{}:{after}", folder.replace('/', "%2F")))
    }

    /// A fresh database of a kind, under a clock and chance.
    pub async fn fresh(kind: Kind, clock: Arc<dyn Clock>, chance: Arc<Chance>) -> Self {
        let dir = tempfile::tempdir().expect("a temporary directory");
        let (location, owner) = match kind {
            Kind::File => {
                let location = Location::File(dir.path().join("tsunagari.db"));
                crate::migrate::migrate(&location, 0).await.expect("the migrations");
                (location.clone(), location)
            }
            Kind::Server => {
                let url = cluster();
                let template = template(&url).await;
                let name =
                    format!("t_{}", uuid::Uuid::from_bytes(Chance::from_entropy(rand::random()).bytes()).as_simple());
                run(&Location::Server(url.clone()), &format!("CREATE DATABASE {name} TEMPLATE {template}")).await;
                (
                    Location::Server(with_database(&url, &name, Some("tsunagari_login"))),
                    Location::Server(with_database(&url, &name, None)),
                )
            }
        };
        let store =
            Store::open(&location, &dir.path().join("persons.db"), Keyring::new(Key::new([7; 32])), clock, chance)
                .await
                .expect("the store opens");
        Self { store, dir, location, owner }
    }

    /// Takes the database from the cluster now, rather than with the cluster at its end: for tests that make thousands, whose
    /// disk would fill. Nothing to do for a file, which goes with its directory.
    pub async fn give_back(&self) {
        let Location::Server(url) = &self.owner else { return };
        let (cluster, name) = (cluster(), url.rsplit_once('/').map_or("", |(_, name)| name));
        run(&Location::Server(cluster), &format!("DROP DATABASE {name} WITH (FORCE)")).await;
    }

    /// Founds an organisation in it.
    pub async fn found(&self, it: &Organisation) {
        let mut tx = self.store.org(it.id).write().await.expect("a transaction");
        tx.found_organisation(it).await.expect("the organisation");
        let actor = Machine::working(it.id, "test").actor();
        tx.commit(&Act::named("found_organisation", actor, OperationId(it.id.0))).await.expect("the commit");
    }
}

/// One row of a table as text, for looking through: `column=value` in the order of the columns; bytes as hexadecimal.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct TextRow {
    /// The table.
    pub table: String,
    /// The row.
    pub text: String,
}

impl TestDb {
    /// Every row of every table, or those of one organisation, sorted: what a look over the whole database sees.
    /// As the owner, so that no guard of the program stands between.
    pub async fn everything(&self, of: Option<tsunagari_kernel::OrgId>) -> Vec<TextRow> {
        let mut owner = Owner::connect(&self.owner).await.expect("the owner connects");
        let mut conn = owner.conn();
        let twin = conn.is_file();
        let columns = conn.rows(twin.of(COLUMNS_OF_FILE, COLUMNS_OF_SERVER), NO_ARGS).await.expect("the columns");
        let mut tables: std::collections::BTreeMap<String, Vec<String>> = std::collections::BTreeMap::new();
        for row in columns {
            let (table, column) = (row.text("t").expect("a name"), row.text("c").expect("a name"));
            tables.entry(table).or_default().push(column);
        }
        let mut all = Vec::new();
        for (table, columns) in tables {
            let parts: Vec<String> = columns
                .iter()
                .map(|it| {
                    format!("'{it}=' || coalesce({}, '-')", twin.of("quote(COL)", "COL::text").replace("COL", it))
                })
                .collect();
            let mut sql = format!("SELECT {} AS line FROM {table}", parts.join(" || ' ' || "));
            if let (Some(org), true) = (of, columns.iter().any(|it| it == "org_id")) {
                let hex = org.0.as_simple().to_string();
                let plain = twin.of("org_id = x'ID'", "org_id = 'ID'::uuid").replace("ID", &hex);
                sql.push_str(&format!(" WHERE {plain}"));
            } else if of.is_some() {
                continue;
            }
            for row in conn.rows(&sql, NO_ARGS).await.expect("the rows") {
                all.push(TextRow { table: table.clone(), text: row.text("line").expect("a line") });
            }
        }
        owner.close().await.expect("the connection closes");
        all.sort();
        all
    }

    /// Takes row-level security away, which only the owner can: a negative control shows what it held. Nothing happens on
    /// SQLite, which has none.
    pub async fn without_row_security(&self) {
        if matches!(self.owner, Location::Server(_)) {
            run(
                &self.owner,
                "DO $$ DECLARE it record; BEGIN FOR it IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' LOOP \
                 EXECUTE format('ALTER TABLE %I NO FORCE ROW LEVEL SECURITY', it.tablename); \
                 EXECUTE format('ALTER TABLE %I DISABLE ROW LEVEL SECURITY', it.tablename); END LOOP; END $$",
            )
            .await;
        }
    }

    /// How many persons a statement of the program sees that forgot to name the organisation.
    pub async fn people_seen_without_filter(&self, org: tsunagari_kernel::OrgId) -> i64 {
        let mut reader = self.store.org(org).read().await.expect("a look");
        let sql = "SELECT count(*) AS n FROM person WHERE CAST($1 AS text) IS NOT NULL";
        reader.count(sql, NO_ARGS).await.expect("a number")
    }

    /// The names of every index, in order.
    pub async fn index_names(&self) -> Vec<String> {
        let mut owner = Owner::connect(&self.owner).await.expect("the owner connects");
        let mut conn = owner.conn();
        let sql = conn.is_file().of(
            "SELECT name AS n FROM sqlite_master WHERE type = 'index' ORDER BY name",
            "SELECT indexname::text AS n FROM pg_indexes WHERE schemaname = 'public' ORDER BY indexname",
        );
        let rows = conn.rows(sql, NO_ARGS).await.expect("the indexes");
        let names = rows.iter().map(|row| row.text("n").expect("a name")).collect();
        owner.close().await.expect("the connection closes");
        names
    }

    /// Runs a statement with the program's own rights, in one organisation (`$1`): what the database itself refuses it.
    ///
    /// # Errors
    /// What the database says.
    pub async fn as_the_program(&self, org: tsunagari_kernel::OrgId, sql: &str) -> Result<u64, StorageError> {
        let mut tx = self.store.org(org).write().await?;
        let done = tx.exec(sql, NO_ARGS).await;
        match done {
            Ok(rows) => tx.keep().await.map(|()| rows),
            Err(error) => {
                let _ = tx.undo().await;
                Err(error)
            }
        }
    }

    /// From now on nothing more finds room: the file may not grow, and the server says of every row what it says then.
    pub async fn disk_is_full(&self) {
        match self.owner {
            Location::File(_) => self.store.limit_pages(1).await.expect("the limit"),
            Location::Server(_) => run(&self.owner, FULL).await,
        }
    }

    /// There is room again.
    pub async fn disk_has_room(&self) {
        match self.owner {
            Location::File(_) => self.store.limit_pages(i64::from(i32::MAX)).await.expect("the limit"),
            Location::Server(_) => run(&self.owner, "DROP FUNCTION disk_is_full() CASCADE").await,
        }
    }

    /// Does to the rows what no act does: so that it is seen who notices.
    pub async fn damage(&self, script: &str) {
        run(&self.owner, script).await;
    }

    /// Every lease and every pause of jobs and requests is over, as if the time had passed: what a test does instead of
    /// waiting after a process died.
    pub async fn leases_run_out(&self) {
        run(
            &self.owner,
            "UPDATE job SET lease_until = 1 WHERE lease_until IS NOT NULL; \
             UPDATE job SET run_at = 1 WHERE finished_at IS NULL; \
             UPDATE dispatch SET lease_until = 1 WHERE lease_until IS NOT NULL AND settled_at IS NULL; \
             UPDATE dispatch SET next_at = 1 WHERE settled_at IS NULL; \
             UPDATE delivery SET next_at = 1 WHERE settled_at IS NULL",
        )
        .await;
    }
}

/// A server's own limit would concern the whole cluster of the tests.
const FULL: &str = "CREATE FUNCTION disk_is_full() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN \
    RAISE EXCEPTION 'could not extend file' USING ERRCODE = 'disk_full'; END $$; \
    DO $$ DECLARE it record; BEGIN FOR it IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' LOOP \
    EXECUTE format('CREATE TRIGGER disk_is_full BEFORE INSERT OR UPDATE ON %I FOR EACH ROW EXECUTE FUNCTION disk_is_full()', \
    it.tablename); END LOOP; END $$";

const COLUMNS_OF_FILE: &str = "SELECT m.name AS t, c.name AS c FROM sqlite_master AS m, pragma_table_info(m.name) AS c \
    WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite_%' ORDER BY m.name, c.cid";
const COLUMNS_OF_SERVER: &str = "SELECT c.table_name::text AS t, c.column_name::text AS c FROM information_schema.columns AS c \
    JOIN information_schema.tables AS m ON m.table_name = c.table_name AND m.table_schema = c.table_schema \
    WHERE c.table_schema = 'public' AND m.table_type = 'BASE TABLE' ORDER BY c.table_name, c.ordinal_position";
