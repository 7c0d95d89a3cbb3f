package dev.concert.automations.engine;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.concert.json.Json;
import dev.concert.testing.Await;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** A server that takes signed webhooks and checks them on its own. */
final class WebhookReceiver implements AutoCloseable {
  private static final int NEVER = 0;

  private final List<Posted> posted = new CopyOnWriteArrayList<>();
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final HttpServer server;
  private volatile int status = 200;
  private volatile CountDownLatch answer = new CountDownLatch(0);

  /** A request. */
  record Posted(String id, String time, String signature, byte[] bytes) {
    JsonNode body() {
      try {
        return Json.MAPPER.readTree(bytes);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    boolean isSignedWith(String secret) {
      try {
        Mac mac = Mac.getInstance("HmacSHA256");
        byte[] key = Base64.getDecoder().decode(secret.substring("whsec_".length()));
        mac.init(new SecretKeySpec(key, "HmacSHA256"));
        mac.update((id + "." + time + ".").getBytes(StandardCharsets.UTF_8));
        return signature.equals("v1," + Base64.getEncoder().encodeToString(mac.doFinal(bytes)));
      } catch (GeneralSecurityException e) {
        throw new AssertionError(e);
      }
    }
  }

  WebhookReceiver() {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.setExecutor(threads);
    server.createContext("/hooks", this::take);
    server.start();
  }

  private void take(HttpExchange exchange) throws IOException {
    byte[] body = exchange.getRequestBody().readAllBytes();
    int now = status;
    CountDownLatch mayAnswer = answer;
    posted.add(
        new Posted(
            exchange.getRequestHeaders().getFirst("webhook-id"),
            exchange.getRequestHeaders().getFirst("webhook-timestamp"),
            exchange.getRequestHeaders().getFirst("webhook-signature"),
            body));
    if (now != NEVER) {
      await(mayAnswer);
      exchange.sendResponseHeaders(now, -1);
      exchange.close();
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  int port() {
    return server.getAddress().getPort();
  }

  String url() {
    return "http://127.0.0.1:" + port() + "/hooks?for=anne";
  }

  /** What the next requests get. */
  void answer(int newStatus) {
    status = newStatus;
  }

  /** Holds back the answers to the next requests until the test releases them. */
  void hold() {
    answer = new CountDownLatch(1);
  }

  /** What is held is answered. */
  void answerNow() {
    answer.countDown();
  }

  /** The next requests get no answer. */
  void hang() {
    status = NEVER;
  }

  List<Posted> posted() {
    return List.copyOf(posted);
  }

  /** The request with this number, as soon as it is there; the first is 1. */
  Posted await(int number) {
    Await.until("request " + number, () -> posted.size() >= number);
    return posted.get(number - 1);
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
