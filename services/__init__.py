"""The four deployables of Plekregie; they meet in shared/contracts or over HTTP, never by import."""
