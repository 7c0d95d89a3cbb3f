package dev.concert.automations.engine;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.concert.automations.delivery.PushMessageReader;
import dev.concert.testing.Await;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** A push service with a browser behind it. */
final class PushReceiver implements AutoCloseable {
  private static final String AUTH = "BTBZMqHH6r4Tts7J_aSIgg";

  private final List<Pushed> pushed = new CopyOnWriteArrayList<>();
  private final Map<String, Integer> answers = new ConcurrentHashMap<>();
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final HttpServer server;
  private final KeyPair browser;

  /** A request. */
  record Pushed(String path, Map<String, String> headers, byte[] body) {}

  PushReceiver() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"));
      browser = generator.generateKeyPair();
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.setExecutor(threads);
    server.createContext("/", this::take);
    server.start();
  }

  private void take(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getPath();
    Map<String, String> headers = new ConcurrentHashMap<>();
    exchange
        .getRequestHeaders()
        .forEach((name, values) -> headers.put(name.toLowerCase(Locale.ROOT), values.getFirst()));
    pushed.add(new Pushed(path, headers, exchange.getRequestBody().readAllBytes()));
    exchange.sendResponseHeaders(answers.getOrDefault(path, 201), -1);
    exchange.close();
  }

  String target() {
    return "127.0.0.1:" + server.getAddress().getPort();
  }

  String endpoint(String path) {
    return "http://" + target() + path;
  }

  String p256dh() {
    ECPublicKey key = (ECPublicKey) browser.getPublic();
    byte[] point = new byte[65];
    point[0] = 4;
    copy(key.getW().getAffineX(), point, 1);
    copy(key.getW().getAffineY(), point, 33);
    return base64(point);
  }

  String auth() {
    return AUTH;
  }

  /** What requests for this path get from now on. */
  void answer(String path, int status) {
    answers.put(path, status);
  }

  List<Pushed> pushed() {
    return List.copyOf(pushed);
  }

  /** The request with this number, as soon as it is there; the first is 1. */
  Pushed await(int number) {
    Await.until("request " + number, () -> pushed.size() >= number);
    return pushed.get(number - 1);
  }

  /** What the browser reads, and what its service sees of the sender. */
  JsonObject read(Pushed one) {
    byte[] key = new byte[32];
    copy(((ECPrivateKey) browser.getPrivate()).getS(), key, 0);
    try {
      return PushMessageReader.read(
          new JsonObject()
              .put("privateKey", base64(key))
              .put("auth", AUTH)
              .put("body", base64(one.body()))
              .put("authorization", one.headers().get("authorization")));
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  private static void copy(BigInteger number, byte[] into, int at) {
    byte[] bytes = number.toByteArray();
    int length = Math.min(32, bytes.length);
    System.arraycopy(bytes, bytes.length - length, into, at + 32 - length, length);
  }

  private static String base64(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
