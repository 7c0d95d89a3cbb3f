package dev.concert.foundation.lease;

/** Another owner has taken over: what this one wanted to change was not changed. */
public final class LeaseLostException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  LeaseLostException(String key, long epoch) {
    super("Another owner of '%s' has taken over from epoch %d".formatted(key, epoch));
  }
}
