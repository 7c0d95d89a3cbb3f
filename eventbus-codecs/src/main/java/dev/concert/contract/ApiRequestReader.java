package dev.concert.contract;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import dev.concert.error.Problem;
import dev.concert.json.Json;
import dev.concert.protocol.ClientMessage;
import java.io.IOException;
import java.util.Optional;

/**
 * Turns JSON into a request record, or says which field is wrong. Every transport reads through
 * {@link #read(ApiOperation, ObjectNode)}, so that a bound holds on all of them. Thread-safe.
 */
public final class ApiRequestReader {
  private ApiRequestReader() {}

  /**
   * Reads a frame of the WebSocket.
   *
   * @param frame text of one frame, already known to be no larger than {@link
   *     WireProtocol#MAX_FRAME}
   */
  public static ClientFrame read(String frame) {
    JsonNode tree;
    try {
      tree = Json.MAPPER.readTree(frame);
    } catch (JsonProcessingException e) {
      return refused(ErrorCode.INVALID_JSON, "The frame is not JSON.");
    }
    if (!(tree instanceof ObjectNode object)) {
      return refused(ErrorCode.INVALID_JSON, "The frame is not a JSON object.");
    }
    JsonNode requestId = object.path("requestId");
    if (requestId.isTextual() && requestId.textValue().length() > WireProtocol.MAX_REQUEST_ID) {
      return invalid(
          "'requestId' must have at most " + WireProtocol.MAX_REQUEST_ID + " characters");
    }
    if (object.hasNonNull("requestId") && !requestId.isTextual()) {
      return invalid("'requestId' must be a string");
    }
    return read(Optional.ofNullable(requestId.textValue()), object);
  }

  /**
   * The request id of a frame that is not read any further; empty where it has none that may be
   * echoed.
   *
   * @param frame as for {@link #read(String)}
   */
  public static Optional<String> requestId(String frame) {
    try (JsonParser parser = Json.MAPPER.createParser(frame)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        return Optional.empty();
      }
      Optional<String> found = Optional.empty();
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        boolean isId = parser.currentName().equals("requestId");
        if (parser.nextToken() == JsonToken.VALUE_STRING && isId) {
          found =
              Optional.of(parser.getText())
                  .filter(id -> id.length() <= WireProtocol.MAX_REQUEST_ID);
        }
        parser.skipChildren();
      }
      return found;
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private static ClientFrame read(Optional<String> requestId, ObjectNode object) {
    try {
      if (!object.path("type").isTextual()) {
        throw invalidMessage("'type' is missing");
      }
      ApiOperation<? extends ClientMessage, ?> operation =
          ContractTable.ofType(object.get("type").textValue())
              .orElseThrow(() -> invalidMessage("'type' names no known message"));
      return new ClientFrame.Valid(requestId, operation, read(operation, object));
    } catch (ConcertException refusal) {
      return new ClientFrame.Refused(requestId, refusal.problem());
    }
  }

  /**
   * The request that these fields make. Fields that the operation does not have are ignored.
   *
   * @param object changed by this: defaults are filled in
   * @throws ConcertException {@code INVALID_MESSAGE}, which names the field
   */
  public static <Q extends ClientMessage> Q read(ApiOperation<Q, ?> operation, ObjectNode object) {
    for (Field field : operation.fields()) {
      field
          .fault(object.get(field.name()))
          .ifPresent(
              fault -> {
                throw invalidMessage(fault);
              });
      if (field.defaultValue() != null && !object.hasNonNull(field.name())) {
        object.set(field.name(), Json.MAPPER.valueToTree(field.defaultValue()));
      }
    }
    Q request = record(operation, object);
    operation
        .faultBetweenFields(request)
        .ifPresent(
            fault -> {
              throw invalidMessage(fault);
            });
    return request;
  }

  private static <Q extends ClientMessage> Q record(
      ApiOperation<Q, ?> operation, ObjectNode object) {
    try {
      return Json.MAPPER.treeToValue(object, operation.request());
    } catch (JsonProcessingException e) {
      throw invalidMessage("'" + operation.name() + "' has a field of a wrong type" + at(e));
    }
  }

  private static String at(JsonProcessingException failure) {
    return failure instanceof JsonMappingException mapping && !mapping.getPath().isEmpty()
        ? ": '" + mapping.getPath().getFirst().getFieldName() + "'"
        : "";
  }

  private static ConcertException invalidMessage(String fault) {
    return new ConcertException(
        ErrorCode.INVALID_MESSAGE, "The message is invalid: " + fault + ".");
  }

  private static ClientFrame invalid(String fault) {
    return new ClientFrame.Refused(Optional.empty(), invalidMessage(fault).problem());
  }

  private static ClientFrame refused(ErrorCode code, String message) {
    return new ClientFrame.Refused(Optional.empty(), new Problem(code, message));
  }
}
