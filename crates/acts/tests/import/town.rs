//! A town without people, an officer who imports, and a worker that is run by hand.

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::{NaiveDate, NaiveTime};
use tsunagari_access::permission::ImportPeople;
use tsunagari_access::{Act, Granted, Machine, Officer, Permission, Role};
use tsunagari_acts::apply_import::apply_import;
use tsunagari_acts::begin_import::{ListOf, Upload, begin_import};
use tsunagari_acts::map_columns::{Mapping, SchoolOf, map_columns};
use tsunagari_acts::preview_import::{JudgedRow, PreviewImport, preview_import};
use tsunagari_acts::{House, LineGateway, Outside};
use tsunagari_documents::ImportField;
use tsunagari_jobs::{Handlers, Waker, Worker};
use tsunagari_kernel::{Chance, FiscalYear, FixedClock, ImportId, OrgId, PersonId, Timestamp, UserId};
use tsunagari_people::PersonRecord;
use tsunagari_people::import::Problem;
use tsunagari_storage::directory::Organisation;
use tsunagari_storage::import_file::ImportFile;
use tsunagari_storage::import_row::RowsOf;
use tsunagari_storage::testing::{Kind, TestDb};

pub struct Town {
    pub house: House,
    pub org: OrgId,
    pub clock: Arc<FixedClock>,
    officer: Officer,
    db: TestDb,
}

pub fn noon() -> Timestamp {
    Timestamp::at_jst(NaiveDate::from_ymd_opt(2026, 3, 16).unwrap(), NaiveTime::from_hms_opt(12, 0, 0).unwrap())
}

/// Every person with addresses in clear, as comparable as it gets.
pub type Everybody = BTreeMap<PersonId, (PersonRecord, Vec<String>)>;

impl Town {
    pub async fn open(kind: Kind) -> Self {
        let chance = Arc::new(Chance::seeded(5));
        let clock = Arc::new(FixedClock::at(noon()));
        let db = TestDb::fresh(kind, clock.clone(), chance.clone()).await;
        let outside = Arc::new(Outside::this_machine(db.dir.path().join("mail"), None));
        let house = House {
            store: db.store.clone(),
            clock: clock.clone(),
            real_clock: clock.clone(),
            chance: chance.clone(),
            line: LineGateway::on(clock.clone(), outside.clone()),
            files: db.dir.path().join("files"),
            origin: "http://127.0.0.1:8080".into(),
            outside,
            running: Arc::default(),
        };
        let org = OrgId::born(&chance, noon());
        let officer = Officer::of(org, UserId::born(&chance, noon()), vec![Role::Administrator]);
        let town = Self { house, org, clock, officer, db };
        let mut tx = town.house.org(org).write().await.unwrap();
        tx.found_organisation(&Organisation::by_default(org, "322041", "架空市", "カクウシ")).await.unwrap();
        tx.commit(&Act::named("found_organisation", town.machine().actor(), town.house.operation())).await.unwrap();
        town
    }

    pub fn machine(&self) -> Machine {
        Machine::working(self.org, "test")
    }

    pub fn grant<P: Permission>(&self) -> Granted<P> {
        self.officer.grant(noon()).unwrap()
    }

    pub fn by(&self) -> Granted<ImportPeople> {
        self.grant()
    }

    pub fn worker(&self) -> Worker {
        let handlers = Handlers::default()
            .with(PreviewImport(self.house.clone()))
            .with(tsunagari_acts::apply_import::ApplyImport(self.house.clone()))
            .with(tsunagari_acts::undo_import::UndoImport(self.house.clone()));
        Worker::new(self.house.store.clone(), handlers, self.clock.clone(), Waker::default())
    }

    /// Does to the database what no act does.
    pub async fn damage(&self, script: &str) {
        self.db.damage(script).await;
    }

    /// Every job that waits is given up, as after its last try.
    pub async fn give_up(&self) {
        self.damage("UPDATE job SET state = 'given_up', once_key = NULL WHERE state = 'waiting'").await;
    }

    /// How many rows of lists the database keeps, whosever they are.
    pub async fn rows_kept(&self) -> usize {
        self.db.everything(Some(self.org)).await.iter().filter(|row| row.table == "import_row").count()
    }

    pub async fn drain(&self) {
        self.worker().drain().await.unwrap();
        let counts = self.house.org(self.org).read().await.unwrap().job_counts().await.unwrap();
        assert_eq!((counts.waiting, counts.running, counts.given_up), (0, 0, 0), "every job ended well");
    }

    /// A list taken in, its columns as guessed, previewed.
    pub async fn previewed(&self, name: &str, bytes: Vec<u8>) -> ImportId {
        self.previewed_of(name, bytes, Some(FiscalYear(2025))).await
    }

    /// The same, of those who graduate in a year, or of whatever years its rows say.
    pub async fn previewed_of(&self, name: &str, bytes: Vec<u8>, graduation: Option<FiscalYear>) -> ImportId {
        let upload = Upload {
            file_name: name.into(),
            bytes,
            sheet: String::new(),
            school: ListOf::Added("島根県立益田見本高等学校".into()),
            graduation,
        };
        let id = begin_import(&self.house, &self.by(), upload).await.unwrap();
        self.map(id).await;
        preview_import(&self.house, &self.by(), id).await.unwrap();
        self.drain().await;
        id
    }

    /// A previewed list written.
    pub async fn applied(&self, id: ImportId) {
        apply_import(&self.house, &self.by(), id).await.unwrap();
        self.drain().await;
    }

    /// Its columns as guessed.
    pub async fn map(&self, id: ImportId) {
        let file = self.file(id).await;
        let columns = file.mapping.iter().map(|slug| ImportField::from_slug(slug).unwrap()).collect();
        let mapping =
            Mapping { school: file.school.map_or(SchoolOf::Rows, SchoolOf::One), graduation: file.graduation, columns };
        map_columns(&self.house, &self.by(), id, &mapping).await.unwrap();
    }

    pub async fn file(&self, id: ImportId) -> ImportFile {
        self.house.org(self.org).read().await.unwrap().import_file(id).await.unwrap()
    }

    pub async fn rows(&self, id: ImportId) -> Vec<JudgedRow> {
        self.house.org(self.org).read().await.unwrap().import_rows(id, RowsOf::Any, 0, 10_000).await.unwrap()
    }

    pub async fn verdicts(&self, id: ImportId) -> Vec<String> {
        self.rows(id).await.into_iter().map(|row| row.verdict).collect()
    }

    /// What rows are told of, in their order.
    pub async fn problems(&self, id: ImportId) -> Vec<Problem> {
        let rows = self.rows(id).await;
        rows.iter().filter_map(|row| row.judged.as_ref()).flat_map(|it| &it.findings).map(|it| it.problem).collect()
    }

    pub async fn everybody(&self) -> Everybody {
        let here = self.house.org(self.org);
        let mut reader = here.read().await.unwrap();
        let ids: Vec<PersonId> =
            reader.known_page(None, 100_000).await.unwrap().into_iter().map(|known| known.person).collect();
        let keys = here.person_keys(&ids).await.unwrap();
        let mut all = Everybody::new();
        for record in reader.person_records(&ids).await.unwrap() {
            let mut clear: Vec<String> = reader
                .addresses_of(&keys, record.person.id)
                .await
                .unwrap()
                .iter()
                .map(|it| it.clear.to_string())
                .collect();
            clear.sort();
            all.insert(record.person.id, (record, clear));
        }
        all
    }
}

/// A CSV list.
pub fn csv(lines: &[&str]) -> Vec<u8> {
    lines.join("\r\n").into_bytes()
}
