package dev.concert.platform;

import dev.concert.ensemble.EnsembleOptions;
import dev.concert.ensemble.EnsembleVerticle;
import dev.concert.ensemble.WrongSetting;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks every second whether a file of the configuration says something else, and has Ensemble
 * serve it. A file that is wrong changes nothing, and is told of once.
 *
 * <p>It compares contents: editors and orchestrators replace files in ways (renames, links) that
 * notifications of a file system do not follow.
 */
public final class ConfigWatch {
  private static final Logger LOG = LoggerFactory.getLogger(ConfigWatch.class);
  private static final Duration EVERY = Duration.ofSeconds(1);

  private final Vertx vertx;
  private final ConfigSource source;
  private final Supplier<EnsembleOptions> read;
  private final EnsembleVerticle ensemble;
  private Map<Path, Optional<String>> seen;

  /**
   * @param read the options as the files say now; blocking
   */
  public ConfigWatch(
      Vertx vertx, ConfigSource source, Supplier<EnsembleOptions> read, EnsembleVerticle ensemble) {
    this.vertx = vertx;
    this.source = source;
    this.read = read;
    this.ensemble = ensemble;
    this.seen = contents();
  }

  /** Looks until its Vert.x is closed. */
  public void start() {
    vertx.setTimer(EVERY.toMillis(), timer -> look().onComplete(looked -> start()));
  }

  private Future<Void> look() {
    return vertx
        .executeBlocking(this::changed)
        .compose(changed -> changed.map(this::serve).orElseGet(Future::succeededFuture))
        .onFailure(wrong -> LOG.error("The configuration stays as it was. {}", sentence(wrong)));
  }

  private Future<Void> serve(EnsembleOptions options) {
    return ensemble
        .reload(options)
        .onSuccess(served -> LOG.info("The configuration was read again; served are {}", served))
        .mapEmpty();
  }

  /** Empty where nothing has changed. */
  private Optional<EnsembleOptions> changed() {
    Map<Path, Optional<String>> now = contents();
    if (now.equals(seen)) {
      return Optional.empty();
    }
    seen = now;
    return Optional.of(read.get());
  }

  private String sentence(Throwable wrong) {
    return wrong instanceof WrongSetting setting
        ? source.explain(setting).getMessage()
        : wrong.getMessage();
  }

  private Map<Path, Optional<String>> contents() {
    Map<Path, Optional<String>> contents = new LinkedHashMap<>();
    source.file().ifPresent(file -> contents.put(file, content(file)));
    try {
      source.files().forEach(file -> contents.put(file, content(file)));
    } catch (RuntimeException wrong) {
      // Which others it names cannot be known; reading it says what is wrong.
      LOG.debug("The configuration cannot be read", wrong);
    }
    return contents;
  }

  private static Optional<String> content(Path file) {
    try {
      return Optional.of(Files.readString(file));
    } catch (IOException gone) {
      return Optional.empty();
    }
  }
}
