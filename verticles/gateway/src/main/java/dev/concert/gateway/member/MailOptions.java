package dev.concert.gateway.member;

import dev.concert.foundation.config.ConfigReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The SMTP server that mails invitations and items of inboxes: section {@code gateway.mail} of the
 * configuration.
 *
 * @param from the sender's address
 * @param user whom the server knows; empty where it wants no sign-in
 * @param password of the user. {@code toString} does not show it
 * @param timeout for one mail, from the connection to the server's last word
 */
public record MailOptions(
    String host,
    int port,
    String from,
    Tls tls,
    Optional<String> user,
    Optional<String> password,
    Duration timeout) {
  /** How the connection is encrypted. */
  public enum Tls {
    /** From the first byte on. */
    ALWAYS,
    /** By the command STARTTLS, without which nothing is mailed. */
    STARTTLS,
    /** Not at all: for a server on this machine. */
    NONE
  }

  private static final Set<String> THIS_MACHINE = Set.of("localhost", "127.0.0.1", "::1");
  private static final Duration TIMEOUT = Duration.ofSeconds(10);
  private static final int MAX_PORT = 65_535;
  private static final int SUBMISSION = 587;
  private static final int SUBMISSIONS = 465;
  private static final int SMTP = 25;

  /**
   * Empty where no host is named. The password is in {@code MAIL_PASSWORD}, or in the file that
   * {@code passwordFile} names. Blocking.
   *
   * @throws dev.concert.foundation.config.ConfigException that names the setting
   */
  public static Optional<MailOptions> from(ConfigReader section, Map<String, String> environment) {
    Optional<String> host = section.optionalText("host");
    Tls tls = section.choice("tls", Tls.class, Tls.STARTTLS);
    int port = section.number("port", 1, MAX_PORT, defaultPort(tls));
    Optional<String> from = section.optionalText("from");
    Optional<String> user = section.optionalText("user");
    Optional<Path> file = section.optionalPath("passwordFile");
    Duration timeout = section.seconds("timeoutSeconds", TIMEOUT);
    section.refuseUnknown();
    if (host.isEmpty()) {
      return Optional.empty();
    }
    if (from.filter(one -> one.contains("@")).isEmpty()) {
      throw section.wrong("from", "must be the address from which Concert mails");
    }
    if (tls == Tls.NONE && !THIS_MACHINE.contains(host.get())) {
      throw section.wrong("tls", "can be none only for a mail server on this machine");
    }
    Optional<String> password =
        Optional.ofNullable(environment.get("MAIL_PASSWORD"))
            .filter(one -> !one.isBlank())
            .or(() -> file.map(one -> read(section, one)));
    if (user.isPresent() && password.isEmpty()) {
      throw section.wrong(
          "user", "needs a password: set MAIL_PASSWORD, or name a file in passwordFile");
    }
    return Optional.of(new MailOptions(host.get(), port, from.get(), tls, user, password, timeout));
  }

  private static int defaultPort(Tls tls) {
    return switch (tls) {
      case ALWAYS -> SUBMISSIONS;
      case STARTTLS -> SUBMISSION;
      case NONE -> SMTP;
    };
  }

  private static String read(ConfigReader section, Path file) {
    try {
      return Files.readString(file).strip();
    } catch (IOException e) {
      throw section.wrong("passwordFile", "must be a file that can be read");
    }
  }

  @Override
  public String toString() {
    return "MailOptions[host=" + host + ", port=" + port + ", from=" + from + "]";
  }
}
