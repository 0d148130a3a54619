-- Brings the cells up to date, in the order of their keys. Spending beyond a limit fails on budget_cell_within. Facts do
-- not: a bank's own charge, and money that goes back to the funder, may leave a cell exceeded, and nothing more is spent
-- until it is within its limit again.
create function ledger.change_cells(p_changes ledger.cell_change[]) returns void language plpgsql
    security definer set search_path = pg_catalog, ledger, pg_temp as $$
declare
    cell record;
begin
    -- shared with everybody who spends; set_budget_cells takes it alone while it counts
    perform pg_advisory_xact_lock_shared(hashtext('ledger.budget_cell'), hashtext(l.contract_id::text))
    from (select distinct c.contract_id from unnest(p_changes) c order by 1) l;
    for cell in
        select b.contract_id, b.line, b.year,
               coalesce(sum(c.committed) filter (where c.code = any (b.counts)), 0)::bigint as committed,
               coalesce(sum(c.actual) filter (where c.code = any (b.counts)), 0)::bigint as actual,
               coalesce(-sum(c.actual) filter (where c.code = any (b.raised_by)), 0)::bigint as received,
               (greatest(0, coalesce(sum(c.actual) filter (where c.code = '5901' and c.code = any (b.counts)), 0))
                + greatest(0, coalesce(sum(c.actual) filter (where c.code = any (b.raised_by)), 0)))::bigint as facts
        from unnest(p_changes) c
        join budget_cell b on b.contract_id = c.contract_id and b.book_id = c.book_id and b.currency = c.currency
            and c.effective_on between b.first_day and b.last_day and (c.code = any (b.counts) or c.code = any (b.raised_by))
        group by b.contract_id, b.line, b.year
        order by b.contract_id, b.line, b.year
    loop
        update budget_cell b
        set committed_minor = b.committed_minor + cell.committed, actual_minor = b.actual_minor + cell.actual,
            received_minor = b.received_minor + cell.received, version = b.version + 1,
            exceeded_minor = greatest(0, least(
                b.exceeded_minor + cell.facts,
                b.committed_minor + cell.committed + b.actual_minor + cell.actual
                    - b.budget_minor - b.received_minor - cell.received))
        where b.contract_id = cell.contract_id and b.line = cell.line and b.year = cell.year;
    end loop;
end $$;

-- Fires after posting_checked, so cells are always locked after balances. An entry without a contract costs one look at
-- its lines; one with a contract turns the commitments of its approval into actual cost in the same update.
create function ledger.count_postings() returns trigger language plpgsql as $$
declare
    changes ledger.cell_change[];
    settled ledger.cell_change[];
begin
    if not exists (select from new_rows n where n.contract_id is not null) then
        return null;
    end if;
    select array_agg(row(n.book_id, n.contract_id, a.code, n.currency, n.effective_on, n.amount_minor, 0)::ledger.cell_change)
    into changes
    from new_rows n
    join lateral (select a.code from ledger.account a where a.account_id = n.account_id offset 0) a on true
    where n.contract_id is not null
      and (exists (select from ledger.budget_cell b where b.contract_id = n.contract_id)
           or exists (select from ledger.commitment c where c.contract_id = n.contract_id));
    if changes is null then
        return null;
    end if;
    execute format(
        'with done as (
            delete from ledger.commitment c using (
                select distinct e.approval_id from new_rows n
                join ledger.%I e on e.entry_id = n.entry_id and e.effective_on = n.effective_on
                where e.approval_id is not null) s
            where c.source_id = s.approval_id returning c.*)
        select array_agg(row(d.book_id, d.contract_id, d.code, d.currency, d.effective_on, 0, -d.amount_minor)::ledger.cell_change)
        from done d', replace(tg_table_name, 'posting', 'entry')) into settled;
    perform ledger.change_cells(changes || coalesce(settled, '{}'));
    return null;
end $$;

-- What a source commits from now on, in place of what it committed before; no lines: nothing any more.
create function ledger.commit_cost(p_source uuid, p_lines jsonb) returns void language plpgsql
    security definer set search_path = pg_catalog, ledger, pg_temp as $$
declare
    changes cell_change[];
begin
    perform pg_advisory_xact_lock(hashtext('ledger.commitment'), hashtext(p_source::text));
    with gone as (delete from commitment c where c.source_id = p_source returning c.*)
    select array_agg(row(g.book_id, g.contract_id, g.code, g.currency, g.effective_on, 0, -g.amount_minor)::cell_change)
    into changes from gone g;
    with come as (
        insert into commitment
        select p_source, l.number, l.book, l.contract, l.code, l.currency, l.amount, l."on"
        from rows from (jsonb_to_recordset(p_lines) as (
            book uuid, contract uuid, code text, currency text, amount bigint, "on" date))
            with ordinality as l (book, contract, code, currency, amount, "on", number)
        returning *)
    select coalesce(changes, '{}') || coalesce(
        array_agg(row(c.book_id, c.contract_id, c.code, c.currency, c.effective_on, 0, c.amount_minor)::cell_change), '{}')
    into changes from come c;
    perform change_cells(changes);
end $$;

-- The limits of a contract as its terms and budget say now. Cells that are not named fall away. Everything is counted
-- from the postings, so limits may come after history; what stands beyond a lowered limit is a fact and is kept as such.
create function ledger.set_budget_cells(p_contract uuid, p_book uuid, p_currency text, p_cells jsonb) returns void
    language plpgsql security definer set search_path = pg_catalog, ledger, pg_temp as $$
begin
    perform pg_advisory_xact_lock(hashtext('ledger.budget_cell'), hashtext(p_contract::text));
    delete from budget_cell b where b.contract_id = p_contract;
    with posted as (
        select a.code, p.effective_on as day, sum(p.amount_minor) as amount
        from posting p join account a using (account_id)
        where p.contract_id = p_contract and p.book_id = p_book and p.currency = p_currency
        group by 1, 2)
    insert into budget_cell (
        contract_id, line, year, first_day, last_day, currency, budget_minor, received_minor, committed_minor, actual_minor,
        exceeded_minor, enforced, book_id, counts, raised_by)
    select p_contract, s.line, s.year, s.first_day, s.last_day, p_currency, s.budget, s.received, s.committed, s.actual,
           greatest(0, s.committed + s.actual - s.budget - s.received), s.enforced, p_book, s.counts, s.raised_by
    from (
        select l.line, coalesce(l.year, 0) as year, l.first_day, l.last_day, l.budget, l.enforced, l.counts, coalesce(l.raised_by, '{}') as raised_by,
               coalesce((select -sum(p.amount) from posted p where p.code = any (l.raised_by) and p.day between l.first_day and l.last_day), 0) as received,
               coalesce((select sum(p.amount) from posted p where p.code = any (l.counts) and p.day between l.first_day and l.last_day), 0) as actual,
               coalesce((
                   select sum(c.amount_minor) from commitment c
                   where c.contract_id = p_contract and c.book_id = p_book and c.currency = p_currency and c.code = any (l.counts)
                     and c.effective_on between l.first_day and l.last_day), 0) as committed
        from jsonb_to_recordset(p_cells) as l (
            line text, year smallint, first_day date, last_day date, budget bigint, enforced boolean, counts text[], raised_by text[])
    ) s;
end $$;
