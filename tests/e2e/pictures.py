"""Take the README's pictures anew: `python -m tests.e2e.pictures`. All people are synthetic.

Those of the field app: `python -m tests.e2e.gallery`.
"""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import sync_playwright

from api.web.quality.pages import PAGES
from tests.conftest import FLAGS
from tests.e2e import families
from tests.e2e.chromium import ensure_chromium
from tests.e2e.late_data import tell_late
from tests.e2e.served import serve
from tests.e2e.visitors import Visitor
from tests.places import deployment_folder

PICTURES = Path(__file__).parents[2] / "docs" / "pictures"
IMAGES = Path(__file__).parents[2] / "docs" / "images"
"""The pages of figures, to be looked at after each change of them."""
WIDTH, HEIGHT = 1180, 1080


def main() -> None:
    """Start the programme, do a nurse's work, and take the pictures on the way."""
    PICTURES.mkdir(exist_ok=True)
    IMAGES.mkdir(exist_ok=True)
    with (
        deployment_folder() as folder,
        serve(folder) as served,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=ensure_chromium(), args=FLAGS)
        screen = {"width": WIDTH, "height": HEIGHT}
        context = browser.new_context(viewport=screen, locale="nb-NO")
        _take(Visitor.arrive(served, context))
        context = browser.new_context(viewport=screen, locale="nb-NO")
        _take_figures(Visitor.arrive(served, context))
        context = browser.new_context(viewport=screen, locale="nb-NO")
        _take_home(Visitor.arrive(served, context))
        browser.close()


def _take(nurse: Visitor) -> None:
    nurse.sign_in("stovner1")
    family = families.register(nurse)
    families.offer(nurse, family)
    families.say_yes(nurse)
    families.state_need(nurse, family)
    families.give_birth(nurse, family)
    nurse.goto(f"{family}/visits/new")
    nurse.page.fill("#need0_words", "Ammingen gjør vondt, og jeg tør ikke si det til noen.")
    nurse.page.select_option("#need0_by", index=1)
    nurse.page.select_option("#need0_theme", "amming_ernaering")
    _save(nurse, "visit")
    families.record_visit(nurse, family)
    nurse.goto(family)
    _save(nurse, "family")
    nurse.goto(f"/uptake?from=2013&to={families.today().year}&bydel=03")
    nurse.page.set_viewport_size({"width": WIDTH, "height": 1180})
    _save(nurse, "uptake")


def _take_figures(lead: Visitor) -> None:
    """Each page of figures, whole, and one as a telephone shows it."""
    lead.sign_in("planlegger")
    for page in PAGES:
        lead.goto(f"/figures/{page.code}?year=2025&bydel=11")
        _save(lead, f"figures-{page.code}", whole=True)
    tell_late(lead.served)
    lead.goto("/figures/cohort/funnel/revisions?year=2019&bydel=11")
    _save(lead, "figures-revisions", whole=True)
    lead.goto("/figures")
    _save(lead, "figures", whole=True)
    lead.page.set_viewport_size({"width": 360, "height": 900})
    lead.goto("/figures/time?bydel=11")
    _save(lead, "figures-time-narrow", whole=True)


def _take_home(lead: Visitor) -> None:
    """What a lead begins with, and what she ends a year with."""
    lead.sign_in("stovner.leder")
    lead.goto("/overview")
    _save(lead, "overview", whole=True)
    lead.goto("/reports/11/2025")
    _save(lead, "report", whole=True)


def _save(nurse: Visitor, name: str, *, whole: bool = False) -> None:
    nurse.page.evaluate("document.activeElement.blur(); document.fonts.ready")
    folder = IMAGES if whole else PICTURES
    nurse.page.screenshot(path=str(folder / f"{name}.png"), full_page=whole)


if __name__ == "__main__":
    main()
