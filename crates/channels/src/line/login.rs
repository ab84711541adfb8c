//! LINE Login (OpenID Connect with LINE's particulars) and the checking of tokens posted from LIFF pages.
//! ID tokens are verified by LINE itself (`POST /oauth2/v2.1/verify`): web login signs with HS256 and the channel secret,
//! LIFF with ES256, and generic libraries break on the mix. Leaves state, nonce and verifier (random, stored with the
//! session) to `web`.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use reqwest::Method;
use serde::Deserialize;
use sha2::{Digest, Sha256};
use url::Url;

use super::LineApi;
use super::call::Call;
use super::fault::{Answer, Fault, LineError};
use super::users::Profile;
use crate::Secret;

/// Whether the consent page offers to add the official account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BotPrompt {
    /// Not offered.
    Off,
    /// A box on the consent page.
    Normal,
    /// A page of its own after consent.
    Aggressive,
}

/// A PKCE code verifier. Made of 32 random bytes the caller draws.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CodeVerifier(Secret);

impl CodeVerifier {
    /// From 32 random bytes.
    pub fn of(random: [u8; 32]) -> Self {
        Self(Secret::of(URL_SAFE_NO_PAD.encode(random)))
    }

    /// From the text stored with the session.
    pub fn stored(text: impl Into<String>) -> Self {
        Self(Secret::of(text))
    }

    /// The text to store with the session.
    pub fn reveal(&self) -> &str {
        self.0.reveal()
    }

    /// The S256 challenge (RFC 7636 4.2).
    pub fn challenge(&self) -> String {
        URL_SAFE_NO_PAD.encode(Sha256::digest(self.0.reveal().as_bytes()))
    }
}

/// A login to begin.
#[derive(Debug, Clone)]
pub struct Authorize<'a> {
    /// The login channel.
    pub channel_id: &'a str,
    /// Exactly as registered.
    pub redirect_uri: &'a Url,
    /// Random, comes back with the code.
    pub state: &'a str,
    /// Random, comes back in the ID token.
    pub nonce: &'a str,
    /// PKCE.
    pub verifier: &'a CodeVerifier,
    /// Offer to add the account.
    pub bot_prompt: BotPrompt,
    /// `ja-JP`, `en-US`.
    pub ui_locales: Option<&'a str>,
}

/// What the code was exchanged for.
#[derive(Debug, Clone)]
pub struct LoginTokens {
    /// For profile, friendship and deauthorize; 30 days.
    pub access_token: Secret,
    /// To be verified before it is believed.
    pub id_token: Option<Secret>,
}

#[derive(Deserialize)]
struct TokensWire {
    access_token: String,
    #[serde(default)]
    id_token: Option<String>,
}

/// The claims of an ID token LINE has verified.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct IdClaims {
    /// `https://access.line.me`
    pub iss: String,
    /// The user id within the provider.
    pub sub: String,
    /// The channel id.
    pub aud: String,
    /// Seconds since 1970.
    pub exp: i64,
    /// Seconds since 1970.
    #[serde(default)]
    pub iat: i64,
    /// As sent to the authorize page.
    #[serde(default)]
    pub nonce: Option<String>,
    /// Display name.
    #[serde(default)]
    pub name: Option<String>,
    /// Picture URL.
    #[serde(default)]
    pub picture: Option<String>,
}

/// What LINE says of an access token.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct AccessTokenInfo {
    /// Separated by spaces.
    #[serde(default)]
    pub scope: String,
    /// The channel it was issued for.
    pub client_id: String,
    /// Seconds left.
    pub expires_in: i64,
}

#[derive(Deserialize)]
struct FriendWire {
    #[serde(rename = "friendFlag")]
    friend: bool,
}

/// Whether the user and the official account are friends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Friendship {
    /// Added and not blocked.
    Friend,
    /// Not added, or blocked.
    NotFriend,
}

impl LineApi {
    /// Where the browser is sent to sign in.
    pub fn authorize_url(&self, login: &Authorize<'_>) -> Url {
        let mut url = self.hosts().access.clone();
        url.set_path("/oauth2/v2.1/authorize");
        {
            let mut query = url.query_pairs_mut();
            query
                .append_pair("response_type", "code")
                .append_pair("client_id", login.channel_id)
                .append_pair("redirect_uri", login.redirect_uri.as_str())
                .append_pair("state", login.state)
                .append_pair("scope", "profile openid")
                .append_pair("nonce", login.nonce)
                .append_pair("code_challenge", &login.verifier.challenge())
                .append_pair("code_challenge_method", "S256");
            match login.bot_prompt {
                BotPrompt::Off => {}
                BotPrompt::Normal => {
                    query.append_pair("bot_prompt", "normal");
                }
                BotPrompt::Aggressive => {
                    query.append_pair("bot_prompt", "aggressive");
                }
            }
            if let Some(locales) = login.ui_locales {
                query.append_pair("ui_locales", locales);
            }
        }
        url
    }

