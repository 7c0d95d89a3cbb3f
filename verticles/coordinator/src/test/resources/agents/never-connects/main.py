"""Never connects."""
import time

print("not today")
time.sleep(600)
