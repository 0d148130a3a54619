-- Double entry, enforced where nobody can walk round it: on every partition, for the owner too.
create function ledger.refuse(p_code text, p_message text) returns void language plpgsql as $$
begin
    raise exception using errcode = '23514', constraint = p_code, message = p_message;
end $$;

create function ledger.forbid_change() returns trigger language plpgsql as $$
begin
    raise exception using errcode = '42501', constraint = 'ledger_append_only',
        message = format('%s is append-only', tg_table_name);
end $$;

create function ledger.forbid_parent_insert() returns trigger language plpgsql as $$
begin
    raise exception using errcode = '42501', constraint = 'ledger_append_only',
        message = format('insert into the partition of the year, not into %s', tg_table_name);
end $$;

-- Red ink: a reversal repeats every line of its original on the same side with both amounts negated. An entry of kind
-- RED_INK takes back a part of what others posted: every line of it stands in red on the side it takes back from.
create function ledger.check_reversal(p_entry_id bigint, p_effective_on date) returns void language plpgsql
    security definer set search_path = pg_catalog, ledger, pg_temp as $$
declare
    made ledger.entry;
    original ledger.entry;
begin
    select * into made from entry e where e.entry_id = p_entry_id and e.effective_on = p_effective_on;
    select * into original from entry e where e.entry_id = made.reverses_id and e.effective_on = made.reverses_on;
    if original.entry_id is null or original.book_id <> made.book_id then
        perform refuse('entry.unknown', format('entry %s reverses nothing in its book', p_entry_id));
    elsif original.kind = 'REVERSAL' then
        perform refuse('reversal.of-reversal', format('entry %s reverses a reversal', p_entry_id));
    elsif made.effective_on < original.effective_on then
        perform refuse('reversal.date', format('entry %s is dated before the entry it reverses', p_entry_id));
    elsif not exists (select from reversal r where r.original_id = original.entry_id and r.reversing_id = made.entry_id) then
        perform refuse('reversal_once', format('entry %s is not the reversal of entry %s', p_entry_id, original.entry_id));
    end if;
    if exists (
        (select account_id, side, amount_minor, functional_minor, rate_id, contract_id, tranche_id, disbursement_id,
                claim_id, heading, pocket_id, party_id, line_no
           from posting p where p.entry_id = made.entry_id and p.effective_on = made.effective_on)
        except
        (select account_id, side, -amount_minor, -functional_minor, rate_id, contract_id, tranche_id, disbursement_id,
                claim_id, heading, pocket_id, party_id, line_no
           from posting p where p.entry_id = original.entry_id and p.effective_on = original.effective_on)
    ) or made.line_count <> original.line_count then
        perform refuse('posting_complete', format('entry %s does not mirror entry %s', p_entry_id, original.entry_id));
    end if;
end $$;

-- What is wrong with a header by itself; null when nothing is.
create function ledger.header_fault(
    p_kind text, p_line_count integer, p_reverses_id bigint, p_reverses_on date, p_reason text, p_evidence bytea
) returns text language sql immutable as $$
    select case
        when p_kind not in ('ACTUAL', 'REVERSAL', 'RED_INK', 'REVALUATION', 'OPENING', 'CLOSING')
          or (p_kind = 'REVERSAL') <> (p_reverses_id is not null)
          or (p_reverses_id is null) <> (p_reverses_on is null) then 'entry.kind'
        when p_line_count not between 2 and 10000 then 'posting_complete'
        when length(p_reason) > 500 or btrim(p_reason) = '' then 'entry.reason'
        when octet_length(p_evidence) <> 32 then 'entry.evidence'
    end
$$;

-- Whether a day lies in a month that is sealed for good, or before one. The check of every header asks, so that the owner's own
-- hand is refused too, but only where the book's `locked_before` leaves it open.
create function ledger.month_is_sealed(p_book uuid, p_on date) returns boolean language plpgsql stable as $$
begin
    return exists (
        select from ledger.period p
        where p.book_id = p_book and p.month >= date_trunc('month', p_on)::date and p.state = 'SEALED');
end $$;

