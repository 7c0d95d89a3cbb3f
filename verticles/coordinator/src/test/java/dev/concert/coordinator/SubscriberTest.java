package dev.concert.coordinator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concert.bus.Addresses;
import dev.concert.coordinator.harness.CoordinatorHarness;
import dev.concert.coordinator.harness.EventRecorder;
import dev.concert.coordinator.harness.WithCoordinator;
import dev.concert.error.ErrorCode;
import dev.concert.podium.PodiumMessages.InstanceStarted;
import dev.concert.podium.PodiumMessages.ReplayEvents;
import dev.concert.podium.PodiumMessages.StartInstance;
import dev.concert.podium.PodiumMessages.Steer;
import dev.concert.protocol.ServerEvent;
import org.junit.jupiter.api.Test;

/** What a coordinator makes of messages of a gateway, or for a process, that is gone. */
@WithCoordinator
class SubscriberTest {

  private static StartInstance request(String subscriber) {
    return new StartInstance("one", "tenant", "user", "session", "scripted", null, subscriber);
  }

  @Test
  void anotherSubscriberGetsAFreshAgentAndTheOldOneNothingMore(CoordinatorHarness coordinator) {
    EventRecorder events = coordinator.record("one");
    InstanceStarted first = coordinator.start("one");
    InstanceStarted second =
        coordinator.ask(Addresses.START_INSTANCE, request("events-of-another-gateway"));
    assertThat(second.fresh()).isTrue();
    assertThat(second.epoch()).isNotEqualTo(first.epoch());
    assertThat(events.await(ServerEvent.SandboxRemoved.class).reason())
        .isEqualTo("subscriber_gone");
    assertThat(events.batches()).allMatch(batch -> batch.epoch().equals(first.epoch()));
  }

  @Test
  void theSameSubscriberKeepsItsAgent(CoordinatorHarness coordinator) {
    InstanceStarted first = coordinator.start("one");
    InstanceStarted second = coordinator.start("one");
    assertThat(second.fresh()).isFalse();
    assertThat(second.epoch()).isEqualTo(first.epoch());
  }

  @Test
  void aStartWithoutASubscriberIsRefused(CoordinatorHarness coordinator) {
    assertThat(coordinator.refusal(Addresses.START_INSTANCE, request("")))
        .hasMessage("subscriber is missing.");
  }

  @Test
  void aMessageForAnotherProcessDoesNotReachThisOne(CoordinatorHarness coordinator) {
    coordinator.start("one");
    coordinator.tell("one", "m1", "hang");
    assertThat(coordinator.refusal(Addresses.STEER, new Steer("one", "earlier", "left")).code())
        .isEqualTo(ErrorCode.SESSION_INACTIVE);
  }

  @Test
  void aProcessThatIsNotKnownHasNoEvents(CoordinatorHarness coordinator) {
    assertThat(
            coordinator
                .ask(Addresses.REPLAY_EVENTS, new ReplayEvents("one", "earlier", 5))
                .firstNumber())
        .isZero();
  }
}
