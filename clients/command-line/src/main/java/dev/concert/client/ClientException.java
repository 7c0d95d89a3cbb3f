package dev.concert.client;

/** What a person at the command line is told: one sentence, and what to do. */
public final class ClientException extends RuntimeException {
  public ClientException(String message) {
    super(message, null, false, false);
  }
}
