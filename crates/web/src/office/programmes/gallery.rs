//! The gallery: every blueprint shipped with the program, by kind and by whose it is, and the sheet of each, from which it is
//! taken into use. Leaves what becomes of it then to `show`.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use askama::Template;
use axum::Extension;
use axum::extract::{Path, Query};
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;
use tsunagari_access::Code;
use tsunagari_access::permission::ManageProgrammes;
use tsunagari_acts::adopt_blueprint::adopt_blueprint;
use tsunagari_blueprints::{Blueprint, Values, blueprints};
use tsunagari_kernel::names;

use super::crumbs;
use super::sheet::{SheetView, Told, told};
use super::words::{self, blueprint_href, programme_href};
use crate::office::desk::Desk;
use crate::routes::{Needs, Nothing, Posted, Routes};
use crate::shell::components::{Choices, ConfirmForm, Crumbs, Empty, Field, FieldKind, Link};
use crate::shell::{AppError, Sample, Shell, page};

/// Where it stands.
pub(super) const GALLERY: &str = "/office/programmes/gallery";

/// The shipped blueprints, read once.
static SHIPPED: LazyLock<Vec<Blueprint>> = LazyLock::new(|| blueprints().unwrap_or_default());

/// The routes.
pub(super) fn routes(routes: Routes) -> Routes {
    let (view, manage) = (Needs::Permission(Code::ViewProgrammes), Needs::Permission(Code::ManageProgrammes));
    let one = "/office/programmes/gallery/{collection}/{blueprint}";
    routes.get(GALLERY, view, show).get(one, view, show_one).post(one, manage, adopt)
}

#[derive(Debug, Default, Deserialize)]
struct Asked {
    #[serde(default)]
    q: String,
    #[serde(default)]
    kind: String,
    #[serde(default)]
    whose: String,
}

impl Asked {
    fn finds(&self, it: &Blueprint) -> bool {
        let wanted = names::comparable(&self.q);
        let sheet = &it.sheet;
        let said =
            [&it.title, &it.organisation_name, &sheet.overview].into_iter().chain(&sheet.aims).chain(&sheet.content);
        (self.kind.is_empty() || it.kind.code() == self.kind)
            && (self.whose.is_empty() || it.organisation == self.whose)
            && (wanted.is_empty() || said.into_iter().any(|text| names::comparable(text).contains(&wanted)))
    }
}

struct Line {
    href: String,
    title: String,
    kind: String,
    whose: String,
    overview: String,
}

#[derive(Template)]
#[template(path = "office/programmes/gallery.html")]
struct GalleryPage {
    shell: Shell,
    crumbs: Crumbs,
    search: Field,
    filters: Vec<Choices>,
    count: String,
    lines: Vec<Line>,
    empty: Empty,
}

impl GalleryPage {
    fn of(shell: Shell, all: &[Blueprint], asked: &Asked) -> Self {
        let t = shell.t;
        let kinds: BTreeSet<String> = all.iter().map(|it| it.kind.code()).collect();
        let owners: BTreeSet<(&str, &str)> =
            all.iter().map(|it| (it.organisation.as_str(), it.organisation_name.as_str())).collect();
        let mut kind = Choices::select(t, "kind", t.get("programmes-kind")).option("", t.get("programmes-any"));
        for code in kinds {
            kind = kind.option(code.clone(), words::kind(t, &code));
        }
        let mut whose = Choices::select(t, "whose", t.get("programmes-whose")).option("", t.get("programmes-any"));
        for (code, name) in owners {
            whose = whose.option(code, name);
        }
        let mut found: Vec<&Blueprint> = all.iter().filter(|it| asked.finds(it)).collect();
        found.sort_by(|a, b| (a.kind, &a.organisation, &a.title).cmp(&(b.kind, &b.organisation, &b.title)));
        let line = |it: &&Blueprint| Line {
            href: blueprint_href(&it.slug),
            title: it.title.clone(),
            kind: words::kind(t, &it.kind.code()),
            whose: it.organisation_name.clone(),
            overview: it.sheet.overview.clone(),
        };
        Self {
            crumbs: crumbs(t, Vec::new()),
            search: Field::of(FieldKind::Search, t, "q", t.get("programmes-search")).value(asked.q.clone()),
            filters: vec![kind.chosen(&asked.kind), whose.chosen(&asked.whose)],
            count: t.count("programmes-found", found.len()),
            lines: found.iter().map(line).collect(),
            empty: Empty::of("search", t.get("programmes-none-found"), t.get("programmes-none-found.text"))
                .action(GALLERY, t.get("programmes-search-all")),
            shell,
        }
    }
}

