package dev.concert.github.broker;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.concert.github.api.RepositoryName;
import dev.concert.github.broker.LargeFileAddresses.Use;
import dev.concert.json.Json;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What git asks about files of Git LFS, and what it is answered.
 *
 * <p>Format: https://github.com/git-lfs/git-lfs/blob/main/docs/api/batch.md
 *
 * @param holder of the grant by which it is asked
 * @param forge that is asked, without a final slash
 * @param sizes of the files in bytes, by their names
 * @param reference to which files are written; empty where they are read
 */
record LargeFileQuestion(
    String holder,
    URI forge,
    RepositoryName repository,
    Map<String, Long> sizes,
    Optional<String> reference) {
  /** GitHub takes no larger one with most of its plans. */
  static final long LARGEST = 2L << 30;

  private static final String NAME = "[0-9a-f]{64}";
  private static final int TOO_LARGE = 422;
  private static final String SANDBOX = "http://git.concert/%s.git/info/lfs/objects/%s";

  /**
   * @param asked the body of git's request
   */
  static LargeFileQuestion of(
      GitGrant grant, RepositoryName repository, JsonNode asked, Optional<String> reference) {
    Map<String, Long> sizes = new LinkedHashMap<>();
    for (JsonNode one : asked.path("objects")) {
      String name = one.path("oid").asText();
      if (name.matches(NAME)) {
        sizes.put(name, Math.max(0, one.path("size").asLong()));
      }
    }
    return new LargeFileQuestion(
        grant.holder(), grant.upstream().web(), repository, sizes, reference);
  }

  boolean isUpload() {
    return reference.isPresent();
  }

  private boolean isTooLarge(String object) {
    return isUpload() && sizes.get(object) > LARGEST;
  }

  /** Whether the forge is to be asked at all. */
  boolean isEmpty() {
    return sizes.keySet().stream().allMatch(this::isTooLarge);
  }

  /** For the forge. */
  JsonNode toJson() {
    ObjectNode question =
        Json.MAPPER.createObjectNode().put("operation", isUpload() ? "upload" : "download");
    question.putArray("transfers").add("basic");
    reference.ifPresent(name -> question.putObject("ref").put("name", name));
    ArrayNode objects = question.putArray("objects");
    sizes.forEach(
        (name, size) -> {
          if (!isTooLarge(name)) {
            objects.addObject().put("oid", name).put("size", size);
          }
        });
    return question;
  }

  /**
   * The answer for git, in which each address is one of ours, and of the forge's there is no other
   * field.
   *
   * @param kept gets what the forge said
   * @param login for the forge, a secret
   */
  JsonNode answer(JsonNode said, LargeFileAddresses kept, String login) {
    ObjectNode answer = Json.MAPPER.createObjectNode().put("transfer", "basic");
    ArrayNode objects = answer.putArray("objects");
    for (JsonNode one : said.path("objects")) {
      String name = one.path("oid").asText();
      if (sizes.containsKey(name) && !isTooLarge(name)) {
        answer(one, objects.addObject().put("oid", name), kept, login);
      }
    }
    sizes.keySet().stream()
        .filter(this::isTooLarge)
        .forEach(name -> error(objects.addObject().put("oid", name), TOO_LARGE, tooLarge()));
    return answer;
  }

  private void answer(JsonNode said, ObjectNode shown, LargeFileAddresses kept, String login) {
    String name = said.path("oid").asText();
    shown.put("size", said.path("size").asLong(sizes.get(name)));
    if (said.path("error").isObject()) {
      JsonNode error = said.path("error");
      error(shown, error.path("code").asInt(), error.path("message").asText());
    }
    for (Use use : isUpload() ? List.of(Use.UPLOAD, Use.VERIFY) : List.of(Use.DOWNLOAD)) {
      JsonNode action = said.path("actions").path(use.action());
      if (action.has("href")) {
        kept.put(this, name, use, action, said.path("authenticated").asBoolean(), login);
        shown
            .withObject("actions")
            .putObject(use.action())
            .put("href", address(name) + (use == Use.VERIFY ? "/verify" : ""));
      }
    }
  }

  private static void error(ObjectNode shown, int code, String message) {
    shown.putObject("error").put("code", code).put("message", message);
  }

  private static String tooLarge() {
    return "Files of Git LFS have at most %d GiB here.".formatted(LARGEST >> 30);
  }

  private String address(String object) {
    return SANDBOX.formatted(repository, object);
  }
}
