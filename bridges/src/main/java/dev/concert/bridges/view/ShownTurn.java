package dev.concert.bridges.view;

import com.fasterxml.jackson.databind.JsonNode;
import dev.concert.bridges.platform.ChatCapabilities;
import dev.concert.bridges.platform.ChatText;
import java.util.Map;

/**
 * What a turn looks like in a chat: messages by their keys, in order, made of the turn's events.
 * The same events make the same messages, so a follower that begins again after a crash changes
 * nothing that is there. Not thread-safe.
 */
public sealed interface ShownTurn permits AnswerView, StepsView {
  /** The view that suits a platform. */
  static ShownTurn of(String turnId, ChatCapabilities capabilities) {
    return capabilities.showsSteps()
        ? new StepsView(turnId, capabilities)
        : new AnswerView(turnId, capabilities);
  }

  /** Takes an event of the session; those of other turns change nothing. */
  void add(JsonNode event);

  /** Whether the turn is over. */
  boolean ended();

  /** The messages now, by key, in order. */
  Map<String, ChatText> messages();
}
