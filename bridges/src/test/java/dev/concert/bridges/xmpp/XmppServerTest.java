package dev.concert.bridges.xmpp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.concert.bridges.http.ChatNetwork;
import dev.concert.bridges.platform.KeptInbox;
import dev.concert.error.Problem;
import dev.concert.foundation.outbox.SendOutcome;
import dev.concert.foundation.proxy.OutboundProxies;
import dev.concert.foundation.rate.RateBudgets;
import dev.concert.testing.Await;
import dev.concert.testing.chatserver.Prosody;
import dev.concert.testing.chatserver.TestCertificate;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.net.ssl.SSLSocketFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The connection to a real server. */
class XmppServerTest {
  private static final SSLSocketFactory STANDARD = (SSLSocketFactory) SSLSocketFactory.getDefault();

  @TempDir Path folder;
  private final Vertx vertx = Vertx.vertx();
  private final KeptInbox inbox = new KeptInbox();
  private Optional<Prosody> server = Optional.empty();

  @BeforeEach
  void isInstalled() {
    assumeTrue(Prosody.isInstalled(), "Prosody is not installed");
  }

  @AfterEach
  void close() {
    vertx.close().toCompletionStage().toCompletableFuture().join();
    server.ifPresent(Prosody::close);
  }

  private Prosody start(Optional<TestCertificate> certificate) {
    Prosody started = new Prosody(certificate);
    server = Optional.of(started);
    started.addUser("concert");
    return started;
  }

  private static <T> T get(Future<T> future) {
    return future.toCompletionStage().toCompletableFuture().join();
  }

  private XmppClient connect(Prosody to) {
    XmppAddress address = XmppAddress.of(to.address("concert", "c1")).orElseThrow();
    XmppClient client = new XmppClient(vertx, address, Prosody.PASSWORD, STANDARD, inbox);
    vertx.runOnContext(_ -> client.start());
    Await.until("connected", () -> client.health().isConnected());
    return client;
  }

  private SendOutcome say(XmppClient client, String place, String text) {
    return get(
        Future.future(
            promise ->
                vertx.runOnContext(
                    _ -> client.say(place, text, Optional.empty()).onComplete(promise))));
  }

  @Test
  void whatIsSaidToUsIsHeardAndASilentServerIsConnectedToAgain() {
    Prosody prosody = start(Optional.empty());
    XmppClient client = connect(prosody);
    String room = "c1@" + Prosody.ROOMS;
    try (XmppUser anne = new XmppUser(prosody, "anne")) {
      anne.join("c1");
      Await.until("the bot", () -> anne.isThere(room + "/concert"));
      anne.say(room, "talk among people", "1", Optional.empty());
      anne.say(room, "concerto: is music", "2", Optional.empty());
      anne.say(room, "Concert, mend it", "3", Optional.empty());
      anne.say("concert@" + Prosody.DOMAIN, "alone & <bold>", "4", Optional.empty());
      Await.until("both", () -> inbox.texts().equals(List.of("mend it", "alone & <bold>")));
      assertThat(inbox.events.getFirst().conversation()).isEqualTo(room);
      assertThat(inbox.events.getFirst().sender()).isEqualTo("anne@" + Prosody.DOMAIN);
      assertThat(inbox.events.getLast().isDirect()).isTrue();

      assertThat(say(client, "anne@" + Prosody.DOMAIN, "Grüße 🎻 <b>&\u0001"))
          .isInstanceOf(SendOutcome.Sent.class);
      Await.until(
          "the answer",
          () ->
              anne.said(0, "").stream().anyMatch(one -> one.text().equals("Grüße 🎻 <b>&\uFFFD")));
      assertThat(say(client, "nobody@" + Prosody.DOMAIN, "x"))
          .isInstanceOf(SendOutcome.Refused.class);
    }
    prosody.kill();
    Await.until("it is seen", () -> !client.health().isConnected());
    assertThat(say(client, "anne@" + Prosody.DOMAIN, "x")).isInstanceOf(SendOutcome.Failed.class);
    prosody.start();
    Await.until("connected again", () -> client.health().isConnected());
  }

