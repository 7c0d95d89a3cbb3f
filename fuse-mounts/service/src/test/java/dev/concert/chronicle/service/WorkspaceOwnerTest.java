package dev.concert.chronicle.service;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concert.bus.Addresses;
import dev.concert.chronicle.workspace.ChronicleOptions;
import dev.concert.testing.RequiresFuse;
import dev.concert.testing.RequiresRoot;
import dev.concert.testing.Shell;
import dev.concert.workspace.SnapshotMessages.CreateSnapshot;
import dev.concert.workspace.SnapshotMessages.RestoreWorkspace;
import dev.concert.workspace.WorkspaceMessages.Mount;
import dev.concert.workspace.WorkspaceMessages.RestoreFile;
import dev.concert.workspace.WorkspaceMessages.WriteFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The files of a workspace whose agent is a user of its own. */
@RequiresRoot("is another user for an agent")
@RequiresFuse
class WorkspaceOwnerTest {
  private static final int AGENT = 1_900_000_123;
  private static final int ANOTHER = 1_900_000_124;

  /** As earlier builds left it: all of it is root's. */
  private static final String OLD =
      """
      mkdir -p a/b; chmod 700 a a/b; echo 1 > a/b/f; chmod 600 a/b/f; ln -s f a/b/l; ln a/b/f hard
      cp /bin/true set-id; chmod 6755 set-id; mkdir -m 2755 shared; mkfifo pipe; echo x > 'ä name'
      """;

  private static final String OWNERS =
      "find . -path ./.chronicle -prune -o -printf '%U:%G\n' | sort -u";

  @TempDir Path home;

  private static Shell mount(Chronicle chronicle, int owner) {
    return new Shell(
        chronicle.place(chronicle.ask(Addresses.MOUNT_WORKSPACE, new Mount("w", owner))));
  }

  /** The folder is open already: its path leads through folders that only root may enter. */
  private static String asAgent(Shell workspace, String script) {
    return workspace.run(
        "setpriv --reuid %1$d --regid %1$d --clear-groups --bounding-set=-all sh -ec '%2$s'"
            .formatted(AGENT, script));
  }

  private static void upload(Chronicle chronicle, String path) {
    byte[] bytes = "uploaded\n".getBytes(StandardCharsets.UTF_8);
    chronicle.ask(
        Addresses.WRITE_FILE, new WriteFile("w", path, Base64.getEncoder().encodeToString(bytes)));
  }

  private static void assertAllBelongTo(Shell workspace, int owner) {
    assertThat(workspace.run(OWNERS)).isEqualTo(owner + ":" + owner);
  }

  @ParameterizedTest
  @EnumSource(
      value = ChronicleOptions.Binding.class,
      names = {"KERNEL", "JNR_FUSE"})
  void anAgentUsesEveryFileWhoeverWroteIt(ChronicleOptions.Binding binding) {
    try (Chronicle chronicle = Chronicle.fuse(home, binding)) {
      new Shell(chronicle.mount("w")).run(OLD);
      chronicle.unmount("w");
      Shell workspace = mount(chronicle, AGENT);
      assertAllBelongTo(workspace, AGENT);
      asAgent(
          workspace,
          "echo 2 >> a/b/f; cat a/b/l; rm a/b/l; mkdir mine; echo 1 > mine/f; >shared/s");
      assertAllBelongTo(workspace, AGENT);

      upload(chronicle, "up/loaded/f");
      upload(chronicle, "a/b/g");
      chronicle.ask(Addresses.RESTORE_FILE, new RestoreFile("w", "a/b/l", 1));
      workspace.run("mkdir by-root; echo 1 > by-root/f; ln -s f by-root/l");
      assertAllBelongTo(workspace, AGENT);
      asAgent(
          workspace,
          "for f in up/loaded/f a/b/g by-root/f; do echo 2 >> $f; done; rm -r up by-root");
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = ChronicleOptions.Binding.class,
      names = {"KERNEL", "JNR_FUSE"})
  void aNewOwnerMakesNoIterationAndChangesNoPermission(ChronicleOptions.Binding binding) {
    String look = "find . -path ./.chronicle -prune -o -printf '%P %y %m %T@\n' | sort";
    try (Chronicle chronicle = Chronicle.fuse(home, binding)) {
      Shell before = new Shell(chronicle.mount("w"));
      before.run(OLD);
      String was = before.run(look);
      long last = chronicle.changes("w", 0).latest();
      chronicle.unmount("w");
      for (int owner : new int[] {AGENT, ANOTHER, AGENT}) {
        Shell workspace = mount(chronicle, owner);
        assertAllBelongTo(workspace, owner);
        assertThat(workspace.run(look)).isEqualTo(was);
        assertThat(chronicle.changes("w", last).changes()).isEmpty();
        chronicle.unmount("w");
      }
    }
  }

  @Test
  void aRestoredSnapshotBelongsToTheAgentMountedOrNot() {
    try (Chronicle chronicle = Chronicle.fuse(home)) {
      Shell workspace = mount(chronicle, AGENT);
      asAgent(workspace, "mkdir -p d/e; echo 1 > d/e/f; ln -s f d/e/l");
      chronicle.ask(Addresses.CREATE_SNAPSHOT, new CreateSnapshot("w", "before"));
      for (boolean mounted : List.of(true, false)) {
        asAgent(workspace, "rm -r d; echo 1 > d");
        if (!mounted) {
          chronicle.unmount("w");
        }
        chronicle.ask(Addresses.RESTORE_WORKSPACE, new RestoreWorkspace("w", "before"));
        workspace = mount(chronicle, AGENT);
        assertAllBelongTo(workspace, AGENT);
      }
    }
  }

  @Test
  void whatComesWhileNoAgentIsThereIsTheAgentsToo() {
    try (Chronicle chronicle = Chronicle.fuse(home)) {
      mount(chronicle, AGENT);
      chronicle.unmount("w");
      upload(chronicle, "late/f");
      Shell tree = new Shell(home.resolve("instances/w/chronicle/tree"));
      assertAllBelongTo(tree, AGENT);
      asAgent(mount(chronicle, AGENT), "echo 2 >> late/f; rm late/f; rmdir late");
    }
  }

  @Test
  void withoutAMountTheFolderIsTheAgents() {
    try (Chronicle chronicle =
        Chronicle.with(home, ChronicleOptions.Mode.FOLDER, new MissingBinding(""))) {
      new Shell(chronicle.mount("w")).run(OLD);
      chronicle.unmount("w");
      Shell workspace = mount(chronicle, AGENT);
      upload(chronicle, "up/f");
      assertAllBelongTo(workspace, AGENT);
      asAgent(workspace, "echo 2 >> a/b/f; echo 2 >> up/f");
    }
  }

  @Test
  void aTreeThatWasGivenHalfIsGivenWhole() {
    try (Chronicle chronicle = Chronicle.fuse(home)) {
      new Shell(chronicle.mount("w")).run(OLD);
      chronicle.unmount("w");
      new Shell(home.resolve("instances/w/chronicle/tree"))
          .run("chown -R %1$d:%1$d a".formatted(AGENT));

      assertAllBelongTo(mount(chronicle, AGENT), AGENT);
    }
  }
}
