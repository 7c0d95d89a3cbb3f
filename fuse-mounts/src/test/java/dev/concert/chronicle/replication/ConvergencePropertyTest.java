package dev.concert.chronicle.replication;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concert.chronicle.replication.master.Master;
import dev.concert.chronicle.replication.master.MasterOptions;
import dev.concert.chronicle.replication.replica.Conflict;
import dev.concert.chronicle.replication.replica.Replica;
import dev.concert.chronicle.replication.replica.ReplicaListener;
import dev.concert.chronicle.replication.replica.ReplicaOptions;
import dev.concert.chronicle.replication.replica.Resolution;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;

/**
 * Random edits on three sides, with connections that are cut, replicas that are restarted or killed
 * between any two steps, masters that are killed, also in the middle of a write, and failing disks.
 * A longer campaign: {@code -Dconcert.replication.tries=500}.
 */
class ConvergencePropertyTest {
  private static final List<String> PATHS = List.of("a.txt", "b", "d", "d/x", "d/y/z.txt");

  /** What a campaign tells of itself. */
  private static final AtomicInteger STEPS = new AtomicInteger();

  private static final AtomicInteger DEATHS = new AtomicInteger();
  private static final AtomicInteger MASTER_DEATHS = new AtomicInteger();
  private static final AtomicInteger CONFLICTS = new AtomicInteger();

  enum Act {
    WRITE,
    WRITE_LARGE,
    DELETE,
    RENAME,
    MAKE_FOLDER,
    REMOVE_FOLDER,
    CUT,
    RESTART,
    KILL,
    FAULT
  }

  /**
   * @param who 0 is the agent, others are replicas
   */
  record Step(int who, Act act, String path, String other) {}

  /**
   * @param apart whether the replicas have no connection meanwhile
   */
  record Phase(boolean apart, List<Step> steps) {}

  @Provide
  Arbitrary<List<Phase>> lives() {
    Arbitrary<Act> acts =
        Arbitraries.frequencyOf(
            net.jqwik.api.Tuple.of(6, Arbitraries.just(Act.WRITE)),
            net.jqwik.api.Tuple.of(1, Arbitraries.just(Act.WRITE_LARGE)),
            net.jqwik.api.Tuple.of(3, Arbitraries.just(Act.DELETE)),
            net.jqwik.api.Tuple.of(2, Arbitraries.just(Act.RENAME)),
            net.jqwik.api.Tuple.of(1, Arbitraries.just(Act.MAKE_FOLDER)),
            net.jqwik.api.Tuple.of(1, Arbitraries.just(Act.REMOVE_FOLDER)),
            net.jqwik.api.Tuple.of(1, Arbitraries.just(Act.CUT)),
            net.jqwik.api.Tuple.of(1, Arbitraries.just(Act.RESTART)),
            net.jqwik.api.Tuple.of(1, Arbitraries.just(Act.KILL)),
            net.jqwik.api.Tuple.of(1, Arbitraries.just(Act.FAULT)));
    Arbitrary<String> paths = Arbitraries.of(PATHS);
    Arbitrary<Step> steps =
        Combinators.combine(Arbitraries.integers().between(0, 2), acts, paths, paths).as(Step::new);
    return Combinators.combine(Arbitraries.of(true, false), steps.list().ofMaxSize(20))
        .as(Phase::new)
        .list()
        .ofMinSize(1)
        .ofMaxSize(3);
  }

  @Property(tries = 30, shrinking = ShrinkingMode.BOUNDED)
  void whatever_happens_all_sides_become_equal_and_nothing_is_lost(
      @ForAll("lives") List<Phase> life) throws Exception {
    live(life);
  }

  @Property(tries = 1)
  void a_longer_campaign_where_it_is_asked_for() throws Exception {
    int tries = Integer.getInteger("concert.replication.tries", 0);
    long begin = System.nanoTime();
    for (int i = 0; i < tries; i++) {
      live(lives().sample());
    }
    if (tries > 0) {
      System.out.printf(
          "CONVERGED %d lives in %d s: %d steps, %d kills of replicas, %d of masters, %d conflicts%n",
          tries,
          (System.nanoTime() - begin) / 1_000_000_000,
          STEPS.get(),
          DEATHS.get(),
          MASTER_DEATHS.get(),
          CONFLICTS.get());
    }
  }

