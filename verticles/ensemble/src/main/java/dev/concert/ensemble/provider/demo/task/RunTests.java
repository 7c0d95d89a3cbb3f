package dev.concert.ensemble.provider.demo.task;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** Looks which tests there are and runs them with what fits. */
public record RunTests() implements Task {
  private static final String PYTEST = "python3 -m pytest -q";
  private static final int PYTEST_FOUND_NOTHING = 5;
  private static final String UNITTEST = "python3 -m unittest discover -v";

  /** File names in a listing, most telling first, and the command that runs their tests. */
  private static final List<Map.Entry<Pattern, String>> SIGNS =
      List.of(
          Map.entry(file("pom\\.xml"), "mvn -q test"),
          Map.entry(file("package\\.json"), "npm test"),
          Map.entry(file("Cargo\\.toml"), "cargo test"),
          Map.entry(file("go\\.mod"), "go test ./..."),
          Map.entry(file("(pytest\\.ini|conftest\\.py)"), PYTEST),
          Map.entry(file("(test_[\\w-]*|[\\w-]*_test)\\.py"), PYTEST));

  @Override
  public Move next(List<Exchange> past) {
    return switch (past.size()) {
      case 0 ->
          new Move.Act(
              "How the tests are run depends on what is there.",
              "I'll look which tests there are.",
              "list_files",
              Map.of());
      case 1 -> afterListing(past.getFirst());
      case 2 -> afterRunning(past.get(1));
      default -> report(UNITTEST, past.get(2));
    };
  }

  private static Move afterListing(Exchange list) {
    if (list.failed()) {
      return Phrases.failed("list the files", list);
    }
    return command(list.result())
        .map(command -> new RunCommand(command).next(List.of()))
        .orElseGet(
            () ->
                new Move.Stopped(
                    "I found no tests: no test_*.py, package.json, pom.xml, Cargo.toml or go.mod."));
  }

  private static Move afterRunning(Exchange run) {
    String command = run.call().arguments().path("command").asText();
    if (command.equals(PYTEST) && run.result().contains("No module named pytest")) {
      return new Move.Act(
          "pytest is not installed; unittest comes with Python.",
          "pytest is not installed here, so I'll use unittest.",
          "bash",
          Map.of("command", UNITTEST));
    }
    return report(command, run);
  }

  private static Move report(String command, Exchange run) {
    if (run.failed()) {
      return Phrases.failed("run the tests with " + Phrases.code(command), run);
    }
    String output = "\n\n" + Phrases.quote(run.result());
    if (command.equals(PYTEST) && run.exitCode().orElse(0) == PYTEST_FOUND_NOTHING) {
      return new Move.Stopped("There is no test in these files:" + output);
    }
    return run.exitCode().isPresent()
        ? new Move.Stopped("The tests failed (" + Phrases.code(command) + "):" + output)
        : new Move.Done("The tests passed (" + Phrases.code(command) + "):" + output);
  }

  private static Optional<String> command(String listing) {
    return SIGNS.stream()
        .filter(sign -> sign.getKey().matcher(listing).find())
        .map(Map.Entry::getValue)
        .findFirst();
  }

  private static Pattern file(String name) {
    return Pattern.compile("(?m)(^|/|\\s)" + name + "$");
  }
}
