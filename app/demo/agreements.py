"""What is agreed: programmes, projects and twenty-four contracts with the payments made and prepared under them. Pure.

Days are counted back from the day of loading, so that the story is the same whenever it is loaded. Amounts are in major
units of the contract's currency; a contract's amount follows from its payments and what it holds back.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from app.contracts.states import ContractStatus, FundingMode, Purpose, TermsFamily, WhitelistEffect
from app.disbursements.states import DisbursementStatus as Status
from app.kernel.currencies import Currency

CNY, HKD = Currency.CNY, Currency.HKD


@dataclass(frozen=True, slots=True)
class Scheme:
    """One programme of a funder, under one family of terms."""

    code: str
    funder: str
    family: TermsFamily
    mode: FundingMode
    currency: Currency
    name_en: str
    name_zh_hant: str
    name_zh_hans: str
    year_end_month: int
    holdback: int
    effect: WhitelistEffect = WhitelistEffect.INFORM
    minutes: bool = False
    budget: tuple[tuple[str, int], ...] = ()


LUMP, ITEM, VOTE = FundingMode.LUMP_SUM, FundingMode.ITEMISED, FundingMode.ONE_LINE_VOTE

SCHEMES: tuple[Scheme, ...] = (
    Scheme(
        "QT-LS",
        "QTSF",
        TermsFamily.MAINLAND_LUMP_SUM,
        LUMP,
        CNY,
        "Qingtan open research scheme",
        "青潭開放研究計劃",
        "青潭开放研究计划",
        12,
        10,
    ),
    Scheme(
        "QT-IT",
        "QTSF",
        TermsFamily.MAINLAND_ITEMISED,
        ITEM,
        CNY,
        "Qingtan key projects",
        "青潭重點項目",
        "青潭重点项目",
        12,
        10,
        budget=(("EQUIPMENT", 25), ("OPERATING", 40), ("LABOUR", 25), ("AUDIT_FEE", 1), ("INDIRECT", 9)),
    ),
    Scheme(
        "QT-PK",
        "QTSF",
        TermsFamily.HETAO_PARK,
        ITEM,
        CNY,
        "Hetao Park basic research support",
        "河套園區基礎研究支援",
        "河套园区基础研究支持",
        12,
        20,
        WhitelistEffect.BLOCK,
        True,
        (
            ("CONSTRUCTION", 50),
            ("HUMAN_RESOURCES", 30),
            ("COMMISSIONED", 5),
            ("OPERATING", 12),
            ("AUDIT_FEE", 1),
            ("INDIRECT", 2),
        ),
    ),
    Scheme(
        "QT-HK",
        "QTSF",
        TermsFamily.MAINLAND_LUMP_SUM,
        LUMP,
        HKD,
        "Qingtan cross-boundary scheme, Hong Kong dollar part",
        "青潭跨境計劃（港元部分）",
        "青潭跨境计划（港元部分）",
        12,
        10,
        WhitelistEffect.FACILITATED,
    ),
    Scheme(
        "HR-ITF",
        "HRT",
        TermsFamily.ITF,
        ITEM,
        HKD,
        "Harbour innovation and technology support",
        "海港創新及科技支援計劃",
        "海港创新及科技支援计划",
        3,
        10,
        budget=(("MANPOWER", 50), ("EQUIPMENT", 20), ("OTHER_DIRECT", 18), ("AUDIT_FEE", 2), ("OVERHEADS", 10)),
    ),
    Scheme(
        "HR-RGC",
        "HRT",
        TermsFamily.RGC_ONE_LINE_VOTE,
        VOTE,
        HKD,
        "Harbour joint laboratories",
        "海港聯合實驗室計劃",
        "海港联合实验室计划",
        6,
        10,
    ),
    Scheme(
        "HR-CN",
        "HRT",
        TermsFamily.RGC_ONE_LINE_VOTE,
        VOTE,
        CNY,
        "Harbour joint laboratories, renminbi part",
        "海港聯合實驗室計劃（人民幣部分）",
        "海港联合实验室计划（人民币部分）",
        6,
        10,
        WhitelistEffect.FACILITATED,
    ),
)


def scheme(code: str) -> Scheme:
    """One programme by code."""
    return next(each for each in SCHEMES if each.code == code)


@dataclass(frozen=True, slots=True)
class Study:
    """One project: its titles, who leads it, and its further parties besides those of its contracts."""

    key: str
    pi: str
    title_en: str
    title_zh_hant: str
    title_zh_hans: str


STUDIES: tuple[Study, ...] = (
    Study("P01", "ip.chi.hang", "Photonic chips for quantum links", "量子鏈路光子晶片", "量子链路光子芯片"),
    Study("P02", "fung.yat.long", "Solid-state batteries for cold climates", "寒區固態電池", "寒区固态电池"),
    Study("P03", "liang.zixuan", "Soft robots for rehabilitation", "康復軟體機械人", "康复软体机器人"),
    Study("P04", "shi.ruolan", "Early detection of liver cancer", "肝癌早期檢測", "肝癌早期检测"),
    Study("P05", "ko.shun.hei", "Laser sources for chip inspection", "晶片檢測激光光源", "芯片检测激光光源"),
    Study("P06", "szeto.lok.man", "Language models for two legal systems", "兩套法制的語言模型", "两套法制的语言模型"),
    Study("P07", "mok.wing.yan", "Carbon capture in building materials", "建材固碳", "建材固碳"),
    Study("P08", "nie.chuan", "Low-power neural processors", "低功耗神經處理器", "低功耗神经处理器"),
    Study("P09", "au.yeung.ming", "Sensors for ageing bridges", "老舊橋樑傳感器", "老旧桥梁传感器"),
    Study("P10", "zhou.yun", "Error correction in superconducting qubits", "超導量子比特糾錯", "超导量子比特纠错"),
    Study("P11", "liang.zixuan", "Exoskeletons for nursing staff", "護理人員外骨骼", "护理人员外骨骼"),
    Study("P12", "nie.chuan", "Packaging of optical engines", "光引擎封裝", "光引擎封装"),
    Study("P13", "fung.yat.long", "Recycling of cathode materials", "正極材料回收", "正极材料回收"),
    Study("P14", "au.yeung.ming", "Drones for coastal surveys", "海岸測量無人機", "海岸测量无人机"),
    Study("P15", "shi.ruolan", "Organoids for drug screening", "藥物篩選類器官", "药物筛选类器官"),
)


@dataclass(frozen=True, slots=True)
class Recent:
    """A payment still on its way: where it stands, how many working days ago it was submitted, and its amount."""

    ends: Status
    submitted: int
    amount: int
    maker: str = ""
    first_checker_only: bool = False
    first_signature_only: bool = False
    document_expires: bool = False
    stays_draft: bool = False


@dataclass(frozen=True, slots=True)
class Attempt:
    """A payment that came to nothing before the routine payment of that number went through."""

    ends: Status
    before: int
    how: str = ""


@dataclass(frozen=True, slots=True)
class Agreement:
    """One contract: `first` is how many days ago it began, `last` in how many days it ends (negative: it has ended).

    `paid` routine payments of about `unit` each were submitted evenly until `until` days ago.
    """

    key: str
    study: str
    scheme: str
    grantee: str
    account: Currency
    sub_fund: str
    unit: int
    first: int
    last: int
    paid: int = 0
    until: int = 30
    status: ContractStatus = ContractStatus.ACTIVE
    purpose: Purpose = Purpose.GRANT
    recent: tuple[Recent, ...] = ()
    attempts: tuple[Attempt, ...] = ()
    last_unconfirmed: bool = False
    pays_final: int | None = None
    """How many days ago the final tranche was submitted, as the last of the routine payments; None: still to come."""
    report_due: tuple[int, int] | None = None
    """A progress report over so many months falls due in so many days; the first day follows from it."""

    @property
    def funder(self) -> str:
        """Code of the funder."""
        return scheme(self.scheme).funder

    @property
    def currency(self) -> Currency:
        """The contract's currency."""
        return scheme(self.scheme).currency


