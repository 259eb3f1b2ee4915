"""The commands for the people at the shop: each lets one thing happen, by the functions of `casework`."""
