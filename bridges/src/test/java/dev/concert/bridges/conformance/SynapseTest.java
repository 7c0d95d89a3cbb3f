package dev.concert.bridges.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.concert.bridge.BridgeMessages.AddBridge;
import dev.concert.bridge.BridgeMessages.CreatePairingCode;
import dev.concert.bridge.BridgeMessages.DeliverWebhook;
import dev.concert.bridge.BridgeMessages.TestBridge;
import dev.concert.bridges.BridgesOptions;
import dev.concert.bridges.BridgesVerticle;
import dev.concert.bridges.matrix.MatrixPerson;
import dev.concert.bridges.matrix.MatrixRegistration;
import dev.concert.bus.Address;
import dev.concert.bus.Addresses;
import dev.concert.bus.BusCodecs;
import dev.concert.bus.ConcertBus;
import dev.concert.error.Problem;
import dev.concert.foundation.config.ConfigReader;
import dev.concert.testing.Await;
import dev.concert.testing.chatserver.Synapse;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real homeserver, with people at their own clients; what it sends comes over HTTP. */
class SynapseTest {
  private static final Duration TIMEOUT = Duration.ofMinutes(3);
  private static final String BOT = "@concert:" + Synapse.NAME;
  private static final String MESSAGE = "m.room.message";

  @TempDir Path data;
  private final Vertx vertx = Vertx.vertx();
  private final MatrixRegistration registration = MatrixRegistration.create();
  private final AtomicInteger refusals = new AtomicInteger();
  private ConcertBus bus;
  private FakeGateway gateway;
  private Synapse synapse;

  @AfterEach
  void close() {
    vertx.close().toCompletionStage().toCompletableFuture().join();
    if (synapse != null) {
      synapse.close();
    }
  }

  private static <T> T get(Future<T> future) {
    return future.toCompletionStage().toCompletableFuture().join();
  }

  private <Q extends Record, R extends Record> R ask(Address<Q, R> address, Q request) {
    return get(bus.request(address, request, TIMEOUT));
  }

  private void open() throws Exception {
    assumeTrue(Synapse.isInstallable(), "Synapse needs Python 3.10");
    BusCodecs.register(vertx);
    bus = new ConcertBus(vertx);
    gateway = new FakeGateway(vertx);
    HttpServer server = vertx.createHttpServer().requestHandler(this::deliver);
    get(server.listen(0, "127.0.0.1"));
    String url =
        "http://127.0.0.1:%d/webhooks/matrix/%s"
            .formatted(server.actualPort(), registration.connectionId());
    synapse = new Synapse(Files.createDirectory(data.resolve("synapse")));
    // JSON is YAML.
    synapse.start(new JsonObject(registration.content(url)).encode());
    JsonObject homeservers =
        new JsonObject().put("homeservers", new JsonArray().add(synapse.address()));
    JsonObject section =
        new JsonObject().put("bridges", new JsonObject().put("matrix", homeservers));
    BridgesOptions options =
        BridgesOptions.from(ConfigReader.of(section, "bridges"), data, Map.of());
    get(vertx.deployVerticle(new BridgesVerticle(options)));
  }

  /** As the gateway does. */
  private void deliver(HttpServerRequest request) {
    if (refusals.getAndDecrement() > 0) {
      request.response().setStatusCode(503).end();
      return;
    }
    String[] path = request.path().split("/", 5);
    Map<String, String> headers = new HashMap<>();
    request
        .headers()
        .forEach(one -> headers.put(one.getKey().toLowerCase(Locale.ROOT), one.getValue()));
    request
        .body()
        .compose(
            body ->
                bus.request(
                    Addresses.DELIVER_WEBHOOK,
                    new DeliverWebhook(
                        path[2],
                        path[3],
                        request.method().name(),
                        "/" + path[4],
                        headers,
                        body.getBytes()),
                    TIMEOUT))
        .onSuccess(reply -> request.response().setStatusCode(reply.status()).end(reply.body()))
        .onFailure(_ -> request.response().setStatusCode(503).end());
  }

  private AddBridge bridge(String asToken) {
    return new AddBridge(
        "acme",
        "admin",
        "matrix",
        "real",
        Map.of(),
        Map.of(
            "homeserver",
            synapse.address(),
            "asToken",
            asToken,
            "hsToken",
            registration.hsToken()));
  }

  /**
   * A message of the bot.
   *
   * @param event as it was sent
   * @param now its content after the latest change
   */
  private record Said(JsonObject event, JsonObject now) {
    private String body() {
      return now.getString("body", "");
    }
  }

  /** What the bot says in a room now, changes included. */
  private static List<Said> said(MatrixPerson person, String room) {
    Map<String, JsonObject> changes = new HashMap<>();
    List<JsonObject> events =
        person.events(room).stream().filter(one -> one.getString("sender").equals(BOT)).toList();
    for (JsonObject one : events) {
      JsonObject content = one.getJsonObject("content");
      if (content.containsKey("m.new_content")) {
        changes.put(
            content.getJsonObject("m.relates_to").getString("event_id"),
            content.getJsonObject("m.new_content"));
      }
    }
    return events.stream()
        .filter(one -> one.getString("type").equals(MESSAGE))
        .filter(one -> !one.getJsonObject("content").containsKey("m.new_content"))
        .map(
            one ->
                new Said(
                    one,
                    changes.getOrDefault(one.getString("event_id"), one.getJsonObject("content"))))
        .toList();
  }

