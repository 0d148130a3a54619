-- Up to where every transaction that can write into this database has ended. A running transaction of another database on the same
-- server does not count. One that has only just begun or ended shows no place yet or any more: looked at again, and it counts if it
-- stays so. A later answer is never below an earlier one, therefore.
create function ledger.seal_watermark() returns xid8 language plpgsql
    security definer set search_path = pg_catalog, ledger, pg_temp as $$
declare
    watermark xid8;
    uncertain boolean;
begin
    for attempt in 1..50 loop
        perform pg_stat_clear_snapshot();
        select least(min(running.xid) filter (where place.datname is null or place.datname = current_database()),
                     pg_snapshot_xmax(pg_current_snapshot()), pg_current_xact_id_if_assigned()),
               coalesce(bool_or(place.datname is null and (held.pid is not null or held.locktype is null)), false)
        into watermark, uncertain
        from pg_snapshot_xip(pg_current_snapshot()) running (xid)
        left join pg_locks held on held.locktype = 'transactionid' and held.granted and held.transactionid = running.xid::xid
        left join pg_stat_activity place using (pid);
        exit when not uncertain;
        perform pg_sleep(0.01);
    end loop;
    return watermark;
end $$;

-- The epoch that new entries belong to.
create function ledger.newest_epoch() returns integer language sql stable
    set search_path = pg_catalog, ledger, pg_temp as $$
    select coalesce(max(b.seal_epoch), 1) from book b
$$;

-- The highest transaction id of this epoch that the server has not given out yet; null as long as all is well. There is one after a
-- dump was restored into another cluster, whose ids are lower.
create function ledger.id_ahead() returns xid8 language sql stable
    set search_path = pg_catalog, ledger, pg_temp as $$
    select max(ahead.xact) from (
        (select e.xact from entry e
         where e.seal_epoch = newest_epoch() and e.xact >= pg_snapshot_xmax(pg_current_snapshot())
           and e.xact is distinct from pg_current_xact_id_if_assigned()
         order by e.xact desc limit 1)
        union all
        select c.xact from seal_cursor c
        where c.seal_epoch = newest_epoch() and c.xact >= pg_snapshot_xmax(pg_current_snapshot())) ahead
$$;

-- One sealer at a time; answers where it goes on, the epoch it goes on to, and up to where every transaction of that one has ended.
-- Null where another works. `ahead`: see id_ahead.
create function ledger.begin_sealing(
    out seal_epoch integer, out xact xid8, out entry_id bigint, out newest integer, out watermark xid8, out ahead xid8
) language plpgsql security definer set search_path = pg_catalog, ledger, pg_temp as $$
begin
    if not pg_try_advisory_xact_lock(hashtext('ledger.seal'), 0) then
        return;
    end if;
    select c.seal_epoch, c.xact, c.entry_id, newest_epoch(), seal_watermark(), id_ahead()
    into seal_epoch, xact, entry_id, newest, watermark, ahead
    from seal_cursor c;
end $$;

-- Begins a new epoch in every book and answers its number. Waits for whoever is posting and holds everybody off until the end of the
-- transaction, so that none takes the old epoch's number to a commit after it: what is of the old epoch is committed from here on,
-- and may be sealed at once. Posting takes its locks in this order: idempotency, then entry.
create function ledger.raise_epoch() returns integer language plpgsql
    security definer set search_path = pg_catalog, ledger, pg_temp as $$
begin
    perform pg_advisory_xact_lock(hashtext('ledger.seal'), 0);
    lock table book, idempotency, entry in share row exclusive mode;
    update book set seal_epoch = newest_epoch() + 1;
    return newest_epoch();
end $$;

-- The leaves of one block of one book, in order; counts their movement into the days and balances of the accounts.
-- Refuses a gap, an entry of another book, and an entry that a running transaction could still precede.
create function ledger.add_leaves(
    p_book uuid, p_block bigint, p_first_leaf bigint, p_entries bigint[], p_days date[], p_vouchers integer[],
    p_salts bytea[], p_hashes bytea[]
) returns void language plpgsql security definer set search_path = pg_catalog, ledger, pg_temp as $$
declare
    last_block bigint;
    last_size bigint;
    sealable bigint;
    watermark xid8 := seal_watermark();
