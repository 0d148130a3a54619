"""Statements in the manner of banks of several countries, written for the tests: one month each, to the cent.

Every sample opens with 1,000.00 and closes with 1,414.75 in HKD; the sums of its lines say the rest. The camt ones are
valid by the message's own schema, so that the reader is tested against the standard and not against itself.
"""

from __future__ import annotations

NUMBER = "012874509663001"
NS2 = "urn:iso:std:iso:20022:tech:xsd:camt.053.001.02"
NS8 = "urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"
UETR = "0f7c2d31-8a64-4b1e-9d55-3c6e21b07a94"


def _balance(code: str, amount: str, day: str, *, timed: bool = False) -> str:
    side, written = ("DBIT", amount[1:]) if amount.startswith("-") else ("CRDT", amount)
    when = f"<DtTm>{day}T23:59:59+08:00</DtTm>" if timed else f"<Dt>{day}</Dt>"
    return (
        f'<Bal><Tp><CdOrPrtry><Cd>{code}</Cd></CdOrPrtry></Tp><Amt Ccy="HKD">{written}</Amt>'
        f"<CdtDbtInd>{side}</CdtDbtInd><Dt>{when}</Dt></Bal>"
    )


def _document(namespace: str, *statements: str) -> str:
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<Document xmlns="{namespace}"><BkToCstmrStmt><GrpHdr>'
        "<MsgId>STM-20261001-7</MsgId><CreDtTm>2026-10-01T06:12:00+08:00</CreDtTm></GrpHdr>"
        f"{''.join(statements)}</BkToCstmrStmt></Document>"
    )


def _code(domain: str, family: str, sub: str) -> str:
    return f"<BkTxCd><Domn><Cd>{domain}</Cd><Fmly><Cd>{family}</Cd><SubFmlyCd>{sub}</SubFmlyCd></Fmly></Domn></BkTxCd>"


def low_countries() -> bytes:
    """001.02 with an IBAN, one transaction an entry, available balances that do not count, and long remarks."""
    entries = (
        '<Ntry><Amt Ccy="HKD">500.00</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts>BOOK</Sts>'
        "<BookgDt><Dt>2026-09-03</Dt></BookgDt><ValDt><Dt>2026-09-03</Dt></ValDt><AcctSvcrRef>2609031234567890</AcctSvcrRef>"
        f"{_code('PMNT', 'RCDT', 'ESCT')}<NtryDtls><TxDtls><Refs><EndToEndId>DSB-2026-00042</EndToEndId></Refs>"
        '<AmtDtls><TxAmt><Amt Ccy="HKD">500.00</Amt></TxAmt></AmtDtls>'
        "<RltdPties><Dbtr><Nm>Stichting Rivierfonds</Nm></Dbtr><DbtrAcct><Id><IBAN>NL69INGB0123456789</IBAN></Id>"
        "</DbtrAcct></RltdPties><RmtInf><Ustrd>Tweede termijn onderzoek</Ustrd></RmtInf></TxDtls></NtryDtls>"
        "<AddtlNtryInf>SEPA OVERBOEKING</AddtlNtryInf></Ntry>"
        '<Ntry><Amt Ccy="HKD">85.25</Amt><CdtDbtInd>DBIT</CdtDbtInd><Sts>BOOK</Sts>'
        f"<BookgDt><Dt>2026-09-30</Dt></BookgDt><ValDt><Dt>2026-10-01</Dt></ValDt>{_code('ACMT', 'MDOP', 'CHRG')}"
        "<AddtlNtryInf>Kosten zakelijke rekening</AddtlNtryInf></Ntry>"
    )
    statement = (
        "<Stmt><Id>09-2026</Id><ElctrncSeqNb>9</ElctrncSeqNb><CreDtTm>2026-10-01T06:00:00+02:00</CreDtTm>"
        f"<Acct><Id><IBAN>NL02{NUMBER}</IBAN></Id><Ccy>HKD</Ccy></Acct>"
        f"{_balance('PRCD', '1000.00', '2026-08-31')}{_balance('CLBD', '1414.75', '2026-09-30')}"
        f"{_balance('CLAV', '1414.75', '2026-09-30')}{_balance('FWAV', '1414.75', '2026-10-02')}{entries}</Stmt>"
    )
    return _document(NS2, statement).encode()