  private static List<String> texts(MatrixPerson person, String room) {
    return said(person, room).stream().map(Said::body).toList();
  }

  private static void awaitText(MatrixPerson person, String room, String text) {
    Await.until("'" + text + "'", () -> texts(person, room).contains(text));
  }

  private static Optional<Said> find(MatrixPerson person, String room, String body) {
    return said(person, room).stream().filter(one -> one.body().startsWith(body)).findFirst();
  }

  @Test
  void peopleTalkToAnAgentAtARealHomeserver() throws Exception {
    open();
    String refusal =
        get(
            bus.request(Addresses.ADD_BRIDGE, bridge("x".repeat(40)), TIMEOUT)
                .map("")
                .otherwise(failure -> Problem.of(failure).message()));
    assertThat(refusal).contains("app_service_config_files");
    String connection = ask(Addresses.ADD_BRIDGE, bridge(registration.asToken())).connectionId();
    assertThat(connection).isEqualTo(registration.connectionId());
    assertThat(ask(Addresses.TEST_BRIDGE, new TestBridge("acme", connection)).message())
        .isEqualTo("Connected to %s as %s.".formatted(Synapse.NAME, BOT));

    MatrixPerson anne = new MatrixPerson(synapse.address(), "anne");
    String room = anne.createRoom(true, BOT);
    Await.until("the bot comes", () -> anne.sees(room, BOT));
    String code = ask(Addresses.CREATE_PAIRING_CODE, new CreatePairingCode("acme", "anne")).code();
    anne.say(room, "pair " + code);
    awaitText(anne, room, "I know you now. Write to me what you want done.");
    anne.say(room, "**hello** & welcome");
    awaitText(anne, room, "answer to **hello** & welcome");
    JsonObject answer = find(anne, room, "answer to").orElseThrow().now();
    assertThat(answer.getString("formatted_body"))
        .isEqualTo("answer to <strong>hello</strong> &amp; welcome");

    changes(anne, room);
    permission(anne, room);
    files(anne, room);
    thread(anne);
    outage(anne, room);
  }

  private void changes(MatrixPerson anne, String room) {
    String held = anne.say(room, "hold on");
    awaitText(anne, room, "_Working …_");
    JsonObject said = new JsonObject().put("msgtype", "m.text").put("body", "hold it");
    anne.send(
        room,
        MESSAGE,
        said.copy()
            .put("body", "* hold it")
            .put("m.new_content", said)
            .put(
                "m.relates_to",
                new JsonObject().put("rel_type", "m.replace").put("event_id", held)));
    awaitText(anne, room, "steered");
    assertThat(gateway.steered().getLast()).endsWith("hold it");
  }

  private void permission(MatrixPerson anne, String room) {
    anne.say(room, "permit it");
    Await.until(
        "the signs",
        () ->
            anne.events(room).stream()
                    .filter(one -> one.getString("type").equals("m.reaction"))
                    .count()
                == 2);
    String question = find(anne, room, "**May I use").orElseThrow().event().getString("event_id");
    anne.send(
        room,
        "m.reaction",
        new JsonObject()
            .put(
                "m.relates_to",
                new JsonObject()
                    .put("rel_type", "m.annotation")
                    .put("event_id", question)
                    .put("key", "👍")));
    awaitText(anne, room, "thank you");
  }

  private void files(MatrixPerson anne, String room) {
    String address = anne.upload("hello file");
    anne.send(
        room,
        MESSAGE,
        new JsonObject()
            .put("msgtype", "m.file")
            .put("body", "read this")
            .put("filename", "notes.txt")
            .put("url", address));
    Await.until("the file", () -> gateway.files.containsKey("from-chat/notes.txt"));
    assertThat(gateway.files).containsEntry("from-chat/notes.txt", "hello file");
    gateway.files.put("out/report.md", "# Report");
    anne.say(room, "give out/report.md");
    Await.until("a file", () -> find(anne, room, "report.md").isPresent());
    assertThat(anne.download(find(anne, room, "report.md").orElseThrow().now().getString("url")))
        .isEqualTo("# Report");
  }

  private void thread(MatrixPerson anne) {
    MatrixPerson bob = new MatrixPerson(synapse.address(), "bob");
    String room = anne.createRoom(false, BOT, "@bob:" + Synapse.NAME);
    bob.join(room);
    Await.until("the bot comes", () -> anne.sees(room, BOT));
    bob.say(room, "talk among people");
    String root =
        anne.send(
            room,
            MESSAGE,
            new JsonObject()
                .put("msgtype", "m.text")
                .put("body", "concert: mend it")
                .put("m.mentions", new JsonObject().put("user_ids", new JsonArray().add(BOT))));
    awaitText(anne, room, "answer to mend it");
    JsonObject relation =
        find(anne, room, "answer to mend it")
            .orElseThrow()
            .event()
            .getJsonObject("content")
            .getJsonObject("m.relates_to");
    assertThat(relation.getString("rel_type")).isEqualTo("m.thread");
    assertThat(relation.getString("event_id")).isEqualTo(root);
    assertThat(gateway.texts()).doesNotContain("talk among people");
  }

  /** What we cannot take now comes again. */
  private void outage(MatrixPerson anne, String room) {
    refusals.set(1);
    anne.say(room, "at last");
    awaitText(anne, room, "answer to at last");
    assertThat(refusals.get()).isNegative();
    assertThat(texts(anne, room)).containsOnlyOnce("answer to at last");
  }
}
