"""Spending returns of the story: one month's listing posted, a later one waiting for its second person."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

from app.demo import days
from app.demo.stage import Stage, Step
from app.kernel.actor import Actor, Role
from app.kernel.spreadsheet_text import csv_file
from app.returns import queries, service
from app.returns.service import ImportReturn, PostReturn, SubmitReturn
from app.web.uploads import TEXT, Upload

AT = "LRU"
CONTRACT = "C11"
NAMES = ("Voucher No.", "Type", "Date", "Account", "Amount", "Currency", "Vendor", "Invoice No.", "Narrative")
Listed = tuple[str, str, str, str, str, str]
"""Kind, heading, amount, vendor, invoice and narrative of one row, in HKD."""

FIRST: tuple[Listed, ...] = (
    ("", "Materials", "640.00", "Crossing Star Electronics", "CS-20417", "Fibre pigtails"),
    ("", "Testing", "380.00", "Lion Rock Metrology", "LM-3308", "Calibration of a power meter"),
    ("Refund", "Materials", "120.00", "Crossing Star Electronics", "CS-20417-C", "Two pigtails sent back"),
    ("Interest", "", "8.45", "Harbour Bank", "", "Interest apportioned to the project"),
)
LATER: tuple[Listed, ...] = (
    ("", "Travel", "212.00", "Cross-boundary Rail", "CBR-90112", "Working visit to the partner"),
    ("", "Publication", "455.00", "Open Letters Press", "OL-771", "Open access fee, first part"),
    ("Open order", "Materials", "900.00", "Shun Fung Optics", "", "Isolators on order"),
)


class Returning:
    """Puts the returns of one university on the agenda."""

    def __init__(self, stage: Stage) -> None:
        """Both within the last seven weeks."""
        self.stage = stage
        self.first = ""
        self._on(38, 10, partial(self.submit, "listing-1.csv", FIRST))
        self._on(36, 20, self.post)
        self._on(2, 30, partial(self.submit, "listing-2.csv", LATER))

    def _on(self, ago: int, minute: int, step: Step) -> None:
        day = days.worked(self.stage.today - timedelta(days=ago))
        self.stage.on(day, step, hour=17, minute=minute)

    def submit(self, name: str, rows: tuple[Listed, ...]) -> None:
        """An accountant imports the listing and submits it; the university pools its project money."""
        stage, maker = self.stage, self._accountant(1)
        spent_on = days.worked(stage.day - timedelta(days=1)).isoformat()
        lines = [
            (f"FS{stage.day:%y%m}-{number:03}", kind, spent_on, heading, amount, "HKD", vendor, invoice, narrative)
            for number, (kind, heading, amount, vendor, invoice, narrative) in enumerate(rows, 1)
        ]
        numbered = [(*line, f"PO-{line[0]}" if line[1] == "Open order" else "") for line in lines]
        content = csv_file((*NAMES, "PO No."), numbered)
        file = Upload(name, content, TEXT)
        command = ImportReturn(stage.world.contracts[CONTRACT], file)
        drafted = service.import_file(stage.session, maker, command, now=stage.now)
        consent = SubmitReturn(drafted.version, None, negative_list_declared=True)
        found = service.submit(stage.session, maker, drafted.id, consent, now=stage.now)
        self.first = self.first or found.reference

    def post(self) -> None:
        """The other accountant posts the first one."""
        stage, checker = self.stage, self._accountant(0)
        found = queries.visible_return(stage.session, checker, self.first)
        service.post(stage.session, checker, found.id, PostReturn(found.version), now=stage.now)

    def _accountant(self, number: int) -> Actor:
        return self.stage.actor(self.stage.crew(AT, Role.ACCOUNTANT)[number])
