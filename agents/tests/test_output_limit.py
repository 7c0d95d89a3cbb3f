import random
import unittest

import support
from coding.output_limit import OutputBuffer, cut


class OutputLimitTest(unittest.TestCase):
    def test_what_fits_is_unchanged(self):
        self.assertEqual(cut("x" * 10, 10), ("x" * 10, False))

    def test_one_character_too_many_is_cut_from_the_middle(self):
        self.assertEqual(cut("abcdefghijk", 10), ("abcde\n[… 1 characters cut …]\nghijk", True))

    def test_the_pieces_it_comes_in_do_not_matter(self):
        chance = random.Random(3)
        for length in range(0, 200):
            text = "".join(chance.choice("abcdef") for _ in range(length))
            buffer, rest = OutputBuffer(50), text
            while rest:
                size = chance.randrange(1, 30)
                buffer.add(rest[:size])
                rest = rest[size:]
            self.assertEqual(buffer.result(), cut(text, 50))
