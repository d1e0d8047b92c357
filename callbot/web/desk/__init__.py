"""The pages of agents: what waits, one call, its booking, call-backs, the knowledge base.

They work without scripts; with them the lists go on by themselves.
"""
