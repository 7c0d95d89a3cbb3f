package dev.concert.platform.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.concert.bus.Accepted;
import dev.concert.bus.Addresses;
import dev.concert.bus.BusCodecs;
import dev.concert.bus.ClusterMessages.NodeDescriptor;
import dev.concert.bus.ClusterMessages.Owns;
import dev.concert.bus.ConcertBus;
import dev.concert.bus.Service;
import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How a gateway finds the node of an instance. The coordinator "local" is played. */
class ClusterDirectoryTest {
  @TempDir Path folder;

  private final Vertx vertx = Vertx.vertx();
  private final List<String> questions = new CopyOnWriteArrayList<>();
  private final List<String> placed = new CopyOnWriteArrayList<>();
  private volatile Optional<Boolean> owns = Optional.of(false);
  private Placements placements;
  private ClusterDirectory directory;

  @BeforeEach
  void start() {
    BusCodecs.register(vertx);
    ConcertBus bus = new ConcertBus(vertx);
    bus.listen(
        Addresses.WHO_OWNS,
        question -> {
          questions.add(question.key());
          owns.ifPresent(
              answer ->
                  bus.send(
                      Addresses.OWNS,
                      question.replyTo(),
                      new Owns(question.key(), "local", answer)));
        });
    bus.serve(
        Addresses.PLACE_INSTANCE,
        request -> {
          placed.add(request.key());
          return Future.succeededFuture(Accepted.ACCEPTED);
        });
    placements = Placements.open(vertx, folder.resolve("placements.db"));
    directory = opened(bus);
  }

  private ClusterDirectory opened(ConcertBus bus) {
    ClusterDirectory opened =
        new ClusterDirectory(vertx, "gateway", Optional.empty(), Optional.of(placements));
    await(opened.open(bus));
    opened.know(new NodeDescriptor("local", "10.0.0.6", List.of("coordinator", "chronicle")));
    return opened;
  }

  @AfterEach
  void stop() {
    await(vertx.close());
    placements.close();
  }

  private static <T> T await(Future<T> future) {
    try {
      return future.toCompletionStage().toCompletableFuture().join();
    } catch (CompletionException e) {
      throw e.getCause() instanceof ConcertException refused ? refused : e;
    }
  }

  private String owner(String key) {
    return await(directory.ownerOf(Service.PODIUM, key));
  }

  @Test
  void aNewInstanceIsPlacedAndItsNodeStored() {
    assertThat(owner("agent_1")).isEqualTo("local");
    assertThat(placed).containsExactly("agent_1");
    assertThat(await(placements.find("agent_1"))).contains("local");
  }

  @Test
  void anInstanceThatANodeHasIsNotPlacedAgain() {
    owns = Optional.of(true);
    assertThat(owner("agent_1")).isEqualTo("local");
    assertThat(placed).isEmpty();
    assertThat(await(placements.find("agent_1"))).contains("local");
  }

  @Test
  void whatIsStoredIsNotAskedForEvenWhenItsNodeIsAway() {
    await(placements.store("agent_1", "elsewhere"));
    assertThat(owner("agent_1")).isEqualTo("elsewhere");
    assertThat(questions).isEmpty();
  }

  @Test
  void nothingIsPlacedWhileACoordinatorIsSilent() {
    owns = Optional.empty();
    ConcertException refused = catchThrowableOfType(ConcertException.class, () -> owner("agent_1"));
    assertThat(refused.code()).isEqualTo(ErrorCode.PODIUM_UNAVAILABLE);
    assertThat(refused.retryAfterMs()).isPositive();
    assertThat(placed).isEmpty();
    owns = Optional.of(false);
    assertThat(owner("agent_1")).isEqualTo("local");
  }

  @Test
  void manyWhoAskForOneInstanceAtOncePlaceItOnce() {
    List<Future<String>> all =
        IntStream.range(0, 50)
            .mapToObj(_ -> directory.ownerOf(Service.CHRONICLE, "agent_1"))
            .toList();
    await(Future.all(all));
    assertThat(placed).containsExactly("agent_1");
  }

  @Test
  void anEntryThatIsForgottenIsAskedForAgain() {
    await(placements.store("agent_1", "elsewhere"));
    owner("agent_1");
    owns = Optional.of(true);
    directory.forget(Service.PODIUM, "agent_1", "elsewhere");
    assertThat(owner("agent_1")).isEqualTo("local");
  }

  @Test
  void aHostIsKnownByItsNode() {
    assertThat(await(directory.hostOf("local"))).isEqualTo("10.0.0.6");
    ConcertException refused =
        catchThrowableOfType(ConcertException.class, () -> await(directory.hostOf("nowhere")));
    assertThat(refused).hasMessage("Node 'nowhere' is away.");
  }
}
