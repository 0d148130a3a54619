"""Invented reports to write: a statement as an institution would sign it, and a ledger of any length."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from app.kernel.currencies import Currency
from app.kernel.money import Money
from reports.model import (
    Carry,
    Certificate,
    Column,
    Head,
    Kind,
    Language,
    Literal,
    Multilingual,
    Note,
    Report,
    Row,
    RowStyle,
    Section,
    Signatory,
    Span,
    Table,
    group,
    row,
    text,
)
from reports.output.wording import Translate

PREPARED_AT = datetime(2026, 6, 8, 6, 5, tzinfo=UTC)
HKD = Currency.HKD

_CHINESE = {
    "Statement of Income and Expenditure": ("收支結算表", "收支决算表"),
    "For the period from %(first)s to %(last)s": ("由%(first)s至%(last)s止期間", "%(first)s至%(last)s"),
    "Agreement %(reference)s": ("協議 %(reference)s", "协议 %(reference)s"),
    "Approved budget": ("核准預算", "预算批复"),
    "Approved variations": ("核准變更", "预算调剂"),
    "Revised budget": ("修訂預算", "调整后预算"),
    "Current period": ("本期實際", "本期实际"),
    "Cumulative": ("累計實際", "累计实际"),
    "Variance": ("差異", "差异"),
    "Note": ("附註", "附注"),
    "Ref.": ("項次", "序号"),
    "Item": ("項目", "项目"),
    "Income": ("收入", "收入"),
    "Grant received": ("已收撥款", "已收拨款"),
    "Industry sponsorship": ("業界贊助", "企业赞助"),
    "Bank interest": ("銀行利息", "银行利息"),
    "Total income": ("收入總額", "收入合计"),
    "Expenditure": ("支出", "支出"),
    "Manpower": ("人手", "人员费"),
    "Equipment": ("設備", "设备费"),
    "Other direct costs": ("其他直接成本", "其他直接费用"),
    "Administrative overhead": ("行政費用", "间接费用"),
    "Total expenditure": ("支出總額", "支出合计"),
    "Exchange difference, realised": ("已實現匯兌差額", "已实现汇兑差额"),
    "Surplus for the period": ("本期盈餘", "本期结余"),
    "Balance brought forward": ("承前結餘", "上期结转"),
    "Balance carried forward": ("結轉下期", "结转下期"),
    "Amount repayable to the funder": ("應退還撥款", "应退回财政款项"),
    "not yet due; retained": ("未到期；保留", "未到期；留用"),
    "Basis": ("會計基礎", "会计基础"),
    "Currency": ("貨幣", "币种"),
    "Scheme": ("計劃", "计划"),
    "Project": ("項目", "项目"),
    "Accrual": ("應計制", "权责发生制"),
    "Hong Kong dollars (HKD)": ("港元 (HKD)", "港元 (HKD)"),
    "Notes to the statement": ("結算表附註", "决算表附注"),
    "Basis of preparation": ("編製基準", "编制基础"),
    "Amounts are stated on an accrual basis to the cent; nothing is rounded on this page.": (
        "本表按應計制編製，金額計至分位，頁內並無捨入。",
        "本表按权责发生制编制，金额计至分位，页内无舍入。",
    ),
    "Prepared by": ("編製", "编制"),
    "Certified by": ("核證", "核证"),
    "Finance Officer": ("財務主任", "财务主管"),
    "Principal Investigator": ("首席研究員", "项目负责人"),
    "Director of Finance": ("財務總監", "财务总监"),
    "Date:": ("日期：", "日期："),
    "Chop": ("蓋章", "盖章"),
    "Page %(page)s of %(pages)s": ("第%(page)s頁，共%(pages)s頁", "第%(page)s页，共%(pages)s页"),
    "version %(version)s, prepared %(date)s": ("第%(version)s版，%(date)s編製", "第%(version)s版，%(date)s编制"),
    "Check this document: scan the square, or open %(address)s": (
        "掃描二維碼或瀏覽 %(address)s，即可核實本文件。",
        "扫描二维码或访问 %(address)s，即可核实本文件。",
    ),
    "The notes form part of this statement. Not an auditor's report.": (
        "附註為本結算表的一部分。本表並非核數師報告。",
        "附注为本决算表的组成部分。本表并非审计报告。",
    ),
    "We certify that the expenditure above was incurred solely for the project, has not been claimed from any other "
    "source, and is supported by records kept by the institution.": (
        "茲證明上述支出全數用於本項目，並無向其他來源重複申領，有關紀錄由本機構保存。",
        "兹证明上述支出全部用于本项目，未向其他来源重复申领，有关记录由本单位保存。",
    ),
    "Brought forward": ("承上頁", "承前页"),
    "Carried forward": ("結轉下頁", "过次页"),
    "%(title)s, continued": ("%(title)s（續）", "%(title)s（续）"),
    "General ledger": ("總分類賬", "总分类账"),
}


def wording(language: Language) -> Translate:
    """A small catalogue, so that these tests do not wait for the product's."""
    if language is Language.EN:
        return str
    place = 0 if language is Language.ZH_HANT else 1
    return lambda message: _CHINESE[message][place] if message in _CHINESE else message


