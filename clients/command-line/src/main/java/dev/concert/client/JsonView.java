package dev.concert.client;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintStream;
import java.util.List;

/** Prints only the events as they came, one per line. */
public final class JsonView implements TurnView {
  private final PrintStream out;

  public JsonView(PrintStream out) {
    this.out = out;
  }

  @Override
  public void session(String sessionId) {
    // Each event names its session.
  }

  @Override
  public void event(GatewaySocket.Frame frame) {
    out.println(frame.text());
  }

  @Override
  public void files(List<ChangedFile> files) {
    // The events named them.
  }

  @Override
  public void ended(JsonNode event) {
    out.flush();
  }
}
