package dev.concert.platform.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** The command line goes before the environment, and the environment before the defaults. */
class EnvironmentDefaultsTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          up                       |                        | --port | 8080
          up                       | PORT=9000              | --port | 9000
          up                       | PORT=                  | --port | 8080
          up --port 7000           | PORT=9000              | --port | 7000
          up --port 7000           | PORT=many              | --port | 7000
          up                       |                        | --host | 127.0.0.1
          up                       | CONCERT_HOST=::1       | --host | ::1
          up --host 127.0.0.2      | CONCERT_HOST=::1       | --host | 127.0.0.2
          up                       | HOSTNAME=a1b2c3        | --host | 127.0.0.1
          up                       | XDG_DATA_HOME=/home/u  | --data | /home/u/concert
          key list                 | XDG_DATA_HOME=/home/u  | --data | /home/u/concert
          chronicle verify         | CONCERT_DATA=/srv/c    | --data | /srv/c
          up                       | CONCERT_DATA=/srv/c DATA_DIR=/srv/old | --data | /srv/c
          up                       | DATA_DIR=/srv/concert  | --data | /srv/concert
          up --data here           | DATA_DIR=/srv/concert  | --data | here
          key list                 | DATA_DIR=/srv/concert  | --data | /srv/concert
          tenant list              | DATA_DIR=/srv/concert  | --data | /srv/concert
          chronicle verify         | DATA_DIR=/srv/concert  | --data | /srv/concert
          ensemble                 | DATA_DIR=/srv/concert  | --data | /srv/concert
          ensemble                 | PORT=9000              | --port | 8090
          """)
  void aVariableIsTakenWhereTheOptionIsNotGiven(
      String arguments, String variable, String option, String value) {
    CommandLine line = Main.commandLine(environment(variable));

    CommandLine.ParseResult parsed = line.parseArgs(arguments.split(" "));
    while (parsed.hasSubcommand()) {
      parsed = parsed.subcommand();
    }

    assertThat(parsed.commandSpec().findOption(option).<Object>getValue()).hasToString(value);
  }

  /** Otherwise it would start a server of its own although one runs. */
  @ParameterizedTest
  @ValueSource(strings = {"turn hello"})
  void theDataFolderOfTheServerIsNotThatOfATurn(String arguments) {
    CommandLine line = Main.commandLine(Map.of("DATA_DIR", "/srv/concert"));

    CommandLine.ParseResult parsed = line.parseArgs(arguments.split(" "));

    assertThat(parsed.subcommand().commandSpec().findOption("--data").<Object>getValue())
        .hasToString("Optional.empty");
  }

  @ParameterizedTest
  @ValueSource(strings = {"many", "-1", "8080/tcp", "tcp://10.0.0.1:8080"})
  void aPortThatIsNoneIsNamed(String port) {
    StringWriter err = new StringWriter();
    CommandLine line = Main.commandLine(Map.of("PORT", port)).setErr(new PrintWriter(err, true));

    assertThat(line.execute("up")).isEqualTo(2);
    assertThat(err.toString()).startsWith("The variable PORT must be a port from 0 to 65535.");
  }

  private static Map<String, String> environment(String variables) {
    Map<String, String> environment = new HashMap<>();
    if (variables != null) {
      Arrays.stream(variables.split(" "))
          .map(one -> one.split("=", 2))
          .forEach(one -> environment.put(one[0], one[1]));
    }
    return environment;
  }
}
