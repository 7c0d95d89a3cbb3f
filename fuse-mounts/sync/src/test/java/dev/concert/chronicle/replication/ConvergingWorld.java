package dev.concert.chronicle.replication;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concert.chronicle.replication.master.Master;
import dev.concert.chronicle.replication.master.MasterOptions;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** A workspace, its master and two replicas, to which a life happens. */
final class ConvergingWorld implements AutoCloseable {
  private final LiveWorkspace workspace;
  private final Path folder;
  private final Campaign campaign;
  private final Wire wire;
  private final List<ConvergingSite> sites;
  private volatile Master master;
  private int count;

  ConvergingWorld(Path folder, Campaign campaign) {
    this.folder = folder;
    this.campaign = campaign;
    workspace = new LiveWorkspace(folder.resolve("w"));
    master = newMaster();
    workspace.onIterations(() -> master.advanced());
    wire = new Wire(folder, master);
    sites =
        List.of(
            new ConvergingSite("one", folder, wire, campaign),
            new ConvergingSite("two", folder, wire, campaign));
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
    campaign.masterDeaths.incrementAndGet();
    Master dead = master;
    master = newMaster();
    wire.leadTo(master);
    dead.close();
  }

  void live(RandomLife.Phase phase) {
    if (phase.apart()) {
      sites.forEach(ConvergingSite::settle);
      wire.down(true);
    }
    Map<String, String> base = workspace.files();
    sites.forEach(site -> site.conflicts.clear());
    phase.steps().forEach(this::step);
    Map<String, String> agent = workspace.files();
    List<Map<String, String>> users = sites.stream().map(site -> site.files.files()).toList();
    List<Collection<String>> last = sites.stream().map(ConvergingSite::lastWrites).toList();
    wire.down(false);
    converge();
    last.forEach(
        contents -> assertThat(contents).allMatch(workspace::everHad, "is known to the workspace"));
    if (phase.apart()) {
      RandomLife.PATHS.forEach(path -> assertReported(path, base, agent, users));
    }
  }

  /**
   * Each version of a path but one was in conflict with another, or in the way of another file for
   * a while. Only paths count that are files everywhere in the end.
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

  private void step(RandomLife.Step step) {
    campaign.steps.incrementAndGet();
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

  private ConvergingSite site(RandomLife.Step step) {
    return sites.get(step.who() - 1);
  }

  private void write(RandomLife.Step step, String content) {
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

  private void rename(RandomLife.Step step) {
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
    long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(2);
    while (System.nanoTime() < end) {
      sites.forEach(ConvergingSite::settle);
      sites.forEach(ConvergingSite::settle);
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
    sites.forEach(ConvergingSite::close);
    wire.close();
    master.close();
    workspace.close();
  }
}
