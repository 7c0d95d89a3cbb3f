package dev.concert.client;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;

/** Shows a turn. Called by one thread, in the order of the events. */
public interface TurnView {

  /** The session that the turn runs in. */
  void session(String sessionId);

  /** One event of the session while the turn runs. */
  void event(GatewaySocket.Frame frame);

  /** The turn is over; these files were changed by it. */
  void files(List<ChangedFile> files);

  /** The last event of the turn, {@code turn_complete} or {@code turn_error}. */
  void ended(JsonNode event);

  /**
   * A file that the turn changed.
   *
   * @param change what happened to it last
   * @param iterations all it has had, oldest first
   */
  record ChangedFile(String path, String change, List<Iteration> iterations) {}

  /**
   * @param hash content hash, empty for a deletion
   */
  record Iteration(long number, long size, String hash) {}
}
