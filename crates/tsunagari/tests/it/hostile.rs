//! Hostile requests at every route of the table: odd methods, paths, questions, headers, cookies and bodies, from nobody,
//! from a resident and from an administrator with a good form token. Nothing may end in a failure of ours (5xx).
//! `TSUNAGARI_HOSTILE_CASES` sets how many; what is drawn depends on the seed alone.

use axum::body::Body;
use axum::http::{HeaderName, HeaderValue, Method, header};
use rstest::rstest;
use tsunagari_kernel::Chance;
use tsunagari_testkit::crawl::{Verb, filled};
use tsunagari_testkit::{Browser, Found, Joining, Kind, Lived, Officer};
use tsunagari_web::routes::RouteRow;

const SMALL: usize = 1_500;
/// Requests after which everybody comes anew.
const ROUND: usize = 200;

fn size() -> usize {
    std::env::var("TSUNAGARI_HOSTILE_CASES").ok().and_then(|it| it.parse().ok()).unwrap_or(SMALL)
}

/// What is written into parts of paths, questions and fields; not percent-encoded yet.
const ODD: &[&str] = &[
    "",
    " ",
    "0",
    "-1",
    "9223372036854775808",
    "1e309",
    "NaN",
    "null",
    "true",
    "' OR 1=1 --",
    "\"; DROP TABLE person; --",
    "../../../../etc/passwd",
    "%00",
    "\u{0}",
    "a\u{0}b",
    "<script>alert(1)</script>",
    "{{7*7}}",
    "{{name}",
    "${jndi:ldap://localhost/x}",
    "=HYPERLINK(\"http://x\")",
    "\u{202e}abc",
    "\u{feff}",
    "ﷺ",
    "👨‍👩‍👧‍👦",
    "𠮷野家",
    "ｱｲｳ゛",
    "9999-12-31",
    "0000-00-00",
    "-262144-01-01",
    "+262143-12-31",
    "令和999年13月40日",
    "R99999999999",
    "25:61",
    "age >=",
    "age >= 99999999999999999999",
    "((((((((((((((((((((((((((((((((((",
    "not not not not not not everyone",
    "high_school = \"",
    "00000000-0000-0000-0000-000000000000",
    "ffffffff-ffff-ffff-ffff-ffffffffffff",
    "019cf3f1-0000-7000-8000-000000000000",
    "0.0.0.0",
    "http://127.0.0.1:1/",
    "smtp://127.0.0.1:1",
    "file:///etc/passwd",
    "a@b",
    "\"a b\"@example.jp",
    "x@example.jp\r\nBcc: y@example.jp",
    "\r\nSet-Cookie: a=b",
    "on",
    "save",
    "yes",
    "ja",
    "xx-YY",
    "322041",
    "-",
];

struct Draw(Chance);

impl Draw {
    fn below(&self, n: usize) -> usize {
        usize::try_from(self.0.below(n.max(1) as u64)).unwrap()
    }

    fn one_in(&self, n: usize) -> bool {
        self.below(n) == 0
    }

    fn odd(&self) -> String {
        match self.below(12) {
            0 => "あ".repeat(self.below(5_000)),
            1 => "(".repeat(self.below(3_000)),
            2 => format!("{}", self.0.below(u64::MAX)),
            _ => ODD[self.below(ODD.len())].to_owned(),
        }
    }

    fn garbage(&self, most: usize) -> Vec<u8> {
        (0..self.below(most)).map(|_| u8::try_from(self.below(256)).unwrap()).collect()
    }
}

fn encoded(text: &str) -> String {
    url::form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>().replace('+', "%20")
}

