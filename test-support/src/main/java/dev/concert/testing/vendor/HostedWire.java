package dev.concert.testing.vendor;

import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * A vendor's wire format at the addresses of a cloud that serves the vendor's models.
 *
 * @param type its name
 * @param paths served paths
 * @param streamed what a path or a body of a streamed request has
 * @param refusal for a request with headers that are not the played key's
 */
record HostedWire(
    String type,
    VendorWire vendor,
    String paths,
    Predicate<String> streamed,
    JsonObject settings,
    String proof,
    JsonObject refusal)
    implements VendorWire {

  /** Claude at Vertex AI. */
  static VendorWire claudeOnVertex() {
    return new HostedWire(
        "vertex",
        new AnthropicWire(),
        "/v1/projects/played/locations/europe-west1/publishers/anthropic/models/(?!count-tokens)[^/]+"
            + ":(raw|streamRaw)Predict",
        request -> request.contains(":streamRawPredict"),
        vertex("messages"),
        "Bearer " + FakeVendor.KEY,
        unauthenticated());
  }

  /** Gemini at Vertex AI. */
  static VendorWire geminiOnVertex() {
    return new HostedWire(
        "vertex-gemini",
        new GeminiWire(),
        "/v1/projects/played/locations/europe-west1/publishers/google/models/[^/]+"
            + ":(generate|streamGenerate)Content",
        request -> request.contains(":streamGenerateContent"),
        vertex("gemini"),
        "Bearer " + FakeVendor.KEY,
        unauthenticated());
  }

  /** Chat Completions of a deployment at Azure. */
  static VendorWire azure() {
    return new HostedWire(
        "azure",
        new ChatWire("azure"),
        "/openai/deployments/[^/]+/chat/completions",
        request -> request.contains("\"stream\":true"),
        new JsonObject().put("type", "azure").put("apiVersion", "2024-10-21").put("api", "chat"),
        "api-key=" + FakeVendor.KEY,
        new JsonObject()
            .put(
                "error",
                new JsonObject()
                    .put("code", "401")
                    .put("message", "Access denied due to invalid subscription key.")));
  }

  private static JsonObject vertex(String api) {
    return new JsonObject()
        .put("type", "vertex")
        .put("project", "played")
        .put("location", "europe-west1")
        .put("api", api);
  }

  private static JsonObject unauthenticated() {
    return new JsonObject()
        .put(
            "error",
            new JsonObject()
                .put("code", 401)
                .put("message", "Request had invalid authentication credentials.")
                .put("status", "UNAUTHENTICATED"));
  }

  @Override
  public String basePath() {
    return "";
  }

  @Override
  public boolean serves(String path) {
    return path.matches(paths);
  }

  @Override
  public boolean streams(String path, String body) {
    return streamed.test(path + body);
  }

  @Override
  public List<String> events(FakeAnswer answer) {
    return vendor.events(answer);
  }

  @Override
  public String whole(FakeAnswer answer) {
    return vendor.whole(answer);
  }

  @Override
  public String overloadedEvent() {
    return vendor.overloadedEvent();
  }

  @Override
  public String error(int status, String message) {
    return vendor.error(status, message);
  }

  @Override
  public String unknownEvent() {
    return vendor.unknownEvent();
  }

  @Override
  public Optional<JsonObject> refusal(FakeVendor.Asked asked) {
    boolean right =
        asked.headers().entries().stream()
            .anyMatch(header -> (header.getKey() + "=" + header.getValue()).contains(proof));
    return right ? Optional.empty() : Optional.of(refusal);
  }

  @Override
  public String toString() {
    return type();
  }
}
