package dev.concert.gateway.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concert.bus.Json;
import dev.concert.nativeagent.NativeEvent;
import dev.concert.protocol.ServerEvent;
import dev.concert.protocol.ServerEvent.UsageTotals;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class NativeEventMapperTest {
  private static final UsageTotals USAGE = new UsageTotals(3, 2, 1, "0.5", 1);

  @ParameterizedTest
  @MethodSource("table")
  void eachNativeEventBecomesItsClientEvent(NativeEvent event, ServerEvent expected) {
    assertThat(NativeEventMapper.map(event, USAGE)).containsExactly(expected);
  }

  static Stream<Arguments> table() {
    var arguments = Json.MAPPER.createObjectNode().put("command", "ls");
    return Stream.of(
        row(new NativeEvent.TextDelta("a"), new ServerEvent.TextDelta("a")),
        row(
            new NativeEvent.Complete("m", "end", "all"),
            new ServerEvent.TurnComplete("all", "end", USAGE)),
        row(
            new NativeEvent.Failed("m", "AGENT_CRASHED", "gone", true),
            new ServerEvent.TurnError("AGENT_CRASHED", "gone", true)),
        row(new NativeEvent.ToolCallStart("c", "bash"), new ServerEvent.ToolCallStart("c", "bash")),
        row(new NativeEvent.ToolCallDelta("c", "{"), new ServerEvent.ToolCallDelta("c", "{")),
        row(
            new NativeEvent.ToolCall("c", "bash", arguments),
            new ServerEvent.ToolCall("c", "bash", arguments)),
        row(
            new NativeEvent.ToolResult("c", "out", true, 5),
            new ServerEvent.ToolResult("c", "out", true, 5)),
        row(new NativeEvent.ToolError("c", "X", "bad"), new ServerEvent.ToolError("c", "X", "bad")),
        row(
            new NativeEvent.PermissionRequested("q", "c", "bash", arguments, "why"),
            new ServerEvent.PermissionRequested("q", "c", "bash", arguments, "why")),
        row(
            new NativeEvent.QuestionRequested(
                "q", List.of(new NativeEvent.Question("k", "?", "choice", List.of("a")))),
            new ServerEvent.QuestionRequested(
                "q", List.of(new ServerEvent.Question("k", "?", "choice", List.of("a"))))),
        row(new NativeEvent.ThinkingStart(), new ServerEvent.ThinkingStart()),
        row(new NativeEvent.ThinkingProgress("h"), new ServerEvent.ThinkingProgress("h")),
        row(new NativeEvent.ThinkingComplete(9), new ServerEvent.ThinkingComplete(9)),
        row(
            new NativeEvent.TerminalStream("c", "stdout", "x"),
            new ServerEvent.TerminalStream("c", "stdout", "x")),
        row(
            new NativeEvent.TerminalComplete("c", 1, 2),
            new ServerEvent.TerminalComplete("c", 1, 2)),
        row(new NativeEvent.SandboxInit("bubblewrap"), new ServerEvent.SandboxInit("bubblewrap")),
        row(
            new NativeEvent.SandboxProvisioning("creating", "x"),
            new ServerEvent.SandboxProvisioning("creating", "x")),
        row(new NativeEvent.SandboxReady(), new ServerEvent.SandboxReady()),
        row(new NativeEvent.SandboxRemoved("x"), new ServerEvent.SandboxRemoved("x")),
        row(
            new NativeEvent.Usage("m", "p", 1, 2, 3, "0.1"),
            new ServerEvent.UsageUpdate("m", "p", 1, 2, 3, "0.1")),
        row(new NativeEvent.ContextUsage(50, 200), new ServerEvent.UsageContext(50, 200, 0.25)),
        row(
            new NativeEvent.FileChanged("a", "renamed", 2, "b"),
            new ServerEvent.FileChanged("a", "renamed", 2, "b")),
        row(
            new NativeEvent.WorkspaceTrouble("WORKSPACE_FULL", "full"),
            new ServerEvent.Error("WORKSPACE_FULL", "full", null)),
        row(new NativeEvent.WorkspaceRecovered(), new ServerEvent.SandboxReady()));
  }

  @Test
  void whatSaysNothingIsNotShown() {
    assertThat(NativeEventMapper.map(new NativeEvent.TextDelta(""), USAGE)).isEmpty();
    assertThat(NativeEventMapper.map(new NativeEvent.ThinkingProgress(null), USAGE)).isEmpty();
    assertThat(NativeEventMapper.map(new NativeEvent.TextFinal("whole"), USAGE)).isEmpty();
  }

  @Test
  void aContextOfUnknownSizeHasNoRatio() {
    assertThat(NativeEventMapper.map(new NativeEvent.ContextUsage(5, 0), USAGE))
        .containsExactly(new ServerEvent.UsageContext(5, 0, 0));
  }

  private static Arguments row(NativeEvent event, ServerEvent expected) {
    return Arguments.of(event, expected);
  }
}
