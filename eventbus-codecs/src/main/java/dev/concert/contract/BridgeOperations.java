package dev.concert.contract;

import static dev.concert.contract.ApiOperation.route;
import static dev.concert.contract.Field.array;
import static dev.concert.contract.Field.choice;
import static dev.concert.contract.Field.flag;
import static dev.concert.contract.Field.integer;
import static dev.concert.contract.Field.line;
import static dev.concert.contract.Field.object;
import static dev.concert.contract.Field.string;
import static dev.concert.contract.HttpRoute.Method.DELETE;
import static dev.concert.contract.HttpRoute.Method.GET;
import static dev.concert.contract.HttpRoute.Method.POST;
import static dev.concert.contract.HttpRoute.Method.PUT;
import static dev.concert.protocol.Permission.INTEGRATIONS_MANAGE;
import static dev.concert.protocol.Permission.PROJECTS_CREATE;
import static dev.concert.protocol.Permission.THREADS_READ;

import dev.concert.bridge.BridgeMessages;
import dev.concert.bridge.GitHubAccountMessages;
import dev.concert.bus.Accepted;
import dev.concert.protocol.BridgeMessage;
import dev.concert.protocol.GitHubAccountMessage;
import dev.concert.protocol.RepositoryMessage;
import dev.concert.repository.RepositoryMessages.Branches;
import dev.concert.repository.RepositoryMessages.Contents;
import dev.concert.repository.RepositoryMessages.Issue;
import dev.concert.repository.RepositoryMessages.IssueComment;
import dev.concert.repository.RepositoryMessages.IssueRuns;
import dev.concert.repository.RepositoryMessages.Issues;
import dev.concert.repository.RepositoryMessages.PullRequest;
import dev.concert.repository.RepositoryMessages.PullRequests;
import dev.concert.repository.RepositoryMessages.Repositories;
import java.time.Duration;

/**
 * Rows about chat bridges and GitHub. Who may manage integrations adds, tests and removes bridges,
 * and GitHub's Apps are such. Members read the repositories that the tenant's Apps serve; who may
 * create projects writes there, in the name of the App.
 */
public final class BridgeOperations {
  private static final int ID = 64;
  private static final String ALL = "/api/bridges";
  private static final String ONE = ALL + "/{connectionId}";

  /** A platform is asked whether it takes the credentials. */
  private static final Duration CHECK = Duration.ofSeconds(30);

  private static final int GITHUB_CODE = 512;
  private static final String GITHUB_APPS = "/api/github/apps";
  private static final String GITHUB_LINK = "/api/github/link";

  /** GitHub is asked, some of it twice. */
  private static final Duration GITHUB_ASKED = Duration.ofSeconds(60);

  public static final ApiOperation<BridgeMessage.AddBridge, BridgeMessages.Bridge> ADD_BRIDGE =
      route("add_bridge", BridgeMessage.AddBridge.class, BridgeMessages.Bridge.class, POST, ALL)
          .since(2)
          .needs(INTEGRATIONS_MANAGE)
          .takes(
              string("platform", 32),
              line("name", 100),
              object("settings", 16 << 10).optional(),
              object("secrets", 64 << 10))
          .where(BridgeMessage.AddBridge::fault)
          .within(CHECK)
          .withStatus(201);

  public static final ApiOperation<BridgeMessage.ListBridges, BridgeMessages.Bridges> LIST_BRIDGES =
      route("list_bridges", BridgeMessage.ListBridges.class, BridgeMessages.Bridges.class, GET, ALL)
          .since(2)
          .needs(INTEGRATIONS_MANAGE)
          .takes();

  public static final ApiOperation<BridgeMessage.TestBridge, BridgeMessages.BridgeTested>
      TEST_BRIDGE =
          route(
                  "test_bridge",
                  BridgeMessage.TestBridge.class,
                  BridgeMessages.BridgeTested.class,
                  POST,
                  ONE + "/test")
              .since(2)
              .needs(INTEGRATIONS_MANAGE)
              .takes(string("connectionId", ID))
              .within(CHECK);

  public static final ApiOperation<BridgeMessage.RemoveBridge, Accepted> REMOVE_BRIDGE =
      route("remove_bridge", BridgeMessage.RemoveBridge.class, Accepted.class, DELETE, ONE)
          .since(2)
          .needs(INTEGRATIONS_MANAGE)
          .takes(string("connectionId", ID));

  public static final ApiOperation<BridgeMessage.CreatePairingCode, BridgeMessages.PairingCode>
      CREATE_PAIRING_CODE =
          route(
                  "create_pairing_code",
                  BridgeMessage.CreatePairingCode.class,
                  BridgeMessages.PairingCode.class,
                  POST,
                  "/api/chat/pairing-codes")
              .since(2)
              .needs(THREADS_READ)
              .takes()
              .withStatus(201);

