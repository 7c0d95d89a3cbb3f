package dev.concert.platform.project;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * A real git repository of a user, and what stands for the agent: its mirror is written directly.
 */
record TestRepository(Path root, Path data) {
  private static final FirstCopy.Sink NOWHERE =
      new FirstCopy.Sink() {
        @Override
        public void symlink(String path, Path target) {}

        @Override
        public void small(String path, FileSignature file, ByteBuffer content) {}

        @Override
        public void large(String path, FileSignature file, Path copy) {}
      };

  static TestRepository in(Path folder) throws Exception {
    TestRepository made =
        new TestRepository(
            Files.createDirectory(folder.resolve("repository")).toRealPath(),
            Files.createDirectory(folder.resolve("data")));
    made.git("init", "-q", "-b", "main");
    made.write("a.txt", "one\ntwo\nthree\nfour\nfive\n").write(".gitignore", "build/\n.env\n");
    made.git("add", "-A").git("commit", "-qm", "first");
    return made;
  }

  TestRepository write(String path, String text) throws IOException {
    Files.createDirectories(root.resolve(path).getParent());
    Files.writeString(root.resolve(path), text);
    return this;
  }

  String read(String path) throws IOException {
    return Files.readString(root.resolve(path));
  }

  boolean has(String path) {
    return Files.exists(root.resolve(path), LinkOption.NOFOLLOW_LINKS);
  }

  TestRepository git(String... arguments) throws Exception {
    output(root, arguments);
    return this;
  }

  /** What git says in a folder. */
  static String output(Path folder, String... arguments) throws Exception {
    List<String> command =
        new ArrayList<>(
            List.of(
                "git",
                "-c",
                "user.name=A",
                "-c",
                "user.email=a@example.org",
                "-c",
                "protocol.file.allow=always"));
    command.addAll(List.of(arguments));
    Process git =
        new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true).start();
    String said = new String(git.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(git.waitFor()).as(said).isZero();
    return said.strip();
  }

  GitRepository repository() {
    return GitRepository.find(root).orElseThrow();
  }

  ProjectStore store() {
    return ProjectStore.of(data, root);
  }

  Path ofSession(String name) {
    return store().ofSession(name);
  }

  ProjectSession session(String name) throws IOException {
    return ProjectSession.open(ofSession(name), root);
  }

  /** Sends the user's files, as before a message; answers what the user is told. */
  List<String> enter(String session) throws IOException {
    List<String> notices = new ArrayList<>();
    ProjectSession places = session(session);
    Set<String> files = repository().files();
    if (places.isNew()) {
      places.takeAll(ProjectSession.present(files, notices::add), notices::add, NOWHERE);
      places.index().write();
    } else {
      places.take(places.userChanges(files, 0, notices::add), notices::add);
    }
    return notices;
  }

  /** The agent of a session writes a file. */
  TestRepository agentWrites(String session, String path, String text) throws IOException {
    Path file = session(session).mirror().root().resolve(path);
    Files.createDirectories(file.getParent());
    // As the sync does it: the name gets a new file.
    Files.deleteIfExists(file);
    Files.writeString(file, text);
    return this;
  }

  TestRepository agentDeletes(String session, String path) throws IOException {
    Files.delete(session(session).mirror().root().resolve(path));
    return this;
  }

  List<ProjectChange> changes(String session) throws IOException {
    ProjectSession places = session(session);
    places.index().touched().addAll(places.base().paths());
    places.index().touched().addAll(places.mirror().paths());
    return places.agentChanges(repository());
  }

  ApplyResult apply(String session) throws IOException {
    return new ChangeJournal(store().applied(), _ -> {})
        .apply(session(session), ofSession(session), changes(session));
  }
}