-- One entry of a batch: its place in it, its number and what was asked.
create type ledger.batch_entry as (
    place integer, id bigint, book uuid, day date, kind text, event uuid, reason text, evidence bytea, lines jsonb, key uuid,
    hash bytea, functional text
);

-- One year: two partitions, and triggers on them with static SQL that names them. Read through the parent, a cached plan
-- would lock all sixty-one partitions for every entry; insertion through the parent is refused, because a statement
-- trigger of the parent and those of its partitions never fire together.
create function ledger.add_year(p_year integer) returns void language plpgsql as $body$
declare
    template text := $year$
create table ledger.entry_p__Y__ partition of ledger.entry for values from ('__Y__-01-01') to ('__Z__-01-01');
create table ledger.posting_p__Y__ partition of ledger.posting for values from ('__Y__-01-01') to ('__Z__-01-01');

-- Header and lines are inserted by one statement, those of one entry or of a run of entries. This checks each line and
-- brings its balance up to date: lines added up by account, limited (hot) accounts last. Of an entry only the sum counts
-- against a limit; entries of a run count in their order, so that none spends what only a later one brings. Fires for
-- inserts, which only the owner may make (the posting functions run as the owner); every name is qualified. `offset 0`
-- keeps the planner from hashing the whole of a large table to look up two rows.
create function ledger.check_postings___Y__() returns trigger language plpgsql as $$
declare
    line record;
    step bigint;
    available bigint;
    reached bigint;
begin
    -- Line numbers are unique by the primary key, so n lines numbered between 1 and n are all of them, and a line added by
    -- a later statement finds no number left. The ledger keeps two currencies; `account` refuses any other.
    for line in
        select l.account_id, l.stripe, sum(l.debit)::bigint as debit, sum(l.credit)::bigint as credit, sum(l.change)::bigint as change,
               min(l.fault) as fault, min(l.entry_id) filter (where l.fault is not null) as wrong,
               case when l.limited and min(l.entry_id) <> max(l.entry_id) then array_agg(l.change) end as steps
        from (
            select n.entry_id, n.account_id, a.limited, (pg_backend_pid() % a.stripes)::smallint as stripe,
                   case n.side when 'D' then n.amount_minor else 0 end as debit,
                   case n.side when 'C' then -n.amount_minor else 0 end as credit,
                   case a.normal_side when 'C' then -n.amount_minor else n.amount_minor end as change,
                   case
                       when e.line_count is null or e.book_id <> n.book_id or n.line_no not between 1 and e.line_count then 'posting_complete'
                       when a.role is null or a.book_id <> n.book_id or a.currency <> n.currency then 'posting_account'
                       when n.amount_minor not between -999999999999999 and 999999999999999
                         or n.functional_minor not between -999999999999999 and 999999999999999 then 'posting_amount'
                       when a.is_own and n.functional_minor <> n.amount_minor
                         or n.amount_minor > 0 and n.functional_minor < 0 or n.amount_minor < 0 and n.functional_minor > 0 then 'posting_functional'
                       when n.amount_minor = 0 and (n.functional_minor = 0 or a.role not in ('EXCHANGE', 'ROUNDING')) then 'entry.nil-line'
                       when a.heading <> n.heading or a.heading is not null and n.heading is null then 'entry.heading'
                       when n.side not in ('D', 'C') or e.kind <> 'REVERSAL'
                        and ((n.side = 'D') <> (n.amount_minor > 0 or n.amount_minor = 0 and n.functional_minor > 0))
                         <> (e.kind = 'RED_INK') then 'posting_red_ink'
                   end as fault
            from new_rows n
            left join lateral (
                select a.book_id, a.currency, a.is_own, a.role, a.heading, a.stripes, a.limited, a.normal_side
                from ledger.account a where a.account_id = n.account_id offset 0) a on true
            left join lateral (
                select e.book_id, e.line_count, e.kind
                from ledger.entry_p__Y__ e where e.entry_id = n.entry_id and e.effective_on = n.effective_on offset 0) e on true
            order by a.limited, n.account_id, n.entry_id, change desc offset 0) l
        group by l.limited, l.account_id, l.stripe
        order by l.limited, l.account_id
    loop
        if line.fault is not null then
            perform ledger.refuse(line.fault, format('entry %s: %s', line.wrong, line.fault));
        elsif line.steps is not null then
            select b.available_minor into available from ledger.balance b
            where b.account_id = line.account_id and b.stripe = line.stripe for update;
            reached := 0;
            foreach step in array line.steps loop
                reached := reached + step;
                if available + reached < 0 then
                    line.change := reached;    -- the update below fails, with what is missing then
                    exit;
                end if;
            end loop;
        end if;
        update ledger.balance b
        set debit_minor = b.debit_minor + line.debit, credit_minor = b.credit_minor + line.credit,
            available_minor = b.available_minor + line.change, version = b.version + 1
        where b.account_id = line.account_id and b.stripe = line.stripe;
    end loop;
    return null;
