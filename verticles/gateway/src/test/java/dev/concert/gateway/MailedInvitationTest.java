package dev.concert.gateway;

import static dev.concert.gateway.TenantTokens.token;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.fasterxml.jackson.databind.JsonNode;
import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.GreenMailUtil;
import com.icegreen.greenmail.util.ServerSetup;
import dev.concert.gateway.member.MailOptions;
import dev.concert.gateway.member.MailedInvitations;
import dev.concert.gateway.member.MemberOptions;
import dev.concert.testing.log.ExpectedLog;
import jakarta.mail.MessagingException;
import jakarta.mail.internet.MimeMessage;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** Invitations that a real SMTP server brings to whom they invite. */
@ExpectedLog(
    logger = "dev.concert.gateway.member.MailedInvitations",
    message = "is not mailed",
    required = false)
@ExpectedLog(
    logger = "io.vertx.ext.mail.impl.SMTPAuthentication",
    message = "AUTH LOGIN failed",
    required = false)
@ExpectedLog(
    logger = "io.vertx.ext.mail.impl.SMTPInitialDialogue",
    message = "STARTTLS required",
    required = false)
class MailedInvitationTest {
  private static final Duration LONG = Duration.ofMinutes(1);
  @TempDir Path data;
  private final ListAppender<ILoggingEvent> log = new ListAppender<>();
  private final GreenMail server =
      new GreenMail(new ServerSetup(0, "127.0.0.1", ServerSetup.PROTOCOL_SMTP));
  private TenantTokens tokens;
  private RunningGateway gateway;
  private TestClient owner;

  @BeforeEach
  void start() {
    server.start();
    server.setUser("concert@example.com", "concert", "pass word");
    log.start();
    ((Logger) LoggerFactory.getLogger(MailedInvitations.class)).addAppender(log);
    tokens = new TenantTokens(data);
    tokens.createTenant("acme");
  }

  @AfterEach
  void stop() {
    ((Logger) LoggerFactory.getLogger(MailedInvitations.class)).detachAppender(log);
    owner.close();
    gateway.close();
    tokens.close();
    server.stop();
  }

  private MailOptions mail(MailOptions.Tls tls, String password, int port, Duration timeout) {
    return new MailOptions(
        "127.0.0.1",
        port,
        "concert@example.com",
        tls,
        Optional.of("concert"),
        Optional.of(password),
        timeout);
  }

  private JsonNode invite(MailOptions mail) {
    gateway =
        RunningGateway.start(
            data,
            tokens,
            options -> options.withMembers(MemberOptions.DEFAULT.withMail(Optional.of(mail))));
    owner = TestClient.connectAs(gateway.port, token("acme", "owner"));
    return owner
        .request("{'type':'invite_member','email':'Bob@example.com','role':'developer'}")
        .path("invitation");
  }

  private JsonNode accept(String link) {
    try (TestClient newcomer = TestClient.connectOnly(gateway.port)) {
      return newcomer.request(
          "{'type':'accept_invitation','token':'%s','invitation':'%s'}"
              .formatted(
                  token("acme", "bob", "bob@example.com", true),
                  link.substring(link.indexOf("/#invitation=") + "/#invitation=".length())));
    }
  }

  private int port() {
    return server.getSmtp().getPort();
  }

  /** The reply says so and has the link, the invitation is good, and no log holds its secret. */
  private void isNotMailed(JsonNode invitation) {
    assertThat(invitation.path("mailed").asBoolean(true)).isFalse();
    String link = invitation.path("link").asText();
    assertThat(log.list).singleElement().asString().contains("not mailed");
    assertThat(log.list.getFirst().getFormattedMessage())
        .doesNotContain(link.substring(link.indexOf('=') + 1))
        .doesNotContain("pass word")
        .doesNotContain("bob");
    assertThat(accept(link).path("type").asText()).isEqualTo("authenticated");
    assertThat(server.getReceivedMessages()).isEmpty();
  }

  @Test
  void anInvitationIsMailedWithItsLinkWhichTheInviterDoesNotSee()
      throws MessagingException, IOException {
    JsonNode invitation = invite(mail(MailOptions.Tls.NONE, "pass word", port(), LONG));

    assertThat(invitation.path("mailed").asBoolean()).isTrue();
    assertThat(invitation.has("link")).isFalse();
    MimeMessage mail = server.getReceivedMessages()[0];
    assertThat(GreenMailUtil.getAddressList(mail.getAllRecipients())).isEqualTo("bob@example.com");
    assertThat(GreenMailUtil.getAddressList(mail.getFrom())).isEqualTo("concert@example.com");
    assertThat(mail.getSubject()).isEqualTo("You are invited to Concert");
    String link =
        ((String) mail.getContent())
            .lines()
            .filter(line -> line.contains("/#invitation="))
            .findFirst()
            .orElseThrow()
            .strip();
    assertThat(link).startsWith("http://localhost:" + gateway.port + "/#invitation=");
    assertThat(accept(link).path("identity").path("role").asText()).isEqualTo("developer");
    assertThat(log.list).isEmpty();
  }

  @Test
  void whereTheServerDoesNotAnswerTheInviterGetsTheLink() throws IOException {
    server.stop();
    int free;
    try (ServerSocket unused = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      free = unused.getLocalPort();
    }
    isNotMailed(invite(mail(MailOptions.Tls.NONE, "pass word", free, LONG)));
  }

  @Test
  void whereTheServerHangsTheInviterGetsTheLinkAfterTheTimeout() throws IOException {
    try (ServerSocket hung = new ServerSocket(0, 8, InetAddress.getLoopbackAddress())) {
      isNotMailed(
          invite(
              mail(
                  MailOptions.Tls.NONE, "pass word", hung.getLocalPort(), Duration.ofMillis(300))));
    }
  }

  @Test
  void aWrongPasswordIsAFailureToMail() {
    isNotMailed(invite(mail(MailOptions.Tls.NONE, "another word", port(), LONG)));
  }

  @Test
  void withoutTheStarttlsThatIsAskedForNothingIsMailed() {
    isNotMailed(invite(mail(MailOptions.Tls.STARTTLS, "pass word", port(), LONG)));
  }
}
