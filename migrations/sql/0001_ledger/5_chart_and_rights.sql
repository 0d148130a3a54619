-- The chart of accounts as app/ledger/chart.py explains it; a later account comes with a migration of its own.
insert into ledger.chart (code, name, kind, role, subject, normal_side, limited, stripes, heading) values
    ('1001', 'Bank', 'ASSET', 'BANK', 'BANK_ACCOUNT', 'D', false, 16, null),
    ('1101', 'Advances and prepayments', 'ASSET', 'PLAIN', 'NONE', 'D', true, 1, null),
    ('2101', 'Institution clearing', 'LIABILITY', 'PLAIN', 'NONE', 'C', false, 16, null),
    ('2201', 'Payments in transit', 'LIABILITY', 'PLAIN', 'NONE', 'C', false, 16, null),
    ('2301', 'Payable to claimants', 'LIABILITY', 'PLAIN', 'NONE', 'C', false, 16, null),
    ('2401', 'Refunds payable', 'LIABILITY', 'PLAIN', 'NONE', 'C', false, 16, null),
    ('3101', 'Pocket', 'EQUITY', 'POCKET', 'POCKET', 'C', true, 1, null),
    ('3201', 'Funds applied', 'EQUITY', 'PLAIN', 'NONE', 'C', false, 16, null),
    ('3901', 'Opening balance', 'EQUITY', 'PLAIN', 'NONE', 'C', false, 16, null),
    ('4101', 'Grant received', 'INCOME', 'PLAIN', 'NONE', 'C', false, 16, null),
    ('4201', 'Interest', 'INCOME', 'PLAIN', 'NONE', 'C', false, 16, null),
    ('4301', 'Sponsorship in cash', 'INCOME', 'PLAIN', 'NONE', 'C', false, 16, null),
    ('4302', 'Sponsorship in kind', 'INCOME', 'PLAIN', 'NONE', 'C', false, 16, null),
    ('4401', 'Sale of assets', 'INCOME', 'PLAIN', 'NONE', 'C', false, 16, null),
    ('4501', 'Recovered grant of this year', 'INCOME', 'PLAIN', 'NONE', 'C', false, 16, null),
    ('4502', 'Recovered grant of earlier years', 'INCOME', 'PLAIN', 'NONE', 'C', false, 16, null),
    ('4503', 'Recovered interest', 'INCOME', 'PLAIN', 'NONE', 'C', false, 16, null),
    ('4504', 'Other recoveries', 'INCOME', 'PLAIN', 'NONE', 'C', false, 16, null),
    ('4901', 'Other income', 'INCOME', 'PLAIN', 'NONE', 'C', false, 16, null),
    ('5101', 'Salary', 'EXPENSE', 'COST', 'NONE', 'D', false, 16, 'SALARY'),
    ('5102', 'MPF and social insurance', 'EXPENSE', 'COST', 'NONE', 'D', false, 16, 'SOCIAL_INSURANCE'),
    ('5103', 'Student stipend', 'EXPENSE', 'COST', 'NONE', 'D', false, 16, 'STUDENT_STIPEND'),
    ('5104', 'Labour', 'EXPENSE', 'COST', 'NONE', 'D', false, 16, 'LABOUR'),
    ('5105', 'Expert fee', 'EXPENSE', 'COST', 'NONE', 'D', false, 16, 'EXPERT_FEE'),
    ('5106', 'Performance pay', 'EXPENSE', 'COST', 'NONE', 'D', false, 16, 'PERFORMANCE_PAY'),
    ('5201', 'Equipment purchase', 'EXPENSE', 'COST', 'NONE', 'D', false, 16, 'EQUIPMENT_PURCHASE'),
    ('5202', 'Equipment lease and use', 'EXPENSE', 'COST', 'NONE', 'D', false, 16, 'EQUIPMENT_LEASE'),
    ('5301', 'Materials', 'EXPENSE', 'COST', 'NONE', 'D', false, 16, 'MATERIALS'),
    ('5302', 'Testing and processing', 'EXPENSE', 'COST', 'NONE', 'D', false, 16, 'TESTING'),
    ('5303', 'Fuel and power', 'EXPENSE', 'COST', 'NONE', 'D', false, 16, 'FUEL_AND_POWER'),
    ('5401', 'Travel', 'EXPENSE', 'COST', 'NONE', 'D', false, 16, 'TRAVEL'),
    ('5402', 'Conference and exchange', 'EXPENSE', 'COST', 'NONE', 'D', false, 16, 'CONFERENCE'),
    ('5403', 'Publication and intellectual property', 'EXPENSE', 'COST', 'NONE', 'D', false, 16, 'PUBLICATION_AND_IP'),
    ('5501', 'Construction', 'EXPENSE', 'COST', 'NONE', 'D', false, 16, 'CONSTRUCTION'),
    ('5601', 'Commissioned development', 'EXPENSE', 'COST', 'NONE', 'D', false, 16, 'COMMISSIONED_DEVELOPMENT'),
    ('5701', 'External audit fee', 'EXPENSE', 'COST', 'NONE', 'D', false, 16, 'AUDIT_FEE'),
    ('5801', 'Host management fee', 'EXPENSE', 'COST', 'NONE', 'D', false, 16, 'MANAGEMENT_FEE'),
    ('5802', 'On-cost and overhead', 'EXPENSE', 'COST', 'NONE', 'D', false, 16, 'OVERHEAD'),
    ('5901', 'Bank charge', 'EXPENSE', 'COST', 'NONE', 'D', false, 16, 'BANK_CHARGE'),
    ('5999', 'Other cost', 'EXPENSE', 'COST', 'NONE', 'D', false, 16, 'OTHER'),
    ('6101', 'Grants paid', 'EXPENSE', 'PLAIN', 'NONE', 'D', false, 16, null),
    ('6201', 'Bank charges', 'EXPENSE', 'PLAIN', 'NONE', 'D', false, 16, null),
    ('6301', 'Institution''s own cost', 'EXPENSE', 'PLAIN', 'NONE', 'D', false, 16, null),
    ('6401', 'Refund of unspent grant', 'EXPENSE', 'PLAIN', 'NONE', 'D', false, 16, null),
    ('6402', 'Refund of interest', 'EXPENSE', 'PLAIN', 'NONE', 'D', false, 16, null),
    ('6403', 'Other refunds to funder', 'EXPENSE', 'PLAIN', 'NONE', 'D', false, 16, null),
    ('7001', 'Currency trading', 'EQUITY', 'TRADING', 'NONE', 'C', false, 16, null),
    ('7101', 'Exchange difference, realised', 'EXPENSE', 'EXCHANGE', 'NONE', 'D', false, 16, null),
    ('7201', 'Exchange difference, unrealised', 'EXPENSE', 'EXCHANGE', 'NONE', 'D', false, 16, null),
    ('7301', 'Revaluation of foreign balances', 'ASSET', 'EXCHANGE', 'NONE', 'D', false, 16, null),
    ('7901', 'Rounding', 'EXPENSE', 'ROUNDING', 'NONE', 'D', false, 16, null);

-- The application reads everything and writes nothing but through the functions meant for it.
do $$
declare
    open_to_application text;
begin
    if not exists (select from pg_roles where rolname = 'hetao_app') then
        create role hetao_app nologin;
    end if;
    revoke all on schema ledger from public;
    revoke all on all functions in schema ledger from public;
    grant usage on schema ledger to hetao_app;
    grant select on all tables in schema ledger to hetao_app;
    for open_to_application in
        select p.oid::regprocedure::text from pg_proc p join pg_namespace n on n.oid = p.pronamespace
        where n.nspname = 'ledger' and p.proname in (
            'open_book', 'set_period', 'post_entry', 'post_entries', 'reverse_entry',
            'open_hold', 'raise_hold', 'move_hold', 'return_hold', 'consume_hold', 'release_hold')
    loop
        execute format('grant execute on function %s to hetao_app', open_to_application);
    end loop;
end $$;
