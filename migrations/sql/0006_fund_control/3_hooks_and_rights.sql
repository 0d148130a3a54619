-- A batch locks all its balances first; now also the cells, behind them and in one order, as a single entry does.
alter function ledger.lock_balances(jsonb, uuid[]) rename to lock_accounts;
create function ledger.lock_balances(p_entries jsonb, p_holds uuid[]) returns void language plpgsql as $$
begin
    perform ledger.lock_accounts(p_entries, p_holds);
    perform from (
        select from ledger.budget_cell b
        where b.contract_id in (
            select l.contract
            from jsonb_to_recordset(p_entries) as e (lines jsonb)
            cross join lateral jsonb_to_recordset(e.lines) as l (contract uuid)
            where l.contract is not null)
        order by b.contract_id, b.line, b.year for update
    ) locked;
end $$;

do $$
declare
    each text;
begin
    for each in select y::text from generate_series(2000, 2060) y loop
        execute format('create trigger posting_counted after insert on ledger.posting_p%s referencing new table as new_rows
                        for each statement execute function ledger.count_postings()', each);
    end loop;
    foreach each in array array['budget_cell', 'commitment'] loop
        execute format('create trigger %s_kept before truncate on ledger.%s
                        for each statement execute function ledger.forbid_change()', each, each);
    end loop;
    revoke all on all functions in schema ledger from public;
    grant select on ledger.budget_cell, ledger.commitment to hetao_app;
    grant execute on function ledger.commit_cost(uuid, jsonb) to hetao_app;
    grant execute on function ledger.set_budget_cells(uuid, uuid, text, jsonb) to hetao_app;
end $$;
