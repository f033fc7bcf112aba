"""The kinds of lists: one file each, one declaration each, registered in `ingest.registry`."""
