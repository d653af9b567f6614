"""Speed and memory, measured as ratios against named baselines.

Run them with ``python -m tests.benchmarks [NAME…] [--json]``.
"""
