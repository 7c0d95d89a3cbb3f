package dev.concert.ensemble.compatible.messages;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.concert.ensemble.block.TextBlock;
import dev.concert.ensemble.block.ThinkingBlock;
import dev.concert.ensemble.block.ToolCallBlock;
import dev.concert.ensemble.block.ToolCallStart;
import dev.concert.ensemble.compatible.Carried;
import dev.concert.ensemble.compatible.EventStream;
import java.util.HashSet;
import java.util.Set;

/**
 * The one content block of a stream that is open: this form has no two at a time, and none twice.
 *
 * <p>Calls whose pieces come interleaved (Chat Completions may do that) are streamed as long as
 * they are the open one; the others come whole at their end.
 */
final class OpenBlock {
  private final EventStream events;
  private final Set<String> shown = new HashSet<>();
  private int index = -1;
  private String kind = "";

  OpenBlock(EventStream events) {
    this.events = events;
  }

  void text(TextBlock text) {
    if (!text.text().isEmpty()) {
      ensure("text", MessagesAnswer.object("text").put("text", ""));
      delta(MessagesAnswer.object("text_delta").put("text", text.text()));
    }
    if (text.opaque() != null && kind.equals("text")) {
      close();
    }
  }

  void thinking(ThinkingBlock piece) {
    ensure("thinking", MessagesAnswer.object("thinking").put("thinking", "").put("signature", ""));
    if (!piece.text().isEmpty()) {
      delta(MessagesAnswer.object("thinking_delta").put("thinking", piece.text()));
    }
    if (piece.signature() != null || piece.opaque() != null) {
      delta(
          MessagesAnswer.object("signature_delta")
              .put("signature", MessagesAnswer.signature(piece)));
      close();
    }
  }

  void call(ToolCallStart begun) {
    boolean busy = kind.startsWith("call ");
    if (busy) {
      // The open one may go on; this one is sent whole when it is.
      return;
    }
    String id = begun.call().id();
    ObjectNode start = MessagesAnswer.object("tool_use").put("id", id);
    start.put("name", begun.call().name()).putObject("input");
    if (begun.opaque() != null) {
      start.put("ensemble_opaque", Carried.text(begun.opaque()));
    }
    ensure("call " + id, start);
    shown.add(id);
  }

  void arguments(String id, String piece) {
    if (kind.equals("call " + id)) {
      delta(MessagesAnswer.object("input_json_delta").put("partial_json", piece));
    }
  }

  /** The pieces were sent already, unless they could not be. */
  void wholeCall(ToolCallBlock block) {
    String id = block.call().id();
    if (shown.contains(id)) {
      if (kind.equals("call " + id)) {
        close();
      }
      return;
    }
    close();
    ObjectNode start = MessagesAnswer.call(block);
    start.putObject("input");
    ensure("call " + id, start);
    shown.add(id);
    delta(
        MessagesAnswer.object("input_json_delta")
            .put("partial_json", block.call().argumentsText()));
    close();
  }

  /** A block that is sent in one piece. */
  void whole(ObjectNode block) {
    close();
    ensure("whole", block);
    close();
  }

  void close() {
    if (!kind.isEmpty()) {
      events.event(
          "content_block_stop", MessagesAnswer.object("content_block_stop").put("index", index));
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
    ObjectNode event = MessagesAnswer.object("content_block_start").put("index", index);
    event.set("content_block", start);
    events.event("content_block_start", event);
  }

  private void delta(ObjectNode delta) {
    ObjectNode event = MessagesAnswer.object("content_block_delta").put("index", index);
    event.set("delta", delta);
    events.event("content_block_delta", event);
  }
}
