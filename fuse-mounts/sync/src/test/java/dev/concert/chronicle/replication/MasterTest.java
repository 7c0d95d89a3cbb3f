package dev.concert.chronicle.replication;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.concert.chronicle.content.ContentHash;
import dev.concert.chronicle.iteration.Kind;
import dev.concert.chronicle.replication.master.Master;
import dev.concert.chronicle.replication.master.MasterOptions;
import dev.concert.chronicle.replication.wire.WireChannel;
import dev.concert.chronicle.replication.wire.WireMessage;
import dev.concert.chronicle.replication.wire.WireMessage.Accepted;
import dev.concert.chronicle.replication.wire.WireMessage.Ack;
import dev.concert.chronicle.replication.wire.WireMessage.BarrierConfirmation;
import dev.concert.chronicle.replication.wire.WireMessage.BarrierRequest;
import dev.concert.chronicle.replication.wire.WireMessage.CatchupRequest;
import dev.concert.chronicle.replication.wire.WireMessage.ContentFetchRequest;
import dev.concert.chronicle.replication.wire.WireMessage.ContentFetchResponse;
import dev.concert.chronicle.replication.wire.WireMessage.ContentNotFound;
import dev.concert.chronicle.replication.wire.WireMessage.FullResyncRequired;
import dev.concert.chronicle.replication.wire.WireMessage.Heartbeat;
import dev.concert.chronicle.replication.wire.WireMessage.Notification;
import dev.concert.chronicle.replication.wire.WireMessage.Rejected;
import dev.concert.chronicle.replication.wire.WireMessage.WriteBack;
import dev.concert.chronicle.replication.wire.WireMessage.WriteBackEntry;
import dev.concert.chronicle.replication.wire.WireMessage.WriteBackResult;
import dev.concert.testing.Await;
import dev.concert.testing.log.ExpectedLog;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a master says, message by message, and what it does not put up with. */
@ExpectedLog(
    logger = "dev.concert.chronicle.replication.master.ReplicaSession",
    message = "A replica of workspace w is cut off",
    required = false)
@ExpectedLog(
    logger = "dev.concert.chronicle.replication.master.Master",
    message = "Workspace w takes no more replicas",
    required = false)
class MasterTest {
  private static final String UNKNOWN = "0".repeat(64);

  @TempDir Path folder;
  private LiveWorkspace workspace;
  private Master master;
  private Wire wire;

  @BeforeEach
  void start() {
    workspace = new LiveWorkspace(folder.resolve("w"));
    master =
        new Master(
            "w",
            workspace,
            new MasterOptions(
                Duration.ofMillis(50),
                Duration.ofSeconds(2),
                100,
                3,
                1 << 20,
                folder.resolve("staging")));
    workspace.onIterations(master::advanced);
    wire = new Wire(folder, master);
  }

  @AfterEach
  void stop() {
    wire.close();
    master.close();
    workspace.close();
  }

  private WireChannel begin(String name, long since) throws IOException {
    WireChannel channel = new WireChannel(wire.connect());
    channel.send(new CatchupRequest(name, since));
    return channel;
  }

  /** The next message of a kind; others are passed over. */
  private static <M extends WireMessage> M next(WireChannel channel, Class<M> kind)
      throws IOException {
    Optional<WireMessage> message = channel.receive();
    while (message.isPresent() && !kind.isInstance(message.get())) {
      message = channel.receive();
    }
    return kind.cast(message.orElseThrow(() -> new AssertionError("The connection ended")));
  }

  /** The same as soon as it comes, while the caller does something else. */
  private static <M extends WireMessage> CompletableFuture<M> reading(
      WireChannel channel, Class<M> kind) {
    CompletableFuture<M> found = new CompletableFuture<>();
    Thread.startVirtualThread(
        () -> {
          try {
            found.complete(next(channel, kind));
          } catch (IOException | AssertionError e) {
            found.completeExceptionally(e);
          }
        });
    return found;
  }

  @Test
  void a_new_replica_is_sent_every_file_there_is() throws IOException {
    workspace.writes("gone", "x");
    workspace.deletes("gone");
    workspace.writes("small", "hello");
    workspace.writes("large", "y".repeat(5000));
    try (WireChannel channel = begin("a", 0)) {
      assertThat(channel.receive()).contains(new FullResyncRequired("fresh", 4));
      Notification large = next(channel, Notification.class);
      Notification small = next(channel, Notification.class);
      assertThat(List.of(large.filepath(), small.filepath())).containsExactly("large", "small");
      assertThat(List.of(large.sequence(), small.sequence())).containsExactly(4L, 4L);
      assertThat(small.inlineContent().orElseThrow()).asString().isEqualTo("hello");
      assertThat(small.permissions()).isEqualTo(0100644);
      assertThat(large.inlineContent()).isEmpty();
      assertThat(channel.receive()).contains(new Heartbeat(4, 4));
    }
  }

