package dev.concert.platform.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TenantCommandTest {
  @TempDir Path data;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int run(String... arguments) {
    List<String> all = new ArrayList<>(List.of("tenant"));
    all.addAll(List.of(arguments));
    all.add("--data=" + data);
    return Main.commandLine()
        .setOut(new PrintWriter(out, true))
        .setErr(new PrintWriter(err, true))
        .execute(all.toArray(String[]::new));
  }

  @Test
  void aTenantIsCreatedListedAndOrderedToBeDeleted() {
    assertThat(run("list")).isZero();
    assertThat(out.toString()).contains("There are no tenants");
    assertThat(run("create", "acme", "--owner=ann@acme.example", "--title=Acme Inc")).isZero();
    assertThat(out.toString()).contains("first signs in as ann@acme.example");

    assertThat(run("list")).isZero();
    assertThat(out.toString()).containsPattern("acme  20.*Z  Acme Inc");
    assertThat(run("delete", "acme", "--confirm=acme")).isZero();
    assertThat(data.resolve("tenants/.deleting/acme")).exists();
  }

  @Test
  void whatCannotBeDoneIsOneSentenceAndChangesNothing() throws Exception {
    assertThat(run("create", "a/b", "--owner=ann@acme.example")).isEqualTo(1);
    assertThat(err.toString()).contains("cannot be the id of a tenant");
    assertThat(run("create", "acme", "--owner=ann")).isEqualTo(1);
    assertThat(err.toString()).contains("must be an e-mail address");
    assertThat(run("delete", "none", "--confirm=none")).isEqualTo(1);
    assertThat(err.toString()).contains("There is no tenant 'none'").doesNotContain("\tat ");
    assertThat(run("create", "acme", "--owner=ann@acme.example")).isZero();
    assertThat(run("create", "acme", "--owner=eve@acme.example")).isEqualTo(1);
    assertThat(err.toString()).contains("already");
    assertThat(run("delete", "acme", "--confirm=other")).isEqualTo(1);
    try (var folders = Files.list(data.resolve("tenants"))) {
      assertThat(folders.map(path -> path.getFileName().toString())).containsExactly("acme");
    }
  }
}
