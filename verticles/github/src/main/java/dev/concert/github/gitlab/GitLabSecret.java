package dev.concert.github.gitlab;

import dev.concert.github.connection.ForgeConnection;
import dev.concert.github.webhook.WebhookHmac;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Checks that GitLab itself sent a webhook. A secret token comes with it as it is; a signing token,
 * which begins with {@code whsec_}, signs the bytes as they came.
 *
 * <p>Source: https://docs.gitlab.com/user/project/integrations/webhooks/
 *
 * @param clock a signature is good for five minutes
 */
record GitLabSecret(InstantSource clock) {
  private static final Logger LOG = LoggerFactory.getLogger(GitLabSecret.class);
  private static final String SIGNING = "whsec_";
  private static final Duration GOOD = Duration.ofMinutes(5);

  boolean isRight(ForgeConnection connection, Map<String, String> headers, byte[] body) {
    String secret = connection.secrets().getOrDefault(ForgeConnection.WEBHOOK_SECRET, "");
    boolean isRight =
        !secret.isEmpty()
            && (secret.startsWith(SIGNING)
                ? isSigned(secret, headers, body)
                : WebhookHmac.isSame(secret, headers.getOrDefault("x-gitlab-token", "")));
    if (!isRight) {
      LOG.atInfo()
          .addKeyValue("tenantId", connection.tenantId())
          .log("A webhook of GitLab is refused: its token is wrong");
    }
    return isRight;
  }

  private boolean isSigned(String secret, Map<String, String> headers, byte[] body) {
    String time = headers.getOrDefault("webhook-timestamp", "");
    if (!time.matches("\\d{1,12}")
        || Duration.between(Instant.ofEpochSecond(Long.parseLong(time)), clock.instant())
                .abs()
                .compareTo(GOOD)
            > 0) {
      return false;
    }
    String signed = headers.getOrDefault("webhook-id", "") + "." + time + ".";
    String right =
        "v1,"
            + Base64.getEncoder()
                .encodeToString(
                    WebhookHmac.of(key(secret), signed.getBytes(StandardCharsets.UTF_8), body));
    return Arrays.stream(headers.getOrDefault("webhook-signature", "").split(" "))
        .anyMatch(one -> WebhookHmac.isSame(right, one));
  }

  private static byte[] key(String secret) {
    return Base64.getDecoder().decode(secret.substring(SIGNING.length()));
  }
}
