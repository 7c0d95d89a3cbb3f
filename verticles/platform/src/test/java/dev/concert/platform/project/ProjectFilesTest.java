package dev.concert.platform.project;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What of a real repository an agent gets. */
class ProjectFilesTest {
  private static final String SESSION = "session";

  @TempDir private Path folder;
  private TestRepository user;

  @BeforeEach
  void makeARepository() throws Exception {
    user = TestRepository.in(folder);
  }

  private Path mirror() throws IOException {
    return user.session(SESSION).mirror().root();
  }

  @Test
  void theAgentGetsWhatIsOnDiskTrackedStagedAndUntrackedButNothingIgnored() throws Exception {
    user.write("a.txt", "edited\n").write("staged.txt", "staged\n").git("add", "staged.txt");
    user.write("new.txt", "untracked\n").write(".env", "SECRET=1\n").write("build/out", "x");
    user.write("run.sh", "#!/bin/sh\n").root().resolve("run.sh").toFile().setExecutable(true);
    Files.createSymbolicLink(user.root().resolve("inward"), Path.of("a.txt"));
    Files.createSymbolicLink(user.root().resolve("outward"), Path.of("/etc/hosts"));

    user.enter(SESSION);

    assertThat(user.session(SESSION).mirror().paths())
        .containsExactlyInAnyOrder(
            ".gitignore", "a.txt", "staged.txt", "new.txt", "run.sh", "inward", "outward");
    assertThat(mirror().resolve("a.txt")).hasContent("edited\n");
    assertThat(Files.isExecutable(mirror().resolve("run.sh"))).isTrue();
    assertThat(Files.readSymbolicLink(mirror().resolve("outward"))).hasToString("/etc/hosts");
  }

  @Test
  void anIgnoredFileComesOnlyWhereTheUserNamesIt() throws Exception {
    user.write(".env", "A=1\n").write("build/data", "x").write(".concertinclude", ".env\n");

    user.enter(SESSION);

    assertThat(user.session(SESSION).mirror().paths())
        .contains(".env")
        .doesNotContain("build/data");
  }

  @Test
  void aNestedRepositoryStaysOutAndIsNamed() throws Exception {
    Path nested = Files.createDirectory(user.root().resolve("nested"));
    TestRepository.output(nested, "init", "-q");
    Files.writeString(nested.resolve("inside"), "x");
    TestRepository.output(nested, "add", "-A");
    TestRepository.output(nested, "commit", "-qm", "x");

    assertThat(user.enter(SESSION)).anySatisfy(notice -> assertThat(notice).contains("nested/"));

    assertThat(user.session(SESSION).mirror().paths()).noneMatch(path -> path.contains("nested"));
  }

  @Test
  void theUsersEditsEnterWithTheNextMessageAndOnlyThey() throws Exception {
    user.enter(SESSION);
    user.write("a.txt", "changed\n").write("dir/new.txt", "new\n");
    Files.delete(user.root().resolve(".gitignore"));

    ProjectSession session = user.session(SESSION);
    int taken =
        session.take(
            session.userChanges(user.repository().files(), Long.MAX_VALUE, _ -> {}), _ -> {});

    assertThat(taken).isEqualTo(3);
    assertThat(mirror().resolve("a.txt")).hasContent("changed\n");
    assertThat(mirror().resolve(".gitignore")).doesNotExist();
    assertThat(user.changes(SESSION)).isEmpty();
  }

  @Test
  void whatBothChangedIsMergedOnTheWayIn() throws Exception {
    user.enter(SESSION);
    user.agentWrites(SESSION, "a.txt", "ONE\ntwo\nthree\nfour\nfive\n");
    user.write("a.txt", "one\ntwo\nthree\nfour\nFIVE\n");

    assertThat(user.enter(SESSION)).singleElement().asString().contains("a.txt", "merged");

    assertThat(mirror().resolve("a.txt")).hasContent("ONE\ntwo\nthree\nfour\nFIVE\n");
  }

  @Test
  void aFolderTakesThePlaceOfAFile() throws Exception {
    user.enter(SESSION);
    Files.delete(user.root().resolve("a.txt"));
    user.write("a.txt/inside", "x");

    user.enter(SESSION);

    assertThat(mirror().resolve("a.txt/inside")).hasContent("x");
  }