def hkd(amount: str) -> Money:
    """An amount in Hong Kong dollars from its decimal."""
    return Money.parse(amount, HKD)


def _line(reference: str, item: str, note: str, *amounts: str, style: RowStyle = RowStyle.PLAIN) -> Row:
    return Row((reference, text(item), *(hkd(each) if each else None for each in amounts), note), style)


def statement(**changes: object) -> Report:
    """A Statement of Income and Expenditure like the one in the design."""
    columns = (
        Column("ref", text("Ref."), Kind.REFERENCE),
        Column("item", text("Item")),
        Column("approved", text("Approved budget"), Kind.MONEY, "(a)", HKD),
        Column("variations", text("Approved variations"), Kind.MONEY, "(b)", HKD),
        Column("revised", text("Revised budget"), Kind.MONEY, "(c) = (a) + (b)", HKD),
        Column("current", text("Current period"), Kind.MONEY, "(d)", HKD),
        Column("cumulative", text("Cumulative"), Kind.MONEY, "(e)", HKD),
        Column("variance", text("Variance"), Kind.MONEY, "(f) = (c) − (e)", HKD),
        Column("note", text("Note"), Kind.REFERENCE),
    )
    sub, total = RowStyle.SUBTOTAL, RowStyle.TOTAL
    rows = (
        group(text("Income")),
        _line("I1", "Grant received", "3", "3200000.00", "0", "3200000.00", "2240000.00", "2240000.00", "960000.00"),
        _line("I2", "Industry sponsorship", "4", "0", "0", "0", "0", "0", "0"),
        _line("I3", "Bank interest", "5", "0", "0", "0", "3218.44", "3218.44", "-3218.44"),
        _line(
            "", "Total income", "", "3200000.00", "0", "3200000.00", "2243218.44", "2243218.44", "956781.56", style=sub
        ),
        group(text("Expenditure")),
        _line("E1", "Manpower", "6", "1680000.00", "-60000.00", "1620000.00", "742880.00", "742880.00", "877120.00"),
        _line("E2", "Equipment", "7", "840000.00", "60000.00", "900000.00", "512400.00", "512400.00", "387600.00"),
        _line("E3", "Other direct costs", "8", "400000.00", "0", "400000.00", "146025.36", "146025.36", "253974.64"),
        _line("E4", "Administrative overhead", "9", "280000.00", "0", "280000.00", "84910.00", "84910.00", "195090.00"),
        _line(
            "",
            "Total expenditure",
            "",
            "3200000.00",
            "0",
            "3200000.00",
            "1486215.36",
            "1486215.36",
            "1713784.64",
            style=sub,
        ),
        _line("", "Exchange difference, realised", "10", "", "", "", "-1204.18", "-1204.18", ""),
        _line("", "Surplus for the period", "", "", "", "", "755798.90", "755798.90", ""),
        _line("", "Balance brought forward", "", "", "", "", "0", "", ""),
        _line("", "Balance carried forward", "", "", "", "", "755798.90", "755798.90", "", style=total),
        row(
            "",
            text("Amount repayable to the funder"),
            None,
            None,
            None,
            Span(text("not yet due; retained"), 2),
            None,
            "11",
        ),
    )
    facts: dict[str, object] = {
        "name": "income-and-expenditure",
        "title": text("Statement of Income and Expenditure"),
        "prepared_at": PREPARED_AT,
        "document_id": "SIE-2026-000417-K7QM",
        "version": 2,
        "period": text("For the period from %(first)s to %(last)s", first=date(2025, 4, 1), last=date(2026, 3, 31)),
        "subject": Multilingual(
            "Low-noise photonic links for cross-boundary quantum sensing",
            "面向跨境量子傳感的低噪聲光子鏈路",
            "面向跨境量子传感的低噪声光子链路",
        ),
        "issuer": (
            Multilingual("Lion Ridge University", "獅嶺大學", "狮岭大学"),
            Multilingual("Harbour Research Trust", "海港研究信託基金", "海港研究信托基金"),
        ),
        "references": (
            text("Agreement %(reference)s", reference="HT-2025-017-HK"),
            Literal("HTP-0117"),
        ),
        "heads": (
            Head(text("Scheme"), Literal("Hetao Joint Research Scheme")),
            Head(text("Project"), Literal("HTP-0117")),
        ),
        "basis": text("Accrual"),
        "currency": HKD,
        "sections": (Section(table=Table("statement", columns, rows)),),
        "notes": (
            Note(
                "1",
                text("Basis of preparation"),
                (text("Amounts are stated on an accrual basis to the cent; nothing is rounded on this page."),),
            ),
        ),
        "certificates": (
            Certificate(
                (
                    text(
                        "We certify that the expenditure above was incurred solely for the project, has not been "
                        "claimed from any other source, and is supported by records kept by the institution."
                    ),
                ),
                (
                    Signatory(text("Prepared by"), Literal("Cheung Wai-lam"), text("Finance Officer")),
                    Signatory(text("Certified by"), Literal("Dr Lau Ka-ming"), text("Principal Investigator")),
                    Signatory(text("Certified by"), Literal("Prof. Mak Yuen-ting"), text("Director of Finance")),
                ),
                chop=True,
            ),
        ),
        "footers": (text("The notes form part of this statement. Not an auditor's report."),),
        "verify_url": "https://ledger.hetao.example/v/SIE-2026-000417-K7QM",
    }
    return Report(**(facts | changes))  # type: ignore[arg-type]


