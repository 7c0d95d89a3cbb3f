package dev.concert.platform.project;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What an agent committed, as a branch of the user's repository. Its objects are fetched one by one
 * as plain files and checked here; git sees them only in a repository that no agent can write, from
 * which a bundle goes to the user's. Nothing is checked out. Blocking.
 *
 * @param source of files of the workspace
 * @param folder of its own, which is deleted afterwards
 */
record AgentCommits(GitRepository user, Source source, Path folder) {
  private static final int MOST_OBJECTS = 50_000;
  private static final long MOST_BYTES = 512L * 1024 * 1024;
  private static final int LONGEST_TEXT = 4 * 1024 * 1024;
  private static final Pattern OBJECT = Pattern.compile("[0-9a-f]{40}|[0-9a-f]{64}");
  private static final Pattern BRANCH =
      Pattern.compile("refs/heads/[A-Za-z0-9_][A-Za-z0-9._/+@-]*");
  private static final String REF = "ref: ";
  private static final String MADE = "refs/heads/agent";
  private static final int SHORT = 8;

  /** Reads files of a workspace as they are; what is not there is left out. */
  @FunctionalInterface
  interface Source {
    void fetch(Collection<String> paths, WorkspaceTransfer.Reader into);
  }

  /**
   * Brings the commits in.
   *
   * @param name of the branch that they get, without {@code refs/heads/}
   * @return the branch that has them now; empty where there are none that the user has not
   * @throws ProjectException where they cannot be read
   */
  Optional<String> fetch(String name) throws IOException {
    Optional<String> head = head();
    if (head.isEmpty() || missing(Set.of(head.get())).isEmpty()) {
      return Optional.empty();
    }
    WorkspaceGit.deleteAll(folder);
    try {
      GitCommand git = new GitCommand(Files.createDirectories(folder), true);
      git.run("init", "-q", "--bare", "--template=", "--object-format=" + user.objectFormat());
      collect(head.get());
      Files.writeString(
          Files.createDirectories(folder.resolve("objects").resolve("info")).resolve("alternates"),
          user.commonFolder().resolve("objects") + "\n");
      git.run("update-ref", MADE, head.get());
      Path bundle = folder.resolve("commits.bundle");
      git.run(revisions(), "bundle", "create", "-q", bundle.toString(), "--stdin");
      return Optional.of(bring(bundle, name, head.get()));
    } finally {
      WorkspaceGit.deleteAll(folder);
    }
  }

  /** The commit that the workspace has checked out, of which nothing else is believed. */
  private Optional<String> head() {
    Map<String, String> files = texts(List.of(".git/HEAD", ".git/packed-refs"));
    String head = files.getOrDefault(".git/HEAD", "").strip();
    if (!head.startsWith(REF)) {
      return Optional.of(head).filter(one -> OBJECT.matcher(one).matches());
    }
    String branch = head.substring(REF.length());
    if (!BRANCH.matcher(branch).matches() || branch.contains("..")) {
      return Optional.empty();
    }
    String file = ".git/" + branch;
    return Optional.ofNullable(texts(List.of(file)).get(file))
        .or(
            () ->
                files
                    .getOrDefault(".git/packed-refs", "")
                    .lines()
                    .filter(line -> line.endsWith(" " + branch))
                    .map(line -> line.substring(0, line.indexOf(' ')))
                    .findFirst())
        .map(String::strip)
        .filter(one -> OBJECT.matcher(one).matches());
  }

  private Map<String, String> texts(List<String> paths) {
    Map<String, String> found = new HashMap<>();
    source.fetch(
        paths,
        (entry, in) ->
            found.put(
                entry.getName(),
                entry.isSymbolicLink()
                    ? ""
                    : new String(in.readNBytes(LONGEST_TEXT), StandardCharsets.UTF_8)));
    return found;
  }

  /** Fetches the commit and all that it needs and the user has not. */
  private void collect(String commit) throws IOException {
    Set<String> seen = new HashSet<>(Set.of(commit));
    Set<String> wanted = Set.of(commit);
    long bytes = 0;
    while (!wanted.isEmpty()) {
      Map<String, LooseObject> found = objects(wanted);
      if (!found.keySet().containsAll(wanted)) {
        throw new ProjectException(
            "The agent's commits are packed or not whole, and were not fetched.");
      }
      Set<String> next = new LinkedHashSet<>();
      for (LooseObject object : found.values()) {
        object.write(folder);
        bytes += object.content().length;
        next.addAll(object.needs());
      }
      next.removeAll(seen);
      seen.addAll(next);
      if (seen.size() > MOST_OBJECTS || bytes > MOST_BYTES) {
        throw new ProjectException("The agent's commits are too large, and were not fetched.");
      }
      wanted = missing(next);
    }
  }

  private Map<String, LooseObject> objects(Set<String> names) {
    Map<String, String> paths = new HashMap<>();
    names.forEach(name -> paths.put(".git/" + LooseObject.path(name), name));
    Map<String, LooseObject> found = new HashMap<>();
    source.fetch(
        paths.keySet(),
        (entry, in) -> {
          String name = paths.get(entry.getName());
          if (name != null && !entry.isSymbolicLink()) {
            found.put(name, LooseObject.read(name, in));
          }
        });
    return found;
  }

  /** Which of these objects the user's repository has not. */
  private Set<String> missing(Set<String> names) {
    if (names.isEmpty()) {
      return Set.of();
    }
    byte[] input = (String.join("\n", names) + "\n").getBytes(StandardCharsets.UTF_8);
    Set<String> missing = new LinkedHashSet<>();
    user.git()
        .run(input, "cat-file", "--batch-check")
        .text()
        .lines()
        .filter(line -> line.endsWith(" missing"))
        .forEach(line -> missing.add(line.substring(0, line.indexOf(' '))));
    return missing;
  }

  private byte[] revisions() {
    List<String> lines = new ArrayList<>(List.of(MADE));
    user.references().forEach(line -> lines.add("^" + line.substring(0, line.indexOf(' '))));
    user.commit().ifPresent(commit -> lines.add("^" + commit));
    return (String.join("\n", lines) + "\n").getBytes(StandardCharsets.UTF_8);
  }

  /** A branch that went another way meanwhile stays as it is. */
  private String bring(Path bundle, String name, String commit) {
    for (String branch : List.of(name, name + "-" + commit.substring(0, SHORT))) {
      GitCommand.Result result =
          user.git()
              .fromFiles()
              .attempt(
                  "-c",
                  "fetch.fsckObjects=true",
                  "fetch",
                  "-q",
                  "--no-tags",
                  "--no-write-fetch-head",
                  "--no-recurse-submodules",
                  "--no-auto-maintenance",
                  bundle.toString(),
                  MADE + ":refs/heads/" + branch);
      if (result.code() == 0) {
        return branch;
      }
    }
    throw new ProjectException(
        "git does not take the agent's commits as branch %s.".formatted(name));
  }
}
