package dev.concert.testing.vendor;

import dev.concert.testing.vendor.FakeAnswer.Call;
import dev.concert.testing.vendor.FakeAnswer.Usage;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;

/** Gemini; source: https://ai.google.dev/api/generate-content. */
public final class GeminiWire implements VendorWire {
  @Override
  public String type() {
    return "gemini";
  }

  @Override
  public String basePath() {
    return "/v1beta";
  }

  @Override
  public boolean serves(String path) {
    return path.matches(
        "/v1beta/models/[^/]+:(streamGenerateContent|generateContent|embedContent|batchEmbedContents)");
  }

  @Override
  public boolean streams(String path, String body) {
    return path.endsWith(":streamGenerateContent");
  }

  @Override
  public List<String> events(FakeAnswer answer) {
    List<String> events = new ArrayList<>();
    parts(answer)
        .forEach(
            part ->
                events.add(Sse.data(response(new JsonArray().add(part), null, answer.usage()))));
    JsonArray nothing = new JsonArray().add(new JsonObject().put("text", ""));
    events.add(Sse.data(response(nothing, "STOP", answer.usage())));
    return events;
  }

  @Override
  public String whole(FakeAnswer answer) {
    JsonArray all = new JsonArray();
    parts(answer).forEach(all::add);
    return response(all, "STOP", answer.usage()).encode();
  }

  @Override
  public String overloadedEvent() {
    return "data: " + error(503, "The model is overloaded. Please try again later.") + "\n\n";
  }

  @Override
  public String error(int status, String message) {
    String word =
        switch (status) {
          case 400, 413 -> "INVALID_ARGUMENT";
          case 401 -> "UNAUTHENTICATED";
          case 403 -> "PERMISSION_DENIED";
          case 404 -> "NOT_FOUND";
          case 429 -> "RESOURCE_EXHAUSTED";
          case 503, 529 -> "UNAVAILABLE";
          default -> "INTERNAL";
        };
    return new JsonObject()
        .put(
            "error",
            new JsonObject().put("code", status).put("message", message).put("status", word))
        .encode();
  }

  @Override
  public String unknownEvent() {
    return Sse.data(new JsonObject().put("moodMetadata", new JsonObject().put("mood", "cheerful")));
  }

  @Override
  public String toString() {
    return type();
  }

  private static List<JsonObject> parts(FakeAnswer answer) {
    List<JsonObject> parts = new ArrayList<>();
    if (!answer.thinking().isEmpty()) {
      parts.add(new JsonObject().put("text", answer.thinking()).put("thought", true));
    }
    answer.text().forEach(piece -> parts.add(new JsonObject().put("text", piece)));
    for (Call call : answer.calls()) {
      JsonObject part =
          new JsonObject()
              .put(
                  "functionCall",
                  new JsonObject()
                      .put("name", call.name())
                      .put("args", new JsonObject(call.arguments())));
      // Of parallel calls only the first is signed.
      if (!answer.signature().isEmpty() && call == answer.calls().getFirst()) {
        part.put("thoughtSignature", answer.signature());
      }
      parts.add(part);
    }
    return parts;
  }

  private static JsonObject response(JsonArray parts, String reason, Usage usage) {
    JsonObject candidate =
        new JsonObject()
            .put("content", new JsonObject().put("role", "model").put("parts", parts))
            .put("index", 0);
    if (reason != null) {
      candidate.put("finishReason", reason);
    }
    return new JsonObject()
        .put("candidates", new JsonArray().add(candidate))
        .put(
            "usageMetadata",
            new JsonObject()
                .put("promptTokenCount", usage.prompt())
                .put("cachedContentTokenCount", usage.cached())
                .put("candidatesTokenCount", usage.output() - usage.reasoning())
                .put("thoughtsTokenCount", usage.reasoning())
                .put("totalTokenCount", usage.prompt() + usage.output()))
        .put("modelVersion", "gemini-played")
        .put("responseId", "played");
  }
}
