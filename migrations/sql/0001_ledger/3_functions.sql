-- The only ways to write. Each runs as the owner with a fixed search path; the application may execute, never insert.
-- Order of locks, always: month (shared), idempotency key, holds by id, then balances: spread ones first, limited last.
create function ledger.open_book(p_book uuid, p_code text, p_currency text) returns void language plpgsql
    security definer set search_path = pg_catalog, ledger, pg_temp as $$
begin
    insert into book (book_id, code, functional_currency, seal_epoch)
    values (p_book, p_code, p_currency, coalesce((select max(b.seal_epoch) from book b), 1)) on conflict do nothing;
    if not exists (select from book b where b.book_id = p_book and b.code = p_code and b.functional_currency = p_currency) then
        perform refuse('book.different', format('book %s is open under another code or currency', p_code));
    end if;
end $$;

create function ledger.open_account(p_book uuid, p_code text, p_currency text, p_subject uuid) returns integer language plpgsql
    security definer set search_path = pg_catalog, ledger, pg_temp as $$
declare
    row chart;
    subject uuid := coalesce(p_subject, '00000000-0000-0000-0000-000000000000');
    found_id integer;
begin
    select * into row from chart c where c.code = p_code;
    if not found then
        perform refuse('account.unknown', format('no account %s in the chart', p_code));
    elsif (row.subject = 'NONE') <> (subject = '00000000-0000-0000-0000-000000000000') then
        perform refuse('account.subject', format('account %s: subject %s', p_code, row.subject));
    end if;
    -- Openings are rare and go one at a time, or two that open the same accounts in opposite order would deadlock.
    perform pg_advisory_xact_lock(hashtext('ledger.open_account'), 0);
    insert into account (book_id, code, currency, subject_id, role, normal_side, limited, stripes, heading, is_own)
    select p_book, p_code, p_currency, subject, row.role, row.normal_side, row.limited, row.stripes, row.heading,
           p_currency = b.functional_currency
    from book b where b.book_id = p_book
    on conflict do nothing;
    select a.account_id into found_id from account a
    where a.book_id = p_book and a.code = p_code and a.currency = p_currency and a.subject_id = subject;
    if not found then
        perform refuse('account.subject', format('%s has an account in another book or currency', p_subject));
    end if;
    insert into balance (account_id, stripe, code, currency, sign, available_minor)
    select found_id, s, p_code, p_currency, case row.normal_side when 'C' then 1 else -1 end, case when row.limited then 0 end
    from generate_series(0, row.stripes - 1) s
    on conflict do nothing;
    return found_id;
end $$;

