package dev.concert.github.repository;

import com.fasterxml.jackson.databind.JsonNode;
import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import dev.concert.repository.RepositoryMessages.Branch;
import dev.concert.repository.RepositoryMessages.ContentEntry;
import dev.concert.repository.RepositoryMessages.Contents;
import dev.concert.repository.RepositoryMessages.Issue;
import dev.concert.repository.RepositoryMessages.PullRequest;
import dev.concert.repository.RepositoryMessages.Repository;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.function.Function;

/** Shows what GitHub says in the words of the contract. */
final class RepositoryViews {
  private static final int LARGEST_FILE = 512 << 10;

  private RepositoryViews() {}

  static <T> List<T> each(JsonNode all, Function<JsonNode, T> view) {
    List<T> views = new ArrayList<>();
    all.forEach(one -> views.add(view.apply(one)));
    return views;
  }

  static Repository repository(String connectionId, JsonNode one) {
    return new Repository(
        connectionId,
        one.path("owner").path("login").asText(),
        one.path("name").asText(),
        text(one, "description"),
        text(one, "default_branch"),
        one.path("private").asBoolean(),
        one.path("archived").asBoolean(),
        text(one, "html_url"));
  }

  static Branch branch(JsonNode one) {
    return new Branch(
        one.path("name").asText(),
        one.path("commit").path("sha").asText(),
        one.path("protected").asBoolean());
  }

  static PullRequest pull(JsonNode one) {
    return new PullRequest(
        one.path("number").asInt(),
        text(one, "title"),
        text(one, "state"),
        one.path("draft").asBoolean(),
        one.path("user").path("login").asText(),
        one.path("head").path("ref").asText(),
        one.path("base").path("ref").asText(),
        text(one, "html_url"),
        millis(one, "created_at"),
        millis(one, "updated_at"));
  }

  static Issue issue(JsonNode one) {
    return new Issue(
        one.path("number").asInt(),
        text(one, "title"),
        text(one, "state"),
        one.path("user").path("login").asText(),
        // A label is an object, or in old answers its name.
        each(one.path("labels"), label -> label.path("name").asText(label.asText())),
        one.path("comments").asInt(),
        text(one, "html_url"),
        millis(one, "created_at"),
        millis(one, "updated_at"));
  }

  /** A directory is a list. */
  static Contents contents(String path, JsonNode found) {
    if (found.isArray()) {
      return new Contents(
          path, "directory", 0, null, null, null, each(found, RepositoryViews::entry));
    }
    ContentEntry entry = entry(found);
    if (!entry.kind().equals("file")) {
      return new Contents(path, entry.kind(), entry.size(), entry.id(), null, null, null);
    }
    if (entry.size() > LARGEST_FILE || !found.path("encoding").asText().equals("base64")) {
      throw new ConcertException(
          ErrorCode.FILE_TOO_LARGE,
          "%s has %d bytes. Clone the repository to read it.".formatted(path, entry.size()));
    }
    byte[] bytes = Base64.getMimeDecoder().decode(found.path("content").asText());
    try {
      String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
      return new Contents(path, "file", bytes.length, entry.id(), "utf-8", text, null);
    } catch (CharacterCodingException noText) {
      return new Contents(
          path,
          "file",
          bytes.length,
          entry.id(),
          "base64",
          Base64.getEncoder().encodeToString(bytes),
          null);
    }
  }

  private static ContentEntry entry(JsonNode one) {
    String kind = one.path("type").asText();
    return new ContentEntry(
        one.path("name").asText(),
        one.path("path").asText(),
        kind.equals("dir") ? "directory" : kind,
        one.path("size").asLong(),
        one.path("sha").asText());
  }

  private static String text(JsonNode one, String field) {
    return one.path(field).isNull() ? "" : one.path(field).asText();
  }

  private static long millis(JsonNode one, String field) {
    String time = text(one, field);
    return time.isEmpty() ? 0 : Instant.parse(time).toEpochMilli();
  }
}
