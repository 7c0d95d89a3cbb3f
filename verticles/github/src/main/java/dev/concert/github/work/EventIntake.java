package dev.concert.github.work;

import dev.concert.github.api.ChangeRequest;
import dev.concert.github.api.ForgeRepository;
import dev.concert.github.api.IssueRef;
import dev.concert.github.api.RepositoryName;
import dev.concert.github.connection.ForgeConnection;
import dev.concert.github.rule.RuleFile;
import dev.concert.github.rule.RulePermission;
import dev.concert.github.rule.RuleTerms;
import dev.concert.github.rule.WorkRule;
import dev.concert.github.webhook.ForgeEvent;
import dev.concert.github.webhook.ForgeEventType;
import io.vertx.core.Future;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Decides what an event starts. Only people who may write in the repository start work, or those
 * that its rules name. Whatever of mention, label and rule fits, an event starts one turn.
 */
final class EventIntake {
  private static final Pattern STOP = Pattern.compile("(?i)stop[.!]?");

  private final WorkServices services;
  private final WorkStore store;
  private final IssueConversation conversation;
  private final RuleBook rules;
  private final WorkStart start;
  private final FailedChecks failed;
  private final WorkAdmission admission;

  EventIntake(
      WorkServices services,
      WorkStore store,
      IssueConversation conversation,
      RuleBook rules,
      WorkStart start,
      WorkAdmission admission) {
    this.services = services;
    this.store = store;
    this.conversation = conversation;
    this.rules = rules;
    this.start = start;
    this.failed = new FailedChecks(store, start);
    this.admission = admission;
  }

  /** Completes when everything that the event asked for is durable. */
  Future<Void> handle(ForgeConnection connection, String delivery, ForgeEvent event) {
    return services
        .forge(connection)
        .serves(connection, event)
        .compose(isServed -> isServed ? served(connection, delivery, event) : nothing());
  }

  private Future<Void> served(ForgeConnection connection, String delivery, ForgeEvent event) {
    return switch (event.type()) {
      case CHECK_COMPLETED, WORKFLOW_COMPLETED -> failed.handle(connection, event);
      case INSTALLATION_CHANGED -> installation(connection, event);
      case PUSH, BRANCH_DELETED -> nothing();
      default ->
          event.isBot() || event.number() == 0
              ? nothing()
              : named(connection, event)
                  .compose(_ -> located(connection, event))
                  .compose(
                      located ->
                          conversation
                              .take(connection, located)
                              .compose(
                                  isAnswered ->
                                      isAnswered
                                          ? nothing()
                                          : take(connection, delivery, located)));
    };
  }

  private Future<ForgeEvent> located(ForgeConnection connection, ForgeEvent event) {
    return services
        .forge(connection)
        .installation(
            connection, event.installation(), new RepositoryName(event.owner(), event.repository()))
        .map(event::in);
  }

  private static Future<Void> nothing() {
    return Future.succeededFuture();
  }

  /** A repository may have got another name since the work began. */
  private Future<Void> named(ForgeConnection connection, ForgeEvent event) {
    return store.named(
        connection.id(),
        event.repositoryId(),
        new RepositoryName(event.owner(), event.repository()));
  }

  private Future<Void> take(ForgeConnection connection, String delivery, ForgeEvent event) {
    return switch (event.type()) {
      case ISSUE_CLOSED, PR_CLOSED, PR_MERGED ->
          open(connection, event)
              .compose(item -> item.map(start::close).orElseGet(EventIntake::nothing));
      default ->
          isStop(connection, event)
              ? stop(connection, event)
              : item(connection, event).compose(item -> asked(connection, delivery, event, item));
    };
  }

  private Future<Optional<WorkItem>> open(ForgeConnection connection, ForgeEvent event) {
    return store.openFor(
        connection.id(), event.repositoryId(), new IssueRef(event.number(), event.isAboutPull()));
  }

