package dev.concert.chronicle.service;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concert.chronicle.content.ContentHash;
import dev.concert.chronicle.content.ContentStore;
import dev.concert.chronicle.iteration.Iteration;
import dev.concert.chronicle.iteration.LiveFile;
import dev.concert.chronicle.verification.Verification;
import dev.concert.chronicle.verification.VerificationFinding;
import dev.concert.chronicle.workspace.Workspace;
import dev.concert.chronicle.workspace.Workspaces;
import dev.concert.testing.Await;
import dev.concert.testing.RequiresFuse;
import dev.concert.testing.log.ExpectedLog;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A process that serves a mount under load is killed, again and again, {@code -Dconcert.crashes}
 * times (5 without it).
 */
@RequiresFuse
@ExpectedLog(
    logger = "dev.concert.chronicle.binding.StaleMounts",
    message = "a mount that its process left behind",
    required = false)
class KillTest {
  private static final int CRASHES = Integer.getInteger("concert.crashes", 5);
  private static final int WORKERS = 3;

  /** Closes and syncs that are answered before each kill, on average. */
  private static final long ENOUGH = 6;

  private static final int LONGEST_MILLIS = 400;

  @TempDir Path home;
  private final long seed = Long.getLong("concert.seed", System.nanoTime());
  private final Random random = new Random(seed);
  private long verified;
  private long answered;

  @Test
  void whatWasAnsweredSurvivesEveryKill() throws Exception {
    for (int crash = 0; crash < CRASHES; crash++) {
      List<Workload> work = new ArrayList<>();
      for (int worker = 0; worker < WORKERS; worker++) {
        Path folder = mountPoint().resolve("c" + crash + "-" + worker);
        work.add(new Workload(folder, new Random(random.nextLong())));
      }
      underLoad(work, ENOUGH * (crash + 1) - answered);
      answered += answers(work);
      check("crash " + crash + " of seed " + seed, work);
    }
    System.out.printf("%d kills, %d answered closes and syncs%n", CRASHES, answered);
    assertThat(answered).isGreaterThanOrEqualTo(ENOUGH * CRASHES);
    assertThat(Files.readString(Path.of("/proc/self/mountinfo"))).doesNotContain(home.toString());
  }

  private static long answers(List<Workload> work) {
    return work.stream().mapToLong(one -> one.closed().size()).sum();
  }

  private Path mountPoint() {
    return home.resolve("instances/w/chronicle/mount");
  }

  /**
   * @param enough answers without which it is not killed yet, however slow the machine is
   */
  private void underLoad(List<Workload> work, long enough) throws Exception {
    Process serving = KilledMount.start(home);
    try (ExecutorService threads = Executors.newFixedThreadPool(WORKERS)) {
      List<CompletableFuture<Void>> running =
          work.stream().map(one -> CompletableFuture.runAsync(one, threads)).toList();
      try {
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20 + random.nextInt(LONGEST_MILLIS)));
        Await.until(() -> answers(work) >= enough);
      } finally {
        serving.destroyForcibly().waitFor();
      }
      CompletableFuture.allOf(running.toArray(CompletableFuture[]::new)).get(3, TimeUnit.MINUTES);
    } finally {
      serving.destroyForcibly();
    }
  }

  private void check(String when, List<Workload> work) throws IOException {
    Path tree = home.resolve("instances/w/chronicle/tree");
    try (Workspaces workspaces = KilledMount.open(home)) {
      workspaces.mount("w");
      for (Workload one : work) {
        assertThat(one.differences(folder(tree, one))).as(when).isEmpty();
      }
      workspaces.with("w", workspace -> checkHistory(when, workspace, work, tree));
    }
    assertThat(home.resolve("instances/w/chronicle/orphans")).as(when).isEmptyDirectory();
  }

  private static Path folder(Path tree, Workload work) throws IOException {
    return Files.createDirectories(tree.resolve(work.name()));
  }

  private boolean checkHistory(String when, Workspace workspace, List<Workload> work, Path tree) {
    List<Iteration> entered = workspace.journal().history().since(verified, Integer.MAX_VALUE);
    Set<Workload.Closed> recorded =
        entered.stream()
            .map(one -> new Workload.Closed(one.path(), one.hash()))
            .collect(Collectors.toSet());
    for (Workload one : work) {
      assertThat(one.closed()).as(when).allMatch(recorded::contains);
    }
    Map<String, String> live =
        workspace.journal().history().liveBelow("").entrySet().stream()
            .collect(Collectors.toMap(Map.Entry::getKey, one -> hash(one.getValue())));
    assertThat(live).as(when).isEqualTo(there(tree));

    List<VerificationFinding> findings = new ArrayList<>();
    ContentStore store = workspace.contents();
    new Verification(store, findings::add).verify("w", workspace.journal(), verified);
    assertThat(findings).as(when).isEmpty();
    verified = workspace.journal().history().latest();
    return true;
  }

  private static String hash(LiveFile file) {
    return file.hash();
  }

  private static Map<String, String> there(Path tree) {
    try (var files = Files.walk(tree)) {
      return files
          .filter(Files::isRegularFile)
          .collect(Collectors.toMap(file -> tree.relativize(file).toString(), KillTest::hashOf));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String hashOf(Path file) {
    try {
      return ContentHash.of(Files.readAllBytes(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
