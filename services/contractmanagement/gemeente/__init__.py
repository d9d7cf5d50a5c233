"""Gemeenten: what each is called. The CBS code identifies it everywhere; the name is only for people."""