  @Test
  void sequences_have_no_hole_and_a_rename_is_told_twice_under_one() throws IOException {
    workspace.writes("a", "1");
    workspace.writes("b", "2");
    try (WireChannel channel = begin("a", 1)) {
      assertThat(next(channel, Notification.class).sequence()).isEqualTo(2);
      workspace.renames("a", "c");
      workspace.deletes("b");
      Notification written = next(channel, Notification.class);
      Notification ended = next(channel, Notification.class);
      Notification deleted = next(channel, Notification.class);
      assertThat(written)
          .extracting("sequence", "filepath", "isDeletion")
          .containsExactly(3L, "c", false);
      assertThat(ended)
          .extracting("sequence", "filepath", "isDeletion")
          .containsExactly(3L, "a", true);
      assertThat(deleted)
          .extracting("sequence", "filepath", "isDeletion")
          .containsExactly(4L, "b", true);
    }
  }

  @Test
  void a_replica_that_knows_more_than_the_master_is_sent_everything() throws IOException {
    workspace.writes("a", "1");
    try (WireChannel channel = begin("a", 99)) {
      assertThat(channel.receive()).contains(new FullResyncRequired("ahead", 1));
    }
  }

  @Test
  void a_replica_that_misses_iterations_which_were_thinned_out_is_sent_everything()
      throws IOException {
    for (int i = 0; i < 5; i++) {
      workspace.writes("f", "v" + i);
    }
    workspace.forget(3);
    try (WireChannel channel = begin("a", 2)) {
      assertThat(channel.receive()).contains(new FullResyncRequired("thinned", 5));
      assertThat(next(channel, Notification.class).inlineContent()).isEmpty();
    }
    try (WireChannel channel = begin("b", 3)) {
      assertThat(next(channel, Notification.class).sequence()).isEqualTo(4);
    }
  }

  @Test
  void contents_are_given_that_were_told_or_are_live_and_no_others() throws IOException {
    String content = "z".repeat(5000);
    String hash = ContentHash.of(content.getBytes(StandardCharsets.UTF_8));
    workspace.writes("f", content);
    try (WireChannel told = begin("a", 0);
        WireChannel other = begin("other", 1)) {
      next(told, Notification.class);
      next(other, Heartbeat.class);
      other.send(new ContentFetchRequest(hash));
      assertThat(next(other, ContentFetchResponse.class).content()).asString().isEqualTo(content);

      workspace.deletes("f");
      next(other, Notification.class);
      other.send(new ContentFetchRequest(hash));
      assertThat(next(other, ContentNotFound.class).contentHash()).isEqualTo(hash);
      told.send(new ContentFetchRequest(hash));
      assertThat(next(told, ContentFetchResponse.class).content()).asString().isEqualTo(content);
      told.send(new Ack(2));
      told.send(new ContentFetchRequest(hash));
      assertThat(next(told, ContentNotFound.class).contentHash()).isEqualTo(hash);
    }
  }

  @Test
  void each_write_is_taken_or_rejected_by_a_reason() throws IOException {
    byte[] content = "mine".getBytes(StandardCharsets.UTF_8);
    String hash = ContentHash.of(content);
    workspace.writes("advanced", "1");
    workspace.writes("advanced", "2");
    try (WireChannel channel = begin("a", 2)) {
      channel.send(
          new WriteBack(
              "a",
              List.of(
                  new WriteBackEntry(1, "new", hash, 4, 0100644, 2),
                  new WriteBackEntry(2, "advanced", hash, 4, 0100644, 1),
                  new WriteBackEntry(3, "../x", hash, 4, 0100644, 2),
                  new WriteBackEntry(4, "dev", hash, 4, 0020666, 2),
                  new WriteBackEntry(5, "huge", hash, 1 << 21, 0100644, 2),
                  new WriteBackEntry(6, "hidden", UNKNOWN, 4, 0100644, 2),
                  new WriteBackEntry(7, "lie", "1" + UNKNOWN.substring(1), 4, 0100644, 2),
                  new WriteBackEntry(8, "never", "", 0, 0, 2))));
      assertThat(next(channel, ContentFetchRequest.class).contentHash()).isEqualTo(hash);
      channel.send(new ContentFetchResponse(hash, content, 4, Optional.empty()));
      assertThat(next(channel, ContentFetchRequest.class).contentHash()).isEqualTo(UNKNOWN);
      channel.send(new ContentNotFound(UNKNOWN));
      String lie = next(channel, ContentFetchRequest.class).contentHash();
      channel.send(new ContentFetchResponse(lie, content, 4, Optional.empty()));
      WriteBackResult result = next(channel, WriteBackResult.class);

      assertThat(result.accepted()).containsExactly(new Accepted(1, 3), new Accepted(8, 2));
      assertThat(result.rejected())
          .containsExactly(
              new Rejected(2, "conflict"),
              new Rejected(3, "path_invalid"),
              new Rejected(4, "entry_invalid"),
              new Rejected(5, "entry_invalid"),
              new Rejected(6, "content_unavailable"),
              new Rejected(7, "content_unavailable"));
      assertThat(workspace.files()).containsOnlyKeys("advanced", "new");
    }
  }

