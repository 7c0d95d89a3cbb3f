package dev.concert.chronicle.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.concert.bus.Addresses;
import dev.concert.chronicle.iteration.Kind;
import dev.concert.chronicle.replication.conflict.Conflict;
import dev.concert.chronicle.replication.conflict.Resolution;
import dev.concert.chronicle.replication.replica.Connector;
import dev.concert.chronicle.replication.replica.Replica;
import dev.concert.chronicle.replication.replica.ReplicaListener;
import dev.concert.chronicle.replication.replica.ReplicaOptions;
import dev.concert.chronicle.replication.transport.UnixTransport;
import dev.concert.chronicle.replication.transport.WebSocketTransport;
import dev.concert.chronicle.replication.wire.Transport;
import dev.concert.chronicle.versioning.LargeFileRule;
import dev.concert.chronicle.versioning.VersioningPolicy;
import dev.concert.testing.RequiresFuse;
import dev.concert.workspace.WorkspaceMessages.OpenSync;
import dev.concert.workspace.WorkspaceMessages.SyncOpened;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Replicas of real workspaces, by each way in. */
@EnabledOnOs(value = OS.LINUX, disabledReason = "write-back is made of Linux system calls")
@RequiresFuse
class SyncTest {
  @TempDir Path home;
  private Chronicle chronicle;

  enum Way {
    UNIX_SOCKET,
    WEB_SOCKET
  }

  @BeforeEach
  void start() {
    chronicle = Chronicle.fuse(home);
  }

  @AfterEach
  void stop() {
    chronicle.close();
  }

  private final class Site implements ReplicaListener, AutoCloseable {
    final MemoryFiles files = new MemoryFiles();
    final List<Conflict> conflicts = new CopyOnWriteArrayList<>();
    private final Replica replica;

    Site(String name, Connector connector) {
      replica =
          Replica.open(
              ReplicaOptions.of(name, home.resolve("state-" + name)), files, connector, this);
    }

    @Override
    public Resolution conflict(Conflict conflict) {
      conflicts.add(conflict);
      return Resolution.KEEP_BOTH;
    }

    void settles() throws Exception {
      replica.rescan();
      replica.settle().get(3, TimeUnit.MINUTES);
    }

    @Override
    public void close() {
      replica.close();
    }
  }

  private Connector connector(Way way, String id) {
    return () ->
        switch (way) {
          case UNIX_SOCKET -> UnixTransport.connect(socket(id));
          case WEB_SOCKET -> webSocket(chronicle.ask(Addresses.OPEN_SYNC, new OpenSync(id)));
        };
  }

  private Path socket(String id) {
    return home.resolve("instances").resolve(id).resolve("chronicle").resolve("chronicle.sock");
  }

  private static Transport webSocket(SyncOpened opened) throws IOException {
    URI uri = URI.create("ws://" + "127.0.0.1" + ":" + opened.port() + opened.path());
    return WebSocketTransport.connect(uri, Map.of("Authorization", "Bearer " + opened.token()));
  }

  @Test
  void whatIsNotVersionedAndWhatIsKnownByItsChunksTravelsToo() throws Exception {
    Path mount = chronicle.mount("w");
    Files.createDirectory(mount.resolve("target"));
    byte[] large = new byte[17 << 20];
    new Random(8).nextBytes(large);
    Files.write(mount.resolve("large"), large);
    try (Site site = new Site("a", connector(Way.UNIX_SOCKET, "w"))) {
      for (String text : new String[] {"one", "two", "three"}) {
        Files.writeString(mount.resolve("target/a"), text);
        site.settles();
        assertThat(site.files.text("target/a")).isEqualTo(text);
      }
      assertThat(site.files.find("large").orElseThrow().signature().size()).isEqualTo(large.length);
      // A slow machine has a version from before the last byte, too.
      int versions = chronicle.history("w", "large").size();
      site.files.writes("target/a", "from elsewhere");
      large[0]++;
      site.files.writes("large", Kind.FILE, 0644, large);
      site.settles();

      assertThat(Files.readString(mount.resolve("target/a"))).isEqualTo("from elsewhere");
      assertThat(mount.resolve("large")).hasBinaryContent(large);
      assertThat(chronicle.history("w", "target/a")).hasSize(1);
      assertThat(chronicle.history("w", "large")).hasSize(versions + 1);
    }
  }

