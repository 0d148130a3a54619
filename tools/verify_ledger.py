#!/usr/bin/env python3
"""Verify a bundle of a book of Hetao Ledger, without its server and without its code.

    verify_ledger.py BUNDLE [--checkpoint FILE ...] [--key HEX] [--json]

Needs Python 3.9 and `cryptography`. A bundle is a text file (or .gz), one record a line, its first word the kind: head,
key, entry and attached (leaf hash, canonical JSON), reason, block, witness, account (canonical JSON), end; the rest is
JSON. "attached" is a digest of what lies outside the books, such as an audit sample, sealed by the block that follows:
its text then says "attached" and the root of a tree over these lines, in their order, as over entries.
Every statement of the file is computed again: leaf hashes (SHA-256 of 0x00 and the canonical bytes), the Merkle tree of
RFC 6962, the chain of blocks, their Ed25519 signatures, the succession of keys, gapless numbers, double entry in each
currency and in the book's own, and the balance of every account. A checkpoint that you kept says that nothing before it
was changed or cut off; without one, compare the key with the one the institution publishes.
Exit status 0: everything holds. 1: something does not, each finding named. 2: the file cannot be read.
"""

import argparse
import gzip
import hashlib
import json
import sys
from base64 import b64decode, b64encode
from collections import defaultdict
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

FORMAT = "hetao-ledger-bundle/1"
MOST_FINDINGS = 100


def sha256(data):
    return hashlib.sha256(data).digest()


class Tree:
    """A growing Merkle tree: the roots of its whole subtrees, largest first."""

    def __init__(self):
        self.size, self.whole, self.tiles = 0, [], []

    def push(self, leaf):
        rest, level = self.size, 0
        while rest & 1:
            leaf = sha256(b"\1" + self.whole.pop() + leaf)
            rest, level = rest >> 1, level + 1
            if level == 8:
                self.tiles.append(leaf.hex())
        self.whole.append(leaf)
        self.size += 1

    def root(self):
        head = self.whole[-1] if self.whole else sha256(b"")
        for left in reversed(self.whole[:-1]):
            head = sha256(b"\1" + left + head)
        return head


def signed(public_key, signature, text):
    try:
        Ed25519PublicKey.from_public_bytes(public_key).verify(signature, text.encode())
    except (InvalidSignature, ValueError, TypeError):
        return False
    return True


def note_fields(text):
    """Origin, size, root and the named extension lines of a checkpoint's text."""
    origin, size, root, *rest = text.split("\n")
    return {"origin": origin, "size": size, "root": root, **dict(line.split(" ", 1) for line in rest if line)}


def signatures_of(note):
    """Text and signatures (by name) of a signed note."""
    text, _blank, rest = note.replace("\r\n", "\n").partition("\n\n")
    lines = (line[2:].rsplit(" ", 1) for line in rest.splitlines())
    return text + "\n", {name: b64decode(packed)[4:] for name, packed in lines}


