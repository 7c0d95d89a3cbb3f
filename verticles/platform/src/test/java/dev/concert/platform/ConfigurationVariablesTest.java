package dev.concert.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.concert.foundation.config.ConfigException;
import dev.concert.platform.harness.Program;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A variable of the environment goes before the file; the page about them names every one. */
class ConfigurationVariablesTest {
  private static final String BUCKET_OF_CONTENTS = "'chronicle':{'s3':{'bucket':'contents'}}";

  /** What the code reads: a literal where the environment is asked. */
  private static final Pattern READ =
      Pattern.compile(
          "(?:getenv\\(|environment, |environment\\.get(?:OrDefault)?\\()\"([A-Z][A-Z0-9_]+)\"");

  enum Variable {
    ALLOWED_ORIGINS(
        "{'gateway':{'origins':['https://file.example']}}",
        "https://a.example, https://b.example:8443,",
        services -> services.gateway().access().origins(),
        "[https://file.example]",
        "[https://a.example, https://b.example:8443]"),
    AUTH_URL(
        "{'gateway':{'auth':{'issuer':'https://file.example','audience':'x'}}}",
        "https://variable.example",
        services -> services.gateway().auth().orElseThrow().issuer(),
        "https://file.example",
        "https://variable.example"),
    AUTH_CLIENT_ID(
        "{'gateway':{'auth':{'issuer':'https://file.example','clientId':'file'}}}",
        "variable",
        services -> services.gateway().auth().orElseThrow().clientId().orElseThrow(),
        "file",
        "variable"),
    CHRONICLE_S3_BUCKET(
        "{'chronicle':{'s3':{'bucket':'file'}}}",
        "variable",
        services -> services.chronicle().bucket().orElseThrow().s3().bucket(),
        "file",
        "variable"),
    ENSEMBLE_S3_BUCKET(
        "{'ensemble':{'s3':{'bucket':'file'}}}",
        "variable",
        services -> services.ensemble().bucket().orElseThrow().bucket(),
        "file",
        "variable"),
    BACKUP_S3_BUCKET(
        "{'backup':{'bucket':'file'}," + BUCKET_OF_CONTENTS + "}",
        "variable",
        services -> services.backup().orElseThrow().bucket().bucket(),
        "file",
        "variable"),
    AWS_REGION(
        "{'chronicle':{'s3':{'bucket':'contents','region':'file'}}}",
        "variable",
        services -> services.chronicle().bucket().orElseThrow().s3().region(),
        "file",
        "variable"),
    OTEL_EXPORTER_OTLP_ENDPOINT(
        "{}",
        "http://localhost:4318",
        services -> services.tracing().map(_ -> "traced"),
        "Optional.empty",
        "Optional[traced]");

    private final JsonObject config;
    private final String value;
    private final Function<Services, Object> read;
    private final String ofTheFile;
    private final String ofTheVariable;

    Variable(
        String config,
        String value,
        Function<Services, Object> read,
        String ofTheFile,
        String ofTheVariable) {
      this.config = new JsonObject(config.replace('\'', '"'));
      this.value = value;
      this.read = read;
      this.ofTheFile = ofTheFile;
      this.ofTheVariable = ofTheVariable;
    }
  }

  @ParameterizedTest
  @EnumSource
  void aVariableGoesBeforeTheFileUnlessItIsBlank(Variable variable) {
    String name = variable.name();

    assertThat(variable.read.apply(services(variable.config, Map.of())))
        .hasToString(variable.ofTheFile);
    assertThat(variable.read.apply(services(variable.config, Map.of(name, " "))))
        .hasToString(variable.ofTheFile);
    assertThat(variable.read.apply(services(variable.config, Map.of(name, variable.value))))
        .hasToString(variable.ofTheVariable);
  }

  @Test
  void anOriginThatIsNoneNamesTheVariable() {
    Map<String, String> environment = Map.of("ALLOWED_ORIGINS", "https://a.example,b.example/x");

    assertThatThrownBy(() -> services(new JsonObject(), environment))
        .isInstanceOf(ConfigException.class)
        .hasMessage(
            "ALLOWED_ORIGINS must be a list, with commas, of origins such as"
                + " https://concert.example:8443.");
  }

  @Test
  void thePageNamesEveryVariableThatTheCodeReads() throws IOException {
    String page = Files.readString(Program.home().resolve("docs/configuration.md"));
    Set<String> named =
        Pattern.compile("`([A-Z][A-Z0-9_]+)`")
            .matcher(page)
            .results()
            .map(found -> found.group(1))
            .collect(Collectors.toSet());

    assertThat(readByTheCode())
        .hasSizeGreaterThan(15)
        .allSatisfy(one -> assertThat(named).contains(one));
  }

  private static Set<String> readByTheCode() throws IOException {
    Set<String> read = new TreeSet<>();
    try (Stream<Path> files = Files.walk(Program.home())) {
      for (Path file : files.filter(ConfigurationVariablesTest::isOfTheProgram).toList()) {
        READ.matcher(Files.readString(file)).results().forEach(found -> read.add(found.group(1)));
      }
    }
    return read;
  }

  private static boolean isOfTheProgram(Path file) {
    String path = Program.home().relativize(file).toString();
    return path.endsWith(".java")
        && path.contains("src/main/java")
        && !path.startsWith("bench")
        && !path.startsWith("test-support");
  }

  private static Services services(JsonObject config, Map<String, String> environment) {
    return Services.read(
        new PlatformOptions("127.0.0.1", 0, Path.of("/data"), Program.home(), config), environment);
  }
}
