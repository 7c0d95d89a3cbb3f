package dev.concert.github.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;

/** What crossed the bus is what GitHub sent. */
class WebhookBodyTest {
  private static byte[] compressed(byte[] body) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (GZIPOutputStream zip = new GZIPOutputStream(out)) {
      zip.write(body);
    }
    return out.toByteArray();
  }

  @Test
  void aBodyIsTheSameCompressedOrNotAndABombIsRefused() throws IOException {
    byte[] body = "{\"text\": \"Grüße 🙂\"}".getBytes(StandardCharsets.UTF_8);

    assertThat(WebhookBody.of(body)).isEqualTo(body);
    assertThat(WebhookBody.of(compressed(body))).isEqualTo(body);
    assertThat(WebhookBody.of(new byte[0])).isEmpty();
    byte[] most = compressed(new byte[WebhookBody.LONGEST]);
    assertThat(WebhookBody.of(most)).hasSize(WebhookBody.LONGEST);
    byte[] bomb = compressed(new byte[WebhookBody.LONGEST + 1]);
    assertThatThrownBy(() -> WebhookBody.of(bomb)).isInstanceOf(IOException.class);
    assertThatThrownBy(() -> WebhookBody.of(new byte[] {0x1f, (byte) 0x8b, 1, 2}))
        .isInstanceOf(IOException.class);
  }
}