  private static final String REPOSITORIES = "/api/github/repositories";
  private static final String REPOSITORY_PATH = REPOSITORIES + "/{owner}/{repo}";

  /** GitHub may be slow, and wants a token first. */
  private static final Duration PATIENCE = Duration.ofSeconds(45);

  /** GitHub's own bounds. */
  private static final int TITLE = 256;

  private static final int BODY = 65_536;
  private static final int BRANCH = 255;

  private static final Field OWNER = string("owner", 100);
  private static final Field REPOSITORY_FIELD = string("repo", 100);
  private static final Field LIMIT = integer("limit", 1, 100).orElse(30);
  private static final Field PAGE = integer("page", 1, 1000).orElse(1);
  private static final Field STATE = choice("state", "open", "closed", "all").orElse("open");

  public static final ApiOperation<RepositoryMessage.ListGitHubRepositories, Repositories>
      LIST_REPOSITORIES =
          read(
                  "list_github_repositories",
                  RepositoryMessage.ListGitHubRepositories.class,
                  Repositories.class)
              .takes(integer("limit", 1, 100).orElse(100), string("cursor", 256).optional())
              .alsoAt(GET, REPOSITORIES);

  public static final ApiOperation<RepositoryMessage.ListGitHubBranches, Branches> LIST_BRANCHES =
      read("list_github_branches", RepositoryMessage.ListGitHubBranches.class, Branches.class)
          .takes(OWNER, REPOSITORY_FIELD, LIMIT, PAGE)
          .alsoAt(GET, REPOSITORY_PATH + "/branches");

  public static final ApiOperation<RepositoryMessage.ListGitHubPulls, PullRequests> LIST_PULLS =
      read("list_github_pulls", RepositoryMessage.ListGitHubPulls.class, PullRequests.class)
          .takes(OWNER, REPOSITORY_FIELD, STATE, LIMIT, PAGE)
          .alsoAt(GET, REPOSITORY_PATH + "/pulls");

  public static final ApiOperation<RepositoryMessage.ListGitHubIssues, Issues> LIST_ISSUES =
      read("list_github_issues", RepositoryMessage.ListGitHubIssues.class, Issues.class)
          .takes(OWNER, REPOSITORY_FIELD, STATE, LIMIT, PAGE)
          .alsoAt(GET, REPOSITORY_PATH + "/issues");

  public static final ApiOperation<RepositoryMessage.ReadGitHubContents, Contents> READ_CONTENTS =
      read("read_github_contents", RepositoryMessage.ReadGitHubContents.class, Contents.class)
          .takes(
              OWNER,
              REPOSITORY_FIELD,
              string("path", 4096).optional(),
              string("ref", BRANCH).optional())
          .alsoAt(GET, REPOSITORY_PATH + "/contents");

  public static final ApiOperation<RepositoryMessage.CreateGitHubPull, PullRequest> CREATE_PULL =
      write("create_github_pull", RepositoryMessage.CreateGitHubPull.class, PullRequest.class)
          .takes(
              OWNER,
              REPOSITORY_FIELD,
              line("title", TITLE),
              string("head", BRANCH),
              string("base", BRANCH),
              string("body", BODY).optional(),
              flag("draft").orElse(false))
          .alsoAt(POST, REPOSITORY_PATH + "/pulls")
          .withStatus(201);

  public static final ApiOperation<RepositoryMessage.CreateGitHubIssue, Issue> CREATE_ISSUE =
      write("create_github_issue", RepositoryMessage.CreateGitHubIssue.class, Issue.class)
          .takes(
              OWNER,
              REPOSITORY_FIELD,
              line("title", TITLE),
              string("body", BODY).optional(),
              array("labels", 100).optional())
          .where(RepositoryMessage.CreateGitHubIssue::fault)
          .alsoAt(POST, REPOSITORY_PATH + "/issues")
          .withStatus(201);

  public static final ApiOperation<RepositoryMessage.CreateGitHubComment, IssueComment>
      CREATE_COMMENT =
          write(
                  "create_github_comment",
                  RepositoryMessage.CreateGitHubComment.class,
                  IssueComment.class)
              .takes(
                  OWNER,
                  REPOSITORY_FIELD,
                  integer("number", 1, Integer.MAX_VALUE),
                  string("body", BODY))
              .alsoAt(POST, REPOSITORY_PATH + "/issues/{number}/comments")
              .withStatus(201);

