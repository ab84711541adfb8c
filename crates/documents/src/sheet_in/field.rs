//! What a column of a school's list can be. Leaves which header words mean which field to `headers`.

/// A field that an imported column can fill.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ImportField {
    /// Family name.
    FamilyName,
    /// Given name.
    GivenName,
    /// Family and given name in one cell.
    FullName,
    /// Reading of the family name.
    FamilyKana,
    /// Reading of the given name.
    GivenKana,
    /// Reading of the whole name.
    FullKana,
    /// Date of birth.
    BirthDate,
    /// High school.
    School,
    /// Fiscal year of graduation from high school.
    GraduationYear,
    /// Class.
    Class,
    /// Number within the class.
    Number,
    /// Where the person goes next: school or employer.
    NextSchool,
    /// Kind of the next place (university, vocational school, work ...).
    NextSchoolKind,
    /// Prefecture or town of the next place.
    NextPlace,
    /// E-mail of the person.
    Email,
    /// Telephone of the person.
    Phone,
    /// Postal code.
    PostalCode,
    /// Address.
    Address,
    /// Guardian's name.
    GuardianName,
    /// Guardian's e-mail.
    GuardianEmail,
    /// Guardian's telephone.
    GuardianPhone,
    /// The school's own number of the student: the key for importing again.
    StudentNumber,
    /// Remarks.
    Note,
    /// Not imported.
    Ignore,
}

impl ImportField {
    /// Every field, in the order a form lists them.
    pub const ALL: [Self; 24] = [
        Self::FamilyName,
        Self::GivenName,
        Self::FullName,
        Self::FamilyKana,
        Self::GivenKana,
        Self::FullKana,
        Self::BirthDate,
        Self::School,
        Self::GraduationYear,
        Self::Class,
        Self::Number,
        Self::NextSchool,
        Self::NextSchoolKind,
        Self::NextPlace,
        Self::Email,
        Self::Phone,
        Self::PostalCode,
        Self::Address,
        Self::GuardianName,
        Self::GuardianEmail,
        Self::GuardianPhone,
        Self::StudentNumber,
        Self::Note,
        Self::Ignore,
    ];

    /// The stable name, used in forms, in stored mappings and as a key of locale texts.
    pub fn slug(self) -> &'static str {
        match self {
            Self::FamilyName => "family_name",
            Self::GivenName => "given_name",
            Self::FullName => "full_name",
            Self::FamilyKana => "family_kana",
            Self::GivenKana => "given_kana",
            Self::FullKana => "full_kana",
            Self::BirthDate => "birth_date",
            Self::School => "school",
            Self::GraduationYear => "graduation_year",
            Self::Class => "class",
            Self::Number => "number",
            Self::NextSchool => "next_school",
            Self::NextSchoolKind => "next_school_kind",
            Self::NextPlace => "next_place",
            Self::Email => "email",
            Self::Phone => "phone",
            Self::PostalCode => "postal_code",
            Self::Address => "address",
            Self::GuardianName => "guardian_name",
            Self::GuardianEmail => "guardian_email",
            Self::GuardianPhone => "guardian_phone",
            Self::StudentNumber => "student_number",
            Self::Note => "note",
            Self::Ignore => "ignore",
        }
    }

    /// The field of a stable name.
    pub fn from_slug(slug: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|field| field.slug() == slug)
    }
}
