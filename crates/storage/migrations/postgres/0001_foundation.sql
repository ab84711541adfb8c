-- Foundation: organisations, staff, people, contact, consent, messages, figures, audit, jobs.
-- Conventions: org_id first in every key; instants as microseconds (bigint), civil dates as ISO text, spans half-open
-- [from, until), codes as text, flags as 0/1, what is sealed is bytea.

CREATE TABLE organisation (
  org_id uuid NOT NULL PRIMARY KEY,
  code TEXT COLLATE "C" NOT NULL UNIQUE,
  kind TEXT COLLATE "C" NOT NULL,
  name TEXT COLLATE "C" NOT NULL,
  kana TEXT COLLATE "C" NOT NULL,
  contact TEXT COLLATE "C" NOT NULL DEFAULT '',
  accent TEXT COLLATE "C" NOT NULL DEFAULT 'blue',
  plan_slug TEXT COLLATE "C",
  guardian_age bigint NOT NULL DEFAULT 16,
  stale_after_days bigint NOT NULL DEFAULT 400,
  stale_counts bigint NOT NULL DEFAULT 1,
  job_years_before_last bigint NOT NULL DEFAULT 1,
  job_month bigint NOT NULL DEFAULT 4,
  quiet_from_minute bigint NOT NULL DEFAULT 1260,
  quiet_until_minute bigint NOT NULL DEFAULT 480,
  cap_messages bigint NOT NULL DEFAULT 4,
  cap_days bigint NOT NULL DEFAULT 30,
  cancel_seconds bigint NOT NULL DEFAULT 600,
  demo bigint NOT NULL DEFAULT 0,
  outside_approver TEXT COLLATE "C",
  key_sealed bytea NOT NULL,
  created_at bigint NOT NULL
);
CREATE TABLE network_member (
  org_id uuid NOT NULL, member_org_id uuid NOT NULL, from_on TEXT COLLATE "C" NOT NULL, until_on TEXT COLLATE "C",
  PRIMARY KEY (org_id, member_org_id, from_on)
);

-- Staff and access
CREATE TABLE team (
  org_id uuid NOT NULL, team_id uuid NOT NULL, name TEXT COLLATE "C" NOT NULL, position bigint NOT NULL DEFAULT 0, created_at bigint NOT NULL,
  PRIMARY KEY (org_id, team_id)
);
CREATE TABLE staff_user (
  org_id uuid NOT NULL, user_id uuid NOT NULL, login TEXT COLLATE "C" NOT NULL UNIQUE, display_name TEXT COLLATE "C" NOT NULL,
  role TEXT COLLATE "C" NOT NULL, role_until_on TEXT COLLATE "C", allowed TEXT COLLATE "C" NOT NULL DEFAULT '[]', team_id uuid,
  password_hash TEXT COLLATE "C", totp_sealed bytea, totp_last_step bigint NOT NULL DEFAULT 0, recovery TEXT COLLATE "C" NOT NULL DEFAULT '[]',
  state TEXT COLLATE "C" NOT NULL DEFAULT 'active', locale TEXT COLLATE "C" NOT NULL DEFAULT 'ja', created_at bigint NOT NULL, credentials_at bigint NOT NULL,
  PRIMARY KEY (org_id, user_id)
);
CREATE TABLE session (
  org_id uuid NOT NULL, token_hash bytea NOT NULL, session_id uuid NOT NULL, kind TEXT COLLATE "C" NOT NULL, user_id uuid, person_id uuid,
  how TEXT COLLATE "C" NOT NULL, acting_for uuid, data TEXT COLLATE "C" NOT NULL DEFAULT '{}',
  created_at bigint NOT NULL, seen_at bigint NOT NULL, ended_at bigint,
  PRIMARY KEY (org_id, token_hash)
);
CREATE INDEX session_by_user ON session (org_id, user_id);
CREATE INDEX session_by_person ON session (org_id, person_id);
CREATE TABLE one_time_link (
  org_id uuid NOT NULL, token_hash bytea NOT NULL, link_id uuid NOT NULL, purpose TEXT COLLATE "C" NOT NULL, user_id uuid, person_id uuid,
  payload TEXT COLLATE "C" NOT NULL DEFAULT '{}', expires_at bigint NOT NULL, used_at bigint, created_at bigint NOT NULL,
  PRIMARY KEY (org_id, token_hash)
);
CREATE TABLE throttle (
  org_id uuid NOT NULL, what TEXT COLLATE "C" NOT NULL, window_from bigint NOT NULL, n bigint NOT NULL,
  PRIMARY KEY (org_id, what)
);
CREATE TABLE work_item (
  org_id uuid NOT NULL, work_id uuid NOT NULL, team_id uuid, kind TEXT COLLATE "C" NOT NULL, subject TEXT COLLATE "C" NOT NULL, note TEXT COLLATE "C" NOT NULL DEFAULT '',
  due_on TEXT COLLATE "C", created_at bigint NOT NULL, done_at bigint, done_by uuid, outcome TEXT COLLATE "C" NOT NULL DEFAULT '',
  PRIMARY KEY (org_id, work_id)
);
CREATE INDEX work_item_open ON work_item (org_id, done_at, team_id);
CREATE UNIQUE INDEX work_item_once ON work_item (org_id, kind, subject);

