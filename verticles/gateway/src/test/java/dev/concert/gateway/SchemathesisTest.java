package dev.concert.gateway;

import static dev.concert.gateway.ApiClient.json;

import dev.concert.foundation.config.ConfigReader;
import dev.concert.gateway.auth.AccessOptions;
import dev.concert.gateway.auth.address.TrustedProxies;
import dev.concert.testing.InstalledOnce;
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
  private static final Path SOURCES = Path.of("src", "test", "schemathesis").toAbsolutePath();
  private static final Path TOOL = Path.of("target", "schemathesis").toAbsolutePath();
  private static final Path WORK = Path.of("target", "schemathesis-work").toAbsolutePath();

  /** Installs it, unless these versions are installed already. */
  private static void install() throws Exception {
    Path versions = SOURCES.resolve("requirements.txt");
    ForeignProgram tool = new ForeignProgram(TOOL);
    InstalledOnce.in(
        TOOL,
        Files.readAllBytes(versions),
        () -> {
          tool.run("python3", "-m", "venv", ".");
          tool.run(
              tool("pip"),
              "install",
              "--quiet",
              "--no-compile",
              "--no-deps",
              "-r",
              versions.toString());
        });
  }

  private static String tool(String name) {
    return TOOL.resolve("bin").resolve(name).toString();
  }

  private static ForeignProgram program() throws Exception {
    install();
    Files.createDirectories(WORK);
    for (String file : List.of("schemathesis.toml", "hooks.py")) {
      Files.write(WORK.resolve(file), Files.readAllBytes(SOURCES.resolve(file)));
    }
    return new ForeignProgram(WORK);
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
      program.run(tool("python"), "-m", "openapi_spec_validator", "--", openApi(api));
      List<String> command =
          new ArrayList<>(
              List.of(
                  tool("st"),
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
        command.addAll(List.of("--phases=examples,fuzzing", "--max-examples=2", "--no-shrink"));
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
    Path file = WORK.resolve("openapi.json");
    Files.writeString(file, api.get("/openapi.json").body());
    return file.toString();
  }
}
