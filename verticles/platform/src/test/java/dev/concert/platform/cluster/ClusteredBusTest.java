package dev.concert.platform.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.concert.bus.Accepted;
import dev.concert.bus.Addresses;
import dev.concert.bus.BusNode;
import dev.concert.bus.ConcertBus;
import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import dev.concert.error.Problem;
import dev.concert.platform.harness.Program;
import dev.concert.podium.PodiumMessages.Interrupt;
import dev.concert.podium.PodiumMessages.Steer;
import dev.concert.testing.FreePort;
import dev.concert.workspace.WorkspaceMessages.FileContent;
import dev.concert.workspace.WorkspaceMessages.ReadFile;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What crosses from one node to another, and what does not. */
class ClusteredBusTest {
  private static final Duration LONG = Duration.ofSeconds(20);
  @TempDir static Path data;

  private static ClusterNode gateway;
  private static ClusterNode host;
  private static ConcertBus bus;

  @BeforeAll
  static void join() throws IOException {
    int one = FreePort.find();
    int two = FreePort.find();
    String cluster = "test-" + UUID.randomUUID();
    List<String> members = List.of("127.0.0.1:" + one, "127.0.0.1:" + two);
    host =
        ClusterNode.join(
            Vertx.builder(),
            new ClusterOptions(
                "host",
                cluster,
                "127.0.0.1",
                one,
                members,
                Set.of(NodeRole.COORDINATOR, NodeRole.CHRONICLE)),
            Program.home(),
            data.resolve("host"));
    Files.createDirectories(data.resolve("host/instances/mine"));
    Files.createDirectories(data.resolve("gateway"));
    gateway =
        ClusterNode.join(
            Vertx.builder(),
            new ClusterOptions(
                "gateway", cluster, "127.0.0.1", two, members, Set.of(NodeRole.GATEWAY)),
            Program.home(),
            data.resolve("gateway"));
    ConcertBus podium = new ConcertBus(host.vertx());
    await(
        podium
            .serve(
                Addresses.STEER,
                steer ->
                    steer.text().equals("fail")
                        ? Future.failedFuture(
                            ConcertException.retryAfter(ErrorCode.NO_TURN, "No turn.", 77))
                        : Future.succeededFuture(Accepted.ACCEPTED))
            .completion());
    await(
        podium
            .serve(
                Addresses.READ_FILE,
                read ->
                    Future.succeededFuture(
                        new FileContent(
                            "a", "utf8", "x".repeat(BusNode.MAX_MESSAGE_BYTES), 1, 1, "")))
            .completion());
    gateway.selfTest();
    bus = new ConcertBus(gateway.vertx());
  }

  @AfterAll
  static void leave() {
    for (ClusterNode node : List.of(gateway, host)) {
      await(node.vertx().close());
      node.close();
    }
  }

  private static <T> T await(Future<T> future) {
    try {
      return future.toCompletionStage().toCompletableFuture().join();
    } catch (CompletionException e) {
      throw e.getCause() instanceof ConcertException refused ? refused : e;
    }
  }

  private static ConcertException refusal(Future<?> future) {
    return catchThrowableOfType(ConcertException.class, () -> await(future));
  }

  @Test
  void aRequestReachesTheNodeThatHasTheFolder() {
    assertThat(await(bus.request(Addresses.STEER, new Steer("mine", "", "go"), LONG)))
        .isEqualTo(Accepted.ACCEPTED);
    assertThat(await(bus.directory().hostOf("host"))).isEqualTo("127.0.0.1");
  }

  @Test
  void aFailureCrossesWhole() {
    assertThat(refusal(bus.request(Addresses.STEER, new Steer("mine", "", "fail"), LONG)).problem())
        .isEqualTo(new Problem(ErrorCode.NO_TURN, "No turn.", 77, "podium"));
  }

  @Test
  void aNodeRefusesWhatItDoesNotOwn() {
    assertThat(
            refusal(bus.request("host", Addresses.STEER, new Steer("other", "", "go"), LONG))
                .code())
        .isEqualTo(ErrorCode.NOT_OWNER);
  }

  @Test
  void aRequestThatIsTooLargeIsRefusedAndTheNextOneWorks() {
    Steer large = new Steer("mine", "", "x".repeat(BusNode.MAX_MESSAGE_BYTES));
    assertThat(refusal(bus.request(Addresses.STEER, large, LONG)).code())
        .isEqualTo(ErrorCode.MESSAGE_TOO_LARGE);
    aRequestReachesTheNodeThatHasTheFolder();
  }

  @Test
  void aReplyThatIsTooLargeIsAFailureAndNoSilence() {
    assertThat(refusal(bus.request(Addresses.READ_FILE, new ReadFile("mine", "a"), LONG)).code())
        .isEqualTo(ErrorCode.MESSAGE_TOO_LARGE);
  }

  @Test
  void aNodeWithoutTheCodecFailsTheRequestAtOnce() {
    await(
        host.vertx()
            .eventBus()
            .consumer("podium@later", message -> message.body().toString())
            .completion());
    host.vertx().eventBus().unregisterDefaultCodec(Interrupt.class);
    host.vertx().eventBus().unregisterCodec(Interrupt.class.getName());
    long begin = System.nanoTime();
    assertThat(
            refusal(
                bus.request("later", Addresses.INTERRUPT, new Interrupt("mine", "", "m"), LONG)))
        .isNotNull();
    assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(LONG.dividedBy(2));
  }
}