-- People
CREATE TABLE school (
  org_id uuid NOT NULL, school_id uuid NOT NULL, name TEXT COLLATE "C" NOT NULL, name_key TEXT COLLATE "C" NOT NULL, kind TEXT COLLATE "C" NOT NULL,
  municipality TEXT COLLATE "C", years bigint NOT NULL, import_mapping TEXT COLLATE "C", created_at bigint NOT NULL,
  PRIMARY KEY (org_id, school_id)
);
CREATE TABLE person (
  org_id uuid NOT NULL, person_id uuid NOT NULL,
  family TEXT COLLATE "C" NOT NULL, given TEXT COLLATE "C" NOT NULL, family_kana TEXT COLLATE "C" NOT NULL, given_kana TEXT COLLATE "C" NOT NULL,
  name_key TEXT COLLATE "C" NOT NULL, kana_key TEXT COLLATE "C" NOT NULL,
  birth_date TEXT COLLATE "C", locale TEXT COLLATE "C" NOT NULL DEFAULT 'ja', address_protected bigint NOT NULL DEFAULT 0,
  source TEXT COLLATE "C" NOT NULL, team_id uuid, merged_into uuid, erased_at bigint,
  created_at bigint NOT NULL, updated_at bigint NOT NULL, version bigint NOT NULL DEFAULT 1,
  PRIMARY KEY (org_id, person_id)
);
CREATE INDEX person_by_kana ON person (org_id, kana_key, person_id);
CREATE INDEX person_by_name ON person (org_id, name_key, birth_date);
CREATE INDEX person_by_birth ON person (org_id, birth_date);
CREATE INDEX person_scan ON person (org_id, person_id, merged_into, erased_at, birth_date, locale);
CREATE TABLE person_gram (
  org_id uuid NOT NULL, gram TEXT COLLATE "C" NOT NULL, person_id uuid NOT NULL,
  PRIMARY KEY (org_id, gram, person_id)
);
CREATE TABLE tie (
  org_id uuid NOT NULL, person_id uuid NOT NULL, tie_id uuid NOT NULL, kind TEXT COLLATE "C" NOT NULL, from_on TEXT COLLATE "C" NOT NULL, until_on TEXT COLLATE "C",
  ended_reason TEXT COLLATE "C", recorded_at bigint NOT NULL,
  PRIMARY KEY (org_id, person_id, tie_id)
);
CREATE TABLE household (
  org_id uuid NOT NULL, household_id uuid NOT NULL, name TEXT COLLATE "C" NOT NULL DEFAULT '', created_at bigint NOT NULL,
  PRIMARY KEY (org_id, household_id)
);
CREATE TABLE household_member (
  org_id uuid NOT NULL, person_id uuid NOT NULL, household_id uuid NOT NULL, from_on TEXT COLLATE "C" NOT NULL, until_on TEXT COLLATE "C",
  PRIMARY KEY (org_id, person_id, household_id, from_on)
);
CREATE INDEX household_people ON household_member (org_id, household_id);
CREATE TABLE guardianship (
  org_id uuid NOT NULL, child_id uuid NOT NULL, guardianship_id uuid NOT NULL, guardian_id uuid NOT NULL, from_on TEXT COLLATE "C" NOT NULL, until_on TEXT COLLATE "C",
  evidence TEXT COLLATE "C" NOT NULL, recorded_at bigint NOT NULL,
  PRIMARY KEY (org_id, child_id, guardianship_id)
);
CREATE INDEX guardianship_by_guardian ON guardianship (org_id, guardian_id);
CREATE TABLE enrolment (
  org_id uuid NOT NULL, person_id uuid NOT NULL, enrolment_id uuid NOT NULL, school_id uuid, school_name TEXT COLLATE "C" NOT NULL, kind TEXT COLLATE "C" NOT NULL,
  place TEXT COLLATE "C", years bigint NOT NULL, start_fy bigint NOT NULL, end_fy bigint NOT NULL, pause_years bigint NOT NULL DEFAULT 0,
  from_on TEXT COLLATE "C" NOT NULL, until_on TEXT COLLATE "C" NOT NULL, left_on TEXT COLLATE "C", recorded_at bigint NOT NULL,
  PRIMARY KEY (org_id, person_id, enrolment_id)
);
CREATE INDEX enrolment_cohort ON enrolment (org_id, kind, end_fy, school_id, person_id);
CREATE TABLE residence (
  org_id uuid NOT NULL, person_id uuid NOT NULL, residence_id uuid NOT NULL, municipality TEXT COLLATE "C", prefecture TEXT COLLATE "C", country TEXT COLLATE "C" NOT NULL DEFAULT 'JP',
  from_on TEXT COLLATE "C" NOT NULL, until_on TEXT COLLATE "C", recorded_at bigint NOT NULL,
  PRIMARY KEY (org_id, person_id, residence_id)
);
CREATE INDEX residence_where ON residence (org_id, prefecture, person_id);
CREATE TABLE interest_kind (
  org_id uuid NOT NULL, code TEXT COLLATE "C" NOT NULL, label_ja TEXT COLLATE "C" NOT NULL, label_easy TEXT COLLATE "C" NOT NULL, label_en TEXT COLLATE "C" NOT NULL, position bigint NOT NULL,
  PRIMARY KEY (org_id, code)
);
CREATE TABLE interest (
  org_id uuid NOT NULL, person_id uuid NOT NULL, code TEXT COLLATE "C" NOT NULL, from_at bigint NOT NULL, until_at bigint,
  PRIMARY KEY (org_id, person_id, code, from_at)
);
CREATE INDEX interest_by_code ON interest (org_id, code, person_id);
CREATE TABLE contact_point (
  org_id uuid NOT NULL, person_id uuid NOT NULL, contact_id uuid NOT NULL, kind TEXT COLLATE "C" NOT NULL, provider_id uuid,
  lookup bytea NOT NULL, lookup_version bigint NOT NULL, sealed bytea NOT NULL,
  verified_at bigint, created_at bigint NOT NULL, removed_at bigint,
  PRIMARY KEY (org_id, person_id, contact_id)
);
CREATE INDEX contact_point_lookup ON contact_point (org_id, kind, lookup);
CREATE TABLE contact_working (
  org_id uuid NOT NULL, person_id uuid NOT NULL, contact_id uuid NOT NULL, from_at bigint NOT NULL, kind TEXT COLLATE "C" NOT NULL,
  until_at bigint, end_reason TEXT COLLATE "C", recorded_at bigint NOT NULL,
  PRIMARY KEY (org_id, person_id, contact_id, from_at)
);
CREATE TABLE contact_confirmed (
  org_id uuid NOT NULL, person_id uuid NOT NULL, contact_id uuid NOT NULL, at bigint NOT NULL, how TEXT COLLATE "C" NOT NULL,
  PRIMARY KEY (org_id, person_id, contact_id, at)
);
CREATE TABLE purpose (
  org_id uuid NOT NULL, code TEXT COLLATE "C" NOT NULL, label_ja TEXT COLLATE "C" NOT NULL, label_easy TEXT COLLATE "C" NOT NULL, label_en TEXT COLLATE "C" NOT NULL, position bigint NOT NULL,
  PRIMARY KEY (org_id, code)
);
CREATE TABLE wording (
  org_id uuid NOT NULL, purpose TEXT COLLATE "C" NOT NULL, version bigint NOT NULL, locale TEXT COLLATE "C" NOT NULL, text TEXT COLLATE "C" NOT NULL, sender TEXT COLLATE "C" NOT NULL,
  from_at bigint NOT NULL,
  PRIMARY KEY (org_id, purpose, version, locale)
);
CREATE TABLE consent (
  org_id uuid NOT NULL, person_id uuid NOT NULL, consent_id uuid NOT NULL, purpose TEXT COLLATE "C" NOT NULL, wording_version bigint NOT NULL,
  given_by TEXT COLLATE "C" NOT NULL, guardian_id uuid, how TEXT COLLATE "C" NOT NULL, from_at bigint NOT NULL, until_at bigint, ended_how TEXT COLLATE "C", recorded_at bigint NOT NULL,
  PRIMARY KEY (org_id, person_id, consent_id)
);
CREATE TABLE join_event (
  org_id uuid NOT NULL, event_id uuid NOT NULL, code TEXT COLLATE "C" NOT NULL UNIQUE, name TEXT COLLATE "C" NOT NULL, school_id uuid, graduation_fy bigint,
  opens_at bigint NOT NULL, closes_at bigint, created_at bigint NOT NULL,
  PRIMARY KEY (org_id, event_id)
);

