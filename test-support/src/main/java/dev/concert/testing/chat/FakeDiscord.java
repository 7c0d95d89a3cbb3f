package dev.concert.testing.chat;

import dev.concert.testing.chat.FakeDiscordChannels.Reply;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;

/**
 * Discord's REST API and gateway, as far as bridges use them; source:
 * https://docs.discord.com/developers/reference. Channels that begin with 1 are direct, those that
 * begin with 2 are text channels of the guild.
 */
public final class FakeDiscord implements AutoCloseable {
  public static final String GUILD = "4000001";
  private static final String BASE = "/api/v10";

  /** What goes wrong with the next message. */
  public enum Fault {
    RATE_LIMITED,
    /** As the network in front of Discord says it: no JSON. */
    RATE_LIMITED_IN_FRONT,
    /** The same without a time. */
    RATE_LIMITED_WITHOUT_TIME,
    SERVER_ERROR,
    CUT_BEFORE,
    CUT_AFTER,
    /** It is taken, and there is no answer. */
    HELD,
    /** Nothing is done, and there is no answer. */
    HELD_BEFORE
  }

  /** A message that people of a channel see. */
  public record Message(
      String channel, String id, String text, List<String> buttons, String onlyFor) {}

  private final Vertx vertx = Vertx.vertx();
  private final PlayedFiles files = new PlayedFiles();
  private final Set<String> nonces = new HashSet<>();
  private final HttpServer server;
  private final FakeDiscordGateway gateway = new FakeDiscordGateway(this);
  private final KeyPair keys;
  private final FakeDiscordChannels channels = new FakeDiscordChannels();
  private final Deque<Fault> faults = new ArrayDeque<>();
  private volatile String gatewayHost = "127.0.0.1";
  private boolean isHeld;
  private final List<String> commands = new ArrayList<>();
  private final Set<Integer> revoked = new HashSet<>();
  private int sent;

