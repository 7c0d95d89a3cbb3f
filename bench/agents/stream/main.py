"""Streams text deltas at a steady rate, each with the time of its sending.

The smallest agent that speaks the protocol: no SDK, no asyncio, so that what is measured is Concert.
The message "RATE SECONDS" makes RATE deltas a second for SECONDS seconds.
"""

import json
import os
import socket
import struct
import sys
import time

FILLER = "x" * 40


def read(connection, count):
    data = b""
    while len(data) < count:
        piece = connection.recv(count - len(data))
        if not piece:
            sys.exit(0)
        data += piece
    return data


def receive(connection):
    (length,) = struct.unpack("<I", read(connection, 4))
    return json.loads(read(connection, length))


def send(connection, frame):
    data = json.dumps(frame).encode()
    connection.sendall(struct.pack("<I", len(data)) + data)


def stream(connection, message_id, rate, seconds):
    # Agents do not tick together: each begins at another place of the interval.
    begin = time.monotonic() + (os.getpid() % 97) / 97.0 / rate
    for number in range(int(rate * seconds)):
        wait = begin + number / rate - time.monotonic()
        if wait > 0:
            time.sleep(wait)
        text = "%d %s" % (time.monotonic_ns(), FILLER)
        send(
            connection,
            {
                "type": "stream_update",
                "message_id": message_id,
                "element": {"type": "text_delta", "text": text},
            },
        )


def main():
    connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    connection.connect(os.environ["CONCERT_IPC_SOCKET"])
    while True:
        frame = receive(connection)
        if frame["type"] == "init":
            send(connection, {"type": "ready", "sdk": "bench"})
        elif frame["type"] == "message":
            rate, seconds = frame["data"]["text"].split()
            stream(connection, frame["id"], float(rate), float(seconds))
            send(
                connection,
                {
                    "type": "complete",
                    "message_id": frame["id"],
                    "stop_reason": "end",
                    "final_text": "",
                },
            )
        elif frame["type"] == "shutdown":
            return


try:
    main()
except ConnectionError:
    pass  # The server is gone, and so are we.
