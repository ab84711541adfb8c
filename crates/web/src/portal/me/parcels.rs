//! The parcels of an application as its applicant sees them: where each stands and goes to, and the page on which they say where to. What
//! the staff entered for them is shown in part only: whoever is signed in may have come by a name and a birth date. Leaves keeping it to
//! `keep_parcel_address`.

use askama::Template;
use axum::Extension;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use tsunagari_acts::ActError;
use tsunagari_acts::keep_parcel_address::keep_my_parcel_address;
use tsunagari_benefits::Place;
use tsunagari_i18n::Texts;
use tsunagari_kernel::ApplicationId;
use tsunagari_people::ContactKind;
use tsunagari_people::contact_point::masked;
use tsunagari_storage::Reader;
use tsunagari_storage::application::KeptApplication;
use tsunagari_storage::parcel::KeptParcel;
use tsunagari_storage::parcel_paper::{ParcelAddress, SaidBy};
use tsunagari_storage::person_key::PersonKeys;

use crate::portal::draft::Given;
use crate::portal::town::go;
use crate::portal::visitor::Visitor;
use crate::routes::{Needs, Routes};
use crate::sentences::{sentences, unreadable};
use crate::shell::components::{Chip, ErrorSummary, Field, FieldKind};
use crate::shell::{AppError, Sample, Shell, Tone, page_with_status};

/// The routes.
pub fn routes(routes: Routes) -> Routes {
    routes.get("/me/applications/{application}/parcels/{parcel}", Needs::Resident, show).post(
        "/me/applications/{application}/parcels/{parcel}",
        Needs::Resident,
        keep,
    )
}

/// A parcel on the page of its application.
pub(super) struct ParcelPart {
    pub(super) state: Chip,
    pub(super) said: String,
    pub(super) tracking: String,
    /// Where it goes to, in a line; empty where nobody said so.
    pub(super) to: String,
    /// Where they say where to, and the words of that; empty once it is packed.
    pub(super) href: String,
    pub(super) button: String,
    /// Nobody said yet where it goes to, or it is in doubt.
    pub(super) asks: bool,
}

/// Parcels with where they go to, and whether the office hands them over itself.
pub(super) struct MyParcels {
    pub(super) parcels: Vec<(KeptParcel, Option<ParcelAddress>)>,
    pub(super) by_hand: bool,
}

impl MyParcels {
    /// Those of an application.
    pub(super) async fn of(reader: &mut Reader, it: &KeptApplication, keys: &PersonKeys) -> Result<Self, AppError> {
        let parcels = reader.parcels_of(it.id).await.map_err(unreadable)?;
        let numbers: Vec<u32> = parcels.iter().map(|it| it.no).collect();
        let mut addresses = reader.parcel_addresses(&numbers, keys).await.map_err(unreadable)?;
        let about: Vec<_> = it.applicant.into_iter().chain(it.beneficiary).collect();
        let by_hand = !reader.protected_among(&about).await.map_err(unreadable)?.is_empty();
        let with = |parcel: KeptParcel| {
            let at = addresses.iter().position(|it| it.parcel == parcel.no);
            (parcel, at.map(|at| addresses.swap_remove(at)))
        };
        Ok(Self { parcels: parcels.into_iter().map(with).collect(), by_hand })
    }

    /// As the page of the application shows them.
    pub(super) fn parts(&self, t: Texts, held: bool) -> Vec<ParcelPart> {
        self.parcels.iter().map(|(parcel, address)| self.part(t, parcel, address.as_ref(), held)).collect()
    }

    fn part(&self, t: Texts, parcel: &KeptParcel, address: Option<&ParcelAddress>, held: bool) -> ParcelPart {
        let state = parcel.parcel.state();
        let takes = held && !self.by_hand && parcel.parcel.takes_address();
        let holds = address.is_some_and(|it| it.confirmed.is_some());
        let key = match (state.code(), self.by_hand) {
            ("to_pack" | "packed", true) => "my-parcel-by-hand".to_owned(),
            ("to_pack", false) if held && !holds => "my-parcel-asks".to_owned(),
            (code, _) => format!("my-parcel-{}", code.replace('_', "-")),
        };
        let tone = match state.code() {
            "delivered" => Tone::Success,
            "returned" => Tone::Warning,
            _ if takes && !holds => Tone::Warning,
            _ => Tone::Info,
        };
        ParcelPart {
            state: Chip::of(tone, t.get(key.clone())),
            said: t.get(format!("{key}.text")),
            tracking: state.tracking().map(|it| it.as_str().to_owned()).unwrap_or_default(),
            to: address.filter(|_| !self.by_hand).map(shown).unwrap_or_default(),
            href: if takes { href(parcel.application, parcel.no) } else { String::new() },
            button: t.get(if holds { "my-parcel-change" } else { "my-parcel-say" }),
            asks: takes && !holds,
        }
    }
}

