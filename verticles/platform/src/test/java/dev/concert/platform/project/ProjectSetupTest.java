package dev.concert.platform.project;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProjectSetupTest {
  @TempDir Path root;
  @TempDir Path kept;

  @ParameterizedTest
  @CsvSource({
    "package-lock.json, npm ci",
    "package-lock.json;yarn.lock, yarn install --frozen-lockfile",
    "uv.lock;requirements.txt, uv sync --frozen",
    "requirements.txt, python3 -m venv .venv && .venv/bin/pip install -r requirements.txt",
    "Cargo.lock;go.sum, cargo fetch --locked && go mod download",
  })
  void lockFilesProposeACommand(String files, String command) throws IOException {
    for (String file : files.split(";")) {
      Files.createFile(root.resolve(file));
    }
    assertThat(new ProjectSetup(root, kept).proposed()).contains(command);
  }

  @Test
  void anAnswerHoldsForThisCommandAndNoOther() {
    ProjectSetup setup = new ProjectSetup(root, kept);
    assertThat(setup.proposed()).isEmpty();
    assertThat(setup.answer("npm ci")).isEmpty();
    setup.remember("npm ci", false);
    assertThat(setup.answer("npm ci")).contains(false);
    assertThat(setup.answer("yarn install")).isEmpty();
  }
}