  @Test
  void theWorkspaceHasARepositoryOfItsOwnWithoutTheUsersConfiguration() throws Exception {
    user.write("staged.txt", "s\n")
        .git("add", "staged.txt")
        .git("branch", "other")
        .git("tag", "v1");
    user.git("remote", "add", "origin", "https://token:secret@example.org/x.git");
    Path hook = user.root().resolve(".git/hooks/post-checkout");
    Files.createDirectories(hook.getParent());
    Files.writeString(hook, "#!/bin/sh\n");

    Path made = gitOf(user.repository());

    assertThat(TestRepository.output(made, "rev-parse", "HEAD", "other", "v1"))
        .isEqualTo(TestRepository.output(user.root(), "rev-parse", "HEAD", "other", "v1"));
    assertThat(TestRepository.output(made, "symbolic-ref", "HEAD")).isEqualTo("refs/heads/main");
    assertThat(TestRepository.output(made, "diff", "--cached", "--name-only"))
        .isEqualTo("staged.txt");
    assertThat(TestRepository.output(made, "fsck", "--full")).doesNotContain("missing");
    assertThat(made.resolve(".git/hooks")).doesNotExist();
    assertThat(made.resolve(".git/config")).content().doesNotContain("secret", "remote");
  }

  private Path gitOf(GitRepository repository) throws IOException {
    return sent(new WorkspaceGit(repository), "workspace");
  }

  /** The files that a workspace gets, in a folder of their own. */
  private Path sent(WorkspaceGit git, String name) throws IOException {
    Path made = Files.createDirectories(folder.resolve(name + "-made"));
    Path workspace = folder.resolve(name);
    git.create(made);
    for (Map.Entry<String, Path> file : git.files(made, new HashSet<>()).entrySet()) {
      Path target = workspace.resolve(file.getKey());
      Files.createDirectories(target.getParent());
      Files.copy(file.getValue(), target, StandardCopyOption.REPLACE_EXISTING);
    }
    return workspace;
  }

  @Test
  void worktreesDetachedHeadsAndShallowClonesWork() throws Exception {
    user.write("b.txt", "b\n").git("add", "-A").git("commit", "-qm", "second");
    Path tree = folder.resolve("worktree");
    user.git("worktree", "add", "-q", tree.toString(), "-b", "side");
    Path shallow = folder.resolve("shallow");
    user.git("clone", "-q", "--depth=1", "file://" + user.root(), shallow.toString());
    TestRepository.output(shallow, "checkout", "-q", "--detach");
    for (Path place : new Path[] {tree, shallow}) {
      GitRepository repository = GitRepository.find(place).orElseThrow();
      repository.check();
      Path made = sent(new WorkspaceGit(repository), place.getFileName() + "-sent");

      assertThat(repository.files()).contains("a.txt", "b.txt").doesNotContain(".git");
      assertThat(TestRepository.output(made, "rev-parse", "--abbrev-ref", "HEAD"))
          .isEqualTo(TestRepository.output(place, "rev-parse", "--abbrev-ref", "HEAD"));
      assertThat(TestRepository.output(made, "log", "--format=%s"))
          .isEqualTo(TestRepository.output(place, "log", "--format=%s"));
    }
  }

  static Stream<Arguments> refused() {
    return Stream.of(
        Arguments.of("submodule", "submodules"),
        Arguments.of("sparse", "sparse"),
        Arguments.of("partial", "partial"),
        Arguments.of("lfs", "LFS"));
  }

  @ParameterizedTest
  @MethodSource("refused")
  void whatAnAgentWouldGetWrongIsRefusedByName(String kind, String word) throws Exception {
    switch (kind) {
      case "submodule" -> user.git("submodule", "add", "-q", user.root().toString(), "sub");
      case "sparse" -> user.git("sparse-checkout", "set", "nothing");
      case "partial" -> user.git("config", "remote.origin.promisor", "true");
      default -> user.write(".gitattributes", "*.txt filter=lfs\n").git("add", "-A");
    }

    assertThatThrownBy(user.repository()::check)
        .isInstanceOf(ProjectException.class)
        .hasMessageContaining(word)
        .hasMessageContaining("--no-dir");
  }

  @Test
  void onlyTheIndexTheHeadAndTheBranchesMakeAnotherFingerprint() throws Exception {
    String before = new WorkspaceGit(user.repository()).fingerprint();
    user.write("new.txt", "x");
    assertThat(new WorkspaceGit(user.repository()).fingerprint()).isEqualTo(before);

    user.git("add", "-A");
    assertThat(new WorkspaceGit(user.repository()).fingerprint()).isNotEqualTo(before);
  }

  @Test
  void theMirrorTakesNothingOfAnyGitFolderAndNothingThatTheProjectIgnores() throws Exception {
    user.enter(SESSION);
    MirrorRules rules = user.session(SESSION).rules();

    assertThat(Set.of(".git/config", "sub/.git/hooks/x", "sub/.GIT/config", "build/out", ".env"))
        .allMatch(path -> rules.ignores(path, false));
    assertThat(Set.of("a.txt", "new/file", ".gitignore"))
        .noneMatch(path -> rules.ignores(path, false));
  }

  @Test
  void aFolderOutsideOfAnyRepositoryIsNoProject() {
    assertThat(GitRepository.find(user.data())).isEmpty();
    assertThat(Files.exists(user.data(), LinkOption.NOFOLLOW_LINKS)).isTrue();
  }
}
