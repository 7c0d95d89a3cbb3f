package dev.concert.ensemble.compatible.messages;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.concert.ensemble.block.ExactJson;
import dev.concert.ensemble.block.OpaqueToken;
import dev.concert.ensemble.block.TextBlock;
import dev.concert.ensemble.block.ThinkingBlock;
import dev.concert.ensemble.block.ToolCallBlock;
import dev.concert.ensemble.block.ToolCallStart;
import dev.concert.foundation.http.SseResponse;
import java.util.HashSet;
import java.util.Set;

/**
 * Writes the content blocks of a stream, one at a time: the format allows no two open blocks and
 * none that is opened again.
 *
 * <p>Of tool calls whose pieces are interleaved (Chat Completions allows that) the open one is
 * streamed; the others are sent whole at their end.
 */
final class ContentBlockWriter {
  private final SseResponse events;
  private final Set<String> shown = new HashSet<>();
  private int index = -1;
  private String kind = "";

  ContentBlockWriter(SseResponse events) {
    this.events = events;
  }

  void text(TextBlock text) {
    if (!text.text().isEmpty()) {
      ensure("text", MessagesResponse.object("text").put("text", ""));
      delta(MessagesResponse.object("text_delta").put("text", text.text()));
    }
    if (text.opaque() != null && kind.equals("text")) {
      close();
    }
  }

  void thinking(ThinkingBlock piece) {
    ensure(
        "thinking", MessagesResponse.object("thinking").put("thinking", "").put("signature", ""));
    if (!piece.text().isEmpty()) {
      delta(MessagesResponse.object("thinking_delta").put("thinking", piece.text()));
    }
    if (piece.signature() != null || piece.opaque() != null) {
      delta(
          MessagesResponse.object("signature_delta")
              .put("signature", MessagesResponse.signature(piece)));
      close();
    }
  }

  void call(ToolCallStart begun) {
    boolean busy = kind.startsWith("call ");
    if (busy) {
      // The open call goes on; this one is sent whole at its end.
      return;
    }
    String id = begun.call().id();
    ObjectNode start = MessagesResponse.object("tool_use").put("id", id);
    start.put("name", begun.call().name()).putObject("input");
    if (begun.opaque() != null) {
      start.put("ensemble_opaque", OpaqueToken.text(begun.opaque()));
    }
    ensure("call " + id, start);
    shown.add(id);
  }

  void arguments(String id, String piece) {
    if (kind.equals("call " + id)) {
      delta(MessagesResponse.object("input_json_delta").put("partial_json", piece));
    }
  }

  /** The pieces were already sent, unless another call was open. */
  void wholeCall(ToolCallBlock block) {
    String id = block.call().id();
    if (shown.contains(id)) {
      if (kind.equals("call " + id)) {
        close();
      }
      return;
    }
    close();
    ObjectNode start = MessagesResponse.call(block);
    start.putObject("input");
    ensure("call " + id, start);
    shown.add(id);
    delta(
        MessagesResponse.object("input_json_delta")
            .put("partial_json", block.call().argumentsText()));
    close();
  }

  /** Writes a block that is not streamed. */
  void whole(ObjectNode block) {
    close();
    ensure("whole", block);
    close();
  }

  void close() {
    if (!kind.isEmpty()) {
      events.event(
          "content_block_stop",
          ExactJson.bytes(MessagesResponse.object("content_block_stop").put("index", index)));
      kind = "";
    }
  }

  private void ensure(String wanted, ObjectNode start) {
    if (kind.equals(wanted)) {
      return;
    }
    close();
    kind = wanted;
    index++;
    ObjectNode event = MessagesResponse.object("content_block_start").put("index", index);
    event.set("content_block", start);
    events.event("content_block_start", ExactJson.bytes(event));
  }

  private void delta(ObjectNode delta) {
    ObjectNode event = MessagesResponse.object("content_block_delta").put("index", index);
    event.set("delta", delta);
    events.event("content_block_delta", ExactJson.bytes(event));
  }
}
