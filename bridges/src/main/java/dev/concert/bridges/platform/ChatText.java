package dev.concert.bridges.platform;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.concert.json.Json;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/**
 * A message of ours, before it has a platform's form.
 *
 * @param text in Markdown, no longer than the platform allows
 * @param buttons below it; empty for none
 * @param onlyFor the person who alone may see it; null for all in the conversation
 * @param replyTo the event that it answers, in the platform's own form; null for none
 * @param stage what it is in the course of a turn; for platforms that show the steps of a turn
 * @param file that is sent in place of the text; null for none
 * @param said of a text that grows, the part which stays: without what the agent does now; null for
 *     a text that is whole, or where the platform makes no difference
 * @param doing of a text that grows, what the agent does now, in words; null where {@code said} is
 * @param reader of a text that grows, the platform's id of who asked for it; null for nobody
 */
public record ChatText(
    String text,
    List<Button> buttons,
    String onlyFor,
    String replyTo,
    Stage stage,
    WorkspaceFile file,
    String said,
    String doing,
    String reader) {
  private static final int SHORT_BYTES = 12;

  public ChatText {
    // Messages that an older version stored have none.
    stage = stage == null ? Stage.DONE : stage;
  }

  /**
   * A file of a session's workspace.
   *
   * @param userId the member in whose name it is read; null until that is known
   */
  public record WorkspaceFile(String sessionId, String userId, String path) {
    /** Without its folders. */
    public String name() {
      return path.substring(path.lastIndexOf('/') + 1);
    }
  }

  /** A file, and no text. */
  public static ChatText of(WorkspaceFile file) {
    return new ChatText("", List.of(), null, null, Stage.DONE, file);
  }

  /** The same; its file, if there is one, is read in the name of this member. */
  public ChatText readBy(String userId) {
    return file == null
        ? this
        : new ChatText(
            text,
            buttons,
            onlyFor,
            replyTo,
            stage,
            new WorkspaceFile(file.sessionId(), userId, file.path()));
  }

  /** The same; while it grows, it is for this person. */
  public ChatText askedBy(String sender) {
    return said == null || sender.isEmpty()
        ? this
        : new ChatText(text, buttons, onlyFor, replyTo, stage, file, said, doing, sender);
  }

  /** What a message is in the course of a turn. */
  public enum Stage {
    /** Something on the way; more comes. */
    WORKING,
    /** A tool: its name, a line with the arguments, and what it said, once it has. */
    ACTION,
    /** What the agent wants to do, as a task list of Markdown: replaces the plan of before. */
    PLAN,
    /** A person has to do something first. */
    ASKING,
    /** The answer. */
    DONE,
    /** It did not work. */
    FAILED
  }

  /**
   * A button.
   *
   * @param value what comes back when somebody presses it
   * @param isPrimary whether it is the one that most people press
   */
  public record Button(String label, String value, boolean isPrimary) {
    /** Stands for the value where a platform brings back a few bytes only. */
    public String shortName() {
      try {
        byte[] hash =
            MessageDigest.getInstance("SHA-256").digest(value.getBytes(StandardCharsets.UTF_8));
        return "#" + HexFormat.of().formatHex(hash, 0, SHORT_BYTES);
      } catch (NoSuchAlgorithmException e) {
        throw new LinkageError("Every Java platform has SHA-256", e);
      }
    }
  }

  /** It is whole. */
  public ChatText(
      String text,
      List<Button> buttons,
      String onlyFor,
      String replyTo,
      Stage stage,
      WorkspaceFile file) {
    this(text, buttons, onlyFor, replyTo, stage, file, null, null, null);
  }

  /** Without a file. */
  public ChatText(String text, List<Button> buttons, String onlyFor, String replyTo, Stage stage) {
    this(text, buttons, onlyFor, replyTo, stage, null);
  }

  public ChatText(String text, List<Button> buttons, String onlyFor, String replyTo) {
    this(text, buttons, onlyFor, replyTo, Stage.DONE, null);
  }

  /** It answers no event of its own. */
  public ChatText(String text, List<Button> buttons, String onlyFor) {
    this(text, buttons, onlyFor, null);
  }

  /** A text for all. */
  public static ChatText of(String text) {
    return new ChatText(text, List.of(), null);
  }

  /**
   * A text for all that grows.
   *
   * @param said so far
   * @param doing what the agent does now; empty for nothing
   */
  public static ChatText growing(String said, String doing) {
    String status = doing.isEmpty() ? "" : "_" + doing + "_";
    String text = said.isEmpty() || status.isEmpty() ? said + status : said + "\n\n" + status;
    return new ChatText(text, List.of(), null, null, Stage.WORKING, null, said, doing, null);
  }

  /** The same, of which another part stays. */
  public ChatText saying(String newSaid) {
    return new ChatText(text, buttons, onlyFor, replyTo, stage, file, newSaid, doing, reader);
  }

  /** The same text at another stage. */
  public ChatText at(Stage other) {
    return new ChatText(text, buttons, onlyFor, replyTo, other, file, said, doing, reader);
  }

  /** The same with another text. */
  public ChatText withText(String newText) {
    return new ChatText(newText, buttons, onlyFor, replyTo, stage, file);
  }

  /** As the outbox has it. */
  public String toJson() {
    try {
      return Json.MAPPER.writeValueAsString(this);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("A text cannot be written as JSON", e);
    }
  }

  /** As the outbox has it. */
  public static ChatText ofJson(String json) {
    try {
      return Json.MAPPER.readValue(json, ChatText.class);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("A text of the outbox is not JSON", e);
    }
  }
}
