"""Settings, read from the environment once and refused at start if wrong. Standard library only."""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

LANGUAGES = ("en", "zh-Hant", "zh-Hans")
"""Languages of every screen and document: English, Traditional Chinese (Hong Kong), Simplified Chinese."""

PROJECT = Path(__file__).resolve().parent.parent
"""The folder the application stands in; `./var` below it is the default home."""

SHORTEST_SECRET = 32
MAIL_SECURITY = ("starttls", "tls", "none")
LOG_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR")


class SigningKey(StrEnum):
    """Whose key signs the statements that are issued."""

    TEST = "test"
    PKCS12 = "pkcs12"
    PKCS11 = "pkcs11"
    NONE = "none"


class SettingsRefused(Exception):
    """Some settings are wrong; `problems` names every one of them."""

    def __init__(self, problems: list[str]) -> None:
        """Keep each problem as a sentence that names the variable."""
        super().__init__("\n".join(problems))
        self.problems = problems


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything that differs between installations. Secrets are kept out of `repr`."""

    home: Path
    secret_key: str = field(repr=False)
    database_url: str | None = field(default=None, repr=False)
    """The application's role; None: the bundled database under `home`."""
    database_owner_url: str | None = field(default=None, repr=False)
    """The owner's role, for migrations only."""
    host: str = "127.0.0.1"
    port: int = 8000
    workers: int = 4
    threads: int = 2
    languages: tuple[str, ...] = LANGUAGES
    default_language: str = "en"
    public_url: str = "http://localhost:8000"
    """Where people reach the site: the address printed on issued statements leads there."""
    secure_cookies: bool = False
    """True where the site is served over https: cookies are then never sent in clear."""
    trusted_proxies: int = 0
    """How many reverse proxies in front may be believed about the caller's address."""
    max_upload_bytes: int = 26 * 1024 * 1024
    log_level: str = "INFO"
    seal_key: str = field(default="", repr=False)
    """The key that seals the books: 32 bytes in base64. Empty: the file is read."""
    seal_key_file: Path | None = None
    """Where that key stands; None: `seal.key` in the home, made on first use."""
    papers_key: str = field(default="", repr=False)
    """Whence the key of auditors' working papers is derived. Empty: `papers.key` in the home, made on first use."""
    sealer: bool = True
    """Whether `hetao serve` seals the books too; False where the operator runs `hetao ledger seal --every` apart."""
    signing: SigningKey = SigningKey.TEST
    """Whose key signs issued statements. TEST: the built-in test authority, which every statement then says."""
    signing_key_file: Path | None = None
    """The PKCS#12 file with key and certificate."""
    signing_passphrase_file: Path | None = None
    """A file whose content is the passphrase of the PKCS#12 file or the PIN of the token."""
    signing_pkcs11_module: Path | None = None
    """The library that speaks to the token; then the token's label and the label of the key and its certificate."""
    signing_pkcs11_token: str = ""
    signing_pkcs11_label: str = ""
    signing_roots_file: Path | None = None
    """PEM: the certificates under which signer and time-stamp authority stand; also what the verify page trusts."""
    signing_tsa_url: str = ""
    """The time-stamp authority (RFC 3161) that is asked when a statement is issued."""
    signing_crl_folder: Path | None = None
    """Revocation lists (*.crl) that the operator keeps fresh."""
    signing_fetch: bool = False
    """Whether the revocation addresses that stand in the certificates may be asked when a statement is issued."""
    mail_host: str = ""
    """The operator's mail server. Empty: no mail is written or sent."""
    mail_port: int = 587
    mail_security: str = "starttls"
    mail_from: str = ""
    mail_user: str = ""
    mail_password: str = field(default="", repr=False)
    demo: bool = False
    """True when the demonstration story is wanted; its sign-ins are then shown on the sign-in page."""
    testing: bool = False

    @property
    def evidence_folder(self) -> Path:
        """Where uploaded evidence is kept, by digest."""
        return self.home / "evidence"


