package dev.concert.platform.backup;

import dev.concert.chronicle.content.tier.BucketOptions;
import dev.concert.chronicle.content.tier.S3Tier;
import dev.concert.foundation.files.PrivateFiles;
import dev.concert.foundation.health.PartsHealth.Level;
import dev.concert.foundation.health.PartsHealth.Part;
import dev.concert.foundation.objectstore.S3ObjectStore;
import dev.concert.foundation.sqlite.Checkpointer;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.io.IOException;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the copy of a data folder up to date, on a thread of its own, until it is closed. Whatever
 * fails is tried again at the next look; the server runs on.
 */
public final class Backup implements AutoCloseable {
  static final String FOLDER = "backup";

  private static final Logger LOG = LoggerFactory.getLogger(Backup.class);

  /** Starting one again interrupts so many databases at most. */
  private static final int DATABASES_PER_REPLICATOR = 100;

  private static final Duration BEHIND = Duration.ofSeconds(30);
  private static final Duration LAST_COPY_TIMEOUT = Duration.ofSeconds(15);

  private final BackupOptions options;
  private final BucketOptions contents;
  private final Path data;
  private final S3ObjectStore store;
  private final FileMirror mirror;
  private final DeletedCopies deleted;

  /** Made at the start: a process that ends can make none. */
  private final Vertx vertx =
      Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1).setWorkerPoolSize(1));

  private final HttpClient http = HttpClient.newHttpClient();
  private final List<Replicator> replicators = new ArrayList<>();
  private final Set<Path> known = new TreeSet<>();
  private final CountDownLatch closing = new CountDownLatch(1);
  private final Thread thread;
  private boolean claimed;
  private boolean knowsDeleted;
  private boolean refused;
  private volatile Part health = new Part(Level.DEGRADED, Map.of("reason", "it starts"));

  private Backup(BackupOptions options, BucketOptions contents, Path data) throws IOException {
    this.options = options;
    this.contents = contents;
    this.data = data;
    this.store = S3ObjectStore.open(options.bucket());
    this.mirror = new FileMirror(options, store, store::list, data);
    this.deleted =
        new DeletedCopies(
            options, store, store::list, data.resolve(FOLDER), InstantSource.system());
    this.thread = Thread.ofPlatform().name("backup").daemon().unstarted(this::run);
  }

  /**
   * Starts it. Blocking.
   *
   * @param contents where the contents of files go
   * @param data the folder, which is in use
   * @throws BackupException where Litestream cannot be run
   */
  public static Backup start(BackupOptions options, BucketOptions contents, Path data) {
    Litestream.require(options.litestream());
    try {
      Path folder = data.toRealPath();
      PrivateFiles.createDirectories(folder.resolve(FOLDER));
      System.setProperty(Checkpointer.PROPERTY, "elsewhere");
      Backup backup = new Backup(options, contents, folder);
      backup.thread.start();
      return backup;
    } catch (IOException e) {
      throw new BackupException("The data folder cannot be read for its backup.", e);
    }
  }

  /** Degraded while something is not copied. Any thread. */
  public Part health() {
    return health;
  }

  private void run() {
    try {
      // Meanwhile the Litestream of a server that was killed has ended.
      while (!closing.await(options.interval().toMillis(), TimeUnit.MILLISECONDS)) {
        look();
      }
      copyTheRest();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      System.clearProperty(Checkpointer.PROPERTY);
      replicators.forEach(Replicator::close);
      store.close();
      http.close();
      vertx.close().await();
    }
  }

  /** The databases do not change any more. */
  private void copyTheRest() throws InterruptedException {
    long deadline = System.nanoTime() + LAST_COPY_TIMEOUT.toNanos();
    boolean copied = sendContents(LAST_COPY_TIMEOUT);
    while (!(look() && copied) && !refused && System.nanoTime() < deadline) {
      TimeUnit.MILLISECONDS.sleep(200);
    }
  }

  /** Sends the contents of files that still wait; returns whether none does. */
  private boolean sendContents(Duration most) throws InterruptedException {
    long deadline = System.nanoTime() + most.toNanos();
    try (S3Tier tier = contents.open(data.resolve("cas"), vertx, new CompositeMeterRegistry())) {
      while (tier.waiting() > 0 && System.nanoTime() < deadline) {
        TimeUnit.MILLISECONDS.sleep(100);
      }
      return tier.waiting() == 0;
    } catch (RuntimeException e) {
      LOG.warn("The contents that were written last may not be in the bucket", e);
      return false;
    }
  }

  /** Returns whether everything is copied. */
  private boolean look() {
    Optional<String> failure = Optional.empty();
    try {
      if (!claimed && !claim()) {
        return report(Optional.of("it begins"));
      }
      DataFiles found = DataFiles.in(data);
      follow(found.databases());
      for (Replicator one : replicators) {
        if (!one.isRunning() && !one.databases().isEmpty()) {
          LOG.debug("Litestream ended; it is started again");
          one.start();
        }
      }
      failure = mirror.copy(found.files()).map(Throwable::getMessage);
      if (!knowsDeleted) {
        deleted.find(known);
        knowsDeleted = true;
      }
      deleted.removeOld();
    } catch (IOException | RuntimeException e) {
      LOG.debug("The backup is not up to date", e);
      failure = Optional.of(String.valueOf(e.getMessage()));
    }
    return report(failure);
  }

  /**
   * Whether the backup in the bucket is that of this folder. Where it is that of another one,
   * nothing is copied; it is tried again, since somebody may remove the other one.
   */
  private boolean claim() throws IOException {
    try {
      claimed = Manifest.claim(options, store, data.resolve(FOLDER));
      refused = false;
      return claimed;
    } catch (BackupException e) {
      if (!refused) {
        LOG.error("There is no backup of this server: {}", e.getMessage());
      }
      claimed = false;
      refused = true;
      replicators.forEach(Replicator::close);
      replicators.clear();
      known.clear();
      throw e;
    }
  }

  private boolean report(Optional<String> failure) {
    boolean copied = true;
    Duration behind = Duration.ZERO;
    for (Replicator one : replicators) {
      Duration lag = one.lag().map(ReplicaLag::behind).orElse(Duration.ZERO);
      copied &= one.isRunning() && one.lag().filter(known -> known.look(http)).isPresent();
      behind = lag.compareTo(behind) > 0 ? lag : behind;
    }
    boolean ok = failure.isEmpty() && behind.compareTo(BEHIND) < 0;
    if (!ok && health.level() == Level.OK) {
      LOG.warn("The backup is behind: {}", failure.orElse("Litestream does not copy"));
    }
    health =
        new Part(
            ok ? Level.OK : Level.DEGRADED,
            Map.of(
                "databases",
                Integer.toString(known.size()),
                "reason",
                refused ? "the bucket has the backup of another data folder" : "none",
                "lag_seconds",
                Long.toString(copied ? 0 : behind.toSeconds()),
                "files",
                failure.isEmpty() ? "copied" : "not copied"));
    return copied && failure.isEmpty();
  }

  /** Has the replicators copy exactly these databases. */
  private void follow(SortedSet<Path> databases) throws IOException {
    Set<Path> added = new TreeSet<>(databases);
    added.removeAll(known);
    Set<Path> gone = new TreeSet<>(known);
    gone.removeAll(databases);
    if (added.isEmpty() && gone.isEmpty()) {
      return;
    }
    if (!claim()) {
      throw new BackupException("The manifest is gone from the bucket. It is written anew.");
    }
    // A database that the manifest does not name is not restored: it is named first.
    Manifest.write(options, store, databases, data.resolve(FOLDER));
    Set<Replicator> changed = new HashSet<>();
    for (Replicator one : replicators) {
      if (one.databases().removeAll(gone)) {
        changed.add(one);
      }
    }
    for (Path database : added) {
      Replicator one = withRoom();
      one.databases().add(database);
      changed.add(one);
      deleted.added(database);
    }
    known.addAll(added);
    known.removeAll(gone);
    for (Replicator one : changed) {
      one.start();
    }
    for (Path database : gone) {
      deleted.deleted(database);
    }
  }

  private Replicator withRoom() {
    if (replicators.isEmpty()
        || replicators.getLast().databases().size() >= DATABASES_PER_REPLICATOR) {
      replicators.add(new Replicator(options, data, replicators.size() + 1));
    }
    return replicators.getLast();
  }

  /** Copies what was written last, and stops. The databases have to be closed. Blocking. */
  @Override
  public void close() {
    closing.countDown();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