end $$;

-- Checks headers and the sums of their lines, which come with the same statement.
create function ledger.check_entry___Y__() returns trigger language plpgsql as $$
declare
    made record;
begin
    for made in
        select e.entry_id, e.effective_on, s.fault
        from new_entries e
        cross join lateral (
            select case
                       when count(*) = 0 then 'entry_has_lines'
                       when count(*) <> e.line_count then 'posting_complete'
                       when sum(p.amount_minor) <> 0
                         or sum(p.amount_minor) filter (where p.currency = 'HKD') <> 0 then 'posting_balanced'
                       when sum(p.functional_minor) <> 0 then 'posting_balanced_functional'
                       when e.effective_on < (select b.locked_before from ledger.book b where b.book_id = e.book_id)
                        and ledger.month_is_sealed(e.book_id, e.effective_on) then 'period.sealed'
                       else ledger.header_fault(e.kind, e.line_count, e.reverses_id, e.reverses_on, e.reason, e.evidence_sha256)
                   end as fault
            from ledger.posting_p__Y__ p where p.entry_id = e.entry_id and p.effective_on = e.effective_on) s
        where s.fault is not null or e.reverses_id is not null
    loop
        if made.fault is not null then
            perform ledger.refuse(made.fault, format('entry %s: %s', made.entry_id, made.fault));
        end if;
        perform ledger.check_reversal(made.entry_id, made.effective_on);
    end loop;
    return null;
end $$;

create trigger posting_checked after insert on ledger.posting_p__Y__
    referencing new table as new_rows for each statement execute function ledger.check_postings___Y__();
create trigger entry_checked after insert on ledger.entry_p__Y__
    referencing new table as new_entries for each statement execute function ledger.check_entry___Y__();
create trigger posting_frozen before update or delete or truncate on ledger.posting_p__Y__
    for each statement execute function ledger.forbid_change();
create trigger entry_frozen before update or delete or truncate on ledger.entry_p__Y__
    for each statement execute function ledger.forbid_change();

-- Writes one entry and answers with its number: a plain value, which PL/pgSQL assigns without running a query. Called by the posting functions only, within their search path.
create function ledger.write___Y__(
    p_entry_id bigint, p_book uuid, p_on date, p_kind text, p_event uuid, p_actor uuid, p_approval uuid, p_reason text,
    p_evidence bytea, p_epoch integer, p_lines jsonb
) returns bigint language plpgsql as $$
begin
    with header as (
        insert into ledger.entry_p__Y__ (
            entry_id, book_id, effective_on, kind, seal_epoch, line_count, event_id, actor_id, approval_id, reason, evidence_sha256)
        values (p_entry_id, p_book, p_on, p_kind, p_epoch, jsonb_array_length(p_lines), p_event, p_actor, p_approval, p_reason, p_evidence)
    )
    insert into ledger.posting_p__Y__ (
        entry_id, line_no, effective_on, book_id, account_id, currency, amount_minor, side, functional_minor, rate_id,
        contract_id, tranche_id, disbursement_id, claim_id, heading, pocket_id, party_id)
    select p_entry_id, l.line_no, p_on, p_book,
           coalesce(
               (select a.account_id from ledger.account a
                where a.book_id = p_book and a.code = l.code and a.currency = l.currency
                  and a.subject_id = coalesce(l.subject, '00000000-0000-0000-0000-000000000000')),
               ledger.open_account(p_book, l.code, l.currency, l.subject)),
           l.currency, l.amount,
           case when (l.amount > 0 or l.amount = 0 and l.functional > 0) <> (p_kind = 'RED_INK') then 'D' else 'C' end,
           l.functional, l.rate, l.contract, l.tranche, l.disbursement, l.claim, l.heading, l.pocket, l.party
    from rows from (jsonb_to_recordset(p_lines) as (
        code text, currency text, subject uuid, amount bigint, functional bigint, rate uuid, contract uuid,
        tranche uuid, disbursement uuid, claim uuid, heading text, pocket uuid, party uuid
    )) with ordinality as l (code, currency, subject, amount, functional, rate, contract, tranche, disbursement, claim,
                             heading, pocket, party, line_no);
    return p_entry_id;
