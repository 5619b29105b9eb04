"""Interrupts at random moments, a few of each kind."""

import unittest

import interrupt_stress


class Stress(unittest.TestCase):
    def test_each_interrupt_stops_its_cell_and_nothing_else(self):
        interrupt_stress.main(2 * len(interrupt_stress.KINDS))


if __name__ == "__main__":
    unittest.main(verbosity=2)
