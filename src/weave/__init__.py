"""Weaves what ran into what is read: the build behind the book.

Pages are Markdown with a few words between double braces. Behind each word stands a program:
its source, its output, its numbers, its figure, its derivation. Read the modules in this order:

    tokens     the words of a page                 sources    source text by dotted name
    cache      what a result depends on            programs   run what is new, keep the rest
    worker     a warm process that forks           runners    one way of running for each kind
    pages      words become Markdown and HTML      notebooks  derivations as notebooks
    checks     the list of all that ran            staging    a site appears whole or not at all
    plugin     the thin layer over MkDocs, and the only module here that knows it
"""
