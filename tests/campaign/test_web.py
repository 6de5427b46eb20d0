"""[links.NAME]: where a link leads, its UTM parameters, and each way of writing one that cannot be meant."""

import pytest
from PIL import Image

from dmgen.model.web import LinkRule, Target

PAGES = 'pages = "https://aobado.example.jp/dm"\n[columns]'
AR = '[ar]\ncontent = "film.png"\nplace = [20, 40, 80, 45]\n'
PRIZE = 'prizes = [{ id = "a", label = "賞", prize = "茶", value = 100, count = 1, reveal = "page" }]\n'


@pytest.fixture
def links(desk):
    """The rules of a campaign with these tables, in a shop that has pages."""
    desk.change("../shop.toml", "[columns]", PAGES)

    def load(text: str, lottery: str = "") -> dict[str, LinkRule]:
        table = (desk.folder / "campaign.toml").read_text("utf-8").replace("[lottery]\n", f"[lottery]\n{lottery}")
        desk.write("campaign.toml", f"{table}\n{text}")
        return desk.load().links

    return load


def test_each_target(links, desk):
    Image.new("RGB", (800, 450)).save(desk.folder / "film.png")
    found = links(
        '[links.page]\n[links.coupon]\nto = "lottery"\n[links.film]\nto = "ar"\n'
        f'[links.shop]\nto = "https://aobado.example.jp/新茶?n=1#x"\n{AR}',
        PRIZE,
    )
    assert {name: rule.to for name, rule in found.items()} == {
        "page": Target.COUPON,
        "coupon": Target.LOTTERY,  # the link that the letters show
        "film": Target.AR,
        "shop": "https://aobado.example.jp/%E6%96%B0%E8%8C%B6?n=1#x",
    }
    assert all(rule.utm == {} and not rule.direct for rule in found.values())


@pytest.mark.parametrize(
    ("written", "parameters"),
    [
        ("{}", ["letter", "print", "april-thanks", "vip", "thanks"]),
        ('{ source = "dm", term = "" }', ["dm", "print", "april-thanks", "vip", None]),
        ('{ content = "{segment}-{offer}", campaign = "春" }', ["letter", "print", "春", "vip-thanks", "thanks"]),
    ],
)
def test_utm_says_what_is_usual_where_it_is_left_out(links, written, parameters):
    """In Google's order; a parameter that would be empty is none."""
    rule = links(f'[links.shop]\nto = "https://x.jp/"\nutm = {written}\n')["shop"]
    names = ("utm_source", "utm_medium", "utm_campaign", "utm_content", "utm_term")
    assert rule.parameters("vip", "thanks") == [
        (name, value) for name, value in zip(names, parameters, strict=True) if value
    ]


def test_an_id_is_never_a_template(links):
    rule = links('[links.shop]\nto = "https://x.jp/"\nutm = { content = "{segment}" }\n')["shop"]
    assert dict(rule.parameters("{offer}", "x"))["utm_content"] == "{offer}"


def test_pages_end_with_a_slash(links, desk):
    links("")
    assert desk.load().shop.pages == "https://aobado.example.jp/dm/"


CASES = [
    ('to = "cupon"', ["links.x.to", '"coupon", "lottery", "ar"', "https://…"]),
    ('to = "ftp://x.jp/"', ["links.x.to", "https://…"]),
    ('to = "https：//x.jp/"', ["links.x.to"]),
    ('to = ""', ["links.x.to", "some text"]),
    ('to = " https://x.jp/"', ["links.x.to"]),
    ('to = "https://x.jp/a b"', ["links.x.to", "no blanks"]),
    ('to = "https://x.jp/a\\nb"', ["links.x.to", "no blanks"]),
    ('to = "https://x.jp/\u3000a"', ["links.x.to", "no blanks"]),
    ('to = "https://x.jp/{token}"', ["links.x.to", "none of these"]),
    ('to = "https://青葉堂.jp/"', ["links.x.to", "xn--"]),
    ('to = "https:///a"', ["links.x.to", "xn--"]),
    ('to = "https://shop@evil.example/"', ["links.x.to", "without a name or password"]),
    ('to = "https://x.jp:99999/"', ["links.x.to", "host"]),
    ('to = "https://[::1/"', ["links.x.to", "host"]),
    ('to = "ar"', ["links.x.to", "[ar]"]),
    ('to = "lottery"', ["links.x.to", 'reveal = "page"']),
    ('to = "coupon"\ndirect = true', ["links.x.direct", "redirect"]),
    ('to = "https://x.jp/#a"\ndirect = true', ["links.x.to", "#"]),
    ('to = "https://x.jp/?dm=1"\ndirect = true', ["links.x.to", "dm would stand", "twice"]),
    ('to = "https://x.jp/?utm_source=a"\nutm = {}', ["links.x.to", "utm_source would stand"]),
    ('to = "https://x.jp/"\nutm = { source = "{name}" }', ["links.x.utm.source", "{segment} and {offer}"]),
    ('to = "https://x.jp/"\nutm = { source = "a}" }', ["links.x.utm.source", "other braces"]),
    ('to = "https://x.jp/"\nutm = { source = " a" }', ["links.x.utm.source", "without blanks around"]),
    ('to = "https://x.jp/"\nutm = { source = "a\\tb" }', ["links.x.utm.source", "blanks"]),
    ('to = "https://x.jp/"\nutm = { sorce = "a" }', ["links.x.utm.sorce", "source"]),
    ('to = "https://x.jp/"\nutm = { source = 3 }', ["links.x.utm.source", "text in quotes"]),
    ("too = 1", ["links.x", "too", "did you mean to?"]),
]


@pytest.mark.parametrize(("text", "texts"), CASES)
def test_a_link_that_cannot_be_meant_is_refused(links, refused, text, texts):
    refused(lambda: links(f"[links.x]\n{text}\n"), ("campaign.toml, line", *texts))


def test_a_page_needs_a_place(desk, refused):
    """Without `pages` in shop.toml nobody knows where the coupon's page is."""
    table = (desk.folder / "campaign.toml").read_text("utf-8")
    desk.write("campaign.toml", f'{table}\n[links.coupon]\nto = "coupon"\n')
    refused(desk.load, ("links.coupon.to", "shop.toml", "pages = "))


@pytest.mark.parametrize(
    "pages", ["https://x.jp/?p=", "https://x.jp/#", "ftp://x.jp/", "https://青葉.jp/", "https:///"]
)
def test_pages_are_a_folder(desk, refused, pages):
    desk.change("../shop.toml", "[columns]", f'pages = "{pages}"\n[columns]')
    refused(desk.load, ("shop.toml", "pages", "https://shop.example.jp/dm/"))
