package dev.concert.platform.command.chat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.concert.client.GatewaySocket;
import dev.concert.client.TurnView;
import java.util.List;
import java.util.function.Consumer;

/**
 * Shows a turn of a chat, which names its session only once.
 *
 * @param begun gets the session of the turn
 */
record ChatView(TurnView turn, Consumer<String> begun) implements TurnView {
  @Override
  public void session(String sessionId) {
    begun.accept(sessionId);
  }

  @Override
  public void event(GatewaySocket.Frame frame) {
    turn.event(frame);
  }

  @Override
  public void files(List<ChangedFile> files) {
    turn.files(files);
  }

  @Override
  public void ended(JsonNode event) {
    turn.ended(event);
  }
}
