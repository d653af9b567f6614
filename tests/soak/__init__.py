"""Random actions over the real window: ``python -m tests.soak --seed N --minutes 10``."""
