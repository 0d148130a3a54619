"""What is asked of documents."""

from __future__ import annotations

from dataclasses import dataclass

from app.kernel.messages import _
from app.web.fields import LineField
from app.web.paging import DEFAULT_LIMIT
from app.web.schemas import PageQuery


@dataclass(frozen=True, slots=True)
class AskedDocuments:
    """A page of documents, all or those with one digest."""

    sha256: str | None = None
    cursor: str | None = None
    limit: int = DEFAULT_LIMIT

    @property
    def digest(self) -> bytes | None:
        """The digest asked for; one that is no SHA-256 finds nothing."""
        if not self.sha256:
            return None
        try:
            return bytes.fromhex(self.sha256)
        except ValueError:
            return b"no digest"


class DocumentListForm(PageQuery):
    """The query of the list of documents."""

    command = AskedDocuments
    sha256 = LineField(required=False, max_length=64, label=_("SHA-256"))
