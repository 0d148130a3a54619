"""The bank's answer on a payment file: pain.002.001.12 read into plain facts, and held against the file it is about.

Everything fits the file, or nothing of the answer is taken. Source: ISO 20022, CustomerPaymentStatusReportV12.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from app.kernel.breaches import Breach
from app.kernel.messages import _
from app.payment_files import message, schema
from app.payment_files.states import AnswerStatus

if TYPE_CHECKING:
    from app.payment_files.generated import pain_002_001_12 as iso

MESSAGE = "pain.002.001.12"

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
    """The answer out of its bytes. Raises InputRefused for anything but a valid, bounded pain.002.001.12."""
    schema.refuse_unless_valid(content, MESSAGE)
    from xsdata.formats.dataclass.parsers import XmlParser

    from app.payment_files.generated import pain_002_001_12 as iso

    report = XmlParser().from_bytes(content, iso.Document).cstmr_pmt_sts_rpt
    group = report.orgnl_grp_inf_and_sts
    return Report(
        report.grp_hdr.msg_id,
        group.orgnl_msg_id,
        group.orgnl_msg_nm_id,
        group.orgnl_nb_of_txs or "",
        group.orgnl_ctrl_sum,
        _said(group.grp_sts, group.sts_rsn_inf),
        tuple(_block(each) for each in report.orgnl_pmt_inf_and_sts),
    )


def _block(block: iso.OriginalPaymentInstruction40) -> BlockSaid:
    transfers = tuple(
        TransferSaid(
            each.orgnl_end_to_end_id or each.orgnl_instr_id or "",
            each.orgnl_uetr or "",
            _said(each.tx_sts, each.sts_rsn_inf),
        )
        for each in block.tx_inf_and_sts
    )
    return BlockSaid(
        block.orgnl_pmt_inf_id,
        block.orgnl_nb_of_txs or "",
        block.orgnl_ctrl_sum,
        _said(block.pmt_inf_sts, block.sts_rsn_inf),
        transfers,
    )


def _said(status: str | None, reasons: Sequence[iso.StatusReasonInformation12]) -> Said:
    code = next((each.rsn.cd or each.rsn.prtry or "" for each in reasons if each.rsn is not None), "")
    text = " ".join(line for each in reasons for line in each.addtl_inf)
    return Said(status or "", code, text)


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
    return Breach(code, said, cure, "ISO 20022 pain.002.001.12", {"named": named}, field="file")
