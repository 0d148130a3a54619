"""Payment files: released disbursements gathered into a file for the bank, signed, sent, and answered by the bank."""