def alpine() -> bytes:
    """001.08 with a batch of three payments in one entry, and charges inside the batch's amount."""

    def part(amount: str, reference: str, name: str) -> str:
        return (
            f"<TxDtls><Refs><InstrId>I-{reference[-2:]}</InstrId><EndToEndId>{reference}</EndToEndId></Refs>"
            f'<Amt Ccy="HKD">{amount}</Amt><CdtDbtInd>DBIT</CdtDbtInd>'
            f"<RltdPties><Cdtr><Pty><Nm>{name}</Nm></Pty></Cdtr></RltdPties></TxDtls>"
        )

    batch = (
        '<Ntry><NtryRef>1</NtryRef><Amt Ccy="HKD">600.25</Amt><CdtDbtInd>DBIT</CdtDbtInd><RvslInd>false</RvslInd>'
        "<Sts><Cd>BOOK</Cd></Sts><BookgDt><Dt>2026-09-10</Dt></BookgDt><ValDt><Dt>2026-09-10</Dt></ValDt>"
        f"<AcctSvcrRef>ZKB-550</AcctSvcrRef>{_code('PMNT', 'ICDT', 'AUTT')}"
        '<Chrgs><TtlChrgsAndTaxAmt Ccy="HKD">0.25</TtlChrgsAndTaxAmt><Rcrd><Amt Ccy="HKD">0.25</Amt>'
        "<CdtDbtInd>DBIT</CdtDbtInd><ChrgInclInd>true</ChrgInclInd></Rcrd></Chrgs>"
        "<NtryDtls><Btch><MsgId>OUT-77</MsgId><PmtInfId>P-1</PmtInfId><NbOfTxs>3</NbOfTxs></Btch>"
        f"{part('100.00', 'DSB-2026-00051', 'Müller Laborbedarf AG')}{part('200.00', 'DSB-2026-00052', 'Ecole du Lac')}"
        f"{part('300.00', 'DSB-2026-00053', 'Istituto Ticino')}</NtryDtls></Ntry>"
    )
    credit = (
        '<Ntry><NtryRef>2</NtryRef><Amt Ccy="HKD">1015.00</Amt><CdtDbtInd>CRDT</CdtDbtInd><RvslInd>false</RvslInd>'
        "<Sts><Cd>BOOK</Cd></Sts><BookgDt><Dt>2026-09-11</Dt></BookgDt><ValDt><Dt>2026-09-11</Dt></ValDt>"
        f"<AcctSvcrRef>ZKB-551</AcctSvcrRef>{_code('PMNT', 'RCDT', 'VCOM')}<NtryDtls><TxDtls>"
        '<Refs><EndToEndId>NOTPROVIDED</EndToEndId></Refs><Amt Ccy="HKD">1015.00</Amt><CdtDbtInd>CRDT</CdtDbtInd>'
        "<RmtInf><Strd><CdtrRefInf><Ref>210000000003139471430009017</Ref></CdtrRefInf></Strd></RmtInf></TxDtls>"
        "</NtryDtls></Ntry>"
    )
    statement = (
        "<Stmt><Id>A-2026-9</Id><StmtPgntn><PgNb>1</PgNb><LastPgInd>true</LastPgInd></StmtPgntn>"
        "<ElctrncSeqNb>39</ElctrncSeqNb><CreDtTm>2026-10-01T06:00:00+02:00</CreDtTm>"
        "<FrToDt><FrDtTm>2026-09-01T00:00:00</FrDtTm><ToDtTm>2026-09-30T23:59:59</ToDtTm></FrToDt>"
        f"<Acct><Id><Othr><Id>{NUMBER}</Id></Othr></Id><Ccy>HKD</Ccy></Acct>{_balance('OPBD', '1000.00', '2026-09-01')}"
        f"{_balance('CLBD', '1414.75', '2026-09-30')}<TxsSummry><TtlNtries><NbOfNtries>2</NbOfNtries></TtlNtries>"
        f"</TxsSummry>{batch}{credit}</Stmt>"
    )
    return _document(NS8, statement).encode()


