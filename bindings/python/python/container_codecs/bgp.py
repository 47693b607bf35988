"""BGP messages, read and built.

    from container_codecs import bgp

    messages, length = bgp.read(stream)
    for message in messages:
        if message.kind == "UPDATE":
            for route in message.announced:
                print(route.prefix, route.next_hop, message.attributes["AS_PATH"])
"""
from ._native import _bgp

Message = _bgp.Message
Route = _bgp.Route
Session = _bgp.Session
keepalive = _bgp.keepalive
notification = _bgp.notification
open = _bgp.open
read = _bgp.read
update = _bgp.update

__all__ = ["Message", "Route", "Session", "keepalive", "notification", "open", "read", "update"]
