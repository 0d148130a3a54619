"""The reason codes of banks in words: the common ones of the ISO 20022 external code list, our own wording."""

from __future__ import annotations

from app.kernel.messages import _

REASONS: dict[str, str] = {
    "AC01": _("The account number is wrong or does not exist."),
    "AC02": _("The paying account number is wrong."),
    "AC03": _("The payee's account number is wrong."),
    "AC04": _("The account is closed."),
    "AC06": _("The account is blocked."),
    "AC07": _("The payee's account is closed."),
    "AG01": _("This kind of payment is forbidden on this account."),
    "AG02": _("The bank's operation code is wrong."),
    "AM01": _("The amount is nil."),
    "AM02": _("The amount is larger than the bank allows."),
    "AM03": _("The bank does not pay in this currency."),
    "AM04": _("There is not enough money in the paying account."),
    "AM05": _("The bank takes this for a payment it has already."),
    "AM09": _("The amount is not the one agreed on or expected."),
    "AM10": _("The control sum is wrong."),
    "AM18": _("The number of payments is wrong."),
    "BE01": _("The payee's name does not fit the account."),
    "BE04": _("The payee's address is missing or wrong."),
    "BE05": _("The bank does not know who sends the file."),
    "CH03": _("The day to pay lies too far ahead."),
    "CURR": _("The currency is wrong."),
    "DT01": _("A date is wrong."),
    "DU01": _("The bank has a file with this identifier already."),
    "DU03": _("The bank has these payments already."),
    "ED05": _("Settlement between the banks failed."),
    "FF01": _("The file or its format is wrong."),
    "MD07": _("The account holder has died."),
    "MS02": _("The payer's bank gives no reason, at its customer's wish."),
    "MS03": _("The bank gives no reason."),
    "NARR": _("The bank gives its reason in its own words."),
    "RC01": _("The bank's code is wrong."),
    "RC04": _("The code of the payee's bank is wrong."),
    "RF01": _("A reference is not unique."),
    "RR01": _("Rules of supervision: the payer's account or identifier is missing."),
    "RR02": _("Rules of supervision: the payer's name or address is missing."),
    "RR03": _("Rules of supervision: the payee's name or address is missing."),
    "RR04": _("Rules of supervision."),
    "TM01": _("The file came after the bank's cut-off."),
}
"""Message ids by code; a code that is not here is shown as the bank wrote it."""


def words_of(code: str) -> str:
    """The message id of a reason code; empty for none and for one that is not known here."""
    return REASONS.get(code, "")