def rhineland() -> bytes:
    """001.02 behind a byte order mark, days with times, a returned payment, and a reversal."""
    returned = (
        '<Ntry><Amt Ccy="HKD">450.00</Amt><CdtDbtInd>CRDT</CdtDbtInd><RvslInd>true</RvslInd><Sts>BOOK</Sts>'
        "<BookgDt><DtTm>2026-09-14T09:30:00</DtTm></BookgDt><ValDt><DtTm>2026-09-14T00:00:00</DtTm></ValDt>"
        f"<AcctSvcrRef>RT-9914</AcctSvcrRef>{_code('PMNT', 'ICDT', 'RRTN')}<NtryDtls><TxDtls><Refs>"
        "<EndToEndId>DSB-2026-00061</EndToEndId><MndtId>M-4471</MndtId><ClrSysRef>CLR-20260914-8</ClrSysRef></Refs>"
        "<RltdPties><Cdtr><Nm>Institut für Strömung</Nm></Cdtr></RltdPties>"
        "<RtrInf><Rsn><Cd>AC04</Cd></Rsn><AddtlInf>KONTO ERLOSCHEN</AddtlInf></RtrInf></TxDtls></NtryDtls></Ntry>"
    )
    fee = (
        '<Ntry><Amt Ccy="HKD">35.25</Amt><CdtDbtInd>DBIT</CdtDbtInd><Sts>BOOK</Sts>'
        "<BookgDt><DtTm>2026-09-14T09:30:00</DtTm></BookgDt><ValDt><DtTm>2026-09-14T00:00:00</DtTm></ValDt>"
        f"<AcctSvcrRef>RT-9914</AcctSvcrRef>{_code('PMNT', 'ICDT', 'CHRG')}"
        "<AddtlNtryInf>ENTGELT RÜCKGABE</AddtlNtryInf></Ntry>"
    )
    statement = (
        "<Stmt><Id>2026/0009</Id><LglSeqNb>9</LglSeqNb><CreDtTm>2026-10-01T06:00:00+02:00</CreDtTm>"
        f"<Acct><Id><IBAN>DE02{NUMBER}</IBAN></Id><Ccy>HKD</Ccy></Acct>"
        f"{_balance('PRCD', '1000.00', '2026-08-31', timed=True)}"
        f"{_balance('CLBD', '1414.75', '2026-09-30', timed=True)}"
        f"{returned}{fee}</Stmt>"
    )
    return _document(NS2, statement).encode("utf-8-sig")


def fjords() -> bytes:
    """001.02 with a namespace prefix on every element, no booking days, and amounts in other currencies beneath."""
    entry = (
        '<Ntry><Amt Ccy="HKD">414.75</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts>BOOK</Sts><ValDt><Dt>2026-09-17</Dt></ValDt>'
        f"<AcctSvcrRef>N-1</AcctSvcrRef>{_code('PMNT', 'RCDT', 'XBCT')}<NtryDtls><TxDtls>"
        '<AmtDtls><InstdAmt><Amt Ccy="NOK">555.00</Amt></InstdAmt><TxAmt><Amt Ccy="HKD">414.75</Amt><CcyXchg>'
        "<SrcCcy>NOK</SrcCcy><TrgtCcy>HKD</TrgtCcy><XchgRate>0.7473</XchgRate></CcyXchg></TxAmt></AmtDtls>"
        '<Chrgs><Amt Ccy="NOK">20.00</Amt></Chrgs></TxDtls></NtryDtls></Ntry>'
    )
    statement = (
        "<Stmt><Id>77</Id><CreDtTm>2026-10-01T06:00:00Z</CreDtTm>"
        f"<Acct><Id><Othr><Id>{NUMBER}</Id><SchmeNm><Cd>BBAN</Cd></SchmeNm></Othr></Id></Acct>"
        f"{_balance('OPBD', '1000.00', '2026-09-01')}{_balance('CLBD', '1414.75', '2026-09-30')}{entry}</Stmt>"
    )
    plain = _document(NS2, statement)
    prefixed = plain.replace("</", "\x00").replace("<?", "\x01").replace("<", "<ns3:")
    return prefixed.replace("\x00", "</ns3:").replace("\x01", "<?").replace("xmlns=", "xmlns:ns3=").encode()


