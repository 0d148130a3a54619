-- A line that lowers what a cell counts, or raises its limit by what was received, gives room. Between such entries the
-- cells of a batch only fill up, so what a run adds up to is their fullest point, and each entry of it is checked by it.
create or replace function ledger.gives_room(p_lines jsonb) returns boolean language sql stable as $$
    select exists (
        select from jsonb_to_recordset(p_lines) as l (code text, contract uuid, amount bigint)
        join ledger.budget_cell b on b.contract_id = l.contract
        where l.amount < 0 and (l.code = any (b.counts) or l.code = any (b.raised_by)))
$$;
