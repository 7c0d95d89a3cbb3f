package dev.concert.testing.vendor;

import java.util.List;

/** A vendor's wire format, as a played server writes it. */
public interface VendorWire {
  /** What {@code ensemble.providers[].type} calls it. */
  String type();

  /** What the base URL of a provider ends with. */
  String basePath();

  /** Whether a request for this path, without its query, is one for an answer. */
  boolean serves(String path);

  /** Whether an answer to this request is a stream. */
  boolean streams(String path, String body);

  /** The server-sent events of an answer, each with its empty line; the last is the end mark. */
  List<String> events(PlayedAnswer answer);

  /** The same answer in one piece. */
  String whole(PlayedAnswer answer);

  /** An event that says that the vendor is overloaded, in the middle of a stream. */
  String overloadedEvent();

  /** The body of an HTTP error. */
  String error(int status, String message);

  /** An event that no client can know yet, with its empty line. */
  String unknownEvent();
}
