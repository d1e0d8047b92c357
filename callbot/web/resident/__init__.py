"""The page of a booking, `/r/{token}`: whoever has the link of the SMS sees, completes, changes and cancels it.

Belongs here: hostile forms and uploads into requests, the words and the look of the pages, what a link is worth.
Does not belong here: any rule of booking; those are asked of the ``booking`` room.
"""
