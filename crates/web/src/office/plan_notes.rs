//! What a reader must know about the plan's own numbers: what its source leaves blank, what was worked back from it, what is
//! inferred. Shown wherever the plan's targets and rates stand.

use tsunagari_blueprints::{NoteKind, Plan};
use tsunagari_i18n::Texts;

/// The notes of a plan, each with what kind of note it is.
pub(super) fn plan_notes(t: Texts, plan: &Plan) -> Vec<String> {
    let kind = |kind: NoteKind| match kind {
        NoteKind::Inferred => "plan-note-inferred",
        NoteKind::Derived => "plan-note-derived",
        NoteKind::Quirk => "plan-note-quirk",
        NoteKind::Blank => "plan-note-blank",
    };
    plan.notes.iter().map(|it| t.two("plan-note", "kind", t.get(kind(it.kind)), "text", it.text.clone())).collect()
}

/// The notes of the plan an organisation has adopted; none without one.
pub(super) fn adopted_notes(t: Texts, slug: Option<&str>) -> Vec<String> {
    match slug.and_then(tsunagari_blueprints::plan_by_slug) {
        Some(Ok(plan)) => plan_notes(t, &plan),
        Some(Err(_)) | None => Vec::new(),
    }
}
