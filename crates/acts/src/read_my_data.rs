//! Everything stored about a person is given out: to the person, or to the office that answers their letter. Written to
//! the audit record before the data leaves (trust.md 9). What is given stands in storage's `person_tables`. Leaves files and
//! words to web.

use serde_json::{Value, json};
use tsunagari_access::permission::ExportLists;
use tsunagari_access::{Act, Actor, Granted, Resident};
use tsunagari_kernel::{OrgId, PersonId};
use tsunagari_people::contact_point::masked;
use tsunagari_storage::person_tables::OF_THE_REAL_CLOCK;
use tsunagari_storage::purpose::Labelled;
use tsunagari_storage::subject_access::Section;

use crate::{ActError, House};

/// Everything about one person.
#[derive(Debug, Clone, PartialEq)]
pub struct MyData {
    /// The organisation's code and name.
    pub organisation: (String, String),
    /// Whom it is about.
    pub person: PersonId,
    /// When it was put together.
    pub made_at: String,
    /// Table by table.
    pub sections: Vec<Section>,
    /// What the organisation calls its purposes, whose codes stand in the tables.
    pub purposes: Vec<Labelled>,
    /// What it calls its interests; a code of these may also be one of those.
    pub interests: Vec<Labelled>,
    /// Whether the organisation is made up, with a calendar of its own beside the machine's clock.
    pub demo: bool,
    /// Whether addresses nobody has proven, and the list that brought them, are left to the office to give.
    pub withheld: bool,
}

impl MyData {
    /// As one JSON document.
    pub fn json(&self) -> Value {
        let data: serde_json::Map<String, Value> =
            self.sections.iter().map(|section| (section.table.to_owned(), json!(section.rows))).collect();
        let mut all = json!({
            "organisation": { "code": self.organisation.0, "name": self.organisation.1 },
            "person": self.person,
            "made_at": self.made_at,
            "unproven_addresses_withheld": self.withheld,
            "data": data,
        });
        if self.demo {
            all["of_the_real_clock"] = json!(OF_THE_REAL_CLOCK);
        }
        all
    }
}

/// A resident takes everything about themselves.
///
/// # Errors
/// Storage's: then nothing is given out.
pub async fn read_my_data(house: &House, by: &Resident) -> Result<MyData, ActError> {
    let act = Act::named("read_my_data", by.actor(), house.operation());
    let mut data = everything(house, by.org(), by.person(), act).await?;
    mask_unproven(&mut data);
    Ok(data)
}

/// Where the staff may have said something for them.
const STAFF_TOO: [&str; 2] = ["parcel_address", "payment_account"];

/// Somebody may have come here by a listed name and birth date alone: of what a list brought, addresses nobody has proven
/// are masked and the list's own rows left out. The office, which sees who asks, gives the rest (`read_data_of`).
fn mask_unproven(data: &mut MyData) {
    let mut unproven = Vec::new();
    for row in data.sections.iter_mut().filter(|it| it.table == "contact_point").flat_map(|it| it.rows.iter_mut()) {
        let text = |row: &serde_json::Map<String, Value>, column: &str| {
            row.get(column).and_then(Value::as_str).unwrap_or_default().to_owned()
        };
        if row.contains_key("verified_at") {
            continue;
        }
        if let Ok(kind) = text(row, "kind").parse() {
            let clear = text(row, "address");
            row.insert("address".into(), json!(masked(kind, &clear)));
            unproven.push(clear);
        }
    }
    // What the staff heard on paper or by telephone was not said by whoever is signed in.
    for row in data.sections.iter_mut().filter(|it| STAFF_TOO.contains(&it.table)).flat_map(|it| it.rows.iter_mut()) {
        if row.get("said_by").and_then(Value::as_str) == Some("staff") && row.remove("handed_in").is_some() {
            data.withheld = true;
        }
    }
    if unproven.is_empty() {
        return;
    }
    for row in data.sections.iter_mut().filter(|it| it.table == "import_row").flat_map(|it| it.rows.iter_mut()) {
        row.remove("row");
    }
    data.withheld = true;
}

/// The office takes everything about a person, to hand it over to them.
///
/// # Errors
/// Not found; storage's: then nothing is given out.
pub async fn read_data_of(house: &House, by: &Granted<ExportLists>, person: PersonId) -> Result<MyData, ActError> {
    let actor: Actor = by.actor();
    let mut data = everything(house, by.org(), person, Act::named("read_data_of", actor, house.operation())).await?;
    // Whoever writes to the office may be who the person hides from: whereabouts are given on the person's own page only.
    if house.org(by.org()).read().await?.person(person).await?.address_protected {
        hide_whereabouts(&mut data);
    }
    Ok(data)
}

