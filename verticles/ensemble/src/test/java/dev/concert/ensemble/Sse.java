package dev.concert.ensemble;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.stream.Collectors;

/** An answer of {@code /api/v1/stream} as a client saw it. */
public record Sse(int status, String requestId, List<Event> events, JsonNode body) {

  public record Event(String name, JsonNode data) {}

  public Event last() {
    return events.getLast();
  }

  public List<JsonNode> blocks() {
    return events.stream().filter(e -> e.name().equals("block")).map(Event::data).toList();
  }

  /** Everything of one kind, put together. */
  public String joined(String type) {
    return blocks().stream()
        .filter(block -> block.path("type").asText().equals(type))
        .map(block -> block.path("text").asText())
        .collect(Collectors.joining());
  }

  public List<String> types() {
    return blocks().stream().map(block -> block.path("type").asText()).toList();
  }

  /** The code of a failure, wherever it was told. */
  public String errorCode() {
    return (events.isEmpty() ? body.path("error") : last().data()).path("code").asText();
  }
}
