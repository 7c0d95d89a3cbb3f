package dev.concert.ensemble.message;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.concert.ensemble.block.OpaqueToken;
import java.util.Optional;

/**
 * A summary that takes the place of a long conversation. Clients keep it in a field that they do
 * not read, and send it back with what was said after it.
 */
public record ConversationSummary(String text) {
  private static final String FIELD = "summary";

  /** What a client keeps. */
  public String token() {
    return OpaqueToken.text(JsonNodeFactory.instance.objectNode().put(FIELD, text));
  }

  /** Reads what {@link #token} wrote; empty for a text that Ensemble did not make. */
  public static Optional<ConversationSummary> of(String token) {
    return OpaqueToken.read(token)
        .map(carried -> carried.path(FIELD))
        .filter(JsonNode::isTextual)
        .map(summary -> new ConversationSummary(summary.asText()));
  }

  /** The message of the user that tells a model what it says. */
  public String asMessage() {
    return "The conversation so far was longer than the context. Another model has summarized it."
        + " Go on from this summary and do not repeat work that is done.\n\n"
        + text;
  }
}
