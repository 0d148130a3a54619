"""Notices by mail, through the operator's own server: written with the verb, sent after it is committed."""
