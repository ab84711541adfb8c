-- Foundation: organisations, staff, people, contact, consent, messages, figures, audit, jobs.
-- Conventions: org_id first in every key; instants as microseconds (INTEGER), civil dates as ISO text, spans half-open
-- [from, until), codes as text, flags as 0/1, what is sealed is BLOB.

CREATE TABLE organisation (
  org_id BLOB NOT NULL PRIMARY KEY,
  code TEXT NOT NULL UNIQUE,
  kind TEXT NOT NULL,
  name TEXT NOT NULL,
  kana TEXT NOT NULL,
  contact TEXT NOT NULL DEFAULT '',
  accent TEXT NOT NULL DEFAULT 'blue',
  plan_slug TEXT,
  guardian_age INTEGER NOT NULL DEFAULT 16,
  stale_after_days INTEGER NOT NULL DEFAULT 400,
  stale_counts INTEGER NOT NULL DEFAULT 1,
  job_years_before_last INTEGER NOT NULL DEFAULT 1,
  job_month INTEGER NOT NULL DEFAULT 4,
  quiet_from_minute INTEGER NOT NULL DEFAULT 1260,
  quiet_until_minute INTEGER NOT NULL DEFAULT 480,
  cap_messages INTEGER NOT NULL DEFAULT 4,
  cap_days INTEGER NOT NULL DEFAULT 30,
  cancel_seconds INTEGER NOT NULL DEFAULT 600,
  demo INTEGER NOT NULL DEFAULT 0,
  outside_approver TEXT,
  key_sealed BLOB NOT NULL,
  created_at INTEGER NOT NULL
) STRICT;
CREATE TABLE network_member (
  org_id BLOB NOT NULL, member_org_id BLOB NOT NULL, from_on TEXT NOT NULL, until_on TEXT,
  PRIMARY KEY (org_id, member_org_id, from_on)
) STRICT;

-- Staff and access
CREATE TABLE team (
  org_id BLOB NOT NULL, team_id BLOB NOT NULL, name TEXT NOT NULL, position INTEGER NOT NULL DEFAULT 0, created_at INTEGER NOT NULL,
  PRIMARY KEY (org_id, team_id)
) STRICT;
CREATE TABLE staff_user (
  org_id BLOB NOT NULL, user_id BLOB NOT NULL, login TEXT NOT NULL UNIQUE, display_name TEXT NOT NULL,
  role TEXT NOT NULL, role_until_on TEXT, allowed TEXT NOT NULL DEFAULT '[]', team_id BLOB,
  password_hash TEXT, totp_sealed BLOB, totp_last_step INTEGER NOT NULL DEFAULT 0, recovery TEXT NOT NULL DEFAULT '[]',
  state TEXT NOT NULL DEFAULT 'active', locale TEXT NOT NULL DEFAULT 'ja', created_at INTEGER NOT NULL, credentials_at INTEGER NOT NULL,
  PRIMARY KEY (org_id, user_id)
) STRICT;
CREATE TABLE session (
  org_id BLOB NOT NULL, token_hash BLOB NOT NULL, session_id BLOB NOT NULL, kind TEXT NOT NULL, user_id BLOB, person_id BLOB,
  how TEXT NOT NULL, acting_for BLOB, data TEXT NOT NULL DEFAULT '{}',
  created_at INTEGER NOT NULL, seen_at INTEGER NOT NULL, ended_at INTEGER,
  PRIMARY KEY (org_id, token_hash)
) STRICT;
CREATE INDEX session_by_user ON session (org_id, user_id);
CREATE INDEX session_by_person ON session (org_id, person_id);
CREATE TABLE one_time_link (
  org_id BLOB NOT NULL, token_hash BLOB NOT NULL, link_id BLOB NOT NULL, purpose TEXT NOT NULL, user_id BLOB, person_id BLOB,
  payload TEXT NOT NULL DEFAULT '{}', expires_at INTEGER NOT NULL, used_at INTEGER, created_at INTEGER NOT NULL,
  PRIMARY KEY (org_id, token_hash)
) STRICT;
CREATE TABLE throttle (
  org_id BLOB NOT NULL, what TEXT NOT NULL, window_from INTEGER NOT NULL, n INTEGER NOT NULL,
  PRIMARY KEY (org_id, what)
) STRICT;
CREATE TABLE work_item (
  org_id BLOB NOT NULL, work_id BLOB NOT NULL, team_id BLOB, kind TEXT NOT NULL, subject TEXT NOT NULL, note TEXT NOT NULL DEFAULT '',
  due_on TEXT, created_at INTEGER NOT NULL, done_at INTEGER, done_by BLOB, outcome TEXT NOT NULL DEFAULT '',
  PRIMARY KEY (org_id, work_id)
) STRICT;
CREATE INDEX work_item_open ON work_item (org_id, done_at, team_id);
CREATE UNIQUE INDEX work_item_once ON work_item (org_id, kind, subject);