class Verifier:
    """Reads a bundle once, from first to last line."""

    def __init__(self, trusted=()):
        self.trusted, self.findings = set(trusted), []
        self.head, self.keys, self.newest_key = {}, {}, None
        self.tree, self.attached, self.blocks, self.texts = Tree(), Tree(), 0, {}
        self.previous_hash, self.sealed_at = bytes(32), ""
        self.vouchers, self.entries, self.reversed = defaultdict(int), set(), {}
        self.moved = defaultdict(lambda: [0, 0, 0, ""])
        self.accounts, self.commitments, self.ended = Tree(), {}, False

    def found(self, where, what):
        if len(self.findings) < MOST_FINDINGS:
            self.findings.append(f"{where}: {what}")

    def expect(self, holds, where, what):
        if not holds:
            self.found(where, what)

    def read(self, lines):
        for number, line in enumerate(lines, 1):
            try:
                kind, _space, rest = line.rstrip(b"\n").partition(b" ")
                getattr(self, f"read_{kind.decode()}")(rest)
            except (KeyError, ValueError, TypeError, AttributeError, IndexError) as failure:
                self.found(f"line {number}", f"cannot be read ({type(failure).__name__}: {failure})")
        self.finish()

    def read_head(self, raw):
        self.head = json.loads(raw)
        self.expect(self.head["format"] == FORMAT, "head", f"the format is {self.head['format']}, not {FORMAT}")

    def read_key(self, raw):
        key = json.loads(raw)
        public, previous = bytes.fromhex(key["public_key"]), key["previous_id"]
        name = f"key {key['key_id']}"
        self.expect(sha256(public).hex()[:16] == key["key_id"], name, "is not named by its digest")
        text = f"hetao-ledger key\n{public.hex()}\nintroduced {key['introduced_at']}\nafter {previous or 'none'}\n"
        held = signed(self.keys.get(previous) if previous else public, bytes.fromhex(key["introduction"]), text)
        self.expect(held and previous == self.newest_key, name, "was not introduced by its predecessor")
        self.keys[key["key_id"]], self.newest_key = public, key["key_id"]

    def grow(self, tree, raw, where, name):
        """Add a line to a tree and hold it against the leaf hash it states; what it says, if anything, and its name."""
        stated, _space, text = raw.partition(b" ")
        leaf, said = sha256(b"\0" + text), json.loads(text)
        tree.push(leaf)
        if said is None:
            self.found(where, f"its {name} is missing")
            return None, where
        where = f"{where} ({name} {said.get(name)})"
        self.expect(leaf.hex().encode() == stated, where, "does not have the hash that was sealed: it was changed")
        return said, where

    def read_attached(self, raw):
        self.grow(self.attached, raw, f"attachment to block {self.blocks + 1}", "subject")

    def read_entry(self, raw):
        number = self.tree.size
        entry, where = self.grow(self.tree, raw, f"leaf {number}", "entry")
        if entry is None:
            return
        self.check_place(where, number, entry)
        self.check_lines(where, entry)
        self.commitments[entry["leaf"]] = entry["reason_sha256"]

    def check_place(self, where, number, entry):
        self.expect(int(entry["leaf"]) == number, where, f"stands where leaf {number} belongs")
        self.expect(int(entry["block"]) == self.blocks + 1, where, f"is in another block, and names {entry['block']}")
        self.expect(entry["book"] == self.head["book"] and "kept_in" not in entry, where, "belongs to another book")
        month, reverses = entry["month"], entry.get("reverses")
        self.vouchers[month] += 1
        if entry["date"][:7] + "-01" != month or int(entry["voucher"]) != self.vouchers[month]:
            self.found(where, f"is voucher {entry['voucher']} of {month}, not {self.vouchers[month]} of its month")
        self.expect(entry["entry"] not in self.entries, where, "is sealed twice")
        self.entries.add(entry["entry"])
        if (entry["kind"] == "REVERSAL") != (reverses is not None) or reverses in self.reversed:
            self.found(where, f"is of kind {entry['kind']} and reverses {reverses}, which others may have done")
        if reverses:
            self.reversed[reverses] = where

    def check_lines(self, where, entry):
        sums, functional = defaultdict(int), 0
        for place, line in enumerate(entry["lines"], 1):
            amount, own = int(line["amount"]), int(line["functional"])
            sums[line["currency"]] += amount
            functional += own
            if int(line["line"]) != place or "book" in line:
                self.found(where, f"line {line['line']} does not belong at place {place}")
            red = (line["side"] == "D") != (amount > 0 or (amount == 0 and own > 0))
            if line["side"] not in "DC" or (entry["kind"] != "REVERSAL" and red != (entry["kind"] == "RED_INK")):
                self.found(where, f"line {line['line']} stands on the wrong side")
            moved = self.moved[line["account"]]
            moved[0 if line["side"] == "D" else 1] += amount if line["side"] == "D" else -amount
            moved[2] += own
            self.expect(moved[3] in ("", line["currency"]), where, f"line {place} is not in its account's currency")
            moved[3] = line["currency"]
        self.expect(len(entry["lines"]) == int(entry["line_count"]), where, f"has not {entry['line_count']} lines")
        self.expect(not any(sums.values()) and not functional, where, "does not balance")

    def read_block(self, raw):
        block = json.loads(raw)
        text, said = block["text"], note_fields(block["text"])
        self.blocks += 1
        where = f"block {said['block']}"
        self.expect(int(said["block"]) == self.blocks, where, f"stands where block {self.blocks} belongs")
        of_book = [f"hetao-ledger/{self.head['code']}", self.head["book"], self.head["functional"]]
        self.expect([said["origin"], said["book"], said["functional"]] == of_book, where, "is of another book")
        self.expect(int(said["size"]) == self.tree.size, where, f"seals {said['size']} leaves, not {self.tree.size}")
        self.expect(b64decode(said["root"]) == self.tree.root(), where, "its root is not that of the leaves")
        attached = b64encode(self.attached.root()).decode() if self.attached.size else None
        self.expect(said.get("attached") == attached, where, "what is attached to it is not what was sealed")
        self.expect(b64decode(said["previous"]) == self.previous_hash, where, "does not follow the block before it")
        self.expect(block["hash"] == sha256(text.encode()).hex(), where, "its hash is not that of its text")
        held = signed(self.keys.get(said["key"]), bytes.fromhex(block["signature"]), text)
        self.expect(held, where, f"is not signed by key {said['key']}")
        kept = [block["frontier"], block["nodes"]] == [b"".join(self.tree.whole).hex(), self.tree.tiles]
        self.expect(kept, where, "its kept subtrees are not those of the leaves")
        self.expect(said["sealed"] >= self.sealed_at, where, "is sealed before the block before it")
        self.previous_hash, self.sealed_at, self.tree.tiles = sha256(text.encode()), said["sealed"], []
        self.texts[self.blocks], self.last, self.attached = text, said, Tree()

    def read_witness(self, raw):
        witness = json.loads(raw)
        public, signature = bytes.fromhex(witness["public_key"]), bytes.fromhex(witness["signature"])
        held = signed(public, signature, self.texts[self.blocks])
        self.expect(held, f"block {self.blocks}", f"the signature of witness {witness['witness']} does not hold")

    def read_account(self, raw):
        account = json.loads(raw)
        self.accounts.push(sha256(b"\0" + raw))
        debit, credit, functional, currency = self.moved.pop(account["account"], [0, 0, 0, ""])
        stated = [int(account[name]) for name in ("debit", "credit", "functional")]
        own = (account["currency"], account["book"]) == (currency, self.head["book"])
        where = f"account {account['account']} ({account['code']})"
        self.expect(own and stated == [debit, credit, functional], where, "is not what its entries add up to")

    def read_reason(self, raw):
        said = json.loads(raw)
        digest = sha256(bytes.fromhex(said["salt"]) + said["reason"].encode()).hex()
        if self.commitments.get(said["leaf"]) not in (None, digest):
            self.found(f"leaf {said['leaf']}", "its reason is not the one that was sealed")

    def read_end(self, raw):
        said, self.ended = json.loads(raw), True
        here = {"leaves": str(self.tree.size), "blocks": str(self.blocks)}
        self.expect(said == here, "end", f"announces {said}, and here are {here}")

    def finish(self):
        self.expect(self.ended, "file", "ends too early")
        for entry in self.reversed.keys() - self.entries:
            self.found(self.reversed[entry], f"reverses entry {entry}, which is not here")
        sealed = int(self.last["size"]) if self.blocks else 0
        self.expect((sealed, 0) == (self.tree.size, self.attached.size), "end", "there is more after the last block")
        held = not self.blocks or b64decode(self.last["balances"]) == self.accounts.root()
        self.expect(held, f"block {self.blocks}", "its root of balances is not that of the accounts")
        for account in self.moved:
            self.found(f"account {account}", "has entries and is not listed")
        known = not self.trusted or self.trusted & {public.hex() for public in self.keys.values()}
        self.expect(known, "keys", "the key you trust is not among them: the book is signed by somebody else")

    def compare(self, name, note):
        """Hold a kept checkpoint against the bundle."""
        text, signatures = signatures_of(note)
        said = note_fields(text)
        where = f"checkpoint {name} (block {said['block']})"
        public, signature = self.keys.get(said["key"]), signatures.get(said["origin"], b"")
        if public is None:
            self.found(where, f"was signed by key {said['key']}, unknown in the bundle: the book was sealed anew")
        elif not signed(public, signature, text):
            self.found(where, "its signature does not hold")
        ours = self.texts.get(int(said["block"]))
        if said["book"] != self.head.get("book"):
            self.found(where, "is of another book")
        elif ours is None:
            self.found(where, f"knew {said['size']} leaves, the bundle has {self.tree.size}: its tail was cut off")
        elif ours != text:
            self.found(where, "is not the block of that number in the bundle: the past was rewritten")


