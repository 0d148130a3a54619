#!/usr/bin/env python3
"""Verify one proof of Hetao Ledger, without its server and without its code.

    verify_proof.py PROOF.json [--key HEX]

Stands beside verify_ledger.py and needs what that needs. A proof says, of a signed checkpoint it carries: this entry is
in the book ("entry"), this is what stands on the account ("balance"), this digest was attached to the block
("attachment"), or the book only grew since an earlier checkpoint ("growth"). Compare the checkpoint with one you hold,
and the key with the published one.
Exit status 0: it holds. 1: it does not, each finding named. 2: the file cannot be read.
"""

import argparse
import base64
import hashlib
import json
import sys

from verify_ledger import note_fields, sha256, signatures_of, signed

ROOTS = {"balance": "balances", "attachment": "attached"}
"""Where a checkpoint states the root that is not the one of its entries."""


def joined(left, right):
    return sha256(b"\1" + left + right)


def root_from_path(leaf, number, size, path):
    """The root that an inclusion proof leads to (RFC 9162 section 2.1.3.2); None where it does not fit the tree."""
    place, last = number, size - 1
    for other in path:
        if last == 0:
            return None
        if place & 1 or place == last:
            leaf = joined(other, leaf)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            leaf = joined(leaf, other)
        place, last = place >> 1, last >> 1
    return leaf if last == 0 else None


def roots_from_path(old_size, new_size, old_root, path):
    """Both roots that a consistency proof leads to (RFC 9162 section 2.1.4.2); None where it does not fit."""
    if old_size == new_size:
        return (old_root, old_root) if not path else None
    path = [old_root, *path] if old_size & (old_size - 1) == 0 else path
    if not path:
        return None
    place, last = old_size - 1, new_size - 1
    while place & 1:
        place, last = place >> 1, last >> 1
    old = new = path[0]
    for other in path[1:]:
        if last == 0:
            return None
        if place & 1 or place == last:
            old, new = joined(other, old), joined(other, new)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            new = joined(new, other)
        place, last = place >> 1, last >> 1
    return (old, new) if last == 0 else None


def check_note(note, public_key):
    """What a checkpoint says, and what is wrong with its signature."""
    text, signatures = signatures_of(note)
    said = note_fields(text)
    held = signed(public_key, signatures.get(said["origin"], b""), text)
    return said, [] if held else [f"checkpoint of block {said['block']}: its signature does not hold"]


def check_proof(proof, trusted=None):
    """What is wrong with a proof, in words; nothing where it holds."""
    public_key = bytes.fromhex(proof["public_key"])
    said, findings = check_note(proof["checkpoint"], public_key)
    if hashlib.sha256(public_key).hexdigest()[:16] != said["key"]:
        findings.append("the key is not the one that the checkpoint names")
    if trusted and trusted != proof["public_key"]:
        findings.append("the key is not the one you trust")
    path = [bytes.fromhex(each) for each in proof["path"]]
    root = base64.b64decode(said["root"])
    if proof["proves"] == "growth":
        before, more = check_note(proof["earlier"], public_key)
        old_root = base64.b64decode(before["root"])
        if roots_from_path(int(before["size"]), int(said["size"]), old_root, path) != (old_root, root):
            findings.append("the later book does not begin with the earlier one")
        return findings + more
    if proof["proves"] in ROOTS:
        root = base64.b64decode(said[ROOTS[proof["proves"]]])
    elif proof["size"] != said["size"]:
        findings.append("the proof is of another tree than the checkpoint")
    leaf = sha256(b"\0" + proof["text"].encode())
    if root_from_path(leaf, int(proof["leaf"]), int(proof["size"]), path) != root:
        findings.append("the text is not in the book that the checkpoint signs")
    stated = json.loads(proof["text"])
    if "reason" in proof:
        digest = hashlib.sha256(bytes.fromhex(proof["salt"]) + proof["reason"].encode()).hexdigest()
        if digest != stated["reason_sha256"]:
            findings.append("the reason is not the one that was sealed")
    return findings


def main():
    parser = argparse.ArgumentParser(description="Verify one proof of Hetao Ledger.")
    parser.add_argument("proof")
    parser.add_argument("--key", help="the public key you trust, in hex")
    asked = parser.parse_args()
    try:
        with open(asked.proof, encoding="utf-8") as file:
            proof = json.load(file)
        findings = check_proof(proof, asked.key)
    except (OSError, ValueError, KeyError, TypeError) as failure:
        print(f"Cannot read: {failure}", file=sys.stderr)
        return 2
    print(*findings or [f"This {proof['proves']} holds as of:\n{proof['checkpoint']}"], sep="\n")
    if proof["proves"] == "attachment" and not findings:
        print(proof["text"])
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main())
