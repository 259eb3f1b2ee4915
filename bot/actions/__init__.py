"""Custom actions: read the slots, ask casework, say what it gives, return events."""
