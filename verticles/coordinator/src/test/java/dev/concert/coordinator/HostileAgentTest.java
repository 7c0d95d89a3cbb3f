package dev.concert.coordinator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concert.agentevent.AgentEvent;
import dev.concert.bus.Addresses;
import dev.concert.coordinator.harness.CoordinatorHarness;
import dev.concert.coordinator.harness.EventRecorder;
import dev.concert.coordinator.harness.WithCoordinator;
import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import dev.concert.podium.PodiumMessages.AgentEvents;
import dev.concert.podium.PodiumMessages.EventsStored;
import dev.concert.podium.PodiumMessages.InstanceStarted;
import dev.concert.podium.PodiumMessages.Interrupt;
import dev.concert.podium.PodiumMessages.ReplayEvents;
import dev.concert.podium.PodiumMessages.Steer;
import dev.concert.protocol.ServerEvent;
import dev.concert.testing.log.ExpectedLog;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@ExpectedLog(
    logger = "dev.concert.coordinator.instance.Teardown",
    message = "The agent of instance .* is gone")
@WithCoordinator
class HostileAgentTest {
  @ParameterizedTest
  @ValueSource(strings = {"garbage", "length 209715200", "length 0", "wrong_field"})
  void whatIsNoFrameEndsTheTurnAndTheProcess(String behaviour, CoordinatorHarness coordinator) {
    EventRecorder events = coordinator.record("bad");
    EventRecorder neighbour = coordinator.record("good");
    coordinator.start("good");
    coordinator.tell("good", "g1", "obey");
    neighbour.await(ServerEvent.TextDelta.class);
    coordinator.start("bad");
    coordinator.tell("bad", "m1", behaviour);
    ServerEvent.TurnError failed = events.await(ServerEvent.TurnError.class);
    assertThat(events.awaitEnd("m1")).isEqualTo(failed);
    assertThat(events.text()).isEqualTo("before");
    assertThat(failed.code()).isEqualTo("AGENT_CRASHED");
    assertThat(failed.message())
        .contains(
            switch (behaviour) {
              case "garbage" -> "no JSON object";
              case "wrong_field" -> "wrong or missing field: text";
              default -> "a frame of " + behaviour.substring(7) + " bytes";
            });
    events.await(ServerEvent.SandboxRemoved.class);
    coordinator.ask(Addresses.INTERRUPT, new Interrupt("good", "", "g1"));
    neighbour.await(ServerEvent.TurnComplete.class);
    assertThat(neighbour.events(ServerEvent.TurnError.class)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"half_frame", "hang"})
  void anAgentThatNeverAnswersIsKilledWhenItIgnoresAnInterrupt(
      String behaviour, CoordinatorHarness coordinator) {
    EventRecorder events = coordinator.record("one");
    coordinator.start("one");
    coordinator.tell("one", "m1", behaviour);
    coordinator.ask(Addresses.INTERRUPT, new Interrupt("one", "", "m1"));
    coordinator.ask(Addresses.INTERRUPT, new Interrupt("one", "", "m1"));
    assertThat(events.await(ServerEvent.SandboxRemoved.class).reason())
        .isEqualTo("interrupt_ignored");
    assertThat(events.events(ServerEvent.TurnComplete.class))
        .containsExactly(new ServerEvent.TurnComplete("", "stopped", ServerEvent.UsageTotals.NONE));
    assertThat(events.events(ServerEvent.TurnError.class)).isEmpty();
    assertThat(coordinator.start("one").fresh()).isTrue();
  }

  @Test
  void aForkBombIsBoundedWhileAnotherInstanceFinishesItsTurn(CoordinatorHarness coordinator) {
    EventRecorder bomb = coordinator.record("bomb");
    EventRecorder neighbour = coordinator.record("good");
    coordinator.start("bomb");
    coordinator.start("good");
    coordinator.tell("bomb", "m1", "fork_bomb");
    bomb.awaitThat(
        "a refused fork, or its end",
        events ->
            events.text().contains("refused")
                || !events.events(ServerEvent.SandboxRemoved.class).isEmpty());
    assertThat(
            CoordinatorHarness.processesWith(
                coordinator.folder("bomb").resolve("ipc.sock").toString()))
        .hasSizeLessThan(70);
    coordinator.tell("good", "g1", "echo unharmed");
    neighbour.await(ServerEvent.TurnComplete.class);
    // A user without a control group has the process count watched instead: then the agent is gone.
    coordinator
        .bus()
        .request(Addresses.INTERRUPT, new Interrupt("bomb", "", "m1"), Duration.ofMinutes(1))
        .otherwiseEmpty();
    bomb.await(ServerEvent.SandboxRemoved.class);
    assertThat(
            CoordinatorHarness.processesWith(
                coordinator.folder("bomb").resolve("ipc.sock").toString()))
        .isEmpty();
  }

