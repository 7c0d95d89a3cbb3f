package dev.concert.ensemble.provider.upstream;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BinaryNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.concert.ensemble.block.ExactJson;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import java.util.Map;
import java.util.Set;

/**
 * A request in a vendor's format.
 *
 * @param path appended to the provider's base URL; begins with a slash
 * @param body missing in a request without one
 * @param headers headers of the client that go with it, with names in lower case
 */
public record UpstreamRequest(
    HttpMethod method, String path, JsonNode body, Map<String, String> headers) {

  public UpstreamRequest(String path, JsonNode body) {
    this(path, body, Map.of());
  }

  /** One that posts its body, as all calls do. */
  public UpstreamRequest(String path, JsonNode body, Map<String, String> headers) {
    this(HttpMethod.POST, path, body, headers);
  }

  /** What is sent: JSON, or the bytes of a body that is none. */
  Buffer bytes() {
    if (body.isMissingNode()) {
      return Buffer.buffer();
    }
    return body instanceof BinaryNode raw
        ? Buffer.buffer(raw.binaryValue())
        : Buffer.buffer(ExactJson.text(body));
  }

  /** Without these fields at the top of its body, which the server does not know. */
  UpstreamRequest without(Set<String> fields) {
    if (fields.isEmpty() || !(body instanceof ObjectNode object)) {
      return this;
    }
    ObjectNode known = JsonNodeFactory.instance.objectNode();
    known.setAll(object);
    known.remove(fields);
    return withBody(known);
  }

  /** The same request at another path. */
  public UpstreamRequest at(String other) {
    return new UpstreamRequest(method, other, body, headers);
  }

  public UpstreamRequest withBody(JsonNode other) {
    return new UpstreamRequest(method, path, other, headers);
  }
}
