"""Messengers, text messages and e-mail: one adapter each, all on the same turn as the website."""