  /**
   * The work that an event is about. What is said of a pull request of ours may come before we know
   * its number: then its branch says so.
   */
  private Future<Optional<WorkItem>> item(ForgeConnection connection, ForgeEvent event) {
    return open(connection, event)
        .compose(
            found -> {
              if (found.isPresent() || !event.isAboutPull()) {
                return Future.succeededFuture(found);
              }
              boolean isForUs = event.isOnLine() || mention(connection, event).isPresent();
              if (event.more().branch().isEmpty() && !isForUs || event.more().isFork()) {
                return Future.succeededFuture(found);
              }
              return branch(connection, event)
                  .compose(
                      branch ->
                          store.openOn(connection.id(), event.repositoryId(), branch.orElse("")))
                  .compose(
                      item ->
                          item.isEmpty()
                              ? Future.succeededFuture(item)
                              : store.opened(item.get().id(), event.number()).map(item));
            });
  }

  private Future<Optional<String>> branch(ForgeConnection connection, ForgeEvent event) {
    return event.more().branch().isEmpty()
        ? repository(connection, event)
            .change(event.number())
            .map(found -> found.filter(pull -> !pull.isFork()).map(ChangeRequest::branch))
        : Future.succeededFuture(Optional.of(event.more().branch()));
  }

  private Optional<String> mention(ForgeConnection connection, ForgeEvent event) {
    String handles =
        connection.handles().stream().map(Pattern::quote).collect(Collectors.joining("|"));
    Pattern pattern = Pattern.compile("(?i)(?<![\\w@/`.-])@(?:" + handles + ")(?![\\w-])");
    // A quotation of somebody else is no mention.
    boolean isMentioned =
        event.text().lines().filter(line -> !line.startsWith(">")).anyMatch(pattern.asPredicate());
    return isMentioned
        ? Optional.of(pattern.matcher(event.text()).replaceAll("").strip())
        : Optional.empty();
  }

  private boolean isStop(ForgeConnection connection, ForgeEvent event) {
    return mention(connection, event).filter(text -> STOP.matcher(text).matches()).isPresent();
  }

  private Future<Void> stop(ForgeConnection connection, ForgeEvent event) {
    return admission
        .of(repository(connection, event), event, RuleTerms.NONE)
        .compose(
            may ->
                may.isPresent()
                    ? item(connection, event)
                    : Future.succeededFuture(Optional.empty()))
        .compose(
            item ->
                item.map(one -> start.stop(connection, one, event))
                    .orElseGet(EventIntake::nothing));
  }

  /** What asks for work in an event without a rule; empty where nothing does. */
  private Optional<String> ask(ForgeConnection connection, String delivery, ForgeEvent event) {
    String changed = event.more().changed().isEmpty() ? delivery : event.more().changed();
    return switch (event.type()) {
      case ISSUE_COMMENTED, PR_COMMENTED, PR_REVIEWED ->
          mention(connection, event).map(_ -> comment(event));
      case ISSUE_ASSIGNED ->
          Optional.of("assigned:%d:%s".formatted(event.number(), changed))
              .filter(_ -> event.detail().equals(connection.bot()));
      case ISSUE_LABELED ->
          Optional.of("labeled:%d:%s".formatted(event.number(), changed))
              .filter(_ -> event.detail().equalsIgnoreCase(connection.label()));
      case PR_REVIEW_REQUESTED ->
          Optional.of("review:%d:%s".formatted(event.number(), changed))
              .filter(_ -> event.detail().equals(connection.bot()));
      default -> Optional.empty();
    };
  }

  private static String comment(ForgeEvent event) {
    return "comment:" + event.commentId();
  }

  private Future<Void> asked(
      ForgeConnection connection, String delivery, ForgeEvent event, Optional<WorkItem> item) {
    Optional<String> ask = ask(connection, delivery, event);
    if (item.isPresent()) {
      // A label and a comment that come together are one piece of work.
      boolean isForUs = ask.isPresent() || isReviewOfOurs(event, item.get());
      return event.commentId() == 0 || event.text().isBlank() || !isForUs
          ? nothing()
          : goOn(connection, event, item.get());
    }
    return rules
        .of(connection, event)
        .compose(
            file -> {
              Optional<WorkRule> rule = file.ruleFor(event);
              return ask.isEmpty() && rule.isEmpty()
                  ? nothing()
                  : begin(connection, event, ask.orElse(key(delivery, event)), file, rule);
            });
  }