begin
    perform pg_advisory_xact_lock(hashtext('ledger.seal'), 0);
    select coalesce(max(b.block_no), 0), coalesce(max(b.tree_size), 0) into last_block, last_size from seal_block b where b.book_id = p_book;
    if p_block <> last_block + 1 or p_first_leaf <> last_size then
        perform refuse('seal.gap', format('block %s at leaf %s does not follow block %s at leaf %s', p_block, p_first_leaf, last_block, last_size));
    end if;
    select count(*) into sealable
    from unnest(p_entries, p_days) n (entry_id, day)
    join entry e on e.entry_id = n.entry_id and e.effective_on = n.day and e.effective_on between
        (select min(d) from unnest(p_days) d) and (select max(d) from unnest(p_days) d)
    where e.book_id = p_book and (e.xact < watermark or e.seal_epoch < newest_epoch());
    if sealable <> cardinality(p_entries) then
        perform refuse('seal.entries', format('%s of %s entries may be sealed', sealable, cardinality(p_entries)));
    end if;
    if exists (
        select from (
            select date_trunc('month', n.day)::date as month, min(n.voucher) as first, max(n.voucher) as last, count(*) as number
            from unnest(p_days, p_vouchers) n (day, voucher) group by 1) v
        where v.last - v.first + 1 <> v.number
           or v.first <> 1 + coalesce((select max(l.voucher_no) from seal_leaf l where l.book_id = p_book and l.month = v.month), 0)
    ) then
        perform refuse('seal.voucher', 'voucher numbers leave a gap');
    end if;
    insert into seal_leaf (book_id, leaf_no, entry_id, effective_on, voucher_no, month, block_no, salt, leaf_hash)
    select p_book, p_first_leaf + n.place - 1, n.entry_id, n.day, n.voucher, date_trunc('month', n.day)::date, p_block, n.salt, n.hash
    from unnest(p_entries, p_days, p_vouchers, p_salts, p_hashes) with ordinality n (entry_id, day, voucher, salt, hash, place);
    with added as (
        insert into balance_day (account_id, effective_on, block_no, debit_minor, credit_minor, functional_minor)
        select p.account_id, p.effective_on, p_block, coalesce(sum(p.amount_minor) filter (where p.side = 'D'), 0),
               coalesce(-sum(p.amount_minor) filter (where p.side = 'C'), 0), sum(p.functional_minor)
        from posting p
        where p.entry_id = any (p_entries)
          and p.effective_on between (select min(d) from unnest(p_days) d) and (select max(d) from unnest(p_days) d)
        group by p.account_id, p.effective_on
        returning account_id, debit_minor, credit_minor, functional_minor
    )
    insert into sealed_balance as s (account_id, debit_minor, credit_minor, functional_minor)
    select a.account_id, sum(a.debit_minor), sum(a.credit_minor), sum(a.functional_minor) from added a group by a.account_id
    on conflict (account_id) do update
    set debit_minor = s.debit_minor + excluded.debit_minor, credit_minor = s.credit_minor + excluded.credit_minor,
        functional_minor = s.functional_minor + excluded.functional_minor;
end $$;

-- Takes a digest in for the book's next block.
create function ledger.attach(p_id uuid, p_book uuid, p_subject text, p_sha256 bytea) returns void language sql
    security definer set search_path = pg_catalog, ledger, pg_temp as $$
    insert into attached (attached_id, book_id, subject, sha256) values (p_id, p_book, p_subject, p_sha256)
$$;

-- Puts attachments of a book that are in no block yet into its next one.
create function ledger.add_attached(p_book uuid, p_block bigint, p_attached uuid[], p_hashes bytea[]) returns void language plpgsql
    security definer set search_path = pg_catalog, ledger, pg_temp as $$
begin
    perform pg_advisory_xact_lock(hashtext('ledger.seal'), 0);
    if p_block <> 1 + coalesce((select max(b.block_no) from seal_block b where b.book_id = p_book), 0) then
        perform refuse('seal.gap', format('block %s is not the next one', p_block));
    end if;
    insert into seal_attached (attached_id, book_id, block_no, leaf_hash)
    select n.attached_id, p_book, p_block, n.hash from unnest(p_attached, p_hashes) n (attached_id, hash);
end $$;

-- The signed head over the leaves and attachments just added. A block without either is none.
create function ledger.add_block(
    p_book uuid, p_block bigint, p_size bigint, p_root bytea, p_balances bytea, p_previous bytea, p_hash bytea, p_epoch integer,
    p_sealed_at timestamptz, p_key text, p_signature bytea, p_frontier bytea, p_first_node bigint, p_nodes bytea[], p_attached bytea
) returns void language plpgsql security definer set search_path = pg_catalog, ledger, pg_temp as $$
declare
    before seal_block;
