//! A resident on a phone: opens the slip's address, goes through LINE Login at the simulator, answers every question,
//! agrees and sees the welcome. No scripts, no waiting between pages; who finds no room at the slip's page opens it again
//! when told. Leaves who they are to the caller.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use reqwest::header::{COOKIE, LOCATION, ORIGIN, RETRY_AFTER, SET_COOKIE};

/// Where residents join.
#[derive(Debug, Clone)]
pub struct Portal {
    /// The origin, as residents see it.
    pub origin: String,
    /// The town's code.
    pub town: String,
    /// The code on the slip.
    pub event: String,
    /// What is answered to the question about interests.
    pub interest: String,
    /// A purpose to agree to.
    pub purpose: String,
}

/// Who joins.
#[derive(Debug, Clone)]
pub struct Resident {
    /// The handle of their phone in the simulator.
    pub phone: String,
    /// Family and given name.
    pub name: [String; 2],
    /// The same in kana.
    pub kana: [String; 2],
    /// Year, month and day of birth.
    pub birth: [u32; 3],
}

/// What joining brought.
#[derive(Debug, Clone, Default)]
pub struct Joining {
    /// Each page of the server, in order: how long it took. Without those that said to come back.
    pub pages: Vec<Duration>,
    /// How often they were told to come back before they began.
    pub turned_away: u32,
    /// From the first page to the last.
    pub whole: Duration,
    /// Whether the last answer was taken: from then on they are entered, whatever they are shown.
    pub entered: bool,
    /// What went wrong, with the page; nothing when the welcome was shown.
    pub wrong: Option<String>,
}

struct Phone<'p> {
    http: &'p reqwest::Client,
    portal: &'p Portal,
    cookies: BTreeMap<String, String>,
    pages: Vec<Duration>,
    turned_away: u32,
    entered: bool,
}

/// Who was told to come back so often has put the phone away.
const PATIENCE: u32 = 120;

struct Page {
    status: u16,
    to: String,
    body: String,
    come_back: Option<Duration>,
}

fn opened(path: &str, page: Page) -> Result<Page, String> {
    if page.status < 400 { Ok(page) } else { Err(format!("GET {path}: {}", page.status)) }
}

fn after<'t>(text: &'t str, mark: &str) -> Option<&'t str> {
    text.split_once(mark).and_then(|(_, rest)| rest.split('"').next())
}

impl<'p> Phone<'p> {
    const fn of(http: &'p reqwest::Client, portal: &'p Portal) -> Self {
        Self { http, portal, cookies: BTreeMap::new(), pages: Vec::new(), turned_away: 0, entered: false }
    }

