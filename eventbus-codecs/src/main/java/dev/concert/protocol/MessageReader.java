package dev.concert.protocol;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.concert.bus.Json;
import dev.concert.error.ErrorCode;
import dev.concert.error.Problem;
import java.util.Optional;

/** Turns a client's frame into a message, or says what is wrong with it. Thread-safe. */
public final class MessageReader {
  private static final int MAX_REQUEST_ID = 128;

  private MessageReader() {}

  /**
   * @param frame text of one frame, already known to be no larger than {@link
   *     ClientProtocol#MAX_FRAME}
   */
  public static Incoming read(String frame) {
    JsonNode tree;
    try {
      tree = Json.MAPPER.readTree(frame);
    } catch (JsonProcessingException e) {
      return refused(null, ErrorCode.INVALID_JSON, "The frame is not JSON.");
    }
    if (!(tree instanceof ObjectNode object)) {
      return refused(null, ErrorCode.INVALID_JSON, "The frame is not a JSON object.");
    }
    String requestId =
        object.path("requestId").isTextual() ? object.get("requestId").textValue() : null;
    if (requestId != null && requestId.length() > MAX_REQUEST_ID) {
      return invalid(null, "'requestId' must have 1 to 128 characters");
    }
    if (object.hasNonNull("requestId") && requestId == null) {
      return invalid(null, "'requestId' must be a string");
    }
    if (!object.path("type").isTextual()) {
      return invalid(requestId, "'type' is missing");
    }
    return ClientProtocol.row(object.get("type").textValue())
        .map(row -> read(requestId, row, object))
        .orElseGet(() -> invalid(requestId, "'type' names no known message"));
  }

  private static Incoming read(String requestId, ClientProtocol.Row row, ObjectNode object) {
    for (Field field : row.fields()) {
      Optional<String> fault = field.fault(object.get(field.name()));
      if (fault.isPresent()) {
        return invalid(requestId, fault.get());
      }
      if (field.defaultValue() != null && !object.hasNonNull(field.name())) {
        object.set(field.name(), Json.MAPPER.valueToTree(field.defaultValue()));
      }
    }
    try {
      ClientMessage message = Json.MAPPER.treeToValue(object, row.message());
      return faultBetweenFields(message)
          .map(fault -> invalid(requestId, fault))
          .orElseGet(() -> new Incoming.Valid(requestId, row, message));
    } catch (JsonProcessingException e) {
      return invalid(requestId, "'" + row.type() + "' has a field of a wrong type" + at(e));
    }
  }

  private static Optional<String> faultBetweenFields(ClientMessage message) {
    return switch (message) {
      case ClientMessage.AnswerQuestion answer -> faultOf(answer);
      case ClientMessage.RunTurn turn -> faultOf(turn);
      default -> Optional.empty();
    };
  }

  private static Optional<String> faultOf(ClientMessage.AnswerQuestion answer) {
    int given =
        (answer.answers() != null ? 1 : 0)
            + (answer.approved() != null ? 1 : 0)
            + (Boolean.TRUE.equals(answer.dismissed()) ? 1 : 0);
    return given == 1
        ? Optional.empty()
        : Optional.of("exactly one of 'answers', 'approved' and 'dismissed' must be given");
  }

  private static Optional<String> faultOf(ClientMessage.RunTurn turn) {
    if (turn.attachments() == null) {
      return Optional.empty();
    }
    for (ClientMessage.Attachment one : turn.attachments()) {
      if (one == null || one.name() == null || one.mediaType() == null) {
        return Optional.of("each of 'attachments' needs 'name' and 'mediaType'");
      }
      if ((one.dataBase64() == null) == (one.path() == null)) {
        return Optional.of("each of 'attachments' needs either 'dataBase64' or 'path'");
      }
    }
    return Optional.empty();
  }

  private static String at(JsonProcessingException failure) {
    return failure instanceof com.fasterxml.jackson.databind.JsonMappingException mapping
            && !mapping.getPath().isEmpty()
        ? ": '" + mapping.getPath().getFirst().getFieldName() + "'"
        : "";
  }

  private static Incoming invalid(String requestId, String fault) {
    return refused(requestId, ErrorCode.INVALID_MESSAGE, "The message is invalid: " + fault + ".");
  }

  private static Incoming refused(String requestId, ErrorCode code, String message) {
    return new Incoming.Refused(requestId, new Problem(code, message));
  }
}
