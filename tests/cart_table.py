"""The table of dmgen/carts/README.md from carts.toml: `python -m tests.cart_table` writes it anew."""

import tomllib

from tests.jobs import ROOT

DATA = ROOT / "dmgen" / "carts" / "carts.toml"
README = DATA.with_name("README.md")
START, END = "<!-- from carts.toml -->\n", "<!-- end -->\n"
_SINGLE = {True: "yes", False: "**no**", None: "not known"}
_HEAD = (
    "| `cart =` | cart | single codes | at once / at most | gives | keeps | how | checked | |\n" + "|---" * 9 + "|\n"
)


def table() -> str:
    """A row a cart."""
    return _HEAD + "".join(
        f"| `{name}` | {cart['name']} | {_SINGLE[cart.get('single')]} "
        f"| {cart.get('at_once', '–')} / {cart.get('most', '–')} | {', '.join(cart['benefits'])} "
        f"| {', '.join(cart['conditions'])} | {cart['way']} | [{cart['checked']}]({cart['source']}) "
        f"| {cart['certainty']} |\n"
        for name, cart in tomllib.loads(DATA.read_text("utf-8")).items()
    )


def main() -> None:
    """Put the table where it belongs."""
    text = README.read_text("utf-8")
    before, rest = text.split(START)
    README.write_text(before + START + table() + END + rest.split(END)[1], "utf-8")


if __name__ == "__main__":
    main()
