package dev.concert.gateway.files;

import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;

/** The JSON object that a request has as its body; an empty one where it has none. */
record JsonBody(JsonObject object) {

  static JsonBody of(RoutingContext request) {
    try {
      JsonObject body = request.body().asJsonObject();
      return new JsonBody(body == null ? new JsonObject() : body);
    } catch (DecodeException | ClassCastException e) {
      throw new ConcertException(ErrorCode.INVALID_MESSAGE, "The body is no JSON object.");
    }
  }

  boolean has(String name) {
    return object.containsKey(name);
  }

  /** A field that has to be there, a text or a whole number. */
  String text(String name) {
    Object value = object.getValue(name);
    if (value instanceof String || value instanceof Long || value instanceof Integer) {
      return value.toString();
    }
    throw new ConcertException(
        ErrorCode.INVALID_MESSAGE, "The field '" + name + "' is missing or of the wrong type.");
  }
}
