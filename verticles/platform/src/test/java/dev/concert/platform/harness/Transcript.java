package dev.concert.platform.harness;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** Every frame that a connection brought, in order, and how it ended. Thread-safe. */
public final class Transcript {
  private static final int SHOWN_ON_FAILURE = 25;

  private final List<JsonNode> frames = new ArrayList<>();
  private String end = "";
  private int closeCode;

  synchronized void add(JsonNode frame) {
    frames.add(frame);
    notifyAll();
  }

  synchronized void end(int code, String reason) {
    if (end.isEmpty()) {
      closeCode = code;
      end = code + " " + reason;
      notifyAll();
    }
  }

  public synchronized List<JsonNode> all() {
    return List.copyOf(frames);
  }

  /** How many frames came; a mark for {@link #await}. */
  public synchronized int size() {
    return frames.size();
  }

  /** Whether the connection is closed. */
  public synchronized boolean ended() {
    return !end.isEmpty();
  }

  /** The code with which the connection was closed. Blocking. */
  public synchronized int awaitClose(Duration timeout) {
    long deadline = System.nanoTime() + timeout.toNanos();
    while (end.isEmpty()) {
      pause("the connection to be closed", deadline);
    }
    return closeCode;
  }

  /**
   * The first frame at or after a mark that fits. Blocking.
   *
   * @throws AssertionError when none comes in time, with the last frames that did
   */
  public synchronized JsonNode await(
      String what, int mark, Duration timeout, Predicate<JsonNode> fits) {
    long deadline = System.nanoTime() + timeout.toNanos();
    int next = mark;
    while (true) {
      for (; next < frames.size(); next++) {
        if (fits.test(frames.get(next))) {
          return frames.get(next);
        }
      }
      if (!end.isEmpty()) {
        throw inVain(what);
      }
      pause(what, deadline);
    }
  }

  private void pause(String what, long deadline) {
    long left = (deadline - System.nanoTime()) / 1_000_000;
    if (left <= 0) {
      throw inVain(what);
    }
    try {
      wait(left);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("Interrupted while waiting for " + what, e);
    }
  }

  private AssertionError inVain(String what) {
    return new AssertionError(
        "Waited in vain for %s%s. The last of %d frames:%n%s"
            .formatted(
                what,
                end.isEmpty() ? "" : " (closed: " + end + ")",
                frames.size(),
                frames.stream()
                    .skip(Math.max(0, frames.size() - SHOWN_ON_FAILURE))
                    .map(frame -> shortened(frame.toString()))
                    .collect(Collectors.joining("\n"))));
  }

  private static String shortened(String text) {
    return text.length() > 300 ? text.substring(0, 300) + " …" : text;
  }
}
