//! People on LINE: profile, follower ids, the bot itself, link tokens. Leaves who they are to us to `people`.

use serde::Deserialize;

use super::LineApi;
use super::call::Call;
use super::fault::{Answer, LineError};
use crate::Secret;

/// A profile; refused with 404 for those who block the account.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Profile {
    /// The id within the provider.
    pub user_id: String,
    /// As the person calls themselves.
    #[serde(default)]
    pub display_name: String,
    /// https.
    #[serde(default)]
    pub picture_url: Option<String>,
    /// Their line of words.
    #[serde(default)]
    pub status_message: Option<String>,
    /// BCP 47, such as `ja`.
    #[serde(default)]
    pub language: Option<String>,
}

/// A page of follower ids. May be short although `next` is there.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct FollowerPage {
    /// User ids.
    #[serde(rename = "userIds", default)]
    pub user_ids: Vec<String>,
    /// The continuation, good for 24 h; absent at the end.
    #[serde(default)]
    pub next: Option<String>,
}

/// The official account itself.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct BotInfo {
    /// The bot's user id, the `destination` of its webhooks.
    pub user_id: String,
    /// `@123abcde`
    #[serde(default)]
    pub basic_id: String,
    /// A chosen id.
    #[serde(default)]
    pub premium_id: Option<String>,
    /// The account's name.
    #[serde(default)]
    pub display_name: String,
    /// https.
    #[serde(default)]
    pub picture_url: Option<String>,
    /// `chat` or `bot`.
    #[serde(default)]
    pub chat_mode: String,
}

#[derive(Deserialize)]
struct LinkTokenWire {
    #[serde(rename = "linkToken")]
    link_token: String,
}

impl LineApi {
    /// `GET /v2/bot/profile/{userId}`
    pub async fn profile(&self, token: &Secret, user_id: &str) -> Result<Answer<Profile>, LineError> {
        self.call(Call::get("GET profile/{userId}", token, &["v2", "bot", "profile", user_id])).await
    }

    /// `GET /v2/bot/followers/ids`, up to 1,000 a page; verified accounts only (403 otherwise).
    pub async fn followers(&self, token: &Secret, start: Option<&str>) -> Result<Answer<FollowerPage>, LineError> {
        let mut query = vec![("limit", "1000")];
        query.extend(start.map(|start| ("start", start)));
        self.call(Call::get("GET followers/ids", token, &["v2", "bot", "followers", "ids"]).query(&query)).await
    }

    /// `GET /v2/bot/info`
    pub async fn bot_info(&self, token: &Secret) -> Result<Answer<BotInfo>, LineError> {
        self.call(Call::get("GET info", token, &["v2", "bot", "info"])).await
    }

    /// `POST /v2/bot/user/{userId}/linkToken`: good once, for ten minutes.
    pub async fn link_token(&self, token: &Secret, user_id: &str) -> Result<Answer<Secret>, LineError> {
        let path = ["v2", "bot", "user", user_id, "linkToken"];
        let answer = self.call::<LinkTokenWire>(Call::post("POST user/{userId}/linkToken", token, &path)).await?;
        Ok(Answer { value: Secret::of(answer.value.link_token), request_id: answer.request_id })
    }

    /// Where the browser is sent to finish an account link. `nonce`: 10 to 255 characters, ≥ 128 random bits.
    pub fn account_link_url(&self, link_token: &Secret, nonce: &str) -> url::Url {
        let mut url = self.hosts().access.clone();
        url.set_path("/dialog/bot/accountLink");
        url.query_pairs_mut().append_pair("linkToken", link_token.reveal()).append_pair("nonce", nonce);
        url
    }
}
