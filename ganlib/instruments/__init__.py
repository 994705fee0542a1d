"""Trained things that make sound, one file a kind; `loading.py` tells them apart on disk."""
