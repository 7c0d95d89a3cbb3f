package dev.concert.testing.vendor;

import dev.concert.testing.vendor.FakeAnswer.Call;
import dev.concert.testing.vendor.FakeAnswer.Usage;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;

/** Responses; source: https://platform.openai.com/docs/api-reference/responses-streaming. */
public final class ResponsesWire implements VendorWire {
  @Override
  public String type() {
    return "openai";
  }

  @Override
  public String basePath() {
    return "/v1";
  }

  @Override
  public boolean serves(String path) {
    return path.startsWith("/v1/responses");
  }

  @Override
  public boolean streams(String path, String body) {
    return new JsonObject(body).getBoolean("stream", false);
  }

  @Override
  public List<String> events(FakeAnswer answer) {
    List<JsonObject> events = new ArrayList<>();
    JsonArray output = new JsonArray();
    JsonObject begun = response("in_progress", new JsonArray(), answer.usage()).putNull("usage");
    events.add(event("response.created").put("response", begun));
    events.add(event("response.in_progress").put("response", begun));
    if (!answer.signature().isEmpty()) {
      streamReasoning(events, output, answer);
    }
    if (!answer.text().isEmpty()) {
      streamMessage(events, output, answer);
    }
    answer.calls().forEach(call -> streamCall(events, output, call));
    JsonObject completed = response("completed", output, answer.usage());
    events.add(event("response.completed").put("response", completed));
    for (int i = 0; i < events.size(); i++) {
      events.get(i).put("sequence_number", i);
    }
    return events.stream().map(Sse::named).toList();
  }

  @Override
  public String whole(FakeAnswer answer) {
    JsonArray output = new JsonArray();
    if (!answer.signature().isEmpty()) {
      output.add(reasoning(answer));
    }
    if (!answer.text().isEmpty()) {
      output.add(message(String.join("", answer.text())));
    }
    answer.calls().forEach(call -> output.add(call(call, call.arguments(), "completed")));
    return response("completed", output, answer.usage()).encode();
  }

  @Override
  public String overloadedEvent() {
    return Sse.named(
        event("response.failed")
            .put(
                "response",
                response("failed", new JsonArray(), new Usage(0, 0, 0, 0, 0))
                    .put(
                        "error",
                        new JsonObject()
                            .put("code", "server_is_overloaded")
                            .put("message", "Our servers are currently overloaded."))));
  }

  @Override
  public String error(int status, String message) {
    return new JsonObject()
        .put(
            "error",
            new JsonObject()
                .put("message", message)
                .put("type", status < 500 ? "invalid_request_error" : "server_error_played")
                .putNull("param")
                .putNull("code"))
        .encode();
  }

  @Override
  public String unknownEvent() {
    return Sse.named(event("response.mood.changed").put("mood", "cheerful"));
  }

  @Override
  public String toString() {
    return type();
  }

  private static void streamReasoning(
      List<JsonObject> events, JsonArray output, FakeAnswer answer) {
    int index = output.size();
    JsonObject empty = reasoning(answer).put("summary", new JsonArray());
    events.add(added(index, empty));
    events.add(
        event("response.reasoning_summary_part.added")
            .put("item_id", "rs_played")
            .put("output_index", index)
            .put("summary_index", 0)
            .put("part", event("summary_text").put("text", "")));
    events.add(
        event("response.reasoning_summary_text.delta")
            .put("item_id", "rs_played")
            .put("output_index", index)
            .put("summary_index", 0)
            .put("delta", answer.thinking()));
    JsonObject summary = event("summary_text").put("text", answer.thinking());
    events.add(
        event("response.reasoning_summary_text.done")
            .put("item_id", "rs_played")
            .put("output_index", index)
            .put("summary_index", 0)
            .put("text", answer.thinking()));
    events.add(
        event("response.reasoning_summary_part.done")
            .put("item_id", "rs_played")
            .put("output_index", index)
            .put("summary_index", 0)
            .put("part", summary));
    events.add(done(index, reasoning(answer)));
    output.add(reasoning(answer));
  }

