-- Money reserved on a pocket. A hold's row is locked before any balance; its events add up to what remains.
create function ledger.lock_holds(p_holds uuid[]) returns void language plpgsql
    security definer set search_path = pg_catalog, ledger, pg_temp as $$
declare
    seen integer;
begin
    select count(*) into seen from (select from hold h where h.hold_id = any (p_holds) order by h.hold_id for update) l;
    if seen <> (select count(distinct id) from unnest(p_holds) id) then
        perform refuse('hold.unknown', 'no such hold');
    end if;
end $$;

create function ledger.change_balance_held(p_account integer, p_change bigint) returns void language sql
    security definer set search_path = pg_catalog, ledger, pg_temp as $$
    update balance
    set held_minor = held_minor + p_change, available_minor = available_minor - p_change, version = version + 1
    where account_id = p_account and stripe = 0
$$;

-- Takes `p_amount` out of a locked, open hold; a child with nothing left closes, a contract's own hold stays open.
create function ledger.take_from_hold(p_hold uuid, p_amount bigint, p_currency text, p_may_close boolean) returns ledger.hold language plpgsql
    security definer set search_path = pg_catalog, ledger, pg_temp as $$
declare
    taken hold;
begin
    select * into taken from hold h where h.hold_id = p_hold;
    if taken.state <> 'OPEN' then
        perform refuse('hold.closed', format('hold %s is closed', p_hold));
    elsif p_amount <= 0 or coalesce(p_currency, taken.currency) <> taken.currency then
        perform refuse('hold.amount', format('%s %s from a hold in %s', p_currency, p_amount, taken.currency));
    elsif p_amount > taken.remaining_minor then
        perform refuse('hold.insufficient', format('hold %s has %s left, not %s', p_hold, taken.remaining_minor, p_amount));
    end if;
    update hold h
    set remaining_minor = h.remaining_minor - p_amount,
        state = case when p_may_close and h.remaining_minor = p_amount then 'CLOSED' else h.state end
    where h.hold_id = p_hold returning * into taken;
    return taken;
end $$;

-- Uses up holds for an entry, whose posting then takes what they freed.
create function ledger.use_holds(p_consumes jsonb, p_book uuid, p_entry_id bigint, p_event uuid, p_actor uuid) returns void language plpgsql
    security definer set search_path = pg_catalog, ledger, pg_temp as $$
declare
    item record;
    taken hold;
begin
    perform lock_holds((select array_agg(c.hold) from jsonb_to_recordset(p_consumes) as c (hold uuid)));
    for item in select c.* from jsonb_to_recordset(p_consumes) as c (hold uuid, amount bigint, currency text) loop
        taken := take_from_hold(item.hold, item.amount, item.currency, (select h.parent_id is not null from hold h where h.hold_id = item.hold));
        if taken.book_id <> p_book then
            perform refuse('hold.unknown', format('hold %s is not in this book', item.hold));
        end if;
        insert into hold_event (hold_id, kind, change_minor, entry_id, event_id, actor_id)
        values (item.hold, 'CONSUMED', -item.amount, p_entry_id, p_event, p_actor);
        perform change_balance_held(taken.account_id, -item.amount);
    end loop;
end $$;

create function ledger.open_hold(
    p_hold uuid, p_book uuid, p_key uuid, p_hash bytea, p_code text, p_currency text, p_subject uuid, p_amount bigint,
    p_contract uuid, p_disbursement uuid, p_parent uuid, p_actor uuid, out hold_id uuid, out replayed boolean
) language plpgsql security definer set search_path = pg_catalog, ledger, pg_temp as $$
declare
    pocket integer;
