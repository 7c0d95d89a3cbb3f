package dev.concert.bridges.platform;

import java.util.List;

/**
 * What somebody did in a chat.
 *
 * @param eventId by which it is recognised when it comes again
 * @param conversation where it was: what is said there, in that order, is one session
 * @param channel of the conversation, whatever its thread
 * @param sender the platform's id of the person
 * @param text without our own name in front; for a button, what it stands for
 * @param isDirect whether only that person and we are there
 * @param isMention whether it names us
 * @param about the id of the event whose message is changed or gone; null for none
 * @param replyTo by which the platform takes an answer to this one event; null for none
 * @param attachments files that came with it
 * @param group the platform's id of the people to whom the channel belongs; null where that is not
 *     needed
 */
public record InboundEvent(
    Kind kind,
    String eventId,
    String conversation,
    String channel,
    String sender,
    String text,
    boolean isDirect,
    boolean isMention,
    String about,
    String replyTo,
    List<SentFile> attachments,
    String group) {
  public InboundEvent {
    // An event that an older version claimed has none.
    attachments = attachments == null ? List.of() : List.copyOf(attachments);
  }

  /** Without files. */
  public InboundEvent(
      Kind kind,
      String eventId,
      String conversation,
      String channel,
      String sender,
      String text,
      boolean isDirect,
      boolean isMention,
      String about,
      String replyTo) {
    this(
        kind,
        eventId,
        conversation,
        channel,
        sender,
        text,
        isDirect,
        isMention,
        about,
        replyTo,
        List.of(),
        null);
  }

  /** Without an answer of its own. */
  public InboundEvent(
      Kind kind,
      String eventId,
      String conversation,
      String channel,
      String sender,
      String text,
      boolean isDirect,
      boolean isMention) {
    this(kind, eventId, conversation, channel, sender, text, isDirect, isMention, null, null);
  }

  /** The same with files. */
  public InboundEvent with(List<SentFile> files) {
    return new InboundEvent(
        kind,
        eventId,
        conversation,
        channel,
        sender,
        text,
        isDirect,
        isMention,
        about,
        replyTo,
        files,
        group);
  }

  /** The same in the channel of a group. */
  public InboundEvent of(String newGroup) {
    return new InboundEvent(
        kind,
        eventId,
        conversation,
        channel,
        sender,
        text,
        isDirect,
        isMention,
        about,
        replyTo,
        attachments,
        newGroup);
  }

  /** An event of a message of before. */
  public static InboundEvent change(
      Kind kind, String eventId, String about, String channel, String sender, String text) {
    return new InboundEvent(
        kind, eventId, channel, channel, sender, text, false, false, about, null);
  }

  /** What was done. */
  public enum Kind {
    MESSAGE,
    COMMAND,
    BUTTON,
    /** A message of before says something else now. */
    EDIT,
    /** A message of before is gone. */
    DELETE
  }
}
