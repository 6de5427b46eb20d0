"""The page tree (ISO 32000-1, 7.7.3), balanced and written while it grows: arrays stay far under the limit of 8191."""

from dmgen.press.objects import Objects

KIDS = 32
"""Of a node, at most."""


class _Node:
    """A node that still takes kids; `count` is that of the pages below those already written."""

    __slots__ = ("count", "kids", "number")

    def __init__(self, number: int) -> None:
        self.number = number
        self.kids: list[int] = []
        self.count = 0


class PageTree:
    """Holds one open node a level, whatever the number of pages."""

    def __init__(self, objects: Objects) -> None:
        self._objects = objects
        self._levels = [_Node(objects.number())]

    def add(self, page: int) -> int:
        """Take a page in; returns the number of its parent."""
        node = self._levels[0]
        if len(node.kids) == KIDS:
            node = self._next(0)
        node.kids.append(page)
        node.count += 1
        return node.number

    def close(self) -> int:
        """Write the open nodes; returns the root's number."""
        *below, root = self._levels
        for node, above in zip(below, self._levels[1:], strict=True):
            self._write(node, above)
        self._write(root, None)
        return root.number

    def _next(self, level: int) -> _Node:
        """Write the full node of a level and begin another beside it."""
        full = self._levels[level]
        if level + 1 == len(self._levels):
            self._levels.append(_Node(self._objects.number()))
            self._levels[-1].kids.append(full.number)
        above = self._levels[level + 1]
        self._write(full, above)
        if len(above.kids) == KIDS:
            above = self._next(level + 1)
        fresh = self._levels[level] = _Node(self._objects.number())
        above.kids.append(fresh.number)
        return fresh

    def _write(self, node: _Node, above: _Node | None) -> None:
        parent = b""
        if above:
            parent = b"/Parent %d 0 R" % above.number
            above.count += node.count
        kids = b" ".join(b"%d 0 R" % kid for kid in node.kids)
        self._objects.pack(node.number, b"<</Type/Pages%b/Kids[%b]/Count %d>>" % (parent, kids, node.count))
