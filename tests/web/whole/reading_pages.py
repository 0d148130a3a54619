"""Reading pages as a browser does: links, forms with their inputs, and what is wrong with the page itself."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

import lxml.html
from lxml.html import HtmlElement

TYPED = {"text", "search", "email", "password", "tel", "url", "number", "date", ""}


@dataclass(frozen=True, slots=True)
class FormSeen:
    """A form that writes: where it goes, what it sends untouched, and what can be typed into it."""

    action: str
    sent: dict[str, str]
    texts: tuple[str, ...]
    amounts: tuple[str, ...]
    days: tuple[str, ...]
    has_file: bool


@dataclass(slots=True)
class PageSeen:
    """A page as parsed."""

    path: str
    root: HtmlElement
    faults: list[str] = field(default_factory=list)

    @classmethod
    def of(cls, path: str, text: str) -> PageSeen:
        """Parse the page."""
        return cls(path, lxml.html.document_fromstring(text))

    @property
    def links(self) -> list[str]:
        """Addresses of this site that the page links to, without fragments; forms that read count as links."""
        found = [a.get("href", "") for a in self.root.iter("a")]
        found += [form.get("action", "") for form in self.root.iter("form") if form.get("method", "get") == "get"]
        return [link.partition("#")[0] for link in found if link.startswith("/") and not link.startswith("//")]

    @property
    def forms(self) -> list[FormSeen]:
        """The forms of the page that write."""
        return [_form(form, self.path) for form in self.root.iter("form") if form.get("method", "").lower() == "post"]


def _form(form: HtmlElement, path: str) -> FormSeen:
    sent: dict[str, str] = {}
    texts: list[str] = []
    amounts: list[str] = []
    days: list[str] = []
    has_file = False
    for box in form.iter("input", "textarea", "select"):
        name, kind = box.get("name", ""), box.get("type", "")
        if not name or kind in {"submit", "button"}:
            continue
        if kind == "file":
            has_file = True
        elif kind in {"checkbox", "radio"}:
            if box.get("checked") is not None or name not in sent:
                sent[name] = box.get("value", "on")
        elif box.tag == "select":
            sent[name] = _chosen(box)
        elif box.tag == "textarea":
            sent[name] = (box.text or "").strip()
            texts.append(name)
        else:
            sent[name] = box.get("value", "")
            if kind == "date":
                days.append(name)
            elif "figures" in box.get("class", "").split():
                amounts.append(name)
            elif kind in TYPED:
                texts.append(name)
    return FormSeen(form.get("action") or path, sent, tuple(texts), tuple(amounts), tuple(days), has_file)


def _chosen(box: HtmlElement) -> str:
    options = list(box.iter("option"))
    for option in options:
        if option.get("selected") is not None:
            return str(option.get("value", ""))
    filled = [str(option.get("value", "")) for option in options if option.get("value")]
    return filled[0] if filled else ""


def faults(page: PageSeen) -> list[str]:
    """What is wrong with a page whatever it shows."""
    root = page.root
    found = [f"id {name!r} twice" for name, count in Counter(root.xpath("//@id")).items() if count > 1]
    found += [f"style on <{element.tag}>" for element in root.xpath("//*[@style]")]
    found += ["<style> in the page" for _ in root.iter("style")]
    found += ["script in the page" for script in root.iter("script") if not script.get("src")]
    found += [f"{name} on <{e.tag}>" for e in root.xpath("//*") for name in e.attrib if name.lower().startswith("on")]
    found += [
        "a javascript: address" for link in root.xpath("//@href") if link.strip().lower().startswith("javascript")
    ]
    found += ["an image without words" for image in root.iter("img") if image.get("alt") is None]
    found += [] if root.get("lang") else ["no language"]
    found += [] if (root.findtext(".//title") or "").strip() else ["no title"]
    count = len(root.xpath("//h1"))
    found += [] if count == 1 else [f"{count} first headings"]
    found += _unlabelled(root)
    found += [f"form to {form.action} has no token" for form in page.forms if "csrf_token" not in form.sent]
    return found


def _unlabelled(root: HtmlElement) -> list[str]:
    ids = set(root.xpath("//@id"))
    labelled = set(root.xpath("//label/@for"))
    found = [f"label for {name!r}, which is not there" for name in labelled - ids]
    for box in root.iter("input", "textarea", "select"):
        if box.get("type") in {"hidden", "submit", "button"}:
            continue
        wrapped = any(parent.tag == "label" for parent in box.iterancestors())
        if not (wrapped or box.get("id") in labelled or box.get("aria-label") or box.get("aria-labelledby")):
            found.append(f"<{box.tag} name={box.get('name')!r}> has no label")
    for words in root.xpath("//@aria-describedby | //@aria-labelledby | //@aria-controls"):
        found += [f"names {word!r}, which is not there" for word in words.split() if word not in ids]
    return found
