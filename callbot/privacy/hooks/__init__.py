"""Hooks: programs of the authority that read the stream of events beside the calls, at least once, in order.

Belongs here: what a hook is, delivery with its tries, the process a hook runs in. Does not belong here: tables, what
is masked, the wiring.
"""

from callbot.privacy.hooks.delivering import Delivery
from callbot.privacy.hooks.ports import BadHookError, Cursor, HookState, KeepsHooks, Told

__all__ = ["BadHookError", "Cursor", "Delivery", "HookState", "KeepsHooks", "Told"]
