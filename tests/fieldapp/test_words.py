"""What the app says, in which language, and how it says days and clocks."""

import pytest

SAYS = """async ([language, texts, calls]) => {
  const words = await import("/felt/src/words.js");
  words.useCatalogue({ language, texts });
  return calls.map(([name, ...given]) => words[name](...given));
}"""
NB = {"Hello %(name)s": "Hei, %(name)s", "%(num)s visit": ["%(num)s besøk", "%(num)s besøk i alt"]}


def says(module_page, language, *calls):
    return module_page(SAYS, [language, NB if language == "nb" else {}, [list(c) for c in calls]])


def test_a_text_is_said_in_bokmal_with_its_places_filled(module_page):
    assert says(module_page, "nb", ("gettext", "Hello %(name)s", {"name": "Ida 100%"})) == [
        "Hei, Ida 100%"
    ]


def test_a_text_without_a_translation_is_said_in_english(module_page):
    assert says(module_page, "nb", ("gettext", "Not known"), ("gettext", "50 %")) == [
        "Not known",
        "50 %",
    ]


def test_one_and_many_and_none(module_page):
    calls = [("ngettext", "%(num)s visit", "%(num)s visits", count) for count in (0, 1, 1200)]
    nb, en = says(module_page, "nb", *calls), says(module_page, "en", *calls)
    assert nb == ["0 besøk i alt", "1 besøk", "1\u00a0200 besøk i alt"]
    assert en == ["0 visits", "1 visit", "1,200 visits"]


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("nb", ["mandag 23. november", "fredag 1. januar 2027", "08.30", "2026-11-24", "i morgen"]),
        ("en", ["Monday 23 November", "Friday 1 January 2027", "08:30", "2026-11-24", "tomorrow"]),
    ],
)
def test_days_and_clocks_are_oslos_wherever_the_phone_thinks_it_is(module_page, language, expected):
    day = "2026-11-23"
    told = says(
        module_page,
        language,
        ("longDay", "2026-11-23", day),
        ("longDay", "2027-01-01", day),
        ("clock", "2026-11-23T07:30:00Z"),
        ("osloDay", "2026-11-23T23:30:00Z"),
        ("nearDay", "2026-11-24", day),
    )
    assert [one.replace(",", "") for one in told] == expected


def test_the_catalogue_is_the_servers_own(module_page):
    told = module_page(
        """async () => {
          const words = await import("/felt/src/words.js");
          await words.speak("nb");
          return [words.gettext("At home"), document.documentElement.lang];
        }"""
    )
    assert told == ["Hjemme", "nb"]
