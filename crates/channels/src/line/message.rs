//! Message objects the product sends: text, image, video, buttons, Flex, with quick replies. Serialises to LINE's JSON.
//! Leaves the limits to `limits` and the words to whoever writes the message. To add a kind: a variant here and its
//! arm in `limits`.

use serde::Serialize;
use serde_json::Value;

/// A message object.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Message {
    /// What it shows.
    #[serde(flatten)]
    pub content: Content,
    /// Buttons above the keyboard, up to 13; only those of the last message are shown.
    #[serde(rename = "quickReply", skip_serializing_if = "Option::is_none")]
    pub quick_reply: Option<QuickReply>,
}

impl From<Content> for Message {
    fn from(content: Content) -> Self {
        Self { content, quick_reply: None }
    }
}

impl Message {
    /// Plain text.
    pub fn text(text: impl Into<String>) -> Self {
        Content::Text { text: text.into() }.into()
    }

    /// An image and its preview, both https.
    pub fn image(original: impl Into<String>, preview: impl Into<String>) -> Self {
        Content::Image { original_content_url: original.into(), preview_image_url: preview.into() }.into()
    }

    /// A video (mp4) and its preview image, both https.
    pub fn video(original: impl Into<String>, preview: impl Into<String>) -> Self {
        Content::Video { original_content_url: original.into(), preview_image_url: preview.into() }.into()
    }

    /// A card with up to four buttons.
    pub fn buttons(alt_text: impl Into<String>, card: Buttons) -> Self {
        Content::Template { alt_text: alt_text.into(), template: Template::Buttons(card) }.into()
    }

    /// A Flex message whose contents (a bubble or carousel) the caller has built.
    pub fn flex(alt_text: impl Into<String>, contents: Value) -> Self {
        Content::Flex { alt_text: alt_text.into(), contents }.into()
    }

    /// The same message with these quick replies.
    #[must_use]
    pub fn with_quick_replies(mut self, actions: impl IntoIterator<Item = Action>) -> Self {
        let items: Vec<_> = actions.into_iter().map(|action| QuickReplyItem { kind: "action", action }).collect();
        self.quick_reply = (!items.is_empty()).then_some(QuickReply { items });
        self
    }
}

/// What a message shows.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "type", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum Content {
    /// Text, up to 5,000 UTF-16 units.
    Text {
        /// The text.
        text: String,
    },
    /// A picture.
    Image {
        /// https, JPEG or PNG, ≤ 10 MB.
        original_content_url: String,
        /// https, ≤ 1 MB.
        preview_image_url: String,
    },
    /// A video.
    Video {
        /// https, mp4, ≤ 200 MB.
        original_content_url: String,
        /// https, ≤ 1 MB.
        preview_image_url: String,
    },
    /// A template.
    Template {
        /// Shown in notifications and on devices that cannot show it.
        alt_text: String,
        /// The template.
        template: Template,
    },
    /// Flex.
    Flex {
        /// Shown in notifications.
        alt_text: String,
        /// A bubble or a carousel.
        contents: Value,
    },
}

/// A template message.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "type", rename_all = "camelCase")]
pub enum Template {
    /// A card with buttons.
    Buttons(Buttons),
}

/// A card with up to four buttons.
#[derive(Debug, Clone, PartialEq, Serialize, Default)]
#[serde(rename_all = "camelCase")]
pub struct Buttons {
    /// https.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub thumbnail_image_url: Option<String>,
    /// ≤ 40 graphemes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// ≤ 160 graphemes, ≤ 60 with an image or a title.
    pub text: String,
    /// 1 to 4.
    pub actions: Vec<Action>,
}

/// What a touch does.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "type", rename_all = "lowercase", rename_all_fields = "camelCase")]
pub enum Action {
    /// Opens a link.
    Uri {
        /// ≤ 20 graphemes (≤ 40 in Flex).
        label: String,
        /// http, https, line, tel; ≤ 1,000.
        uri: String,
    },
    /// Says something as the user.
    Message {
        /// ≤ 20 graphemes.
        label: String,
        /// ≤ 300 graphemes.
        text: String,
    },
    /// Sends data to the webhook.
    Postback {
        /// ≤ 20 graphemes.
        label: String,
        /// ≤ 300 UTF-16 units.
        data: String,
        /// Shown in the talk as the user's words.
        #[serde(skip_serializing_if = "Option::is_none")]
        display_text: Option<String>,
    },
    /// Switches to another rich menu.
    RichMenuSwitch {
        /// Optional in a rich menu.
        #[serde(skip_serializing_if = "Option::is_none")]
        label: Option<String>,
        /// The alias to switch to.
        rich_menu_alias_id: String,
        /// Sent to the webhook.
        data: String,
    },
}

/// Quick replies.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct QuickReply {
    /// 1 to 13.
    pub items: Vec<QuickReplyItem>,
}

/// One quick reply.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct QuickReplyItem {
    #[serde(rename = "type")]
    kind: &'static str,
    /// What it does.
    pub action: Action,
}