-- Changes: import, merge, undo
CREATE TABLE import_file (
  org_id uuid NOT NULL, import_id uuid NOT NULL, school_id uuid, file_name TEXT COLLATE "C" NOT NULL, sha256 TEXT COLLATE "C" NOT NULL, state TEXT COLLATE "C" NOT NULL,
  header_row bigint NOT NULL DEFAULT 0, header TEXT COLLATE "C" NOT NULL DEFAULT '[]', mapping TEXT COLLATE "C" NOT NULL DEFAULT '[]', graduation_fy bigint,
  rows bigint NOT NULL DEFAULT 0, done bigint NOT NULL DEFAULT 0, summary TEXT COLLATE "C" NOT NULL DEFAULT '{}', change_id uuid, created_by uuid NOT NULL, created_at bigint NOT NULL, applied_at bigint, undone_at bigint,
  PRIMARY KEY (org_id, import_id)
);
CREATE TABLE import_row (
  org_id uuid NOT NULL, import_id uuid NOT NULL, row_no bigint NOT NULL, cells bytea NOT NULL, verdict TEXT COLLATE "C" NOT NULL, judged bytea,
  person_id uuid, decision TEXT COLLATE "C",
  PRIMARY KEY (org_id, import_id, row_no)
);
CREATE INDEX import_row_verdict ON import_row (org_id, import_id, verdict, row_no);
CREATE TABLE change (
  org_id uuid NOT NULL, change_id uuid NOT NULL, kind TEXT COLLATE "C" NOT NULL, state TEXT COLLATE "C" NOT NULL, total bigint NOT NULL, done bigint NOT NULL,
  by_user uuid NOT NULL, created_at bigint NOT NULL, finished_at bigint,
  PRIMARY KEY (org_id, change_id)
);
CREATE TABLE change_row (
  org_id uuid NOT NULL, change_id uuid NOT NULL, seq bigint NOT NULL, person_id uuid NOT NULL, step bytea NOT NULL, undone TEXT COLLATE "C",
  PRIMARY KEY (org_id, change_id, seq)
);
CREATE INDEX change_row_person ON change_row (org_id, person_id);
CREATE TABLE person_history (
  org_id uuid NOT NULL, person_id uuid NOT NULL, at bigint NOT NULL, audit_id uuid NOT NULL, what TEXT COLLATE "C" NOT NULL, before TEXT COLLATE "C", after TEXT COLLATE "C",
  PRIMARY KEY (org_id, person_id, at, audit_id, what)
);
CREATE TABLE merge (
  org_id uuid NOT NULL, merge_id uuid NOT NULL, kept_id uuid NOT NULL, gone_id uuid NOT NULL, moved TEXT COLLATE "C" NOT NULL, by_user uuid NOT NULL,
  at bigint NOT NULL, undone_at bigint,
  PRIMARY KEY (org_id, merge_id)
);
CREATE INDEX merge_kept ON merge (org_id, kept_id);
CREATE TABLE not_same (
  org_id uuid NOT NULL, one_id uuid NOT NULL, other_id uuid NOT NULL, by_user uuid NOT NULL, at bigint NOT NULL,
  PRIMARY KEY (org_id, one_id, other_id)
);

CREATE TABLE erasure (
  org_id uuid NOT NULL, erasure_id uuid NOT NULL, person_id uuid NOT NULL, asked_by TEXT COLLATE "C" NOT NULL, state TEXT COLLATE "C" NOT NULL, reason TEXT COLLATE "C" NOT NULL,
  proposed_by uuid, proposed_at bigint NOT NULL, decided_by uuid, decided_at bigint,
  PRIMARY KEY (org_id, erasure_id)
);
CREATE INDEX erasure_by_person ON erasure (org_id, person_id);
CREATE TABLE retention (
  org_id uuid NOT NULL, class TEXT COLLATE "C" NOT NULL, days bigint NOT NULL,
  PRIMARY KEY (org_id, class)
);

-- Channels
CREATE TABLE mandate (
  org_id uuid NOT NULL, mandate_id uuid NOT NULL, holder TEXT COLLATE "C" NOT NULL, holder_kind TEXT COLLATE "C" NOT NULL, document TEXT COLLATE "C" NOT NULL, scope TEXT COLLATE "C" NOT NULL,
  from_on TEXT COLLATE "C" NOT NULL, until_on TEXT COLLATE "C", recorded_by uuid, recorded_at bigint NOT NULL,
  PRIMARY KEY (org_id, mandate_id)
);
CREATE TABLE line_provider (
  org_id uuid NOT NULL, provider_id uuid NOT NULL, name TEXT COLLATE "C" NOT NULL, owner TEXT COLLATE "C" NOT NULL, owner_name TEXT COLLATE "C" NOT NULL, created_at bigint NOT NULL,
  PRIMARY KEY (org_id, provider_id)
);
CREATE TABLE line_channel (
  org_id uuid NOT NULL, channel_id uuid NOT NULL, provider_id uuid NOT NULL, kind TEXT COLLATE "C" NOT NULL, number TEXT COLLATE "C" NOT NULL, name TEXT COLLATE "C" NOT NULL,
  basic_id TEXT COLLATE "C", bot_user_id TEXT COLLATE "C", secret_sealed bytea NOT NULL, token_sealed bytea, mandate_id uuid, hook TEXT COLLATE "C" NOT NULL UNIQUE,
  api_base TEXT COLLATE "C" NOT NULL, data_base TEXT COLLATE "C" NOT NULL, access_base TEXT COLLATE "C" NOT NULL,
  plan TEXT COLLATE "C" NOT NULL DEFAULT 'municipal', plan_ceiling bigint NOT NULL DEFAULT 0,
  state TEXT COLLATE "C" NOT NULL DEFAULT 'working', stopped_reason TEXT COLLATE "C", stopped_at bigint, rich_menu_id TEXT COLLATE "C", liff_id TEXT COLLATE "C",
  plan_fee bigint, plan_extra_price bigint, created_at bigint NOT NULL,
  PRIMARY KEY (org_id, channel_id)
);
CREATE TABLE line_greeting (
  org_id uuid NOT NULL, channel_id uuid NOT NULL, written_at bigint NOT NULL, text TEXT COLLATE "C" NOT NULL, written_by uuid,
  PRIMARY KEY (org_id, channel_id, written_at)
);
CREATE TABLE line_menu (
  org_id uuid NOT NULL, menu_id uuid NOT NULL, channel_id uuid NOT NULL, face TEXT COLLATE "C" NOT NULL, title TEXT COLLATE "C" NOT NULL, detail TEXT COLLATE "C" NOT NULL,
  mime TEXT COLLATE "C" NOT NULL, picture bytea NOT NULL, state TEXT COLLATE "C" NOT NULL, line_id TEXT COLLATE "C", written_by uuid, written_at bigint NOT NULL, published_at bigint,
  PRIMARY KEY (org_id, menu_id)
);
CREATE INDEX line_menu_face ON line_menu (org_id, channel_id, face, written_at);
CREATE TABLE mail_channel (
  org_id uuid NOT NULL PRIMARY KEY, from_name TEXT COLLATE "C" NOT NULL, from_address TEXT COLLATE "C" NOT NULL, reply_to TEXT COLLATE "C", smtp_url TEXT COLLATE "C" NOT NULL,
  password_file TEXT COLLATE "C", dkim_domain TEXT COLLATE "C", dkim_selector TEXT COLLATE "C", dkim_key_file TEXT COLLATE "C", bounce_domain TEXT COLLATE "C" NOT NULL,
  state TEXT COLLATE "C" NOT NULL DEFAULT 'working', stopped_reason TEXT COLLATE "C"
);
CREATE TABLE line_follower (
  org_id uuid NOT NULL, provider_id uuid NOT NULL, lookup bytea NOT NULL, sealed bytea NOT NULL, channel_id uuid NOT NULL,
  following bigint NOT NULL, last_event_at bigint NOT NULL, followed_at bigint, person_id uuid,
  PRIMARY KEY (org_id, provider_id, lookup)
);
CREATE TABLE line_access (
  org_id uuid NOT NULL, person_id uuid NOT NULL, channel_id uuid NOT NULL, sealed bytea NOT NULL, until_at bigint NOT NULL,
  PRIMARY KEY (org_id, person_id, channel_id)
);
CREATE TABLE line_inbound (
  org_id uuid NOT NULL, inbound_id uuid NOT NULL, channel_id uuid NOT NULL, event_key TEXT COLLATE "C" NOT NULL, kind TEXT COLLATE "C" NOT NULL, event_at bigint NOT NULL,
  received_at bigint NOT NULL, sealed bytea NOT NULL, state TEXT COLLATE "C" NOT NULL, applied_at bigint, note TEXT COLLATE "C",
  PRIMARY KEY (org_id, inbound_id)
);
CREATE UNIQUE INDEX line_inbound_once ON line_inbound (org_id, channel_id, event_key);
CREATE INDEX line_inbound_new ON line_inbound (org_id, state, event_at);
CREATE INDEX line_inbound_note ON line_inbound (org_id, channel_id, note);

