package dev.concert.chronicle.content;

import java.io.IOException;

/** What is stored under a hash is not what has this hash. */
public final class CorruptContentException extends IOException {
  CorruptContentException(String hash) {
    super("Content " + hash + " is damaged");
  }
}