  private static void live(List<Phase> life) throws Exception {
    Path folder = Files.createTempDirectory("sync");
    try (World world = new World(folder)) {
      life.forEach(world::live);
    } finally {
      try (Stream<Path> files = Files.walk(folder)) {
        files.sorted(Comparator.reverseOrder()).forEach(file -> file.toFile().delete());
      }
    }
  }

  private static final class World implements AutoCloseable {
    private final LiveWorkspace workspace;
    private final Path folder;
    private final Wire wire;
    private final List<Site> sites;
    private volatile Master master;
    private int count;

    World(Path folder) {
      this.folder = folder;
      workspace = new LiveWorkspace(folder.resolve("w"));
      master = newMaster();
      workspace.onIterations(() -> master.advanced());
      wire = new Wire(folder, master);
      sites = List.of(new Site("one", folder, wire), new Site("two", folder, wire));
    }

    private Master newMaster() {
      return new Master(
          "w",
          workspace,
          new MasterOptions(
              Duration.ofMillis(50),
              Duration.ofSeconds(20),
              25,
              8,
              1 << 30,
              folder.resolve("staging")));
    }

    /** The master dies now, and its successor before or after the next write of a replica. */
    private void killMaster() {
      succeed();
      Runnable death =
          () -> {
            workspace.beforeWrite(() -> {});
            workspace.afterWrite(() -> {});
            succeed();
            throw new KillSwitch.Killed();
          };
      if (count % 2 == 0) {
        workspace.beforeWrite(death);
      } else {
        workspace.afterWrite(death);
      }
    }

    private void succeed() {
      MASTER_DEATHS.incrementAndGet();
      Master dead = master;
      master = newMaster();
      wire.leadTo(master);
      dead.close();
    }

    void live(Phase phase) {
      if (phase.apart()) {
        sites.forEach(Site::settle);
        wire.down(true);
      }
      Map<String, String> base = workspace.files();
      sites.forEach(site -> site.conflicts.clear());
      phase.steps().forEach(this::step);
      Map<String, String> agent = workspace.files();
      List<Map<String, String>> users = sites.stream().map(site -> site.files.files()).toList();
      List<Collection<String>> last = sites.stream().map(Site::lastWrites).toList();
      wire.down(false);
      converge();
      last.forEach(
          contents ->
              assertThat(contents).allMatch(workspace::everHad, "is known to the workspace"));
      if (phase.apart()) {
        PATHS.forEach(path -> assertReported(path, base, agent, users));
      }
    }

    /**
     * Each version of a path but one was in conflict with another. What is in the way of another
     * file is moved, which is told in another way, so only paths count that are files everywhere.
     */
    private void assertReported(
        String path,
        Map<String, String> base,
        Map<String, String> agent,
        List<Map<String, String>> users) {
      List<Map<String, String>> all = new ArrayList<>(users);
      all.add(agent);
      Set<String> versions = new HashSet<>();
      all.forEach(one -> versions.add(one.getOrDefault(path, "")));
      if (versions.contains("")) {
        return;
      }
      versions.remove(base.getOrDefault(path, ""));
      long reports = sites.stream().filter(site -> site.conflicts.contains(path)).count();
      assertThat(reports)
          .as("reports of %s, which is %s after %s", path, versions, base.get(path))
          .isGreaterThanOrEqualTo(versions.size() - 1L);
    }

    private void step(Step step) {
      STEPS.incrementAndGet();
      String content = "v" + ++count + " of " + step.who();
      switch (step.act()) {
        case WRITE_LARGE -> write(step, content + " " + "x".repeat(6000));
        case WRITE -> write(step, content);
        case DELETE -> {
          if (step.who() == 0) {
            workspace.deletes(step.path());
          } else {
            site(step).deletes(step.path());
          }
        }
        case RENAME -> rename(step);
        case MAKE_FOLDER -> {
          if (step.who() == 0) {
            workspace.makes(step.path());
          } else {
            site(step).makes(step.path());
          }
        }
        case REMOVE_FOLDER -> {
          if (step.who() == 0) {
            workspace.removes(step.path());
          } else {
            site(step).removes(step.path());
          }
        }
        case CUT -> wire.cut();
        case RESTART -> {
          if (step.who() > 0) {
            site(step).restart();
          }
        }
        case KILL -> {
          if (step.who() > 0) {
            site(step).kill(count % 7);
          } else {
            killMaster();
          }
        }
        case FAULT -> {
          if (step.who() > 0) {
            site(step).fault();
          }
        }
      }
    }

    private Site site(Step step) {
      return sites.get(step.who() - 1);
    }

