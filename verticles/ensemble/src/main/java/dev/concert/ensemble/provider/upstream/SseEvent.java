package dev.concert.ensemble.provider.upstream;

import com.fasterxml.jackson.databind.node.ObjectNode;

/** One server-sent event. Not thread-safe: belongs to the call that reads it. */
public final class SseEvent {
  private final String name;
  private final String data;
  private ObjectNode object;

  /**
   * @param name empty if the server sent none
   */
  public SseEvent(String name, String data) {
    this.name = name;
    this.data = data;
  }

  public String name() {
    return name;
  }

  public String data() {
    return data;
  }

  /**
   * The JSON object in its data; parsed once.
   *
   * @throws dev.concert.error.ConcertException {@code PROVIDER_FAILED} if it is none
   */
  public ObjectNode object(String provider) {
    if (object == null) {
      object = (ObjectNode) MalformedResponse.object(provider, data);
    }
    return object;
  }
}
