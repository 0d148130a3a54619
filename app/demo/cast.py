"""Who takes part: ten fictional institutions and their people. Identifiers are synthetic, with valid check digits."""

from __future__ import annotations

from dataclasses import dataclass

from app.institutions.states import InstitutionKind, Side
from app.kernel.actor import Role
from app.kernel.currencies import Currency


@dataclass(frozen=True, slots=True)
class Bank:
    """Where an institution banks; the account numbers are its own."""

    name: str
    side: Side
    bic: str
    cnaps: str = ""
    hk_bank_code: str = ""


@dataclass(frozen=True, slots=True)
class Body:
    """One institution; `numbers` are its account numbers in CNY and in HKD (none: no accounts)."""

    code: str
    side: Side
    kind: InstitutionKind
    name_en: str
    name_zh_hant: str
    name_zh_hans: str
    industry: str
    address: str
    registration: str = ""
    year_end_month: int = 12
    bank: Bank | None = None
    numbers: tuple[str, str] = ("", "")

    @property
    def currency(self) -> Currency:
        """The currency its book is kept in."""
        return Currency.CNY if self.side is Side.SZ else Currency.HKD


@dataclass(frozen=True, slots=True)
class Player:
    """One person with a role at an institution; the key is the address's first part and is used once only."""

    key: str
    institution: str
    name_en: str
    name_zh_hant: str
    name_zh_hans: str
    role: Role
    orcid: str = ""

    @property
    def email(self) -> str:
        """Address in a domain that nobody can own."""
        home = "kbp" if self.role is Role.AUDITOR else self.institution.lower()
        return f"{self.key}@{home}.example"


LYCHEE = Bank("Lychee Bay Bank, Futian Branch (fictional)", Side.SZ, "LYBKCNBS", cnaps="103584001077")
PINGTAN = Bank("Pingtan Commercial Bank, Hetao Branch (fictional)", Side.SZ, "QTBKCNBS", cnaps="105584002134")
PEAK = Bank("Victoria Peak Bank, Lok Ma Chau Branch (fictional)", Side.HK, "VPBKHKHH", hk_bank_code="981")
TOLO_BANK = Bank("Tolo Harbour Bank, Sha Tin Branch (fictional)", Side.HK, "HRTBHKHH", hk_bank_code="982")

F, U, R, E = (
    InstitutionKind.FUNDER,
    InstitutionKind.UNIVERSITY,
    InstitutionKind.RESEARCH_INSTITUTE,
    InstitutionKind.ENTERPRISE,
)

ZONE = Body(
    "LOOP",
    Side.SZ,
    InstitutionKind.ZONE_AUTHORITY,
    "Loop Zone Coordination Office",
    "河套合作區協調辦公室",
    "河套合作区协调办公室",
    "Public administration",
    "1 Bridge Road, Futian, Shenzhen",
)
"""Opened by the operator with the first two administrators; everybody else is registered by people."""

