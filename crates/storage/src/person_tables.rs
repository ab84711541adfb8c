//! Which column of which table names a person, what erasure does to its rows, and what the person is given of them. One
//! list for erasure, subject access and the doctor's proof that nothing is left, so that the three cannot disagree; a test
//! reads the schema and fails for a table or an id that is declared nowhere. To add a table: an entry in `HELD` or in
//! `WITHOUT_PERSONS`. Leaves sealed texts that mention somebody to `erasure_traces`.

/// What erasure does to a row that names the person in a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    /// The row goes.
    Delete,
    /// The row stays for its count, the id goes.
    Blank,
    /// The row stays for its count, the id goes with the salt that shows whose its mark is.
    Unmarked,
    /// The row stays for its count under an id that is nobody's.
    Anonymous,
    /// The row stays empty, marked as erased.
    Tombstone,
    /// The row's sealed cells go, its count stays.
    Cleared,
    /// The row stays as it is, for this reason.
    Kept(&'static str),
}

/// How a column is given to the person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Given {
    /// An id, a code, a text, a civil date.
    Text,
    /// An id.
    Id,
    /// A number or a flag.
    Number,
    /// An instant.
    Instant,
    /// Not given, for this reason.
    Withheld(&'static str),
}

/// A table with rows about persons.
#[derive(Debug, Clone, Copy)]
pub struct Held {
    /// Its name.
    pub table: &'static str,
    /// The columns that name a person, and the fate of the row.
    pub names: &'static [(&'static str, Fate)],
    /// Every other column except `org_id`.
    pub columns: &'static [(&'static str, Given)],
    /// What is told beside the row, from the row it belongs to: a name and an expression over `x`.
    pub beside: &'static [(&'static str, &'static str)],
}

pub use without_persons::{OTHER_IDS, WITHOUT_PERSONS};

use Fate::{Anonymous, Blank, Cleared, Delete, Kept, Tombstone, Unmarked};
use Given::{Id, Instant, Number, Text, Withheld};

const SECRET: Given = Withheld("a secret of the program");
const DERIVED: Given = Withheld("made from what is given elsewhere");
const WORKING: Given = Withheld("only the program's own bookkeeping");
const OPENED: Given = Withheld("given opened, as `address`");

const fn held(
    table: &'static str,
    names: &'static [(&'static str, Fate)],
    columns: &'static [(&'static str, Given)],
) -> Held {
    Held { table, names, columns, beside: &[] }
}

