package dev.concert.ensemble.message;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import dev.concert.error.Problem;
import io.vertx.core.buffer.Buffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RequestReaderTest {
  private static final String MESSAGES = "\"messages\":[{\"role\":\"user\",\"content\":\"hello\"}]";

  private static InferenceRequest read(String json) {
    return RequestReader.read(Buffer.buffer(json.replace("M}", MESSAGES + "}")));
  }

  @Test
  void theSmallestRequestIsAModelAndAMessage() {
    InferenceRequest request = read("{\"model\":\"m\",M}");

    assertThat(request.model()).isEqualTo("m");
    assertThat(request.messages()).hasSize(1);
    assertThat(request.offeredTools()).isEmpty();
    assertThat(request.stops()).isEmpty();
    assertThat(request.structured()).isEmpty();
    assertThat(request.maxTokensWithin(10)).isEmpty();
  }

  @Test
  void unknownFieldsAreIgnored() {
    assertThat(read("{\"model\":\"m\",\"future\":{\"a\":1},M}").model()).isEqualTo("m");
  }

  @Test
  void aLargerMaxTokensIsReducedToTheModelsMaximum() {
    assertThat(read("{\"model\":\"m\",\"max_tokens\":500,M}").maxTokensWithin(100)).contains(100);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"model\":\"m\",\"temperature\":2.1,M} | temperature: must be between 0 and 2",
        "{\"model\":\"m\",\"temperature\":-0.1,M} | temperature: must be between 0 and 2",
        "{\"model\":\"m\",\"temperature\":\"1\",M} | temperature: ",
        "{\"model\":\"m\",\"top_p\":1.5,M} | top_p: must be between 0 and 1",
        "{\"model\":\"m\",\"top_k\":0,M} | top_k: must be at least 1",
        "{\"model\":\"m\",\"max_tokens\":1.5,M} | max_tokens: must be a whole number",
        "{\"model\":\"m\",\"max_tokens\":-1,M} | max_tokens: must be at least 1",
        "{\"model\":\"m\",\"stop_sequences\":[\"\"],M} | stop_sequences: ",
        "{\"model\":\"m\",\"stop_sequences\":\"x\",M} | stop_sequences: must be an array",
        "{\"model\":\"m\",\"tools\":[{\"name\":\"\"}],M} | tools[0].name: ",
        "{\"model\":\"m\",\"tools\":[{\"name\":\"t\",\"parameters\":[]}],M} | tools[0].parameters:"
            + " must be ",
        "{\"model\":\"m\",\"tool_choice\":{\"type\":\"tool\",\"name\":\"x\"},M} | tool_choice.name:"
            + " must be the name",
        "{\"model\":\"m\",\"thinking\":{},M} | thinking: must have either",
        "{\"model\":\"m\",\"response_format\":{\"type\":\"json_schema\"},M} | response_format.",
        "{\"model\":\"m\",\"provider_config\":{\"model\":\"dear\"},M} | provider_config.model:"
            + " cannot be set",
        "{\"model\":\" \",M} | model: must be the name of a model",
      })
  void aWrongFieldIsRefusedByName(String json, String sentence) {
    assertThatThrownBy(() -> read(json))
        .isInstanceOf(ConcertException.class)
        .hasMessageStartingWith(sentence)
        .hasMessageNotContaining("dev.concert")
        .satisfies(e -> assertThat(Problem.of(e).code()).isEqualTo(ErrorCode.INVALID_MESSAGE));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {"{\"model\": | line 1", "{\"model\":\"m\",M} trailing | "})
  void aBodyThatIsNotJsonIsRefused(String json, String words) {
    assertThatThrownBy(() -> read(json))
        .hasMessageContaining(words == null ? "" : words)
        .satisfies(e -> assertThat(Problem.of(e).code()).isEqualTo(ErrorCode.INVALID_JSON));
  }

  @Test
  void blocksOfOneRoleAreRefusedInTheMessageOfAnother() {
    String thinking =
        "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content_blocks\":[{\"type\":\"thinking\",\"text\":\"x\"}]}]}";

    assertThatThrownBy(() -> read(thinking))
        .hasMessageStartingWith("messages[0].content_blocks[0]: may only be in a message");
    assertThat(read(thinking.replace("user", "assistant")).messages()).hasSize(1);
  }
}
