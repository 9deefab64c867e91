"""Made-up municipalities, organisations, buildings and rooms, of very uneven sizes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from matcher.generate.draw import Draw, IntArray, spread, words
from matcher.generate.names import municipality_name, region_name
from matcher.generate.profiles import Profile
from matcher.roster import Licence, OrganisationType, Room, Site, Travel

_TYPES = (OrganisationType.GENERAL_SCHOOL, OrganisationType.KINDERGARTEN, OrganisationType.ADDITIONAL_EDUCATION)
_TITLES: Mapping[OrganisationType, str] = {
    OrganisationType.GENERAL_SCHOOL: "Школа",
    OrganisationType.KINDERGARTEN: "Детский сад",
    OrganisationType.ADDITIONAL_EDUCATION: "Центр дополнительного образования",
}
_ZONES = words(
    "Europe/Moscow Europe/Moscow Europe/Moscow Europe/Samara Asia/Yekaterinburg Asia/Omsk Asia/Krasnoyarsk "
    "Asia/Irkutsk Asia/Yakutsk Asia/Vladivostok Asia/Magadan Asia/Kamchatka Europe/Kaliningrad"
)
_MUNICIPALITIES_PER_REGION = 26
MAX_RURAL_STAFF = 12
_MAX_TRAVEL_ORGANISATIONS = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Places:
    """Organisations as arrays, one entry each, and the parts of the roster that hang on places.

    ``size`` is the number of staff, ``municipality`` an index; ``first_site`` is the id of the main building.
    """

    id: list[str]
    name: list[str]
    type: list[OrganisationType]
    municipality: IntArray
    size: IntArray
    num_municipalities: int

    def municipality_name(self, organisation: int) -> str:
        """Return the municipality of an organisation."""
        return municipality_name(int(self.municipality[organisation]))

    def region_name(self, organisation: int) -> str:
        """Return the region of an organisation."""
        return region_name(int(self.municipality[organisation]) // _MUNICIPALITIES_PER_REGION)

    def time_zone(self, organisation: int) -> str:
        """Return the time zone of an organisation; one for a whole region."""
        if self.num_municipalities <= _MUNICIPALITIES_PER_REGION:
            return _ZONES[0]
        return _ZONES[int(self.municipality[organisation]) // _MUNICIPALITIES_PER_REGION % len(_ZONES)]

    def first_site(self, organisation: int) -> str:
        """Return the id of an organisation's main building."""
        return f"{self.id[organisation]}-S1"


def build_places(
    draw: Draw, *, num_organisations: int, num_municipalities: int, num_staff: int, profile: Profile
) -> Places:
    """Return organisations with heavy-tailed sizes that sum up to ``num_staff``; each has at least one person."""
    per_municipality = 1 + spread(num_organisations - num_municipalities, 1 / (draw.unit(num_municipalities) + 0.05))
    weight = 1 / (draw.unit(num_organisations) + 0.12)
    # Every third organisation is a village one: a handful of people.
    village = draw.flag(0.33, num_organisations) & (num_organisations > 1)
    weight = np.where(village, 0.25 + 0.25 * draw.unit(num_organisations), weight)
    types = _draw_types(draw, num_organisations, profile)
    width = len(str(num_organisations))
    return Places(
        id=[f"O-{number + 1:0{width}d}" for number in range(num_organisations)],
        name=[f"{_TITLES[type_]} № {number + 1}" for number, type_ in enumerate(types)],
        type=types,
        municipality=np.repeat(np.arange(num_municipalities), per_municipality),
        size=1 + spread(num_staff - num_organisations, weight),
        num_municipalities=num_municipalities,
    )


def _draw_types(draw: Draw, num_organisations: int, profile: Profile) -> list[OrganisationType]:
    count = spread(num_organisations, [profile.organisation_types.get(type_, 0.0) for type_ in _TYPES])
    index = np.repeat(np.arange(len(_TYPES)), count)[draw.order(num_organisations)]
    return [_TYPES[i] for i in index.tolist()]


def build_sites(places: Places) -> tuple[Site, ...]:
    """Return one building per organisation, and a second one where more than sixty people work."""
    sites = []
    for organisation, organisation_id in enumerate(places.id):
        sites.append(Site(id=places.first_site(organisation), organisation=organisation_id, name="Главное здание"))
        if places.size[organisation] > 60:
            sites.append(Site(id=f"{organisation_id}-S2", organisation=organisation_id, name="Второй корпус"))
    return tuple(sites)


def build_rooms(draw: Draw, sites: tuple[Site, ...]) -> tuple[Room, ...]:
    """Return two to four rooms per building: a methodical room, classes, a computer room."""
    kinds = (
        ("Методический кабинет", "methodical", 8),
        ("Учебный кабинет", "class", 28),
        ("Компьютерный класс", "computer", 14),
    )
    rooms = []
    for site, with_third, video in zip(
        sites, draw.flag(0.6, len(sites)).tolist(), draw.flag(0.4, len(sites)).tolist(), strict=True
    ):
        for number, (name, kind, capacity) in enumerate(kinds[: 3 if with_third else 2], start=1):
            videoconf = video and kind != "class"
            rooms.append(
                Room(
                    id=f"{site.id}-R{number}",
                    site=site.id,
                    name=name,
                    kind=kind,
                    capacity=capacity,
                    videoconf=videoconf,
                )
            )
    return tuple(rooms)


def build_travel(draw: Draw, places: Places, sites: tuple[Site, ...]) -> tuple[Travel, ...]:
    """Return the minutes between buildings of one municipality; left out on large rosters."""
    if len(places.id) > _MAX_TRAVEL_ORGANISATIONS:
        return ()
    municipality_of = dict(zip(places.id, places.municipality.tolist(), strict=True))
    pairs = [
        (one, other)
        for number, one in enumerate(sites)
        for other in sites[number + 1 :]
        if municipality_of[one.organisation] == municipality_of[other.organisation]
    ]
    near, far = draw.whole(1, 4, len(pairs)).tolist(), draw.whole(2, 14, len(pairs)).tolist()
    return tuple(
        Travel(from_site=one.id, to_site=other.id, minutes=5 * (n if one.organisation == other.organisation else f))
        for (one, other), n, f in zip(pairs, near, far, strict=True)
    )


def build_licences(places: Places) -> tuple[Licence, ...]:
    """Return one pool of video licences, a licence for every four organisations."""
    return (Licence(id="L-1", name="Видеоконференции", count=max(1, len(places.id) // 4)),)
