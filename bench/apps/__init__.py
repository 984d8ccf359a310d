"""What is compared: floors that do nothing, and what people write today."""
