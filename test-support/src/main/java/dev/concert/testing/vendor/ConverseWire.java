package dev.concert.testing.vendor;

import dev.concert.testing.vendor.FakeAnswer.Call;
import dev.concert.testing.vendor.FakeAnswer.Usage;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Any model at Amazon Bedrock, by Converse; source:
 * https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_ConverseStream.html. It
 * checks the signature of every request.
 */
public final class ConverseWire implements VendorWire {
  private static final String INDEX = "contentBlockIndex";

  @Override
  public String type() {
    return "bedrock-converse";
  }

  @Override
  public String basePath() {
    return "";
  }

  @Override
  public boolean serves(String path) {
    return path.matches("/model/[^/]+/(converse|converse-stream)");
  }

  @Override
  public boolean streams(String path, String body) {
    return path.endsWith("-stream");
  }

  @Override
  public List<String> events(FakeAnswer answer) {
    List<String> events = new ArrayList<>();
    events.add(event("messageStart", new JsonObject().put("role", "assistant")));
    int index = 0;
    if (!answer.signature().isEmpty()) {
      events.add(reasoning(index, "text", answer.thinking()));
      events.add(reasoning(index, "signature", answer.signature()));
      events.add(stop(index++));
    }
    if (!answer.text().isEmpty()) {
      for (String piece : answer.text()) {
        events.add(delta(index, new JsonObject().put("text", piece)));
      }
      events.add(stop(index++));
    }
    for (Call call : answer.calls()) {
      JsonObject start =
          new JsonObject()
              .put(
                  "toolUse", new JsonObject().put("toolUseId", call.id()).put("name", call.name()));
      events.add(
          event("contentBlockStart", new JsonObject().put(INDEX, index).put("start", start)));
      int middle = call.arguments().length() / 2;
      for (String piece :
          List.of("", call.arguments().substring(0, middle), call.arguments().substring(middle))) {
        events.add(
            delta(index, new JsonObject().put("toolUse", new JsonObject().put("input", piece))));
      }
      events.add(stop(index++));
    }
    events.add(event("messageStop", new JsonObject().put("stopReason", reason(answer))));
    events.add(
        event(
            "metadata",
            new JsonObject()
                .put("usage", usage(answer.usage()))
                .put("metrics", new JsonObject().put("latencyMs", 7))));
    return events;
  }

  private static String reasoning(int index, String field, String value) {
    return delta(
        index, new JsonObject().put("reasoningContent", new JsonObject().put(field, value)));
  }

  private static String delta(int index, JsonObject delta) {
    return event("contentBlockDelta", new JsonObject().put(INDEX, index).put("delta", delta));
  }

  private static String stop(int index) {
    return event("contentBlockStop", new JsonObject().put(INDEX, index));
  }

  private static String event(String name, JsonObject data) {
    return "event: " + name + "\n" + Sse.data(data);
  }

  @Override
  public String whole(FakeAnswer answer) {
    JsonArray content = new JsonArray();
    if (!answer.signature().isEmpty()) {
      content.add(
          new JsonObject()
              .put(
                  "reasoningContent",
                  new JsonObject()
                      .put(
                          "reasoningText",
                          new JsonObject()
                              .put("text", answer.thinking())
                              .put("signature", answer.signature()))));
    }
    if (!answer.text().isEmpty()) {
      content.add(new JsonObject().put("text", String.join("", answer.text())));
    }
    answer
        .calls()
        .forEach(
            call ->
                content.add(
                    new JsonObject()
                        .put(
                            "toolUse",
                            new JsonObject()
                                .put("toolUseId", call.id())
                                .put("name", call.name())
                                .put("input", new JsonObject(call.arguments())))));
    JsonObject message = new JsonObject().put("role", "assistant").put("content", content);
    return new JsonObject()
        .put("output", new JsonObject().put("message", message))
        .put("stopReason", reason(answer))
        .put("usage", usage(answer.usage()))
        .encode();
  }

  private static JsonObject usage(Usage usage) {
    return new JsonObject()
        .put("inputTokens", usage.input())
        .put("cacheReadInputTokens", usage.cached())
        .put("cacheWriteInputTokens", usage.written())
        .put("outputTokens", usage.output())
        .put("totalTokens", usage.prompt() + usage.output());
  }

  private static String reason(FakeAnswer answer) {
    return answer.calls().isEmpty() ? "end_turn" : "tool_use";
  }

  @Override
  public String overloadedEvent() {
    return BedrockWire.overloaded();
  }

  @Override
  public String error(int status, String message) {
    return BedrockWire.problem(status, message);
  }

  @Override
  public String unknownEvent() {
    return event("mood", new JsonObject().put("mood", "cheerful"));
  }

  @Override
  public JsonObject settings() {
    return BedrockWire.settings("converse");
  }

  @Override
  public String proof() {
    return new BedrockWire().proof();
  }

  @Override
  public Optional<JsonObject> refusal(FakeVendor.Asked asked) {
    return BedrockWire.wrongSignature(asked);
  }

  @Override
  public HttpServerResponse framed(HttpServerResponse response) {
    return EventStream.framed(response);
  }

  @Override
  public String toString() {
    return type();
  }
}
