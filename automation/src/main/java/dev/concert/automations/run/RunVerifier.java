package dev.concert.automations.run;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.concert.automation.AutomationCheck;
import dev.concert.automations.store.AutomationRow;
import dev.concert.automations.store.RunRow;
import dev.concert.bus.Addresses;
import dev.concert.json.Json;
import dev.concert.podium.PodiumMessages.CheckOutcome;
import dev.concert.podium.PodiumMessages.RunCheck;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Says whether a run did its work, after its agent has ended. The agent is not believed: all checks
 * look at one copy of its workspace, and each command gets a copy of that copy and a sandbox of its
 * own.
 */
final class RunVerifier {
  /** For the copy and the sandbox, beside the command. */
  private static final Duration AROUND = Duration.ofSeconds(90);

  /** Exit code of the script that looks for tests and finds none. */
  private static final int NO_TESTS = 96;

  /** Starts the tests of a project by what lies in it. */
  private static final String FIND_TESTS =
      """
      if [ -f package.json ] && grep -q '"test"' package.json; then exec npm test; fi
      if [ -f Cargo.toml ]; then exec cargo test --offline; fi
      if [ -f go.mod ]; then exec go test ./...; fi
      if [ -f pom.xml ]; then exec mvn -o -q -B test; fi
      if [ -f gradlew ]; then exec ./gradlew --offline test; fi
      if find . -maxdepth 3 -name 'test_*.py' | grep -q .; then
        if python3 -c 'import pytest' 2>/dev/null; then exec python3 -m pytest -q; fi
        exec python3 -m unittest discover
      fi
      if [ -f Makefile ] && grep -q '^test:' Makefile; then exec make test; fi
      exit 96
      """;

  private final RunServices services;
  private final SessionFiles files;
  private final AutomationRow automation;

  RunVerifier(RunServices services, AutomationRow automation) {
    this.services = services;
    this.files = new SessionFiles(services.bus());
    this.automation = automation;
  }

  /**
   * Makes all checks.
   *
   * @param claim what the agent said last
   * @return fails where something of the platform does not answer; then it can be repeated
   */
  Future<CheckFinding> verify(RunRow run, String sessionId, String claim) {
    String copy = SessionFiles.copyFor(run.id());
    return files
        .copy(SessionFiles.of(sessionId), copy)
        .compose(_ -> all(run, copy, claim))
        .eventually(() -> files.remove(copy));
  }

  private Future<CheckFinding> all(RunRow run, String copy, String claim) {
    List<CheckFinding> results = new ArrayList<>();
    Future<Void> all = Future.succeededFuture();
    for (AutomationCheck check : automation.task().allChecks()) {
      all =
          all.compose(_ -> one(run, copy, check, claim))
              .map(
                  result -> {
                    results.add(result);
                    return null;
                  });
    }
    return all.map(_ -> CheckFinding.of(results));
  }

  private Future<CheckFinding> one(RunRow run, String copy, AutomationCheck check, String claim) {
    return switch (check.kind()) {
      case FILE, TEXT, JSON ->
          files.text(copy, check.path()).map(content -> ofFile(check, content));
      case SCHEMA -> files.text(copy, check.path()).compose(content -> ofSchema(check, content));
      case COMMAND ->
          command(run, copy, check, check.command()).map(outcome -> ofCommand(check, outcome));
      case TESTS ->
          command(run, copy, check, check.command() == null ? FIND_TESTS : check.command())
              .map(RunVerifier::ofTests);
      case REVIEW -> new RunReview(services, automation, check).of(run, copy, claim);
    };
  }

  private static CheckFinding ofFile(AutomationCheck check, Optional<String> content) {
    if (content.isEmpty()) {
      return CheckFinding.failed("The file " + check.path() + " is not there.");
    }
    boolean holds =
        switch (check.kind()) {
          case TEXT -> content.get().contains(check.expected());
          case JSON -> hasField(content.get(), check.expected());
          default -> true;
        };
    return holds
        ? CheckFinding.VERIFIED
        : CheckFinding.failed(
            check.kind() == AutomationCheck.Kind.TEXT
                ? "The file %s does not contain '%s'.".formatted(check.path(), check.expected())
                : "The file %s is not JSON with the field '%s'."
                    .formatted(check.path(), check.expected()));
  }

  /** A large file takes long, and a pattern of the schema may. */
  private static Future<CheckFinding> ofSchema(AutomationCheck check, Optional<String> content) {
    return content.isEmpty()
        ? Future.succeededFuture(ofFile(check, content))
        : Vertx.currentContext()
            .executeBlocking(() -> SchemaCheck.of(check.expected()).mismatch(content.get()), false)
            .map(
                mismatch ->
                    mismatch
                        .map(
                            why ->
                                CheckFinding.failed(
                                    "The file %s does not match the schema. %s"
                                        .formatted(check.path(), why)))
                        .orElse(CheckFinding.VERIFIED));
  }

  private static boolean hasField(String content, String field) {
    try {
      return Json.MAPPER.readTree(content).has(field);
    } catch (JsonProcessingException e) {
      return false;
    }
  }

  /** Each command begins with what the agent left, whatever another one changed. */
  private Future<CheckOutcome> command(
      RunRow run, String copy, AutomationCheck check, String command) {
    String own = SessionFiles.copyFor(run.id());
    return files
        .copy(copy, own)
        .compose(
            _ ->
                services
                    .bus()
                    .request(
                        Addresses.RUN_CHECK,
                        new RunCheck(own, command, check.seconds()),
                        AROUND.plusSeconds(check.seconds())))
        .eventually(() -> files.remove(own));
  }

  private static CheckFinding ofCommand(AutomationCheck check, CheckOutcome outcome) {
    return isZero(outcome)
        ? CheckFinding.VERIFIED
        : CheckFinding.failed("The command `%s` %s".formatted(check.command(), ending(outcome)));
  }

  private static CheckFinding ofTests(CheckOutcome outcome) {
    if (outcome.exitCode() != null && outcome.exitCode() == NO_TESTS) {
      return CheckFinding.needsPerson(
          "No tests are found in the workspace; name their command in the check.");
    }
    if (outcome.output().contains("Ran 0 tests") || outcome.output().contains("no tests ran")) {
      return CheckFinding.failed("No test ran.");
    }
    return isZero(outcome)
        ? CheckFinding.VERIFIED
        : CheckFinding.failed("The tests do not pass: the command " + ending(outcome));
  }

  private static boolean isZero(CheckOutcome outcome) {
    return outcome.exitCode() != null && outcome.exitCode() == 0;
  }

  private static String ending(CheckOutcome outcome) {
    String how =
        outcome.exitCode() == null
            ? "was killed. " + outcome.killed()
            : "ended with %d.".formatted(outcome.exitCode());
    return outcome.output().isEmpty() ? how : how + " It said:\n" + outcome.output() + "\n";
  }
}