/// Path and question of a case: the row's own address with some parts made odd.
fn address(draw: &Draw, row: &RouteRow, found: &Found) -> String {
    let own = found.of(row).map(|address| Found::values(row, address)).unwrap_or_default();
    let names = row.path.split('/').filter(|part| part.starts_with('{'));
    let values: Vec<(&'static str, String)> = names
        .enumerate()
        .map(|(n, name)| {
            let known = own.get(n).map_or_else(|| encoded(&draw.odd()), |(_, value)| value.clone());
            let value = if draw.one_in(3) { encoded(&draw.odd()) } else { known };
            // An empty part of a path would be another route.
            (name, if value.is_empty() { "x".into() } else { value })
        })
        .collect();
    let mut path = filled(row, &values);
    const ASKED: &[&str] = &[
        "q", "as_of", "page", "lang", "order", "state", "view", "after", "before", "team", "year", "of", "with",
        "segment", "school", "cohort", "stage", "reach", "purpose", "from", "until", "act", "who", "subject", "news",
        "done", "kept", "next", "code", "error", "id_token", "face", "grid", "kind", "wrong",
    ];
    if draw.one_in(2) {
        let asked: Vec<String> = (0..=draw.below(4))
            .map(|_| format!("{}={}", ASKED[draw.below(ASKED.len())], encoded(&draw.odd())))
            .collect();
        path.push('?');
        path.push_str(&asked.join("&"));
    }
    if draw.one_in(20) {
        path.push_str(if path.contains('?') { "&%ff%fe=%80" } else { "?%ff%fe=%80&=&&&" });
    }
    path
}

/// A body and its type: mostly the route's own form with odd values, sometimes anything.
fn body(draw: &Draw, row: &RouteRow, found: &Found, csrf: &str) -> (String, Vec<u8>) {
    let form = "application/x-www-form-urlencoded".to_owned();
    match draw.below(10) {
        0 => (draw.odd().replace(|c: char| !c.is_ascii_graphic(), ""), draw.garbage(2_000)),
        1 => ("application/json".into(), b"{\"a\":[[[[[[[[{}]]]]]]]]".to_vec()),
        2 => ("multipart/form-data".into(), draw.garbage(500)),
        3 => {
            let text = format!(
                "--b\r\nContent-Disposition: form-data; name=\"csrf\"\r\n\r\n{csrf}\r\n--b\r\nContent-Disposition: form-data; \
                 name=\"file\"; filename=\"{}\"\r\n\r\n",
                draw.odd().replace(['"', '\r', '\n'], "")
            );
            let mut bytes = text.into_bytes();
            bytes.extend(draw.garbage(2_000));
            if draw.one_in(2) {
                bytes.extend(b"\r\n--b--\r\n");
            }
            ("multipart/form-data; boundary=b".into(), bytes)
        }
        4 => (form, [format!("csrf={csrf}&a=%ff%80&").into_bytes(), draw.garbage(300)].concat()),
        _ => {
            let mut fields: Vec<(String, String)> =
                found.forms.get(row.path).map(|form| form.fields.clone()).unwrap_or_default();
            for (name, value) in &mut fields {
                if name == "csrf" {
                    csrf.clone_into(value);
                } else if draw.one_in(3) {
                    *value = draw.odd();
                }
            }
            if draw.one_in(3) {
                fields.push((draw.odd(), draw.odd()));
            }
            if !fields.iter().any(|(name, _)| name == "csrf") {
                fields.push(("csrf".into(), csrf.into()));
            }
            let text = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
            (form, text.into_bytes())
        }
    }
}

fn headers(draw: &Draw, mut request: axum::http::request::Builder) -> axum::http::request::Builder {
    const NAMES: &[&str] = &[
        "cookie",
        "accept-language",
        "x-forwarded-for",
        "origin",
        "referer",
        "range",
        "if-none-match",
        "accept",
        "authorization",
        "x-line-signature",
        "host",
        "content-length",
        "accept-encoding",
        "user-agent",
    ];
    for _ in 0..draw.below(4) {
        let value = match draw.below(3) {
            0 => draw.garbage(60).into_iter().filter(|byte| *byte >= 32 && *byte != 127).collect(),
            1 => b"__Host-office=00000000000000000000000000000000.x; __Host-join=.; __Host-lang=\xff".to_vec(),
            _ => draw.odd().into_bytes().into_iter().filter(|byte| *byte >= 32 && *byte != 127).collect::<Vec<u8>>(),
        };
        if let Ok(value) = HeaderValue::from_bytes(&value) {
            request = request.header(HeaderName::from_static(NAMES[draw.below(NAMES.len())]), value);
        }
    }
    request
}

async fn walked(lived: &Lived, table: &[RouteRow]) -> Found {
    let mut found = Found::default();
    let office = &lived.town.here;
    for role in ["administrator", "approver"] {
        found.walk(table, &mut lived.town.signed_in(office, role).await, &["/office", "/office/media"]).await;
    }
    let joining = Joining::of("石見", "空", "sora@people.example");
    found.walk(table, &mut lived.joined(office, &joining).await, &["/me"]).await;
    let mut nobody = lived.town.browser();
    nobody.post("/p/322041/join", &[]).await;
    found.walk(table, &mut nobody, &["/", "/p/322041", "/p/322041/join/contact", "/p/322041/agree"]).await;
    found
}

/// An administrator with the token of the session's forms.
async fn signed_in(lived: &Lived) -> (Browser, String) {
    let officer = Officer::of(&lived.town, &lived.town.here, "administrator").await;
    let csrf = officer.csrf().to_owned();
    (officer.browser, csrf)
}

#[rstest]
#[case::sqlite(Kind::File)]
#[case::postgres(Kind::Server)]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn soak_hostile(#[case] kind: Kind) {
    let lived = Lived::furnished(kind).await;
    let routes = tsunagari_web::table(lived.town.state.clone());
    let table = routes.table();
    let found = walked(&lived, table).await;
    // They join beforehand: what an administrator is made to do may well end mail.
    let mut residents = Vec::new();
    for n in 0..size().div_ceil(ROUND) {
        let mut joining = Joining::of("石見", "海", &format!("umi{n}@people.example"));
        joining.peer = [10, 8, 0, u8::try_from(n % 250).unwrap()];
        residents.push(lived.joined(&lived.town.here, &joining).await);
    }
    let draw = Draw(Chance::seeded(99));
    let mut who: Vec<(Browser, String)> = Vec::new();
    let (mut fallen, mut statuses) = (Vec::new(), std::collections::BTreeMap::<u16, usize>::new());
    for case in 0..size() {
        // Some requests end sessions: everybody comes anew now and then.
        if case % ROUND == 0 {
            lived.town.real.advance(chrono::TimeDelta::minutes(11));
            let officer = signed_in(&lived).await;
            let mut resident = residents.pop().unwrap();
            let own = resident.get("/me").await.form_token().unwrap_or_default();
            who = vec![officer, (resident, own), (lived.town.browser(), String::new())];
        }
        let row = &table[(case + draw.below(3)) % table.len()];
        let at = [0, 0, 1, 2][draw.below(4)];
        let (browser, csrf) = &mut who[at];
        let method = match (Verb::of(row), draw.below(10)) {
            (_, 0) => {
                [Method::PUT, Method::DELETE, Method::PATCH, Method::OPTIONS, Method::TRACE][draw.below(5)].clone()
            }
            (_, 1) => Method::HEAD,
            (Verb::Get, _) => Method::GET,
            (Verb::Post, _) => Method::POST,
        };
        let path = address(&draw, row, &found);
        let Ok(_) = path.parse::<axum::http::Uri>() else { continue };
        let (content_type, bytes) = body(&draw, row, &found, csrf);
        let mut request = headers(&draw, browser.request(method.clone(), &path));
        if let Ok(value) = HeaderValue::from_str(&content_type) {
            request = request.header(header::CONTENT_TYPE, value);
        }
        let told = String::from_utf8_lossy(&bytes).chars().take(300).collect::<String>();
        let answer = browser.clone().exchange(request.body(Body::from(bytes)).unwrap()).await;
        if at == 0 && row.needs.is_staffs() && answer.location.as_deref().is_some_and(|to| to.contains("/sign-in")) {
            who[0] = signed_in(&lived).await;
        }
        *statuses.entry(answer.status.as_u16()).or_default() += 1;
        if answer.status.is_server_error() {
            let path: String = path.chars().take(300).collect();
            fallen.push(format!("{} {method} {path} ({content_type})\n    {told}", answer.status));
        }
    }
    assert_eq!(fallen, Vec::<String>::new(), "{} fell:\n{}", fallen.len(), fallen.join("\n"));
    assert!(statuses.len() >= 5, "the cases reach different ends: {statuses:?}");
    if std::env::var_os("TSUNAGARI_SOAK").is_some() {
        println!("soak: {} hostile requests on {kind:?}, no 5xx; answers {statuses:?}", size());
    }
}
