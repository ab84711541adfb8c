//! What PostgreSQL does by itself with tables that are written to, done at once: a part would otherwise measure whether its
//! timer happened to come round. Like the timer it leaves tables alone that hold nothing (docs/decisions/0011).

use anyhow::Result;
use tsunagari_cluster::Cluster;

/// The databases that are worked in.
const DATABASES: &str = "SELECT datname FROM pg_database WHERE datallowconn AND NOT datistemplate";

/// The tables of one that hold something.
const HOLD_SOMETHING: &str = "SELECT 'public.' || quote_ident(relname) FROM pg_class \
    WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace AND pg_relation_size(oid) > 0";

/// After a load.
///
/// # Errors
/// The server is gone.
pub fn after_a_load(cluster: &Cluster) -> Result<()> {
    of_each(cluster, Cluster::vacuum)
}

/// While tables are in use.
///
/// # Errors
/// The server is gone.
pub fn in_use(cluster: &Cluster) -> Result<()> {
    of_each(cluster, Cluster::analyse)
}

fn of_each(cluster: &Cluster, look: fn(&Cluster, &str, &[&str]) -> Result<()>) -> Result<()> {
    for database in cluster.ask(DATABASES)?.lines() {
        let tables = cluster.ask_in(database, HOLD_SOMETHING)?;
        look(cluster, database, &tables.lines().collect::<Vec<_>>())?;
    }
    Ok(())
}
