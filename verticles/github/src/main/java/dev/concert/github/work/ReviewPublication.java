package dev.concert.github.work;

import dev.concert.github.api.CheckAnnotation;
import dev.concert.github.api.ForgeException;
import dev.concert.github.api.PullReviews;
import dev.concert.github.api.PullReviews.LineComment;
import dev.concert.github.review.PullDiff;
import dev.concert.github.review.ReviewAnswer;
import dev.concert.github.work.WorkTask.State;
import io.vertx.core.Future;
import java.util.List;

/** Puts on the forge what an agent found in a pull request: a review, and the end of its check. */
record ReviewPublication(TaskContext context, CommitCheck check) {

  /** The next step. */
  Future<Void> step(WorkItem item, WorkTask task) {
    ReviewAnswer answer = ReviewAnswer.of(task.text());
    if (task.state() == State.PUBLISHING) {
      return publish(item, task, answer)
          .compose(_ -> context.store().said(task.id(), State.CHECKING, task.text()));
    }
    return check
        .end(
            item,
            task,
            answer.findings().stream()
                .filter(one -> one.line() > 0)
                .map(ReviewPublication::annotation)
                .toList())
        .compose(_ -> context.store().said(task.id(), State.DONE, answer.text()));
  }

  private static CheckAnnotation annotation(LineComment finding) {
    return new CheckAnnotation(finding.path(), finding.line(), "warning", finding.body());
  }

  private Future<Void> publish(WorkItem item, WorkTask task, ReviewAnswer answer) {
    PullReviews reviews = context.repository(item).reviews().orElseThrow();
    String key = "review:" + task.id();
    return reviews
        .isThere(item.number(), context.connection().bot(), WorkComment.mark(key))
        .compose(
            isThere ->
                isThere
                    ? Future.succeededFuture()
                    : reviews
                        .files(item.number())
                        .compose(
                            files ->
                                review(item, key, answer, answer.onLines(PullDiff.of(files)))));
  }

  private Future<Void> review(
      WorkItem item, String key, ReviewAnswer answer, List<LineComment> onLines) {
    return context
        .repository(item)
        .reviews()
        .orElseThrow()
        .review(
            item.number(),
            item.baseCommit().orElseThrow(),
            WorkComment.marked(answer.body(onLines), key),
            onLines)
        .recover(
            failure ->
                // The pull request changed meanwhile, so that a line is not there any more.
                ForgeException.is(failure, 422) && !onLines.isEmpty()
                    ? review(item, key, answer, List.of())
                    : Future.failedFuture(failure));
  }
}
