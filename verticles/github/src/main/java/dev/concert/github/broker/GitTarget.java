package dev.concert.github.broker;

import dev.concert.github.api.RepositoryName;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a request of git is for.
 *
 * @param object that LFS wants; empty where it is none
 */
record GitTarget(RepositoryName repository, Kind kind, String object) {
  private static final String READ = "git-upload-pack";
  private static final String WRITE = "git-receive-pack";

  /** Forges take names with and without {@code .git}. */
  private static final Pattern PATH =
      Pattern.compile("/(.+?)(?:\\.git)?/(info/refs|info/lfs/.+|git-[a-z]+-pack)");

  private static final Pattern OBJECT =
      Pattern.compile("info/lfs/objects/([0-9a-f]{64})(/verify)?");

  enum Kind {
    READ,
    WRITE,
    /** LFS asks where files are. */
    LARGE_FILES,
    /** LFS reads a file. */
    LARGE_FILE,
    /** LFS writes a file. */
    LARGE_FILE_WRITE,
    /** LFS asks whether a file arrived. */
    LARGE_FILE_VERIFY,
    /** LFS asks who locked files. */
    LARGE_FILE_LOCKS;

    boolean isLarge() {
      return this != READ && this != WRITE;
    }

    private boolean writes() {
      return this == WRITE || this == LARGE_FILE_WRITE || this == LARGE_FILE_VERIFY;
    }
  }

  /** What a request is for; empty where a grant does not reach that. */
  static Optional<GitTarget> of(HttpServerRequest request, GitGrant grant) {
    Matcher path = PATH.matcher(request.path());
    if (!path.matches()) {
      return Optional.empty();
    }
    return RepositoryName.parse(path.group(1))
        .flatMap(repository -> of(request, repository, path.group(2)))
        .filter(target -> target.isWithin(grant));
  }

  private static Optional<GitTarget> of(
      HttpServerRequest request, RepositoryName repository, String rest) {
    Matcher object = OBJECT.matcher(rest);
    if (object.matches()) {
      return transfer(request.method(), object.group(2) != null)
          .map(kind -> new GitTarget(repository, kind, object.group(1)));
    }
    if (rest.startsWith("info/lfs/locks")) {
      return Optional.of(new GitTarget(repository, Kind.LARGE_FILE_LOCKS, ""));
    }
    if (request.method() == HttpMethod.GET) {
      return rest.equals("info/refs")
          ? service(repository, Optional.ofNullable(request.getParam("service")).orElse(""))
          : Optional.empty();
    }
    if (request.method() != HttpMethod.POST) {
      return Optional.empty();
    }
    return rest.equals("info/lfs/objects/batch")
        ? Optional.of(new GitTarget(repository, Kind.LARGE_FILES, ""))
        : service(repository, rest);
  }

  private static Optional<Kind> transfer(HttpMethod method, boolean isVerify) {
    if (isVerify) {
      return Optional.of(Kind.LARGE_FILE_VERIFY).filter(_ -> method == HttpMethod.POST);
    }
    return method == HttpMethod.PUT
        ? Optional.of(Kind.LARGE_FILE_WRITE)
        : Optional.of(Kind.LARGE_FILE).filter(_ -> method == HttpMethod.GET);
  }

  private static Optional<GitTarget> service(RepositoryName repository, String name) {
    return switch (name) {
      case READ -> Optional.of(new GitTarget(repository, Kind.READ, ""));
      case WRITE -> Optional.of(new GitTarget(repository, Kind.WRITE, ""));
      default -> Optional.empty();
    };
  }

  private boolean isWithin(GitGrant grant) {
    boolean isReached =
        repository.equals(grant.repository())
            || !kind.writes() && grant.reach().submodules().contains(repository);
    return isReached && (grant.reach().largeFiles() || !kind.isLarge());
  }

  boolean isPush() {
    return kind == Kind.WRITE;
  }

  /** Made of what was checked: the request's own target could name another host. */
  String path(HttpMethod method) {
    String at = "/" + repository + ".git/";
    String service = isPush() ? WRITE : READ;
    return method == HttpMethod.GET ? at + "info/refs?service=" + service : at + service;
  }
}
