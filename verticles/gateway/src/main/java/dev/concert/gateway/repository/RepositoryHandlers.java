package dev.concert.gateway.repository;

import dev.concert.bus.ConcertBus;
import dev.concert.bus.GitHubAddresses;
import dev.concert.contract.BridgeOperations;
import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import dev.concert.gateway.audit.AuditLog;
import dev.concert.gateway.dispatch.ApiRequest;
import dev.concert.gateway.dispatch.Handlers;
import dev.concert.protocol.Identity;
import dev.concert.protocol.RepositoryMessage;
import dev.concert.repository.RepositoryMessages.Branches;
import dev.concert.repository.RepositoryMessages.Contents;
import dev.concert.repository.RepositoryMessages.CreateComment;
import dev.concert.repository.RepositoryMessages.CreateIssue;
import dev.concert.repository.RepositoryMessages.CreatePull;
import dev.concert.repository.RepositoryMessages.Issue;
import dev.concert.repository.RepositoryMessages.IssueComment;
import dev.concert.repository.RepositoryMessages.IssueRuns;
import dev.concert.repository.RepositoryMessages.Issues;
import dev.concert.repository.RepositoryMessages.ListBranches;
import dev.concert.repository.RepositoryMessages.ListIssueRuns;
import dev.concert.repository.RepositoryMessages.ListIssues;
import dev.concert.repository.RepositoryMessages.ListPulls;
import dev.concert.repository.RepositoryMessages.ListRepositories;
import dev.concert.repository.RepositoryMessages.PullRequest;
import dev.concert.repository.RepositoryMessages.PullRequests;
import dev.concert.repository.RepositoryMessages.ReadContents;
import dev.concert.repository.RepositoryMessages.Repositories;
import dev.concert.repository.RepositoryMessages.RepositoryKey;
import io.vertx.core.Future;
import java.util.Map;

/**
 * Has the GitHub service list, read and write what members ask for. What is written there in the
 * name of the App is in the tenant's audit log with the member who asked.
 */
public final class RepositoryHandlers {
  private final ConcertBus bus;
  private final AuditLog audit;

  public RepositoryHandlers(ConcertBus bus, AuditLog audit) {
    this.bus = bus;
    this.audit = audit;
  }

  public void register(Handlers handlers) {
    handlers
        .serve(BridgeOperations.LIST_REPOSITORIES, this::repositories)
        .serve(BridgeOperations.LIST_BRANCHES, this::branches)
        .serve(BridgeOperations.LIST_PULLS, this::pulls)
        .serve(BridgeOperations.LIST_ISSUES, this::issues)
        .serve(BridgeOperations.READ_CONTENTS, this::contents)
        .serve(BridgeOperations.CREATE_PULL, this::createPull)
        .serve(BridgeOperations.CREATE_ISSUE, this::createIssue)
        .serve(BridgeOperations.CREATE_COMMENT, this::createComment)
        .serve(BridgeOperations.LIST_RUNS, this::runs);
  }

  /** What is for some sessions only has no repositories. */
  private static String tenant(ApiRequest<?> request) {
    Identity who = request.who();
    if (who.onlySessions().isPresent()) {
      throw new ConcertException(
          ErrorCode.FORBIDDEN, "This key is for single sessions and has no repositories.");
    }
    return who.tenantId();
  }

  private static RepositoryKey in(ApiRequest<?> request, String owner, String repo) {
    return new RepositoryKey(tenant(request), owner, repo);
  }

  private Future<Repositories> repositories(
      ApiRequest<RepositoryMessage.ListGitHubRepositories> request) {
    return bus.request(
        GitHubAddresses.LIST_REPOSITORIES,
        new ListRepositories(
            tenant(request), request.message().limit(), request.message().cursor()),
        request.timeLeft());
  }

