"""The demonstration's sign-ins: one list, printed by `hetao serve` and shown on the sign-in page."""

from __future__ import annotations

from dataclasses import dataclass

from app.kernel.messages import _

PASSWORD = "two-banks-one-river"  # noqa: S105 - printed on purpose
"""The same for everybody: nothing in the demonstration is real, and nobody else is let in by it."""


@dataclass(frozen=True, slots=True)
class SignIn:
    """One person to sign in as; `role` is a message id, `institution` a name."""

    email: str
    role: str
    institution: str
    person: str

    @property
    def password(self) -> str:
        """The demonstration's password."""
        return PASSWORD


QINGTAN = "Qingtan Science Foundation"
HARBOUR = "Harbour Research Trust"
LION_RIDGE = "Lion Ridge University"
FUTIAN_BAY = "Futian Bay Institute of Quantum Science"
LOOP = "Loop Zone Coordination Office"

SIGN_INS: tuple[SignIn, ...] = (
    SignIn("li.jianhua@qtsf.example", _("Grant officer: 30 disbursements wait"), QINGTAN, "Li Jianhua"),
    SignIn("sun.wei@qtsf.example", _("Grant officer, second checker"), QINGTAN, "Sun Wei"),
    SignIn("fang.zhiyuan@qtsf.example", _("Payments officer"), QINGTAN, "Fang Zhiyuan"),
    SignIn("zhao.lei@qtsf.example", _("Accountant"), QINGTAN, "Zhao Lei"),
    SignIn("wu.kai@qtsf.example", _("Fund manager"), QINGTAN, "Wu Kai"),
    SignIn("xu.hong@qtsf.example", _("Administrator"), QINGTAN, "Xu Hong"),
    SignIn("wong.mei.yee@hrt.example", _("Grant officer"), HARBOUR, "Wong Mei-yee"),
    SignIn("fong.chi.wai@hrt.example", _("Payments officer"), HARBOUR, "Fong Chi-wai"),
    SignIn("yeung.ka.ho@hrt.example", _("Accountant"), HARBOUR, "Yeung Ka-ho"),
    SignIn("chan.ka.ling@lru.example", _("Institution finance officer"), LION_RIDGE, "Chan Ka-ling"),
    SignIn("ip.chi.hang@lru.example", _("Principal investigator"), LION_RIDGE, "Ip Chi-hang"),
    SignIn("kwok.hiu.tung@lru.example", _("Project manager"), LION_RIDGE, "Kwok Hiu-tung"),
    SignIn("lin.meizhen@fbiq.example", _("Institution finance officer"), FUTIAN_BAY, "Lin Meizhen"),
    SignIn("zhou.yun@fbiq.example", _("Principal investigator"), FUTIAN_BAY, "Zhou Yun"),
    SignIn("kwan.ho.ming@kbp.example", _("Auditor"), LION_RIDGE, "Kwan Ho-ming"),
    SignIn("tang.xin@loop.example", _("Whitelist officer"), LOOP, "Tang Xin"),
    SignIn("luo.jing@loop.example", _("Overseer"), LOOP, "Luo Jing"),
)
"""One person for each role, on both sides where the work differs."""
