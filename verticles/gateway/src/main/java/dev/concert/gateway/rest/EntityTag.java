package dev.concert.gateway.rest;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.concert.contract.FileBytes;
import dev.concert.json.Json;
import dev.concert.protocol.ServerEvent;
import dev.concert.protocol.SessionDetails;
import dev.concert.protocol.SessionMeta;
import dev.concert.workspace.RetentionMessages.Retention;
import dev.concert.workspace.WorkspaceMessages.FileWritten;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The strong entity tags (RFC 9110, 8.8.3) of what has a version. Pure and thread-safe. */
public final class EntityTag {
  private static final int BYTES = 12;

  private EntityTag() {}

  /** The tag of what this reply shows; empty where it has no version. */
  public static Optional<String> ofReply(Object reply) {
    return switch (reply) {
      case SessionDetails one -> Optional.of(of(one.session()));
      case ServerEvent.SessionCreated one -> Optional.of(of(one.session()));
      case ServerEvent.SessionUpdated one -> Optional.of(of(one.session()));
      case ServerEvent.SessionArchived one -> Optional.of(of(one.session()));
      case ServerEvent.SessionUnarchived one -> Optional.of(of(one.session()));
      case Retention one -> Optional.of(of(one));
      case FileBytes one -> ofHash(one.hash());
      case FileWritten one -> ofHash(one.hash());
      default -> Optional.empty();
    };
  }

  /** The tag of a file with this content. */
  public static Optional<String> ofHash(String hash) {
    return hash == null || hash.isEmpty() ? Optional.empty() : Optional.of('"' + hash + '"');
  }

  /**
   * What {@code If-Match} names of files: their content hashes, and {@code *} for any. A weak tag
   * is no version of a file.
   */
  public static List<String> hashes(String header) {
    return Stream.of(header.split(","))
        .map(String::strip)
        .filter(one -> one.equals("*") || one.length() > 2 && one.startsWith("\""))
        .map(one -> one.replace("\"", ""))
        .toList();
  }

  public static String of(SessionMeta session) {
    return ofJson(session);
  }

  public static String of(Retention retention) {
    return ofJson(retention);
  }

  private static String ofJson(Object thing) {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(Json.MAPPER.writeValueAsBytes(thing));
      return '"' + HexFormat.of().formatHex(hash, 0, BYTES) + '"';
    } catch (NoSuchAlgorithmException | JsonProcessingException e) {
      throw new IllegalStateException("No entity tag of a " + thing.getClass().getName(), e);
    }
  }

  /**
   * Whether one of the tags of a header is this tag.
   *
   * @param header value of {@code If-Match} or {@code If-None-Match}
   * @param weak whether {@code W/"x"} counts as {@code "x"}, as it does for {@code If-None-Match}
   */
  public static boolean matches(String header, String tag, boolean weak) {
    return Stream.of(header.split(","))
        .map(String::strip)
        .map(one -> weak && one.startsWith("W/") ? one.substring(2) : one)
        .anyMatch(one -> one.equals("*") || one.equals(tag));
  }
}
