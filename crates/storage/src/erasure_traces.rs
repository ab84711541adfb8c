//! What mentions somebody in a sealed text: LINE's events by their user id, letters waiting to be sent and links by their
//! address, rows of school lists by name. Looked for before the transaction that erases, because it opens many rows.
//! Leaves rows that name the person by id to `person_tables`.

use tsunagari_kernel::{ImportId, PersonId};
use uuid::Uuid;

use crate::args;
use crate::error::StorageError;
use crate::store::{OrgStore, Reader, Tx};

/// By what somebody is recognised in a text.
#[derive(Clone, Default)]
pub struct Needles {
    /// Their ids.
    pub ids: Vec<PersonId>,
    /// Their addresses in the form they are compared, LINE user ids among them.
    pub addresses: Vec<String>,
    /// Family and given name as written.
    pub names: Vec<(String, String)>,
}

impl Needles {
    /// Whether a JSON text holds an id, or an address as a whole value: `a@b.jp` is not in `aa@b.jp`.
    fn in_text(&self, text: &str) -> bool {
        self.ids.iter().any(|id| text.contains(&id.to_string()))
            || self.addresses.iter().any(|it| text.contains(&format!("\"{it}\"")))
    }

    /// Whether a row of a list holds the whole name.
    fn in_cells(&self, cells: &str) -> bool {
        self.names.iter().any(|(family, given)| {
            !family.is_empty() && !given.is_empty() && cells.contains(family.as_str()) && cells.contains(given.as_str())
        })
    }
}

/// The sealed rows found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Traces {
    /// Events from LINE.
    pub inbound: Vec<Uuid>,
    /// One-time links, by their token's hash.
    pub links: Vec<Vec<u8>>,
    /// Rows of school lists.
    pub import_rows: Vec<(ImportId, i64)>,
    /// Waiting jobs.
    pub jobs: Vec<Uuid>,
}

/// Purposes of links whose payload is sealed; each is sealed in the context of its own name.
const SEALED_LINKS: [&str; 3] = ["join_draft", "verify_email", "guardian_consent"];
/// Rows opened at a time.
const AT_ONCE: i64 = 2_000;

impl OrgStore {
    /// By what these persons are recognised: their names and opened addresses, also those taken out.
    ///
    /// # Errors
    /// Storage's.
    pub async fn needles(&self, persons: &[PersonId]) -> Result<Needles, StorageError> {
        let keys = self.person_keys(persons).await?;
        let mut reader = self.read().await?;
        let mut needles = Needles { ids: persons.to_vec(), ..Needles::default() };
        for record in reader.person_records(persons).await? {
            needles.names.push((record.person.family.clone(), record.person.given.clone()));
            let points: Vec<_> = record.contact_points.iter().map(|point| (record.person.id, point.id)).collect();
            let opened = reader.addresses(&keys, &points).await?;
            needles.addresses.extend(opened.into_iter().map(|it| it.clear.to_string()));
        }
        Ok(needles)
    }
}

impl Reader {
    /// Every sealed row that mentions them.
    pub async fn traces(&mut self, needles: &Needles) -> Result<Traces, StorageError> {
        Ok(Traces {
            inbound: self.inbound_of(needles).await?.into_iter().map(|(id, ..)| id).collect(),
            links: self.links_of(needles).await?,
            import_rows: self.import_rows_of(needles).await?,
            jobs: self.jobs_of(needles).await?,
        })
    }

    /// Events from LINE with an address of theirs: id, instant in µs, kind, as received.
    pub async fn inbound_of(&mut self, needles: &Needles) -> Result<Vec<(Uuid, i64, String, String)>, StorageError> {
        let key = self.org_key().await?;
        let (mut found, mut after) = (Vec::new(), Uuid::nil());
        if needles.addresses.is_empty() {
            return Ok(found);
        }
        loop {
            let sql = "SELECT inbound_id, event_at, kind, sealed FROM line_inbound WHERE org_id = $1 AND inbound_id > $2 ORDER BY inbound_id LIMIT $3";
            let rows = self.rows(sql, args![after, AT_ONCE]).await?;
            for row in &rows {
                after = row.id("inbound_id")?;
                let Ok(plain) = key.open(b"line_inbound", &row.bytes("sealed")?) else { continue };
                let raw = String::from_utf8_lossy(&plain);
                if needles.in_text(&raw) {
                    found.push((after, row.int("event_at")?, row.text("kind")?, raw.into_owned()));
                }
            }
            if rows.is_empty() {
                return Ok(found);
            }
        }
    }

