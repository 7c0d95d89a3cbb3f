package dev.concert.client;

/** A failure for the user of the command line: one sentence, and what to do. */
public final class ClientException extends RuntimeException {
  public ClientException(String message) {
    super(message, null, false, false);
  }
}
