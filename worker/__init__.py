"""The worker: sends the letters of the outbox, plans reminders, and does what falls due without anybody asking."""
