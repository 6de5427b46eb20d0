"""One line of a sound campaign broken: the message names file, line, key and what is allowed."""

import pickle

import pytest
from pydantic import BaseModel

from dmgen.campaign import (
    schema,
    schema_campaign,
    schema_costs,
    schema_layout,
    schema_offers,
    schema_scheme,
    schema_shop,
)
from dmgen.campaign.problems import EXAMPLES
from dmgen.errors import CampaignError

SHOP, CAMPAIGN, BASE, VIP = "../shop.toml", "campaign.toml", "base.toml", "vip.toml"
STOP = 'words = "stop", style = "small", box = [20, 280, 150, 5]'

CASES = [
    (SHOP, "format   = 1", "", ["shop.toml", "format is missing", "format = 1"]),
    (SHOP, "format   = 1", "format = 2", ["newer dmgen", "format = 2", "pip install -U dmgen"]),
    (SHOP, "format   = 1", "format = true", ["line 1", "reads format = 1"]),
    (SHOP, '"aobado" ', '"Aobado!" ', ["line 2: id = ", "a-z, 0-9"]),
    (SHOP, "language =", "langage =", ["langage", "did you mean language?", "stop_contact", "fonts"]),
    (SHOP, '"ja"', '"jp"', ['language = "jp"', '"ja", "en"']),
    (SHOP, '"JP"', "3", ["country = 3", '"JP", "generic"']),
    (SHOP, "Asia/Tokyo", "Asia/Tokio", ["time_zone", "did you mean Asia/Tokyo?", "Europe/London"]),
    (SHOP, "Asia/Tokyo", "Asia", ["time_zone", "Asia/Tokyo"]),
    (SHOP, "https://", "ftp://", ["links", "https://shop.example.jp/c/"]),
    (SHOP, "aobado.example.jp", "青葉堂.jp", ["links", "https://shop.example.jp/c/"]),
    (SHOP, '"int"', '"integer"', ["line 13: columns.points.type", '"text", "int", "number", "date", "flag"']),
    (SHOP, 'from = "ポイント残高", ', "", ["columns.points.from is missing", "from = "]),
    (SHOP, '["姓", "名"]', "3", ["columns.name = 3", '["header", "header"]']),
    (SHOP, '["姓", "名"]', '["a", 3]', ['columns.name = ["a", 3]', "text in quotes"]),
    (SHOP, '["姓", "名"]', "[]", ["columns.name = []", "at least one"]),
    (SHOP, "name = [", '"na me" = [', ["columns.na me", "letters, digits and _"]),
    (SHOP, "[columns] ", '[about]\nsender = "x"\n[columns] ', ["about.sender", "stop_contact, links"]),
    (SHOP, "[columns] ", '[fonts]\nkai = "kai.ttf"\n[columns] ', ["fonts.kai", "there is no file"]),
    (SHOP, "[columns] ", '[fonts]\nkai = "shop.toml"\n[columns] ', ["fonts.kai", ".ttf", ".otf"]),
    (SHOP, "[columns] ", '[fonts]\nkai = ["mincho"]\n[columns] ', ["fonts.kai", ".ttf", "fallback = "]),
    (SHOP, "[columns] ", '[fonts]\nfallback = ["gotic"]\n[columns] ', ["fonts.fallback", "did you mean gothic?"]),
    (SHOP, "[columns] ", "[fonts]\nfallback = 3\n[columns] ", ["fonts.fallback", '["mincho", "gothic"]']),
    (CAMPAIGN, "2026-04-10 ", '"2026-04-10" ', ['drop = "2026-04-10"', "date without quotes"]),
    (CAMPAIGN, "2026-04-10 ", "2026-04-10T10:00:00 ", ["drop = 2026-04-10 10:00", "without a time"]),
    (CAMPAIGN, '"mail" ', '"post" ', ["channel", '"mail", "mail_open", "insert_note", "insert_open"']),
    (CAMPAIGN, '"cpm" ', '"cpn" ', ["line 13: audience.scheme", "did you mean cpm?", "none, aftercare4", "cpn.toml"]),
    (CAMPAIGN, '"cpm" ', '"own.toml" ', ["line 13: audience.scheme", "there is no file", "own.toml"]),
    (CAMPAIGN, 'group = "yuryo"', 'group = "yuryou"', ["segments[3].group", "did you mean yuryo?", "first_time"]),
    (CAMPAIGN, "[audience]", "[audience]\noptions = { lapsed = 3 }", ["options.lapsed", "did you mean lapsed_days?"]),
    (CAMPAIGN, "[audience]", '[audience]\noptions = { tenure = "x" }', ["options.tenure", '"first_to_as_of"']),
    (CAMPAIGN, "[audience]", "[audience]\noptions = { tenure = [2, 1] }", ["options.tenure", "ascending order"]),
    (CAMPAIGN, "[audience]", "[audience]\noptions = { loyal_days = -1 }", ["options.loyal_days = -1", "0 or more"]),
    (CAMPAIGN, "[audience]", '[audience]\noptions = { loyal_days = "9" }', ["options.loyal_days", "without quotes"]),
    (CAMPAIGN, '"lapsed"', '"lapsed = 1"', ["segments[1].when = ", "== or >=", "purchases == 2"]),
    (CAMPAIGN, '"lapsed"', '"lapsed ＝＝ 1"', ["segments[1].when = ", "U+FF1D"]),
    (CAMPAIGN, '"lapsed"', '"open(1)"', ["segments[1].when = ", "open(1)", "purchases >= 2"]),
    (CAMPAIGN, '"lapsed"', "3", ["segments[1].when = 3", "purchases >= 2"]),
    (CAMPAIGN, 'layout = "usage"', 'layout = "usge"', ["line 16", "segments[2].layout", "did you mean usage?"]),
    (
        CAMPAIGN,
        'group = "first_time",     layout = "usage"',
        'group = "first_time"',
        ["segments[2]", "no layout", 'layout = "letter"'],
    ),
    (CAMPAIGN, '"winback", offer = "thanks"', '"winback", offer = "x"', ["segments[1].offer", "are: thanks"]),
    (CAMPAIGN, 'id = "first"', 'id = "winback"', ["line 16", "segments[2].id", "earlier segment"]),
    (CAMPAIGN, "tickets = 3", "tickets = -1", ["segments[3].tickets", "from 0 to 100"]),
    (CAMPAIGN, "[audience]", '[audience]\nlayout = "base"', ["audience.layout", "each of the segments"]),
    (CAMPAIGN, "amount  = 500", 'amount = "500"', ['offers.thanks.amount = "500"', "without quotes"]),
    (CAMPAIGN, "amount  = 500", "amount = 0", ["offers.thanks.amount = 0", "from 1"]),
    (CAMPAIGN, "amount  = 500", "amount = true", ["offers.thanks.amount = true", "whole number"]),
    (CAMPAIGN, '"30 days"', '"30日"', ["offers.thanks.valid", '"30 days"', "2026-05-31"]),
    (CAMPAIGN, '"30 days"', "20260531", ["offers.thanks.valid", '"30 days"', "2026-05-31"]),
    (CAMPAIGN, '"30 days"', "2026-04-09", ["offers.thanks.valid = 2026-04-09", "before the drop, 2026-04-10"]),
    (CAMPAIGN, '"single"', '"pool:codes.csv"', ["offers.thanks.codes", "there is no file", "codes.csv"]),
    (CAMPAIGN, '"single"', '"each"', ["offers.thanks.codes", '"single"', '"shared"', '"pool:FILE"']),
    (CAMPAIGN, "[lottery]", "[lottery]\ndigits = 3", ["lottery.digits = 3", "from 4 to 12"]),
    (CAMPAIGN, "[lottery]", "[print]\nbatch = 30000\n[lottery]", ["print.batch", "from 1 to 20000"]),
    (CAMPAIGN, "[lottery]", "[release]\nread_back = 1\n[lottery]", ["release.read_back = 1", "true or false"]),
    (CAMPAIGN, "[lottery]", "[relase]\n[lottery]", ["relase", "did you mean release?"]),
    (CAMPAIGN, "[lottery]", "[offers]\nx = 3\n[lottery]", ["line 29: offers.x = 3", "{ key = …"]),
    (CAMPAIGN, '"../../lists/customers.csv"', r'"lists\new.csv"', ["lists.customers", "backslash", "'…'"]),
    (BASE, '"A4"', '"A3"', ["line 2: page.size", '"A4", "A5", "hagaki", "B5", "Letter"', "[width, height]"]),
    (BASE, '"A4"', "[210, 0]", ["page.size", "above zero"]),
    (BASE, "bleed = 3", "bleed = true", ["page.bleed = true", '"10mm"', '"0.125in"', '"9pt"']),
    (BASE, "bleed = 3", "bleed = -1", ["page.bleed = -1", "zero or more"]),
    (BASE, "sides = 1", "sides = 3", ["page.sides = 3", "from 1 to 2"]),
    (BASE, "sides = 1", "sides = true", ["page.sides = true", "whole number"]),
    (BASE, "[99, 198]", "[99, 297]", ["page.folds", "below 297"]),
    (BASE, '"gothic"', '["gothic", "gotic"]', ["style.small.font", "did you mean gothic?", "[fonts]"]),
    (BASE, '"gothic"', "[]", ["style.small.font", '["mincho", "gothic"]']),
    (BASE, 'size = "7pt"', 'size = "7pt", floor = "6pt"', ["style.small.floor", 'fit = "shrink"']),
    (BASE, 'size = "7pt"', 'size = "7pt", fit = "shrink", floor = "8pt"', ["style.small.floor", "above the size"]),
    (CAMPAIGN, "[lottery]", '[policy]\noverset = "reject"\n[lottery]', ["policy.overset", "reject-piece", "stop"]),
    (CAMPAIGN, "[lottery]", '[policy]\nglyph = "warn"\n[lottery]', ["policy", "glyph", "missing_glyph"]),
    (BASE, '"gothic"', '"gotic"', ["style.small.font", "did you mean gothic?", "mincho, gothic, mono", "[fonts]"]),
    (BASE, '"condense"', '"squeeze"', ["style.body.fit", '"error", "shrink", "condense"']),
    (BASE, '"7pt"', "0", ["style.small.size = 0", "above zero"]),
    (BASE, '"7pt"', '"7pt", tracking = 9', ["style.small.tracking", "from -0.5 to 2"]),
    (BASE, '"7pt"', '"7pt", align = "centre"', ["style.small.align", '"left", "center", "right", "justify"']),
    (BASE, '"7pt"', '"7pt", color = "red"', ["style.small.color", '"black", "white"', "percent"]),
    (BASE, '"7pt"', '"7pt", color = [0, 0, 0, 101]', ["style.small.color", "0 to 100"]),
    (BASE, 'kind = "qr"', 'kind = "qrcode"', ["line 28: slots.qr.kind", "text, address, image, coupon, lottery, qr"]),
    (BASE, 'kind = "qr", ', "", ["slots.qr.kind is missing"]),
    (BASE, f'{{ kind = "text", {STOP} }}', '"x"', ['slots.stop = "x"', "{ key = …"]),
    (BASE, f'{{ kind = "text", {STOP} }}', "false", ["slots.stop = false", "no inherited slot", "inherited: none"]),
    (BASE, STOP, f"bx = [], {STOP}", ["slots.stop.bx", "kind, box, when, words, style"]),
    (BASE, 'words = "stop"', 'words = "stpo"', ["slots.stop.words", "did you mean stop?", "greeting, body"]),
    (BASE, 'style = "small"', 'style = "smal"', ["slots.stop.style", "did you mean small?", "code, title"]),
    (BASE, "[120, 205, 25, 25]", "[120, 190, 25, 25]", ["slots.qr.box", "clear of folds", "198 mm"]),
    (BASE, "[120, 205, 25, 25]", "[120, 205, 25]", ["slots.qr.box = [120, 205, 25]", "[left, top, width, height]"]),
    (BASE, "[120, 205, 25, 25]", '[120, 205, 25, "a"]', ["slots.qr.box", '"10mm"']),
    (BASE, "[120, 205, 25, 25]", "[120, 205, 25, 0]", ["slots.qr.box", "above zero"]),
    (BASE, "[20, 280, 150, 5]", "[-1, 280, 150, 5]", ["slots.stop.box", "leaves the sheet of 210 × 297"]),
    (BASE, "[20, 280, 150, 5]", "[20, 293, 150, 5]", ["slots.stop.box", "leaves the sheet of 210 × 297"]),
    (BASE, "[150, 60, 40, 30]", "[150, 60, 64, 30]", ["slots.photo.box", "bleed of 3 mm"]),
    (BASE, '"product.photo"', '"photo.jpg"', ["slots.photo.file", "there is no file", "photo.jpg"]),
    (BASE, '"product.photo"', '"product.png"', ["slots.photo.file", "there is no file", "product.png"]),
    (BASE, 'when = "tickets"', 'when = "tickets = 1"', ["slots.kuji.when", "== or >="]),
    (BASE, 'link = "coupon"', 'link = "クーポン"', ["slots.qr.link", "0-9"]),
    (VIP, '"base"', '"bass"', ["vip.toml", "extends", "did you mean base?"]),
    (VIP, '"base"', '"vip"', ["extends", "circle", "vip.toml → vip.toml"]),
    (VIP, "[words]", "[slots]\nstp = false\n[words]", ["slots.stp", "did you mean stop?"]),
    (VIP, "extends", "format = 2\nextends", ["vip.toml", "newer dmgen"]),
]


