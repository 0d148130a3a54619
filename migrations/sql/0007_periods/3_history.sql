-- What stood on one account at the end of a day: the last close, the days since, and, where no block is asked, what is
-- posted and not sealed yet. Stable: all of it is read in the snapshot of the question. An entry that is not sealed yet
-- never lies in a sealed month.
create function ledger.account_standing(
    p_book uuid, p_account integer, p_at date, p_block bigint default null, out debit bigint, out credit bigint, out functional bigint
) language plpgsql stable set search_path = pg_catalog, ledger, pg_temp as $$
declare
    last balance_close;
    days record;
    tail record;
begin
    select * into last from balance_close c
    where c.account_id = p_account and c.closed_on <= p_at and (p_block is null or c.block_no <= p_block)
    order by c.closed_on desc limit 1;
    select coalesce(sum(d.debit_minor), 0) as debit, coalesce(sum(d.credit_minor), 0) as credit,
           coalesce(sum(d.functional_minor), 0) as functional into days
    from balance_day d
    where d.account_id = p_account and d.effective_on > coalesce(last.closed_on, '1999-12-31') and d.effective_on <= p_at
      and d.block_no <= coalesce(p_block, 9223372036854775807);
    debit := days.debit + coalesce(last.debit_minor, 0);
    credit := days.credit + coalesce(last.credit_minor, 0);
    functional := days.functional + coalesce(last.functional_minor, 0);
    if p_block is null then
        select coalesce(sum(t.debit), 0) as debit, coalesce(sum(t.credit), 0) as credit, coalesce(sum(t.functional), 0) as functional
        into tail from unsealed_movement(p_book, p_at) t where t.account_id = p_account;
        debit := debit + tail.debit;
        credit := credit + tail.credit;
        functional := functional + tail.functional;
    end if;
end $$;

-- What is posted in a book up to a day and not sealed yet, by account.
create function ledger.unsealed_movement(p_book uuid, p_at date)
returns table (account_id integer, debit bigint, credit bigint, functional bigint) language plpgsql stable
    set search_path = pg_catalog, ledger, pg_temp as $$
declare
    done seal_cursor;
    open_from date := coalesce(
        (select max(p.month) + interval '1 month' from period p where p.book_id = p_book and p.state = 'SEALED'), '2000-01-01');
begin
    select * into done from seal_cursor;
    return query
        select p.account_id, coalesce(sum(p.amount_minor) filter (where p.side = 'D'), 0)::bigint,
               coalesce(-sum(p.amount_minor) filter (where p.side = 'C'), 0)::bigint, sum(p.functional_minor)::bigint
        from entry e join posting p on p.entry_id = e.entry_id and p.effective_on = e.effective_on
        where (e.seal_epoch, e.xact, e.entry_id) > (done.seal_epoch, done.xact, done.entry_id) and e.book_id = p_book
          and e.effective_on between open_from and p_at and p.effective_on between open_from and p_at
        group by p.account_id;
end $$;

-- The same for every account of a book that had moved.
create function ledger.book_standing(p_book uuid, p_at date, p_block bigint default null)
returns table (account_id integer, debit bigint, credit bigint, functional bigint) language plpgsql stable
    set search_path = pg_catalog, ledger, pg_temp as $$
begin
    return query
        with sealed as (
            select a.account_id, coalesce(c.debit_minor, 0) + coalesce(d.debit, 0) as debit,
                   coalesce(c.credit_minor, 0) + coalesce(d.credit, 0) as credit,
                   coalesce(c.functional_minor, 0) + coalesce(d.functional, 0) as functional
            from account a
            left join lateral (
                select * from balance_close b
                where b.account_id = a.account_id and b.closed_on <= p_at and (p_block is null or b.block_no <= p_block)
                order by b.closed_on desc limit 1) c on true
            left join lateral (
                select sum(b.debit_minor)::bigint as debit, sum(b.credit_minor)::bigint as credit,
                       sum(b.functional_minor)::bigint as functional
                from balance_day b
                where b.account_id = a.account_id and b.effective_on > coalesce(c.closed_on, '1999-12-31')
                  and b.effective_on <= p_at and b.block_no <= coalesce(p_block, 9223372036854775807)) d on true
            where a.book_id = p_book and (c.account_id is not null or d.debit is not null)
        )
        select all_rows.account_id, sum(all_rows.debit)::bigint, sum(all_rows.credit)::bigint, sum(all_rows.functional)::bigint
        from (
            select s.* from sealed s
            union all
            select u.* from unsealed_movement(p_book, p_at) u where p_block is null
        ) all_rows
        group by all_rows.account_id;
end $$;
