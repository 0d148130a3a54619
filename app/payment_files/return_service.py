"""A file the bank rejected as a whole: one person enters once, with one reason, that everything in it comes back."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from app.access.permissions import Permission
from app.disbursements import payment_service
from app.disbursements.commands import Bounce
from app.disbursements.models import Disbursement
from app.disbursements.states import DisbursementStatus
from app.kernel.actor import Actor
from app.kernel.breaches import Breach
from app.kernel.errors import Conflict
from app.kernel.messages import _
from app.kernel.money import total
from app.payment_files import queries, service
from app.payment_files.commands import ReturnAll
from app.payment_files.models import PaymentFile
from app.payment_files.states import AnswerStatus


def is_rejected_whole(row: PaymentFile) -> bool:
    """Whether the bank rejected every payment of the file, for one reason."""
    said = {(each.answer, each.reason_code, each.reason_text) for each in row.payments}
    return len(said) == 1 and next(iter(said))[0] == AnswerStatus.REJECTED


def to_return(session: Session, row: PaymentFile) -> list[Disbursement]:
    """What of a rejected file has not gone back yet, by reference; nothing of a file that was not rejected whole."""
    if not is_rejected_whole(row):
        return []
    paid = queries.paid_by(session, row).values()
    return sorted(
        (each for each in paid if each.status == DisbursementStatus.RELEASED), key=lambda each: each.reference
    )


def return_all(session: Session, actor: Actor, reference: str, command: ReturnAll, *, now: datetime) -> PaymentFile:
    """Enter that nothing of a rejected file was paid: each payment's hold gets its amount again, or none does.

    Amounts stay in the file's currency. Raises Conflict for a file that was not rejected whole or has gone back, and
    whatever refuses the return of a single payment: NotPermitted for whoever released one of them, RuleBreached for
    a day that cannot be.
    """
    row = service.locked(session, actor, Permission.DISBURSEMENTS_BOUNCE, reference, command.version)
    waiting = to_return(session, row)
    if not waiting:
        said = _("%(reference)s has nothing to return: the bank did not reject all of it, or it went back already.")
        cure = _("Enter the return of single payments on their own pages.")
        raise Conflict(Breach("payment-file.nothing-to-return", said, cure, params={"reference": reference}))
    for each in waiting:
        back = Bounce(each.version, command.value_date, row.bank_reference or row.reference, command.reason)
        payment_service.bounce(session, actor, each.reference, back, now=now)
    row.version += 1
    session.flush()
    back_again = total((each.amount for each in waiting), row.total.currency)
    told = {"payments": len(waiting), "amount": back_again, "reason": command.reason}
    service.record(session, actor, "return-all", row, now, **told)
    return row
