package dev.concert.coordinator.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What agents see of the toolchains below a developer's home. */
class ToolchainsTest {
  private static final String SECRET = "token-of-the-developer";

  private static final String PROGRAM =
      """
      import os, subprocess, sys
      home = %s
      for tool in ("node", "black", "cargo"):
          print(subprocess.run([tool], capture_output=True, text=True).stdout.strip())
      print(os.environ["CARGO_HOME"] == home + "/.cargo", os.environ["MAVEN_ARGS"])
      print(open(home + "/.m2/repository/a.pom").read())
      for folder, _, files in os.walk(home):
          for name in files:
              try:
                  text = open(os.path.join(folder, name)).read()
              except OSError:
                  text = ""
              if "%s" in text:
                  print("SEEN", folder, name)
      for place in (".cargo/bin/new", ".m2/repository/new", ".nvm/versions/node/v20.1.0/etc/new"):
          try:
              open(os.path.join(home, place), "w")
              print("WRITTEN", place)
          except OSError as error:
              print(error.errno in (1, 13, 30))
      """;

  @TempDir Path root;
  private Path home;

  @BeforeEach
  void makeHome() throws IOException {
    home = Files.createDirectory(root.resolve("home"));
    for (String version : List.of("v9.11.2", "v20.1.0", "v20.0.9", "v22.3.0")) {
      program(".nvm/versions/node/" + version + "/bin/node", version);
    }
    file(".nvm/alias/default", "20\n");
    program(".pyenv/shims/black", "the shim");
    file(".pyenv/versions/3.12.1/bin/python", "");
    program(".cargo/bin/cargo", "the cargo");
    file(".rustup/toolchains/stable/bin/rustc", "");
    file(".m2/repository/a.pom", "a library");
    for (String credentials :
        List.of(
            ".nvm/versions/node/v20.1.0/etc/npmrc",
            ".pyenv/versions/3.12.1/pip.conf",
            ".cargo/credentials.toml",
            ".m2/settings.xml",
            ".m2/settings-security.xml",
            ".npmrc",
            ".ssh/id_ed25519",
            ".config/gh/hosts.yml")) {
      file(credentials, SECRET);
    }
    // Nobody else may look into it.
    Files.setPosixFilePermissions(home, PosixFilePermissions.fromString("rwx------"));
  }

  @Test
  void anAgentUsesTheProgramsAndSeesNoCredentialsAndChangesNothing() throws Exception {
    assumeTrue(HostPrograms.find().bwrap().isPresent(), "bubblewrap is not installed");
    Path program = Files.createDirectories(root.resolve("program")).resolve("main.py");
    Files.writeString(program, PROGRAM.formatted("\"" + home + "\"", SECRET));
    try (SandboxedScript script =
        SandboxedScript.of(
            root,
            "agent",
            program,
            List.of(),
            OptionalInt.of(UserRange.DEFAULT.first() + 5),
            Map.of(),
            Toolchains.below(home))) {
      assertThat(script.run())
          .containsExactly(
              "v20.1.0",
              "the shim",
              "the cargo",
              "True -Dmaven.repo.local.tail=" + home + "/.m2/repository",
              "a library",
              "True",
              "True",
              "True");
    }
  }

  @Test
  void theNewestVersionIsUsedWhereNoneIsNamedAndAnEmptyHomeHasNothing() throws IOException {
    Files.delete(home.resolve(".nvm/alias/default"));
    assertThat(Toolchains.below(home).programs())
        .contains(home.resolve(".nvm/versions/node/v22.3.0/bin"))
        .doesNotContain(home.resolve(".nvm/versions/node/v9.11.2/bin"));
    assertThat(Toolchains.below(root.resolve("nobody"))).isEqualTo(Toolchains.NONE);
  }

  private void program(String path, String says) throws IOException {
    file(path, "#!/bin/sh\necho '" + says + "'\n");
    Files.setPosixFilePermissions(home.resolve(path), PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  private void file(String path, String text) throws IOException {
    Path file = home.resolve(path);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }
}
