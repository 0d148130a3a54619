"""Verbs of the trail in words. Add a line per verb; a verb without one is shown by its own name."""

from __future__ import annotations

from app.kernel.messages import _

VERB_WORDS: dict[str, str] = {
    # institutions and bank accounts
    "institution.open": _("Institution opened"),
    "institution.change": _("Institution changed"),
    "institution.suspend": _("Institution suspended"),
    "institution.reinstate": _("Institution reinstated"),
    "institution.close": _("Institution closed"),
    "bank-account.enter": _("Bank account entered"),
    "bank-account.verify": _("Bank account verified by a second person"),
    "bank-account.refuse": _("Bank account refused"),
    "bank-account.replace": _("Bank account replaced"),
    "bank-account.reveal": _("Full account number shown"),
    "cooling.propose": _("Cooling period proposed"),
    "cooling.confirm": _("Cooling period confirmed"),
    # people and rights
    "person.create": _("Person registered"),
    "person.change": _("Details changed"),
    "person.disable": _("Person disabled"),
    "person.propose-enable": _("Enabling again proposed"),
    "person.enable": _("Person enabled again"),
    "person.sign-in": _("Signed in"),
    "person.sign-in-failed": _("Sign-in refused"),
    "person.sign-out": _("Signed out"),
    "person.end-session": _("Session ended"),
    "person.change-password": _("Password changed"),
    "person.preferences": _("Preferences changed"),
    "password-link.request": _("Password link asked for"),
    "password-link.confirm": _("Password link issued"),
    "right.propose": _("Right proposed"),
    "right.confirm": _("Right confirmed"),
    "right.refuse": _("Right refused"),
    "right.revoke": _("Right revoked"),
    "token.create": _("API token created"),
    "token.revoke": _("API token revoked"),
    "limit.propose": _("Limit of authority proposed"),
    "limit.confirm": _("Limit of authority confirmed"),
    "limit.refuse": _("Limit of authority refused"),
    "limit.end": _("Limit of authority ended"),
    "delegation.propose": _("Delegation proposed"),
    "delegation.confirm": _("Delegation confirmed"),
    "delegation.refuse": _("Delegation refused"),
    "delegation.revoke": _("Delegation ended"),
    # whitelist
    "whitelist.apply": _("Listing applied for"),
    "whitelist.list": _("Listed"),
    "whitelist.suspend": _("Listing suspended"),
    "whitelist.reinstate": _("Listing reinstated"),
    "whitelist.remove": _("Removed from the list"),
    # projects, programmes, contracts
    "evidence.keep": _("Document kept"),
    "project.register": _("Project registered"),
    "project.edit": _("Project changed"),
    "project.add-member": _("Person joined the project"),
    "project.end-member": _("Person's part in the project ended"),
    "project.add-party": _("Institution joined the project"),
    "project.remove-party": _("Institution left the project"),
    "programme.create": _("Programme opened"),
    "programme.edit": _("Programme changed"),
    "programme.propose-parameter": _("Parameter proposed"),
    "programme.confirm-parameter": _("Parameter confirmed by a second officer"),
    "programme.refuse-parameter": _("Parameter refused"),
    "contract.draft": _("Contract drafted"),
    "contract.edit": _("Draft changed"),
    "contract.commit": _("Commitment letter uploaded"),
    "contract.keep-minutes": _("Minutes of the collective decision uploaded"),
    "contract.change-account": _("Account for payments changed"),
    "contract.sign": _("Contract signed, its amount held"),
    "contract.activate": _("Contract activated"),
    "contract.suspend": _("Contract suspended"),
    "contract.start-closing": _("Closing started"),
    "contract.close": _("Contract closed"),
    "contract.terminate": _("Contract ended"),
    "contract.declare-interest": _("Interest declared"),
    "tranche.confirm-condition": _("Condition of a tranche confirmed"),
    "obligation.add": _("Obligation added"),
    "obligation.submit": _("Obligation submitted"),
    "obligation.query": _("Obligation queried"),
    "obligation.accept": _("Obligation accepted"),
    "obligation.waive": _("Obligation waived"),
    "obligation.extend": _("Due date extended"),
    "amendment.propose": _("Amendment proposed"),
    "amendment.approve": _("Amendment approved"),
    "amendment.refuse": _("Amendment refused"),
    "amendment.withdraw": _("Amendment withdrawn"),
    # disbursements and residue returns
    "disbursement.draft": _("Disbursement drafted"),
    "disbursement.edit": _("Disbursement changed"),
    "disbursement.submit": _("Submitted to the checkers"),
    "disbursement.approve": _("Approved by a checker"),
    "disbursement.return": _("Returned to the maker"),
    "disbursement.refuse": _("Disbursement refused"),
    "disbursement.cancel": _("Disbursement cancelled"),
    "disbursement.recall": _("Approval recalled"),
    "disbursement.sign-release": _("Release signed by the first signatory"),
    "disbursement.release": _("Released to the bank"),
    "disbursement.settle": _("Bank's line entered: settled"),
    "disbursement.bounce": _("Sent back by the bank"),
    "disbursement.confirm-receipt": _("Receipt confirmed by the grantee"),
    "disbursement.withdraw-receipt": _("Receipt taken back"),
    "disbursement.list-document": _("Document of the route listed"),
    "disbursement.confirm-document": _("Document of the route confirmed"),
    "disbursement.attach-minutes": _("Minutes attached"),
    "mandate.enter": _("Bank mandate entered"),
    "mandate.confirm": _("Bank mandate confirmed"),
    "residue.enter": _("Return of residue entered"),
    "residue.confirm": _("Return of residue confirmed and booked"),
    "residue.refuse": _("Return of residue refused"),
    "residue.receive": _("Residue arrived at the funder"),
    # funds, rates, journals, evidence, reports
    "fund.open": _("Fund opened"),
    "fund.enter-movement": _("Movement of funds entered"),
    "fund.approve-movement": _("Movement of funds approved and posted"),
    "fund.refuse-movement": _("Movement of funds refused"),
    "ledger.import": _("File imported into the book"),
    "vouchers.propose-mapping": _("Account code proposed"),
    "vouchers.confirm-mapping": _("Account code confirmed by a second person"),
    "vouchers.refuse-mapping": _("Account code refused"),
    "vouchers.propose-profile": _("Profile of voucher files proposed"),
    "vouchers.confirm-profile": _("Profile of voucher files confirmed by a second person"),
    "vouchers.refuse-profile": _("Profile of voucher files refused"),
    "vouchers.export": _("Vouchers handed out"),
    "rate.enter": _("Exchange rate entered"),
    "rate.load-bundled": _("Bundled rates loaded"),
    "rate.confirm": _("Exchange rate confirmed by a second person"),
    "rate.refuse": _("Exchange rate refused"),
    "policy.propose": _("Policy number proposed"),
    "policy.confirm": _("Policy number confirmed by a second administrator"),
    "policy.refuse": _("Policy number refused"),
    "journal.submit": _("Journal submitted"),
    "journal.correct": _("Journal corrected and submitted again"),
    "journal.approve": _("Journal approved and posted"),
    "journal.return": _("Journal returned to its maker"),
    "journal.refuse": _("Journal refused"),
    "report.build": _("Report built"),
}
"""Message ids by verb."""


SUBJECT_WORDS: dict[str, str] = {
    "authority": _("Limits of authority"),
    "bank_account": _("Bank account"),
    "contract": _("Contract"),
    "disbursement": _("Disbursement"),
    "fund": _("Fund"),
    "fund-movement": _("Movement of funds"),
    "institution": _("Institution"),
    "journal": _("Journal"),
    "person": _("Person"),
    "policy": _("Policy number"),
    "programme": _("Programme"),
    "project": _("Project"),
    "rate": _("Exchange rate"),
    "residue-return": _("Residue return"),
    "whitelist_entry": _("Whitelist entry"),
}
"""Message ids by kind of record. Add a line per kind."""


def subject_words(kind: str) -> str:
    """The message id of a kind of record, or the kind itself made readable."""
    return SUBJECT_WORDS.get(kind) or kind.replace("-", " ").replace("_", " ").capitalize()


def verb_words(verb: str) -> str:
    """The message id of a verb, or the verb itself made readable: `contract.sign` reads `Contract: sign`."""
    known = VERB_WORDS.get(verb)
    if known:
        return known
    noun, found, done = verb.partition(".")
    text = f"{noun}: {done}" if found else noun
    return text.replace("-", " ").replace("_", " ").capitalize()
