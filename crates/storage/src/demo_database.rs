//! A PostgreSQL database of the demonstration's own: made on a cluster whose super-user the caller knows, with an owner
//! and a login role that owns nothing, as an installation has them; dropped again when the demonstration ends.

use tsunagari_kernel::Chance;

use crate::dialect::{Location, Owner};
use crate::error::StorageError;

/// A database that was made, and where its two roles connect.
#[derive(Debug, Clone)]
pub struct DemoDatabase {
    cluster: Location,
    name: String,
    /// Where the program connects.
    pub login: Location,
    /// Where the owner of the tables connects.
    pub owner: Location,
}

/// Serialises the making of the roles every database of a cluster shares.
const LOCK: i64 = 7_305_200_120;

fn as_role(cluster: &str, role: &str, password: &str, database: &str) -> Result<String, StorageError> {
    let wrong =
        || StorageError::Version("the URL of PostgreSQL must read postgres://USER@HOST:PORT/DATABASE".to_owned());
    let (head, _) = cluster.rsplit_once('/').ok_or_else(wrong)?;
    let (_, host) = head.rsplit_once('@').ok_or_else(wrong)?;
    Ok(format!("postgres://{role}:{password}@{host}/{database}"))
}

impl DemoDatabase {
    /// Its name on the cluster.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Makes an empty database with its roles.
    ///
    /// # Errors
    /// No connection, or the URL is not a super-user's.
    pub async fn make(cluster_url: &str, chance: &Chance) -> Result<Self, StorageError> {
        let hex = |bytes: [u8; 8]| hex::encode(bytes);
        let name = format!("tsunagari_demo_{}", hex(chance.bytes()));
        let password = hex::encode(chance.bytes::<16>());
        let made = Self {
            login: Location::Server(as_role(cluster_url, &format!("{name}_login"), &password, &name)?),
            owner: Location::Server(as_role(cluster_url, &name, &password, &name)?),
            cluster: Location::Server(cluster_url.to_owned()),
            name: name.clone(),
        };
        match made.create(&password).await {
            Ok(()) => Ok(made),
            // Whatever was made before the failure goes again.
            Err(error) => {
                let _ = made.drop().await;
                Err(error)
            }
        }
    }

    async fn create(&self, password: &str) -> Result<(), StorageError> {
        let name = &self.name;
        let mut conn = Owner::connect(&self.cluster).await?;
        let script = format!(
            "SELECT pg_advisory_lock({LOCK}); \
             DO $$ BEGIN \
               IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'tsunagari_app') THEN CREATE ROLE tsunagari_app NOLOGIN; END IF; \
               IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'tsunagari_platform') THEN CREATE ROLE tsunagari_platform NOLOGIN; END IF; \
             END $$; \
             CREATE ROLE {name} LOGIN PASSWORD '{password}'; \
             CREATE ROLE {name}_login LOGIN NOINHERIT PASSWORD '{password}'; \
             GRANT tsunagari_app, tsunagari_platform TO {name}_login; \
             SELECT pg_advisory_unlock({LOCK})"
        );
        conn.conn().script(&script).await?;
        let create = format!(
            "CREATE DATABASE {name} OWNER {name} TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C'"
        );
        conn.conn().script(&create).await?;
        conn.close().await
    }

    /// Drops it with its roles. Close the store before.
    ///
    /// # Errors
    /// No connection.
    pub async fn drop(self) -> Result<(), StorageError> {
        let mut conn = Owner::connect(&self.cluster).await?;
        let name = &self.name;
        for sql in [
            format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"),
            format!("DROP ROLE IF EXISTS {name}_login"),
            format!("DROP ROLE IF EXISTS {name}"),
        ] {
            conn.conn().script(&sql).await?;
        }
        conn.close().await
    }
}
