"""Columns of a return's file and what finance systems call them in English, Traditional and Simplified. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum
from typing import TypeVar

from app.kernel.messages import _
from app.ledger.headings import Heading
from app.returns.states import RowKind

HEADER_WITHIN = 20
"""Lines among which the line with the names of the columns is looked for: files begin with titles."""

_Value = TypeVar("_Value", bound=StrEnum)
_BRACKETS = re.compile(r"[(（\[【].*?[)）\]】]")


class Column(StrEnum):
    """What a column of the file holds."""

    ROW_KEY = "row_key"
    ROW_NUMBER = "row_number"
    KIND = "kind"
    HEADING = "heading"
    COST_ON = "cost_on"
    AMOUNT = "amount"
    CURRENCY = "currency"
    PAYEE = "payee"
    PAYEE_NUMBER = "payee_number"
    DESCRIPTION = "description"
    DOCUMENT_CODE = "document_code"
    DOCUMENT_NUMBER = "document_number"
    ORDER_NUMBER = "order_number"


COLUMN_LABELS: dict[Column, str] = {
    Column.ROW_KEY: _("Voucher number"),
    Column.ROW_NUMBER: _("Line within the voucher"),
    Column.KIND: _("Kind of row"),
    Column.HEADING: _("Heading"),
    Column.COST_ON: _("Date of cost"),
    Column.AMOUNT: _("Amount"),
    Column.CURRENCY: _("Currency"),
    Column.PAYEE: _("Payee"),
    Column.PAYEE_NUMBER: _("Payee's tax or registration number"),
    Column.DESCRIPTION: _("Description"),
    Column.DOCUMENT_CODE: _("Invoice code"),
    Column.DOCUMENT_NUMBER: _("Invoice or receipt number"),
    Column.ORDER_NUMBER: _("Purchase order"),
}
"""Message ids."""

REQUIRED = (Column.ROW_KEY, Column.COST_ON, Column.AMOUNT)
"""Without these nothing can be read."""

_NAMES: dict[Column, str] = {
    Column.ROW_KEY: (
        "row key|key|voucher|voucher no|voucher number|transaction no|transaction id|journal no|entry no|reference|"
        "憑證號|憑證編號|憑證號碼|傳票號|交易編號|凭证号|凭证编号|凭证字号|交易编号|记账凭证号"
    ),
    Column.ROW_NUMBER: "line|line no|line number|item|item no|seq|行號|項次|序號|行号|项次|序号|分录号|分錄號",
    Column.KIND: "kind|kind of row|type|transaction type|類別|交易類別|業務類型|类别|交易类别|业务类型",
    Column.HEADING: (
        "heading|budget heading|account|account code|account name|cost element|cost category|expense type|category|"
        "科目|預算科目|開支科目|費用科目|會計科目|预算科目|开支科目|费用科目|会计科目|支出科目"
    ),
    Column.COST_ON: (
        "date of cost|date|cost date|transaction date|invoice date|document date|posting date|voucher date|"
        "日期|費用日期|支出日期|交易日期|入帳日期|憑證日期|费用日期|发生日期|入账日期|记账日期|凭证日期"
    ),
    Column.AMOUNT: "amount|net amount|debit|value|total|金額|支出金額|借方金額|金额|支出金额|借方金额|发生额",
    Column.CURRENCY: "currency|ccy|curr|貨幣|幣種|幣別|货币|币种|币别",
    Column.PAYEE: (
        "payee|vendor|vendor name|supplier|supplier name|seller|payer|"
        "收款人|供應商|收款單位|商戶|供应商|收款单位|往来单位|销售方|對方單位|对方单位"
    ),
    Column.PAYEE_NUMBER: (
        "payee's tax or registration number|vendor no|tax number|registration number|br number|"
        "稅號|商業登記號碼|税号|统一社会信用代码|纳税人识别号"
    ),
    Column.DESCRIPTION: "description|narrative|particulars|text|remarks|details|說明|摘要|備註|用途|说明|备注",
    Column.DOCUMENT_CODE: "invoice code|發票代碼|发票代码",
    Column.DOCUMENT_NUMBER: (
        "invoice or receipt number|invoice number|invoice no|document number|document no|receipt no|receipt number|"
        "發票號碼|單據號碼|單據編號|收據號碼|发票号码|发票号|单据号|单据编号|票据号"
    ),
    Column.ORDER_NUMBER: (
        "purchase order|purchase order no|po|po no|po number|order no|"
        "採購訂單|採購單號|訂單號|訂單編號|采购订单|采购订单号|订单号|订单编号"
    ),
}

_KINDS: dict[RowKind, str] = {
    RowKind.COST: "cost|expense|expenditure|payroll|支出|費用|成本|费用|薪金|工资",
    RowKind.OVERHEAD: "overhead|overhead charge|on-cost|indirect cost|行政費用|間接費用|间接费用|管理费用计提",
    RowKind.SUPPLIER_REFUND: "refund|supplier refund|credit note|供應商退款|退款|紅字|供应商退款|红字|红冲",
    RowKind.INTEREST: "interest|interest received|bank interest|利息|利息收入",
    RowKind.SPONSORSHIP_CASH: "sponsorship|sponsorship in cash|cash sponsorship|贊助|現金贊助|赞助|现金赞助|配套资金",
    RowKind.SPONSORSHIP_IN_KIND: "sponsorship in kind|in kind|實物贊助|实物赞助",
    RowKind.ADVANCE: "advance|prepayment|墊款|預付款|借款|垫款|预付款|预付账款",
    RowKind.ADVANCE_CLEARED: "advance cleared|clearing of advance|墊款清結|冲销预付|垫款核销|核销预付款",
    RowKind.ORDER: "order|open order|purchase order|po|commitment|採購訂單|未完成訂單|采购订单|未完成订单|在途订单",
}

_HEADINGS: dict[Heading, str] = {
    Heading.SALARY: "salary|salaries|manpower|staff cost|薪金|薪酬|工資|工资|人员经费",
    Heading.SOCIAL_INSURANCE: (
        "mpf|mpf and social insurance|social insurance|強積金|強積金及社會保險|社会保险|社保|五险一金|"
        "强积金|强积金和社会保险"
    ),
    Heading.STUDENT_STIPEND: "stipend|student stipend|studentship|學生津貼|研究生津貼|学生助学金|研究生助研",
    Heading.LABOUR: "labour|labor|labour fee|勞務費|劳务费",
    Heading.EXPERT_FEE: "expert fee|consultancy|專家費|專家諮詢費|专家费|专家咨询费",
    Heading.PERFORMANCE_PAY: "performance pay|績效|績效獎金|绩效|绩效支出",
    Heading.EQUIPMENT_PURCHASE: "equipment|equipment purchase|設備|設備費|設備購置|设备|设备费|设备购置|设备购置费",
    Heading.EQUIPMENT_LEASE: (
        "equipment lease|equipment lease and use|設備租賃|設備租賃及使用|设备租赁|设备租赁和使用|设备租赁费"
    ),
    Heading.MATERIALS: "materials|consumables|材料|材料費|消耗品|材料费",
    Heading.TESTING: "testing|testing and processing|測試化驗加工|測試費|测试化验加工|测试化验加工费|测试费",
    Heading.FUEL_AND_POWER: "fuel and power|fuel|electricity|燃料動力|燃料動力費|燃料动力|燃料动力费",
    Heading.TRAVEL: "travel|travelling|差旅|差旅費|差旅费",
    Heading.CONFERENCE: (
        "conference|conference and exchange|會議|會議費|會議及交流|会议|会议费|会议和交流|国际合作交流费"
    ),
    Heading.PUBLICATION_AND_IP: (
        "publication|publication and intellectual property|patents|出版|出版及知識產權|"
        "出版和知识产权|出版文献信息传播知识产权事务费|知识产权事务费"
    ),
    Heading.CONSTRUCTION: "construction|fitting out|建設|建设|建设费",
    Heading.COMMISSIONED_DEVELOPMENT: "commissioned development|subcontract|委託開發|委托开发|委托业务费",
    Heading.AUDIT_FEE: "audit fee|external audit fee|核數費|外部核數費|外部审计费|审计费",
    Heading.MANAGEMENT_FEE: "management fee|host management fee|管理費|主辦機構管理費|管理费",
    Heading.OVERHEAD: (
        "overhead|on-cost|on-cost and overhead|行政費用|間接費用|附帶成本及行政費用|间接费用|附加成本及间接费用"
    ),
    Heading.BANK_CHARGE: "bank charge|bank charges|銀行收費|银行费用|手续费|银行手续费",
    Heading.OTHER: "other|other cost|other direct|其他|其他成本|其他费用|其他支出",
}


def plain(text: str) -> str:
    """A name without width, case, spaces, marks and what stands in brackets: `Amount (HKD)` is `amount`."""
    shown = _BRACKETS.sub("", unicodedata.normalize("NFKC", text)) or text
    return "".join(c for c in shown.casefold() if c.isalnum())


def _known(names: Mapping[_Value, str]) -> dict[str, _Value]:
    found: dict[str, _Value] = {}
    for value, listed in names.items():
        for name in (value.value, *listed.split("|")):
            found.setdefault(plain(name), value)
    return found


_COLUMN_OF, _KIND_OF, _HEADING_OF = _known(_NAMES), _known(_KINDS), _known(_HEADINGS)


def suggest(names: Iterable[str]) -> dict[Column, str]:
    """For each kind of column the first name of the file that is known to mean it; each name is used once."""
    found: dict[Column, str] = {}
    for name in names:
        column = _COLUMN_OF.get(plain(name)) if name else None
        if column is not None:
            found.setdefault(column, name)
    return found


def chosen(names: Sequence[str], kept: Mapping[Column, str]) -> dict[Column, str]:
    """Which name of the file stands for what: as the institution has laid down, the rest as suggested."""
    wanted = {column: name for column, name in kept.items() if name in names}
    taken = set(wanted.values())
    return wanted | {c: n for c, n in suggest(names).items() if c not in wanted and n not in taken}


def header_score(names: Sequence[str], kept: Mapping[Column, str]) -> int:
    """How many columns a line would name, were it the header."""
    return len(chosen(names, kept))


def kind_of(text: str) -> RowKind | None:
    """The kind a cell names; None for words that are not known. An empty cell is cost."""
    return _KIND_OF.get(plain(text)) if text else RowKind.COST


def heading_of(text: str, kept: Mapping[str, Heading]) -> Heading | None:
    """The heading a cell names: as the institution has laid down for its own words and codes, else by common names."""
    return kept.get(text) or _HEADING_OF.get(plain(text))