BODIES: tuple[Body, ...] = (
    Body(
        "QTSF",
        Side.SZ,
        F,
        "Qingtan Science Foundation",
        "青潭科學基金會",
        "青潭科学基金会",
        "Research funding",
        "88 Lychee Avenue, Futian, Shenzhen",
        "52440300MJL000024D",
        12,
        LYCHEE,
        ("44201588000052506045", "44201588000052506078"),
    ),
    Body(
        "HRT",
        Side.HK,
        F,
        "Harbour Research Trust",
        "海港研究信託基金",
        "海港研究信托基金",
        "Research funding",
        "18/F, 3 Loop Street, San Tin, New Territories",
        "90000101",
        3,
        PEAK,
        ("881200450016", "881200450024"),
    ),
    Body(
        "LRU",
        Side.HK,
        U,
        "Lion Ridge University",
        "獅嶺大學",
        "狮岭大学",
        "Higher education",
        "1 Lion Ridge Path, Kowloon",
        "90000202",
        6,
        PEAK,
        ("881300710035", "881300710043"),
    ),
    Body(
        "TOLO",
        Side.HK,
        R,
        "Tolo Institute of Technology",
        "吐露理工學院",
        "吐露理工学院",
        "Research and development",
        "9 Tolo Place, Sha Tin, New Territories",
        "90000303",
        6,
        TOLO_BANK,
        ("77400210058", "77400210066"),
    ),
    Body(
        "STAR",
        Side.HK,
        E,
        "Starling Photonics Limited",
        "星椋光子有限公司",
        "星椋光子有限公司",
        "Photonics",
        "Unit 5, Block 2, the Loop, New Territories",
        "90000404",
        3,
        TOLO_BANK,
        ("77400330012", "77400330020"),
    ),
    Body(
        "FBIQ",
        Side.SZ,
        R,
        "Futian Bay Institute of Quantum Science",
        "福田灣量子科學研究院",
        "福田湾量子科学研究院",
        "Research and development",
        "6 Ruihe Road, Hetao, Futian, Shenzhen",
        "12440300MB2Q7T101X",
        12,
        LYCHEE,
        ("44201588000061230017", "44201588000061230025"),
    ),
    Body(
        "LHU",
        Side.SZ,
        U,
        "Lychee Hill University",
        "荔山大學",
        "荔山大学",
        "Higher education",
        "100 Lychee Hill Road, Nanshan, Shenzhen",
        "12440300MB2F8B300A",
        12,
        PINGTAN,
        ("62120040000071180094", "62120040000071180102"),
    ),
    Body(
        "MLC",
        Side.SZ,
        E,
        "Meilin Microsystems Co., Ltd.",
        "梅林微系統有限公司",
        "梅林微系统有限公司",
        "Semiconductors",
        "12 Meilin Road, Futian, Shenzhen",
        "91440304MA5TE8M00T",
        12,
        PINGTAN,
        ("62120040000083340061", "62120040000083340079"),
    ),
    Body(
        "KBP",
        Side.HK,
        InstitutionKind.AUDIT_FIRM,
        "Kowloon Bay Partners CPA Limited",
        "九龍灣會計師事務所有限公司",
        "九龙湾会计师事务所有限公司",
        "Audit",
        "21/F, 8 Harbour Lane, Kowloon Bay",
        "90000505",
        3,
    ),
)
"""The two funders, six grantees and the audit firm."""


def _at(institution: str, *people: tuple[str, str, str, str, Role]) -> tuple[Player, ...]:
    return tuple(Player(key, institution, en, hant, hans, role) for key, en, hant, hans, role in people)


ADMIN, GRANT, PAY, BOOK = Role.ADMINISTRATOR, Role.GRANT_OFFICER, Role.PAYMENTS_OFFICER, Role.ACCOUNTANT
FUND, FINANCE, MANAGER, PI = (
    Role.FUND_MANAGER,
    Role.FINANCE_OFFICER,
    Role.PROJECT_MANAGER,
    Role.PRINCIPAL_INVESTIGATOR,
)

