"""What Rasa loads: understanding (`bot.nlu`) and custom actions (`bot.actions`), in two environments."""
