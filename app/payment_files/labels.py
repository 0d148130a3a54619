"""Words for codes of this slice: message ids, translated when shown."""

from __future__ import annotations

from app.kernel.messages import _
from app.payment_files.states import BankCodeKind, ChargeBearer, FileStatus, PurposePlacement, Repertoire

STATUS_NAMES: dict[str, str] = {
    FileStatus.DRAFT: _("Waiting for signatures"),
    FileStatus.SIGNED: _("Signed"),
    FileStatus.SENT: _("Sent to the bank"),
    FileStatus.ANSWERED: _("Answered by the bank"),
    FileStatus.WITHDRAWN: _("Withdrawn"),
}
WHO_NEXT: dict[str, str] = {
    FileStatus.DRAFT: _(
        "Signatories of the bank mandate who did not make the file sign it, or its maker withdraws it."
    ),
    FileStatus.SIGNED: _("Save the file, hand it to the bank, and enter that it was sent."),
    FileStatus.SENT: _("The bank's answer is brought in here; the account statement says when money has moved."),
    FileStatus.ANSWERED: _("For a rejected payment an accountant enters the return; it may then be prepared anew."),
    FileStatus.WITHDRAWN: _("Its payments may go into another file."),
}
REPERTOIRE_NAMES: dict[str, str] = {
    Repertoire.LATIN: _("Latin letters only"),
    Repertoire.GB18030: _("Latin and Chinese (GB 18030)"),
    Repertoire.HKSCS: _("Latin and Chinese (Big5 with the Hong Kong set)"),
}
PLACEMENT_NAMES: dict[str, str] = {
    PurposePlacement.NOWHERE: _("Nowhere"),
    PurposePlacement.PURPOSE: _("As the purpose (Purp)"),
    PurposePlacement.INSTRUCTION: _("As an instruction for the payee's bank (InstrForCdtrAgt)"),
    PurposePlacement.REGULATORY: _("As regulatory reporting (RgltryRptg)"),
    PurposePlacement.REMITTANCE: _("Before the remittance information (RmtInf)"),
}
BEARER_NAMES: dict[str, str] = {
    ChargeBearer.SHAR: _("Each side its own (SHAR)"),
    ChargeBearer.DEBT: _("The payer (DEBT)"),
    ChargeBearer.CRED: _("The payee (CRED)"),
    ChargeBearer.SLEV: _("As the rail's rules say (SLEV)"),
}
CODE_KIND_NAMES: dict[str, str] = {
    BankCodeKind.NONE: _("Any bank"),
    BankCodeKind.BIC: _("BIC, first eight characters"),
    BankCodeKind.CNAPS: _("CNAPS, first three digits"),
    BankCodeKind.HKNCC: _("Hong Kong bank code"),
}
