package dev.concert.github.work;

import dev.concert.foundation.client.WorkspaceCopies;
import dev.concert.github.api.CheckAnnotation;
import dev.concert.github.api.CheckConclusion;
import dev.concert.github.api.CommitStatus;
import dev.concert.github.rule.RuleCheck;
import dev.concert.github.work.WorkTask.State;
import dev.concert.podium.PodiumMessages.CheckOutcome;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The check of a commit: the commands of the repository's rules, on a copy of the workspace, and
 * what the forge shows of them.
 */
record CommitCheck(TaskContext context) {
  private static final int SETUP_SECONDS = 1800;

  /** Such as {@code src/a.py:3: what is wrong}. */
  private static final Pattern PLACE =
      Pattern.compile("([\\w.@-]+(?:/[\\w.@-]+)*):(\\d{1,6})(?::\\d+)?:? +(\\S.*)");

  /** One command, as it is run. */
  private record Command(String name, String run, int seconds, boolean isSetup) {}

  /** The next step: the check begins, its commands run. */
  Future<Void> step(WorkItem item, WorkTask task, String commit) {
    WorkStore store = context.store();
    if (task.checkRun().isEmpty()) {
      return checks(item)
          .begin(commit, key(task), context.report().link(item), "At work", progress(List.of()))
          .compose(id -> store.checkBegun(task.id(), id.orElse(0L)));
    }
    return task.results().isEmpty()
        ? commands(item, task).compose(results -> store.checked(task.id(), results))
        : Future.succeededFuture();
  }

  /** The next step of a task that has its changes on the forge. */
  Future<Void> afterChange(WorkItem item, WorkTask task) {
    return task.checkRun().isEmpty() || task.results().isEmpty()
        ? step(item, task, task.commit().orElseThrow())
        : end(item, task, List.of())
            .compose(_ -> context.store().said(task.id(), State.DONE, task.text()));
  }

  /** The check is over. */
  Future<Void> end(WorkItem item, WorkTask task, List<CheckAnnotation> findings) {
    if (task.checkRun().orElse(0) == 0) {
      return Future.succeededFuture();
    }
    List<CommandResult> results = task.results().orElse(List.of());
    boolean isGood = results.stream().allMatch(CommandResult::isGood);
    boolean isSure = !results.isEmpty() && findings.isEmpty();
    List<CheckAnnotation> annotations = new ArrayList<>(findings);
    results.stream().filter(one -> !one.isGood()).forEach(one -> annotations.addAll(places(one)));
    return checks(item)
        .complete(
            shown(item, task),
            isGood
                ? isSure ? CheckConclusion.SUCCESS : CheckConclusion.NEUTRAL
                : CheckConclusion.FAILURE,
            title(results, findings.size()),
            WorkReport.results(results) + "\n\n" + task.text(),
            annotations);
  }

  private CommitStatus checks(WorkItem item) {
    return context.repository(item).status();
  }

  /** A review is of what it began from, work of what it made. */
  private CommitStatus.Shown shown(WorkItem item, WorkTask task) {
    return new CommitStatus.Shown(
        item.plan().isReview() ? item.baseCommit().orElseThrow() : task.commit().orElseThrow(),
        task.checkRun().orElse(0),
        context.report().link(item));
  }

  private static String key(WorkTask task) {
    return task.id();
  }

  private static String title(List<CommandResult> results, int findings) {
    long failed = results.stream().filter(one -> !one.isGood()).count();
    if (failed > 0) {
      return "%d of %d commands failed".formatted(failed, results.size());
    }
    return findings > 0
        ? "%d findings".formatted(findings)
        : results.isEmpty() ? "Done" : "%d commands ended well".formatted(results.size());
  }

  private static String progress(List<CommandResult> results) {
    return results.isEmpty() ? "I work on it." : WorkReport.results(results);
  }

  private Future<List<CommandResult>> commands(WorkItem item, WorkTask task) {
    List<Command> commands = new ArrayList<>();
    item.plan().setup().forEach(line -> commands.add(new Command(line, line, SETUP_SECONDS, true)));
    for (RuleCheck one : item.plan().checks()) {
      commands.add(new Command(one.name(), one.run(), one.seconds(), false));
    }
    if (commands.isEmpty()) {
      return Future.succeededFuture(List.of());
    }
    WorkspaceCopies copies = new WorkspaceCopies(context.services().bus());
    String copy = WorkspaceCopies.copyFor(item.id());
    return copies
        .copy(WorkspaceCopies.of(item.session().orElseThrow()), copy)
        .compose(_ -> run(item, task, copies, copy, commands, new ArrayList<>()))
        .eventually(() -> copies.remove(copy));
  }

  /** One after the other; where a setup fails, nothing after it is run. */
  private Future<List<CommandResult>> run(
      WorkItem item,
      WorkTask task,
      WorkspaceCopies copies,
      String copy,
      List<Command> left,
      List<CommandResult> results) {
    if (left.isEmpty()) {
      return Future.succeededFuture(results);
    }
    Command first = left.getFirst();
    return copies
        .run(copy, first.run(), first.seconds())
        .compose(
            outcome -> {
              CommandResult result = result(first, outcome);
              results.add(result);
              boolean goesOn = result.isGood() || !first.isSetup();
              List<Command> next = goesOn ? left.subList(1, left.size()) : List.of();
              return shown(item, task, results)
                  .compose(_ -> run(item, task, copies, copy, next, results));
            });
  }

  private Future<Void> shown(WorkItem item, WorkTask task, List<CommandResult> results) {
    return task.checkRun().orElse(0) == 0
        ? Future.succeededFuture()
        : checks(item)
            .progress(
                shown(item, task),
                "%d commands ended".formatted(results.size()),
                progress(results));
  }

  private static CommandResult result(Command command, CheckOutcome outcome) {
    boolean isGood = outcome.exitCode() != null && outcome.exitCode() == 0;
    return new CommandResult(
        command.name(), isGood, (outcome.output() + "\n" + outcome.killed()).strip());
  }

  private static List<CheckAnnotation> places(CommandResult result) {
    List<CheckAnnotation> places = new ArrayList<>();
    for (String line : result.said().split("\n")) {
      Matcher place = PLACE.matcher(line.strip());
      if (place.matches() && Integer.parseInt(place.group(2)) > 0) {
        places.add(
            new CheckAnnotation(
                place.group(1), Integer.parseInt(place.group(2)), "failure", place.group(3)));
      }
    }
    return places;
  }
}
