package dev.concert.testing.vendor;

import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Optional;

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
  List<String> events(FakeAnswer answer);

  /** The same answer in one piece. */
  String whole(FakeAnswer answer);

  /** An event that says that the vendor is overloaded, in the middle of a stream. */
  String overloadedEvent();

  /** The body of an HTTP error. */
  String error(int status, String message);

  /** An event that no client can know yet, with its empty line. */
  String unknownEvent();

  /** What a provider's configuration has beside a name, a type, a URL and models. */
  default JsonObject settings() {
    return new JsonObject();
  }

  /** What of the key is in the headers of a request. */
  default String proof() {
    return FakeVendor.KEY;
  }

  /** The body with which a request is refused whose proof of the caller is wrong. */
  default Optional<JsonObject> refusal(FakeVendor.Asked asked) {
    return Optional.empty();
  }

  /** The response to which events are written as text, whatever the vendor's framing. */
  default HttpServerResponse framed(HttpServerResponse response) {
    return response;
  }
}
