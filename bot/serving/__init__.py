"""How Rasa is run here: its own server, with less work for the same answers."""
