//! LINE Login: consent, code, tokens, ID tokens, friendship, account link.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that cannot go on stops")]

mod stage;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use reqwest::Response;
use serde_json::{Value, json};
use stage::*;
use url::Url;

fn query(extra: &[(&str, &str)]) -> String {
    let mut out = url::form_urlencoded::Serializer::new(String::new());
    out.append_pair("response_type", "code").append_pair("client_id", LOGIN).append_pair("redirect_uri", CALLBACK);
    out.append_pair("state", "s1").append_pair("scope", "openid profile").append_pair("nonce", "n1");
    for (name, value) in extra {
        out.append_pair(name, value);
    }
    out.finish()
}

fn landed(answer: &Response) -> Vec<(String, String)> {
    let url = Url::parse(answer.headers()["location"].to_str().unwrap()).unwrap();
    url.query_pairs().map(|(k, v)| (k.into_owned(), v.into_owned())).collect()
}

fn value(pairs: &[(String, String)], name: &str) -> Option<String> {
    pairs.iter().find(|(k, _)| k == name).map(|(_, v)| v.clone())
}

async fn form(s: &Stage, path: &str, pairs: &[(&str, &str)]) -> Response {
    s.http.post(s.url(path)).form(pairs).send().await.unwrap()
}

async fn allow(s: &Stage, user: &str, extra: &[(&str, &str)]) -> Vec<(String, String)> {
    let body = query(extra) + &format!("&sim_user={user}&decision=allow&add_friend=on");
    let request =
        s.http.post(s.url("/oauth2/v2.1/authorize")).header("content-type", "application/x-www-form-urlencoded");
    landed(&request.body(body).send().await.unwrap())
}

async fn tokens(s: &Stage, code: &str) -> (u16, Value) {
    let pairs = [
        ("grant_type", "authorization_code"),
        ("code", code),
        ("redirect_uri", CALLBACK),
        ("client_id", LOGIN),
        ("client_secret", LOGIN_SECRET),
    ];
    told(form(s, "/oauth2/v2.1/token", &pairs).await).await
}

#[tokio::test]
async fn a_web_login_from_link_to_verified_id_token() {
    let s = stage().await;
    let choose = s.http.get(s.url(&format!("/oauth2/v2.1/authorize?{}", query(&[])))).send().await.unwrap();
    assert!(choose.text().await.unwrap().contains("だれの電話で開きますか"));
    let page =
        s.http.get(s.url(&format!("/oauth2/v2.1/authorize?{}&sim_user=jiro", query(&[("bot_prompt", "normal")]))));
    let page = page.send().await.unwrap().text().await.unwrap();
    assert!(page.contains("次郎") && page.contains("友だちに追加する"), "{page}");
    let back = allow(&s, "jiro", &[("bot_prompt", "normal")]).await;
    assert_eq!(value(&back, "state").as_deref(), Some("s1"));
    assert_eq!(value(&back, "friendship_status_changed").as_deref(), Some("true"));
    let code = value(&back, "code").unwrap();
    let (status, got) = tokens(&s, &code).await;
    assert_eq!((status, &got["expires_in"]), (200, &json!(2_592_000)));
    assert_eq!(tokens(&s, &code).await.0, 400, "a code works once");
    let id_token = got["id_token"].as_str().unwrap();
    let header: Value =
        serde_json::from_slice(&URL_SAFE_NO_PAD.decode(id_token.split('.').next().unwrap()).unwrap()).unwrap();
    assert_eq!((&header["alg"], header.get("kid")), (&json!("HS256"), None));
    let (status, claims) =
        told(form(&s, "/oauth2/v2.1/verify", &[("id_token", id_token), ("client_id", LOGIN), ("nonce", "n1")]).await)
            .await;
    assert_eq!((status, &claims["sub"]), (200, &json!(s.id("jiro"))));
    let (_, wrong) =
        told(form(&s, "/oauth2/v2.1/verify", &[("id_token", id_token), ("client_id", LOGIN), ("nonce", "n2")]).await)
            .await;
    assert_eq!(wrong["error_description"], "Invalid IdToken Nonce.");
    let access = got["access_token"].as_str().unwrap();
    let friend = s.http.get(s.url("/friendship/v1/status")).bearer_auth(access).send().await.unwrap();
    assert_eq!(told(friend).await.1, json!({"friendFlag": true}));
    let profile = s.http.get(s.url("/v2/profile")).bearer_auth(access).send().await.unwrap();
    assert_eq!(told(profile).await.1["displayName"], "次郎");
    s.control("/_sim/clock", &json!({"advance": 3_601_000})).await;
    let (_, old) = told(form(&s, "/oauth2/v2.1/verify", &[("id_token", id_token), ("client_id", LOGIN)]).await).await;
    assert_eq!(old["error_description"], "IdToken expired.");
}