class _Reader:
    """Reads variables and collects what is wrong with them."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self.environ = environ
        self.problems: list[str] = []

    def text(self, name: str, default: str = "") -> str:
        return self.environ.get(name, "").strip() or default

    def secret(self, name: str) -> str:
        given = self.text(name)
        if given and len(given) < SHORTEST_SECRET:
            self.problems.append(f"{name} must have at least {SHORTEST_SECRET} characters.")
        return given

    def whole(self, name: str, default: int, lowest: int, highest: int) -> int:
        given = self.text(name, str(default))
        if not (given.isascii() and given.isdecimal() and lowest <= int(given) <= highest):
            self.problems.append(f"{name} must be a whole number from {lowest} to {highest}, not {given!r}.")
            return default
        return int(given)

    def switch(self, name: str, default: str = "0") -> bool:
        given = self.text(name, default).lower()
        if given not in {"0", "1", "true", "false", "yes", "no"}:
            self.problems.append(f"{name} must be 1 or 0, not {given!r}.")
        return given in {"1", "true", "yes"}

    def one_of(self, name: str, default: str, allowed: tuple[str, ...]) -> str:
        given = self.text(name, default)
        if given not in allowed:
            self.problems.append(f"{name} must be one of {', '.join(allowed)}, not {given!r}.")
        return given

    def file(self, name: str) -> Path | None:
        given = self.text(name)
        return Path(given).expanduser().absolute() if given else None

    def signing(self) -> dict[str, Any]:
        """Everything about signatures; a key of one's own needs all that a lasting signature is made of."""
        chosen = SigningKey(self.one_of("HETAO_SIGNING", SigningKey.TEST, tuple(SigningKey)))
        stamper = self.text("HETAO_SIGNING_TSA")
        found: dict[str, Any] = {
            "signing": chosen,
            "signing_key_file": self.file("HETAO_SIGNING_KEY_FILE"),
            "signing_passphrase_file": self.file("HETAO_SIGNING_PASSPHRASE_FILE"),
            "signing_pkcs11_module": self.file("HETAO_SIGNING_PKCS11_MODULE"),
            "signing_pkcs11_token": self.text("HETAO_SIGNING_PKCS11_TOKEN"),
            "signing_pkcs11_label": self.text("HETAO_SIGNING_PKCS11_LABEL"),
            "signing_roots_file": self.file("HETAO_SIGNING_ROOTS_FILE"),
            "signing_tsa_url": self.address("HETAO_SIGNING_TSA", "") if stamper else "",
            "signing_crl_folder": self.file("HETAO_SIGNING_CRL_FOLDER"),
            "signing_fetch": self.switch("HETAO_SIGNING_FETCH"),
        }
        for name in _SIGNING_NEEDS.get(chosen, ()):
            if not self.text(name):
                self.problems.append(f"{name} is needed with HETAO_SIGNING={chosen}.")
        return found

    def address(self, name: str, default: str) -> str:
        given = self.text(name, default).rstrip("/")
        parts = urlsplit(given)
        if parts.scheme not in {"http", "https"} or not parts.netloc or parts.query or parts.fragment:
            self.problems.append(f"{name} must be an address such as https://ledger.example.org, not {given!r}.")
            return default
        return given

    def database(self, name: str) -> str | None:
        given = self.text(name)
        if not given:
            return None
        scheme, found, rest = given.partition("://")
        if not found or scheme not in {"postgresql", "postgres", "postgresql+psycopg"}:
            self.problems.append(f"{name} must begin with postgresql:// (PostgreSQL 15 to 18 is the only database).")
            return None
        return f"postgresql+psycopg://{rest}"


_SIGNING_ALWAYS = ("HETAO_SIGNING_ROOTS_FILE", "HETAO_SIGNING_TSA")
_SIGNING_NEEDS = {
    SigningKey.PKCS12: ("HETAO_SIGNING_KEY_FILE", *_SIGNING_ALWAYS),
    SigningKey.PKCS11: (
        "HETAO_SIGNING_PKCS11_MODULE",
        "HETAO_SIGNING_PKCS11_TOKEN",
        "HETAO_SIGNING_PKCS11_LABEL",
        *_SIGNING_ALWAYS,
    ),
}