-- Audiences and messages
CREATE TABLE segment (
  org_id uuid NOT NULL, segment_id uuid NOT NULL, name TEXT COLLATE "C" NOT NULL, why TEXT COLLATE "C" NOT NULL DEFAULT '', rule TEXT COLLATE "C" NOT NULL, rule_hash TEXT COLLATE "C" NOT NULL,
  team_id uuid, created_by uuid NOT NULL, created_at bigint NOT NULL, updated_at bigint NOT NULL, version bigint NOT NULL DEFAULT 1, archived_at bigint,
  PRIMARY KEY (org_id, segment_id)
);
CREATE TABLE media (
  org_id uuid NOT NULL, media_id uuid NOT NULL, kind TEXT COLLATE "C" NOT NULL, mime TEXT COLLATE "C" NOT NULL, bytes bigint NOT NULL, sha256 TEXT COLLATE "C" NOT NULL, file TEXT COLLATE "C" NOT NULL,
  preview_file TEXT COLLATE "C", width bigint, height bigint, title TEXT COLLATE "C" NOT NULL DEFAULT '', public_name TEXT COLLATE "C" NOT NULL UNIQUE, created_by uuid NOT NULL, created_at bigint NOT NULL,
  PRIMARY KEY (org_id, media_id)
);
CREATE TABLE campaign (
  org_id uuid NOT NULL, campaign_id uuid NOT NULL, title TEXT COLLATE "C" NOT NULL, purpose TEXT COLLATE "C" NOT NULL, segment_id uuid, rule TEXT COLLATE "C" NOT NULL, rule_hash TEXT COLLATE "C" NOT NULL,
  content TEXT COLLATE "C" NOT NULL, state TEXT COLLATE "C" NOT NULL, detail TEXT COLLATE "C" NOT NULL, audience TEXT COLLATE "C", team_id uuid, author_id uuid NOT NULL,
  created_at bigint NOT NULL, updated_at bigint NOT NULL, due_at bigint, launched_at bigint, version bigint NOT NULL DEFAULT 1,
  PRIMARY KEY (org_id, campaign_id)
);
CREATE INDEX campaign_by_state ON campaign (org_id, state, due_at);
CREATE TABLE campaign_opened (
  org_id uuid NOT NULL, campaign_id uuid NOT NULL, media_id uuid NOT NULL, user_id uuid NOT NULL, at bigint NOT NULL,
  PRIMARY KEY (org_id, campaign_id, media_id, user_id)
);
CREATE TABLE delivery (
  org_id uuid NOT NULL, campaign_id uuid NOT NULL, person_id uuid NOT NULL, channel TEXT COLLATE "C" NOT NULL, contact_id uuid, state TEXT COLLATE "C" NOT NULL, reason TEXT COLLATE "C",
  dispatch_id uuid, attempt bigint NOT NULL DEFAULT 0, next_at bigint NOT NULL DEFAULT 0, settled_at bigint, request_id TEXT COLLATE "C",
  PRIMARY KEY (org_id, campaign_id, person_id)
);
CREATE INDEX delivery_queue ON delivery (org_id, campaign_id, state, channel, person_id);
CREATE INDEX delivery_dispatch ON delivery (org_id, dispatch_id);
CREATE INDEX delivery_person ON delivery (org_id, person_id, settled_at);
CREATE TABLE dispatch (
  org_id uuid NOT NULL, dispatch_id uuid NOT NULL, campaign_id uuid NOT NULL, channel TEXT COLLATE "C" NOT NULL, channel_id uuid, retry_key TEXT COLLATE "C" NOT NULL,
  body bytea NOT NULL, recipients bigint NOT NULL, state TEXT COLLATE "C" NOT NULL, attempt bigint NOT NULL, first_attempt_at bigint, next_at bigint NOT NULL,
  lease_until bigint, request_id TEXT COLLATE "C", outcome TEXT COLLATE "C", created_at bigint NOT NULL, settled_at bigint,
  PRIMARY KEY (org_id, dispatch_id)
);
CREATE INDEX dispatch_open ON dispatch (org_id, state, next_at);
CREATE INDEX dispatch_campaign ON dispatch (org_id, campaign_id, state);
CREATE TABLE message_link (
  org_id uuid NOT NULL, campaign_id uuid NOT NULL, link_no bigint NOT NULL, url TEXT COLLATE "C" NOT NULL,
  PRIMARY KEY (org_id, campaign_id, link_no)
);
CREATE TABLE message_click (
  org_id uuid NOT NULL, campaign_id uuid NOT NULL, link_no bigint NOT NULL, at bigint NOT NULL, click_id uuid NOT NULL, person_id uuid,
  PRIMARY KEY (org_id, campaign_id, link_no, click_id)
);

-- Figures
CREATE TABLE indicator (
  org_id uuid NOT NULL, indicator_id uuid NOT NULL, slug TEXT COLLATE "C" NOT NULL, purpose TEXT COLLATE "C" NOT NULL, definition TEXT COLLATE "C" NOT NULL, position bigint NOT NULL,
  created_at bigint NOT NULL,
  PRIMARY KEY (org_id, indicator_id)
);
CREATE UNIQUE INDEX indicator_slug ON indicator (org_id, slug);
CREATE TABLE figure (
  org_id uuid NOT NULL, figure_id uuid NOT NULL, indicator_id uuid NOT NULL, fiscal_year bigint NOT NULL, as_of_on TEXT COLLATE "C" NOT NULL,
  figure TEXT COLLATE "C" NOT NULL, reasons TEXT COLLATE "C" NOT NULL, list_hash TEXT COLLATE "C" NOT NULL, note TEXT COLLATE "C" NOT NULL DEFAULT '',
  published_by uuid NOT NULL, published_at bigint NOT NULL, withdrawn_at bigint,
  PRIMARY KEY (org_id, figure_id)
);
CREATE INDEX figure_by_year ON figure (org_id, indicator_id, fiscal_year, as_of_on);
CREATE TABLE figure_member (
  org_id uuid NOT NULL, figure_id uuid NOT NULL, position bigint NOT NULL, person_id uuid, counted bigint NOT NULL, via TEXT COLLATE "C" NOT NULL DEFAULT '', reasons TEXT COLLATE "C" NOT NULL DEFAULT '[]',
  PRIMARY KEY (org_id, figure_id, position)
);
CREATE INDEX figure_member_person ON figure_member (org_id, person_id);

