package dev.concert.ensemble.demo;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.concert.ensemble.message.FinishReason;
import dev.concert.ensemble.model.TokenCount;
import dev.concert.ensemble.provider.BuiltInProvider;
import dev.concert.json.Json;
import io.vertx.core.Vertx;
import java.util.List;
import java.util.ServiceLoader;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class DemoModelTest {
  private static Vertx vertx;

  @BeforeAll
  static void start() {
    vertx = Vertx.vertx();
  }

  @AfterAll
  static void stop() {
    vertx.close().await();
  }

  private final ToyAgent agent = new ToyAgent(vertx);

  @Test
  void ensembleFindsItWithoutConfiguration() {
    assertThat(ServiceLoader.load(BuiltInProvider.class))
        .singleElement()
        .isInstanceOf(DemoModel.class);
  }

  @Test
  void writesAProgramAndRunsIt() {
    agent.shell = command -> "2\n3\n5";

    String answer = agent.turn("create hello.py that prints the first ten primes and run it");

    assertThat(agent.calls).containsExactly("write_file hello.py", "bash python3 hello.py");
    assertThat(agent.files.get("hello.py")).contains("primes(10)");
    assertThat(agent.texts.getFirst()).startsWith("I am Concert's built-in demo model");
    assertThat(answer).contains("first 10 primes").contains("2\n3\n5");
  }

  @Test
  void streamsThinkingTextAndArgumentsInPieces() {
    agent.turn("create hello.py that prints the first ten primes");

    DemoAnswer first = agent.answers.getFirst();
    assertThat(first.types())
        .startsWith("thinking")
        .contains("text", "tool_call_start", "tool_call_delta")
        .endsWith("tool_call");
    String pieces =
        first.pieces().stream()
            .filter(block -> block.path("type").asText().equals("tool_call_delta"))
            .map(block -> block.path("tool_call").path("raw_arguments").asText())
            .reduce("", String::concat);
    JsonNode call = first.pieces().getLast().path("tool_call");
    assertThat(pieces).isEqualTo(call.path("raw_arguments").asText());
    assertThat(call.path("arguments").path("path").asText()).isEqualTo("hello.py");
    assertThat(first.blocks()).hasSize(3);
    TokenCount tokens = first.outcome().usage().orElseThrow();
    assertThat(tokens.input()).isPositive();
    assertThat(tokens.estimated()).isTrue();
  }

  @Test
  void remembersInTheNextTurnWhichFileItWrote() {
    agent.turn("create hello.py that prints the first ten primes and run it");
    agent.calls.clear();

    agent.turn("make it print the first twenty primes");

    assertThat(agent.calls)
        .containsExactly("read_file hello.py", "write_file hello.py", "bash python3 hello.py");
    assertThat(agent.files.get("hello.py")).contains("primes(20)");
  }

  @Test
  void saysItWasDeniedAndStops() {
    agent.shell = command -> "Error: the user did not permit this.";

    String answer = agent.turn("run python3 hello.py and list the files");

    assertThat(answer).contains("not given permission");
    assertThat(agent.calls).hasSize(1);
  }

  @Test
  void replacesEveryOccurrenceWhereAnEditWouldBeAmbiguous() {
    agent.files.put("notes.md", "tea\ntea\n");

    agent.turn("replace tea with milk in notes.md");

    assertThat(agent.files).containsEntry("notes.md", "milk\nmilk\n");
  }

  @Test
  void addsALineAndKeepsTheOthers() {
    agent.files.put("notes.md", "one\n");

    agent.turn("append \"two and three\" to notes.md");

    assertThat(agent.files).containsEntry("notes.md", "one\ntwo and three\n");
  }

  @Test
  void showsWhatIsThereWhenAFileCannotBeRead() {
    agent.files.put("real.txt", "x");

    assertThat(agent.turn("read missing.txt")).contains("there is no file").contains("real.txt");
  }

  @Test
  void fallsBackToUnittestWithoutPytest() {
    agent.files.put("test_sums.py", "");
    agent.shell =
        command ->
            command.contains("pytest")
                ? "/usr/bin/python3: No module named pytest\n[exit code 1]"
                : "Ran 2 tests\nOK";

    assertThat(agent.turn("run the tests")).contains("The tests passed").contains("Ran 2 tests");
    assertThat(agent.calls)
        .containsExactly(
            "list_files ", "bash python3 -m pytest -q", "bash python3 -m unittest discover -v");
  }

  @Test
  void reportsFailingTestsAsFailing() {
    agent.files.put("package.json", "{}");
    agent.shell = command -> "1 failing\n[exit code 1]";

    assertThat(agent.turn("please run the tests.")).contains("The tests failed (`npm test`)");
  }

  @Test
  void asksThePersonAndRepeatsTheAnswer() {
    StringBuilder asked = new StringBuilder();
    agent.person =
        question -> {
          asked.append(question);
          return "green";
        };

    assertThat(agent.turn("ask me which colour I like: red, green or blue")).contains("green");
    assertThat(asked.toString())
        .contains("Which colour I like?")
        .contains("[\"red\",\"green\",\"blue\"]");
  }

  @Test
  void doesNothingOfARequestItUnderstandsOnlyInPart() {
    String answer = agent.turn("create a.py that prints hello world and write me a compiler");

    assertThat(agent.calls).isEmpty();
    assertThat(answer)
        .startsWith("I am Concert's built-in demo model")
        .contains("do not understand");
  }

  @Test
  void saysWhichToolItWasNotGiven() {
    ToyAgent poor = new ToyAgent(vertx, List.of("read_file"));

    assertThat(poor.turn("list the files")).contains("`list_files`, which I was not given");
  }

  @Test
  void endsAtTheTokenLimitAndSaysSo() {
    ObjectNode body = Json.MAPPER.createObjectNode().put("model", "demo").put("max_tokens", 5);
    body.putArray("messages").addObject().put("role", "user").put("content", "help");

    DemoAnswer answer = DemoAnswer.to(vertx, body);

    assertThat(answer.outcome().finishReason()).isEqualTo(FinishReason.MAX_TOKENS);
    assertThat(answer.outcome().usage().orElseThrow().output()).isBetween(5L, 8L);
  }
}
