package dev.concert.bridges.xmpp;

import dev.concert.bridges.platform.InboundEvent;
import dev.concert.bridges.platform.InboundEvent.Kind;
import dev.concert.bridges.platform.SentFile;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;

/** Reads what people say. Pure. */
final class XmppReader {
  static final String CORRECTION = "urn:xmpp:message-correct:0";
  static final String ROOM_USER = "http://jabber.org/protocol/muc#user";
  static final String OUT_OF_BAND = "jabber:x:oob";
  private static final String DELAY = "urn:xmpp:delay";

  private XmppReader() {}

  /** An address without the name of a connection, or of somebody in a room. */
  static String bare(String address) {
    return address.split("/", 2)[0].toLowerCase(Locale.ROOT);
  }

  /** The name of a connection, or of somebody in a room; empty for none. */
  static String resource(String address) {
    String[] parts = address.split("/", 2);
    return parts.length == 2 ? parts[1] : "";
  }

  /**
   * What somebody said to us, alone or by our name in a room; empty for everything else.
   *
   * @param me the bot, without the name of a connection
   * @param nick of the bot in rooms
   * @param people who is behind the names in rooms, as far as the rooms say it
   */
  static Optional<InboundEvent> event(
      XmppElement stanza, String me, String nick, Map<String, String> people) {
    String from = stanza.attribute("from");
    String said = stanza.childText("body").strip();
    boolean isRoom = stanza.attribute("type").equals("groupchat");
    boolean isOurs = isRoom ? resource(from).equals(nick) : bare(from).equals(me);
    boolean isSaid =
        stanza.is("message", XmppElement.CLIENT)
            && !stanza.attribute("type").equals("error")
            && !said.isEmpty()
            && from.contains("@")
            && !isOurs
            // What the room itself says, and what somebody in a room says to us alone.
            && (!isRoom || !resource(from).isEmpty())
            && (isRoom || stanza.child("x", ROOM_USER).isEmpty());
    Pattern name = name(nick);
    boolean isMention = name.matcher(said).find();
    if (!isSaid || (isRoom && (!isMention || isLost(stanza, people)))) {
      return Optional.empty();
    }
    String place = bare(from);
    String sender = isRoom ? people.getOrDefault(from, from) : place;
    String id = stanza.attribute("id");
    String eventId = id(from, isRoom, id.isEmpty() ? UUID.randomUUID().toString() : id);
    List<SentFile> files = files(stanza);
    boolean isLink = files.stream().anyMatch(one -> one.reference().equals(said));
    String text = isLink ? "" : name.matcher(said).replaceFirst("").strip();
    return Optional.of(
        stanza
            .child("replace", CORRECTION)
            .map(
                one ->
                    InboundEvent.change(
                        Kind.EDIT,
                        eventId,
                        id(from, isRoom, one.attribute("id")),
                        place,
                        sender,
                        text))
            .orElseGet(
                () ->
                    new InboundEvent(
                            Kind.MESSAGE, eventId, place, place, sender, text, !isRoom, isMention)
                        .with(files)));
  }

  /** The file that a message links to, by the end of its address. */
  private static List<SentFile> files(XmppElement stanza) {
    return stanza
        .child("x", OUT_OF_BAND)
        .map(one -> one.childText("url").strip())
        .filter(XmppReader::isAddress)
        .map(url -> new SentFile(URI.create(url).getPath().replaceFirst(".*/", ""), "", 0, url))
        .stream()
        .toList();
  }

  private static boolean isAddress(String url) {
    try {
      return url.matches("https?://[^\\s/]+/\\S+") && URI.create(url).getPath() != null;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  /** A message from before the bridge joined, whose author has left the room or which has no id. */
  private static boolean isLost(XmppElement stanza, Map<String, String> people) {
    return stanza.child("delay", DELAY).isPresent()
        && (!people.containsKey(stanza.attribute("from")) || stanza.attribute("id").isEmpty());
  }

  /** Who sends a message chooses its id. */
  private static String id(String from, boolean isRoom, String id) {
    return "m:%s:%s".formatted(isRoom ? from : bare(from), id);
  }

  private static Pattern name(String nick) {
    return Pattern.compile(
        "(?<![\\w-])@?%s(?![\\w-])[:,]?\\s*".formatted(Pattern.quote(nick)),
        Pattern.CASE_INSENSITIVE);
  }
}