  private Future<Branches> branches(ApiRequest<RepositoryMessage.ListGitHubBranches> request) {
    RepositoryMessage.ListGitHubBranches wanted = request.message();
    return bus.request(
        GitHubAddresses.LIST_BRANCHES,
        new ListBranches(in(request, wanted.owner(), wanted.repo()), wanted.limit(), wanted.page()),
        request.timeLeft());
  }

  private Future<PullRequests> pulls(ApiRequest<RepositoryMessage.ListGitHubPulls> request) {
    RepositoryMessage.ListGitHubPulls wanted = request.message();
    return bus.request(
        GitHubAddresses.LIST_PULLS,
        new ListPulls(
            in(request, wanted.owner(), wanted.repo()),
            wanted.state(),
            wanted.limit(),
            wanted.page()),
        request.timeLeft());
  }

  private Future<Issues> issues(ApiRequest<RepositoryMessage.ListGitHubIssues> request) {
    RepositoryMessage.ListGitHubIssues wanted = request.message();
    return bus.request(
        GitHubAddresses.LIST_ISSUES,
        new ListIssues(
            in(request, wanted.owner(), wanted.repo()),
            wanted.state(),
            wanted.limit(),
            wanted.page()),
        request.timeLeft());
  }

  private Future<Contents> contents(ApiRequest<RepositoryMessage.ReadGitHubContents> request) {
    RepositoryMessage.ReadGitHubContents wanted = request.message();
    return bus.request(
        GitHubAddresses.READ_CONTENTS,
        new ReadContents(
            in(request, wanted.owner(), wanted.repo()),
            wanted.path() == null ? "" : wanted.path(),
            wanted.ref()),
        request.timeLeft());
  }

  private Future<PullRequest> createPull(ApiRequest<RepositoryMessage.CreateGitHubPull> request) {
    RepositoryMessage.CreateGitHubPull wanted = request.message();
    RepositoryKey in = in(request, wanted.owner(), wanted.repo());
    return bus.request(
            GitHubAddresses.CREATE_PULL,
            new CreatePull(
                in, wanted.title(), wanted.head(), wanted.base(), wanted.body(), wanted.draft()),
            request.timeLeft())
        .compose(made -> record(request, "github.pull_created", in, made.number()).map(made));
  }

  private Future<Issue> createIssue(ApiRequest<RepositoryMessage.CreateGitHubIssue> request) {
    RepositoryMessage.CreateGitHubIssue wanted = request.message();
    RepositoryKey in = in(request, wanted.owner(), wanted.repo());
    return bus.request(
            GitHubAddresses.CREATE_ISSUE,
            new CreateIssue(in, wanted.title(), wanted.body(), wanted.labels()),
            request.timeLeft())
        .compose(made -> record(request, "github.issue_created", in, made.number()).map(made));
  }

  private Future<IssueComment> createComment(
      ApiRequest<RepositoryMessage.CreateGitHubComment> request) {
    RepositoryMessage.CreateGitHubComment wanted = request.message();
    RepositoryKey in = in(request, wanted.owner(), wanted.repo());
    return bus.request(
            GitHubAddresses.CREATE_COMMENT,
            new CreateComment(in, wanted.number(), wanted.body()),
            request.timeLeft())
        .compose(made -> record(request, "github.comment_created", in, made.number()).map(made));
  }

  private Future<IssueRuns> runs(ApiRequest<RepositoryMessage.ListGitHubRuns> request) {
    RepositoryMessage.ListGitHubRuns wanted = request.message();
    return bus.request(
        GitHubAddresses.LIST_RUNS,
        new ListIssueRuns(tenant(request), wanted.session(), wanted.limit()),
        request.timeLeft());
  }

  private Future<Void> record(ApiRequest<?> request, String action, RepositoryKey in, int number) {
    return audit.record(
        in.tenantId(),
        request.who().userId(),
        action,
        "%s/%s#%d".formatted(in.owner(), in.repo(), number),
        Map.of());
  }
}
