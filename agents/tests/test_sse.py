import unittest

import support
from podium import sse


def events(*pieces: bytes):
    parser = sse.EventParser()
    return [event for piece in pieces for event in parser.feed(piece)]


class EventParserTest(unittest.TestCase):
    def test_an_event_has_its_name_and_data(self):
        self.assertEqual(events(b"event: block\ndata: {}\n\n"), [("block", "{}")])

    def test_any_cut_of_the_bytes_gives_the_same_events(self):
        data = "event: a\r\ndata: é€😀\r\n\r\n: comment\ndata: two\ndata: lines\n\n".encode()
        for cut in range(len(data)):
            self.assertEqual(events(data[:cut], data[cut:]), [("a", "é€😀"), ("message", "two\nlines")])

    def test_lines_end_with_cr_lf_or_both_however_the_bytes_are_cut(self):
        lines = "\ufeffevent: a\ndata: é\u2028€\n\ndata: two\ndata:  lines\n\n"
        expected = [("a", "é\u2028€"), ("message", "two\n lines")]
        for end in ("\n", "\r", "\r\n"):
            data = lines.replace("\n", end).encode()
            for size in range(1, len(data)):
                self.assertEqual(events(*(data[at:at + size] for at in range(0, len(data), size))), expected)

    def test_an_event_does_not_wait_for_the_line_feed_of_its_last_return(self):
        self.assertEqual(events(b"data: x\r\n\r"), [("message", "x")])
        self.assertEqual(events(b"data: x\r\r", b"", b"\ndata: y\r", b"\r"), [("message", "x"), ("message", "y")])

    def test_an_event_without_its_empty_line_is_not_an_event(self):
        self.assertEqual(events(b"event: done\ndata: {}\n"), [])

    def test_a_name_without_data_is_forgotten(self):
        self.assertEqual(events(b"event: done\n\ndata: x\n\n"), [("message", "x")])

    def test_an_event_that_never_ends_is_refused(self):
        parser = sse.EventParser()
        with self.assertRaises(sse.EventTooLarge):
            for _ in range(80):
                list(parser.feed(b"x" * 1024 * 1024))
