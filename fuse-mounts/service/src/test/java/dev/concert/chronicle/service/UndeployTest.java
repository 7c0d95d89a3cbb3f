package dev.concert.chronicle.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.concert.bus.Addresses;
import dev.concert.bus.BusCodecs;
import dev.concert.bus.ConcertBus;
import dev.concert.chronicle.workspace.ChronicleOptions;
import dev.concert.testing.Await;
import dev.concert.testing.RequiresFuse;
import dev.concert.workspace.WorkspaceMessages.Mount;
import dev.concert.workspace.WorkspaceMessages.OpenSync;
import dev.concert.workspace.WorkspaceMessages.ReadHistory;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The verticle owns its mounts and threads: they come and go with its deployment. */
class UndeployTest {
  private static final Duration TIMEOUT = Duration.ofMinutes(3);

  @TempDir Path home;
  private Vertx vertx;
  private ConcertBus bus;

  @BeforeEach
  void start() {
    vertx = Vertx.vertx();
    BusCodecs.register(vertx);
    bus = new ConcertBus(vertx);
  }

  @AfterEach
  void stop() {
    await(vertx.close());
  }

  @Test
  @RequiresFuse
  void an_undeployed_chronicle_leaves_no_mount_and_no_thread() throws Exception {
    Set<Thread> before = threads();
    for (String content : new String[] {"first", "second"}) {
      String deployment = await(vertx.deployVerticle(chronicle(), ChronicleVerticle.deployment()));
      Path mount = mount("a");
      Files.writeString(mount.resolve("file"), content);
      Files.writeString(mount("b").resolve("other"), content);
      await(bus.request(Addresses.OPEN_SYNC, new OpenSync("b"), TIMEOUT));
      assertThat(mounts()).hasSize(2);

      await(vertx.undeploy(deployment));

      assertThat(mounts()).isEmpty();
      Await.until(() -> names(threads(), before).isEmpty());
    }

    await(vertx.deployVerticle(chronicle(), ChronicleVerticle.deployment()));
    assertThat(mount("a").resolve("file")).hasContent("second");
    assertThat(
            await(bus.request(Addresses.READ_HISTORY, new ReadHistory("a", "file"), TIMEOUT))
                .iterations())
        .hasSize(2);
  }

  @Test
  void chronicle_refuses_to_run_on_an_event_loop() {
    assertThatThrownBy(() -> await(vertx.deployVerticle(chronicle())))
        .rootCause()
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("ChronicleVerticle.deployment()");
  }

  private ChronicleVerticle chronicle() {
    return new ChronicleVerticle(
        new ChronicleOptions(
            home.resolve("instances"), home.resolve("cas"), ChronicleOptions.Mode.FUSE));
  }

  private Path mount(String id) {
    String place = await(bus.request(Addresses.MOUNT_WORKSPACE, new Mount(id), TIMEOUT)).place();
    return home.resolve("instances").resolve(place);
  }

  private Set<String> mounts() throws IOException {
    return Files.readAllLines(Path.of("/proc/mounts")).stream()
        .filter(line -> line.contains(home.toString()))
        .collect(Collectors.toSet());
  }

  /** Platform threads, without those that Vert.x and the JVM start when they first need them. */
  private static Set<Thread> threads() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> !thread.getName().matches("(vert.x-|Forge|ForkJoin|VirtualThread).*"))
        .filter(UndeployTest::isOfTheProgram)
        .collect(Collectors.toSet());
  }

  private static boolean isOfTheProgram(Thread thread) {
    ThreadGroup group = thread.getThreadGroup();
    return group != null && !Set.of("system", "InnocuousThreadGroup").contains(group.getName());
  }

  private static Set<String> names(Set<Thread> now, Set<Thread> before) {
    return now.stream()
        .filter(thread -> !before.contains(thread) && thread.isAlive())
        .map(Thread::getName)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static <T> T await(Future<T> future) {
    return future
        .toCompletionStage()
        .toCompletableFuture()
        .orTimeout(TIMEOUT.toSeconds(), TimeUnit.SECONDS)
        .join();
  }
}
