"""Sound -> words -> sound: mu-law codec, voice activity, end of turn, Whisper engines, guard, voices, model files.

Belongs here: everything that touches samples; Whisper and voice libraries are imported here only.
Does not belong here: the phone company's protocol, what the words mean.
"""
