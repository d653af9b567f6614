"""Tests of the standalone builds; the scripts that make them are under ``resources/standalone``."""