  @Test
  void whatAnAgentStartedDiesWithItAlsoInASessionOfItsOwn(CoordinatorHarness coordinator) {
    EventRecorder events = coordinator.record("one");
    coordinator.start("one");
    coordinator.tell("one", "m1", "children");
    events.await(ServerEvent.TextDelta.class);
    assertThat(
            CoordinatorHarness.processesWith(
                coordinator.folder("one").resolve("ipc.sock").toString()))
        .hasSizeGreaterThan(2);
    coordinator.stop("one");
    assertThat(
            CoordinatorHarness.processesWith(
                coordinator.folder("one").resolve("ipc.sock").toString()))
        .isEmpty();
  }

  @Test
  void anAgentWaitsWhenNobodyStoresItsEventsAndGoesOnWhenSomebodyDoes(
      CoordinatorHarness coordinator) {
    EventRecorder events = coordinator.record("one");
    coordinator.start("one");
    events.acknowledges(false);
    coordinator.tell("one", "m1", "flood 20000");
    events.awaitThat("more than the limit", all -> all.events().size() > 200);
    List<AgentEvents> early = events.batches();
    // One read of the socket may still be on its way: 64 KiB are less than 1000 of these frames.
    assertThat(events.events().size()).isLessThan(1500);
    coordinator.ask(Addresses.STEER, new Steer("one", "", "nothing comes in between"));
    assertThat(events.events().size()).isLessThan(1500);

    events.acknowledges(true);
    events.acknowledge(early.getLast());
    events.acknowledge(events.batches().getLast());
    events.await(ServerEvent.TurnComplete.class);
    assertThat(events.events(ServerEvent.TextDelta.class)).hasSize(20000);
    assertThat(events.events(ServerEvent.TextDelta.class).get(19999).text()).startsWith("19999 ");
  }

  @Test
  void eventsThatGotLostAreReplayedUntilTheyAreStored(CoordinatorHarness coordinator) {
    EventRecorder events = coordinator.record("one");
    InstanceStarted started = coordinator.start("one");
    events.acknowledges(false);
    coordinator.tell("one", "m1", "echo a b c");
    events.await(ServerEvent.TurnComplete.class);
    AgentEvents replay =
        coordinator.ask(Addresses.REPLAY_EVENTS, new ReplayEvents("one", started.epoch(), 6));
    assertThat(replay.firstNumber()).isEqualTo(6);
    assertThat(replay.events())
        .extracting(AgentEvent::event)
        .containsExactly(
            new ServerEvent.TextDelta("b"),
            new ServerEvent.TextDelta("c"),
            new ServerEvent.TurnComplete("a b c", "end", ServerEvent.UsageTotals.NONE));
    coordinator.bus().notify(Addresses.EVENTS_STORED, new EventsStored("one", started.epoch(), 7));
    AgentEvents rest =
        coordinator.ask(Addresses.REPLAY_EVENTS, new ReplayEvents("one", started.epoch(), 1));
    assertThat(rest.firstNumber()).isEqualTo(8);
    assertThat(rest.events()).hasSize(1);
    assertThat(
            coordinator
                .ask(Addresses.REPLAY_EVENTS, new ReplayEvents("one", "another", 1))
                .events())
        .isEmpty();
  }

  @Test
  void theEventsOfADeadProcessAreStillReplayed(CoordinatorHarness coordinator) {
    EventRecorder events = coordinator.record("one");
    InstanceStarted started = coordinator.start("one");
    events.acknowledges(false);
    coordinator.tell("one", "m1", "die");
    events.await(ServerEvent.SandboxRemoved.class);
    coordinator.start("one");
    assertThat(
            coordinator
                .ask(Addresses.REPLAY_EVENTS, new ReplayEvents("one", started.epoch(), 1))
                .events())
        .extracting(AgentEvent::event)
        .last()
        .isEqualTo(new ServerEvent.SandboxRemoved("crashed"));
  }

  @Test
  void anAgentThatNeverReadsIsNotWrittenToWithoutEnd(CoordinatorHarness coordinator) {
    EventRecorder events = coordinator.record("one");
    coordinator.start("one");
    coordinator.tell("one", "m1", "hang");
    events.await(ServerEvent.TextDelta.class);
    Steer large = new Steer("one", "", "x".repeat(1 << 20));
    ConcertException refusal =
        IntStream.range(0, 8)
            .boxed()
            .flatMap(
                n -> {
                  try {
                    coordinator.ask(Addresses.STEER, large);
                    return Stream.<ConcertException>empty();
                  } catch (ConcertException full) {
                    return Stream.of(full);
                  }
                })
            .findFirst()
            .orElseThrow();
    assertThat(refusal.code()).isEqualTo(ErrorCode.RATE_LIMITED);
  }
}