fn href(application: ApplicationId, no: u32) -> String {
    format!("/me/applications/{application}/parcels/{no}")
}

/// Where it goes to, in a line: all of it only where they wrote it themselves.
fn shown(it: &ParcelAddress) -> String {
    let to = &it.to;
    match it.said_by {
        SaidBy::Staff => masked(ContactKind::Postal, &to.address),
        SaidBy::Applicant => {
            let parts = [&to.postal_code, &to.address, &to.building, &to.name];
            parts.into_iter().filter(|part| !part.is_empty()).map(String::as_str).collect::<Vec<_>>().join(" ")
        }
    }
}

#[derive(Template)]
#[template(path = "portal/me/parcel.html")]
struct ParcelPage {
    shell: Shell,
    errors: ErrorSummary,
    fields: Vec<Field>,
    action: String,
    back: String,
}

/// What a field of a place is filled with by a browser that knows.
const FIELDS: [(&str, FieldKind, &str); 5] = [
    ("name", FieldKind::Text, "name"),
    ("phone", FieldKind::Tel, "tel-national"),
    ("postal_code", FieldKind::Text, "postal-code"),
    ("address", FieldKind::Text, "street-address"),
    ("building", FieldKind::Text, "address-line2"),
];

fn value<'p>(it: &'p Place, field: &str) -> &'p str {
    match field {
        "name" => &it.name,
        "phone" => &it.phone,
        "postal_code" => &it.postal_code,
        "address" => &it.address,
        _ => &it.building,
    }
}

impl ParcelPage {
    fn of(shell: Shell, (application, no): (ApplicationId, u32), to: &Place, wrong: &[(String, String)]) -> Self {
        let t = shell.t;
        let at = |field: &str| wrong.iter().find(|(name, _)| name == field).map(|(_, sentence)| sentence.clone());
        let field = |(name, kind, token): (&str, FieldKind, &'static str)| {
            let key = format!("my-parcel-field-{}", name.replace('_', "-"));
            let field = Field::of(kind, t, name, t.get(key.clone())).value(value(to, name)).error(at(name));
            let field = field.autocomplete(token);
            match name {
                "building" => field,
                "address" => field.hint(t.get(format!("{key}.hint"))).required(),
                _ => field.required(),
            }
        };
        Self {
            errors: ErrorSummary::of(t, wrong.to_vec()),
            fields: FIELDS.into_iter().map(field).collect(),
            action: href(application, no),
            back: format!("/me/applications/{application}"),
            shell,
        }
    }
}

/// One's own parcel; anybody else's is unknown. With what its form begins with: what they said of it, or of the one before.
async fn own(visitor: &Visitor, application: &str, no: &str) -> Result<(KeptParcel, Place), AppError> {
    let id: ApplicationId = application.parse().map_err(|_| AppError::NotFound)?;
    let no: u32 = no.parse().map_err(|_| AppError::NotFound)?;
    let (here, person) = (visitor.town.here(), visitor.resident.person());
    let keys = here.person_keys(&[person]).await.map_err(unreadable)?;
    let mut reader = here.read_by_key().await.map_err(unreadable)?;
    let it = reader.application(id).await.map_err(unreadable)?;
    let parcel = reader.parcel(no).await.map_err(unreadable)?;
    if it.applicant != Some(person) || parcel.application != id {
        return Err(AppError::NotFound);
    }
    let said = reader.parcel_addresses(&[no], &keys).await.map_err(unreadable)?.pop();
    let said = said.filter(|it| it.said_by == SaidBy::Applicant).map(|it| it.to);
    let before = reader.last_address_of(person, &keys).await.map_err(unreadable)?;
    let named = reader.person(person).await.map_err(unreadable)?.name();
    let begun = said.or(before).unwrap_or_else(|| Place { name: named, ..Place::default() });
    Ok((parcel, begun))
}

async fn show(
    Extension(visitor): Extension<Visitor>,
    Path((application, no)): Path<(String, String)>,
) -> Result<Response, AppError> {
    let (parcel, begun) = own(&visitor, &application, &no).await?;
    if !parcel.parcel.takes_address() {
        return Ok(go(&format!("/me/applications/{}", parcel.application)));
    }
    let at = (parcel.application, parcel.no);
    Ok(page_with_status(StatusCode::OK, &ParcelPage::of(visitor.shell(), at, &begun, &[])))
}