def ledger(count: int) -> Report:
    """A general ledger of `count` lines in mixed scripts, with a carried balance."""
    words = (
        "Salary of research assistant, March",
        "購買示波器及探頭（深水埗電子器材行）",
        "支付材料采购款及测试加工费，含增值税专用发票",
        "Travel to Shenzhen: ferry, high-speed rail and two nights at the Hetao guest house for the joint workshop",
        "𨋢機房升降機保養 quarterly maintenance",
    )
    columns = (
        Column("number", text("No."), Kind.INTEGER),
        Column("date", text("Date"), Kind.DATE),
        Column("entry", text("Entry"), Kind.REFERENCE),
        Column("particulars", text("Particulars")),
        Column("debit", text("Debit"), Kind.MONEY, currency=HKD, carry=Carry.SUM),
        Column("credit", text("Credit"), Kind.MONEY, currency=HKD, carry=Carry.SUM),
        Column("balance", text("Balance"), Kind.MONEY, currency=HKD, carry=Carry.LAST),
    )
    rows, balance = [], 0
    for number in range(1, count + 1):
        minor = (number * 7919 % 1_000_003) + 1
        debit = number % 3 != 0
        balance += minor if debit else -minor
        day = date(2025, 4, 1) + timedelta(days=number * 365 // max(count, 1))
        amount = Money(minor, HKD)
        cells = (amount, None) if debit else (None, amount)
        label = words[number % len(words)]
        rows.append(row(number, day, f"JNL-{number:06d}", label, *cells, Money(balance, HKD)))
    rows.append(
        row(None, None, None, text("Balance carried forward"), None, None, Money(balance, HKD), style=RowStyle.TOTAL)
    )
    return Report(
        name="general-ledger",
        title=text("General ledger"),
        prepared_at=PREPARED_AT,
        document_id="GL-2026-000001",
        issuer=(Multilingual("Lion Ridge University", "獅嶺大學"),),
        sections=(Section(table=Table("ledger", columns, tuple(rows))),),
        currency=HKD,
    )
