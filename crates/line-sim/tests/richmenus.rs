//! Rich menus: definition, image, default, links, aliases.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that cannot go on stops")]

mod stage;

use serde_json::{Value, json};
use stage::*;

fn menu() -> Value {
    json!({"size": {"width": 800, "height": 400}, "selected": false, "name": "main", "chatBarText": "メニュー",
        "areas": [{"bounds": {"x": 0, "y": 0, "width": 800, "height": 400}, "action": {"type": "message", "text": "相談"}}]})
}

fn png(width: u32, height: u32) -> Vec<u8> {
    let mut out = std::io::Cursor::new(Vec::new());
    image::RgbImage::new(width, height).write_to(&mut out, image::ImageFormat::Png).unwrap();
    out.into_inner()
}

async fn upload(s: &Stage, id: &str, kind: &str, bytes: Vec<u8>) -> (u16, Value) {
    let path = format!("/v2/bot/richmenu/{id}/content");
    let request = s.http.post(s.url(&path)).bearer_auth(TOKEN).header("content-type", kind).body(bytes);
    told(request.send().await.unwrap()).await
}

async fn created(s: &Stage) -> String {
    told(s.post("/v2/bot/richmenu", &menu()).await).await.1["richMenuId"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn a_menu_needs_its_image_before_it_is_shown_and_keeps_it() {
    let s = stage().await;
    let id = created(&s).await;
    let (status, body) = told(s.post(&format!("/v2/bot/user/all/richmenu/{id}"), &json!({})).await).await;
    assert_eq!((status, body), (400, json!({"message": "must upload richmenu image before applying it to user"})));
    let (status, body) = upload(&s, &id, "image/png", png(800, 401)).await;
    assert_eq!((status, body), (400, json!({"message": "The image size is not allowed for richmenu"})));
    assert_eq!(upload(&s, &id, "text/plain", png(800, 400)).await.0, 415);
    assert_eq!(upload(&s, "richmenu-none", "image/png", png(800, 400)).await.0, 404);
    assert_eq!(upload(&s, &id, "image/png", png(800, 400)).await.0, 200);
    let (status, body) = upload(&s, &id, "image/png", png(800, 400)).await;
    assert_eq!((status, body), (400, json!({"message": "An image has already been uploaded to the richmenu"})));
    assert_eq!(s.post(&format!("/v2/bot/user/all/richmenu/{id}"), &json!({})).await.status(), 200);
}

#[tokio::test]
async fn a_link_to_a_blocker_answers_200_without_effect() {
    let s = stage().await;
    let id = created(&s).await;
    upload(&s, &id, "image/png", png(800, 400)).await;
    for (handle, want) in [("hanako", 200), ("taro", 404)] {
        let user = s.id(handle);
        assert_eq!(s.post(&format!("/v2/bot/user/{user}/richmenu/{id}"), &json!({})).await.status(), 200);
        assert_eq!(s.get(&format!("/v2/bot/user/{user}/richmenu")).await.status(), want);
    }
    let bulk = json!({"userIds": [s.id("hanako")]});
    assert_eq!(s.post("/v2/bot/richmenu/bulk/unlink", &bulk).await.status(), 202);
    assert_eq!(s.get(&format!("/v2/bot/user/{}/richmenu", s.id("hanako"))).await.status(), 404);
}

#[tokio::test]
async fn definitions_and_aliases_are_checked() {
    let s = stage().await;
    let mut square = menu();
    square["size"]["height"] = json!(800);
    square["chatBarText"] = json!("あ".repeat(15));
    let (status, body) = told(s.post("/v2/bot/richmenu/validate", &square).await).await;
    let named: Vec<&str> =
        body["details"].as_array().unwrap().iter().map(|d| d["property"].as_str().unwrap()).collect();
    assert_eq!(status, 400);
    assert!(named.contains(&"chatBarText"), "{named:?}");
    assert_eq!(told(s.post("/v2/bot/richmenu", &json!({})).await).await.0, 400);
    let id = created(&s).await;
    upload(&s, &id, "image/png", png(800, 400)).await;
    let alias = |name: &str, id: &str| json!({"richMenuAliasId": name, "richMenuId": id});
    assert_eq!(s.post("/v2/bot/richmenu/alias", &alias("main", &id)).await.status(), 200);
    let (status, body) = told(s.post("/v2/bot/richmenu/alias", &alias("main", &id)).await).await;
    assert_eq!((status, body), (400, json!({"message": "conflict richmenu alias id"})));
    let (status, body) = told(s.post("/v2/bot/richmenu/alias", &alias("other", "richmenu-none")).await).await;
    assert_eq!((status, body), (400, json!({"message": "richmenu not found"})));
    assert_eq!(s.post("/v2/bot/richmenu/alias", &alias("Upper", &id)).await.status(), 400);
    assert_eq!(s.get("/v2/bot/richmenu/alias/none").await.status(), 404);
}