def _clean(*rows: tuple[int, int]) -> tuple[Recent, ...]:
    return tuple(Recent(Status.SUBMITTED, ago, amount) for ago, amount in rows)


WORKED_EXAMPLE = "C01"
LAPSED = "C09"
SUSPENDED = "C12"
CLOSED_OUT = "C13"
AMENDED = "C17"
OVERDUE = "C18"
RESIDUE_RECEIVED = "C19"
RESIDUE_SENT = "C20"
ACCOUNT_CHANGED = "C21"
TERMINATED = "C23"
SUBMITTED_REPORT = "C08"
QUERIED_REPORT = "C16"
AMENDMENT_WAITS = "C04"

S = ContractStatus
D, W, A, R = Status.DRAFT, Status.SUBMITTED, Status.APPROVED, Status.RELEASED

AGREEMENTS: tuple[Agreement, ...] = (
    Agreement("C01", "P01", "QT-LS", "LRU", HKD, "QF-Q", 400_000, 640, 460),
    Agreement(
        "C02",
        "P01",
        "HR-ITF",
        "FBIQ",
        CNY,
        "HF-J",
        310_000,
        690,
        150,
        13,
        13,
        recent=(Recent(W, 4, 1_600_000, first_checker_only=True), Recent(A, 5, 280_000), Recent(D, 2, 150_000)),
        attempts=(Attempt(Status.BOUNCED, 5, "The beneficiary bank returned it: account name does not match"),),
        last_unconfirmed=True,
    ),
    Agreement(
        "C03",
        "P02",
        "QT-LS",
        "TOLO",
        HKD,
        "QF-M",
        260_000,
        700,
        200,
        15,
        35,
        recent=(
            *_clean((4, 96_000), (3, 128_000), (2, 84_000), (1, 152_000)),
            Recent(W, 7, 118_000, document_expires=True),
            Recent(R, 8, 175_000),
            Recent(D, 1, 60_000),
        ),
        attempts=(Attempt(Status.BOUNCED, 6, "The correspondent bank closed the account: returned after two days"),),
    ),
    Agreement(
        "C04",
        "P02",
        "HR-RGC",
        "TOLO",
        HKD,
        "HF-A",
        280_000,
        680,
        420,
        14,
        30,
        recent=(Recent(W, 3, 210_000), Recent(A, 6, 195_000), Recent(R, 8, 240_000)),
        attempts=(Attempt(Status.CANCELLED, 6, "draft"),),
    ),
    Agreement(
        "C05",
        "P03",
        "QT-IT",
        "LHU",
        CNY,
        "QF-M",
        240_000,
        700,
        240,
        16,
        30,
        recent=(
            *_clean((5, 88_000), (4, 64_500), (3, 120_000), (2, 47_200), (1, 93_600)),
            Recent(A, 5, 310_000),
            Recent(R, 8, 205_000),
            Recent(D, 1, 75_000),
        ),
        attempts=(Attempt(Status.REFUSED, 8, "Equipment already paid from another source"),),
    ),
    Agreement(
        "C06",
        "P03",
        "HR-CN",
        "LHU",
        CNY,
        "HF-J",
        200_000,
        650,
        160,
        12,
        45,
        recent=(
            Recent(W, 2, 130_000),
            Recent(Status.RETURNED_TO_MAKER, 4, 96_000),
            Recent(R, 8, 142_000),
        ),
        attempts=(Attempt(Status.CANCELLED, 3, "submitted"),),
    ),
    Agreement(
        "C07",
        "P04",
        "QT-PK",
        "LHU",
        CNY,
        "QF-M",
        450_000,
        640,
        300,
        12,
        13,
        recent=_clean((5, 210_000), (4, 165_000), (3, 240_000), (1, 180_000)),
        last_unconfirmed=True,
    ),
    Agreement(
        "C08",
        "P04",
        "HR-ITF",
        "LRU",
        HKD,
        "HF-A",
        330_000,
        570,
        260,
        15,
        25,
        recent=(Recent(W, 2, 260_000), Recent(A, 5, 320_000), Recent(R, 8, 225_000), Recent(D, 1, 90_000)),
        report_due=(18, 9),
    ),
    Agreement(
        "C09",
        "P05",
        "QT-PK",
        "STAR",
        HKD,
        "QF-Q",
        380_000,
        520,
        250,
        8,
        40,
        recent=(Recent(A, 8, 360_000),),
    ),
    Agreement(
        "C10",
        "P05",
        "HR-ITF",
        "STAR",
        HKD,
        "HF-A",
        260_000,
        520,
        200,
        9,
        35,
        recent=(
            Recent(W, 1, 185_000),
            Recent(Status.RETURNED_TO_MAKER, 5, 140_000),
            Recent(R, 8, 232_000),
        ),
        attempts=(Attempt(Status.REFUSED, 4, "The milestone was claimed twice"),),
    ),
    Agreement(
        "C11",
        "P06",
        "QT-HK",
        "LRU",
        HKD,
        "QF-Q",
        290_000,
        690,
        180,
        14,
        13,
        recent=(
            *_clean((5, 132_000), (4, 98_000), (2, 176_000), (1, 88_400)),
            Recent(W, 3, 205_000, "li.jianhua"),
            Recent(A, 5, 240_000),
            Recent(D, 2, 66_000),
        ),
        attempts=(Attempt(Status.REFUSED, 7, "Period already covered by the payment before"),),
        last_unconfirmed=True,
    ),
    Agreement(
        "C12",
        "P06",
        "HR-CN",
        "FBIQ",
        CNY,
        "HF-J",
        270_000,
        560,
        150,
        8,
        110,
        S.SUSPENDED,
        recent=(Recent(D, 2, 180_000),),
    ),
    Agreement("C13", "P07", "QT-LS", "LRU", HKD, "QF-Q", 180_000, 600, 90, 6, 250),
    Agreement("C14", "P07", "HR-RGC", "LRU", HKD, "HF-A", 300_000, 12, 720, status=S.SIGNED),
    Agreement(
        "C15",
        "P08",
        "QT-IT",
        "MLC",
        CNY,
        "QF-Q",
        320_000,
        660,
        220,
        14,
        13,
        recent=(
            *_clean((5, 77_000), (4, 112_000), (3, 59_800), (2, 143_000)),
            Recent(W, 4, 98_000, "li.jianhua"),
            Recent(W, 4, 1_200_000, "zhou.minghao", first_checker_only=True),
            Recent(A, 12, 1_300_000, "zhou.minghao", first_signature_only=True),
        ),
        attempts=(Attempt(Status.CANCELLED, 5, "submitted"),),
        last_unconfirmed=True,
    ),
    Agreement(
        "C16",
        "P08",
        "HR-ITF",
        "MLC",
        CNY,
        "HF-J",
        250_000,
        390,
        330,
        12,
        25,
        recent=(Recent(A, 5, 270_000), Recent(D, 2, 110_000)),
        attempts=(Attempt(Status.BOUNCED, 3, "Returned: foreign-related receipt not declared in time"),),
        report_due=(12, 5),
    ),
    Agreement(
        "C17",
        "P09",
        "QT-HK",
        "TOLO",
        HKD,
        "QF-M",
        230_000,
        705,
        180,
        15,
        30,
        recent=(
            *_clean((5, 104_000), (4, 81_000), (3, 139_000), (1, 72_500)),
            Recent(Status.RETURNED_TO_MAKER, 6, 95_000),
            Recent(A, 5, 188_000),
            Recent(R, 8, 215_000),
        ),
        attempts=(Attempt(Status.CANCELLED, 9, "approved"),),
    ),
    Agreement(
        "C18",
        "P09",
        "HR-RGC",
        "LHU",
        CNY,
        "HF-J",
        240_000,
        408,
        320,
        8,
        45,
        recent=(Recent(D, 3, 220_000),),
        report_due=(12, -12),
    ),
    Agreement("C19", "P10", "QT-PK", "FBIQ", CNY, "QF-Q", 780_000, 700, -270, 8, 330, S.CLOSED, pays_final=140),
    Agreement("C20", "P11", "QT-LS", "LHU", CNY, "QF-M", 210_000, 690, -135, 10, 190, S.CLOSING, pays_final=28),
    Agreement("C21", "P12", "QT-HK", "MLC", HKD, "QF-Q", 220_000, 600, 200, 10, 35, recent=_clean((4, 190_000))),
    Agreement(
        "C22",
        "P13",
        "QT-LS",
        "TOLO",
        HKD,
        "QF-M",
        260_000,
        -20,
        740,
        status=S.DRAFT,
        purpose=Purpose.COMMISSIONED_RESEARCH,
    ),
    Agreement("C23", "P14", "HR-RGC", "TOLO", HKD, "HF-A", 260_000, 620, 300, 3, 480, S.TERMINATED),
    Agreement("C24", "P15", "QT-IT", "LHU", CNY, "QF-M", 600_000, 300, 430, 4, 60, recent=_clean((2, 2_400_000))),
)
"""The twenty-four contracts, in all three modes, in either currency and in both directions."""

VARIATION: tuple[Decimal, ...] = tuple(Decimal(each) / 100 for each in (100, 94, 106, 112, 88))
"""How payments vary around their unit."""


def agreement(key: str) -> Agreement:
    """One contract by key."""
    return next(each for each in AGREEMENTS if each.key == key)


SUB_FUNDS: tuple[tuple[str, str, str, str, str], ...] = (
    ("QF-Q", "QTSF", "Quantum and photonics sub-fund", "量子及光子子基金", "量子及光子子基金"),
    ("QF-M", "QTSF", "Materials and life sciences sub-fund", "材料及生命科學子基金", "材料及生命科学子基金"),
    ("HF-A", "HRT", "Applied research sub-fund", "應用研究子基金", "应用研究子基金"),
    ("HF-J", "HRT", "Joint projects sub-fund", "聯合項目子基金", "联合项目子基金"),
)
"""Key, owner and names of the sub-funds."""

PARENT_FUNDS: tuple[tuple[str, str, str, str, str], ...] = (
    ("QF", "QTSF", "Qingtan research fund", "青潭研究母基金", "青潭研究母基金"),
    ("HF", "HRT", "Harbour research fund", "海港研究母基金", "海港研究母基金"),
)
"""Key, owner and names of the parent funds."""
