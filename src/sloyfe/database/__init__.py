"""The embedded PostgreSQL: a real server, run from the binaries of a wheel, with nothing to install.

Knows no Django. `server.Cluster` is the whole of it for those outside.
"""