begin
    if not exists (select from book b where b.book_id = p_book) then
        perform refuse('book.unknown', format('no book %s', p_book));
    elsif not exists (select from chart c where c.code = p_code and c.role = 'POCKET') then
        perform refuse('hold.account', format('account %s is no pocket', p_code));
    end if;
    select c.hold_id, c.replayed into hold_id, replayed from claim_key(p_book, p_key, p_hash, null, p_hold) c;
    if replayed then
        return;
    end if;
    if p_parent is not null then
        perform lock_holds(array[p_parent]);
    end if;
    pocket := open_account(p_book, p_code, p_currency, p_subject);
    if p_parent is not null and not exists (
        select from hold h where h.hold_id = p_parent and h.account_id = pocket and h.contract_id = p_contract and h.parent_id is null
    ) then
        perform refuse('hold.no-parent', format('hold %s is not the contract''s on this pocket', p_parent));
    end if;
    insert into hold (hold_id, book_id, account_id, currency, pocket_id, contract_id, disbursement_id, parent_id, amount_minor, remaining_minor)
    values (p_hold, p_book, pocket, p_currency, p_subject, p_contract, p_disbursement, p_parent, p_amount, p_amount);
    insert into hold_event (hold_id, kind, change_minor, actor_id) values (p_hold, 'OPENED', p_amount, p_actor);
    perform change_balance_held(pocket, p_amount);
end $$;

-- Reserves more on a contract's own hold: an amendment that raises the contract.
create function ledger.raise_hold(
    p_hold uuid, p_key uuid, p_hash bytea, p_amount bigint, p_currency text, p_actor uuid, out hold_id uuid, out replayed boolean
) language plpgsql security definer set search_path = pg_catalog, ledger, pg_temp as $$
declare
    raised hold;
begin
    select * into raised from hold h where h.hold_id = p_hold;
    if not found then
        perform refuse('hold.unknown', format('no hold %s', p_hold));
    end if;
    select c.hold_id, c.replayed into hold_id, replayed from claim_key(raised.book_id, p_key, p_hash, null, p_hold) c;
    if replayed then
        return;
    end if;
    perform lock_holds(array[p_hold]);
    select * into raised from hold h where h.hold_id = p_hold;
    if raised.state <> 'OPEN' then
        perform refuse('hold.closed', format('hold %s is closed', p_hold));
    elsif raised.parent_id is not null then
        perform refuse('hold.no-parent', format('hold %s is a disbursement''s own', p_hold));
    elsif p_amount <= 0 or p_currency <> raised.currency then
        perform refuse('hold.amount', format('%s %s onto a hold in %s', p_currency, p_amount, raised.currency));
    end if;
    update hold h
    set amount_minor = h.amount_minor + p_amount, remaining_minor = h.remaining_minor + p_amount
    where h.hold_id = p_hold;
    insert into hold_event (hold_id, kind, change_minor, actor_id) values (p_hold, 'OPENED', p_amount, p_actor);
    perform change_balance_held(raised.account_id, p_amount);
end $$;

create function ledger.move_hold(
    p_hold uuid, p_child uuid, p_key uuid, p_hash bytea, p_amount bigint, p_currency text, p_disbursement uuid, p_actor uuid,
    out hold_id uuid, out replayed boolean
) language plpgsql security definer set search_path = pg_catalog, ledger, pg_temp as $$
declare
    parent hold;
begin
    select * into parent from hold h where h.hold_id = p_hold;
    if not found then
        perform refuse('hold.unknown', format('no hold %s', p_hold));
    end if;
    select c.hold_id, c.replayed into hold_id, replayed from claim_key(parent.book_id, p_key, p_hash, null, p_child) c;
    if replayed then
        return;
    end if;
    if parent.parent_id is not null then
        perform refuse('hold.no-parent', format('hold %s is a disbursement''s own', p_hold));
    end if;
    perform lock_holds(array[p_hold]);
    parent := take_from_hold(p_hold, p_amount, p_currency, false);
    insert into hold (hold_id, book_id, account_id, currency, pocket_id, contract_id, disbursement_id, parent_id, amount_minor, remaining_minor)
    values (p_child, parent.book_id, parent.account_id, parent.currency, parent.pocket_id, parent.contract_id, p_disbursement, p_hold, p_amount, p_amount);
    insert into hold_event (hold_id, kind, change_minor, other_id, actor_id)
    values (p_hold, 'MOVED', -p_amount, p_child, p_actor), (p_child, 'MOVED', p_amount, p_hold, p_actor);
