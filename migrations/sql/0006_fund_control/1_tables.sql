-- What a contract may still spend, one row for each limit its terms set: a line of the budget, a ceiling by ratio, the
-- whole. Which accounts count against a limit, and which raise it, stands in the row; the terms decide, this obeys.
create table ledger.budget_cell (
    contract_id     uuid not null,
    line            text collate "C" not null,
    year            smallint not null default 0,           -- 0: the whole life of the contract; else a year of it
    currency        text not null check (currency in ('CNY', 'HKD')),
    budget_minor    bigint not null check (budget_minor >= 0),
    received_minor  bigint not null default 0,             -- what came in and raises the limit, less what went back
    committed_minor bigint not null default 0 constraint budget_cell_committed check (committed_minor >= 0),
    actual_minor    bigint not null default 0,             -- cost posted, red ink deducted
    exceeded_minor  bigint not null default 0 check (exceeded_minor >= 0),   -- beyond the limit by facts, never by spending
    enforced        boolean not null,
    book_id         uuid not null,                         -- the grantee's, which may be opened later
    counts          text[] not null,                       -- accounts whose postings are its cost
    raised_by       text[] not null default '{}',
    version         bigint not null default 0,
    first_day       date not null default '2000-01-01',    -- cost and receipts of these days count
    last_day        date not null default '2060-12-31',
    primary key (contract_id, line, year),
    constraint budget_cell_days check (last_day >= first_day),
    constraint budget_cell_within check (
        not enforced or committed_minor + actual_minor <= budget_minor + received_minor + exceeded_minor)
) with (fillfactor = 70);

-- Cost on its way: submitted and not yet posted. The entry whose approval is the source turns it into actual.
create table ledger.commitment (
    source_id    uuid not null,
    number       integer not null,
    book_id      uuid not null,
    contract_id  uuid not null,
    code         text not null references ledger.chart,
    currency     text not null,
    amount_minor bigint not null check (amount_minor between 1 and 999999999999999),
    effective_on date not null,
    primary key (source_id, number)
);
create index commitment_contract on ledger.commitment (contract_id);

create type ledger.cell_change as (
    book_id uuid, contract_id uuid, code text, currency text, effective_on date, actual bigint, committed bigint
);
