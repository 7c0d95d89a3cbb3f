package dev.concert.gateway;

import static dev.concert.gateway.TenantTokens.token;
import static org.assertj.core.api.Assertions.assertThat;

import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.GreenMailUtil;
import com.icegreen.greenmail.util.ServerSetup;
import dev.concert.automation.DeliveryMessages.Delivered;
import dev.concert.automation.DeliveryMessages.MailMember;
import dev.concert.bus.DeliveryAddresses;
import dev.concert.gateway.member.MailOptions;
import dev.concert.gateway.member.MemberOptions;
import jakarta.mail.internet.MimeMessage;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Items of an inbox that a real SMTP server brings to their owner. */
class MemberMailTest {
  private static final Duration LONG = Duration.ofMinutes(1);

  @TempDir Path data;
  private final GreenMail server =
      new GreenMail(new ServerSetup(0, "127.0.0.1", ServerSetup.PROTOCOL_SMTP));
  private TenantTokens tokens;
  private RunningGateway gateway;

  @AfterEach
  void stop() {
    gateway.close();
    tokens.close();
    server.stop();
  }

  private void start(Optional<MailOptions> mail) {
    tokens = new TenantTokens(data);
    tokens.createTenant("acme");
    gateway =
        RunningGateway.start(
            data, tokens, options -> options.withMembers(MemberOptions.DEFAULT.withMail(mail)));
    TestClient.connectAs(gateway.port, token("acme", "owner")).close();
  }

  private Delivered mail(String tenant, String user, String subject) {
    return gateway
        .podium
        .bus
        .request(
            DeliveryAddresses.MAIL_MEMBER,
            new MailMember(tenant, user, "item_1", subject, "It failed.\n.\nRCPT TO:<eve@x>"),
            LONG)
        .toCompletionStage()
        .toCompletableFuture()
        .join();
  }

  @Test
  void aMemberIsMailedAtTheirOwnAddressAndNobodyElseIs() throws Exception {
    server.start();
    start(
        Optional.of(
            new MailOptions(
                "127.0.0.1",
                server.getSmtp().getPort(),
                "concert@example.com",
                MailOptions.Tls.NONE,
                Optional.empty(),
                Optional.empty(),
                LONG)));

    assertThat(mail("acme", "owner", "Failed: nightly\r\nBcc: eve@example.com"))
        .isEqualTo(Delivered.sent());
    assertThat(mail("acme", "eve", "x").outcome()).isEqualTo("refused");
    assertThat(mail("zeta", "owner", "x").outcome()).isEqualTo("refused");
    MimeMessage mail = server.getReceivedMessages()[0];
    assertThat(server.getReceivedMessages()).hasSize(1);
    assertThat(mail.getAllRecipients()).hasSize(1);
    assertThat(GreenMailUtil.getAddressList(mail.getAllRecipients())).contains("owner");
    assertThat(mail.getSubject()).isEqualTo("Failed: nightly Bcc: eve@example.com");
    assertThat(mail.getMessageID()).isEqualTo("<item_1@example.com>");
    assertThat(mail.getHeader("Auto-Submitted")).containsExactly("auto-generated");
    assertThat((String) mail.getContent())
        .contains("It failed.", "RCPT TO:<eve@x>", "/automations.html");

    server.stop();
    Delivered dead = mail("acme", "owner", "later");
    assertThat(dead.outcome()).isIn("failed", "unknown");
    assertThat(dead.reason()).startsWith("The mail server");
  }

  @Test
  void withoutAMailServerAMailIsRefusedWithWhatToDo() {
    start(Optional.empty());
    assertThat(mail("acme", "owner", "x"))
        .isEqualTo(
            Delivered.refused("No mail server is set up. The operator can set gateway.mail."));
  }
}
