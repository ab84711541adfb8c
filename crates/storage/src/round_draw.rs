//! The draws of rounds. The seed is sealed with the organisation's key until it is drawn. Leaves their steps to programmes.

use tsunagari_kernel::{RoundId, UserId};
use tsunagari_programmes::draw::Key;
use tsunagari_programmes::round_draw::{Frozen, RoundDraw, Source};

use crate::args;
use crate::error::StorageError;
use crate::sql::Row;
use crate::store::{Reader, Tx};

fn context(round: RoundId) -> Vec<u8> {
    [b"round_draw".as_slice(), round.0.as_bytes()].concat()
}

fn read(row: &Row) -> Result<RoundDraw, StorageError> {
    let named = row.text("named")?;
    let source =
        if named.is_empty() { Source::Seed { commitment: row.text("commitment")? } } else { Source::Public { named } };
    let frozen = match row.opt_instant("frozen_at")? {
        None => None,
        Some(at) => {
            Some(Frozen { list: row.text("list")?, hash: row.text("list_hash")?, places: row.small("places")?, at })
        }
    };
    let drawn = match row.opt_instant("drawn_at")? {
        None => None,
        Some(at) => Some((row.json::<Key>("draw_key")?, at)),
    };
    Ok(RoundDraw { round: row.id("round_id")?, source, prepared_at: row.instant("prepared_at")?, frozen, drawn })
}

impl Reader {
    /// The draw of a round, where one was prepared.
    pub async fn round_draw(&mut self, round: RoundId) -> Result<Option<RoundDraw>, StorageError> {
        let sql = "SELECT round_id, named, commitment, list, list_hash, places, draw_key, prepared_at, frozen_at, drawn_at \
                   FROM round_draw WHERE org_id = $1 AND round_id = $2";
        self.first(sql, args![round]).await?.as_ref().map(read).transpose()
    }

    /// The seed of a draw, before it is told.
    pub async fn seed_of(&mut self, round: RoundId) -> Result<String, StorageError> {
        let sql = "SELECT seed_sealed FROM round_draw WHERE org_id = $1 AND round_id = $2";
        let sealed = self.one("round_draw", sql, args![round]).await?.text("seed_sealed")?;
        self.open_text(&context(round), &sealed).await
    }
}

impl Tx {
    /// Takes a draw out that was prepared for a draft.
    pub async fn drop_round_draw(&mut self, round: RoundId) -> Result<(), StorageError> {
        self.exec("DELETE FROM round_draw WHERE org_id = $1 AND round_id = $2", args![round]).await?;
        Ok(())
    }

    /// Prepares a draw; `seed` is empty where public draws are named.
    ///
    /// # Errors
    /// `Duplicate` where one is prepared already.
    pub async fn add_round_draw(&mut self, it: &RoundDraw, seed: &str, by: UserId) -> Result<(), StorageError> {
        let (named, commitment) = match &it.source {
            Source::Seed { commitment } => ("", commitment.as_str()),
            Source::Public { named } => (named.as_str(), ""),
        };
        let sealed = self.seal_text(&context(it.round), seed).await?;
        let columns = [
            "round_id",
            "named",
            "commitment",
            "seed_sealed",
            "list",
            "list_hash",
            "places",
            "draw_key",
            "prepared_at",
            "by_user",
        ];
        let row = args![it.round, named, commitment, sealed, "", "", 0, "", it.prepared_at, by];
        self.insert_many("round_draw", &columns, vec![row], "").await
    }

    /// Keeps a draw after a step.
    pub async fn keep_round_draw(&mut self, it: &RoundDraw) -> Result<(), StorageError> {
        let frozen = it.frozen.as_ref();
        let key = match &it.drawn {
            Some((key, _)) => serde_json::to_string(key).map_err(|error| StorageError::Broken(error.to_string()))?,
            None => String::new(),
        };
        let sql = "UPDATE round_draw SET list = $3, list_hash = $4, places = $5, frozen_at = $6, draw_key = $7, drawn_at = $8 \
                   WHERE org_id = $1 AND round_id = $2";
        self.exec(
            sql,
            args![
                it.round,
                frozen.map_or("", |it| it.list.as_str()),
                frozen.map_or("", |it| it.hash.as_str()),
                frozen.map_or(0, |it| it.places),
                frozen.map(|it| it.at),
                key,
                it.drawn.as_ref().map(|(_, at)| *at),
            ],
        )
        .await?;
        Ok(())
    }
}
