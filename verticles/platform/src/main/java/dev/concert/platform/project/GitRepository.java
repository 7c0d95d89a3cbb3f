package dev.concert.platform.project;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * The repository of a user. Only reads it. Blocking.
 *
 * @param root folder with the files
 * @param ownFolder what is this work tree's own: HEAD and index
 * @param commonFolder what all work trees of the repository share: objects and branches
 * @param objectFormat {@code sha1} or {@code sha256}
 */
record GitRepository(
    Path root, Path ownFolder, Path commonFolder, String objectFormat, GitCommand git) {
  /** Names ignored files that an agent gets nevertheless. */
  static final String INCLUDE = ".concertinclude";

  private static final String SUBMODULE = "160000 ";

  /** Settings of repositories of which not all is there. */
  private static final String PARTS =
      "^(extensions\\.partialclone|remote\\..*\\.promisor|core\\.sparsecheckout)$";

  private static final String SPARSE = "core.sparsecheckout";
  private static final Pattern ON =
      Pattern.compile(SPARSE + "( (true|yes|on|[1-9]\\d*))?", Pattern.CASE_INSENSITIVE);

  /**
   * The repository that a folder is in; empty where it is in none.
   *
   * @throws ProjectException where git refuses to read it
   */
  static Optional<GitRepository> find(Path folder) {
    GitCommand git = new GitCommand(folder, false);
    if (!git.isInstalled()) {
      return Optional.empty();
    }
    GitCommand.Result found =
        git.attempt(
            "rev-parse",
            "--show-object-format",
            "--absolute-git-dir",
            "--git-common-dir",
            "--show-toplevel");
    if (found.code() == 0) {
      String[] lines = found.text().split("\n");
      Path root = Path.of(lines[3]);
      return Optional.of(
          new GitRepository(
              root,
              Path.of(lines[1]),
              folder.resolve(lines[2]).toAbsolutePath().normalize(),
              lines[0],
              new GitCommand(root, false)));
    }
    if (found.error().contains("not a git repository")
        || found.error().contains("must be run in a work tree")) {
      return Optional.empty();
    }
    throw new ProjectException(
        "git refuses this repository: %s%nCorrect that, or use --no-dir."
            .formatted(found.error().lines().findFirst().orElse("it says nothing")));
  }

  /**
   * Refuses what an agent would get wrong.
   *
   * @throws ProjectException that names it
   */
  void check() {
    List<String> settings = git.attempt("config", "--get-regexp", PARTS).text().lines().toList();
    if (settings.stream().anyMatch(line -> !line.startsWith(SPARSE))) {
      throw refusal("is a partial clone, so objects of it are missing here");
    }
    // The last one counts.
    Optional<String> sparse =
        settings.stream().filter(line -> line.startsWith(SPARSE)).reduce((_, last) -> last);
    if (sparse.filter(line -> ON.matcher(line).matches()).isPresent()) {
      throw refusal("is a sparse checkout, so files of it are missing here");
    }
    if (index().stream().anyMatch(entry -> entry.startsWith(SUBMODULE))) {
      throw refusal("has submodules");
    }
    if (!git.run("ls-files", "-z", ":(attr:filter=lfs)").parts().isEmpty()) {
      throw refusal("has files in Git LFS");
    }
  }

  private ProjectException refusal(String why) {
    return new ProjectException(
        "%s %s. Concert cannot give such a repository to an agent yet. Use --no-dir for an empty"
                .formatted(root, why)
            + " workspace.");
  }

  /** Paths of the tracked files, of untracked ones that are not ignored, and of included ones. */
  Set<String> files() {
    Set<String> paths =
        new TreeSet<>(
            git.run("ls-files", "-z", "--cached", "--others", "--exclude-standard", "--deduplicate")
                .parts());
    if (Files.isRegularFile(root.resolve(INCLUDE), LinkOption.NOFOLLOW_LINKS)) {
      paths.addAll(
          git.run("ls-files", "-z", "--others", "--ignored", "--exclude-from=" + INCLUDE).parts());
    }
    return paths;
  }

  /** Which of these untracked paths the user's rules ignore. */
  Set<String> ignored(Set<String> paths) {
    if (paths.isEmpty()) {
      return Set.of();
    }
    byte[] input = (String.join("\0", paths) + "\0").getBytes(StandardCharsets.UTF_8);
    GitCommand.Result result = git.attempt(input, "check-ignore", "-z", "--stdin");
    // A path beyond a symlink makes git fail; nothing is then known to be ignored.
    return result.code() == 0 ? Set.copyOf(result.parts()) : Set.of();
  }

  /** Entries of the index: mode, object, stage and path. */
  List<String> index() {
    return git.run("ls-files", "-z", "--stage").parts();
  }

  /** Branches, tags and remote branches: object and name. */
  List<String> references() {
    String all =
        git.run(
                "for-each-ref",
                "--format=%(if)%(symref)%(then)%(else)%(objectname) %(refname)%(end)",
                "refs/heads",
                "refs/tags",
                "refs/remotes")
            .text();
    List<String> known = new ArrayList<>(all.lines().toList());
    known.removeIf(String::isBlank);
    return known;
  }

  /** The branch that is checked out, in full; empty where none is. */
  Optional<String> branch() {
    GitCommand.Result head = git.attempt("symbolic-ref", "-q", "HEAD");
    return head.code() == 0 ? Optional.of(head.text()) : Optional.empty();
  }

  /** The commit that is checked out; empty before the first one. */
  Optional<String> commit() {
    GitCommand.Result head = git.attempt("rev-parse", "-q", "--verify", "HEAD^{commit}");
    return head.code() == 0 ? Optional.of(head.text()) : Optional.empty();
  }
}
