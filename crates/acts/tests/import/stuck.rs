//! Files nobody works on any more: a reading that broke off leaves nothing, and work that was given up goes on or is taken back.

use chrono::TimeDelta;
use tsunagari_acts::ActError;
use tsunagari_acts::apply_import::{Progress, apply_import, apply_slice};
use tsunagari_acts::apply_retention::schedule;
use tsunagari_acts::begin_import::{ListOf, Upload, begin_import};
use tsunagari_acts::discard_import::discard_import;
use tsunagari_acts::preview_import::preview_import;
use tsunagari_acts::resume_import::resume_import;
use tsunagari_acts::undo_import::{undo_import, undo_slice};
use tsunagari_kernel::ImportId;
use tsunagari_storage::import_file::ImportState;
use tsunagari_storage::testing::BOTH;

use crate::story::many;
use crate::town::Town;

async fn begun(town: &Town, people: usize) -> Result<ImportId, ActError> {
    let upload = Upload {
        file_name: "many.csv".into(),
        bytes: many(people),
        sheet: String::new(),
        school: ListOf::Added("島根県立益田見本高等学校".into()),
        graduation: Some(tsunagari_kernel::FiscalYear(2025)),
    };
    begin_import(&town.house, &town.by(), upload).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_list_whose_rows_cannot_all_be_kept_leaves_none() {
    for kind in BOTH {
        let town = Town::open(kind).await;
        // The second slice does not go in.
        town.damage("CREATE UNIQUE INDEX full_up ON import_row (verdict) WHERE row_no > 600").await;
        assert!(begun(&town, 700).await.is_err(), "{kind:?}");
        assert_eq!(town.rows_kept().await, 0, "{kind:?}");
        assert!(town.house.org(town.org).read().await.unwrap().import_files(10).await.unwrap().is_empty(), "{kind:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reading_that_was_cut_off_is_given_up_after_a_while() {
    for kind in BOTH {
        let town = Town::open(kind).await;
        let id = begun(&town, 10).await.unwrap();
        assert_eq!(town.rows_kept().await, 11);
        // As a process leaves it that dies before the last row is kept.
        town.damage("UPDATE import_file SET state = 'reading'").await;
        schedule(&town.house).await.unwrap();
        assert_eq!(town.file(id).await.state, ImportState::Reading, "{kind:?}: it may still be read");
        town.clock.advance(TimeDelta::minutes(31));
        schedule(&town.house).await.unwrap();
        assert_eq!((town.file(id).await.state, town.rows_kept().await), (ImportState::Discarded, 0), "{kind:?}");
        let rows = [(700, vec!["架空".to_owned()])];
        let late = town.house.org(town.org).keep_import_cells(id, &rows).await;
        assert!(late.is_err() && town.rows_kept().await == 0, "{kind:?}: what comes later is not kept");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_preview_that_was_given_up_goes_on_or_is_given_up() {
    for kind in BOTH {
        let town = Town::open(kind).await;
        let id = begun(&town, 10).await.unwrap();
        town.map(id).await;
        preview_import(&town.house, &town.by(), id).await.unwrap();
        let early = discard_import(&town.house, &town.by(), id).await;
        assert!(matches!(early, Err(ActError::Conflict)), "{kind:?}: its job would keep rows of nothing");
        town.give_up().await;
        resume_import(&town.house, &town.by(), id).await.unwrap();
        resume_import(&town.house, &town.by(), id).await.unwrap();
        town.worker().drain().await.unwrap();
        assert_eq!(town.file(id).await.state, ImportState::Previewed, "{kind:?}");
        preview_import(&town.house, &town.by(), id).await.unwrap();
        town.give_up().await;
        discard_import(&town.house, &town.by(), id).await.unwrap();
        assert_eq!(town.rows_kept().await, 0, "{kind:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_that_was_given_up_goes_on_or_is_taken_back() {
    for kind in BOTH {
        let town = Town::open(kind).await;
        let id = town.previewed("many.csv", many(1_100)).await;
        apply_import(&town.house, &town.by(), id).await.unwrap();
        assert_eq!(apply_slice(&town.house, &town.machine(), id).await.unwrap(), Progress::More);
        let early = undo_import(&town.house, &town.by(), id).await;
        assert!(matches!(early, Err(ActError::Conflict)), "{kind:?}: it is being written");
        town.give_up().await;
        undo_import(&town.house, &town.by(), id).await.unwrap();
        assert_eq!(undo_slice(&town.house, &town.machine(), id).await.unwrap(), Progress::More);
        town.give_up().await;
        assert!(!town.everybody().await.is_empty());
        resume_import(&town.house, &town.by(), id).await.unwrap();
        town.worker().drain().await.unwrap();
        assert_eq!(town.file(id).await.state, ImportState::Undone, "{kind:?}");
        assert!(town.everybody().await.is_empty(), "{kind:?}");

        town.damage("DELETE FROM job").await;
        let id = town.previewed("again.csv", many(1_100)).await;
        apply_import(&town.house, &town.by(), id).await.unwrap();
        assert_eq!(apply_slice(&town.house, &town.machine(), id).await.unwrap(), Progress::More);
        town.give_up().await;
        resume_import(&town.house, &town.by(), id).await.unwrap();
        town.worker().drain().await.unwrap();
        let file = town.file(id).await;
        assert_eq!((file.state, file.summary.entered), (ImportState::Applied, 1_100), "{kind:?}");
        let ended = resume_import(&town.house, &town.by(), id).await;
        assert!(matches!(ended, Err(ActError::Conflict)), "{kind:?}");
    }
}
