"""What the product does in a second, measured; `make bench` prints the table."""
