-- The books. Amounts are whole minor units, debit positive. Nothing here is ever changed or deleted except balances,
-- holds and periods, and those only by the functions in 3_functions.sql and 4_holds.sql.
create schema ledger;

-- Domains and not checks where each posting writes: a CHECK of a table is read from the catalogue and parsed again for
-- every statement that writes a row.
create domain ledger.sha256 as bytea check (octet_length(value) = 32);
create domain ledger.sign as smallint check (value in (-1, 1));

create table ledger.book (
    book_id             uuid primary key,                 -- the institution's id
    code                text not null unique check (code ~ '^[A-Z0-9][A-Z0-9-]{0,31}$'),
    functional_currency text not null check (functional_currency in ('CNY', 'HKD')),
    seal_epoch          integer not null default 1,       -- one more after every logical restore: transaction ids restart
    locked_before       date not null default '2000-01-01', -- days before it lie in a month that is, or precedes one that is, not open
    opened_at           timestamptz not null default clock_timestamp()
);

-- The chart, equal to app/ledger/chart.py: what an account may do is decided here and never by a caller.
create table ledger.chart (
    code        text collate "C" primary key,
    name        text not null,
    kind        text not null check (kind in ('ASSET', 'LIABILITY', 'EQUITY', 'INCOME', 'EXPENSE')),
    role        text not null check (role in ('PLAIN', 'BANK', 'POCKET', 'COST', 'TRADING', 'EXCHANGE', 'ROUNDING')),
    subject     text not null check (subject in ('NONE', 'BANK_ACCOUNT', 'POCKET')),
    normal_side text not null check (normal_side in ('D', 'C')),
    limited     boolean not null,
    stripes     smallint not null check (stripes between 1 and 64),
    heading     text,
    check (not limited or stripes = 1),
    check ((role = 'COST') = (heading is not null))
);

create table ledger.account (
    account_id  integer generated always as identity primary key,
    book_id     uuid not null references ledger.book,
    code        text collate "C" not null references ledger.chart,
    currency    text collate "C" not null check (currency in ('CNY', 'HKD')),
    subject_id  uuid not null default '00000000-0000-0000-0000-000000000000',
    role        text not null,
    normal_side text not null,
    limited     boolean not null,
    stripes     smallint not null,
    heading     text,
    is_own      boolean not null,                          -- its currency is the book's functional currency
    opened_at   timestamptz not null default clock_timestamp(),
    unique (book_id, code, currency, subject_id)
);
-- a pocket has one currency and belongs to one book
create unique index account_pocket on ledger.account (subject_id) where role = 'POCKET';

create table ledger.period (
    book_id    uuid not null references ledger.book,
    month      date not null check (month = date_trunc('month', month)::date),
    state      text not null check (state in ('OPEN', 'CLOSING')),
    changed_by uuid not null,
    changed_at timestamptz not null default clock_timestamp(),
    primary key (book_id, month)
);

-- its own table, because a unique key cannot span the partitions of the journal
create table ledger.idempotency (
    book_id      uuid not null,
    key          uuid not null,
    request_hash ledger.sha256 not null,
    answer       text not null,                           -- the number of the entry it made, or the id of the hold
    primary key (book_id, key)
);

create sequence ledger.entry_number as bigint;

-- The journal. What may stand in a row of these two is said by the triggers in 2_checks.sql, which see a whole entry,
-- header and lines together: keys checked row by row would lock hot accounts against each other, and both tables and
-- `account` are append-only, so checking once is enough.
create table ledger.entry (
    entry_id        bigint not null,
    book_id         uuid not null,
    effective_on    date not null,
    kind            text not null,
    recorded_at     timestamptz not null default clock_timestamp(),   -- information only, never an ordering key
    xact            xid8 not null default pg_current_xact_id(),       -- the watermark a sealer reads in commit order
    seal_epoch      integer not null default 1,
    line_count      integer not null,
    event_id        uuid not null,                                    -- the same in both books of one event
    reverses_id     bigint,
    reverses_on     date,
    actor_id        uuid not null,
    approval_id     uuid,
    reason          text not null,
    evidence_sha256 bytea,
    primary key (entry_id, effective_on)
) partition by range (effective_on);
create index entry_event on ledger.entry (event_id);

create table ledger.posting (
    entry_id         bigint not null,
    line_no          integer not null,
    effective_on     date not null,
    book_id          uuid not null,
    account_id       integer not null,
    currency         text not null,
    amount_minor     bigint not null,
    side             text not null,                       -- turnover column; red ink keeps it and negates the amount
    functional_minor bigint not null,
    rate_id          uuid,
    contract_id      uuid,
    tranche_id       uuid,
    disbursement_id  uuid,
    claim_id         uuid,
    heading          text,
    pocket_id        uuid,
    party_id         uuid,
    primary key (entry_id, line_no, effective_on)
) partition by range (effective_on);
create index posting_statement on ledger.posting (account_id, effective_on, entry_id, line_no);
create index posting_contract on ledger.posting (contract_id, effective_on) where contract_id is not null;

-- at most one reversal of an entry: a unique index over partitions cannot say it
create table ledger.reversal (
    original_id  bigint not null constraint reversal_once primary key,
    reversing_id bigint not null unique
);

-- What stands on each account, kept in step by the posting functions; `hetao ledger check` adds it up again.
create table ledger.balance (
    account_id      integer not null references ledger.account,
    stripe          smallint not null,
    code            text not null,
    currency        text not null,
    sign            ledger.sign not null,                  -- 1 where credit is the normal side
    debit_minor     bigint not null default 0,
    credit_minor    bigint not null default 0,
    held_minor      bigint not null default 0,
    available_minor bigint,                                -- normal side less the other less held; null: without limit
    version         bigint not null default 0,
    primary key (account_id, stripe),
    constraint balance_available check (available_minor >= 0)         -- a check: its error shows the row, so what is short
) with (fillfactor = 50, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 2000);

create table ledger.hold (
    hold_id         uuid primary key,
    book_id         uuid not null references ledger.book,
    account_id      integer not null references ledger.account,
    currency        text not null,
    pocket_id       uuid not null,
    contract_id     uuid not null,
    disbursement_id uuid,
    parent_id       uuid references ledger.hold,
    amount_minor    bigint not null constraint "hold.amount" check (amount_minor between 1 and 999999999999999),
    remaining_minor bigint not null,
    state           text not null default 'OPEN' check (state in ('OPEN', 'CLOSED')),
    opened_at       timestamptz not null default clock_timestamp(),
    constraint "hold.insufficient" check (remaining_minor between 0 and amount_minor),
    check (state = 'OPEN' or remaining_minor = 0)
) with (fillfactor = 70);
create index hold_contract on ledger.hold (contract_id);
create index hold_account on ledger.hold (account_id) where state = 'OPEN';
create index hold_disbursement on ledger.hold (disbursement_id) where disbursement_id is not null;

create table ledger.hold_event (
    hold_id      uuid not null references ledger.hold,
    number       bigint generated always as identity,
    kind         text not null check (kind in ('OPENED', 'MOVED', 'CONSUMED', 'RELEASED')),
    change_minor bigint not null,                          -- effect on what remains; these sum to remaining_minor
    other_id     uuid,                                     -- MOVED: the hold it went to or came from
    entry_id     bigint,                                   -- CONSUMED: the entry that used it, where posted together
    event_id     uuid,
    actor_id     uuid not null,
    at           timestamptz not null default clock_timestamp(),
    xact         xid8 not null default pg_current_xact_id(),
    primary key (hold_id, number)
);