PLAYERS: tuple[Player, ...] = (
    *_at(
        "LOOP",
        ("gao.yun", "Gao Yun", "高雲", "高云", ADMIN),
        ("ng.wai.lun", "Ng Wai-lun", "吳偉倫", "吴伟伦", ADMIN),
        ("tang.xin", "Tang Xin", "唐欣", "唐欣", Role.WHITELIST_OFFICER),
        ("yip.sze.wai", "Yip Sze-wai", "葉思慧", "叶思慧", Role.WHITELIST_OFFICER),
        ("luo.jing", "Luo Jing", "羅靜", "罗静", Role.OVERSEER),
    ),
    *_at(
        "QTSF",
        ("xu.hong", "Xu Hong", "徐宏", "徐宏", ADMIN),
        ("pan.li", "Pan Li", "潘麗", "潘丽", ADMIN),
        ("li.jianhua", "Li Jianhua", "李建華", "李建华", GRANT),
        ("chen.siyu", "Chen Siyu", "陳思雨", "陈思雨", GRANT),
        ("sun.wei", "Sun Wei", "孫薇", "孙薇", GRANT),
        ("zhou.minghao", "Zhou Minghao", "周明浩", "周明浩", GRANT),
        ("fang.zhiyuan", "Fang Zhiyuan", "方志遠", "方志远", PAY),
        ("he.xiaoling", "He Xiaoling", "何曉玲", "何晓玲", PAY),
        ("zhao.lei", "Zhao Lei", "趙磊", "赵磊", BOOK),
        ("qian.yue", "Qian Yue", "錢悅", "钱悦", BOOK),
        ("wu.kai", "Wu Kai", "吳凱", "吴凯", FUND),
        ("deng.rui", "Deng Rui", "鄧睿", "邓睿", FUND),
    ),
    *_at(
        "HRT",
        ("cheung.hoi.yan", "Cheung Hoi-yan", "張凱欣", "张凯欣", ADMIN),
        ("mak.tsz.kin", "Mak Tsz-kin", "麥子健", "麦子健", ADMIN),
        ("wong.mei.yee", "Wong Mei-yee", "黃美儀", "黄美仪", GRANT),
        ("ho.kwok.leung", "Ho Kwok-leung", "何國良", "何国良", GRANT),
        ("lam.ching", "Lam Ching", "林靜", "林静", GRANT),
        ("fong.chi.wai", "Fong Chi-wai", "方志偉", "方志伟", PAY),
        ("tse.man.lai", "Tse Man-lai", "謝敏麗", "谢敏丽", PAY),
        ("yeung.ka.ho", "Yeung Ka-ho", "楊家豪", "杨家豪", BOOK),
        ("kwan.siu.fong", "Kwan Siu-fong", "關小芳", "关小芳", BOOK),
        ("leung.pak.hei", "Leung Pak-hei", "梁柏熙", "梁柏熙", FUND),
        ("chow.wing.sum", "Chow Wing-sum", "周詠心", "周咏心", FUND),
    ),
    *_at(
        "LRU",
        ("lee.yuk.lan", "Lee Yuk-lan", "李玉蘭", "李玉兰", ADMIN),
        ("tam.chun.ho", "Tam Chun-ho", "譚俊豪", "谭俊豪", ADMIN),
        ("chan.ka.ling", "Chan Ka-ling", "陳嘉玲", "陈嘉玲", FINANCE),
        ("lau.po.wah", "Lau Po-wah", "劉寶華", "刘宝华", FINANCE),
        ("cheng.tin.yau", "Cheng Tin-yau", "鄭天佑", "郑天佑", BOOK),
        ("poon.suk.yee", "Poon Suk-yee", "潘淑儀", "潘淑仪", BOOK),
        ("kwok.hiu.tung", "Kwok Hiu-tung", "郭曉彤", "郭晓彤", MANAGER),
        ("ip.chi.hang", "Ip Chi-hang", "葉志恒", "叶志恒", PI),
        ("szeto.lok.man", "Szeto Lok-man", "司徒樂文", "司徒乐文", PI),
        ("mok.wing.yan", "Mok Wing-yan", "莫穎欣", "莫颖欣", PI),
        ("kwan.ho.ming", "Kwan Ho-ming", "關浩明", "关浩明", Role.AUDITOR),
    ),
    *_at(
        "TOLO",
        ("hui.man.kit", "Hui Man-kit", "許文傑", "许文杰", ADMIN),
        ("choi.yee.man", "Choi Yee-man", "蔡綺雯", "蔡绮雯", ADMIN),
        ("yuen.kit.ying", "Yuen Kit-ying", "阮潔瑩", "阮洁莹", FINANCE),
        ("siu.ka.wai", "Siu Ka-wai", "蕭家偉", "萧家伟", FINANCE),
        ("kong.mei.fung", "Kong Mei-fung", "江美鳳", "江美凤", BOOK),
        ("lui.tak.shing", "Lui Tak-shing", "呂德成", "吕德成", BOOK),
        ("wan.hoi.ching", "Wan Hoi-ching", "溫愷晴", "温恺晴", MANAGER),
        ("fung.yat.long", "Fung Yat-long", "馮逸朗", "冯逸朗", PI),
        ("au.yeung.ming", "Au-yeung Ming", "歐陽明", "欧阳明", PI),
    ),
    *_at(
        "STAR",
        ("ma.lok.yi", "Ma Lok-yi", "馬樂兒", "马乐儿", ADMIN),
        ("chiu.kin.fai", "Chiu Kin-fai", "趙健輝", "赵健辉", ADMIN),
        ("pang.oi.lin", "Pang Oi-lin", "彭愛蓮", "彭爱莲", FINANCE),
        ("to.wai.hung", "To Wai-hung", "杜偉雄", "杜伟雄", FINANCE),
        ("law.suet.fan", "Law Suet-fan", "羅雪芬", "罗雪芬", BOOK),
        ("sin.kwok.wing", "Sin Kwok-wing", "冼國榮", "冼国荣", BOOK),
        ("kan.yee.lok", "Kan Yee-lok", "簡以樂", "简以乐", MANAGER),
        ("ko.shun.hei", "Ko Shun-hei", "高信熙", "高信熙", PI),
    ),
    *_at(
        "FBIQ",
        ("huang.lan", "Huang Lan", "黃蘭", "黄兰", ADMIN),
        ("cai.wenbin", "Cai Wenbin", "蔡文斌", "蔡文斌", ADMIN),
        ("lin.meizhen", "Lin Meizhen", "林美珍", "林美珍", FINANCE),
        ("xie.dong", "Xie Dong", "謝東", "谢东", FINANCE),
        ("feng.juan", "Feng Juan", "馮娟", "冯娟", BOOK),
        ("peng.tao", "Peng Tao", "彭濤", "彭涛", BOOK),
        ("jiang.nan", "Jiang Nan", "江楠", "江楠", MANAGER),
        ("zhou.yun", "Zhou Yun", "周雲", "周云", PI),
        ("guo.haotian", "Guo Haotian", "郭昊天", "郭昊天", PI),
    ),
    *_at(
        "LHU",
        ("yu.fang", "Yu Fang", "余芳", "余芳", ADMIN),
        ("shen.jie", "Shen Jie", "沈傑", "沈杰", ADMIN),
        ("cao.ying", "Cao Ying", "曹穎", "曹颖", FINANCE),
        ("wei.guang", "Wei Guang", "魏光", "魏光", FINANCE),
        ("dong.xue", "Dong Xue", "董雪", "董雪", BOOK),
        ("ren.hao", "Ren Hao", "任昊", "任昊", BOOK),
        ("bai.lu", "Bai Lu", "白露", "白露", MANAGER),
        ("liang.zixuan", "Liang Zixuan", "梁子軒", "梁子轩", PI),
        ("shi.ruolan", "Shi Ruolan", "石若蘭", "石若兰", PI),
    ),
    *_at(
        "MLC",
        ("tian.ye", "Tian Ye", "田野", "田野", ADMIN),
        ("kong.lin", "Kong Lin", "孔琳", "孔琳", ADMIN),
        ("hao.jing", "Hao Jing", "郝靜", "郝静", FINANCE),
        ("mei.jun", "Mei Jun", "梅君", "梅君", FINANCE),
        ("long.fei", "Long Fei", "龍飛", "龙飞", BOOK),
        ("ai.min", "Ai Min", "艾敏", "艾敏", BOOK),
        ("ye.qing", "Ye Qing", "葉青", "叶青", MANAGER),
        ("nie.chuan", "Nie Chuan", "聶川", "聂川", PI),
    ),
    *_at(
        "KBP",
        ("sham.yin", "Sham Yin", "岑妍", "岑妍", ADMIN),
        ("hung.lok", "Hung Lok", "洪樂", "洪乐", ADMIN),
    ),
)
"""Everybody, two of each kind that needs a second person. The auditor's first right stands at what is audited."""

FURTHER_RIGHTS: tuple[tuple[str, str, Role], ...] = (("kwan.ho.ming", "QTSF", Role.AUDITOR),)
"""Rights beyond the first one: person, institution, role."""


def players(institution: str, role: Role) -> list[str]:
    """Keys of those who hold a role at an institution, in the order of the list."""
    return [player.key for player in PLAYERS if player.institution == institution and player.role is role]


def player(key: str) -> Player:
    """One person by key. StopIteration means a slip in the story."""
    return next(each for each in PLAYERS if each.key == key)


def body(code: str) -> Body:
    """One institution by code."""
    return next(each for each in (ZONE, *BODIES) if each.code == code)
