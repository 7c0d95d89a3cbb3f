package dev.concert.ensemble.demo.task;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** Finds out which tests there are and runs them with the right tool. */
public record RunTests() implements Task {
  private static final String PYTEST = "python3 -m pytest -q";
  private static final int PYTEST_FOUND_NOTHING = 5;
  private static final String UNITTEST = "python3 -m unittest discover -v";

  /** File names in a listing, the most specific first, and the command that runs their tests. */
  private static final List<Map.Entry<Pattern, String>> SIGNS =
      List.of(
          Map.entry(file("pom\\.xml"), "mvn -q test"),
          Map.entry(file("package\\.json"), "npm test"),
          Map.entry(file("Cargo\\.toml"), "cargo test"),
          Map.entry(file("go\\.mod"), "go test ./..."),
          Map.entry(file("(pytest\\.ini|conftest\\.py)"), PYTEST),
          Map.entry(file("(test_[\\w-]*|[\\w-]*_test)\\.py"), PYTEST));

  @Override
  public NextMove next(List<ToolExchange> past) {
    return switch (past.size()) {
      case 0 ->
          new NextMove.Act(
              "How the tests are run depends on what is there.",
              "I'll look which tests there are.",
              "list_files",
              Map.of());
      case 1 -> afterListing(past.getFirst());
      case 2 -> afterRunning(past.get(1));
      default -> report(UNITTEST, past.get(2));
    };
  }

  private static NextMove afterListing(ToolExchange list) {
    if (list.failed()) {
      return Phrases.failed("list the files", list);
    }
    return command(list.result())
        .map(command -> new RunCommand(command).next(List.of()))
        .orElseGet(
            () ->
                new NextMove.Stopped(
                    "I found no tests: no test_*.py, package.json, pom.xml, Cargo.toml or"
                        + " go.mod."));
  }

  private static NextMove afterRunning(ToolExchange run) {
    String command = run.call().arguments().path("command").asText();
    if (command.equals(PYTEST) && run.result().contains("No module named pytest")) {
      return new NextMove.Act(
          "pytest is not installed; unittest comes with Python.",
          "pytest is not installed here, so I'll use unittest.",
          "bash",
          Map.of("command", UNITTEST));
    }
    return report(command, run);
  }

  private static NextMove report(String command, ToolExchange run) {
    if (run.failed()) {
      return Phrases.failed("run the tests with " + Phrases.code(command), run);
    }
    String output = "\n\n" + Phrases.quote(run.result());
    if (command.equals(PYTEST) && run.exitCode().orElse(0) == PYTEST_FOUND_NOTHING) {
      return new NextMove.Stopped("There is no test in these files:" + output);
    }
    return run.exitCode().isPresent()
        ? new NextMove.Stopped("The tests failed (" + Phrases.code(command) + "):" + output)
        : new NextMove.Done("The tests passed (" + Phrases.code(command) + "):" + output);
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