do $$
begin
    execute format($function$
        create function ledger.write_entry(
            p_entry_id bigint, p_book uuid, p_on date, p_kind text, p_event uuid, p_actor uuid, p_approval uuid,
            p_reason text, p_evidence bytea, p_epoch integer, p_lines jsonb
        ) returns bigint language plpgsql as $body$
        begin
            case extract(year from p_on)::integer
            %s
            else perform ledger.refuse('entry.date', format('no partition for %%s', p_on));
            end case;
            return null;
        end $body$ $function$,
        (select string_agg(format(
            'when %s then return ledger.write_%s(p_entry_id, p_book, p_on, p_kind, p_event, p_actor, p_approval, p_reason,
             p_evidence, p_epoch, p_lines);', y, y), E'\n' order by abs(y - 2026))
         from generate_series(2000, 2060) y));
end $$;

-- The month of a book, shared by everyone who posts in it: a lock in memory, no row is touched. The closer takes the
-- same lock exclusively (set_period).
create function ledger.lock_month(p_book uuid, p_on date) returns void language sql as $$
    select pg_advisory_xact_lock_shared(
        hashtext(p_book::text), extract(year from p_on)::integer * 12 + extract(month from p_on)::integer)
$$;

-- 0007_periods says more of it: who may post in a closing month, and under what.
create function ledger.require_open(p_book uuid, p_on date, p_actor uuid, p_kind text, p_entry_id bigint) returns void language plpgsql
    security definer set search_path = pg_catalog, ledger, pg_temp as $$
begin
    if exists (select from period p where p.book_id = p_book and p.month = date_trunc('month', p_on)::date and p.state <> 'OPEN') then
        perform refuse('period.closed', to_char(p_on, 'YYYY-MM'));
    end if;
end $$;

create function ledger.require_entry(p_book uuid, p_functional text, p_kind text) returns void language plpgsql
    security definer set search_path = pg_catalog, ledger, pg_temp as $$
declare
    kept_in text := (select b.functional_currency from book b where b.book_id = p_book);
begin
    if kept_in is null then
        perform refuse('book.unknown', format('no book %s', p_book));
    elsif kept_in <> p_functional then
        perform refuse('entry.functional', format('the book is kept in %s, not %s', kept_in, p_functional));
    elsif p_kind = 'REVERSAL' then
        perform refuse('entry.kind', 'a reversal is made by reverse_entry');
    end if;
end $$;

-- Takes the key, or answers with what it made before; another body under the same key is refused.
create function ledger.claim_key(
    p_book uuid, p_key uuid, p_hash bytea, p_entry_id bigint, p_hold_id uuid, out entry_id bigint, out hold_id uuid, out replayed boolean
) language plpgsql security definer set search_path = pg_catalog, ledger, pg_temp as $$
declare
    seen idempotency;
begin
    insert into idempotency values (p_book, p_key, p_hash, coalesce(p_entry_id::text, p_hold_id::text)) on conflict do nothing;
    replayed := not found;
    entry_id := p_entry_id;
    hold_id := p_hold_id;
    if replayed then
        select * into seen from idempotency i where i.book_id = p_book and i.key = p_key;
        if seen.request_hash <> p_hash then
            perform refuse('key.reused', format('key %s', p_key));
        end if;
        entry_id := case when p_hold_id is null then seen.answer end;
        hold_id := case when p_entry_id is null then seen.answer end;
    end if;
end $$;

-- Opens the accounts that entries (book, lines) name and locks every balance they and the holds stand on, in one order:
-- whoever touches balances more than once in a transaction locks them all first.
create function ledger.lock_balances(p_entries jsonb, p_holds uuid[]) returns void language plpgsql as $$
begin
    perform ledger.open_account(l.book, l.code, l.currency, l.subject)
    from (
        select distinct e.book, l.code, l.currency, l.subject
        from jsonb_to_recordset(p_entries) as e (book uuid, lines jsonb)
        cross join lateral jsonb_to_recordset(e.lines) as l (code text, currency text, subject uuid)
        order by 1, 2, 3, 4
    ) l
    where not exists (
        select from ledger.account a
        where a.book_id = l.book and a.code = l.code and a.currency = l.currency
          and a.subject_id = coalesce(l.subject, '00000000-0000-0000-0000-000000000000'));
    perform from (
        select from ledger.account a join ledger.balance b on b.account_id = a.account_id and b.stripe = pg_backend_pid() % a.stripes
        where a.account_id in (
            select n.account_id
            from jsonb_to_recordset(p_entries) as e (book uuid, lines jsonb)
            cross join lateral jsonb_to_recordset(e.lines) as l (code text, currency text, subject uuid)
            join ledger.account n on n.book_id = e.book and n.code = l.code and n.currency = l.currency
                and n.subject_id = coalesce(l.subject, '00000000-0000-0000-0000-000000000000')
            union
            select h.account_id from ledger.hold h where h.hold_id = any (p_holds))
        order by a.limited, a.account_id for update of b
    ) locked;
end $$;

-- One entry, one call, one round trip. The lock is an expression and not part of the query below, whose snapshot has to
-- be taken after it; what would refuse the entry is only looked into once the query finds no epoch.
create function ledger.post_entry(
    p_book uuid, p_key uuid, p_hash bytea, p_on date, p_kind text, p_event uuid, p_actor uuid, p_approval uuid, p_reason text,
    p_evidence bytea, p_functional text, p_lines jsonb, p_consumes jsonb default null, out entry_id bigint, out replayed boolean
) language plpgsql security definer set search_path = pg_catalog, ledger, pg_temp as $$
declare
    epoch integer;
    locked boolean := pg_advisory_xact_lock_shared(
        hashtext(p_book::text), extract(year from p_on)::integer * 12 + extract(month from p_on)::integer) is null;
begin
    insert into idempotency values (p_book, p_key, p_hash, nextval('entry_number')) on conflict do nothing
    returning answer, (
        select b.seal_epoch from book b
        where b.book_id = p_book and b.functional_currency = p_functional and p_kind <> 'REVERSAL' and p_on >= b.locked_before)
    into entry_id, epoch;
    replayed := not found;
    if replayed then
        select c.entry_id into entry_id from claim_key(p_book, p_key, p_hash, 0, null) c;
        return;
    elsif epoch is null then
        perform require_entry(p_book, p_functional, p_kind);
        perform require_open(p_book, p_on, p_actor, p_kind, entry_id);
        epoch := (select b.seal_epoch from book b where b.book_id = p_book);
    end if;
    if p_consumes is not null then
        perform lock_holds((select array_agg(c.hold) from jsonb_to_recordset(p_consumes) as c (hold uuid)));
        perform lock_balances(jsonb_build_array(jsonb_build_object('book', p_book, 'lines', p_lines)), (
            select array_agg(c.hold) from jsonb_to_recordset(p_consumes) as c (hold uuid)));
        perform use_holds(p_consumes, p_book, entry_id, p_event, p_actor);
    end if;
    entry_id := write_entry(entry_id, p_book, p_on, p_kind, p_event, p_actor, p_approval, p_reason, p_evidence, epoch, p_lines);
end $$;

-- Whether an entry gives room to what others count against: such an entry is written alone, so that those before it are
-- checked without it. 0006_fund_control says when.
create function ledger.gives_room(p_lines jsonb) returns boolean language sql immutable as 'select false';

-- Writes entries in the order of their places, each run of one year by one statement.
create function ledger.write_entries(p_entries ledger.batch_entry[], p_actor uuid, p_approval uuid) returns void language plpgsql as $$
declare
    run record;
begin
    for run in
        select r.year, array_agg(r.entry order by r.place) as entries
        from (
            select b.*, sum((b.alone or b.after_alone or b.year <> b.year_before)::integer) over (order by b.place) as number
            from (
                select s.*, lag(s.alone, 1, false) over (order by s.place) as after_alone,
                       lag(s.year, 1, s.year) over (order by s.place) as year_before
                from (
                    select e as entry, e.place, extract(year from e.day)::integer as year,
                           jsonb_path_exists(e.lines, '$[*].contract') and ledger.gives_room(e.lines) as alone
                    from unnest(p_entries) e) s) b) r
        group by r.number, r.year order by r.number
    loop
        if run.year not between 2000 and 2060 then
            perform ledger.refuse('entry.date', format('no partition for %s', run.entries[1].day));
        end if;
        execute format('select ledger.write_run_%s($1, $2, $3)', run.year) using run.entries, p_actor, p_approval;
    end loop;
end $$;

-- Several entries over any books, all or none: months and keys first, then every balance once, in order, then the entries.
-- Keys are looked up by index and not joined, or a plan made for a small batch is quadratic in a large one.
create function ledger.post_entries(p_batch jsonb, p_actor uuid, p_approval uuid, p_consumes jsonb default null)
returns table (ordinal integer, entry_id bigint, replayed boolean) language plpgsql
    security definer set search_path = pg_catalog, ledger, pg_temp as $$
declare
    batch batch_entry[];
    fresh batch_entry[];
    claimed integer;
    reused uuid;
    consumed uuid[] := (select array_agg(c.hold) from jsonb_to_recordset(p_consumes) as c (hold uuid));
begin
    select array_agg(row(b.place, nextval('entry_number'), b.book, b.day, b.kind, b.event, b.reason, decode(b.evidence, 'hex'), b.lines,
                         b.key, decode(b.hash, 'hex'), b.functional)::batch_entry)
    into batch
    from rows from (jsonb_to_recordset(p_batch) as (
        book uuid, "on" date, kind text, event uuid, reason text, evidence text, lines jsonb, key uuid, hash text, functional text
    )) with ordinality as b (book, day, kind, event, reason, evidence, lines, key, hash, functional, place);
    perform require_entry(e.book, e.functional, e.kind)
    from (select b.book, b.functional, b.kind from unnest(batch) b group by 1, 2, 3 order by min(b.place)) e;
    perform lock_month(m.book, m.month)
    from (select distinct b.book, date_trunc('month', b.day)::date as month from unnest(batch) b order by 1, 2) m;
    insert into idempotency
    select b.book, b.key, b.hash, b.id::text from unnest(batch) b order by b.book, b.key, b.place
    on conflict do nothing;
    get diagnostics claimed = row_count;
    fresh := batch;
    if claimed < cardinality(batch) then
        select array_agg(b order by b.place) filter (where i.answer = b.id::text),
               (array_agg(b.key order by b.place) filter (where i.request_hash <> b.hash))[1]
        into fresh, reused
        from unnest(batch) b
        cross join lateral (
            select i.answer, i.request_hash from idempotency i where i.book_id = b.book and i.key = b.key offset 0) i;
        if reused is not null then
            perform refuse('key.reused', format('key %s', reused));
        end if;
    end if;
    perform require_open(e.book, e.day, p_actor, e.kind, e.id)
    from (
        select f.* from unnest(fresh) f
        where exists (
            select from period p
            where p.book_id = f.book and p.month >= date_trunc('month', f.day)::date and p.state <> 'OPEN')
        order by f.place) e;
    if consumed is not null then
        perform lock_holds(consumed);
    end if;
    perform lock_balances((
        select jsonb_agg(jsonb_build_object('book', d.book, 'lines', jsonb_build_array(to_jsonb(d) - 'book')))
        from (
            select distinct f.book, l.code, l.currency, l.subject, l.contract
            from unnest(fresh) f
            cross join lateral jsonb_to_recordset(f.lines) as l (code text, currency text, subject uuid, contract uuid)) d
    ), consumed);
    if consumed is not null and fresh[1].place = 1 then
        perform use_holds(p_consumes, fresh[1].book, fresh[1].id, fresh[1].event, p_actor);
    end if;
    perform write_entries(fresh, p_actor, p_approval);
    return query
        select b.place, i.answer::bigint, i.answer <> b.id::text
        from unnest(batch) b
        cross join lateral (select i.answer from idempotency i where i.book_id = b.book and i.key = b.key offset 0) i
        order by b.place;
end $$;

-- The same lines, the same sides, the amounts negated: red ink.
create function ledger.reverse_entry(
    p_original bigint, p_key uuid, p_hash bytea, p_on date, p_event uuid, p_actor uuid, p_approval uuid, p_reason text,
    p_evidence bytea, out entry_id bigint, out replayed boolean
) language plpgsql security definer set search_path = pg_catalog, ledger, pg_temp as $$
declare
    original entry;
    year integer := extract(year from p_on);
begin
    select * into original from entry e where e.entry_id = p_original;
    if not found then
        perform refuse('entry.unknown', format('no entry %s', p_original));
    elsif year not between 2000 and 2060 then
        perform refuse('entry.date', format('no partition for %s', p_on));
    elsif header_fault('ACTUAL', 2, null, null, p_reason, p_evidence) is not null then
        perform refuse(header_fault('ACTUAL', 2, null, null, p_reason, p_evidence), 'of a reversal');
    end if;
    perform lock_month(original.book_id, p_on);
    select c.entry_id, c.replayed into entry_id, replayed
    from claim_key(original.book_id, p_key, p_hash, nextval('entry_number'), null) c;
    if replayed then
        return;
    end if;
    perform require_open(original.book_id, p_on, p_actor, original.kind, entry_id);
    if original.kind = 'REVERSAL' then
        perform refuse('reversal.of-reversal', format('entry %s is a reversal', p_original));
    end if;
    insert into reversal values (p_original, entry_id);
    execute format('with header as (
                        insert into entry_p%1$s (entry_id, book_id, effective_on, kind, seal_epoch, line_count, event_id, reverses_id,
                            reverses_on, actor_id, approval_id, reason, evidence_sha256)
                        select $1, $2, $3, ''REVERSAL'', b.seal_epoch, $4, $5, $6, $7, $8, $9, $10, $11 from book b where b.book_id = $2)
                    insert into posting_p%1$s
                    select $1, line_no, $3, book_id, account_id, currency, -amount_minor, side, -functional_minor, rate_id, contract_id,
                           tranche_id, disbursement_id, claim_id, heading, pocket_id, party_id
                    from posting_p%2$s p where p.entry_id = $6', year, extract(year from original.effective_on))
    using entry_id, original.book_id, p_on, original.line_count, p_event, p_original, original.effective_on, p_actor, p_approval,
          p_reason, p_evidence;
end $$;

create function ledger.set_period(p_book uuid, p_on date, p_state text, p_actor uuid) returns void language plpgsql
    security definer set search_path = pg_catalog, ledger, pg_temp as $$
begin
    if not exists (select from book b where b.book_id = p_book) then
        perform refuse('book.unknown', format('no book %s', p_book));
    end if;
    perform pg_advisory_xact_lock(
        hashtext(p_book::text), extract(year from p_on)::integer * 12 + extract(month from p_on)::integer);
    insert into period (book_id, month, state, changed_by) values (p_book, date_trunc('month', p_on)::date, p_state, p_actor)
    on conflict (book_id, month) do update set state = excluded.state, changed_by = excluded.changed_by, changed_at = clock_timestamp();
end $$;
