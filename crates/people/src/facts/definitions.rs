//! The catalogue entries of the facts about people: names, kinds, parameters, and where the words of their codes stand.
//! Leaves their meaning to `PersonFact`.

use tsunagari_rules::{Codes, FactDef, FactKind, ParamDef, ParamKind};

use crate::{ContactKind, LifeStage, OutcomeKind, PersonLocale, ReachReason, SchoolKind, TieKind};

const PURPOSES: Codes = Codes::Open("purposes");
const CONTACT_KINDS: Codes = Codes::Closed(ContactKind::CODES);

const PURPOSE: ParamDef = ParamDef { name: "purpose", kind: ParamKind::Code(PURPOSES) };
const CHANNEL: ParamDef = ParamDef { name: "channel", kind: ParamKind::Code(CONTACT_KINDS) };
const REASON: ParamDef = ParamDef { name: "reason", kind: ParamKind::Code(Codes::Closed(ReachReason::CODES)) };
const TIE: ParamDef = ParamDef { name: "kind", kind: ParamKind::Code(Codes::Closed(TieKind::CODES)) };
const OUTCOME: ParamDef = ParamDef { name: "kind", kind: ParamKind::Code(Codes::Closed(OutcomeKind::CODES)) };

/// Every fact about people. Open lists: `purposes`, `interests`, `schools`, `prefectures`, `municipalities`.
pub static FACTS: &[FactDef] = &[
    FactDef::plain("age", FactKind::Number { unit: "age" }),
    FactDef::plain("birth_date", FactKind::Date),
    FactDef::plain("cohort", FactKind::Number { unit: "year" }),
    FactDef::plain("cohort_age", FactKind::Number { unit: "years" }),
    FactDef::plain("high_school", FactKind::Choice(Codes::Open("schools"))),
    FactDef::plain("school_kind", FactKind::Choice(Codes::Closed(SchoolKind::CODES))),
    FactDef::plain("study_year", FactKind::Number { unit: "years" }),
    FactDef::plain("life_stage", FactKind::Choice(Codes::Closed(LifeStage::CODES))),
    FactDef::plain("job_hunting", FactKind::Truth),
    FactDef::plain("residence_prefecture", FactKind::Choice(Codes::Open("prefectures"))),
    FactDef::plain("residence_municipality", FactKind::Choice(Codes::Open("municipalities"))),
    FactDef::plain("residence_abroad", FactKind::Truth),
    FactDef::with_params("tie", FactKind::Truth, &[TIE]),
    FactDef::with_params("had_tie", FactKind::Truth, &[TIE]),
    FactDef::with_params("outcome", FactKind::Truth, &[OUTCOME]),
    FactDef::plain("interest", FactKind::ChoiceSet(Codes::Open("interests"))),
    FactDef::with_params("consent", FactKind::Truth, &[PURPOSE]),
    FactDef::with_params("reachable", FactKind::Truth, &[PURPOSE]),
    FactDef::with_params("reachable_by", FactKind::Truth, &[PURPOSE, CHANNEL]),
    FactDef::with_params("reason", FactKind::Truth, &[REASON, PURPOSE]),
    FactDef::with_params("has_contact", FactKind::Truth, &[CHANNEL]),
    FactDef::plain("locale", FactKind::Choice(Codes::Closed(PersonLocale::CODES))),
    FactDef::plain("guardian_known", FactKind::Truth),
];

/// The locale key for a code of one of this crate's closed lists (`life-stage-high-3`, `reason-no-tie`); `None` for any other list.
pub fn code_key(codes: Codes, code: &str) -> Option<String> {
    let Codes::Closed(list) = codes else { return None };
    let lists = [
        (SchoolKind::CODES, "school-kind"),
        (LifeStage::CODES, "life-stage"),
        (TieKind::CODES, "tie"),
        (OutcomeKind::CODES, "outcome-kind"),
        (ReachReason::CODES, "reason"),
        (ContactKind::CODES, "contact-kind"),
        (PersonLocale::CODES, "person-locale"),
    ];
    let (_, prefix) = lists.into_iter().find(|(of, _)| *of == list)?;
    list.contains(&code).then(|| format!("{prefix}-{}", code.replace('_', "-")))
}
