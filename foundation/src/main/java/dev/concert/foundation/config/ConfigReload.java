package dev.concert.foundation.config;

import io.vertx.config.ConfigRetriever;
import io.vertx.config.ConfigRetrieverOptions;
import io.vertx.config.ConfigStoreOptions;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Applies the configuration again when one of its files has changed.
 *
 * <p>vertx-config compares the contents of the files every second: editors and orchestrators
 * replace files by renames and links, which file system notifications do not follow. When a change
 * cannot be applied, the failure is logged once and the old configuration stays in force.
 *
 * <p>A verticle: deploy it to watch, undeploy it to stop.
 */
public final class ConfigReload extends VerticleBase {
  private static final Logger LOG = LoggerFactory.getLogger(ConfigReload.class);
  private static final Duration PERIOD = Duration.ofSeconds(1);

  private final Callable<List<Path>> files;
  private final Supplier<Future<Void>> apply;
  private final Duration period;
  private List<Path> watched = List.of();
  private ConfigRetriever retriever;

  /**
   * @param files the files that the configuration now consists of, which may change with it; one
   *     that is missing is watched for its appearance. Blocking; called on a worker thread
   * @param apply reads the files and applies them; called on the context. A failure is logged with
   *     its message
   */
  public ConfigReload(Callable<List<Path>> files, Supplier<Future<Void>> apply) {
    this(files, apply, PERIOD);
  }

  ConfigReload(Callable<List<Path>> files, Supplier<Future<Void>> apply, Duration period) {
    this.files = files;
    this.apply = apply;
    this.period = period;
  }

  /** Completes when every later change is noticed. */
  @Override
  public Future<?> start() {
    return vertx.executeBlocking(files).compose(this::watch);
  }

  @Override
  public Future<?> stop() {
    return retriever == null ? Future.succeededFuture() : retriever.close();
  }

  private void reload() {
    refresh().compose(_ -> apply.get()).onFailure(ConfigReload::report).eventually(this::refresh);
  }

  /**
   * Watches what the configuration names now. Before the files are applied, so that no change gets
   * lost between the two; and after it, in case they changed in between.
   */
  private Future<Void> refresh() {
    return vertx
        .executeBlocking(files)
        .compose(now -> now.equals(watched) ? Future.succeededFuture() : watch(now))
        // A broken configuration names nothing; the files known so far go on being watched.
        .otherwiseEmpty();
  }

  private Future<Void> watch(List<Path> now) {
    if (retriever != null) {
      retriever.close();
    }
    watched = now;
    if (now.isEmpty()) {
      // A retriever without stores would read the environment.
      retriever = null;
      return Future.succeededFuture();
    }
    ConfigRetrieverOptions options = new ConfigRetrieverOptions().setScanPeriod(period.toMillis());
    now.forEach(file -> options.addStore(store(file)));
    retriever = ConfigRetriever.create(vertx, options);
    retriever.listen(_ -> reload());
    return retriever.getConfig().mapEmpty();
  }

  /** The bare text of one file under its path: {@link ConfigFile} parses it, strictly. */
  private static ConfigStoreOptions store(Path file) {
    String path = file.toAbsolutePath().toString();
    return new ConfigStoreOptions()
        .setType("file")
        .setFormat("raw")
        .setOptional(true)
        .setConfig(new JsonObject().put("path", path).put("raw.key", path));
  }

  private static void report(Throwable failure) {
    LOG.error("The configuration stays as it was. {}", failure.getMessage());
  }
}
