package dev.concert.agentevent;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.concert.error.ErrorCode;
import dev.concert.json.Json;
import dev.concert.protocol.ServerEvent;
import dev.concert.protocol.ServerEvent.UsageTotals;
import dev.concert.protocol.ServerProtocol;
import dev.concert.protocol.ServerProtocol.Row;
import java.lang.reflect.RecordComponent;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Maps the events that an agent sends to the events that a client receives. Pure; driven by the
 * table {@link ServerProtocol}.
 *
 * <p>The name of an event is looked for in {@code content.event_type}, then in {@code messageType}.
 * An unknown name with text is a {@code text_delta}; without text it is nothing. A piece of text
 * that is empty is nothing.
 */
public final class AgentEventMapper {
  /** A passage that is complete. Its text was streamed before, so it shows nothing. */
  private static final String TEXT_FINAL = "text_final";

  private static final String CODE_BLOCK = "code_block";
  private static final SnakeCaseStrategy SNAKE_CASE = new SnakeCaseStrategy();
  private static final ObjectMapper SNAKE_MAPPER =
      Json.MAPPER.copy().setPropertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE);

  private AgentEventMapper() {}

  /** Whether an agent event has this name. */
  public static boolean knows(String name) {
    return TEXT_FINAL.equals(name)
        || CODE_BLOCK.equals(name)
        || ServerProtocol.rowSaidAs(name).isPresent();
  }

  /**
   * The client event of an agent event.
   *
   * @param messageType the name outside of the content; null when there is none
   * @param content the event's fields, in snake_case; null when there are none
   * @throws IllegalArgumentException when a field is missing or does not fit; the message is the
   *     field's name
   */
  public static Optional<ServerEvent> map(String messageType, JsonNode content) {
    JsonNode fields = content == null ? JsonNodeFactory.instance.objectNode() : content;
    String own = fields.path("event_type").textValue();
    String name = knows(own) ? own : messageType;
    if (TEXT_FINAL.equals(name)) {
      return Optional.empty();
    }
    if (CODE_BLOCK.equals(name)) {
      return Optional.of(codeBlock(fields));
    }
    Optional<Row> row = ServerProtocol.rowSaidAs(name);
    // The messageType "update" is an envelope: a new event_type in it is not a wrong text_delta.
    boolean unknown = row.isEmpty() || own != null && !knows(own) && isTextDelta(row.get());
    return unknown ? fallback(fields) : known(row.get(), fields);
  }

  private static boolean isTextDelta(Row row) {
    return row.event() == ServerEvent.TextDelta.class;
  }

  private static Optional<ServerEvent> fallback(JsonNode fields) {
    String text = fields.isTextual() ? fields.textValue() : fields.path("text").textValue();
    return text == null || text.isEmpty()
        ? Optional.empty()
        : Optional.of(new ServerEvent.TextDelta(text));
  }

  private static Optional<ServerEvent> known(Row row, JsonNode fields) {
    for (String field : row.required()) {
      String snake = SNAKE_CASE.translate(field);
      if (!fields.hasNonNull(snake)) {
        throw new IllegalArgumentException(snake);
      }
    }
    ServerEvent event = completed(decode(row, fields), fields);
    return row.merge().filter(merge -> isEmpty(merge.textOf(event))).isPresent()
        ? Optional.empty()
        : Optional.of(event);
  }

  private static boolean isEmpty(String text) {
    return text == null || text.isEmpty();
  }

  private static ServerEvent decode(Row row, JsonNode fields) {
    try {
      return SNAKE_MAPPER.treeToValue(textual(row, fields), row.event());
    } catch (JsonMappingException e) {
      String field =
          e.getPath().isEmpty() ? row.type() : String.valueOf(e.getPath().getLast().getFieldName());
      throw new IllegalArgumentException(field, e);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(row.type(), e);
    }
  }

  /** Fields that are text for clients, but that the agent filled with an object or a list. */
  private static JsonNode textual(Row row, JsonNode fields) {
    if (!(fields instanceof ObjectNode object)) {
      return JsonNodeFactory.instance.objectNode();
    }
    ObjectNode changed = null;
    for (RecordComponent component : row.event().getRecordComponents()) {
      String name = SNAKE_CASE.translate(component.getName());
      JsonNode value = object.get(name);
      if (component.getType() == String.class && value != null && value.isContainerNode()) {
        changed = changed == null ? object.objectNode().setAll(object) : changed;
        changed.put(name, value.toString());
      }
    }
    return changed == null ? object : changed;
  }

  /** What an agent may leave out. */
  private static ServerEvent completed(ServerEvent event, JsonNode fields) {
    return switch (event) {
      case ServerEvent.TurnComplete end ->
          new ServerEvent.TurnComplete(
              Objects.requireNonNullElse(end.finalText(), fields.path("text").asText("")),
              Objects.requireNonNullElse(end.stopReason(), "end"),
              UsageTotals.NONE);
      case ServerEvent.TurnError error ->
          new ServerEvent.TurnError(
              Objects.requireNonNullElse(error.code(), ErrorCode.AGENT_ERROR.name()),
              Objects.requireNonNullElse(error.message(), "The agent gave no reason."),
              error.retryable(),
              error.details());
      case ServerEvent.ToolResult result when result.output() == null ->
          new ServerEvent.ToolResult(
              result.toolCallId(), "", result.truncated(), result.durationMs());
      case ServerEvent.QuestionRequested question when question.questions() == null ->
          new ServerEvent.QuestionRequested(question.questionId(), List.of());
      case ServerEvent.UsageContext usage ->
          new ServerEvent.UsageContext(
              usage.usedTokens(),
              usage.maxTokens(),
              usage.maxTokens() > 0 ? (double) usage.usedTokens() / usage.maxTokens() : 0);
      default -> event;
    };
  }

  private static ServerEvent codeBlock(JsonNode fields) {
    if (!fields.hasNonNull("text")) {
      throw new IllegalArgumentException("text");
    }
    return new ServerEvent.TextDelta(
        "```"
            + fields.path("language").asText("")
            + "\n"
            + fields.get("text").asText()
            + "\n```\n");
  }
}
