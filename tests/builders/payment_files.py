"""Builders around payment files: accounts with their banks' codes, files in each status, answers of a bank."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from sqlalchemy.orm import Session

from app.disbursements.models import Disbursement
from app.institutions.models import BankAccount
from app.institutions.states import Side
from app.kernel.actor import Actor
from app.kernel.currencies import Currency
from app.payment_files import answer_service, profile_service, service
from app.payment_files.commands import EnterProfile, MakeFile, Seen, Send, TakeAnswer
from app.payment_files.models import BankProfile, PaymentFile
from app.payment_files.states import BankCodeKind, ChargeBearer, PurposePlacement, Repertoire
from app.web.uploads import XML, Upload
from tests.builders import payments
from tests.builders.payments import NOW, TODAY, PaymentWorld

DAY = date(2026, 11, 24)


def with_bank_codes(session: Session, made: PaymentWorld) -> None:
    """Give both accounts the codes of their banks, as the register has them."""
    for account in (made.payer_account, made.payee_account):
        code(session, account)
    session.flush()


def code(session: Session, account: BankAccount) -> None:
    """A BIC, and a clearing code of its side."""
    account.bic = "LYBKCNBS" if account.bank_side == Side.SZ else "LRBKHKHH"
    if account.bank_side == Side.SZ:
        account.cnaps = "103584001077"
    else:
        account.hk_bank_code = "004"
    session.flush()


def command(made: PaymentWorld, *rows: Disbursement, **changes: Any) -> MakeFile:
    """A file of these payments by the rail that crosses in their currency."""
    rail = "CIPS" if made.currency is Currency.CNY else "SWIFT"
    asked = MakeFile(made.payer_account.id, made.currency, rail, DAY, tuple(row.reference for row in rows), "CSTRDR")
    return replace(asked, **changes)


def released(session: Session, made: PaymentWorld, count: int = 2, amount: str = "10000.00") -> list[Disbursement]:
    """So many released payments."""
    return [payments.released(session, made, amount, value_date=TODAY + timedelta(days=4)) for _ in range(count)]


def drafted(session: Session, made: PaymentWorld, *rows: Disbursement, who: Actor | None = None) -> PaymentFile:
    """A file of the payments (two new ones unless told otherwise), made by the accountant."""
    with_bank_codes(session, made)
    paid = rows or tuple(released(session, made))
    return service.make(session, who or made.accountant, command(made, *paid), now=NOW)


def signed(session: Session, made: PaymentWorld, *rows: Disbursement) -> PaymentFile:
    """Signed by the payments officer."""
    row = drafted(session, made, *rows)
    return service.sign(session, made.payer, row.reference, Seen(row.version), now=NOW)


def sent(session: Session, made: PaymentWorld, *rows: Disbursement) -> PaymentFile:
    """Sent to the bank."""
    row = signed(session, made, *rows)
    return service.send(session, made.accountant, row.reference, Send(row.version, "BK-77"), now=NOW)


def transfer(end_to_end_id: str, status: str, reason: str = "", text: str = "", uetr: str = "") -> str:
    """What a bank says of one payment."""
    told = f"<Rsn><Cd>{reason}</Cd></Rsn>" if reason else ""
    told += f"<AddtlInf>{text}</AddtlInf>" if text else ""
    named = f"<OrgnlUETR>{uetr}</OrgnlUETR>" if uetr else ""
    why = f"<StsRsnInf>{told}</StsRsnInf>" if told else ""
    inner = f"<OrgnlEndToEndId>{end_to_end_id}</OrgnlEndToEndId>{named}<TxSts>{status}</TxSts>{why}"
    return f"<TxInfAndSts>{inner}</TxInfAndSts>"


def report(
    original: str,
    *transfers: str,
    group: str = "",
    block: str = "",
    message_id: str = "ANS-1",
    kind: str = "pain.001.001.09",
    count: str = "",
    control_sum: str = "",
    block_id: str = "",
) -> bytes:
    """An answer of a bank (pain.002.001.12) on a file."""
    sums = f"<OrgnlNbOfTxs>{count}</OrgnlNbOfTxs>" if count else ""
    sums += f"<OrgnlCtrlSum>{control_sum}</OrgnlCtrlSum>" if control_sum else ""
    group_status = f"<GrpSts>{group}</GrpSts>" if group else ""
    blocks = ""
    if transfers or block:
        block_status = f"<PmtInfSts>{block}</PmtInfSts>" if block else ""
        name = block_id or f"{original}-1"
        inner = f"<OrgnlPmtInfId>{name}</OrgnlPmtInfId>{block_status}{''.join(transfers)}"
        blocks = f"<OrgnlPmtInfAndSts>{inner}</OrgnlPmtInfAndSts>"
    return (
        '<?xml version="1.0" encoding="UTF-8"?>'
        '<Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.002.001.12"><CstmrPmtStsRpt>'
        f"<GrpHdr><MsgId>{message_id}</MsgId><CreDtTm>2026-11-24T09:00:00</CreDtTm></GrpHdr>"
        f"<OrgnlGrpInfAndSts><OrgnlMsgId>{original}</OrgnlMsgId><OrgnlMsgNmId>{kind}</OrgnlMsgNmId>"
        f"{sums}{group_status}</OrgnlGrpInfAndSts>{blocks}"
        "</CstmrPmtStsRpt></Document>"
    ).encode()


def answered(session: Session, made: PaymentWorld, row: PaymentFile, content: bytes) -> answer_service.Taken:
    """Take an answer as the accountant."""
    upload = TakeAnswer(Upload("answer.xml", content, XML))
    return answer_service.take(session, made.accountant, row.reference, upload, now=NOW)


def a_profile(session: Session, made: PaymentWorld, who: Actor, **changes: Any) -> BankProfile:
    """What the payer's bank takes, entered and not confirmed."""
    told = EnterProfile(
        institution_id=made.funder.id,
        name="Lychee Bay Bank",
        code_kind=BankCodeKind.BIC,
        code="LYBKCNBS",
        repertoire=Repertoire.GB18030,
        name_length=60,
        address_length=35,
        remittance_length=100,
        address_structured=True,
        purpose_placement=PurposePlacement.PURPOSE,
        charge_bearer=ChargeBearer.DEBT,
        source="Guide of the bank, May 2026",
        verified=True,
    )
    return profile_service.enter(session, who, replace(told, **changes), now=NOW)
