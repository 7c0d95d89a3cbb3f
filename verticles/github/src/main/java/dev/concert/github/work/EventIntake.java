package dev.concert.github.work;

import dev.concert.error.ErrorCode;
import dev.concert.error.Problem;
import dev.concert.foundation.client.GatewayClient;
import dev.concert.github.api.GitHubException;
import dev.concert.github.api.RepositoryApi;
import dev.concert.github.api.RepositoryName;
import dev.concert.github.connection.GitHubConnection;
import dev.concert.github.webhook.GitHubEvent;
import io.vertx.core.Future;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides what an event starts. Only people who may write in the repository start work, and GitHub
 * is asked whether they may: what a payload says of a person is not believed.
 */
final class EventIntake {
  private static final Logger LOG = LoggerFactory.getLogger(EventIntake.class);
  private static final int ID_BYTES = 8;
  private static final int BRANCH_DIGITS = 6;
  private static final Pattern STOP = Pattern.compile("(?i)stop[.!]?");

  private final String tenantId;
  private final WorkServices services;
  private final WorkStore store;
  private final Function<String, Future<Void>> show;
  private final Consumer<String> wake;

  /**
   * @param show makes the status comment of an item what it is now
   * @param wake an item may have something to do
   */
  EventIntake(
      String tenantId,
      WorkServices services,
      WorkStore store,
      Function<String, Future<Void>> show,
      Consumer<String> wake) {
    this.tenantId = tenantId;
    this.services = services;
    this.store = store;
    this.show = show;
    this.wake = wake;
  }

  /** Completes when everything that the event asked for is durable. */
  Future<Void> handle(GitHubConnection connection, String delivery, GitHubEvent event) {
    if (event.isBot() || event.number() == 0) {
      return Future.succeededFuture();
    }
    Future<Boolean> served =
        connection.serves(event.owner())
            ? Future.succeededFuture(true)
            : services.accounts().isBound(connection.id(), event.installation());
    return served.compose(
        isServed -> isServed ? served(connection, delivery, event) : Future.succeededFuture());
  }

  private Future<Void> served(GitHubConnection connection, String delivery, GitHubEvent event) {
    return switch (event.type()) {
      case ISSUE_COMMENTED -> commented(connection, delivery, event);
      case PR_COMMENTED, PR_REVIEWED -> reviewed(connection, event);
      case ISSUE_ASSIGNED ->
          event.detail().equals(connection.bot())
              ? asked(connection, event, "assigned:" + delivery)
              : Future.succeededFuture();
      case ISSUE_LABELED ->
          event.detail().equalsIgnoreCase(connection.label())
              ? asked(connection, event, "labeled:" + delivery)
              : Future.succeededFuture();
      case ISSUE_CLOSED, PR_CLOSED, PR_MERGED ->
          open(connection, event)
              .compose(item -> item.map(this::close).orElseGet(() -> Future.succeededFuture()));
      default -> Future.succeededFuture();
    };
  }

  private Future<Optional<WorkItem>> open(GitHubConnection connection, GitHubEvent event) {
    return store.openFor(connection.id(), event.repositoryId(), event.number());
  }

  private static Optional<String> mention(GitHubConnection connection, String text) {
    String handles =
        connection.handles().stream().map(Pattern::quote).collect(Collectors.joining("|"));
    Pattern pattern = Pattern.compile("(?i)(?<![\\w@/`.-])@(?:" + handles + ")(?![\\w-])");
    // A quotation of somebody else is no mention.
    boolean isMentioned =
        text.lines().filter(line -> !line.startsWith(">")).anyMatch(pattern.asPredicate());
    return isMentioned
        ? Optional.of(pattern.matcher(text).replaceAll("").strip())
        : Optional.empty();
  }

  private Future<Void> commented(GitHubConnection connection, String delivery, GitHubEvent event) {
    Optional<String> mention = mention(connection, event.text());
    if (mention.isEmpty()) {
      return Future.succeededFuture();
    }
    return STOP.matcher(mention.get()).matches()
        ? permitted(connection, event)
            .compose(
                may ->
                    may
                        ? open(connection, event)
                            .compose(
                                item ->
                                    item.map(this::close).orElseGet(() -> Future.succeededFuture()))
                        : Future.succeededFuture())
        : asked(connection, event, "comment:" + event.commentId());
  }

  /** A pull request of ours: what is written on a line, or in a review, is for us. */
  private Future<Void> reviewed(GitHubConnection connection, GitHubEvent event) {
    boolean isPlain = event.subject().startsWith("/issues/comments/");
    if (event.text().isBlank() || isPlain && mention(connection, event.text()).isEmpty()) {
      return Future.succeededFuture();
    }
    return open(connection, event)
        .compose(
            item ->
                item.isEmpty()
                    ? Future.succeededFuture()
                    : permitted(connection, event)
                        .compose(
                            may ->
                                may
                                    ? goOn(connection, item.get(), event)
                                    : Future.succeededFuture()));
  }