    /// Exchanges the code for tokens: `POST /oauth2/v2.1/token`. A code is good once, for ten minutes.
    pub async fn exchange_code(
        &self,
        channel_id: &str,
        secret: &Secret,
        redirect_uri: &Url,
        code: &str,
        verifier: &CodeVerifier,
    ) -> Result<Answer<LoginTokens>, LineError> {
        let fields = [
            ("grant_type", "authorization_code"),
            ("code", code),
            ("redirect_uri", redirect_uri.as_str()),
            ("client_id", channel_id),
            ("client_secret", secret.reveal()),
            ("code_verifier", verifier.reveal()),
        ];
        let call = Call::with("POST oauth2/v2.1/token", Method::POST, None, &["oauth2", "v2.1", "token"]);
        let Answer { value, request_id } = self.call::<TokensWire>(call.form(&fields)).await?;
        let value =
            LoginTokens { access_token: Secret::of(value.access_token), id_token: value.id_token.map(Secret::of) };
        Ok(Answer { value, request_id })
    }

    /// Has LINE verify an ID token of a login or of a LIFF page; issuer and audience are checked again here.
    pub async fn verify_id_token(
        &self,
        channel_id: &str,
        id_token: &Secret,
        nonce: Option<&str>,
    ) -> Result<Answer<IdClaims>, LineError> {
        const NAME: &str = "POST oauth2/v2.1/verify";
        let mut fields = vec![("id_token", id_token.reveal()), ("client_id", channel_id)];
        fields.extend(nonce.map(|nonce| ("nonce", nonce)));
        let call = Call::with(NAME, Method::POST, None, &["oauth2", "v2.1", "verify"]);
        let answer = self.call::<IdClaims>(call.form(&fields)).await?;
        let claims = &answer.value;
        let nonce_holds = nonce.is_none_or(|wanted| claims.nonce.as_deref() == Some(wanted));
        if claims.aud == channel_id && claims.iss == "https://access.line.me" && nonce_holds {
            return Ok(answer);
        }
        Err(foreign(NAME, answer.request_id))
    }

    /// Checks an access token posted from a LIFF page and reads whose it is: it must have been issued for this channel.
    pub async fn profile_of_access_token(
        &self,
        channel_id: &str,
        access_token: &Secret,
    ) -> Result<Answer<Profile>, LineError> {
        const NAME: &str = "GET oauth2/v2.1/verify";
        let query = [("access_token", access_token.reveal())];
        let call = Call::with(NAME, Method::GET, None, &["oauth2", "v2.1", "verify"]).query(&query);
        let Answer { value, request_id } = self.call::<AccessTokenInfo>(call).await?;
        if value.client_id != channel_id || value.expires_in <= 0 {
            return Err(foreign(NAME, request_id));
        }
        self.call(Call::get("GET v2/profile", access_token, &["v2", "profile"])).await
    }

    /// `GET /friendship/v1/status`
    pub async fn friendship(&self, access_token: &Secret) -> Result<Answer<Friendship>, LineError> {
        let call = Call::get("GET friendship/v1/status", access_token, &["friendship", "v1", "status"]);
        let answer = self.call::<FriendWire>(call).await?;
        let value = if answer.value.friend { Friendship::Friend } else { Friendship::NotFriend };
        Ok(Answer { value, request_id: answer.request_id })
    }

    /// Ends what the user has allowed this login channel: `POST /user/v1/deauthorize`, asked for when somebody leaves.
    pub async fn deauthorize(
        &self,
        channel_token: &Secret,
        user_access_token: &Secret,
    ) -> Result<Answer<()>, LineError> {
        let body = serde_json::json!({ "userAccessToken": user_access_token.reveal() }).to_string();
        let call = Call::post("POST user/v1/deauthorize", channel_token, &["user", "v1", "deauthorize"]);
        self.call_plain(call.json(body.as_bytes())).await
    }
}

/// A token that is genuine but not for us is refused like a false one.
fn foreign(call: &'static str, request_id: Option<String>) -> LineError {
    let message = "the token was issued for another channel, issuer or session".to_owned();
    LineError { call, request_id, fault: Fault::Rejected { status: 400, message, details: Vec::new() } }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::line::HostSet;

    #[test]
    fn the_challenge_is_that_of_rfc_7636_appendix_b() {
        let verifier = CodeVerifier::stored("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk");
        assert_eq!(verifier.challenge(), "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
        assert!(!format!("{verifier:?}").contains("dBjft"));
    }

    #[test]
    fn the_authorize_url_carries_what_line_asks_for() {
        let api = LineApi::to(HostSet::official().unwrap()).unwrap();
        let redirect = Url::parse("https://town.example.jp/line/callback?org=a b").unwrap();
        let verifier = CodeVerifier::of([7; 32]);
        let url = api.authorize_url(&Authorize {
            channel_id: "1234567890",
            redirect_uri: &redirect,
            state: "s&t",
            nonce: "n",
            verifier: &verifier,
            bot_prompt: BotPrompt::Aggressive,
            ui_locales: Some("ja-JP"),
        });
        assert!(url.as_str().starts_with("https://access.line.me/oauth2/v2.1/authorize?"));
        let query: std::collections::HashMap<_, _> = url.query_pairs().into_owned().collect();
        assert_eq!(query["state"], "s&t");
        assert_eq!(query["redirect_uri"], redirect.as_str());
        assert_eq!(query["bot_prompt"], "aggressive");
        assert_eq!(query["code_challenge"], verifier.challenge());
        assert_eq!(query["scope"], "profile openid");
    }
}
