"""Connects, and says nothing."""
import time

from raw_frames import Wire

wire = Wire()
print("connected")
time.sleep(600)
