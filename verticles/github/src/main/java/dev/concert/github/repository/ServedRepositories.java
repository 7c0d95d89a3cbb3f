package dev.concert.github.repository;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.concert.github.api.ForgeClient;
import dev.concert.github.api.ForgeException;
import dev.concert.github.api.InstallationTokens;
import dev.concert.github.api.RepositoryName;
import dev.concert.github.connection.ForgeConnection;
import dev.concert.github.connection.ForgeConnectionStore;
import dev.concert.repository.RepositoryMessages.RepositoryKey;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Finds the App of a tenant that serves a repository. Apps of other tenants are not looked at. On
 * one context.
 */
public final class ServedRepositories {
  private static final Duration REMEMBERED = Duration.ofMinutes(10);
  private static final int MANY = 10_000;

  private final ForgeClient client;
  private final InstallationTokens tokens;
  private final ForgeConnectionStore connections;

  /** The installation of an App that has a repository. */
  private final Cache<String, Long> installations =
      Caffeine.newBuilder().maximumSize(MANY).expireAfterWrite(REMEMBERED).build();

  public ServedRepositories(
      ForgeClient client, InstallationTokens tokens, ForgeConnectionStore connections) {
    this.client = client;
    this.tokens = tokens;
    this.connections = connections;
  }

  /** Fails with {@code REPOSITORY_NOT_FOUND} where no App of the tenant serves it. */
  public Future<ServedRepository> find(RepositoryKey key) {
    Optional<RepositoryName> name = RepositoryName.parse(key.owner() + "/" + key.repo());
    if (name.isEmpty()) {
      return Future.failedFuture(RepositoryFailure.notServed(key.owner(), key.repo()));
    }
    return connections
        .appsOf(key.tenantId())
        .map(all -> all.stream().filter(one -> one.serves(key.owner())).toList())
        .compose(serving -> first(serving, name.get()))
        .map(
            found -> found.orElseThrow(() -> RepositoryFailure.notServed(key.owner(), key.repo())));
  }

  private Future<Optional<ServedRepository>> first(
      List<ForgeConnection> serving, RepositoryName name) {
    if (serving.isEmpty()) {
      return Future.succeededFuture(Optional.empty());
    }
    ForgeConnection connection = serving.getFirst();
    return installation(connection, name)
        .compose(
            found ->
                found.isPresent()
                    ? Future.succeededFuture(
                        Optional.of(new ServedRepository(connection, found.get(), name)))
                    : first(serving.subList(1, serving.size()), name));
  }

  private Future<Optional<Long>> installation(ForgeConnection connection, RepositoryName name) {
    String key = connection.id() + " " + name.toString().toLowerCase(Locale.ROOT);
    Optional<Long> there = Optional.ofNullable(installations.getIfPresent(key));
    if (there.isPresent()) {
      return Future.succeededFuture(there);
    }
    return client
        .get(
            tokens.app(connection.app()).within(ServedRepository.PATIENCE),
            name.path() + "/installation")
        .map(found -> Optional.of(found.path("id").asLong()))
        .onSuccess(found -> installations.put(key, found.get()))
        .recover(
            failure ->
                ForgeException.is(failure, 404)
                    ? Future.succeededFuture(Optional.empty())
                    : Future.failedFuture(
                        RepositoryFailure.of(
                            failure,
                            new ServedRepository(connection, 0, name),
                            "metadata",
                            RepositoryFailure.notServed(name.owner(), name.name()))));
  }
}
