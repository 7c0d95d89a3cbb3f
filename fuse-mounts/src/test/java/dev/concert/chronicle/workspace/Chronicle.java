package dev.concert.chronicle.workspace;

import dev.concert.bus.Address;
import dev.concert.bus.Addresses;
import dev.concert.bus.BusCodecs;
import dev.concert.bus.ConcertBus;
import dev.concert.chronicle.collection.UpkeepOptions;
import dev.concert.error.ConcertException;
import dev.concert.workspace.WorkspaceMessages.*;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** A running Chronicle with a client on its bus. */
final class Chronicle implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  final Vertx vertx =
      Vertx.vertx(
          new VertxOptions()
              .setBlockedThreadCheckInterval(200)
              .setMaxEventLoopExecuteTime(1)
              .setMaxEventLoopExecuteTimeUnit(TimeUnit.SECONDS));
  private final BlockedThreads blocked = BlockedThreads.watch();
  final ConcertBus bus;
  final Path home;

  private Chronicle(Path home, ChronicleOptions.Mode mode, Supplier<Optional<String>> missing) {
    this(
        home,
        new ChronicleOptions(home.resolve("instances"), home.resolve("cas"), mode),
        new SimpleMeterRegistry(),
        missing);
  }

  private Chronicle(
      Path home,
      ChronicleOptions options,
      MeterRegistry metrics,
      Supplier<Optional<String>> missing) {
    this.home = home;
    BusCodecs.register(vertx);
    this.bus = new ConcertBus(vertx);
    await(vertx.deployVerticle(new ChronicleVerticle(options, metrics, missing)));
  }

  static Chronicle fuse(Path home) {
    return new Chronicle(home, ChronicleOptions.Mode.FUSE, Optional::empty);
  }

  static Chronicle keepingUp(Path home, UpkeepOptions upkeep, MeterRegistry metrics) {
    ChronicleOptions options =
        new ChronicleOptions(
            home.resolve("instances"),
            home.resolve("cas"),
            ChronicleOptions.Mode.FUSE,
            Optional.empty(),
            upkeep);
    return new Chronicle(home, options, metrics, Optional::empty);
  }

  static Chronicle with(
      Path home, ChronicleOptions.Mode mode, Supplier<Optional<String>> fuseMissing) {
    return new Chronicle(home, mode, fuseMissing);
  }

  <Q extends Record, R extends Record> R ask(Address<Q, R> address, Q question) {
    return await(bus.request(address, question, PATIENCE));
  }

  private static <T> T await(Future<T> future) {
    try {
      return future.toCompletionStage().toCompletableFuture().join();
    } catch (CompletionException failed) {
      if (failed.getCause() instanceof ConcertException refused) {
        throw refused;
      }
      throw failed;
    }
  }

  Path mount(String id) {
    return Path.of(ask(Addresses.MOUNT_WORKSPACE, new Mount(id)).path());
  }

  void unmount(String id) {
    ask(Addresses.UNMOUNT_WORKSPACE, new Unmount(id));
  }

  List<FileIteration> history(String id, String path) {
    return ask(Addresses.READ_HISTORY, new ReadHistory(id, path)).iterations();
  }

  FileContent read(String id, String path) {
    return ask(Addresses.READ_FILE, new ReadFile(id, path));
  }

  FileContent at(String id, String path, long iteration) {
    return ask(Addresses.READ_ITERATION, new ReadIteration(id, path, iteration));
  }

  FileChanges changes(String id, long since) {
    return ask(Addresses.CHANGES_SINCE, new ChangesSince(id, since));
  }

  /** Collects what is published about a workspace from now on. */
  List<FileChange> listen(String id) {
    List<FileChange> heard = new CopyOnWriteArrayList<>();
    await(bus.listen(Addresses.FILE_CHANGED.of(id), heard::add).completion());
    return heard;
  }

  @Override
  public void close() {
    await(vertx.close());
    blocked.assertNone();
  }
}
