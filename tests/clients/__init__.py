"""What `make clients` runs: clients in environments of their own, each of which has to predict."""
