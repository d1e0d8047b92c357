"""Twilio: webhooks, TwiML, the media stream, signatures, the REST client. An edge: nobody imports it but ``bootstrap``.

Belongs here: translating Twilio's frames and forms into events, and acts into frames and TwiML.
Does not belong here: any decision about the conversation.
"""
