"""Names of the tables and fields, each with how sure we are of it and what GB/T 24589 calls it.

Sources. The names of the base module's tables (`BAS_…`) stand in the published table of contents of ISO 21378:2019,
*Audit data collection*, clause 4.4 (contents shown by BSI for BS ISO 21378:2019 and by iTeh): they are
marked verified. Neither the clauses on the general ledger (4.5, `GL_…`) nor any list of fields could be read in public:
those names follow the style of the contents and are marked unverified. Element names of GB/T 24589.1 (2010, replaced by
the edition of 2024 from 1 July 2025) are those that occur in public software reading its XML files (`记账凭证`,
`科目余额及发生额` …); the standard's text was not seen, so every one of them is marked unverified.
"""

from __future__ import annotations

from dataclasses import dataclass

CONTENTS = "ISO 21378:2019, published table of contents, 4.4"
UNSEEN = "style of ISO 21378:2019; clause not seen"


@dataclass(frozen=True, slots=True)
class Field:
    """One column: its name, what we put in it, and the GB/T 24589 element (empty where none is known)."""

    name: str
    meaning: str
    gbt: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """One table with its fields in order; `verified` is about the table's name, never about the fields'."""

    name: str
    verified: bool
    fields: tuple[Field, ...]

    @property
    def source(self) -> str:
        """Where the table's name comes from."""
        return CONTENTS if self.verified else UNSEEN


