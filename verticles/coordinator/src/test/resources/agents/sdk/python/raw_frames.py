"""Frames of the agent protocol with the standard library only: what the tests' agents speak."""
import json
import os
import socket
import struct


class Wire:
    def __init__(self):
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.socket.connect(os.environ["CONCERT_IPC_SOCKET"])

    def send(self, frame):
        payload = json.dumps(frame).encode()
        self.raw(struct.pack("<I", len(payload)) + payload)

    def raw(self, data):
        self.socket.sendall(data)

    def element(self, message_id, **element):
        self.send({"type": "stream_update", "message_id": message_id, "element": element})

    def complete(self, message_id, text="", **more):
        self.send({"type": "complete", "message_id": message_id, "stop_reason": "end",
                   "final_text": text, **more})

    def receive(self):
        header = self._exactly(4)
        if header is None:
            return None
        payload = self._exactly(struct.unpack("<I", header)[0])
        return None if payload is None else json.loads(payload)

    def _exactly(self, count):
        data = b""
        while len(data) < count:
            piece = self.socket.recv(count - len(data))
            if not piece:
                return None
            data += piece
        return data
