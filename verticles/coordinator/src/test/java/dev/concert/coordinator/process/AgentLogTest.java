package dev.concert.coordinator.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AgentLogTest {
  @TempDir Path folder;

  private static void append(AgentLog log, String text) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    log.append(bytes, bytes.length);
  }

  @Test
  void theLogNeverGrowsAboveTwiceFourMebibytes() throws IOException {
    try (AgentLog log = new AgentLog(folder, "secret")) {
      for (int i = 0; i < 300; i++) {
        append(log, "x".repeat(65_535) + "\n");
      }
    }
    assertThat(Files.size(folder.resolve("logs/agent.log"))).isLessThanOrEqualTo(4 << 20);
    assertThat(Files.size(folder.resolve("logs/agent.log.1"))).isLessThanOrEqualTo(4 << 20);
    try (var files = Files.list(folder.resolve("logs"))) {
      assertThat(files).hasSize(2);
    }
  }

  @Test
  void theSecretIsTakenOutWhereverTheStreamIsCut() throws IOException {
    String line = "a secret-token b";
    for (int cut = 0; cut <= line.length(); cut++) {
      try (AgentLog log = new AgentLog(folder, "secret-token")) {
        append(log, line.substring(0, cut));
        append(log, line.substring(cut));
        assertThat(log.tail()).endsWith("a *** b");
      }
    }
    assertThat(Files.readString(folder.resolve("logs/agent.log"))).doesNotContain("secret");
  }

  @Test
  void aLineWithoutEndIsWrittenInPiecesThatStillHideTheSecret() throws IOException {
    try (AgentLog log = new AgentLog(folder, "secret-token")) {
      append(log, "x".repeat(70_000) + "secret-");
      append(log, "token" + "y".repeat(70_000));
    }
    assertThat(Files.readString(folder.resolve("logs/agent.log")))
        .contains("x***y")
        .doesNotContain("secret");
  }

  @Test
  void whatIsHiddenLaterIsTakenOutFromThenOn() throws IOException {
    try (AgentLog log = new AgentLog(folder, "token")) {
      append(log, "before\n");
      log.hide("pässword");
      log.hide("abc");
      append(log, "pässword and token, abc\n");
      assertThat(log.tail()).isEqualTo("before\n*** and ***, abc");
    }
    assertThat(Files.readString(folder.resolve("logs/agent.log"))).doesNotContain("pässword");
  }

  @Test
  void theTailIsAtMostTwentyLinesAndTwoKibibytes() throws IOException {
    try (AgentLog log = new AgentLog(folder, "secret")) {
      for (int i = 0; i < 100; i++) {
        append(log, "line " + i + "\n");
      }
      assertThat(log.tail()).startsWith("line 80\n").endsWith("line 99");
      append(log, "z".repeat(5000));
      assertThat(log.tail()).hasSize(2048);
    }
  }

  @Test
  void whatWasThereBeforeIsKept() throws IOException {
    try (AgentLog log = new AgentLog(folder, "secret")) {
      append(log, "first\n");
    }
    try (AgentLog log = new AgentLog(folder, "secret")) {
      append(log, "täglich");
      assertThat(log.tail()).isEqualTo("täglich");
    }
    assertThat(folder.resolve("logs/agent.log")).hasContent("first\ntäglich");
  }
}