    async fn links_of(&mut self, needles: &Needles) -> Result<Vec<Vec<u8>>, StorageError> {
        let mut found = Vec::new();
        for purpose in SEALED_LINKS {
            let sql = "SELECT token_hash, payload FROM one_time_link WHERE org_id = $1 AND purpose = $2";
            for row in self.rows(sql, args![purpose]).await? {
                let opened = self.open_text(purpose.as_bytes(), &row.text("payload")?).await.unwrap_or_default();
                if needles.in_text(&opened) {
                    found.push(row.bytes("token_hash")?);
                }
            }
        }
        Ok(found)
    }

    /// Rows entered as them or thought to be them; in lists that are dealt with also rows with their whole name.
    async fn import_rows_of(&mut self, needles: &Needles) -> Result<Vec<(ImportId, i64)>, StorageError> {
        let key = self.org_key().await?;
        let mut found = Vec::new();
        for row in self.rows("SELECT import_id, state FROM import_file WHERE org_id = $1", vec![]).await? {
            let import: ImportId = row.id("import_id")?;
            let over = matches!(row.text("state")?.as_str(), "applied" | "undone" | "discarded");
            let mut after = 0_i64;
            loop {
                let sql = "SELECT row_no, cells, judged, person_id FROM import_row WHERE org_id = $1 AND import_id = $2 AND row_no > $3 \
                           AND verdict <> 'head' ORDER BY row_no LIMIT $4";
                let rows = self.rows(sql, args![import, after, AT_ONCE]).await?;
                for row in &rows {
                    after = row.int("row_no")?;
                    let person: Option<PersonId> = row.opt_id("person_id")?;
                    let open = |part: u8, sealed: Option<Vec<u8>>| {
                        sealed
                            .and_then(|it| key.open(&crate::import_row::context(import, after, part), &it).ok())
                            .map(|plain| String::from_utf8_lossy(&plain).into_owned())
                            .unwrap_or_default()
                    };
                    let mine = person.is_some_and(|id| needles.ids.contains(&id));
                    let other = person.is_some() && !mine;
                    if mine
                        || !other && {
                            let cells = open(1, row.opt_bytes("cells")?);
                            needles.in_text(&cells)
                                || needles.in_text(&open(2, row.opt_bytes("judged")?))
                                || over && needles.in_cells(&cells)
                        }
                    {
                        found.push((import, after));
                    }
                }
                if rows.is_empty() {
                    break;
                }
            }
        }
        Ok(found)
    }

    async fn jobs_of(&mut self, needles: &Needles) -> Result<Vec<Uuid>, StorageError> {
        let mut found = Vec::new();
        let sql = "SELECT job_id, kind, payload FROM job WHERE org_id = $1 AND state <> 'running'";
        for row in self.rows(sql, vec![]).await? {
            let payload = row.text("payload")?;
            let sealed = serde_json::from_str::<serde_json::Value>(&payload)
                .ok()
                .and_then(|json| json.get("sealed").and_then(|it| it.as_str()).map(str::to_owned));
            let kind = row.text("kind")?;
            let context = kind.split('.').next().unwrap_or_default();
            let opened = match sealed {
                Some(sealed) => self.open_text(context.as_bytes(), &sealed).await.unwrap_or_default(),
                None => String::new(),
            };
            if needles.in_text(&payload) || needles.in_text(&opened) {
                found.push(row.id("job_id")?);
            }
        }
        Ok(found)
    }
}

impl Tx {
    /// Empties or deletes the rows found.
    pub(crate) async fn clear_traces(&mut self, traces: &Traces) -> Result<(), StorageError> {
        let key = self.org_key().await?;
        let nothing = key.seal(&self.shared.chance, b"line_inbound", b"{}")?;
        for id in &traces.inbound {
            let sql = "UPDATE line_inbound SET sealed = $3, note = NULL, state = CASE WHEN state = 'new' THEN 'ignored' ELSE state END \
                       WHERE org_id = $1 AND inbound_id = $2";
            self.exec(sql, args![*id, nothing.clone()]).await?;
        }
        for hash in &traces.links {
            self.exec("DELETE FROM one_time_link WHERE org_id = $1 AND token_hash = $2", args![hash.clone()]).await?;
        }
        for (import, number) in &traces.import_rows {
            let cells = key.seal(&self.shared.chance, &crate::import_row::context(*import, *number, 1), b"[]")?;
            let sql = "UPDATE import_row SET cells = $4, judged = NULL, person_id = NULL, decision = NULL, verdict = CASE WHEN verdict = '' THEN '' \
                       WHEN EXISTS (SELECT 1 FROM import_file f WHERE f.org_id = $1 AND f.import_id = $2 AND f.state = 'previewed') THEN 'overtaken' \
                       ELSE verdict END WHERE org_id = $1 AND import_id = $2 AND row_no = $3";
            self.exec(sql, args![*import, *number, cells]).await?;
        }
        for id in &traces.jobs {
            self.exec("DELETE FROM job WHERE org_id = $1 AND job_id = $2 AND state <> 'running'", args![*id]).await?;
        }
        Ok(())
    }
}