async fn keep(
    Extension(visitor): Extension<Visitor>,
    Path((application, no)): Path<(String, String)>,
    form: Given,
) -> Result<Response, AppError> {
    let (parcel, _) = own(&visitor, &application, &no).await?;
    let text = |name: &str| form.get(name).to_owned();
    let to = Place {
        name: text("name"),
        phone: text("phone"),
        postal_code: text("postal_code"),
        address: text("address"),
        building: text("building"),
    };
    match keep_my_parcel_address(&visitor.town.house, &visitor.resident, parcel.no, &to).await {
        Ok(()) => Ok(go(&format!("/me/applications/{}?news=addressed", parcel.application))),
        Err(ActError::Refused(reasons)) => {
            let wrong = sentences(visitor.town.t, &reasons);
            let shown = ParcelPage::of(visitor.shell(), (parcel.application, parcel.no), &to, &wrong);
            Ok(page_with_status(StatusCode::UNPROCESSABLE_ENTITY, &shown))
        }
        Err(other) => Err(visitor.town.problem(other)),
    }
}

/// Parcels in every state, with and without an address.
#[cfg(test)]
pub(super) fn samples() -> Vec<MyParcels> {
    use tsunagari_benefits::Parcel;
    use tsunagari_benefits::parcel::State;
    use tsunagari_kernel::{PersonId, RoundId, Timestamp};
    use tsunagari_programmes::BenefitNo;
    use uuid::Uuid;
    let at = Timestamp::from_micros(0);
    let every = |confirmed: Option<Timestamp>, said_by: SaidBy| {
        let one = |(no, code): (u32, &str)| {
            let parcel = KeptParcel {
                no,
                application: ApplicationId(Uuid::nil()),
                round: RoundId(Uuid::nil()),
                benefit: BenefitNo(1),
                parcel: Parcel::stored(code, if no > 2 { "123456789012" } else { "" }, 1)?,
                given: None,
                made_at: at,
                changed_at: at,
            };
            let to = Place { address: "島根県架空市1-2-3".into(), ..Place::default() };
            let person = PersonId(Uuid::nil());
            Some((parcel, Some(ParcelAddress { parcel: no, person, to, said_by, confirmed })))
        };
        (1..).zip(State::CODES).filter_map(one).collect::<Vec<_>>()
    };
    vec![
        MyParcels { parcels: every(None, SaidBy::Applicant), by_hand: false },
        MyParcels { parcels: every(Some(at), SaidBy::Staff), by_hand: false },
        MyParcels { parcels: every(None, SaidBy::Applicant), by_hand: true },
    ]
}

impl Sample for ParcelPage {
    fn samples(shell: Shell) -> Vec<Self> {
        let wrong = [("phone".to_owned(), "✕".to_owned())];
        let at = (ApplicationId(uuid::Uuid::nil()), 1);
        vec![Self::of(shell.clone(), at, &Place::default(), &[]), Self::of(shell, at, &Place::default(), &wrong)]
    }
}

#[cfg(test)]
mod tests {
    use tsunagari_i18n::Locale;

    use super::*;

    #[test]
    fn every_face_has_its_words() {
        let faults = crate::shell::sample::faults::<ParcelPage>(crate::shell::sample::portal_shell);
        assert_eq!(faults, Vec::<String>::new());
    }

    #[test]
    fn an_address_the_staff_entered_is_shown_in_part_and_a_protected_one_not_at_all() {
        let [mine, theirs, hidden] = samples().try_into().unwrap_or_else(|_| unreachable!("there are three"));
        let to = |it: &MyParcels| it.parts(Texts::of(Locale::Ja), true).swap_remove(0).to;
        assert!(to(&mine).contains("架空市"));
        assert!(!to(&theirs).contains("架空市") && !to(&theirs).is_empty());
        assert_eq!(to(&hidden), "");
    }

    #[test]
    fn it_is_asked_until_it_is_said_and_never_once_it_is_packed_or_over() {
        let [mine, theirs, hidden] = samples().try_into().unwrap_or_else(|_| unreachable!("there are three"));
        let asks =
            |it: &MyParcels, held| it.parts(Texts::of(Locale::Ja), held).iter().map(|it| it.asks).collect::<Vec<_>>();
        let none = vec![false; 6];
        assert_eq!(asks(&mine, true), [true, false, false, false, false, false]);
        assert_eq!([asks(&mine, false), asks(&theirs, true), asks(&hidden, true)], [none.clone(), none.clone(), none]);
    }
}
