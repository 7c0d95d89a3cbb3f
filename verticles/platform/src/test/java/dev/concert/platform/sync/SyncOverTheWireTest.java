package dev.concert.platform.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.concert.chronicle.content.ContentHash;
import dev.concert.chronicle.replication.transport.WebSocketTransport;
import dev.concert.chronicle.replication.wire.WireChannel;
import dev.concert.chronicle.replication.wire.WireMessage;
import dev.concert.chronicle.replication.wire.WireMessage.CatchupRequest;
import dev.concert.chronicle.replication.wire.WireMessage.ContentFetchRequest;
import dev.concert.chronicle.replication.wire.WireMessage.ContentFetchResponse;
import dev.concert.chronicle.replication.wire.WireMessage.Heartbeat;
import dev.concert.chronicle.replication.wire.WireMessage.Notification;
import dev.concert.chronicle.replication.wire.WireMessage.WriteBack;
import dev.concert.chronicle.replication.wire.WireMessage.WriteBackEntry;
import dev.concert.chronicle.replication.wire.WireMessage.WriteBackResult;
import dev.concert.platform.harness.RunningPlatform;
import dev.concert.platform.harness.TestClient;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A replica that speaks the protocol message by message, through the gateway to a real mount. */
class SyncOverTheWireTest {
  @RegisterExtension static final RunningPlatform PLATFORM = new RunningPlatform();

  private static WireChannel connect(String session) throws IOException {
    String url = PLATFORM.url().replaceFirst("^http", "ws") + "/sync?session=" + session;
    return new WireChannel(WebSocketTransport.connect(URI.create(url), Map.of()));
  }

  private static <M extends WireMessage> M next(WireChannel channel, Class<M> kind)
      throws IOException {
    Optional<WireMessage> message = channel.receive();
    while (message.isPresent() && !kind.isInstance(message.get())) {
      message = channel.receive();
    }
    return kind.cast(message.orElseThrow(() -> new AssertionError("The connection ended")));
  }

  @Test
  void whatTheAgentWritesIsToldAndWhatTheReplicaWritesTheAgentReads() throws IOException {
    TestClient client = TestClient.echo(PLATFORM.connect());
    client.run("!write notes.txt of the agent");
    try (WireChannel channel = connect(client.sessionId())) {
      channel.send(new CatchupRequest("laptop", 0));
      Notification told = next(channel, Notification.class);
      assertThat(told.filepath()).isEqualTo("notes.txt");
      assertThat(told.inlineContent().orElseThrow()).asString().isEqualTo("of the agent");
      long seen = next(channel, Heartbeat.class).agentSequence();

      byte[] content = "of the laptop".getBytes(StandardCharsets.UTF_8);
      String hash = ContentHash.of(content);
      WriteBackEntry entry =
          new WriteBackEntry(1, "notes.txt", hash, content.length, 0100644, seen);
      channel.send(new WriteBack("laptop", List.of(entry)));
      assertThat(next(channel, ContentFetchRequest.class).contentHash()).isEqualTo(hash);
      channel.send(new ContentFetchResponse(hash, content, content.length, Optional.empty()));
      WriteBackResult result = next(channel, WriteBackResult.class);
      assertThat(result.rejected()).isEmpty();
      assertThat(result.accepted().getFirst().masterIteration()).isGreaterThan(seen);

      JsonNode turn = client.run("!read notes.txt");
      assertThat(turn.toString()).contains("of the laptop");
      JsonNode now = client.ask("read_file", Map.of("path", "notes.txt"));
      assertThat(now.path("content").asText()).isEqualTo("of the laptop");
      assertThat(now.path("iteration").asLong()).isEqualTo(2);
    }
  }

  @Test
  void aSessionThatDoesNotExistIsRefusedWithItsStatus() {
    assertThatThrownBy(() -> connect("nowhere"))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("404");
  }
}
