"""Postage a second time: the tables of the post as they are printed, whole numbers of 1/100 yen, and no dmgen.

Written from the official pages and not from postage.toml, with the special rates as the page adds them up
((3) = (2) + 3 %, (6) = (1) + (2)), and 広告 as October 2022 left it (7 days more: 1 %), so that
a slip in the data or in the code is seen.
"""

DISTRICT = ((100_000, 6), (50_000, 5), (10_000, 4), (2_000, 3))
LISTED = ((100_000, 4), (50_000, 3), (10_000, 2), (2_000, 1))
CARDS = (
    (1_000_000, 33), (800_000, 31), (500_000, 29), (300_000, 27), (200_000, 25), (100_000, 23), (75_000, 22),
    (50_000, 21), (30_000, 20), (20_000, 19), (15_000, 18), (10_000, 17), (7_500, 15), (5_000, 14), (3_000, 11),
    (2_000, 8),
)  # fmt: skip
LETTERS = (
    (50_000, 25), (30_000, 24), (20_000, 23), (15_000, 22), (10_000, 21), (7_500, 19), (5_000, 18), (3_000, 15),
    (2_000, 12),
)  # fmt: skip


def reached(table, pieces):
    """The rate of the first row, from above, that the pieces reach."""
    for least, percent in table:
        if pieces >= least:
            return percent
    return 0


def total(mail, discounts, order, slack, regional):
    """Yen for mail: (class, price, kind, thickness, pieces, with barcode) each."""
    hundredths = 0
    for mail_class, price, kind, thickness, pieces, with_barcode in mail:
        all_alike = sum(one[4] for one in mail if one[2] == kind)
        small = mail_class in ("hagaki", "teikei")
        percent = 0
        if "sorted" in discounts:
            percent = reached({"district": DISTRICT, "listed": LISTED}.get(order, ()), all_alike)
            at_region = regional and all_alike >= 50_000
            if percent and slack == 3:
                percent += 2
            if percent and at_region:
                percent += 1 if small else 3
            if percent and at_region and slack == 7:
                percent += 3
        if "advertising" in discounts and order != "none" and slack:
            percent = reached({"hagaki": CARDS, "teikei": LETTERS}.get(mail_class, ()), all_alike)
            if percent and regional and all_alike >= 50_000:
                percent += 2 if slack == 7 else 1
        plus = 0
        if "barcode" in discounts and small and thickness <= 6:
            plus = 3 * (sum(one[5] for one in mail if one[2] == kind and one[3] <= 6) >= 1_000)
        hundredths += with_barcode * price * (100 - percent - plus)
        hundredths += (pieces - with_barcode) * price * (100 - percent)
    return hundredths // 100
