package dev.concert.ensemble.clients;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.concert.ensemble.EnsembleClient;
import dev.concert.ensemble.RunningEnsemble;
import io.vertx.core.MultiMap;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What Claude Code expects of a gateway, row by row.
 *
 * <p>Source: https://code.claude.com/docs/en/llm-gateway-protocol
 */
class ClaudeCodeProtocolTest {
  @TempDir static Path folder;
  private static ClaudeCodeCalls calls;

  @BeforeAll
  static void start() {
    calls = new ClaudeCodeCalls(folder.resolve("ledger.db"));
  }

  @AfterAll
  static void stop() {
    calls.close();
  }

  @BeforeEach
  void answer() {
    calls.reset();
  }

  @ParameterizedTest
  @CsvSource({"true, false", "false, true", "true, true"})
  void theCredentialIsTakenInOneOrBothHeadersAndStaysHere(boolean bearer, boolean apiKey)
      throws Exception {
    HttpRequest.Builder request = calls.messages(ClaudeCodeCalls.BODY);
    if (bearer) {
      ClaudeCodeCalls.withKey(request);
    }
    if (apiKey) {
      request.header("x-api-key", RunningEnsemble.KEY);
    }

    assertThat(calls.send(request).statusCode()).isEqualTo(200);

    ClaudeCodeCalls.Asked theirs = calls.asked();
    assertThat(theirs.path()).isEqualTo("/v1/messages");
    assertThat(theirs.headers().get("x-api-key")).isEqualTo("sk-the-vendors-key");
    assertThat(theirs.headers().toString() + theirs.body()).doesNotContain(RunningEnsemble.KEY);
  }

  @Test
  void headersOfTheApiGoOnAsAnOpenListAndThoseOfTheSessionDoNotHaveTo() throws Exception {
    String betas = "claude-code-20250219,not-known-yet-2027-01-01,interleaved-thinking-2025-05-14";
    HttpRequest.Builder request =
        ClaudeCodeCalls.withKey(calls.messages(ClaudeCodeCalls.BODY))
            .header("anthropic-beta", betas)
            .header("anthropic-not-known-yet", "7")
            .header("anthropic-workspace-id", "wrkspc_of_somebody")
            .header("x-claude-code-session-id", "session-7")
            .header("x-claude-code-agent-id", "agent-1")
            .header("x-claude-code-parent-agent-id", "agent-0")
            .header("x-of-the-developer", "anything");

    HttpResponse<String> answer = calls.send(request);

    assertThat(answer.statusCode()).isEqualTo(200);
    MultiMap theirs = calls.asked().headers();
    assertThat(theirs.get("anthropic-version")).isEqualTo("2023-06-01");
    assertThat(theirs.get("anthropic-beta")).isEqualTo(betas);
    assertThat(theirs.get("anthropic-not-known-yet")).isEqualTo("7");
    // Who pays is the operator's choice.
    assertThat(theirs.get("anthropic-workspace-id")).isNull();
    String rows = calls.ensemble().client().get("/api/v1/usage/export?format=jsonl").body();
    assertThat(rows).contains("session-7");
  }

