package dev.concert.bridges.irc;

import dev.concert.bridges.platform.InboundEvent;
import dev.concert.bridges.platform.InboundEvent.Kind;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;

/** Reads what people say. Pure. */
final class IrcReader {
  private IrcReader() {}

  /**
   * What somebody said to us, alone or by our name in a channel; empty for everything else.
   *
   * @param nick that is ours
   */
  static Optional<InboundEvent> event(IrcLine line, String nick) {
    String target = line.parameter(0);
    String text = line.last().replaceAll("[\u0000-\u001f]", "").strip();
    boolean isDirect = target.equalsIgnoreCase(nick);
    Pattern name =
        Pattern.compile(
            "(?<![\\w-])@?%s(?![\\w-])[:,]?\\s*".formatted(Pattern.quote(nick)),
            Pattern.CASE_INSENSITIVE);
    boolean isMention = name.matcher(text).find();
    boolean isForUs =
        line.command().equals("PRIVMSG")
            && line.source().contains("!")
            && !line.nick().equalsIgnoreCase(nick)
            // A CTCP request, such as for the version of a client.
            && !line.last().startsWith("\u0001")
            && (isDirect || isMention);
    if (!isForUs) {
      return Optional.empty();
    }
    String conversation = (isDirect ? line.nick() : target).toLowerCase(Locale.ROOT);
    return Optional.of(
        new InboundEvent(
            Kind.MESSAGE,
            "m:" + line.tags().getOrDefault("msgid", UUID.randomUUID().toString()),
            conversation,
            conversation,
            sender(line),
            name.matcher(text).replaceFirst("").strip(),
            isDirect,
            isMention));
  }

  /** The account where the server says it; else the whole address, since a nick is anybody's. */
  private static String sender(IrcLine line) {
    String account = line.tags().getOrDefault("account", "");
    return account.isEmpty() ? line.source() : "account:" + account;
  }
}
