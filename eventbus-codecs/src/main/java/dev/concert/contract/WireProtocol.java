package dev.concert.contract;

import java.util.List;

/** The versions of the client protocol and the limits that hold for every request. */
public final class WireProtocol {
  public static final int VERSION = 1;

  /** The versions that a client may ask for. */
  public static final List<Integer> VERSIONS = List.of(1, 2);

  /** Largest raw frame, in bytes; a larger one is refused before it is parsed. */
  public static final int MAX_FRAME = 1 << 20;

  /** Largest JSON body of an HTTP request, in bytes. */
  public static final int MAX_JSON_BODY = 64 << 10;

  /** How deep arrays and objects may be nested in the value of a field. */
  public static final int MAX_DEPTH = 32;

  /** Longest request id, in characters. */
  public static final int MAX_REQUEST_ID = 128;

  private WireProtocol() {}
}
