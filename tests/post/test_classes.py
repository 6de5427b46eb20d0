"""Which class a thing is in: limits of each, the cheapest that takes it, and what is said where it is not obvious."""

import pytest

from dmgen.errors import CampaignError
from dmgen.model.posting import MailClass, MailRules
from dmgen.post.classes import classed
from dmgen.post.item import Item
from tests.post.given import CARD, LETTER, NAGA3, SHIPPED

HAGAKI, TEIKEI, TEIKEIGAI, TEIKEIGAI_LARGE, YUMAIL = MailClass

# (thing, is a card, class, up to g, yen)
THINGS = [
    (Item(100, 148, 0.3, 3.1), True, HAGAKI, 6, 85),
    (Item(90, 140, 0.3, 2.0), True, HAGAKI, 6, 85),
    (Item(107, 154, 0.3, 6.0), True, HAGAKI, 6, 85),
    (Item(100, 148, 0.3, 3.1), False, TEIKEI, 50, 110),  # no 郵便はがき on it
    (Item(107.1, 154, 0.3, 3.0), True, TEIKEI, 50, 110),
    (Item(108, 154, 0.3, 3.0), True, TEIKEI, 50, 110),
    (Item(107, 155, 0.3, 3.0), True, TEIKEI, 50, 110),
    (Item(90, 140, 0.3, 1.0), False, TEIKEI, 50, 110),
    (Item(121, 235, 1, 20), False, TEIKEIGAI, 50, 140),
    (Item(120, 236, 1, 20), False, TEIKEIGAI, 50, 140),
    (Item(120, 235, 10.001, 20), False, TEIKEIGAI, 50, 140),
    (Item(120, 235, 1, 25), False, TEIKEI, 50, 110),  # 25 g was a limit until 2024
    (Item(120, 235, 1, 25.01), False, TEIKEI, 50, 110),
    (Item(240, 332, 1, 50), False, TEIKEIGAI, 50, 140),
    (Item(240, 332, 1, 50.01), False, TEIKEIGAI, 100, 180),
    (Item(240, 332, 1, 100), False, TEIKEIGAI, 100, 180),
    (Item(240, 332, 1, 100.01), False, TEIKEIGAI, 150, 270),
    (Item(250, 341, 3, 50), False, TEIKEIGAI_LARGE, 50, 260),
    (Item(272.1, 598.7, 29.2, 50), False, TEIKEIGAI_LARGE, 50, 260),  # 900 mm, to the machine 900.0000000000001
    (Item(100, 148, 0.5, 6.01), True, TEIKEI, 50, 110),
    (Item(100, 148, 0.1, 1.99), True, TEIKEI, 50, 110),
    (Item(120, 235, 10, 50), False, TEIKEI, 50, 110),
    (Item(120.1, 235, 1, 20), False, TEIKEIGAI, 50, 140),
    (Item(120, 235, 10.1, 50), False, TEIKEIGAI, 50, 140),
    (Item(120, 235, 1, 50.01), False, TEIKEIGAI, 100, 180),
    (Item(240, 332, 5, 150), False, TEIKEIGAI, 150, 270),
    (Item(250, 340, 30, 250), False, TEIKEIGAI, 250, 320),
    (Item(250, 340, 30, 500), False, TEIKEIGAI, 500, 510),
    (Item(250, 340, 30, 1000), False, TEIKEIGAI, 1000, 750),
    (Item(250.1, 340, 3, 50), False, TEIKEIGAI_LARGE, 50, 260),
    (Item(240, 332, 30.1, 100), False, TEIKEIGAI_LARGE, 100, 290),
    (Item(240, 332, 3, 1001), False, TEIKEIGAI_LARGE, 2000, 1350),
    (Item(200, 600, 100, 4000), False, TEIKEIGAI_LARGE, 4000, 1750),
]


@pytest.mark.parametrize(("item", "card", "mail_class", "step", "price"), THINGS)
def test_the_class_and_the_price(item, card, mail_class, step, price):
    assert classed(item, MailRules(), SHIPPED, card=card)[:3] == (mail_class, step, price)


@pytest.mark.parametrize("item", [(89, 140, 1, 5), (90, 139, 1, 5), (300, 600, 1, 50), (200, 600, 100, 4001)])
def test_what_no_class_takes_is_refused_with_the_reason(item):
    with pytest.raises(CampaignError, match=r"large non-standard letter .* cannot be posted: .*, allowed are"):
        classed(Item(*item), MailRules(), SHIPPED, card=False)


def test_the_class_asked_for_is_taken_or_refused_never_changed():
    assert classed(LETTER, MailRules(envelope=NAGA3, mail_class=TEIKEIGAI), SHIPPED, card=False)[:3] == (
        TEIKEIGAI,
        50,
        140,
    )
    assert classed(LETTER, MailRules(envelope=NAGA3, mail_class=YUMAIL), SHIPPED, card=False)[:3] == (YUMAIL, 150, 180)
    with pytest.raises(CampaignError, match=r"a side of 240 mm, allowed are 90 to 120 mm; a side of 332 mm"):
        classed(Item(240, 332, 1, 20), MailRules(mail_class=TEIKEI), SHIPPED, card=False)
    with pytest.raises(CampaignError, match="郵便はがき or POST CARD"):
        classed(CARD, MailRules(mail_class=HAGAKI), SHIPPED, card=False)


def test_a_card_in_an_envelope_is_a_letter():
    assert classed(CARD, MailRules(envelope=NAGA3), SHIPPED, card=True).mail_class is TEIKEI


@pytest.mark.parametrize(
    ("item", "card", "said"),
    [
        (CARD, True, []),
        (LETTER, False, []),
        (CARD, False, ["it has the size and weight of a postcard"]),
        (CARD._replace(weight=6.8), True, ["郵便はがき is printed on it, but it is charged as a standard letter"]),
        (CARD._replace(weight=5.8), True, ["near the limit of 6 g for a postcard"]),
        (CARD._replace(weight=2.05), True, ["near the limit of 2 g for a postcard"]),
        (LETTER._replace(weight=48.0), False, ["near the limit of 50 g"]),
        (LETTER._replace(weight=47.0), False, []),
    ],
)
def test_what_is_said_of_it(item, card, said):
    found = [str(one) for one in classed(item, MailRules(), SHIPPED, card=card).remarks]
    assert len(found) == len(said) and all(words in one for words, one in zip(said, found, strict=True))