    async fn send(&mut self, path: &str, request: reqwest::RequestBuilder) -> Result<Page, String> {
        let jar: Vec<String> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let begin = Instant::now();
        let answer = request.header(COOKIE, jar.join("; ")).header("accept-language", "ja").send().await;
        let answer = answer.map_err(|error| format!("{path}: {error}"))?;
        for line in answer.headers().get_all(SET_COOKIE).iter().filter_map(|line| line.to_str().ok()) {
            let Some((name, value)) = line.split(';').next().and_then(|pair| pair.split_once('=')) else { continue };
            if line.contains("Max-Age=0") {
                self.cookies.remove(name);
            } else {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
        let to = answer.headers().get(LOCATION).and_then(|to| to.to_str().ok()).unwrap_or_default().to_owned();
        let seconds = answer.headers().get(RETRY_AFTER).and_then(|it| it.to_str().ok()?.parse().ok());
        let come_back = seconds.map(Duration::from_secs);
        let status = answer.status().as_u16();
        let body = answer.text().await.map_err(|error| format!("{path}: {error}"))?;
        if come_back.is_none() {
            self.pages.push(begin.elapsed());
        }
        Ok(Page { status, to, body, come_back })
    }

    fn url(&self, path: &str) -> String {
        if path.starts_with("http") { path.to_owned() } else { format!("{}{path}", self.portal.origin) }
    }

    /// Opens a page; who is told to come back is, and opens it again.
    async fn get_when_there_is_room(&mut self, path: &str) -> Result<Page, String> {
        while self.turned_away < PATIENCE {
            let page = self.send(path, self.http.get(self.url(path))).await?;
            let Some(later) = page.come_back.filter(|_| page.status == 503) else { return opened(path, page) };
            self.turned_away += 1;
            tokio::time::sleep(later).await;
        }
        Err(format!("GET {path}: told to come back {PATIENCE} times"))
    }

    async fn get(&mut self, path: &str) -> Result<Page, String> {
        let request = self.http.get(self.url(path));
        opened(path, self.send(path, request).await?)
    }

    async fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> Result<Page, String> {
        let request = self.http.post(self.url(path)).header(ORIGIN, self.portal.origin.as_str()).form(fields);
        let page = self.send(path, request).await?;
        if page.status == 303 { Ok(page) } else { Err(format!("POST {path}: {}", page.status)) }
    }

    /// Opens a page and posts its form; where it leads.
    async fn fill(&mut self, path: &str, fields: &[(&str, &str)]) -> Result<String, String> {
        let shown = self.get(path).await?;
        let csrf = after(&shown.body, "name=\"csrf\" value=\"").unwrap_or_default().to_owned();
        let mut all = vec![("csrf", csrf.as_str())];
        all.extend_from_slice(fields);
        Ok(self.post(path, &all).await?.to)
    }

    /// LINE's consent page, answered by the simulator's short way; the address of our callback. Not the server's time.
    async fn through_line(&self, authorize: &str, user: &str) -> Result<String, String> {
        let mut at = url::Url::parse(authorize).map_err(|error| error.to_string())?;
        let mut fields: Vec<(String, String)> = at.query_pairs().into_owned().collect();
        for (name, value) in [("sim_user", user), ("decision", "allow"), ("add_friend", "on")] {
            fields.push((name.to_owned(), value.to_owned()));
        }
        at.set_query(None);
        let answer = self.http.post(at).form(&fields).send().await.map_err(|error| format!("LINE Login: {error}"))?;
        let to = answer.headers().get(LOCATION).and_then(|to| to.to_str().ok()).map(str::to_owned);
        let status = answer.status().as_u16();
        let _ = answer.bytes().await;
        to.ok_or_else(|| format!("LINE Login: {status}"))
    }
}

/// Joins. The client must not follow redirections.
pub async fn join(http: &reqwest::Client, portal: &Portal, who: &Resident) -> Joining {
    let begin = Instant::now();
    let mut phone = Phone::of(http, portal);
    let wrong = walk(&mut phone, who).await.err();
    let Phone { pages, turned_away, entered, .. } = phone;
    Joining { pages, turned_away, whole: begin.elapsed(), entered, wrong }
}

/// Opens the slip, begins, and goes no further, as many do.
///
/// # Errors
/// Where it failed.
pub async fn only_begin(http: &reqwest::Client, portal: &Portal) -> Result<(), String> {
    begin(&mut Phone::of(http, portal)).await
}

async fn begin(phone: &mut Phone<'_>) -> Result<(), String> {
    let slip = phone.get_when_there_is_room(&format!("/j/{}", phone.portal.event)).await?;
    let event = after(&slip.body, "name=\"event\" value=\"").ok_or("the slip has no event")?.to_owned();
    let to = phone.post(&format!("/p/{}/join", phone.portal.town), &[("event", &event)]).await?.to;
    phone.get(&to).await?;
    Ok(())
}

async fn walk(phone: &mut Phone<'_>, who: &Resident) -> Result<(), String> {
    let base = format!("/p/{}", phone.portal.town);
    begin(phone).await?;
    let authorize = phone.get(&format!("{base}/line")).await?.to;
    let back = phone.through_line(&authorize, &who.phone).await?;
    phone.get(&back).await?;
    let [family, given] = &who.name;
    let [family_kana, given_kana] = &who.kana;
    let name = [("family", family), ("given", given), ("family_kana", family_kana), ("given_kana", given_kana)];
    phone.fill(&format!("{base}/join/name"), &name.map(|(field, value)| (field, value.as_str()))).await?;
    let [year, month, day] = who.birth.map(|n| n.to_string());
    let birth = [("year", year.as_str()), ("month", month.as_str()), ("day", day.as_str())];
    phone.fill(&format!("{base}/join/birth"), &birth).await?;
    let school = school(phone, &base).await?;
    phone.fill(&format!("{base}/join/now"), &[("now", "university"), ("place", "270008")]).await?;
    let interest = phone.portal.interest.clone();
    phone.fill(&format!("{base}/join/interests"), &[("interests", interest.as_str())]).await?;
    let purpose = phone.portal.purpose.clone();
    let to = phone.fill(&format!("{base}/agree"), &[("agreed", purpose.as_str())]).await?;
    phone.entered = to == "/me/welcome";
    if !phone.entered {
        return Err(format!("joining leads to {to} (school {school})"));
    }
    phone.get(&to).await?;
    Ok(())
}

/// The question about the school: the first one of the list.
async fn school(phone: &mut Phone<'_>, base: &str) -> Result<String, String> {
    let path = format!("{base}/join/school");
    let shown = phone.get(&path).await?;
    let csrf = after(&shown.body, "name=\"csrf\" value=\"").unwrap_or_default().to_owned();
    let mut ids = shown.body.split("<option value=\"").filter_map(|rest| rest.split('"').next());
    let school = ids.find(|id| id.len() == 36).ok_or("no school is offered")?.to_owned();
    let fields = [("csrf", csrf.as_str()), ("school", school.as_str()), ("graduation", "2025")];
    phone.post(&path, &fields).await?;
    Ok(school)
}
