"""The bytes of a payment file: pain.001.001.09 out of its snapshot, the same bytes for the same snapshot. Pure.

Source: ISO 20022, CustomerCreditTransferInitiationV09. The classes of the message are loaded when first needed.
"""

from __future__ import annotations

from datetime import UTC
from decimal import Decimal
from typing import TYPE_CHECKING

from app.kernel.money import Money
from app.payment_files.instruction import Account, Exchange, Instruction, Payment
from app.payment_files.states import PurposePlacement as Placement

if TYPE_CHECKING:
    from app.payment_files.generated import pain_001_001_09 as iso

MESSAGE = "pain.001.001.09"
NAMESPACE = f"urn:iso:std:iso:20022:tech:xsd:{MESSAGE}"


def payment_block(reference: str) -> str:
    """The identifier of the one block of payments (PmtInfId) in the file of that reference."""
    return f"{reference}-1"


def write(instruction: Instruction) -> bytes:
    """The file as UTF-8 XML. Count and control sum are exact; every payment carries EndToEndId and UETR."""
    from xsdata.formats.dataclass.serializers import XmlSerializer
    from xsdata.formats.dataclass.serializers.config import SerializerConfig
    from xsdata.models.datatype import XmlDateTime

    from app.payment_files.generated import pain_001_001_09 as iso

    count, total = str(len(instruction.payments)), instruction.control_sum
    header = iso.GroupHeader85(
        msg_id=instruction.reference,
        cre_dt_tm=XmlDateTime.from_datetime(instruction.made_at.astimezone(UTC).replace(microsecond=0)),
        nb_of_txs=count,
        ctrl_sum=total,
        initg_pty=iso.PartyIdentification135(nm=instruction.payer.holder),
    )
    transfer = iso.CustomerCreditTransferInitiationV09(grp_hdr=header, pmt_inf=[_block(instruction)])
    config = SerializerConfig(indent="  ")
    document = iso.Document(cstmr_cdt_trf_initn=transfer)
    return XmlSerializer(config=config).render(document, ns_map={None: NAMESPACE}).encode("utf-8")


def _block(instruction: Instruction) -> iso.PaymentInstruction30:
    from xsdata.models.datatype import XmlDate

    from app.payment_files.generated import pain_001_001_09 as iso

    rail = iso.PaymentTypeInformation26(lcl_instrm=iso.LocalInstrument2Choice(prtry=instruction.rail))
    return iso.PaymentInstruction30(
        pmt_inf_id=payment_block(instruction.reference),
        pmt_mtd=iso.PaymentMethod3Code.TRF,
        nb_of_txs=str(len(instruction.payments)),
        ctrl_sum=instruction.control_sum,
        pmt_tp_inf=rail if instruction.rail else None,
        reqd_exctn_dt=iso.DateAndDateTime2Choice(dt=XmlDate.from_date(instruction.execute_on)),
        dbtr=_party(instruction.payer),
        dbtr_acct=_account(instruction.payer),
        dbtr_agt=_agent(instruction.payer),
        chrg_br=iso.ChargeBearerType1Code(instruction.charge_bearer.value),
        cdt_trf_tx_inf=[_transfer(each, instruction) for each in instruction.payments],
    )


def _transfer(payment: Payment, instruction: Instruction) -> iso.CreditTransferTransaction34:
    from app.payment_files.generated import pain_001_001_09 as iso

    code = instruction.purpose_code
    at = instruction.purpose_placement if code else Placement.NOWHERE
    amount = iso.ActiveOrHistoricCurrencyAndAmount(
        value=Money(payment.amount_minor, instruction.currency).amount, ccy=instruction.currency.value
    )
    instructions = [iso.InstructionForCreditorAgent1(instr_inf=code)] if at is Placement.INSTRUCTION else []
    regulatory = iso.RegulatoryReporting3(dtls=[iso.StructuredRegulatoryReporting3(cd=code)])
    said = payment.remittance
    return iso.CreditTransferTransaction34(
        pmt_id=iso.PaymentIdentification6(
            instr_id=payment.end_to_end_id, end_to_end_id=payment.end_to_end_id, uetr=payment.uetr
        ),
        amt=_amount(amount, payment.sent_in),
        xchg_rate_inf=_agreed(payment.exchange) if payment.exchange else None,
        cdtr_agt=_agent(payment.payee),
        cdtr=_party(payment.payee),
        cdtr_acct=_account(payment.payee),
        instr_for_cdtr_agt=instructions,
        purp=iso.Purpose2Choice(prtry=code) if at is Placement.PURPOSE else None,
        rgltry_rptg=[regulatory] if at is Placement.REGULATORY else [],
        rmt_inf=iso.RemittanceInformation16(ustrd=[said]) if said else None,
    )


def _amount(amount: iso.ActiveOrHistoricCurrencyAndAmount, sent_in: str) -> iso.AmountType4Choice:
    """What is paid; where the paying bank converts it, as the equivalent in the currency that it sends."""
    from app.payment_files.generated import pain_001_001_09 as iso

    if not sent_in:
        return iso.AmountType4Choice(instd_amt=amount)
    return iso.AmountType4Choice(eqvt_amt=iso.EquivalentAmount2(amt=amount, ccy_of_trf=sent_in))


def _agreed(exchange: Exchange) -> iso.ExchangeRate1:
    from app.payment_files.generated import pain_001_001_09 as iso

    return iso.ExchangeRate1(
        unit_ccy=exchange.unit_currency,
        xchg_rate=Decimal(exchange.rate),
        rate_tp=iso.ExchangeRateType1Code.AGRD,
        ctrct_id=exchange.contract or None,
    )


def _party(account: Account) -> iso.PartyIdentification135:
    from app.payment_files.generated import pain_001_001_09 as iso

    given = account.address
    address = iso.PostalAddress24(
        strt_nm=given.street or None,
        twn_nm=given.town or None,
        ctry=given.country or None,
        adr_line=list(given.lines),
    )
    stated = given.country or given.town or given.street or given.lines
    return iso.PartyIdentification135(nm=account.holder, pstl_adr=address if stated else None)


def _account(account: Account) -> iso.CashAccount38:
    from app.payment_files.generated import pain_001_001_09 as iso

    other = iso.GenericAccountIdentification1(id=account.number)
    return iso.CashAccount38(id=iso.AccountIdentification4Choice(othr=other), ccy=account.currency)


def _agent(account: Account) -> iso.BranchAndFinancialInstitutionIdentification6:
    from app.payment_files.generated import pain_001_001_09 as iso

    member = None
    if account.clearing_code:
        system = iso.ClearingSystemIdentification2Choice(cd=account.clearing_system)
        member = iso.ClearingSystemMemberIdentification2(clr_sys_id=system, mmb_id=account.clearing_code)
    bank = iso.FinancialInstitutionIdentification18(bicfi=account.bic or None, clr_sys_mmb_id=member)
    return iso.BranchAndFinancialInstitutionIdentification6(fin_instn_id=bank)
