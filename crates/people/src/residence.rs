//! Where a person lives, from when until when. Leaves exact addresses to sealed postal contact points.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use tsunagari_kernel::{MunicipalityCode, ResidenceId, Span};

/// A stay in a municipality, a prefecture or a country.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Residence {
    /// Its id.
    pub id: ResidenceId,
    /// Where.
    pub place: Place,
    /// Days of living there.
    pub span: Span<NaiveDate>,
}

/// A place as exactly as it is known.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Place {
    /// A municipality in Japan.
    Municipality(MunicipalityCode),
    /// Somewhere in a prefecture; the code is the prefecture's.
    Prefecture(MunicipalityCode),
    /// Another country: its two-letter code (ISO 3166-1).
    Abroad(String),
}

impl Place {
    /// The municipality, when known.
    pub const fn municipality(&self) -> Option<MunicipalityCode> {
        match self {
            Self::Municipality(code) => Some(*code),
            Self::Prefecture(_) | Self::Abroad(_) => None,
        }
    }

    /// The code of the prefecture; none abroad.
    pub fn prefecture(&self) -> Option<MunicipalityCode> {
        match self {
            Self::Municipality(code) | Self::Prefecture(code) => Some(code.prefecture()),
            Self::Abroad(_) => None,
        }
    }

    /// Whether it is another country.
    pub const fn is_abroad(&self) -> bool {
        match self {
            Self::Municipality(_) | Self::Prefecture(_) => false,
            Self::Abroad(_) => true,
        }
    }

    /// The two-letter code of the country.
    pub fn country(&self) -> &str {
        match self {
            Self::Municipality(_) | Self::Prefecture(_) => "JP",
            Self::Abroad(country) => country,
        }
    }

    /// The place of a stored row. Japan without a prefecture is no place.
    pub fn of(
        municipality: Option<MunicipalityCode>,
        prefecture: Option<MunicipalityCode>,
        country: &str,
    ) -> Option<Self> {
        match (municipality, prefecture) {
            (Some(code), _) => Some(Self::Municipality(code)),
            (None, Some(code)) => Some(Self::Prefecture(code)),
            (None, None) => (country != "JP").then(|| Self::Abroad(country.to_owned())),
        }
    }
}

/// How long lasts a stay that begins on a day: until what is known to begin later.
pub fn lasting(residences: &[Residence], from: NaiveDate) -> Span<NaiveDate> {
    Span::until_next(from, residences.iter().map(|it| it.span.from))
}

/// The current residence of a day: the latest started whose span contains it, then the larger id.
pub fn current(residences: &[Residence], day: NaiveDate) -> Option<&Residence> {
    residences.iter().filter(|r| r.span.contains(day)).max_by_key(|r| (r.span.from, r.id))
}
