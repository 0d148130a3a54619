"""Classes of the ISO 20022 messages, written by xsdata out of `../schemas`; not edited by hand.

Written with `xsdata generate FILE.xsd --structure-style filenames --docstring-style Blank --max-line-length 120`.
"""
