package dev.concert.ensemble.message;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.concert.ensemble.block.ToolCall;

/**
 * A custom tool of OpenAI's APIs: its input is a text, not JSON. Other vendors get a function with
 * this text as its only argument.
 *
 * <p>Format: https://platform.openai.com/docs/guides/function-calling#custom-tools
 */
public final class CustomTool {
  private static final String INPUT = "input";

  private CustomTool() {}

  /**
   * The description of the function.
   *
   * @param grammar what the input has to follow; empty for any text
   */
  public static String description(String text, String grammar) {
    return grammar.isEmpty() ? text : text + "\n\nThe input must follow this grammar:\n" + grammar;
  }

  /** The JSON Schema of the function's arguments. */
  public static ObjectNode parameters() {
    ObjectNode parameters = JsonNodeFactory.instance.objectNode().put("type", "object");
    parameters.putObject("properties").putObject(INPUT).put("type", "string");
    parameters.putArray("required").add(INPUT);
    return parameters;
  }

  /** The function's arguments for an input. */
  public static String arguments(String input) {
    return JsonNodeFactory.instance.objectNode().put(INPUT, input).toString();
  }

  /** The input in the arguments that a model has written. */
  public static String input(String arguments) {
    JsonNode parsed = ToolCall.ofText("", "", arguments).arguments();
    return parsed != null && parsed.path(INPUT).isTextual()
        ? parsed.path(INPUT).asText()
        : arguments;
  }
}
