//! What staff brings in is limited and written anew; past its period the file is gone and the row is not.

use std::io::Cursor;

use chrono::TimeDelta;
use tsunagari_access::permission::WriteMessages;
use tsunagari_access::{Granted, Officer, Role};
use tsunagari_acts::apply_retention::{apply_retention, preview};
use tsunagari_acts::upload_media::{Upload, upload_media};
use tsunagari_kernel::{Clock, UserId};
use tsunagari_storage::testing::BOTH;
use uuid::Uuid;

use crate::town::Town;

fn picture() -> Vec<u8> {
    let mut out = Cursor::new(Vec::new());
    image::DynamicImage::new_rgb8(40, 30).write_to(&mut out, image::ImageFormat::Png).unwrap();
    out.into_inner()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_picture_past_its_period_is_taken_from_the_disk() {
    for kind in BOTH {
        let town = Town::open(kind, &[]).await;
        std::fs::create_dir_all(&town.house.files).unwrap();
        let by: Granted<WriteMessages> =
            Officer::of(town.org, UserId(Uuid::from_u128(1)), vec![Role::Editor]).grant(town.clock.now()).unwrap();
        let given = || Upload { title: "ちらし".into(), bytes: picture() };
        let old = upload_media(&town.house, &by, given()).await.unwrap();
        town.clock.advance(TimeDelta::days(60));
        let young = upload_media(&town.house, &by, given()).await.unwrap();
        let files = || std::fs::read_dir(&town.house.files).unwrap().count();
        assert_eq!(files(), 4, "two pictures, each with its preview");
        town.clock.advance(TimeDelta::days(31));
        let shown = preview(&town.house, town.org).await.unwrap();
        assert_eq!(shown.iter().find(|it| it.class.code == "media").unwrap().old, 1);
        assert_eq!(files(), 4, "a preview changes nothing");
        let done = apply_retention(&town.house, town.org).await.unwrap();
        assert!(done.contains(&("media", 1)), "{kind:?}: {done:?}");
        assert_eq!(files(), 2);
        let mut reader = town.house.org(town.org).read().await.unwrap();
        assert_eq!(reader.media(old).await.unwrap().file, "", "the row stays for the messages that name it");
        let kept = reader.media(young).await.unwrap();
        assert!(town.house.files.join(&kept.file).exists());
        assert_eq!(reader.media_list().await.unwrap().len(), 1);
        assert!(kept.public_name.len() >= 24 && !kept.file.contains("ちらし"), "names are random");
    }
}
