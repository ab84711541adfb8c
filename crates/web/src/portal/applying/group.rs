//! The step of a group: its name, and its members one after the other, each with what the conditions ask of them. A company has a name
//! alone. Leaves the page to `question`.

use tsunagari_acts::Reason;
use tsunagari_acts::apply::faults_of_named;
use tsunagari_acts::fill_in::Filling;
use tsunagari_i18n::Texts;
use tsunagari_kernel::Timestamp;
use tsunagari_people::SchoolKind;
use tsunagari_programmes::{About, Answer, FieldKind, Named};

use super::answers::person;
use super::question::{Part, Taken, named_by};
use super::step::is_group;
use crate::portal::draft::Given;
use crate::portal::wrong::{Wrong, at};
use crate::sentences::sentence;
use crate::shell::components::{Choices, Field};

/// What the fields of a member begin with.
const MEMBER: &str = "m_";

/// The members so far, with their numbers.
pub fn members(t: Texts, it: &Filling) -> Vec<(usize, String)> {
    it.draft.paper.members.iter().enumerate().map(|(n, member)| (n, person(t, member))).collect()
}

/// The fields.
pub fn parts(t: Texts, it: &Filling, typed: Option<&Given>, wrong: &Wrong) -> Vec<Part> {
    let of = |name: &str, usual: &str| typed.map_or(usual, |form| form.get(name)).to_owned();
    let text = |name: &str, key: &str, usual: &str| {
        Part::Field(Field::text(t, name, t.get(key)).value(of(name, usual)).error(at(wrong, name)))
    };
    let mut parts = vec![text("group", "applying-group", &it.draft.paper.group)];
    if is_group(it) {
        parts.push(text("m_family", "applying-family", ""));
        parts.push(text("m_given", "applying-given", ""));
        let birth = Field::date(t, "m_birth", t.get("applying-birth")).value(of("m_birth", ""));
        parts.push(Part::Field(birth.error(at(wrong, "m_birth"))));
        let lives = Field::text(t, "m_lives", t.get("applying-lives")).hint(t.get("applying-place-hint"));
        parts.push(Part::Field(lives.value(of("m_lives", "")).error(at(wrong, "m_lives"))));
        if asks_school(it) {
            let all = Choices::select(t, "m_studies", t.get("applying-studies")).option("", t.get("portal-choose"));
            let all = SchoolKind::ALL.iter().fold(all, |all, kind| {
                all.option(kind.code(), t.get(format!("school-kind-{}", kind.code().replace('_', "-"))))
            });
            parts.push(Part::Choices(all.chosen(&of("m_studies", ""))));
        }
    }
    parts
}

/// Whether a condition asks at which school the members are.
fn asks_school(it: &Filling) -> bool {
    let of_group = it.running.policy.conditions.iter().filter(|it| it.about == About::Group);
    of_group.flat_map(|it| it.rule.asked()).any(|fact| fact == "school_kind")
}

/// What was typed: the name, one more member, or one fewer.
pub fn take(t: Texts, it: &mut Filling, form: &Given, now: Timestamp) -> Result<Taken, Wrong> {
    let said = |field: &str, code: &'static str| (field.to_owned(), sentence(t, &Reason::of(code)));
    let group = form.get("group").trim();
    group.clone_into(&mut it.draft.paper.group);
    if let Some(n) = form.get("do").strip_prefix("remove-").and_then(|n| n.parse::<usize>().ok()) {
        if n < it.draft.paper.members.len() {
            it.draft.paper.members.remove(n);
        }
        return Ok(Taken::Here);
    }
    let adds = form.get("do") == "add";
    let written = ["m_family", "m_given", "m_birth", "m_lives"].iter().any(|name| !form.get(name).trim().is_empty());
    if is_group(it) && (adds || written) {
        it.draft.paper.members.push(member(t, form, now)?);
    }
    let mut wrong = Wrong::new();
    if !adds && group.is_empty() {
        wrong.push(said("group", "group_without_name"));
    }
    if !adds && is_group(it) && it.draft.paper.members.is_empty() {
        wrong.push(said("m_family", "group_without_members"));
    }
    match (wrong.is_empty(), adds) {
        (true, true) => Ok(Taken::Here),
        (true, false) => Ok(Taken::Next),
        (false, _) => Err(wrong),
    }
}

fn member(t: Texts, form: &Given, now: Timestamp) -> Result<Named, Wrong> {
    let said = |field: &str, code: &'static str| (field.to_owned(), sentence(t, &Reason::of(code)));
    let mut member = named_by(form, MEMBER);
    member.studies = form.get("m_studies").parse().ok();
    let place = |code: &str| if code.contains("birth") { "m_birth" } else { "m_family" };
    let mut wrong: Wrong = faults_of_named(&member, now).map(|code| said(place(code), code)).collect();
    match FieldKind::Place.read(&[form.get("m_lives").to_owned()]) {
        Ok(Some(Answer::Place(code))) => member.lives = Some(code),
        Ok(_) => wrong.push(said("m_lives", "answer_missing")),
        Err(fault) => wrong.push(said("m_lives", fault.code())),
    }
    if wrong.is_empty() { Ok(member) } else { Err(wrong) }
}