@pytest.mark.parametrize(("file", "old", "new", "texts"), CASES)
def test_a_refusal_names_file_key_and_what_is_allowed(desk, refused, file, old, new, texts):
    desk.change(file, old, new)
    message = refused(desk.load, (file.rpartition("/")[2], *texts))
    assert "pydantic" not in message and "Input should" not in message


def test_several_slips_are_one_error_that_counts_the_others(desk, refused):
    desk.write(CAMPAIGN, 'format = 1\nid = 3\nchannel = "post"\ndrop = 4\n')
    refused(desk.load, ("campaign.toml, line 2: id = 3: write text in quotes (and 2 more)",))


def test_an_error_survives_the_way_back_from_a_worker(desk):
    desk.change(BASE, '"gothic"', '"gotic"')
    with pytest.raises(CampaignError) as caught:
        desk.load()
    assert str(pickle.loads(pickle.dumps(caught.value))) == str(caught.value)


def _tables() -> list[type[BaseModel]]:
    modules = (schema, schema_campaign, schema_costs, schema_layout, schema_offers, schema_scheme, schema_shop)
    kinds = [kind for module in modules for kind in vars(module).values()]
    return [kind for kind in kinds if isinstance(kind, type) and issubclass(kind, BaseModel)]


def test_every_required_key_has_an_example_of_what_to_write():
    required = {
        field.alias or name
        for table in _tables()
        for name, field in table.model_fields.items()
        if field.is_required() and name != "format"
    }
    assert required == {key.rpartition(".")[2] for key in EXAMPLES}
