//! What people do, as webhook events: strictly in the shape of the specification.

use serde_json::{Value, json};

use crate::ident;
use crate::sim::Sim;
use crate::state::tokens::ReplyToken;
use crate::state::{ChannelKey, ChatEntry, ChatSide, PersonKey, Standing};

/// Something a person does on the phone.
#[derive(Debug, Clone, PartialEq, Eq, serde::Deserialize)]
#[serde(tag = "do", rename_all = "snake_case")]
pub enum Deed {
    /// Adds the account, or unblocks it.
    Follow,
    /// Blocks it.
    Block,
    /// Writes a text.
    Text {
        /// What.
        text: String,
    },
    /// Sends a picture.
    Picture,
    /// Presses a postback action.
    Postback {
        /// Its data.
        data: String,
        /// Text shown as the user's, if the action says so.
        #[serde(default)]
        display: Option<String>,
        /// Date, time or the switched rich menu.
        #[serde(default)]
        params: Option<Value>,
    },
    /// Takes a message back.
    Unsend {
        /// Its id.
        message_id: String,
    },
    /// Comes back from the account link dialog.
    Link {
        /// The nonce of the service.
        nonce: String,
    },
}

/// Does something in a chat: changes the world and queues the webhook event. Gives the event, if there is one.
pub fn perform(sim: &Sim, channel: ChannelKey, person: PersonKey, deed: &Deed) -> Option<Value> {
    let now = sim.now();
    let keep = sim.config().chat_history;
    let mut world = sim.world();
    let message_id = world.take_message_ids(1);
    let provider = world.channel(channel).provider.clone();
    let user_id = ident::format_user(world.introduce(&provider, person));
    let was = world.channel(channel).standing(person);
    let account = world.channel_mut(channel);
    if was == Standing::Blocked && *deed != Deed::Follow {
        return None;
    }
    let record = |account: &mut crate::state::Channel, side| {
        account.tie_mut(person).record(ChatEntry { id: message_id, at: now, side, unsent: false }, keep);
    };
    let notice = |text: &str| ChatSide::Notice(text.into());
    let (mut event, answerable) = match deed {
        Deed::Follow if was == Standing::Friend => return None,
        Deed::Follow => {
            account.stand(person, Standing::Friend);
            record(
                account,
                notice(if was == Standing::Blocked {
                    "ブロックを解除しました"
                } else {
                    "友だちに追加しました"
                }),
            );
            (json!({"type": "follow", "follow": {"isUnblocked": was == Standing::Blocked}}), Answerable::Yes)
        }
        Deed::Block => {
            account.stand(person, Standing::Blocked);
            record(account, notice("ブロックしました"));
            (json!({"type": "unfollow"}), Answerable::No)
        }
        Deed::Text { text } => {
            record(account, ChatSide::User(text.as_str().into()));
            account.tie_mut(person).wrote_at = Some(now);
            let message = json!({"type": "text", "text": text, "quoteToken": sim.chance().token::<24>()});
            (message_event(sim, message_id, message), Answerable::Yes)
        }
        Deed::Picture => {
            record(account, ChatSide::Picture);
            account.pictures.insert(message_id, person);
            account.tie_mut(person).wrote_at = Some(now);
            let message =
                json!({"type": "image", "contentProvider": {"type": "line"}, "quoteToken": sim.chance().token::<24>()});
            (message_event(sim, message_id, message), Answerable::Yes)
        }
        Deed::Postback { data, display, params } => {
            if let Some(text) = display {
                record(account, ChatSide::User(text.as_str().into()));
            }
            account.tie_mut(person).wrote_at = Some(now);
            let mut postback = json!({"data": data});
            if let Some(params) = params {
                postback["params"] = params.clone();
            }
            (json!({"type": "postback", "postback": postback}), Answerable::Yes)
        }
        Deed::Unsend { message_id } => {
            let wanted: u64 = message_id.parse().ok()?;
            let tie = account.tie_mut(person);
            let entry = tie.chat.iter_mut().find(|e| e.id == wanted && !matches!(e.side, ChatSide::Account(_)))?;
            entry.unsent = true;
            tie.revision += 1;
            (json!({"type": "unsend", "unsend": {"messageId": message_id}}), Answerable::No)
        }
        Deed::Link { nonce } => {
            record(account, notice("アカウントを連携しました"));
            (json!({"type": "accountLink", "link": {"result": "ok", "nonce": nonce}}), Answerable::Yes)
        }
    };
    event["mode"] = json!("active");
    event["timestamp"] = json!(now);
    event["source"] = json!({"type": "user", "userId": user_id});
    event["webhookEventId"] = json!(ident::ulid(now, sim.chance()));
    event["deliveryContext"] = json!({"isRedelivery": false});
    if answerable == Answerable::Yes {
        let token = sim.chance().token::<16>();
        let reply = ReplyToken { channel, person, event_at: now, delivered_at: now };
        world.tokens.keep_reply(&token, reply);
        event["replyToken"] = json!(token);
    }
    drop(world);
    sim.sender().queue(sim, channel, event.clone());
    Some(event)
}

#[derive(PartialEq, Eq)]
enum Answerable {
    Yes,
    No,
}

fn message_event(sim: &Sim, id: u64, mut message: Value) -> Value {
    message["id"] = Value::from(id.to_string());
    message["markAsReadToken"] = Value::from(format!("r{}", sim.chance().token::<16>()));
    json!({"type": "message", "message": message})
}
