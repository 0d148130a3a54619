// Conveniences only: every page works without this file.
(() => {
  "use strict";

  const all = (selector, root = document) => [...root.querySelectorAll(selector)];

  // Whole minor units in, "1,234.50" out. BigInt: a total never passes through floating point.
  const figure = (minor) => {
    const digits = (minor < 0n ? -minor : minor).toString().padStart(3, "0");
    const whole = digits.slice(0, -2).replace(/\B(?=(\d{3})+(?!\d))/g, ",");
    const text = `${whole}.${digits.slice(-2)}`;
    return minor < 0n ? `(${text})` : text;
  };

  // Selection bar: how many are ticked, and their totals, one per currency, never added together.
  const countUp = (bar) => {
    const scope = bar.closest("form") || document;
    const ticked = all(".tick", scope).filter((tick) => tick.checked);
    const totals = { CNY: 0n, HKD: 0n };
    for (const tick of all(".tick", scope)) {
      tick.closest("tr")?.classList.toggle("selected", tick.checked);
    }
    for (const tick of ticked) {
      if (tick.dataset.currency in totals) totals[tick.dataset.currency] += BigInt(tick.dataset.minor || 0);
    }
    const count = bar.querySelector("[data-count]");
    if (count.textContent !== String(ticked.length)) count.textContent = ticked.length;
    for (const [currency, total] of Object.entries(totals)) {
      const place = bar.querySelector(`[data-sum="${currency}"]`);
      if (place) place.textContent = figure(total);
    }
  };

  const ready = (root) => {
    for (const button of all("[data-select-all]", root)) button.hidden = false;
    for (const bar of all("[data-selection]", root)) countUp(bar);
    const summary = root.querySelector("[data-focus]");
    if (summary) summary.focus();
  };

  document.addEventListener("change", (event) => {
    if (event.target.matches?.(".tick")) all("[data-selection]").forEach(countUp);
  });

  document.addEventListener("click", (event) => {
    const button = event.target.closest?.("[data-select-all]");
    if (button) {
      const group = button.dataset.selectAll;
      const scope = button.closest("form") || document;
      const ticks = all(".tick:not(:disabled)", scope).filter((tick) => !group || tick.dataset.group === group);
      const fill = !ticks.every((tick) => tick.checked);
      for (const tick of ticks) tick.checked = fill;
      all("[data-selection]").forEach(countUp);
    }
    // The menu under the person's name closes when one clicks elsewhere.
    for (const menu of all("details.me[open]")) {
      if (!menu.contains(event.target)) menu.open = false;
    }
  });

  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    for (const menu of all("details.me[open]")) {
      menu.open = false;
      menu.querySelector("summary").focus();
    }
  });

  document.addEventListener("DOMContentLoaded", () => {
    ready(document);
    const current = document.querySelector(".nav [aria-current]");
    if (current) current.parentElement.scrollLeft = current.offsetLeft - 64;
  });
  document.addEventListener("htmx:after:swap", (event) => ready(event.target instanceof Element ? event.target : document));
})();
