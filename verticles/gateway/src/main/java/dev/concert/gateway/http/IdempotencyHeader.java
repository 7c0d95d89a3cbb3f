package dev.concert.gateway.http;

import dev.concert.contract.ApiOperation;
import dev.concert.contract.ContractTable;
import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import dev.concert.gateway.idempotency.KeyedRequest;
import dev.concert.protocol.Identity;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.RoutingContext;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Pattern;

/** The header {@code Idempotency-Key} of a write. Reads do not need it and ignore it. */
final class IdempotencyHeader {
  private static final String NAME = "Idempotency-Key";
  private static final Pattern VALID = Pattern.compile("[\\x21-\\x7e]{1,255}");

  private IdempotencyHeader() {}

  /**
   * @throws ConcertException {@code INVALID_MESSAGE} for what is no key
   */
  static Optional<String> read(ApiOperation<?, ?> operation, RoutingContext request) {
    Optional<String> key = Optional.ofNullable(request.request().getHeader(NAME));
    HttpMethod method = request.request().method();
    if (key.isEmpty() || method == HttpMethod.GET || method == HttpMethod.HEAD) {
      return Optional.empty();
    }
    if (!VALID.matcher(key.get()).matches()) {
      throw new ConcertException(
          ErrorCode.INVALID_MESSAGE,
          "The message is invalid: '" + NAME + "' must have 1 to 255 visible characters.");
    }
    return key;
  }

  /** The request with its key. The bytes of its body are hashed on another thread. */
  static Future<KeyedRequest> keyed(
      Vertx vertx, ApiOperation<?, ?> operation, RoutingContext request, Identity who, String key) {
    HttpMethod method = request.request().method();
    String line = method + " " + request.request().uri() + "\n";
    byte[] body =
        request.body().buffer() == null ? new byte[0] : request.body().buffer().getBytes();
    boolean repeatable = method != HttpMethod.POST || operation == ContractTable.RUN_TURN;
    return vertx
        .executeBlocking(() -> hash(line.getBytes(StandardCharsets.UTF_8), body), false)
        .map(hash -> new KeyedRequest(who.tenantId(), who.userId(), key, hash, repeatable));
  }

  /** The name of a turn: no other user's key leads to it. */
  static String turnName(Identity who, String key) {
    byte[] user = (who.userId() + "\n").getBytes(StandardCharsets.UTF_8);
    return "key-" + hash(user, key.getBytes(StandardCharsets.UTF_8));
  }

  private static String hash(byte[] first, byte[] second) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update(first);
      digest.update(second);
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every JDK has SHA-256", e);
    }
  }
}