#[tokio::test]
async fn liff_tokens_are_es256_with_a_published_key() {
    let s = stage().await;
    let got = s.control("/_sim/liff-token", &json!({"user": "hanako", "client_id": LOGIN})).await;
    let token = got["idToken"].as_str().unwrap();
    let header: Value =
        serde_json::from_slice(&URL_SAFE_NO_PAD.decode(token.split('.').next().unwrap()).unwrap()).unwrap();
    let (_, certs) = told(s.http.get(s.url("/oauth2/v2.1/certs")).send().await.unwrap()).await;
    assert_eq!((&header["alg"], &header["kid"]), (&json!("ES256"), &certs["keys"][0]["kid"]));
    let (status, _) = told(form(&s, "/oauth2/v2.1/verify", &[("id_token", token), ("client_id", LOGIN)]).await).await;
    assert_eq!(status, 200);
    let mut forged = token.to_owned();
    forged.truncate(token.len() - 4);
    let (status, body) =
        told(form(&s, "/oauth2/v2.1/verify", &[("id_token", &forged), ("client_id", LOGIN)]).await).await;
    assert_eq!((status, &body["error_description"]), (400, &json!("Invalid IdToken.")));
}

#[tokio::test]
async fn wrong_requests_go_back_with_an_error_or_nowhere() {
    let s = stage().await;
    let get = |q: String| s.http.get(s.url(&format!("/oauth2/v2.1/authorize?{q}"))).send();
    let elsewhere = query(&[]).replace("callback", "other");
    assert_eq!(get(elsewhere).await.unwrap().status(), 400);
    let scope = get(query(&[]).replace("openid+profile", "everything")).await.unwrap();
    assert_eq!(value(&landed(&scope), "error").as_deref(), Some("INVALID_SCOPE"));
    let silent = get(query(&[("prompt", "none")])).await.unwrap();
    assert_eq!(value(&landed(&silent), "error").as_deref(), Some("LOGIN_REQUIRED"));
    let asks = get(query(&[("prompt", "none"), ("sim_user", "hanako")])).await.unwrap();
    assert_eq!(value(&landed(&asks), "error").as_deref(), Some("INTERACTION_REQUIRED"));
}

#[tokio::test]
async fn pkce_is_checked() {
    let s = stage().await;
    let challenge = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
    let extra = [("code_challenge", challenge), ("code_challenge_method", "S256")];
    let exchange = async |verifier: &'static str| {
        let code = value(&allow(&s, "hanako", &extra).await, "code").unwrap();
        let pairs = [
            ("grant_type", "authorization_code"),
            ("code", code.as_str()),
            ("redirect_uri", CALLBACK),
            ("client_id", LOGIN),
            ("client_secret", LOGIN_SECRET),
            ("code_verifier", verifier),
        ];
        form(&s, "/oauth2/v2.1/token", &pairs).await.status().as_u16()
    };
    assert_eq!(exchange("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk").await, 200);
    assert_eq!(exchange("wrong").await, 400);
}

#[tokio::test]
async fn an_account_link_token_works_once_within_ten_minutes() {
    let s = stage().await;
    let fresh = async || {
        let path = format!("/v2/bot/user/{}/linkToken", s.id("hanako"));
        told(s.post(&path, &json!({})).await).await.1["linkToken"].as_str().unwrap().to_owned()
    };
    let press = async |token: &str| {
        form(&s, "/dialog/bot/accountLink", &[("linkToken", token), ("nonce", "0123456789abcdef")]).await.status()
    };
    let token = fresh().await;
    assert_eq!(press(&token).await, 303);
    assert_eq!(press(&token).await, 400);
    let late = fresh().await;
    s.control("/_sim/clock", &json!({"advance": 601_000})).await;
    assert_eq!(press(&late).await, 400);
}
