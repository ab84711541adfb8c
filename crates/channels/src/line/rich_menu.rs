//! Rich menus: create, image, link, default, aliases. Leaves drawing the image to whoever makes it (JPEG or PNG ≤ 1 MB;
//! an uploaded image cannot be replaced, make another menu).

use reqwest::Method;
use serde::{Deserialize, Serialize};

use super::LineApi;
use super::call::{At, Body, Call};
use super::fault::{Answer, LineError};
use super::message::Action;
use crate::Secret;

/// A rich menu to create.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct RichMenu {
    /// In pixels: width 800 to 2,500, height from 250, width ÷ height ≥ 1.45.
    pub size: RichMenuSize,
    /// Whether it is open at first.
    pub selected: bool,
    /// For us, ≤ 300 graphemes.
    pub name: String,
    /// On the bar, ≤ 14 graphemes.
    pub chat_bar_text: String,
    /// ≤ 20.
    pub areas: Vec<RichMenuArea>,
}

/// Pixels.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct RichMenuSize {
    /// 800 to 2,500.
    pub width: u32,
    /// From 250.
    pub height: u32,
}

/// A touchable part.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct RichMenuArea {
    /// Where.
    pub bounds: RichMenuBounds,
    /// What it does.
    pub action: Action,
}

/// Pixels from the upper left.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct RichMenuBounds {
    /// From the left.
    pub x: u32,
    /// From the top.
    pub y: u32,
    /// Width.
    pub width: u32,
    /// Height.
    pub height: u32,
}

/// The format of a menu's picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ImageKind {
    /// image/jpeg
    Jpeg,
    /// image/png
    Png,
}

/// An alias, by which menus name each other.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RichMenuAlias {
    /// `[a-z0-9_-]{1,32}`
    pub rich_menu_alias_id: String,
    /// The menu it stands for.
    pub rich_menu_id: String,
}

#[derive(Deserialize)]
struct Created {
    #[serde(rename = "richMenuId")]
    id: String,
}

#[derive(Deserialize)]
struct AliasList {
    #[serde(default)]
    aliases: Vec<RichMenuAlias>,
}

impl LineApi {
    /// Creates a menu and returns its id. 100 an hour.
    pub async fn create_rich_menu(&self, token: &Secret, menu: &RichMenu) -> Result<Answer<String>, LineError> {
        let body = serde_json::json!(menu).to_string();
        let call = Call::post("POST richmenu", token, &["v2", "bot", "richmenu"]).json(body.as_bytes());
        let answer = self.call::<Created>(call).await?;
        Ok(Answer { value: answer.value.id, request_id: answer.request_id })
    }

    /// Gives a menu its picture.
    pub async fn upload_rich_menu_image(
        &self,
        token: &Secret,
        menu_id: &str,
        kind: ImageKind,
        image: Vec<u8>,
    ) -> Result<Answer<()>, LineError> {
        let kind = match kind {
            ImageKind::Jpeg => "image/jpeg",
            ImageKind::Png => "image/png",
        };
        let path = ["v2", "bot", "richmenu", menu_id, "content"];
        let mut call = Call::post("POST richmenu/{id}/content", token, &path);
        call.at = At::Data;
        call.body = Body::Raw(kind, image);
        self.call_plain(call).await
    }

    /// Deletes a menu. 100 an hour.
    pub async fn delete_rich_menu(&self, token: &Secret, menu_id: &str) -> Result<Answer<()>, LineError> {
        self.on_menu("DELETE richmenu/{id}", Method::DELETE, token, &["v2", "bot", "richmenu", menu_id]).await
    }

    /// Shows a menu to one user. 200 too for those who block.
    pub async fn link_rich_menu(&self, token: &Secret, user_id: &str, menu_id: &str) -> Result<Answer<()>, LineError> {
        let path = ["v2", "bot", "user", user_id, "richmenu", menu_id];
        self.on_menu("POST user/{userId}/richmenu/{id}", Method::POST, token, &path).await
    }

