package dev.concert.platform.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concert.ensemble.access.TokenHash;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeyCommandTest {
  @TempDir Path data;
  private StringWriter out = new StringWriter();
  private StringWriter err = new StringWriter();

  private int run(String... arguments) {
    out = new StringWriter();
    err = new StringWriter();
    List<String> all = new ArrayList<>(List.of("key"));
    all.addAll(List.of(arguments));
    all.add("--data=" + data);
    return Main.commandLine()
        .setOut(new PrintWriter(out, true))
        .setErr(new PrintWriter(err, true))
        .execute(all.toArray(String[]::new));
  }

  @Test
  void aKeyIsPrintedOnceListedWithItsLimitsAndRevoked() {
    assertThat(
            run(
                "create",
                "ci",
                "--rpm=60",
                "--tpm=1000",
                "--model=demo",
                "--budget=12.50",
                "--per=day",
                "--customer=Acme"))
        .isZero();
    String key = out.toString().strip();
    assertThat(key).startsWith("ens_").doesNotContain(" ");

    assertThat(run("list")).isZero();
    assertThat(out.toString())
        .containsPattern("ci +Acme")
        .contains("60 requests/min", "1000 tokens/min", "$12.50 per day", "demo")
        .contains("enabled")
        .doesNotContain(key)
        .doesNotContain(TokenHash.of(key).hex());

    assertThat(run("revoke", key)).isZero();
    run("list");
    assertThat(out.toString()).contains("revoked");
  }

  @Test
  void aKeyOfATeamIsRotatedAndListedWithItsTeam() {
    run("team", "research", "--customer=Acme", "--budget=10");
    String team = out.toString().strip();
    run("team", "research", "--customer=Acme", "--model-budget=demo=5", "--per=day");
    assertThat(out.toString().strip()).isEqualTo(team).startsWith("team_");
    run("create", "ci", "--customer=Acme", "--team=research", "--model-budget=demo=2");
    String first = out.toString().strip();

    assertThat(run("rotate", first, "--overlap=60")).isZero();
    assertThat(out.toString().strip()).startsWith("ens_").isNotEqualTo(first);
    assertThat(run("rotate", first, "--overlap=60")).isEqualTo(1);

    run("list");
    assertThat(out.toString()).containsPattern("Acme +research +demo [$]2");
    assertThat(run("create", "ci", "--customer=Acme", "--team=none")).isEqualTo(1);
    assertThat(err.toString()).contains("no such team");
    assertThat(run("create", "ci", "--customer=Other", "--team=research")).isEqualTo(1);

    assertThat(run("team", "research", "--customer=Acme", "--delete")).isEqualTo(1);
    assertThat(err.toString()).contains("The team has 1 key.", "--revoke-keys");
    assertThat(run("team", "research", "--delete")).isEqualTo(1);
    assertThat(err.toString()).contains("has no such team");
    assertThat(run("team", "research", "--customer=Acme", "--revoke-keys")).isEqualTo(2);
    assertThat(run("team", "research", "--customer=Acme", "--delete", "--revoke-keys")).isZero();
    assertThat(out.toString()).contains(team + " is deleted; keys revoked with it: 1.");
    run("list");
    assertThat(out.toString()).contains("revoked").doesNotContain("research");
  }

  @Test
  void twoKeysOfACustomerHaveOneCustomer() {
    run("create", "a", "--customer=Acme");
    run("create", "b", "--customer=Acme");
    run("list");

    assertThat(out.toString().lines()).hasSize(3);
    assertThat(out.toString().lines().skip(1)).allMatch(line -> line.endsWith(" Acme"));
    assertThat(err.toString()).isEmpty();
  }

  @Test
  void aWrongValueIsRefusedAndNothingIsCreated() {
    assertThat(run("create", "ci", "--rpm=0")).isEqualTo(1);
    assertThat(err.toString()).contains("requests per minute: must be from 1");
    assertThat(run("create", "ci", "--per=year")).isEqualTo(2);
    assertThat(err.toString()).contains("--per");
    assertThat(run("create", "ci", "--budget=-1")).isEqualTo(1);
    assertThat(err.toString()).contains("budget must not be negative");
    assertThat(run("revoke", "key_none")).isEqualTo(1);
    assertThat(err.toString()).contains("no such key");
    run("list");
    assertThat(out.toString()).startsWith("There are no keys.");
  }
}