  @Test
  void aReplicaDoesNotReplaceAVersionThatWasNotKept() throws Exception {
    chronicle.close();
    LargeFileRule seldom = new LargeFileRule("*", 100_000, Optional.of(Duration.ofMinutes(10)));
    chronicle = Chronicle.versioning(home, new VersioningPolicy(List.of(), List.of(seldom)));
    Path mount = chronicle.mount("w");
    Random random = new Random(9);
    byte[] bytes = new byte[200_000];
    random.nextBytes(bytes);
    Files.write(mount.resolve("a"), bytes);
    try (Site site = new Site("a", connector(Way.UNIX_SOCKET, "w"))) {
      site.settles();
      byte[] agents = new byte[210_000];
      random.nextBytes(agents);
      Files.write(mount.resolve("a"), agents);
      assertThat(chronicle.history("w", "a")).hasSize(1);

      site.files.writes("a", "from elsewhere");
      site.settles();

      assertThat(mount.resolve("a")).hasBinaryContent(agents);
      assertThat(site.conflicts).extracting(Conflict::path).containsExactly("a");
    }
  }

  @ParameterizedTest
  @EnumSource
  void files_travel_both_ways_between_a_mount_and_a_replica(Way way) throws Exception {
    Path mount = chronicle.mount("w");
    Files.createDirectory(mount.resolve("d"));
    Files.writeString(mount.resolve("d/agent"), "of the agent");
    Files.writeString(mount.resolve("old"), "old");
    byte[] large = new byte[3_000_000];
    new Random(7).nextBytes(large);
    Files.write(mount.resolve("large"), large);
    try (Site site = new Site("a", connector(way, "w"))) {
      site.settles();
      assertThat(site.files.text("d/agent")).isEqualTo("of the agent");
      assertThat(site.files.find("large").orElseThrow().signature().size()).isEqualTo(large.length);

      // What was read before is in the kernel's cache; what was written must be seen at once.
      assertThat(Files.readString(mount.resolve("old"))).isEqualTo("old");
      site.files.writes("old", "newer than old");
      site.files.writes("e/f/new", Kind.FILE, 0750, large);
      site.files.writes("link", Kind.SYMLINK, 0777, "old".getBytes());
      site.files.deletes("d/agent");
      site.settles();

      assertThat(Files.readString(mount.resolve("old"))).isEqualTo("newer than old");
      assertThat(mount.resolve("e/f/new")).hasBinaryContent(large);
      assertThat(
              PosixFilePermissions.toString(
                  Files.getPosixFilePermissions(mount.resolve("e/f/new"))))
          .isEqualTo("rwxr-x---");
      assertThat(Files.readSymbolicLink(mount.resolve("link"))).isEqualTo(Path.of("old"));
      assertThat(mount.resolve("d")).isEmptyDirectory();
      assertThat(chronicle.history("w", "old")).hasSize(2);

      Files.writeString(mount.resolve("old"), "agent again");
      site.settles();
      assertThat(site.files.text("old")).isEqualTo("agent again");
    }
  }

