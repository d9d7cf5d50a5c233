"""What at least two services need and must change in both at once.

`kernel` is pure; `contracts` are the events; `database`, `bus` and `outbox` are the write and event path;
`web` is the HTTP edge; `privacy` keeps personal data encrypted; `runtime` runs one service or all of them.
"""
