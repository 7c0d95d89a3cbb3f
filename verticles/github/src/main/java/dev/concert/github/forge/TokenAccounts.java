package dev.concert.github.forge;

import dev.concert.bridge.BridgeMessages.AddBridge;
import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import dev.concert.github.api.ApiCaller;
import dev.concert.github.connection.ForgeConnection;
import io.vertx.core.Future;
import java.net.URI;
import java.time.InstantSource;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;

/**
 * The connections of a forge that has no Apps: Concert is a user there, and works with its token.
 *
 * @param platform of the forge
 * @param title of the forge, for people
 * @param web where the forge is
 */
public record TokenAccounts(String platform, String title, URI web, InstantSource clock) {
  private static final int LEAST_SECRET = 16;
  private static final Set<String> SECRETS =
      Set.of(ForgeConnection.TOKEN, ForgeConnection.WEBHOOK_SECRET);

  /** The user of a token. */
  public record Account(long id, String login) {}

  /**
   * What somebody wants to connect.
   *
   * @param ask asks the forge whose a token is
   */
  public Future<ForgeConnection> prove(
      AddBridge wanted, String id, Function<ApiCaller, Future<Account>> ask) {
    Set<String> unknown = new TreeSet<>(wanted.settings().keySet());
    unknown.removeAll(ForgeConnection.SETTINGS);
    if (!unknown.isEmpty()) {
      return refused(
          "%s has no setting %s. It has: %s."
              .formatted(
                  title,
                  String.join(", ", unknown),
                  String.join(", ", new TreeSet<>(ForgeConnection.SETTINGS))));
    }
    String token = wanted.secrets().getOrDefault(ForgeConnection.TOKEN, "");
    if (token.isBlank()
        || wanted.secrets().getOrDefault(ForgeConnection.WEBHOOK_SECRET, "").length() < LEAST_SECRET
        || !SECRETS.containsAll(wanted.secrets().keySet())) {
      return refused(
          "%s needs the secrets token and webhookSecret, and no other. The webhook secret has at"
                  .formatted(title)
              + " least 16 characters.");
    }
    return ask.apply(caller(id, token))
        .map(
            account ->
                new ForgeConnection(
                    id,
                    wanted.tenantId(),
                    wanted.userId(),
                    platform,
                    wanted.name(),
                    account.id(),
                    account.login(),
                    web.getAuthority(),
                    Map.copyOf(wanted.settings()),
                    Map.copyOf(wanted.secrets()),
                    clock.millis()));
  }

  /** Who calls in the name of a connection. */
  public static ApiCaller caller(ForgeConnection connection) {
    return caller(connection.id(), connection.secrets().getOrDefault(ForgeConnection.TOKEN, ""));
  }

  private static ApiCaller caller(String id, String token) {
    return new ApiCaller(id, () -> Future.succeededFuture(token), () -> {});
  }

  /** What is wrong with what somebody wants. */
  public static <T> Future<T> refused(String sentence) {
    return Future.failedFuture(new ConcertException(ErrorCode.INVALID_MESSAGE, sentence));
  }
}
