//! The office's pages with many people, as one officer opens them one after the other while nothing else happens. To add
//! a page: a line in `PAGES`.

use std::time::Duration;

use anyhow::{Context, Result, bail};
use async_trait::async_trait;
use tsunagari_access::Role;
use tsunagari_load::Times;
use tsunagari_load::officer::Desk;

use crate::bench::Bench;
use crate::part::Part;
use crate::table::{Figure, Of};
use crate::town::Town;

/// How often each is opened, after a few times that are not counted.
const OPENED: usize = 60;
const WARM_UP: usize = 5;
/// A rule of five conditions, as an office would ask.
const RULE: &str = "age >= 18 and cohort >= 2020 and tie(origin) and interest has jobs and reachable(info)";

/// Pages by address; `{person}` is somebody, `{indicator}` the plan's first.
const PAGES: &[(&str, &str)] = &[
    ("Today", "/office"),
    ("people, first page", "/office/people"),
    ("people, by a family name", "/office/people?q=%E5%B1%B1%E5%B4%8E"),
    ("people, by a full name", "/office/people?q=%E5%B1%B1%E5%B4%8E%E7%BE%8E%E5%92%B2"),
    ("people, by kana", "/office/people?q=%E3%82%84%E3%81%BE%E3%81%95%E3%81%8D"),
    ("people, of a class", "/office/people?school={school}&cohort=2025"),
    ("people, reachable", "/office/people?reach=yes&purpose=info"),
    ("people, not reachable", "/office/people?reach=no&purpose=info"),
    ("people, in a stage of life", "/office/people?stage=university_2"),
    ("people, by a family name, reachable", "/office/people?q=%E5%B1%B1%E5%B4%8E&reach=yes&purpose=info"),
    ("a person's card", "/office/people/{person}"),
    ("audiences", "/office/audiences"),
    ("reach", "/office/reach"),
    ("the people behind a figure", "/office/reach/{indicator}/people"),
    ("messages", "/office/messages"),
    ("work", "/office/work"),
    ("audit record", "/office/audit"),
    ("imports", "/office/import"),
    ("settings", "/office/settings"),
];

/// The part.
pub struct Pages;

#[async_trait]
impl Part for Pages {
    fn name(&self) -> &'static str {
        "pages"
    }

    fn about(&self) -> &'static str {
        "pages of the office"
    }

    async fn run(&self, bench: &Bench) -> Result<Vec<Figure>> {
        let town = bench.town().await?;
        let server = town.serve().await?;
        let http = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build()?;
        let link = town.sign_in(&Role::Administrator).await?;
        let desk = Desk::sign_in(http, &town.origin(), &link).await;
        let mut desk = desk.map_err(|answer| anyhow::anyhow!("signing in: {} {}", answer.status, answer.body))?;
        let person = first(&mut desk, "/office/people", "/office/people/").await?;
        let indicator = first(&mut desk, "/office/reach", "/office/reach/").await?;
        let mut figures = Vec::new();
        for (what, path) in PAGES {
            let path = path.replace("{person}", &person).replace("{indicator}", &indicator);
            let path = path.replace("{school}", &town.school.to_string());
            figures.push(measure(&mut desk, &format!("office: {what}"), &path, town, None).await?);
        }
        let csrf = desk.get("/office/audiences/new").await.csrf().to_owned();
        let form: Vec<(String, String)> = [
            ("csrf", csrf.as_str()),
            ("version", "0"),
            ("view", "text"),
            ("rule", RULE),
            ("do", "refresh"),
            ("purpose", "info"),
        ]
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .into();
        let what = "office: audience of five conditions, with its counts";
        figures.push(measure(&mut desk, what, "/office/audiences/new", town, Some(form)).await?);
        figures.push(Figure::fact("memory of the server after the pages", format!("{:.0} MB", server.memory()?)));
        Ok(figures)
    }
}

/// The id in the first address of a page that goes on with one.
async fn first(desk: &mut Desk, page: &str, address: &str) -> Result<String> {
    let answer = desk.get(page).await;
    let link = format!("href=\"{address}");
    let mut ids = answer.body.split(link.as_str()).skip(1).filter_map(|rest| rest.split(['"', '?', '/']).next());
    ids.find(|id| id.len() == 36).map(str::to_owned).with_context(|| format!("{page} leads nowhere"))
}

async fn measure(
    desk: &mut Desk,
    what: &str,
    path: &str,
    town: &Town,
    form: Option<Vec<(String, String)>>,
) -> Result<Figure> {
    let mut times = Vec::with_capacity(OPENED);
    for n in 0..OPENED + WARM_UP {
        let answer = match &form {
            None => desk.get(path).await,
            Some(fields) => desk.post(path, fields).await,
        };
        if answer.status != 200 {
            bail!("{path} of {} people answers {}", town.people, answer.status);
        }
        if n >= WARM_UP {
            times.push(answer.took);
        }
    }
    Ok(Figure::times(what, &Times::of(times), &[(Of::P95, Duration::from_millis(50))]))
}
