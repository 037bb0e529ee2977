"""The commands of run.py, one module each with `main(argv) -> int`."""
