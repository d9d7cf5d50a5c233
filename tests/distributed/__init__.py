"""The same claims on the servers of the distributed mode. Only run when PLEKREGIE_TEST_DISTRIBUTED asks for it."""
