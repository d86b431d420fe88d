"""The shape of what people write, one file per noun."""
