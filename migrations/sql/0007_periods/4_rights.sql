do $$
declare
    each text;
begin
    foreach each in array array['period_exception', 'period_exception_end', 'period_exception_use', 'period_note', 'revaluation',
                                'period_pack', 'balance_close'] loop
        execute format('create trigger %s_frozen before update or delete or truncate on ledger.%s
                        for each statement execute function ledger.forbid_change()', each, each);
    end loop;
    revoke all on all functions in schema ledger from public;
    grant select on all tables in schema ledger to hetao_app;
    for each in
        select p.oid::regprocedure::text from pg_proc p join pg_namespace n on n.oid = p.pronamespace
        where n.nspname = 'ledger' and p.proname in (
            'lock_for_sealing', 'seal_period', 'give_exception', 'end_exception', 'add_period_note', 'begin_revaluation',
            'account_standing', 'unsealed_movement', 'book_standing')
    loop
        execute format('grant execute on function %s to hetao_app', each);
    end loop;
end $$;
