"""Pure conversation: ``step(state, event) -> (state, acts)``, prompts in French, the table of questions.

Belongs here: what to say and what to do next; imports ``domain`` only.
Does not belong here: sound, time that ticks, databases.
"""
