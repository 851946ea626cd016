-- The search index. Words are folded and stemmed in Go (internal/search), so that the two databases find the same; only the table that matches them is
-- of each database's own kind. Nothing here is content: essaim reindex makes it again from the documents.

-- +goose Up

-- What has changed and is not in the index yet: written in the transaction of the change, taken out by the one who indexed it.
create table search_queue (
    n      integer primary key autoincrement, -- never given twice, so that nobody takes out what came later
    object bigint not null
);

-- One row: the number of the last change of the index. Whoever changes it takes this row first, so that numbers come in the order of commits.
create table search_clock (
    one smallint primary key,
    seq bigint not null
);
insert into search_clock (one, seq) values (1, 0);

-- What is found and what it is counted by. A row stays when its object goes, empty, so that readers learn of it.
create table search (
    doc    integer primary key,               -- small and dense: the key of search_text, the place in the memory of readers
    object bigint not null unique,
    seq    bigint not null,
    kind   text not null,                     -- '' for what is not to be found
    flags  smallint not null,                 -- 1 listed, 2 its posts may be searched, 4 an actor in good standing
    host   text not null,
    phase  text not null,
    actor  text not null,                     -- kind of actor (V2)
    themes text not null,                     -- codes and keys, separated by spaces; containment of places expanded
    places text not null,
    starts bigint not null,                   -- of an event; 0 for none
    ends   bigint not null,                   -- its start when no end is known
    length integer not null                   -- words of its text
);
create index search_seq on search (seq, doc);

-- How many objects have a word: where corrections are looked for.
create table search_words (
    word   text primary key,
    length smallint not null,
    count  bigint not null
);
create index search_words_length on search_words (length, word, count);

-- The words: all of them, and those of titles again by themselves, since to ask for one column of many costs a look at every hit. The tokenizer only
-- splits at spaces: folding was done before. Positions are not kept: nobody searches phrases. What is in title and body is also what is taken back from
-- search_words when an object changes.
create virtual table search_text using fts5 (title, body, stems, tokenize = 'ascii', prefix = '3', detail = 'none');
create virtual table search_title using fts5 (words, tokenize = 'ascii', prefix = '3', detail = 'none', content = '', contentless_delete = 1);

-- What was here before is indexed by the next server that starts.
insert into search_queue (object) select id from objects where deleted = 0 order by attributed_to is not null, id;