  private static void streamMessage(List<JsonObject> events, JsonArray output, FakeAnswer answer) {
    int index = output.size();
    JsonObject whole = message(String.join("", answer.text()));
    JsonObject begun = whole.copy().put("status", "in_progress").put("content", new JsonArray());
    events.add(added(index, begun));
    events.add(
        event("response.content_part.added")
            .put("item_id", "msg_played")
            .put("output_index", index)
            .put("content_index", 0)
            .put("part", part("")));
    answer
        .text()
        .forEach(
            piece ->
                events.add(
                    event("response.output_text.delta")
                        .put("item_id", "msg_played")
                        .put("output_index", index)
                        .put("content_index", 0)
                        .put("delta", piece)));
    events.add(
        event("response.output_text.done")
            .put("item_id", "msg_played")
            .put("output_index", index)
            .put("content_index", 0)
            .put("text", String.join("", answer.text())));
    events.add(
        event("response.content_part.done")
            .put("item_id", "msg_played")
            .put("output_index", index)
            .put("content_index", 0)
            .put("part", part(String.join("", answer.text()))));
    events.add(done(index, whole));
    output.add(whole);
  }

  private static void streamCall(List<JsonObject> events, JsonArray output, Call call) {
    int index = output.size();
    int middle = call.arguments().length() / 2;
    events.add(added(index, call(call, "", "in_progress")));
    for (String piece :
        List.of(call.arguments().substring(0, middle), call.arguments().substring(middle))) {
      events.add(
          event("response.function_call_arguments.delta")
              .put("item_id", "fc_" + call.id())
              .put("output_index", index)
              .put("delta", piece));
    }
    events.add(
        event("response.function_call_arguments.done")
            .put("item_id", "fc_" + call.id())
            .put("output_index", index)
            .put("name", call.name())
            .put("arguments", call.arguments()));
    JsonObject whole = call(call, call.arguments(), "completed");
    events.add(done(index, whole));
    output.add(whole);
  }

  private static JsonObject reasoning(FakeAnswer answer) {
    return event("reasoning")
        .put("id", "rs_played")
        .put("summary", new JsonArray().add(event("summary_text").put("text", answer.thinking())))
        .put("encrypted_content", answer.signature());
  }

  private static JsonObject message(String text) {
    return event("message")
        .put("id", "msg_played")
        .put("status", "completed")
        .put("role", "assistant")
        .put("content", new JsonArray().add(part(text)));
  }

  private static JsonObject part(String text) {
    return event("output_text").put("text", text).put("annotations", new JsonArray());
  }

  private static JsonObject call(Call call, String arguments, String status) {
    return event("function_call")
        .put("id", "fc_" + call.id())
        .put("call_id", call.id())
        .put("name", call.name())
        .put("arguments", arguments)
        .put("status", status);
  }

  private static JsonObject added(int index, JsonObject item) {
    return event("response.output_item.added").put("output_index", index).put("item", item);
  }

  private static JsonObject done(int index, JsonObject item) {
    return event("response.output_item.done").put("output_index", index).put("item", item);
  }

  private static JsonObject response(String status, JsonArray output, Usage usage) {
    return new JsonObject()
        .put("id", "resp_played")
        .put("object", "response")
        .put("created_at", 1_700_000_000)
        .put("status", status)
        .putNull("error")
        .putNull("incomplete_details")
        .put("model", "gpt-played")
        .put("output", output)
        .put(
            "usage",
            new JsonObject()
                .put("input_tokens", usage.prompt())
                .put(
                    "input_tokens_details",
                    new JsonObject()
                        .put("cached_tokens", usage.cached())
                        .put("cache_write_tokens", usage.written()))
                .put("output_tokens", usage.output())
                .put(
                    "output_tokens_details",
                    new JsonObject().put("reasoning_tokens", usage.reasoning()))
                .put("total_tokens", usage.prompt() + usage.output()));
  }

  private static JsonObject event(String type) {
    return new JsonObject().put("type", type);
  }
}
