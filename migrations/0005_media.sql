-- Pictures uploaded here. The files stand under ESSAIM_DATA/media by name; a row is written only once its files are on the disk, and goes before they do.

-- +goose Up

create table media (
    id         bigint primary key,
    owner      bigint not null,               -- objects.id of the actor who uploaded it
    object     bigint,                        -- objects.id of what shows it; null until that is published
    name       text not null unique,          -- random stem of the files and of the address
    type       text not null,                 -- image/jpeg, image/png
    width      integer not null,              -- of the large file, in pixels
    height     integer not null,
    blurhash   text not null,
    alt        text not null,                 -- '' for what is decorative, or not described yet
    decorative boolean not null,
    bytes      bigint not null,               -- of all its files
    created    bigint not null
);
create index media_object on media (object) where object is not null;
create index media_owner on media (owner, id);
create index media_waiting on media (created) where object is null;
