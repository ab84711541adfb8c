//! Somebody begins to join: a draft of their answers, kept on the server and found by a cookie, so that going back,
//! closing the phone and going on elsewhere lose nothing. Leaves checking the answers to `answer_question` and making
//! the person to `join`.

use chrono::TimeDelta;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use tsunagari_access::session::{token_hash, token_text};
use tsunagari_channels::Secret;
use tsunagari_kernel::{ChannelId, JoinEventId, LinkId, OrgId, PersonId, ProviderId, Timestamp};
use tsunagari_storage::Reader;
use tsunagari_storage::join_draft::NewDraft;

use crate::{ActError, House, Reason};

/// How long a draft waits for its next answer (real time).
pub const DRAFT_LIFE: TimeDelta = TimeDelta::days(14);
/// The window of the limits.
const WINDOW: TimeDelta = TimeDelta::minutes(10);
/// Joins begun from one address in the window, without a code from a slip.
const FREE: i64 = 40;
/// The same with a code: a whole school behind one address.
const FREE_WITH_EVENT: i64 = 3_000;

/// What LINE Login has proven.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LineProof {
    /// Under whose provider the id is valid.
    pub provider: ProviderId,
    /// The user id.
    pub user_id: String,
    /// Whether the official account is a friend; nothing where LINE did not say.
    pub friend: Option<bool>,
    /// When LINE was asked (real time).
    #[serde(default)]
    pub asked_at: Timestamp,
    /// What they allowed, to be ended when they leave.
    #[serde(default)]
    pub access: Option<GivenAccess>,
}

/// The access token of a LINE Login; never shown.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GivenAccess {
    /// The login channel.
    pub channel: ChannelId,
    token: String,
}

impl GivenAccess {
    /// As LINE gave it.
    pub fn of(channel: ChannelId, token: &Secret) -> Self {
        Self { channel, token: token.reveal().to_owned() }
    }

    pub(crate) fn token(&self) -> &str {
        &self.token
    }
}

impl std::fmt::Debug for GivenAccess {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("GivenAccess").field("channel", &self.channel).finish_non_exhaustive()
    }
}

/// A LINE Login under way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LineLogin {
    /// Comes back with the code.
    pub state: String,
    /// Comes back in the ID token.
    pub nonce: String,
    /// PKCE.
    pub verifier: String,
}

/// What was answered so far. Texts are kept as typed; `answer_question` checks them.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct JoinDraft {
    /// The event of the slip.
    pub event: Option<JoinEventId>,
    /// Proven by LINE Login.
    pub line: Option<LineProof>,
    /// The address a link was opened from.
    pub email: Option<String>,
    /// The address a link was last sent to, as typed; nothing is proven by it.
    pub mailed_to: String,
    /// A LINE Login under way.
    pub login: Option<LineLogin>,
    /// Began as a sign-in, not as joining.
    pub returning: bool,
    /// Who is signed in and only adds LINE.
    pub adding: Option<PersonId>,
    /// Names as typed.
    pub family: String,
    /// Given name.
    pub given: String,
    /// In kana.
    pub family_kana: String,
    /// In kana.
    pub given_kana: String,
    /// Birth date in three parts.
    pub year: String,
    /// 1 to 12.
    pub month: String,
    /// 1 to 31.
    pub day: String,
    /// The school's id, `other`, or nothing yet.
    pub school: String,
    /// Its name when it is another one.
    pub school_name: String,
    /// The fiscal year of graduation.
    pub graduation: String,
    /// What they do next or now: a code of `answer_question::NOW`.
    pub now: String,
    /// The prefecture's code or `abroad`.
    pub place: String,
    /// Codes of interests; nothing until asked.
    pub interests: Option<Vec<String>>,
}

/// A begun draft.
pub struct Begun {
    /// For the cookie.
    pub token: String,
    /// Its id.
    pub id: LinkId,
}

/// Begins a draft, with an event's school and year filled in.
///
/// # Errors
/// `too_many_joins` from this address; storage's.
pub async fn begin_join(
    house: &House,
    org: OrgId,
    event: Option<JoinEventId>,
    address: &str,
) -> Result<Begun, ActError> {
    let now = house.real_clock.now();
    let mut draft = JoinDraft::default();
    let here = house.org(org);
    if let Some(event) = event {
        let event = here.read_by_key().await?.join_event(event).await?;
        if event.is_open(house.now()) {
            draft.event = Some(event.id);
            draft.school = event.school.map(|id| id.to_string()).unwrap_or_default();
            draft.graduation = event.graduation.map(|year| year.0.to_string()).unwrap_or_default();
        }
    }
    // Addresses are not kept, only a digest to count by.
    let what = format!("join:{}", hex(&Sha256::digest(format!("{}|{address}", org.0))[..12]));
    let most = if draft.event.is_some() { FREE_WITH_EVENT } else { FREE };
    let new = New::of(house, LinkId::born(&house.chance, now), &draft)?;
    if !here.begin_counted_draft(&new.row(), (&what, now.minus(WINDOW), most)).await? {
        return Err(ActError::Refused(vec![Reason::of("too_many_joins").with("minutes", WINDOW.num_minutes())]));
    }
    Ok(new.begun())
}

/// A draft with the token it is about to be opened with.
struct New {
    id: LinkId,
    token: String,
    hash: [u8; 32],
    json: String,
    now: Timestamp,
}

impl New {
    fn of(house: &House, id: LinkId, draft: &JoinDraft) -> Result<Self, ActError> {
        let token = token_text(&house.chance.bytes());
        let hash = token_hash(&token).ok_or_else(|| ActError::Broken("a fresh token does not read".into()))?;
        Ok(Self { id, token, hash, json: json_of(draft)?, now: house.real_clock.now() })
    }

    fn row(&self) -> NewDraft<'_> {
        let Self { id, token: _, hash, json, now } = self;
        NewDraft { token_hash: hash, id: *id, json, expires_at: now.plus(DRAFT_LIFE), now: *now }
    }

    fn begun(self) -> Begun {
        Begun { token: self.token, id: self.id }
    }
}

/// Opens a draft with a token of its own.
pub(crate) async fn open(house: &House, org: OrgId, draft: &JoinDraft) -> Result<Begun, ActError> {
    let id = LinkId::born(&house.chance, house.real_clock.now());
    open_again(house, org, id, draft).await
}

/// Opens a draft once more, with another token.
pub(crate) async fn open_again(house: &House, org: OrgId, id: LinkId, draft: &JoinDraft) -> Result<Begun, ActError> {
    let new = New::of(house, id, draft)?;
    house.org(org).begin_join_draft(&new.row()).await?;
    Ok(new.begun())
}

/// The draft behind a cookie, in a look at its organisation.
///
/// # Errors
/// Storage's.
pub async fn find(
    house: &House,
    reader: &mut Reader,
    hash: &[u8; 32],
) -> Result<Option<(LinkId, JoinDraft)>, ActError> {
    let row = reader.join_draft(hash, house.real_clock.now()).await?;
    Ok(row.map(|row| (row.id, serde_json::from_str(&row.json).unwrap_or_default())))
}

/// Keeps a draft's answers.
///
/// # Errors
/// Storage's.
pub async fn keep(house: &House, org: OrgId, id: LinkId, draft: &JoinDraft) -> Result<(), ActError> {
    Ok(house.org(org).keep_join_draft(id, &json_of(draft)?).await?)
}

fn json_of(draft: &JoinDraft) -> Result<String, ActError> {
    serde_json::to_string(draft).map_err(|error| ActError::Broken(error.to_string()))
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
