package dev.concert.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concert.contract.OpenApiDocument;
import dev.concert.protocol.ServerEvent;
import dev.concert.testing.InstalledOnce;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A TypeScript client whose types are generated from the OpenAPI document: it compiles, and what it
 * does works.
 */
class GeneratedClientTest {
  private static final Path SOURCES = Path.of("src", "test", "client").toAbsolutePath();
  private static final Path PACKAGES = Path.of("target", "typescript").toAbsolutePath();
  private static final Path CLIENT = Path.of("target", "client").toAbsolutePath();

  /** Installs the packages, unless these versions are installed already. */
  private static void install() throws Exception {
    byte[] versions = Files.readAllBytes(SOURCES.resolve("package-lock.json"));
    InstalledOnce.in(
        PACKAGES,
        versions,
        () -> {
          copy("package.json", PACKAGES);
          copy("package-lock.json", PACKAGES);
          new ForeignProgram(PACKAGES)
              .run("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund");
        });
  }

  private static void copy(String file, Path folder) throws IOException {
    Files.write(folder.resolve(file), Files.readAllBytes(SOURCES.resolve(file)));
  }

  private static ForeignProgram program() throws Exception {
    install();
    Files.createDirectories(CLIENT);
    for (String file : List.of("package.json", "tsconfig.json", "use.ts")) {
      copy(file, CLIENT);
    }
    Path packages = CLIENT.resolve("node_modules");
    Files.deleteIfExists(packages);
    Files.createSymbolicLink(packages, PACKAGES.resolve("node_modules"));
    return new ForeignProgram(CLIENT);
  }

  @Test
  void aGeneratedClientCompilesAndWorks(@TempDir Path data) throws Exception {
    ForeignProgram program = program();
    Files.writeString(CLIENT.resolve("openapi.json"), OpenApiDocument.create().toString());
    program.run(
        "node", "node_modules/openapi-typescript/bin/cli.js", "openapi.json", "-o", "api.ts");
    program.run("node", "node_modules/typescript/bin/tsc");
    try (RunningGateway gateway = RunningGateway.start(data)) {
      gateway.podium.answer =
          delivered ->
              List.of(
                  dev.concert.agentevent.AgentEvent.ofInstance(new ServerEvent.TextDelta("Done.")),
                  FakePodium.completed(delivered.messageId(), "Done."));

      assertThat(program.run("node", "use.js", "http://127.0.0.1:" + gateway.port))
          .contains("sessionId");
    }
  }
}
