"""How well the bot understands, and what its training data must not hold. Python 3.10, in .venv-rasa."""
