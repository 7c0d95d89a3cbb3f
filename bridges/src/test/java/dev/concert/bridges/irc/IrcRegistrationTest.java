package dev.concert.bridges.irc;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** How a connection introduces itself, line by line as servers answer. */
class IrcRegistrationTest {
  private final IrcRegistration registration = new IrcRegistration("bot", Optional.of("p\u00e4ss"));

  private List<String> heard(String line) {
    return registration.heard(IrcLine.of(line).orElseThrow());
  }

  @Test
  void thePasswordGoesBySaslWhereTheServerHasIt() {
    assertThat(registration.begin())
        .containsExactly("CAP LS 302", "NICK bot", "USER bot 0 * :Concert");
    assertThat(heard(":irc.example CAP * LS * :account-notify account-tag")).isEmpty();
    assertThat(heard(":irc.example CAP * LS :sasl=PLAIN,EXTERNAL server-time"))
        .containsExactly("CAP REQ :account-tag sasl");
    assertThat(heard(":irc.example CAP bot ACK :account-tag sasl"))
        .containsExactly("AUTHENTICATE PLAIN");
    assertThat(heard("AUTHENTICATE +")).containsExactly("AUTHENTICATE AGJvdABww6Rzcw==");
    assertThat(heard(":irc.example 903 bot :SASL authentication successful"))
        .containsExactly("CAP END");
    assertThat(heard(":irc.example 001 bot :Welcome")).isEmpty();
    assertThat(registration.isDone()).isTrue();
  }

  @Test
  void aWrongPasswordIsSaid() {
    heard(":irc.example CAP * LS :sasl");
    heard(":irc.example CAP bot ACK :sasl");
    assertThat(heard(":irc.example 904 bot :SASL authentication failed")).isEmpty();
    assertThat(registration.refusal()).contains("The server does not take the password.");
  }

  @Test
  void withoutSaslThePasswordGoesToNickServAndToNobodyElse() {
    assertThat(heard(":irc.example CAP * LS :multi-prefix")).containsExactly("CAP END");
    assertThat(heard(":irc.example 433 * bot :Nickname is already in use"))
        .containsExactly("NICK bot_");
    assertThat(heard(":irc.example 001 bot_ :Welcome"))
        .containsExactly("NICKSERV IDENTIFY bot p\u00e4ss");
    assertThat(registration.nick()).isEqualTo("bot_");
  }

  @Test
  void aLongPasswordGoesInChunks() {
    IrcRegistration longer = new IrcRegistration("bot", Optional.of("x".repeat(295)));
    List<String> chunks = longer.heard(IrcLine.of("AUTHENTICATE +").orElseThrow());
    assertThat(chunks).hasSize(2);
    assertThat(chunks.getFirst()).hasSize("AUTHENTICATE ".length() + 400);
    assertThat(chunks.getLast()).isEqualTo("AUTHENTICATE +");
  }

  @Test
  void aLineHasTagsASourceAndALastParameterWithSpaces() {
    IrcLine line =
        IrcLine.of("@account=anne;msgid=7 :a!b@c PRIVMSG  #c :hello :there").orElseThrow();
    assertThat(line.tags()).containsEntry("account", "anne").containsEntry("msgid", "7");
    assertThat(line.nick()).isEqualTo("a");
    assertThat(line.parameters()).containsExactly("#c", "hello :there");
    assertThat(IrcReader.event(line, "bot")).isEmpty();
    IrcLine named = IrcLine.of("@account=anne;msgid=7 :a!b@c PRIVMSG #c :bot: hi").orElseThrow();
    assertThat(IrcReader.event(named, "bot").orElseThrow().sender()).isEqualTo("account:anne");
    assertThat(IrcReader.event(named, "bot").orElseThrow().eventId()).isEqualTo("m:7");
    assertThat(IrcLine.of("  ")).isEmpty();
    assertThat(IrcLine.of(":only-a-source")).isEmpty();
  }
}