end $$;

create function ledger.return_hold(
    p_hold uuid, p_key uuid, p_hash bytea, p_actor uuid, out hold_id uuid, out replayed boolean
) language plpgsql security definer set search_path = pg_catalog, ledger, pg_temp as $$
declare
    child hold;
    given bigint;
begin
    select * into child from hold h where h.hold_id = p_hold;
    if not found then
        perform refuse('hold.unknown', format('no hold %s', p_hold));
    end if;
    select c.hold_id, c.replayed into hold_id, replayed from claim_key(child.book_id, p_key, p_hash, null, coalesce(child.parent_id, p_hold)) c;
    if replayed then
        return;
    elsif child.parent_id is null then
        perform refuse('hold.no-parent', format('hold %s has no parent', p_hold));
    end if;
    perform lock_holds(array[p_hold, child.parent_id]);
    select * into child from hold h where h.hold_id = p_hold;
    given := child.remaining_minor;
    perform take_from_hold(p_hold, given, child.currency, true);
    update hold h set remaining_minor = h.remaining_minor + given where h.hold_id = child.parent_id and h.state = 'OPEN';
    if not found then
        perform refuse('hold.closed', format('hold %s is closed', child.parent_id));
    end if;
    insert into hold_event (hold_id, kind, change_minor, other_id, actor_id)
    values (p_hold, 'MOVED', -given, child.parent_id, p_actor), (child.parent_id, 'MOVED', given, p_hold, p_actor);
end $$;

create function ledger.consume_hold(
    p_hold uuid, p_key uuid, p_hash bytea, p_amount bigint, p_currency text, p_event uuid, p_actor uuid,
    out hold_id uuid, out replayed boolean
) language plpgsql security definer set search_path = pg_catalog, ledger, pg_temp as $$
declare
    used hold;
begin
    select * into used from hold h where h.hold_id = p_hold;
    if not found then
        perform refuse('hold.unknown', format('no hold %s', p_hold));
    end if;
    select c.hold_id, c.replayed into hold_id, replayed from claim_key(used.book_id, p_key, p_hash, null, p_hold) c;
    if replayed then
        return;
    end if;
    perform lock_holds(array[p_hold]);
    perform take_from_hold(p_hold, p_amount, p_currency, used.parent_id is not null);
    insert into hold_event (hold_id, kind, change_minor, event_id, actor_id) values (p_hold, 'CONSUMED', -p_amount, p_event, p_actor);
    perform change_balance_held(used.account_id, -p_amount);
end $$;

create function ledger.release_hold(
    p_hold uuid, p_key uuid, p_hash bytea, p_amount bigint, p_currency text, p_actor uuid, out hold_id uuid, out replayed boolean
) language plpgsql security definer set search_path = pg_catalog, ledger, pg_temp as $$
declare
    freed hold;
    given bigint;
begin
    select * into freed from hold h where h.hold_id = p_hold;
    if not found then
        perform refuse('hold.unknown', format('no hold %s', p_hold));
    end if;
    select c.hold_id, c.replayed into hold_id, replayed from claim_key(freed.book_id, p_key, p_hash, null, p_hold) c;
    if replayed then
        return;
    end if;
    perform lock_holds(array[p_hold]);
    select * into freed from hold h where h.hold_id = p_hold;
    given := coalesce(p_amount, freed.remaining_minor);
    if p_amount is null and freed.state = 'OPEN' and given = 0 then      -- nothing left: only close it
        update hold h set state = 'CLOSED' where h.hold_id = p_hold;
    else
        perform take_from_hold(p_hold, given, p_currency, p_amount is null or freed.parent_id is not null);
        perform change_balance_held(freed.account_id, -given);
    end if;
    insert into hold_event (hold_id, kind, change_minor, actor_id) values (p_hold, 'RELEASED', -given, p_actor);
end $$;
