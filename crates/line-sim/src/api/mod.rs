//! The Messaging API at the root of the origin (both of LINE's API hosts). A new call: a handler in the file of its noun, a route here
//! written exactly as in the specification (its body is then checked by itself), and a test in `tests/`.

pub mod call;
pub mod counts;
pub mod error;
pub mod richmenu;
pub mod richmenu_link;
pub mod send;
pub mod tokens;
pub mod unknown;
pub mod users;
pub mod webhook_endpoint;

use axum::Router;
use axum::middleware::from_fn_with_state;
use axum::routing::{get, post};

use crate::sim::Sim;

/// Routes with faults and request ids around them.
pub fn routes(sim: &Sim) -> Router<Sim> {
    sending().merge(menus()).merge(settings()).layer(from_fn_with_state(sim.clone(), crate::faults::play))
}

fn sending() -> Router<Sim> {
    Router::new()
        .route("/v2/bot/message/push", post(send::push))
        .route("/v2/bot/message/multicast", post(send::multicast))
        .route("/v2/bot/message/broadcast", post(send::broadcast))
        .route("/v2/bot/message/reply", post(send::reply))
        .route("/v2/bot/message/validate/reply", post(send::validate))
        .route("/v2/bot/message/validate/push", post(send::validate))
        .route("/v2/bot/message/validate/multicast", post(send::validate))
        .route("/v2/bot/message/validate/narrowcast", post(send::validate))
        .route("/v2/bot/message/validate/broadcast", post(send::validate))
        .route("/v2/bot/message/quota", get(counts::quota))
        .route("/v2/bot/message/quota/consumption", get(counts::consumption))
        .route("/v2/bot/message/delivery/reply", get(counts::reply))
        .route("/v2/bot/message/delivery/push", get(counts::push))
        .route("/v2/bot/message/delivery/multicast", get(counts::multicast))
        .route("/v2/bot/message/delivery/broadcast", get(counts::broadcast))
        .route("/v2/bot/chat/loading/start", post(send::loading))
        .route("/v2/bot/chat/markAsRead", post(send::mark_as_read))
        .route("/v2/bot/message/{messageId}/content", get(users::content))
        .route("/v2/bot/message/{messageId}/content/preview", get(users::content))
}

fn menus() -> Router<Sim> {
    Router::new()
        .route("/v2/bot/richmenu", post(richmenu::create))
        .route("/v2/bot/richmenu/validate", post(richmenu::validate))
        .route("/v2/bot/richmenu/list", get(richmenu::list))
        .route("/v2/bot/richmenu/{richMenuId}", get(richmenu::get).delete(richmenu::delete))
        .route("/v2/bot/richmenu/{richMenuId}/content", get(richmenu::image).post(richmenu::upload))
        .route("/v2/bot/richmenu/alias", post(richmenu_link::alias_create))
        .route("/v2/bot/richmenu/alias/list", get(richmenu_link::alias_list))
        .route(
            "/v2/bot/richmenu/alias/{richMenuAliasId}",
            get(richmenu_link::alias_get).post(richmenu_link::alias_update).delete(richmenu_link::alias_delete),
        )
        .route("/v2/bot/user/all/richmenu", get(richmenu_link::default_get).delete(richmenu_link::default_cancel))
        .route("/v2/bot/user/all/richmenu/{richMenuId}", post(richmenu_link::default_set))
        .route("/v2/bot/user/{userId}/richmenu", get(richmenu_link::of_user).delete(richmenu_link::unlink))
        .route("/v2/bot/user/{userId}/richmenu/{richMenuId}", post(richmenu_link::link))
        .route("/v2/bot/richmenu/bulk/link", post(richmenu_link::bulk_link))
        .route("/v2/bot/richmenu/bulk/unlink", post(richmenu_link::bulk_unlink))
}

fn settings() -> Router<Sim> {
    Router::new()
        .route("/v2/bot/profile/{userId}", get(users::profile))
        .route("/v2/bot/followers/ids", get(users::follower_ids))
        .route("/v2/bot/info", get(users::info))
        .route("/v2/bot/user/{userId}/linkToken", post(users::link_token))
        .route("/v2/bot/channel/webhook/endpoint", get(webhook_endpoint::get).put(webhook_endpoint::set))
        .route("/v2/bot/channel/webhook/test", post(webhook_endpoint::test))
        .route("/oauth2/v3/token", post(tokens::stateless))
        .route("/v2/oauth/accessToken", post(tokens::short_lived))
        .route("/v2/oauth/verify", post(tokens::verify))
        .route("/v2/oauth/revoke", post(tokens::revoke))
}