    /// Shows a menu to up to 500 users. LINE does it soon after the answer; those who block are passed over.
    pub async fn link_rich_menu_to_many(
        &self,
        token: &Secret,
        user_ids: &[String],
        menu_id: &str,
    ) -> Result<Answer<()>, LineError> {
        let body = serde_json::json!({ "richMenuId": menu_id, "userIds": user_ids }).to_string();
        let path = ["v2", "bot", "richmenu", "bulk", "link"];
        self.call_plain(Call::post("POST richmenu/bulk/link", token, &path).json(body.as_bytes())).await
    }

    /// Takes the own menus of up to 500 users away.
    pub async fn unlink_rich_menu_from_many(
        &self,
        token: &Secret,
        user_ids: &[String],
    ) -> Result<Answer<()>, LineError> {
        let body = serde_json::json!({ "userIds": user_ids }).to_string();
        let path = ["v2", "bot", "richmenu", "bulk", "unlink"];
        self.call_plain(Call::post("POST richmenu/bulk/unlink", token, &path).json(body.as_bytes())).await
    }

    /// Takes a user's own menu away.
    pub async fn unlink_rich_menu(&self, token: &Secret, user_id: &str) -> Result<Answer<()>, LineError> {
        let path = ["v2", "bot", "user", user_id, "richmenu"];
        self.on_menu("DELETE user/{userId}/richmenu", Method::DELETE, token, &path).await
    }

    /// Shows a menu to everybody who has no menu of their own.
    pub async fn set_default_rich_menu(&self, token: &Secret, menu_id: &str) -> Result<Answer<()>, LineError> {
        let path = ["v2", "bot", "user", "all", "richmenu", menu_id];
        self.on_menu("POST user/all/richmenu/{id}", Method::POST, token, &path).await
    }

    /// Shows no default menu.
    pub async fn clear_default_rich_menu(&self, token: &Secret) -> Result<Answer<()>, LineError> {
        let path = ["v2", "bot", "user", "all", "richmenu"];
        self.on_menu("DELETE user/all/richmenu", Method::DELETE, token, &path).await
    }

    /// Creates an alias.
    pub async fn create_rich_menu_alias(&self, token: &Secret, alias: &RichMenuAlias) -> Result<Answer<()>, LineError> {
        let body = serde_json::json!(alias).to_string();
        let path = ["v2", "bot", "richmenu", "alias"];
        self.call_plain(Call::post("POST richmenu/alias", token, &path).json(body.as_bytes())).await
    }

    /// Points an alias at another menu.
    pub async fn update_rich_menu_alias(&self, token: &Secret, alias: &RichMenuAlias) -> Result<Answer<()>, LineError> {
        let body = serde_json::json!({ "richMenuId": alias.rich_menu_id }).to_string();
        let path = ["v2", "bot", "richmenu", "alias", &alias.rich_menu_alias_id];
        self.call_plain(Call::post("POST richmenu/alias/{id}", token, &path).json(body.as_bytes())).await
    }

    /// Deletes an alias. 100 an hour.
    pub async fn delete_rich_menu_alias(&self, token: &Secret, alias_id: &str) -> Result<Answer<()>, LineError> {
        let path = ["v2", "bot", "richmenu", "alias", alias_id];
        self.on_menu("DELETE richmenu/alias/{id}", Method::DELETE, token, &path).await
    }

    /// All aliases.
    pub async fn rich_menu_aliases(&self, token: &Secret) -> Result<Answer<Vec<RichMenuAlias>>, LineError> {
        let path = ["v2", "bot", "richmenu", "alias", "list"];
        let answer = self.call::<AliasList>(Call::get("GET richmenu/alias/list", token, &path)).await?;
        Ok(Answer { value: answer.value.aliases, request_id: answer.request_id })
    }

    async fn on_menu(
        &self,
        name: &'static str,
        method: Method,
        token: &Secret,
        path: &[&str],
    ) -> Result<Answer<()>, LineError> {
        self.call_plain(Call::with(name, method, Some(token), path)).await
    }
}
