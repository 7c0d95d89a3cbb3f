package dev.concert.ensemble.compatible;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.concert.ensemble.block.ExactJson;
import dev.concert.ensemble.message.JsonErrorText;
import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.util.function.Predicate;

/** Reads the JSON of vendors' APIs and names what is wrong in it. */
public final class VendorJson {
  private VendorJson() {}

  /**
   * @throws ConcertException {@code INVALID_JSON}
   */
  public static ObjectNode object(Buffer body) {
    return object(body, ExactJson.SENT);
  }

  /** The requests of a batch. */
  public static ObjectNode batch(Buffer body) {
    return object(body, ExactJson.BATCH);
  }

  private static ObjectNode object(Buffer body, ObjectMapper mapper) {
    try {
      if (body != null && mapper.readTree(body.getBytes()) instanceof ObjectNode object) {
        return object;
      }
      throw new ConcertException(ErrorCode.INVALID_JSON, "The body must be one JSON object.");
    } catch (JacksonException e) {
      throw JsonErrorText.notJson(e);
    } catch (IOException e) {
      throw new ConcertException(ErrorCode.INVALID_JSON, "The body cannot be read as JSON.", e);
    }
  }

  public static ObjectNode newObject() {
    return JsonNodeFactory.instance.objectNode();
  }

  /** Copies a field under another name, if present. */
  public static void copy(JsonNode from, String name, ObjectNode to, String otherName) {
    JsonNode value = from.path(name);
    if (!value.isMissingNode() && !value.isNull()) {
      to.set(otherName, value);
    }
  }

  public static void copy(JsonNode from, String name, ObjectNode to) {
    copy(from, name, to, name);
  }

  public static boolean has(JsonNode node, String field) {
    return !node.path(field).isMissingNode() && !node.path(field).isNull();
  }

  /**
   * The value of a field that has to be an object; missing for none and for null.
   *
   * @throws ConcertException naming the field
   */
  public static JsonNode objectIn(JsonNode parent, String name, String path) {
    return ofType(parent, name, path, JsonNode::isObject, "must be an object");
  }

  /** The same for an array. */
  public static JsonNode arrayIn(JsonNode parent, String name, String path) {
    return ofType(parent, name, path, JsonNode::isArray, "must be an array");
  }

  private static JsonNode ofType(
      JsonNode parent, String name, String path, Predicate<JsonNode> type, String rule) {
    if (!has(parent, name)) {
      return MissingNode.getInstance();
    }
    if (!type.test(parent.path(name))) {
      throw wrong(path + name, rule);
    }
    return parent.path(name);
  }

  /**
   * Checks a number of things, if there is one; some clients write 2.0.
   *
   * @throws ConcertException naming the field
   */
  public static void checkCount(JsonNode count, int most, String field) {
    boolean whole = count.isNumber() && count.canConvertToExactIntegral();
    boolean none = count.isMissingNode() || count.isNull();
    if (!none && !(whole && count.asLong() >= 1 && count.asLong() <= most)) {
      throw wrong(field, "must be a whole number from 1 to " + most);
    }
  }

  public static ConcertException wrong(String field, String rule) {
    return new ConcertException(ErrorCode.INVALID_MESSAGE, field + ": " + rule + ".");
  }

  /** Converts a URL, including a {@code data:} URL (RFC 2397), to the source of a block. */
  public static ObjectNode source(String url, String field) {
    ObjectNode source = newObject();
    if (!url.startsWith("data:")) {
      return source.put("type", "url").put("url", url);
    }
    int comma = url.indexOf(',');
    int end = url.indexOf(";base64");
    if (comma < 0 || end < 0 || end > comma) {
      throw wrong(field, "must be a URL, or bytes as data:TYPE;base64,DATA");
    }
    return source
        .put("type", "base64")
        .put("media_type", url.substring("data:".length(), end))
        .put("data", url.substring(comma + 1));
  }

  /** The source of a sound in OpenAI's form: its bytes and the name of their format. */
  public static ObjectNode audioSource(JsonNode audio, String field) {
    return newObject()
        .put(FieldNames.FROM, field + ".data")
        .put("type", "base64")
        .put("media_type", "audio/" + audio.path("format").asText("wav"))
        .put("data", audio.path("data").asText());
  }
}
