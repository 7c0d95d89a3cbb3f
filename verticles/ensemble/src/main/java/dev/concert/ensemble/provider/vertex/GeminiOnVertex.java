package dev.concert.ensemble.provider.vertex;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.concert.ensemble.model.ServedModel;
import dev.concert.ensemble.provider.upstream.HostedDialect;
import dev.concert.ensemble.provider.upstream.PathSegment;
import dev.concert.ensemble.provider.upstream.TokenCountRequest;
import dev.concert.ensemble.provider.upstream.UpstreamRequest;
import java.util.List;
import java.util.Optional;

/**
 * Gemini at Vertex AI: the bodies of Google's Gemini API, with some fields less.
 *
 * <p>Format: https://cloud.google.com/vertex-ai/generative-ai/docs/model-reference/inference
 */
final class GeminiOnVertex implements HostedDialect.Host {
  private static final String MODELS = "/publishers/google/models/";

  /** What is counted; the service refuses other fields there. */
  private static final List<String> PROMPT = List.of("contents", "systemInstruction", "tools");

  @Override
  public UpstreamRequest place(ServedModel model, UpstreamRequest vendors) {
    String method = model.can().streaming() ? ":streamGenerateContent?alt=sse" : ":generateContent";
    return new UpstreamRequest(path(model) + method, body(vendors.body()), vendors.headers());
  }

  private static String path(ServedModel model) {
    return MODELS + PathSegment.encoded(model.upstreamId());
  }

  /** Here each content needs its role. */
  private static ObjectNode body(JsonNode vendors) {
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    body.setAll((ObjectNode) vendors);
    ArrayNode contents = body.putArray("contents");
    for (JsonNode content : vendors.path("contents")) {
      boolean named = content.hasNonNull("role") || !content.isObject();
      contents.add(named ? content : ((ObjectNode) content.deepCopy()).put("role", "user"));
    }
    return body;
  }

  @Override
  public Optional<TokenCountRequest> countTokens(ServedModel model, UpstreamRequest vendors) {
    ObjectNode prompt = body(vendors.body()).retain(PROMPT);
    return Optional.of(
        new TokenCountRequest(
            new UpstreamRequest(path(model) + ":countTokens", prompt), "totalTokens"));
  }
}
