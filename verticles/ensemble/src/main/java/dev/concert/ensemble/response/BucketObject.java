package dev.concert.ensemble.response;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.github.luben.zstd.Zstd;
import dev.concert.ensemble.access.TokenHash;
import dev.concert.ensemble.block.ExactJson;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/**
 * A stored response in a bucket: JSON compressed with Zstandard. Each owner has a folder, in which
 * {@code r/} has the responses, {@code i/} has an object for each item of an answer, which names
 * its response, and {@code a/} has the answers of the native API.
 *
 * @param stored when; in milliseconds since the epoch
 */
record BucketObject(Instant stored, RecordedResponse response) {
  /** Of all keys. */
  static final String PREFIX = "ensemble/responses/";

  private static final String STORED = "stored_ms";
  private static final String PREVIOUS = "previous";
  private static final String EARLIER = "earlier";
  private static final String INPUT = "input";
  private static final String RESPONSE = "response";

  byte[] encode() {
    ObjectNode body = JsonNodeFactory.instance.objectNode().put(STORED, stored.toEpochMilli());
    response.previous().ifPresent(id -> body.put(PREVIOUS, id));
    ArrayNode earlier = body.putArray(EARLIER);
    response.earlier().forEach(earlier::add);
    body.set(INPUT, response.input());
    body.set(RESPONSE, response.response());
    return Zstd.compress(ExactJson.text(body).getBytes(StandardCharsets.UTF_8));
  }

  static BucketObject decode(byte[] bytes) {
    try {
      JsonNode body =
          ExactJson.MAPPER.readTree(
              Zstd.decompress(bytes, Math.toIntExact(Zstd.getFrameContentSize(bytes))));
      return new BucketObject(
          Instant.ofEpochMilli(body.path(STORED).asLong()),
          new RecordedResponse(
              Optional.of(body.path(PREVIOUS)).filter(JsonNode::isTextual).map(JsonNode::asText),
              texts(body.path(EARLIER)),
              (ArrayNode) body.path(INPUT),
              (ObjectNode) body.path(RESPONSE)));
    } catch (IOException e) {
      throw new UncheckedIOException("A stored response in the bucket cannot be read", e);
    }
  }

  private static List<String> texts(JsonNode list) {
    List<String> texts = new ArrayList<>();
    list.forEach(text -> texts.add(text.asText()));
    return texts;
  }

  /** Where everything of an owner lies, with a slash at its end. */
  static String folder(String customer, String owner) {
    return ofCustomer(customer) + encoded(owner) + "/";
  }

  /** How the folders of all owners of a customer begin. */
  static String ofCustomer(String customer) {
    return PREFIX + encoded(customer) + ".";
  }

  /** The id of the owner whose folder has this name, below {@link #PREFIX}. */
  static String ownerOf(String folder) {
    String name = folder.substring(folder.indexOf('.') + 1, folder.length() - 1);
    return new String(Base64.getUrlDecoder().decode(name), StandardCharsets.UTF_8);
  }

  static String key(String folder, String id) {
    return folder + "r/" + TokenHash.of(id).hex();
  }

  static String itemKey(String folder, String itemId) {
    return folder + "i/" + TokenHash.of(itemId).hex();
  }

  static String answerKey(String folder, String requestId) {
    return folder + "a/" + TokenHash.of(requestId).hex();
  }

  private static String encoded(String name) {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(name.getBytes(StandardCharsets.UTF_8));
  }
}
