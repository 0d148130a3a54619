-- Why a posting into the month is refused, or under which exception it is noted. Called under the month's lock, only for
-- months that are not simply open. Sealing a month seals every month before it.
create or replace function ledger.require_open(p_book uuid, p_on date, p_actor uuid, p_kind text, p_entry_id bigint) returns void
    language plpgsql security definer set search_path = pg_catalog, ledger, pg_temp as $$
declare
    of_month date := date_trunc('month', p_on)::date;
    given uuid;
begin
    if exists (select from period p where p.book_id = p_book and p.month >= of_month and p.state = 'SEALED') then
        perform refuse('period.sealed', to_char(p_on, 'YYYY-MM'));
    elsif not exists (select from period p where p.book_id = p_book and p.month = of_month and p.state = 'CLOSING') then
        return;
    elsif p_kind = 'REVALUATION' and exists (
        select from revaluation r where r.book_id = p_book and r.month in (of_month, (of_month - interval '1 month')::date) and r.xact = pg_current_xact_id()) then
        return;
    end if;
    select x.exception_id into given from period_exception x
    where x.book_id = p_book and x.month = of_month and x.person_id = p_actor
      and x.given_at <= clock_timestamp() and x.expires_at > clock_timestamp()
      and not exists (select from period_exception_end e where e.exception_id = x.exception_id)
    order by x.expires_at desc limit 1;
    if given is null then
        perform refuse('period.closed', to_char(p_on, 'YYYY-MM'));
    end if;
    insert into period_exception_use values (p_entry_id, given);
end $$;

-- The lock every posting into the month shares, taken alone.
create function ledger.lock_period(p_book uuid, p_on date) returns void language sql as $$
    select pg_advisory_xact_lock(
        hashtext(p_book::text), extract(year from p_on)::integer * 12 + extract(month from p_on)::integer)
$$;

create or replace function ledger.set_period(p_book uuid, p_on date, p_state text, p_actor uuid) returns void
    language plpgsql security definer set search_path = pg_catalog, ledger, pg_temp as $$
begin
    if not exists (select from book b where b.book_id = p_book) then
        perform refuse('book.unknown', format('no book %s', p_book));
    elsif p_state not in ('OPEN', 'CLOSING') then
        perform refuse('period.state', 'a month is sealed by seal_period');
    end if;
    perform lock_period(p_book, p_on);
    if exists (select from period p where p.book_id = p_book and p.month >= date_trunc('month', p_on)::date and p.state = 'SEALED') then
        perform refuse('period.sealed', to_char(p_on, 'YYYY-MM'));
    end if;
    insert into period (book_id, month, state, changed_by, started_by)
    values (p_book, date_trunc('month', p_on)::date, p_state, p_actor, case p_state when 'CLOSING' then p_actor end)
    on conflict (book_id, month) do update
    set state = excluded.state, changed_by = excluded.changed_by, changed_at = clock_timestamp(), started_by = excluded.started_by;
end $$;

-- Takes every month from the last sealed one up to this alone, so that nothing is under way in any of them.
create function ledger.lock_for_sealing(p_book uuid, p_month date) returns void language plpgsql
    security definer set search_path = pg_catalog, ledger, pg_temp as $$
declare
    each date;
begin
    perform pg_advisory_xact_lock(hashtext(p_book::text), 0);
    each := coalesce(
        (select max(p.month) + interval '1 month' from period p where p.book_id = p_book and p.state = 'SEALED'), '2000-01-01');
    while each <= p_month loop
        perform lock_period(p_book, each);
        each := each + interval '1 month';
    end loop;
end $$;

create function ledger.seal_period(p_book uuid, p_month date, p_actor uuid, p_pack bytea) returns void language plpgsql
    security definer set search_path = pg_catalog, ledger, pg_temp as $$
declare
    found_row period;
    open_from date;
    closes_on date := (p_month + interval '1 month')::date - 1;
