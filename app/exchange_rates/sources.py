"""The sources of rates that the product itself brings, as message ids: printed in the language of the page."""

from __future__ import annotations

from app.exchange_rates import bundled
from app.kernel.messages import _

BUNDLED = _("European Central Bank euro reference rates, CNY/EUR divided by HKD/EUR")
DEMONSTRATION = _("Demonstration rate: later than the bundled history, published by nobody")
WORKED_EXAMPLE = _("Demonstration rate of the worked example, per 100 HKD")

OWN = frozenset({bundled.SOURCE, BUNDLED, DEMONSTRATION, WORKED_EXAMPLE})
"""A source that is none of these was typed by a person or came in a file, and is printed as it stands."""
