-- The search index; see the SQLite half for what each table is.

-- +goose Up

create table search_queue (
    n      bigint generated always as identity primary key,
    object bigint not null
);

create table search_clock (
    one smallint primary key,
    seq bigint not null
);
insert into search_clock (one, seq) values (1, 0);

create table search (
    doc    bigint primary key,
    object bigint not null unique,
    seq    bigint not null,
    kind   text not null,
    flags  smallint not null,
    host   text not null,
    phase  text not null,
    actor  text not null,
    themes text not null,
    places text not null,
    starts bigint not null,
    ends   bigint not null,
    length integer not null
);
create index search_seq on search (seq, doc);

create table search_words (
    word   text primary key,
    length smallint not null,
    count  bigint not null
);
create index search_words_length on search_words (length, word, count);

-- No configuration of PostgreSQL's is applied to the words; positions are not kept.
create table search_text (
    doc   bigint primary key,
    title text not null,
    body  text not null,
    words tsvector not null
);
create index search_text_words on search_text using gin (words);
create table search_title (
    doc   bigint primary key,
    words tsvector not null
);
create index search_title_words on search_title using gin (words);

insert into search_queue (object) select id from objects where deleted = 0 order by attributed_to is not null, id;
