"""Violations that depend on where a debtor is, planted in a store of Americans and
Germans; see judge_plants.py.  The ledger and the runs are here too.
"""
from judge_book import DAY

COLUMNS = ("no", "debtor", "country", "region", "postcode", "phone", "email", "due", "currency",
           "amount")
PROFILE = {
    "name": "places", "what": "invoices", "encoding": "utf-8", "delimiter": ",",
    "decimal_mark": ".", "date": "yyyy-mm-dd", "balance": "payments",
    "columns": {**{name: {"column": name} for name in COLUMNS if name not in ("no", "due")},
                "external_id": {"column": "no"}, "due_on": {"column": "due"},
                "party": {"constant": "consumer"}, "lang": {"constant": "en"}},
}
LEDGER = (
    # Buffalo, with a telephone of New York
    ("F1", "buffalo", "US", "NY", "14201", "+12125550123"),
    ("F2", "boston", "US", "MA", "", ""),
    ("F3", "berlin", "DE", "BE", "", ""),
)
SETTINGS = {"country": "US", "zone": "America/New_York", "schedule": "us-consumer"}
IMPORTED = "2026-05-20T10:00:00Z"
# Corpus Christi, nine in New York and six in San Francisco; then each step in its time
RUNS = ("2026-06-04T13:00:00Z", "2026-06-22T13:00:00Z", "2026-07-13T13:00:00Z")


def rows():
    for no, debtor, country, region, postcode, phone in LEDGER:
        yield (no, debtor, country, region, postcode, phone, f"{debtor}@kunde.example",
               "2026-05-27", "USD", "100.00")


def first_of(b, debtor):
    return b.one("select * from contact where debtor_id = (select id from debtor where "
                 "external_id = ?) order by id", debtor)


def w1_area_code(b):
    """nine in the morning in New York, to a telephone of San Francisco"""
    b.run("update address set value = '+14155550123' where channel = 'sms' and debtor_id = ?",
          first_of(b, "buffalo")["debtor_id"])


def w1_nowhere(b):
    """nine in the morning in New York, to somebody who may be anywhere"""
    b.run("update debtor set region = '' where external_id = 'boston'")


def w1_early(b):
    """half past eight in New York, to an address in Wyoming"""
    b.move(first_of(b, "boston"), -1800)
    b.run("update debtor set region = '', postcode = '82001' where external_id = 'boston'")


def w2_land(b):
    """Corpus Christi, in Bavaria"""
    b.run("update debtor set region = 'BY' where external_id = 'berlin'")


def w2_no_land(b):
    """Corpus Christi, and nobody knows the Land"""
    b.run("update debtor set region = '' where external_id = 'berlin'")


def c2_boston(b):
    """three texts in seven days, in Massachusetts"""
    first = first_of(b, "boston")
    for n, row in enumerate(b.run("select * from contact where debtor_id = ? order by id",
                                  first["debtor_id"]).fetchall()):
        b.move(row, first["sent_at"] + 2 * n * DAY - row["sent_at"])
        b.run("update contact set channel = 'sms' where id = ?", row["id"])


PLANTS = [plant for name, plant in list(globals().items())
          if callable(plant) and name[:1] in "wc" and name[1:2].isdigit()]
