"""What is said of each discount: the yen, and conditions that neither promise too much nor hide what is wrong."""

from dataclasses import replace

import pytest
from hypothesis import assume, given

from dmgen.errors import CampaignError
from dmgen.messages import Speaker
from dmgen.model.posting import Discount, MailRules, Sorting
from dmgen.post.effects import effects, further
from dmgen.post.postage import postage
from dmgen.post.rates import Certain
from tests.post.given import (
    ADVERTISING,
    BARCODE,
    CARD,
    LARGE,
    LETTER,
    LOCAL,
    NAGA3,
    SHIPPED,
    SORTED,
    THICK,
    asked,
    posting,
)
from tests.post.test_postage import RULES, mails


def _effect(discount, mail, rules):
    return next(one for one in effects(mail, rules, SHIPPED) if one.discount is discount)


def _said(effect, met):
    return [str(one.message) for one in effect.conditions if one.met is met]


@given(mails(), RULES)
def test_yen_are_saved_exactly_where_every_condition_is_met(mail, rules):
    """Of those asked for: a condition that is met for nothing, or missed for something, would be a wrong word."""
    for effect in effects(mail, rules, SHIPPED):
        if effect.asked:
            assert effect.met is (effect.saves > 0), _said(effect, False)


@given(mails(), RULES)
def test_what_a_discount_would_save_is_what_it_saves(mail, rules):
    """Not asked for, and nothing to give up or to change: asking for it changes the total by just that."""
    total = postage(mail, rules, SHIPPED).total
    for effect in effects(mail, rules, SHIPPED):
        if not effect.asked and not effect.instead:
            assert effect.saves >= 0
            now = postage(mail, replace(rules, discounts=(*rules.discounts, effect.discount)), SHIPPED).total
            assert effect.saves == total - now or not effect.met


@given(mails(), RULES)
def test_what_else_could_be_had_is_had_once_it_is_written(mail, rules):
    assume(rules.discounts)
    total = postage(mail, rules, SHIPPED).total
    changes = {'sort = "district"': {"sort": Sorting.DISTRICT}, "slack = 3": {"slack": 3}, "slack = 7": {"slack": 7}}
    for one in further(mail, rules, SHIPPED):
        written = {
            key: value
            for words, change in changes.items()
            if words in str(one.message)
            for key, value in change.items()
        }
        if "letters more" in str(one.message):
            continue
        if "regional_office" in str(one.message):
            written["regional_office"] = True
        assert 0 < one.saves == total - postage(mail, replace(rules, **written), SHIPPED).total


def test_every_discount_is_said_with_how_certain_it_is():
    found = effects([posting(LETTER, 5_000)], asked(), SHIPPED)
    assert [one.discount for one in found] == list(Discount)
    assert [one.certain for one in found] == [Certain.OFFICIAL, Certain.OFFICIAL, Certain.ONE, Certain.SEVERAL]


def test_what_dmgen_checks_and_what_people_see_to_are_two_things():
    effect = _effect(ADVERTISING, [posting(LETTER, 12_000)], asked(ADVERTISING, slack=3))
    assert effect.met and effect.saves == 12_000 * 110 * 21 // 100
    assert _said(effect, False) == []
    assert "at least 2,000 pieces of one size and weight at once: 12,000" in _said(effect, True)
    assert any("sample" in one and "approved" in one for one in _said(effect, None))
    assert any("the same content" in one for one in _said(effect, None))


@pytest.mark.parametrize(
    ("discount", "mail", "rules", "words"),
    [
        (
            SORTED,
            [posting(LETTER, 1_999)],
            asked(SORTED),
            "at least 2,000 pieces of one size and weight at once: 1,999",
        ),
        (SORTED, [posting(LETTER, 2_000)], asked(SORTED, sort=Sorting.NONE), 'sort = "district"'),
        (BARCODE, [posting(LETTER, 1_500, 999)], asked(BARCODE), "with a barcode at once: 999"),
        (BARCODE, [posting(THICK, 2_000)], asked(BARCODE), "at most 6 mm thick: about 6.5 mm"),
        (BARCODE, [posting(LARGE, 2_000)], asked(BARCODE), "Here: non-standard letter (teikeigai)"),
        (ADVERTISING, [posting(LETTER, 2_000)], asked(ADVERTISING), "slack = 3 / 7; here 0"),
        (ADVERTISING, [posting(LARGE, 2_000)], asked(ADVERTISING, slack=3), "is not known here: ask the post office"),
        (LOCAL, [posting(LETTER, 200, d104=200)], asked(LOCAL), "is not known here: ask the post office"),
        (LOCAL, [posting(LETTER, 200, d104=199, d105=1)], asked(LOCAL), "the same postal district: 2 districts"),
        (SORTED, [], asked(SORTED), "Here: none"),
    ],
)
def test_what_is_wrong_is_said(discount, mail, rules, words):
    effect = _effect(discount, mail, rules)
    assert not effect.met and effect.saves == 0
    assert any(words in one for one in _said(effect, False)), _said(effect, False)


