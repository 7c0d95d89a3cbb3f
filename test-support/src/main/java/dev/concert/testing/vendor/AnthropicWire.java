package dev.concert.testing.vendor;

import dev.concert.testing.vendor.FakeAnswer.Call;
import dev.concert.testing.vendor.FakeAnswer.Usage;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;

/** Messages API; source: https://platform.claude.com/docs/en/build-with-claude/streaming. */
public final class AnthropicWire implements VendorWire {
  @Override
  public String type() {
    return "anthropic";
  }

  @Override
  public String basePath() {
    return "";
  }

  @Override
  public boolean serves(String path) {
    return path.equals("/v1/messages");
  }

  @Override
  public boolean streams(String path, String body) {
    return new JsonObject(body).getBoolean("stream", false);
  }

  @Override
  public List<String> events(FakeAnswer answer) {
    List<String> events = new ArrayList<>();
    JsonObject begun = message(new JsonArray(), answer.usage(), null);
    begun.getJsonObject("usage").put("output_tokens", 1);
    events.add(Sse.named(event("message_start").put("message", begun)));
    events.add("event: ping\ndata: {\"type\": \"ping\"}\n\n");
    int index = 0;
    if (!answer.signature().isEmpty()) {
      JsonObject empty = block("thinking").put("thinking", "").put("signature", "");
      events.addAll(
          streamed(
              index++,
              empty,
              List.of(
                  block("thinking_delta").put("thinking", answer.thinking()),
                  block("signature_delta").put("signature", answer.signature()))));
    }
    if (!answer.text().isEmpty()) {
      events.addAll(
          streamed(
              index++,
              block("text").put("text", ""),
              answer.text().stream()
                  .map(piece -> block("text_delta").put("text", piece))
                  .toList()));
    }
    for (Call call : answer.calls()) {
      events.addAll(streamed(index++, toolUse(call, new JsonObject()), arguments(call)));
    }
    events.add(
        Sse.named(
            event("message_delta")
                .put("delta", new JsonObject().put("stop_reason", reason(answer)))
                .put("usage", new JsonObject().put("output_tokens", answer.usage().output()))));
    events.add(Sse.named(event("message_stop")));
    return events;
  }

  @Override
  public String whole(FakeAnswer answer) {
    JsonArray content = new JsonArray();
    if (!answer.signature().isEmpty()) {
      content.add(
          block("thinking")
              .put("thinking", answer.thinking())
              .put("signature", answer.signature()));
    }
    if (!answer.text().isEmpty()) {
      content.add(block("text").put("text", String.join("", answer.text())));
    }
    answer.calls().forEach(call -> content.add(toolUse(call, new JsonObject(call.arguments()))));
    return message(content, answer.usage(), reason(answer)).encode();
  }

  @Override
  public String overloadedEvent() {
    return Sse.named(
        event("error").put("error", block("overloaded_error").put("message", "Overloaded")));
  }

  @Override
  public String error(int status, String message) {
    String type =
        switch (status) {
          case 400 -> "invalid_request_error";
          case 401 -> "authentication_error";
          case 403 -> "permission_error";
          case 404 -> "not_found_error";
          case 413 -> "request_too_large";
          case 429 -> "rate_limit_error";
          case 529 -> "overloaded_error";
          default -> "api_error";
        };
    return event("error")
        .put("error", block(type).put("message", message))
        .put("request_id", "req_played")
        .encode();
  }

  @Override
  public String unknownEvent() {
    return Sse.named(event("message_mood").put("mood", "cheerful"));
  }

  private static List<String> streamed(int index, JsonObject begun, List<JsonObject> deltas) {
    List<String> events = new ArrayList<>();
    events.add(
        Sse.named(event("content_block_start").put("index", index).put("content_block", begun)));
    deltas.forEach(
        delta ->
            events.add(
                Sse.named(event("content_block_delta").put("index", index).put("delta", delta))));
    events.add(Sse.named(event("content_block_stop").put("index", index)));
    return events;
  }

  private static List<JsonObject> arguments(Call call) {
    int middle = call.arguments().length() / 2;
    return List.of(
        block("input_json_delta").put("partial_json", ""),
        block("input_json_delta").put("partial_json", call.arguments().substring(0, middle)),
        block("input_json_delta").put("partial_json", call.arguments().substring(middle)));
  }

  private static JsonObject toolUse(Call call, JsonObject input) {
    return block("tool_use").put("id", call.id()).put("name", call.name()).put("input", input);
  }

  private static JsonObject message(JsonArray content, Usage usage, String reason) {
    return block("message")
        .put("id", "msg_played")
        .put("role", "assistant")
        .put("model", "claude-played")
        .put("content", content)
        .put("stop_reason", reason)
        .putNull("stop_sequence")
        .put(
            "usage",
            new JsonObject()
                .put("input_tokens", usage.input())
                .put("cache_read_input_tokens", usage.cached())
                .put("cache_creation_input_tokens", usage.written())
                .put("output_tokens", usage.output()));
  }

  private static String reason(FakeAnswer answer) {
    return answer.calls().isEmpty() ? "end_turn" : "tool_use";
  }

  private static JsonObject event(String type) {
    return block(type);
  }

  private static JsonObject block(String type) {
    return new JsonObject().put("type", type);
  }

  @Override
  public String toString() {
    return type();
  }
}
