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

    def test_an_event_without_its_empty_line_is_not_an_event(self):
        self.assertEqual(events(b"event: done\ndata: {}\n"), [])

    def test_a_name_without_data_is_forgotten(self):
        self.assertEqual(events(b"event: done\n\ndata: x\n\n"), [("message", "x")])

    def test_an_event_that_never_ends_is_refused(self):
        parser = sse.EventParser()
        with self.assertRaises(sse.EventTooLarge):
            for _ in range(80):
                list(parser.feed(b"x" * 1024 * 1024))
