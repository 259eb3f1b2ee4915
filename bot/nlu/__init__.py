"""Rasa graph components of the understanding pipeline. Python 3.10; imports no other room of ours."""
