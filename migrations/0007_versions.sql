-- What an object or a project said before it was changed, so that who read it can see what became of it (AP §6.3).

-- +goose Up

create table versions (
    object bigint not null,
    number integer not null,                  -- objects.version when it was replaced: grows, with gaps
    since  bigint not null,                   -- from when on it was the current one
    doc    text not null,
    html   text not null,                     -- sanitised, as it was shown
    primary key (object, number)
);