  @Test
  void theSystemPromptArrivesAsItIsWithTheAttributionFirst() throws Exception {
    calls.send(ClaudeCodeCalls.withKey(calls.messages(ClaudeCodeCalls.BODY)));

    assertThat(calls.asked().body().path("system"))
        .isEqualTo(EnsembleClient.json(ClaudeCodeCalls.BODY).path("system"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "adaptive reasoning | '' | {'thinking':{'type':'adaptive'}}",
        "context management | context-management-2025-06-27 |"
            + " {'context_management':{'edits':[{'type':'clear_tool_uses_20250919'}]}}",
        "extended context, interleaved thinking |"
            + " context-1m-2025-08-07,interleaved-thinking-2025-05-14 | {}",
        "beta tool fields | advanced-tool-use-2025-11-20,structured-outputs-2025-11-13 |"
            + " {'tools':[{'name':'t','input_schema':{'type':'object'},'strict':true,'defer_loading':true}]}",
        "fine-grained tool streaming | fine-grained-tool-streaming-2025-05-14 |"
            + " {'tools':[{'name':'t','input_schema':{'type':'object'},'eager_input_streaming':true}]}",
        "effort, structured outputs | effort-2025-11-24,structured-outputs-2025-11-13 |"
            + " {'output_config':{'effort':'high','format':{'type':'json_schema','schema':{'type':'object'}}}}",
        "task budgets | task-budgets-2026-03-13 |"
            + " {'output_config':{'task_budget':{'type':'tokens','total':9000}}}",
        "system messages inside | mid-conversation-system-2026-04-07 |"
            + " {'messages':[{'role':'user','content':'a'},{'role':'assistant','content':'b'},"
            + "{'role':'system','content':'c'},{'role':'user','content':'d'}]}",
        "what comes next | not-known-yet-2027-01-01 | {'not_known_yet':{'a':[1.10,null]}}"
      })
  void aFeatureArrivesWithBothItsHalves(String feature, String beta, String fields)
      throws Exception {
    HttpRequest.Builder request =
        ClaudeCodeCalls.withKey(calls.messages(ClaudeCodeCalls.with(fields)));
    if (!beta.equals("''")) {
      request.header("anthropic-beta", beta);
    }

    HttpResponse<String> answer = calls.send(request);

    assertThat(answer.statusCode()).as(feature + answer.body()).isEqualTo(200);
    ClaudeCodeCalls.Asked theirs = calls.asked();
    assertThat(theirs.headers().get("anthropic-beta")).isEqualTo(beta.equals("''") ? null : beta);
    EnsembleClient.json(fields.replace('\'', '"'))
        .properties()
        .forEach(
            field -> assertThat(theirs.body().path(field.getKey())).isEqualTo(field.getValue()));
    assertThat(theirs.body().path("messages").toString()).isNotEmpty();
  }

  @Test
  void elsewhereBothHalvesOfAFeatureAreOffTogether() {
    HttpResponse<String> answer =
        calls.send(
            ClaudeCodeCalls.withKey(
                    calls.messages(
                        ClaudeCodeCalls.with(
                            "{'model':'claude-elsewhere','thinking':{'type':'adaptive'},"
                                + "'context_management':{'edits':[]}}")))
                .header("anthropic-beta", "context-management-2025-06-27"));

    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    assertThat(answer.headers().firstValue("x-ensemble-dropped")).hasValue("context_management");
    assertThat(calls.nobodyAsked()).isTrue();
  }

  @Test
  void tokensAreCountedByTheVendorWithTheClientsHeadersAndFields() throws Exception {
    calls.script(
        response ->
            response.putHeader("content-type", "application/json").end("{\"input_tokens\":4321}"));
    HttpRequest.Builder request =
        ClaudeCodeCalls.withKey(
                calls
                    .ensemble()
                    .client("")
                    .request(
                        "/v1/messages/count_tokens?beta=true",
                        ClaudeCodeCalls.with("{'context_management':{'edits':[]}}")))
            .header("anthropic-version", "2023-06-01")
            .header("anthropic-beta", "token-counting-2024-11-01,context-management-2025-06-27");

    assertThat(calls.send(request).body()).isEqualTo("{\"input_tokens\":4321}");

    ClaudeCodeCalls.Asked theirs = calls.asked();
    assertThat(theirs.path()).isEqualTo("/v1/messages/count_tokens");
    assertThat(theirs.headers().get("anthropic-beta")).contains("context-management-2025-06-27");
    assertThat(theirs.body().has("context_management")).isTrue();
    assertThat(theirs.body().path("system"))
        .isEqualTo(EnsembleClient.json(ClaudeCodeCalls.BODY).path("system"));
  }

  @Test
  void aVendorThatCountsNoTokensLeavesItToAnEstimate() {
    calls.script(response -> response.setStatusCode(404).end("no"));

    HttpResponse<String> answer =
        calls.send(
            ClaudeCodeCalls.withKey(
                calls
                    .ensemble()
                    .client("")
                    .request("/v1/messages/count_tokens", ClaudeCodeCalls.BODY)));

    assertThat(EnsembleClient.json(answer.body()).path("input_tokens").asInt()).isBetween(5, 100);
  }

  @ParameterizedTest
  @CsvSource({"Authorization, true", "x-api-key, false"})
  void modelsAreFoundWithEitherHeaderAndWithoutARedirect(String header, boolean bearer)
      throws Exception {
    try (HttpClient http =
        HttpClient.newBuilder().followRedirects(HttpClient.Redirect.NEVER).build()) {
      HttpResponse<String> answer =
          http.send(
              HttpRequest.newBuilder(
                      URI.create(calls.ensemble().baseUrl() + "/v1/models?limit=1000"))
                  .header(header, (bearer ? "Bearer " : "") + RunningEnsemble.KEY)
                  .header("anthropic-version", "2023-06-01")
                  .build(),
              HttpResponse.BodyHandlers.ofString());

      assertThat(answer.statusCode()).isEqualTo(200);
      JsonNode models = EnsembleClient.json(answer.body()).path("data");
      assertThat(models.findValuesAsText("id")).contains("claude-opus-4-8", "claude-elsewhere");
      assertThat(models.findValuesAsText("display_name")).contains("claude-opus-4-8");
    }
  }
}
