package dev.concert.coordinator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concert.bus.Addresses;
import dev.concert.coordinator.bench.EventRecorder;
import dev.concert.coordinator.bench.OnStage;
import dev.concert.coordinator.bench.Stage;
import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import dev.concert.nativeagent.NativeEvent;
import dev.concert.podium.PodiumMessages.AgentEvents;
import dev.concert.podium.PodiumMessages.EventsStored;
import dev.concert.podium.PodiumMessages.InstanceStarted;
import dev.concert.podium.PodiumMessages.Interrupt;
import dev.concert.podium.PodiumMessages.ReplayEvents;
import dev.concert.podium.PodiumMessages.Steer;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@OnStage
class HostileAgentTest {
  @ParameterizedTest
  @ValueSource(strings = {"garbage", "length 209715200", "length 0", "wrong_field"})
  void whatIsNoFrameEndsTheTurnAndTheProcess(String behaviour, Stage stage) {
    EventRecorder events = stage.record("bad");
    EventRecorder neighbour = stage.record("good");
    stage.start("good");
    stage.tell("good", "g1", "obey");
    neighbour.await(NativeEvent.TextDelta.class);
    stage.start("bad");
    stage.tell("bad", "m1", behaviour);
    NativeEvent.Failed failed = events.await(NativeEvent.Failed.class);
    assertThat(failed.messageId()).isEqualTo("m1");
    assertThat(events.text()).isEqualTo("before");
    assertThat(failed.code()).isEqualTo("AGENT_CRASHED");
    assertThat(failed.message())
        .contains(
            switch (behaviour) {
              case "garbage" -> "no JSON object";
              case "wrong_field" -> "wrong or missing field: text";
              default -> "a frame of " + behaviour.substring(7) + " bytes";
            });
    events.await(NativeEvent.SandboxRemoved.class);
    stage.ask(Addresses.INTERRUPT, new Interrupt("good", "g1"));
    neighbour.await(NativeEvent.Complete.class);
    assertThat(neighbour.events(NativeEvent.Failed.class)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"half_frame", "hang"})
  void anAgentThatNeverAnswersIsKilledWhenItIgnoresAnInterrupt(String behaviour, Stage stage) {
    EventRecorder events = stage.record("one");
    stage.start("one");
    stage.tell("one", "m1", behaviour);
    stage.ask(Addresses.INTERRUPT, new Interrupt("one", "m1"));
    stage.ask(Addresses.INTERRUPT, new Interrupt("one", "m1"));
    assertThat(events.await(NativeEvent.SandboxRemoved.class).reason())
        .isEqualTo("interrupt_ignored");
    assertThat(events.events(NativeEvent.Complete.class))
        .containsExactly(new NativeEvent.Complete("m1", "stopped", ""));
    assertThat(events.events(NativeEvent.Failed.class)).isEmpty();
    assertThat(stage.start("one").fresh()).isTrue();
  }

  @Test
  void aForkBombIsBoundedWhileAnotherInstanceFinishesItsTurn(Stage stage) {
    EventRecorder bomb = stage.record("bomb");
    EventRecorder neighbour = stage.record("good");
    stage.start("bomb");
    stage.start("good");
    stage.tell("bomb", "m1", "fork_bomb");
    bomb.awaitThat(
        "a refused fork, or its end",
        events ->
            events.text().contains("refused")
                || !events.events(NativeEvent.SandboxRemoved.class).isEmpty());
    assertThat(Stage.processesWith(stage.folder("bomb").resolve("ipc.sock").toString()))
        .hasSizeLessThan(70);
    stage.tell("good", "g1", "echo unharmed");
    neighbour.await(NativeEvent.Complete.class);
    stage.ask(Addresses.INTERRUPT, new Interrupt("bomb", "m1"));
    bomb.await(NativeEvent.SandboxRemoved.class);
    assertThat(Stage.processesWith(stage.folder("bomb").resolve("ipc.sock").toString())).isEmpty();
  }

