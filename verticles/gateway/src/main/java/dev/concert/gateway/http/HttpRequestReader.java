package dev.concert.gateway.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BigIntegerNode;
import com.fasterxml.jackson.databind.node.BinaryNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.concert.contract.ApiOperation;
import dev.concert.contract.ApiRequestReader;
import dev.concert.contract.ContractTable;
import dev.concert.contract.Field;
import dev.concert.contract.HttpRoute;
import dev.concert.contract.WireProtocol;
import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import dev.concert.gateway.projection.EventProjection;
import dev.concert.gateway.projection.WebSocketProtocol;
import dev.concert.gateway.rest.EventStreams;
import dev.concert.json.Json;
import dev.concert.protocol.ClientMessage;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.RoutingContext;
import java.math.BigInteger;
import java.net.URI;
import java.net.URISyntaxException;

/**
 * Collects the fields of an operation from the path, the query and the body of an HTTP request. The
 * contract table then checks them, as it does those of a frame.
 */
final class HttpRequestReader {
  private static final String NUMBER = "-?\\d{1,40}";

  private HttpRequestReader() {}

  /**
   * @throws ConcertException {@code INVALID_MESSAGE}, which names the field
   */
  static <Q extends ClientMessage> Q read(ApiOperation<Q, ?> operation, RoutingContext request) {
    ObjectNode fields = Json.MAPPER.createObjectNode();
    HttpRoute route = operation.http().orElseThrow();
    for (Field field : operation.fields()) {
      if (route.parameters().contains(field.name())) {
        boolean isRest = field.name().equals(route.rest());
        fields.set(
            field.name(), value(field, isRest ? rest(request) : request.pathParam(field.name())));
      }
    }
    for (Field field : operation.queryFields()) {
      String text = request.queryParams().get(field.name());
      if (text != null) {
        fields.set(field.name(), value(field, text));
      }
    }
    if (EventStreams.isWanted(operation, request) && operation == ContractTable.GET_EVENTS) {
      EventStreams.lastEventId(request).ifPresent(last -> fields.put("afterSeq", last));
    }
    operation.bodyField().ifPresent(field -> fields.set(field.name(), bytes(request)));
    if (!operation.jsonFields().isEmpty() && route.method() != HttpRoute.Method.GET) {
      JsonNode body = json(request);
      for (Field field : operation.jsonFields()) {
        if (body.has(field.name())) {
          fields.set(field.name(), body.get(field.name()));
        }
      }
    }
    return ApiRequestReader.read(operation, fields);
  }

  /**
   * The protocol in which the caller wants events: {@code ?protocol=2}, or version 1.
   *
   * @throws ConcertException {@code PROTOCOL_VERSION_MISMATCH}
   */
  static EventProjection protocol(RoutingContext request) {
    String version = request.queryParams().get("protocol");
    if (version == null) {
      return WebSocketProtocol.VERSION_1;
    }
    return WireProtocol.VERSIONS.stream()
        .filter(one -> version.equals(Integer.toString(one)))
        .map(WebSocketProtocol::ofVersion)
        .findFirst()
        .orElseThrow(
            () ->
                new ConcertException(
                    ErrorCode.PROTOCOL_VERSION_MISMATCH,
                    "This server speaks the versions " + WireProtocol.VERSIONS + "."));
  }

  /** The rest of the path, which is not decoded yet. */
  private static String rest(RoutingContext request) {
    // Begins so that no part of it can be taken for a scheme or a host.
    String encoded = "./" + request.pathParam("*");
    try {
      return new URI(encoded).getPath().substring(2);
    } catch (URISyntaxException e) {
      throw new ConcertException(
          ErrorCode.INVALID_MESSAGE, "The path of the file is not encoded as in a URL.", e);
    }
  }

  private static JsonNode value(Field field, String text) {
    boolean isNumber = field.kind() == Field.Kind.INTEGER && text.matches(NUMBER);
    boolean isFlag = field.kind() == Field.Kind.BOOLEAN && text.matches("true|false");
    return isNumber
        ? BigIntegerNode.valueOf(new BigInteger(text))
        : isFlag ? BooleanNode.valueOf(text.equals("true")) : TextNode.valueOf(text);
  }

  private static JsonNode bytes(RoutingContext request) {
    Buffer body = request.body().buffer();
    return BinaryNode.valueOf(body == null ? new byte[0] : body.getBytes());
  }

  private static JsonNode json(RoutingContext request) {
    Buffer body = request.body().buffer();
    if (body == null || body.length() == 0) {
      return Json.MAPPER.createObjectNode();
    }
    try {
      JsonNode tree = Json.MAPPER.readTree(body.getBytes());
      if (tree.isObject()) {
        return tree;
      }
    } catch (JsonProcessingException e) {
      throw notAnObject(e);
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException("A buffer in memory cannot be read", e);
    }
    throw notAnObject(null);
  }

  private static ConcertException notAnObject(Throwable cause) {
    return new ConcertException(ErrorCode.INVALID_MESSAGE, "The body is not a JSON object.", cause);
  }
}
