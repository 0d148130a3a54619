"""Builders of notifications of banks (camt.054)."""

from __future__ import annotations

NAMESPACE = "urn:iso:std:iso:20022:tech:xsd:camt.054.001.08"
OLD_NAMESPACE = "urn:iso:std:iso:20022:tech:xsd:camt.054.001.02"


def part(end_to_end: str, *, uetr: str = "", reason: str = "") -> str:
    """The details of one payment in an entry."""
    named = f"<UETR>{uetr}</UETR>" if uetr else ""
    returned = f"<RtrInf><Rsn><Cd>{reason}</Cd></Rsn></RtrInf>" if reason else ""
    return f"<TxDtls><Refs><EndToEndId>{end_to_end}</EndToEndId>{named}</Refs>{returned}</TxDtls>"


def entry(
    amount: str,
    day: str,
    *parts: str,
    reference: str = "BR1",
    charge: str = "",
    status: str = "BOOK",
    currency: str = "HKD",
) -> str:
    """One Ntry: money out where the amount is negative."""
    side = "DBIT" if amount.startswith("-") else "CRDT"
    named = f"<AcctSvcrRef>{reference}</AcctSvcrRef>" if reference else ""
    charged = f"<Chrgs><TtlChrgsAndTaxAmt Ccy='{currency}'>{charge}</TtlChrgsAndTaxAmt></Chrgs>" if charge else ""
    details = f"<NtryDtls>{''.join(parts)}</NtryDtls>" if parts else ""
    return (
        f"<Ntry><Amt Ccy='{currency}'>{amount.lstrip('-')}</Amt><CdtDbtInd>{side}</CdtDbtInd>"
        f"<Sts><Cd>{status}</Cd></Sts><BookgDt><Dt>{day}</Dt></BookgDt><ValDt><Dt>{day}</Dt></ValDt>"
        f"{named}<BkTxCd><Prtry><Cd>X</Cd></Prtry></BkTxCd>{charged}{details}</Ntry>"
    )


def camt054(
    number: str,
    *entries: str,
    totals: str = "",
    message: str = "N1",
    namespace: str = NAMESPACE,
    head: str = "",
    currency: str = "HKD",
) -> bytes:
    """A camt.054 document of the account `number`; `entries` are Ntry elements, `totals` its TxsSummry."""
    return (
        f"<?xml version='1.0' encoding='UTF-8'?>{head}<Document xmlns='{namespace}'><BkToCstmrDbtCdtNtfctn>"
        f"<GrpHdr><MsgId>{message}</MsgId><CreDtTm>2026-09-03T12:00:00+08:00</CreDtTm></GrpHdr>"
        f"<Ntfctn><Id>{message}</Id><CreDtTm>2026-09-03T12:00:00+08:00</CreDtTm>"
        f"<Acct><Id><Othr><Id>{number}</Id></Othr></Id><Ccy>{currency}</Ccy></Acct>"
        f"{totals}{''.join(entries)}</Ntfctn></BkToCstmrDbtCdtNtfctn></Document>"
    ).encode()
