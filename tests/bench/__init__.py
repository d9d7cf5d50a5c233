"""`make bench`: the product against the floor in the same run (docs/performance.md).

`region` says what is loaded and which messages are sent; `server` runs the real all-in-one in a process of its own;
`senders` is the load, in another process; `rows` reads from the databases what a message writes; `floor` writes the
same rows with plain sqlite3; `follow` measures when occupancy and signaal show a message. Loopback only, in a folder
of its own that is removed afterwards. Not a test: nothing here passes or fails on a time.
"""
