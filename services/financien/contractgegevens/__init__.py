"""What a contract says beside money: the name of its aanbieder and the length of stay that it stated (F-5)."""