PROFILE = Table(
    "BAS_Profile",
    True,
    (
        Field("Business_Segment_Code", "Code of the book", "电子账簿/电子账簿编号"),
        Field("Business_Segment_Name", "The institution", "电子账簿/会计核算单位"),
        Field("Functional_Currency_Code", "The book's own currency", "电子账簿/本位币"),
        Field("Extract_From_Date", "First day"),
        Field("Extract_To_Date", "Last day"),
        Field("Extract_Date_Time", "When the tables were written, UTC"),
        Field("Software", "What wrote them", "电子账簿/版本号"),
    ),
)
ACCOUNTS = Table(
    "BAS_Chart_Of_Accounts",
    True,
    (
        Field("GL_Account_Number", "Code of the chart", "会计科目/科目编号"),
        Field("GL_Account_Name", "Name in English", "会计科目/科目名称"),
        Field("Account_Type", "ASSET, LIABILITY, EQUITY, INCOME or EXPENSE", "会计科目/科目类型"),
        Field("Normal_Balance_Side", "D or C", "会计科目/余额方向"),
        Field("Account_Description", "What is booked on it"),
    ),
)
PERIODS = Table(
    "BAS_Accounting_Period",
    True,
    (
        Field("Fiscal_Year", "Calendar year of the month", "会计期间/会计年度"),
        Field("Accounting_Period", "Month, 1 to 12", "会计期间/会计期间号"),
        Field("Period_Begin_Date", "First day of the month", "会计期间/会计期间起始日期"),
        Field("Period_End_Date", "Last day of the month", "会计期间/会计期间结束日期"),
        Field("Period_Status", "CLOSED where it takes no ordinary postings now, else OPEN"),
    ),
)
ENTRY_TYPES = Table(
    "BAS_Journal_Entry_Type",
    True,
    (
        Field("Journal_Entry_Type_Code", "Kind of entry", "记账凭证类型/记账凭证类型编号"),
        Field("Journal_Entry_Type_Name", "The same in words", "记账凭证类型/记账凭证类型名称"),
    ),
)
CURRENCIES = Table(
    "BAS_Currency",
    True,
    (
        Field("Currency_Code", "ISO 4217", "币种/币种编码"),
        Field("Currency_Name", "Name in English", "币种/币种名称"),
        Field("Minor_Unit_Decimal", "Decimal places"),
    ),
)
USERS = Table(
    "BAS_User",
    True,
    (Field("User_ID", "Who made entries of these days"), Field("User_Name", "Name; empty for the system itself")),
)
BANK_ACCOUNTS = Table(
    "BAS_Bank_Account",
    True,
    (
        Field("Bank_Account_ID", "Subject of account 1001"),
        Field("Bank_Account_Number", "All but the last four places hidden"),
        Field("Bank_Name", "Bank"),
        Field("Currency_Code", "ISO 4217"),
    ),
)
PROJECTS = Table(
    "BAS_Project",
    True,
    (
        Field("Project_ID", "Reference of the project"),
        Field("Contract_ID", "Reference of the contract, as in GL_Details"),
        Field("Project_Name", "Title"),
        Field("Funder_Code", "Institution that pays"),
        Field("Grantee_Code", "Institution that is paid"),
    ),
)
BALANCES = Table(
    "GL_Trial_Balance",
    False,
    (
        Field("GL_Account_Number", "Code of the chart", "科目余额及发生额/科目编号"),
        Field("Subject_ID", "Bank account or pocket"),
        Field("Currency_Code", "ISO 4217", "科目余额及发生额/币种编码"),
        Field("Beginning_Balance", "Before the first day, debit positive", "科目余额及发生额/期初原币余额"),
        Field("Debit_Amount", "Debit turnover of the days; reversals are negative", "科目余额及发生额/借方原币金额"),
        Field("Credit_Amount", "Credit turnover of the days", "科目余额及发生额/贷方原币金额"),
        Field("Ending_Balance", "After the last day, debit positive", "科目余额及发生额/期末原币余额"),
        Field("Beginning_Balance_Functional", "In the book's currency", "科目余额及发生额/期初本币余额"),
        Field("Ending_Balance_Functional", "In the book's currency", "科目余额及发生额/期末本币余额"),
    ),
)
DETAILS = Table(
    "GL_Details",
    False,
    (
        Field("Journal_Entry_ID", "Number of the entry", "记账凭证/记账凭证编号"),
        Field("Journal_Entry_Line_Number", "Line of the entry", "记账凭证/记账凭证行号"),
        Field("Journal_Entry_Type_Code", "Kind of entry", "记账凭证/记账凭证类型编号"),
        Field("Fiscal_Year", "Calendar year of the date", "记账凭证/会计年度"),
        Field("Accounting_Period", "Month of the date", "记账凭证/会计期间号"),
        Field("Effective_Date", "Business date", "记账凭证/记账凭证日期"),
        Field("Entered_Date_Time", "When it was recorded, UTC"),
        Field("Entered_By", "User_ID", "记账凭证/制单人"),
        Field("Approval_ID", "Approval it rests on", "记账凭证/审核人"),
        Field("Reversal_Of", "Entry it reverses"),
        Field("Event_ID", "The same in both books of one event"),
        Field("Journal_Entry_Description", "Reason", "记账凭证/记账凭证摘要"),
        Field("GL_Account_Number", "Code of the chart", "记账凭证/科目编号"),
        Field("Subject_ID", "Bank account or pocket"),
        Field("Amount_Currency_Code", "ISO 4217", "记账凭证/币种编码"),
        Field("Amount_Credit_Debit_Indicator", "D or C; reversals keep the side with a negative amount"),
        Field("Debit_Amount", "On the debit side", "记账凭证/借方原币金额"),
        Field("Credit_Amount", "On the credit side", "记账凭证/贷方原币金额"),
        Field("Functional_Amount", "In the book's currency, debit positive", "记账凭证/借方本币金额 − 贷方本币金额"),
        Field("Contract_ID", "Reference of the contract"),
        Field("Heading", "Heading of cost"),
        Field("Counterparty_Code", "Institution it is about"),
        Field("Document_SHA256", "Digest of the evidence"),
    ),
)
TABLES = (
    PROFILE, ACCOUNTS, PERIODS, ENTRY_TYPES, CURRENCIES, USERS, BANK_ACCOUNTS, PROJECTS, BALANCES, DETAILS,
)  # fmt: skip
