package dev.concert.bridges.googlechat;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concert.bridges.http.ChatNetwork;
import dev.concert.bridges.platform.Account;
import dev.concert.error.Problem;
import dev.concert.foundation.proxy.OutboundProxies;
import dev.concert.foundation.rate.RateBudgets;
import dev.concert.testing.TestIssuer;
import dev.concert.testing.chat.FakeGoogleChat;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.time.InstantSource;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Which credentials make a bridge. */
class GoogleChatSetUpTest {
  private final Vertx vertx = Vertx.vertx();
  private final FakeGoogleChat google = new FakeGoogleChat();

  @AfterEach
  void close() {
    vertx.close().toCompletionStage().toCompletableFuture().join();
    google.close();
  }

  private String verdict(String keyFile, String... more) {
    Map<String, String> secrets = new HashMap<>(Map.of("serviceAccount", keyFile));
    for (int i = 0; i < more.length; i += 2) {
      secrets.put(more[i], more[i + 1]);
    }
    GoogleChatPlatform platform =
        new GoogleChatPlatform(
            new ChatNetwork(vertx, OutboundProxies.NONE),
            PlayedGoogle.endpoints(google),
            new RateBudgets(vertx),
            InstantSource.system());
    return platform
        .verify(Map.of(), secrets)
        .map(Account::id)
        .otherwise(failure -> Problem.of(failure).code() + " " + Problem.of(failure).message())
        .toCompletionStage()
        .toCompletableFuture()
        .join();
  }

  private String with(String member, String value) {
    return new JsonObject(google.keyFile(1)).put(member, value).encode();
  }

  /** The file says many things; only the address is proved. */
  @Test
  void whoHasTheKeyOfAnAccountProvesTheProjectOfItsAddress() {
    String[] number = {"projectNumber", FakeGoogleChat.projectNumber(1)};
    assertThat(verdict(google.keyFile(1), number)).isEqualTo(FakeGoogleChat.project(1));
    assertThat(verdict(with("project_id", "of-somebody-else"), number))
        .isEqualTo(FakeGoogleChat.project(1));
    assertThat(verdict(google.keyFile(2), "subscription", FakeGoogleChat.subscription(2)))
        .isEqualTo(FakeGoogleChat.project(2));
  }

  @Test
  void whatIsWrongIsSaidWithoutTheKey() {
    String[] number = {"projectNumber", "1"};
    String strange =
        "-----BEGIN PRIVATE KEY-----\n%s\n-----END PRIVATE KEY-----\n"
            .formatted(
                Base64.getMimeEncoder()
                    .encodeToString(TestIssuer.Key.rsa("x").pair().getPrivate().getEncoded()));
    assertThat(verdict(with("private_key", strange), number))
        .isEqualTo(
            "BRIDGE_REFUSED Google does not take the service account: Invalid JWT Signature.");
    assertThat(verdict(with("client_email", "a@other-project.iam.gserviceaccount.com"), number))
        .contains("account not found");
    assertThat(verdict(with("private_key", "-----BEGIN PRIVATE KEY-----\nAAAA\n"), number))
        .isEqualTo("BRIDGE_REFUSED The private key of the service account is no key.");
    for (String wrong : new String[] {"no JSON", "{}", with("client_email", "a@example.com")}) {
      assertThat(verdict(wrong, number)).startsWith("BRIDGE_REFUSED The service account is");
    }
    assertThat(verdict(google.keyFile(1))).contains("needs the project's number");
    assertThat(verdict(google.keyFile(1), "projectNumber", "my-project")).contains("digits only");
    assertThat(verdict(google.keyFile(1), "subscription", "concert"))
        .contains("looks like projects/PROJECT/subscriptions/NAME");
  }
}
