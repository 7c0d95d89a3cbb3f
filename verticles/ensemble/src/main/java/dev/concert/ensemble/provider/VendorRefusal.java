package dev.concert.ensemble.provider;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;

/**
 * A vendor's refusal in its own words: the cause of the failure of a call. Clients of the same API
 * receive it as it is, because they recognize what to do by these words.
 */
public final class VendorRefusal extends Exception {
  private static final long serialVersionUID = 1;

  private final int status;
  private final transient ObjectNode body;

  /**
   * @param status of HTTP
   * @param body without any secret
   */
  public VendorRefusal(int status, ObjectNode body) {
    super("A vendor refused a request with " + status, null, false, false);
    this.status = status;
    this.body = body;
  }

  /** What a call failed with, if that was one. */
  public static Optional<VendorRefusal> in(Throwable failure) {
    return failure.getCause() instanceof VendorRefusal refusal
        ? Optional.of(refusal)
        : Optional.empty();
  }

  public int status() {
    return status;
  }

  public ObjectNode body() {
    return body;
  }
}
