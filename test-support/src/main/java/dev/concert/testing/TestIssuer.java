package dev.concert.testing;

import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.interfaces.RSAPublicKey;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * An OpenID provider on this machine: it publishes its keys over HTTP and signs what a test wants.
 * It can be stopped, slow or wrong. Its tokens are for the audience {@link #AUDIENCE}.
 */
public final class TestIssuer implements AutoCloseable {
  public static final String AUDIENCE = "https://concert.test/api";

  private static final String HOST = "127.0.0.1";
  private static final long VALID_SECONDS = 3600;
  private static final long SLOWNESS_MS = 100;

  private final Vertx vertx;
  private final int port;
  private final List<Key> published = new CopyOnWriteArrayList<>();
  private final AtomicInteger keyFetches = new AtomicInteger();
  private final Map<String, Handler<HttpServerRequest>> more = new ConcurrentHashMap<>();
  private volatile Behavior behavior = Behavior.RIGHT;
  private volatile Key signing;
  private HttpServer server;

  /** What it does when it is asked for its key set. */
  public enum Behavior {
    RIGHT,
    /** Answers right, after a while. */
    SLOW,
    /** Answers 503. */
    FAILING,
    /** Never answers. */
    SILENT,
    /** Sends a byte now and then, and never all. */
    DRIPPING,
    /** Answers with what is not JSON. */
    GARBAGE,
    /** Answers with JSON that is no key set. */
    EMPTY,
    /** Answers with more than anybody wants to read. */
    HUGE,
    /** Sends the client elsewhere. */
    REDIRECTING
  }

  /** A key pair and its kid. */
  public record Key(String id, KeyPair pair) {

    /** An RSA key of 2048 bits. */
    public static Key rsa(String id) {
      return rsa(id, 2048);
    }

    public static Key rsa(String id, int bits) {
      try {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(bits);
        return new Key(id, generator.generateKeyPair());
      } catch (GeneralSecurityException e) {
        throw new IllegalStateException(e);
      }
    }

    /** The public key as a JWK. */
    public JsonObject jwk() {
      RSAPublicKey key = (RSAPublicKey) pair.getPublic();
      return new JsonObject()
          .put("kty", "RSA")
          .put("use", "sig")
          .put("alg", "RS256")
          .put("kid", id)
          .put("n", unsigned(key.getModulus()))
          .put("e", unsigned(key.getPublicExponent()));
    }

    private static String unsigned(BigInteger number) {
      byte[] bytes = number.toByteArray();
      int start = bytes[0] == 0 ? 1 : 0;
      return base64(java.util.Arrays.copyOfRange(bytes, start, bytes.length));
    }
  }

  private TestIssuer(Vertx vertx) {
    this.vertx = vertx;
    this.server = listen(0);
    this.port = server.actualPort();
    rotate();
  }

  /** Listens on a free port. Not to be called on an event loop. */
  public static TestIssuer start(Vertx vertx) {
    return new TestIssuer(vertx);
  }

  private HttpServer listen(int where) {
    return vertx
        .createHttpServer()
        .requestHandler(this::answer)
        .listen(where, HOST)
        .toCompletionStage()
        .toCompletableFuture()
        .join();
  }

  /** As its tokens name it. */
  public String url() {
    return "http://" + HOST + ":" + port;
  }

  /** How often its key set was asked for. */
  public int keyFetches() {
    return keyFetches.get();
  }

  public void behave(Behavior wanted) {
    behavior = wanted;
  }

  /** Signs with a new key from now on, which it publishes instead of those before. */
  public Key rotate() {
    Key key = Key.rsa("key-" + System.nanoTime());
    published.clear();
    published.add(key);
    signing = key;
    return key;
  }

  /** Publishes another key, and does not sign with it. */
  public void publish(Key key) {
    published.add(key);
  }

  /** The key that it signs with now. */
  public Key key() {
    return signing;
  }

  /** What a valid token of a tenant says. */
  public JsonObject claims(String subject, String tenantId) {
    long now = Instant.now().getEpochSecond();
    return new JsonObject()
        .put("iss", url())
        .put("sub", subject)
        .put("aud", AUDIENCE)
        .put("iat", now)
        .put("exp", now + VALID_SECONDS)
        .put("email", subject + "@example.com")
        .put("email_verified", true)
        .put("tenant_id", tenantId);
  }

  /** A valid token. */
  public String token(String subject, String tenantId) {
    return token(claims(subject, tenantId));
  }

  /** A token of these claims, signed with the present key. */
  public String token(JsonObject claims) {
    return token(claims, signing);
  }

  /** A token of these claims, signed with RS256 and this key. */
  public static String token(JsonObject claims, Key key) {
    return token(
        new JsonObject().put("alg", "RS256").put("typ", "at+jwt").put("kid", key.id()),
        claims,
        key);
  }

  /** The same, whatever the header says. */
  public static String token(JsonObject header, JsonObject claims, Key key) {
    String signed = unsigned(header, claims);
    try {
      Signature signature = Signature.getInstance("SHA256withRSA");
      signature.initSign(key.pair().getPrivate());
      signature.update(signed.getBytes(StandardCharsets.US_ASCII));
      return signed + "." + base64(signature.sign());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Header and claims, without a signature or the dot before it. */
  public static String unsigned(JsonObject header, JsonObject claims) {
    return base64(header.encode().getBytes(StandardCharsets.UTF_8))
        + "."
        + base64(claims.encode().getBytes(StandardCharsets.UTF_8));
  }

  public static String base64(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  private void answer(HttpServerRequest request) {
    switch (request.path()) {
      case "/.well-known/openid-configuration" -> request.response().end(discovery().toBuffer());
      case "/keys" -> answerKeys(request.response());
      default ->
          more.getOrDefault(request.path(), other -> other.response().setStatusCode(404).end())
              .handle(request);
    }
  }

  /** Serves a further path. */
  public void serve(String path, Handler<HttpServerRequest> handler) {
    more.put(path, handler);
  }

  private JsonObject discovery() {
    return new JsonObject()
        .put("issuer", url())
        .put("jwks_uri", url() + "/keys")
        .put("authorization_endpoint", url() + "/authorize")
        .put("token_endpoint", url() + "/token")
        .put("end_session_endpoint", url() + "/logout");
  }

  private void answerKeys(HttpServerResponse response) {
    keyFetches.incrementAndGet();
    switch (behavior) {
      case RIGHT -> response.end(keySet().toBuffer());
      case SLOW -> vertx.setTimer(SLOWNESS_MS, _ -> response.end(keySet().toBuffer()));
      case FAILING -> response.setStatusCode(503).end("no");
      case SILENT -> {
        // The client has to give up.
      }
      case DRIPPING -> drip(response.setChunked(true));
      case GARBAGE -> response.end("<html>It works!</html>");
      case EMPTY -> response.end(new JsonObject().put("keys", new JsonArray()).toBuffer());
      case HUGE -> response.end(Buffer.buffer("[\"" + "x".repeat(4 << 20) + "\"]"));
      case REDIRECTING ->
          response.setStatusCode(302).putHeader("Location", url() + "/elsewhere").end();
    }
  }

  private void drip(HttpServerResponse response) {
    response.write(" ");
    long timer = vertx.setPeriodic(100, _ -> response.write(" "));
    response.closeHandler(_ -> vertx.cancelTimer(timer));
  }

  private JsonObject keySet() {
    JsonArray keys = new JsonArray();
    published.forEach(key -> keys.add(key.jwk()));
    return new JsonObject().put("keys", keys);
  }

  /** Nobody listens at its port any more. */
  public void stop() {
    server.close().toCompletionStage().toCompletableFuture().join();
  }

  /** Listens again, at the same port. */
  public void restart() {
    server = listen(port);
  }

  @Override
  public void close() {
    stop();
  }
}
