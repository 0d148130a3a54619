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

-- Red ink: a reversal repeats every line of its original on the same side with both amounts negated.
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
        when p_kind not in ('ACTUAL', 'REVERSAL', 'REVALUATION', 'OPENING', 'CLOSING')
          or (p_kind = 'REVERSAL') <> (p_reverses_id is not null)
          or (p_reverses_id is null) <> (p_reverses_on is null) then 'entry.kind'
        when p_line_count not between 2 and 10000 then 'posting_complete'
        when length(p_reason) > 500 or btrim(p_reason) = '' then 'entry.reason'
        when octet_length(p_evidence) <> 32 then 'entry.evidence'
    end
$$;

-- One year: two partitions, and triggers on them with static SQL that names them. Read through the parent, a cached plan
-- would lock all sixty-one partitions for every entry; insertion through the parent is refused, because a statement
-- trigger of the parent and those of its partitions never fire together.
create function ledger.add_year(p_year integer) returns void language plpgsql as $body$
declare
    template text := $year$
create table ledger.entry_p__Y__ partition of ledger.entry for values from ('__Y__-01-01') to ('__Z__-01-01');
create table ledger.posting_p__Y__ partition of ledger.posting for values from ('__Y__-01-01') to ('__Z__-01-01');

-- Header and lines are inserted by one statement. This checks each line and brings its balance up to date: limited (hot)
-- accounts last, and on each account what raises it first, so that only the sum counts against a limit. Fires for inserts,
-- which only the owner may make (the posting functions run as the owner); every name is qualified. `offset 0` keeps the
-- planner from hashing the whole of a large table to look up two rows.
create function ledger.check_postings___Y__() returns trigger language plpgsql as $$
declare
    line record;
begin
    -- Line numbers are unique by the primary key, so n lines numbered between 1 and n are all of them, and a line added by
    -- a later statement finds no number left. The ledger keeps two currencies; `account` refuses any other.
    for line in
        select n.entry_id, n.account_id, n.amount_minor, (pg_backend_pid() % a.stripes)::smallint as stripe,
               case n.side when 'D' then n.amount_minor else 0 end as debit,
               case n.side when 'C' then -n.amount_minor else 0 end as credit,
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
                    and (n.side = 'D') <> (n.amount_minor > 0 or n.amount_minor = 0 and n.functional_minor > 0) then 'posting_red_ink'
               end as fault
        from new_rows n
        left join lateral (
            select a.book_id, a.currency, a.is_own, a.role, a.heading, a.stripes, a.limited, a.normal_side
            from ledger.account a where a.account_id = n.account_id offset 0) a on true
        left join lateral (
            select e.book_id, e.line_count, e.kind
            from ledger.entry_p__Y__ e where e.entry_id = n.entry_id and e.effective_on = n.effective_on offset 0) e on true
        order by a.limited, n.account_id, case a.normal_side when 'C' then n.amount_minor else -n.amount_minor end
    loop
        if line.fault is not null then
            perform ledger.refuse(line.fault, format('entry %s: %s', line.entry_id, line.fault));
        end if;
        update ledger.balance b
        set debit_minor = b.debit_minor + line.debit, credit_minor = b.credit_minor + line.credit,
            available_minor = b.available_minor - b.sign * line.amount_minor, version = b.version + 1
        where b.account_id = line.account_id and b.stripe = line.stripe;
    end loop;
    return null;
end $$;

-- Checks a header and the sums of its lines, which come with the same statement.
create function ledger.check_entry___Y__() returns trigger language plpgsql as $$
declare
    fault text;
begin
    select case
               when count(*) = 0 then 'entry_has_lines'
               when count(*) <> new.line_count then 'posting_complete'
               when sum(p.amount_minor) <> 0
                 or sum(p.amount_minor) filter (where p.currency = 'HKD') <> 0 then 'posting_balanced'
               when sum(p.functional_minor) <> 0 then 'posting_balanced_functional'
               else ledger.header_fault(new.kind, new.line_count, new.reverses_id, new.reverses_on, new.reason, new.evidence_sha256)
           end into fault
    from ledger.posting_p__Y__ p where p.entry_id = new.entry_id and p.effective_on = new.effective_on;
    if fault is not null then
        perform ledger.refuse(fault, format('entry %s: %s', new.entry_id, fault));
    elsif new.reverses_id is not null then
        perform ledger.check_reversal(new.entry_id, new.effective_on);
    end if;
    return null;
end $$;

create trigger posting_checked after insert on ledger.posting_p__Y__
    referencing new table as new_rows for each statement execute function ledger.check_postings___Y__();
create trigger entry_checked after insert on ledger.entry_p__Y__
    for each row execute function ledger.check_entry___Y__();
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
           l.currency, l.amount, case when l.amount > 0 or l.amount = 0 and l.functional > 0 then 'D' else 'C' end,
           l.functional, l.rate, l.contract, l.tranche, l.disbursement, l.claim, l.heading, l.pocket, l.party
    from rows from (jsonb_to_recordset(p_lines) as (
        code text, currency text, subject uuid, amount bigint, functional bigint, rate uuid, contract uuid,
        tranche uuid, disbursement uuid, claim uuid, heading text, pocket uuid, party uuid
    )) with ordinality as l (code, currency, subject, amount, functional, rate, contract, tranche, disbursement, claim,
                             heading, pocket, party, line_no);
    return p_entry_id;
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
