package dev.concert.agentevent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.concert.json.Json;
import dev.concert.protocol.ServerEvent;
import dev.concert.protocol.ServerEvent.UsageTotals;
import dev.concert.protocol.ServerProtocol;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.AlphaChars;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class AgentEventMapperTest {
  private static final JsonNode ARGUMENTS = json("{\"command\":\"ls\"}");

  /** The published names of gateway.md, section 4, then those of our agent protocol. */
  static Stream<Arguments> table() {
    return Stream.of(
        row(
            "created stream_start turn_started",
            "{}",
            new ServerEvent.TurnStarted(null, null, null)),
        row("update stream_update text_delta", "{'text':'a'}", new ServerEvent.TextDelta("a")),
        row(
            "complete stream_end stream_complete turn_complete",
            "{'final_text':'all','stop_reason':'max_tokens'}",
            new ServerEvent.TurnComplete("all", "max_tokens", UsageTotals.NONE)),
        row(
            "error turn_error",
            "{'code':'AGENT_CRASHED','message':'gone','retryable':true}",
            new ServerEvent.TurnError("AGENT_CRASHED", "gone", true)),
        row(
            "tool.call_start tool_call_start",
            "{'tool_call_id':'c','tool_name':'bash'}",
            new ServerEvent.ToolCallStart("c", "bash")),
        row(
            "tool.call_delta tool_call_delta",
            "{'tool_call_id':'c','arguments_delta':'x'}",
            new ServerEvent.ToolCallDelta("c", "x")),
        row(
            "tool.call tool_call",
            "{'tool_call_id':'c','tool_name':'bash','arguments':{'command':'ls'}}",
            new ServerEvent.ToolCall("c", "bash", ARGUMENTS)),
        row(
            "tool.result tool_result",
            "{'tool_call_id':'c','output':'out','truncated':true,'duration_ms':5}",
            new ServerEvent.ToolResult("c", "out", true, 5)),
        row(
            "tool.error tool_error",
            "{'tool_call_id':'c','code':'X','message':'bad'}",
            new ServerEvent.ToolError("c", "X", "bad")),
        row(
            "tool.question_requested question_requested question",
            "{'question_id':'q','questions':[{'key':'k','prompt':'?','kind':'choice','options':['a']}]}",
            new ServerEvent.QuestionRequested(
                "q", List.of(new ServerEvent.Question("k", "?", "choice", List.of("a"))))),
        row(
            "tool.permission_requested permission_requested permission",
            "{'question_id':'q','tool_call_id':'c','tool_name':'bash','arguments':{'command':'ls'},'reason':'why'}",
            new ServerEvent.PermissionRequested("q", "c", "bash", ARGUMENTS, "why")),
        row(
            "tool.approval_resolved approval_resolved",
            "{'question_id':'q','approved':true}",
            new ServerEvent.ApprovalResolved("q", true, null, null, null, null)),
        row("thinking.start thinking_start", "{}", new ServerEvent.ThinkingStart()),
        row(
            "thinking.progress thinking_update thinking_progress thinking",
            "{'text':'h'}",
            new ServerEvent.ThinkingProgress("h")),
        row(
            "thinking.complete thinking_complete",
            "{'duration_ms':9}",
            new ServerEvent.ThinkingComplete(9)),
        row(
            "terminal.stream terminal_stream terminal_output",
            "{'tool_call_id':'c','stream':'stdout','text':'x'}",
            new ServerEvent.TerminalStream("c", "stdout", "x")),
        row(
            "terminal.complete terminal_complete",
            "{'tool_call_id':'c','exit_code':1,'duration_ms':2}",
            new ServerEvent.TerminalComplete("c", 1, 2)),
        row(
            "sandbox.provisioning sandbox_provisioning",
            "{'phase':'creating','message':'m'}",
            new ServerEvent.SandboxProvisioning("creating", "m")),
        row("sandbox.init sandbox_init", "{'provider':'e2b'}", new ServerEvent.SandboxInit("e2b")),
        row("sandbox.ready sandbox_ready", "{}", new ServerEvent.SandboxReady()),
        row(
            "sandbox.removed sandbox_removed",
            "{'reason':'idle'}",
            new ServerEvent.SandboxRemoved("idle")),
        row(
            "plan.created",
            "{'plan_id':'p','title':'t','steps':[{'step_id':'s','title':'one'}]}",
            new ServerEvent.PlanCreated("p", "t", List.of(new ServerEvent.PlanStep("s", "one")))),
        row(
            "plan.step_started",
            "{'plan_id':'p','step_id':'s'}",
            new ServerEvent.PlanStepStarted("p", "s")),
        row(
            "plan.step_completed",
            "{'plan_id':'p','step_id':'s','outcome':'done'}",
            new ServerEvent.PlanStepCompleted("p", "s", "done")),
        row(
            "plan.revised",
            "{'plan_id':'p','steps':[],'reason':'new facts'}",
            new ServerEvent.PlanRevised("p", List.of(), "new facts")),
        row(
            "model.retry",
            "{'attempt':1,'delay_ms':3000,'code':'RATE_LIMITED','message':'m','replaces':true}",
            new ServerEvent.ModelRetry(1, 3000, "RATE_LIMITED", "m", true)),
        row(
            "context.compacted",
            "{'reason':'full','tokens_before':900,'tokens_after':100}",
            new ServerEvent.ContextCompacted("full", 900, 100)),
        row(
            "memory.extract memory.extracted",
            "{'memory_id':'m','text':'x'}",
            new ServerEvent.MemoryExtracted("m", "x")),
        row(
            "memory.recall memory.recalled",
            "{'memory_id':'m','text':'x'}",
            new ServerEvent.MemoryRecalled("m", "x")),
        row(
            "usage usage.update usage_update",
            "{'model':'m','provider':'p','input_tokens':1,'output_tokens':2,'cached_tokens':3,'cost':'0.1'}",
            new ServerEvent.UsageUpdate("m", "p", 1, 2, 3, "0.1")),
        row(
            "usage.context usage_context context_usage",
            "{'used_tokens':25,'max_tokens':100}",
            new ServerEvent.UsageContext(25, 100, 0.25)),
        row(
            "file.changed file_changed",
            "{'path':'a','change':'created','iteration':1}",
            new ServerEvent.FileChanged("a", "created", 1, null)));
  }

  private static Arguments row(String names, String content, ServerEvent expected) {
    return Arguments.of(names, content, expected);
  }

  @ParameterizedTest
  @MethodSource("table")
  void everyNameIsAcceptedAsTheMessageTypeAndAsTheEventTypeOfTheContent(
      String names, String content, ServerEvent expected) {
    for (String name : names.split(" ")) {
      assertThat(AgentEventMapper.map(name, json(content))).as(name).contains(expected);
      assertThat(AgentEventMapper.map("update", withEventType(content, name)))
          .as("update with event_type " + name)
          .contains(expected);
      assertThat(AgentEventMapper.map(null, withEventType(content, name)))
          .as("only event_type " + name)
          .contains(expected);
    }
  }

  @Test
  void theTableHereHasEveryNameThatAgentsMayUse() {
    Set<String> tested =
        table()
            .flatMap(row -> Stream.of(((String) row.get()[0]).split(" ")))
            .collect(Collectors.toCollection(HashSet::new));
    assertThat(ServerProtocol.rows().stream().flatMap(row -> row.agentNames().stream()))
        .containsExactlyInAnyOrderElementsOf(tested);
  }

  @Property(tries = 200)
  void anUnknownNameWithTextIsATextDelta(
      @ForAll @AlphaChars @StringLength(min = 12, max = 20) String name,
      @ForAll @StringLength(min = 1, max = 20) String text) {
    JsonNode content = Json.MAPPER.createObjectNode().put("text", text);
    assertThat(AgentEventMapper.map(name, content)).contains(new ServerEvent.TextDelta(text));
    assertThat(AgentEventMapper.map(null, content)).contains(new ServerEvent.TextDelta(text));
  }

  @ParameterizedTest
  @MethodSource("nothing")
  void whatHasNothingToShowIsDropped(String messageType, String content) {
    assertThat(AgentEventMapper.map(messageType, content == null ? null : json(content))).isEmpty();
  }

  static Stream<Arguments> nothing() {
    return Stream.of(
        Arguments.of(null, null),
        Arguments.of("sparkles", null),
        Arguments.of("sparkles", "{'size':3}"),
        Arguments.of("sparkles", "{'text':''}"),
        Arguments.of("update", "{'event_type':'sparkles','size':3}"),
        Arguments.of("thinking.progress", "{'text':''}"),
        Arguments.of("thinking_update", "{}"),
        Arguments.of("text_delta", "{'text':''}"),
        Arguments.of("text_final", "{'text':'was streamed before'}"));
  }

  @Test
  void aKnownEventTypeOfTheContentCountsMoreThanTheMessageType() {
    assertThat(
            AgentEventMapper.map(
                "tool.call", json("{'event_type':'thinking.start','tool_call_id':'c'}")))
        .contains(new ServerEvent.ThinkingStart());
    assertThat(AgentEventMapper.map("thinking.start", json("{'event_type':'sparkles'}")))
        .contains(new ServerEvent.ThinkingStart());
  }

  @Test
  void anOutputThatIsNoTextIsShownAsItsJson() {
    assertThat(AgentEventMapper.map("tool_result", json("{'tool_call_id':'c','output':{'n':[1]}}")))
        .contains(new ServerEvent.ToolResult("c", "{\"n\":[1]}", false, 0));
    assertThat(AgentEventMapper.map("tool_result", json("{'tool_call_id':'c'}")))
        .contains(new ServerEvent.ToolResult("c", "", false, 0));
  }

  @Test
  void aBlockOfCodeIsShownAsMarkdown() {
    assertThat(AgentEventMapper.map("code_block", json("{'language':'java','text':'int i;'}")))
        .contains(new ServerEvent.TextDelta("```java\nint i;\n```\n"));
  }

  @Test
  void aMissingOrWrongFieldIsNamed() {
    assertThatThrownBy(() -> AgentEventMapper.map("tool_call", json("{'tool_name':'bash'}")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("tool_call_id");
    assertThatThrownBy(
            () -> AgentEventMapper.map("thinking.complete", json("{'duration_ms':'long'}")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("duration_ms");
  }

  private static JsonNode withEventType(String content, String name) {
    return ((com.fasterxml.jackson.databind.node.ObjectNode) json(content)).put("event_type", name);
  }

  private static JsonNode json(String text) {
    try {
      return Json.MAPPER.readTree(text.replace('\'', '"'));
    } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
      throw new IllegalArgumentException(text, e);
    }
  }
}