  @Test
  void whatIsSaidAfterTheEndOfTheLoopEndsTheConnectionWithoutAnError() {
    Prosody prosody = start(Optional.empty());
    List<Throwable> uncaught = new CopyOnWriteArrayList<>();
    Thread.UncaughtExceptionHandler before = Thread.getDefaultUncaughtExceptionHandler();
    Thread.setDefaultUncaughtExceptionHandler((_, failure) -> uncaught.add(failure));
    String room = "c1@" + Prosody.ROOMS;
    try (XmppUser anne = new XmppUser(prosody, "anne")) {
      anne.join("c1");
      connect(prosody);
      Await.until("the bot", () -> anne.isThere(room + "/concert"));
      get(vertx.close());
      anne.say(room, "concert: too late", "1", Optional.empty());
      Await.until("it has left", () -> !anne.isThere(room + "/concert"));
    } finally {
      Thread.setDefaultUncaughtExceptionHandler(before);
    }
    assertThat(uncaught).isEmpty();
  }

  @Test
  void whatIsSaidInARoomWhileWeAreAwayIsHeardOnceAndWhatWasBeforeIsNot() {
    Prosody prosody = start(Optional.empty());
    String room = "c1@" + Prosody.ROOMS;
    try (XmppUser anne = new XmppUser(prosody, "anne")) {
      anne.join("c1");
      anne.say(room, "concert: before", "0", Optional.empty());
      long said = Instant.now().getEpochSecond();
      Await.until("a second later", () -> Instant.now().getEpochSecond() > said + 1);
      XmppClient first = connect(prosody);
      Await.until("the bot", () -> anne.isThere(room + "/concert"));
      anne.say(room, "concert: one", "1", Optional.empty());
      Await.until("one", () -> inbox.texts().equals(List.of("one")));
      Await.until("it is kept until when", () -> inbox.bookmark != null);
      vertx.runOnContext(_ -> first.stop());
      Await.until("it is away", () -> !anne.isThere(room + "/concert"));
      anne.say(room, "talk among people", "2", Optional.empty());
      anne.say(room, "concert: two", "3", Optional.empty());

      XmppClient second = connect(prosody);
      Await.until("two", () -> inbox.texts().contains("two"));
      anne.say(room, "concert: three", "4", Optional.empty());
      Await.until("three", () -> inbox.texts().contains("three"));
      assertThat(inbox.texts()).containsExactly("one", "two", "three");
      assertThat(second.health().isConnected()).isTrue();
    }
  }

  @Test
  void aPasswordGoesOnlyToAServerWithTheCertificateOfItsDomain() throws Exception {
    TestCertificate certificate = TestCertificate.of(folder, Prosody.DOMAIN);
    Prosody prosody = start(Optional.of(certificate));
    assertThat(refusal(prosody, certificate.trust(), Prosody.PASSWORD)).isEmpty();
    assertThat(refusal(prosody, certificate.trust(), "a wrong password")).contains("the password");
    assertThat(refusal(prosody, STANDARD, Prosody.PASSWORD)).contains("certificate");
    TestCertificate other = TestCertificate.of(folder, "elsewhere.test");
    prosody.close();
    Prosody foreign = start(Optional.of(other));
    assertThat(refusal(foreign, other.trust(), Prosody.PASSWORD)).contains("certificate");
  }

  private String refusal(Prosody prosody, SSLSocketFactory tls, String password) {
    XmppPlatform platform =
        new XmppPlatform(
            new ChatNetwork(vertx, OutboundProxies.NONE),
            new XmppOptions(List.of(prosody.server())),
            new RateBudgets(vertx),
            tls);
    return refusal(platform, prosody.address("concert"), password);
  }

  private static String refusal(XmppPlatform platform, String address, String password) {
    return get(
        platform
            .verify(Map.of(), Map.of("address", address, "password", password))
            .map("")
            .otherwise(failure -> Problem.of(failure).message()));
  }

  @Test
  void onlyServersOfTheOperatorsListAreConnectedTo() {
    XmppPlatform platform =
        new XmppPlatform(
            new ChatNetwork(vertx, OutboundProxies.NONE),
            new XmppOptions(List.of("xmpp.example.org:5222")),
            new RateBudgets(vertx));
    assertThat(refusal(platform, "xmpp://bot@internal/", "secret"))
        .contains("'internal:5222'", "bridges.xmpp.servers");
    assertThat(refusal(platform, "https://example.com", "secret")).contains("xmpp://");
    assertThat(refusal(platform, "xmpp://bot@a.org/r@b'c?server=x:1", "secret"))
        .contains("xmpp://");
  }
}
