package dev.concert.platform.project;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Optional;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an agent commits, in a repository that may be hostile. */
class AgentCommitsTest {
  private static final String BRANCH = "concert/session";

  @TempDir private Path folder;
  private TestRepository user;
  private Path workspace;

  @BeforeEach
  void makeTheRepositories() throws Exception {
    user = TestRepository.in(folder);
    workspace = folder.resolve("workspace");
    user.git("clone", "-q", user.root().toString(), workspace.toString());
  }

  private Optional<String> fetch() throws IOException {
    return new AgentCommits(user.repository(), this::read, folder.resolve("quarantine"))
        .fetch(BRANCH);
  }

  private void read(Collection<String> paths, WorkspaceTransfer.Reader into) {
    for (String path : paths) {
      Path file = workspace.resolve(path);
      try {
        if (Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
          into.read(new TarArchiveEntry(path, true), Files.newInputStream(file));
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private void agentCommits(String path, String text) throws Exception {
    Files.createDirectories(workspace.resolve(path).getParent());
    Files.writeString(workspace.resolve(path), text);
    TestRepository.output(workspace, "add", "-A");
    TestRepository.output(workspace, "commit", "-qm", "by the agent: " + path);
  }

  @Test
  void theAgentsCommitsBecomeABranchThatNobodyChecksOut() throws Exception {
    agentCommits("deep/er/new.txt", "one\n");
    agentCommits("a.txt", "two\n");

    assertThat(fetch()).contains(BRANCH);

    assertThat(TestRepository.output(user.root(), "log", "--format=%s", "main.." + BRANCH))
        .isEqualTo("by the agent: a.txt\nby the agent: deep/er/new.txt");
    assertThat(TestRepository.output(user.root(), "show", BRANCH + ":deep/er/new.txt"))
        .isEqualTo("one");
    assertThat(TestRepository.output(user.root(), "symbolic-ref", "HEAD"))
        .isEqualTo("refs/heads/main");
    assertThat(user.has("deep")).isFalse();
    assertThat(folder.resolve("quarantine")).doesNotExist();

    assertThat(fetch()).isEmpty();
    agentCommits("b.txt", "three\n");
    assertThat(fetch()).contains(BRANCH);
  }

  @Test
  void aBranchThatWentAnotherWayStays() throws Exception {
    agentCommits("a.txt", "two\n");
    fetch();
    TestRepository.output(workspace, "commit", "-q", "--amend", "-m", "again");
    String before = TestRepository.output(user.root(), "rev-parse", BRANCH);

    assertThat(fetch().orElseThrow()).startsWith(BRANCH + "-");

    assertThat(TestRepository.output(user.root(), "rev-parse", BRANCH)).isEqualTo(before);
  }

  @Test
  void aHostileRepositoryRunsNothingAndItsBrokenObjectsAreRefused() throws Exception {
    Path ran = folder.resolve("ran");
    for (String key : new String[] {"core.fsmonitor", "core.sshCommand", "filter.x.clean"}) {
      TestRepository.output(workspace, "config", key, "touch " + ran + "; false");
    }
    Path hook = workspace.resolve(".git/hooks/reference-transaction");
    Files.createDirectories(hook.getParent());
    Files.writeString(hook, "#!/bin/sh\ntouch " + ran + "\n");
    hook.toFile().setExecutable(true);
    Path usersHook = user.root().resolve(".git/hooks/reference-transaction");
    Files.createDirectories(usersHook.getParent());
    Files.copy(hook, usersHook);
    usersHook.toFile().setExecutable(true);
    Files.writeString(workspace.resolve("a.txt"), "hostile\n");
    TestRepository.output(
        workspace,
        "-c",
        "core.fsmonitor=false",
        "-c",
        "core.hooksPath=/dev/null",
        "commit",
        "-qam",
        "x");

    assertThat(fetch()).contains(BRANCH);
    assertThat(ran).doesNotExist();

    String commit =
        TestRepository.output(workspace, "-c", "core.fsmonitor=false", "rev-parse", "HEAD");
    String other = commit.substring(0, 39) + (commit.endsWith("0") ? "1" : "0");
    Path fake = workspace.resolve(".git").resolve(LooseObject.path(other));
    Files.copy(workspace.resolve(".git").resolve(LooseObject.path(commit)), fake);
    Files.writeString(workspace.resolve(".git/refs/heads/main"), other + "\n");
    assertThatThrownBy(this::fetch).hasMessageContaining("another hash");

    Files.writeString(workspace.resolve(".git/HEAD"), "ref: refs/heads/../../../etc/passwd\n");
    assertThat(fetch()).isEmpty();
  }
}
