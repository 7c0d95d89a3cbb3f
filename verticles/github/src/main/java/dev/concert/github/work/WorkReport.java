package dev.concert.github.work;

import dev.concert.error.ErrorCode;
import dev.concert.error.Problem;
import dev.concert.github.api.ForgeException;
import dev.concert.github.connection.ForgeConnection;
import dev.concert.github.forge.Forge;
import dev.concert.text.ShortText;
import java.util.List;
import java.util.Optional;

/**
 * What is said about work on a forge.
 *
 * @param page where people find sessions; empty for no links
 * @param forge on which it is said
 */
record WorkReport(Optional<String> page, Forge forge) {
  private static final int LONGEST_ANSWER = 20_000;
  private static final int SHORT_COMMIT = 10;
  private static final int LONGEST_TITLE = 200;

  /** The one comment that is changed as the work goes on. */
  String status(WorkItem item, List<WorkTask> tasks) {
    StringBuilder body =
        new StringBuilder(
            "👀 @%s asked me to %s this."
                .formatted(item.requester(), item.plan().isReview() ? "review" : "work on"));
    session(item).ifPresent(link -> body.append(' ').append(link));
    WorkTask last = tasks.getLast();
    body.append("\n\n").append(line(item, last));
    if (last.state().isOver() && last.results().filter(all -> !all.isEmpty()).isPresent()) {
      body.append("\n\n").append(results(last.results().get()));
    }
    item.pull()
        .ifPresent(pull -> body.append("\n\nMy changes are in %s.".formatted(forge.change(pull))));
    if (last.state().isOver()) {
      tasks.reversed().stream()
          .filter(task -> isShown(item, task, last))
          .findFirst()
          .ifPresent(task -> body.append("\n\n---\n\n").append(shortened(task.text())));
    }
    return body.toString();
  }

  /**
   * Whether what a task said is in the status: an answer that is nowhere else, or why the last one
   * is not done.
   */
  private static boolean isShown(WorkItem item, WorkTask task, WorkTask last) {
    boolean isElsewhere =
        task.isReply() || task.answerOn() != WorkTask.AnswerOn.STATUS || item.plan().isReview();
    return !task.text().isBlank()
        && (task.state() == WorkTask.State.DONE
            ? !isElsewhere
            : task.equals(last) && !task.isReply());
  }

  private String line(WorkItem item, WorkTask task) {
    if (item.plan().isReview() && task.state() == WorkTask.State.DONE) {
      return "✅ I am done. See my review.";
    }
    return switch (task.state()) {
      case WAITING -> "⏳ I begin soon.";
      case RUNNING -> "⏳ I work on it.";
      case PUBLISHING -> "⏳ I put it on " + forge.title() + ".";
      case CHECKING -> "⏳ I check it.";
      case DONE -> task.commit().isPresent() ? "✅ I am done." : "✅ I am done. Nothing changed.";
      case FAILED -> "⚠️ I could not do it.";
      case STOPPED -> "⏹️ I was stopped.";
    };
  }

  /** Why something is not done. */
  static String reason(Throwable failure) {
    if (failure instanceof GitException git) {
      return git.isMoved()
          ? "Somebody else moved my branch, and I do not overwrite that. Close this and"
              + " mention me again: then I begin from what is there."
          : "Git did not do it: " + git.getMessage();
    }
    Problem problem = Problem.of(ForgeException.atEdge(failure));
    return problem.code() == ErrorCode.AUTH_FAILED
        ? "Who asked for it is no member of Concert any more."
        : problem.forPerson();
  }

  /** How commands ended, for people. */
  static String results(List<CommandResult> results) {
    StringBuilder text = new StringBuilder();
    for (CommandResult one : results) {
      String name = one.name().replaceAll("[`\\r\\n]", " ");
      text.append(one.isGood() ? "✅ `" : "❌ `").append(name).append("`\n");
      if (!one.isGood() && !one.said().isBlank()) {
        text.append("\n```\n").append(one.said().replace("```", "'''")).append("\n```\n\n");
      }
    }
    return text.toString().strip();
  }

  /** The answer to a review comment, or to somebody who asked for more. */
  String reply(WorkTask task) {
    String first =
        switch (task.state()) {
          case DONE ->
              task.commit()
                  .map(sha -> "Done in " + sha.substring(0, SHORT_COMMIT) + ".")
                  .orElse("I changed nothing.");
          case STOPPED -> "I was stopped.";
          default -> "⚠️ I could not do it.";
        };
    // A thread notifies whoever is in it; elsewhere the name does.
    String said = task.isReply() ? first : "@%s %s".formatted(task.requester(), first);
    return task.text().isBlank() ? said : said + "\n\n" + shortened(task.text());
  }

  String pullTitle(WorkItem item) {
    String title = item.title().isBlank() ? "Issue " + item.number() : item.title();
    return ShortText.of(title, LONGEST_TITLE);
  }

  String pullBody(WorkItem item, WorkTask task, String changes) {
    StringBuilder body = new StringBuilder("Fixes #%d\n\n".formatted(item.number()));
    body.append(shortened(task.text())).append("\n\n");
    body.append("```\n").append(changes.replace("```", "'''")).append("\n```\n\n");
    body.append("@%s asked for it.".formatted(item.requester()));
    session(item).ifPresent(link -> body.append(' ').append(link));
    return body.toString();
  }

  String commitMessage(WorkItem item, WorkTask task) {
    String first =
        task.isReply()
            ? "Answer a review of " + changeOrIssue(item)
            : task.failedCommit().isPresent()
                ? "Mend a check of " + changeOrIssue(item)
                : pullTitle(item).replaceAll("\\s+", " ") + " (#%d)".formatted(item.number());
    return "%s\n\nCo-authored-by: %s <%s>\n"
        .formatted(first, task.requester(), forge.mail(task.requesterId(), task.requester()));
  }

  private String changeOrIssue(WorkItem item) {
    return item.pull().map(forge::change).orElseGet(() -> "#" + item.number());
  }

  /** Who makes the commits of a connection, {@code Name <mail>}. */
  String author(ForgeConnection connection) {
    return "%s <%s>"
        .formatted(connection.bot(), forge.mail(connection.accountId(), connection.bot()));
  }

  /** Where people find the session of an item. */
  Optional<String> link(WorkItem item) {
    return page.flatMap(at -> item.session().map(id -> "%s/#session=%s".formatted(at, id)));
  }

  private Optional<String> session(WorkItem item) {
    return link(item).map("[Session](%s)"::formatted);
  }

  private static String shortened(String text) {
    return text.length() <= LONGEST_ANSWER
        ? text.strip()
        : ShortText.of(text, LONGEST_ANSWER).strip() + "\n\n… (cut)";
  }
}