begin
    perform lock_for_sealing(p_book, p_month);
    select * into found_row from period p where p.book_id = p_book and p.month = p_month;
    open_from := coalesce(
        (select max(p.month) + interval '1 month' from period p where p.book_id = p_book and p.state = 'SEALED'), '2000-01-01');
    if p_month < open_from then
        perform refuse('period.sealed', to_char(p_month, 'YYYY-MM'));
    elsif found_row.state is distinct from 'CLOSING' then
        perform refuse('period.not-closing', to_char(p_month, 'YYYY-MM'));
    elsif found_row.started_by = p_actor then
        perform refuse('period.second-person', to_char(p_month, 'YYYY-MM'));
    elsif exists (
        select from entry e where e.book_id = p_book and e.effective_on >= open_from and e.effective_on < p_month) then
        perform refuse('period.order', to_char(p_month, 'YYYY-MM'));
    elsif exists (
        select from entry e where e.book_id = p_book and e.effective_on between p_month and closes_on
          and not exists (select from seal_leaf l where l.entry_id = e.entry_id)) then
        perform refuse('period.unsealed', to_char(p_month, 'YYYY-MM'));
    end if;
    perform write_closes(p_book, open_from, closes_on);
    insert into period_pack values (p_book, p_month, sha256(p_pack), p_pack);
    update period p set state = 'SEALED', changed_by = p_actor, changed_at = clock_timestamp()
    where p.book_id = p_book and p.month = p_month;
end $$;

-- For each account that moved since the last close: the last close and the days since.
create function ledger.write_closes(p_book uuid, p_from date, p_closes_on date) returns void language sql
    security definer set search_path = pg_catalog, ledger, pg_temp as $$
    insert into balance_close (account_id, closed_on, block_no, debit_minor, credit_minor, functional_minor)
    select a.account_id, p_closes_on, greatest(moved.block_no, last.block_no), moved.debit + coalesce(last.debit_minor, 0),
           moved.credit + coalesce(last.credit_minor, 0), moved.functional + coalesce(last.functional_minor, 0)
    from account a
    join lateral (
        select max(d.block_no) as block_no, sum(d.debit_minor) as debit, sum(d.credit_minor) as credit,
               sum(d.functional_minor) as functional
        from balance_day d where d.account_id = a.account_id and d.effective_on between p_from and p_closes_on
        having count(*) > 0) moved on true
    left join lateral (
        select * from balance_close c where c.account_id = a.account_id order by c.closed_on desc limit 1) last on true
    where a.book_id = p_book
$$;

create function ledger.give_exception(
    p_id uuid, p_book uuid, p_month date, p_person uuid, p_given_by uuid, p_reason text, p_given_at timestamptz, p_expires_at timestamptz
) returns void language plpgsql security definer set search_path = pg_catalog, ledger, pg_temp as $$
begin
    if exists (select from period p where p.book_id = p_book and p.month >= p_month and p.state = 'SEALED') then
        perform refuse('period.sealed', to_char(p_month, 'YYYY-MM'));
    end if;
    insert into period_exception values (p_id, p_book, p_month, p_person, p_given_by, p_reason, p_given_at, p_expires_at);
end $$;

create function ledger.end_exception(p_id uuid, p_ended_by uuid, p_ended_at timestamptz) returns void language sql
    security definer set search_path = pg_catalog, ledger, pg_temp as $$
    insert into period_exception_end values (p_id, p_ended_by, p_ended_at) on conflict do nothing
$$;

create function ledger.add_period_note(
    p_book uuid, p_month date, p_check text, p_note text, p_actor uuid, p_noted_at timestamptz
) returns void language sql security definer set search_path = pg_catalog, ledger, pg_temp as $$
    insert into period_note (book_id, month, check_code, note, actor_id, noted_at)
    values (p_book, p_month, p_check, p_note, p_actor, p_noted_at)
$$;

-- Announces a revaluation and gives it a number in its month; the entry follows in the same transaction.
create function ledger.begin_revaluation(
    p_book uuid, p_month date, p_event uuid, p_rate uuid, p_foreign bigint, p_carried bigint, p_worth bigint, p_actor uuid,
    p_run_at timestamptz
) returns integer language sql security definer set search_path = pg_catalog, ledger, pg_temp as $$
    insert into revaluation (book_id, month, number, event_id, rate_id, foreign_minor, carried_minor, worth_minor, actor_id, run_at)
    select p_book, p_month, 1 + count(*), p_event, p_rate, p_foreign, p_carried, p_worth, p_actor, p_run_at
    from revaluation r where r.book_id = p_book and r.month = p_month
    returning number
$$;

-- The hard lock moves forward only, for the owner too.
create function ledger.keep_sealed() returns trigger language plpgsql as $$
begin
    raise exception using errcode = '42501', constraint = 'period_sealed',
        message = format('the month %s is sealed for good', to_char(old.month, 'YYYY-MM'));
end $$;
create trigger period_stays_sealed before update on ledger.period
    for each row when (old.state = 'SEALED') execute function ledger.keep_sealed();
