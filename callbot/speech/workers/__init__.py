"""Speech workers: the engine in processes of their own, on other hosts, asked over gRPC.

Belongs here: what goes over the wire, the worker that answers, the engine that asks; gRPC is imported here only.
Does not belong here: how sound is read (``whisper_*``), whose sound is read first (``readers``).
"""