  public FakeDiscord() {
    try {
      keys = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
    server =
        vertx.createHttpServer().webSocketHandler(gateway::opened).requestHandler(this::handle);
    server.listen(0, "127.0.0.1").toCompletionStage().toCompletableFuture().join();
  }

  public URI api() {
    return URI.create("http://127.0.0.1:" + server.actualPort() + BASE);
  }

  /** Its gateway is at this host from now on. */
  public void openGatewayAt(String host) {
    gatewayHost = host;
  }

  String gatewayUrl() {
    return "ws://%s:%d/gateway".formatted(gatewayHost, server.actualPort());
  }

  /** The token of one of the two bots, from 1. */
  public static String token(int account) {
    return "500000%d.played.token-of-a-bot".formatted(account);
  }

  static int account(String token) {
    return token.equals(token(1)) ? 1 : token.equals(token(2)) ? 2 : 0;
  }

  /** The application of a bot. */
  public static String application(int account) {
    return "500000" + account;
  }

  /** The user that a bot is. */
  public static JsonObject bot(int account) {
    return new JsonObject()
        .put("id", "600000" + account)
        .put("username", "concert")
        .put("discriminator", "0000")
        .put("bot", true);
  }

  /** An id that nothing else has. */
  public synchronized String newId() {
    return channels.newId();
  }

  /** Whether somebody waits for an answer that does not come. */
  public synchronized boolean isHeld() {
    return isHeld;
  }

  public synchronized void fail(Fault fault) {
    faults.add(fault);
  }

  /** The token of a bot is taken away, or is good again. */
  public synchronized void revoke(int account, boolean isRevoked) {
    if (isRevoked) {
      revoked.add(account);
    } else {
      revoked.remove(account);
    }
  }

  /** How often somebody wanted to send a message. */
  public synchronized int sent() {
    return sent;
  }

  public synchronized List<Message> messages() {
    return channels.messages();
  }

  /** The names of the commands that were registered. */
  public synchronized List<String> commands() {
    return List.copyOf(commands);
  }

  /** What became of sessions at the gateway, in order. */
  public List<String> gatewayLog() {
    return gateway.log();
  }

  public boolean isConnected(int account) {
    return gateway.isConnected(account);
  }

  /** How often bots that connect from now on have to say that they are there. */
  public void heartbeat(long ms) {
    gateway.heartbeat(ms);
  }

  /** Whether connections stay open while nothing is said on them. */
  public void silent(boolean silent) {
    gateway.silent(silent);
  }

  /** Closes the connections of a bot. */
  public void cut(int account, int code) {
    gateway.cut(account, (short) code);
  }

  /** Tells a bot of something; its session keeps that where it is not connected. */
  public void dispatch(int account, String type, JsonObject data) {
    gateway.dispatch(account, type, data);
  }

  /** Somebody uses a command or a button: its answer is shown to that person. */
  public synchronized void expect(String token, String channel, String sender) {
    channels.expect(token, channel, sender);
  }

  /** A thread in which people spoke before anybody named the bot. */
  public synchronized String threadOfPeople(String author, String... texts) {
    String id = "2" + newId();
    List<JsonObject> said = new ArrayList<>();
    for (String text : texts) {
      JsonObject message = DiscordEventsPlayed.message(newId(), id, "3", text);
      message.getJsonObject("author").put("username", author);
      said.add(message);
    }
    channels.threadOfPeople(id, said);
    return id;
  }

  /** The signature of a request to the address for interactions. */
  public String sign(String time, String body) {
    try {
      Signature signature = Signature.getInstance("Ed25519");
      signature.initSign(keys.getPrivate());
      signature.update((time + body).getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(signature.sign());
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  private String publicKey() {
    byte[] encoded = keys.getPublic().getEncoded();
    return HexFormat.of().formatHex(encoded, encoded.length - 32, encoded.length);
  }

  private void handle(HttpServerRequest request) {
    if (request.path().startsWith("/attachments/")) {
      files.give(request, true);
      return;
    }
    if (PlayedFiles.isForm(request)) {
      PlayedFiles.form(request).onSuccess(form -> upload(request, form));
      return;
    }
    request
        .body()
        .onSuccess(
            body ->
                answer(
                    request,
                    request.path().replaceFirst("^" + BASE, "").split("/"),
                    body.length() == 0 ? new JsonObject() : body.toJsonObject()));
  }

  private synchronized void upload(HttpServerRequest request, PlayedFiles.Form form) {
    String[] path = request.path().replaceFirst("^" + BASE, "").split("/");
    JsonObject body = new JsonObject(form.fields().get("payload_json"));
    if (nonces.add(body.getString("nonce"))) {
      form.files().forEach((name, content) -> files.received(path[2], name, content));
    }
    send(request, FakeDiscordChannels.ok(new JsonObject().put("id", newId())));
  }

  /** A person's file in a message. */
  public JsonObject file(String id, String name, String content) {
    files.sent(id, content);
    return new JsonObject()
        .put("id", id)
        .put("filename", name)
        .put("size", content.length())
        .put("content_type", "text/plain")
        .put("url", "http://127.0.0.1:%d/attachments/%s".formatted(server.actualPort(), id));
  }

  /** Whether people of a channel saw that an answer is under way. */
  public synchronized boolean isTyped(String channel) {
    return channels.isTyped(channel);
  }

  /** What people sent, and got. */
  public PlayedFiles files() {
    return files;
  }

  private synchronized void answer(HttpServerRequest request, String[] path, JsonObject body) {
    boolean isPost =
        request.method() == HttpMethod.POST && path.length == 4 && path[3].equals("messages");
    sent += isPost ? 1 : 0;
    Fault fault = isPost ? faults.poll() : null;
    switch (fault) {
      case RATE_LIMITED -> {
        request.response().putHeader("X-RateLimit-Scope", "user").putHeader("Retry-After", "1");
        send(
            request,
            new Reply(
                429,
                new JsonObject()
                    .put("message", "You are being rate limited.")
                    .put("retry_after", 0.3)
                    .put("global", false)));
      }
      case RATE_LIMITED_IN_FRONT ->
          request
              .response()
              .setStatusCode(429)
              .putHeader("Retry-After", "1")
              .end("error code: 1015");
      case RATE_LIMITED_WITHOUT_TIME ->
          request.response().setStatusCode(429).end("error code: 1015");
      case SERVER_ERROR -> request.response().setStatusCode(502).end("<html>Bad Gateway</html>");
      case CUT_BEFORE -> request.connection().close();
      case CUT_AFTER -> {
        reply(request, path, body);
        request.connection().close();
      }
      case HELD -> {
        reply(request, path, body);
        isHeld = true;
      }
      case HELD_BEFORE -> isHeld = true;
      case null -> send(request, reply(request, path, body));
    }
  }

  private Reply reply(HttpServerRequest request, String[] path, JsonObject body) {
    String what = path.length > 1 ? path[1] : "";
    if (what.equals("interactions")) {
      return channels.callback(path[3]);
    }
    if (what.equals("webhooks")) {
      return channels.answerInteraction(request.method(), path[3], body);
    }
    String header = request.getHeader("Authorization");
    int account = header == null ? 0 : account(header.replaceFirst("^Bot ", ""));
    if (account == 0 || revoked.contains(account)) {
      return FakeDiscordChannels.refused(401, 0, "401: Unauthorized");
    }
    return switch (what) {
      case "gateway" -> FakeDiscordChannels.ok(gatewayBot());
      case "applications" ->
          path[2].equals("@me") ? FakeDiscordChannels.ok(me(account)) : command(body);
      case "channels" -> channels.channel(request.method(), account, path, body);
      default -> FakeDiscordChannels.refused(404, 0, "404: Not Found");
    };
  }

  private JsonObject gatewayBot() {
    return new JsonObject()
        .put("url", gatewayUrl())
        .put("shards", 1)
        .put(
            "session_start_limit",
            new JsonObject()
                .put("total", 1000)
                .put("remaining", 999)
                .put("reset_after", 14_400_000)
                .put("max_concurrency", 1));
  }

  private JsonObject me(int account) {
    return new JsonObject()
        .put("id", application(account))
        .put("name", "Concert")
        .put("verify_key", publicKey())
        .put("bot", bot(account));
  }

  private Reply command(JsonObject body) {
    String name = body.getString("name", "");
    if (!name.matches("[-_a-z0-9]{1,32}") || body.getString("description", "").isEmpty()) {
      return FakeDiscordChannels.invalid(
          "name", "APPLICATION_COMMAND_INVALID_NAME", "Command name is invalid");
    }
    commands.add(name);
    return new Reply(201, body.copy().put("id", newId()));
  }

  private static void send(HttpServerRequest request, Reply reply) {
    request.response().setStatusCode(reply.status());
    if (reply.status() == 204) {
      request.response().end();
    } else {
      request
          .response()
          .putHeader("Content-Type", "application/json")
          .end(reply.list() == null ? reply.body().encode() : reply.list().encode());
    }
  }

  @Override
  public void close() {
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }
}
