"""What scripts/bootstrap.py does, one step a module. Standard library only, Python 3.8 on."""
