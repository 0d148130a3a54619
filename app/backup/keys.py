"""The keys of an installation and a backup: which there are, which go in if asked, which are to be kept apart."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from app.settings import Settings, SigningKey
from app.signing.keys import TEST_AUTHORITY

SEAL, PAPERS, SIGNING = "seal.key", "papers.key", f"{TEST_AUTHORITY}/test-authority.pem"
NAMES = {
    SEAL: "the key that seals the books",
    PAPERS: "the key of auditors' working papers",
    SIGNING: "the test authority that signs statements",
}
"""The keys of a home by their path, which is the same in a backup, and what each is."""


@dataclass(frozen=True, slots=True)
class Keys:
    """What an installation holds: keys in files by their path in a home, and keys that no backup can hold, in words."""

    files: Mapping[str, Path]
    elsewhere: tuple[str, ...]


def keys_of(settings: Settings) -> Keys:
    """The keys that the installation holds today; what it never needed it does not have yet."""
    files = {PAPERS: settings.home / PAPERS, SIGNING: settings.home / SIGNING}
    elsewhere = []
    if settings.seal_key:
        elsewhere.append(f"{NAMES[SEAL]} (it comes from HETAO_SEAL_KEY)")
    else:
        files[SEAL] = settings.seal_key_file or settings.home / SEAL
    if settings.papers_key:
        elsewhere.append(f"{NAMES[PAPERS]} (it comes from HETAO_PAPERS_KEY)")
        del files[PAPERS]
    if settings.signing is SigningKey.PKCS12:
        elsewhere.append(f"the key that signs statements ({settings.signing_key_file}) and its passphrase")
    if settings.signing is SigningKey.PKCS11:
        elsewhere.append(f"the token that signs statements ({settings.signing_pkcs11_token}) and its PIN")
    return Keys({name: files[name] for name in NAMES if name in files and files[name].exists()}, tuple(elsewhere))


def named(name: str) -> str:
    """A key of a home in words."""
    return f"{NAMES.get(name, 'a key')} ({name})"


def copy(source: Path, target: Path) -> str:
    """Copy a key, readable by its owner only from its first byte on, in a folder of the same kind; its SHA-256."""
    content = source.read_bytes()
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with open(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(content)
    return hashlib.sha256(content).hexdigest()


def bring_back(folder: Path, digests: Mapping[str, str], home: Path) -> None:
    """Copy the keys of the backup in `folder`, by their SHA-256 in `digests`, into a home; what is lost stays away."""
    for name in NAMES:
        if name in digests and (folder / name).is_file():
            copy(folder / name, home / name)


def findings(folder: Path, digests: Mapping[str, str]) -> list[str]:
    """What is wrong with the keys that a backup says it holds: gone, or not what was put in."""
    found = []
    for name, digest in digests.items():
        if name not in NAMES or not (folder / name).is_file():
            found.append(f"key {name}: the backup says that it holds it, and it is not there")
        elif hashlib.sha256((folder / name).read_bytes()).hexdigest() != digest:
            found.append(f"key {name}: its content is not what was put in")
    return found
