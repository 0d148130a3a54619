-- Sealing. Posting writes no hash; one sealer follows behind, in the order of commits, and writes what stands here.
-- A leaf is the SHA-256 of an entry's canonical text (app/ledger/sealing/canonical.py), the leaves of a book are a Merkle
-- tree (RFC 6962), and each block signs the tree's head. Only the functions of 2_functions.sql write.

-- The watermark is read by transaction id, never by entry id: an id that is taken early may be committed late. Transaction ids
-- start again after a logical restore, in a new epoch.
create index entry_xact on ledger.entry (seal_epoch, xact, entry_id);

-- The first day after the last month of a book that is not open.
create function ledger.first_open_day(p_book uuid) returns date language sql stable as $$
    select coalesce(max(p.month) + interval '1 month', '2000-01-01')::date from ledger.period p where p.book_id = p_book and p.state <> 'OPEN'
$$;

-- Of a book nothing changes but its epoch, and that only goes up, and what its months say.
create function ledger.keep_book() returns trigger language plpgsql as $$
begin
    if new.seal_epoch < old.seal_epoch or (new.seal_epoch, new.locked_before) = (old.seal_epoch, old.locked_before)
       or new.locked_before <> old.locked_before and new.locked_before <> ledger.first_open_day(new.book_id)
       or to_jsonb(new) - array['seal_epoch', 'locked_before'] <> to_jsonb(old) - array['seal_epoch', 'locked_before'] then
        raise exception using errcode = '42501', constraint = 'ledger_append_only', message = 'book is append-only';
    end if;
    return new;
end $$;
drop trigger book_frozen on ledger.book;
create trigger book_frozen before delete or truncate on ledger.book for each statement execute function ledger.forbid_change();
create trigger book_kept before update on ledger.book for each row execute function ledger.keep_book();

create table ledger.seal_key (
    key_id        text primary key check (key_id ~ '^[0-9a-f]{16}$'),    -- first 16 hex digits of SHA-256(public key)
    public_key    bytea not null unique check (octet_length(public_key) = 32),
    introduced_at timestamptz not null,
    previous_id   text unique references ledger.seal_key,               -- whom it succeeds; none for the first
    introduction  bytea not null check (octet_length(introduction) = 64) -- signed by the predecessor, the first by itself
);
create unique index seal_key_first on ledger.seal_key ((previous_id is null)) where previous_id is null;

create table ledger.seal_block (
    book_id       uuid not null references ledger.book,
    block_no      bigint not null check (block_no >= 1),
    tree_size     bigint not null check (tree_size >= 1),   -- leaves of the book up to and with this block
    root          bytea not null check (octet_length(root) = 32),
    balances_root bytea not null check (octet_length(balances_root) = 32),
    previous_hash bytea not null check (octet_length(previous_hash) = 32),
    block_hash    bytea not null check (octet_length(block_hash) = 32),
    seal_epoch    integer not null,
    sealed_at     timestamptz not null,
    key_id        text not null references ledger.seal_key,
    signature     bytea not null check (octet_length(signature) = 64),
    frontier      bytea not null,                            -- roots of the whole subtrees, largest first: where the next block goes on
    attached      bytea check (octet_length(attached) = 32), -- root over what is attached to the block; null where nothing is
    primary key (book_id, block_no)
);

create table ledger.seal_leaf (
    book_id      uuid not null,
    leaf_no      bigint not null check (leaf_no >= 0),      -- place in the book's tree, without gaps
    entry_id     bigint not null unique,
    effective_on date not null,
    voucher_no   integer not null check (voucher_no >= 1),  -- number in the book's month, without gaps
    month        date not null check (month = date_trunc('month', effective_on)::date),
    block_no     bigint not null,
    salt         bytea not null check (octet_length(salt) = 16), -- makes the digest of the reason unguessable
    leaf_hash    bytea not null check (octet_length(leaf_hash) = 32),
    primary key (book_id, leaf_no),
    unique (book_id, month, voucher_no),
    foreign key (book_id, block_no) references ledger.seal_block deferrable initially deferred
);

-- Every whole subtree of 256 leaves, so that a proof over a million leaves reads thousands of hashes and not all.
create table ledger.seal_node (
    book_id   uuid not null references ledger.book,
    node_no   bigint not null check (node_no >= 0),
    node_hash bytea not null check (octet_length(node_hash) = 32),
    primary key (book_id, node_no)
);

-- The digest of something outside the ledger that is to stand as it was: a locked audit sample. `subject` is its reference, never a
-- name or words about a person, and bears one digest for ever. No entry, no amount: nothing of the books moves with it.
create table ledger.attached (
    attached_id uuid primary key,
    book_id     uuid not null references ledger.book,
    subject     text not null constraint attached_subject check (subject ~ '^[!-~]([ -~]{0,198}[!-~])?$'),
    sha256      bytea not null constraint attached_sha256 check (octet_length(sha256) = 32),
    attached_at timestamptz not null default clock_timestamp(),
    unique (book_id, attached_id),
    constraint attached_once unique (book_id, subject)
);

-- The block that seals an attachment. What has no row here waits; the order in the block's tree is that of attached_id.
create table ledger.seal_attached (
    attached_id uuid primary key,
    book_id     uuid not null,
    block_no    bigint not null,
    leaf_hash   bytea not null check (octet_length(leaf_hash) = 32),
    unique (book_id, block_no, attached_id),
    foreign key (book_id, attached_id) references ledger.attached (book_id, attached_id),
    foreign key (book_id, block_no) references ledger.seal_block deferrable initially deferred
);

-- Another book's signature under a block: it has seen this head, and will not later be shown another of the same size.
create table ledger.seal_witness (
    book_id     uuid not null,
    block_no    bigint not null,
    witness     text not null check (witness ~ '^[!-~]{1,100}$'),
    public_key  bytea not null check (octet_length(public_key) = 32),
    signature   bytea not null check (octet_length(signature) = 64),
    received_at timestamptz not null default clock_timestamp(),
    primary key (book_id, block_no, witness),
    foreign key (book_id, block_no) references ledger.seal_block
);

-- Movement of an account on a day that a block made known: one row each, so that what was known then stays known.
-- An entry dated back adds one row on its day and touches no other.
create table ledger.balance_day (
    account_id       integer not null references ledger.account,
    effective_on     date not null,
    block_no         bigint not null,
    debit_minor      bigint not null,
    credit_minor     bigint not null,
    functional_minor bigint not null,
    primary key (account_id, effective_on, block_no)
);

-- What stands on an account as of its book's last block: the sum of its day rows.
create table ledger.sealed_balance (
    account_id       integer primary key references ledger.account,
    debit_minor      bigint not null,
    credit_minor     bigint not null,
    functional_minor bigint not null
);

-- How far sealing has come: everything committed up to here, in the order of (seal_epoch, xact, entry_id), is sealed.
create table ledger.seal_cursor (
    one        boolean primary key default true check (one),
    seal_epoch integer not null,
    xact       xid8 not null,
    entry_id   bigint not null
);
insert into ledger.seal_cursor (seal_epoch, xact, entry_id) values (1, '0', 0);