/// Takes out what tells where a protected person is.
fn hide_whereabouts(data: &mut MyData) {
    const TELLING: [&str; 11] = [
        "residence",
        "household_member",
        "import_row",
        "change_row",
        "person_history",
        "line_inbound",
        "application_paper",
        "application_draft",
        "parcel_address",
        "parcel_word",
        "application_word",
    ];
    data.sections.retain(|section| !TELLING.contains(&section.table));
    for section in &mut data.sections {
        let is = |row: &serde_json::Map<String, Value>, column: &str, code: &str| {
            row.get(column).and_then(Value::as_str) == Some(code)
        };
        match section.table {
            "enrolment" => section.rows.retain(|row| is(row, "kind", "high_school")),
            "contact_point" => section.rows.retain(|row| !is(row, "kind", "postal")),
            _ => {}
        }
        let telling = match section.table {
            "enrolment" => "place",
            // The venue somebody chose is near them.
            "application" => "venue_no",
            _ => continue,
        };
        for row in &mut section.rows {
            row.remove(telling);
        }
    }
}

async fn everything(house: &House, org: OrgId, person: PersonId, act: Act) -> Result<MyData, ActError> {
    let here = house.org(org);
    let tx = here.write().await?;
    tx.commit(&act.on("person", person)).await?;
    let mut reader = here.read().await?;
    let entries = reader.leaving(person).await?.entries;
    let organisation = reader.organisation().await?;
    let (purposes, interests) = (reader.purposes().await?, reader.interest_kinds().await?);
    drop(reader);
    let keys = here.person_keys(&entries).await?;
    let needles = here.needles(&entries).await?;
    let sections = here.read().await?.everything_about(&entries, &keys, &needles).await?;
    Ok(MyData {
        organisation: (organisation.code, organisation.name),
        demo: organisation.demo,
        person,
        made_at: house.now().rfc3339(),
        sections,
        purposes,
        interests,
        withheld: false,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::Map;

    fn row(pairs: &[(&str, &str)]) -> Map<String, Value> {
        pairs.iter().map(|(column, value)| ((*column).to_owned(), json!(value))).collect()
    }

    fn data(points: Vec<Map<String, Value>>) -> MyData {
        let listed = row(&[("row", "架空 名簿 090-1234-5678"), ("file", "list.csv")]);
        MyData {
            organisation: ("322041".into(), "架空市".into()),
            demo: false,
            person: PersonId(uuid::Uuid::nil()),
            made_at: String::new(),
            sections: vec![
                Section { table: "contact_point", rows: points },
                Section { table: "import_row", rows: vec![listed] },
            ],
            purposes: Vec::new(),
            interests: Vec::new(),
            withheld: false,
        }
    }

    #[test]
    fn what_nobody_has_proven_is_masked_of_every_kind_and_the_lists_own_words_go() {
        let points = [
            row(&[("kind", "email"), ("address", "mine@people.example"), ("verified_at", "2026-01-01")]),
            row(&[("kind", "email"), ("address", "listed@school.example")]),
            row(&[("kind", "phone"), ("address", "+819012345678")]),
            row(&[("kind", "postal"), ("address", "島根県益田市架空町1-2-3")]),
        ];
        let mut withheld = data(points.to_vec());
        mask_unproven(&mut withheld);
        let told = withheld.json().to_string();
        for clear in ["listed@", "9012345678", "1234-5678", "架空町"] {
            assert!(!told.contains(clear), "{clear}: {told}");
        }
        for shown in ["mine@people.example", "l•••@school.example", "•••5678", "島根県•••", "list.csv"]
        {
            assert!(told.contains(shown), "{shown}: {told}");
        }
        assert!(withheld.withheld);
        let parcel = |by: &str| row(&[("said_by", by), ("handed_in", "架空町9-9")]);
        let mut parcels = data(Vec::new());
        parcels.sections.push(Section { table: "parcel_address", rows: vec![parcel("staff"), parcel("applicant")] });
        mask_unproven(&mut parcels);
        assert_eq!(parcels.json().to_string().matches("架空町9-9").count(), 1, "their own words are theirs");
        assert!(parcels.withheld);
        let mut proven = data(points[..1].to_vec());
        mask_unproven(&mut proven);
        assert!(!proven.withheld && proven.json().to_string().contains("090-1234-5678"), "all of it is theirs");
    }
}
