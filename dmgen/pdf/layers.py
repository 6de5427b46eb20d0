"""Which layers print (optional content, ISO 32000-1, 8.11)."""

from collections.abc import Iterator

from pikepdf import Array, Dictionary, Object


def prints(layer: Object, catalog: Object) -> bool:
    """Whether content of a layer is printed by whoever opens the file; False where it depends on more than one state.

    A group prints that the default configuration does not turn off and whose usage does not say otherwise.
    """
    if layer.get("/Type") == "/OCMD":
        groups = list(_groups(layer.get("/OCGs")))
        return "/VE" not in layer and layer.get("/P", "/AnyOn") in ("/AnyOn", "/AllOn") and _all_on(groups, catalog)
    return _all_on([layer], catalog)


def _all_on(groups: list[Object], catalog: Object) -> bool:
    properties = catalog.get("/OCProperties")
    default = properties.get("/D") if isinstance(properties, Dictionary) else None
    if not isinstance(default, Dictionary):
        return True
    off = {group.objgen for group in _groups(default.get("/OFF"))}
    on = {group.objgen for group in _groups(default.get("/ON"))}
    all_off = default.get("/BaseState", "/ON") == "/OFF"
    return all(
        group.objgen not in off and (not all_off or group.objgen in on) and not _is_for_the_screen(group)
        for group in groups
    )


def _is_for_the_screen(group: Object) -> bool:
    usage = group.get("/Usage")
    use = usage.get("/Print") if isinstance(usage, Dictionary) else None
    return isinstance(use, Dictionary) and use.get("/PrintState") == "/OFF"


def _groups(written: Object | None) -> Iterator[Object]:
    things = list(written) if isinstance(written, Array) else [written]
    yield from (thing for thing in things if isinstance(thing, Dictionary))