    private void write(Step step, String content) {
      if (step.who() > 0) {
        site(step).writes(step.path(), content);
        return;
      }
      synchronized (workspace) {
        if (workspace.hasRoomFor(step.path())) {
          workspace.writes(step.path(), content);
        }
      }
    }

    private void rename(Step step) {
      if (step.path().equals(step.other())
          || step.path().startsWith(step.other() + "/")
          || step.other().startsWith(step.path() + "/")) {
        return;
      }
      if (step.who() > 0) {
        site(step).renames(step.path(), step.other());
        return;
      }
      synchronized (workspace) {
        if (workspace.files().containsKey(step.path()) && workspace.hasRoomFor(step.other())) {
          workspace.renames(step.path(), step.other());
        }
      }
    }

    private void converge() {
      long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
      while (System.nanoTime() < end) {
        sites.forEach(Site::settle);
        sites.forEach(Site::settle);
        Map<String, String> there = workspace.files();
        Map<String, Integer> folders = workspace.emptyFolders();
        if (sites.stream()
            .allMatch(
                site ->
                    site.files.files().equals(there)
                        && site.files.folders().empty().equals(folders))) {
          return;
        }
      }
      sites.forEach(
          site -> {
            assertThat(site.files.files()).isEqualTo(workspace.files());
            assertThat(site.files.folders().empty()).isEqualTo(workspace.emptyFolders());
          });
    }

    @Override
    public void close() {
      sites.forEach(site -> site.replica.close());
      wire.close();
      master.close();
      workspace.close();
    }
  }

  private static final class Site implements ReplicaListener {
    private final MemoryFiles files = new MemoryFiles();
    private final Set<String> conflicts = ConcurrentHashMap.newKeySet();
    private final Map<String, String> lastWrites = new HashMap<>();
    private final Random random = new Random(42);
    private final KillSwitch life = new KillSwitch();
    private final String name;
    private final Path folder;
    private final Wire wire;
    private volatile Replica replica;

    Site(String name, Path folder, Wire wire) {
      this.name = name;
      this.folder = folder.resolve(name);
      this.wire = wire;
      open();
    }

    private void open() {
      replica =
          Replica.open(
              new ReplicaOptions(name, folder, Duration.ofSeconds(20), Duration.ofMillis(100)),
              life.files(files),
              () -> life.transport(wire.connect()),
              life.listener(this));
    }

    /** The replica dies after so many steps more, and is started again when somebody needs it. */
    void kill(int steps) {
      life.after(steps);
    }

    private void revive() {
      if (life.isTripped()) {
        DEATHS.incrementAndGet();
        replica.close();
        life.reset();
        open();
      }
    }

    void restart() {
      replica.close();
      life.reset();
      open();
    }

    /** Some of the next changes fail. */
    void fault() {
      files.beforeChange(
          () -> {
            if (random.nextInt(3) == 0) {
              throw new UncheckedIOException(new IOException("The disk failed"));
            }
          });
    }

    void writes(String path, String content) {
      if (files.hasRoomFor(path)) {
        files.writes(path, content);
        lastWrites.put(path, content);
        replica.changed(List.of(path));
      }
    }

    void deletes(String path) {
      files.deletes(path);
      lastWrites.remove(path);
      replica.changed(List.of(path));
    }

    void makes(String path) {
      files.makes(path);
      replica.changed(List.of(path));
    }

    void removes(String path) {
      files.removes(path);
      replica.rescan();
    }

    void renames(String from, String to) {
      if (files.renames(from, to)) {
        String content = lastWrites.remove(from);
        lastWrites.remove(to);
        if (content != null) {
          lastWrites.put(to, content);
        }
        replica.changed(List.of(from, to));
      }
    }

    /** The contents that were written last, each to its path, and forgets them. */
    Collection<String> lastWrites() {
      List<String> contents = List.copyOf(lastWrites.values());
      lastWrites.clear();
      return contents;
    }

    void settle() {
      files.beforeChange(() -> {});
      revive();
      try {
        life.await(replica.settle());
      } catch (Exception e) {
        throw new AssertionError(name + " did not settle: " + replica.status().join(), e);
      }
      if (life.isTripped()) {
        settle();
      }
    }

    @Override
    public Resolution conflict(Conflict conflict) {
      CONFLICTS.incrementAndGet();
      conflicts.add(conflict.path());
      return Resolution.KEEP_BOTH;
    }
  }
}
