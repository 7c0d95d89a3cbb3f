package dev.concert.github.webhook;

import java.util.Locale;

/** What can happen in a repository. */
public enum ForgeEventType {
  ISSUE_OPENED,
  ISSUE_CLOSED,
  ISSUE_REOPENED,
  ISSUE_ASSIGNED,
  ISSUE_LABELED,
  ISSUE_COMMENTED,
  PR_OPENED,
  PR_UPDATED,
  PR_CLOSED,
  PR_MERGED,
  PR_REVIEW_REQUESTED,
  PR_REVIEWED,
  PR_COMMENTED,
  PUSH,
  BRANCH_DELETED,
  CHECK_COMPLETED,
  WORKFLOW_COMPLETED,
  INSTALLATION_CHANGED;

  /** Such as {@code github.issue_opened}. */
  public String wireName() {
    return "github." + name().toLowerCase(Locale.ROOT);
  }
}
