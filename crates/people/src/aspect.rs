//! What of a person a line of their history is about: the closed list of what acts remember. Leaves what changed to the
//! line itself and the words to the locale files (`people-what-…` for the office, `data-what-…` for the person).

coded! {
    /// The aspect a change is about.
    Aspect {
        /// Names and other basics.
        Person = "person",
        /// A tie.
        Tie = "tie",
        /// A stay at a school.
        Enrolment = "enrolment",
        /// A home.
        Residence = "residence",
        /// What the person does besides school.
        Occupation = "occupation",
        /// What came of it.
        Outcome = "outcome",
        /// A guardian.
        Guardianship = "guardianship",
        /// A contact point.
        Contact = "contact",
        /// A consent.
        Consent = "consent",
        /// Another entry was merged into this one.
        Merge = "merge",
        /// A merge was taken back.
        Unmerge = "unmerge",
        /// A list that was taken in.
        Import = "import",
        /// A list that was taken back.
        ImportUndone = "import_undone",
    }
}