  private Future<Void> asked(GitHubConnection connection, GitHubEvent event, String key) {
    return permitted(connection, event)
        .compose(may -> may ? open(connection, event) : Future.succeededFuture(null))
        .compose(
            item -> {
              if (item == null) {
                return Future.succeededFuture();
              }
              if (item.isEmpty()) {
                return begin(connection, event, id(connection, key));
              }
              // A label and a comment that come together are one piece of work.
              return event.commentId() == 0
                  ? Future.succeededFuture()
                  : goOn(connection, item.get(), event);
            });
  }

  private Future<Boolean> permitted(GitHubConnection connection, GitHubEvent event) {
    RepositoryApi repository = repository(connection, event);
    return repository
        .canWrite(event.sender())
        .compose(
            may -> {
              if (!may) {
                LOG.atInfo()
                    .addKeyValue("tenantId", tenantId)
                    .log("Somebody without write access asks for work on GitHub: ignored");
                return Future.succeededFuture(false);
              }
              return event.subject().isEmpty()
                  ? Future.succeededFuture(true)
                  : repository
                      .react(event.subject(), "eyes")
                      .map(true)
                      // What was deleted meanwhile cannot be looked at.
                      .recover(
                          failure ->
                              GitHubException.is(failure, 404)
                                  ? Future.succeededFuture(true)
                                  : Future.failedFuture(failure));
            });
  }

  private RepositoryApi repository(GitHubConnection connection, GitHubEvent event) {
    return services.repository(
        connection, event.installation(), new RepositoryName(event.owner(), event.repository()));
  }

  private Future<Void> begin(GitHubConnection connection, GitHubEvent event, String taskId) {
    long now = services.clock().now().toEpochMilli();
    String itemId = hash(taskId);
    WorkItem item =
        new WorkItem(
            itemId,
            connection.id(),
            event.installation(),
            new RepositoryName(event.owner(), event.repository()),
            event.repositoryId(),
            event.number(),
            event.title(),
            event.sender(),
            event.senderId(),
            "concert/issue-%d-%s".formatted(event.number(), itemId.substring(0, BRANCH_DIGITS)),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            false,
            Optional.empty(),
            true,
            now);
    return store
        .begin(item, task(taskId, itemId, WorkPrompt.forIssue(event), event, now))
        .compose(_ -> show.apply(itemId))
        .onSuccess(_ -> wake.accept(itemId));
  }

  private static WorkTask task(
      String id, String itemId, String prompt, GitHubEvent event, long now) {
    return new WorkTask(
        id,
        itemId,
        prompt,
        event.sender(),
        event.isOnLine() ? event.commentId() : 0,
        WorkTask.State.WAITING,
        Optional.empty(),
        1,
        0,
        "",
        Optional.empty(),
        now);
  }

  /** A turn that runs is steered; otherwise this is the next one. */
  private Future<Void> goOn(GitHubConnection connection, WorkItem item, GitHubEvent event) {
    String id = id(connection, "comment:" + event.commentId());
    WorkTask next =
        task(id, item.id(), WorkPrompt.more(event), event, services.clock().now().toEpochMilli());
    return store
        .tasks(item.id())
        .compose(
            tasks -> {
              boolean isKnown = tasks.stream().anyMatch(one -> one.id().equals(id));
              return isKnown || !isRunning(tasks) || next.isReply()
                  ? Future.succeededFuture(false)
                  : steer(connection, item, next);
            })
        .compose(steered -> steered ? Future.succeededFuture() : store.add(next))
        .compose(_ -> show.apply(item.id()))
        .onSuccess(_ -> wake.accept(item.id()));
  }

  private static boolean isRunning(List<WorkTask> tasks) {
    return tasks.stream().anyMatch(one -> one.state() == WorkTask.State.RUNNING);
  }

  private Future<Boolean> steer(GitHubConnection connection, WorkItem item, WorkTask task) {
    return services
        .gateway()
        .call(
            tenantId,
            connection.userId(),
            "steer",
            GatewayClient.request()
                .put("sessionId", item.session().orElseThrow())
                .put("text", task.prompt()))
        .map(true)
        .recover(
            failure ->
                Problem.of(failure).code() == ErrorCode.NO_TURN
                    ? Future.succeededFuture(false)
                    : Future.failedFuture(failure));
  }

  private Future<Void> close(WorkItem item) {
    return store
        .close(item.id())
        .compose(_ -> services.connections().find(item.connectionId()))
        .compose(
            connection ->
                connection.isEmpty() || item.session().isEmpty()
                    ? Future.succeededFuture()
                    : stopTurn(connection.get(), item))
        .compose(_ -> show.apply(item.id()));
  }

  private Future<Void> stopTurn(GitHubConnection connection, WorkItem item) {
    return services
        .gateway()
        .call(
            tenantId,
            connection.userId(),
            "stop_turn",
            GatewayClient.request().put("sessionId", item.session().get()))
        .<Void>mapEmpty()
        .recover(
            failure ->
                Problem.of(failure).code().httpStatus() < 500
                    ? Future.succeededFuture()
                    : Future.failedFuture(failure));
  }

  private static String id(GitHubConnection connection, String key) {
    return "github:" + connection.id().substring(0, ID_BYTES) + ":" + key;
  }

  private static String hash(String text) {
    try {
      byte[] all =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(all, 0, ID_BYTES);
    } catch (NoSuchAlgorithmException e) {
      throw new LinkageError("Every Java platform has SHA-256", e);
    }
  }
}
