package dev.concert.github.forge;

import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import dev.concert.github.connection.ForgeConnection;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The forges of this server, by their platforms. */
public final class Forges {
  private final Map<String, Forge> byPlatform;

  public Forges(List<Forge> all) {
    this.byPlatform =
        all.stream().collect(Collectors.toUnmodifiableMap(Forge::platform, Function.identity()));
  }

  /** Empty where this server has none of this name. */
  public Optional<Forge> find(String platform) {
    return Optional.ofNullable(byPlatform.get(platform));
  }

  /**
   * That of a connection.
   *
   * @throws ConcertException where the operator took it out of the configuration
   */
  public Forge of(ForgeConnection connection) {
    return find(connection.platform())
        .orElseThrow(
            () ->
                new ConcertException(
                    ErrorCode.BRIDGES_UNAVAILABLE,
                    "This server knows no %s any more. Its operator sets the key forges.%sUrl in concert.yaml."
                        .formatted(connection.platform(), connection.platform())));
  }

  public Collection<Forge> all() {
    return byPlatform.values();
  }
}
