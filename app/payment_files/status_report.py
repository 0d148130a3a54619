"""The bank's answer on a payment file: a pain.002 read into plain facts, and held against the file it is about.

Banks answer a pain.001.001.09 in several versions of the message (001.03, 001.10 and 001.12 above all), which name what
is read here alike; elements are looked up by their local names. Everything fits the file, or nothing of the answer is
taken. Source: ISO 20022, CustomerPaymentStatusReport.
"""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from app.kernel.breaches import Breach
from app.kernel.errors import InputRefused
from app.kernel.messages import _
from app.payment_files import message, schema
from app.payment_files.states import AnswerStatus

FAMILY = "pain.002.001"
MESSAGE = f"{FAMILY}.12"
"""The version whose published schema is kept."""

_DOCUMENT = re.compile(r"\{urn:iso:std:iso:20022:tech:xsd:pain\.002\.001\.(0[3-9]|1[0-4])\}Document")
_ROOT = "CstmrPmtStsRpt"
_MESSAGE_ID = f"{_ROOT}/GrpHdr/MsgId"
_GROUP = f"{_ROOT}/OrgnlGrpInfAndSts"
_ABOUT = (f"{_GROUP}/OrgnlMsgId", f"{_GROUP}/OrgnlMsgNmId")
_COUNT, _SUM = re.compile(r"[0-9]{1,15}"), re.compile(r"[0-9]{1,18}(\.[0-9]{1,17})?")

STATUSES: dict[str, AnswerStatus] = {
    "ACCC": AnswerStatus.ACCEPTED,
    "ACCP": AnswerStatus.ACCEPTED,
    "ACFC": AnswerStatus.ACCEPTED,
    "ACSC": AnswerStatus.ACCEPTED,
    "ACSP": AnswerStatus.ACCEPTED,
    "ACWC": AnswerStatus.ACCEPTED,
    "ACWP": AnswerStatus.ACCEPTED,
    "ACTC": AnswerStatus.PENDING,
    "PATC": AnswerStatus.PENDING,
    "PDNG": AnswerStatus.PENDING,
    "RCVD": AnswerStatus.PENDING,
    "BLCK": AnswerStatus.REJECTED,
    "CANC": AnswerStatus.REJECTED,
    "RJCT": AnswerStatus.REJECTED,
}
"""Status codes that say something of every payment they cover. Technical acceptance is not yet acceptance."""

PARTLY = "PART"


@dataclass(frozen=True, slots=True)
class Said:
    """A status with its reason, as the bank wrote them."""

    status: str
    reason_code: str = ""
    reason_text: str = ""


@dataclass(frozen=True, slots=True)
class TransferSaid:
    """What the bank says of one payment."""

    end_to_end_id: str
    uetr: str
    said: Said


@dataclass(frozen=True, slots=True)
class BlockSaid:
    """What the bank says of a block of payments."""

    block: str
    count: str
    control_sum: Decimal | None
    said: Said
    transfers: tuple[TransferSaid, ...]


@dataclass(frozen=True, slots=True)
class Report:
    """An answer as it was read."""

    message_id: str
    original: str
    original_kind: str
    count: str
    control_sum: Decimal | None
    said: Said
    blocks: tuple[BlockSaid, ...]


@dataclass(frozen=True, slots=True)
class SentPayment:
    """A payment of our file, with what the bank said of it before."""

    end_to_end_id: str
    uetr: str
    before: AnswerStatus


