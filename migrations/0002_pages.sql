-- What lists of pages count and order by, so that they read an index rather than whole documents.

-- +goose Up

-- The agenda and the next events of an author: who is over or hidden is passed over within the index. It does all that objects_starts did; kind leads it because
-- SQLite otherwise prefers objects_kind and sorts.
create index objects_agenda on objects (kind, starts, id, ends, visibility, deleted, attributed_to) where kind = 'event' and starts <> 0;
drop index objects_starts;

-- Figures of a home page and of peers, and whether any project changed. Queries repeat the condition: SQLite needs to read it to use the index.
create index objects_counted on objects (kind, host, visibility, deleted, version) where kind <> 'post';

-- The few actors that are shown nowhere.
create index actors_out on actors (object) where state >= 2;
