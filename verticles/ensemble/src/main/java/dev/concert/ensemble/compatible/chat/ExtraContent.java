package dev.concert.ensemble.compatible.chat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.concert.ensemble.block.Opaque;
import dev.concert.ensemble.block.OpaqueToken;
import java.util.Optional;

/**
 * The opaque payload of a tool call, in the one field of Chat Completions that clients know how to
 * send back: {@code extra_content.google.thought_signature}, as in the API of Chat Completions that
 * Google serves (ai.google.dev/gemini-api/docs/thought-signatures). Clients that do not know it
 * drop it; providers then get the call without its payload.
 */
final class ExtraContent {
  private static final String EXTRA = "extra_content";
  private static final String VENDOR = "google";
  private static final String SIGNATURE = "thought_signature";

  /** Read from conversations in which Ensemble still wrote it. */
  private static final String FORMER = "ensemble_opaque";

  private ExtraContent() {}

  /**
   * @param opaque nullable: the call has no payload
   */
  static void write(ObjectNode call, Opaque opaque) {
    if (opaque != null) {
      call.putObject(EXTRA).putObject(VENDOR).put(SIGNATURE, OpaqueToken.text(opaque));
    }
  }

  static Optional<JsonNode> read(JsonNode call) {
    String signature = call.path(EXTRA).path(VENDOR).path(SIGNATURE).asText();
    return OpaqueToken.read(signature.isEmpty() ? call.path(FORMER).asText() : signature);
  }
}
