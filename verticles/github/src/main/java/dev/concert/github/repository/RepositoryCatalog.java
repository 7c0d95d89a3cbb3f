package dev.concert.github.repository;

import com.fasterxml.jackson.databind.JsonNode;
import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import dev.concert.error.Problem;
import dev.concert.github.api.ApiCaller;
import dev.concert.github.api.ForgeClient;
import dev.concert.github.api.ForgeException;
import dev.concert.github.api.InstallationTokens;
import dev.concert.github.api.InstallationTokens.Purpose;
import dev.concert.github.connection.ForgeConnection;
import dev.concert.github.connection.ForgeConnectionStore;
import dev.concert.repository.RepositoryMessages.BrokenConnection;
import dev.concert.repository.RepositoryMessages.ListRepositories;
import dev.concert.repository.RepositoryMessages.Repositories;
import dev.concert.repository.RepositoryMessages.Repository;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.IntStream;

/**
 * Lists the repositories that the Apps of a tenant serve, a page of one installation at a time. An
 * App that GitHub refuses is named, and the others are listed.
 */
final class RepositoryCatalog {
  private static final int PAGE = 100;
  private static final int MAX_PAGES = 10;

  private final ForgeClient client;
  private final InstallationTokens tokens;
  private final ForgeConnectionStore connections;

  RepositoryCatalog(
      ForgeClient client, InstallationTokens tokens, ForgeConnectionStore connections) {
    this.client = client;
    this.tokens = tokens;
    this.connections = connections;
  }

  /**
   * Where a page begins.
   *
   * @param connectionId empty for the first one
   * @param installation the first that is wanted, by its id
   */
  private record Place(String connectionId, long installation, int page) {
    private static final Place FIRST = new Place("", 0, 1);

    static Optional<Place> parse(String cursor) {
      return cursor.matches("[0-9a-f]{1,64}\\.\\d{1,18}\\.\\d{1,6}")
          ? Optional.of(cursor.split("\\."))
              .map(
                  parts ->
                      new Place(parts[0], Long.parseLong(parts[1]), Integer.parseInt(parts[2])))
          : Optional.empty();
    }

    @Override
    public String toString() {
      return connectionId + "." + installation + "." + page;
    }
  }

  /**
   * A page. It may be empty though there are more.
   *
   * @return fails with {@code INVALID_MESSAGE} where the cursor is none
   */
  Future<Repositories> list(ListRepositories wanted) {
    Optional<Place> place =
        wanted.cursor() == null ? Optional.of(Place.FIRST) : Place.parse(wanted.cursor());
    return place.isEmpty()
        ? Future.failedFuture(
            new ConcertException(
                ErrorCode.INVALID_MESSAGE,
                "The message is invalid: 'cursor' must be the nextCursor of a page."))
        : connections
            .appsOf(wanted.tenantId())
            .compose(all -> from(all, place.get(), wanted.limit(), new ArrayList<>()));
  }

  private Future<Repositories> from(
      List<ForgeConnection> all, Place place, int limit, List<BrokenConnection> broken) {
    List<ForgeConnection> left =
        IntStream.range(0, all.size())
            .filter(
                at ->
                    place.connectionId().isEmpty() || all.get(at).id().equals(place.connectionId()))
            .mapToObj(at -> all.subList(at, all.size()))
            .findFirst()
            .orElse(List.of());
    if (left.isEmpty()) {
      return Future.succeededFuture(new Repositories(List.of(), broken, null));
    }
    ForgeConnection connection = left.getFirst();
    Optional<Place> next =
        left.size() > 1 ? Optional.of(new Place(left.get(1).id(), 0, 1)) : Optional.empty();
    return ofConnection(connection, place, limit, next)
        .map(found -> new Repositories(found.repositories(), broken, found.nextCursor()))
        .recover(
            failure -> {
              broken.add(broken(connection, failure));
              return next.map(there -> from(all, there, limit, broken))
                  .orElseGet(
                      () -> Future.succeededFuture(new Repositories(List.of(), broken, null)));
            });
  }

  private static BrokenConnection broken(ForgeConnection connection, Throwable failure) {
    return new BrokenConnection(
        connection.id(), connection.name(), Problem.of(ForgeException.atEdge(failure)).message());
  }

  private Future<Repositories> ofConnection(
      ForgeConnection connection, Place place, int limit, Optional<Place> nextConnection) {
    return installations(connection, 1, new TreeSet<>())
        .compose(
            all -> {
              Long wanted = all.ceiling(place.installation());
              if (wanted == null) {
                return Future.succeededFuture(
                    new Repositories(List.of(), List.of(), shown(nextConnection)));
              }
              int page = wanted == place.installation() ? place.page() : 1;
              Optional<Place> after =
                  Optional.ofNullable(all.higher(wanted))
                      .map(id -> new Place(connection.id(), id, 1))
                      .or(() -> nextConnection);
              return page(connection, wanted, limit, page)
                  .map(
                      found ->
                          new Repositories(
                              found,
                              List.of(),
                              found.size() < limit
                                  ? shown(after)
                                  : new Place(connection.id(), wanted, page + 1).toString()));
            });
  }

  private static String shown(Optional<Place> place) {
    return place.map(Place::toString).orElse(null);
  }

  private Future<List<Repository>> page(
      ForgeConnection connection, long installation, int limit, int page) {
    ApiCaller caller =
        tokens
            .installation(
                connection.app(),
                new Purpose(
                    connection.id(), installation, Optional.empty(), Map.of("metadata", "read")))
            .within(ServedRepository.PATIENCE);
    return client
        .get(caller, "/installation/repositories?per_page=%d&page=%d".formatted(limit, page))
        .map(
            found ->
                RepositoryViews.each(
                    found.path("repositories"),
                    one -> RepositoryViews.repository(connection.id(), one)));
  }

  /** Where the App is installed, on accounts that the connection serves. */
  private Future<TreeSet<Long>> installations(
      ForgeConnection connection, int page, TreeSet<Long> found) {
    return client
        .get(
            tokens.app(connection.app()).within(ServedRepository.PATIENCE),
            "/app/installations?per_page=%d&page=%d".formatted(PAGE, page))
        .compose(
            all -> {
              for (JsonNode one : all) {
                boolean isActive =
                    one.path("suspended_at").asText("").isEmpty()
                        || one.path("suspended_at").isNull();
                if (isActive && connection.serves(one.path("account").path("login").asText())) {
                  found.add(one.path("id").asLong());
                }
              }
              return all.size() < PAGE || page >= MAX_PAGES
                  ? Future.succeededFuture(found)
                  : installations(connection, page + 1, found);
            });
  }
}
