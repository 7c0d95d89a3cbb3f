package dev.concert.testing.vendor;

import dev.concert.testing.vendor.FakeAnswer.Call;
import dev.concert.testing.vendor.FakeAnswer.Usage;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;

/** Chat Completions; source: https://platform.openai.com/docs/api-reference/chat/streaming. */
public final class ChatWire implements VendorWire {
  private final String type;

  /**
   * @param type {@code openai-compatible}, {@code xai} or {@code openrouter}
   */
  public ChatWire(String type) {
    this.type = type;
  }

  @Override
  public String type() {
    return type;
  }

  @Override
  public String basePath() {
    return "/v1";
  }

  @Override
  public boolean serves(String path) {
    return path.equals("/v1/chat/completions");
  }

  @Override
  public boolean streams(String path, String body) {
    return new JsonObject(body).getBoolean("stream", false);
  }

  @Override
  public List<String> events(FakeAnswer answer) {
    List<String> events = new ArrayList<>();
    events.add(": OPENROUTER PROCESSING\n\n");
    events.add(delta(new JsonObject().put("role", "assistant").put("content", "")));
    if (!answer.thinking().isEmpty()) {
      events.add(delta(reasoned(new JsonObject(), answer)));
    }
    answer.text().forEach(piece -> events.add(delta(new JsonObject().put("content", piece))));
    for (int i = 0; i < answer.calls().size(); i++) {
      Call call = answer.calls().get(i);
      int middle = call.arguments().length() / 2;
      events.add(callDelta(new JsonObject().put("index", i).put("id", call.id()), call.name(), ""));
      events.add(
          callDelta(new JsonObject().put("index", i), null, call.arguments().substring(0, middle)));
      events.add(
          callDelta(new JsonObject().put("index", i), null, call.arguments().substring(middle)));
    }
    events.add(Sse.data(chunk(choice("delta", new JsonObject(), reason(answer)))));
    events.add(
        Sse.data(
            body("chat.completion.chunk", new JsonArray()).put("usage", usage(answer.usage()))));
    events.add("data: [DONE]\n\n");
    return events;
  }

  /** OpenRouter wants its details back; the others have nothing of the kind. */
  private JsonObject reasoned(JsonObject message, FakeAnswer answer) {
    if (type.equals("openrouter") && !answer.signature().isEmpty()) {
      message.put(
          "reasoning_details",
          new JsonArray()
              .add(
                  new JsonObject()
                      .put("type", "reasoning.text")
                      .put("text", answer.thinking())
                      .put("signature", answer.signature())
                      .put("index", 0)));
    }
    return message.put("reasoning_content", answer.thinking());
  }

  @Override
  public String whole(FakeAnswer answer) {
    JsonObject message =
        new JsonObject().put("role", "assistant").put("content", String.join("", answer.text()));
    if (!answer.thinking().isEmpty()) {
      reasoned(message, answer);
    }
    if (!answer.calls().isEmpty()) {
      JsonArray calls = new JsonArray();
      answer
          .calls()
          .forEach(
              call ->
                  calls.add(
                      new JsonObject()
                          .put("id", call.id())
                          .put("type", "function")
                          .put("function", function(call.name(), call.arguments()))));
      message.put("tool_calls", calls);
    }
    return body("chat.completion", new JsonArray().add(choice("message", message, reason(answer))))
        .put("usage", usage(answer.usage()))
        .encode();
  }

  @Override
  public String overloadedEvent() {
    return Sse.data(
        new JsonObject()
            .put("error", new JsonObject().put("code", 503).put("message", "Provider overloaded")));
  }

  @Override
  public String error(int status, String message) {
    return new JsonObject()
        .put(
            "error",
            new JsonObject()
                .put("message", message)
                .put("type", status == 429 ? "rate_limit_error" : "played")
                .putNull("param")
                .putNull("code"))
        .encode();
  }

  @Override
  public String unknownEvent() {
    return Sse.data(new JsonObject().put("object", "chat.mood").put("choices", new JsonArray()));
  }

  private static String callDelta(JsonObject call, String name, String arguments) {
    if (name != null) {
      call.put("type", "function");
    }
    return delta(
        new JsonObject()
            .put(
                "tool_calls",
                new JsonArray().add(call.put("function", function(name, arguments)))));
  }

  private static JsonObject function(String name, String arguments) {
    JsonObject function = new JsonObject();
    if (name != null) {
      function.put("name", name);
    }
    return function.put("arguments", arguments);
  }

  private static String delta(JsonObject delta) {
    return Sse.data(chunk(choice("delta", delta, null)));
  }

  private static JsonObject chunk(JsonObject choice) {
    return body("chat.completion.chunk", new JsonArray().add(choice));
  }

  private static JsonObject choice(String field, JsonObject content, String reason) {
    return new JsonObject().put("index", 0).put(field, content).put("finish_reason", reason);
  }

  private static JsonObject body(String object, JsonArray choices) {
    return new JsonObject()
        .put("id", "chatcmpl-played")
        .put("object", object)
        .put("model", "played")
        .put("choices", choices);
  }

  private static JsonObject usage(Usage usage) {
    return new JsonObject()
        .put("prompt_tokens", usage.prompt())
        .put("completion_tokens", usage.output())
        .put("total_tokens", usage.prompt() + usage.output())
        .put(
            "prompt_tokens_details",
            new JsonObject()
                .put("cached_tokens", usage.cached())
                .put("cache_write_tokens", usage.written()))
        .put(
            "completion_tokens_details",
            new JsonObject().put("reasoning_tokens", usage.reasoning()));
  }

  private static String reason(FakeAnswer answer) {
    return answer.calls().isEmpty() ? "stop" : "tool_calls";
  }

  @Override
  public String toString() {
    return type();
  }
}
