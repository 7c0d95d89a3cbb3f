package dev.concert.ensemble.provider.chat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.concert.ensemble.block.OpaqueToken;
import dev.concert.ensemble.message.InferenceRequest;
import dev.concert.ensemble.model.ServedModel;
import java.util.List;
import java.util.Set;

/**
 * The body of {@code POST /chat/completions} for a client of the same API: the client's own, with
 * another name of the model and within the model's limits.
 *
 * <p>Earlier reasoning is in the messages in Ensemble's form; each server gets its own, in its
 * field.
 */
final class OwnChatRequest {
  private static final List<String> LIMITS = List.of("max_tokens", "max_completion_tokens");

  /** Fields of an assistant's message that hold reasoning, or what Ensemble wants back. */
  private static final Set<String> REASONING =
      Set.of("reasoning_content", "reasoning", "reasoning_details");

  private final String provider;
  private final ChatTraits traits;
  private final InferenceRequest request;

  OwnChatRequest(String provider, ChatTraits traits, InferenceRequest request) {
    this.provider = provider;
    this.traits = traits;
    this.request = request;
  }

  ObjectNode body(ServedModel model, ObjectNode client) {
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    body.setAll(client);
    body.put("model", model.upstreamId());
    // Nothing is stored at the vendor.
    body.remove("store");
    stream(body, model.can().streaming() && !mustBeWhole(client));
    body.remove(LIMITS);
    request
        .maxTokensWithin(model.maxOutputTokens())
        .ifPresent(most -> body.put(traits.maxTokensField(), most));
    for (String name : new String[] {"temperature", "top_p", "top_k"}) {
      if (model.can().drops(name)) {
        body.remove(name);
      }
    }
    ArrayNode messages = body.putArray("messages");
    for (int i = 0; i < client.path("messages").size(); i++) {
      messages.add(message(client.path("messages").path(i), i));
    }
    return body;
  }

  /**
   * Servers stream choices and sounds in pieces that only the client can join, and not every format
   * of a sound.
   */
  private boolean mustBeWhole(ObjectNode client) {
    return request.form().field().isPresent() && !client.path("stream").asBoolean();
  }

  private static void stream(ObjectNode body, boolean streaming) {
    body.put("stream", streaming);
    if (!streaming) {
      body.remove("stream_options");
      return;
    }
    ObjectNode options = JsonNodeFactory.instance.objectNode();
    if (body.path("stream_options") instanceof ObjectNode asked) {
      options.setAll(asked);
    }
    // Without it a stream has no token counts.
    body.set("stream_options", options.put("include_usage", true));
  }

  private JsonNode message(JsonNode message, int index) {
    String role = message.path("role").asText();
    if (role.equals("developer") && !traits.knowsDevelopers()) {
      ObjectNode system = JsonNodeFactory.instance.objectNode();
      system.setAll((ObjectNode) message);
      return system.put("role", "system");
    }
    return role.equals("assistant") && isOurs(message) ? assistant(message, index) : message;
  }

  private static boolean isOurs(JsonNode message) {
    boolean ours = REASONING.stream().anyMatch(message::has);
    for (JsonNode call : message.path("tool_calls")) {
      ours |= call.has(OpaqueToken.FIELD) || carriesOurs(call);
    }
    return ours;
  }

  /** Google's own server sends a signature in the same field, and wants it back. */
  private static boolean carriesOurs(JsonNode call) {
    return OpaqueToken.isOurs(call.at("/extra_content/google/thought_signature").asText());
  }

  private static void removeOurs(ObjectNode call) {
    call.remove(OpaqueToken.FIELD);
    if (carriesOurs(call)) {
      call.remove("extra_content");
    }
  }

  private ObjectNode assistant(JsonNode message, int index) {
    ObjectNode own = message.deepCopy();
    own.remove(REASONING);
    own.path("tool_calls").forEach(call -> removeOurs((ObjectNode) call));
    ChatMessages written = new ChatMessages(provider, traits);
    written.add(request.messages().get(index));
    JsonNode theirs = written.written().path(0);
    REASONING.stream()
        .filter(theirs::has)
        .sorted()
        .forEach(field -> own.set(field, theirs.path(field)));
    return own;
  }
}