def verify(lines, checkpoints=(), trusted=()):
    """Findings of a bundle's lines (bytes) against checkpoints, pairs of name and text."""
    verifier = Verifier(trusted)
    verifier.read(lines)
    for name, note in checkpoints:
        try:
            verifier.compare(name, note)
        except (KeyError, ValueError, IndexError):
            verifier.found(f"checkpoint {name}", "cannot be read")
    return verifier


def main():
    parser = argparse.ArgumentParser(description="Verify a bundle of a book of Hetao Ledger.")
    parser.add_argument("bundle")
    parser.add_argument("--checkpoint", action="append", default=[], help="a checkpoint you kept; may be given again")
    parser.add_argument("--key", action="append", default=[], help="a public key you trust, in hex")
    parser.add_argument("--json", action="store_true", help="print facts as JSON")
    asked = parser.parse_args()
    try:
        notes = [(path, Path(path).read_text(encoding="utf-8")) for path in asked.checkpoint]
        with (gzip.open if asked.bundle.endswith(".gz") else open)(asked.bundle, "rb") as lines:
            done = verify(lines, notes, asked.key)
    except (OSError, EOFError, UnicodeDecodeError) as failure:
        print(f"Cannot read: {failure}", file=sys.stderr)
        return 2
    if asked.json:
        facts = {"book": done.head.get("code"), "leaves": done.tree.size, "blocks": done.blocks}
        print(json.dumps(facts | {"keys": list(done.keys), "findings": done.findings}, indent=2, ensure_ascii=False))
        return 1 if done.findings else 0
    print(*done.findings, f"{done.tree.size} leaves, {done.blocks} blocks, {len(done.findings)} findings.", sep="\n")
    if not notes and not asked.key:
        print(f"Compare the key with the published one: {', '.join(each.hex() for each in done.keys.values())}")
    return 1 if done.findings else 0


if __name__ == "__main__":
    sys.exit(main())