-- People
CREATE TABLE school (
  org_id BLOB NOT NULL, school_id BLOB NOT NULL, name TEXT NOT NULL, name_key TEXT NOT NULL, kind TEXT NOT NULL,
  municipality TEXT, years INTEGER NOT NULL, import_mapping TEXT, created_at INTEGER NOT NULL,
  PRIMARY KEY (org_id, school_id)
) STRICT;
CREATE TABLE person (
  org_id BLOB NOT NULL, person_id BLOB NOT NULL,
  family TEXT NOT NULL, given TEXT NOT NULL, family_kana TEXT NOT NULL, given_kana TEXT NOT NULL,
  name_key TEXT NOT NULL, kana_key TEXT NOT NULL,
  birth_date TEXT, locale TEXT NOT NULL DEFAULT 'ja', address_protected INTEGER NOT NULL DEFAULT 0,
  source TEXT NOT NULL, team_id BLOB, merged_into BLOB, erased_at INTEGER,
  created_at INTEGER NOT NULL, updated_at INTEGER NOT NULL, version INTEGER NOT NULL DEFAULT 1,
  PRIMARY KEY (org_id, person_id)
) STRICT;
CREATE INDEX person_by_kana ON person (org_id, kana_key, person_id);
CREATE INDEX person_by_name ON person (org_id, name_key, birth_date);
CREATE INDEX person_by_birth ON person (org_id, birth_date);
CREATE INDEX person_scan ON person (org_id, person_id, merged_into, erased_at, birth_date, locale);
CREATE TABLE person_gram (
  org_id BLOB NOT NULL, gram TEXT NOT NULL, person_id BLOB NOT NULL,
  PRIMARY KEY (org_id, gram, person_id)
) STRICT, WITHOUT ROWID;
CREATE TABLE tie (
  org_id BLOB NOT NULL, person_id BLOB NOT NULL, tie_id BLOB NOT NULL, kind TEXT NOT NULL, from_on TEXT NOT NULL, until_on TEXT,
  ended_reason TEXT, recorded_at INTEGER NOT NULL,
  PRIMARY KEY (org_id, person_id, tie_id)
) STRICT, WITHOUT ROWID;
CREATE TABLE household (
  org_id BLOB NOT NULL, household_id BLOB NOT NULL, name TEXT NOT NULL DEFAULT '', created_at INTEGER NOT NULL,
  PRIMARY KEY (org_id, household_id)
) STRICT;
CREATE TABLE household_member (
  org_id BLOB NOT NULL, person_id BLOB NOT NULL, household_id BLOB NOT NULL, from_on TEXT NOT NULL, until_on TEXT,
  PRIMARY KEY (org_id, person_id, household_id, from_on)
) STRICT, WITHOUT ROWID;
CREATE INDEX household_people ON household_member (org_id, household_id);
CREATE TABLE guardianship (
  org_id BLOB NOT NULL, child_id BLOB NOT NULL, guardianship_id BLOB NOT NULL, guardian_id BLOB NOT NULL, from_on TEXT NOT NULL, until_on TEXT,
  evidence TEXT NOT NULL, recorded_at INTEGER NOT NULL,
  PRIMARY KEY (org_id, child_id, guardianship_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX guardianship_by_guardian ON guardianship (org_id, guardian_id);
CREATE TABLE enrolment (
  org_id BLOB NOT NULL, person_id BLOB NOT NULL, enrolment_id BLOB NOT NULL, school_id BLOB, school_name TEXT NOT NULL, kind TEXT NOT NULL,
  place TEXT, years INTEGER NOT NULL, start_fy INTEGER NOT NULL, end_fy INTEGER NOT NULL, pause_years INTEGER NOT NULL DEFAULT 0,
  from_on TEXT NOT NULL, until_on TEXT NOT NULL, left_on TEXT, recorded_at INTEGER NOT NULL,
  PRIMARY KEY (org_id, person_id, enrolment_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX enrolment_cohort ON enrolment (org_id, kind, end_fy, school_id, person_id);
CREATE TABLE residence (
  org_id BLOB NOT NULL, person_id BLOB NOT NULL, residence_id BLOB NOT NULL, municipality TEXT, prefecture TEXT, country TEXT NOT NULL DEFAULT 'JP',
  from_on TEXT NOT NULL, until_on TEXT, recorded_at INTEGER NOT NULL,
  PRIMARY KEY (org_id, person_id, residence_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX residence_where ON residence (org_id, prefecture, person_id);
CREATE TABLE interest_kind (
  org_id BLOB NOT NULL, code TEXT NOT NULL, label_ja TEXT NOT NULL, label_easy TEXT NOT NULL, label_en TEXT NOT NULL, position INTEGER NOT NULL,
  PRIMARY KEY (org_id, code)
) STRICT;
CREATE TABLE interest (
  org_id BLOB NOT NULL, person_id BLOB NOT NULL, code TEXT NOT NULL, from_at INTEGER NOT NULL, until_at INTEGER,
  PRIMARY KEY (org_id, person_id, code, from_at)
) STRICT, WITHOUT ROWID;
CREATE INDEX interest_by_code ON interest (org_id, code, person_id);
CREATE TABLE contact_point (
  org_id BLOB NOT NULL, person_id BLOB NOT NULL, contact_id BLOB NOT NULL, kind TEXT NOT NULL, provider_id BLOB,
  lookup BLOB NOT NULL, lookup_version INTEGER NOT NULL, sealed BLOB NOT NULL,
  verified_at INTEGER, created_at INTEGER NOT NULL, removed_at INTEGER,
  PRIMARY KEY (org_id, person_id, contact_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX contact_point_lookup ON contact_point (org_id, kind, lookup);
CREATE TABLE contact_working (
  org_id BLOB NOT NULL, person_id BLOB NOT NULL, contact_id BLOB NOT NULL, from_at INTEGER NOT NULL, kind TEXT NOT NULL,
  until_at INTEGER, end_reason TEXT, recorded_at INTEGER NOT NULL,
  PRIMARY KEY (org_id, person_id, contact_id, from_at)
) STRICT, WITHOUT ROWID;
CREATE TABLE contact_confirmed (
  org_id BLOB NOT NULL, person_id BLOB NOT NULL, contact_id BLOB NOT NULL, at INTEGER NOT NULL, how TEXT NOT NULL,
  PRIMARY KEY (org_id, person_id, contact_id, at)
) STRICT, WITHOUT ROWID;
CREATE TABLE purpose (
  org_id BLOB NOT NULL, code TEXT NOT NULL, label_ja TEXT NOT NULL, label_easy TEXT NOT NULL, label_en TEXT NOT NULL, position INTEGER NOT NULL,
  PRIMARY KEY (org_id, code)
) STRICT;
CREATE TABLE wording (
  org_id BLOB NOT NULL, purpose TEXT NOT NULL, version INTEGER NOT NULL, locale TEXT NOT NULL, text TEXT NOT NULL, sender TEXT NOT NULL,
  from_at INTEGER NOT NULL,
  PRIMARY KEY (org_id, purpose, version, locale)
) STRICT;
CREATE TABLE consent (
  org_id BLOB NOT NULL, person_id BLOB NOT NULL, consent_id BLOB NOT NULL, purpose TEXT NOT NULL, wording_version INTEGER NOT NULL,
  given_by TEXT NOT NULL, guardian_id BLOB, how TEXT NOT NULL, from_at INTEGER NOT NULL, until_at INTEGER, ended_how TEXT, recorded_at INTEGER NOT NULL,
  PRIMARY KEY (org_id, person_id, consent_id)
) STRICT, WITHOUT ROWID;
CREATE TABLE join_event (
  org_id BLOB NOT NULL, event_id BLOB NOT NULL, code TEXT NOT NULL UNIQUE, name TEXT NOT NULL, school_id BLOB, graduation_fy INTEGER,
  opens_at INTEGER NOT NULL, closes_at INTEGER, created_at INTEGER NOT NULL,
  PRIMARY KEY (org_id, event_id)
) STRICT;

-- Changes: import, merge, undo
CREATE TABLE import_file (
  org_id BLOB NOT NULL, import_id BLOB NOT NULL, school_id BLOB, file_name TEXT NOT NULL, sha256 TEXT NOT NULL, state TEXT NOT NULL,
  header_row INTEGER NOT NULL DEFAULT 0, header TEXT NOT NULL DEFAULT '[]', mapping TEXT NOT NULL DEFAULT '[]', graduation_fy INTEGER,
  rows INTEGER NOT NULL DEFAULT 0, done INTEGER NOT NULL DEFAULT 0, summary TEXT NOT NULL DEFAULT '{}', change_id BLOB, created_by BLOB NOT NULL, created_at INTEGER NOT NULL, applied_at INTEGER, undone_at INTEGER,
  PRIMARY KEY (org_id, import_id)
) STRICT;
CREATE TABLE import_row (
  org_id BLOB NOT NULL, import_id BLOB NOT NULL, row_no INTEGER NOT NULL, cells BLOB NOT NULL, verdict TEXT NOT NULL, judged BLOB,
  person_id BLOB, decision TEXT,
  PRIMARY KEY (org_id, import_id, row_no)
) STRICT, WITHOUT ROWID;
CREATE INDEX import_row_verdict ON import_row (org_id, import_id, verdict, row_no);
CREATE TABLE change (
  org_id BLOB NOT NULL, change_id BLOB NOT NULL, kind TEXT NOT NULL, state TEXT NOT NULL, total INTEGER NOT NULL, done INTEGER NOT NULL,
  by_user BLOB NOT NULL, created_at INTEGER NOT NULL, finished_at INTEGER,
  PRIMARY KEY (org_id, change_id)
) STRICT;
CREATE TABLE change_row (
  org_id BLOB NOT NULL, change_id BLOB NOT NULL, seq INTEGER NOT NULL, person_id BLOB NOT NULL, step BLOB NOT NULL, undone TEXT,
  PRIMARY KEY (org_id, change_id, seq)
) STRICT, WITHOUT ROWID;
CREATE INDEX change_row_person ON change_row (org_id, person_id);
CREATE TABLE person_history (
  org_id BLOB NOT NULL, person_id BLOB NOT NULL, at INTEGER NOT NULL, audit_id BLOB NOT NULL, what TEXT NOT NULL, before TEXT, after TEXT,
  PRIMARY KEY (org_id, person_id, at, audit_id, what)
) STRICT, WITHOUT ROWID;
CREATE TABLE merge (
  org_id BLOB NOT NULL, merge_id BLOB NOT NULL, kept_id BLOB NOT NULL, gone_id BLOB NOT NULL, moved TEXT NOT NULL, by_user BLOB NOT NULL,
  at INTEGER NOT NULL, undone_at INTEGER,
  PRIMARY KEY (org_id, merge_id)
) STRICT;
CREATE INDEX merge_kept ON merge (org_id, kept_id);
CREATE TABLE not_same (
  org_id BLOB NOT NULL, one_id BLOB NOT NULL, other_id BLOB NOT NULL, by_user BLOB NOT NULL, at INTEGER NOT NULL,
  PRIMARY KEY (org_id, one_id, other_id)
) STRICT;

CREATE TABLE erasure (
  org_id BLOB NOT NULL, erasure_id BLOB NOT NULL, person_id BLOB NOT NULL, asked_by TEXT NOT NULL, state TEXT NOT NULL, reason TEXT NOT NULL,
  proposed_by BLOB, proposed_at INTEGER NOT NULL, decided_by BLOB, decided_at INTEGER,
  PRIMARY KEY (org_id, erasure_id)
) STRICT;
CREATE INDEX erasure_by_person ON erasure (org_id, person_id);
CREATE TABLE retention (
  org_id BLOB NOT NULL, class TEXT NOT NULL, days INTEGER NOT NULL,
  PRIMARY KEY (org_id, class)
) STRICT;

-- Channels
CREATE TABLE mandate (
  org_id BLOB NOT NULL, mandate_id BLOB NOT NULL, holder TEXT NOT NULL, holder_kind TEXT NOT NULL, document TEXT NOT NULL, scope TEXT NOT NULL,
  from_on TEXT NOT NULL, until_on TEXT, recorded_by BLOB, recorded_at INTEGER NOT NULL,
  PRIMARY KEY (org_id, mandate_id)
) STRICT;
CREATE TABLE line_provider (
  org_id BLOB NOT NULL, provider_id BLOB NOT NULL, name TEXT NOT NULL, owner TEXT NOT NULL, owner_name TEXT NOT NULL, created_at INTEGER NOT NULL,
  PRIMARY KEY (org_id, provider_id)
) STRICT;
CREATE TABLE line_channel (
  org_id BLOB NOT NULL, channel_id BLOB NOT NULL, provider_id BLOB NOT NULL, kind TEXT NOT NULL, number TEXT NOT NULL, name TEXT NOT NULL,
  basic_id TEXT, bot_user_id TEXT, secret_sealed BLOB NOT NULL, token_sealed BLOB, mandate_id BLOB, hook TEXT NOT NULL UNIQUE,
  api_base TEXT NOT NULL, data_base TEXT NOT NULL, access_base TEXT NOT NULL,
  plan TEXT NOT NULL DEFAULT 'municipal', plan_ceiling INTEGER NOT NULL DEFAULT 0,
  state TEXT NOT NULL DEFAULT 'working', stopped_reason TEXT, stopped_at INTEGER, rich_menu_id TEXT, liff_id TEXT,
  plan_fee INTEGER, plan_extra_price INTEGER, created_at INTEGER NOT NULL,
  PRIMARY KEY (org_id, channel_id)
) STRICT;
CREATE TABLE line_greeting (
  org_id BLOB NOT NULL, channel_id BLOB NOT NULL, written_at INTEGER NOT NULL, text TEXT NOT NULL, written_by BLOB,
  PRIMARY KEY (org_id, channel_id, written_at)
) STRICT;
CREATE TABLE line_menu (
  org_id BLOB NOT NULL, menu_id BLOB NOT NULL, channel_id BLOB NOT NULL, face TEXT NOT NULL, title TEXT NOT NULL, detail TEXT NOT NULL,
  mime TEXT NOT NULL, picture BLOB NOT NULL, state TEXT NOT NULL, line_id TEXT, written_by BLOB, written_at INTEGER NOT NULL, published_at INTEGER,
  PRIMARY KEY (org_id, menu_id)
) STRICT;
CREATE INDEX line_menu_face ON line_menu (org_id, channel_id, face, written_at);
CREATE TABLE mail_channel (
  org_id BLOB NOT NULL PRIMARY KEY, from_name TEXT NOT NULL, from_address TEXT NOT NULL, reply_to TEXT, smtp_url TEXT NOT NULL,
  password_file TEXT, dkim_domain TEXT, dkim_selector TEXT, dkim_key_file TEXT, bounce_domain TEXT NOT NULL,
  state TEXT NOT NULL DEFAULT 'working', stopped_reason TEXT
) STRICT;
CREATE TABLE line_follower (
  org_id BLOB NOT NULL, provider_id BLOB NOT NULL, lookup BLOB NOT NULL, sealed BLOB NOT NULL, channel_id BLOB NOT NULL,
  following INTEGER NOT NULL, last_event_at INTEGER NOT NULL, followed_at INTEGER, person_id BLOB,
  PRIMARY KEY (org_id, provider_id, lookup)
) STRICT;
CREATE TABLE line_access (
  org_id BLOB NOT NULL, person_id BLOB NOT NULL, channel_id BLOB NOT NULL, sealed BLOB NOT NULL, until_at INTEGER NOT NULL,
  PRIMARY KEY (org_id, person_id, channel_id)
) STRICT;
CREATE TABLE line_inbound (
  org_id BLOB NOT NULL, inbound_id BLOB NOT NULL, channel_id BLOB NOT NULL, event_key TEXT NOT NULL, kind TEXT NOT NULL, event_at INTEGER NOT NULL,
  received_at INTEGER NOT NULL, sealed BLOB NOT NULL, state TEXT NOT NULL, applied_at INTEGER, note TEXT,
  PRIMARY KEY (org_id, inbound_id)
) STRICT;
CREATE UNIQUE INDEX line_inbound_once ON line_inbound (org_id, channel_id, event_key);
CREATE INDEX line_inbound_new ON line_inbound (org_id, state, event_at);
CREATE INDEX line_inbound_note ON line_inbound (org_id, channel_id, note);

-- Audiences and messages
CREATE TABLE segment (
  org_id BLOB NOT NULL, segment_id BLOB NOT NULL, name TEXT NOT NULL, why TEXT NOT NULL DEFAULT '', rule TEXT NOT NULL, rule_hash TEXT NOT NULL,
  team_id BLOB, created_by BLOB NOT NULL, created_at INTEGER NOT NULL, updated_at INTEGER NOT NULL, version INTEGER NOT NULL DEFAULT 1, archived_at INTEGER,
  PRIMARY KEY (org_id, segment_id)
) STRICT;
CREATE TABLE media (
  org_id BLOB NOT NULL, media_id BLOB NOT NULL, kind TEXT NOT NULL, mime TEXT NOT NULL, bytes INTEGER NOT NULL, sha256 TEXT NOT NULL, file TEXT NOT NULL,
  preview_file TEXT, width INTEGER, height INTEGER, title TEXT NOT NULL DEFAULT '', public_name TEXT NOT NULL UNIQUE, created_by BLOB NOT NULL, created_at INTEGER NOT NULL,
  PRIMARY KEY (org_id, media_id)
) STRICT;
CREATE TABLE campaign (
  org_id BLOB NOT NULL, campaign_id BLOB NOT NULL, title TEXT NOT NULL, purpose TEXT NOT NULL, segment_id BLOB, rule TEXT NOT NULL, rule_hash TEXT NOT NULL,
  content TEXT NOT NULL, state TEXT NOT NULL, detail TEXT NOT NULL, audience TEXT, team_id BLOB, author_id BLOB NOT NULL,
  created_at INTEGER NOT NULL, updated_at INTEGER NOT NULL, due_at INTEGER, launched_at INTEGER, version INTEGER NOT NULL DEFAULT 1,
  PRIMARY KEY (org_id, campaign_id)
) STRICT;
CREATE INDEX campaign_by_state ON campaign (org_id, state, due_at);
CREATE TABLE campaign_opened (
  org_id BLOB NOT NULL, campaign_id BLOB NOT NULL, media_id BLOB NOT NULL, user_id BLOB NOT NULL, at INTEGER NOT NULL,
  PRIMARY KEY (org_id, campaign_id, media_id, user_id)
) STRICT;
CREATE TABLE delivery (
  org_id BLOB NOT NULL, campaign_id BLOB NOT NULL, person_id BLOB NOT NULL, channel TEXT NOT NULL, contact_id BLOB, state TEXT NOT NULL, reason TEXT,
  dispatch_id BLOB, attempt INTEGER NOT NULL DEFAULT 0, next_at INTEGER NOT NULL DEFAULT 0, settled_at INTEGER, request_id TEXT,
  PRIMARY KEY (org_id, campaign_id, person_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX delivery_queue ON delivery (org_id, campaign_id, state, channel, person_id);
CREATE INDEX delivery_dispatch ON delivery (org_id, dispatch_id);
CREATE INDEX delivery_person ON delivery (org_id, person_id, settled_at);
CREATE TABLE dispatch (
  org_id BLOB NOT NULL, dispatch_id BLOB NOT NULL, campaign_id BLOB NOT NULL, channel TEXT NOT NULL, channel_id BLOB, retry_key TEXT NOT NULL,
  body BLOB NOT NULL, recipients INTEGER NOT NULL, state TEXT NOT NULL, attempt INTEGER NOT NULL, first_attempt_at INTEGER, next_at INTEGER NOT NULL,
  lease_until INTEGER, request_id TEXT, outcome TEXT, created_at INTEGER NOT NULL, settled_at INTEGER,
  PRIMARY KEY (org_id, dispatch_id)
) STRICT;
CREATE INDEX dispatch_open ON dispatch (org_id, state, next_at);
CREATE INDEX dispatch_campaign ON dispatch (org_id, campaign_id, state);
CREATE TABLE message_link (
  org_id BLOB NOT NULL, campaign_id BLOB NOT NULL, link_no INTEGER NOT NULL, url TEXT NOT NULL,
  PRIMARY KEY (org_id, campaign_id, link_no)
) STRICT;
CREATE TABLE message_click (
  org_id BLOB NOT NULL, campaign_id BLOB NOT NULL, link_no INTEGER NOT NULL, at INTEGER NOT NULL, click_id BLOB NOT NULL, person_id BLOB,
  PRIMARY KEY (org_id, campaign_id, link_no, click_id)
) STRICT;

-- Figures
CREATE TABLE indicator (
  org_id BLOB NOT NULL, indicator_id BLOB NOT NULL, slug TEXT NOT NULL, purpose TEXT NOT NULL, definition TEXT NOT NULL, position INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  PRIMARY KEY (org_id, indicator_id)
) STRICT;
CREATE UNIQUE INDEX indicator_slug ON indicator (org_id, slug);
CREATE TABLE figure (
  org_id BLOB NOT NULL, figure_id BLOB NOT NULL, indicator_id BLOB NOT NULL, fiscal_year INTEGER NOT NULL, as_of_on TEXT NOT NULL,
  figure TEXT NOT NULL, reasons TEXT NOT NULL, list_hash TEXT NOT NULL, note TEXT NOT NULL DEFAULT '',
  published_by BLOB NOT NULL, published_at INTEGER NOT NULL, withdrawn_at INTEGER,
  PRIMARY KEY (org_id, figure_id)
) STRICT;
CREATE INDEX figure_by_year ON figure (org_id, indicator_id, fiscal_year, as_of_on);
CREATE TABLE figure_member (
  org_id BLOB NOT NULL, figure_id BLOB NOT NULL, position INTEGER NOT NULL, person_id BLOB, counted INTEGER NOT NULL, via TEXT NOT NULL DEFAULT '', reasons TEXT NOT NULL DEFAULT '[]',
  PRIMARY KEY (org_id, figure_id, position)
) STRICT, WITHOUT ROWID;
CREATE INDEX figure_member_person ON figure_member (org_id, person_id);

-- Exports, audit, jobs
CREATE TABLE export (
  org_id BLOB NOT NULL, export_id BLOB NOT NULL, kind TEXT NOT NULL, query TEXT NOT NULL, people INTEGER NOT NULL, by_user BLOB NOT NULL, at INTEGER NOT NULL,
  PRIMARY KEY (org_id, export_id)
) STRICT;
CREATE TABLE export_member (
  org_id BLOB NOT NULL, person_id BLOB NOT NULL, export_id BLOB NOT NULL,
  PRIMARY KEY (org_id, person_id, export_id)
) STRICT, WITHOUT ROWID;
CREATE TABLE audit (
  org_id BLOB NOT NULL, audit_id BLOB NOT NULL, at INTEGER NOT NULL, actor_kind TEXT NOT NULL, actor_id BLOB, act TEXT NOT NULL, operation_id BLOB NOT NULL,
  subject_kind TEXT, subject_id BLOB, detail TEXT NOT NULL, seq INTEGER, prev_hash BLOB, hash BLOB,
  PRIMARY KEY (org_id, audit_id)
) STRICT;
CREATE UNIQUE INDEX audit_chain ON audit (org_id, seq);
CREATE INDEX audit_subject ON audit (org_id, subject_id, at);
CREATE TABLE audit_head (
  org_id BLOB NOT NULL, day TEXT NOT NULL, seq INTEGER NOT NULL, hash BLOB NOT NULL, signature BLOB NOT NULL,
  PRIMARY KEY (org_id, day)
) STRICT;
CREATE TABLE job (
  org_id BLOB NOT NULL, job_id BLOB NOT NULL, kind TEXT NOT NULL, payload TEXT NOT NULL, state TEXT NOT NULL, run_at INTEGER NOT NULL, lease_until INTEGER,
  attempts INTEGER NOT NULL DEFAULT 0, last_error TEXT, once_key TEXT, created_at INTEGER NOT NULL, finished_at INTEGER,
  PRIMARY KEY (org_id, job_id)
) STRICT;
CREATE INDEX job_due ON job (state, run_at);
CREATE UNIQUE INDEX job_once ON job (org_id, once_key);