  @Test
  void a_barrier_is_confirmed_after_everything_that_was_there() throws IOException {
    workspace.writes("a", "1");
    try (WireChannel channel = begin("a", 1)) {
      next(channel, Heartbeat.class);
      workspace.writes("b", "2");
      channel.send(new BarrierRequest(2));
      assertThat(next(channel, Notification.class).filepath()).isEqualTo("b");
      assertThat(next(channel, BarrierConfirmation.class))
          .isEqualTo(new BarrierConfirmation(true, 2));
    }
  }

  @Test
  void a_replica_that_reads_nothing_is_cut_off_and_holds_up_nobody() throws IOException {
    try (WireChannel stuck = begin("stuck", 0);
        WireChannel other = begin("other", 0)) {
      Await.until(() -> master.replicas() == 2);
      CompletableFuture<BarrierConfirmation> confirmed = reading(other, BarrierConfirmation.class);
      String content = "x".repeat(4000);
      for (int i = 0; i < 90; i++) {
        workspace.writes("f" + i, Kind.FILE, 0644, (content + i).getBytes(StandardCharsets.UTF_8));
      }
      for (int i = 90; i < 1500; i++) {
        workspace.writes("f" + i % 90, content + i);
        other.send(new Ack(i));
      }
      other.send(new BarrierRequest(1500));
      assertThat(confirmed.orTimeout(60, TimeUnit.SECONDS).join().satisfied()).isTrue();
      Await.until(() -> !master.acknowledged().containsKey("stuck"));
      assertThat(stuck.waiting()).isZero();
      assertThat(master.acknowledged()).containsKey("other");
    }
  }

  @Test
  void a_silent_replica_is_cut_off() throws IOException {
    try (WireChannel silent = begin("silent", 0)) {
      Await.until(() -> master.replicas() == 1);
      Await.until(() -> master.replicas() == 0);
      assertThat(silent).isNotNull();
    }
  }

  @Test
  void a_second_replica_of_the_same_name_takes_the_place_of_the_first() throws IOException {
    try (WireChannel first = begin("a", 0)) {
      next(first, Heartbeat.class);
      try (WireChannel second = begin("a", 0)) {
        next(second, Heartbeat.class);
        Await.until(() -> master.replicas() == 1);
        assertThatThrownBy(() -> next(first, Ack.class))
            .isInstanceOfAny(AssertionError.class, IOException.class);
      }
    }
  }

  @Test
  void no_more_replicas_are_taken_than_allowed() throws IOException {
    try (WireChannel one = begin("a", 0);
        WireChannel two = begin("b", 0);
        WireChannel three = begin("c", 0)) {
      Await.until(() -> master.replicas() == 3);
      try (WireChannel four = new WireChannel(wire.connect())) {
        assertThat(four.receive()).isEmpty();
      }
      assertThat(List.of(one, two, three)).hasSize(3);
    }
  }

  static List<List<WireMessage>> hostile() {
    WireMessage hello = new CatchupRequest("a", 0);
    WriteBackEntry entry = new WriteBackEntry(1, "f", "", 0, 0, 0);
    return List.of(
        List.of(new Ack(1)),
        List.of(new CatchupRequest("", 0)),
        List.of(hello, new CatchupRequest("b", 0)),
        List.of(hello, new Heartbeat(1, 1)),
        List.of(hello, new WriteBack("b", List.of(entry))),
        List.of(hello, new WriteBack("a", java.util.Collections.nCopies(257, entry))));
  }

  @ParameterizedTest
  @MethodSource("hostile")
  void who_breaks_the_protocol_is_cut_off(List<WireMessage> messages) throws IOException {
    try (WireChannel channel = new WireChannel(wire.connect())) {
      for (WireMessage message : messages) {
        channel.send(message);
      }
      Await.until(() -> master.replicas() == 0);
      assertThat(workspace.latest()).isZero();
    }
  }

  @Test
  void garbage_ends_the_connection() throws IOException {
    try (var transport = wire.connect()) {
      Await.until(() -> master.replicas() == 1);
      transport.output().write(new byte[] {4, 0, 0, 0, 99, 0, 0, 0});
      Await.until(() -> master.replicas() == 0);
    }
  }
}
