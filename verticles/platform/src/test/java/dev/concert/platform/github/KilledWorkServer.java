package dev.concert.platform.github;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concert.platform.harness.Program;
import dev.concert.platform.harness.ServerProcess;
import dev.concert.testing.Await;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/**
 * The real program, which works on a played forge and is killed whenever that did something of
 * which the program did not hear yet. Whoever awaits something starts it again.
 */
class KilledWorkServer implements AutoCloseable {
  private final HttpClient client = HttpClient.newHttpClient();
  private final StringBuilder complaints = new StringBuilder();
  private final Object life = new Object();
  private final Path folder;
  private final BiConsumer<String, Runnable> forge;
  private volatile ServerProcess server;
  private String webhook;
  private boolean isAtEachStep;
  private boolean inATurn;
  private volatile int kills;
  private volatile boolean isDead;
  private volatile int planned;

  /**
   * @param folder for everything
   * @param forge runs something when it did a call
   */
  KilledWorkServer(Path folder, BiConsumer<String, Runnable> forge) {
    this.folder = folder;
    this.forge = forge;
  }

  /** Makes the folder of the agents, with one that works. */
  Path makeAgents() throws IOException {
    Path agents = Files.createDirectories(folder.resolve("agents"));
    Files.createSymbolicLink(agents.resolve("sdk"), Program.home().resolve("agents/sdk"));
    Files.createSymbolicLink(agents.resolve("colleague"), agent("colleague"));
    return agents;
  }

  static Path agent(String name) {
    return Path.of("src/test/resources/agents", name).toAbsolutePath();
  }

  /**
   * Starts it for the first time.
   *
   * @param config what it knows of the forge
   */
  void start(JsonObject config) throws IOException {
    JsonObject all =
        new JsonObject()
            .put(
                "coordinator",
                new JsonObject()
                    .put("agents", folder.resolve("agents").toString())
                    .put("readyTimeoutMs", 60_000))
            .put("github", new JsonObject().put("agent", "colleague"))
            .mergeIn(config, true);
    Files.writeString(folder.resolve("concert.yaml"), all.encode());
    server = startServer();
  }

  /** From now on it dies after each webhook, once in a turn, and wherever else it may. */
  void dieAtEachStep() {
    isAtEachStep = true;
    inATurn = true;
  }

  private ServerProcess startServer() {
    return ServerProcess.start(
        "up", data(), Map.of(), "--config", folder.resolve("concert.yaml").toString());
  }

  Path data() {
    return folder.resolve("data");
  }

  /** Connects an account; its webhooks are delivered from now on. */
  void connect(String platform, JsonObject settings, JsonObject secrets) throws Exception {
    JsonObject bridge =
        new JsonObject()
            .put("platform", platform)
            .put("name", "Engine")
            .put("settings", settings)
            .put("secrets", secrets);
    webhook = post("/api/bridges", bridge).getString("webhookPath");
  }

  /** The JSON that answers a POST. */
  JsonObject post(String path, JsonObject body) throws Exception {
    HttpResponse<String> response =
        client.send(
            HttpRequest.newBuilder(URI.create(server.url() + path))
                .POST(HttpRequest.BodyPublishers.ofString(body.encode()))
                .build(),
            HttpResponse.BodyHandlers.ofString());
    assertThat(response.statusCode()).as(response.body()).isLessThan(300);
    return new JsonObject(response.body());
  }

  /** What answers; empty while the server is dead. */
  String get(String path) {
    try {
      return client
          .send(
              HttpRequest.newBuilder(URI.create(server.url() + path)).build(),
              HttpResponse.BodyHandlers.ofString())
          .body();
    } catch (IOException dead) {
      return "";
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("Interrupted", e);
    }
  }

  void deliver(Map<String, String> headers, byte[] body) throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(server.url() + webhook))
            .POST(HttpRequest.BodyPublishers.ofByteArray(body));
    headers.forEach(request::setHeader);
    assertThat(client.send(request.build(), HttpResponse.BodyHandlers.ofString()).statusCode())
        .isEqualTo(202);
    if (isAtEachStep) {
      kill();
    }
  }

  /** The server dies when the forge did this, and hears nothing of it. */
  void killAt(String call) {
    planned++;
    forge.accept(call, this::killServer);
  }

  /** The same, where it is to die at each step. */
  void killAtEach(String... calls) {
    if (isAtEachStep) {
      Stream.of(calls).forEach(this::killAt);
    }
  }

  /** {@code kill -9}, now. */
  void kill() {
    planned++;
    killServer();
  }

  /** Waits for a server that starts: that one is killed. */
  private void killServer() {
    synchronized (life) {
      server.kill();
      kills++;
      isDead = true;
    }
  }

  /** Waits; a server that died is started again meanwhile. */
  void await(String what, BooleanSupplier done) {
    do {
      if (isDead) {
        startAgain();
      }
      Await.until(what, () -> isDead || isKilledInATurn() || done.getAsBoolean());
    } while (isDead);
  }

  private boolean isKilledInATurn() {
    if (inATurn && get("/api/sessions").contains("\"state\":\"running\"")) {
      inATurn = false;
      kill();
    }
    return isDead;
  }

  private void startAgain() {
    synchronized (life) {
      complaints.append(server.complaints());
      server.close();
      isDead = false;
      server = startServer();
    }
  }

  /** Fails unless each kill came that was asked for, and at least one. */
  void assertKilled() {
    assertThat(kills).isEqualTo(planned).isPositive();
  }

  /** What all its processes said on standard error. */
  String complaints() {
    return complaints + server.complaints();
  }

  /** Of the one session there are events, and no secret is in them, a log, a file or a process. */
  void assertNoSecretIsAnywhere(List<String> secrets) throws IOException {
    assertThat(secrets).isNotEmpty();
    JsonArray sessions = new JsonObject(get("/api/sessions")).getJsonArray("sessions");
    assertThat(sessions).hasSize(1);
    String events =
        get(
            "/api/sessions/%s/events?afterSeq=0"
                .formatted(sessions.getJsonObject(0).getString("id")));
    assertThat(events).contains("turn_complete");
    assertThat(secrets).noneMatch(events::contains);
    assertThat(secrets).noneMatch(complaints()::contains);
    try (Stream<Path> all = Stream.concat(Files.walk(data()), processes())) {
      for (Path file : (Iterable<Path>) all.filter(Files::isRegularFile)::iterator) {
        String text = text(file);
        assertThat(secrets).as(file.toString()).noneMatch(text::contains);
      }
    }
  }

  /** What every process of this machine was given. */
  private static Stream<Path> processes() throws IOException {
    List<Path> all = new ArrayList<>();
    try (Stream<Path> running = Files.list(Path.of("/proc"))) {
      running
          .filter(one -> one.getFileName().toString().matches("\\d+"))
          .forEach(one -> all.addAll(List.of(one.resolve("environ"), one.resolve("cmdline"))));
    }
    return all.stream();
  }

  /** A process may have ended, and be another user's; a file may be gone. */
  private static String text(Path file) {
    try {
      return new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
    } catch (IOException gone) {
      return "";
    }
  }

  @Override
  public void close() {
    server.close();
    client.close();
  }
}
