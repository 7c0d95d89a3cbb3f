package dev.concert.ensemble.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.concert.ensemble.message.FinishReason;
import dev.concert.json.Json;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;

/** Plays the coding agent's loop with tools on a folder that is only a map. */
final class ToyAgent {
  private static final List<String> TOOLS =
      List.of("read_file", "write_file", "edit_file", "list_files", "search", "bash", "ask_user");
  private static final int MOST_STEPS = 10;

  private final Vertx vertx;
  private final ArrayNode messages = Json.MAPPER.createArrayNode();
  private final List<String> tools;
  final Map<String, String> files = new TreeMap<>();
  final List<String> calls = new ArrayList<>();
  final List<String> texts = new ArrayList<>();
  final List<DemoAnswer> answers = new ArrayList<>();
  Function<String, String> shell = command -> "(no output)";
  Function<JsonNode, String> person = question -> "blue";

  ToyAgent(Vertx vertx) {
    this(vertx, TOOLS);
  }

  ToyAgent(Vertx vertx, List<String> tools) {
    this.vertx = vertx;
    this.tools = tools;
    message("system").put("content", "You are a coding agent.");
  }

  /** One turn; the answer is the text after the last tool call. */
  String turn(String request) {
    message("user").put("content", request);
    for (int step = 0; step < MOST_STEPS; step++) {
      DemoAnswer answer = DemoAnswer.to(vertx, body());
      answers.add(answer);
      message("assistant").putArray("content_blocks").addAll(answer.blocks());
      texts.add(answer.text());
      if (answer.outcome().finishReason() != FinishReason.TOOL_USE) {
        return texts.getLast();
      }
      for (JsonNode block : answer.blocks()) {
        if (block.path("type").asText().equals("tool_call")) {
          run(block.path("tool_call"));
        }
      }
    }
    throw new AssertionError("The demo model does not come to an end: " + calls);
  }

  private ObjectNode body() {
    ObjectNode body = Json.MAPPER.createObjectNode().put("model", "demo").put("max_tokens", 4096);
    body.set("messages", messages);
    ArrayNode offered = body.putArray("tools");
    for (String tool : tools) {
      offered.addObject().put("name", tool).put("description", tool).putObject("parameters");
    }
    return body;
  }

  private ObjectNode message(String role) {
    return messages.addObject().put("role", role);
  }

  private void run(JsonNode call) {
    JsonNode arguments = call.path("arguments");
    String name = call.path("name").asText();
    calls.add(name + " " + arguments.path("path").asText(arguments.path("command").asText("")));
    message("tool")
        .put("tool_call_id", call.path("id").asText())
        .put("content", result(name, arguments));
  }

  private String result(String tool, JsonNode arguments) {
    String path = arguments.path("path").asText();
    return switch (tool) {
      case "write_file" -> {
        files.put(path, arguments.path("content").asText());
        yield "Wrote " + path + ".";
      }
      case "read_file" ->
          files.containsKey(path) ? shown(files.get(path)) : "Error: there is no file " + path;
      case "edit_file" -> edit(path, arguments);
      case "list_files" ->
          files.isEmpty() ? "(the folder is empty)" : String.join("\n", files.keySet());
      case "search" -> "a.txt:1: " + arguments.path("pattern").asText();
      case "bash" -> shell.apply(arguments.path("command").asText());
      case "ask_user" -> person.apply(arguments);
      default -> "Error: there is no tool " + tool;
    };
  }

  /** As the coding agent shows a file: behind line numbers. */
  private static String shown(String text) {
    if (text.isEmpty()) {
      return "(the file is empty)";
    }
    String[] lines = text.split("\n");
    StringBuilder shown = new StringBuilder();
    for (int i = 0; i < lines.length; i++) {
      shown.append("%6d\t%s%s".formatted(i + 1, lines[i], i < lines.length - 1 ? "\n" : ""));
    }
    return shown.toString();
  }

  private String edit(String path, JsonNode arguments) {
    String before = arguments.path("old_string").asText();
    String text = files.get(path);
    if (text == null) {
      return "Error: there is no file " + path;
    }
    int found = text.split(java.util.regex.Pattern.quote(before), -1).length - 1;
    if (found == 0) {
      return "Error: old_string does not occur in " + path;
    }
    if (found > 1) {
      return "Error: old_string occurs %d times in %s".formatted(found, path);
    }
    files.put(path, text.replace(before, arguments.path("new_string").asText()));
    return "Edited " + path + ".";
  }
}