@dataclass(frozen=True, slots=True)
class SentFile:
    """Our file, as far as an answer can name it."""

    reference: str
    control_sum: Decimal
    payments: tuple[SentPayment, ...]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a payment by this answer."""

    answer: AnswerStatus
    said: Said


def read(content: bytes) -> Report:
    """The answer out of its bytes. Raises InputRefused for anything but a sound, bounded pain.002 of version 03 to 14.

    An answer in the version whose schema is kept is held against it; of the others the parts that are read are checked.
    """
    schema.refuse_hostile(content)
    root = ET.fromstring(content)  # noqa: S314 - read once above without doctype or entities
    version = _DOCUMENT.fullmatch(root.tag)
    if version is None:
        said = _("The document is no answer to a payment file: pain.002.001, version 03 to 14.")
        raise InputRefused(_breach("bank-answer.message", said, root.tag[:200]))
    if f"{FAMILY}.{version[1]}" == MESSAGE:
        schema.refuse_unless_valid(content, MESSAGE)
    for element in root.iter():
        element.tag = element.tag.rpartition("}")[2]
    found = _lacking(root)
    if found:
        raise InputRefused(*found)
    return _report(root)


def _lacking(root: ET.Element) -> list[Breach]:
    """What an answer must say and this one does not, and counts and sums that are none."""
    said = _("The answer does not say %(named)s.")
    found = [_breach("bank-answer.incomplete", said, path) for path in (_MESSAGE_ID, *_ABOUT) if not _text(root, path)]
    said = _("%(named)s is not a number.")
    numbers = [(each, _COUNT) for each in root.iter("OrgnlNbOfTxs")] + [
        (each, _SUM) for each in root.iter("OrgnlCtrlSum")
    ]
    found += [
        _breach("bank-answer.number", said, f"{each.tag} {each.text or ''}"[:60])
        for each, form in numbers
        if not form.fullmatch(_text(each, "."))
    ]
    return found


def _report(root: ET.Element) -> Report:
    group = root.find(_GROUP)
    assert group is not None
    original, kind = (_text(root, path) for path in _ABOUT)
    return Report(
        _text(root, _MESSAGE_ID),
        original,
        kind,
        _text(group, "OrgnlNbOfTxs"),
        _sum(group),
        _said(group, "GrpSts"),
        tuple(_block(each) for each in root.iterfind(f"{_ROOT}/OrgnlPmtInfAndSts")),
    )


def _block(block: ET.Element) -> BlockSaid:
    transfers = tuple(
        TransferSaid(
            _text(each, "OrgnlEndToEndId") or _text(each, "OrgnlInstrId"),
            _text(each, "OrgnlUETR"),
            _said(each, "TxSts"),
        )
        for each in block.iterfind("TxInfAndSts")
    )
    return BlockSaid(
        _text(block, "OrgnlPmtInfId"), _text(block, "OrgnlNbOfTxs"), _sum(block), _said(block, "PmtInfSts"), transfers
    )


def _said(element: ET.Element, status: str) -> Said:
    reasons = list(element.iterfind("StsRsnInf"))
    codes = (_text(each, "Rsn/Cd") or _text(each, "Rsn/Prtry") for each in reasons)
    text = " ".join(_text(line, ".") for each in reasons for line in each.iterfind("AddtlInf"))
    return Said(_text(element, status), next((code for code in codes if code), "")[:35], text)


def _sum(element: ET.Element) -> Decimal | None:
    written = _text(element, "OrgnlCtrlSum")
    return Decimal(written) if written else None


def _text(element: ET.Element, path: str) -> str:
    found = element if path == "." else element.find(path)
    return (found.text or "").strip() if found is not None else ""


def misfits(report: Report, sent: SentFile) -> list[Breach]:
    """Why the answer is not about this file, or contradicts it or an earlier answer; empty where it fits."""
    if report.original != sent.reference or not report.original_kind.startswith("pain.001"):
        return [
            _breach("bank-answer.other-file", _("The answer is about %(named)s, not about this file."), report.original)
        ]
    found = _sums(report.count, report.control_sum, sent)
    known = {each.end_to_end_id: each for each in sent.payments}
    seen: set[str] = set()
    for block in report.blocks:
        if block.block != message.payment_block(sent.reference):
            found.append(
                _breach("bank-answer.other-block", _("Our file has no block of payments %(named)s."), block.block)
            )
        found += _sums(block.count, block.control_sum, sent)
        for transfer in block.transfers:
            found += _transfer(transfer, known, seen)
            seen.add(transfer.end_to_end_id)
    statuses = [report.said, *(block.said for block in report.blocks)]
    statuses += [transfer.said for block in report.blocks for transfer in block.transfers]
    for said in statuses:
        if said.status and said.status != PARTLY and said.status not in STATUSES:
            found.append(_breach("bank-answer.status", _("The status %(named)s is not known here."), said.status))
    return found or _contradictions(report, sent)


def _sums(count: str, control_sum: Decimal | None, sent: SentFile) -> list[Breach]:
    if count and int(count) != len(sent.payments):
        return [_breach("bank-answer.count", _("The answer counts %(named)s payments, our file does not."), count)]
    if control_sum is not None and control_sum != sent.control_sum:
        said = _("The answer names the control sum %(named)s, our file another.")
        return [_breach("bank-answer.control-sum", said, str(control_sum))]
    return []


def _transfer(transfer: TransferSaid, known: Mapping[str, SentPayment], seen: set[str]) -> list[Breach]:
    ours = known.get(transfer.end_to_end_id)
    if ours is None:
        said = _("Our file has no payment %(named)s.")
        return [_breach("bank-answer.unknown-payment", said, transfer.end_to_end_id or "–")]
    if transfer.uetr and transfer.uetr != ours.uetr:
        said = _("The answer names another UETR for %(named)s than our file.")
        return [_breach("bank-answer.uetr", said, transfer.end_to_end_id)]
    if transfer.end_to_end_id in seen:
        return [_breach("bank-answer.twice", _("The answer names %(named)s twice."), transfer.end_to_end_id)]
    return []


def _contradictions(report: Report, sent: SentFile) -> list[Breach]:
    """A payment that was rejected stays rejected; an answer must say something."""
    told = outcomes(report, sent)
    if not told:
        return [
            _breach("bank-answer.nothing", _("The answer %(named)s says nothing of any payment."), report.message_id)
        ]
    return [
        _breach("bank-answer.contradiction", _("The bank rejected %(named)s before and now says otherwise."), key)
        for each in sent.payments
        if (key := each.end_to_end_id) in told
        and each.before is AnswerStatus.REJECTED
        and told[key].answer is not AnswerStatus.REJECTED
    ]


def outcomes(report: Report, sent: SentFile) -> dict[str, Outcome]:
    """What the answer says of each payment, the nearest word first (payment, block, file); others are absent."""
    found: dict[str, Outcome] = {}
    for block in report.blocks:
        told = {each.end_to_end_id: each.said for each in block.transfers}
        for each in sent.payments:
            said = told.get(each.end_to_end_id, Said(""))
            nearest = next((one for one in (said, block.said, report.said) if one.status in STATUSES), None)
            if nearest is not None:
                reasoned = said if said.reason_code or said.reason_text else nearest
                whole = Said(nearest.status, reasoned.reason_code, reasoned.reason_text)
                found[each.end_to_end_id] = Outcome(STATUSES[nearest.status], whole)
    if not report.blocks and report.said.status in STATUSES:
        return {each.end_to_end_id: Outcome(STATUSES[report.said.status], report.said) for each in sent.payments}
    return found


def _breach(code: str, said: str, named: str) -> Breach:
    cure = _("Ask the bank for the right file: nothing was taken.")
    return Breach(code, said, cure, "ISO 20022 pain.002.001", {"named": named}, field="file")
