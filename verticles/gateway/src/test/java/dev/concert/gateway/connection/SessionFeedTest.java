package dev.concert.gateway.connection;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concert.gateway.dispatch.RecordingClient;
import dev.concert.protocol.EventCodec;
import dev.concert.protocol.ServerEvent;
import dev.concert.protocol.SessionEvent;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What a client that joined a session gets, where one of the events answers its request. */
class SessionFeedTest {
  private final RecordingClient client = new RecordingClient(Optional.of(RecordingClient.OWNER));
  private final SessionFeed feed = new SessionFeed(client, null, 1);

  @Test
  void aReplyCoversTheEventsBeforeItThatTheClientsProtocolDoesNotHave() {
    feed.reply(Optional.of("mine"), text(4));
    feed.event(text(4), "{}");

    assertThat(client.frames).hasSize(1);
    assertThat(client.frames.getFirst()).contains("\"requestId\":\"mine\"");
    SessionEvent shown = EventCodec.decodeSessionEvent(client.frames.getFirst());
    assertThat(shown.firstSeq()).isEqualTo(2);
    assertThat(shown.seq()).isEqualTo(4);
  }

  @Test
  void aReplyRightAfterTheLastEventIsTheEventAsItIs() {
    feed.reply(Optional.of("mine"), text(2));
    feed.event(text(2), "{}");

    assertThat(EventCodec.decodeSessionEvent(client.frames.getFirst())).isEqualTo(text(2));
  }

  @Test
  void aReplyWhoseEventWasSentBeforeIsSentAtOnce() {
    feed.event(text(2), "{\"seen\":true}");
    feed.reply(Optional.of("late"), text(2));

    assertThat(client.frames).hasSize(2);
    assertThat(client.frames.getLast()).contains("\"requestId\":\"late\"");
  }

  @Test
  void anEventThatAnswersTwoRequestsIsSentToEachOfThem() {
    feed.reply(Optional.of("one"), text(2));
    feed.reply(Optional.of("two"), text(2));
    feed.event(text(2), "{}");

    assertThat(client.frames)
        .satisfiesExactly(
            frame -> assertThat(frame).contains("\"requestId\":\"one\""),
            frame -> assertThat(frame).contains("\"requestId\":\"two\""));
  }

  private static SessionEvent text(long seq) {
    return new SessionEvent("s", seq, 1, "t", new ServerEvent.TextDelta("a"));
  }
}