-- Exports, audit, jobs
CREATE TABLE export (
  org_id uuid NOT NULL, export_id uuid NOT NULL, kind TEXT COLLATE "C" NOT NULL, query TEXT COLLATE "C" NOT NULL, people bigint NOT NULL, by_user uuid NOT NULL, at bigint NOT NULL,
  PRIMARY KEY (org_id, export_id)
);
CREATE TABLE export_member (
  org_id uuid NOT NULL, person_id uuid NOT NULL, export_id uuid NOT NULL,
  PRIMARY KEY (org_id, person_id, export_id)
);
CREATE TABLE audit (
  org_id uuid NOT NULL, audit_id uuid NOT NULL, at bigint NOT NULL, actor_kind TEXT COLLATE "C" NOT NULL, actor_id uuid, act TEXT COLLATE "C" NOT NULL, operation_id uuid NOT NULL,
  subject_kind TEXT COLLATE "C", subject_id uuid, detail TEXT COLLATE "C" NOT NULL, seq bigint, prev_hash bytea, hash bytea,
  PRIMARY KEY (org_id, audit_id)
);
CREATE UNIQUE INDEX audit_chain ON audit (org_id, seq);
CREATE INDEX audit_subject ON audit (org_id, subject_id, at);
CREATE TABLE audit_head (
  org_id uuid NOT NULL, day TEXT COLLATE "C" NOT NULL, seq bigint NOT NULL, hash bytea NOT NULL, signature bytea NOT NULL,
  PRIMARY KEY (org_id, day)
);
CREATE TABLE job (
  org_id uuid NOT NULL, job_id uuid NOT NULL, kind TEXT COLLATE "C" NOT NULL, payload TEXT COLLATE "C" NOT NULL, state TEXT COLLATE "C" NOT NULL, run_at bigint NOT NULL, lease_until bigint,
  attempts bigint NOT NULL DEFAULT 0, last_error TEXT COLLATE "C", once_key TEXT COLLATE "C", created_at bigint NOT NULL, finished_at bigint,
  PRIMARY KEY (org_id, job_id)
);
CREATE INDEX job_due ON job (state, run_at);
CREATE UNIQUE INDEX job_once ON job (org_id, once_key);

