package dev.concert.ensemble.provider.upstream;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BinaryNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.concert.ensemble.block.ExactJson;
import io.vertx.core.buffer.Buffer;
import java.util.Map;
import java.util.Set;

/**
 * A request in a vendor's format.
 *
 * @param path appended to the provider's base URL; begins with a slash
 * @param headers headers of the client that go with it, with names in lower case
 */
public record UpstreamRequest(String path, JsonNode body, Map<String, String> headers) {

  public UpstreamRequest(String path, JsonNode body) {
    this(path, body, Map.of());
  }

  /** What is sent: JSON, or the bytes of a body that is none. */
  Buffer bytes() {
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
    return new UpstreamRequest(path, known, headers);
  }

  /** The same request at another path. */
  public UpstreamRequest at(String other) {
    return new UpstreamRequest(other, body, headers);
  }

  public UpstreamRequest withBody(JsonNode other) {
    return new UpstreamRequest(path, other, headers);
  }
}
