package dev.concert.gateway.projection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.concert.protocol.EventCodec;
import dev.concert.protocol.ServerEvent;
import dev.concert.protocol.SessionEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class WebSocketProtocolTest {
  private static final ServerEvent PLAN = new ServerEvent.PlanStepStarted("p", "s");
  private static final ServerEvent TEXT = new ServerEvent.TextDelta("a");

  @Test
  void aDottedEventReachesOnlyClientsOfVersion2() {
    SessionEvent plan = new SessionEvent("s", 1, 5, "t", PLAN);
    assertThat(WebSocketProtocol.VERSION_1.project(plan)).isEmpty();
    assertThat(WebSocketProtocol.VERSION_2.project(plan))
        .contains(
            "{\"type\":\"plan.step_started\",\"sessionId\":\"s\",\"seq\":1,\"ts\":5,"
                + "\"turnId\":\"t\",\"planId\":\"p\",\"stepId\":\"s\"}");
  }

  @Test
  void theEventsOfVersion1AreTheSameInVersion2() {
    SessionEvent text = new SessionEvent("s", 1, 5, "t", TEXT);
    assertThat(WebSocketProtocol.VERSION_2.project(text))
        .isEqualTo(WebSocketProtocol.VERSION_1.project(text))
        .isPresent();
  }

  @Test
  void aVersionThatDoesNotExistIsRefused() {
    assertThat(WebSocketProtocol.ofVersion(2)).isEqualTo(WebSocketProtocol.VERSION_2);
    assertThatThrownBy(() -> WebSocketProtocol.ofVersion(3)).hasMessageContaining("version 3");
  }

  @Property(tries = 200)
  void aReaderSeesNoHoleAndNoRepeatWhateverItsProtocolLeavesOut(
      @ForAll @Size(min = 1, max = 40) List<Boolean> plans) {
    ProjectedStream stream = new ProjectedStream(WebSocketProtocol.VERSION_1, 0);
    List<SessionEvent> shown = new ArrayList<>();
    for (int i = 0; i < plans.size(); i++) {
      SessionEvent event = new SessionEvent("s", i + 1L, 1, "t", plans.get(i) ? PLAN : TEXT);
      Optional<String> json = stream.next(event);
      assertThat(json.isEmpty()).isEqualTo(plans.get(i));
      json.map(EventCodec::decodeSessionEvent).ifPresent(shown::add);
    }
    long next = 1;
    for (SessionEvent one : shown) {
      assertThat(one.firstSeq()).isEqualTo(next);
      next = one.seq() + 1;
    }
  }
}
