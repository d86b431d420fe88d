"""What is asked of every page in the browser, told as a list of faults in words."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Page

from tests.plugins.browser import NARROW, WIDE

# WCAG 2.2 AA holds the size of targets (24 px); "best-practice" holds landmarks and headings.
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]

AXE = """([tags, without]) => axe.run(document, {
    runOnly: {type: 'tag', values: tags},
    rules: Object.fromEntries(without.map(rule => [rule, {enabled: false}])),
    resultTypes: ['violations'],
}).then(found => found.violations.map(one => ({
        rule: one.id, help: one.help, nodes: one.nodes.slice(0, 3).map(node => node.html.slice(0, 160)),
        why: one.nodes[0].failureSummary,
    })))"""

# A table may scroll within its own frame, the page may not.
TOO_WIDE = """() => {
    const limit = document.documentElement.clientWidth;
    if (document.scrollingElement.scrollWidth <= limit) return [];
    const scrolls = node => {
        for (let up = node.parentElement; up && up !== document.body; up = up.parentElement) {
            if (['auto', 'scroll', 'hidden'].includes(getComputedStyle(up).overflowX)) return true;
        }
        return false;
    };
    return [...document.body.querySelectorAll('*')]
        .filter(node => node.getBoundingClientRect().right > limit + 1 && !scrolls(node))
        .slice(0, 3)
        .map(node => node.outerHTML.slice(0, 160)).concat([`page is ${document.scrollingElement.scrollWidth} px`]);
}"""

# The elements that Tab should reach, in the order of the document. A group of radio buttons is one stop.
STOPS = """within => {
    const seen = new Set();
    const stops = [];
    for (const node of document.querySelector(within).querySelectorAll(
        'a[href], button, input, select, textarea, summary, [tabindex], [contenteditable=true]'
    )) {
        if (node.disabled || node.tabIndex < 0 || node.type === 'hidden') continue;
        if (!node.checkVisibility({visibilityProperty: true})) continue;
        if (node.type === 'radio') {
            const group = [...document.getElementsByName(node.name)];
            const chosen = group.find(one => one.checked) || group[0];
            if (seen.has(node.name) || chosen !== node) continue;
            seen.add(node.name);
        }
        stops.push(node);
    }
    window.lookStops = stops;
    window.lookReached = [];
    document.addEventListener('focusin', event => {
        // Radio buttons and boxes are marked on the field that holds them.
        const marked = [event.target, event.target.closest('.ds-field, .ds-chip, label')].some(node => {
            const style = node && getComputedStyle(node);
            return style && (
                (style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0)
                || style.boxShadow !== 'none'
            );
        }) || event.target.matches('.ds-skip-link');  // it is there only while it has the focus
        window.lookReached.push([stops.indexOf(event.target), marked, event.target.outerHTML.slice(0, 120)]);
    });
    return stops.map(node => node.outerHTML.slice(0, 120));
}"""


def accessibility(page: Page, axe_source: str, without: tuple[str, ...] = ()) -> list[str]:
    """Faults that axe-core finds on the page as it stands, by all its rules but some."""
    if page.evaluate("typeof axe") == "undefined":
        page.evaluate(axe_source)
    found: list[dict[str, Any]] = page.evaluate(AXE, [TAGS, without])
    return [f"{one['rule']}: {one['help']} {one['nodes']} {one['why']}" for one in found]


def sideways(page: Page) -> list[str]:
    """What makes the page wider than the window."""
    found: list[str] = page.evaluate(TOO_WIDE)
    return [f"wider than the window: {one}" for one in found]


def both_widths(page: Page, axe_source: str) -> list[str]:
    """Faults at 1280 and at 360 px. Colours are the same at both; they take most of the time, and are asked for once."""
    faults = []
    for size, without in ((WIDE, ()), (NARROW, ("color-contrast",))):
        page.set_viewport_size(size)  # type: ignore[arg-type]
        told = [*accessibility(page, axe_source, without), *sideways(page)]
        faults += [f"{size['width']} px: {fault}" for fault in told]
    return faults


def keyboard(page: Page, within: str = "body") -> list[str]:
    """Faults of a walk with Tab through the page or a part of it: everything is reached, in order, and is seen to be."""
    # From the top, also where the page has moved the focus to what is wrong.
    page.evaluate(
        """within => {
            const top = document.querySelector(within);
            const had = top.getAttribute('tabindex');
            top.tabIndex = -1;
            top.focus({preventScroll: true});
            if (had === null) top.removeAttribute('tabindex');
        }""",
        within,
    )
    expected: list[str] = page.evaluate(STOPS, within)
    # A field for a date holds day, month, year and a button, each a stop of its own.
    dates = sum('type="date"' in html for html in expected)
    for _ in range(len(expected) + 3 * dates):
        page.keyboard.press("Tab")
    reached: list[tuple[int, bool, str]] = page.evaluate("window.lookReached")
    reached = reached[: len(expected)]
    order = [at for at, _, _ in reached]
    faults = [f"no visible focus: {html}" for _, marked, html in reached if not marked]
    if order != list(range(len(expected))):
        missed = [expected[at] for at in range(len(expected)) if at not in order]
        first = next((html for at, (got, _, html) in enumerate(reached) if got != at), "")
        faults.append(f"Tab does not follow the page: missed {missed[:3]}, first astray at {first}")
    return faults
