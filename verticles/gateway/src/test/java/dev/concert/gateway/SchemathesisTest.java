package dev.concert.gateway;

import static dev.concert.gateway.ApiClient.json;

import dev.concert.foundation.config.ConfigReader;
import dev.concert.gateway.auth.AccessOptions;
import dev.concert.gateway.auth.address.TrustedProxies;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Schemathesis, from PyPI, sends every route what its description in the OpenAPI document allows
 * and what it forbids, and looks whether the answers are as described. A few requests for each
 * route; with {@code -Dconcert.schemathesis=N} as many, and sequences of them.
 */
class SchemathesisTest {
  private static final Path TOOL = Path.of("target", "schemathesis").toAbsolutePath();

  private static ForeignProgram program() throws Exception {
    Files.createDirectories(TOOL);
    for (String file : List.of("requirements.txt", "schemathesis.toml", "hooks.py")) {
      Files.write(
          TOOL.resolve(file), Files.readAllBytes(Path.of("src", "test", "schemathesis", file)));
    }
    ForeignProgram program = new ForeignProgram(TOOL);
    if (!Files.isExecutable(TOOL.resolve("bin/st"))) {
      program.run("python3", "-m", "venv", ".");
      program.run("bin/pip", "install", "--quiet", "--no-deps", "-r", "requirements.txt");
    }
    return program;
  }

  @Test
  void everyRouteAnswersAsItIsDescribed(@TempDir Path data) throws Exception {
    ForeignProgram program = program();
    Integer examples = Integer.getInteger("concert.schemathesis");
    try (RunningGateway gateway =
        RunningGateway.start(data, new Users(), SchemathesisTest::believesTheTool)) {
      gateway.podium.answer =
          delivered -> List.of(FakePodium.completed(delivered.messageId(), "Done."));
      ApiClient api = new ApiClient(gateway.port);
      json(api.post("/api/sessions", "{'agentType':'echo'}", Users.as("dev/anna")), 201);
      String url = "http://127.0.0.1:%d".formatted(gateway.port);
      program.run("bin/python", "-m", "openapi_spec_validator", "--", openApi(api));
      List<String> command =
          new ArrayList<>(
              List.of(
                  "bin/st",
                  "--config-file=schemathesis.toml",
                  "run",
                  url + "/openapi.json",
                  "--url=" + url,
                  "--workers=2",
                  "--no-color",
                  "--warnings=off",
                  "--seed=1",
                  "--continue-on-failure",
                  "--suppress-health-check=all",
                  "--request-timeout=60",
                  "--header=Authorization: Bearer dev/anna"));
      if (examples == null) {
        command.addAll(List.of("--phases=examples,fuzzing", "--max-examples=4", "--no-shrink"));
      } else {
        command.add("--max-examples=" + examples);
      }
      program.run(command.toArray(String[]::new));
    }
  }

  /** Believes the tool which address a request comes from. */
  private static GatewayOptions believesTheTool(GatewayOptions options) {
    TrustedProxies loopback =
        TrustedProxies.from(
            ConfigReader.root(new JsonObject().put("trustedProxies", JsonArray.of("127.0.0.1"))));
    return options.withAccess(AccessOptions.DEFAULT.withTrustedProxies(loopback));
  }

  private static String openApi(ApiClient api) throws Exception {
    Path file = TOOL.resolve("openapi.json");
    Files.writeString(file, api.get("/openapi.json").body());
    return file.toString();
  }
}
