"""What `make clients` runs: generators of clients, each of which has to predict."""