def harbour() -> bytes:
    """001.08 with line ends of Windows and one statement on two pages; a UETR, an ultimate debtor and Chinese names."""
    first = (
        '<Ntry><NtryRef>0001</NtryRef><Amt Ccy="HKD">214.75</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts>'
        "<BookgDt><Dt>2026-09-08</Dt></BookgDt><ValDt><Dt>2026-09-09</Dt></ValDt><AcctSvcrRef>HK26090800017</AcctSvcrRef>"
        f"{_code('PMNT', 'RCDT', 'XBCT')}<NtryDtls><TxDtls><Refs><EndToEndId>DSB-2026-00042</EndToEndId>"
        f"<UETR>{UETR}</UETR></Refs>"
        '<Amt Ccy="HKD">214.75</Amt><CdtDbtInd>CRDT</CdtDbtInd>'
        "<RltdPties><DbtrAcct><Id><Othr><Id>7559 1234 5678</Id></Othr></Id></DbtrAcct>"
        "<UltmtDbtr><Pty><Nm>深圳河套研究基金</Nm></Pty></UltmtDbtr></RltdPties><RmtInf><Ustrd>第二期研究经费</Ustrd></RmtInf></TxDtls></NtryDtls></Ntry>"
    )
    second = (
        '<Ntry><NtryRef>0002</NtryRef><Amt Ccy="HKD">200.00</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts>'
        "<BookgDt><Dt>2026-09-29</Dt></BookgDt><ValDt><Dt>2026-09-29</Dt></ValDt><AcctSvcrRef>HK26092900003</AcctSvcrRef>"
        f"{_code('PMNT', 'MCRD', 'NTAV')}</Ntry>"
    )

    def sheet(number: int, last: str, balances: str, entry: str) -> str:
        return (
            f"<Stmt><Id>202609</Id><StmtPgntn><PgNb>{number}</PgNb><LastPgInd>{last}</LastPgInd></StmtPgntn>"
            "<ElctrncSeqNb>9</ElctrncSeqNb><CreDtTm>2026-10-01T06:00:00+08:00</CreDtTm>"
            f"<Acct><Id><Othr><Id>{NUMBER}</Id></Othr></Id><Ccy>HKD</Ccy></Acct>{balances}{entry}</Stmt>"
        )

    pages = (
        sheet(2, "true", _balance("ITBD", "1214.75", "2026-09-15") + _balance("CLBD", "1414.75", "2026-09-30"), second),
        sheet(1, "false", _balance("OPBD", "1000.00", "2026-09-01") + _balance("ITBD", "1214.75", "2026-09-15"), first),
    )
    return _document(NS8, *pages).replace("><", ">\r\n<").encode()


CAMT = {each.__name__: each() for each in (low_countries, alpine, rhineland, fjords, harbour)}
"""Every camt sample by the country it is like."""


def swift(
    *lines: str, opening: str = "C260831HKD1000,00", closing: str = "C260930HKD1414,75", account: str = NUMBER
) -> str:
    """One plain message of field 20 to 62F."""
    body = "\r\n".join(lines)
    return f":20:STMT0926\r\n:25:{account}\r\n:28C:9/1\r\n:60F:{opening}\r\n{body}\r\n:62F:{closing}\r\n"


def network() -> bytes:
    """In SWIFT's own blocks, with a reversed credit and a reversed debit."""
    body = swift(
        ":61:2609030903C500,00NTRFDSB-2026-00042//BK88120",
        ":86:/EREF/DSB-2026-00042//CNTP/NL69INGB0123456789/INGBNL2A/Stichting Rivierfonds///REMI/USTD//Tweede",
        " termijn/",
        ":61:2609050905RC100,00NTRFNONREF//BK88121",
        ":86:CREDIT REVERSED",
        ":61:2609070907RD14,75NTRFNONREF//BK88122",
        account="BANKHKHH/012-874509-663001",
    )
    return ("{1:F01BANKHKHHAXXX0000000000}{2:I940CUSTHKHHXXXXN}{4:\r\n" + body + ":64:C260930HKD1414,75\r\n-}").encode()


def structured() -> bytes:
    """With numbered subfields in field 86, the currency behind the account, Latin letters, and no entry date."""
    return swift(
        ":61:260914C450,00NTRFNONREF//RT-9914",
        ":86:159?00RETOURE?109310?20EREF+DSB-2026-00061?21SVWZ+RETURN/AC04/?22Konto erloschen?30BANKDEFF"
        "?31DE02123456789012?32Institut für Strömung?34914",
        ":61:260914D35,25NCHGNONREF",
        ":86:808?00ENTGELT?20Rückgabe",
        account=f"{NUMBER}HKD",
    ).encode("cp1252")


def mainland() -> bytes:
    """In GB 18030, with Chinese text."""
    return swift(
        ":61:2609080908C414,75NTRFDSB-2026-00042//SZ2609080017", ":86:付款人 深圳河套研究基金 第二期研究经费"
    ).encode("gb18030")


def in_parts() -> bytes:
    """One statement in two messages, the first of which ends and the second begins with an intermediate balance."""
    first = swift(":61:2609030903C500,00NTRFNONREF//P1", closing="C260915HKD1500,00").replace(":62F:", ":62M:")
    then = swift(
        ":61:2609200920D85,25NTRFNONREF//P2", opening="C260915HKD1500,00", closing="C260930HKD1414,75"
    ).replace(":60F:", ":60M:")
    return (first + "-\r\n" + then.replace(":28C:9/1", ":28C:9/2") + "-\r\n").encode("utf-8-sig")


MT940 = {each.__name__: each() for each in (network, structured, mainland, in_parts)}
"""Every MT940 sample by its manner."""
