package dev.concert.github.news;

import dev.concert.github.webhook.ForgeEvent;
import dev.concert.github.webhook.GitHubDetails;
import dev.concert.protocol.RepositoryEvent;
import dev.concert.protocol.RepositoryEvent.BranchDeleted;
import dev.concert.protocol.RepositoryEvent.BranchPushed;
import dev.concert.protocol.RepositoryEvent.CheckCompleted;
import dev.concert.protocol.RepositoryEvent.EventCheck;
import dev.concert.protocol.RepositoryEvent.EventComment;
import dev.concert.protocol.RepositoryEvent.EventIssue;
import dev.concert.protocol.RepositoryEvent.EventOrigin;
import dev.concert.protocol.RepositoryEvent.EventPull;
import dev.concert.protocol.RepositoryEvent.InstallationChanged;
import dev.concert.protocol.RepositoryEvent.IssueAssigned;
import dev.concert.protocol.RepositoryEvent.IssueClosed;
import dev.concert.protocol.RepositoryEvent.IssueCommented;
import dev.concert.protocol.RepositoryEvent.IssueLabeled;
import dev.concert.protocol.RepositoryEvent.IssueOpened;
import dev.concert.protocol.RepositoryEvent.IssueReopened;
import dev.concert.protocol.RepositoryEvent.PullClosed;
import dev.concert.protocol.RepositoryEvent.PullCommented;
import dev.concert.protocol.RepositoryEvent.PullMerged;
import dev.concert.protocol.RepositoryEvent.PullOpened;
import dev.concert.protocol.RepositoryEvent.PullReviewRequested;
import dev.concert.protocol.RepositoryEvent.PullReviewed;
import dev.concert.protocol.RepositoryEvent.PullUpdated;
import dev.concert.protocol.RepositoryEvent.WorkflowCompleted;

/** Makes the event that clients get. Each text in it has a bound, so that a frame stays small. */
final class EventNews {
  /** GitHub's own bound. */
  static final int LONGEST_TITLE = 256;

  static final int LONGEST_TEXT = 4000;
  private static final int LONGEST_NAME = 300;

  private EventNews() {}

  static RepositoryEvent of(String connectionId, String deliveryId, ForgeEvent event) {
    EventOrigin origin =
        new EventOrigin(
            connectionId,
            deliveryId,
            event.repository().isEmpty()
                ? null
                : name(event.owner()) + "/" + name(event.repository()),
            name(event.sender()),
            event.isBot());
    GitHubDetails more = event.more();
    return switch (event.type()) {
      case ISSUE_OPENED -> new IssueOpened(origin, issue(event), text(event.body()));
      case ISSUE_CLOSED -> new IssueClosed(origin, issue(event));
      case ISSUE_REOPENED -> new IssueReopened(origin, issue(event));
      case ISSUE_ASSIGNED -> new IssueAssigned(origin, issue(event), name(event.detail()));
      case ISSUE_LABELED -> new IssueLabeled(origin, issue(event), name(event.detail()));
      case ISSUE_COMMENTED -> new IssueCommented(origin, issue(event), comment(event));
      case PR_OPENED -> new PullOpened(origin, pull(event), text(event.body()));
      case PR_UPDATED -> new PullUpdated(origin, pull(event));
      case PR_CLOSED -> new PullClosed(origin, pull(event));
      case PR_MERGED -> new PullMerged(origin, pull(event));
      case PR_REVIEW_REQUESTED ->
          new PullReviewRequested(origin, pull(event), orNull(more.reviewer()));
      case PR_REVIEWED ->
          new PullReviewed(origin, pull(event), name(event.detail()), comment(event));
      case PR_COMMENTED -> new PullCommented(origin, pull(event), comment(event));
      case PUSH ->
          new BranchPushed(origin, name(event.detail()), more.head(), more.count(), more.url());
      case BRANCH_DELETED -> new BranchDeleted(origin, name(event.detail()));
      case CHECK_COMPLETED -> new CheckCompleted(origin, check(event));
      case WORKFLOW_COMPLETED -> new WorkflowCompleted(origin, check(event));
      case INSTALLATION_CHANGED ->
          new InstallationChanged(origin, name(event.owner()), name(event.detail()));
    };
  }

  private static EventIssue issue(ForgeEvent event) {
    return new EventIssue(event.number(), cut(event.title(), LONGEST_TITLE), event.more().url());
  }

  private static EventPull pull(ForgeEvent event) {
    GitHubDetails more = event.more();
    return new EventPull(
        event.number(),
        cut(event.title(), LONGEST_TITLE),
        more.url(),
        orNull(more.branch()),
        orNull(more.head()));
  }

  private static EventComment comment(ForgeEvent event) {
    return new EventComment(
        Long.toString(event.commentId()),
        text(event.text()),
        event.more().url(),
        event.isOnLine() ? name(event.path()) : null,
        event.isOnLine() ? event.line() : null);
  }

  private static EventCheck check(ForgeEvent event) {
    GitHubDetails more = event.more();
    return new EventCheck(
        name(more.check()), name(event.detail()), orNull(more.branch()), more.head(), more.url());
  }

  private static String orNull(String text) {
    return text.isEmpty() ? null : name(text);
  }

  private static String name(String text) {
    return cut(text, LONGEST_NAME);
  }

  private static String text(String text) {
    return cut(text, LONGEST_TEXT);
  }

  /** No character is cut in two. */
  private static String cut(String text, int longest) {
    return text.codePointCount(0, text.length()) <= longest
        ? text
        : text.substring(0, text.offsetByCodePoints(0, longest - 1)) + "…";
  }
}
