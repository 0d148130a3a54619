"""Examination of one file: runs in a process of its own with little memory and time, and knows no database."""