-- Row-level security: forced, so that even the owner sees one organisation at a time; the application role owns nothing.
ALTER TABLE organisation ENABLE ROW LEVEL SECURITY;
ALTER TABLE organisation FORCE ROW LEVEL SECURITY;
CREATE POLICY of_organisation ON organisation TO tsunagari_app USING (org_id = (SELECT nullif(current_setting('app.org_id', true), '')::uuid));
GRANT SELECT, INSERT, UPDATE, DELETE ON organisation TO tsunagari_app;
CREATE POLICY of_platform ON organisation TO tsunagari_platform USING (true);
GRANT SELECT ON organisation TO tsunagari_platform;
ALTER TABLE network_member ENABLE ROW LEVEL SECURITY;
ALTER TABLE network_member FORCE ROW LEVEL SECURITY;
CREATE POLICY of_organisation ON network_member TO tsunagari_app USING (org_id = (SELECT nullif(current_setting('app.org_id', true), '')::uuid));
GRANT SELECT, INSERT, UPDATE, DELETE ON network_member TO tsunagari_app;
CREATE POLICY of_platform ON network_member TO tsunagari_platform USING (true);
GRANT SELECT ON network_member TO tsunagari_platform;
ALTER TABLE team ENABLE ROW LEVEL SECURITY;
ALTER TABLE team FORCE ROW LEVEL SECURITY;
CREATE POLICY of_organisation ON team TO tsunagari_app USING (org_id = (SELECT nullif(current_setting('app.org_id', true), '')::uuid));
GRANT SELECT, INSERT, UPDATE, DELETE ON team TO tsunagari_app;
ALTER TABLE staff_user ENABLE ROW LEVEL SECURITY;
ALTER TABLE staff_user FORCE ROW LEVEL SECURITY;
CREATE POLICY of_organisation ON staff_user TO tsunagari_app USING (org_id = (SELECT nullif(current_setting('app.org_id', true), '')::uuid));
GRANT SELECT, INSERT, UPDATE, DELETE ON staff_user TO tsunagari_app;
CREATE POLICY of_platform ON staff_user TO tsunagari_platform USING (true);
GRANT SELECT (org_id, user_id, login, state) ON staff_user TO tsunagari_platform;
ALTER TABLE session ENABLE ROW LEVEL SECURITY;
ALTER TABLE session FORCE ROW LEVEL SECURITY;
CREATE POLICY of_organisation ON session TO tsunagari_app USING (org_id = (SELECT nullif(current_setting('app.org_id', true), '')::uuid));
GRANT SELECT, INSERT, UPDATE, DELETE ON session TO tsunagari_app;
ALTER TABLE one_time_link ENABLE ROW LEVEL SECURITY;
ALTER TABLE one_time_link FORCE ROW LEVEL SECURITY;
CREATE POLICY of_organisation ON one_time_link TO tsunagari_app USING (org_id = (SELECT nullif(current_setting('app.org_id', true), '')::uuid));
GRANT SELECT, INSERT, UPDATE, DELETE ON one_time_link TO tsunagari_app;
ALTER TABLE throttle ENABLE ROW LEVEL SECURITY;
ALTER TABLE throttle FORCE ROW LEVEL SECURITY;
CREATE POLICY of_organisation ON throttle TO tsunagari_app USING (org_id = (SELECT nullif(current_setting('app.org_id', true), '')::uuid));
GRANT SELECT, INSERT, UPDATE, DELETE ON throttle TO tsunagari_app;
ALTER TABLE work_item ENABLE ROW LEVEL SECURITY;
ALTER TABLE work_item FORCE ROW LEVEL SECURITY;
CREATE POLICY of_organisation ON work_item TO tsunagari_app USING (org_id = (SELECT nullif(current_setting('app.org_id', true), '')::uuid));
GRANT SELECT, INSERT, UPDATE, DELETE ON work_item TO tsunagari_app;
ALTER TABLE school ENABLE ROW LEVEL SECURITY;
ALTER TABLE school FORCE ROW LEVEL SECURITY;
CREATE POLICY of_organisation ON school TO tsunagari_app USING (org_id = (SELECT nullif(current_setting('app.org_id', true), '')::uuid));
GRANT SELECT, INSERT, UPDATE, DELETE ON school TO tsunagari_app;
ALTER TABLE person ENABLE ROW LEVEL SECURITY;
ALTER TABLE person FORCE ROW LEVEL SECURITY;
CREATE POLICY of_organisation ON person TO tsunagari_app USING (org_id = (SELECT nullif(current_setting('app.org_id', true), '')::uuid));
GRANT SELECT, INSERT, UPDATE, DELETE ON person TO tsunagari_app;
ALTER TABLE person_gram ENABLE ROW LEVEL SECURITY;
ALTER TABLE person_gram FORCE ROW LEVEL SECURITY;
CREATE POLICY of_organisation ON person_gram TO tsunagari_app USING (org_id = (SELECT nullif(current_setting('app.org_id', true), '')::uuid));
GRANT SELECT, INSERT, UPDATE, DELETE ON person_gram TO tsunagari_app;
ALTER TABLE tie ENABLE ROW LEVEL SECURITY;
ALTER TABLE tie FORCE ROW LEVEL SECURITY;
CREATE POLICY of_organisation ON tie TO tsunagari_app USING (org_id = (SELECT nullif(current_setting('app.org_id', true), '')::uuid));
GRANT SELECT, INSERT, UPDATE, DELETE ON tie TO tsunagari_app;
ALTER TABLE household ENABLE ROW LEVEL SECURITY;
ALTER TABLE household FORCE ROW LEVEL SECURITY;
CREATE POLICY of_organisation ON household TO tsunagari_app USING (org_id = (SELECT nullif(current_setting('app.org_id', true), '')::uuid));
GRANT SELECT, INSERT, UPDATE, DELETE ON household TO tsunagari_app;
ALTER TABLE household_member ENABLE ROW LEVEL SECURITY;
ALTER TABLE household_member FORCE ROW LEVEL SECURITY;
CREATE POLICY of_organisation ON household_member TO tsunagari_app USING (org_id = (SELECT nullif(current_setting('app.org_id', true), '')::uuid));
GRANT SELECT, INSERT, UPDATE, DELETE ON household_member TO tsunagari_app;
ALTER TABLE guardianship ENABLE ROW LEVEL SECURITY;
ALTER TABLE guardianship FORCE ROW LEVEL SECURITY;
CREATE POLICY of_organisation ON guardianship TO tsunagari_app USING (org_id = (SELECT nullif(current_setting('app.org_id', true), '')::uuid));
GRANT SELECT, INSERT, UPDATE, DELETE ON guardianship TO tsunagari_app;
ALTER TABLE enrolment ENABLE ROW LEVEL SECURITY;
ALTER TABLE enrolment FORCE ROW LEVEL SECURITY;
CREATE POLICY of_organisation ON enrolment TO tsunagari_app USING (org_id = (SELECT nullif(current_setting('app.org_id', true), '')::uuid));
GRANT SELECT, INSERT, UPDATE, DELETE ON enrolment TO tsunagari_app;
ALTER TABLE residence ENABLE ROW LEVEL SECURITY;
ALTER TABLE residence FORCE ROW LEVEL SECURITY;
CREATE POLICY of_organisation ON residence TO tsunagari_app USING (org_id = (SELECT nullif(current_setting('app.org_id', true), '')::uuid));
GRANT SELECT, INSERT, UPDATE, DELETE ON residence TO tsunagari_app;
ALTER TABLE interest_kind ENABLE ROW LEVEL SECURITY;
ALTER TABLE interest_kind FORCE ROW LEVEL SECURITY;
CREATE POLICY of_organisation ON interest_kind TO tsunagari_app USING (org_id = (SELECT nullif(current_setting('app.org_id', true), '')::uuid));
GRANT SELECT, INSERT, UPDATE, DELETE ON interest_kind TO tsunagari_app;
ALTER TABLE interest ENABLE ROW LEVEL SECURITY;
ALTER TABLE interest FORCE ROW LEVEL SECURITY;
CREATE POLICY of_organisation ON interest TO tsunagari_app USING (org_id = (SELECT nullif(current_setting('app.org_id', true), '')::uuid));
GRANT SELECT, INSERT, UPDATE, DELETE ON interest TO tsunagari_app;
ALTER TABLE contact_point ENABLE ROW LEVEL SECURITY;
ALTER TABLE contact_point FORCE ROW LEVEL SECURITY;
CREATE POLICY of_organisation ON contact_point TO tsunagari_app USING (org_id = (SELECT nullif(current_setting('app.org_id', true), '')::uuid));
GRANT SELECT, INSERT, UPDATE, DELETE ON contact_point TO tsunagari_app;
ALTER TABLE contact_working ENABLE ROW LEVEL SECURITY;
ALTER TABLE contact_working FORCE ROW LEVEL SECURITY;
CREATE POLICY of_organisation ON contact_working TO tsunagari_app USING (org_id = (SELECT nullif(current_setting('app.org_id', true), '')::uuid));
GRANT SELECT, INSERT, UPDATE, DELETE ON contact_working TO tsunagari_app;
ALTER TABLE contact_confirmed ENABLE ROW LEVEL SECURITY;
ALTER TABLE contact_confirmed FORCE ROW LEVEL SECURITY;
CREATE POLICY of_organisation ON contact_confirmed TO tsunagari_app USING (org_id = (SELECT nullif(current_setting('app.org_id', true), '')::uuid));
GRANT SELECT, INSERT, UPDATE, DELETE ON contact_confirmed TO tsunagari_app;
ALTER TABLE purpose ENABLE ROW LEVEL SECURITY;
ALTER TABLE purpose FORCE ROW LEVEL SECURITY;
CREATE POLICY of_organisation ON purpose TO tsunagari_app USING (org_id = (SELECT nullif(current_setting('app.org_id', true), '')::uuid));
GRANT SELECT, INSERT, UPDATE, DELETE ON purpose TO tsunagari_app;
ALTER TABLE wording ENABLE ROW LEVEL SECURITY;
ALTER TABLE wording FORCE ROW LEVEL SECURITY;
CREATE POLICY of_organisation ON wording TO tsunagari_app USING (org_id = (SELECT nullif(current_setting('app.org_id', true), '')::uuid));
GRANT SELECT, INSERT, UPDATE, DELETE ON wording TO tsunagari_app;
ALTER TABLE consent ENABLE ROW LEVEL SECURITY;
ALTER TABLE consent FORCE ROW LEVEL SECURITY;
CREATE POLICY of_organisation ON consent TO tsunagari_app USING (org_id = (SELECT nullif(current_setting('app.org_id', true), '')::uuid));
GRANT SELECT, INSERT, UPDATE, DELETE ON consent TO tsunagari_app;
ALTER TABLE join_event ENABLE ROW LEVEL SECURITY;
ALTER TABLE join_event FORCE ROW LEVEL SECURITY;
CREATE POLICY of_organisation ON join_event TO tsunagari_app USING (org_id = (SELECT nullif(current_setting('app.org_id', true), '')::uuid));
GRANT SELECT, INSERT, UPDATE, DELETE ON join_event TO tsunagari_app;
CREATE POLICY of_platform ON join_event TO tsunagari_platform USING (true);
GRANT SELECT (org_id, event_id, code) ON join_event TO tsunagari_platform;
ALTER TABLE import_file ENABLE ROW LEVEL SECURITY;
ALTER TABLE import_file FORCE ROW LEVEL SECURITY;
CREATE POLICY of_organisation ON import_file TO tsunagari_app USING (org_id = (SELECT nullif(current_setting('app.org_id', true), '')::uuid));
GRANT SELECT, INSERT, UPDATE, DELETE ON import_file TO tsunagari_app;
ALTER TABLE import_row ENABLE ROW LEVEL SECURITY;
ALTER TABLE import_row FORCE ROW LEVEL SECURITY;
CREATE POLICY of_organisation ON import_row TO tsunagari_app USING (org_id = (SELECT nullif(current_setting('app.org_id', true), '')::uuid));
GRANT SELECT, INSERT, UPDATE, DELETE ON import_row TO tsunagari_app;
ALTER TABLE change ENABLE ROW LEVEL SECURITY;
ALTER TABLE change FORCE ROW LEVEL SECURITY;
CREATE POLICY of_organisation ON change TO tsunagari_app USING (org_id = (SELECT nullif(current_setting('app.org_id', true), '')::uuid));
GRANT SELECT, INSERT, UPDATE, DELETE ON change TO tsunagari_app;
ALTER TABLE change_row ENABLE ROW LEVEL SECURITY;
ALTER TABLE change_row FORCE ROW LEVEL SECURITY;
CREATE POLICY of_organisation ON change_row TO tsunagari_app USING (org_id = (SELECT nullif(current_setting('app.org_id', true), '')::uuid));
GRANT SELECT, INSERT, UPDATE, DELETE ON change_row TO tsunagari_app;
ALTER TABLE person_history ENABLE ROW LEVEL SECURITY;
ALTER TABLE person_history FORCE ROW LEVEL SECURITY;
CREATE POLICY of_organisation ON person_history TO tsunagari_app USING (org_id = (SELECT nullif(current_setting('app.org_id', true), '')::uuid));
GRANT SELECT, INSERT, UPDATE, DELETE ON person_history TO tsunagari_app;
ALTER TABLE merge ENABLE ROW LEVEL SECURITY;
ALTER TABLE merge FORCE ROW LEVEL SECURITY;
CREATE POLICY of_organisation ON merge TO tsunagari_app USING (org_id = (SELECT nullif(current_setting('app.org_id', true), '')::uuid));
GRANT SELECT, INSERT, UPDATE, DELETE ON merge TO tsunagari_app;
ALTER TABLE not_same ENABLE ROW LEVEL SECURITY;
ALTER TABLE not_same FORCE ROW LEVEL SECURITY;
CREATE POLICY of_organisation ON not_same TO tsunagari_app USING (org_id = (SELECT nullif(current_setting('app.org_id', true), '')::uuid));
GRANT SELECT, INSERT, UPDATE, DELETE ON not_same TO tsunagari_app;
ALTER TABLE erasure ENABLE ROW LEVEL SECURITY;
ALTER TABLE erasure FORCE ROW LEVEL SECURITY;
CREATE POLICY of_organisation ON erasure TO tsunagari_app USING (org_id = (SELECT nullif(current_setting('app.org_id', true), '')::uuid));
GRANT SELECT, INSERT, UPDATE, DELETE ON erasure TO tsunagari_app;
ALTER TABLE retention ENABLE ROW LEVEL SECURITY;
ALTER TABLE retention FORCE ROW LEVEL SECURITY;
CREATE POLICY of_organisation ON retention TO tsunagari_app USING (org_id = (SELECT nullif(current_setting('app.org_id', true), '')::uuid));
GRANT SELECT, INSERT, UPDATE, DELETE ON retention TO tsunagari_app;
ALTER TABLE mandate ENABLE ROW LEVEL SECURITY;
ALTER TABLE mandate FORCE ROW LEVEL SECURITY;
CREATE POLICY of_organisation ON mandate TO tsunagari_app USING (org_id = (SELECT nullif(current_setting('app.org_id', true), '')::uuid));
GRANT SELECT, INSERT, UPDATE, DELETE ON mandate TO tsunagari_app;
ALTER TABLE line_provider ENABLE ROW LEVEL SECURITY;
ALTER TABLE line_provider FORCE ROW LEVEL SECURITY;
CREATE POLICY of_organisation ON line_provider TO tsunagari_app USING (org_id = (SELECT nullif(current_setting('app.org_id', true), '')::uuid));
GRANT SELECT, INSERT, UPDATE, DELETE ON line_provider TO tsunagari_app;
ALTER TABLE line_channel ENABLE ROW LEVEL SECURITY;
ALTER TABLE line_channel FORCE ROW LEVEL SECURITY;
CREATE POLICY of_organisation ON line_channel TO tsunagari_app USING (org_id = (SELECT nullif(current_setting('app.org_id', true), '')::uuid));
GRANT SELECT, INSERT, UPDATE, DELETE ON line_channel TO tsunagari_app;
CREATE POLICY of_platform ON line_channel TO tsunagari_platform USING (true);
GRANT SELECT (org_id, channel_id, hook) ON line_channel TO tsunagari_platform;
ALTER TABLE line_greeting ENABLE ROW LEVEL SECURITY;
ALTER TABLE line_greeting FORCE ROW LEVEL SECURITY;
CREATE POLICY of_organisation ON line_greeting TO tsunagari_app USING (org_id = (SELECT nullif(current_setting('app.org_id', true), '')::uuid));
GRANT SELECT, INSERT, UPDATE, DELETE ON line_greeting TO tsunagari_app;
ALTER TABLE line_menu ENABLE ROW LEVEL SECURITY;
ALTER TABLE line_menu FORCE ROW LEVEL SECURITY;
CREATE POLICY of_organisation ON line_menu TO tsunagari_app USING (org_id = (SELECT nullif(current_setting('app.org_id', true), '')::uuid));
GRANT SELECT, INSERT, UPDATE, DELETE ON line_menu TO tsunagari_app;
ALTER TABLE mail_channel ENABLE ROW LEVEL SECURITY;
ALTER TABLE mail_channel FORCE ROW LEVEL SECURITY;
CREATE POLICY of_organisation ON mail_channel TO tsunagari_app USING (org_id = (SELECT nullif(current_setting('app.org_id', true), '')::uuid));
GRANT SELECT, INSERT, UPDATE, DELETE ON mail_channel TO tsunagari_app;
ALTER TABLE line_follower ENABLE ROW LEVEL SECURITY;
ALTER TABLE line_follower FORCE ROW LEVEL SECURITY;
CREATE POLICY of_organisation ON line_follower TO tsunagari_app USING (org_id = (SELECT nullif(current_setting('app.org_id', true), '')::uuid));
GRANT SELECT, INSERT, UPDATE, DELETE ON line_follower TO tsunagari_app;
ALTER TABLE line_access ENABLE ROW LEVEL SECURITY;
ALTER TABLE line_access FORCE ROW LEVEL SECURITY;
CREATE POLICY of_organisation ON line_access TO tsunagari_app USING (org_id = (SELECT nullif(current_setting('app.org_id', true), '')::uuid));
GRANT SELECT, INSERT, UPDATE, DELETE ON line_access TO tsunagari_app;
ALTER TABLE line_inbound ENABLE ROW LEVEL SECURITY;
ALTER TABLE line_inbound FORCE ROW LEVEL SECURITY;
CREATE POLICY of_organisation ON line_inbound TO tsunagari_app USING (org_id = (SELECT nullif(current_setting('app.org_id', true), '')::uuid));
GRANT SELECT, INSERT, UPDATE, DELETE ON line_inbound TO tsunagari_app;
ALTER TABLE segment ENABLE ROW LEVEL SECURITY;
ALTER TABLE segment FORCE ROW LEVEL SECURITY;
CREATE POLICY of_organisation ON segment TO tsunagari_app USING (org_id = (SELECT nullif(current_setting('app.org_id', true), '')::uuid));
GRANT SELECT, INSERT, UPDATE, DELETE ON segment TO tsunagari_app;
ALTER TABLE media ENABLE ROW LEVEL SECURITY;
ALTER TABLE media FORCE ROW LEVEL SECURITY;
CREATE POLICY of_organisation ON media TO tsunagari_app USING (org_id = (SELECT nullif(current_setting('app.org_id', true), '')::uuid));
GRANT SELECT, INSERT, UPDATE, DELETE ON media TO tsunagari_app;
CREATE POLICY of_platform ON media TO tsunagari_platform USING (true);
GRANT SELECT (org_id, media_id, public_name) ON media TO tsunagari_platform;
ALTER TABLE campaign ENABLE ROW LEVEL SECURITY;
ALTER TABLE campaign FORCE ROW LEVEL SECURITY;
CREATE POLICY of_organisation ON campaign TO tsunagari_app USING (org_id = (SELECT nullif(current_setting('app.org_id', true), '')::uuid));
GRANT SELECT, INSERT, UPDATE, DELETE ON campaign TO tsunagari_app;
ALTER TABLE campaign_opened ENABLE ROW LEVEL SECURITY;
ALTER TABLE campaign_opened FORCE ROW LEVEL SECURITY;
CREATE POLICY of_organisation ON campaign_opened TO tsunagari_app USING (org_id = (SELECT nullif(current_setting('app.org_id', true), '')::uuid));
GRANT SELECT, INSERT, UPDATE, DELETE ON campaign_opened TO tsunagari_app;
ALTER TABLE delivery ENABLE ROW LEVEL SECURITY;
ALTER TABLE delivery FORCE ROW LEVEL SECURITY;
CREATE POLICY of_organisation ON delivery TO tsunagari_app USING (org_id = (SELECT nullif(current_setting('app.org_id', true), '')::uuid));
GRANT SELECT, INSERT, UPDATE, DELETE ON delivery TO tsunagari_app;
ALTER TABLE dispatch ENABLE ROW LEVEL SECURITY;
ALTER TABLE dispatch FORCE ROW LEVEL SECURITY;
CREATE POLICY of_organisation ON dispatch TO tsunagari_app USING (org_id = (SELECT nullif(current_setting('app.org_id', true), '')::uuid));
GRANT SELECT, INSERT, UPDATE, DELETE ON dispatch TO tsunagari_app;
ALTER TABLE message_link ENABLE ROW LEVEL SECURITY;
ALTER TABLE message_link FORCE ROW LEVEL SECURITY;
CREATE POLICY of_organisation ON message_link TO tsunagari_app USING (org_id = (SELECT nullif(current_setting('app.org_id', true), '')::uuid));
GRANT SELECT, INSERT, UPDATE, DELETE ON message_link TO tsunagari_app;
ALTER TABLE message_click ENABLE ROW LEVEL SECURITY;
ALTER TABLE message_click FORCE ROW LEVEL SECURITY;
CREATE POLICY of_organisation ON message_click TO tsunagari_app USING (org_id = (SELECT nullif(current_setting('app.org_id', true), '')::uuid));
GRANT SELECT, INSERT, UPDATE, DELETE ON message_click TO tsunagari_app;
ALTER TABLE indicator ENABLE ROW LEVEL SECURITY;
ALTER TABLE indicator FORCE ROW LEVEL SECURITY;
CREATE POLICY of_organisation ON indicator TO tsunagari_app USING (org_id = (SELECT nullif(current_setting('app.org_id', true), '')::uuid));
GRANT SELECT, INSERT, UPDATE, DELETE ON indicator TO tsunagari_app;
ALTER TABLE figure ENABLE ROW LEVEL SECURITY;
ALTER TABLE figure FORCE ROW LEVEL SECURITY;
CREATE POLICY of_organisation ON figure TO tsunagari_app USING (org_id = (SELECT nullif(current_setting('app.org_id', true), '')::uuid));
GRANT SELECT, INSERT, UPDATE, DELETE ON figure TO tsunagari_app;
ALTER TABLE figure_member ENABLE ROW LEVEL SECURITY;
ALTER TABLE figure_member FORCE ROW LEVEL SECURITY;
CREATE POLICY of_organisation ON figure_member TO tsunagari_app USING (org_id = (SELECT nullif(current_setting('app.org_id', true), '')::uuid));
GRANT SELECT, INSERT, UPDATE, DELETE ON figure_member TO tsunagari_app;
ALTER TABLE export ENABLE ROW LEVEL SECURITY;
ALTER TABLE export FORCE ROW LEVEL SECURITY;
CREATE POLICY of_organisation ON export TO tsunagari_app USING (org_id = (SELECT nullif(current_setting('app.org_id', true), '')::uuid));
GRANT SELECT, INSERT, UPDATE, DELETE ON export TO tsunagari_app;
ALTER TABLE export_member ENABLE ROW LEVEL SECURITY;
ALTER TABLE export_member FORCE ROW LEVEL SECURITY;
CREATE POLICY of_organisation ON export_member TO tsunagari_app USING (org_id = (SELECT nullif(current_setting('app.org_id', true), '')::uuid));
GRANT SELECT, INSERT, UPDATE, DELETE ON export_member TO tsunagari_app;
ALTER TABLE audit ENABLE ROW LEVEL SECURITY;
ALTER TABLE audit FORCE ROW LEVEL SECURITY;
CREATE POLICY of_organisation ON audit TO tsunagari_app USING (org_id = (SELECT nullif(current_setting('app.org_id', true), '')::uuid));
GRANT SELECT, INSERT, UPDATE, DELETE ON audit TO tsunagari_app;
ALTER TABLE audit_head ENABLE ROW LEVEL SECURITY;
ALTER TABLE audit_head FORCE ROW LEVEL SECURITY;
CREATE POLICY of_organisation ON audit_head TO tsunagari_app USING (org_id = (SELECT nullif(current_setting('app.org_id', true), '')::uuid));
GRANT SELECT, INSERT, UPDATE, DELETE ON audit_head TO tsunagari_app;
ALTER TABLE job ENABLE ROW LEVEL SECURITY;
ALTER TABLE job FORCE ROW LEVEL SECURITY;
CREATE POLICY of_organisation ON job TO tsunagari_app USING (org_id = (SELECT nullif(current_setting('app.org_id', true), '')::uuid));
GRANT SELECT, INSERT, UPDATE, DELETE ON job TO tsunagari_app;
CREATE POLICY of_platform ON job TO tsunagari_platform USING (true);
GRANT SELECT (org_id, job_id, kind, state, run_at, lease_until) ON job TO tsunagari_platform;
