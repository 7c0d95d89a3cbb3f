package dev.concert.bridges.http;

import java.io.IOException;

/** A file that somebody sent has more bytes than are taken. */
public final class FileTooLargeException extends IOException {
  private static final long serialVersionUID = 1L;

  FileTooLargeException(int maxBytes) {
    super("It is larger than " + maxBytes + " bytes");
  }
}
