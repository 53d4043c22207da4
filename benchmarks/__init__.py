"""What is measured: ``python -m benchmarks NAME [--data DIR] [--json]``."""
