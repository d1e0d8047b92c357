"""Pages for residents: `/texte`, the conversation for those who cannot use the phone. An edge: only ``bootstrap``
imports it, and Jinja2 lives in it alone.

Belongs here: hostile forms into events, stored events into accessible pages, sessions and their protection.
Does not belong here: any decision about the conversation, any rule of the service.
"""
