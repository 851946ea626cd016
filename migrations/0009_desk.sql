-- What a report says and what was decided of it.

-- +goose Up

alter table reports add column reason text not null default '';      -- a moderation reason, or '' when another server gave none
alter table reports add column snapshot text not null default '';    -- the words that were reported, as they stood
alter table reports add column decision text not null default '';    -- a moderation decision
alter table reports add column note text not null default '';        -- why, told to both sides
alter table reports add column decided bigint not null default 0;
alter table reports add column decided_by bigint not null default 0; -- account
create index reports_state on reports (state, id);
create index reports_target on reports (target, id);
create index reports_reporter on reports (reporter, id);
create index audit_at on audit (at);
