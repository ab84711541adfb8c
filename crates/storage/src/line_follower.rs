//! Who follows an official account, as webhooks tell it and LINE Login: the latest by the time it happened, and whose user id
//! it is once that is known. User ids are sealed and found by look-up. Leaves contact points to their own file.

use tsunagari_kernel::{ChannelId, PersonId, ProviderId, Timestamp};

use crate::args;
use crate::error::StorageError;
use crate::sql::Arg;
use crate::store::{Reader, Tx};

const CONTEXT: &[u8] = b"line_follower";

/// Follows or has blocked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Following {
    /// The account is a friend.
    Follows,
    /// It was blocked or never added.
    Not,
}

/// A LINE user as one provider's accounts know them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Follower {
    /// The latest state.
    pub following: Following,
    /// When the event that gave it happened, or LINE was asked.
    pub last_event_at: Timestamp,
    /// Whose user id it is.
    pub person: Option<PersonId>,
}

fn lookup_text(provider: ProviderId, user_id: &str) -> String {
    format!("{provider}:{user_id}")
}

impl Reader {
    /// What is known of a LINE user.
    pub async fn line_follower(
        &mut self,
        provider: ProviderId,
        user_id: &str,
    ) -> Result<Option<Follower>, StorageError> {
        let lookup = self.org_key().await?.lookup("line_follower", &lookup_text(provider, user_id));
        let sql = "SELECT following, last_event_at, person_id FROM line_follower WHERE org_id = $1 AND provider_id = $2 AND lookup = $3";
        let row = self.first(sql, args![provider, lookup]).await?;
        row.map(|row| {
            Ok(Follower {
                following: if row.flag("following")? { Following::Follows } else { Following::Not },
                last_event_at: row.instant("last_event_at")?,
                person: row.opt_id("person_id")?,
            })
        })
        .transpose()
    }
}

/// A follower as an installation's history knows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PastFollower {
    /// The user id.
    pub user_id: String,
    /// Follows, or has blocked since.
    pub following: Following,
    /// When it was followed.
    pub followed_at: Timestamp,
    /// When the last event happened.
    pub last_event_at: Timestamp,
    /// Whose user id it is.
    pub person: Option<PersonId>,
}

impl Tx {
    /// Enters many followers of one account, whom nobody knew before.
    pub async fn add_followers(
        &mut self,
        provider: ProviderId,
        channel: ChannelId,
        followers: &[PastFollower],
    ) -> Result<(), StorageError> {
        let key = self.org_key().await?;
        let mut rows: Vec<Vec<Arg>> = Vec::with_capacity(followers.len());
        for it in followers {
            let lookup = key.lookup("line_follower", &lookup_text(provider, &it.user_id));
            let sealed = key.seal(&self.shared.chance, CONTEXT, it.user_id.as_bytes())?;
            let follows = it.following == Following::Follows;
            rows.push(args![provider, lookup, sealed, channel, follows, it.last_event_at, it.followed_at, it.person]);
        }
        let columns =
            ["provider_id", "lookup", "sealed", "channel_id", "following", "last_event_at", "followed_at", "person_id"];
        self.insert_many("line_follower", &columns, rows, "ON CONFLICT DO NOTHING").await
    }

    /// Keeps a follow or block; an older one than what is known changes nothing. At the same instant a block wins.
    /// Answers whether it was news.
    pub async fn keep_following(
        &mut self,
        provider: ProviderId,
        channel: ChannelId,
        user_id: &str,
        following: Following,
        at: Timestamp,
    ) -> Result<bool, StorageError> {
        let key = self.org_key().await?;
        let lookup = key.lookup("line_follower", &lookup_text(provider, user_id));
        let sealed = key.seal(&self.shared.chance, CONTEXT, user_id.as_bytes())?;
        let follows = following == Following::Follows;
        let followed_at = follows.then_some(at);
        let changed = self
            .exec(
                "INSERT INTO line_follower (org_id, provider_id, lookup, sealed, channel_id, following, last_event_at, followed_at) \
                 VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (org_id, provider_id, lookup) DO UPDATE SET \
                 following = excluded.following, last_event_at = excluded.last_event_at, channel_id = excluded.channel_id, \
                 followed_at = coalesce(line_follower.followed_at, excluded.followed_at) \
                 WHERE excluded.last_event_at > line_follower.last_event_at \
                 OR excluded.last_event_at = line_follower.last_event_at AND excluded.following < line_follower.following",
                args![provider, lookup, sealed, channel, follows, at, followed_at],
            )
            .await?;
        Ok(changed > 0)
    }

    /// Remembers whose user id it is, and what LINE said of it when asked, unless a webhook told something later. Answers what
    /// is known then. The row is held until the transaction ends, made where LINE had said something: a follow or block
    /// applied beside it is either seen here or finds the person.
    pub async fn meet_follower(
        &mut self,
        provider: ProviderId,
        user_id: &str,
        person: PersonId,
        asked: Option<(Following, Timestamp)>,
    ) -> Result<Option<Follower>, StorageError> {
        let Some((following, at)) = asked else {
            self.bind_follower(provider, user_id, Some(person)).await?;
            return self.line_follower(provider, user_id).await;
        };
        let key = self.org_key().await?;
        let lookup = key.lookup("line_follower", &lookup_text(provider, user_id));
        let sealed = key.seal(&self.shared.chance, CONTEXT, user_id.as_bytes())?;
        let follows = following == Following::Follows;
        // Without an account of this provider no webhook can come.
        let sql = "INSERT INTO line_follower (org_id, provider_id, lookup, sealed, channel_id, following, last_event_at, followed_at, person_id) \
                   SELECT org_id, provider_id, $3, $4, channel_id, $5, $6, $7, $8 FROM line_channel \
                   WHERE org_id = $1 AND provider_id = $2 AND kind = 'messaging' ORDER BY channel_id LIMIT 1 \
                   ON CONFLICT (org_id, provider_id, lookup) DO UPDATE SET person_id = excluded.person_id, \
                   following = CASE WHEN excluded.last_event_at < line_follower.last_event_at THEN line_follower.following ELSE excluded.following END, \
                   last_event_at = CASE WHEN excluded.last_event_at < line_follower.last_event_at THEN line_follower.last_event_at ELSE excluded.last_event_at END, \
                   followed_at = coalesce(line_follower.followed_at, excluded.followed_at)";
        self.exec(sql, args![provider, lookup, sealed, follows, at, follows.then_some(at), person]).await?;
        self.line_follower(provider, user_id).await
    }

    /// Remembers whose user id it is, or that it is nobody's any more.
    pub async fn bind_follower(
        &mut self,
        provider: ProviderId,
        user_id: &str,
        person: Option<PersonId>,
    ) -> Result<(), StorageError> {
        let lookup = self.org_key().await?.lookup("line_follower", &lookup_text(provider, user_id));
        let sql = "UPDATE line_follower SET person_id = $4 WHERE org_id = $1 AND provider_id = $2 AND lookup = $3";
        self.exec(sql, args![provider, lookup, person]).await?;
        Ok(())
    }
}