def test_one_that_excludes_another_is_reckoned_in_its_place():
    mail = [posting(LETTER, 12_000)]
    effect = _effect(ADVERTISING, mail, asked(SORTED, slack=3))
    assert effect.instead == (SORTED,)
    assert effect.saves == 12_000 * 110 * (21 - 6) // 100
    assert any("in the place of sorted mail" in one for one in _said(effect, None))
    worse = _effect(LOCAL, mail, asked(SORTED))
    assert worse.instead == (SORTED,) and worse.saves == -12_000 * 110 * 4 // 100


def test_order_and_days_are_changed_for_a_discount_that_is_not_asked_for():
    mail, rules = [posting(CARD, 3_000)], MailRules()
    effect = _effect(ADVERTISING, mail, rules)
    assert effect.saves == 3_000 * 85 * 11 // 100
    assert not effect.met and len(_said(effect, False)) == 2  # sort and slack, as campaign.toml stands


def test_as_few_days_more_as_a_discount_needs_are_reckoned_with():
    """With 7 the regional office would give 1 percent more: nobody said that the letters may take so long."""
    mail, rules = [posting(CARD, 50_000)], MailRules(regional_office=True)
    assert _effect(ADVERTISING, mail, rules).saves == 50_000 * 85 * (21 + 1) // 100


@pytest.mark.parametrize(("discount", "least"), [(SORTED, 2_000), (BARCODE, 1_000), (ADVERTISING, 2_000)])
def test_just_enough_is_enough(discount, least):
    for pieces, met in ((least - 1, False), (least, True), (least + 1, True)):
        effect = _effect(discount, [posting(LETTER, pieces)], asked(discount, slack=3))
        assert (effect.met, effect.saves > 0) == (met, met)


def test_letters_of_another_weight_that_are_too_few_are_pointed_out():
    mail = [posting(LETTER, 2_500), posting(LARGE, 300)]
    effect = _effect(SORTED, mail, asked(SORTED))
    assert effect.met and effect.saves == 2_500 * 110 * 3 // 100
    assert any(one.startswith("300 letters of other sizes or weights") for one in _said(effect, None))


def test_letters_of_another_weight_that_are_enough_are_said_to_count_by_themselves():
    """5,000 and 5,000 get 3 percent; with the post office's list they may get the 4 of 10,000."""
    mail = [posting(LETTER, 5_000), posting(LETTER._replace(weight=18.46), 5_000)]
    effect = _effect(SORTED, mail, asked(SORTED))
    assert effect.met and effect.saves == 10_000 * 110 * 3 // 100
    assert any(one.startswith("2 sizes or weights, each counted by itself") for one in _said(effect, None))
    alone = _effect(SORTED, [*mail[:1], posting(LETTER, 5_000)], asked(SORTED))
    assert not any("counted by itself" in one for one in _said(alone, None))


def test_days_more_and_a_regional_office():
    rules = asked(SORTED, sort=Sorting.LISTED)
    found = [(str(one.message), one.saves) for one in further([posting(LETTER, 60_000)], rules, SHIPPED)]
    percent = [saves * 100 // (60_000 * 110) for _, saves in found]
    assert percent == [2, 2, 1, 3, 4]
    assert further([posting(LETTER, 60_000)], MailRules(envelope=NAGA3), SHIPPED) == []


def test_a_few_letters_more_that_make_all_of_them_cheaper():
    """1,950 × 110 = 214,500 yen; 2,000 × 106.70 = 213,400."""
    (one,) = further([posting(LETTER, 1_000), posting(LETTER, 950)], asked(SORTED), SHIPPED)[-1:]
    assert (one.saves, str(one.message)[:40]) == (1_100, "50 letters more of the same kind, 2,000 ")
    assert not any(
        "letters more" in str(one.message) for one in further([posting(LETTER, 1_939)], asked(SORTED), SHIPPED)
    )
    assert further([], asked(SORTED), SHIPPED) == []


def test_discounts_that_exclude_one_another_are_refused_here_too():
    with pytest.raises(CampaignError, match="not given together"):
        effects([posting(LETTER, 5_000)], asked(SORTED, ADVERTISING), SHIPPED)


def test_conditions_can_be_said_in_japanese():
    speaker = Speaker("ja")
    for effect in effects([posting(LETTER, 5_000, d104=5_000)], asked(SORTED, BARCODE), SHIPPED):
        for one in effect.conditions:
            assert speaker.error(one.message) != str(one.message)
