package dev.concert.automations.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.concert.automations.delivery.WebhookTargets.WebhookTarget;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Where webhooks may go, whatever a name resolves to. */
class WebhookTargetsTest {
  private final Vertx vertx = Vertx.vertx();
  private final Deque<List<String>> names = new ArrayDeque<>();
  private final WebhookTargets targets =
      new WebhookTargets(vertx, Set.of("hooks.lan:8443"), this::addresses);

  @AfterEach
  void close() {
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }

  private List<InetAddress> addresses(String host) throws UnknownHostException {
    if (names.isEmpty()) {
      throw new UnknownHostException(host);
    }
    return names.poll().stream().map(InetAddress::ofLiteral).toList();
  }

  private WebhookTarget resolve(String url, String... addresses) {
    if (addresses.length > 0) {
      names.add(List.of(addresses));
    }
    Future<WebhookTarget> resolved = targets.resolve(url);
    return resolved.toCompletionStage().toCompletableFuture().join();
  }

  private void isRefused(String url, String... addresses) {
    assertThatThrownBy(() -> resolve(url, addresses))
        .isInstanceOf(CompletionException.class)
        .hasMessageContaining("not on the public internet");
  }

  @Test
  void theAddressThatWasCheckedIsTheOneToConnectTo() {
    WebhookTarget target = resolve("https://hooks.example/a%20b?c=d", "93.184.215.14");
    assertThat(target.address().getHostAddress()).isEqualTo("93.184.215.14");
    assertThat(target.port()).isEqualTo(443);
    assertThat(target.requestUri()).isEqualTo("/a%20b?c=d");
    isRefused("https://hooks.example/a", "10.1.2.3");
  }

  @Test
  void oneAddressThatIsNotPublicIsEnough() {
    isRefused("https://hooks.example/", "93.184.215.14", "192.168.0.7");
    isRefused("https://hooks.example/", "2606:2800:21f::1", "::ffff:127.0.0.1");
    isRefused("https://hooks.example/", "64:ff9b::a00:1");
    isRefused("https://hooks.example/", "100.64.0.1");
  }

  @Test
  void whatTheOperatorNamesIsReachedAtThatPortOnly() {
    assertThat(resolve("http://hooks.lan:8443/x", "192.168.0.7").isEncrypted()).isFalse();
    isRefused("https://hooks.lan/x", "192.168.0.7");
    assertThatThrownBy(() -> resolve("http://hooks.lan/x")).hasMessageContaining("https");
    assertThatThrownBy(() -> resolve("https://none.example/x"))
        .hasMessageContaining("The name none.example has no address.");
  }
}
