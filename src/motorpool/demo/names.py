"""Street and place names of the demo town: made of common words, the same for the same seed, each used once."""

from collections.abc import Callable

import numpy as np

_TREES_AND_THINGS = [
    "Linden",
    "Ahorn",
    "Birken",
    "Buchen",
    "Eichen",
    "Erlen",
    "Eschen",
    "Ulmen",
    "Tannen",
    "Kiefern",
    "Weiden",
    "Holunder",
    "Flieder",
    "Rosen",
    "Tulpen",
    "Nelken",
    "Veilchen",
    "Dahlien",
    "Astern",
    "Lilien",
    "Kornblumen",
    "Klee",
    "Farn",
    "Moos",
    "Apfel",
    "Birnen",
    "Kirsch",
    "Pflaumen",
    "Quitten",
    "Nuss",
    "Hasel",
    "Schlehen",
    "Amsel",
    "Drossel",
    "Finken",
    "Meisen",
    "Lerchen",
    "Star",
    "Falken",
    "Habicht",
    "Eulen",
    "Kranich",
    "Storchen",
    "Schwalben",
    "Reiher",
    "Fuchs",
    "Dachs",
    "Hasen",
    "Igel",
    "Biber",
    "Otter",
    "Hirsch",
    "Reh",
    "Forellen",
    "Hecht",
    "Bienen",
    "Brunnen",
    "Quellen",
    "Wiesen",
    "Acker",
    "Garten",
    "Reben",
    "Hof",
    "Tal",
    "Berg",
    "Hang",
    "Sonnen",
    "Morgen",
    "Abend",
    "Nord",
    "Ost",
    "West",
    "Stern",
    "Mond",
    "Regenbogen",
    "Glocken",
    "Orgel",
    "Geigen",
    "Flöten",
    "Harfen",
    "Kupfer",
    "Silber",
    "Gold",
    "Zinn",
    "Schiefer",
    "Granit",
    "Kalk",
    "Ziegel",
    "Töpfer",
    "Weber",
    "Gerber",
    "Müller",
    "Bäcker",
    "Schmiede",
    "Küfer",
    "Sattler",
    "Färber",
    "Seiler",
    "Zimmerer",
    "Fischer",
    "Schäfer",
    "Imker",
    "Jäger",
    "Köhler",
    "Säge",
    "Hammer",
    "Mühl",
    "Wehr",
    "Steg",
    "Ufer",
    "Fähr",
    "Insel",
    "Anger",
    "Dorf",
    "Markt",
    "Kirch",
    "Kloster",
    "Kapellen",
    "Turm",
    "Tor",
    "Wall",
    "Graben",
    "Burg",
    "Ritter",
    "Grafen",
    "Fürsten",
    "Rats",
    "Post",
    "Zoll",
    "Schul",
    "Turner",
    "Sänger",
    "Bürger",
]
_ENDINGS = {
    "old": ("gasse", "gässle", "platz", "winkel"),
    "plain": ("straße", "weg", "allee", "ring", "steig", "halde"),
}
_INDUSTRY = [
    "Daimler",
    "Otto",
    "Diesel",
    "Siemens",
    "Bosch",
    "Zeppelin",
    "Maybach",
    "Röntgen",
    "Ohm",
    "Hertz",
    "Volta",
    "Watt",
    "Ampère",
    "Liebig",
    "Gauß",
    "Kepler",
]
RADIALS = (
    "Ulmer Straße", "Biberacher Straße", "Ravensburger Straße", "Seestraße", "Sigmaringer Straße", "Albstraße",
    "Riedlinger Straße", "Ehinger Straße", "Donaustraße", "Bahnhofstraße",
)  # fmt: skip
RINGS = {"inner": "Altstadtring", "middle": "Gürtelstraße", "outer": "Talbrücker Ring", "bypass": "A 98"}
TOWN = "Talbrück"
RIVER = "Lauter"
_CUSTOMERS = [
    "Bäckerei Krume",
    "Café am Markt",
    "Gasthof Krone",
    "Apotheke Linde",
    "Buchladen Seiten",
    "Blumen Iris",
    "Metzgerei Hahn",
    "Schreinerei Span",
    "Autohaus Rad",
    "Fahrrad Kette",
    "Optik Blick",
    "Praxis Dr. Sommer",
    "Tierarzt Pfote",
    "Kindergarten Löwenzahn",
    "Grundschule Nord",
    "Gymnasium Talbrück",
    "Klinikum",
    "Seniorenheim Abendrot",
    "Rathaus",
    "Stadtbücherei",
    "Hotel Sonne",
    "Brauerei Fass",
    "Druckerei Letter",
    "Elektro Funke",
    "Sanitär Quell",
    "Malerbetrieb Bunt",
    "Gärtnerei Grün",
    "Getränke Perle",
    "Supermarkt Süd",
    "Supermarkt West",
    "Möbelhaus Eck",
    "Baumarkt",
    "Wochenmarkt",
    "Kino Lichtspiel",
    "Schwimmbad",
    "Sporthalle Ost",
    "Bürocenter Ring",
    "Wäscherei Weiß",
    "Schuhhaus Sohle",
    "Uhren Zeit",
]


class Names:
    """Hands out each name once; when the words run out they come again with a number."""

    def __init__(self, random: np.random.Generator) -> None:
        self._random = random
        self._given: set[str] = set()

    def street(self, kind: str) -> str:
        """A street's name; `kind` is `old` (lanes of the old town), `industrial` or `plain`."""
        if kind == "industrial":
            return self._once(lambda: f"{self._one(_INDUSTRY)}straße")
        return self._once(lambda: self._one(_TREES_AND_THINGS) + self._one(_ENDINGS[kind]))

    def customer(self) -> str:
        """A customer's name."""
        return self._once(lambda: self._one(_CUSTOMERS))

    def _one(self, words: tuple[str, ...] | list[str]) -> str:
        return words[int(self._random.integers(len(words)))]

    def _once(self, draw: Callable[[], str]) -> str:
        for attempt in range(60):
            name = draw() if attempt < 50 else f"{draw()} {attempt - 48}"
            if name not in self._given:
                break
        self._given.add(name)
        return name