  public static final ApiOperation<RepositoryMessage.ListGitHubRuns, IssueRuns> LIST_RUNS =
      read("list_github_runs", RepositoryMessage.ListGitHubRuns.class, IssueRuns.class)
          .takes(string("session", 128).optional(), integer("limit", 1, 200).orElse(50))
          .alsoAt(GET, "/api/github/runs");

  public static final ApiOperation<
          GitHubAccountMessage.BeginGithubApp, GitHubAccountMessages.AppBegun>
      BEGIN_GITHUB_APP =
          route(
                  "begin_github_app",
                  GitHubAccountMessage.BeginGithubApp.class,
                  GitHubAccountMessages.AppBegun.class,
                  POST,
                  GITHUB_APPS + "/manifest")
              .since(2)
              .needs(INTEGRATIONS_MANAGE)
              .takes(string("organization", 100).optional())
              .withStatus(201);

  public static final ApiOperation<
          GitHubAccountMessage.ConnectGithubApp, GitHubAccountMessages.AppConnected>
      CONNECT_GITHUB_APP =
          route(
                  "connect_github_app",
                  GitHubAccountMessage.ConnectGithubApp.class,
                  GitHubAccountMessages.AppConnected.class,
                  POST,
                  GITHUB_APPS + "/conversion")
              .since(2)
              .needs(INTEGRATIONS_MANAGE)
              .takes(string("code", GITHUB_CODE), string("state", ID))
              .within(GITHUB_ASKED)
              .withStatus(201);

  public static final ApiOperation<
          GitHubAccountMessage.BindGithubInstallation, GitHubAccountMessages.InstallationBound>
      BIND_GITHUB_INSTALLATION =
          route(
                  "bind_github_installation",
                  GitHubAccountMessage.BindGithubInstallation.class,
                  GitHubAccountMessages.InstallationBound.class,
                  PUT,
                  GITHUB_APPS + "/{connectionId}/installations/{installationId}")
              .since(2)
              .needs(INTEGRATIONS_MANAGE)
              .takes(string("connectionId", ID), integer("installationId", 1, Long.MAX_VALUE))
              .within(GITHUB_ASKED);

  public static final ApiOperation<
          GitHubAccountMessage.BeginGithubLink, GitHubAccountMessages.LinkBegun>
      BEGIN_GITHUB_LINK =
          route(
                  "begin_github_link",
                  GitHubAccountMessage.BeginGithubLink.class,
                  GitHubAccountMessages.LinkBegun.class,
                  POST,
                  GITHUB_LINK)
              .since(2)
              .needs(THREADS_READ)
              .takes(string("connectionId", ID).optional(), flag("device").optional())
              .within(GITHUB_ASKED)
              .withStatus(201);

  public static final ApiOperation<
          GitHubAccountMessage.CompleteGithubLink, GitHubAccountMessages.LinkState>
      COMPLETE_GITHUB_LINK =
          route(
                  "complete_github_link",
                  GitHubAccountMessage.CompleteGithubLink.class,
                  GitHubAccountMessages.LinkState.class,
                  POST,
                  GITHUB_LINK + "/completion")
              .since(2)
              .needs(THREADS_READ)
              .takes(string("state", ID), string("code", GITHUB_CODE).optional())
              .within(GITHUB_ASKED);

  public static final ApiOperation<
          GitHubAccountMessage.GetGithubLink, GitHubAccountMessages.LinkState>
      GET_GITHUB_LINK =
          route(
                  "get_github_link",
                  GitHubAccountMessage.GetGithubLink.class,
                  GitHubAccountMessages.LinkState.class,
                  GET,
                  GITHUB_LINK)
              .since(2)
              .needs(THREADS_READ)
              .takes();

  public static final ApiOperation<GitHubAccountMessage.RemoveGithubLink, Accepted>
      REMOVE_GITHUB_LINK =
          route(
                  "remove_github_link",
                  GitHubAccountMessage.RemoveGithubLink.class,
                  Accepted.class,
                  DELETE,
                  GITHUB_LINK)
              .since(2)
              .needs(THREADS_READ)
              .takes()
              .within(GITHUB_ASKED);

  private BridgeOperations() {}

  private static <Q extends RepositoryMessage, R extends Record> ApiOperation<Q, R> read(
      String name, Class<Q> request, Class<R> reply) {
    return ApiOperation.<Q, R>message(name, request, reply)
        .since(2)
        .needs(THREADS_READ)
        .within(PATIENCE);
  }

  private static <Q extends RepositoryMessage, R extends Record> ApiOperation<Q, R> write(
      String name, Class<Q> request, Class<R> reply) {
    return ApiOperation.<Q, R>message(name, request, reply)
        .since(2)
        .needs(PROJECTS_CREATE)
        .within(PATIENCE);
  }
}