end $$;

-- Writes a run of entries, numbered and with their accounts open, by one statement.
create function ledger.write_run___Y__(p_entries ledger.batch_entry[], p_actor uuid, p_approval uuid) returns void language plpgsql as $$
begin
    with header as (
        insert into ledger.entry_p__Y__ (
            entry_id, book_id, effective_on, kind, seal_epoch, line_count, event_id, actor_id, approval_id, reason, evidence_sha256)
        select e.id, e.book, e.day, e.kind, b.seal_epoch, jsonb_array_length(e.lines), e.event, p_actor, p_approval, e.reason, e.evidence
        from unnest(p_entries) e join ledger.book b on b.book_id = e.book
    )
    insert into ledger.posting_p__Y__ (
        entry_id, line_no, effective_on, book_id, account_id, currency, amount_minor, side, functional_minor, rate_id,
        contract_id, tranche_id, disbursement_id, claim_id, heading, pocket_id, party_id)
    select e.id, l.line_no, e.day, e.book, a.account_id,
           l.currency, l.amount,
           case when (l.amount > 0 or l.amount = 0 and l.functional > 0) <> (e.kind = 'RED_INK') then 'D' else 'C' end,
           l.functional, l.rate, l.contract, l.tranche, l.disbursement, l.claim, l.heading, l.pocket, l.party
    from unnest(p_entries) e
    cross join lateral rows from (jsonb_to_recordset(e.lines) as (
        code text, currency text, subject uuid, amount bigint, functional bigint, rate uuid, contract uuid,
        tranche uuid, disbursement uuid, claim uuid, heading text, pocket uuid, party uuid
    )) with ordinality as l (code, currency, subject, amount, functional, rate, contract, tranche, disbursement, claim,
                             heading, pocket, party, line_no)
    cross join lateral (
        select a.account_id from ledger.account a
        where a.book_id = e.book and a.code = l.code and a.currency = l.currency
          and a.subject_id = coalesce(l.subject, '00000000-0000-0000-0000-000000000000') offset 0) a;
end $$;
$year$;
begin
    execute replace(replace(template, '__Y__', p_year::text), '__Z__', (p_year + 1)::text);
end $body$;

select ledger.add_year(y) from generate_series(2000, 2060) y;

create trigger entry_by_year before insert on ledger.entry for each statement execute function ledger.forbid_parent_insert();
create trigger posting_by_year before insert on ledger.posting for each statement execute function ledger.forbid_parent_insert();

do $$
declare
    frozen text;
begin
    foreach frozen in array array['entry', 'posting', 'book', 'chart', 'account', 'idempotency', 'reversal', 'hold_event'] loop
        execute format('create trigger %s_frozen before update or delete or truncate on ledger.%s
                        for each statement execute function ledger.forbid_change()', frozen, frozen);
    end loop;
    foreach frozen in array array['balance', 'hold', 'period'] loop
        execute format('create trigger %s_kept before delete or truncate on ledger.%s
                        for each statement execute function ledger.forbid_change()', frozen, frozen);
    end loop;
end $$;
