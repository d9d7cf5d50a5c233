"""Tests of Plekregie, one folder per service or shared part; names of tests are claims."""
