package dev.concert.automation;

import java.util.List;

/** What other services tell the automation engine, so that automations begin. */
public interface EventMessages {

  /**
   * Somebody who is known as a member wrote a message in a chat of the tenant.
   *
   * @param eventId the platform's, the same when the message comes again
   * @param connectionId of the bridge
   * @param channel the platform's id
   * @param userId the member who wrote it
   * @param isDirect whether only that member and Concert see it
   */
  record ChatEvent(
      String tenantId,
      String eventId,
      String platform,
      String connectionId,
      String channel,
      String userId,
      String text,
      boolean isDirect) {}

  /**
   * Something happened in a repository of the tenant.
   *
   * @param deliveryId the same when it comes again
   * @param connectionId of the App
   * @param type GitHub's name, such as {@code issues}
   * @param action such as {@code opened}; empty where the type has none
   * @param number of the issue or pull request; 0 for none
   * @param sender login of whoever did it
   * @param label that came or went; empty for none
   * @param labels of the issue or pull request
   * @param branch where was pushed, or where the pull request is to go; empty for none
   * @param details JSON for the agent
   */
  record RepositoryActivity(
      String tenantId,
      String deliveryId,
      String connectionId,
      long installation,
      String type,
      String action,
      String owner,
      String repository,
      int number,
      String sender,
      String label,
      List<String> labels,
      String branch,
      String details) {

    /** Such as {@code acme/site}. */
    public String fullName() {
      return owner + "/" + repository;
    }
  }

  /**
   * How the work is that a rule of a repository began. The same work comes again whenever it is
   * other than before.
   *
   * @param owner for whom it runs: the member who connected the App
   * @param repository such as {@code acme/site}
   * @param rule its name
   * @param line of the rule in the file
   * @param prompt what the rule asks for; empty for what the event says
   * @param workId of the work on one issue
   * @param number of the issue or pull request
   * @param begunAt Unix ms
   * @param state {@code queued}, {@code running}, {@code succeeded}, {@code failed} or {@code
   *     stopped}
   * @param sessionId null before there is one
   * @param error a sentence; empty if there is none
   * @param pullUrl null if there is none
   */
  record RuleWork(
      String tenantId,
      String owner,
      String repository,
      String file,
      String rule,
      int line,
      String prompt,
      String workId,
      int number,
      long begunAt,
      String state,
      String sessionId,
      String error,
      String pullUrl) {}

  /**
   * An event is durable wherever an automation waits for it.
   *
   * @param automations that it begins, or would have begun when it came first
   */
  record EventTaken(int automations) {}

  /** Asks whether somebody may write in a repository now. */
  record AskWriteAccess(
      String tenantId,
      String connectionId,
      long installation,
      String owner,
      String repository,
      String login) {}

  record WriteAccess(boolean isGranted) {}
}
