package dev.concert.bridges.irc;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * How a connection introduces itself: capabilities, the password by SASL, or to NickServ where the
 * server has no SASL, and another nick where ours is taken. Pure, but for its progress.
 */
final class IrcRegistration {
  private static final Set<String> WANTED = Set.of("account-tag", "message-tags");
  private static final int CHUNK = 400;

  private final String account;
  private final Optional<String> password;
  private final List<String> offered = new ArrayList<>();
  private String nick;
  private boolean isDone;
  private boolean isIdentified;
  private Optional<String> refusal = Optional.empty();

  IrcRegistration(String account, Optional<String> password) {
    this(account, account, password);
  }

  IrcRegistration(String nick, String account, Optional<String> password) {
    this.nick = nick;
    this.account = account;
    this.password = password;
  }

  String nick() {
    return nick;
  }

  boolean isDone() {
    return isDone;
  }

  /** Why the server does not take us; empty as long as it may. */
  Optional<String> refusal() {
    return refusal;
  }

  List<String> begin() {
    return List.of("CAP LS 302", "NICK " + nick, "USER %s 0 * :Concert".formatted(account));
  }

  /** What is to be answered to a line. */
  List<String> heard(IrcLine line) {
    return switch (line.command()) {
      case "CAP" -> capabilities(line);
      case "AUTHENTICATE" -> authenticate();
      case "903" -> {
        isIdentified = true;
        yield List.of("CAP END");
      }
      case "902", "904", "905", "906", "464" -> {
        refusal = Optional.of("The server does not take the password.");
        yield List.of();
      }
      case "432", "437" -> {
        refusal = Optional.of("The server does not take the nick '%s'.".formatted(nick));
        yield List.of();
      }
      case "433" -> {
        nick = nick + "_";
        yield isDone ? List.of() : List.of("NICK " + nick);
      }
      case "001" -> welcome(line);
      default -> List.of();
    };
  }

  private List<String> capabilities(IrcLine line) {
    switch (line.parameter(1)) {
      case "LS" -> {
        offered.addAll(List.of(line.last().split(" ")));
        return line.parameter(2).equals("*") ? List.of() : request();
      }
      case "ACK" -> {
        return line.last().contains("sasl") ? List.of("AUTHENTICATE PLAIN") : List.of("CAP END");
      }
      default -> {
        return line.parameter(1).equals("NAK") ? List.of("CAP END") : List.of();
      }
    }
  }

  private List<String> request() {
    List<String> wanted = new ArrayList<>();
    for (String one : offered) {
      String name = one.split("=", 2)[0];
      if (WANTED.contains(name) || name.equals("sasl") && password.isPresent()) {
        wanted.add(name);
      }
    }
    return wanted.isEmpty() ? List.of("CAP END") : List.of("CAP REQ :" + String.join(" ", wanted));
  }

  private List<String> authenticate() {
    byte[] plain =
        "\0%s\0%s".formatted(account, password.orElse("")).getBytes(StandardCharsets.UTF_8);
    String encoded = Base64.getEncoder().encodeToString(plain);
    List<String> chunks = new ArrayList<>();
    for (int start = 0; start <= encoded.length(); start += CHUNK) {
      String chunk = encoded.substring(start, Math.min(encoded.length(), start + CHUNK));
      chunks.add("AUTHENTICATE " + (chunk.isEmpty() ? "+" : chunk));
    }
    return chunks;
  }

  /** A message to NickServ could reach a person of that name; the command reaches nobody else. */
  private List<String> welcome(IrcLine line) {
    isDone = true;
    nick = line.parameter(0);
    return password.isPresent() && !isIdentified
        ? List.of("NICKSERV IDENTIFY %s %s".formatted(account, password.get()))
        : List.of();
  }
}
