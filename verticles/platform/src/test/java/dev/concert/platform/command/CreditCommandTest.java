package dev.concert.platform.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

class CreditCommandTest {
  @TempDir private Path data;
  private final StringWriter said = new StringWriter();

  @BeforeEach
  void tenant() throws IOException {
    Files.createDirectories(data.resolve("tenants/acme"));
    Files.createFile(data.resolve("tenants/acme/registry.db"));
  }

  private int run(String... arguments) {
    PrintWriter to = new PrintWriter(said, true);
    CommandLine command = Main.commandLine().setOut(to).setErr(to);
    String[] all = new String[arguments.length + 3];
    all[0] = "credit";
    all[1] = "--data";
    all[2] = data.toString();
    System.arraycopy(arguments, 0, all, 3, arguments.length);
    return command.execute(all);
  }

  @Test
  void aPaymentCountsOnce() {
    assertThat(run("acme", "25", "--key", "invoice 17")).isZero();
    assertThat(run("acme", "25.00", "--key", "invoice 17")).isZero();
    assertThat(run("acme", "0.50", "--key", "invoice 18")).isZero();
    assertThat(said.toString().lines())
        .containsExactly(
            "The balance of acme is 25 USD.",
            "The balance of acme is 25 USD.",
            "The balance of acme is 25.5 USD.");
  }

  @ParameterizedTest
  @CsvSource({
    "nobody, 1, There is no tenant",
    "../acme, 1, There is no tenant",
    "acme, much, must be US dollars",
    "acme, 0, must be above 0"
  })
  void whatCannotBeAddedIsRefusedWithASentence(String tenant, String amount, String sentence) {
    assertThat(run(tenant, amount, "--key", "k")).isEqualTo(1);
    assertThat(said.toString()).contains(sentence);
    assertThat(data.resolve("tenants/acme/billing.db")).doesNotExist();
  }
}
