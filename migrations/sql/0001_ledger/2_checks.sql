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

-- One year: two partitions, and triggers on them with static SQL that names them. Read through the parent, a cached plan
-- would lock all sixty-one partitions for every entry; insertion through the parent is refused, because a statement
-- trigger of the parent and those of its partitions never fire together.
create function ledger.add_year(p_year integer) returns void language plpgsql as $body$
declare
    template text := $year$
create table ledger.entry_p__Y__ partition of ledger.entry for values from ('__Y__-01-01') to ('__Z__-01-01');
create table ledger.posting_p__Y__ partition of ledger.posting for values from ('__Y__-01-01') to ('__Z__-01-01');

create function ledger.check_postings___Y__() returns trigger language plpgsql
    security definer set search_path = pg_catalog, ledger, pg_temp as $$
declare
    bad record;
begin
    select g.*, e.entry_id as header, e.kind, e.line_count into bad from (
        select c.entry_id, sum(c.lines) as lines, min(c.first) as first, max(c.last) as last,
               bool_or(c.total <> 0) as unbalanced, sum(c.functional) <> 0 as unbalanced_functional,
               bool_or(c.red) as red, bool_or(c.stray) as stray, bool_or(c.own) as own, bool_or(c.nil) as nil,
               bool_or(c.heading) as heading, min(c.book::text) as book, min(c.book::text) <> max(c.book::text) as books
        from (
            select n.entry_id, n.currency, count(*) as lines, min(n.line_no) as first, max(n.line_no) as last,
                   sum(n.amount_minor) as total, sum(n.functional_minor) as functional,
                   bool_or((n.side = 'D') <> (case n.amount_minor when 0 then n.functional_minor else n.amount_minor end > 0)) as red,
                   bool_or(a.account_id is null or a.book_id <> n.book_id or a.currency <> n.currency) as stray,
                   bool_or(n.currency = b.functional_currency and n.functional_minor <> n.amount_minor) as own,
                   bool_or(n.amount_minor = 0 and a.role not in ('EXCHANGE', 'ROUNDING')) as nil,
                   bool_or(a.heading is not null and a.heading is distinct from n.heading) as heading,
                   (array_agg(n.book_id))[1] as book
            from new_rows n
            left join account a on a.account_id = n.account_id
            left join book b on b.book_id = a.book_id
            group by n.entry_id, n.currency
        ) c group by c.entry_id
    ) g left join entry_p__Y__ e on e.entry_id = g.entry_id
    where g.unbalanced or g.unbalanced_functional or g.stray or g.own or g.nil or g.heading or g.books
       or e.entry_id is null or e.book_id::text <> g.book or g.lines <> e.line_count or g.first <> 1
       or g.last <> e.line_count or e.kind = 'REVERSAL' or g.red
    limit 1;
    if not found then
        return null;
    end if;
    if bad.stray then
        perform refuse('posting_account', format('entry %s: no such account in this book and currency', bad.entry_id));
    elsif bad.unbalanced then
        perform refuse('posting_balanced', format('entry %s: debits and credits differ in a currency', bad.entry_id));
    elsif bad.unbalanced_functional then
        perform refuse('posting_balanced_functional', format('entry %s: debits and credits differ in functional currency', bad.entry_id));
    elsif bad.own then
        perform refuse('posting_functional', format('entry %s: amounts differ in the functional currency itself', bad.entry_id));
    elsif bad.nil then
        perform refuse('entry.nil-line', format('entry %s: a line of amount nil', bad.entry_id));
    elsif bad.heading then
        perform refuse('entry.heading', format('entry %s: a heading is not its account''s', bad.entry_id));
    elsif bad.header is null or bad.books or bad.lines <> bad.line_count or bad.first <> 1 or bad.last <> bad.line_count then
        perform refuse('posting_complete', format('entry %s: lines %s to %s of %s', bad.entry_id, bad.first, bad.last, bad.line_count));
    elsif bad.red and bad.kind <> 'REVERSAL' then
        perform refuse('posting_red_ink', format('entry %s: red ink outside a reversal', bad.entry_id));
    elsif bad.kind <> 'REVERSAL' then
        perform refuse('posting_complete', format('entry %s: its header is in another book', bad.entry_id));
    end if;
    for bad in select distinct n.entry_id, n.effective_on from new_rows n join entry_p__Y__ e using (entry_id) where e.kind = 'REVERSAL' loop
        perform check_reversal(bad.entry_id, bad.effective_on);
    end loop;
    return null;