  private static String key(String delivery, ForgeEvent event) {
    String changed = event.more().changed().isEmpty() ? delivery : event.more().changed();
    return event.commentId() != 0
        ? comment(event)
        : "%s.%s:%d:%s"
            .formatted(event.more().event(), event.more().action(), event.number(), changed);
  }

  /** A pull request of ours: what is written on a line, or in a review, is for us. */
  private static boolean isReviewOfOurs(ForgeEvent event, WorkItem item) {
    boolean isReview = event.isOnLine() || event.type() == ForgeEventType.PR_REVIEWED;
    return isReview && !item.plan().isReview();
  }

  private Future<Void> goOn(ForgeConnection connection, ForgeEvent event, WorkItem item) {
    return rules
        .of(connection, event)
        .compose(file -> admission.of(repository(connection, event), event, file.terms()))
        .compose(
            most -> {
              // Who may only start what reads cannot steer what writes.
              boolean may =
                  most.filter(one -> item.plan().permission().compareTo(one) >= 0).isPresent();
              return may ? start.goOn(connection, item, event) : nothing();
            });
  }

  private Future<Void> begin(
      ForgeConnection connection,
      ForgeEvent event,
      String key,
      RuleFile file,
      Optional<WorkRule> rule) {
    ForgeRepository repository = repository(connection, event);
    RuleTerms terms = file.termsOf(rule);
    return admission
        .of(repository, event, terms)
        .compose(
            most -> {
              if (most.isEmpty()) {
                return nothing();
              }
              Optional<String> wanted = rule.flatMap(WorkRule::prompt);
              return isClosedSince(repository, event)
                  .compose(
                      isClosed ->
                          isClosed
                              ? nothing()
                              : event.isAboutPull()
                                  ? review(
                                      connection, repository, event, key, terms, most.get(), wanted)
                                  : issue(
                                      connection,
                                      repository,
                                      event,
                                      key,
                                      terms,
                                      most.get(),
                                      wanted));
            });
  }

  /** It was closed after somebody asked for work, whichever of the two is told first. */
  private static Future<Boolean> isClosedSince(ForgeRepository repository, ForgeEvent event) {
    return event.more().state().equals("open")
        ? repository
            .isOpen(new IssueRef(event.number(), event.isAboutPull()))
            .map(isOpen -> !isOpen)
        : Future.succeededFuture(false);
  }

  private Future<Void> issue(
      ForgeConnection connection,
      ForgeRepository repository,
      ForgeEvent event,
      String key,
      RuleTerms terms,
      RulePermission most,
      Optional<String> wanted) {
    return admission
        .ofIssue(connection, repository, event)
        .map(limit -> WorkPlan.of(WorkPlan.Kind.ISSUE, terms, most.and(limit)))
        .compose(
            plan ->
                start.begin(
                    connection, event, key, WorkPrompt.forIssue(event, wanted, plan), plan));
  }

  private Future<Void> review(
      ForgeConnection connection,
      ForgeRepository repository,
      ForgeEvent event,
      String key,
      RuleTerms terms,
      RulePermission most,
      Optional<String> wanted) {
    if (repository.reviews().isEmpty()) {
      return nothing();
    }
    return repository
        .change(event.number())
        .compose(
            pull ->
                pull.isEmpty()
                    ? nothing()
                    : WorkAdmission.ofPull(repository, pull.get())
                        .map(limit -> WorkPlan.of(WorkPlan.Kind.REVIEW, terms, most.and(limit)))
                        .compose(
                            plan ->
                                start.begin(
                                    connection,
                                    event,
                                    key,
                                    WorkPrompt.forReview(event, wanted, pull.get()),
                                    plan)));
  }

  /** The App is not there any more: nothing can be done, and its tokens are of no use. */
  private Future<Void> installation(ForgeConnection connection, ForgeEvent event) {
    if (!Set.of("deleted", "suspend").contains(event.detail())) {
      return nothing();
    }
    services.forge(connection).forget(connection);
    return store
        .openInstalled(connection.id(), event.installation())
        .compose(items -> Future.join(items.stream().map(start::close).toList()).<Void>mapEmpty());
  }

  private ForgeRepository repository(ForgeConnection connection, ForgeEvent event) {
    return services.repository(
        connection, event.installation(), new RepositoryName(event.owner(), event.repository()));
  }
}
