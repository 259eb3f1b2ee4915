"""The one public door: the chat API, the chat page and the checks that say whether the system is up."""
