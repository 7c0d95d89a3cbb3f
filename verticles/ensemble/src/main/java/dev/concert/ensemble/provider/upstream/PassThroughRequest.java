package dev.concert.ensemble.provider.upstream;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BinaryNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.concert.ensemble.message.ClientRequest;
import dev.concert.ensemble.message.InferenceRequest;
import dev.concert.ensemble.message.MultipartForm;
import dev.concert.ensemble.message.Wire;
import dev.concert.ensemble.model.ServedModel;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A request of an operation that is passed through: the client's body with the vendor's name of the
 * model.
 *
 * @param path after the base URL
 */
record PassThroughRequest(String path, ClientRequest client) {

  /** Empty for a conversation. */
  static Optional<PassThroughRequest> of(InferenceRequest request) {
    return Optional.ofNullable(request.client()).flatMap(PassThroughRequest::of);
  }

  /** Empty for a conversation. */
  static Optional<PassThroughRequest> of(ClientRequest client) {
    return client.wire().passedPath().map(path -> new PassThroughRequest(path, client));
  }

  boolean streams() {
    return client.body().path("stream").asBoolean();
  }

  UpstreamRequest encoded(ServedModel model) {
    if (client.wire().isGoogles()) {
      return googles(model);
    }
    return client.wire().isForm() ? form(model) : json(model);
  }

  private UpstreamRequest form(ServedModel model) {
    String type = client.body().path(ClientRequest.CONTENT_TYPE).asText();
    byte[] bytes = ((BinaryNode) client.body().path(ClientRequest.FORM)).binaryValue();
    byte[] theirs =
        MultipartForm.read(type, bytes)
            .orElseThrow(() -> new IllegalStateException("A form is read when it comes in"))
            .with("model", model.upstreamId());
    return new UpstreamRequest(
        path, BinaryNode.valueOf(theirs), Map.of("content-type", type, "accept", "*/*"));
  }

  /** Google names the model in the path and once more in each request. */
  private UpstreamRequest googles(ServedModel model) {
    String name = "models/" + model.upstreamId();
    ObjectNode body = client.body().deepCopy();
    body.remove("model");
    body.path("requests")
        .forEach(
            each -> {
              if (each instanceof ObjectNode one) {
                one.put("model", name);
              }
            });
    String place = path.replace("{model}", PathSegment.encoded(model.upstreamId()));
    return new UpstreamRequest(place, body);
  }

  private UpstreamRequest json(ServedModel model) {
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    body.setAll(client.body());
    body.put("model", model.upstreamId());
    return client.wire().isBytes()
        ? new UpstreamRequest(path, body, Map.of("accept", "*/*"))
        : new UpstreamRequest(path, body);
  }

  /** What has to be allowed by the operator. The prompt is text here, not a stored object. */
  JsonNode toCheck() {
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    body.setAll(client.body());
    body.remove(List.of("prompt", ClientRequest.FORM, ClientRequest.CONTENT_TYPE));
    if (client.wire() == Wire.SPEECH) {
      // How fast the voice is, not how fast the vendor.
      body.remove("speed");
    }
    return body;
  }
}