async fn show(Extension(desk): Extension<Desk>, Query(asked): Query<Asked>) -> Response {
    page(&GalleryPage::of(desk.shell(), &SHIPPED, &asked))
}

#[derive(Template)]
#[template(path = "office/programmes/blueprint.html")]
struct BlueprintPage {
    shell: Shell,
    crumbs: Crumbs,
    title: String,
    kind: String,
    whose: String,
    sheet: SheetView,
    values: Vec<Told>,
    take_up: Option<ConfirmForm>,
}

impl BlueprintPage {
    fn of(shell: Shell, it: &Blueprint, may: bool) -> Self {
        let t = shell.t;
        let values = Values::of(&it.parameters);
        let take_up = ConfirmForm::of(&shell, blueprint_href(&it.slug), t.get("programmes-take-up")).look("solid");
        Self {
            crumbs: crumbs(t, vec![Link::to(GALLERY, t.get("programmes-gallery"))]),
            title: it.title.clone(),
            kind: words::kind(t, &it.kind.code()),
            whose: it.organisation_name.clone(),
            sheet: SheetView::of(t, it, &values),
            values: told(t, &it.parameters, &values),
            take_up: may.then_some(take_up),
            shell,
        }
    }
}

async fn show_one(
    Extension(desk): Extension<Desk>,
    Path((collection, blueprint)): Path<(String, String)>,
) -> Result<Response, AppError> {
    let slug = format!("{collection}/{blueprint}");
    let it = SHIPPED.iter().find(|it| it.slug == slug).ok_or(AppError::NotFound)?;
    Ok(page(&BlueprintPage::of(desk.shell(), it, desk.may(Code::ManageProgrammes))))
}

async fn adopt(
    Extension(desk): Extension<Desk>,
    Path((collection, blueprint)): Path<(String, String)>,
    Posted(Nothing {}): Posted<Nothing>,
) -> Result<Response, AppError> {
    let by = desk.grant::<ManageProgrammes>()?;
    let adopted = adopt_blueprint(&desk.house, &by, &format!("{collection}/{blueprint}")).await;
    let id = adopted.map_err(|error| desk.problem(error))?;
    Ok(Redirect::to(&format!("{}?done=adopted", programme_href(id))).into_response())
}

/// The shipped blueprints, for samples: what every one says must have its words.
pub(super) fn shipped() -> &'static [Blueprint] {
    &SHIPPED
}

impl Sample for GalleryPage {
    fn samples(shell: Shell) -> Vec<Self> {
        let nothing = Asked { q: "☃".into(), ..Asked::default() };
        vec![Self::of(shell.clone(), shipped(), &Asked::default()), Self::of(shell, shipped(), &nothing)]
    }
}

impl Sample for BlueprintPage {
    fn samples(shell: Shell) -> Vec<Self> {
        shipped().iter().map(|it| Self::of(shell.clone(), it, true)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::shell::sample::{faults, office_shell};

    #[test]
    fn every_face_has_its_words() {
        assert!(!shipped().is_empty(), "the shipped blueprints can be read");
        assert_eq!(faults::<GalleryPage>(office_shell), Vec::<String>::new());
        assert_eq!(faults::<BlueprintPage>(office_shell), Vec::<String>::new());
    }
}
