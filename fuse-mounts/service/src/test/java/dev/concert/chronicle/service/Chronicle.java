package dev.concert.chronicle.service;

import dev.concert.bus.Address;
import dev.concert.bus.Addresses;
import dev.concert.bus.BusCodecs;
import dev.concert.bus.ConcertBus;
import dev.concert.chronicle.binding.MountBinding;
import dev.concert.chronicle.gc.GcOptions;
import dev.concert.chronicle.versioning.VersioningPolicy;
import dev.concert.chronicle.workspace.ChronicleOptions;
import dev.concert.error.ConcertException;
import dev.concert.testing.BlockedThreads;
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

/** A running Chronicle with a client on its bus. */
public final class Chronicle implements AutoCloseable {
  private static final Duration TIMEOUT = Duration.ofMinutes(2);

  final Vertx vertx =
      Vertx.vertx(
          new VertxOptions()
              .setBlockedThreadCheckInterval(200)
              .setMaxEventLoopExecuteTime(1)
              .setMaxEventLoopExecuteTimeUnit(TimeUnit.SECONDS));
  private final BlockedThreads blocked = BlockedThreads.watch();
  final ConcertBus bus;
  final Path home;

  private Chronicle(Path home, ChronicleOptions options, MountBinding binding) {
    this(home, options, new SimpleMeterRegistry(), binding);
  }

  private Chronicle(
      Path home, ChronicleOptions options, MeterRegistry metrics, MountBinding binding) {
    this.home = home;
    BusCodecs.register(vertx);
    this.bus = new ConcertBus(vertx);
    await(
        vertx.deployVerticle(
            new ChronicleVerticle(options, metrics, binding), ChronicleVerticle.deployment()));
  }

  /** With the binding that {@code -Dconcert.binding} names; the kernel's unless it does. */
  static Chronicle fuse(Path home) {
    return fuse(home, TestBinding.chosen());
  }

  static Chronicle fuse(Path home, ChronicleOptions.Binding binding) {
    MountBinding opened = TestBinding.open(binding);
    return new Chronicle(home, TestBinding.options(home, binding), opened);
  }

  static Chronicle keepingUp(Path home, GcOptions upkeep, MeterRegistry metrics) {
    ChronicleOptions options =
        new ChronicleOptions(
            home.resolve("instances"),
            home.resolve("cas"),
            ChronicleOptions.Mode.FUSE,
            TestBinding.chosen(),
            Optional.empty(),
            upkeep,
            VersioningPolicy.USUAL);
    return new Chronicle(home, options, metrics, TestBinding.open(options.binding()));
  }

  static Chronicle versioning(Path home, VersioningPolicy policy) {
    ChronicleOptions options =
        new ChronicleOptions(
            home.resolve("instances"),
            home.resolve("cas"),
            ChronicleOptions.Mode.FUSE,
            TestBinding.chosen(),
            Optional.empty(),
            GcOptions.USUAL,
            policy);
    return new Chronicle(home, options, TestBinding.open(options.binding()));
  }

  static Chronicle with(Path home, ChronicleOptions.Mode mode, MountBinding binding) {
    return new Chronicle(
        home, new ChronicleOptions(home.resolve("instances"), home.resolve("cas"), mode), binding);
  }

  <Q extends Record, R extends Record> R ask(Address<Q, R> address, Q question) {
    return await(bus.request(address, question, TIMEOUT));
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
    return place(ask(Addresses.MOUNT_WORKSPACE, new Mount(id)));
  }

  /** Where the files of a mounted workspace are. */
  Path place(Mounted mounted) {
    return home.resolve("instances").resolve(mounted.place());
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
    await(
        bus.listen(
                Addresses.FILE_CHANGED,
                change -> {
                  if (change.workspaceId().equals(id)) {
                    heard.add(change);
                  }
                })
            .completion());
    return heard;
  }

  @Override
  public void close() {
    await(vertx.close());
    blocked.assertNone();
  }
}
