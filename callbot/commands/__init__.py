"""The `callbot` command, one module a group. An edge: it may import any room, nobody imports it but ``cli``.

Belongs here: arguments, what is printed, exit codes. Does not belong here: the work itself.
"""
