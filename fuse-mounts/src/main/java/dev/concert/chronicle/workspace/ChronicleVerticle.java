package dev.concert.chronicle.workspace;

import dev.concert.bus.Accepted;
import dev.concert.bus.Address;
import dev.concert.bus.Addresses;
import dev.concert.bus.ConcertBus;
import dev.concert.bus.HealthReport;
import dev.concert.chronicle.archive.ArchiveFormat;
import dev.concert.chronicle.archive.ArchiveServer;
import dev.concert.chronicle.collection.Upkeep;
import dev.concert.chronicle.collection.UpkeepMetrics;
import dev.concert.chronicle.collection.WorkspaceRoots;
import dev.concert.chronicle.content.ContentStore;
import dev.concert.chronicle.content.Tier;
import dev.concert.chronicle.content.tier.S3Tier;
import dev.concert.chronicle.fuse.FuseSupport;
import dev.concert.chronicle.iteration.Iteration;
import dev.concert.chronicle.replication.endpoint.SyncServer;
import dev.concert.workspace.WorkspaceMessages.Mount;
import dev.concert.workspace.WorkspaceMessages.Mounted;
import dev.concert.workspace.WorkspaceMessages.OpenSync;
import dev.concert.workspace.WorkspaceMessages.SyncOpened;
import dev.concert.workspace.WorkspaceMessages.Unmount;
import dev.concert.workspace.WorkspaceMessages.WorkspaceCondition;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.WorkerExecutor;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Chronicle on the bus: mounts and unmounts workspaces, answers from their files and histories, and
 * publishes each iteration to {@link Addresses#FILE_CHANGED} of its workspace.
 *
 * <p>All work on files and databases runs on worker threads of its own, whatever context the
 * verticle is deployed on. When it stops, every workspace is unmounted.
 */
public final class ChronicleVerticle extends VerticleBase {
  private static final int THREADS = 8;
  private static final int LONGEST_MINUTES = 10;
  private static final int UPKEEP_HOURS = 24;
  private static final Duration FIRST_UPKEEP = Duration.ofMinutes(10);
  private static final Duration CONDITIONS = Duration.ofSeconds(2);

  private final ChronicleOptions options;
  private final MeterRegistry registry;
  private final UpkeepMetrics upkeepMetrics;
  private final Supplier<Optional<String>> fuseMissing;
  private WorkerExecutor workers;
  private WorkerExecutor upkeepWorker;
  private ConcertBus bus;
  private volatile Optional<S3Tier> tier = Optional.empty();
  private volatile Workspaces workspaces;
  private volatile Masters masters;
  private SyncServer syncServer;
  private ArchiveServer archiveServer;

  public ChronicleVerticle(ChronicleOptions options) {
    this(options, new CompositeMeterRegistry());
  }

  /**
   * @param registry gets the meters {@code chronicle.*}
   */
  public ChronicleVerticle(ChronicleOptions options, MeterRegistry registry) {
    this(options, registry, FuseSupport::missing);
  }

  ChronicleVerticle(
      ChronicleOptions options, MeterRegistry registry, Supplier<Optional<String>> fuseMissing) {
    this.options = options;
    this.registry = registry;
    this.upkeepMetrics = new UpkeepMetrics(registry);
    this.fuseMissing = fuseMissing;
  }

  @Override
  public Future<?> start() {
    bus = new ConcertBus(vertx);
    workers =
        vertx.createSharedWorkerExecutor(
            "chronicle-" + deploymentID(), THREADS, LONGEST_MINUTES, TimeUnit.MINUTES);
    // On a thread of its own: it may take hours, and nobody waits for it.
    upkeepWorker =
        vertx.createSharedWorkerExecutor(
            "chronicle-upkeep-" + deploymentID(), 1, UPKEEP_HOURS, TimeUnit.HOURS);
    Attaching attaching = new Attaching(options.mode(), fuseMissing);
    return work(() -> Workspaces.open(options, openStore(), attaching, this::publish))
        .onSuccess(this::serve);
  }

  private ContentStore openStore() {
    tier = options.bucket().map(bucket -> bucket.open(options.contentStore(), vertx, registry));
    return ContentStore.open(options.contentStore(), tier.<Tier>map(s3 -> s3).orElse(Tier.NONE));
  }

  private void serve(Workspaces opened) {
    workspaces = opened;
    masters = new Masters(opened, options.instances().resolveSibling("sync"));
    syncServer = new SyncServer(vertx, masters::accept);
    archiveServer = new ArchiveServer(vertx);
    FileAnswers files = new FileAnswers(opened);
    serve(Addresses.MOUNT_WORKSPACE, this::mount);
    serve(Addresses.UNMOUNT_WORKSPACE, this::unmount);
    serve(Addresses.LIST_FILES, files::list);
    serve(Addresses.READ_FILE, files::read);
    serve(Addresses.READ_HISTORY, files::history);
    serve(Addresses.READ_ITERATION, files::at);
    serve(Addresses.DIFF_FILE, new FileDiffs(files)::diff);
    FileWrites writes = new FileWrites(opened, masters.writers());
    serve(Addresses.WRITE_FILE, writes::write);
    serve(Addresses.DELETE_FILE, writes::delete);
    serve(Addresses.RESTORE_FILE, writes::restore);
    SnapshotAnswers snapshots = new SnapshotAnswers(opened);
    serve(Addresses.CREATE_SNAPSHOT, snapshots::create);
    serve(Addresses.LIST_SNAPSHOTS, snapshots::list);
    serve(Addresses.DELETE_SNAPSHOT, snapshots::delete);
    serve(Addresses.RESTORE_WORKSPACE, new WorkspaceRestores(opened, masters.writers())::restore);
    RetentionAnswers retention = new RetentionAnswers(opened, options.upkeep().policy());
    serve(Addresses.READ_RETENTION, retention::read);
    serve(Addresses.SET_RETENTION, retention::set);
    Archives archives = new Archives(opened);
    bus.serve(
        Addresses.OPEN_ARCHIVE,
        request -> {
          ArchiveFormat format = Archives.format(request);
          return work(() -> archives.source(request))
              .compose(source -> archiveServer.expect(format, source));
        });
    serve(Addresses.CHANGES_SINCE, files::changes);
    bus.serve(Addresses.OPEN_SYNC, this::openSync);
    serve(Addresses.CHRONICLE_HEALTH, probe -> health());
    Conditions conditions = new Conditions(opened, options, this::publish);
    Repeating.every(
        vertx, CONDITIONS, CONDITIONS, () -> workers.executeBlocking(look(conditions), false));
    if (!options.upkeep().every().isZero()) {
      // Soon after the start: there are servers that do not live for a day.
      Duration every = options.upkeep().every();
      Duration first = every.compareTo(FIRST_UPKEEP) < 0 ? every : FIRST_UPKEEP;
      Repeating.every(vertx, first, every, this::upkeep);
    }
  }

  private void publish(WorkspaceCondition condition) {
    bus.publish(Addresses.WORKSPACE_CONDITION.of(condition.workspaceId()), condition);
  }

  private static Callable<Accepted> look(Conditions conditions) {
    return () -> {
      conditions.look();
      return Accepted.ACCEPTED;
    };
  }

  private Future<?> upkeep() {
    Upkeep upkeep =
        new Upkeep(
            options.contentStore(),
            new WorkspaceRoots(options.instances()),
            options.upkeep().policy(),
            options.upkeep().grace());
    return upkeepWorker.executeBlocking(() -> upkeepMetrics.run(upkeep::run), false);
  }

  private <Q extends Record, R extends Record> void serve(
      Address<Q, R> address, Function<Q, R> answer) {
    bus.serve(address, request -> work(() -> ContentRefusal.named(answer).apply(request)));
  }

  private <T> Future<T> work(Supplier<T> blocking) {
    return workers.executeBlocking(blocking::get, false);
  }

  private Mounted mount(Mount request) {
    String id = WorkspaceNames.checkId(request.workspaceId());
    Mounted mounted = workspaces.mount(id);
    masters.listen(id);
    return mounted;
  }

  private Accepted unmount(Unmount request) {
    String id = WorkspaceNames.checkId(request.workspaceId());
    masters.stopListening(id);
    workspaces.unmount(id);
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
    Optional<String> missing =
        options.mode() == ChronicleOptions.Mode.FOLDER ? Optional.empty() : fuseMissing.get();
    boolean refuses = missing.isPresent() && options.mode() == ChronicleOptions.Mode.FUSE;
    String kind =
        missing.isPresent() || options.mode() == ChronicleOptions.Mode.FOLDER ? "folder" : "fuse";
    long troubled = workspaces.troubles().size();
    boolean unsent = tier.filter(S3Tier::isTroubled).isPresent();
    Map<String, String> details = new TreeMap<>();
    details.put("workspaces", kind);
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
    Masters told = masters;
    if (told != null) {
      told.advanced(id);
    }
    iterations.forEach(
        iteration -> bus.publish(Addresses.FILE_CHANGED.of(id), FileAnswers.wire(id, iteration)));
  }

  @Override
  public Future<?> stop() {
    if (workspaces == null) {
      return workers.close();
    }
    // On a thread of its own: the workers may have more to do than there is time.
    return Future.join(syncServer.close(), archiveServer.close())
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
