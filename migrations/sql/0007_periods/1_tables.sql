-- Months of a book: open, closing (only persons with an exception post), sealed (nobody, ever again). Sealing a month
-- writes what stood on each account at its end, so that no older month is added up twice.

alter table ledger.period
    drop constraint period_state_check,
    add constraint period_state_check check (state in ('OPEN', 'CLOSING', 'SEALED')),
    add column started_by uuid,                            -- who began the closing under way
    add constraint period_second_person check (state <> 'SEALED' or started_by <> changed_by),
    add constraint period_started check (state = 'OPEN' or started_by is not null);

-- The book keeps up to where its months are not open, for a quick look at every posting.
create function ledger.note_locked() returns trigger language plpgsql security definer set search_path = pg_catalog, ledger, pg_temp as $$
begin
    perform from book b where b.book_id = new.book_id for no key update;    -- one after the other, each sees the one before
    update book b set locked_before = first_open_day(new.book_id)
    where b.book_id = new.book_id and b.locked_before <> first_open_day(new.book_id);
    return null;
end $$;
create trigger period_noted after insert or update on ledger.period for each row execute function ledger.note_locked();

-- What a named person may do in a closing month, until when and why; given by another.
create table ledger.period_exception (
    exception_id uuid primary key,
    book_id      uuid not null references ledger.book,
    month        date not null check (month = date_trunc('month', month)::date),
    person_id    uuid not null,
    given_by     uuid not null,
    reason       text not null constraint period_exception_reason check (btrim(reason) <> '' and length(reason) <= 500),
    given_at     timestamptz not null,
    expires_at   timestamptz not null,
    constraint period_exception_second_person check (given_by <> person_id),
    constraint period_exception_expires check (expires_at > given_at)
);
create index period_exception_person on ledger.period_exception (book_id, month, person_id);

create table ledger.period_exception_end (
    exception_id uuid primary key references ledger.period_exception,
    ended_by     uuid not null,
    ended_at     timestamptz not null
);

-- Every entry that was posted under one.
create table ledger.period_exception_use (
    entry_id     bigint primary key,
    exception_id uuid not null references ledger.period_exception
);
create index period_exception_used on ledger.period_exception_use (exception_id);

-- What a person says about a check of a month; the last note on a check counts.
create table ledger.period_note (
    book_id    uuid not null references ledger.book,
    month      date not null check (month = date_trunc('month', month)::date),
    check_code text not null check (check_code ~ '^[a-z-]{1,40}$'),
    number     bigint generated always as identity,
    note       text not null constraint period_note_text check (btrim(note) <> '' and length(note) <= 500),
    actor_id   uuid not null,
    noted_at   timestamptz not null,
    primary key (book_id, month, check_code, number)
);

-- A run of the revaluation: the rate it took and what it moved. Its entry may be posted while the month is closing.
create table ledger.revaluation (
    book_id         uuid not null references ledger.book,
    month           date not null check (month = date_trunc('month', month)::date),
    number          integer not null check (number >= 1),
    event_id        uuid not null unique,
    rate_id         uuid not null,
    foreign_minor   bigint not null,                       -- what stands in the foreign currency
    carried_minor   bigint not null,                       -- in the functional currency, as carried, with earlier runs
    worth_minor     bigint not null,                       -- at the rate
    actor_id        uuid not null,
    run_at          timestamptz not null,
    xact            xid8 not null default pg_current_xact_id(),
    primary key (book_id, month, number)
);

create table ledger.period_pack (
    book_id uuid not null references ledger.book,
    month   date not null,
    sha256  bytea not null check (octet_length(sha256) = 32),
    content bytea not null,
    primary key (book_id, month)
);

-- What stood on an account at the end of a sealed month: everything dated up to then, which no later block can change.
-- It answers for knowledge from `block_no` on, the last block that moved the account up to that day.
create table ledger.balance_close (
    account_id       integer not null references ledger.account,
    closed_on        date not null,
    block_no         bigint not null,
    debit_minor      bigint not null,
    credit_minor     bigint not null,
    functional_minor bigint not null,
    primary key (account_id, closed_on)
);
