"""Where a debtor may be, written down a second time: states, ZIP codes and area
codes of the places that stores of the tests hold, and no more.

A place of the United States that is not in these tables stops the judge from
saying that its zones were kept: zones() then asks all of the country, which is the
strictest, so that a store with new places needs new rows here.
"""
PACIFIC, MOUNTAIN, CENTRAL, EASTERN = ("America/Los_Angeles", "America/Denver", "America/Chicago",
                                       "America/New_York")
HAWAII = "Pacific/Honolulu"
ALL = (HAWAII, "America/Anchorage", "America/Adak", PACIFIC, MOUNTAIN, "America/Phoenix", CENTRAL,
       EASTERN)

STATES = {
    "CA": (PACIFIC,), "NY": (EASTERN,), "NYC": (EASTERN,), "MA": (EASTERN,), "HI": (HAWAII,),
    "TX": (CENTRAL, MOUNTAIN), "FL": (EASTERN, CENTRAL), "WY": (MOUNTAIN,),
}
ZIPS = {"100": "NY", "142": "NY", "021": "MA", "331": "FL", "750": "TX", "820": "WY", "941": "CA",
        "968": "HI"}
CITY_ZIPS = ("100",)
AREA_CODES = {"212": (EASTERN,), "415": (PACIFIC,), "808": (HAWAII,), "305": (EASTERN, CENTRAL),
              "617": (EASTERN,), "214": (CENTRAL, MOUNTAIN), "800": ()}


def zones(debtor, phones):
    """All zones in which an hour must be right."""
    if debtor["country"] != "US":
        return (debtor["zone"],)
    found = set()
    if debtor["zone_given"]:
        found.add(debtor["zone"])
    else:
        state = debtor["region"] or None
        by_zip = ZIPS.get(debtor["postcode"][:3]) if len(debtor["postcode"]) >= 5 else None
        for place in {state, by_zip} - {None}:
            found.update(STATES.get(place, ALL))
    for phone in phones:
        if phone.startswith("+1"):
            found.update(AREA_CODES.get(phone[2:5], ALL))
    return tuple(sorted(found or ALL))


def region(debtor):
    """The region by whose calendar the days go: "any" where nobody knows."""
    return debtor["region"] or "any"


def regions(debtor):
    """All regions whose rules may bind."""
    if debtor["country"] != "US":
        return {debtor["region"]}
    by_zip = ZIPS.get(debtor["postcode"][:3]) if len(debtor["postcode"]) >= 5 else None
    found = {debtor["region"], by_zip} - {None, ""}
    if "NYC" in found or ("NY" in found and by_zip is None) or \
            debtor["postcode"][:3] in CITY_ZIPS:
        found |= {"NY", "NYC"}
    return found or {"MA", "NYC"}
