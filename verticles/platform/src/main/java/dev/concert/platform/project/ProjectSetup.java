package dev.concert.platform.project;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The command that makes a project's own tests run: what installs the packages that its lock files
 * name. It is proposed, confirmed once, and run in the sandbox of each new session. Blocking.
 */
public final class ProjectSetup {
  private static final String FILE = "setup.json";

  /** By the file that names exact versions; of one language the first that is there. */
  private static final List<Map<String, String>> COMMANDS =
      List.of(
          ordered(
              "pnpm-lock.yaml", "pnpm install --frozen-lockfile",
              "yarn.lock", "yarn install --frozen-lockfile",
              "package-lock.json", "npm ci",
              "npm-shrinkwrap.json", "npm ci"),
          ordered(
              "uv.lock", "uv sync --frozen",
              "poetry.lock", "poetry install",
              "Pipfile.lock", "pipenv sync --dev",
              "requirements.txt",
                  "python3 -m venv .venv && .venv/bin/pip install -r requirements.txt"),
          ordered("Cargo.lock", "cargo fetch --locked"),
          ordered("go.sum", "go mod download"),
          ordered("Gemfile.lock", "bundle install"),
          ordered("composer.lock", "composer install"));

  /**
   * @param wanted whether the user confirmed it
   */
  private record Answer(String command, boolean wanted) {}

  private final Path root;
  private final Path file;

  /**
   * @param root of the user's repository
   * @param folder where it is remembered what the user said
   */
  ProjectSetup(Path root, Path folder) {
    this.root = root;
    this.file = folder.resolve(FILE);
  }

  private static Map<String, String> ordered(String... pairs) {
    Map<String, String> commands = new LinkedHashMap<>();
    for (int i = 0; i < pairs.length; i += 2) {
      commands.put(pairs[i], pairs[i + 1]);
    }
    return commands;
  }

  /** What the lock files of the repository's own folder propose; empty where there are none. */
  public Optional<String> proposed() {
    List<String> commands = new ArrayList<>();
    for (Map<String, String> language : COMMANDS) {
      language.keySet().stream()
          .filter(lock -> Files.isRegularFile(root.resolve(lock)))
          .findFirst()
          .ifPresent(lock -> commands.add(language.get(lock)));
    }
    return commands.isEmpty() ? Optional.empty() : Optional.of(String.join(" && ", commands));
  }

  /** What the user said about this command; empty where it is another one than then. */
  public Optional<Boolean> answer(String command) {
    try {
      return Files.exists(file)
          ? Optional.of(ProjectStore.read(file, Answer.class))
              .filter(known -> known.command().equals(command))
              .map(Answer::wanted)
          : Optional.empty();
    } catch (IOException e) {
      throw new UncheckedIOException("What is known of the project's set-up is not readable", e);
    }
  }

  public void remember(String command, boolean wanted) {
    try {
      ProjectStore.write(file, new Answer(command, wanted));
    } catch (IOException e) {
      throw new UncheckedIOException("The answer about the project's set-up cannot be kept", e);
    }
  }
}
