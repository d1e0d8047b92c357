"""The address base: BAN import, phonetic index, search, sectors, geopy geocoders.

Belongs here: everything that knows which streets exist. geopy is imported here only.
Does not belong here: what the caller meant, what to ask next.
"""