/// Every table with rows about persons, in the order in which erasure goes through them.
pub const HELD: &[Held] = &[
    held(
        "session",
        &[("person_id", Delete), ("acting_for", Delete)],
        &[
            ("token_hash", SECRET),
            ("session_id", Id),
            ("kind", Text),
            ("user_id", WORKING),
            ("how", Text),
            ("data", WORKING),
            ("created_at", Instant),
            ("seen_at", Instant),
            ("ended_at", Instant),
        ],
    ),
    held(
        "one_time_link",
        &[("person_id", Delete)],
        &[
            ("token_hash", SECRET),
            ("link_id", Id),
            ("purpose", Text),
            ("user_id", WORKING),
            ("payload", SECRET),
            ("expires_at", Instant),
            ("used_at", Instant),
            ("created_at", Instant),
        ],
    ),
    held("test_recipient", &[("person_id", Delete)], &[("recorded_by", Id), ("recorded_at", Instant)]),
    held("person_gram", &[("person_id", Delete)], &[("gram", DERIVED)]),
    held(
        "person_state",
        &[("person_id", Delete), ("merged_into", Blank)],
        &[
            ("from_at", DERIVED),
            ("until_at", DERIVED),
            ("birth_date", DERIVED),
            ("locale", DERIVED),
            ("cohort", DERIVED),
            ("life_stage", DERIVED),
            ("prefecture", DERIVED),
            ("ties", DERIVED),
            ("kept", DERIVED),
            ("line_at", DERIVED),
            ("email_at", DERIVED),
            ("phone_at", DERIVED),
            ("postal_at", DERIVED),
            ("consents", DERIVED),
            ("interests", DERIVED),
            ("school_kind", DERIVED),
            ("study_year", DERIVED),
            ("work_end_fy", DERIVED),
            ("enrolled", DERIVED),
            ("high_school", DERIVED),
            ("signs", DERIVED),
            ("begun", DERIVED),
            ("municipality", DERIVED),
        ],
    ),
    held(
        "tie",
        &[("person_id", Delete)],
        &[
            ("tie_id", Id),
            ("kind", Text),
            ("from_on", Text),
            ("until_on", Text),
            ("ended_reason", Text),
            ("recorded_at", Instant),
        ],
    ),
    Held {
        table: "household_member",
        names: &[("person_id", Delete)],
        columns: &[("household_id", Id), ("from_on", Text), ("until_on", Text)],
        beside: &[(
            "household",
            "(SELECT h.name FROM household h WHERE h.org_id = x.org_id AND h.household_id = x.household_id)",
        )],
    },
    held(
        "guardianship",
        &[("child_id", Delete), ("guardian_id", Delete)],
        &[("guardianship_id", Id), ("from_on", Text), ("until_on", Text), ("evidence", Text), ("recorded_at", Instant)],
    ),
    held(
        "enrolment",
        &[("person_id", Delete)],
        &[
            ("enrolment_id", Id),
            ("school_id", Id),
            ("school_name", Text),
            ("kind", Text),
            ("place", Text),
            ("years", Number),
            ("start_fy", Number),
            ("end_fy", Number),
            ("pause_years", Number),
            ("from_on", Text),
            ("until_on", Text),
            ("left_on", Text),
            ("recorded_at", Instant),
        ],
    ),
    held(
        "residence",
        &[("person_id", Delete)],
        &[
            ("residence_id", Id),
            ("municipality", Text),
            ("prefecture", Text),
            ("country", Text),
            ("from_on", Text),
            ("until_on", Text),
            ("recorded_at", Instant),
        ],
    ),
    held(
        "occupation",
        &[("person_id", Delete)],
        &[("occupation_id", Id), ("kind", Text), ("from_on", Text), ("until_on", Text), ("recorded_at", Instant)],
    ),
    held(
        "outcome",
        &[("person_id", Delete)],
        &[
            ("outcome_id", Id),
            ("kind", Text),
            ("on_day", Text),
            ("evidence", Text),
            ("recorded_by", Id),
            ("recorded_at", Instant),
            ("annulled_at", Instant),
        ],
    ),
    held("interest", &[("person_id", Delete)], &[("code", Text), ("from_at", Instant), ("until_at", Instant)]),
    held("contact_confirmed", &[("person_id", Delete)], &[("contact_id", Id), ("at", Instant), ("how", Text)]),
    held(
        "contact_working",
        &[("person_id", Delete)],
        &[
            ("contact_id", Id),
            ("from_at", Instant),
            ("kind", Text),
            ("until_at", Instant),
            ("end_reason", Text),
            ("recorded_at", Instant),
        ],
    ),
    held(
        "contact_point",
        &[("person_id", Delete)],
        &[
            ("contact_id", Id),
            ("kind", Text),
            ("provider_id", Id),
            ("lookup", DERIVED),
            ("lookup_version", WORKING),
            ("sealed", OPENED),
            ("verified_at", Instant),
            ("created_at", Instant),
            ("removed_at", Instant),
        ],
    ),
    Held {
        table: "consent",
        names: &[("person_id", Delete), ("guardian_id", Blank)],
        columns: &[
            ("consent_id", Id),
            ("purpose", Text),
            ("wording_version", Number),
            ("given_by", Text),
            ("how", Text),
            ("from_at", Instant),
            ("until_at", Instant),
            ("ended_how", Text),
            ("recorded_at", Instant),
        ],
        beside: &[(
            "wording",
            "(SELECT w.text FROM wording w WHERE w.org_id = x.org_id AND w.purpose = x.purpose AND w.version = x.wording_version AND w.locale = 'ja')",
        )],
    },
    held(
        "import_row",
        &[("person_id", Cleared)],
        &[
            ("import_id", Id),
            ("row_no", Number),
            ("cells", Withheld("given opened, as `row`")),
            ("verdict", Text),
            ("judged", DERIVED),
            ("decision", Text),
        ],
    ),
    held(
        "change_row",
        &[("person_id", Delete)],
        &[
            ("change_id", Id),
            ("seq", WORKING),
            ("step", Withheld("what it changed stands in `person_history`")),
            ("undone", Text),
        ],
    ),
    held(
        "person_history",
        &[("person_id", Delete)],
        &[("at", Instant), ("audit_id", WORKING), ("what", Text), ("before", Text), ("after", Text)],
    ),
    held(
        "merge",
        &[("kept_id", Delete), ("gone_id", Delete)],
        &[("merge_id", Id), ("moved", DERIVED), ("by_user", Id), ("at", Instant), ("undone_at", Instant)],
    ),
    held("not_same", &[("one_id", Delete), ("other_id", Delete)], &[("by_user", Id), ("at", Instant)]),
    held(
        "line_follower",
        &[("person_id", Delete)],
        &[
            ("provider_id", Id),
            ("lookup", DERIVED),
            ("sealed", Withheld("the same user id as the contact point's")),
            ("channel_id", Id),
            ("following", Number),
            ("last_event_at", Instant),
            ("followed_at", Instant),
        ],
    ),
    held("line_access", &[("person_id", Delete)], &[("channel_id", Id), ("sealed", SECRET), ("until_at", Instant)]),
    Held {
        table: "delivery",
        names: &[("person_id", Anonymous)],
        columns: &[
            ("campaign_id", Id),
            ("channel", Text),
            ("contact_id", Id),
            ("state", Text),
            ("reason", Text),
            ("dispatch_id", WORKING),
            ("attempt", Number),
            ("next_at", WORKING),
            ("settled_at", Instant),
            ("request_id", WORKING),
        ],
        beside: &[(
            "title",
            "(SELECT c.title FROM campaign c WHERE c.org_id = x.org_id AND c.campaign_id = x.campaign_id)",
        )],
    },
    Held {
        table: "message_click",
        names: &[("person_id", Blank)],
        columns: &[("campaign_id", Id), ("link_no", Number), ("at", Instant), ("click_id", WORKING)],
        beside: &[(
            "url",
            "(SELECT l.url FROM message_link l WHERE l.org_id = x.org_id AND l.campaign_id = x.campaign_id AND l.link_no = x.link_no)",
        )],
    },
    Held {
        table: "figure_member",
        names: &[("person_id", Unmarked)],
        columns: &[
            ("figure_id", Id),
            ("position", WORKING),
            ("counted", Number),
            ("via", Text),
            ("reasons", Text),
            ("salt", WORKING),
            ("mark", WORKING),
        ],
        beside: &[(
            "indicator",
            "(SELECT i.slug FROM figure f JOIN indicator i ON i.org_id = f.org_id AND i.indicator_id = f.indicator_id WHERE f.org_id = x.org_id AND f.figure_id = x.figure_id)",
        )],
    },
    Held {
        table: "export_member",
        names: &[("person_id", Delete)],
        columns: &[("export_id", Id)],
        beside: &[("kind", "(SELECT e.kind FROM export e WHERE e.org_id = x.org_id AND e.export_id = x.export_id)")],
    },
    Held {
        table: "application",
        names: &[("applicant_id", Blank), ("beneficiary_id", Blank)],
        columns: &[
            ("application_id", Id),
            ("round_id", Id),
            ("programme_id", Id),
            ("fiscal_year", Number),
            ("version_no", Number),
            ("venue_no", Number),
            ("receipt", Text),
            ("household_id", Id),
            ("handed_by", Text),
            ("judged", Text),
            ("class", Text),
            ("stands", Text),
            ("wait_order", Number),
            ("offered_until", Instant),
            ("drawn_rank", Number),
            ("came", Text),
            ("completed", Number),
            ("standing", DERIVED),
            ("entries", WORKING),
            ("applied_at", Instant),
            ("changed_at", Instant),
        ],
        beside: &[
            (
                "programme",
                "(SELECT p.title FROM programme p WHERE p.org_id = x.org_id AND p.programme_id = x.programme_id)",
            ),
            ("round", "(SELECT r.title FROM programme_round r WHERE r.org_id = x.org_id AND r.round_id = x.round_id)"),
        ],
    },
    held(
        "application_paper",
        &[("person_id", Delete)],
        &[("application_id", Id), ("mark", DERIVED), ("sealed", Withheld("given opened, as `handed_in`"))],
    ),
    held(
        "application_draft",
        &[("person_id", Delete)],
        &[
            ("round_id", Id),
            ("version_no", Number),
            ("sealed", Withheld("given opened, as `handed_in`")),
            ("begun_at", Instant),
            ("changed_at", Instant),
        ],
    ),
    held(
        "application_word",
        &[("person_id", Delete)],
        &[("application_id", Id), ("at", Instant), ("sealed", Withheld("given opened, as `handed_in`"))],
    ),
    held(
        "parcel_address",
        &[("person_id", Delete)],
        &[
            ("parcel_no", Number),
            ("said_by", Text),
            ("confirmed_at", Instant),
            ("sealed", Withheld("given opened, as `handed_in`")),
        ],
    ),
    held(
        "parcel_word",
        &[("person_id", Delete)],
        &[("parcel_no", Number), ("at", Instant), ("sealed", Withheld("given opened, as `handed_in`"))],
    ),
    held(
        "payment_account",
        &[("person_id", Delete)],
        &[
            ("payment_no", Number),
            ("said_by", Text),
            ("holder", Text),
            ("told_at", Instant),
            ("doubted", WORKING),
            ("sealed", Withheld("given opened, as `handed_in`")),
        ],
    ),
    held(
        "transfer_line",
        &[("person_id", Delete)],
        &[
            ("run_no", Number),
            ("line_no", Number),
            ("payment_no", Number),
            ("sending", Number),
            ("yen", Number),
            ("sealed", Withheld("given opened, as `handed_in`")),
        ],
    ),
    held(
        "erasure",
        &[("person_id", Kept("the record that somebody was erased: an id behind which nobody stands any more"))],
        &[
            ("erasure_id", Id),
            ("asked_by", Text),
            ("state", Text),
            ("reason", Text),
            ("proposed_by", Id),
            ("proposed_at", Instant),
            ("decided_by", Id),
            ("decided_at", Instant),
        ],
    ),
    held(
        "audit",
        &[
            ("subject_id", Kept("the audit record holds ids, codes and numbers only and is never changed")),
            ("actor_id", Kept("the audit record holds ids, codes and numbers only and is never changed")),
        ],
        &[
            ("audit_id", Id),
            ("at", Instant),
            ("actor_kind", Text),
            ("act", Text),
            ("operation_id", WORKING),
            ("subject_kind", WORKING),
            ("detail", Withheld("names other persons' ids")),
            ("seq", WORKING),
            ("prev_hash", WORKING),
            ("hash", WORKING),
        ],
    ),
    held(
        "person",
        &[("person_id", Tombstone), ("merged_into", Blank)],
        &[
            ("family", Text),
            ("given", Text),
            ("family_kana", Text),
            ("given_kana", Text),
            ("name_key", DERIVED),
            ("kana_key", DERIVED),
            ("birth_date", Text),
            ("locale", Text),
            ("address_protected", Number),
            ("source", Text),
            ("team_id", Id),
            ("erased_at", Instant),
            ("created_at", Instant),
            ("updated_at", Instant),
            ("version", WORKING),
        ],
    ),
];

/// Tables whose instants are of the machine's clock and not of the calendar (docs/decisions/0004): signing in, links, and
/// what LINE says of its own. Where the two differ, in the demo, a reader is told.
pub const OF_THE_REAL_CLOCK: &[&str] = &["session", "one_time_link", "line_access", "line_inbound", "line_follower"];

#[cfg(test)]
pub(crate) mod tests;
mod without_persons;