  @Test
  void whatAnAgentStartedDiesWithItAlsoInASessionOfItsOwn(Stage stage) {
    EventRecorder events = stage.record("one");
    stage.start("one");
    stage.tell("one", "m1", "children");
    events.await(NativeEvent.TextDelta.class);
    assertThat(Stage.processesWith(stage.folder("one").resolve("ipc.sock").toString()))
        .hasSizeGreaterThan(2);
    stage.stop("one");
    assertThat(Stage.processesWith(stage.folder("one").resolve("ipc.sock").toString())).isEmpty();
  }

  @Test
  void anAgentWaitsWhenNobodyStoresItsEventsAndGoesOnWhenSomebodyDoes(Stage stage) {
    EventRecorder events = stage.record("one");
    stage.start("one");
    events.acknowledges(false);
    stage.tell("one", "m1", "flood 20000");
    events.awaitThat("more than the limit", all -> all.events().size() > 200);
    List<AgentEvents> early = events.batches();
    // One read of the socket may still be on its way: 64 KiB are less than 1000 of these frames.
    assertThat(events.events().size()).isLessThan(1500);
    stage.ask(Addresses.STEER, new Steer("one", "nothing comes in between"));
    assertThat(events.events().size()).isLessThan(1500);

    events.acknowledges(true);
    events.acknowledge(early.getLast());
    events.acknowledge(events.batches().getLast());
    events.await(NativeEvent.Complete.class);
    assertThat(events.events(NativeEvent.TextDelta.class)).hasSize(20000);
    assertThat(events.events(NativeEvent.TextDelta.class).get(19999).text()).startsWith("19999 ");
  }

  @Test
  void eventsThatGotLostAreReplayedUntilTheyAreStored(Stage stage) {
    EventRecorder events = stage.record("one");
    InstanceStarted started = stage.start("one");
    events.acknowledges(false);
    stage.tell("one", "m1", "echo a b c");
    events.await(NativeEvent.Complete.class);
    AgentEvents replay =
        stage.ask(Addresses.REPLAY_EVENTS, new ReplayEvents("one", started.epoch(), 6));
    assertThat(replay.firstNumber()).isEqualTo(6);
    assertThat(replay.events())
        .containsExactly(
            new NativeEvent.TextDelta("b"),
            new NativeEvent.TextDelta("c"),
            new NativeEvent.Complete("m1", "end", "a b c"));
    stage.bus().publish(Addresses.EVENTS_STORED, new EventsStored("one", started.epoch(), 7));
    AgentEvents rest =
        stage.ask(Addresses.REPLAY_EVENTS, new ReplayEvents("one", started.epoch(), 1));
    assertThat(rest.firstNumber()).isEqualTo(8);
    assertThat(rest.events()).hasSize(1);
    assertThat(stage.ask(Addresses.REPLAY_EVENTS, new ReplayEvents("one", "another", 1)).events())
        .isEmpty();
  }

  @Test
  void theEventsOfADeadProcessAreStillReplayed(Stage stage) {
    EventRecorder events = stage.record("one");
    InstanceStarted started = stage.start("one");
    events.acknowledges(false);
    stage.tell("one", "m1", "die");
    events.await(NativeEvent.SandboxRemoved.class);
    stage.start("one");
    assertThat(
            stage
                .ask(Addresses.REPLAY_EVENTS, new ReplayEvents("one", started.epoch(), 1))
                .events())
        .last()
        .isEqualTo(new NativeEvent.SandboxRemoved("crashed"));
  }

  @Test
  void anAgentThatNeverReadsIsNotWrittenToWithoutEnd(Stage stage) {
    EventRecorder events = stage.record("one");
    stage.start("one");
    stage.tell("one", "m1", "hang");
    events.await(NativeEvent.TextDelta.class);
    Steer large = new Steer("one", "x".repeat(1 << 20));
    ConcertException refusal =
        IntStream.range(0, 8)
            .boxed()
            .flatMap(
                n -> {
                  try {
                    stage.ask(Addresses.STEER, large);
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
