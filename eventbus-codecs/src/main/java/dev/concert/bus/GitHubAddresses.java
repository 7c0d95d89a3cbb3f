package dev.concert.bus;

import static dev.concert.bus.Address.Delivery.ONCE;
import static dev.concert.bus.Address.Delivery.REPEATABLE;

import dev.concert.automation.EventMessages.AskWriteAccess;
import dev.concert.automation.EventMessages.WriteAccess;
import dev.concert.bridge.BridgeMessages.AddBridge;
import dev.concert.bridge.BridgeMessages.Bridge;
import dev.concert.bridge.BridgeMessages.BridgeTested;
import dev.concert.bridge.BridgeMessages.Bridges;
import dev.concert.bridge.BridgeMessages.DeliverWebhook;
import dev.concert.bridge.BridgeMessages.ForgetTenant;
import dev.concert.bridge.BridgeMessages.ListBridges;
import dev.concert.bridge.BridgeMessages.RemoveBridge;
import dev.concert.bridge.BridgeMessages.TestBridge;
import dev.concert.bridge.BridgeMessages.WebhookReply;
import dev.concert.bridge.GitHubAccountMessages.AppBegun;
import dev.concert.bridge.GitHubAccountMessages.AppConnected;
import dev.concert.bridge.GitHubAccountMessages.BeginApp;
import dev.concert.bridge.GitHubAccountMessages.BeginLink;
import dev.concert.bridge.GitHubAccountMessages.BindInstallation;
import dev.concert.bridge.GitHubAccountMessages.CompleteApp;
import dev.concert.bridge.GitHubAccountMessages.CompleteLink;
import dev.concert.bridge.GitHubAccountMessages.InstallationBound;
import dev.concert.bridge.GitHubAccountMessages.LinkBegun;
import dev.concert.bridge.GitHubAccountMessages.LinkState;
import dev.concert.bridge.GitHubAccountMessages.ReadLink;
import dev.concert.bridge.GitHubAccountMessages.RemoveLink;
import dev.concert.bridge.GitOriginMessages.OpenOrigin;
import dev.concert.bridge.GitOriginMessages.OriginOpened;
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
import dev.concert.repository.RepositoryMessages.PublishBranch;
import dev.concert.repository.RepositoryMessages.PublishedPull;
import dev.concert.repository.RepositoryMessages.PullRequest;
import dev.concert.repository.RepositoryMessages.PullRequests;
import dev.concert.repository.RepositoryMessages.ReadContents;
import dev.concert.repository.RepositoryMessages.Repositories;
import dev.concert.repository.RepositoryMessages.RepositoryNews;
import java.util.Set;

/**
 * The addresses of the GitHub service, which works at other forges, too. An App, or an account at
 * another forge, is a bridge to clients, so the messages about it are those of bridges.
 */
public final class GitHubAddresses {
  /** The platforms of bridges that the service has. */
  public static final Set<String> FORGES = Set.of("github", "gitlab", "gitea");

  public static final Address<DeliverWebhook, WebhookReply> DELIVER_WEBHOOK =
      any("webhook", DeliverWebhook.class, WebhookReply.class, ONCE);
  public static final Address<AddBridge, Bridge> ADD_APP =
      any("add", AddBridge.class, Bridge.class, ONCE);
  public static final Address<ListBridges, Bridges> LIST_APPS =
      any("list", ListBridges.class, Bridges.class, REPEATABLE);
  public static final Address<TestBridge, BridgeTested> TEST_APP =
      any("test", TestBridge.class, BridgeTested.class, REPEATABLE);
  public static final Address<RemoveBridge, Accepted> REMOVE_APP =
      any("remove", RemoveBridge.class, Accepted.class, REPEATABLE);
  public static final Address<ForgetTenant, Accepted> FORGET_TENANT =
      any("tenant.forget", ForgetTenant.class, Accepted.class, REPEATABLE);
  public static final Address<AskWriteAccess, WriteAccess> ASK_WRITE_ACCESS =
      any("write.access", AskWriteAccess.class, WriteAccess.class, REPEATABLE);

  /** Fails with a sentence for whoever runs git where the session has no repository. */
  public static final Address<OpenOrigin, OriginOpened> OPEN_ORIGIN =
      any("origin.open", OpenOrigin.class, OriginOpened.class, REPEATABLE);

  public static final Address<BeginApp, AppBegun> BEGIN_APP =
      any("app.begin", BeginApp.class, AppBegun.class, ONCE);
  public static final Address<CompleteApp, AppConnected> COMPLETE_APP =
      any("app.complete", CompleteApp.class, AppConnected.class, ONCE);
  public static final Address<BindInstallation, InstallationBound> BIND_INSTALLATION =
      any("installation.bind", BindInstallation.class, InstallationBound.class, REPEATABLE);
  public static final Address<BeginLink, LinkBegun> BEGIN_LINK =
      any("link.begin", BeginLink.class, LinkBegun.class, ONCE);
  public static final Address<CompleteLink, LinkState> COMPLETE_LINK =
      any("link.complete", CompleteLink.class, LinkState.class, ONCE);
  public static final Address<ReadLink, LinkState> READ_LINK =
      any("link.read", ReadLink.class, LinkState.class, REPEATABLE);
  public static final Address<RemoveLink, Accepted> REMOVE_LINK =
      any("link.remove", RemoveLink.class, Accepted.class, REPEATABLE);

  public static final Address<ListRepositories, Repositories> LIST_REPOSITORIES =
      any("repositories", ListRepositories.class, Repositories.class, REPEATABLE);
  public static final Address<ListBranches, Branches> LIST_BRANCHES =
      any("branches", ListBranches.class, Branches.class, REPEATABLE);
  public static final Address<ListPulls, PullRequests> LIST_PULLS =
      any("pulls", ListPulls.class, PullRequests.class, REPEATABLE);
  public static final Address<ListIssues, Issues> LIST_ISSUES =
      any("issues", ListIssues.class, Issues.class, REPEATABLE);
  public static final Address<ReadContents, Contents> READ_CONTENTS =
      any("contents", ReadContents.class, Contents.class, REPEATABLE);
  public static final Address<CreatePull, PullRequest> CREATE_PULL =
      any("pull.create", CreatePull.class, PullRequest.class, ONCE);
  public static final Address<PublishBranch, PublishedPull> PUBLISH_BRANCH =
      any("branch.publish", PublishBranch.class, PublishedPull.class, REPEATABLE);
  public static final Address<CreateIssue, Issue> CREATE_ISSUE =
      any("issue.create", CreateIssue.class, Issue.class, ONCE);
  public static final Address<CreateComment, IssueComment> CREATE_COMMENT =
      any("comment.create", CreateComment.class, IssueComment.class, ONCE);
  public static final Address<ListIssueRuns, IssueRuns> LIST_RUNS =
      any("runs", ListIssueRuns.class, IssueRuns.class, REPEATABLE);

  /** What happens in repositories, for clients and whoever else listens. */
  public static final Topic<RepositoryNews> NEWS =
      new Topic<>("github.news", RepositoryNews.class, Topic.Scope.CLUSTER);

  private GitHubAddresses() {}

  private static <Q extends Record, R extends Record> Address<Q, R> any(
      String operation, Class<Q> request, Class<R> reply, Address.Delivery delivery) {
    return Addresses.any(Service.GITHUB, operation, request, reply, delivery);
  }
}
