-- Finds what is kept for a visitor on several devices by its id, not only by the token of one of them.

CREATE INDEX one_time_link_id ON one_time_link (org_id, link_id);