  @Test
  void a_workspace_that_nobody_uses_has_replicas_too() throws Exception {
    try (Site site = new Site("a", connector(Way.WEB_SOCKET, "quiet"))) {
      site.files.writes("d/mine", "before any agent");
      site.settles();
      assertThat(chronicle.history("quiet", "d/mine")).hasSize(1);

      Path mount = chronicle.mount("quiet");
      assertThat(Files.readString(mount.resolve("d/mine"))).isEqualTo("before any agent");
      Files.writeString(mount.resolve("agent"), "now");
      site.settles();
      assertThat(site.files.text("agent")).isEqualTo("now");

      chronicle.unmount("quiet");
      site.files.deletes("d/mine");
      site.settles();
      assertThat(home.resolve("instances/quiet/chronicle/tree/d")).isEmptyDirectory();
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void empty_folders_travel_both_ways(boolean mounted) throws Exception {
    Path mount = chronicle.mount("w");
    Path tree = home.resolve("instances/w/chronicle/tree");
    Files.createDirectories(mount.resolve("of/agent"));
    Files.createDirectory(mount.resolve("d"));
    Files.writeString(mount.resolve("d/last"), "1");
    if (!mounted) {
      chronicle.unmount("w");
    }
    try (Site site = new Site("a", connector(Way.WEB_SOCKET, "w"))) {
      site.settles();
      assertThat(site.files.folders().empty()).containsOnlyKeys("of/agent");

      site.files.folders().make("of/user", 0750);
      site.files.deletes("d/last");
      site.files.removes("of/agent");
      site.settles();

      assertThat(tree.resolve("of/agent")).doesNotExist();
      assertThat(tree.resolve("d")).isEmptyDirectory();
      assertThat(
              PosixFilePermissions.toString(Files.getPosixFilePermissions(tree.resolve("of/user"))))
          .isEqualTo("rwxr-x---");
      if (mounted) {
        assertThat(mount.resolve("of/user")).isEmptyDirectory();
        Files.delete(mount.resolve("of/user"));
        site.settles();
        assertThat(site.files.folders().exists("of/user")).isFalse();
      }
    }
  }

  @Test
  void a_replica_cannot_write_through_a_symlink_out_of_the_workspace() throws Exception {
    Path outside = Files.createDirectory(home.resolve("outside"));
    Path mount = chronicle.mount("w");
    Files.createSymbolicLink(mount.resolve("way"), outside);
    Files.createSymbolicLink(mount.resolve("file"), outside.resolve("secret"));
    Files.writeString(outside.resolve("secret"), "untouched");
    try (Site site = new Site("a", connector(Way.UNIX_SOCKET, "w"))) {
      site.settles();
      site.files.deletes("way");
      site.files.writes("way/x", "escaped");
      site.files.writes("file", "not through the link");
      site.settles();
    }
    assertThat(outside).isDirectoryContaining(file -> file.endsWith("secret"));
    assertThat(outside.toFile().list()).containsExactly("secret");
    assertThat(outside.resolve("secret")).hasContent("untouched");
    assertThat(mount.resolve("file")).hasContent("not through the link");
  }

  @Test
  void only_the_owner_may_connect_to_the_socket_and_it_goes_with_the_mount() throws Exception {
    chronicle.mount("w");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(socket("w"))))
        .isEqualTo("rw-------");
    chronicle.unmount("w");
    assertThat(socket("w")).doesNotExist();
  }

  @Test
  void a_workspace_with_a_long_path_has_its_replicas_too() throws Exception {
    chronicle.close();
    home = Files.createDirectories(home.resolve("l".repeat(80)).resolve("o".repeat(80)));
    chronicle = Chronicle.fuse(home);
    Path mount = chronicle.mount("w");
    Files.writeString(mount.resolve("agent"), "of the agent");
    try (Site site = new Site("a", connector(Way.UNIX_SOCKET, "w"))) {
      site.files.writes("user", "of the user");
      site.settles();
      assertThat(site.files.text("agent")).isEqualTo("of the agent");
      assertThat(mount.resolve("user")).hasContent("of the user");
    }
    assertThat(socket("w")).exists();
  }

  @Test
  void a_token_opens_one_connection_only() throws Exception {
    SyncOpened opened = chronicle.ask(Addresses.OPEN_SYNC, new OpenSync("w"));
    assertThat(opened.toString()).doesNotContain(opened.token());
    webSocket(opened).close();
    assertThatThrownBy(() -> webSocket(opened))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("401");
    SyncOpened wrong = new SyncOpened("127.0.0.1", opened.port(), opened.path(), "guess");
    assertThatThrownBy(() -> webSocket(wrong)).hasMessageContaining("401");
  }

  @Test
  void a_replica_survives_the_end_of_the_server() throws Exception {
    chronicle.mount("w");
    Connector later = connector(Way.WEB_SOCKET, "w");
    try (Site site = new Site("a", () -> later.connect())) {
      site.files.writes("f", "1");
      site.settles();
      chronicle.close();
      site.files.writes("f", "2");
      site.replica.changed(List.of("f"));
      chronicle = Chronicle.fuse(home);
      site.settles();
      assertThat(chronicle.read("w", "f").content()).isEqualTo("2");
    }
  }
}
