package dev.concert.chronicle.service;

import dev.concert.bus.Accepted;
import dev.concert.bus.Address;
import dev.concert.bus.Addresses;
import dev.concert.bus.ConcertBus;
import dev.concert.bus.HealthReport;
import dev.concert.chronicle.archive.ArchiveFormat;
import dev.concert.chronicle.archive.ArchiveServer;
import dev.concert.chronicle.binding.MountBinding;
import dev.concert.chronicle.content.ContentStore;
import dev.concert.chronicle.content.Tier;
import dev.concert.chronicle.content.tier.S3Tier;
import dev.concert.chronicle.files.ContentErrorMapper;
import dev.concert.chronicle.files.FileDiffs;
import dev.concert.chronicle.files.FileReads;
import dev.concert.chronicle.files.FileWrites;
import dev.concert.chronicle.gc.GarbageCollection;
import dev.concert.chronicle.gc.GcMetrics;
import dev.concert.chronicle.gc.WorkspaceRoots;
import dev.concert.chronicle.iteration.Iteration;
import dev.concert.chronicle.loopback.SyncServer;
import dev.concert.chronicle.quota.DiskQuota;
import dev.concert.chronicle.snapshot.ArchiveContents;
import dev.concert.chronicle.snapshot.RetentionRequests;
import dev.concert.chronicle.snapshot.SnapshotRequests;
import dev.concert.chronicle.snapshot.WorkspaceRestores;
import dev.concert.chronicle.transfer.TransferServer;
import dev.concert.chronicle.workspace.ChronicleOptions;
import dev.concert.chronicle.workspace.MountStrategy;
import dev.concert.chronicle.workspace.ReplicationMasters;
import dev.concert.chronicle.workspace.WorkspaceNames;
import dev.concert.chronicle.workspace.Workspaces;
import dev.concert.workspace.WorkspaceMessages.DeleteWorkspace;
import dev.concert.workspace.WorkspaceMessages.Mount;
import dev.concert.workspace.WorkspaceMessages.Mounted;
import dev.concert.workspace.WorkspaceMessages.OpenSync;
import dev.concert.workspace.WorkspaceMessages.SyncOpened;
import dev.concert.workspace.WorkspaceMessages.Unmount;
import dev.concert.workspace.WorkspaceMessages.WorkspaceCondition;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.ThreadingModel;
import io.vertx.core.VerticleBase;
import io.vertx.core.WorkerExecutor;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Chronicle on the bus: mounts and unmounts workspaces, answers from their files and histories, and
 * publishes each iteration to {@link Addresses#FILE_CHANGED}.
 *
 * <p>A worker verticle, deployed once for each host that has mounts, with {@link #deployment}. It
 * owns the mounts, the FUSE threads, the recorders and two pools: requests run on a pool of their
 * own, so that slow ones do not keep the verticle from stopping. When it stops, every workspace is
 * unmounted and every thread ends.
 */
public final class ChronicleVerticle extends VerticleBase {
  private static final int OWN_THREADS = 2;
  private static final int THREADS = 8;
  private static final int LONGEST_MINUTES = 10;
  private static final Duration FIRST_UPKEEP = Duration.ofMinutes(10);
  private static final Duration CONDITIONS = Duration.ofSeconds(2);

  private final ChronicleOptions options;
  private final MeterRegistry registry;
  private final GcMetrics upkeepMetrics;
  private final MountBinding binding;
  private WorkerExecutor workers;
  private ExecutorService collector;
  private ConcertBus bus;
  private volatile Optional<S3Tier> tier = Optional.empty();
  private volatile Workspaces workspaces;
  private volatile ReplicationMasters masters;
  private SyncServer syncServer;
  private ArchiveServer archiveServer;
  private TransferServer transferServer;

  public ChronicleVerticle(ChronicleOptions options) {
    this(options, new CompositeMeterRegistry());
  }

  /**
   * @param registry gets the meters {@code chronicle.*}
   */
  public ChronicleVerticle(ChronicleOptions options, MeterRegistry registry) {
    this(options, registry, options.binding().open());
  }

  ChronicleVerticle(ChronicleOptions options, MeterRegistry registry, MountBinding binding) {
    this.options = options;
    this.registry = registry;
    this.upkeepMetrics = new GcMetrics(registry);
    this.binding = binding;
  }

  /** How to deploy this verticle: on worker threads of its own. */
  public static DeploymentOptions deployment() {
    return new DeploymentOptions()
        .setThreadingModel(ThreadingModel.WORKER)
        .setWorkerPoolName("chronicle-verticle")
        .setWorkerPoolSize(OWN_THREADS);
  }

  /**
   * Opens the store and serves. Fails with {@link IllegalStateException} where the verticle was not
   * deployed with {@link #deployment}.
   */
  @Override
  public Future<?> start() {
    if (context.threadingModel() != ThreadingModel.WORKER) {
      return Future.failedFuture(
          new IllegalStateException(
              "Chronicle blocks: deploy it with ChronicleVerticle.deployment()"));
    }
    bus = new ConcertBus(vertx);
    workers =
        vertx.createSharedWorkerExecutor(
            "chronicle-" + deploymentID(), THREADS, LONGEST_MINUTES, TimeUnit.MINUTES);
    // On a thread of its own: it may take hours, and no request waits for it.
    // Not a pool of Vert.x, which would hand the result to this context, stopped or not.
    collector =
        Executors.newSingleThreadExecutor(
            Thread.ofPlatform().daemon().name("chronicle-gc-" + deploymentID()).factory());
    MountStrategy attaching = new MountStrategy(options, binding);
    return work(() -> Workspaces.open(options, openStore(), attaching, this::publish))
        .onSuccess(this::serve);
  }

  private ContentStore openStore() {
    tier = options.bucket().map(bucket -> bucket.open(options.contentStore(), vertx, registry));
    return ContentStore.open(options.contentStore(), tier.<Tier>map(s3 -> s3).orElse(Tier.NONE));
  }

  private void serve(Workspaces opened) {
    workspaces = opened;
    masters = new ReplicationMasters(opened, options.instances().resolveSibling("sync"));
    syncServer = new SyncServer(vertx, bus, masters::accept);
    archiveServer = new ArchiveServer(vertx, bus);
    FileReads files = new FileReads(opened);
    serve(Addresses.MOUNT_WORKSPACE, this::mount);
    serve(Addresses.UNMOUNT_WORKSPACE, this::unmount);
    serve(Addresses.DELETE_WORKSPACE, this::delete);
    serve(Addresses.LIST_FILES, files::list);
    serve(Addresses.READ_FILE, files::read);
    serve(Addresses.READ_HISTORY, files::history);
    serve(Addresses.READ_ITERATION, files::at);
    serve(Addresses.DIFF_FILE, new FileDiffs(files)::diff);
    FileWrites writes = new FileWrites(opened, masters.writers());
    serve(Addresses.WRITE_FILE, writes::write);
    serve(Addresses.DELETE_FILE, writes::delete);
    serve(Addresses.RESTORE_FILE, writes::restore);
    SnapshotRequests snapshots = new SnapshotRequests(opened);
    serve(Addresses.CREATE_SNAPSHOT, snapshots::create);
    serve(Addresses.LIST_SNAPSHOTS, snapshots::list);
    serve(Addresses.DELETE_SNAPSHOT, snapshots::delete);
    WorkspaceRestores restores = new WorkspaceRestores(opened, masters.writers());
    serve(Addresses.RESTORE_WORKSPACE, restores::restore);
    serve(Addresses.FORK_WORKSPACE, restores::fork);
    RetentionRequests retention = new RetentionRequests(opened, options.upkeep().policy());
    serve(Addresses.READ_RETENTION, retention::read);
    serve(Addresses.SET_RETENTION, retention::set);
    ArchiveContents archives = new ArchiveContents(opened);
    bus.serve(
        Addresses.OPEN_ARCHIVE,
        request -> {
          ArchiveFormat format = ArchiveContents.format(request);
          return work(() -> archives.source(request))
              .compose(source -> archiveServer.expect(format, source));
        });
    serve(Addresses.CHANGES_SINCE, files::changes);
    bus.serve(Addresses.OPEN_SYNC, this::openSync);
    transferServer = new TransferServer(vertx, bus, opened);
    bus.serve(Addresses.OPEN_TRANSFER, transferServer::expect);
    serve(Addresses.CHRONICLE_HEALTH, probe -> health());
    HealthMonitor conditions = new HealthMonitor(opened, options, this::publish);
    PeriodicTask.every(
        vertx, CONDITIONS, CONDITIONS, () -> workers.executeBlocking(look(conditions), false));
    if (!options.upkeep().every().isZero()) {
      // Soon after the start: there are servers that do not live for a day.
      Duration every = options.upkeep().every();
      Duration first = every.compareTo(FIRST_UPKEEP) < 0 ? every : FIRST_UPKEEP;
      PeriodicTask.every(vertx, first, every, this::upkeep);
    }
  }

  private void publish(WorkspaceCondition condition) {
    bus.publish(Addresses.WORKSPACE_CONDITION, condition);
  }

  private static Callable<Accepted> look(HealthMonitor conditions) {
    return () -> {
      conditions.look();
      return Accepted.ACCEPTED;
    };
  }

  private Future<?> upkeep() {
    GarbageCollection upkeep =
        new GarbageCollection(
            options.contentStore(),
            new WorkspaceRoots(options.instances()),
            options.upkeep().policy(),
            options.upkeep().grace());
    Promise<Object> done = Promise.promise();
    collector.execute(() -> collect(upkeep, done));
    return done.future();
  }

  private void collect(GarbageCollection upkeep, Promise<Object> done) {
    try {
      done.complete(upkeepMetrics.run(upkeep::run));
    } catch (Exception e) {
      done.fail(e);
    }
  }

  private <Q extends Record, R extends Record> void serve(
      Address<Q, R> address, Function<Q, R> answer) {
    bus.serve(address, request -> work(() -> ContentErrorMapper.named(answer).apply(request)));
  }

  private <T> Future<T> work(Supplier<T> blocking) {
    return workers.executeBlocking(blocking::get, false);
  }

  private Mounted mount(Mount request) {
    String id = WorkspaceNames.checkId(request.workspaceId());
    DiskQuota quota = new DiskQuota(request.quota().bytes(), request.quota().files());
    Mounted mounted = workspaces.mount(id, request.owner(), quota);
    masters.listen(id);
    // No path of the host crosses the bus: the coordinator shares the instances folder.
    String place = options.instances().relativize(Path.of(mounted.place())).toString();
    return new Mounted(place, mounted.kind());
  }

  private Accepted unmount(Unmount request) {
    String id = WorkspaceNames.checkId(request.workspaceId());
    masters.stopListening(id);
    workspaces.unmount(id);
    return Accepted.ACCEPTED;
  }

  private Accepted delete(DeleteWorkspace request) {
    String id = WorkspaceNames.checkId(request.workspaceId());
    masters.forget(id);
    workspaces.delete(id);
    return Accepted.ACCEPTED;
  }

  private Future<SyncOpened> openSync(OpenSync request) {
    return work(() -> masters.prepare(WorkspaceNames.checkId(request.workspaceId())))
        .compose(syncServer::expect);
  }

  /**
   * Takes every mount out of sight at once: for a process that ends before this verticle stopped.
   * Any thread; blocks for a few microseconds a mount.
   */
  public void hideMounts() {
    if (workspaces != null) {
      workspaces.hide();
    }
  }

  private HealthReport health() {
    Optional<String> missing = options.watches() ? Optional.empty() : binding.missing();
    boolean refuses = missing.isPresent() && options.mode() == ChronicleOptions.Mode.FUSE;
    String kind = missing.isPresent() || options.watches() ? "folder" : "fuse";
    long troubled = workspaces.failures().size();
    boolean unsent = tier.filter(S3Tier::isTroubled).isPresent();
    Map<String, String> details = new TreeMap<>();
    details.put("workspaces", kind);
    if (kind.equals("fuse")) {
      details.put("binding", binding.name());
    }
    details.put("mounted", Long.toString(workspaces.mounted()));
    details.put("replicas", Integer.toString(masters.replicas()));
    details.put("notRecording", Long.toString(troubled));
    tier.ifPresent(
        s3 -> {
          details.put("s3", s3.isTroubled() ? "unreachable" : "ok");
          details.put("s3Waiting", Long.toString(s3.waiting()));
        });
    return new HealthReport(
        refuses ? "down" : missing.isPresent() || troubled > 0 || unsent ? "degraded" : "ok",
        details);
  }

  private void publish(String id, List<Iteration> iterations) {
    ReplicationMasters known = masters;
    if (known != null) {
      known.advanced(id);
    }
    iterations.forEach(
        iteration -> bus.publish(Addresses.FILE_CHANGED, FileReads.wire(id, iteration)));
  }

  @Override
  public Future<?> stop() {
    collector.shutdownNow();
    if (workspaces == null) {
      return workers.close();
    }
    // On a thread of its own: the workers may have more to do than there is time.
    return Future.join(syncServer.close(), archiveServer.close(), transferServer.close())
        .transform(_ -> closeWorkspaces())
        .eventually(workers::close);
  }

  private Future<?> closeWorkspaces() {
    return vertx.executeBlocking(
        () -> {
          masters.close();
          workspaces.close();
          tier.ifPresent(S3Tier::close);
          return Accepted.ACCEPTED;
        },
        false);
  }
}
