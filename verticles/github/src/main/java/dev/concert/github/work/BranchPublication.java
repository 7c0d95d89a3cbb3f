package dev.concert.github.work;

import dev.concert.bus.ConcertBus;
import dev.concert.bus.GitHubAddresses;
import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import dev.concert.github.api.ForgeRepository;
import dev.concert.github.api.IssueRef;
import dev.concert.github.api.RepositoryName;
import dev.concert.github.api.RepositoryState;
import dev.concert.github.broker.GitBroker.OpenGrant;
import dev.concert.github.broker.GitGrant;
import dev.concert.github.broker.GitReach;
import dev.concert.github.broker.GitUpstream;
import dev.concert.github.repository.RepositoryFailure;
import dev.concert.github.repository.ServedRepositories;
import dev.concert.github.repository.ServedRepository;
import dev.concert.repository.RepositoryMessages.PublishBranch;
import dev.concert.repository.RepositoryMessages.PublishedPull;
import dev.concert.repository.RepositoryMessages.RepositoryKey;
import io.vertx.core.Future;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Puts what a run of an automation made on GitHub: its commits on a branch of their own, and a
 * draft of a pull request. Each step looks first whether it is done, so the whole can be repeated
 * after a crash. On one context.
 */
public final class BranchPublication {
  private static final String BRANCH = "concert/[A-Za-z0-9_-]{1,100}";
  private static final int MOST_BASES = 8;
  private static final int SHORTEST_ID = 40;

  private final WorkServices services;
  private final ServedRepositories repositories;
  private final Map<String, Future<PublishedPull>> underWay = new HashMap<>();

  public BranchPublication(WorkServices services, ServedRepositories repositories) {
    this.services = services;
    this.repositories = repositories;
  }

  /** Answers from now on. */
  public void serve(ConcertBus bus) {
    bus.serve(GitHubAddresses.PUBLISH_BRANCH, this::publish);
  }

  /** Whoever asks again while it goes on gets the same answer. */
  private Future<PublishedPull> publish(PublishBranch wanted) {
    if (!wanted.branch().matches(BRANCH)) {
      return Future.failedFuture(
          new ConcertException(ErrorCode.INVALID_MESSAGE, "The branch must be concert/SESSION."));
    }
    String key = wanted.tenantId() + " " + wanted.branch();
    Future<PublishedPull> there = underWay.get(key);
    if (there != null) {
      return there;
    }
    Future<PublishedPull> begun =
        repository(wanted)
            .compose(served -> publish(served, wanted))
            .onComplete(_ -> underWay.remove(key));
    if (!begun.isComplete()) {
      underWay.put(key, begun);
    }
    return begun;
  }

  private Future<ServedRepository> repository(PublishBranch wanted) {
    URI web = services.web();
    URI url = URI.create(wanted.url());
    Optional<RepositoryName> name =
        RepositoryName.parse(url.getPath().replaceFirst("^/", "").replaceFirst("(\\.git)?/?$", ""));
    if (!web.getHost().equalsIgnoreCase(url.getHost())
        || web.getPort() != url.getPort()
        || name.isEmpty()) {
      return Future.failedFuture(
          new ConcertException(
              ErrorCode.REPOSITORY_NOT_FOUND,
              "A pull request needs a repository of %s, and %s is none."
                  .formatted(web, wanted.url())));
    }
    return repositories.find(
        new RepositoryKey(wanted.tenantId(), name.get().owner(), name.get().name()));
  }

  private Future<PublishedPull> publish(ServedRepository served, PublishBranch wanted) {
    ForgeRepository api =
        services.repository(served.connection(), served.installation(), served.name());
    return api.changeOf(wanted.branch())
        .recover(failure -> refused(failure, served, "pull_requests"))
        .compose(
            pull ->
                pull.isPresent()
                    ? Future.succeededFuture(pull.get())
                    : push(served, api, wanted)
                        .compose(_ -> open(api, wanted))
                        .recover(failure -> refused(failure, served, "contents")))
        .map(
            number ->
                new PublishedPull(
                    number,
                    services
                        .forge(served.connection())
                        .page(served.name(), new IssueRef(number, true))));
  }

  private static <T> Future<T> refused(
      Throwable failure, ServedRepository served, String permission) {
    return Future.failedFuture(
        RepositoryFailure.of(
            failure,
            served,
            permission + ": write",
            RepositoryFailure.notServed(served.name().owner(), served.name().name())));
  }

  /** Nobody else has this branch: if it is there, it is pushed. */
  private Future<Void> push(ServedRepository served, ForgeRepository api, PublishBranch wanted) {
    return mayPush(served)
        .compose(_ -> api.head(wanted.branch()))
        .compose(head -> head.isPresent() ? Future.succeededFuture() : pushBundle(served, wanted));
  }

  /** Git's own words about a missing permission would help nobody. */
  private Future<Void> mayPush(ServedRepository served) {
    return upstream(served).login(served.name(), true).mapEmpty();
  }

  private GitUpstream upstream(ServedRepository served) {
    return services
        .forge(served.connection())
        .git(served.connection(), served.installation(), served.name());
  }

  private Future<Void> pushBundle(ServedRepository served, PublishBranch wanted) {
    OpenGrant grant =
        services
            .broker()
            .open(
                new GitGrant(
                    wanted.tenantId() + "/" + wanted.branch(),
                    upstream(served),
                    served.name(),
                    wanted.branch(),
                    GitReach.NONE));
    Path folder =
        services.folder().resolve(wanted.tenantId()).resolve(wanted.branch().replace('/', '_'));
    return services
        .workers()
        .<Void>executeBlocking(
            () -> {
              push(grant, folder, wanted);
              return null;
            },
            false)
        .onComplete(_ -> services.broker().close(grant));
  }

  private static void push(OpenGrant grant, Path folder, PublishBranch wanted) throws IOException {
    byte[] bundle = Base64.getDecoder().decode(wanted.bundle());
    WorkFolder made = new WorkFolder(folder);
    // A process that was killed may have left it.
    made.delete();
    try {
      WorkRepository repository = new WorkRepository(folder);
      Files.createDirectories(folder);
      Path file = Files.write(folder.resolve("run.bundle"), bundle);
      repository.push(
          grant,
          repository.unbundle(grant, file, bases(bundle)),
          wanted.branch(),
          Optional.empty());
    } finally {
      made.delete();
    }
  }

  /** The commits that a bundle builds on. Format: https://git-scm.com/docs/gitformat-bundle */
  private static List<String> bases(byte[] bundle) {
    return new String(bundle, StandardCharsets.ISO_8859_1)
        .lines()
        .takeWhile(line -> !line.isEmpty())
        .filter(line -> line.startsWith("-") && line.length() > SHORTEST_ID)
        .map(line -> line.substring(1).split(" ", 2)[0])
        .filter(id -> id.matches("[0-9a-f]{40,64}"))
        .limit(MOST_BASES)
        .toList();
  }

  private static Future<Integer> open(ForgeRepository api, PublishBranch wanted) {
    return base(api, wanted)
        .compose(base -> api.openDraft(wanted.title(), wanted.branch(), base, wanted.body()));
  }

  private static Future<String> base(ForgeRepository api, PublishBranch wanted) {
    return Optional.ofNullable(wanted.ref())
        .map(api::head)
        .orElseGet(() -> Future.succeededFuture(Optional.empty()))
        .compose(
            head ->
                head.isPresent()
                    ? Future.succeededFuture(wanted.ref())
                    : api.describe().map(RepositoryState::defaultBranch));
  }
}
