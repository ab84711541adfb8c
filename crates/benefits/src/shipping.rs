//! How the parcels of a round are sent: when, from whom, until when their recipients say where to, what the card says, and what the
//! carrier gave the office. Leaves the single parcel to `parcel` and the carrier's file to documents.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use tsunagari_kernel::contact::{self, AddressError};

use crate::shipment::{Cool, Place};

/// How the parcels of a round are sent.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Shipping {
    /// The day they leave.
    pub ships_on: Option<NaiveDate>,
    /// The day they are to arrive, where one is asked for.
    pub arrives_on: Option<NaiveDate>,
    /// The last day on which a recipient says where to.
    pub until: Option<NaiveDate>,
    /// What is in them, in a word, as the label says it.
    pub goods: String,
    /// How they are kept.
    pub cool: Cool,
    /// The office, as the label names it.
    pub from: Place,
    /// What the card in the parcel says.
    pub card: String,
    /// The carrier's code of the sort of slip.
    pub slip: String,
    /// The carrier's number of the office, which pays.
    pub customer: String,
    /// The carrier's number of the tariff.
    pub tariff: String,
}

/// The most characters of a card.
pub const CARD: usize = 600;

impl Shipping {
    /// With telephone and postal code in the form they are written on a label, and no white space around anything.
    #[must_use]
    pub fn tidied(self) -> Self {
        let from = self.from.tidied();
        let trim = |text: String| text.trim().to_owned();
        Self {
            from,
            goods: trim(self.goods),
            card: trim(self.card),
            slip: trim(self.slip),
            customer: trim(self.customer),
            tariff: trim(self.tariff),
            ..self
        }
    }

    /// What is wrong with it: field and public code. What is left out is not: it may follow.
    pub fn faults(&self) -> Vec<(&'static str, &'static str)> {
        let mut wrong = Vec::new();
        if let (Some(leaves), Some(arrives)) = (self.ships_on, self.arrives_on)
            && arrives < leaves
        {
            wrong.push(("arrives_on", "shipping_arrives_before"));
        }
        if let (Some(leaves), Some(until)) = (self.ships_on, self.until)
            && until >= leaves
        {
            wrong.push(("until", "shipping_until_too_late"));
        }
        if self.card.chars().count() > CARD {
            wrong.push(("card", "shipping_card_too_long"));
        }
        let written = [&self.from.name, &self.from.phone, &self.from.postal_code, &self.from.address];
        if written.iter().any(|it| !it.is_empty()) {
            wrong.extend(self.from.faults());
        }
        wrong
    }

    /// The day by which what is in a parcel must still be good: when it arrives, or when it leaves.
    pub fn good_until(&self, today: NaiveDate) -> NaiveDate {
        self.arrives_on.or(self.ships_on).unwrap_or(today).max(today)
    }
}

impl Place {
    /// With telephone and postal code in the form they are written on a label, where they can be read, and no white space around
    /// anything.
    #[must_use]
    pub fn tidied(self) -> Self {
        let phone = contact::phone(&self.phone).map(|it| contact::national(&it));
        let postal_code = contact::postal_code(&self.postal_code);
        let trim = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
        Self {
            name: trim(&self.name),
            phone: phone.unwrap_or_else(|_| self.phone.trim().to_owned()),
            postal_code: postal_code.unwrap_or_else(|_| self.postal_code.trim().to_owned()),
            address: trim(&self.address),
            building: trim(&self.building),
        }
    }

    /// What is wrong with it: field and public code.
    pub fn faults(&self) -> Vec<(&'static str, &'static str)> {
        const LONG: usize = 100;
        let mut wrong = Vec::new();
        for (field, text, must) in
            [("name", &self.name, true), ("address", &self.address, true), ("building", &self.building, false)]
        {
            if must && text.is_empty() {
                wrong.push((field, "field_empty"));
            } else if text.chars().count() > LONG {
                wrong.push((field, "place_too_long"));
            }
        }
        let code = |error: AddressError| if error == AddressError::Empty { "field_empty" } else { error.code() };
        wrong.extend(contact::phone(&self.phone).err().map(|error| ("phone", code(error))));
        wrong.extend(contact::postal_code(&self.postal_code).err().map(|error| ("postal_code", code(error))));
        wrong
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place() -> Place {
        Place {
            name: "架空 ゆい".into(),
            phone: "０９０ー１２３４ー５６７８".into(),
            postal_code: "〒6980000".into(),
            address: " 島根県架空市本町１－２ ".into(),
            building: String::new(),
        }
    }

    #[test]
    fn a_place_is_written_as_labels_write_it() {
        let it = place().tidied();
        assert_eq!((it.phone.as_str(), it.postal_code.as_str()), ("090-1234-5678", "698-0000"));
        assert_eq!(it.address, "島根県架空市本町１－２");
        assert_eq!(it.faults(), []);
        assert_eq!(it.clone().tidied(), it);
    }

    #[test]
    fn what_a_label_cannot_do_without_is_told_at_its_field() {
        let none = Place { building: "あ".repeat(101), ..Place::default() };
        let want = [
            ("name", "field_empty"),
            ("address", "field_empty"),
            ("building", "place_too_long"),
            ("phone", "field_empty"),
            ("postal_code", "field_empty"),
        ];
        assert_eq!(none.faults(), want);
    }

    #[test]
    fn days_follow_one_another() {
        let day = |n| NaiveDate::from_ymd_opt(2026, 12, n);
        let it = Shipping { ships_on: day(10), arrives_on: day(9), until: day(10), ..Shipping::default() };
        assert_eq!(it.faults(), [("arrives_on", "shipping_arrives_before"), ("until", "shipping_until_too_late")]);
        let it = Shipping { arrives_on: day(12), until: day(3), ..it };
        assert_eq!(it.faults(), []);
        assert_eq!(Some(it.good_until(day(1).unwrap())), day(12));
        assert_eq!(Some(it.good_until(day(20).unwrap())), day(20), "what is late must still be good");
    }
}