def from_environment(environ: Mapping[str, str]) -> Settings:
    """Build the settings, making the home folder and its secret key when absent. Raises SettingsRefused."""
    reader = _Reader(environ)
    home = Path(reader.text("HETAO_HOME", str(PROJECT / "var"))).expanduser().absolute()
    database_url = reader.database("DATABASE_URL")
    owner_url = reader.database("DATABASE_OWNER_URL")
    if owner_url and not database_url:
        reader.problems.append("DATABASE_OWNER_URL is set without DATABASE_URL.")
    port = reader.whole("HETAO_PORT", 8000, 1, 65535)
    settings = Settings(
        home=home,
        secret_key=_secret_key(reader, home),
        database_url=database_url,
        database_owner_url=owner_url,
        host=reader.text("HETAO_HOST", "127.0.0.1"),
        port=port,
        public_url=reader.address("HETAO_PUBLIC_URL", f"http://localhost:{port}"),
        workers=reader.whole("HETAO_WORKERS", 4, 1, 64),
        threads=reader.whole("HETAO_THREADS", 2, 1, 64),
        default_language=reader.one_of("HETAO_LANGUAGE", "en", LANGUAGES),
        secure_cookies=reader.switch("HETAO_SECURE_COOKIES"),
        trusted_proxies=reader.whole("HETAO_TRUSTED_PROXIES", 0, 0, 5),
        max_upload_bytes=reader.whole("HETAO_MAX_UPLOAD_MB", 26, 1, 1000) * 1024 * 1024,
        log_level=reader.one_of("HETAO_LOG_LEVEL", "INFO", LOG_LEVELS),
        seal_key=reader.text("HETAO_SEAL_KEY"),
        seal_key_file=reader.file("HETAO_SEAL_KEY_FILE"),
        papers_key=reader.secret("HETAO_PAPERS_KEY"),
        sealer=reader.switch("HETAO_SEALER", "1"),
        mail_host=reader.text("HETAO_MAIL_HOST"),
        mail_port=reader.whole("HETAO_MAIL_PORT", 587, 1, 65535),
        mail_security=reader.one_of("HETAO_MAIL_SECURITY", "starttls", MAIL_SECURITY),
        mail_from=reader.text("HETAO_MAIL_FROM"),
        mail_user=reader.text("HETAO_MAIL_USER"),
        mail_password=reader.text("HETAO_MAIL_PASSWORD"),
        demo=reader.switch("HETAO_DEMO"),
        **reader.signing(),
    )
    if settings.mail_host and "@" not in settings.mail_from:
        reader.problems.append("HETAO_MAIL_FROM must be the address mails come from, as HETAO_MAIL_HOST is set.")
    if reader.problems:
        raise SettingsRefused(reader.problems)
    return settings


@cache
def settings() -> Settings:
    """The settings of this process, read from its environment at first use."""
    return from_environment(os.environ)


def _secret_key(reader: _Reader, home: Path) -> str:
    if given := reader.secret("SECRET_KEY"):
        return given
    try:
        home.mkdir(mode=0o711 if os.geteuid() == 0 else 0o700, parents=True, exist_ok=True)
        return kept_secret(home / "secret-key")
    except OSError as error:
        reader.problems.append(f"HETAO_HOME={home} cannot be used: {error.strerror}.")
        return ""


def kept_secret(file: Path) -> str:
    """The secret in `file`, written once; two processes starting together end up with the same one."""
    if not file.exists():
        draft = file.with_name(f"{file.name}.{os.getpid()}.{secrets.token_hex(4)}")
        with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as handle:
            handle.write(secrets.token_urlsafe(48))
        try:
            os.link(draft, file)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return file.read_text(encoding="ascii").strip()
