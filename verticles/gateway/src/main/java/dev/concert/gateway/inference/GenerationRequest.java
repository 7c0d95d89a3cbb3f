package dev.concert.gateway.inference;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/**
 * A request to a model.
 *
 * @param model its id; the default model where it is empty
 * @param maxTokens the most tokens of the answer
 * @param temperature 0 to 2
 */
public record GenerationRequest(
    Optional<String> model,
    List<Message> messages,
    OptionalInt maxTokens,
    OptionalDouble temperature) {

  /**
   * @param role {@code system}, {@code user} or {@code assistant}
   */
  public record Message(String role, String content) {}

  /** The body of the HTTP request. */
  JsonObject json(String defaultModel) {
    JsonArray list = new JsonArray();
    messages.forEach(
        message ->
            list.add(
                new JsonObject().put("role", message.role()).put("content", message.content())));
    JsonObject json =
        new JsonObject().put("model", model.orElse(defaultModel)).put("messages", list);
    maxTokens.ifPresent(most -> json.put("max_tokens", most));
    temperature.ifPresent(value -> json.put("temperature", value));
    return json;
  }
}
