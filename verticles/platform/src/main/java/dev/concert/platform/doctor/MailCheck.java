package dev.concert.platform.doctor;

import dev.concert.gateway.member.MailOptions;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.List;
import java.util.Optional;

/** Whether the mail server that the configuration names takes connections. Blocking. */
public final class MailCheck {
  private static final String PART = "Mail";

  private MailCheck() {}

  /** Nothing where no server is named: then nothing is mailed. */
  public static List<CheckResult> of(Optional<MailOptions> mail) {
    return mail.map(MailCheck::connect).stream().toList();
  }

  private static CheckResult connect(MailOptions mail) {
    String server = mail.host() + ":" + mail.port();
    try (Socket socket = new Socket()) {
      socket.connect(
          new InetSocketAddress(mail.host(), mail.port()), (int) mail.timeout().toMillis());
      return CheckResult.ok(PART, server + " takes connections");
    } catch (IOException e) {
      return CheckResult.fallback(
          PART,
          server + " takes no connections; invitations and items of inboxes are not mailed",
          "correct host and port in gateway.mail, or start the mail server");
    }
  }
}