begin
    perform pg_advisory_xact_lock(hashtext('ledger.seal'), 0);
    select * into before from seal_block b where b.book_id = p_book order by b.block_no desc limit 1;
    if p_block <> coalesce(before.block_no, 0) + 1
       or p_previous <> coalesce(before.block_hash, decode(repeat('00', 32), 'hex'))
       or p_sealed_at < before.sealed_at
       or (p_attached is not null) <> exists (select from seal_attached a where a.book_id = p_book and a.block_no = p_block)
       or p_size = before.tree_size and p_attached is null
       or p_size <> 1 + (select max(l.leaf_no) from seal_leaf l where l.book_id = p_book)
       or p_first_node <> coalesce((select max(n.node_no) + 1 from seal_node n where n.book_id = p_book), 0) then
        perform refuse('seal.gap', format('block %s does not follow block %s', p_block, before.block_no));
    end if;
    insert into seal_block values (
        p_book, p_block, p_size, p_root, p_balances, p_previous, p_hash, p_epoch, p_sealed_at, p_key, p_signature, p_frontier,
        p_attached);
    insert into seal_node select p_book, p_first_node + n.place - 1, n.hash from unnest(p_nodes) with ordinality n (hash, place);
end $$;

-- Moves the cursor on, never back, and into another epoch only when all that was posted before is sealed.
create function ledger.end_sealing(p_epoch integer, p_xact xid8, p_entry_id bigint) returns void language plpgsql
    security definer set search_path = pg_catalog, ledger, pg_temp as $$
declare
    before seal_cursor;
begin
    perform pg_advisory_xact_lock(hashtext('ledger.seal'), 0);
    select * into before from seal_cursor;
    if p_epoch > before.seal_epoch and exists (
        select from entry e
        where e.seal_epoch < p_epoch and not exists (select from seal_leaf l where l.entry_id = e.entry_id)) then
        perform refuse('seal.epoch', format('entries posted before epoch %s are not sealed', p_epoch));
    end if;
    update seal_cursor c set seal_epoch = p_epoch, xact = p_xact, entry_id = p_entry_id
    where (c.seal_epoch, c.xact, c.entry_id) < (p_epoch, p_xact, p_entry_id)
      and (p_epoch, p_xact) < (newest_epoch(), seal_watermark());
    if not found then
        perform refuse('seal.gap', 'the cursor only moves forward, and never past a running transaction');
    end if;
end $$;

create function ledger.add_seal_key(
    p_key text, p_public bytea, p_introduced_at timestamptz, p_previous text, p_introduction bytea
) returns void language sql security definer set search_path = pg_catalog, ledger, pg_temp as $$
    insert into seal_key values (p_key, p_public, p_introduced_at, p_previous, p_introduction)
$$;

create function ledger.add_witness(
    p_book uuid, p_block bigint, p_witness text, p_public bytea, p_signature bytea
) returns void language sql security definer set search_path = pg_catalog, ledger, pg_temp as $$
    insert into seal_witness (book_id, block_no, witness, public_key, signature)
    values (p_book, p_block, p_witness, p_public, p_signature) on conflict do nothing
$$;

do $$
declare
    each text;
begin
    foreach each in array array[
        'seal_key', 'seal_block', 'seal_leaf', 'seal_node', 'seal_witness', 'balance_day', 'attached', 'seal_attached'] loop
        execute format('create trigger %s_frozen before update or delete or truncate on ledger.%s
                        for each statement execute function ledger.forbid_change()', each, each);
    end loop;
    foreach each in array array['sealed_balance', 'seal_cursor'] loop
        execute format('create trigger %s_kept before delete or truncate on ledger.%s
                        for each statement execute function ledger.forbid_change()', each, each);
    end loop;
    revoke all on all functions in schema ledger from public;
    grant select on all tables in schema ledger to hetao_app;
    for each in
        select p.oid::regprocedure::text from pg_proc p join pg_namespace n on n.oid = p.pronamespace
        where n.nspname = 'ledger' and p.proname in (
            'seal_watermark', 'newest_epoch', 'id_ahead', 'begin_sealing', 'raise_epoch', 'add_leaves', 'add_block', 'end_sealing',
            'add_seal_key', 'add_witness', 'attach', 'add_attached')
    loop
        execute format('grant execute on function %s to hetao_app', each);
    end loop;
end $$;
