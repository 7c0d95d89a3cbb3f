package dev.concert.ensemble.message;

import static dev.concert.ensemble.message.RequestValidator.present;
import static dev.concert.ensemble.message.RequestValidator.require;

import java.util.Set;

/** Validates the options of a request. */
final class OptionValidator {
  /** Fields that Ensemble sets itself: they decide the model, the length and the tools. */
  private static final Set<String> OURS =
      Set.of(
          "model",
          "messages",
          "input",
          "contents",
          "system",
          "instructions",
          "systemInstruction",
          "stream",
          "stream_options",
          "tools",
          "store",
          "background",
          "n",
          "include",
          "previous_response_id",
          "conversation",
          "cachedContent",
          "models",
          "route",
          "plugins",
          "max_tokens",
          "max_completion_tokens",
          "max_output_tokens",
          "generationConfig");

  private OptionValidator() {}

  static void check(InferenceRequest request) {
    ToolChoice choice = request.toolChoice();
    if (choice != null) {
      require(choice.type() != null, "tool_choice.type", "is required");
      boolean named =
          request.offeredTools().stream().anyMatch(tool -> tool.name().equals(choice.name()));
      require(
          choice.type() != ToolChoice.Type.TOOL || named,
          "tool_choice.name",
          "must be the name of an offered tool");
    }
    checkThinking(request.thinking());
    checkFormat(request.responseFormat());
    if (request.providerConfig() != null) {
      request
          .providerConfig()
          .fieldNames()
          .forEachRemaining(
              name ->
                  require(!OURS.contains(name), "provider_config." + name, "cannot be set there"));
    }
  }

  private static void checkThinking(ThinkingOptions thinking) {
    if (thinking != null) {
      require(
          (thinking.effort() == null) != (thinking.budgetTokens() == null),
          "thinking",
          "must have either 'effort' or 'budget_tokens'");
      require(
          thinking.budgetTokens() == null || thinking.budgetTokens() >= 0,
          "thinking.budget_tokens",
          "must not be negative");
    }
  }

  private static void checkFormat(ResponseFormat format) {
    if (format != null) {
      require(format.type() != null, "response_format.type", "is required");
      require(
          format.type() != ResponseFormat.Type.JSON_SCHEMA
              || (format.schema() != null && format.schema().isObject()),
          "response_format.schema",
          "must be a JSON Schema object");
      require(
          format.name() == null || present(format.name()),
          "response_format.name",
          "must not be empty");
    }
  }
}