end $$;

create function ledger.check_header___Y__() returns trigger language plpgsql
    security definer set search_path = pg_catalog, ledger, pg_temp as $$
begin
    if not exists (select from posting_p__Y__ p where p.entry_id = new.entry_id and p.line_no = 1 and p.effective_on = new.effective_on) then
        perform refuse('entry_has_lines', format('entry %s has no lines', new.entry_id));
    end if;
    return null;
end $$;

create trigger posting_checked after insert on ledger.posting_p__Y__
    referencing new table as new_rows for each statement execute function ledger.check_postings___Y__();
create constraint trigger entry_has_lines after insert on ledger.entry_p__Y__
    deferrable initially deferred for each row execute function ledger.check_header___Y__();
create trigger posting_frozen before update or delete or truncate on ledger.posting_p__Y__
    for each statement execute function ledger.forbid_change();
create trigger entry_frozen before update or delete or truncate on ledger.entry_p__Y__
    for each statement execute function ledger.forbid_change();

-- Writes one entry and answers what it adds to each account, limited (hot) accounts last.
create function ledger.write___Y__(
    p_entry_id bigint, p_book uuid, p_on date, p_kind text, p_event uuid, p_actor uuid, p_approval uuid, p_reason text,
    p_evidence bytea, p_lines jsonb,
    out accounts integer[], out stripes smallint[], out debits bigint[], out credits bigint[]
) language plpgsql security definer set search_path = pg_catalog, ledger, pg_temp as $$
begin
    insert into entry_p__Y__ (entry_id, book_id, effective_on, kind, seal_epoch, line_count, event_id, actor_id, approval_id, reason, evidence_sha256)
    values (p_entry_id, p_book, p_on, p_kind, (select b.seal_epoch from book b where b.book_id = p_book), jsonb_array_length(p_lines), p_event, p_actor, p_approval, p_reason, p_evidence);
    with line as (
        insert into posting_p__Y__ (
            entry_id, line_no, effective_on, book_id, account_id, currency, amount_minor, side, functional_minor, rate_id,
            contract_id, tranche_id, disbursement_id, claim_id, heading, pocket_id, party_id)
        select p_entry_id, l.line_no, p_on, p_book,
               coalesce(a.account_id, open_account(p_book, l.code, l.currency, l.subject)),
               l.currency, l.amount, case when coalesce(nullif(l.amount, 0), l.functional) > 0 then 'D' else 'C' end,
               l.functional, l.rate, l.contract, l.tranche, l.disbursement, l.claim, l.heading, l.pocket, l.party
        from rows from (jsonb_to_recordset(p_lines) as (
            code text, currency text, subject uuid, amount bigint, functional bigint, rate uuid, contract uuid,
            tranche uuid, disbursement uuid, claim uuid, heading text, pocket uuid, party uuid
        )) with ordinality as l (code, currency, subject, amount, functional, rate, contract, tranche, disbursement, claim,
                                 heading, pocket, party, line_no)
        left join account a on a.book_id = p_book and a.code = l.code and a.currency = l.currency
            and a.subject_id = coalesce(l.subject, '00000000-0000-0000-0000-000000000000')
        returning account_id, side, amount_minor
    )
    select array_agg(t.account_id), array_agg(t.stripes), array_agg(t.debit), array_agg(t.credit)
    into accounts, stripes, debits, credits
    from (
        select line.account_id, a.stripes, coalesce(sum(amount_minor) filter (where side = 'D'), 0) as debit,
               coalesce(-sum(amount_minor) filter (where side = 'C'), 0) as credit
        from line left join account a using (account_id)
        group by line.account_id, a.stripes, a.limited order by a.limited, line.account_id
    ) t;
    if array_position(stripes, null) is not null then      -- accounts opened by this very statement
        select array_agg(t.account_id), array_agg(t.stripes), array_agg(t.debit), array_agg(t.credit)
        into accounts, stripes, debits, credits
        from (
            select a.account_id, a.stripes, u.debit, u.credit
            from unnest(accounts, debits, credits) as u (account_id, debit, credit) join account a using (account_id)
            order by a.limited, a.account_id
        ) t;
    end if;
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
