"""One running call, whatever its channel: feeds events to ``dialogue.step``, stores them, carries out the acts.

Belongs here: the loop between the pure dialogue and the services it asks (ports).
Does not belong here: frames, SQL, HTTP.
"""
