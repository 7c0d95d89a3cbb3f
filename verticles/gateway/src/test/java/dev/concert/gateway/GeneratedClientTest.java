package dev.concert.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concert.contract.OpenApiDocument;
import dev.concert.protocol.ServerEvent;
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
  private static final Path CLIENT = Path.of("target", "client").toAbsolutePath();

  private static ForeignProgram program() throws Exception {
    Files.createDirectories(CLIENT);
    for (String file : List.of("package.json", "package-lock.json", "tsconfig.json", "use.ts")) {
      Files.write(CLIENT.resolve(file), Files.readAllBytes(Path.of("src", "test", "client", file)));
    }
    ForeignProgram program = new ForeignProgram(CLIENT);
    if (!Files.isDirectory(CLIENT.resolve("node_modules/typescript"))) {
      program.run("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund");
    }
    return program;
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
