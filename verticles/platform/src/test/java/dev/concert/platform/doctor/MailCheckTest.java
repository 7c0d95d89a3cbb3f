package dev.concert.platform.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concert.gateway.member.MailOptions;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What `concert doctor` says of the mail server. */
class MailCheckTest {
  private static CheckResult check(int port) {
    MailOptions mail =
        new MailOptions(
            "127.0.0.1",
            port,
            "concert@example.com",
            MailOptions.Tls.NONE,
            Optional.empty(),
            Optional.empty(),
            Duration.ofMinutes(1));
    return MailCheck.of(Optional.of(mail)).getFirst();
  }

  @Test
  void aServerThatIsThereIsSaidToBeThereAndOneThatIsNotHasARemedy() throws IOException {
    int port;
    try (ServerSocket server = new ServerSocket(0, 8, InetAddress.getLoopbackAddress())) {
      port = server.getLocalPort();
      assertThat(check(port).state()).isEqualTo(CheckResult.State.OK);
    }
    assertThat(check(port).state()).isEqualTo(CheckResult.State.FALLBACK);
    assertThat(check(port).remedy()).contains("gateway.mail");
    assertThat(MailCheck.of(Optional.empty())).isEmpty();
  }
}
