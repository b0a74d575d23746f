"""Colour profiles of the press: what the process colours of art are meant for, embedded in every press file.

`FOGRA39L_coated.icc` may be given to anybody; where it comes from stands beside it.
"""
