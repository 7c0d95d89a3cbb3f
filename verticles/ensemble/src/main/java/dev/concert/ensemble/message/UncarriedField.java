package dev.concert.ensemble.message;

/**
 * A part of a client's request that only providers with the client's own API can receive.
 *
 * @param path where it is in the client's body, with the client's own indexes, for example {@code
 *     messages[2].content[0].citations}
 * @param essential whether the request means something else without it; then other providers refuse
 *     it, and otherwise they leave it out and name it
 */
public record UncarriedField(String path, boolean essential) {
  /** The end of the path of the mark on the result of a failed call, which not every API has. */
  public static final String ERROR_MARK = ".is_error";

  public boolean isErrorMark() {
    return path.endsWith(ERROR_MARK);
  }
}
