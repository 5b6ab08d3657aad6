"""The derivations of the book: each module is a page, an importable object and a test."""
